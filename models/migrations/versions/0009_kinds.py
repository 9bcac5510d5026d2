"""kinds: pages that are no articles are found by their kind

Revision ID: 0009
Revises: 0008
Create Date: 2026-11-23 12:45:00
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

IS_RARE = sa.text("kind <> 'article'")


def upgrade() -> None:
    op.create_index("ix_page_kind", "page", ["kind", "site_id"], postgresql_where=IS_RARE, sqlite_where=IS_RARE)


def downgrade() -> None:
    op.drop_index("ix_page_kind", "page")
