"""Make the model of page kinds, and try it on sites it has not seen.

Logistic regression on top of the rules: their sum is the prior that the measurements correct. The pages of the sample
site are learned from too, at half the weight: labelled pages have few lists of blogs and portals among them.
"""

import gzip
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np

from crawler.document import Document
from crawler.errors import UnparsablePage
from crawler.extractors.body.finder import BodyFinder
from crawler.extractors.kinds.evidence import gather_evidence
from crawler.extractors.kinds.judgement import rules_sum
from crawler.extractors.kinds.kind_model import CLIP, Floats, KindModel
from crawler.extractors.kinds.measurements import MEASUREMENTS, measure
from crawler.extractors.kinds.overview import Overview
from crawler.extractors.lists.headed_boxes import headed_blocks
from crawler.extractors.tree.outline import outline_of
from crawler.markup.links import registered_domain
from crawler.samplesite import SampleSite

_DEALT = 0  # the seed that deals sites to folds
_PENALTY = 20.0  # what a weight costs that departs from 0, in squares of its standard deviations
_SAMPLE_WEIGHT = 0.5
_ROUNDS = 50
_LONGEST_STEP = 1.0
_CONVERGED = 1e-9
_SMALLEST_SPREAD = 1e-6


@dataclass(frozen=True, slots=True)
class KindPage:
    """A page, labelled and measured."""

    id: str
    site: str
    """Its registered domain; pages of one site are never on both sides of a trial."""
    is_article: bool
    weight: float
    rules: float
    measured: Floats


def train_kinds(data: Path) -> str:
    """The model as the text of its file."""
    return to_json(_fit([*read_kinds(data), *_sample_pages()]))


def predict_kinds_left_out(data: Path, *, folds: int) -> Iterator[dict[str, Any]]:
    """For each page how likely a model that has seen no page of its site takes it for an article."""
    pages, sample = list(read_kinds(data)), list(_sample_pages())
    sites = sorted({page.site for page in pages})
    dealt = dict(zip(sites, np.random.default_rng(_DEALT).permutation(len(sites)) % folds, strict=True))
    for fold in range(folds):
        model = _fit([*(page for page in pages if dealt[page.site] != fold), *sample])
        for page in pages:
            if dealt[page.site] == fold:
                total = page.rules + model.bias + float(model.parts(page.measured).sum())
                likelihood = round(float(1 / (1 + np.exp(-total))), 4)
                yield {"id": page.id, "is_article": page.is_article, "likelihood": likelihood}


def read_kinds(data: Path) -> Iterator[KindPage]:
    """The pages of `bodies` and `lists` are articles, those of `kinds` are none."""
    for folder, is_article in (("bodies", True), ("lists", True), ("kinds", False)):
        gold = data / folder / "gold.jsonl"
        # Lines end at line feeds alone: bodies have other separators in them.
        for line in gold.read_text(encoding="utf-8").split("\n") if gold.is_file() else ():
            if not line:
                continue
            row = json.loads(line)
            html = gzip.decompress((data / folder / "html" / row.get("set", "") / f"{row['id']}.html.gz").read_bytes())
            try:
                document = Document.parse(html, url=row["url"], encoding=row.get("encoding"))
            except UnparsablePage:
                continue
            host = urlsplit(row["url"] or "").hostname
            page_id = ":".join(filter(None, (folder, row.get("set"), row["id"])))
            rules, measured = _look(document)
            yield KindPage(page_id, registered_domain(host) if host else page_id, is_article, 1.0, rules, measured)


def _sample_pages() -> Iterator[KindPage]:
    site = SampleSite()
    articles = site.truth().keys() | site.aliases().keys()
    for path, resource in site.pages().items():
        kind, url = resource.headers.get("Content-Type", ""), site.base_url + path
        if resource.status == 200 and kind.startswith("text/html"):
            rules, measured = _look(Document.parse(resource.body, url=url, content_type=kind))
            yield KindPage(path, "sample", url in articles, _SAMPLE_WEIGHT, rules, measured)


def _look(document: Document) -> tuple[float, Floats]:
    outline = outline_of(document)
    body = BodyFinder(outline).find_roughly(claimed=headed_blocks(outline))
    page = Overview(outline, body, url=document.url)
    return rules_sum(gather_evidence(page)), measure(page)


def _fit(pages: Sequence[KindPage]) -> KindModel:
    """Newton's method from weights of 0, which leave all to the rules."""
    measured = np.array([page.measured for page in pages])
    labels = np.array([page.is_article for page in pages], dtype=np.float64)
    weights = np.array([page.weight for page in pages])
    rules = np.array([page.rules for page in pages])
    mean, scale = measured.mean(axis=0), measured.std(axis=0) + _SMALLEST_SPREAD
    rows = np.clip((measured - mean) / scale, -CLIP, CLIP)
    rows = np.concatenate([np.ones((len(rows), 1)), rows], axis=1)
    penalty = np.full(rows.shape[1], _PENALTY)
    penalty[0] = 0.0
    found = np.zeros(rows.shape[1])
    for _ in range(_ROUNDS):
        likely = 1 / (1 + np.exp(-(rules + rows @ found)))
        slope = rows.T @ (weights * (labels - likely)) - penalty * found
        curvature = (rows * (weights * likely * (1 - likely))[:, None]).T @ rows + np.diag(penalty)
        step = np.linalg.solve(curvature, slope)
        found += np.clip(step, -_LONGEST_STEP, _LONGEST_STEP)
        if np.abs(step).max() < _CONVERGED:
            break
    return KindModel(float(found[0]), mean, scale, found[1:])


def to_json(model: KindModel) -> str:
    """Rounded, so that the last bits of a sum, which differ between machines, are not part of the file."""
    rows = zip(MEASUREMENTS, model.mean, model.scale, model.weights, strict=True)
    stored = {
        "bias": float(f"{model.bias:.4g}"),
        "measurements": {name: [float(f"{value:.4g}") for value in values] for name, *values in rows},
    }
    return json.dumps(stored, indent=1).replace("\n   ", " ").replace("\n  ]", " ]") + "\n"
