"""The sample site: its texts, its truth, and its answers over HTTP."""

import gzip
import http.client
import re
from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

import lxml.html
import pytest

from crawler.samplesite import SampleSite, serve
from crawler.samplesite.texts import read_editions, read_stories
from models.items import LinkListKind, OutlinkKind, Page, TagListKind

SITE = SampleSite()
TRUTH = SITE.truth()
PAGES = SITE.pages()


def text_of(page_url: str) -> str:
    resource = PAGES[urlsplit(page_url).path]
    charset = "gb18030" if page_url.endswith(".htm") else "utf-8"
    return resource.body.decode(charset)


def hrefs(html: str, base: str) -> Iterator[str]:
    for anchor in lxml.html.document_fromstring(html).iter("a"):
        yield urljoin(base, anchor.get("href", ""))


def test_at_least_forty_articles_in_three_layouts_and_two_languages() -> None:
    articles = [article for page in TRUTH.values() for article in page.articles]

    assert len(articles) >= 48
    assert {edition.layout for edition in read_editions()} == {"modern", "portal", "plain"}
    assert {edition.language for edition in read_editions()} == {"en", "zh-CN"}


def test_no_two_articles_share_a_headline_or_a_paragraph() -> None:
    stories = [story for edition in read_editions() for story in read_stories(edition)]
    headlines = [story.headline for story in stories]
    paragraphs = [text for story in stories for text in story.paragraphs]

    assert len(set(headlines)) == len(headlines)
    assert len(set(paragraphs)) == len(paragraphs)
    assert len(paragraphs) >= 150


def test_same_base_url_gives_the_same_bytes() -> None:
    again = SampleSite()

    assert again.pages() == PAGES
    assert again.truth() == TRUTH


@pytest.mark.parametrize("page", TRUTH.values(), ids=lambda page: urlsplit(page.url).path)
def test_every_article_page_shows_its_truth(page: Page) -> None:
    tree = lxml.html.document_fromstring(text_of(page.url or ""))
    shown = re.sub(r"\s+", "", "".join(str(text) for body in tree.iter("body") for text in body.itertext()))

    for article in page.articles:
        assert re.sub(r"\s+", "", article.headline or "") in shown
        assert all(re.sub(r"\s+", "", block.text) in shown for block in article.blocks)
        assert all(author.replace(" ", "") in shown for author in article.authors)
    for link_list in page.link_lists:
        assert link_list.items
        assert all(re.sub(r"\s+", "", item.headline or "") in shown for item in link_list.items)
        assert page.url not in {item.url for item in link_list.items}


def test_pages_of_the_seeds_kind_have_all_its_difficulties() -> None:
    joined = [page for page in TRUTH.values() if len(page.articles) == 2]

    assert len(joined) >= 5
    for page in joined:
        kinds = [link_list.kind for link_list in page.link_lists]
        related = page.link_lists[1].items
        assert kinds == [LinkListKind.PROMOTION, LinkListKind.RELATED]
        assert all(item.description and item.date_published for item in related)
        assert [tags.kind for tags in page.tag_lists] == [TagListKind.HOT]
        assert len(page.tag_lists[0].items) == 16
        assert [link.kind for link in page.outlinks] == [OutlinkKind.BROKEN]


def test_plain_chinese_pages_are_gbk_and_say_so_nowhere() -> None:
    paths = [path for path in PAGES if path.startswith("/maoyi/2026")]

    assert paths
    for path in paths:
        resource = PAGES[path]
        assert resource.headers["Content-Type"] == "text/html"
        assert b"charset" not in resource.body.lower()
        assert resource.body.decode("gb18030").count("的") > 10
        with pytest.raises(UnicodeDecodeError):
            resource.body.decode("utf-8")


def test_no_link_leads_nowhere_but_the_broken_one() -> None:
    missing = set()
    for path, resource in PAGES.items():
        if not resource.headers.get("Content-Type", "").startswith("text/html"):
            continue
        charset = "gb18030" if "charset" not in resource.headers["Content-Type"] else "utf-8"
        for url in hrefs(resource.body.decode(charset), SITE.base_url + path):
            parts = urlsplit(url)
            if parts.scheme != "http":
                continue
            target = f"{parts.path}?{parts.query}" if f"{parts.path}?{parts.query}" in PAGES else parts.path
            if target not in PAGES:
                missing.add(url)

    assert missing == set()


