import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.document import Document
from crawler.errors import LayoutChanged, UnparsablePage
from crawler.extractors import extract_page
from crawler.extractors import page as page_module
from crawler.extractors.tree.outline import outline_of
from crawler.site import GENERIC, Site
from models.items import BlockType, LinkListKind, Origin, PageKind, TagListKind

URL = "https://www.example.com/news/2026/11/harbour-opens-new-crane-12345.html"
PARAGRAPHS = (
    "The harbour of the town opened a new crane on Monday, after three years of work and two delays in delivery.",
    "It lifts forty tonnes, twice as many as the one it replaces, and needs half of the power, the operator said.",
    "Ships from the north will no longer have to wait for the tide, which had cost them a day on every call.",
)
HTML = f"""<!doctype html><html lang="en"><head><title>Harbour opens new crane - Example News</title>
<meta property="og:type" content="article">
<link rel="canonical" href="/news/2026/11/harbour-opens-new-crane-12345.html">
</head><body>
<nav class="menu"><a href="/">Home</a><a href="/sport">Sport</a><a href="/trade">Trade</a></nav>
<main><article><h1>Harbour opens new crane</h1>
<div class="byline">By <a href="/author/ann-lee">Ann Lee</a>
<time datetime="2026-11-20T08:30:00+01:00">20 November</time></div>
<div class="content"><p>{PARAGRAPHS[0]}</p><h2>More lift</h2><p>{PARAGRAPHS[1]}</p>
<figure><img src="/crane.jpg" alt="The crane"><figcaption>The crane at work</figcaption></figure>
<p>{PARAGRAPHS[2]}</p></div>
<p class="tags">Tags: <a rel="tag" href="/tag/harbour">harbour</a>
<a rel="tag" href="/tag/trade">trade</a></p></article>
<section class="related"><h3>Related articles</h3><ul>
<li><a href="/news/2026/10/old-crane-goes-to-museum-12001.html">Old crane goes to the museum of the town</a></li>
<li><a href="/news/2026/09/tide-costs-ships-a-day-11876.html">Tide costs ships a day, study of the port finds</a></li>
<li><a href="/news/2026/08/port-plans-second-quay-11500.html">Port plans a second quay for larger ships</a></li>
</ul></section>
</main><footer><p>Copyright 2026 Example News. <a href="/imprint">Imprint</a></p></footer></body></html>"""


def test_a_page_is_split_into_its_panels() -> None:
    page = extract_page(HTML, url=URL)

    article = page.articles[0]
    assert page.kind is PageKind.ARTICLE
    assert article.headline == "Harbour opens new crane"
    assert article.article_body == "\n".join([PARAGRAPHS[0], "More lift", *PARAGRAPHS[1:]])
    assert [block.type for block in article.blocks].count(BlockType.IMAGE) == 1
    assert article.in_language == "en"
    assert [(links.kind, len(links.items)) for links in page.link_lists] == [(LinkListKind.RELATED, 3)]
    assert [(tags.kind, [tag.name for tag in tags.items]) for tags in page.tag_lists] == [
        (TagListKind.ARTICLE, ["harbour", "trade"])
    ]
    assert page.canonical_url == URL
    assert page.errors == ()


def test_the_body_has_an_xpath_that_leads_to_it() -> None:
    page = extract_page(HTML, url=URL)

    xpath = page.articles[0].xpath
    assert xpath is not None
    assert PARAGRAPHS[1] in str(Document.parse(HTML).root.xpath(f"string({xpath})"))


def test_bytes_and_text_give_the_same_page() -> None:
    text = replace(extract_page(HTML, url=URL), encoding=None)

    assert replace(extract_page(HTML.encode(), url=URL), encoding=None) == text


def test_without_a_url_relative_links_stay_as_written() -> None:
    page = extract_page(HTML)

    assert page.url is None
    assert "/sport" in {link.url for link in page.outlinks}
    assert page.articles[0].article_body.startswith(PARAGRAPHS[0])


def test_an_empty_page_is_unparsable() -> None:
    with pytest.raises(UnparsablePage):
        extract_page(b"", url=URL)


def test_a_broken_json_ld_script_costs_nothing_but_itself() -> None:
    html = HTML.replace(
        "</head>", '<script type="application/ld+json">{"@type": "NewsArticle", "headline"</script></head>'
    )

    page = extract_page(html, url=URL)

    assert [error.field for error in page.errors] == ["structured"]
    assert page.articles[0].headline == "Harbour opens new crane"


