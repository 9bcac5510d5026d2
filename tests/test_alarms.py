"""Alarms: raised when a site is no longer as it was, cleared when it is again, and never by chance alone."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, select

from models.engine import open_database, reading
from models.items import Article, Block, BlockType, Failure, FailureClass, Item, Page, PageKind
from models.tables import METADATA
from pipelines.alarms import ShownAlarm, accept, listed_alarms, look, note_caught_up, target_lags
from pipelines.store import Store
from tests.benchmarks.alarm_rates import detections, false_alarms
from tests.conftest import RunScrapy
from tests.test_health import article, failure

NOW = datetime.now(UTC).replace(microsecond=0)
READING = METADATA.tables["reading"]
URL = "https://example.org/hooks"


def run(engine: Engine, items: list[Item]) -> int:
    """A run that fetches them now, and the look at its end."""
    store = Store(engine)
    crawl_id = store.begin_crawl("articles", {})
    now = datetime.now(UTC)
    store.write([_at(now, item) for item in items], crawl_id)
    store.finish_crawl(crawl_id, reason="finished")
    look(engine, now=datetime.now(UTC), crawl_id=crawl_id)
    return crawl_id


def _at(moment: datetime, item: Item) -> Item:
    return replace(item, occurred_at=moment) if isinstance(item, Failure) else replace(item, fetched_at=moment)


def written(name: str, *, words: int = 200, xpath: str = "/html/body/article[1]") -> Page:
    block = Block(type=BlockType.PARAGRAPH, text=" ".join(f"{name}{number}" for number in range(words)))
    return Page(
        url=f"https://news.example.com/{name}",
        fetched_at=NOW,
        status=200,
        kind=PageKind.ARTICLE,
        articles=(Article(headline=name, blocks=(block,), xpath=xpath),),
    )


def whole(prefix: str, count: int = 20) -> list[Item]:
    return [article(f"{prefix}-{number}", NOW) for number in range(count)]


def bare(prefix: str, count: int = 20) -> list[Item]:
    return [article(f"{prefix}-{number}", NOW, is_whole=False) for number in range(count)]


def subjects(alarms: tuple[ShownAlarm, ...]) -> list[tuple[str, str]]:
    return sorted((alarm.rule, alarm.subject) for alarm in alarms)


def test_a_site_that_gives_what_it_gave_raises_nothing(engine: Engine) -> None:
    for number in range(4):
        run(engine, whole(f"run{number}"))

    assert listed_alarms(engine) == ()


def test_fields_that_are_gone_raise_alarms_with_pages_of_before_and_after(engine: Engine) -> None:
    run(engine, whole("before"))
    crawl_id = run(engine, bare("after"))

    alarms = {alarm.subject: alarm for alarm in listed_alarms(engine)}
    assert sorted(alarms) == [
        *("authors", "date_published", "description", "main_image", "related", "section", "source", "tags")
    ]
    authors = alarms["authors"]
    assert authors.message == "authors fell from 100% to 0% of the articles"
    assert (authors.watched, authors.crawl_id, authors.usual, authors.found) == ("example.com", crawl_id, 1.0, 0.0)
    assert [("before" in page.url, page.is_before, page.version) for page in authors.pages] == [
        *[(True, True, 1)] * 2,
        *[(False, False, 1)] * 2,
    ]


def test_the_same_page_shows_what_it_was_and_what_it_is(engine: Engine) -> None:
    run(engine, whole("page"))
    run(engine, bare("page"))

    authors = next(alarm for alarm in listed_alarms(engine) if alarm.subject == "authors")
    assert {(page.is_before, page.version) for page in authors.pages} == {(True, 1), (False, 2)}


def test_an_alarm_is_cleared_when_the_field_is_back_and_raised_when_it_is_lost_again(engine: Engine) -> None:
    run(engine, whole("before"))
    run(engine, bare("after"))
    assert len(listed_alarms(engine)) == 8

    run(engine, whole("mended"))
    assert listed_alarms(engine) == ()
    assert {alarm.cleared_because for alarm in listed_alarms(engine, with_cleared=True)} == {"recovered"}

    run(engine, bare("again"))
    assert len(listed_alarms(engine)) == 8
    assert len(listed_alarms(engine, with_cleared=True)) == 16


def test_what_somebody_accepts_is_usual_from_then_on(engine: Engine) -> None:
    run(engine, whole("before"))
    run(engine, bare("after"))
    alarms = listed_alarms(engine)

    assert all(accept(engine, alarm.id, now=datetime.now(UTC)) for alarm in alarms)
    run(engine, bare("later"))
    run(engine, bare("later still"))

    assert listed_alarms(engine) == ()
    assert not accept(engine, alarms[0].id, now=datetime.now(UTC))


def test_a_new_layout_is_usual_once_it_has_given_enough_articles(engine: Engine) -> None:
    run(engine, [written(f"old{number}") for number in range(30)])
    run(engine, [written(f"new{number}", xpath="/html/body/main[1]") for number in range(15)])
    assert subjects(listed_alarms(engine)) == [("layout", "")]

    for part in range(2):
        run(engine, [written(f"new{part}-{number}", xpath="/html/body/main[1]") for number in range(15)])

    (cleared,) = listed_alarms(engine, with_cleared=True)
    assert cleared.cleared_because == "usual"


def timeouts(prefix: str) -> list[Item]:
    return [failure(f"{prefix}-{number}", NOW) for number in range(20)]


def emptied(prefix: str) -> list[Item]:
    page = written("x")
    pages = [replace(page, url=f"https://news.example.com/{prefix}{number}", articles=()) for number in range(20)]
    return [replace(page, kind=PageKind.OTHER) for page in pages]


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        pytest.param(lambda: [written(f"short{n}", words=20) for n in range(20)], ("length", ""), id="shorter"),
        pytest.param(
            lambda: [written(f"moved{n}", xpath="/html/body/main[1]") for n in range(20)], ("layout", ""), id="moved"
        ),
        pytest.param(lambda: emptied("usual"), ("lost", ""), id="no-articles-any-more"),
        pytest.param(lambda: timeouts("usual"), ("failures", "timeout"), id="errors"),
    ],
)
def test_each_rule_sees_its_change(
    engine: Engine, changed: Callable[[], list[Item]], expected: tuple[str, str]
) -> None:
    run(engine, [written(f"usual{number}") for number in range(30)])
    run(engine, [written(f"usual{number}", words=201) for number in range(30)])

    run(engine, changed())

    (alarm,) = listed_alarms(engine)
    assert (alarm.rule, alarm.subject) == expected
    assert {page.is_before for page in alarm.pages} == {True, False}


def test_what_never_was_an_article_here_is_not_lost(engine: Engine) -> None:
    run(engine, [written(f"usual{number}") for number in range(30)])
    run(engine, emptied("other"))

    assert listed_alarms(engine) == ()


def test_a_look_counts_each_request_once(engine: Engine) -> None:
    run(engine, whole("one"))
    look(engine, now=NOW)
    look(engine, now=NOW)

    with reading(engine) as connection:
        rows = connection.execute(select(READING.c.requests, READING.c.articles, READING.c.new_articles)).all()
    assert rows == [(20, 20, 20)]


def test_small_readings_of_one_run_are_added_up(engine: Engine) -> None:
    store = Store(engine)
    crawl_id = store.begin_crawl("articles", {})
    for number in range(5):
        store.write([_at(datetime.now(UTC), page) for page in whole(f"part{number}", 3)], crawl_id)
        look(engine, now=NOW, crawl_id=crawl_id)

    with reading(engine) as connection:
        row = connection.execute(select(READING)).mappings().one()
    assert (row["requests"], row["articles"], row["fields"]["authors"]) == (15, 15, 15)


def test_refusals_and_what_answers_304_say_nothing_of_a_layout(engine: Engine) -> None:
    refused = Failure(
        url="https://news.example.com/private",
        failure_class=FailureClass.REFUSED_ROBOTS,
        message="robots.txt",
        occurred_at=NOW,
        stage="download",
    )
    run(engine, [refused, *whole("one", 5)])

    with reading(engine) as connection:
        row = connection.execute(select(READING)).mappings().one()
    assert (row["requests"], row["failures"], row["articles"]) == (6, {}, 5)


def test_a_target_that_is_left_behind_for_longer_than_ever_raises_an_alarm_until_it_catches_up(engine: Engine) -> None:
    for hours in range(5):
        note_caught_up(engine, f"{URL}?token=1", shown=URL, tables=["page"], now=NOW + timedelta(hours=hours))
    assert [lag.changes for lag in target_lags(engine)] == [0]
    Store(engine).write(whole("one"))

    for hours, expected in ((2, []), (9, ["21 changes behind, the oldest for 9 hours"])):
        look(engine, now=datetime.now(UTC) + timedelta(hours=hours))
        assert [alarm.message for alarm in listed_alarms(engine, watched=URL)] == expected

    note_caught_up(engine, f"{URL}?token=1", shown=URL, tables=["page"], now=NOW + timedelta(hours=9))
    look(engine, now=NOW + timedelta(hours=10))
    assert listed_alarms(engine) == ()


def test_a_sync_leaves_a_note_without_the_password_of_its_target(run_scrapy: RunScrapy, sqlite_url: str) -> None:
    source = open_database(sqlite_url)
    run(source, whole("one", 3))

    for _ in range(2):
        synced = run_scrapy("sync", f"{sqlite_url}.copy?timeout=9", "-s", f"DATABASE_URL={sqlite_url}")
        assert synced.returncode == 0, synced.stderr

    (lag,) = target_lags(source)
    source.dispose()
    assert (lag.url, lag.changes) == (f"{sqlite_url}.copy", 0)


def test_quiet_sites_hardly_ever_raise_one() -> None:
    quiet = false_alarms(sites=12, days=90)

    assert quiet.site_days == 1080
    assert quiet.by_rule.total() <= 1


def test_changes_of_drawn_sites_are_seen() -> None:
    seen = {each.change: each.seen / each.tried for each in detections(sites=10)}

    assert seen["a field is gone"] >= 0.8
    assert seen["articles are no longer found"] == 1.0
    assert seen["nothing new is found"] >= 0.8
    assert min(seen.values()) >= 0.4
