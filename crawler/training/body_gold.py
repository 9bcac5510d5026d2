"""Labelled pages of bodies: each page's blocks, measured, and which of them are its body."""

import gzip
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray

from crawler.document import Document
from crawler.errors import UnparsablePage
from crawler.extractors.body.block_features import BlockFeatures
from crawler.extractors.body.block_words import label_words, name_words
from crawler.extractors.body.joined_scores import figure_tables
from crawler.extractors.body.score_context import ScoreContext
from crawler.extractors.tree.outline import Outline, outline_of
from crawler.markup.links import absolute_url, registered_domain
from crawler.markup.tree import Attributes
from crawler.training.alignment import align, word_f1, words_of
from crawler.training.body_network import Matrix

# Where even the best choice of blocks differs from the gold by more than this, the gold is abridged or wrong: it
# counts for little.
_TRUSTED_F1 = 0.9
_DISTRUST = 0.2
_LARGEST = 0.3  # share of a page's letters that one block counts for at most
_FEWEST = 100.0  # letters of a body


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldBody:
    """One page of `bodies/gold.jsonl` beside `bodies/html/SET/ID.html.gz`, without its tree."""

    id: str
    set_name: str
    site: str
    """Its registered domain; pages of one site are never on both sides of a trial."""
    matrix: Matrix
    headings: NDArray[np.int64]
    parents: list[int]
    block_place: NDArray[np.int64]
    share: NDArray[np.float64]
    """As in `BlockFeatures` and its places."""
    names: list[tuple[str, ...]]
    """Of each place the words of its class and id; none for `html` and `body`, whose classes name the whole page."""
    labels: list[tuple[str, ...]]
    """Of each block the words of its text."""
    context: ScoreContext
    body: Matrix
    """1 for blocks of the body."""
    weight: Matrix
    """What an error at each block costs: its letters, and a little for each paragraph, on every page alike."""


def read_bodies(data: Path) -> Iterator[GoldBody]:
    for row, outline in read_outlines(data):
        yield _labelled(row, outline)


def read_outlines(data: Path) -> Iterator[tuple[dict[str, Any], Outline]]:
    """Each page with text, and its line of the gold."""
    folder = data / "bodies"
    with (folder / "gold.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            html = gzip.decompress((folder / "html" / row["set"] / f"{row['id']}.html.gz").read_bytes())
            try:
                outline = outline_of(Document.parse(html, url=row["url"]))
            except UnparsablePage:
                continue
            if outline.blocks:
                yield row, outline


def site_of_page(row: dict[str, Any], outline: Outline) -> str:
    """By the URL; else by the site that the page links to most."""
    if row["url"]:
        return registered_domain(urlsplit(row["url"]).hostname or row["id"])
    urls = (absolute_url(None, anchor.href) for anchor in outline.anchors)
    hosts = Counter(registered_domain(urlsplit(url).hostname or "") for url in urls if url)
    return hosts.most_common(1)[0][0] if hosts else str(row["id"])


def _labelled(row: dict[str, Any], outline: Outline) -> GoldBody:
    features = BlockFeatures(outline)
    places = features.places
    texts = outline.texts
    body = _whole_tables(features, np.array(align(texts, row["body"]), dtype=np.float32))
    return GoldBody(
        id=row["id"],
        set_name=row["set"],
        site=site_of_page(row, outline),
        matrix=features.matrix,
        headings=features.headings_before,
        parents=places.parents.tolist(),
        block_place=places.block_place,
        share=features.share,
        names=[
            () if outline.tags[node] in ("html", "body") else _names(outline.attributes[node]) for node in places.nodes
        ],
        labels=[label_words(text) for text in texts],
        context=ScoreContext(features),
        body=body,
        weight=_weight(features.size, body) * _trust(texts, body, row["body"]),
    )


def _whole_tables(features: BlockFeatures, body: Matrix) -> Matrix:
    """A table of figures is body or not: the gold has rows where the page has cells, so the short ones are missed."""
    tables = figure_tables(features)
    weight = features.size + 1
    whole = body.copy()
    for table in set(tables[tables >= 0].tolist()):
        cells = tables == table
        whole[cells] = (weight[cells] * body[cells]).sum() >= weight[cells].sum() / 2
    return whole


def _weight(size: NDArray[np.float64], body: Matrix) -> Matrix:
    letters = max(float((size * body).sum()), _FEWEST)
    return (np.minimum(size / letters, _LARGEST) + _LARGEST / max(float(body.sum()), 5.0)).astype(np.float32)


def _trust(texts: list[str], body: Matrix, gold: str) -> np.float32:
    chosen = [word for text, is_body in zip(texts, body, strict=True) if is_body for word in words_of(text)]
    return np.float32(1 if word_f1(words_of(gold), chosen) >= _TRUSTED_F1 else _DISTRUST)


def _names(attributes: Attributes) -> tuple[str, ...]:
    return (*name_words(attributes.get("class", "")), *name_words(attributes.get("id", "")))
