"""Malformed documents: pages, feeds and sitemaps of our own, broken in every way that was thought of.

Document number n is a function of n and the seed alone, so that a finding is made again by its number.
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from crawler.samplesite.site import SampleSite
from tests.malformed_markup import ATTRIBUTES, ENCODINGS, FRAGMENTS, SPACES, TAG, TAGS, TYPES, grown_tree

SIZE_MOST = 400_000
"""Bytes of a document: larger ones are a matter of the limits, which have tests of their own."""
_GATE = Path(__file__).parent / "gate" / "html"

Break = Callable[[random.Random, bytes, bytes], bytes]
"""A document, and another to take parts from."""


@dataclass(frozen=True, slots=True)
class Malformed:
    name: str
    """How it was made."""
    body: bytes
    content_type: str


@dataclass(frozen=True)
class Corpus:
    seed: int = 7

    @cached_property
    def sources(self) -> Sequence[tuple[str, bytes]]:
        """The pages, feeds and sitemaps of the sample site, and the pages of the gate."""
        served = [
            (path, resource.body)
            for path, resource in sorted(SampleSite().pages().items())
            if resource.body and not path.startswith(("/images/", "/styles/"))
        ]
        return served + [(path.name, path.read_bytes()) for path in sorted(_GATE.glob("*.html"))]

    def __getitem__(self, number: int) -> Malformed:
        chance = random.Random(f"{self.seed}:{number}")  # noqa: S311  # the same document each time
        name, body = grown_tree(chance) if chance.random() < 0.1 else chance.choice(self.sources)
        made = [name]
        for _ in range(chance.choice((1, 1, 1, 2, 3))):
            broken = chance.choice(tuple(BREAKS))
            if len(body) > 1:
                body = BREAKS[broken](chance, body, chance.choice(self.sources)[1])[:SIZE_MOST]
            made.append(broken)
        return Malformed(" ".join(made), body, chance.choice(TYPES))


def _flip_bits(chance: random.Random, body: bytes, _: bytes) -> bytes:
    flipped = bytearray(body)
    for _each in range(max(1, int(len(body) * chance.choice((0.0005, 0.005, 0.05))))):
        flipped[chance.randrange(len(flipped))] ^= 1 << chance.randrange(8)
    return bytes(flipped)


def _cut_end(chance: random.Random, body: bytes, _: bytes) -> bytes:
    return body[: chance.randrange(1, len(body))]


def _cut_start(chance: random.Random, body: bytes, _: bytes) -> bytes:
    return body[chance.randrange(1, len(body)) :]


def _drop_tags(chance: random.Random, body: bytes, _: bytes) -> bytes:
    return TAG.sub(lambda tag: b"" if chance.random() < 0.3 else tag[0], body)


def _drop_ends(chance: random.Random, body: bytes, _: bytes) -> bytes:
    return TAG.sub(lambda tag: b"" if tag[0].startswith(b"</") and chance.random() < 0.5 else tag[0], body)


def _shuffle_tags(chance: random.Random, body: bytes, _: bytes) -> bytes:
    tags = TAG.findall(body)
    chance.shuffle(tags)
    rest = iter(tags)
    return TAG.sub(lambda _tag: next(rest), body)


def _repeat_part(chance: random.Random, body: bytes, _: bytes) -> bytes:
    start = chance.randrange(len(body))
    end = start + chance.randrange(10, 5_000)
    return body[:start] + body[start:end] * chance.choice((2, 10, 100)) + body[end:]


def _nest(chance: random.Random, body: bytes, _: bytes) -> bytes:
    at, tag = chance.randrange(len(body)), chance.choice(TAGS)
    return body[:at] + b"<%s>" % tag * chance.choice((300, 3_000, 30_000)) + body[at:]


def _insert_fragments(chance: random.Random, body: bytes, _: bytes) -> bytes:
    parts = bytearray(body)
    for _each in range(chance.choice((1, 10, 200))):
        at = chance.randrange(len(parts))
        parts[at:at] = chance.choice(FRAGMENTS)
    return bytes(parts)


def _encode_anew(chance: random.Random, body: bytes, _: bytes) -> bytes:
    return body.decode("utf-8", "replace").encode(chance.choice(ENCODINGS), "ignore")


def _splice(chance: random.Random, body: bytes, other: bytes) -> bytes:
    return body[: chance.randrange(len(body))] + other[chance.randrange(len(other)) :]


def _interleave(chance: random.Random, body: bytes, other: bytes) -> bytes:
    step = chance.choice((64, 512, 4_096))
    starts = range(0, min(len(body), len(other)), step)
    return b"".join(part[start : start + step] for start in starts for part in (body, other))


def _spoil_attributes(chance: random.Random, body: bytes, _: bytes) -> bytes:
    spoilt, left = chance.choice(ATTRIBUTES), [chance.choice((1, 5, 50))]

    def spoil(tag: bytes) -> bytes:
        if not left[0] or chance.random() > 0.05 or tag.startswith((b"</", b"<!")):
            return tag
        left[0] -= 1
        return tag[:-1] + spoilt + b">"

    return TAG.sub(lambda tag: spoil(tag[0]), body)


def _write_tags_oddly(chance: random.Random, body: bytes, _: bytes) -> bytes:
    return TAG.sub(
        lambda tag: tag[0].swapcase() if chance.random() < 0.5 else tag[0].replace(b" ", b"\n\t/ "),
        body,
    )


def _write_references(chance: random.Random, body: bytes, _: bytes) -> bytes:
    share = chance.choice((0.01, 0.1))
    return b"".join(b"&#%d;" % each if chance.random() < share and each > 96 else bytes((each,)) for each in body)


def _spoil_numbers(chance: random.Random, body: bytes, _: bytes) -> bytes:
    odd = (b"-1", b"0", b"99999999999999999999", b"1e999", b"NaN", b"0" * 4_400)
    parts = bytearray()
    for each in body:
        is_digit = 48 <= each <= 57
        parts += chance.choice(odd) if is_digit and chance.random() < 0.02 else bytes((each,))
    return bytes(parts)


def _turn_blocks_round(chance: random.Random, body: bytes, _: bytes) -> bytes:
    parts = body.split(b"<")
    start = chance.randrange(len(parts))
    return b"<".join(parts[:start] + parts[start : start + 400][::-1] + parts[start + 400 :])


def _insert_space(chance: random.Random, body: bytes, _: bytes) -> bytes:
    at = chance.randrange(len(body))
    return body[:at] + chance.choice(SPACES) * chance.choice((1_000, 100_000)) + body[at:]


def _insert_nuls(chance: random.Random, body: bytes, _: bytes) -> bytes:
    at = chance.randrange(len(body))
    return body[:at] + b"\0" * chance.choice((1, 100, 65_536)) + body[at + 1 :]


BREAKS: dict[str, Break] = {
    each.__name__.lstrip("_"): each
    for each in (
        _flip_bits,
        _cut_end,
        _cut_start,
        _drop_tags,
        _drop_ends,
        _shuffle_tags,
        _repeat_part,
        _nest,
        _insert_fragments,
        _encode_anew,
        _splice,
        _interleave,
        _spoil_attributes,
        _write_tags_oddly,
        _write_references,
        _spoil_numbers,
        _turn_blocks_round,
        _insert_space,
        _insert_nuls,
    )
}
