"""The index for full-text search: an extra of the database, which finds without it too, only by reading everything.

Indexed is the current version of each article, headline and body, in groups of three characters: words of Chinese are
not told apart by spaces. The database keeps it itself, in the transaction of the rows, whoever writes them:

    SQLite      an FTS5 table of trigrams that triggers on `article_version` keep; it holds no text of its own
    PostgreSQL  a GIN index of pg_trgm over all versions

It is no table of tables.py, as a database may be without: SQLite can be built without FTS5, and PostgreSQL lets some
roles create no extension. Migration 0004 makes it, and so does `METADATA.create_all`.
"""

from typing import Any

from sqlalchemy import Connection, event, text
from sqlalchemy.exc import DBAPIError

from models.tables import METADATA

TABLE = "article_search"
INDEX_TERMS = "article_search_terms"
"""The trigrams of the index, each with the articles that have it: what begins with a word of one or two characters."""
INDEX = "ix_article_version_search"
DOCUMENT = r"(coalesce(article_version.headline, '') || E'\n' || article_version.article_body)"
"""What is searched, on PostgreSQL; spelled as in the index, or the index is not used."""

# Two line feeds at the end, so that the last two characters begin a trigram as well.
_SQLITE = (
    """
    CREATE VIRTUAL TABLE article_search USING fts5 (text, content='', columnsize=0, detail='none', tokenize='trigram')
    """,
    "CREATE VIRTUAL TABLE article_search_terms USING fts5vocab ('article_search', 'instance')",
    """
    CREATE TRIGGER article_search_insert AFTER INSERT ON article_version
    WHEN NOT EXISTS (SELECT 1 FROM article_version WHERE article_id = new.article_id AND number > new.number)
    BEGIN
        INSERT INTO article_search (article_search, rowid, text)
            SELECT 'delete', article_id, coalesce(headline, '') || char(10) || article_body || char(10, 10)
            FROM article_version WHERE article_id = new.article_id AND number < new.number
            ORDER BY number DESC LIMIT 1;
        INSERT INTO article_search (rowid, text)
            VALUES (new.article_id, coalesce(new.headline, '') || char(10) || new.article_body || char(10, 10));
    END
    """,
    """
    CREATE TRIGGER article_search_delete AFTER DELETE ON article_version
    WHEN NOT EXISTS (SELECT 1 FROM article_version WHERE article_id = old.article_id AND number > old.number)
    BEGIN
        INSERT INTO article_search (article_search, rowid, text) VALUES (
            'delete', old.article_id, coalesce(old.headline, '') || char(10) || old.article_body || char(10, 10));
        INSERT INTO article_search (rowid, text)
            SELECT article_id, coalesce(headline, '') || char(10) || article_body || char(10, 10)
            FROM article_version WHERE article_id = old.article_id AND number < old.number
            ORDER BY number DESC LIMIT 1;
    END
    """,
    """
    CREATE TRIGGER article_search_update AFTER UPDATE OF headline, article_body ON article_version
    WHEN NOT EXISTS (SELECT 1 FROM article_version WHERE article_id = new.article_id AND number > new.number)
    BEGIN
        INSERT INTO article_search (article_search, rowid, text) VALUES (
            'delete', old.article_id, coalesce(old.headline, '') || char(10) || old.article_body || char(10, 10));
        INSERT INTO article_search (rowid, text)
            VALUES (new.article_id, coalesce(new.headline, '') || char(10) || new.article_body || char(10, 10));
    END
    """,
    """
    INSERT INTO article_search (rowid, text)
        SELECT article_id, coalesce(headline, '') || char(10) || article_body || char(10, 10)
        FROM article_version AS last WHERE NOT EXISTS (
            SELECT 1 FROM article_version WHERE article_id = last.article_id AND number > last.number)
    """,
)
_POSTGRESQL = (
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    """
    CREATE INDEX ix_article_version_search ON article_version
        USING gin ((coalesce(headline, '') || E'\\n' || article_body) gin_trgm_ops)
    """,
)
_TRIGGERS = ("article_search_insert", "article_search_delete", "article_search_update")
_REFUSALS = ("42501", "0A000", "58P01", "42704")
"""Of PostgreSQL: no privilege, extension not available, its file not found, its operators not in the search path."""


def make_search_index(connection: Connection) -> None:
    """Anew, from what is stored; left out where the database cannot have it, as `missing_index` tells."""
    drop_search_index(connection)
    try:
        with connection.begin_nested():
            for statement in _POSTGRESQL if connection.dialect.name == "postgresql" else _SQLITE:
                connection.exec_driver_sql(statement)
    except DBAPIError as error:
        if not _is_beyond(error):
            raise


def drop_search_index(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"DROP INDEX IF EXISTS {INDEX}"))
        return
    for name in _TRIGGERS:
        connection.execute(text(f"DROP TRIGGER IF EXISTS {name}"))
    for name in (INDEX_TERMS, TABLE):
        connection.execute(text(f"DROP TABLE IF EXISTS {name}"))


def missing_index(connection: Connection) -> str | None:
    """Why a search has to read everything, and the command that mends it; None where it has its index."""
    return _missing_trigrams(connection) if connection.dialect.name == "postgresql" else _missing_table(connection)


def is_of_tables(name: str | None, kind: str, _parents: Any) -> bool:
    """For Alembic: what is made here is no difference from tables.py."""
    return not ((kind == "table" and str(name).startswith(TABLE)) or (kind == "index" and name == INDEX))


def _is_beyond(error: DBAPIError) -> bool:
    """The database cannot have it: no right to create the extension, no such package, or a SQLite without FTS5."""
    state = getattr(error.orig, "sqlstate", None)
    return state in _REFUSALS if state else "no such module" in str(error.orig) or "tokenizer" in str(error.orig)


def _missing_table(connection: Connection) -> str | None:
    kept = {TABLE, INDEX_TERMS, *_TRIGGERS}
    found = connection.execute(text("SELECT name FROM sqlite_master WHERE type IN ('table', 'trigger')")).scalars()
    if kept <= set(found):
        return None
    return "the search index is not there, or not whole; make it: scrapy search --index (SQLite 3.34 with FTS5)"


def _missing_trigrams(connection: Connection) -> str | None:
    def first(statement: str) -> Any:
        return connection.execute(text(statement)).scalar()

    if first("SELECT extname FROM pg_extension WHERE extname = 'pg_trgm'") is None:
        return (
            "this database has no extension pg_trgm; let one who may run `CREATE EXTENSION pg_trgm` in it, "
            "then make the index: scrapy search --index"
        )
    if first(f"SELECT indexname FROM pg_indexes WHERE schemaname = current_schema() AND indexname = '{INDEX}'") is None:  # noqa: S608  # nosec B608  # no input
        return "the search index is not there; make it: scrapy search --index"
    if not first("SELECT show_trgm('港口自动化')"):
        return (
            "the locale of this database (LC_CTYPE) knows no letters but those of ASCII, so its search index has no "
            "words of Chinese; one created with LC_CTYPE 'C.UTF-8' has"
        )
    return None


@event.listens_for(METADATA, "after_create")
def _make_with_tables(_metadata: Any, connection: Connection, **options: Any) -> None:
    if any(table.name == "article_version" for table in options["tables"]):
        make_search_index(connection)


@event.listens_for(METADATA, "before_drop")
def _drop_with_tables(_metadata: Any, connection: Connection, **_options: Any) -> None:
    drop_search_index(connection)
