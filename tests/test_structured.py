"""Structured data: whole, broken and hostile."""

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.markup.structured import Declared, Structured, read_structured
from crawler.markup.tree import read_tree


def read(markup: str, *, title: str | None = None) -> Structured:
    page = f"<html><head>{markup}</head><body><p>text</p></body></html>"
    return read_markup(page, title=title)


def read_markup(page: str, *, title: str | None = None) -> Structured:
    tree = read_tree(page.encode())
    assert tree is not None
    return read_structured(tree, title=title)


def script(text: str) -> str:
    return f'<script type="application/ld+json">{text}</script>'


def values(candidates: tuple[tuple[str, Declared, str], ...]) -> list[str]:
    return [value for value, _, _ in candidates]


ARTICLE = {
    "@context": "https://schema.org",
    "@type": "NewsArticle",
    "headline": "Ports reopen &amp; ships sail",
    "author": [{"@type": "Person", "name": "Jane Roe"}, "John Doe"],
    "datePublished": "2024-03-13T19:21:05+08:00",
    "dateModified": "2024-03-14",
    "articleSection": ["Trade", "World"],
    "image": {"@type": "ImageObject", "url": "https://example.org/a.jpg"},
    "keywords": "ports, ships",
    "inLanguage": "en-GB",
}


def test_an_article_node_gives_every_field() -> None:
    found = read(script(json.dumps(ARTICLE)))

    assert values(found.headlines) == ["Ports reopen & ships sail"]
    assert values(found.authors) == ["Jane Roe", "John Doe"]
    assert values(found.dates_published) == ["2024-03-13T19:21:05+08:00"]
    assert values(found.dates_modified) == ["2024-03-14"]
    assert values(found.sections) == ["Trade", "World"]
    assert values(found.images) == ["https://example.org/a.jpg"]
    assert values(found.keywords) == ["ports, ships"]
    assert values(found.languages) == ["en-GB"]
    assert found.types == {"NewsArticle"}
    assert found.errors == ()


@pytest.mark.parametrize(
    "wrapped",
    [
        pytest.param("[{}]", id="list"),
        pytest.param('{{"@graph": [{{"@type": "WebSite", "name": "Site"}}, {}]}}', id="graph"),
        pytest.param('{{"@type": "WebPage", "mainEntity": {}}}', id="main-entity"),
        pytest.param("<!-- {} -->", id="comment"),
        pytest.param("//<![CDATA[\n{}\n//]]>", id="cdata"),
        pytest.param("/* <![CDATA[ */ {} /* ]]> */", id="commented-cdata"),
        pytest.param("{};", id="semicolon"),
        pytest.param('{{"@type": "WebPage",}} {}', id="two-values-and-a-trailing-comma"),
    ],
)
def test_an_article_node_is_found_however_it_is_wrapped(wrapped: str) -> None:
    found = read(script(wrapped.format(json.dumps(ARTICLE))))

    assert values(found.headlines)[-1] == "Ports reopen & ships sail"
    assert found.errors == ()


def test_control_characters_inside_strings_are_read() -> None:
    found = read(script('{"@type": "Article", "headline": "Two\nlines\tand a tab"}'))

    assert values(found.headlines) == ["Two lines and a tab"]


def test_a_broken_script_is_reported_and_its_plain_members_saved() -> None:
    broken = '{"@type": "Article", "headline": "Kept", "description": "a "quoted" word", "datePublished": "2024-03-13"}'

    found = read(script(broken))

    assert values(found.headlines) == ["Kept"]
    assert values(found.dates_published) == ["2024-03-13"]
    assert len(found.errors) == 1


def test_references_to_other_nodes_are_followed() -> None:
    graph = [
        {"@type": "Article", "headline": "Title", "author": {"@id": "#jane"}},
        {"@type": "Person", "@id": "#jane", "name": "Jane Roe"},
    ]

    assert values(read(script(json.dumps({"@graph": graph}))).authors) == ["Jane Roe"]


def test_the_node_the_title_shows_comes_first() -> None:
    nodes = [{"@type": "Article", "headline": "Another story"}, {"@type": "Article", "headline": "This story"}]

    assert values(read(script(json.dumps(nodes)), title="This story | Site").headlines)[0] == "This story"


