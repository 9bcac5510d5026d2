"""How likely a block is body: small networks over the features of blocks, their words, and their neighbours.

Layers, in order: each block by itself (features, and the summed vectors of the words in classes and ids around it, in
it, and in the heading above it); the page as a whole (mean and maximum over its blocks); the five blocks around; and
those twice as far. Several such networks, trained from different beginnings, are averaged. The file beside this one
holds their weights.
"""

import json
from base64 import b64decode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import numpy as np
from numpy.typing import NDArray

from crawler.extractors.body.block_features import BlockFeatures
from crawler.extractors.body.block_places import Places
from crawler.extractors.body.block_words import label_words, name_words

Matrix = NDArray[np.float32]
NEAR = 2  # levels above a block's node whose names are counted apart, too
CLIP = 4.0  # standard deviations
# Multiplications up to which OpenBLAS works in one thread.
_SINGLE_THREAD = 262_144
_REACH = (-2, -1, 0, 1, 2)  # neighbours that one layer sees, times its stride


@dataclass(frozen=True, slots=True)
class Network:
    """Weights of one network, and its columns of the word tables."""

    columns: slice
    alone: Matrix
    alone_bias: Matrix
    page: Matrix
    around: tuple[Matrix, ...]
    """A layer of neighbours each; the stride is 1 in the first and 2 in the others."""
    around_biases: tuple[Matrix, ...]
    out: Matrix
    out_bias: Matrix

    def scores(self, dense: Matrix, words: Sequence[Matrix]) -> Matrix:
        """`words` are the vectors of each kind of word; their columns are those of all networks."""
        mine = [vectors[:, self.columns] for vectors in words]
        alone = _relu(_product(np.concatenate([dense, *map(np.tanh, mine)], axis=1), self.alone) + self.alone_bias)
        page = np.concatenate([alone.mean(axis=0), alone.max(axis=0)]) @ self.page
        hidden = alone
        for layer, (weights, bias) in enumerate(zip(self.around, self.around_biases, strict=True)):
            stride = min(layer + 1, 2)
            seen = np.concatenate([_shifted(hidden, step * stride) for step in _REACH], axis=1)
            change = _product(seen, weights) + bias
            hidden = hidden + _relu(change + page if layer == 0 else change)
        logits = (np.concatenate([alone, hidden], axis=1) * self.out[:, 0]).sum(axis=1) + self.out_bias
        likely: Matrix = 1 / (1 + np.exp(-logits))
        return likely


@dataclass(frozen=True, slots=True)
class BodyModel:
    mean: Matrix
    scale: Matrix
    """Of each feature."""
    names: Mapping[str, int]
    """Known words of classes and ids, to their rows."""
    labels: Mapping[str, int]
    """Known words of short texts."""
    name_table: Matrix
    label_table: Matrix
    networks: tuple[Network, ...]

    def scores(self, features: BlockFeatures) -> Matrix:
        """Of each block how likely it is body, 0 to 1."""
        dense = np.clip((features.matrix - self.mean) / self.scale, -CLIP, CLIP)
        words = self._word_vectors(features)
        likely: Matrix = np.mean([network.scores(dense, words) for network in self.networks], axis=0)
        return likely

    def _word_vectors(self, features: BlockFeatures) -> list[Matrix]:
        """Of names all around, the same less by what holds the text, of names near by, of the text, of its heading."""
        places = features.places
        vectors = self._name_vectors(places)
        gated = vectors * (1 - features.share[:, None]).astype(np.float32)
        near, above = vectors, places.parents
        for _ in range(NEAR):
            near = near + vectors[above]
            above = places.parents[above]
        inside = self._label_vectors(features)
        under = features.headings_before
        heading = inside[under] * (under >= 0).astype(np.float32)[:, None]
        around = (places.path_sums(vectors), places.path_sums(gated), near)
        return [*(summed[places.block_place] for summed in around), inside, heading]

    def _name_vectors(self, places: Places) -> Matrix:
        known, table = self.names, self.name_table
        vectors = np.zeros((len(places.nodes), table.shape[1]), dtype=np.float32)
        for place, (tag, names) in enumerate(zip(places.tags, places.names, strict=True)):
            if tag in ("html", "body"):  # their classes name the whole page
                continue
            found = [known[word] for name in names if name for word in name_words(name) if word in known]
            if found:
                vectors[place] = table[found].sum(axis=0)
        return vectors

    def _label_vectors(self, features: BlockFeatures) -> Matrix:
        known, table = self.labels, self.label_table
        vectors = np.zeros((len(features.size), table.shape[1]), dtype=np.float32)
        for number, block in enumerate(features.outline.blocks):
            found = [known[word] for word in label_words(block.text) if word in known]
            if found:
                vectors[number] = table[found].sum(axis=0)
        return vectors


@cache
def body_model() -> BodyModel:
    text = resources.files(__package__).joinpath("body_model.json").read_text(encoding="utf-8")
    return read_body_model(json.loads(text))


def read_body_model(stored: Mapping[str, Any]) -> BodyModel:
    """From the form in which it is stored: words, and arrays as base64 of half floats, or bytes and a step a column."""
    width = stored["width"]
    networks = []
    for number, layers in enumerate(stored["networks"]):
        arrays = {name: _array(value) for name, value in layers.items()}
        depth = sum(name.startswith("around_bias") for name in arrays)
        networks.append(
            Network(
                columns=slice(number * width, (number + 1) * width),
                alone=arrays["alone"],
                alone_bias=arrays["alone_bias"],
                page=arrays["page"],
                around=tuple(arrays[f"around_{layer}"] for layer in range(depth)),
                around_biases=tuple(arrays[f"around_bias_{layer}"] for layer in range(depth)),
                out=arrays["out"],
                out_bias=arrays["out_bias"],
            )
        )
    return BodyModel(
        mean=_array(stored["mean"]),
        scale=_array(stored["scale"]),
        names={word: row for row, word in enumerate(stored["names"].split(" "))},
        labels={word: row for row, word in enumerate(stored["labels"].split(" "))},
        name_table=_array(stored["name_table"]),
        label_table=_array(stored["label_table"]),
        networks=tuple(networks),
    )


def _array(stored: Mapping[str, Any]) -> Matrix:
    if "int8" in stored:
        steps = np.frombuffer(b64decode(stored["int8"]), dtype=np.int8).reshape(stored["shape"])
        return steps * np.array(stored["steps"], dtype=np.float32)
    return np.frombuffer(b64decode(stored["float16"]), dtype="<f2").reshape(stored["shape"]).astype(np.float32)


def _product(rows: Matrix, weights: Matrix) -> Matrix:
    """The matrix product, in pieces: a whole page's would be spread over threads, which wait for each other longer than
    they work as soon as another process runs (50 ms for a page where it takes 1).
    """
    step = max(_SINGLE_THREAD // weights.size, 1)
    product = np.empty((len(rows), weights.shape[1]), dtype=np.float32)
    for start in range(0, len(rows), step):
        np.matmul(rows[start : start + step], weights, out=product[start : start + step])
    return product


def _relu(values: Matrix) -> Matrix:
    return np.maximum(values, np.float32(0))


def _shifted(rows: Matrix, steps: int) -> Matrix:
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
