"""How likely a block is body: small networks over the features of blocks, their words, and their neighbours.

Layers, in order: each block by itself (features, and the summed vectors of the words in classes and ids around it, in
it, and in the heading above it); the page as a whole (mean and maximum over its blocks); the five blocks around; and
those twice as far. Several such networks, trained from different beginnings, are averaged. A second network reads what
the scores of all blocks say about each other (`score_context`) and has the last word. The file beside this one holds
the weights.
"""

import json
from base64 import b64decode
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import numpy as np
from numpy.typing import NDArray

from crawler.extractors.body.block_features import BlockFeatures
from crawler.extractors.body.block_places import Places, bounded
from crawler.extractors.body.score_context import ScoreContext
from crawler.extractors.tree.block_text import Floats
from crawler.extractors.tree.word_hashes import Ints, KnownWords, label_hashes

Matrix = NDArray[np.float32]
NEAR = 2  # levels above a block's node whose names are counted apart, too
CLIP = 4.0  # standard deviations
SECOND_CLIP = 5.0
_SECOND_SHARE = 0.7
_PAGE_TAGS = frozenset({"html", "body"})  # their classes name the whole page
# Multiplications up to which OpenBLAS works in one thread.
_SINGLE_THREAD = 262_144
_PIECE = 2048  # blocks of a long page whose features and words are held at once
_REACH = (-2, -1, 0, 1, 2)  # neighbours that one layer sees, times its stride


@dataclass(frozen=True, slots=True)
class Networks:
    """Weights of several networks of one shape; the first axis of each is over the networks."""

    dense: Matrix
    words: Matrix
    """A row a column of the word tables, all kinds of words below each other."""
    alone_bias: Matrix
    page: Matrix
    around: tuple[Matrix, ...]
    """A layer each; the second axis is over the neighbours. The stride is 1 in the first and 2 in the others."""
    around_biases: tuple[Matrix, ...]
    out_alone: Matrix
    out_hidden: Matrix
    out_bias: Matrix

    def scores(self, pieces: Iterable[tuple[Matrix, Sequence[Matrix]]], count: int) -> Matrix:
        """Of each of `count` blocks, the mean of all.

        A piece holds the features of some blocks, and their vectors of each kind of words; the columns of these are
        those of all networks.
        """
        alone = np.empty((len(self.dense), count, self.dense.shape[2]), dtype=np.float32)
        stop = 0
        for dense, words in pieces:
            start, stop = stop, stop + len(dense)
            alone[:, start:stop] = self._alone(dense, words)
        mean = np.add.reduce(alone, axis=1, keepdims=True) / np.float32(count)
        pooled = np.concatenate([mean, np.maximum.reduce(alone, axis=1, keepdims=True)], axis=2)
        page = np.matmul(pooled, self.page)
        # All at once takes fewer steps; on a long page each at a time takes half the memory.
        parts = [slice(None)] if count <= _PIECE else [slice(each, each + 1) for each in range(len(alone))]
        logits = np.concatenate([self._logits(alone[part], page[part], part) for part in parts])
        likely: Matrix = (1 / (1 + np.exp(-logits - self.out_bias))).mean(axis=0)
        return likely

    def _logits(self, alone: Matrix, page: Matrix, part: slice) -> Matrix:
        """Of the networks named by `part`, less the bias."""
        hidden = alone
        for layer, (weights, bias) in enumerate(zip(self.around, self.around_biases, strict=True)):
            change = _from_around(hidden, weights[part], min(layer + 1, 2))
            change += bias[part] + page if layer == 0 else bias[part]
            _relu(change)
            change += hidden
            hidden = change
        told: Matrix = np.einsum("knh,kh->kn", alone, self.out_alone[part])
        told += np.einsum("knh,kh->kn", hidden, self.out_hidden[part])
        return told

    def _alone(self, dense: Matrix, words: Sequence[Matrix]) -> Matrix:
        """What is said of blocks by themselves."""
        count, width = len(self.dense), words[0].shape[1] // len(self.dense)
        by_kind = np.tanh(np.stack(words)).reshape(len(words), -1, count, width)
        spoken = by_kind.transpose(2, 1, 0, 3).reshape(count, -1, len(words) * width)
        return _relu(_product(dense[None], self.dense) + _product(spoken, self.words) + self.alone_bias)


