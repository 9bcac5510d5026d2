"""What is asked of a sync, and what it tells of each step: the same for all kinds of targets."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from pipelines.sync.tables import ROOTS

ROOTS_PER_STEP = 2000
"""Rows of a root, or changes, in one transaction: with what travels with them up to 100,000 rows."""


@dataclass(frozen=True, slots=True)
class Step:
    """One committed transaction."""

    rows: int
    """Written to the target, or marked there as deleted."""
    done: int
    """Of what `left` had counted: rows of a root that were copied for the first time, or changes delivered."""
    changes: int = 0
    """Delivered; 0 in the first copy."""
    refused: bool = False
    """By the receiver, for good: the changes are among the dead letters."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What the target is to hold."""

    roots: Sequence[str] = ROOTS
    since: datetime | None = None
    """Instead of a first copy, start with the changes from then on."""
    tombstones: bool = False
    """A row that is gone stays, with the time in `deleted_at`."""
    roots_per_step: int = ROOTS_PER_STEP
