"""Make the model of link lists, and try it on pages it has not seen."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from crawler.extractors.lists.link_lists import extract_link_lists
from crawler.extractors.lists.link_model import LinkModel
from crawler.extractors.lists.link_panels import LinkPanels
from crawler.extractors.lists.tag_lists import extract_tag_lists
from crawler.training.boosting import Boosting, Floats, fit
from crawler.training.link_gold import GoldPage, label_groups, read_gold
from models.items import LinkListKind

_DEALT = 0  # the seed that deals sites to folds


@dataclass(frozen=True, slots=True)
class _Measured:
    """The groups of one page as rows."""

    page: GoldPage
    rows: Floats
    labels: Floats
    weights: Floats


def train_links(data: Path, *, settings: Boosting | None = None) -> str:
    """The model as the text of its file."""
    return to_json(_fit([_measure(page) for page in read_gold(data)], settings or Boosting()))


def predict_left_out(data: Path, *, folds: int, settings: Boosting | None = None) -> Iterator[dict[str, Any]]:
    """For each page the lists found by a model that has seen no page of its site, in the shape of the gold."""
    measured = [_measure(page) for page in read_gold(data)]
    sites = sorted({each.page.site for each in measured})
    dealt = dict(zip(sites, np.random.default_rng(_DEALT).permutation(len(sites)) % folds, strict=True))
    for fold in range(folds):
        model = _fit([each for each in measured if dealt[each.page.site] != fold], settings or Boosting())
        for each in measured:
            if dealt[each.page.site] == fold:
                yield _predict(each.page, model)


def _measure(page: GoldPage) -> _Measured:
    panels = page.panels()
    labelled = list(label_groups(page, panels))
    rows = panels.measure([number for number, _, _ in labelled])
    labels, weights = (np.array([each[column] for each in labelled]) for column in (1, 2))
    return _Measured(page, rows, labels, weights)


def _fit(measured: Sequence[_Measured], settings: Boosting) -> LinkModel:
    filled = [each for each in measured if len(each.labels)]
    return fit(
        np.concatenate([each.rows for each in filled]),
        np.concatenate([each.labels for each in filled]),
        np.concatenate([each.weights for each in filled]),
        settings=settings,
    )


def _predict(page: GoldPage, model: LinkModel) -> dict[str, Any]:
    outline, body = page.read()
    panels = LinkPanels(page.document, outline, body, model=model)
    lists = extract_link_lists(page.document, outline, body, panels=panels).lists
    tags = extract_tag_lists(page.document, outline, body, panels=panels).lists
    return {
        "id": page.id,
        "related": [
            {"kind": each.kind, "items": [{"url": item.url, "title": item.headline} for item in each.items]}
            for each in lists
            if each.kind is not LinkListKind.PROMOTION
        ],
        "tags": [
            {"kind": each.kind, "items": [{"label": item.name, "url": item.url} for item in each.items]}
            for each in tags
        ],
    }


def to_json(model: LinkModel) -> str:
    """Rounded, so that the last bits of a sum, which differ between machines, are not part of the file."""
    stored = {
        "bias": round(model.bias, 4),
        "features": model.features.tolist(),
        "thresholds": [[float(f"{value:.5g}") for value in tree] for tree in model.thresholds],
        "values": [[round(float(value), 4) for value in tree] for tree in model.values],
    }
    return json.dumps(stored, separators=(",", ":")) + "\n"
