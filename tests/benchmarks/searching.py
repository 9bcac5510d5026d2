"""What the search index costs when articles are stored, and what it gives when they are searched.

    python -m tests.benchmarks.searching sqlite --articles 100000
    python -m tests.benchmarks.searching postgresql --articles 100000

Articles of Chinese, of words of two characters: some in every text, most in few. The first 2,000 are stored in two
databases by turns, one of them without the index; CPU is that of client and server. Then one alone is filled up, and
searched with the index and without. Characters follow each other by chance, so there are more trigrams than in texts of
people: storing those costs less with the index, on PostgreSQL 1.5 times as much as without instead of 2.5.
"""

import argparse
import random
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate

from sqlalchemy import Engine

from models.engine import open_database, writing
from models.items import Block, BlockType, Page
from models.search import drop_search_index
from pipelines.search import Question, find_articles, parse_words
from pipelines.store import Store
from tests.benchmarks.generated_pages import page_of
from tests.benchmarks.write_speed import databases

_MEASURED, _BATCH = 2_000, 50
_CHANCE = random.Random(1)  # noqa: S311  # the same words in every run
_CHARACTERS = [chr(0x4E00 + place) for place in _CHANCE.sample(range(20_000), 3_000)]
_WORDS = ["".join(_CHANCE.choices(_CHARACTERS, k=2)) for _ in range(20_000)]
_WEIGHTS = list(accumulate(1 / rank for rank in range(1, len(_WORDS) + 1)))
COMMON = _WORDS[1]
"""A word of most texts."""
_ASKED = {
    "a character of all texts": _WORDS[0][0],
    "a word of most texts": COMMON,
    "a word of some": _WORDS[200],
    "a word of few": _WORDS[19_000],
    "two words of some": f"{_WORDS[200]} {_WORDS[500]}",
    "four characters": f"{_WORDS[3]}{_WORDS[200]}",
    "what is nowhere": "龘龘",
}


def chinese_page(number: int, *, among: int) -> Page:
    """The page of that number, with 1,500 characters in ten paragraphs."""
    chance = random.Random(number)  # noqa: S311  # the same page each time
    page = page_of(number, among=among)
    texts = ("".join(chance.choices(_WORDS, cum_weights=_WEIGHTS, k=75)) for _ in range(10))
    blocks = tuple(Block(type=BlockType.PARAGRAPH, text=f"{text}。") for text in texts)
    return replace(page, articles=(replace(page.articles[0], headline=blocks[0].text[:20], blocks=blocks),))


def ask(engine: Engine) -> dict[str, tuple[float, int]]:
    """Milliseconds of the faster of two, and articles found."""
    took = {}
    for name, asked in _ASKED.items():
        times = []
        for _ in range(2):
            started = time.perf_counter()
            hits, _ = find_articles(engine, Question(words=parse_words(asked)))
            times.append(1000 * (time.perf_counter() - started))
        took[name] = (min(times), len(hits))
    return took


def batches(first: int, last: int) -> Sequence[range]:
    return [range(start, min(start + _BATCH, last)) for start in range(first, last, _BATCH)]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("dialect", choices=("sqlite", "postgresql"))
    parser.add_argument("--articles", type=int, default=20_000)
    options = parser.parse_args()
    with databases(options.dialect) as make:
        places = {name: make(name) for name in ("indexed", "plain")}
        engines = {name: open_database(place.url) for name, place in places.items()}
        with writing(engines["plain"]) as connection:
            drop_search_index(connection)
        stores = {name: Store(engine) for name, engine in engines.items()}
        spent = dict.fromkeys(stores, 0.0)
        for numbers in batches(0, _MEASURED):
            pages = [chinese_page(number, among=options.articles) for number in numbers]
            for name, store in stores.items():
                before = places[name].spent()
                store.write(pages)
                spent[name] += places[name].spent() - before
        per_page = {name: 1000 * seconds / _MEASURED for name, seconds in spent.items()}
        print(
            f"storing: {per_page['plain']:.2f} ms a page without the index, {per_page['indexed']:.2f} with it", end=""
        )
        print(f", {per_page['indexed'] / per_page['plain']:.2f} times as much", flush=True)
        for numbers in batches(_MEASURED, options.articles):
            stores["indexed"].write([chinese_page(number, among=options.articles) for number in numbers])
        with_index = ask(engines["indexed"])
        with writing(engines["indexed"]) as connection:
            drop_search_index(connection)
        without = ask(engines["indexed"])
        for name, (took, found) in with_index.items():
            print(f"{name:<26}{took:8.0f} ms with the index{without[name][0]:8.0f} ms without{found:5} shown")
        for engine in engines.values():
            engine.dispose()
    return 0


if __name__ == "__main__":
    sys.exit(main())
