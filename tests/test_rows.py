"""Items to rows and back: nothing is lost, and a hash changes when and only when what is said changes."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.items import (
    BODY_TYPES,
    Article,
    Block,
    BlockType,
    LinkItem,
    LinkList,
    LinkListKind,
    Origin,
    Outlink,
    OutlinkKind,
    TagItem,
    TagList,
    TagListKind,
)
from models.tables import METADATA
from pipelines.rows import (
    Row,
    Values,
    article_of,
    article_rows,
    blocks_of,
    content_hash,
    link_list_of,
    link_list_rows,
    outline,
    outlink_of,
    outlink_rows,
    tag_list_of,
    tag_list_rows,
)

NOW = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
URL = "https://example.com/a"
ARTICLE = Article(
    headline="港口",
    blocks=(Block(type=BlockType.PARAGRAPH, text="Ships"), Block(type=BlockType.IMAGE, text="", url=f"{URL}.jpg")),
    authors=("王",),
    source="某报",
    date_published=NOW,
    date_text="2026-11-23 16:30",
    origins={"headline": Origin.STRUCTURED},
)

bodies = st.builds(
    Block,
    type=st.sampled_from(sorted(BODY_TYPES)),
    text=st.text(max_size=9),
    level=st.none() | st.integers(1, 6),
    url=st.none(),
)
others = st.builds(
    Block,
    type=st.sampled_from(sorted(set(BlockType) - BODY_TYPES)),
    text=st.text(max_size=9),
    level=st.none(),
    url=st.none() | st.just(URL),
)


def test_a_named_source_page_counts_and_none_leaves_the_hash_of_before_there_was_one() -> None:
    named = replace(ARTICLE, source_url="https://elsewhere.example/1?utm_source=x")

    assert content_hash(ARTICLE).hex() == "2e84c7c62669afa46c294c18fc6bf67f"
    assert content_hash(named) != content_hash(ARTICLE)
    assert article_rows(named).source_page == "https://elsewhere.example/1"
    assert article_rows(ARTICLE).source_page is None


@given(st.lists(bodies | others, max_size=12).map(tuple))
def test_blocks_come_back_from_the_body_and_its_outline(blocks: tuple[Block, ...]) -> None:
    body = Article(blocks=blocks).article_body

    assert blocks_of(body, outline(blocks)) == blocks


def test_outline_counts_characters_as_sql_does() -> None:
    blocks = (Block(type=BlockType.HEADING, text="𠮷野家", level=2), Block(type=BlockType.PARAGRAPH, text="b"))

    assert outline(blocks) == [["heading", 2, 0, 3], ["paragraph", None, 4, 5]]


def test_article_comes_back_from_its_rows() -> None:
    rows = article_rows(ARTICLE)

    assert article_of({"position": 0} | rows.facts | rows.text) == ARTICLE


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"headline": "港"}, id="headline"),
        pytest.param({"blocks": ()}, id="body"),
        pytest.param(
            {"blocks": (replace(ARTICLE.blocks[0], type=BlockType.QUOTE), ARTICLE.blocks[1])}, id="block-type"
        ),
        pytest.param({"blocks": ARTICLE.blocks[::-1]}, id="block-order"),
        pytest.param({"authors": ("王", "李")}, id="authors"),
        pytest.param({"source": None}, id="source"),
        pytest.param({"date_published": NOW + timedelta(days=1)}, id="date-with-its-year"),
        pytest.param({"section": "Trade"}, id="section"),
        pytest.param({"description": "d"}, id="description"),
        pytest.param({"main_image": URL}, id="main-image"),
        pytest.param({"in_language": "zh-CN"}, id="language"),
    ],
)
def test_what_the_article_says_is_in_its_hash(change: dict[str, Any]) -> None:
    assert content_hash(replace(ARTICLE, **change)) != content_hash(ARTICLE)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"position": 1}, id="position"),
        pytest.param({"xpath": "//article"}, id="xpath"),
        pytest.param({"confidence": 0.5}, id="confidence"),
        pytest.param({"date_modified": NOW}, id="date-of-modification"),
        pytest.param({"origins": {}}, id="origins"),
        pytest.param({"date_published": NOW.astimezone()}, id="same-moment-in-another-zone"),
    ],
)
def test_where_and_how_it_was_read_is_not_in_its_hash(change: dict[str, Any]) -> None:
    assert content_hash(replace(ARTICLE, **change)) == content_hash(ARTICLE)


@pytest.mark.parametrize("text", ["3小时前", "yesterday", "11-22 10:30"])
def test_date_counted_back_from_the_fetch_makes_no_new_version(text: str) -> None:
    shown = replace(ARTICLE, date_text=text)
    later = replace(shown, date_published=NOW + timedelta(minutes=7))

    assert content_hash(shown) == content_hash(later)


def test_declared_date_counts_whatever_the_page_shows() -> None:
    shown = replace(ARTICLE, date_text="3小时前", origins={"date_published": Origin.STRUCTURED})
    later = replace(shown, date_published=NOW + timedelta(minutes=7))

    assert content_hash(shown) != content_hash(later)


def test_link_list_comes_back_from_its_rows() -> None:
    items = (
        LinkItem(url=f"{URL}?utm_source=x#top", headline="a", description="d", date_published=NOW, date_text="t"),
        LinkItem(url=f"{URL}/b", headline=None, image=f"{URL}.jpg"),
        LinkItem(url=None, headline="no link"),
        LinkItem(url="http:///broken", headline="broken"),
    )
    shown = LinkList(kind=LinkListKind.RELATED, items=items, heading="相关", xpath="//ul", confidence=0.5)

    rows = link_list_rows(0, shown)

    stored = [_named("link_item", item) for item in rows.items]
    assert link_list_of(rows.row, stored) == shown
    assert [item["target_url"] for item in stored] == [URL, f"{URL}/b", None, None]
    assert [item["url_text"] for item in stored] == [f"{URL}?utm_source=x#top", None, None, "http:///broken"]


def test_tag_list_comes_back_from_its_rows() -> None:
    items = (TagItem(name="IT", url=URL), TagItem(name="it", date_published=NOW))
    shown = TagList(kind=TagListKind.HOT, items=items, heading="热门标签", origin=Origin.HINT)

    rows = tag_list_rows(3, shown)

    assert tag_list_of(rows.row, [_named("tag_list_item", item) for item in rows.items]) == shown
    assert rows.row["position"] == 3


def test_outlinks_come_back_from_their_rows() -> None:
    outlinks = (
        Outlink(url=f"{URL}#top", text="a", kind=OutlinkKind.INTERNAL),
        Outlink(url="http://[", text=None, kind=OutlinkKind.BROKEN),
    )

    rows = outlink_rows(outlinks)

    assert tuple(outlink_of(_named("outlink", row)) for row in rows) == outlinks


def _named(table: str, item: Values) -> Row:
    """A row of the table as a query gives it, with the URL of its target for the key."""
    return dict(zip(("target_url", *METADATA.tables[table].c.keys()[3:]), item, strict=True))


def test_list_that_moves_on_the_page_is_the_same_list() -> None:
    shown = LinkList(kind=LinkListKind.RELATED, items=(LinkItem(url=URL),), xpath="//ul[1]")

    moved = link_list_rows(2, replace(shown, xpath="//ul[2]"))

    assert moved.row["items_hash"] == link_list_rows(0, shown).row["items_hash"]


def test_list_in_another_order_is_another_list() -> None:
    items = (LinkItem(url=URL), LinkItem(url=f"{URL}/b"))
    shown = LinkList(kind=LinkListKind.RELATED, items=items)

    turned = link_list_rows(0, replace(shown, items=items[::-1]))

    assert turned.row["items_hash"] != link_list_rows(0, shown).row["items_hash"]


def test_image_takes_the_caption_that_follows_it_else_its_alternative_text() -> None:
    blocks = (
        Block(type=BlockType.IMAGE, text="alt", url=f"{URL}1.jpg"),
        Block(type=BlockType.CAPTION, text="The port"),
        Block(type=BlockType.IMAGE, text="alt", url=f"{URL}2.jpg"),
        Block(type=BlockType.IMAGE, text="", url=f"{URL}3.jpg"),
    )

    images = article_rows(Article(blocks=blocks)).images

    assert [(position, caption) for position, _url, caption in images] == [(0, "The port"), (1, "alt"), (2, None)]
