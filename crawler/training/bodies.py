"""Make the model of bodies, and try it on sites it has not seen.

First networks score each block by what it is and where it stands; the second scores it again by what became of the
blocks around it, of those set like it, and of the boxes they stand in. It learns from scores of pages left out.

Tried on sites left out, and dropped: boosted trees in place of the first networks (word F1 0.007 lower on guides);
scores of rules mixed in; means over a block's kin and running maxima inside the first networks (0.006 better on news,
no better on guides, nothing beside the second); a loss that forgives errors where the networks are sure, for the gold
that is cut short (0.002 better on news, 0.002 worse on guides); all features again in the second network (0.003 worse
on news); means of kin mixed into the scores by hand (a third of what the second network gains); fixed discounts for
credits and offers; one cut for all pages (0.004 worse); more than two first networks (nothing beside the second); the
first words of long texts, too, 8 or 16 of them; less weight for pages that models of other sites get wrong; whether a
text names its site, speaks to its reader or links to where one orders (0.001 worse on guides). Two trainings from other
beginnings differ by 0.0005 on guides, 0.003 on news and 0.007 on the few Chinese pages.
"""

import base64
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from crawler.extractors.body.body_model import CLIP, NEAR, read_body_model
from crawler.extractors.body.finder import BodyFinder
from crawler.extractors.body.typed_blocks import typed_blocks
from crawler.extractors.tree.block_text import Floats
from crawler.training.body_gold import GoldBody, read_bodies, read_outlines, site_of_page
from crawler.training.body_network import Matrix, PagePass, Recipe, Sample, Weights, train
from crawler.training.second_network import SecondSample, train_second
from models.items import Article

_DEALT = 0  # the seed that deals sites to folds
_NETWORKS = 2
_UNSEEN_FOLDS = 4
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


class _First:
    """The first networks, trained on some pages."""

    def __init__(self, pages: Sequence[GoldBody], recipe: Recipe, *, networks: int) -> None:
        sizes = Counter(page.set_name for page in pages)
        largest = max(sizes.values())
        self.shares = {name: np.float32((largest / size) ** _SET_SHARE) for name, size in sizes.items()}
        self.vocabulary = vocabulary = _Vocabulary(pages)
        samples = [_sample(page, vocabulary, self.shares[page.set_name]) for page in pages]
        names, labels = len(vocabulary.names), len(vocabulary.labels)
        self.trained = [
            train(samples, recipe, names=names, labels=labels, seed=seed) for seed in range(1, networks + 1)
        ]
        self._recipe = replace(recipe, words_dropped=0, features_dropped=0, hidden_dropped=0)

    def scores(self, page: GoldBody) -> Floats:
        sample = _sample(page, self.vocabulary, np.float32(1))
        random = np.random.default_rng(_DEALT)
        passes = [PagePass(weights, sample, self._recipe, random) for weights in self.trained]
        likely: Floats = np.mean([each.likely for each in passes], axis=0, dtype=np.float64)
        return likely


def train_bodies(data: Path, *, recipe: Recipe | None = None, networks: int = _NETWORKS) -> str:
    """The model as the text of its file."""
    recipe = recipe or Recipe()
    pages = [page for page in read_bodies(data) if len(page.body) <= _LONGEST_PAGE]
    # The second network learns from scores of pages that the first ones have not seen, as it will meet them.
    unseen = _deal(pages, _UNSEEN_FOLDS)
    rough = [_First(_rest(pages, unseen, fold), recipe, networks=1) for fold in range(_UNSEEN_FOLDS)]
    scores = {page.id: rough[unseen[page.site]].scores(page) for page in pages}
    first = _First(pages, recipe, networks=networks)
    return _to_json(first, _second(pages, scores, first.shares))


def predict_bodies_left_out(
    data: Path, *, folds: int, recipe: Recipe | None = None, networks: int = _NETWORKS
) -> Iterator[dict[str, Any]]:
    """For each page the body found by a model that has seen no page of its site, as `scrapy extract` writes it.

    Without what the other parts of the page would take off it. The second network of a fold learns from the scores of
    the other folds, whose first networks have seen labels of this one: it is told nothing of its pages, though.
    """
    pages = list(read_bodies(data))
    dealt = _deal(pages, folds)
    short = [page for page in pages if len(page.body) <= _LONGEST_PAGE]
    firsts = [_First(_rest(short, dealt, fold), recipe or Recipe(), networks=networks) for fold in range(folds)]
    scores = {page.id: firsts[dealt[page.site]].scores(page) for page in short}
    seconds = [_second(_rest(short, dealt, fold), scores, firsts[fold].shares) for fold in range(folds)]
    models = [
        read_body_model(json.loads(_to_json(first, second))) for first, second in zip(firsts, seconds, strict=True)
    ]
    for row, outline in read_outlines(data):
        body = BodyFinder(outline, model=models[dealt[site_of_page(row, outline)]]).find()
        article = Article(blocks=typed_blocks(outline, body.numbers, container=body.container))
        yield {"id": f"bodies:{row['set']}:{row['id']}", "articles": [{"article_body": article.article_body}]}


def _deal(pages: Sequence[GoldBody], folds: int) -> dict[str, int]:
    """Sites to folds, by chance."""
    sites = sorted({page.site for page in pages})
    return dict(zip(sites, np.random.default_rng(_DEALT).permutation(len(sites)) % folds, strict=True))


def _rest(pages: Sequence[GoldBody], dealt: Mapping[str, int], fold: int) -> list[GoldBody]:
    return [page for page in pages if dealt[page.site] != fold]


def _second(pages: Sequence[GoldBody], scores: Mapping[str, Floats], shares: Mapping[str, np.float32]) -> Weights:
    return train_second(
        [
            SecondSample(
                context=page.context.matrix(scores[page.id]),
                body=page.body,
                weight=page.weight * shares[page.set_name],
            )
            for page in pages
        ]
    )


def _sample(page: GoldBody, vocabulary: _Vocabulary, set_weight: np.float32) -> Sample:
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
        weight=page.weight * set_weight,
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


def _to_json(first: _First, second: Weights) -> str:
    """The file's text: tables of words as bytes with a step a column, all else as half floats."""
    trained, vocabulary = first.trained, first.vocabulary
    tables = {
        name: _as_bytes(np.concatenate([weights[name] for weights in trained], axis=1))
        for name in ("name_table", "label_table")
    }
    stored = {
        "names": " ".join(vocabulary.names),
        "labels": " ".join(vocabulary.labels),
        "mean": _as_halves(vocabulary.mean),
        "scale": _as_halves(vocabulary.scale),
        **tables,
        "networks": [{n: _as_halves(v) for n, v in weights.items() if n not in tables} for weights in trained],
        "second": {name: _as_halves(value) for name, value in second.items()},
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
