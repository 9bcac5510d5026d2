"""archive: where in the archive a response lies

Revision ID: 0005
Revises: 0004
Create Date: 2026-11-23 03:20:00
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.add_column("fetch", sa.Column("archive_file", sa.Text(), nullable=True))
    op.add_column("fetch", sa.Column("archive_offset", number, nullable=True))


def downgrade() -> None:
    op.drop_column("fetch", "archive_offset")
    op.drop_column("fetch", "archive_file")
