"""How each site is: a fall is told, chance is not."""

import json
import random
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, insert

from models.engine import open_database, writing
from models.items import (
    Article,
    Block,
    BlockType,
    Failure,
    FailureClass,
    LinkItem,
    LinkList,
    LinkListKind,
    Page,
    PageKind,
    TagItem,
    TagList,
    TagListKind,
)
from models.tables import METADATA
from pipelines.health import FIELDS, Share, is_fall, is_rise, site_healths
from pipelines.store import Store
from tests.conftest import RunScrapy

NOW = datetime.now(UTC).replace(hour=12, minute=0, second=0, microsecond=0)
BASE = "https://news.example.com"


def day(number: int) -> datetime:
    """So many days ago."""
    return NOW - timedelta(days=number)


def article(name: str, at: datetime, *, is_whole: bool = True) -> Page:
    """One with all fields, or one of a page whose layout is no longer understood."""
    links = (LinkItem(url=f"{BASE}/other", headline="Other"),)
    whole = Article(
        headline=f"Headline {name}",
        blocks=(Block(type=BlockType.PARAGRAPH, text=f"Text of {name}"),),
        authors=("Ann",),
        source="Agency",
        section="Trade",
        in_language="en",
        description="In short",
        main_image=f"{BASE}/x.jpg",
        date_published=at,
    )
    bare = Article(headline=f"Headline {name}", blocks=whole.blocks, in_language="en")
    return Page(
        url=f"{BASE}/{name}",
        canonical_url=f"{BASE}/{name}",
        fetched_at=at,
        status=200,
        kind=PageKind.ARTICLE,
        articles=(whole if is_whole else bare,),
        link_lists=(LinkList(kind=LinkListKind.RELATED, items=links),) if is_whole else (),
        tag_lists=(TagList(kind=TagListKind.ARTICLE, items=(TagItem(name="Port"),)),) if is_whole else (),
    )


def failure(name: str, at: datetime) -> Failure:
    return Failure(
        url=f"{BASE}/{name}", failure_class=FailureClass.TIMEOUT, message="30 s", occurred_at=at, stage="download"
    )


def store_days(engine: Engine, days: range, *, count: int = 20) -> None:
    store = Store(engine)
    for number in days:
        store.write([article(f"{number}-{each}", day(number)) for each in range(count)])


def test_a_site_that_gives_what_it_gave_is_well(engine: Engine) -> None:
    store_days(engine, range(5, -1, -1))

    (health,) = site_healths(engine, now=NOW)

    assert (health.domain, health.troubles) == ("example.com", ())
    assert [series.name for series in health.fields] == list(FIELDS)
    assert {(series.last, series.usual) for series in health.fields} == {(1.0, 1.0)}
    assert [share.total for share in health.failed.days] == [20] * 6


def test_fields_that_fall_when_the_layout_changes_are_told(engine: Engine) -> None:
    store_days(engine, range(5, 0, -1))
    Store(engine).write([article(f"1-{each}", day(0), is_whole=False) for each in range(20)])

    (health,) = site_healths(engine, now=NOW)

    assert [trouble.split()[0] for trouble in health.troubles] == [
        *("date_published", "authors", "source", "section", "description", "main_image", "tags", "related")
    ]
    assert health.troubles[0] == "date_published fell from 100% to 0% of the articles"


def test_failures_that_rise_are_told_with_their_class(engine: Engine) -> None:
    store_days(engine, range(3, -1, -1))
    Store(engine).write([failure(f"0-{each}", day(0)) for each in range(15)])

    (health,) = site_healths(engine, now=NOW)

    assert health.troubles == ("failures rose from 0% to 43% of the requests",)
    assert health.failures == {"timeout": 15}


@pytest.mark.parametrize(("days_later", "is_stale"), [(1, False), (2, False), (4, True)])
def test_a_site_that_is_left_alone_for_longer_than_usual_is_told(
    engine: Engine, days_later: int, is_stale: bool
) -> None:
    store_days(engine, range(3, -1, -1), count=1)

    (health,) = site_healths(engine, now=NOW + timedelta(days=days_later))

    assert bool(health.troubles) is is_stale


