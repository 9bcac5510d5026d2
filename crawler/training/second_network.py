"""Training of the second network of bodies, whose rows are what the scores of a page say about each other."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from crawler.extractors.body.body_model import SECOND_CLIP
from crawler.training.body_network import Matrix, Weights

_SMALLEST_SPREAD = 0.02
_HIDDEN, _BEGINNINGS = 24, 2
_EPOCHS = 20
_BATCH = 4096  # rows
_PEAK_RATE = 3e-3
_WARM_UP = 50  # steps
_DECAY = 0.01
_DROPPED = np.float32(0.1)
_FIRST_LOGIT = 1  # the column that holds the first networks' own word
_TRUST = 2.0  # in it, to begin with


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondSample:
    """One page."""

    context: Matrix
    body: Matrix
    weight: Matrix


def train_second(samples: Sequence[SecondSample]) -> Weights:
    """Several networks, trained from different beginnings, side by side as one: its logits are their mean."""
    rows = np.concatenate([sample.context for sample in samples])
    mean, scale = rows.mean(axis=0), rows.std(axis=0) + np.float32(_SMALLEST_SPREAD)
    rows = np.clip((rows - mean) / scale, -SECOND_CLIP, SECOND_CLIP)
    body = np.concatenate([sample.body for sample in samples])
    weight = np.concatenate([sample.weight for sample in samples])
    found = [_train(rows, body, weight, seed=seed) for seed in range(1, _BEGINNINGS + 1)]
    return {
        "mean": mean,
        "scale": scale,
        "hidden": np.concatenate([weights["hidden"] for weights in found], axis=1),
        "hidden_bias": np.concatenate([weights["hidden_bias"] for weights in found]),
        "out": np.concatenate([weights["out"] for weights in found]) / np.float32(_BEGINNINGS),
        "past": np.mean([weights["past"] for weights in found], axis=0),
        "out_bias": np.mean([weights["out_bias"] for weights in found], axis=0),
    }


def _train(rows: Matrix, body: Matrix, weight: Matrix, *, seed: int) -> Weights:
    random = np.random.default_rng(seed)
    width = rows.shape[1]
    weights: Weights = {
        "hidden": (random.standard_normal((width, _HIDDEN)) * np.sqrt(1.5 / width)).astype(np.float32),
        "hidden_bias": np.zeros(_HIDDEN, np.float32),
        "out": (random.standard_normal(_HIDDEN) * 0.2).astype(np.float32),
        "past": np.zeros(width, np.float32),
        "out_bias": np.zeros(1, np.float32),
    }
    weights["past"][_FIRST_LOGIT] = _TRUST
    first = {name: np.zeros_like(value) for name, value in weights.items()}
    second = {name: np.zeros_like(value) for name, value in weights.items()}
    starts = range(0, len(rows), _BATCH)
    steps = _EPOCHS * len(starts)
    for step in range(steps):
        if step % len(starts) == 0:
            order = random.permutation(len(rows))
        taken = order[(at := starts[step % len(starts)]) : at + _BATCH]
        gradient = _gradient(weights, rows[taken], body[taken], weight[taken], random=random)
        rate = _PEAK_RATE * (1 + np.cos(np.pi * step / steps)) / 2 * min(1.0, (step + 1) / _WARM_UP)
        for name in weights:
            first[name] += 0.1 * (gradient[name] - first[name])
            second[name] += 0.001 * (gradient[name] ** 2 - second[name])
            ahead = first[name] / (1 - 0.9 ** (step + 1))
            spread = np.sqrt(second[name] / (1 - 0.999 ** (step + 1))) + 1e-8
            weights[name] -= np.float32(rate) * (ahead / spread + np.float32(_DECAY) * weights[name])
    return weights


def _gradient(weights: Weights, rows: Matrix, body: Matrix, weight: Matrix, *, random: np.random.Generator) -> Weights:
    before = rows @ weights["hidden"] + weights["hidden_bias"]
    alive = (random.random(before.shape, dtype=np.float32) > _DROPPED) / (1 - _DROPPED) * (before > 0)
    hidden = before * alive
    logits = hidden @ weights["out"] + rows @ weights["past"] + weights["out_bias"]
    error = (weight * (1 / (1 + np.exp(-logits)) - body) / weight.sum()).astype(np.float32)
    back = np.outer(error, weights["out"]) * alive
    return {
        "hidden": rows.T @ back,
        "hidden_bias": back.sum(axis=0),
        "out": hidden.T @ error,
        "past": rows.T @ error,
        "out_bias": error.sum(keepdims=True),
    }
