"""first tables

Revision ID: 0001
Revises:
Create Date: 2026-11-23 00:26:25
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
HASH = sa.LargeBinary(16)
TIME = sa.DateTime(timezone=True)
CREATED = (
    *("site", "page", "crawl", "fetch", "failure", "article", "article_version", "author", "article_author", "tag"),
    *("article_tag", "image", "link_list", "link_item", "tag_list", "tag_list_item", "outlink", "change"),
)


class Xid8(sa.types.UserDefinedType[int]):
    def get_col_spec(self, **_: Any) -> str:
        return "xid8"


def upgrade() -> None:
    _site_and_page()
    _runs()
    _article()
    _authors_and_tags()
    _images_and_outlinks()
    _lists()
    _list_items()
    _change()


def downgrade() -> None:
    for table in reversed(CREATED):
        op.drop_table(table)


def _key(name: str = "id") -> sa.Column[Any]:
    return sa.Column(name, KEY, sa.Identity(), primary_key=True)


def _place(name: str, type_: Any = sa.Integer) -> sa.Column[Any]:
    """Part of a key that is not made by the database."""
    return sa.Column(name, type_, primary_key=True, autoincrement=False)


def _texts(*names: str, nullable: bool = True) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.Text(), nullable=nullable) for name in names]


def _times(*names: str, nullable: bool = True) -> list[sa.Column[Any]]:
    return [sa.Column(name, TIME, nullable=nullable) for name in names]


def _numbers(*names: str, nullable: bool = False) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.Integer(), nullable=nullable) for name in names]


def _points(column: str, target: str, *, nullable: bool = False) -> sa.Column[Any]:
    """A reference that keeps its target from being deleted."""
    return sa.Column(column, KEY, sa.ForeignKey(f"{target}.id"), nullable=nullable)


def _owned(column: str, owner: str, *, nullable: bool = False) -> sa.Column[Any]:
    """A reference to the row with which this one is deleted."""
    return sa.Column(column, KEY, sa.ForeignKey(f"{owner}.id", ondelete="CASCADE"), nullable=nullable)


def _owner(column: str, owner: str) -> sa.Column[Any]:
    """The same as the first part of the key."""
    key = sa.ForeignKey(f"{owner}.id", ondelete="CASCADE")
    return sa.Column(column, KEY, key, primary_key=True, autoincrement=False)


def _index(table: str, *columns: str) -> None:
    for column in columns:
        op.create_index(f"ix_{table}_{column}", table, [column])


def _site_and_page() -> None:
    op.create_table(
        "site",
        _key(),
        sa.Column("domain", sa.Text(), nullable=False, unique=True),
        *_times("first_seen_at", nullable=False),
    )
    op.create_table(
        "page",
        _key(),
        _points("site_id", "site"),
        *_texts("url", nullable=False),
        sa.Column("url_hash", HASH, nullable=False, unique=True),
        _points("canonical_page_id", "page", nullable=True),
        *_times("first_seen_at", nullable=False),
        *_times("fetched_at"),
        *_numbers("status", nullable=True),
        *_texts("etag", "last_modified"),
        *_times("read_at"),
        *_texts("kind", "kind_reason", "title", "encoding"),
        sa.Column("errors", sa.JSON()),
        sa.Column("outlinks_hash", HASH),
    )
    _index("page", "site_id", "canonical_page_id")


def _runs() -> None:
    op.create_table(
        "crawl",
        _key(),
        *_texts("spider", nullable=False),
        sa.Column("arguments", sa.JSON(), nullable=False),
        *_times("started_at", nullable=False),
        *_times("ended_at"),
        *_texts("finish_reason"),
        *_numbers("asked", nullable=True),
        *_numbers("stored", "unchanged", "failed", "refused", "batches"),
    )
    op.create_table(
        "fetch",
        _key(),
        _owned("page_id", "page", nullable=True),
        _owned("crawl_id", "crawl", nullable=True),
        *_times("fetched_at", nullable=False),
        *_texts("outcome", nullable=False),
        *_texts("failure_class"),
        *_numbers("status", nullable=True),
        *_numbers("attempts"),
        sa.CheckConstraint("outcome IN ('stored', 'unchanged', 'failed', 'refused')", name="outcome"),
    )
    op.create_table(
        "failure",
        _key(),
        _owned("page_id", "page", nullable=True),
        _owned("crawl_id", "crawl", nullable=True),
        *_texts("url", "failure_class", "stage", "message", nullable=False),
        *_numbers("status", nullable=True),
        *_numbers("attempts"),
        *_times("occurred_at", nullable=False),
    )
    _index("fetch", "page_id", "crawl_id")
    _index("failure", "page_id", "crawl_id")


def _facts() -> list[sa.Column[Any]]:
    return [
        sa.Column("content_hash", HASH, nullable=False),
        *_texts("headline", "source"),
        *_times("date_published", "date_modified"),
        *_texts("date_text", "in_language", "section", "description", "main_image"),
    ]


def _article() -> None:
    op.create_table(
        "article",
        _key(),
        _owned("page_id", "page"),
        *_numbers("position", "version"),
        *_times("first_seen_at", "changed_at", nullable=False),
        *_times("gone_at"),
        *_facts(),
        sa.UniqueConstraint("page_id", "position"),
    )
    _index("article", "date_published")
    op.create_table(
        "article_version",
        _owner("article_id", "article"),
        _place("number"),
        *_times("seen_at", nullable=False),
        sa.Column("authors", sa.JSON(), nullable=False),
        *_texts("article_body", nullable=False),
        sa.Column("blocks", sa.JSON(), nullable=False),
        *_texts("xpath"),
        sa.Column("confidence", sa.Double()),
        sa.Column("origins", sa.JSON(), nullable=False),
        *_facts(),
    )


def _authors_and_tags() -> None:
    for name in ("author", "tag"):
        op.create_table(
            name,
            _key(),
            *_texts("name", nullable=False),
            sa.Column("name_hash", HASH, nullable=False, unique=True),
            *_times("first_seen_at", nullable=False),
        )
        op.create_table(
            f"article_{name}",
            _owner("article_id", "article"),
            _place("position"),
            _points(f"{name}_id", name),
            sqlite_with_rowid=False,
        )
        _index(f"article_{name}", f"{name}_id")


def _images_and_outlinks() -> None:
    op.create_table(
        "image",
        _owner("article_id", "article"),
        _place("position"),
        *_texts("url", nullable=False),
        *_texts("caption"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "outlink",
        _owner("page_id", "page"),
        _place("position"),
        _points("target_page_id", "page", nullable=True),
        *_texts("url_text", "text"),
        *_texts("kind", nullable=False),
        sqlite_with_rowid=False,
    )
    _index("outlink", "target_page_id")


def _lists() -> None:
    for name in ("link_list", "tag_list"):
        op.create_table(
            name,
            _key(),
            _owned("page_id", "page"),
            *_numbers("position"),
            *_texts("kind", nullable=False),
            *_texts("heading", "xpath"),
            sa.Column("confidence", sa.Double()),
            *_texts("origin", nullable=False),
            sa.Column("items_hash", HASH, nullable=False),
            *_times("first_seen_at", nullable=False),
            *_times("last_seen_at"),
        )
        _index(name, "page_id")


def _list_items() -> None:
    op.create_table(
        "link_item",
        _owner("link_list_id", "link_list"),
        _place("position"),
        _points("target_page_id", "page", nullable=True),
        *_texts("url_text", "headline", "description"),
        *_times("date_published"),
        *_texts("date_text", "image"),
        sqlite_with_rowid=False,
    )
    _index("link_item", "target_page_id")
    op.create_table(
        "tag_list_item",
        _owner("tag_list_id", "tag_list"),
        _place("position"),
        _points("tag_id", "tag"),
        *_texts("name_text", nullable=False),
        *_texts("url"),
        *_times("date_published"),
        sqlite_with_rowid=False,
    )
    _index("tag_list_item", "tag_id")


def _change() -> None:
    is_postgresql = op.get_bind().dialect.name == "postgresql"
    op.create_table(
        "change",
        _key("seq"),
        sa.Column(
            "xid",
            Xid8() if is_postgresql else sa.Integer(),
            server_default=sa.text("pg_current_xact_id()") if is_postgresql else None,
        ),
        *_texts("table_name", nullable=False),
        sa.Column("row_id", KEY, nullable=False),
        *_texts("op", nullable=False),
        *_times("changed_at", nullable=False),
        sa.CheckConstraint("op IN ('insert', 'update', 'delete')", name="op"),
        sqlite_autoincrement=True,
    )
