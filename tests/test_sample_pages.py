"""Every page of the sample site through the one door, against the truth it was made from."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from crawler.extractors import extract_page
from crawler.samplesite import Resource, SampleSite
from models.items import Article, BlockType, LinkList, OutlinkKind, Page, PageKind, TagList

SITE = SampleSite()
TRUTH = SITE.truth()
SHOWN = {SITE.base_url + path: resource for path, resource in SITE.pages().items() if "html" in str(resource.headers)}


def read(url: str, resource: Resource) -> Page:
    return extract_page(resource.body, url=url, content_type=resource.headers["Content-Type"])


@pytest.fixture(scope="module", params=TRUTH.values(), ids=lambda page: urlsplit(page.url).path)
def pair(request: pytest.FixtureRequest) -> tuple[Page, Page]:
    """Truth, and what was read."""
    truth: Page = request.param
    return truth, read(truth.url or "", SHOWN[truth.url or ""])


def articles(pair: tuple[Page, Page]) -> Iterator[tuple[Article, Article]]:
    return zip(pair[0].articles, pair[1].articles, strict=True)


def test_page_is_an_article_under_its_own_name(pair: tuple[Page, Page]) -> None:
    truth, found = pair

    assert (found.kind, found.canonical_url, found.errors) == (PageKind.ARTICLE, truth.canonical_url, ())


def test_headline_and_body_are_whole(pair: tuple[Page, Page]) -> None:
    for truth, found in articles(pair):
        assert found.headline == truth.headline
        assert found.article_body.split("\n") == truth.article_body.split("\n")


def test_authors_and_source_are_those_of_the_byline(pair: tuple[Page, Page]) -> None:
    for truth, found in articles(pair):
        assert (found.authors, found.source) == (truth.authors, truth.source)


def test_dates_are_the_same_moments(pair: tuple[Page, Page]) -> None:
    for truth, found in articles(pair):
        assert found.date_published == truth.date_published
        assert found.date_modified == truth.date_modified
        assert found.date_text == truth.date_text


def test_declared_facts_are_read(pair: tuple[Page, Page]) -> None:
    for truth, found in articles(pair):
        if truth.in_language:
            assert found.in_language == truth.in_language
        assert (found.section, found.main_image) == (truth.section, truth.main_image)
        assert found.description == truth.description


@pytest.mark.parametrize("url", [url for url in TRUTH if "/news/" in url])
def test_blocks_of_a_page_of_today_have_their_types(url: str) -> None:
    """Older layouts mark sub-headings by nothing but bold type."""
    found = read(url, SHOWN[url])

    assert types_of(found) == types_of(TRUTH[url])


def types_of(page: Page) -> list[tuple[BlockType, str]]:
    """Pictures left out: what text stands in their place is not promised."""
    blocks = [block for article in page.articles for block in article.blocks]
    return [(block.type, block.text) for block in blocks if block.type is not BlockType.IMAGE]


def links_of(link_list: LinkList) -> tuple[object, ...]:
    """A list as the truth promises it; images are cards' own affair."""
    items = [(item.url, item.headline, item.description, item.date_published) for item in link_list.items]
    return link_list.kind, _bare(link_list.heading), items


def tags_of(tag_list: TagList) -> tuple[object, ...]:
    return tag_list.kind, _bare(tag_list.heading), [(tag.name, tag.url, tag.date_published) for tag in tag_list.items]


def _bare(heading: str | None) -> str | None:
    return heading and heading.rstrip(":：")


def test_link_lists_are_complete(pair: tuple[Page, Page]) -> None:
    truth, found = pair

    assert sorted(map(links_of, found.link_lists), key=str) == sorted(map(links_of, truth.link_lists), key=str)


def test_tag_lists_are_complete(pair: tuple[Page, Page]) -> None:
    truth, found = pair

    assert [tags_of(one) for one in found.tag_lists] == [tags_of(one) for one in truth.tag_lists]


def test_only_urls_without_a_host_are_broken(pair: tuple[Page, Page]) -> None:
    truth, found = pair

    assert tuple(link for link in found.outlinks if link.kind is OutlinkKind.BROKEN) == truth.outlinks


def test_no_other_page_passes_for_an_article() -> None:
    others = {url: resource for url, resource in SHOWN.items() if url not in TRUTH and resource.body}

    passed = {url for url, resource in others.items() if read(url, resource).kind is PageKind.ARTICLE}

    assert passed <= set(SITE.aliases())


def test_a_print_page_names_the_article_it_is_a_copy_of() -> None:
    for alias, url in SITE.aliases().items():
        if SHOWN.get(alias):
            assert read(alias, SHOWN[alias]).canonical_url == url
