"""What labelled pages taught beyond the rules: a weight for each measurement, added to the rules' sum.

`python -m crawler.training kinds DATA` makes the file beside this one.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import numpy as np
from numpy.typing import NDArray

from crawler.extractors.kinds.measurements import MEASUREMENTS

Floats = NDArray[np.float64]
CLIP = 4.0  # standard deviations
MOST_RULES = 8.0
"""The rules' sum counts for no more than this, either way."""


@dataclass(frozen=True, slots=True)
class KindModel:
    bias: float
    mean: Floats
    scale: Floats
    weights: Floats
    """Of each measurement in standard deviations from the mean; above 0 speaks for an article."""

    def parts(self, measured: Floats) -> Floats:
        """What each measurement adds."""
        parts: Floats = np.clip((measured - self.mean) / self.scale, -CLIP, CLIP) * self.weights
        return parts


@cache
def kind_model() -> KindModel:
    text = resources.files(__package__).joinpath("kind_model.json").read_text(encoding="utf-8")
    return read_kind_model(json.loads(text))


def read_kind_model(stored: Mapping[str, Any]) -> KindModel:
    """Raises ValueError for a file of other measurements."""
    if tuple(stored["measurements"]) != tuple(MEASUREMENTS):
        raise ValueError("the model is of other measurements; make it again: python -m crawler.training kinds DATA")
    rows = np.array(list(stored["measurements"].values()), dtype=np.float64)
    return KindModel(stored["bias"], *rows.T)
