"""However few articles are looked at at once, search finds the newest that have the words, on both databases alike."""

import random
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, text

from models.engine import downgrade, reading, upgrade, writing
from models.search import drop_search_index, missing_index
from pipelines.search import Question, find, find_articles, newest, on_postgresql, on_sqlite, parse_words, rebuild_index
from pipelines.search.words import has_all
from pipelines.store import Store
from tests.downstream import NOW
from tests.test_search import article_page

ON_POSTGRESQL = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
STORED, RANKED = 90, 6
ASKED = (
    "物流",
    "口",
    "港口 物流",
    "ship",
    "ai",
    '"supply chain"',
    "%",
    "港口自动化",
    "龘",
    "5G网 ship",
    "化",
    "动化。",
    "x",
)
PARTS = (
    *("物流", "港口", "自动化", "ship", "shipping", "AI", "said", "supply chain", "supply  chains", "5G网络", "100%"),
    *("。", "化"),
)
CHOSEN: tuple[dict[str, Any], ...] = (
    {},
    {"site": "other.example.org"},
    {"site": "nowhere.example"},
    {"kind": "article", "tag": "外贸1"},
    {"kind": "listing"},
    {"since": NOW + timedelta(days=20), "until": NOW + timedelta(days=60)},
)


CHANCE = random.Random(5)  # noqa: S311  # the same articles each time
TEXTS = [(" ".join(CHANCE.sample(PARTS, 2)), "\n".join(CHANCE.sample(PARTS, 4))) for _ in range(STORED)]


def expected(asked: str, chosen: dict[str, Any]) -> set[int]:
    """Numbers of the articles, found by looking at each."""
    words = parse_words(asked)
    named, other = [], []
    for number in reversed(range(STORED)):
        headline, body = TEXTS[number]
        published = NOW + timedelta(days=number)
        is_chosen = (
            chosen.get("site") in (None, "other.example.org" if number == 2 else "example.com")
            and chosen.get("kind") != "listing"
            and ("tag" not in chosen or number % 2 == 1)
            and chosen.get("since", published) <= published
            and ("until" not in chosen or published < chosen["until"])
        )
        if is_chosen and has_all(words, headline, body):
            other.append(number)
        if is_chosen and has_all(words, headline, ""):
            named.append(number)
    return {*named[:RANKED], *other[:RANKED]}


def found(engine: Engine, asked: str, chosen: dict[str, Any], *, is_long: bool = True) -> set[int]:
    hits, _ = find_articles(engine, Question(words=parse_words(asked), limit=400, **chosen), is_long=is_long)
    return {int(hit.url.rpartition("/")[2]) for hit in hits}


@pytest.fixture
def stored(engine: Engine) -> Engine:
    Store(engine).write([article_page(number, *texts) for number, texts in enumerate(TEXTS)])
    return engine


@pytest.fixture
def narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows, portions and chunks that a handful of articles fill."""
    for room in (on_sqlite, on_postgresql):
        monkeypatch.setattr(room, "RANKED", RANKED)
    for name, value in {
        "_FEW": 48,
        "_HANDFUL": 8,
        "_COMMON": 3,
        "_PROBED": {True: 5, False: 3},
        "_CHUNKS": (2, 3),
    }.items():
        monkeypatch.setattr(on_postgresql, name, value)
    for name, value in {"_WINDOWS": (7, 30), "_PORTION": 4}.items():
        monkeypatch.setattr(newest, name, value)


def spread_numbers(engine: Engine, factor: int) -> None:
    """As numbers are where other tables and failed writes have taken most of them."""
    with writing(engine) as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))  # keys point to rows that change too
        for table, column in (("article", "id"), ("article_version", "article_id"), ("article_tag", "article_id")):
            connection.execute(text(f"UPDATE {table} SET {column} = {column} * {factor}"))  # noqa: S608  # our own


@pytest.mark.usefixtures("narrow")
def test_the_newest_that_have_the_words_are_found(stored: Engine) -> None:
    for asked in ASKED:
        for chosen in CHOSEN:
            assert found(stored, asked, chosen) == expected(asked, chosen), (asked, chosen)


@ON_POSTGRESQL
@pytest.mark.usefixtures("narrow")
@pytest.mark.parametrize("factor", [5_000, 5_000_000])
def test_numbers_with_gaps_are_found_as_well(stored: Engine, factor: int) -> None:
    spread_numbers(stored, factor)

    for asked in ASKED:
        assert found(stored, asked, {}) == expected(asked, {}), asked


@ON_POSTGRESQL
def test_where_somebody_waits_only_the_newest_are_read_for_what_the_index_does_not_know(
    stored: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(on_postgresql, "_LAST_STORED", 10)
    question = Question(words=parse_words("%"), limit=400)

    hits, told = find_articles(stored, question, is_long=False)
    whole, nothing = find_articles(stored, question)

    assert told == "Only the 10 articles stored last were looked through."
    assert nothing is None
    assert {hit.url for hit in hits} < {hit.url for hit in whole}
    assert min(int(hit.url.rpartition("/")[2]) for hit in hits) >= STORED - 10
    with writing(stored) as connection:
        drop_search_index(connection)
    _, told = find_articles(stored, question, is_long=False)
    assert str(told).startswith("Only the 10 articles stored last were looked through. ")
    assert "scrapy search --index" in str(told)


@ON_POSTGRESQL
def test_search_that_takes_too_long_ends_and_says_so(stored: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(find, "_PATIENCE_SECONDS", -1.0)

    hits, told = find_articles(stored, Question(words=parse_words("物流")), is_long=False)

    assert hits == ()
    assert "took too long" in str(told)
    assert find_articles(stored, Question(words=parse_words("物流")))[0]


@ON_POSTGRESQL
@pytest.mark.usefixtures("narrow")
def test_migration_of_many_articles_leaves_the_index_to_be_made_by_command(stored: Engine) -> None:
    downgrade(stored, "0009")
    with writing(stored) as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))  # versions of no article
        connection.execute(
            text(
                "INSERT INTO article_version (article_id, number, seen_at, authors, article_body, blocks, origins, "
                "content_hash) SELECT 1000 + id, 1, now(), '[]', 'x', '[]', '{}', '' FROM generate_series(1, 10000) id"
            )
        )

    upgrade(stored)

    assert found(stored, "物流", {}) == expected("物流", {})
    with reading(stored) as connection:
        assert "scrapy search --index" in str(missing_index(connection))
    assert rebuild_index(stored) is None
    assert found(stored, "物流", {}) == expected("物流", {})
