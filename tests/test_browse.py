"""`triptych browse`: every page over real HTTP, on both databases; and that nothing of a page does anything."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from lxml import html
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

pytest.importorskip("starlette", reason="the pages need the extra web: pip install 'triptych[web]'")

from models.engine import reading
from pipelines.browse import create_app, open_to_read
from tests.browsing import HOSTILE, HOSTILE_URL, Answer, Browsed, browsing_on, served

PATHS = [
    *("/articles", "/articles?order=published", "/articles?q=仓库", "/articles?q=%22no+such%22", "/sites", "/tags"),
    *("/tags?q=tag", "/runs", "/runs/1", "/failures", "/failures?class=gone&run=1&site=example.com", "/schedules"),
    *("/alarms", "/runs/over-time", "/runs/over-time?period=year&site=example.com"),
]


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def browsed(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browsed]:
    """One database of each dialect for all that is only read."""
    with browsing_on(request.param, request, tmp_path_factory.mktemp("browse")) as running:
        yield running


def parsed(answer: Answer) -> Any:
    """lxml's types say that an XPath may give anything at all."""
    return html.fromstring(answer.text)


def encoded(path: str) -> str:
    return path.replace("仓库", "%E4%BB%93%E5%BA%93")


def page_of(browsed: Browsed, url: str) -> str:
    """The address of what is stored of the URL, as the search finds it."""
    return browsed.get(f"/articles?q={url}").headers["location"]


def test_every_page_answers_and_every_link_of_it_leads_somewhere(browsed: Browsed) -> None:
    waiting, seen = [encoded(path) for path in PATHS] + [page_of(browsed, HOSTILE_URL)], set[str]()
    while waiting:
        path = waiting.pop()
        seen.add(path)
        answer = browsed.get(path)
        assert answer.status in (200, 303), path
        if "html" in answer.headers.get("content-type", ""):
            links = parsed(answer).xpath("//a/@href | //iframe/@src | //link/@href")
            paths = {link.partition("#")[0] for link in links if link.startswith("/")}
            waiting += sorted(paths - seen - set(waiting))

    assert len(seen) > 60


def test_a_request_for_another_host_is_refused(browsed: Browsed) -> None:
    answers = [
        browsed.get("/articles", host=host).status for host in ("evil.example", "127.0.0.1.evil.example", "[::2]")
    ]

    assert answers == [421, 421, 421]
    assert browsed.get("/articles", host=f"localhost:{browsed.port}").status == 200


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
def test_what_would_write_is_refused(browsed: Browsed, method: str) -> None:
    assert browsed.get("/articles", method=method).status == 405


def test_the_database_itself_refuses_to_be_written(engine: Engine, database_url: str) -> None:
    reader = open_to_read(database_url)

    with pytest.raises(DBAPIError), reader.begin() as connection:
        connection.execute(text("DELETE FROM page"))

    with reading(engine) as connection:
        assert connection.execute(text("SELECT count(*) FROM page")).scalar_one() == 0
    reader.dispose()


def test_every_answer_has_the_headers_of_a_careful_site(browsed: Browsed) -> None:
    for path in ("/articles", "/nowhere", "/static/style.css"):
        headers = browsed.get(path).headers

        assert "default-src 'none'" in headers["content-security-policy"]
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert (headers["x-content-type-options"], headers["referrer-policy"]) == ("nosniff", "no-referrer")


def test_a_hostile_page_is_shown_and_does_nothing(browsed: Browsed) -> None:
    address = page_of(browsed, HOSTILE_URL)
    for path in (address, f"{address}?beside=1", f"{address}/history", f"{address}/graph", "/articles", "/tags"):
        answer = browsed.get(path)
        tree = parsed(answer)

        assert answer.status == 200
        assert tree.xpath("//script | //@onload | //@onerror | //@onclick | //@style") == [], path
        assert [link for link in tree.xpath("//@href | //@src") if re.match(r"\s*(?!https?:|[/#?])", link)] == [], path
        assert "\u202e" not in answer.text, path
        assert "⟨U+202E⟩" in answer.text, path


def test_links_to_other_sites_tell_them_nothing(browsed: Browsed) -> None:
    tree = parsed(browsed.get(page_of(browsed, HOSTILE_URL)))

    outside = tree.xpath("//a[starts-with(@href, 'http')]")

    assert {link.get("href") for link in outside} >= {HOSTILE_URL, "https://nowhere.example/"}
    assert {link.get("rel") for link in outside} == {"nofollow noopener noreferrer"}


def test_the_framed_page_is_inert_and_has_its_panels_outlined(browsed: Browsed) -> None:
    answer = browsed.get(f"{page_of(browsed, HOSTILE_URL)}/archived")
    tree = parsed(answer)

    assert "sandbox" in answer.headers["content-security-policy"]
    assert "script-src" not in answer.headers["content-security-policy"]
    assert (
        tree.xpath("//script | //iframe | //form | //input | //img | //@href | //@src | //@onclick | //@onload") == []
    )
    assert [(part.get("id"), part.get("data-panel"), part.get("data-label")) for part in tree.xpath("//*[@id]")] == [
        ("body-1", "body", "body"),
        ("links-1", "links", "links: related"),
    ]
    assert "Said by the page. [image: A ship]" in tree.text_content()


