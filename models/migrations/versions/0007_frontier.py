"""frontier: what is to be asked for when, and who does so now

Revision ID: 0007
Revises: 0006
Create Date: 2026-11-23 06:35:00
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)
IS_DUE = sa.text("due_at IS NOT NULL")


def _site_columns() -> list[sa.Column[Any]]:
    return [
        sa.Column("due_at", TIME, nullable=True),
        sa.Column("lease_holder", sa.Text(), nullable=True),
        sa.Column("leased_until", TIME, nullable=True),
        sa.Column("not_before", TIME, nullable=True),
        sa.Column("delay_seconds", sa.Double(), nullable=True),
        sa.Column("lists_per_day", sa.Double(), server_default=sa.text("0"), nullable=False),
        sa.Column("articles_per_day", sa.Double(), server_default=sa.text("0"), nullable=False),
        sa.Column("pace", sa.JSON(), nullable=True),
    ]


def _page_columns() -> list[sa.Column[Any]]:
    return [
        sa.Column("due_at", TIME, nullable=True),
        sa.Column("priority", sa.SmallInteger(), server_default=sa.text("2"), nullable=False),
        sa.Column("depth", sa.SmallInteger(), nullable=True),
        sa.Column("asked_at", TIME, nullable=True),
        sa.Column("interval_seconds", sa.Integer(), nullable=True),
        sa.Column("born_at", TIME, nullable=True),
        sa.Column("changed_at", TIME, nullable=True),
        sa.Column("changes_seen", sa.REAL(), server_default=sa.text("0"), nullable=False),
        sa.Column("changes_expected", sa.REAL(), server_default=sa.text("0"), nullable=False),
        sa.Column("failures", sa.SmallInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("gone_since", TIME, nullable=True),
        sa.Column("announced_at", TIME, nullable=True),
    ]


def upgrade() -> None:
    for column in _site_columns():
        op.add_column("site", column)
    op.create_index("ix_site_due_at", "site", ["due_at"])
    for column in _page_columns():
        op.add_column("page", column)
    op.create_index(
        "ix_page_due", "page", ["site_id", "priority", "due_at"], postgresql_where=IS_DUE, sqlite_where=IS_DUE
    )
    # Nothing is due because the tables are newer: the next crawl that comes to a page makes it so.
    op.execute(sa.text("UPDATE page SET asked_at = fetched_at WHERE fetched_at IS NOT NULL"))
    op.create_table(
        "lease",
        sa.Column("page_id", KEY, autoincrement=False, nullable=False),
        sa.Column("site_id", KEY, nullable=False),
        sa.Column("lease_holder", sa.Text(), nullable=False),
        sa.Column("leased_until", TIME, nullable=False),
        sa.Column("attempts", sa.SmallInteger(), nullable=False),
        sa.PrimaryKeyConstraint("page_id", name="pk_lease"),
    )
    op.create_index("ix_lease_site_id", "lease", ["site_id"])
    op.create_table(
        "robots",
        sa.Column("id", KEY, sa.Identity(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("fetched_at", TIME, nullable=False),
        sa.Column("expires_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_robots"),
        sa.UniqueConstraint("origin", name="uq_robots_origin"),
    )


def downgrade() -> None:
    op.drop_table("robots")
    op.drop_table("lease")
    op.drop_index("ix_page_due", "page")
    op.drop_index("ix_site_due_at", "site")
    for table, columns in (("page", _page_columns()), ("site", _site_columns())):
        for column in columns:
            op.drop_column(table, column.name)
