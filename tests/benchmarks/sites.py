"""How well whole sites are split whose truth is known.

    python -m tests.benchmarks.sites SITES [--worst N]

SITES holds folders with public/ (the files of a site), site.json ({"base": URL}) and truth.jsonl, a line an article.
"""

import argparse
import json
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from statistics import fmean
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

from crawler.extractors import extract_page
from models.items import Article, LinkListKind, Page, TagListKind
from tests.benchmarks.scores import Overlap, label_key, score_body

_FIGURES = ("body", "headline", "date", "authors", "tags", "tag urls", "related", "prev/next")


@dataclass(frozen=True, slots=True)
class SiteFolder:
    folder: Path

    @property
    def base(self) -> str:
        return str(json.loads((self.folder / "site.json").read_text(encoding="utf-8"))["base"])

    def truth(self) -> Iterator[dict[str, Any]]:
        for line in (self.folder / "truth.jsonl").open(encoding="utf-8"):
            yield json.loads(line)

    def read_page(self, path: str) -> Page:
        """As a crawl would find it there. Raises FileNotFoundError."""
        types = self.folder / "_types.json"
        listed = json.loads(types.read_text(encoding="utf-8"))["files"].get(path) if types.is_file() else None
        bare = listed["file"] if listed else unquote(urlsplit(path).path).lstrip("/")
        public = self.folder / "public"
        tried = (public / bare, public / bare / "index.html", public / f"{bare.rstrip('/')}.html")
        file = next((each for each in tried if each.is_file()), None)
        if file is None:
            raise FileNotFoundError(path)
        return extract_page(file.read_bytes(), url=urljoin(self.base, path))


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks.sites", description=(__doc__ or "").split("\n\n", 1)[0]
    )
    parser.add_argument("sites", type=Path, metavar="SITES")
    parser.add_argument("--worst", type=int, default=0, help="articles listed for each site")
    options = parser.parse_args(arguments)
    folders = sorted(path.parent for path in options.sites.glob("*/truth.jsonl"))
    if not folders:
        parser.error(f"no */truth.jsonl in {options.sites}; unpack the sites there first")
    print(f"{'':24}{'articles':>9}" + "".join(f"{name:>10}" for name in _FIGURES) + f"{'worst':>8}")
    for folder in folders:
        _print_site(SiteFolder(folder), worst=options.worst)
    return 0


def _print_site(site: SiteFolder, *, worst: int) -> None:
    figures: dict[str, list[float]] = defaultdict(list)
    bodies = []
    for row in site.truth():
        scores = dict(_scores(row, site.read_page(row["url"])))
        bodies.append((scores["body"], row["url"]))
        for name, value in scores.items():
            figures[name].append(value)
    means = "".join(f"{fmean(figures[name]):>10.3f}" if figures[name] else f"{'-':>10}" for name in _FIGURES)
    print(f"{site.folder.name:24}{len(bodies):>9}{means}{min(bodies)[0]:>8.3f}")
    for value, url in sorted(bodies)[:worst]:
        print(f"    {value:.3f} {url}")


def _scores(row: Mapping[str, Any], page: Page) -> Iterator[tuple[str, float]]:
    article = page.articles[0] if page.articles else Article()
    yield "body", score_body(_folded(row["body"]), _folded("\n".join(a.article_body for a in page.articles))).word_f1
    yield "headline", float((article.headline or "").strip() == row["title"].strip())
    if row.get("date_shown_ok", True) and row.get("date_shown"):
        yield "date", float(_same_moment(row["published"], article.date_published))
    if row.get("author_shown"):
        yield "authors", _sets_f1({row["author_shown"].casefold()}, {name.casefold() for name in article.authors})
    if row.get("tags"):
        found = [item for tags in page.tag_lists if tags.kind is TagListKind.ARTICLE for item in tags.items]
        yield "tags", _sets_f1({label_key(tag["label"]) for tag in row["tags"]}, {label_key(tag.name) for tag in found})
        yield "tag urls", _sets_f1(_paths(tag.get("url") for tag in row["tags"]), _paths(tag.url for tag in found))
    for name, field, kind in (
        ("related", "related", LinkListKind.RELATED),
        ("prev/next", "prev_next", LinkListKind.ADJACENT),
    ):
        if row.get(field):
            items = (item.url for listed in page.link_lists if listed.kind is kind for item in listed.items)
            yield name, _sets_f1(_paths(item["url"] for item in row[field]), _paths(items))


def _sets_f1(wanted: set[str], found: set[str]) -> float:
    return Overlap.of_sets(wanted, found).f1


def _paths(urls: Iterator[str | None]) -> set[str]:
    parts = [urlsplit(url) for url in urls if url]
    return {unquote(each.path).rstrip("/") + (f"?{each.query}" if each.query else "") for each in parts}


def _same_moment(wanted: str, found: datetime | None) -> bool:
    return found is not None and abs((datetime.fromisoformat(wanted) - found).total_seconds()) < 1


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


if __name__ == "__main__":
    raise SystemExit(main())
