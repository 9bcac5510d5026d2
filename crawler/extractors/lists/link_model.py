"""How likely a group of links is a list of articles: boosted trees over its measurements.

The trees are oblivious, that is, all nodes of one depth ask the same question, so a page's groups are scored as a few
matrix look-ups. `python -m crawler.training links DATA` makes the file beside this one.
"""

import json
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class LinkModel:
    bias: float
    features: NDArray[np.int64]
    """Trees by depth: which measurement is asked for."""
    thresholds: NDArray[np.float64]
    values: NDArray[np.float64]
    """Trees by leaf, leaves numbered by their answers as binary digits."""

    def probabilities(self, rows: NDArray[np.float64]) -> NDArray[np.float64]:
        """One for each row, in their order."""
        leaves = np.zeros((len(rows), len(self.values)), dtype=np.int64)
        for depth in range(self.features.shape[1]):
            leaves += leaves
            leaves += rows[:, self.features[:, depth]] > self.thresholds[:, depth]
        scores = self.bias + self.values[np.arange(len(self.values)), leaves].sum(axis=1)
        likely: NDArray[np.float64] = 1 / (1 + np.exp(-scores))
        return likely


@cache
def link_model() -> LinkModel:
    """The shipped one."""
    text = resources.files(__package__).joinpath("link_model.json").read_text(encoding="utf-8")
    return read_link_model(json.loads(text))


def read_link_model(stored: dict[str, Any]) -> LinkModel:
    """From the file's JSON."""
    return LinkModel(
        bias=stored["bias"],
        features=np.array(stored["features"], dtype=np.int64),
        thresholds=np.array(stored["thresholds"], dtype=np.float64),
        values=np.array(stored["values"], dtype=np.float64),
    )
