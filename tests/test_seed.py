"""Pages of the kind this project exists for: two articles in one body, promotion, related articles, hot tags."""

import json
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from crawler.extractors import extract_page
from crawler.samplesite import SampleSite
from models.items import LinkList, LinkListKind, OutlinkKind, Page, TagListKind

SEED = Path(__file__).parents[2] / "shared" / "seed"
needs_seed = pytest.mark.skipif(not SEED.is_dir(), reason="the seed dump is third-party text and not in the repository")

SITE = SampleSite()
JOINED = [page for page in SITE.truth().values() if len(page.articles) == 2]


def list_of(page: Page, kind: LinkListKind) -> LinkList:
    [found] = [one for one in page.link_lists if one.kind is kind]
    return found


@pytest.fixture(scope="module")
def dump() -> Page:
    return extract_page((SEED / "page-dump.txt").read_bytes())


@pytest.fixture(scope="module")
def expected() -> dict[str, Any]:
    expected: dict[str, Any] = json.loads((SEED / "expected.json").read_text("utf-8"))
    return expected


@needs_seed
def test_both_articles_of_the_dump_are_whole(dump: Page, expected: dict[str, Any]) -> None:
    found = [(article.headline, article.article_body.split("\n")) for article in dump.articles]

    assert found == [(article["headline"], article["paragraphs"]) for article in expected["articles"]]


@needs_seed
def test_the_glued_byline_gives_two_authors_and_a_source(dump: Page, expected: dict[str, Any]) -> None:
    byline = expected["articles"][0]["authors_and_source"]

    assert dump.articles[0].authors == tuple(byline["authors"])
    assert dump.articles[0].source == byline["source"]


@needs_seed
def test_promotion_lines_are_labelled_links_and_no_body(dump: Page, expected: dict[str, Any]) -> None:
    not_body = expected["not_body"]
    bodies = "\n".join(article.article_body for article in dump.articles)

    promotion = list_of(dump, LinkListKind.PROMOTION)

    assert [(item.headline, item.url) for item in promotion.items] == [
        (link["label"], link["url"]) for link in not_body["links"]
    ]
    assert not_body["promo"] not in bodies
    assert "http" not in bodies


@needs_seed
def test_the_url_without_a_host_is_kept_as_broken(dump: Page, expected: dict[str, Any]) -> None:
    broken = [link.url for link in dump.outlinks if link.kind is OutlinkKind.BROKEN]

    assert broken == expected["not_body"]["broken_urls"]


@needs_seed
def test_related_articles_have_headline_excerpt_and_time(dump: Page, expected: dict[str, Any]) -> None:
    related = list_of(dump, LinkListKind.RELATED)

    assert related.heading == expected["related"]["heading"]
    assert [(item.headline, item.description, f"{item.date_published:%Y-%m-%d %H:%M%z}") for item in related.items] == [
        (item["headline"], item["description"], f"{item['published']}+0800") for item in expected["related"]["items"]
    ]


@needs_seed
def test_at_least_38_of_the_40_hot_titles_are_right(dump: Page, expected: dict[str, Any]) -> None:
    rows = expected["tags"]["rows"]

    [tags] = dump.tag_lists

    assert (tags.kind, tags.heading) == (TagListKind.HOT, expected["tags"]["heading"])
    names = [tag.name for tag in tags.items]
    assert len(names) == 40
    assert len(set(names) & {name for row in rows for name in row["names"]}) >= 38
    assert {f"{tag.date_published:%Y-%m-%d %H:%M%z}" for tag in tags.items} == {f"{rows[0]['published']}+0800"}


def read(page: Page) -> Page:
    resource = SITE.pages()[urlsplit(page.url or "").path]
    return extract_page(resource.body, url=page.url, content_type=resource.headers["Content-Type"])


@pytest.fixture(scope="module", params=JOINED, ids=lambda page: urlsplit(page.url).path)
def pair(request: pytest.FixtureRequest) -> tuple[Page, Page]:
    """Truth, and what was read from the HTML."""
    return request.param, read(request.param)


def test_both_articles_of_the_page_are_whole(pair: tuple[Page, Page]) -> None:
    truth, found = pair

    assert [(article.headline, article.article_body) for article in found.articles] == [
        (article.headline, article.article_body) for article in truth.articles
    ]


def test_the_byline_of_the_page_gives_authors_and_source(pair: tuple[Page, Page]) -> None:
    truth, found = pair

    assert [(article.authors, article.source) for article in found.articles] == [
        (article.authors, article.source) for article in truth.articles
    ]


def test_promotion_of_the_page_is_a_list_of_labelled_links(pair: tuple[Page, Page]) -> None:
    truth, found = pair

    assert list_of(found, LinkListKind.PROMOTION).items == list_of(truth, LinkListKind.PROMOTION).items


def test_the_broken_url_of_the_page_is_kept_as_broken(pair: tuple[Page, Page]) -> None:
    truth, found = pair

    assert [link for link in found.outlinks if link.kind is OutlinkKind.BROKEN] == list(truth.outlinks)


def test_related_articles_of_the_page_have_url_headline_excerpt_and_time(pair: tuple[Page, Page]) -> None:
    truth, found = pair

    related = list_of(found, LinkListKind.RELATED)

    assert related.heading == "相关文章"
    assert [
        (item.url, item.headline, item.description, f"{item.date_published:%Y-%m-%d %H:%M}") for item in related.items
    ] == [
        (item.url, item.headline, item.description, item.date_text)
        for item in list_of(truth, LinkListKind.RELATED).items
    ]


def test_all_hot_titles_of_the_page_are_exact(pair: tuple[Page, Page]) -> None:
    truth, found = pair

    [tags] = found.tag_lists

    assert (tags.kind, tags.heading) == (TagListKind.HOT, "热门标签")
    assert [(tag.name, tag.url) for tag in tags.items] == [(tag.name, tag.url) for tag in truth.tag_lists[0].items]
    assert {f"{tag.date_published:%Y-%m-%d %H:%M}" for tag in tags.items} == {"2026-08-21 19:20"}