def test_json_ld_comes_before_meta_and_meta_before_microdata() -> None:
    page = (
        f"<html><head><meta property='og:title' content='Meta'>{script(json.dumps({**ARTICLE, 'headline': 'Json'}))}"
        "</head><body itemscope itemtype='http://schema.org/Article'><h1 itemprop='headline'>Micro</h1></body></html>"
    )

    found = read_markup(page)

    assert [(c.value, c.source) for c in found.headlines] == [
        ("Json", Declared.JSON_LD),
        ("Meta", Declared.META),
        ("Micro", Declared.MICRODATA),
    ]


@pytest.mark.parametrize(
    ("markup", "field", "expected"),
    [
        ('<meta property="article:published_time" content="2024-03-13">', "dates_published", ["2024-03-13"]),
        ('<meta name="DC.date.issued" content="2024-03-13">', "dates_published", ["2024-03-13"]),
        ('<meta name="Author" content=" Jane  Roe ">', "authors", ["Jane Roe"]),
        ('<meta name="author" content="">', "authors", []),
        ('<meta property="article:tag" content="a"><meta property="article:tag" content="b">', "keywords", ["a", "b"]),
        (
            '<meta name="twitter:label1" content="Written by"><meta name="twitter:data1" content="Jane Roe">',
            "authors",
            ["Jane Roe"],
        ),
        ('<meta name="twitter:label1" content="Price"><meta name="twitter:data1" content="5">', "authors", []),
        ('<link rel="canonical" href="/a"><meta property="og:url" content="/b">', "urls", ["/a", "/b"]),
        ('<meta http-equiv="Content-Language" content="de">', "languages", ["de"]),
        (
            '<meta name="description" content="first"><meta property="og:description" content="second">',
            "descriptions",
            ["first", "second"],
        ),
    ],
)
def test_meta_elements_are_read_in_order_of_trust(markup: str, field: str, expected: list[str]) -> None:
    assert values(getattr(read(markup), field)) == expected


def test_microdata_of_comments_and_of_further_articles_is_left_out() -> None:
    page = """<html><body><article itemscope itemtype="https://schema.org/Article">
        <h1 itemprop="headline">Mine</h1><time itemprop="datePublished" datetime="2024-03-13">today</time>
        <span itemprop="author" itemscope itemtype="https://schema.org/Person"><b itemprop="name">Jane Roe</b></span>
        <div itemprop="comment" itemscope itemtype="https://schema.org/Comment">
          <span itemprop="author">A reader</span><time itemprop="datePublished" datetime="2024-03-15"></time></div>
        </article><article itemscope itemtype="https://schema.org/Article"><h2 itemprop="headline">Other</h2></article>
        </body></html>"""

    found = read_markup(page)

    assert values(found.headlines) == ["Mine"]
    assert values(found.authors) == ["Jane Roe"]
    assert values(found.dates_published) == ["2024-03-13"]


def test_an_article_body_keeps_its_lines() -> None:
    found = read(script(json.dumps({"@type": "Article", "articleBody": "One.\n\nTwo."})))

    assert values(found.article_bodies) == ["One.\n\nTwo."]


@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000,
        '{"a":' * 100_000,
        "," * 1_000_000,
        '"headline": "' * 80_000,
        "<!--" * 250_000,
        "-->" * 300_000,
        '{"@type": "Article", "n": ' + "9" * 10_000 + "}",
        '{"@type": ["Article", {}, null, 5], "author": [[[[[[1]]]]]], '
        '"headline": {"name": {"name": {"name": {"name": {"name": 5}}}}}}',
        json.dumps([{"@type": "Article", "headline": f"{number}"} for number in range(20_000)]),
    ],
    ids=lambda text: text[:12],
)
def test_hostile_scripts_cost_little_and_break_nothing(text: str) -> None:
    started = time.process_time()

    found = read(script(text))

    assert time.process_time() - started < 2
    assert isinstance(found, Structured)


SENTENCE = "The harbour of the town opened a new crane on Monday, after three years of work and two delays. "


