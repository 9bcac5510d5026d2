"""Runs over time: each request, error and field in its step, on both databases."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, insert, select, update

pytest.importorskip("starlette", reason="the pages need the extra web: pip install 'triptych[web]'")

from models.engine import reading, writing
from models.tables import METADATA
from pipelines.browse.trends import Period, Trends, trends
from pipelines.health import Share
from tests.downstream import fill

NOW = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)
TABLES = METADATA.tables


def read(engine: Engine, period: Period = Period.DAY, site: str | None = None) -> Trends:
    with reading(engine) as connection:
        return trends(connection, now=NOW, period=period, site=site)


def add_run(engine: Engine, began: datetime, ended: datetime | None, **sums: int) -> int:
    crawl = TABLES["crawl"]
    values: dict[str, Any] = {"spider": "articles", "arguments": {}, "started_at": began, "ended_at": ended, **sums}
    with writing(engine) as connection:
        return int(connection.execute(insert(crawl).values(**values).returning(crawl.c.id)).scalar_one())


def add_reading(engine: Engine, crawl_id: int, *, taken_at: datetime, **given: Any) -> None:
    counts = dict.fromkeys(("requests", "articles", "new_articles", "known_articles", "lost_articles"), 0)
    facts: dict[str, Any] = {"failures": {}, "fields": {}, "places": {}, "examples": [], "until_fetch_id": 1}
    site = TABLES["site"]
    site_id = select(site.c.id).where(site.c.domain == "example.com").scalar_subquery()
    whole = {"site_id": site_id, "crawl_id": crawl_id, "taken_at": taken_at, **counts, **facts, **given}
    with writing(engine) as connection:
        connection.execute(insert(TABLES["reading"]).values(**whole))


def test_a_run_is_spread_over_the_time_that_it_took(engine: Engine) -> None:
    add_run(engine, NOW - HOUR, NOW - HOUR / 2, stored=300, failed=60)

    found = read(engine)

    counted = [step for step in found.requests if any(step.values())]
    assert [round(step["stored"], 6) for step in counted] == [10, 10]
    assert sum(step["failed"] for step in found.requests) * found.seconds / 60 == pytest.approx(60)


def test_a_killed_run_counts_until_its_last_request(engine: Engine) -> None:
    crawl_id = add_run(engine, NOW - 3 * HOUR, None, stored=120)
    asked = {"crawl_id": crawl_id, "outcome": "stored", "attempts": 1}
    with writing(engine) as connection:
        connection.execute(insert(TABLES["fetch"]).values(fetched_at=NOW - 2 * HOUR, **asked))

    found = read(engine)

    last = max(begins for begins, step in zip(found.begins, found.requests, strict=True) if any(step.values()))
    assert last < NOW - 2 * HOUR <= last + timedelta(seconds=found.seconds)


def test_what_was_before_the_period_is_left_out(engine: Engine) -> None:
    crawl_id = add_run(engine, NOW - 50 * HOUR, NOW - 49 * HOUR, stored=9)
    fill(engine, [1])
    add_reading(engine, crawl_id, taken_at=NOW - 49 * HOUR, requests=9, failures={"gone": 3})

    day, week = read(engine), read(engine, Period.WEEK)

    assert sum(sum(step.values()) for step in day.errors) == 0
    assert sum(sum(step.values()) for step in week.errors) == 3


def test_errors_and_fields_stand_in_the_step_in_which_they_were_read(engine: Engine) -> None:
    fill(engine, [1])
    crawl_id = add_run(engine, NOW - HOUR, NOW, stored=1)
    common = {"articles": 4, "requests": 6}
    add_reading(engine, crawl_id, taken_at=NOW, fields={"tags": 1}, failures={"gone": 1}, **common)
    add_reading(engine, crawl_id, taken_at=NOW, fields={"tags": 4}, failures={"gone": 1, "timeout": 2}, **common)

    found = read(engine, site="example.com")

    assert found.errors[-1] == {"gone": 2, "timeout": 2}
    assert found.fields["tags"][-1] == Share(5, 8)
    assert found.fields["headline"][-1] == Share(0, 8)
    assert found.requests[-1] == pytest.approx({"answered": 8 * 60 / 900, "failed": 4 * 60 / 900})
    assert read(engine, site="other.example").errors[-1] == {}


def test_articles_are_counted_by_the_time_since_they_were_looked_at(engine: Engine) -> None:
    fill(engine, [1, 2, 3])
    page = TABLES["page"]
    with writing(engine) as connection:
        connection.execute(update(page).values(kind=None, due_at=None))
        for number, age in ((1, HOUR / 2), (2, 2 * HOUR), (3, timedelta(days=300))):
            seen = {"read_at": NOW - age, "kind": "article", "due_at": NOW if number == 1 else None}
            connection.execute(update(page).where(page.c.url == f"https://example.com/{number}").values(**seen))

    found = read(engine, site="example.com")

    assert found.ages == {"an hour": 1, "a day": 1, "a week": 0, "a month": 0, "longer ago": 1}
    assert found.overdue == 1
    assert sum(read(engine, site="other.example").ages.values()) == 0
