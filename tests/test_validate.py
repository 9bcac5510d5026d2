"""Whatever an item holds, every database takes what comes out, and the reasons are counted."""

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.items import (
    Article,
    Block,
    BlockType,
    Failure,
    FailureClass,
    Item,
    LinkItem,
    LinkList,
    LinkListKind,
    NotModified,
    Outlink,
    OutlinkKind,
    Page,
    TagItem,
    TagList,
    TagListKind,
)
from pipelines import validate
from pipelines.validate import Checked, check_item

NOW = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
URL = "https://example.com/a"
PAGE = Page(url=URL, fetched_at=NOW)
HOSTILE = st.text(st.characters(categories=["Cc", "Cs", "Zs", "Lo", "Ll"]), max_size=8)

st.register_type_strategy(str, HOSTILE)


def checked(item: Item) -> Checked:
    return check_item(item, now=NOW)


def checked_page(page: Page) -> Page:
    item = checked(page).item
    assert isinstance(item, Page), item
    return item


def checked_article(**facts: Any) -> Article:
    return checked_page(replace(PAGE, articles=(Article(**facts),))).articles[0]


def wrong_page(**facts: Any) -> Page:
    """What a type checker would refuse, and an extractor with a fault may still hand over."""
    return replace(PAGE, **facts)


def leaves(value: object) -> list[object]:
    """All that a record holds, at any depth."""
    if is_dataclass(value):
        return [leaf for field in fields(value) for leaf in leaves(getattr(value, field.name))]
    if isinstance(value, Mapping):
        return [leaf for parts in value.items() for part in parts for leaf in leaves(part)]
    if isinstance(value, tuple):
        return [leaf for part in value for leaf in leaves(part)]
    return [value]


@settings(suppress_health_check=list(HealthCheck), deadline=None, max_examples=60)
@given(st.from_type(Page) | st.from_type(NotModified) | st.from_type(Failure), st.booleans())
def test_every_database_takes_what_comes_out_of_any_item(item: Item, has_moment: bool) -> None:
    if has_moment and not isinstance(item, Failure):
        item = replace(item, url=URL, fetched_at=NOW)
    item = replace(item, archived=None)  # made by the crawler itself, as the part is
    if isinstance(item, Page):
        item = replace(item, part=None)

    kept = checked(item).item

    for leaf in leaves(kept):
        if isinstance(leaf, str):
            assert "\0" not in leaf
            leaf.encode()  # no lone surrogate
        if isinstance(leaf, datetime):
            assert leaf.tzinfo is not None
            assert 1700 < leaf.year < 2100
        if isinstance(leaf, float):
            json.dumps(leaf, allow_nan=False)
        if isinstance(leaf, int):
            assert -1 < leaf < 2**31
    assert checked(kept).item == kept


def test_clean_item_is_handed_on_as_it_is() -> None:
    page = replace(
        PAGE,
        canonical_url=URL,
        articles=(Article(headline="标题", blocks=(Block(type=BlockType.PARAGRAPH, text="a\nb"),), authors=("李",)),),
        outlinks=(Outlink(url=URL, text="a", kind=OutlinkKind.INTERNAL),),
    )

    result = checked(page)

    assert result.item == page
    assert not result.reasons


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        pytest.param("a\0b", "ab", id="nul"),
        pytest.param("a\ud800b", "ab", id="lone-surrogate"),
        pytest.param("\x1b[31mred", "[31mred", id="escape-sequence"),
        pytest.param("a\x85b\x9fc", "abc", id="c1-controls"),
        pytest.param("a\nb\r\nc\td\u2028e", "a b c d e", id="line-breaks"),
        pytest.param("𠮷🏳️‍🌈\ufffe", "𠮷🏳️‍🌈\ufffe", id="astral-and-noncharacters-stay"),
        pytest.param("", None, id="empty"),
        pytest.param(" \u3000\n", None, id="blank"),
        pytest.param("\0\x01", None, id="nothing-left"),
        pytest.param("q" * 1_000_000, "q" * 1_000, id="a-million-letters"),
    ],
)
def test_headline_is_one_clean_line(text: str, kept: str | None) -> None:
    assert checked_article(headline=text).headline == kept


def test_body_keeps_its_line_breaks_and_loses_what_is_refused() -> None:
    code = Block(type=BlockType.CODE, text="if x:\n\treturn\0 1")

    assert checked_article(blocks=(code,)).article_body == "if x:\n\treturn 1"


def test_body_is_cut_at_its_cap_over_all_blocks() -> None:
    block = Block(type=BlockType.PARAGRAPH, text="q" * (validate.BODY_LENGTH // 2))

    article = checked_article(blocks=(block, block, block))

    assert len(article.article_body) == validate.BODY_LENGTH


@pytest.mark.parametrize(
    "date",
    [
        pytest.param(datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=14))), id="year-0-in-utc"),
        pytest.param(datetime(9999, 12, 31, 23, 59, tzinfo=timezone(timedelta(hours=-12))), id="year-10000-in-utc"),
        pytest.param(datetime(1700, 1, 1, tzinfo=UTC), id="1700"),
        pytest.param(datetime(2026, 1, 1), id="no-zone"),  # noqa: DTZ001  # what the case is about
    ],
)
def test_date_nobody_can_mean_is_dropped_and_counted(date: datetime) -> None:
    result = checked(replace(PAGE, articles=(Article(date_published=date, date_text="so"),)))

    assert isinstance(result.item, Page)
    assert result.item.articles[0].date_published is None
    assert result.item.articles[0].date_text == "so"
    assert sum(result.reasons.values()) == 1


