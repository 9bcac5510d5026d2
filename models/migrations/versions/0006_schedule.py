"""schedule: schedules and their runs

Revision ID: 0006
Revises: 0005
Create Date: 2026-11-23 04:05:00
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "schedule",
        sa.Column("id", KEY, sa.Identity(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("arguments", sa.JSON(), nullable=False),
        sa.Column("cron", sa.Text(), nullable=True),
        sa.Column("every_seconds", sa.Integer(), nullable=True),
        sa.Column("timezone", sa.Text(), nullable=False),
        sa.Column("jitter_seconds", sa.Integer(), nullable=False),
        sa.Column("missed", sa.Text(), nullable=False),
        sa.Column("is_paused", sa.Boolean(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("due_at", TIME, nullable=False),
        sa.Column("leased_until", TIME, nullable=True),
        sa.Column("lease_holder", sa.Text(), nullable=True),
        sa.CheckConstraint("(cron IS NULL) <> (every_seconds IS NULL)", name="when"),
        sa.CheckConstraint("missed IN ('once', 'skip')", name="missed"),
        sa.PrimaryKeyConstraint("id", name="pk_schedule"),
        sa.UniqueConstraint("name", name="uq_schedule_name"),
    )
    op.create_index("ix_schedule_due_at", "schedule", ["due_at"])
    _create_runs()


def _create_runs() -> None:
    op.create_table(
        "schedule_run",
        sa.Column("id", KEY, sa.Identity(), nullable=False),
        sa.Column("schedule_id", KEY, nullable=False),
        sa.Column("crawl_id", KEY, nullable=True),
        sa.Column("due_at", TIME, nullable=False),
        sa.Column("started_at", TIME, nullable=False),
        sa.Column("ended_at", TIME, nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("exit_status", sa.Integer(), nullable=True),
        sa.CheckConstraint("outcome IN ('done', 'failed', 'killed', 'missed')", name="outcome"),
        sa.PrimaryKeyConstraint("id", name="pk_schedule_run"),
        sa.ForeignKeyConstraint(
            ["schedule_id"], ["schedule.id"], name="fk_schedule_run_schedule_id_schedule", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["crawl_id"], ["crawl.id"], name="fk_schedule_run_crawl_id_crawl"),
    )
    op.create_index("ix_schedule_run_schedule_id", "schedule_run", ["schedule_id"])
    op.create_index("ix_schedule_run_crawl_id", "schedule_run", ["crawl_id"])


def downgrade() -> None:
    op.drop_table("schedule_run")
    op.drop_table("schedule")