def test_the_three_panels_say_what_is_stored(browsed: Browsed) -> None:
    tree = parsed(browsed.get(page_of(browsed, HOSTILE_URL)))

    body, links, tags = tree.xpath("//section[contains(@class, 'panel')]")

    assert [kind.get("title") for kind in body.xpath(".//*[@class='type']")] == [
        *("paragraph", "heading", "list_item", "quote", "code", "table", "image", "caption")
    ]
    assert "88 %" in body.text_content()
    assert "hint" in body.text_content()
    assert [" ".join(item.text_content().split()) for item in links.xpath(".//li")][1:3] == [
        "Stored one stored open",
        "Never fetched not fetched open",
    ]
    assert f"tag {HOSTILE}".replace("\u202e", "⟨U+202E⟩") in tags.text_content()


def test_a_list_is_continued_where_it_ended_and_names_each_article_once(
    browsed: Browsed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipelines.browse.articles.LENGTH", 3)
    for order in ("", "published"):
        path: str | None = f"/articles?order={order}"
        seen: list[str] = []
        while path:
            tree = parsed(browsed.get(path))
            seen += tree.xpath("//li[@class='entry']/h2/a/text()")
            path = next(iter(tree.xpath("//a[@rel='next']/@href")), None)

        assert len(seen) == len(set(seen)) == (10 if order == "" else 9)


@pytest.mark.parametrize("order", ["", "published"])
def test_what_is_far_back_is_looked_for_a_stretch_at_a_time_and_found(
    browsed: Browsed, monkeypatch: pytest.MonkeyPatch, order: str
) -> None:
    monkeypatch.setattr("pipelines.browse.listing._NARROW", 0)
    monkeypatch.setattr("pipelines.browse.listing._WINDOW", 4)
    monkeypatch.setattr("pipelines.browse.articles.LENGTH", 3)
    path: str | None = f"/articles?site=example.com&kind=article&order={order}"
    pages: list[list[str]] = []
    while path:
        tree = parsed(browsed.get(path))
        pages.append(tree.xpath("//li[@class='entry']/h2/a/@href"))
        path = next(iter(tree.xpath("//a[@rel='next']/@href")), None)
    exported = browsed.get("/articles.jsonl?site=example.com").text.splitlines()

    seen = [link for links in pages for link in links]
    assert (len(seen), len(set(seen)), len(exported)) == (9, 9, 9)
    assert max(map(len, pages)) == 3


def test_where_a_stretch_holds_nothing_the_page_says_how_to_look_further(
    browsed: Browsed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipelines.browse.listing._NARROW", -1)
    monkeypatch.setattr("pipelines.browse.listing._WINDOW", 4)

    tree = parsed(browsed.get("/articles?kind=listing"))

    assert tree.xpath("//a[@rel='next']/text()") == ["Look further back"]


def test_a_site_is_shown_field_by_field(browsed: Browsed) -> None:
    tree = parsed(browsed.get("/sites/example.com"))

    rows = {
        row.xpath("string(th)"): [" ".join(cell.text_content().split()) for cell in row.xpath("td")][1]
        for row in tree.xpath("//tbody/tr")
    }

    assert (rows["headline"], rows["tags"], rows["section"]) == ("100 %", "100 %", "0 %")


def test_versions_are_compared_word_by_word(browsed: Browsed) -> None:
    tree = parsed(browsed.get(f"{page_of(browsed, 'https://example.com/1')}/history"))

    assert tree.xpath("//section[@class='change']//p//del/text()")[:1] == ["0"]
    assert tree.xpath("//section[@class='change']//p//ins/text()")[:1] == ["1"]


def test_the_graph_leads_to_the_neighbours(browsed: Browsed) -> None:
    tree = parsed(browsed.get(f"{page_of(browsed, 'https://example.com/4')}/graph"))

    sides = {side: tree.xpath(f"//*[contains(@class, 'node {side}')]/title/text()") for side in ("before", "after")}

    assert sides == {
        "before": ["仓库 2, edition 0 🏬", "仓库 3, edition 0 🏬", "仓库 1, edition 1 🏬"],
        "after": ["仓库 5, edition 0 🏬", "仓库 6, edition 0 🏬"],
    }


@pytest.mark.parametrize(
    "path", ["/pages/999999", "/runs/999999", "/tags/999999", "/pages/1/x", "/articles.xml", "/runs.xml", "/x"]
)
def test_what_is_not_there_is_said_to_be_not_there(browsed: Browsed, path: str) -> None:
    answer = browsed.get(path)

    assert answer.status == 404
    assert "To the articles" in answer.text


def test_a_database_that_is_gone_is_one_page_that_says_so(engine: Engine, database_url: str) -> None:
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE schedule RENAME TO elsewhere"))
    reader = open_to_read(database_url)

    with served(create_app(reader, archive=None)) as browsed:
        answer = browsed.get("/schedules")
    reader.dispose()

    assert answer.status == 503
    assert "schedule" in answer.text
