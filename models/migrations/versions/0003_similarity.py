"""similarity: a similarity hash a version, and the page that a reprint names

Old versions have no hash: making it needs their bodies, hours of reading on a large database, and a migration locks the
tables. The command that lists duplicates fills them, a few at a time, beside running crawls.

Revision ID: 0003
Revises: 0002
Create Date: 2026-11-23 03:20:00
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
SOURCE = "fk_article_source_page_id_page"


def upgrade() -> None:
    with op.batch_alter_table("article") as article:
        article.add_column(sa.Column("source_page_id", KEY, nullable=True))
        article.create_foreign_key(SOURCE, "page", ["source_page_id"], ["id"])
    op.create_index("ix_article_source_page_id", "article", ["source_page_id"])
    op.add_column("article_version", sa.Column("source_url", sa.Text(), nullable=True))
    op.add_column("article_version", sa.Column("similarity", sa.BigInteger(), nullable=True))
    op.create_index("ix_article_version_similarity", "article_version", ["article_id", "number", "similarity"])


def downgrade() -> None:
    op.drop_index("ix_article_version_similarity", "article_version")
    with op.batch_alter_table("article_version") as version:
        version.drop_column("similarity")
        version.drop_column("source_url")
    op.drop_index("ix_article_source_page_id", "article")
    with op.batch_alter_table("article") as article:
        article.drop_constraint(SOURCE, type_="foreignkey")
        article.drop_column("source_page_id")