def test_url_that_is_too_long_is_dropped_not_cut() -> None:
    long = "https://example.com/" + "a" * 3_000
    shown = LinkList(kind=LinkListKind.RELATED, items=(LinkItem(url=long, headline="kept"),))
    links = (Outlink(url=long, text=None, kind=OutlinkKind.INTERNAL),)

    page = checked_page(replace(PAGE, canonical_url=long, link_lists=(shown,), outlinks=links))

    assert page.canonical_url is None
    assert page.link_lists[0].items == (LinkItem(url=None, headline="kept"),)
    assert page.outlinks == ()


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://user:pass@example.com/@a?b=c@d", "https://example.com/@a?b=c@d"),
        ("//user@example.com", "//example.com"),
        ("https://example.com/@a", "https://example.com/@a"),
        ("mailto:desk@example.com", "mailto:desk@example.com"),
    ],
)
def test_user_and_password_of_a_link_are_cut_out(url: str, kept: str) -> None:
    shown = LinkList(kind=LinkListKind.RELATED, items=(LinkItem(url=url, headline="kept"),))

    result = checked(replace(PAGE, link_lists=(shown,)))

    assert isinstance(result.item, Page)
    assert result.item.link_lists[0].items[0].url == kept
    assert result.reasons["user_in_url"] == (url != kept)


def test_names_without_a_visible_letter_are_dropped() -> None:
    tags = tuple(TagItem(name=name) for name in ("", " ", "\u200b", "\0", "港口"))
    article = Article(authors=("", "\u202e", "王"))

    page = checked_page(replace(PAGE, articles=(article,), tag_lists=(TagList(kind=TagListKind.ARTICLE, items=tags),)))

    assert page.tag_lists[0].items == (TagItem(name="港口"),)
    assert page.articles[0].authors == ("王",)


def test_too_much_is_cut_and_counted() -> None:
    tags = TagList(kind=TagListKind.HOT, items=tuple(TagItem(name=f"t{n}") for n in range(70)))
    links = LinkList(kind=LinkListKind.RELATED, items=tuple(LinkItem(url=f"{URL}/{n}") for n in range(10_000)))
    outlinks = tuple(Outlink(url=f"{URL}/{n}", text=None, kind=OutlinkKind.INTERNAL) for n in range(10_000))

    result = checked(replace(PAGE, tag_lists=(tags, tags), link_lists=(links,), outlinks=outlinks))

    assert isinstance(result.item, Page)
    assert sum(len(shown.items) for shown in result.item.tag_lists) == validate.TAGS
    assert len(result.item.link_lists[0].items) == validate.LINK_ITEMS
    assert len(result.item.outlinks) == validate.OUTLINKS
    assert result.reasons == {"too_many_tags": 1, "too_many_link_items": 1, "too_many_outlinks": 1}


def test_articles_of_one_page_have_places_of_their_own() -> None:
    page = checked_page(replace(PAGE, articles=(Article(headline="a"), Article(headline="b"))))

    assert [(article.position, article.headline) for article in page.articles] == [(0, "a"), (1, "b")]


@pytest.mark.parametrize("status", [10**400, -1, 2**31])
def test_number_no_column_holds_is_dropped(status: int) -> None:
    assert checked_page(replace(PAGE, status=status)).status is None


@pytest.mark.parametrize("confidence", [float("nan"), float("inf")])
def test_confidence_that_is_no_number_is_dropped(confidence: float) -> None:
    assert checked_article(confidence=confidence).confidence is None


@pytest.mark.parametrize(
    "item",
    [
        pytest.param(replace(PAGE, url=None), id="no-url"),
        pytest.param(replace(PAGE, url="mailto:a@example.com"), id="no-page"),
        pytest.param(replace(PAGE, url="http://["), id="broken-url"),
        pytest.param(replace(PAGE, url="https://example.com/" + "a" * 9_999), id="url-too-long"),
        pytest.param(replace(PAGE, fetched_at=None), id="no-time"),
        pytest.param(wrong_page(title=7), id="title-is-a-number"),
        pytest.param(wrong_page(outlinks=None), id="no-tuple"),
        pytest.param(wrong_page(articles=("text",)), id="article-is-text"),
        pytest.param(NotModified(url="", fetched_at=NOW), id="not-modified-without-url"),
        pytest.param({"url": URL}, id="a-dictionary"),
    ],
)
def test_item_that_cannot_be_stored_becomes_a_failure(item: Any) -> None:
    result = checked(item)

    assert isinstance(result.item, Failure)
    assert result.item.failure_class is FailureClass.INVALID_ITEM
    assert result.item.stage == "validate"
    assert result.item.occurred_at == NOW
    assert result.reasons == {"invalid_item": 1}


def test_failure_of_any_url_is_kept() -> None:
    failure = Failure(
        url="javascript:alert(1)\0",
        failure_class=FailureClass.TIMEOUT,
        message="slow\nforged",
        occurred_at=NOW,
        stage="x",
    )

    kept = checked(failure).item

    assert kept == replace(failure, url="javascript:alert(1)", message="slow forged")
