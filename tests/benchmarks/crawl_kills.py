"""`kill -9` of a running crawl, of the sync that follows it, and of the target: what is lost, doubled, half-written.

    python -m tests.benchmarks.crawl_kills postgresql --kills 100
    python -m tests.benchmarks.crawl_kills sqlite --kills 100

A site of our own changes each article now and then. `scrapy crawl` runs over it again and again; a sync follows into a
second database. One of them is killed at a random moment, or the server's process that serves the sync, and all are
started again. At the end the site stands still, one more crawl and sync come through, and both databases are compared
with the site.
"""

import argparse
import os
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path
from threading import Lock, Thread

from sqlalchemy import select, text

from models.engine import open_database
from models.tables import METADATA
from pipelines.sync import open_target, table_sums
from tests.benchmarks.sync_kills import Keeper, child_of, kill_backend, two_databases

ARTICLES = 60
_ASKED_BEFORE_CHANGE = 2
ARTICLE, PAGE, VERSION = (METADATA.tables[name] for name in ("article", "page", "article_version"))


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the site shows at the end and the database lacks; what stands twice; what lacks its parts."""

    kills: Counter[str]
    requests: int
    versions: int
    lost: int
    doubled: int
    half_written: int
    differing_tables: int
    """Of source and target, by rows and checksum."""


@dataclass
class ChangingSite:
    """A list of articles; an article has another text each second time it is asked for, until the site is frozen."""

    asked: Counter[int] = field(default_factory=Counter)
    is_frozen: bool = False
    articles: int = ARTICLES
    lock: Lock = field(default_factory=Lock)

    def page(self, path: str) -> str | None:
        if path == "/":
            links = "".join(
                f'<li><a href="/2026/{each}.html">{headline(each, 0)}</a></li>' for each in range(self.articles)
            )
            return f"<html><title>Reports</title><body><h1>Reports</h1><ul>{links}</ul></body></html>"
        name = path.removeprefix("/2026/").removesuffix(".html")
        if not name.isdigit() or int(name) >= self.articles:
            return None
        number = int(name)
        with self.lock:
            if not self.is_frozen:
                self.asked[number] += 1
            return _article(number, self.edition(number), among=self.articles)

    def edition(self, number: int) -> int:
        return self.asked[number] // _ASKED_BEFORE_CHANGE


def _article(number: int, edition: int, *, among: int) -> str:
    days = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
    paragraphs = "".join(
        f"<p>On {day} the harbour office counted {number + edition + len(day)} parcels on the customs line. Each of "
        f"them was weighed, and {edition} went back to where they had come from, because their papers were those of "
        f"another week; their senders were told on {day} evening.</p>"
        for day in days
    )
    others = [(number + step) % among for step in range(1, 5)]
    links = "".join(f'<li><a href="/2026/{each}.html">{headline(each, 0)}</a></li>' for each in others)
    head = f'<title>{headline(number, edition)}</title><meta name="author" content="Ann Lee">'
    return (
        f"<html><head>{head}</head><body><article><h1>{headline(number, edition)}</h1>{paragraphs}</article>"
        f"<h2>Related articles</h2><ul>{links}</ul></body></html>"
    )


def headline(number: int, edition: int) -> str:
    return f"Harbour office counts {number} more parcels on its customs line, edition {edition}"


@contextmanager
def served(site: ChangingSite) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            page = site.page(self.path)
            body = (page or "gone").encode()
            self.send_response(200 if page else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Quiet."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: object) -> None:
            """Quiet: a killed crawl drops its connections."""

    with Server(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def torment(source_url: str, target_url: str, *, kills: int, folder: Path, seed: int = 1) -> Verdict:
    open_database(source_url).dispose()
    victims = ("crawl", "follow", "server") if target_url.startswith("postgresql") else ("crawl", "follow")
    chance = random.Random(seed)  # noqa: S311  # the same moments in every run
    done: Counter[str] = Counter()
    site = ChangingSite()
    with served(site) as url:
        children = {
            "crawl": [sys.executable, "-m", "tests.benchmarks.crawl_kills", "crawl", source_url, url, str(folder)],
            "follow": child_of("follow", source_url, target_url, folder),
        }
        with Keeper(children, folder) as keeper:
            while done.total() < kills:
                keeper.wait_until_all_work()
                time.sleep(chance.uniform(0, 4))
                victim = victims[done.total() % len(victims)]
                done[victim] += kill_backend(target_url) if victim == "server" else keeper.kill(victim)
            keeper.kill("crawl")
            site.is_frozen = True
            keeper.end("crawl")
            keeper.end("follow")
    return _judge(source_url, target_url, site, kills=done)


def crawl(source_url: str, site_url: str, folder: Path) -> None:
    """Becomes `scrapy crawl`."""
    (folder / f"{os.getpid()}").touch()
    os.environ["TRIPTYCH_DATABASE_URL"] = source_url
    os.environ["TRIPTYCH_ARCHIVE"] = str(folder / "archive")
    # What a killed crawl held comes back when its leases have run out.
    settings = ("AUTOTHROTTLE_ENABLED=False", "DOWNLOAD_DELAY=0.02", "FRONTIER_LEASE_SECONDS=4")
    quick = [each for setting in settings for each in ("-s", setting)]
    command = [sys.executable, "-m", "scrapy", "crawl", "articles", "-a", f"url={site_url}", *quick]
    os.execv(sys.executable, command)  # noqa: S606  # the same interpreter


def _judge(source_url: str, target_url: str, site: ChangingSite, *, kills: Counter[str]) -> Verdict:
    source, target = open_database(source_url), open_target(target_url)
    shown = {headline(number, site.edition(number)) for number in range(ARTICLES)}
    with source.connect() as ours, target.connect() as theirs:
        now = [row.headline for row in ours.execute(select(ARTICLE.c.headline).where(ARTICLE.c.gone_at.is_(None)))]
        versions = ours.execute(
            select(VERSION.c.article_id, VERSION.c.content_hash).order_by(VERSION.c.article_id, VERSION.c.number)
        ).all()
        halves = sum(connection.execute(text(_HALF_WRITTEN)).scalar_one() for connection in (ours, theirs))
        differing = sum(own != other for own, other in zip(table_sums(ours), table_sums(theirs), strict=True))
    source.dispose()
    target.dispose()
    twice = sum(before == after for before, after in pairwise(versions))
    return Verdict(
        kills=kills,
        requests=site.asked.total(),
        versions=len(versions),
        lost=len(shown - set(now)),
        doubled=twice + len(now) - len(set(now)),
        half_written=halves,
        differing_tables=differing,
    )


_HALF_WRITTEN = """
    SELECT count(*) FROM article AS a WHERE NOT (
        (SELECT count(*) FROM article_version WHERE article_id = a.id) = a.version
        AND EXISTS (SELECT 1 FROM article_author WHERE article_id = a.id)
        AND (SELECT count(*) FROM outlink WHERE page_id = a.page_id) = 4
        AND (SELECT count(*) FROM link_list AS l JOIN link_item AS i ON i.link_list_id = l.id
             WHERE l.page_id = a.page_id AND l.last_seen_at IS NULL) = 4)"""


def run(dialect: str, *, kills: int, folder: Path) -> Verdict:
    with two_databases(dialect, folder) as (source_url, target_url):
        return torment(source_url, target_url, kills=kills, folder=folder)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    acts = parser.add_subparsers(dest="act", required=True)
    child = acts.add_parser("crawl")
    child.add_argument("source_url")
    child.add_argument("site_url")
    child.add_argument("folder", type=Path)
    for name in ("postgresql", "sqlite"):
        acts.add_parser(name).add_argument("--kills", type=int, default=100)
    options = parser.parse_args(arguments)
    if options.act == "crawl":
        crawl(options.source_url, options.site_url, options.folder)
    with tempfile.TemporaryDirectory() as folder:
        print(run(options.act, kills=options.kills, folder=Path(folder)))


if __name__ == "__main__":
    main()
