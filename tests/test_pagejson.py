"""The JSON of a page: its shape, and that nothing of it is lost on the way there and back."""

import json
from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from crawler.pagejson import failure_to_json, json_line, page_from_json, page_to_json
from models.items import (
    Article,
    Block,
    BlockType,
    FailureClass,
    LinkItem,
    LinkList,
    LinkListKind,
    Origin,
    Outlink,
    OutlinkKind,
    Page,
    PageError,
    PageKind,
    TagItem,
    TagList,
    TagListKind,
)

texts = st.text(max_size=30)
maybe_text = st.none() | texts
confidences = st.none() | st.floats(0, 1)
offsets = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
moments = st.none() | st.datetimes(timezones=offsets)
blocks = st.builds(
    Block, type=st.sampled_from(BlockType), text=texts, level=st.none() | st.integers(1, 6), url=maybe_text
)
link_items = st.builds(
    LinkItem,
    url=maybe_text,
    headline=maybe_text,
    description=maybe_text,
    date_published=moments,
    date_text=maybe_text,
    image=maybe_text,
)
articles = st.builds(
    Article,
    headline=maybe_text,
    blocks=st.lists(blocks, max_size=4).map(tuple),
    authors=st.lists(texts, max_size=3).map(tuple),
    source=maybe_text,
    date_published=moments,
    date_modified=moments,
    date_text=maybe_text,
    in_language=maybe_text,
    section=maybe_text,
    description=maybe_text,
    main_image=maybe_text,
    xpath=maybe_text,
    source_url=maybe_text,
    confidence=confidences,
    origins=st.dictionaries(texts, st.sampled_from(Origin), max_size=3),
)
link_lists = st.builds(
    LinkList,
    kind=st.sampled_from(LinkListKind),
    heading=maybe_text,
    xpath=maybe_text,
    items=st.lists(link_items, max_size=3).map(tuple),
    confidence=confidences,
    origin=st.sampled_from(Origin),
)
tag_lists = st.builds(
    TagList,
    kind=st.sampled_from(TagListKind),
    heading=maybe_text,
    xpath=maybe_text,
    items=st.lists(st.builds(TagItem, name=texts, url=maybe_text, date_published=moments), max_size=3).map(tuple),
    confidence=confidences,
    origin=st.sampled_from(Origin),
)
pages = st.builds(
    Page,
    url=maybe_text,
    canonical_url=maybe_text,
    kind=st.sampled_from(PageKind),
    kind_reason=maybe_text,
    articles=st.lists(articles, max_size=1).map(tuple),
    link_lists=st.lists(link_lists, max_size=2).map(tuple),
    tag_lists=st.lists(tag_lists, max_size=2).map(tuple),
    outlinks=st.lists(
        st.builds(Outlink, url=texts, text=maybe_text, kind=st.sampled_from(OutlinkKind)), max_size=3
    ).map(tuple),
    errors=st.lists(
        st.builds(PageError, field=st.sampled_from(["headline", "date_published"]), message=texts), max_size=2
    ).map(tuple),
)


@given(page=pages)
def test_page_comes_back_from_its_json_line_as_it_was(page: Page) -> None:
    line = json_line(page_to_json(page, "any"))

    assert page_from_json(json.loads(line)) == page


def test_articles_get_their_positions_back() -> None:
    page = Page(url=None, articles=(Article(position=0), Article(position=1)))

    again = page_from_json(page_to_json(page, "two"))

    assert [article.position for article in again.articles] == [0, 1]


PUBLISHED_PAGE = Page(
    url="https://example.test/a?utm_source=x",
    canonical_url="https://example.test/a",
    articles=(
        Article(
            headline="港口",
            blocks=(Block(type=BlockType.HEADING, level=2, text="一"), Block(type=BlockType.PARAGRAPH, text="二")),
            authors=("王芳",),
            date_published=datetime(2026, 3, 1, 8, tzinfo=UTC),
            confidence=0.9,
            origins={"headline": Origin.STRUCTURED},
        ),
    ),
    kind=PageKind.ARTICLE,
    kind_reason="one body of 2 characters",
    link_lists=(LinkList(kind=LinkListKind.RELATED, items=(LinkItem(url="https://example.test/b"),)),),
    tag_lists=(TagList(kind=TagListKind.ARTICLE, items=(TagItem(name="港口"),)),),
    outlinks=(Outlink(url="http://[", text=None, kind=OutlinkKind.BROKEN),),
    errors=(PageError(field="date_modified", message="no such day"),),
)
PUBLISHED_JSON = {
    "id": "a.html",
    "url": "https://example.test/a?utm_source=x",
    "canonical_url": "https://example.test/a",
    "kind": "article",
    "kind_reason": "one body of 2 characters",
    "articles": [
        {
            "headline": "港口",
            "article_body": "一\n二",
            "blocks": [
                {"type": "heading", "level": 2, "text": "一", "url": None},
                {"type": "paragraph", "level": None, "text": "二", "url": None},
            ],
            "authors": ["王芳"],
            "source": None,
            "source_url": None,
            "date_published": "2026-03-01T08:00:00+00:00",
            "date_modified": None,
            "date_text": None,
            "in_language": None,
            "section": None,
            "description": None,
            "main_image": None,
            "xpath": None,
            "confidence": 0.9,
            "origins": {"headline": "structured"},
        }
    ],
    "link_lists": [
        {
            "kind": "related",
            "heading": None,
            "xpath": None,
            "confidence": None,
            "origin": "generic",
            "items": [
                {
                    "url": "https://example.test/b",
                    "headline": None,
                    "description": None,
                    "date_published": None,
                    "date_text": None,
                    "image": None,
                }
            ],
        }
    ],
    "tag_lists": [
        {
            "kind": "article",
            "heading": None,
            "xpath": None,
            "confidence": None,
            "origin": "generic",
            "items": [{"name": "港口", "url": None, "date_published": None}],
        }
    ],
    "outlinks": [{"url": "http://[", "text": None, "kind": "broken"}],
    "errors": [{"class": "extraction", "message": "date_modified: no such day"}],
}


def test_shape_is_the_published_one() -> None:
    assert page_to_json(PUBLISHED_PAGE, "a.html") == PUBLISHED_JSON


def test_failed_page_has_every_key_and_its_error() -> None:
    failed = failure_to_json("gone.html", FailureClass.GONE, "no such file")

    assert failed.keys() == page_to_json(Page(url=None), "x").keys()
    assert failed["id"] == "gone.html"
    assert failed["errors"] == [{"class": "gone", "message": "no such file"}]


def test_line_is_utf8_even_with_a_lone_surrogate() -> None:
    record = page_to_json(Page(url=None, outlinks=(Outlink(url="u", text="\ud83d 港", kind=OutlinkKind.BROKEN),)), "x")

    line = json_line(record)

    assert "港".encode() in line
    assert json.loads(line.decode("utf-8")) == record