@dataclass(frozen=True, slots=True)
class SecondNetwork:
    """One hidden layer, and what goes straight past it."""

    mean: Matrix
    scale: Matrix
    hidden: Matrix
    hidden_bias: Matrix
    out: Matrix
    past: Matrix
    out_bias: Matrix

    def scores(self, context: Matrix) -> Matrix:
        """Of a row for each block, 0 to 1."""
        pieces = [self._scores(context[rows]) for rows in _pieces(len(context))]
        return pieces[0] if len(pieces) == 1 else np.concatenate(pieces)

    def _scores(self, context: Matrix) -> Matrix:
        rows = bounded((context - self.mean) / self.scale, -SECOND_CLIP, SECOND_CLIP)
        hidden = _relu(_product(rows[None], self.hidden[None])[0] + self.hidden_bias)
        # Sums of products: a product with a vector would wait for other threads on long pages.
        logits = (hidden * self.out).sum(axis=1) + (rows * self.past).sum(axis=1) + self.out_bias
        likely: Matrix = 1 / (1 + np.exp(-logits))
        return likely


@dataclass(frozen=True, slots=True)
class BodyModel:
    mean: Matrix
    scale: Matrix
    """Of each feature."""
    names: KnownWords
    """Of classes and ids; their numbers are rows of the table."""
    labels: KnownWords
    """Of short texts."""
    name_table: Matrix
    label_table: Matrix
    networks: Networks
    second: SecondNetwork

    def scores(self, features: BlockFeatures) -> Floats:
        """Of each block how likely it is body, 0 to 1."""
        first = self.first_scores(features).astype(np.float64)
        return blended(first, self.second.scores(ScoreContext(features).matrix(first)))

    def first_scores(self, features: BlockFeatures) -> Matrix:
        """Those of the first networks."""
        return self.networks.scores(self._read(features), len(features.size))

    def _read(self, features: BlockFeatures) -> Iterator[tuple[Matrix, list[Matrix]]]:
        words = self._word_vectors(features)
        for rows in _pieces(len(features.size)):
            yield self._dense(features.matrix[rows]), words(rows)

    def _dense(self, matrix: Matrix) -> Matrix:
        dense = matrix - self.mean
        dense /= self.scale
        np.maximum(dense, np.float32(-CLIP), out=dense)
        np.minimum(dense, np.float32(CLIP), out=dense)
        return dense

    def _word_vectors(self, features: BlockFeatures) -> Callable[[slice], list[Matrix]]:
        """Of names all around, the same less by what holds the text, of names near by, of the text, of its heading."""
        places = features.places
        vectors = self._name_vectors(places)
        count, width = vectors.shape
        around = np.empty((count, 3 * width), dtype=np.float32)
        around[:, :width] = vectors
        np.multiply(vectors, (1 - features.share[:, None]).astype(np.float32), out=around[:, width : 2 * width])
        near, above = around[:, 2 * width :], places.parents
        near[:] = vectors
        for _ in range(NEAR):
            near += vectors.take(above, axis=0)
            above = places.parents[above]
        del vectors  # before the most is held
        places.add_above(around[:, : 2 * width])
        inside = self._label_vectors(features)
        under = features.headings_before

        def of(rows: slice) -> list[Matrix]:
            heading = inside[under[rows]] * (under[rows] >= 0).astype(np.float32)[:, None]
            return [*np.split(around.take(places.block_place[rows], axis=0), 3, axis=1), inside[rows], heading]

        return of

    def _name_vectors(self, places: Places) -> Matrix:
        rows, names = self.names.find(places.names.words)
        classes, ids = places.name_numbers
        named = _row_sums(self.name_table, rows, names, places.names.count)
        vectors: Matrix = named.take(classes, axis=0) + named.take(ids, axis=0)
        vectors[places.tagged(_PAGE_TAGS)] = 0
        return vectors

    def _label_vectors(self, features: BlockFeatures) -> Matrix:
        rows, blocks = self.labels.find(label_hashes(features.outline.texts))
        return _row_sums(self.label_table, rows, blocks, len(features.size))


def _pieces(count: int) -> list[slice]:
    return [slice(start, start + _PIECE) for start in range(0, count, _PIECE)]


def blended(first: Floats, second: Matrix) -> Floats:
    """The second network has most of the word: alone it makes a few pages worse on which the first are right."""
    return _SECOND_SHARE * second + (1 - _SECOND_SHARE) * first


