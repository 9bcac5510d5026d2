"""Training of the network that scores blocks: forward, backward and Adam in numpy, page by page.

The forward pass is that of `crawler.extractors.body.body_model`, with parts of the input left out by chance so that no
single word or feature is leaned on.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float32]
Ints = NDArray[np.int64]
Weights = dict[str, Matrix]

REACH = (-2, -1, 0, 1, 2)
STRIDES = (1, 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """What was found best by leaving whole sites out."""

    hidden: int = 32
    width: int = 8
    """Of a word's vector."""
    epochs: int = 16
    batch: int = 6000
    """Blocks."""
    peak_rate: float = 4e-3
    warm_up: float = 0.15
    decay: float = 0.05
    words_dropped: float = 0.45
    features_dropped: float = 0.03
    hidden_dropped: float = 0.35


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One page, measured and labelled."""

    dense: Matrix
    """Standardised features, a row a block."""
    paths: Matrix
    """Kinds of path, different places of blocks, places with words: how much of a place's words a block gets."""
    path_of: Ints
    """Of each block its row in `paths`."""
    names: Ints
    name_places: Ints
    """Word numbers, and the place of each."""
    labels: Ints
    label_blocks: Ints
    """Word numbers, and the block of each."""
    headings: Ints
    """The block whose heading it is; -1 without."""
    body: Matrix
    """1 for body."""
    weight: Matrix


def new_weights(recipe: Recipe, *, features: int, names: int, labels: int, random: np.random.Generator) -> Weights:
    def normal(*shape: int, scale: float = 1.0) -> Matrix:
        values: Matrix = (random.standard_normal(shape) * np.sqrt(1.5 / shape[0]) * scale).astype(np.float32)
        return values

    hidden, width = recipe.hidden, recipe.width
    weights = {
        "name_table": (random.standard_normal((names, width)) * 0.02).astype(np.float32),
        "label_table": (random.standard_normal((labels, width)) * 0.02).astype(np.float32),
        "alone": normal(features + 5 * width, hidden),
        "alone_bias": np.zeros(hidden, np.float32),
        "page": normal(2 * hidden, hidden, scale=0.3),
        "out": normal(2 * hidden, 1),
        "out_bias": np.full(1, -0.5, np.float32),
    }
    for layer in range(len(STRIDES)):
        weights[f"around_{layer}"] = normal(len(REACH) * hidden, hidden, scale=0.7)
        weights[f"around_bias_{layer}"] = np.zeros(hidden, np.float32)
    return weights


def train(samples: Sequence[Sample], recipe: Recipe, *, names: int, labels: int, seed: int) -> Weights:
    """`names` and `labels` are the numbers of known words. The same samples and seed give the same weights."""
    random = np.random.default_rng(seed)
    weights = new_weights(recipe, features=samples[0].dense.shape[1], names=names, labels=labels, random=random)
    first = {name: np.zeros_like(value) for name, value in weights.items()}
    second = {name: np.zeros_like(value) for name, value in weights.items()}
    batches = [batch for _ in range(recipe.epochs) for batch in _batches(samples, recipe.batch, random)]
    for step, batch in enumerate(batches):
        gradient = _gradient(weights, batch, recipe, random)
        rate = _rate(recipe, step / len(batches))
        for name in weights:
            first[name] += 0.1 * (gradient[name] - first[name])
            second[name] += 0.001 * (gradient[name] ** 2 - second[name])
            ahead = first[name] / (1 - 0.9 ** (step + 1))
            spread = np.sqrt(second[name] / (1 - 0.999 ** (step + 1))) + 1e-8
            weights[name] -= np.float32(rate) * (ahead / spread + np.float32(recipe.decay) * weights[name])
    return weights


def _batches(samples: Sequence[Sample], size: int, random: np.random.Generator) -> Iterator[list[Sample]]:
    batch: list[Sample] = []
    blocks = 0
    for number in random.permutation(len(samples)):
        batch.append(samples[number])
        blocks += len(samples[number].body)
        if blocks >= size:
            yield batch
            batch, blocks = [], 0
    if batch:
        yield batch


def _rate(recipe: Recipe, progress: float) -> float:
    """Up from a twenty-fifth of the peak and down to nothing, along a cosine."""
    if progress < recipe.warm_up:
        share = (1 - np.cos(np.pi * progress / recipe.warm_up)) / 2
        return float(recipe.peak_rate * (0.04 + 0.96 * share))
    share = (progress - recipe.warm_up) / (1 - recipe.warm_up)
    return float(recipe.peak_rate * (1 + np.cos(np.pi * share)) / 2)


def _gradient(weights: Weights, batch: list[Sample], recipe: Recipe, random: np.random.Generator) -> Weights:
    gradient = {name: np.zeros_like(value) for name, value in weights.items()}
    total = sum(float(sample.weight.sum()) for sample in batch)
    for sample in batch:
        page = PagePass(weights, sample, recipe, random)
        page.back(gradient, scale=1 / total)
    return gradient


