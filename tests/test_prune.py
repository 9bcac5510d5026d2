"""What is too old goes, what is current stays, and copies made by sync go the same way."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, insert, select, text

from models.engine import reading, writing
from models.errors import StorageOutdated
from models.tables import METADATA
from pipelines import prune as prune_module
from pipelines.exports import export_tables
from pipelines.prune import Rules, prunable, prune
from pipelines.queries import stored_page
from pipelines.sync import Choice, WebhookSync
from pipelines.sync.changes import Position, is_lost, position_since, prune_changes
from tests.downstream import BASE, NOW, fill, sums, sums_of, sync_once, wait_for_others

CHANGE, WEBHOOK = METADATA.tables["change"], METADATA.tables["webhook"]
LATER = NOW + timedelta(days=36_500)  # than any moment at which the tests are run: changes are recorded by the clock
EVERYTHING = Rules(keep_versions=1, failures_before=LATER, fetches_before=LATER)
ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture(autouse=True)
def _small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prune_module, "ROWS_PER_STEP", 3)


@pytest.fixture
def versions(engine: Engine) -> Engine:
    """Four versions of article 0, an hour from one to the next; two of articles 1 and 2; one of 3."""
    for version, numbers in enumerate((range(4), range(3), range(1), range(1))):
        fill(engine, numbers, version=version)
    return engine


@pytest.fixture
def target_url(engine: Engine, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """An empty target of the source's kind."""
    if engine.dialect.name == "sqlite":
        yield f"sqlite:///{tmp_path / 'copy.db'}"
        return
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f'CREATE DATABASE "copy_{engine.url.database}" TEMPLATE template0'))
    yield request.getfixturevalue("database_url").replace("/test_", "/copy_test_")
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f'DROP DATABASE "copy_{engine.url.database}" WITH (FORCE)'))


def deleted(engine: Engine, rules: Rules) -> dict[str, int]:
    wait_for_others(engine)
    rows: dict[str, int] = {}
    for name, count in prune(engine, rules):
        rows[name] = rows.get(name, 0) + count
    return rows


def numbers(engine: Engine, number: int = 0) -> list[int]:
    query = """SELECT v.number FROM article_version v JOIN article a ON a.id = article_id JOIN page ON page.id = page_id
        WHERE url = :url ORDER BY v.number"""
    with reading(engine) as connection:
        return list(connection.execute(text(query), {"url": f"{BASE}/{number}"}).scalars())


@pytest.mark.parametrize(
    ("rules", "kept"),
    [
        pytest.param(Rules(keep_versions=1), [4], id="the-current-one"),
        pytest.param(Rules(keep_versions=3), [2, 3, 4], id="the-last-three"),
        pytest.param(Rules(keep_versions=9), [1, 2, 3, 4], id="more-than-there-are"),
        pytest.param(Rules(versions_before=NOW + timedelta(hours=2)), [3, 4], id="older-than"),
        pytest.param(Rules(versions_before=LATER), [4], id="all-but-the-current-one"),
        pytest.param(Rules(versions_before=NOW + timedelta(hours=2), keep_versions=3), [2, 3, 4], id="old-but-kept"),
        pytest.param(Rules(versions_before=NOW + timedelta(hours=1), keep_versions=1), [2, 3, 4], id="new-but-many"),
        pytest.param(Rules(failures_before=LATER), [1, 2, 3, 4], id="another-table"),
    ],
)
def test_versions_go_by_age_and_number_and_the_current_one_never(
    versions: Engine, rules: Rules, kept: list[int]
) -> None:
    expected = {each.table: each.rows for each in prunable(versions, rules)}

    rows = deleted(versions, rules)

    assert numbers(versions) == kept
    assert {name: rows.get(name, 0) for name in expected} == expected
    assert [numbers(versions, number)[-1] for number in range(4)] == [4, 2, 2, 1]
    assert all(each.rows == 0 for each in prunable(versions, rules))


