"""What may go wrong in any command, and what is to be done then."""

import re
import sys

from crawler.errors import TriptychError
from models.errors import StorageError

# What a database's message means, and what to do next. First match wins.
_STORAGE_ADVICE = (
    (
        re.compile(r"no such (table|column)|(relation|column) .* does not exist"),
        "its tables are not those of this version; run `scrapy db upgrade`",
    ),
    (
        re.compile("unable to open database file|readonly|read-only"),
        "the folder of the file must exist and be writable; create it, or name another file with -s DATABASE_URL=sqlite:///FILE",
    ),
    (re.compile("locked"), "another program holds it; let that end, then run the command again"),
    (
        re.compile("not a database|malformed"),
        "the file is no SQLite database; name another one with -s DATABASE_URL=sqlite:///FILE",
    ),
    (re.compile("full|No space"), "free some space, then run the command again; nothing stored before is lost"),
    (
        re.compile("parse SQLAlchemy URL|Can't load plugin|No module named"),
        "DATABASE_URL is sqlite:///FILE or postgresql+psycopg://USER:PASSWORD@HOST/NAME",
    ),
    (re.compile(""), "check that the server runs and that DATABASE_URL names it, then run the command again"),
)


def expected_errors() -> tuple[type[BaseException], ...]:
    """SQLAlchemy's only where it is loaded: commands without a database start without it."""
    loaded = sys.modules.get("sqlalchemy.exc")
    storage_errors = (loaded.SQLAlchemyError,) if loaded else ()
    return (TriptychError, StorageError, OSError, *storage_errors)


def explain_storage(error: BaseException, database_url: str) -> str:
    cause = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
    shown = re.sub("password=[^&]*", "password=***", re.sub("//([^/:@]*):.*@", r"//\1:***@", database_url))
    advice = next(advice for pattern, advice in _STORAGE_ADVICE if pattern.search(cause))
    return f"database {shown}: {cause}\n{advice}"
