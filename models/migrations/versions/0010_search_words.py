"""search words: PostgreSQL finds words of two characters too

Revision ID: 0010
Revises: 0009
Create Date: 2026-11-23 16:10:00
"""

from alembic import op
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

# The words of models/search.py, which says why.
INDEX = "ix_article_version_search"
WORDS = (
    r"""
    CREATE OR REPLACE FUNCTION article_search_words(article_id bigint, headline text, article_body text)
    RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT concat_ws(' ',
        regexp_replace(wide, '(..)', '\1 ', 'g'),
        regexp_replace(substr(wide, 2), '(..)', '\1 ', 'g'),
        regexp_replace(regexp_replace(whole, '[^a-z0-9]+', ' ', 'g'), '([a-z0-9]{40})', '\1 ', 'g'),
        regexp_replace(concat_ws(' ',
            regexp_replace(top_wide, '(..)', '\1 ', 'g'),
            regexp_replace(substr(top_wide, 2), '(..)', '\1 ', 'g'),
            regexp_replace(regexp_replace(top, '[^a-z0-9]+', ' ', 'g'), '([a-z0-9]{40})', '\1 ', 'g')
        ), '([^ ]+)', '^\1', 'g'),
        '#' || lpad(to_hex(article_id >> 12), 13, '0'),
        CASE WHEN is_cut THEN '!' END
    )::tsvector
    FROM (
        SELECT whole, top, is_cut, regexp_replace(whole, separators, ' ', 'g') AS wide,
            regexp_replace(top, separators, ' ', 'g') AS top_wide
        FROM (
            SELECT
                '[\u0001-\u00bf\u1680\u180e\u2000-\u206f\u3000-\u303f\uff00-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65]+'
                    AS separators,
                left(lower(concat_ws(E'\n', headline, article_body)), 120000) AS whole,
                left(lower(headline), 1000) AS top,
                length(concat_ws(' ', headline, article_body)) > 120000
                    OR coalesce(length(headline), 0) > 1000 AS is_cut
            OFFSET 0
        ) AS lowered
        OFFSET 0
    ) AS parted
    $$
    """,
    """
    CREATE INDEX ix_article_version_search ON article_version
        USING gin (article_search_words(article_id, headline, article_body))
    """,
)
# As 0004 has it.
TRIGRAMS = (
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    """
    CREATE INDEX ix_article_version_search ON article_version
        USING gin ((coalesce(headline, '') || E'\\n' || article_body) gin_trgm_ops)
    """,
)
REFUSALS = ("42501", "0A000", "58P01", "42704")
FEW = 10_000
"""Articles of which the index is made in a minute. For more, `scrapy db check` tells how to make it."""


def upgrade() -> None:
    connection = op.get_bind()
    if connection.dialect.name == "postgresql":
        op.execute(f"DROP INDEX IF EXISTS {INDEX}")  # the extension may be used by others
        make(connection, WORDS)


def downgrade() -> None:
    connection = op.get_bind()
    if connection.dialect.name == "postgresql":
        op.execute(f"DROP INDEX IF EXISTS {INDEX}")
        op.execute("DROP FUNCTION IF EXISTS article_search_words(bigint, text, text)")
        make(connection, TRIGRAMS)


def make(connection: Connection, statements: tuple[str, ...]) -> None:
    counted = text("SELECT count(*) FROM (SELECT 1 FROM article_version LIMIT :most) AS counted")
    if connection.execute(counted, {"most": FEW + 1}).scalar_one() > FEW:
        return
    try:
        with connection.begin_nested():
            for statement in statements:
                connection.exec_driver_sql(statement)
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) not in REFUSALS:
            raise