def test_copy_is_like_its_source_after_a_prune_and_so_is_one_made_then(
    versions: Engine, target_url: str, tmp_path: Path
) -> None:
    sync_once(versions, target_url)
    before = sums(versions)

    rows = deleted(versions, EVERYTHING)
    sync_once(versions, target_url)
    sync_once(versions, f"sqlite:///{tmp_path / 'new.db'}")

    after = sums(versions)
    assert sums_of(target_url) == sums_of(f"sqlite:///{tmp_path / 'new.db'}") == after
    assert rows == {"article_version": 5, "failure": 4, "fetch": before["fetch"].rows}
    assert after["article_version"].rows == after["article"].rows == 4
    assert {name for name in after if after[name] != before[name]} == rows.keys()


def test_article_goes_on_after_its_old_versions_went(versions: Engine, target_url: str) -> None:
    sync_once(versions, target_url)
    deleted(versions, Rules(keep_versions=1))

    fill(versions, range(2), version=9)
    sync_once(versions, target_url)

    assert numbers(versions) == [4, 5]
    page = stored_page(versions, f"{BASE}/0")
    assert page is not None
    assert page.articles[0].headline == "仓库 0, edition 9 🏬"
    assert sums_of(target_url) == sums(versions)


@ON_SQLITE
def test_target_with_tombstones_keeps_what_was_pruned(versions: Engine, target_url: str) -> None:
    choice = Choice(tombstones=True)
    sync_once(versions, target_url, choice)
    fetches = sums(versions)["fetch"].rows

    deleted(versions, Rules(fetches_before=LATER))
    sync_once(versions, target_url, choice)

    copy = open_copy(target_url)
    with copy.connect() as connection:
        marked = connection.execute(text("SELECT count(*) FROM fetch WHERE deleted_at IS NOT NULL")).scalar()
    copy.dispose()
    assert marked == fetches


def open_copy(url: str) -> Engine:
    from pipelines.sync import open_target  # noqa: PLC0415  # of this one test

    return open_target(url)


def test_prune_that_is_stopped_is_whole_so_far_and_goes_on(versions: Engine, target_url: str) -> None:
    sync_once(versions, target_url)

    next(prune(versions, EVERYTHING))
    sync_once(versions, target_url)
    assert sums_of(target_url) == sums(versions)
    deleted(versions, EVERYTHING)
    sync_once(versions, target_url)

    assert sums_of(target_url) == sums(versions)
    assert numbers(versions) == [4]


def changes(engine: Engine) -> int:
    """Without the mark."""
    with reading(engine) as connection:
        return len(connection.execute(select(CHANGE.c.seq).where(CHANGE.c.table_name != "change")).all())


def test_changes_that_a_target_has_cost_it_nothing_and_one_that_is_behind_is_copied_anew(
    versions: Engine, target_url: str, tmp_path: Path
) -> None:
    behind = f"sqlite:///{tmp_path / 'behind.db'}"
    sync_once(versions, behind)
    fill(versions, range(2, 6), version=5)
    sync_once(versions, target_url)

    rows = deleted(versions, Rules(changes_before=LATER))
    fill(versions, range(7, 9), version=6)
    up_to_date = sync_once(versions, target_url)
    anew = sync_once(versions, behind)

    assert rows["change"] > 0
    assert all(step.changes for step in up_to_date)
    assert sum(step.rows for step in anew if not step.changes) >= sum(table.rows for table in sums(versions).values())
    assert sums_of(target_url) == sums_of(behind) == sums(versions)


