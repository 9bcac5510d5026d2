"""How far copies and unrelated articles are apart, by ours and by simhash, and what a hash costs.

    python -m tests.benchmarks.similarity TEXTS.jsonl …

Each line of a file is an object with the text as `body`, or as the `text` of its `blocks`. Texts of fewer than 200
characters are left out. Copies are made by edits; every two texts are taken for unrelated.
"""

import argparse
import json
import random
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pipelines.similarity import LEAST_TOKENS, shingles_of, similarity_hash
from pipelines.word_diff import tokens_of

_SHORTEST = 200
_ADVERTISEMENT = (
    "Read more on our site and subscribe to our newsletter for weekly updates. All rights reserved. "
    "更多精彩内容请关注本站微信公众号。本文仅代表作者观点，转载请注明出处。"
)
Hashing = Callable[[str], int]


def simhash(text: str) -> int:
    """Charikar's, over the same shingles: each bit is that of most of them."""
    shingles = shingles_of(text)
    bits = np.unpackbits(shingles.view(np.uint8)).reshape(-1, 64)
    return int(np.packbits(bits.mean(axis=0) > 0.5).view("<i8")[0])


def exchanged(text: str, count: int, chance: random.Random) -> str:
    tokens = tokens_of(text)
    words = [place for place, token in enumerate(tokens) if token[0].isalnum()]
    for place in chance.sample(words, min(count, len(words))):
        tokens[place] = tokens[chance.choice(words)]
    return "".join(tokens)


def _share(text: str, share: float, chance: random.Random) -> str:
    return exchanged(text, max(1, int(share * sum(token[0].isalnum() for token in tokens_of(text)))), chance)


EDITS: dict[str, Callable[[str, random.Random], str]] = {
    "three words exchanged": lambda text, chance: exchanged(text, 3, chance),
    "1 % of words exchanged": lambda text, chance: _share(text, 0.01, chance),
    "5 % of words exchanged": lambda text, chance: _share(text, 0.05, chance),
    "advertisement below": lambda text, _: f"{text}\n{_ADVERTISEMENT}",
    "advertisement above and below": lambda text, _: f"{_ADVERTISEMENT}\n{text}\n{_ADVERTISEMENT}",
    "last tenth cut off": lambda text, _: text[: len(text) * 9 // 10],
    "last quarter cut off": lambda text, _: text[: len(text) * 3 // 4],
    "second half cut off": lambda text, _: text[: len(text) // 2],
}


def texts_of(paths: Sequence[Path]) -> Iterator[str]:
    for path in paths:
        for line in filter(None, path.read_text("utf-8").split("\n")):
            record = json.loads(line)
            text = record.get("body") or "\n".join(block["text"] for block in record.get("blocks", ()))
            if len(text) >= _SHORTEST and similarity_hash(text):
                yield text


def distances(first: Sequence[int], second: Sequence[int]) -> NDArray[np.uint8]:
    pairs = np.array(first, dtype=np.int64) ^ np.array(second, dtype=np.int64)
    return np.bitwise_count(pairs.view(np.uint64))


def report(texts: Sequence[str]) -> None:
    made = {name: [hashing(text) for text in texts] for name, hashing in HASHES.items()}
    print(f"{len(texts):,} texts of {np.mean([*map(len, texts)]):,.0f} characters; bits that differ: median/90 %/99 %")
    print(f"{'':32}" + "".join(f"{name:>18}" for name in HASHES))
    for edit, change in EDITS.items():
        chance = random.Random(1)  # noqa: S311  # the same edits each time
        copies = [change(text, chance) for text in texts]
        long = [place for place, copy in enumerate(copies) if len(tokens_of(copy)) > 2 * LEAST_TOKENS]
        cells = []
        for name, hashing in HASHES.items():
            apart = distances([made[name][place] for place in long], [hashing(copies[place]) for place in long])
            cells.append("/".join(f"{np.percentile(apart, share):.0f}" for share in (50, 90, 99)))
        print(f"{edit:32}" + "".join(f"{cell:>18}" for cell in cells))
    for what, count in (("nearest two unrelated texts", None), ("of a million pairs within 6", 6)):
        cells = [_unrelated(hashes, count) for hashes in made.values()]
        print(f"{what:32}" + "".join(f"{cell:>18}" for cell in cells))


def _unrelated(hashes: Sequence[int], within: int | None) -> str:
    apart = np.concatenate([distances(hashes[:place], [own] * place) for place, own in enumerate(hashes) if place])
    return str(apart.min()) if within is None else f"{1e6 * (apart <= within).mean():.1f}"


def cost(texts: Sequence[str]) -> float:
    """Milliseconds of CPU a text, the least of three runs."""
    runs = []
    for _ in range(3):
        begun = time.process_time()
        for text in texts:
            similarity_hash(text)
        runs.append(time.process_time() - begun)
    return 1000 * min(runs) / len(texts)


HASHES: dict[str, Hashing] = {"ours": similarity_hash, "simhash": simhash}


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks.similarity", description=(__doc__ or "").split("\n\n", 1)[0]
    )
    parser.add_argument("texts", type=Path, nargs="+", metavar="TEXTS.jsonl")
    texts = list(texts_of(parser.parse_args(arguments).texts))
    report(texts)
    print(f"{cost(texts):.3f} ms CPU a text")
    return 0


if __name__ == "__main__":
    sys.exit(main())
