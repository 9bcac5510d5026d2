"""The index for full-text search: an extra of the database, which finds without it too, only by reading everything.

The database keeps it itself, in the transaction of the rows, whoever writes them. Words of Chinese are not told apart
by spaces, so that it has to know which characters stand together:

    SQLite      an FTS5 table of trigrams, of the current version of each article, that triggers on `article_version`
                keep; it holds no text of its own
    PostgreSQL  a GIN index over all versions of what `article_search_words` finds in them: words of ASCII, pairs of
                all other characters

It is no table of tables.py, as a database may be without: SQLite can be built without FTS5, and to make the index of a
million articles takes PostgreSQL an hour, which no migration should. Migrations 0004 and 0010 make it, and so does
`METADATA.create_all`.
"""

from typing import Any

from sqlalchemy import Connection, event, text
from sqlalchemy.exc import DBAPIError

from models.tables import METADATA

TABLE = "article_search"
INDEX_TERMS = "article_search_terms"
"""The trigrams of the index, each with the articles that have it: what begins with a word of one or two characters."""
INDEX = "ix_article_version_search"
FUNCTION = "article_search_words"
INDEXED = "article_search_words(article_version.article_id, article_version.headline, article_version.article_body)"
"""What PostgreSQL's index is of; spelled so, or the index is not used."""
SEPARATORS = r"\u0001-\u00bf\u1680\u180e\u2000-\u206f\u3000-\u303f\uff00-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65"
"""Of a set of characters, in regexes of Python and PostgreSQL: no pair is made across ASCII, spaces and punctuation."""
LONGEST_WORD = 40
"""Longer runs of ASCII letters and digits are cut: a lexeme of PostgreSQL has room for 2,046 bytes."""
IN_HEADLINE, IN_BUCKET, IS_CUT = "^", "#", "!"
"""What lexemes begin with that are no words of the text: a word of the headline; the articles of about the same age, by
their number; and the one lexeme of an article that is too long, of which a word may be missing here."""
BUCKET_BITS = 12
BUCKET_DIGITS = 13
_LONGEST_TEXT, _LONGEST_HEADLINE = 120_000, 1_000  # characters: a tsvector has room for 1 MB, and a pair for 8 bytes


def bucket_lexeme(number: int, *, digits: int = BUCKET_DIGITS) -> str:
    """Of 2 ** BUCKET_BITS articles; of fewer digits, the beginning of those of 16 times as many for each left out."""
    return f"{IN_BUCKET}{number:0{digits}x}"


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
# The pairs are those that begin at an even place and, a character on, those at an odd one. OFFSET 0 keeps PostgreSQL
# from putting each inner expression wherever it is named, and reading the text as often.
_POSTGRESQL = (
    rf"""
    CREATE OR REPLACE FUNCTION {FUNCTION}(article_id bigint, headline text, article_body text)
    RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT concat_ws(' ',
        regexp_replace(wide, '(..)', '\1 ', 'g'),
        regexp_replace(substr(wide, 2), '(..)', '\1 ', 'g'),
        regexp_replace(regexp_replace(whole, '[^a-z0-9]+', ' ', 'g'), '([a-z0-9]{{{LONGEST_WORD}}})', '\1 ', 'g'),
        regexp_replace(concat_ws(' ',
            regexp_replace(top_wide, '(..)', '\1 ', 'g'),
            regexp_replace(substr(top_wide, 2), '(..)', '\1 ', 'g'),
            regexp_replace(regexp_replace(top, '[^a-z0-9]+', ' ', 'g'), '([a-z0-9]{{{LONGEST_WORD}}})', '\1 ', 'g')
        ), '([^ ]+)', '{IN_HEADLINE}\1', 'g'),
        '{IN_BUCKET}' || lpad(to_hex(article_id >> {BUCKET_BITS}), {BUCKET_DIGITS}, '0'),
        CASE WHEN is_cut THEN '{IS_CUT}' END
    )::tsvector
    FROM (
        SELECT whole, top, is_cut, regexp_replace(whole, separators, ' ', 'g') AS wide,
            regexp_replace(top, separators, ' ', 'g') AS top_wide
        FROM (
            SELECT
                '[{SEPARATORS}]+'
                    AS separators,
                left(lower(concat_ws(E'\n', headline, article_body)), {_LONGEST_TEXT}) AS whole,
                left(lower(headline), {_LONGEST_HEADLINE}) AS top,
                length(concat_ws(' ', headline, article_body)) > {_LONGEST_TEXT}
                    OR coalesce(length(headline), 0) > {_LONGEST_HEADLINE} AS is_cut
            OFFSET 0
        ) AS lowered
        OFFSET 0
    ) AS parted
    $$
    """,  # noqa: S608  # nosec B608  # our own words
    f"CREATE INDEX {INDEX} ON article_version USING gin ({FUNCTION}(article_id, headline, article_body))",
)
_TRIGGERS = ("article_search_insert", "article_search_delete", "article_search_update")
_REFUSALS = ("42501",)
"""Of PostgreSQL: no privilege, as to make a function."""
_OURS = f"schemaname = current_schema() AND indexname = '{INDEX}'"
_MEMORY = "256MB"
"""In which PostgreSQL gathers what it writes into an index that is made: the more at once, the less often."""


