"""downstream: the order of changes, webhooks and their dead letters

Revision ID: 0002
Revises: 0001
Create Date: 2026-11-23 02:05:00
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.create_index("ix_change_xid_seq", "change", ["xid", "seq"])
    op.create_table(
        "webhook",
        sa.Column("id", KEY, sa.Identity(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("url_hash", sa.LargeBinary(16), nullable=False),
        sa.Column("xid", KEY, nullable=False),
        sa.Column("seq", KEY, nullable=False),
        sa.Column("delivered_at", TIME, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_webhook"),
        sa.UniqueConstraint("url_hash", name="uq_webhook_url_hash"),
    )
    op.create_table(
        "dead_letter",
        sa.Column("id", KEY, sa.Identity(), nullable=False),
        sa.Column("webhook_id", KEY, nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("failed_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_dead_letter"),
        sa.ForeignKeyConstraint(
            ["webhook_id"], ["webhook.id"], name="fk_dead_letter_webhook_id_webhook", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_dead_letter_webhook_id", "dead_letter", ["webhook_id"])


def downgrade() -> None:
    op.drop_table("dead_letter")
    op.drop_table("webhook")
    if op.get_bind().dialect.name == "postgresql":
        op.drop_index("ix_change_xid_seq", "change")