@cache
def body_model() -> BodyModel:
    text = resources.files(__package__).joinpath("body_model.json").read_text(encoding="utf-8")
    return read_body_model(json.loads(text))


def read_body_model(stored: Mapping[str, Any]) -> BodyModel:
    """From the form in which it is stored: words, and arrays as base64 of half floats, or bytes and a step a column."""
    return BodyModel(
        mean=_array(stored["mean"]),
        scale=_array(stored["scale"]),
        names=KnownWords(stored["names"].split()),
        labels=KnownWords(stored["labels"].split()),
        name_table=_array(stored["name_table"]),
        label_table=_array(stored["label_table"]),
        networks=_networks(stored["networks"], features=stored["mean"]["shape"][0]),
        second=SecondNetwork(**{name: _array(value) for name, value in stored["second"].items()}),
    )


def _networks(stored: Sequence[Mapping[str, Any]], *, features: int) -> Networks:
    arrays = {name: np.stack([_array(layers[name]) for layers in stored]) for name in stored[0]}
    out_alone, out_hidden = np.split(arrays["out"][:, :, 0], 2, axis=1)
    layers = range(sum(name.startswith("around_bias") for name in arrays))
    return Networks(
        dense=arrays["alone"][:, :features].copy(),
        words=arrays["alone"][:, features:].copy(),
        alone_bias=arrays["alone_bias"][:, None],
        page=arrays["page"],
        around=tuple(np.stack(np.split(arrays[f"around_{layer}"], len(_REACH), axis=1), axis=1) for layer in layers),
        around_biases=tuple(arrays[f"around_bias_{layer}"][:, None] for layer in layers),
        out_alone=out_alone,
        out_hidden=out_hidden,
        out_bias=arrays["out_bias"],
    )


def _array(stored: Mapping[str, Any]) -> Matrix:
    if "int8" in stored:
        steps = np.frombuffer(b64decode(stored["int8"]), dtype=np.int8).reshape(stored["shape"])
        return steps * np.array(stored["steps"], dtype=np.float32)
    return np.frombuffer(b64decode(stored["float16"]), dtype="<f2").reshape(stored["shape"]).astype(np.float32)


def _row_sums(table: Matrix, rows: Ints, owners: Ints, count: int) -> Matrix:
    """The sum of the table's rows that each of `count` owners has; `owners` are in order."""
    sums = np.zeros((count, table.shape[1]), dtype=np.float32)
    if len(owners):
        opens = np.ones(len(owners), dtype=np.bool_)
        np.not_equal(owners[1:], owners[:-1], out=opens[1:])
        starts = opens.nonzero()[0]
        sums[owners[starts]] = np.add.reduceat(table.take(rows, axis=0), starts, axis=0)
    return sums


def _product(rows: Matrix, weights: Matrix) -> Matrix:
    """Matrix products over the last two axes, in pieces: a whole page's would be spread over threads, which wait for
    each other longer than they work as soon as another process runs (50 ms for a page where it takes 1).
    """
    step = _rows_a_piece(weights)
    product = np.empty((len(weights), rows.shape[1], weights.shape[2]), dtype=np.float32)
    for start in range(0, rows.shape[1], step):
        np.matmul(rows[:, start : start + step], weights, out=product[:, start : start + step])
    return product


def _from_around(rows: Matrix, weights: Matrix, stride: int) -> Matrix:
    """For each block the sum of what the blocks around it give; the second axis of `weights` is over these."""
    count, step = rows.shape[1], _rows_a_piece(weights)
    total: Matrix = np.zeros_like(rows)
    for start in range(0, count, step):
        given = rows[:, None, start : start + step] @ weights
        for part, reach in enumerate(_REACH):
            first = start + reach * stride  # the block to which the first row gives
            begin = min(max(first, 0), count)
            end = max(min(first + given.shape[2], count), begin)
            total[:, begin:end] += given[:, part, begin - first : end - first]
    return total


def _rows_a_piece(weights: Matrix) -> int:
    multiplications: int = weights.shape[-2] * weights.shape[-1]
    return max(_SINGLE_THREAD // multiplications, 1)


def _relu(values: Matrix) -> Matrix:
    return np.maximum(values, np.float32(0), out=values)
