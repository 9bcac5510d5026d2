"""How near a reading comes to a labelled page: of bodies, facts, lists and tags, one number a page.

Words are runs of letters and digits; each Han, Kana, Hangul or Thai letter is a word of its own.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from statistics import fmean
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

_CJK = (
    r"\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    r"\uff66-\uff9f\u1100-\u11ff\uac00-\ud7af\u0e00-\u0e7f\U00020000-\U0003ffff"
)
_WORD = re.compile(rf"[{_CJK}]|[^\W{_CJK}]+")
_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})")
_NAME_ENDS = re.compile(r"\s*(?:[;,|、，]|\band\b|&)\s*")
_NAME_STARTS = re.compile(r"^\s*(?:by|von|par|por|di|door|作者|记者|文)\s*[:：]?\s+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Overlap:
    """What two collections share: items in both, only found, only wanted."""

    both: int
    extra: int
    missed: int

    @classmethod
    def of(cls, wanted: Counter[Any], found: Counter[Any]) -> "Overlap":
        both = (wanted & found).total()
        return cls(both, found.total() - both, wanted.total() - both)

    @classmethod
    def of_sets(cls, wanted: Set[Any], found: Set[Any]) -> "Overlap":
        both = len(wanted & found)
        return cls(both, len(found) - both, len(wanted) - both)

    @property
    def f1(self) -> float:
        """1 where nothing is wanted and nothing found."""
        total = 2 * self.both + self.extra + self.missed
        return 2 * self.both / total if total else 1.0


@dataclass(frozen=True, slots=True)
class BodyScore:
    word_f1: float
    precision: float | None
    """Of sequences of four words; None where nothing was found."""
    recall: float | None
    paragraph_f1: float


def score_body(wanted: str, found: str) -> BodyScore:
    words, found_words = _WORD.findall(wanted), _WORD.findall(found)
    fours = Overlap.of(_fours(words), _fours(found_words))
    return BodyScore(
        word_f1=Overlap.of(Counter(map(str.lower, words)), Counter(map(str.lower, found_words))).f1,
        precision=fours.both / (fours.both + fours.extra) if found_words else None,
        recall=fours.both / (fours.both + fours.missed) if words else None,
        paragraph_f1=Overlap.of(_paragraphs(wanted), _paragraphs(found)).f1,
    )


def four_gram_f1(scores: Iterable[BodyScore]) -> float:
    """Of the mean precision and the mean recall, as the published benchmarks have it."""
    scores = list(scores)
    precision = _mean([score.precision for score in scores if score.precision is not None])
    recall = _mean([score.recall for score in scores if score.recall is not None])
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def same_words(wanted: str, found: str | None) -> bool:
    """Equal but for case, quotes, dashes and spaces."""
    return folded(wanted) == folded(found)


def same_day(wanted: str, found: str | None) -> bool:
    return day_of(found) is not None and day_of(wanted) == day_of(found)


def day_of(text: str | None) -> tuple[int, ...] | None:
    found = _DAY.search(text or "")
    return tuple(int(part) for part in found.groups()) if found else None


def names_f1(wanted: str | Sequence[str], found: Sequence[str] | str | None) -> float:
    return Overlap.of_sets(_names(wanted), _names(found)).f1


def folded(text: str | None) -> str:
    return " ".join(_WORD.findall(unicodedata.normalize("NFKC", text or "").casefold()))


def url_key(url: str | None) -> tuple[Any, ...] | None:
    """Without fragment, tracking parameters and last slash; None for no URL."""
    url = (url or "").strip()
    if not url:
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return (url,)
    query = sorted(
        (k, v) for k, v in parse_qsl(parts.query, keep_blank_values=True) if not k.lower().startswith("utm_")
    )
    return (parts.scheme.lower(), parts.netloc.lower(), unquote(parts.path).rstrip("/"), tuple(query))


def label_key(label: str | None) -> str:
    text = re.sub(r"\s+", " ", unicodedata.normalize("NFC", label or "")).strip("#＃ ")
    return text.casefold()


def _fours(words: Sequence[str]) -> Counter[tuple[str, ...]]:
    if not words:
        return Counter()
    return Counter(tuple(words[start : start + 4]) for start in range(max(1, len(words) - 3)))


def _paragraphs(text: str) -> Counter[str]:
    return Counter(line for line in map(folded, re.split(r"[\r\n]+", text)) if line)


def _names(names: str | Sequence[str] | None) -> set[str]:
    listed = _NAME_ENDS.split(names) if isinstance(names, str) else names or ()
    return {folded(_NAME_STARTS.sub("", name)) for name in listed} - {""}


def _mean(values: Sequence[float]) -> float:
    return fmean(values) if values else 0.0
