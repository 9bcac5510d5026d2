"""Articles over several pages, from a real server into a real database: one article, whatever way leads to it."""

import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from models.engine import open_database
from models.items import Page
from pipelines.queries import stored_page

RunScrapy = Callable[..., subprocess.CompletedProcess[str]]

ENGLISH = [
    ["The ferry to Sandhavn has run for a hundred years, and nobody has ever asked why it stops at the old quay."],
    ["In the second winter the ice closed the fairway, and the captain walked to the island to fetch the letters."],
    ["The last steamer was sold for scrap in spring. Its bell hangs in the school now and rings for the holidays."],
]
CHINESE = [
    ["老码头的渡轮已经开了一百年，从来没有人问过它为什么要在这里停靠，船长自己也说不清楚其中的缘由。"],
    ["第二年冬天海面结了厚厚的冰，船长只好步行到岛上去取信，来回走了整整一天，回来时天已经完全黑了。"],
    ["最后一艘蒸汽船在春天被卖掉拆解，船上的铜钟如今挂在小学的门口，每逢放假的时候才会被敲响几声。"],
]
RELATED = {
    "tide-table-lost": "Tide table lost and found",
    "bell-of-the-school": "Whose bell the school may ring",
    "ice-in-the-fairway": "How thick the ice in the fairway was",
}
OTHERS = '<section class="related"><h3>Related articles</h3><ul>{}</ul></section>'.format(
    "".join(f'<li><a href="/other/{name}">{headline}</a></li>' for name, headline in RELATED.items())
)
FRAME = """<!doctype html><html lang="{language}"><head><title>{headline} - Quay News</title>
<meta property="og:type" content="article"></head><body><p><a href="/">Quay News</a></p><article><h1>{headline}</h1>
<p class="date">2024-03-13 08:00 +00:00</p><div class="text">{body}{pager}</div>{below}</article></body></html>"""


def english(number: int) -> bytes:
    """/ferry, /ferry/2, /ferry/3; the related articles stand below the last part."""
    paragraphs = "".join(f"<p>{text} {text.upper()} {number}.{n}</p>" for text in ENGLISH[number - 1] for n in range(3))
    addresses = ["/ferry", "/ferry/2", "/ferry/3"]
    numbers = " ".join(
        f"<b>{n}</b>" if n == number else f'<a href="{address}">{n}</a>' for n, address in enumerate(addresses, 1)
    )
    further = f'<a href="{addresses[number]}">Next page »</a>' if number < 3 else ""
    return FRAME.format(
        language="en",
        headline="A hundred years of the Sandhavn ferry",
        body=paragraphs,
        pager=f'<div class="page-links">Pages: {numbers} {further}</div>',
        below=OTHERS if number == 3 else "",
    ).encode()


def chinese(number: int) -> bytes:
    """/a/20240313_7.html, /a/20240313_7_2.html, …"""
    paragraphs = "".join(f"<p>{text}{text}（{number}之{n}）</p>" for text in CHINESE[number - 1] for n in range(3))
    addresses = ["20240313_7.html", "20240313_7_2.html", "20240313_7_3.html"]
    back = f'<a href="{addresses[number - 2]}">上一页</a>' if number > 1 else "上一页"
    further = f'<a href="{addresses[number]}">下一页</a>' if number < 3 else "下一页"
    return FRAME.format(
        language="zh-CN",
        headline="老码头渡轮的一百年",
        body=paragraphs,
        pager=f"<p>{back} {further}</p>",
        below='<p>上一篇：<a href="20240312_6.html">潮汐表失而复得</a></p>',
    ).encode()


class PartedSite:
    """Path to body; a path that is not there is 404. `asked` is in order."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.asked: list[str] = []
        self.pages: dict[str, bytes] = {
            "/": b'<h1>Quay News</h1><ul><li><a href="/ferry">A hundred years of the Sandhavn ferry</a></li>'
            b'<li><a href="/a/20240313_7.html">One more</a></li></ul>',
            **dict.fromkeys((f"/other/{name}" for name in RELATED), b"<h1>Lost</h1>"),
            "/a/20240312_6.html": b"<h1>Lost</h1>",
            **{path: english(n) for n, path in enumerate(["/ferry", "/ferry/2", "/ferry/3"], 1)},
            **{f"/a/20240313_7{end}.html": chinese(n) for n, end in enumerate(["", "_2", "_3"], 1)},
        }


@contextmanager
def serve() -> Iterator[PartedSite]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parted.asked.append(self.path)
            body = parted.pages.get(self.path)
            self.send_response(200 if body else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(body or b"<h1>gone</h1>")

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the name is given by the class above
            """Quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        parted = PartedSite(f"http://127.0.0.1:{server.server_port}")
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        yield parted
        server.shutdown()
        thread.join()


