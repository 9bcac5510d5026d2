"""What the tests of syncs and exports share: a database with every kind of row, and a proof that a copy is like it."""

import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, Engine, text

from models.engine import reading
from models.items import (
    Article,
    Block,
    BlockType,
    Failure,
    FailureClass,
    LinkItem,
    LinkList,
    LinkListKind,
    Outlink,
    OutlinkKind,
    Page,
    PageKind,
    TagItem,
    TagList,
    TagListKind,
)
from pipelines.store import Store
from pipelines.store.bulk import bulk_of
from pipelines.store.changes import Changes
from pipelines.sync import ROOTS, Choice, Step, TableSum, open_sync, open_target, table_sums

NOW = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
BASE = "https://example.com"


def page(number: int, *, version: int = 0) -> Page:
    """Article `number`, with something in every table. Another version has another text, tags and links."""
    links = (
        LinkItem(url=f"{BASE}/{number + version + step}", headline=f"№ {step}", date_text="3/1") for step in (1, 2)
    )
    return Page(
        url=f"{BASE}/{number}",
        canonical_url=f"{BASE}/{number}",
        fetched_at=NOW + timedelta(hours=version),
        status=200,
        kind=PageKind.ARTICLE,
        title=f"=Title {number}",
        articles=(
            Article(
                headline=f"仓库 {number}, edition {version} 🏬",
                blocks=(
                    Block(type=BlockType.PARAGRAPH, text=f"Text {version}, with \t tab, \\N and “quotes”."),
                    Block(type=BlockType.IMAGE, text="A ship", url=f"{BASE}/ship-{number}.jpg"),
                ),
                authors=(f"Author {number % 3}",),
                date_published=NOW - timedelta(days=number % 4, microseconds=1),
                confidence=1 / 3,
                source_url=f"https://elsewhere.example/{number + version}?utm_source=x" if number % 2 else None,
            ),
        ),
        link_lists=(LinkList(kind=LinkListKind.RELATED, heading="Related", items=tuple(links)),),
        tag_lists=(TagList(kind=TagListKind.ARTICLE, items=(TagItem(name=f"tag {(number + version) % 7}"),)),),
        outlinks=tuple(Outlink(url=f"{BASE}/out/{step}", text=None, kind=OutlinkKind.INTERNAL) for step in range(3)),
    )


def failure(number: int) -> Failure:
    return Failure(
        url=f"{BASE}/gone/{number}", failure_class=FailureClass.GONE, message="404", occurred_at=NOW, stage="fetch"
    )


def fill(engine: Engine, numbers: Sequence[int], *, version: int = 0) -> None:
    """A run that stores these articles, and one failure."""
    store = Store(engine)
    crawl_id = store.begin_crawl("articles", {"url": BASE})
    store.write([*(page(number, version=version) for number in numbers), failure(numbers[0])], crawl_id)
    store.finish_crawl(crawl_id, reason="finished")


def record_delete(connection: Connection, table_name: str, row_id: int) -> None:
    changes = Changes()
    changes.add(table_name, (row_id,), "delete")
    changes.write(bulk_of(connection), NOW)


def sync_once(source: Engine, target_url: str, choice: Choice | None = None) -> list[Step]:
    wait_for_others(source)
    with open_sync(source, target_url, choice or Choice(roots_per_step=7)) as sync:
        return list(sync.catch_up())


def wait_for_others(source: Engine) -> None:
    """Until no transaction of a neighbouring test, in another database of the same server, holds the horizon back.

    Gives up after a while: a test may hold one open by itself.
    """
    held_back = text("SELECT count(*) FROM change WHERE xid >= pg_snapshot_xmin(pg_current_snapshot())")
    deadline = time.monotonic() + 10
    while source.dialect.name == "postgresql" and time.monotonic() < deadline:
        with reading(source) as connection:
            if connection.execute(held_back).scalar_one() == 0:
                return
        time.sleep(0.05)


def sums(engine: Engine, names: Sequence[str] = ROOTS) -> dict[str, TableSum]:
    with reading(engine) as connection:
        return dict(table_sums(connection, names))


def sums_of(url: str, names: Sequence[str] = ROOTS) -> dict[str, TableSum]:
    engine = open_target(url)
    try:
        return sums(engine, names)
    finally:
        engine.dispose()
