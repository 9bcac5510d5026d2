"""search: full-text search

Revision ID: 0004
Revises: 0003
Create Date: 2026-11-23 03:20:00
"""

from alembic import op
from sqlalchemy.exc import DBAPIError

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

# The words of models/search.py, which says why.
SQLITE = (
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
POSTGRESQL = (
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    """
    CREATE INDEX ix_article_version_search ON article_version
        USING gin ((coalesce(headline, '') || E'\\n' || article_body) gin_trgm_ops)
    """,
)
REFUSALS = ("42501", "0A000", "58P01", "42704")


def upgrade() -> None:
    connection = op.get_bind()
    try:
        with connection.begin_nested():
            for statement in POSTGRESQL if connection.dialect.name == "postgresql" else SQLITE:
                connection.exec_driver_sql(statement)
    except DBAPIError as error:
        state = getattr(error.orig, "sqlstate", None)
        if not (state in REFUSALS if state else "no such module" in str(error.orig) or "tokenizer" in str(error.orig)):
            raise


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP INDEX IF EXISTS ix_article_version_search")  # the extension may be used by others
        return
    for name in ("article_search_insert", "article_search_delete", "article_search_update"):
        op.execute(f"DROP TRIGGER IF EXISTS {name}")
    for name in ("article_search_terms", "article_search"):
        op.execute(f"DROP TABLE IF EXISTS {name}")