@pytest.fixture
def site() -> Iterator[PartedSite]:
    with serve() as parted:
        yield parted


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "test.db"


@dataclass(frozen=True)
class Crawled:
    """A crawl from the home page, at which several tests look."""

    base: str
    database: Path
    asked: tuple[str, ...]


@pytest.fixture(scope="module")
def crawled(run_scrapy_once: RunScrapy, tmp_path_factory: pytest.TempPathFactory) -> Crawled:
    database = tmp_path_factory.mktemp("parts") / "test.db"
    with serve() as site:
        crawl(run_scrapy_once, f"{site.base}/", database)
        return Crawled(site.base, database, tuple(site.asked))


def crawl(run_scrapy: RunScrapy, url: str, database: Path, *more: str) -> None:
    done = run_scrapy("crawl", "articles", "-a", f"url={url}", "-s", f"DATABASE_URL=sqlite:///{database}", *more)
    assert done.returncode == 0, done.stderr


def rows(database: Path, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(database)) as connection:
        return connection.execute(query).fetchall()


def read(database: Path, url: str) -> Page:
    engine = open_database(f"sqlite:///{database}")
    page = stored_page(engine, url)
    engine.dispose()
    assert page is not None
    return page


@pytest.mark.parametrize(
    ("path", "texts"),
    [pytest.param("/ferry", ENGLISH, id="english"), pytest.param("/a/20240313_7.html", CHINESE, id="chinese")],
)
def test_the_parts_are_one_article(crawled: Crawled, path: str, texts: list[list[str]]) -> None:
    page = read(crawled.database, crawled.base + path)

    (article,) = page.articles
    assert [block.part for block in article.blocks] == [1, 1, 1, 2, 2, 2, 3, 3, 3]
    assert all(block.text.startswith(texts[block.part - 1][0]) for block in article.blocks)
    assert page.errors == ()


def test_a_part_is_no_article_of_its_own_but_another_name(crawled: Crawled) -> None:
    names = "SELECT a.url, p.url FROM page a JOIN page p ON p.id = a.canonical_page_id ORDER BY a.url"

    assert rows(crawled.database, "SELECT count(*) FROM article") == [(2,)]
    assert rows(crawled.database, names) == [
        (f"{crawled.base}/a/20240313_7_2.html", f"{crawled.base}/a/20240313_7.html"),
        (f"{crawled.base}/a/20240313_7_3.html", f"{crawled.base}/a/20240313_7.html"),
        (f"{crawled.base}/ferry/2", f"{crawled.base}/ferry"),
        (f"{crawled.base}/ferry/3", f"{crawled.base}/ferry"),
    ]


def test_each_part_is_asked_for_once_and_counted(crawled: Crawled) -> None:
    assert len(crawled.asked) == len(set(crawled.asked))
    assert rows(crawled.database, "SELECT asked - stored - unchanged - failed - refused FROM crawl") == [(0,)]


def test_lists_of_any_part_belong_to_the_article_and_pagers_do_not(crawled: Crawled) -> None:
    (related,) = read(crawled.database, f"{crawled.base}/ferry").link_lists

    assert [item.headline for item in related.items] == list(RELATED.values())


def test_a_crawl_that_begins_at_a_further_part_stores_the_whole(
    run_scrapy: RunScrapy, site: PartedSite, database: Path
) -> None:
    crawl(run_scrapy, f"{site.base}/ferry/2", database)

    owners = "SELECT p.url FROM article a JOIN page p ON p.id = a.page_id WHERE p.url LIKE '%ferry%'"
    assert rows(database, owners) == [(f"{site.base}/ferry",)]
    assert len(read(database, f"{site.base}/ferry").articles[0].blocks) == 9
    assert site.asked.count("/ferry/2") == 1


