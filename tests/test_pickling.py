"""Records that go from one process to another come out as they went in."""

import copy
import pickle
from datetime import UTC, datetime

import pytest

from models.items import (
    ArchivePlace,
    Article,
    Block,
    BlockType,
    Discovery,
    LinkItem,
    LinkList,
    LinkListKind,
    Origin,
    Outlink,
    OutlinkKind,
    Page,
    PageKind,
    PagePart,
    Priority,
    TagItem,
    TagList,
    TagListKind,
)

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
RECORDS = (
    Block(type=BlockType.HEADING, text="Four hundred parcels", level=2, part=3),
    LinkItem(url=None, headline="Port closed", date_published=NOON),
    TagItem(name="Port"),
    Outlink(url="https://example.com/a", text=None, kind=OutlinkKind.INTERNAL),
    Discovery(url="https://example.com/a", priority=Priority.LIST, depth=2, modified_at=NOON),
    PagePart(number=1, first_url="https://example.com/a", urls={2: "https://example.com/a-2"}),
    ArchivePlace(file="1.warc.gz", offset=7),
)
WHOLE = Page(
    url="https://example.com/a",
    kind=PageKind.ARTICLE,
    articles=(
        Article(
            headline="Four hundred parcels", blocks=(RECORDS[0], Block(type=BlockType.PARAGRAPH, text="They wait."))
        ),
        Article(position=1, origins={"headline": Origin.GENERIC}),
    ),
    link_lists=(LinkList(kind=LinkListKind.RELATED, items=(RECORDS[1], LinkItem(url="https://example.com/b"))),),
    tag_lists=(TagList(kind=TagListKind.ARTICLE, items=(RECORDS[2],)),),
    outlinks=(RECORDS[3], Outlink(url="https://example.com/b", text="2", kind=OutlinkKind.PAGINATION)),
    discovered=(RECORDS[4],),
)


@pytest.mark.parametrize("record", [*RECORDS, WHOLE, Page(url=None)], ids=lambda record: type(record).__name__)
@pytest.mark.parametrize("protocol", [2, pickle.HIGHEST_PROTOCOL])
def test_a_record_comes_out_as_it_went_in(record: object, protocol: int) -> None:
    pickled = pickle.dumps(record, protocol)

    assert pickle.loads(pickled) == record  # noqa: S301  # our own
    assert copy.deepcopy(record) == record


def test_a_word_of_a_fixed_list_stays_the_same_object() -> None:
    link = pickle.loads(pickle.dumps(RECORDS[3]))  # noqa: S301  # our own

    assert link.kind is OutlinkKind.INTERNAL


def test_what_came_out_cannot_be_changed_either() -> None:
    link = pickle.loads(pickle.dumps(RECORDS[3]))  # noqa: S301  # our own

    with pytest.raises(AttributeError):
        link.url = "https://example.com/b"


def test_a_page_of_many_links_takes_no_more_than_a_hundred_bytes_for_each() -> None:
    links = tuple(
        Outlink(url=f"https://example.com/{number}", text=None, kind=OutlinkKind.INTERNAL) for number in range(500)
    )
    page = Page(url="https://example.com/", kind=PageKind.ARTICLE, outlinks=links)

    pickled = pickle.dumps(page)

    assert pickle.loads(pickled) == page  # noqa: S301  # our own
    assert len(pickled) < 100 * len(links)