def test_a_fault_in_one_part_is_recorded_and_costs_only_that_part(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> str:
        raise ZeroDivisionError("no name")

    monkeypatch.setattr(page_module, "canonical_url", fail)

    page = extract_page(HTML, url=URL)

    assert [(error.field, error.message) for error in page.errors] == [("canonical_url", "ZeroDivisionError: no name")]
    assert page.canonical_url == URL
    assert page.articles


def test_a_body_that_only_json_has_is_taken_from_there() -> None:
    body = "\\n".join(PARAGRAPHS)
    node = f'{{"@type": "NewsArticle", "headline": "Crane", "articleBody": "{body}"}}'
    script = f'<script type="application/ld+json">{node}</script>'
    html = f"<html><head><title>Crane</title>{script}</head><body><h1>Crane</h1><div id='app'></div></body></html>"

    article = extract_page(html, url=URL).articles[0]

    assert article.article_body == "\n".join(PARAGRAPHS)
    assert article.origins["article_body"] is Origin.STRUCTURED
    assert article.xpath is None


@pytest.mark.parametrize(
    "wrap",
    [
        pytest.param(lambda state: f"window.STATE = {state};", id="state"),
        pytest.param(lambda state: f"self.stream.push([1,{json.dumps('5:' + state)}])", id="state-in-a-string"),
    ],
)
def test_a_body_that_only_the_state_of_a_script_has_is_taken_from_there(wrap: Callable[[str], str]) -> None:
    markup = (
        f"<p>{PARAGRAPHS[0]}</p><h2>More lift</h2><p>{PARAGRAPHS[1]} {PARAGRAPHS[2]}</p><p>{PARAGRAPHS[0]} Again.</p>"
    )
    script = wrap(json.dumps({"post": {"id": 7, "contentHtml": markup}})).replace("</", "\\u003c/")
    html = f"<html><head><title>Crane</title></head><body><div id='app'></div><script>{script}</script></body></html>"

    article = extract_page(html, url=URL).articles[0]

    assert [block.type for block in article.blocks] == [
        BlockType.PARAGRAPH,
        BlockType.HEADING,
        BlockType.PARAGRAPH,
        BlockType.PARAGRAPH,
    ]
    assert article.blocks[0].text == PARAGRAPHS[0]


def test_a_list_of_articles_is_no_article() -> None:
    cards = "".join(
        f'<article><h2><a href="/news/a-{n}-{n}-story-{n}.html">A story with a number {n}</a></h2><p>{text}</p>'
        f'<a href="/news/a-{n}-{n}-story-{n}.html">Read more</a></article>'
        for n, text in enumerate(PARAGRAPHS * 3)
    )

    page = extract_page(
        f"<title>Trade</title><body><h1>Trade</h1>{cards}", url="https://www.example.com/category/trade/"
    )

    assert page.kind is PageKind.LISTING
    assert page.articles == ()
    assert page.kind_reason


def test_a_plain_text_dump_is_read_as_one() -> None:
    page = extract_page("Harbour opens new crane\n" + "\n".join(PARAGRAPHS), content_type="text/plain")

    assert PARAGRAPHS[1] in page.articles[0].article_body


class TestHints:
    def test_a_hinted_body_replaces_the_generic_one(self) -> None:
        site = Site(name="example", article_body="div.content", not_body=("h2",))

        article = extract_page(HTML, url=URL, site=site).articles[0]

        assert article.article_body == "\n".join(PARAGRAPHS)
        assert article.origins["article_body"] is Origin.HINT
        assert article.xpath == "/html/body/main/article/div[2]"

    def test_a_hint_without_a_node_says_what_to_mend(self) -> None:
        site = Site(name="example", article_body="div.story")

        with pytest.raises(LayoutChanged) as caught:
            extract_page(HTML, url=URL, site=site)

        message = str(caught.value)
        assert "'div.story'" in message
        assert "found none" in message
        assert "crawler/sites/example.py" in message
        assert URL in message
        assert caught.value.field == "article_body"

    def test_a_selector_that_is_none_says_so(self) -> None:
        with pytest.raises(LayoutChanged, match="expected a CSS selector"):
            extract_page(HTML, url=URL, site=Site(name="example", article_body="div["))

    def test_a_box_that_is_not_there_today_is_no_fault(self) -> None:
        site = Site(name="example", article_body="div.content", not_body=(".advert",))

        assert extract_page(HTML, url=URL, site=site).articles

    def test_the_sites_own_addresses_decide_what_is_an_article(self) -> None:
        assert extract_page(HTML, url=URL, site=Site(name="example", listing_url="^.*/news/")).kind is PageKind.LISTING
        assert (
            extract_page("<p>Short.", url=URL, site=Site(name="example", article_url=r"\d+\.html$")).kind
            is PageKind.ARTICLE
        )

    def test_the_sites_encoding_overrides_what_the_page_says(self) -> None:
        html = f'<meta charset="utf-8"><title>café</title><p>{PARAGRAPHS[0]}'.encode("latin-1")

        assert extract_page(html, url=URL, site=Site(name="example", encoding="latin-1")).title == "café"


_PIECES = [
    "<p>",
    "</p>",
    "<a href='/b-long-slug-here'>",
    "</a>",
    "<br>",
    "<div class=content>",
    "</div>",
    "<li>",
    "<h1>",
]
_WORDS = [
    "Words of a text, with a comma. ",
    "相关文章",
    "Tags:",
    "2026-11-20 08:30",
    "<h2>",
    "</h2>",
    "<table><tr><td>",
    "</table>",
]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(_PIECES + _WORDS), max_size=60))
def test_the_body_is_visible_text_in_page_order(fragments: list[str]) -> None:
    html = "<title>x</title>" + "".join(fragments) + f"<p>{PARAGRAPHS[0]}</p><p>{PARAGRAPHS[1]}</p>"

    page = extract_page(html, url=URL, site=GENERIC, now=datetime(2026, 11, 23, tzinfo=UTC))

    visible = iter("".join("".join(block.text.split()) for block in outline_of(Document.parse(html)).blocks))
    for article in page.articles:
        assert all(char in visible for char in "".join(article.article_body.split()))


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_give_a_page_or_are_unparsable(body: bytes) -> None:
    try:
        page = extract_page(body, url=URL)
    except UnparsablePage:
        return
    assert page.url == URL