def test_a_part_that_fails_is_recorded_and_the_article_says_so(
    run_scrapy: RunScrapy, site: PartedSite, database: Path
) -> None:
    del site.pages["/ferry/2"]

    crawl(run_scrapy, f"{site.base}/ferry", database, "-s", "FAILURE_SHARE_MAX=1")

    page = read(database, f"{site.base}/ferry")
    assert {block.part for block in page.articles[0].blocks} == {1, 3}
    assert [error.message for error in page.errors if error.field == "parts"] == [
        f"part 2 is missing, {site.base}/ferry/2 could not be read: the server says the page is gone (404)"
    ]
    assert rows(database, "SELECT failure_class, url FROM failure WHERE url LIKE '%/2'") == [
        ("gone", f"{site.base}/ferry/2")
    ]


def test_no_more_parts_are_joined_than_the_setting_says(
    run_scrapy: RunScrapy, site: PartedSite, database: Path
) -> None:
    crawl(run_scrapy, f"{site.base}/ferry", database, "-s", "PARTS_PER_ARTICLE=2")

    page = read(database, f"{site.base}/ferry")
    assert {block.part for block in page.articles[0].blocks} == {1, 2}
    assert "PARTS_PER_ARTICLE" in page.errors[-1].message


def test_a_site_that_shows_the_same_text_under_every_number_has_no_parts(
    run_scrapy: RunScrapy, site: PartedSite, database: Path
) -> None:
    site.pages["/ferry/2"] = site.pages["/ferry"]

    crawl(run_scrapy, f"{site.base}/ferry", database)

    page = read(database, f"{site.base}/ferry")
    assert [block.part for block in page.articles[0].blocks] == [1, 1, 1]
    assert page.errors == ()


def test_recrawl_joins_the_parts_again_and_prints_what_changed(
    run_scrapy: RunScrapy, site: PartedSite, database: Path
) -> None:
    crawl(run_scrapy, f"{site.base}/ferry", database)
    site.pages["/ferry/3"] = site.pages["/ferry/3"].replace(b"sold for scrap", b"saved by the school")

    done = run_scrapy("recrawl", f"{site.base}/ferry", "-s", f"DATABASE_URL=sqlite:///{database}")

    assert done.returncode == 0, done.stdout + done.stderr
    assert "saved by the school" in done.stdout
    versions = "SELECT a.version FROM article a JOIN page p ON p.id = a.page_id WHERE p.url LIKE '%ferry'"
    assert rows(database, versions) == [(2,)]
    assert len(read(database, f"{site.base}/ferry").articles[0].blocks) == 9


def test_the_parts_are_joined_again_out_of_the_archive(run_scrapy: RunScrapy, site: PartedSite, database: Path) -> None:
    crawl(run_scrapy, f"{site.base}/ferry", database)
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("UPDATE article SET headline = 'Another', content_hash = zeroblob(16)")
        connection.execute("UPDATE article_version SET headline = 'Another', content_hash = zeroblob(16)")
        connection.commit()
    site.pages.clear()

    done = run_scrapy("reextract", "-s", f"DATABASE_URL=sqlite:///{database}", "--workers", "1")

    assert done.returncode == 0, done.stderr
    assert ", 2 changed" in done.stderr
    (article,) = read(database, f"{site.base}/ferry").articles
    assert [block.part for block in article.blocks] == [1, 1, 1, 2, 2, 2, 3, 3, 3]


def test_an_article_of_which_parts_are_not_archived_is_left_as_stored(
    run_scrapy: RunScrapy, site: PartedSite, database: Path
) -> None:
    crawl(run_scrapy, f"{site.base}/ferry", database)
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("UPDATE fetch SET archive_file = NULL WHERE status IS NULL")
        connection.commit()

    done = run_scrapy("reextract", "-s", f"DATABASE_URL=sqlite:///{database}", "--workers", "1")

    assert done.returncode == 1
    assert "2 pages left as stored: not all parts of the article are in the archive" in done.stderr
    assert len(read(database, f"{site.base}/ferry").articles[0].blocks) == 9
