"""What a database can do to us. A message never holds a password.

StorageError
├── StorageUnavailable    nothing answers there, or it refuses us: mend the URL or start the server
└── StorageOutdated       the tables are not those of this code: run the command named
"""


class StorageError(Exception):
    """Base of the errors of a database."""


class StorageUnavailable(StorageError):
    """Nothing answers there, or it refuses us."""


class StorageOutdated(StorageError):
    """The tables there are not those of this code."""
