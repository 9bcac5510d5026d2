"""One history makes the tables of models/tables.py, from nothing and back, on both databases."""

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from threading import Barrier, Thread

import pytest
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect, text
from sqlalchemy.engine.interfaces import ReflectedIndex

import models.migrations
from models.engine import (
    DatabaseState,
    create_database_engine,
    current_revision,
    database_state,
    differences,
    downgrade,
    known_revisions,
    migrating,
    newest_revision_at,
    open_database,
    upgrade,
    write_revision,
)
from models.errors import StorageOutdated
from models.tables import METADATA
from tests.project_copies import ROOT


def schema_of(engine: Engine) -> dict[str, object]:
    """Everything the inspector tells of each table but the order of its columns."""
    found = inspect(engine)
    return {
        name: (
            sorted((column["name"], str(column["type"]), column["nullable"]) for column in found.get_columns(name)),
            found.get_pk_constraint(name),
            sorted(found.get_foreign_keys(name), key=str),
            sorted(found.get_unique_constraints(name), key=str),
            sorted(found.get_check_constraints(name), key=str),
            sorted(map(_index, found.get_indexes(name)), key=str),
            found.get_table_options(name),
        )
        for name in METADATA.tables
    }


def _index(found: ReflectedIndex) -> dict[str, object]:
    """SQLite's inspector makes a new clause of the condition each time."""
    options = {name: str(value) for name, value in found.get("dialect_options", {}).items()}
    return {**found, "dialect_options": options}


def test_history_from_nothing_equals_the_models(database_url: str) -> None:
    engine = create_database_engine(database_url)

    upgrade(engine)

    migrated = schema_of(engine)
    assert differences(engine) == []
    downgrade(engine, "base")
    METADATA.create_all(engine)
    assert migrated == schema_of(engine)
    engine.dispose()


def test_downgrade_to_base_leaves_nothing_and_upgrade_works_again(engine: Engine) -> None:
    downgrade(engine, "base")

    assert inspect(engine).get_table_names() == ["alembic_version"]
    assert database_state(engine) is DatabaseState.EMPTY
    upgrade(engine)
    assert database_state(engine) is DatabaseState.CURRENT
    assert differences(engine) == []


def test_a_changed_table_is_seen_as_a_difference(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE tag ADD COLUMN colour text"))

    assert [difference[0] for difference in differences(engine)] == ["remove_column"]


def test_two_processes_may_make_the_tables_of_one_database_at_once(database_url: str) -> None:
    start = Barrier(3)
    engines = [create_database_engine(database_url) for _ in range(3)]
    failures: list[BaseException] = []

    def run(engine: Engine) -> None:
        start.wait()
        try:
            upgrade(engine)
        except BaseException as error:  # noqa: BLE001  # whatever it is, the test has failed
            failures.append(error)

    threads = [Thread(target=run, args=(engine,)) for engine in engines]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    assert database_state(engines[0]) is DatabaseState.CURRENT
    for engine in engines:
        engine.dispose()


def test_database_of_a_newer_version_is_refused_and_left_alone(engine: Engine, database_url: str) -> None:
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    assert database_state(engine) is DatabaseState.NEWER
    for refused in (lambda: upgrade(engine), lambda: open_database(database_url)):
        with pytest.raises(StorageOutdated, match="newer"):
            refused()
    assert current_revision(engine) == "9999"


def test_tables_of_somebody_else_are_refused(database_url: str) -> None:
    engine = create_database_engine(database_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE page (id integer)"))

    assert database_state(engine) is DatabaseState.FOREIGN
    for refused in (lambda: upgrade(engine), lambda: open_database(database_url)):
        with pytest.raises(StorageOutdated, match="not Triptych's"):
            refused()
    engine.dispose()


def test_database_of_an_earlier_version_is_refused_with_the_command_to_run(engine: Engine, database_url: str) -> None:
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))

    assert database_state(engine) is DatabaseState.OLD
    with pytest.raises(StorageOutdated, match="run: scrapy db upgrade"):
        open_database(database_url)


def test_revisions_are_those_that_alembic_reads_out_of_their_files() -> None:
    scripts = ScriptDirectory(str(Path(models.migrations.__file__).parent))

    assert known_revisions() == tuple(reversed([script.revision for script in scripts.walk_revisions()]))
    assert known_revisions()[-1:] == tuple(scripts.get_heads())


def test_a_database_is_opened_without_alembic(sqlite_url: str) -> None:
    open_database(sqlite_url).dispose()
    script = "import sys, models.engine as e; e.open_database(sys.argv[1]); print('alembic' in sys.modules)"
    command = [sys.executable, "-c", script, sqlite_url]

    opened = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)

    assert opened.stdout.strip() == "False"


def test_unknown_revision_is_named_in_the_error(engine: Engine) -> None:
    with pytest.raises(StorageOutdated, match="'nope'"):
        downgrade(engine, "nope")


def test_copying_a_table_of_sqlite_keeps_the_rows_that_point_to_it(sqlite_url: str) -> None:
    engine = open_database(sqlite_url)
    at = {"at": "2026-01-01 00:00:00"}
    with engine.begin() as connection:
        for statement in (
            "INSERT INTO site (id, domain, first_seen_at) VALUES (1, 'example.com', :at)",
            "INSERT INTO page (id, site_id, url, url_hash, first_seen_at) VALUES (1, 1, 'u', x'00', :at)",
            "INSERT INTO outlink (page_id, position, kind) VALUES (1, 0, 'broken')",
        ):
            connection.execute(text(statement), at)

    with migrating(engine) as connection:
        operations = Operations(MigrationContext.configure(connection))
        with operations.batch_alter_table("page", recreate="always"):
            pass

    with engine.begin() as connection:
        assert connection.execute(text("SELECT count(*) FROM outlink")).scalar() == 1
        assert connection.execute(text("PRAGMA foreign_keys")).scalar() == 1
    engine.dispose()


def test_newest_revision_tells_its_day_as_all_do() -> None:
    files = sorted(Path(models.migrations.__path__[0], "versions").glob("[0-9]*.py"))
    days = [line[13:23] for file in files for line in file.read_text("utf-8").splitlines() if "Create Date" in line]

    assert len(days) == len(files)
    assert days == sorted(days)
    assert newest_revision_at() == datetime.fromisoformat(days[-1]).replace(tzinfo=UTC) <= datetime.now(UTC)


def test_revision_numbers_count_on_and_times_are_written_in_types_of_sqlalchemy(engine: Engine, tmp_path: Path) -> None:
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE tag DROP COLUMN first_seen_at"))

    path = Path(write_revision(engine, "a trial"))
    written = path.rename(tmp_path / path.name).read_text("utf-8")

    assert path.name == f"{int(str(current_revision(engine))) + 1:04}_a_trial.py"
    assert "sa.DateTime(timezone=True)" in written
    assert "models." not in written