def test_one_site_can_be_asked_for(engine: Engine) -> None:
    store_days(engine, range(1), count=1)

    assert [health.domain for health in site_healths(engine, now=NOW, site="example.com")] == ["example.com"]
    assert site_healths(engine, now=NOW, site="example.org") == ()


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        pytest.param(Share(100, 100), Share(0, 20), -1, id="all-gone"),
        pytest.param(Share(100, 100), Share(0, 4), 0, id="too-few-to-say"),
        pytest.param(Share(2, 2), Share(0, 20), 0, id="too-few-before"),
        pytest.param(Share(0, 0), Share(0, 20), 0, id="nothing-before"),
        pytest.param(Share(5_000, 10_000), Share(4_000, 10_000), 0, id="sure-but-small"),
        pytest.param(Share(500, 1_000), Share(14, 20), 0, id="chance"),
        pytest.param(Share(10, 1_000), Share(12, 20), 1, id="rise"),
    ],
)
def test_what_differs_is_told_from_chance(before: Share, now: Share, expected: int) -> None:
    assert (is_fall(before, now), is_rise(before, now)) == (expected < 0, expected > 0)


def test_chance_alone_hardly_ever_alarms() -> None:
    chance = random.Random(7)  # noqa: S311  # no secret
    alarms = 0
    for _ in range(5_000):
        share, few, many = chance.random(), chance.randint(5, 60), chance.randint(5, 2_000)
        drawn = [Share(sum(chance.random() < share for _ in range(count)), count) for count in (min(many, 300), few)]
        alarms += is_fall(*drawn) or is_rise(*drawn)

    assert alarms <= 5


@pytest.fixture
def unwell(sqlite_url: str) -> str:
    opened = open_database(sqlite_url)
    store_days(opened, range(5, 0, -1))
    Store(opened).write([article(f"1-{each}", day(0), is_whole=False) for each in range(20)])
    opened.dispose()
    return sqlite_url


def test_status_tells_what_fell_and_its_exit_status_says_so(run_scrapy: RunScrapy, unwell: str) -> None:
    told = run_scrapy("status", "-s", f"DATABASE_URL={unwell}")

    assert told.returncode == 1
    assert "example.com: authors fell from 100% to 0% of the articles" in told.stdout
    assert max(map(len, told.stdout.splitlines())) <= 80


def test_status_tells_a_fall_once_where_an_alarm_tells_of_it(run_scrapy: RunScrapy, unwell: str) -> None:
    opened = open_database(unwell)
    times = dict.fromkeys(("since_at", "raised_at", "seen_at"), NOW)
    alarm = {"watched": "example.com", "rule": "field", "subject": "authors", "message": "authors fell to 0%", **times}
    with writing(opened) as connection:
        connection.execute(insert(METADATA.tables["alarm"]).values(alarm))
    opened.dispose()

    told = run_scrapy("status", "-s", f"DATABASE_URL={unwell}")

    assert told.stdout.count("authors fell") == 1
    assert "example.com: source fell from 100% to 0% of the articles" in told.stdout


def test_status_of_one_site_has_a_line_a_field(run_scrapy: RunScrapy, unwell: str) -> None:
    told = run_scrapy("status", "--site", "example.com", "-s", f"DATABASE_URL={unwell}")

    lines = {line.split()[0]: line.split()[1:] for line in told.stdout.splitlines()[:14]}
    assert lines["headline"] == ["██████", "100%", "100%"]
    assert lines["authors"] == ["█████▁", "0%", "100%"]


def test_status_as_json_has_the_numbers(run_scrapy: RunScrapy, unwell: str) -> None:
    told = run_scrapy("status", "--json", "-s", f"DATABASE_URL={unwell}")

    record = json.loads(told.stdout)
    assert (record["site"], record["is_well"]) == ("example.com", False)
    assert record["articles"] == [20] * 6
    assert record["fields"]["authors"] == [20, 20, 20, 20, 20, 0]


def test_status_before_the_first_crawl_is_no_failure(run_scrapy: RunScrapy) -> None:
    assert run_scrapy("status").returncode == 0


def test_status_of_a_site_that_is_not_there_is_a_wrong_call(run_scrapy: RunScrapy, unwell: str) -> None:
    assert run_scrapy("status", "--site", "nowhere.example", "-s", f"DATABASE_URL={unwell}").returncode == 2