def test_changes_stay_until_every_webhook_has_been_told(versions: Engine) -> None:
    with writing(versions) as connection:
        middle = connection.execute(select(CHANGE).order_by(CHANGE.c.xid, CHANGE.c.seq)).mappings().all()[9]
        row: dict[str, Any] = {"url": "https://example.org/hook", "url_hash": b"0" * 16, "seq": middle["seq"]}
        connection.execute(insert(WEBHOOK).values(row | {"xid": middle["xid"] or 0}))
    rules = Rules(changes_before=LATER)
    wait_for_others(versions)
    (told,) = prunable(versions, rules)

    rows = deleted(versions, rules)

    assert (told.rows, told.held_by) == (10, "https://example.org/hook")
    assert rows == {"change": 10}
    with writing(versions) as connection:
        connection.execute(WEBHOOK.delete())
    deleted(versions, rules)
    assert changes(versions) == 0


def test_new_readers_are_told_that_the_record_does_not_go_back_so_far(versions: Engine, tmp_path: Path) -> None:
    deleted(versions, Rules(changes_before=LATER))

    with reading(versions) as connection, pytest.raises(StorageOutdated, match="were pruned; give a later time"):
        position_since(connection, NOW)
    with pytest.raises(StorageOutdated, match="were pruned"):
        list(export_tables(versions, tmp_path / "files", "jsonl", since=NOW))
    assert not (tmp_path / "files").exists()
    with pytest.raises(StorageOutdated, match="start it with --since"):
        list(WebhookSync(versions, "http://127.0.0.1:1/hook", Choice(), secret=b"sesame").catch_up())


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_reader_at_any_place_can_tell_what_it_missed_where_numbers_and_transactions_cross(engine: Engine) -> None:
    row = {"table_name": "tag", "row_id": 1, "op": "insert", "changed_at": NOW}
    with engine.connect() as early, engine.connect() as late:
        early.execute(text("SELECT pg_current_xact_id()"))
        for connection in (late, late, early, early):
            connection.execute(insert(CHANGE).values(row))
        late.commit()
        early.commit()
    with writing(engine) as connection:
        connection.execute(insert(CHANGE).values(row))
    wait_for_others(engine)
    with reading(engine) as connection:
        order = [
            Position(*each)
            for each in connection.execute(select(CHANGE.c.xid, CHANGE.c.seq).order_by(CHANGE.c.xid, CHANGE.c.seq))
        ]
    assert [position.seq for position in order] == [3, 4, 1, 2, 5]

    for taken in range(1, 5):
        with writing(engine) as connection:
            assert prune_changes(connection, LATER, up_to=None, limit=1) == 1
            lost = [is_lost(connection, position) for position in order]

        assert lost == [place + 1 < taken for place in range(5)]


def test_fetch_that_leads_into_the_archive_stays(versions: Engine) -> None:
    with writing(versions) as connection:
        connection.execute(text("UPDATE \"fetch\" SET archive_file = 'a.warc.gz' WHERE id IN (2, 5)"))

    deleted(versions, Rules(fetches_before=LATER))

    with reading(versions) as connection:
        assert connection.execute(text('SELECT id FROM "fetch" ORDER BY id')).scalars().all() == [2, 5]


def test_prune_beside_a_writer_loses_nothing_that_it_writes(engine: Engine, target_url: str) -> None:
    fill(engine, range(4))
    failures: list[BaseException] = []

    def write() -> None:
        try:
            for version in range(1, 13):
                fill(engine, range(version % 3, 5), version=version)
        except BaseException as error:  # noqa: BLE001  # whatever it is, the test has failed
            failures.append(error)

    writer = threading.Thread(target=write)
    writer.start()
    while writer.is_alive():
        list(prune(engine, EVERYTHING))
    writer.join()
    deleted(engine, EVERYTHING)
    sync_once(engine, target_url)

    assert failures == []
    with reading(engine) as connection:
        current = "SELECT count(*) FROM article JOIN article_version ON article_id = id AND number = version"
        assert connection.execute(text(current)).scalar() == 5
        assert connection.execute(text("SELECT count(*) FROM article_version")).scalar() == 5
    assert sums_of(target_url) == sums(engine)