@pytest.mark.parametrize(
    ("state", "paragraphs", "bodies"),
    [
        pytest.param({"content": SENTENCE * 5}, "", [SENTENCE * 5], id="a-body"),
        pytest.param({"content": SENTENCE * 5}, "<p>a<p>b<p>c", [], id="the-page-has-paragraphs"),
        pytest.param({"content": SENTENCE * 2}, "", [], id="a-teaser"),
        pytest.param({"content": "width=device-width " * 40}, "", [], id="no-sentences"),
        pytest.param({"cookieText": SENTENCE * 5}, "", [], id="another-name"),
    ],
)
def test_a_script_without_markup_beside_it_may_hold_the_body(
    state: dict[str, str], paragraphs: str, bodies: list[str]
) -> None:
    page = f"<html><body>{paragraphs}<script>window.state = {json.dumps(state)}</script></body></html>"

    found = read_markup(page)

    assert [(value, source) for value, source, _ in found.article_bodies] == [
        (body, Declared.EMBEDDED) for body in bodies
    ]


@pytest.mark.parametrize(
    ("state", "authors"),
    [
        pytest.param({"author": {"id": 3, "name": "Jane Roe"}, "body": SENTENCE * 5}, ["Jane Roe"], id="a-person"),
        pytest.param({"body": SENTENCE * 5, "byline": "Jane \u201cJ\u201d Roe"}, ["Jane “J” Roe"], id="a-name"),
        pytest.param({"authors": ["Jane Roe", "John Doe"], "body": SENTENCE * 5}, ["Jane Roe", "John Doe"], id="names"),
        pytest.param(
            {"authors": [{"name": "Jane Roe"}, {"name": "John Doe"}], "body": SENTENCE * 5},
            ["Jane Roe", "John Doe"],
            id="persons",
        ),
        pytest.param(
            {"body": SENTENCE * 5, "author": "Jane Roe", "next": {"author": "John Doe", "body": SENTENCE * 4}},
            ["Jane Roe"],
            id="not-of-the-next-article",
        ),
        pytest.param({"author": None, "body": SENTENCE * 5}, [], id="nobody"),
        pytest.param({"author": "Jane Roe", "body": SENTENCE * 2}, [], id="no-body"),
    ],
)
def test_a_body_in_a_script_has_its_author_beside_it(state: dict[str, object], authors: list[str]) -> None:
    found = read_markup(f"<html><body><script>window.state = {json.dumps(state)}</script></body></html>")

    assert values(found.authors) == authors


def test_half_surrogates_and_nul_are_left_out() -> None:
    found = read(
        script('{"@type": "Article", "headline": "A\\ud800 b\\u0000 \\ud83d\\ude00", "image": "/a\\udfff.jpg"}')
    )

    assert values(found.headlines) == ["A b 😀"]
    assert values(found.images) == ["/a.jpg"]


def test_a_live_blogs_long_script_is_read() -> None:
    updates = [{"@type": "BlogPosting", "headline": f"Update {n}", "articleBody": "word " * 200} for n in range(800)]
    text = json.dumps({"@type": "LiveBlogPosting", "headline": "Live", "liveBlogUpdate": updates})

    started = time.process_time()
    found = read(script(text))

    assert values(found.headlines) == ["Live"]
    assert time.process_time() - started < 0.5


@given(st.text())
def test_any_script_gives_candidates_or_an_error(text: str) -> None:
    plain = "".join(char for char in text if char.isprintable()).replace("<", "")

    assert isinstance(read(script(plain)), Structured)


@pytest.mark.parametrize(("levels", "is_read"), [(63, True), (64, False), (900, False)])
def test_a_script_is_read_to_so_many_levels(levels: int, is_read: bool) -> None:
    text = '{"@type": "Article", "headline": "A", "x": ' + "[" * levels + "]" * levels + "}"

    found = read(script(text))

    assert values(found.headlines) == ["A"] * is_read
    assert found.errors == () if is_read else ("JSON-LD script 1 is nested deeper than the 64 levels that are read",)


def test_a_script_that_is_too_long_is_left_out() -> None:
    found = read(script('{"@type": "Article", "headline": "A", "x": "' + "y" * 1_100_000 + '"}') + script("[{}]"))

    assert values(found.headlines) == []
    assert found.errors == ("JSON-LD script 1 has 1100046 characters, more than 1048576 read",)
