"""Make the model of bodies, and try it on sites it has not seen."""

import base64
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from crawler.extractors.body.body_model import CLIP, NEAR, read_body_model
from crawler.extractors.body.finder import BodyFinder
from crawler.extractors.body.typed_blocks import typed_blocks
from crawler.training.body_gold import GoldBody, read_bodies, read_outlines, site_of_page
from crawler.training.body_network import Matrix, Recipe, Sample, Weights, train
from models.items import Article

_DEALT = 0  # the seed that deals sites to folds
_NETWORKS = 4
_LONGEST_PAGE = 2500  # blocks: the few longer pages would outweigh their batch
_NAME_SITES = 8  # on so many sites a word has to stand to be learned
_LABEL_SITES = 8
_PAIR_SITES = 4  # the same for pairs of Chinese, Japanese or Korean letters, whose pages are few
_FIRST_PAIR = "\u3000"
_SET_SHARE = 1 / 3  # small sets weigh more, by the cube root of how much smaller they are
_SMALLEST_SPREAD = 0.05


class _Vocabulary:
    """The words that stand on enough sites, and the spread of each feature."""

    def __init__(self, pages: Sequence[GoldBody]) -> None:
        names, labels = defaultdict(set), defaultdict(set)
        for page in pages:
            for word in chain.from_iterable(page.names):
                names[word].add(page.site)
            for word in chain.from_iterable(page.labels):
                labels[word].add(page.site)
        self.names = _numbered(word for word, sites in names.items() if len(sites) >= _NAME_SITES)
        self.labels = _numbered(word for word, sites in labels.items() if len(sites) >= _least(word))
        rows = np.concatenate([page.matrix for page in pages])
        self.mean: Matrix = rows.mean(axis=0)
        self.scale: Matrix = np.maximum(rows.std(axis=0) + 1e-3, _SMALLEST_SPREAD)


def train_bodies(data: Path, *, recipe: Recipe | None = None, networks: int = _NETWORKS) -> str:
    """The model as the text of its file."""
    return _fit(list(read_bodies(data)), recipe or Recipe(), networks)


def predict_bodies_left_out(
    data: Path, *, folds: int, recipe: Recipe | None = None, networks: int = _NETWORKS
) -> Iterator[dict[str, Any]]:
    """For each page the body found by a model that has seen no page of its site, as `scrapy extract` writes it.

    Without what the other parts of the page would take off it.
    """
    pages = list(read_bodies(data))
    sites = sorted({page.site for page in pages})
    dealt = dict(zip(sites, np.random.default_rng(_DEALT).permutation(len(sites)) % folds, strict=True))
    models = [
        read_body_model(
            json.loads(_fit([page for page in pages if dealt[page.site] != fold], recipe or Recipe(), networks))
        )
        for fold in range(folds)
    ]
    for row, outline in read_outlines(data):
        body = BodyFinder(outline, model=models[dealt[site_of_page(row, outline)]]).find()
        article = Article(blocks=typed_blocks(outline, body.numbers, container=body.container))
        yield {"id": f"bodies:{row['set']}:{row['id']}", "articles": [{"article_body": article.article_body}]}


def _fit(pages: Sequence[GoldBody], recipe: Recipe, networks: int) -> str:
    short = [page for page in pages if len(page.body) <= _LONGEST_PAGE]
    vocabulary = _Vocabulary(short)
    sizes: dict[str, int] = defaultdict(int)
    for page in short:
        sizes[page.set_name] += 1
    largest = max(sizes.values())
    samples = [_sample(page, vocabulary, (largest / sizes[page.set_name]) ** _SET_SHARE) for page in short]
    names, labels = len(vocabulary.names), len(vocabulary.labels)
    trained = [train(samples, recipe, names=names, labels=labels, seed=seed) for seed in range(1, networks + 1)]
    return to_json(vocabulary.names, vocabulary.labels, trained, mean=vocabulary.mean, scale=vocabulary.scale)


def _sample(page: GoldBody, vocabulary: _Vocabulary, set_weight: float) -> Sample:
    known = [[vocabulary.names[word] for word in words if word in vocabulary.names] for words in page.names]
    named = [place for place, numbers in enumerate(known) if numbers]
    paths, path_of = _paths(page, named)
    name_rows = [(number, column) for column, place in enumerate(named) for number in known[place]]
    label_rows = [
        (vocabulary.labels[word], block)
        for block, words in enumerate(page.labels)
        for word in words
        if word in vocabulary.labels
    ]
    names = np.array(name_rows, dtype=np.int64).reshape(-1, 2)
    labels = np.array(label_rows, dtype=np.int64).reshape(-1, 2)
    dense = np.clip((page.matrix - vocabulary.mean) / vocabulary.scale, -CLIP, CLIP)
    return Sample(
        dense=dense.astype(np.float32),
        paths=paths,
        path_of=path_of,
        names=names[:, 0],
        name_places=names[:, 1],
        labels=labels[:, 0],
        label_blocks=labels[:, 1],
        headings=page.headings,
        body=page.body,
        weight=page.weight * np.float32(set_weight),
    )


def _paths(page: GoldBody, named: Sequence[int]) -> tuple[Matrix, NDArray[np.int64]]:
    """All names around, the same less by what holds the text, and those near by; as `BodyModel` sums them."""
    column = {place: number for number, place in enumerate(named)}
    starts, path_of = np.unique(page.block_place, return_inverse=True)
    paths = np.zeros((3, len(starts), max(len(named), 1)), dtype=np.float32)
    for row, start in enumerate(starts.tolist()):
        place, level = start, 0
        while place:
            if place in column:
                paths[:, row, column[place]] = (1, 1 - page.share[place], level <= NEAR)
            place, level = page.parents[place], level + 1
    return paths, path_of


def to_json(
    names: Mapping[str, int], labels: Mapping[str, int], trained: Sequence[Weights], *, mean: Matrix, scale: Matrix
) -> str:
    """The file's text: tables of words as bytes with a step a column, all else as half floats."""
    tables = {
        name: _as_bytes(np.concatenate([weights[name] for weights in trained], axis=1))
        for name in ("name_table", "label_table")
    }
    networks = [{n: _as_halves(v) for n, v in weights.items() if n not in tables} for weights in trained]
    stored = {
        "width": trained[0]["name_table"].shape[1],
        "names": " ".join(names),
        "labels": " ".join(labels),
        "mean": _as_halves(mean),
        "scale": _as_halves(scale),
        **tables,
        "networks": networks,
    }
    return json.dumps(stored, ensure_ascii=False, indent=0) + "\n"


def _as_halves(values: Matrix) -> dict[str, Any]:
    halves = np.asarray(values, dtype="<f2")
    return {"shape": list(halves.shape), "float16": base64.b64encode(halves.tobytes()).decode()}


def _as_bytes(table: Matrix) -> dict[str, Any]:
    steps = np.array([float(f"{step:.6g}") for step in np.maximum(np.abs(table).max(axis=0), 1e-6) / 127])
    rounded = np.clip(np.round(table / steps), -127, 127).astype(np.int8)
    return {
        "shape": list(table.shape),
        "steps": steps.tolist(),
        "int8": base64.b64encode(rounded.tobytes()).decode(),
    }


def _least(word: str) -> int:
    return _PAIR_SITES if word > _FIRST_PAIR else _LABEL_SITES


def _numbered(words: Iterable[str]) -> dict[str, int]:
    return {word: number for number, word in enumerate(sorted(words))}
