"""How well and how fast pages are split, on labelled pages of sites that the models have not seen.

    python -m tests.benchmarks.splitting DATA [--folds 5] [--worst 10] [--output FILE]

DATA holds bodies/, lists/ and kinds/, each with gold.jsonl and html/. For each fold of sites the models are made anew
from the pages of all other sites. Other extractors read the same pages in the same run where they are installed
(`pip install -e '.[bench]'`). CPU is user and system time of the whole reading, bytes in, `Page` out, beside a bare
parse by lxml of the same bytes just before it. `--folds 0` takes the shipped models, which have seen the pages.
"""

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import lxml.html

from crawler.document import Document
from crawler.errors import UnparsablePage
from crawler.extractors.learned import Learned
from crawler.extractors.page import read_document
from crawler.markup.encodings import decode
from models.items import Page, PageKind
from tests.benchmarks.folds import Labelled, labelled_pages, models_for
from tests.benchmarks.listed import score_lists
from tests.benchmarks.peers import Peer, Reading, installed_peers
from tests.benchmarks.scores import BodyScore, names_f1, same_day, same_words, score_body
from tests.benchmarks.tables import print_tables

OURS = "triptych"
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Read:
    """What one extractor made of one page."""

    by: str
    page: Labelled
    fold: int
    seconds: float
    parse_seconds: float
    scores: dict[str, Any]


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks.splitting", description=(__doc__ or "").split("\n\n", 1)[0]
    )
    parser.add_argument("data", type=Path, metavar="DATA")
    parser.add_argument("--folds", type=int, default=5, help="0: the shipped models, which have seen the pages")
    parser.add_argument("--worst", type=int, default=10, help="pages listed for each set")
    parser.add_argument("--alone", action="store_true", help="leave out the other extractors")
    parser.add_argument("--keep", type=Path, help="a folder that keeps the models of the folds for another run")
    parser.add_argument("--output", type=Path, help="write a line of JSON for each page and extractor")
    options = parser.parse_args(arguments)
    pages = list(labelled_pages(options.data))
    if not pages:
        parser.error(f"no gold.jsonl under {options.data}; name the folder that holds bodies/, lists/ and kinds/")
    peers = {} if options.alone else installed_peers()
    models = models_for(options.data, pages, folds=options.folds, keep=options.keep)
    read = list(_read_all(models, peers=peers))
    if options.output:
        options.output.write_text("".join(map(_line, read)), encoding="utf-8")
    print_tables(read, worst=options.worst, folds=options.folds)
    return 0


def _read_all(models: Iterable[tuple[Learned, list[Labelled]]], *, peers: dict[str, Peer]) -> Iterator[Read]:
    for fold, (learned, held) in enumerate(models):
        print(f"fold {fold + 1}: {len(held)} pages", file=sys.stderr)
        for page in held:
            yield from _read(page, learned, fold=fold, peers=peers)


def _read(page: Labelled, learned: Learned, *, fold: int, peers: dict[str, Peer]) -> Iterator[Read]:
    html, url = page.read_bytes(), page.row.get("url")
    _, parse_seconds = _timed(lambda: lxml.html.document_fromstring(html))
    found, seconds = _timed(lambda: _ours(html, url, learned))
    yield Read(OURS, page, fold, seconds, parse_seconds, _scores(page, found))
    if page.part != "bodies":
        return
    text, _ = decode(html, content_type=None)
    for name, peer in peers.items():
        reading, seconds = _timed(partial(_theirs, peer, text, url))
        scores = _body_scores(page, reading)
        given = {fact: value for fact, value in scores.items() if fact == "body" or fact in peer.gives}
        yield Read(name, page, fold, seconds, parse_seconds, given)


def _timed(work: Callable[[], _T]) -> tuple[_T | None, float]:
    started = time.process_time()
    try:
        return work(), time.process_time() - started
    except lxml.etree.ParserError:  # an empty document
        return None, time.process_time() - started


def _ours(html: bytes, url: str | None, learned: Learned) -> Page:
    try:
        return read_document(Document.parse(html, url=url), learned=learned)
    except UnparsablePage:
        return Page(url=url)


def _theirs(peer: Peer, html: str, url: str | None) -> Reading:
    try:
        return peer.read(html, url)
    except Exception as error:  # noqa: BLE001  # a page that another extractor dies of counts as empty
        print(f"{type(error).__name__}: {error}"[:120], file=sys.stderr)
        return Reading("")


def _scores(page: Labelled, found: Page | None) -> dict[str, Any]:
    found = found or Page(url=page.row.get("url"))
    scores: dict[str, Any] = {"article": found.kind is PageKind.ARTICLE, "reason": found.kind_reason}
    if page.part == "lists":
        return scores | {"lists": score_lists(page.row, found)}
    if page.part == "kinds":
        return scores
    first = found.articles[0] if found.articles else None
    reading = Reading(
        body="\n".join(article.article_body for article in found.articles),
        headline=first.headline if first else None,
        date=first.date_published.isoformat() if first and first.date_published else None,
        authors=first.authors if first else (),
    )
    return scores | _body_scores(page, reading)


def _body_scores(page: Labelled, reading: Reading | None) -> dict[str, Any]:
    """A score for each fact that is labelled, and that the extractor gives at all."""
    row, reading = page.row, reading or Reading("")
    scores: dict[str, Any] = {"body": score_body(row["body"], reading.body)}
    if row.get("title"):
        scores["headline"] = float(same_words(row["title"], reading.headline))
    if row.get("date"):
        scores["day"] = float(same_day(row["date"], reading.date))
    if row.get("authors"):
        scores["authors"] = names_f1(row["authors"], reading.authors)
    return scores


def _line(read: Read) -> str:
    scores = {name: _plain(value) for name, value in read.scores.items()}
    line = {"by": read.by, "page": read.page.key, "fold": read.fold, "cpu": read.seconds, "parse": read.parse_seconds}
    return json.dumps(line | scores, ensure_ascii=False) + "\n"


def _plain(value: Any) -> Any:
    if isinstance(value, BodyScore):
        return {name: getattr(value, name) for name in BodyScore.__slots__}
    return repr(value) if hasattr(value, "__slots__") else value


if __name__ == "__main__":
    raise SystemExit(main())