def make_search_index(connection: Connection) -> None:
    """Anew, from what is stored; left out where the database cannot have it, as `missing_index` tells."""
    drop_search_index(connection)
    try:
        with connection.begin_nested():
            if connection.dialect.name == "postgresql":
                connection.exec_driver_sql(f"SET LOCAL maintenance_work_mem = '{_MEMORY}'")
            for statement in _POSTGRESQL if connection.dialect.name == "postgresql" else _SQLITE:
                connection.exec_driver_sql(statement)
    except DBAPIError as error:
        if not _is_beyond(error):
            raise


def drop_search_index(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"DROP INDEX IF EXISTS {INDEX}"))
        connection.execute(text(f"DROP FUNCTION IF EXISTS {FUNCTION}(bigint, text, text)"))
        return
    for name in _TRIGGERS:
        connection.execute(text(f"DROP TRIGGER IF EXISTS {name}"))
    for name in (INDEX_TERMS, TABLE):
        connection.execute(text(f"DROP TABLE IF EXISTS {name}"))


def missing_index(connection: Connection) -> str | None:
    """Why a search has to read everything, and the command that mends it; None where it has its index."""
    return _missing_words(connection) if connection.dialect.name == "postgresql" else _missing_table(connection)


def is_of_tables(name: str | None, kind: str, _parents: Any) -> bool:
    """For Alembic: what is made here is no difference from tables.py."""
    return not ((kind == "table" and str(name).startswith(TABLE)) or (kind == "index" and name == INDEX))


def _is_beyond(error: DBAPIError) -> bool:
    """The database cannot have it: no right to make the function, or a SQLite without FTS5."""
    state = getattr(error.orig, "sqlstate", None)
    return state in _REFUSALS if state else "no such module" in str(error.orig) or "tokenizer" in str(error.orig)


def _missing_table(connection: Connection) -> str | None:
    kept = {TABLE, INDEX_TERMS, *_TRIGGERS}
    found = connection.execute(text("SELECT name FROM sqlite_master WHERE type IN ('table', 'trigger')")).scalars()
    if kept <= set(found):
        return None
    return "the search index is not there, or not whole; make it: scrapy search --index (SQLite 3.34 with FTS5)"


def _missing_words(connection: Connection) -> str | None:
    found = connection.execute(text(f"SELECT indexdef FROM pg_indexes WHERE {_OURS}")).scalar()  # noqa: S608  # nosec B608  # no input
    return None if FUNCTION in (found or "") else "the search index is not there; make it: scrapy search --index"


@event.listens_for(METADATA, "after_create")
def _make_with_tables(_metadata: Any, connection: Connection, **options: Any) -> None:
    if any(table.name == "article_version" for table in options["tables"]):
        make_search_index(connection)


@event.listens_for(METADATA, "before_drop")
def _drop_with_tables(_metadata: Any, connection: Connection, **_options: Any) -> None:
    drop_search_index(connection)