class PagePass:
    """One page forward, and its share of the gradient backward."""

    def __init__(self, weights: Weights, sample: Sample, recipe: Recipe, random: np.random.Generator) -> None:
        self.weights = weights
        self.sample = sample
        self.kept_names = (random.random(len(sample.names)) > recipe.words_dropped).astype(np.float32)[:, None]
        self.kept_labels = (random.random(len(sample.labels)) > recipe.words_dropped).astype(np.float32)[:, None]
        kept = random.random(sample.dense.shape[1]) > recipe.features_dropped
        self.words = np.tanh(self._words())
        self.inputs = np.concatenate([sample.dense * kept, self.words], axis=1, dtype=np.float32)
        before = self.inputs @ weights["alone"] + weights["alone_bias"]
        alive = (random.random(before.shape) > recipe.hidden_dropped) / (1 - recipe.hidden_dropped)
        self.alive = (alive * (before > 0)).astype(np.float32)
        self.alone = before * self.alive
        self.pooled = np.concatenate([self.alone.mean(axis=0), self.alone.max(axis=0)])
        self.seen: list[Matrix] = []
        self.passed: list[NDArray[np.bool_]] = []
        hidden = self.alone
        for layer, stride in enumerate(STRIDES):
            self.seen.append(np.concatenate([shifted(hidden, step * stride) for step in REACH], axis=1))
            change = self.seen[-1] @ weights[f"around_{layer}"] + weights[f"around_bias_{layer}"]
            if layer == 0:
                change += self.pooled @ weights["page"]
            self.passed.append(change > 0)
            hidden = hidden + np.maximum(change, 0)
        self.last = np.concatenate([self.alone, hidden], axis=1)
        logits = self.last @ weights["out"] + weights["out_bias"]
        self.likely: Matrix = 1 / (1 + np.exp(-logits[:, 0]))

    def _words(self) -> Matrix:
        sample, weights = self.sample, self.weights
        width = weights["name_table"].shape[1]
        vectors = np.zeros((sample.paths.shape[2], width), np.float32)
        np.add.at(vectors, sample.name_places, weights["name_table"][sample.names] * self.kept_names)
        around = (sample.paths @ vectors)[:, sample.path_of]
        inside = np.zeros((len(sample.body), width), np.float32)
        np.add.at(inside, sample.label_blocks, weights["label_table"][sample.labels] * self.kept_labels)
        under = sample.headings
        heading = np.where(under[:, None] >= 0, inside[under], np.float32(0))
        return np.concatenate([*around, inside, heading], axis=1)

    def back(self, gradient: Weights, *, scale: float) -> None:
        weights, sample = self.weights, self.sample
        error = (sample.weight * (self.likely - sample.body) * scale).astype(np.float32)[:, None]
        gradient["out"] += self.last.T @ error
        gradient["out_bias"] += error.sum(axis=0)
        back = error @ weights["out"].T
        hidden = self.alone.shape[1]
        alone: Matrix = back[:, :hidden]
        upper: Matrix = back[:, hidden:]
        for layer in reversed(range(len(STRIDES))):
            change = upper * self.passed[layer]
            gradient[f"around_{layer}"] += self.seen[layer].T @ change
            gradient[f"around_bias_{layer}"] += change.sum(axis=0)
            spread = change @ weights[f"around_{layer}"].T
            for number, step in enumerate(REACH):
                part: Matrix = spread[:, number * hidden : (number + 1) * hidden]
                upper = upper + shifted(part, -step * STRIDES[layer])
        alone = alone + upper + self._back_pooled(gradient, change.sum(axis=0))
        alone = alone * self.alive
        gradient["alone"] += self.inputs.T @ alone
        gradient["alone_bias"] += alone.sum(axis=0)
        features = sample.dense.shape[1]
        words = (alone @ weights["alone"][features:].T) * (1 - self.words**2)
        self._back_words(gradient, words)

    def _back_pooled(self, gradient: Weights, page: Matrix) -> Matrix:
        gradient["page"] += np.outer(self.pooled, page)
        pooled = self.weights["page"] @ page
        count, hidden = self.alone.shape
        back = np.tile(pooled[:hidden] / count, (count, 1))
        back[self.alone.argmax(axis=0), np.arange(hidden)] += pooled[hidden:]
        return back

    def _back_words(self, gradient: Weights, words: Matrix) -> None:
        sample = self.sample
        width = self.weights["name_table"].shape[1]
        kinds = len(sample.paths)
        around = np.zeros((kinds, sample.paths.shape[1], width), np.float32)
        for kind in range(kinds):
            np.add.at(around[kind], sample.path_of, words[:, kind * width : (kind + 1) * width])
        vectors = np.einsum("kpw,kpd->wd", sample.paths, around, optimize=True)
        np.add.at(gradient["name_table"], sample.names, vectors[sample.name_places] * self.kept_names)
        inside = words[:, kinds * width : (kinds + 1) * width].copy()
        has = sample.headings >= 0
        np.add.at(inside, sample.headings[has], words[has, (kinds + 1) * width :])
        np.add.at(gradient["label_table"], sample.labels, inside[sample.label_blocks] * self.kept_labels)


def shifted(rows: Matrix, steps: int) -> Matrix:
    """Each row that of the block `steps` before it; zeros beyond the ends."""
    if steps == 0:
        return rows
    moved = np.zeros_like(rows)
    if abs(steps) < len(rows):
        if steps > 0:
            moved[steps:] = rows[:-steps]
        else:
            moved[:steps] = rows[-steps:]
    return moved