def test_every_article_is_reached_from_the_home_page() -> None:
    seen, waiting = set[str](), ["/"]
    while waiting:
        path = waiting.pop()
        if path in seen or path not in PAGES:
            continue
        seen.add(path)
        resource = PAGES[path]
        if resource.headers.get("Content-Type", "").startswith("text/html"):
            for url in hrefs(resource.body.decode("gb18030", "replace"), SITE.base_url + path):
                parts = urlsplit(url)
                waiting += [parts.path, f"{parts.path}?{parts.query}"]

    assert {urlsplit(url).path for url in TRUTH} <= seen


def test_sitemaps_list_the_modern_and_the_portal_pages() -> None:
    index = PAGES["/sitemap.xml"].body.decode()
    news = PAGES["/sitemap-news.xml"].body.decode()
    portal = gzip.decompress(PAGES["/sitemap-dianshang.xml.gz"].body).decode()

    listed = set(re.findall("<loc>(.*?)</loc>", news + portal))

    assert index.count("<loc>") == 2
    assert listed == {url for url in TRUTH if "/news/" in url or "/dianshang/" in url}
    assert news.count("<lastmod>") == news.count("<loc>")


def test_aliases_name_pages_that_are_served_and_articles_that_exist() -> None:
    aliases = SITE.aliases()

    assert len(aliases) >= 10
    assert {urlsplit(alias).path for alias in aliases} <= set(PAGES)
    assert set(aliases.values()) <= set(TRUTH)


def ask(base_url: str, path: str, headers: dict[str, str] | None = None) -> tuple[int, dict[str, str], bytes]:
    connection = http.client.HTTPConnection(urlsplit(base_url).netloc, timeout=10)
    try:
        connection.request("GET", path, headers=headers or {})
        answer = connection.getresponse()
        return answer.status, dict(answer.getheaders()), answer.read()
    finally:
        connection.close()


@pytest.fixture(scope="module")
def base_url() -> Iterator[str]:
    with serve() as url:
        yield url


def test_served_pages_carry_the_servers_own_base_url(base_url: str) -> None:
    status, headers, body = ask(base_url, "/news/2026/09/returns-cost-more-than-the-parcel/")

    assert status == 200
    assert headers["Content-Type"] == "text/html; charset=utf-8"
    assert f'<link rel="canonical" href="{base_url}/news/2026/09/returns'.encode() in body
    assert body == SampleSite(base_url).pages()["/news/2026/09/returns-cost-more-than-the-parcel/"].body


def test_tracking_parameters_lead_to_the_same_page_and_list_pages_to_their_own(base_url: str) -> None:
    plain = ask(base_url, "/maoyi/")[2]

    assert ask(base_url, "/maoyi/?utm_source=letter")[2] == plain
    assert ask(base_url, "/maoyi/?page=2")[2] != plain


@pytest.mark.parametrize(
    ("path", "validator", "question"),
    [
        pytest.param("/news/2026/08/small-port-new-crane/", "ETag", "If-None-Match", id="etag"),
        pytest.param("/maoyi/20260418/1032.htm", "Last-Modified", "If-Modified-Since", id="date"),
    ],
)
def test_an_unchanged_page_is_answered_with_304(base_url: str, path: str, validator: str, question: str) -> None:
    status, headers, _ = ask(base_url, path)
    again, _, body = ask(base_url, path, {question: headers[validator]})

    assert (status, again, body) == (200, 304, b"")


def test_an_unreadable_date_asks_for_nothing(base_url: str) -> None:
    status, _, _ = ask(base_url, "/maoyi/20260418/1032.htm", {"If-Modified-Since": "yesterday, I think"})

    assert status == 200


def test_the_short_link_redirects_to_an_article(base_url: str) -> None:
    status, headers, _ = ask(base_url, "/go/1")

    assert status == 301
    assert ask(base_url, headers["Location"])[0] == 200


def test_an_unknown_path_is_404(base_url: str) -> None:
    assert ask(base_url, "/news/2026/09/no-such-story/")[0] == 404


def test_each_answer_is_told() -> None:
    told: list[tuple[str, int]] = []

    with serve(on_request=lambda path, status: told.append((path, status))) as url:
        ask(url, "/robots.txt")
        ask(url, "/nothing")

    assert told == [("/robots.txt", 200), ("/nothing", 404)]
