"""Where the last whole response of each URL stands, so that the same payload is not written twice.

A hint in a file beside the archive: `reading.find_twin` looks at the record itself before it is believed. Without the
file, or after it was lost, payloads are written once more and nothing else happens.
"""

import logging
import sqlite3
from pathlib import Path

from models.items import ArchivePlace

NAME = "latest.sqlite"
_SHAPE = "CREATE TABLE IF NOT EXISTS latest (url BLOB PRIMARY KEY, digest TEXT, file TEXT, place INTEGER) WITHOUT ROWID"
_PENDING = 200  # in memory: a transaction for each response would cost more than finding its digest

logger = logging.getLogger(__name__)


class Latest:
    """By hash of the URL. Several processes may share a folder. Never raises: what fails is not known."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / NAME
        self._pending: dict[bytes, tuple[str, ArchivePlace]] = {}
        self._connection: sqlite3.Connection | None = None

    def find(self, key: bytes, digest: str) -> ArchivePlace | None:
        """The place, if its payload has this digest."""
        found = self._pending.get(key) or self._stored(key)
        return found[1] if found and found[0] == digest else None

    def note(self, key: bytes, digest: str, place: ArchivePlace) -> None:
        self._pending[key] = (digest, place)
        if len(self._pending) >= _PENDING:
            self.flush()

    def flush(self) -> None:
        if not self._pending:
            return
        rows = [(key, digest, place.file, place.offset) for key, (digest, place) in self._pending.items()]
        self._pending.clear()
        try:
            with self._opened() as connection:
                connection.executemany("INSERT OR REPLACE INTO latest VALUES (?, ?, ?, ?)", rows)
        except sqlite3.Error as error:
            self._start_anew(error)

    def close(self) -> None:
        self.flush()
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _stored(self, key: bytes) -> tuple[str, ArchivePlace] | None:
        try:
            row = self._opened().execute("SELECT digest, file, place FROM latest WHERE url = ?", (key,)).fetchone()
        except sqlite3.Error as error:
            self._start_anew(error)
            return None
        return (row[0], ArchivePlace(file=row[1], offset=row[2])) if row else None

    def _opened(self) -> sqlite3.Connection:
        if self._connection is None:
            # A lock is waited for a moment only: the crawl stands still meanwhile.
            self._connection = sqlite3.connect(self._path, timeout=0.2)
            self._connection.execute("PRAGMA journal_mode = WAL")
            self._connection.execute("PRAGMA synchronous = OFF")
            self._connection.execute(_SHAPE)
        return self._connection

    def _start_anew(self, error: sqlite3.Error) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        if isinstance(error, sqlite3.OperationalError):  # locked, or no space: the next one may succeed
            return
        logger.warning("%s is damaged and made anew: %s", self._path.name, error)
        for path in self._path.parent.glob(f"{NAME}*"):
            path.unlink(missing_ok=True)
