"""alarms: how each site does, run by run, and what is not as it was

Revision ID: 0008
Revises: 0007
Create Date: 2026-11-23 09:30:00
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)
IS_OPEN = sa.text("cleared_at IS NULL")
RULES = "rule IN ('field', 'length', 'layout', 'lost', 'silent', 'failures', 'sync')"


def upgrade() -> None:
    _create_readings()
    _create_alarms()
    op.create_table(
        "sync_target",
        sa.Column("id", KEY, sa.Identity(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("url_hash", sa.LargeBinary(16), nullable=False),
        sa.Column("tables", sa.JSON(), nullable=False),
        sa.Column("seq", KEY, nullable=False),
        sa.Column("caught_up_at", TIME, nullable=False),
        sa.Column("gaps", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sync_target"),
        sa.UniqueConstraint("url_hash", name="uq_sync_target_url_hash"),
    )


def _create_readings() -> None:
    op.create_table(
        "reading",
        sa.Column("id", KEY, sa.Identity(), nullable=False),
        sa.Column("site_id", KEY, nullable=False),
        sa.Column("crawl_id", KEY, nullable=False),
        sa.Column("until_fetch_id", KEY, nullable=False),
        sa.Column("taken_at", TIME, nullable=False),
        sa.Column("requests", sa.Integer(), nullable=False),
        sa.Column("failures", sa.JSON(), nullable=False),
        sa.Column("articles", sa.Integer(), nullable=False),
        sa.Column("new_articles", sa.Integer(), nullable=False),
        sa.Column("known_articles", sa.Integer(), nullable=False),
        sa.Column("lost_articles", sa.Integer(), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("log_length", sa.Double(), nullable=True),
        sa.Column("log_length_deviation", sa.Double(), nullable=True),
        sa.Column("places", sa.JSON(), nullable=False),
        sa.Column("examples", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_reading"),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name="fk_reading_site_id_site", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["crawl_id"], ["crawl.id"], name="fk_reading_crawl_id_crawl", ondelete="CASCADE"),
    )
    op.create_index("ix_reading_site_id_id", "reading", ["site_id", "id"])
    op.create_index("ix_reading_crawl_id", "reading", ["crawl_id"])


def _create_alarms() -> None:
    op.create_table(
        "alarm",
        sa.Column("id", KEY, sa.Identity(), nullable=False),
        sa.Column("site_id", KEY, nullable=True),
        sa.Column("crawl_id", KEY, nullable=True),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("watched", "rule", "subject", "message")),
        *(sa.Column(name, sa.Double(), nullable=True) for name in ("usual", "found")),
        *(sa.Column(name, TIME, nullable=False) for name in ("since_at", "raised_at", "seen_at")),
        sa.Column("cleared_at", TIME, nullable=True),
        sa.Column("cleared_because", sa.Text(), nullable=True),
        sa.Column("told_at", TIME, nullable=True),
        sa.CheckConstraint(RULES, name="rule"),
        sa.PrimaryKeyConstraint("id", name="pk_alarm"),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name="fk_alarm_site_id_site", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["crawl_id"], ["crawl.id"], name="fk_alarm_crawl_id_crawl"),
    )
    op.create_index("ix_alarm_site_id", "alarm", ["site_id"])
    op.create_index("ix_alarm_crawl_id", "alarm", ["crawl_id"])
    op.create_index(
        "ix_alarm_open",
        "alarm",
        ["watched", "rule", "subject"],
        unique=True,
        postgresql_where=IS_OPEN,
        sqlite_where=IS_OPEN,
    )
    op.create_table(
        "alarm_page",
        sa.Column("alarm_id", KEY, autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("page_id", KEY, nullable=False),
        sa.Column("is_before", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("alarm_id", "position", name="pk_alarm_page"),
        sa.ForeignKeyConstraint(["alarm_id"], ["alarm.id"], name="fk_alarm_page_alarm_id_alarm", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["page_id"], ["page.id"], name="fk_alarm_page_page_id_page", ondelete="CASCADE"),
    )
    op.create_index("ix_alarm_page_page_id", "alarm_page", ["page_id"])


def downgrade() -> None:
    for name in ("sync_target", "alarm_page", "alarm", "reading"):
        op.drop_table(name)
