"""Models that have not seen a site, for each fold of sites."""

import gzip
import json
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np

from crawler.document import Document
from crawler.errors import UnparsablePage
from crawler.extractors.body.body_model import read_body_model
from crawler.extractors.kinds.kind_model import read_kind_model
from crawler.extractors.learned import SHIPPED, Learned
from crawler.extractors.lists.link_model import read_link_model
from crawler.extractors.tree.outline import outline_of
from crawler.markup.links import registered_domain
from crawler.training.bodies import train_bodies
from crawler.training.body_gold import site_of_page
from crawler.training.kinds import train_kinds
from crawler.training.links import train_links

_DEALT = 0  # the seed that deals sites to folds
PARTS = ("bodies", "lists", "kinds")


@dataclass(frozen=True, slots=True)
class Labelled:
    """A page and its labels: a line of PART/gold.jsonl beside PART/html/[SET/]ID.html.gz."""

    part: str
    row: dict[str, Any]
    path: Path
    site: str

    @property
    def key(self) -> str:
        return ":".join((self.part, *([self.row["set"]] if "set" in self.row else []), self.row["id"]))

    @property
    def group(self) -> str:
        """What is scored together: the set of a body, or the part."""
        return str(self.row.get("set", self.part))

    def read_bytes(self) -> bytes:
        return gzip.decompress(self.path.read_bytes())


def labelled_pages(data: Path) -> Iterator[Labelled]:
    for part in PARTS:
        gold = data / part / "gold.jsonl"
        for line in _lines(gold):
            row = json.loads(line)
            path = data / part / "html" / row.get("set", "") / f"{row['id']}.html.gz"
            yield Labelled(part, row, path, _site(row, path))


def deal(pages: list[Labelled], folds: int) -> dict[str, int]:
    """The fold of each site."""
    sites = sorted({page.site for page in pages})
    places = np.random.default_rng(_DEALT).permutation(len(sites)) % folds
    return dict(zip(sites, places.tolist(), strict=True))


def learned_without(data: Path, pages: list[Labelled], *, keep: Path | None = None) -> Learned:
    """The models that the training commands make of DATA less the pages named; from files in `keep` that are there."""
    hidden = {page.key for page in pages}
    with tempfile.TemporaryDirectory() as folder:
        rest = Path(folder)
        for part in PARTS:
            _copy_gold(data / part, rest / part, hidden)
        texts = {name: _kept(keep, name, partial(train, rest)) for name, train in _TRAINED.items()}
    return Learned(
        bodies=read_body_model(json.loads(texts["bodies"])),
        links=read_link_model(json.loads(texts["links"])),
        kinds=read_kind_model(json.loads(texts["kinds"])),
    )


_TRAINED: dict[str, Callable[[Path], str]] = {"bodies": train_bodies, "links": train_links, "kinds": train_kinds}


def _kept(keep: Path | None, name: str, train: Callable[[], str]) -> str:
    path = keep / f"{name}.json" if keep else None
    if path and path.is_file():
        return path.read_text(encoding="utf-8")
    text = train()
    if path:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return text


def models_for(
    data: Path, pages: list[Labelled], *, folds: int, keep: Path | None = None
) -> Iterator[tuple[Learned, list[Labelled]]]:
    """Each fold's models and pages; all pages with the shipped models where `folds` is 0.

    `keep` is a folder that keeps the models, for a second run over the same data and the same training.
    """
    if not folds:
        yield SHIPPED, pages
        return
    dealt = deal(pages, folds)
    for fold in range(folds):
        held = [page for page in pages if dealt[page.site] == fold]
        yield learned_without(data, held, keep=keep / str(fold) if keep else None), held


def _copy_gold(source: Path, target: Path, hidden: set[str]) -> None:
    gold = source / "gold.jsonl"
    if not gold.is_file():
        return
    target.mkdir()
    (target / "html").symlink_to((source / "html").resolve())
    kept = []
    for line in _lines(gold):
        row = json.loads(line)
        if Labelled(source.name, row, gold, "").key not in hidden:
            kept.append(line)
    (target / "gold.jsonl").write_text("".join(f"{line}\n" for line in kept), encoding="utf-8")


def _lines(gold: Path) -> list[str]:
    """Not `splitlines`: a text may hold line separators of Unicode."""
    return gold.read_text(encoding="utf-8").split("\n")[:-1] if gold.is_file() else []


def _site(row: dict[str, Any], path: Path) -> str:
    if row.get("url"):
        return registered_domain(urlsplit(row["url"]).hostname or row["id"])
    try:
        return site_of_page(row, outline_of(Document.parse(gzip.decompress(path.read_bytes()))))
    except UnparsablePage:
        return str(row["id"])
