"""`scrapy db` as a user runs it, on both databases."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text

from models.engine import DatabaseState, create_database_engine, database_state, differences, open_database

ROOT = Path(__file__).parents[1]

RunScrapy = Callable[..., subprocess.CompletedProcess[str]]


def test_tables_are_made_checked_dropped_and_made_again(run_scrapy: RunScrapy, database_url: str) -> None:
    setting = ("-s", f"DATABASE_URL={database_url}")

    outputs = [
        run_scrapy("db", *arguments, *setting)
        for arguments in (
            ("upgrade",),
            ("check",),
            ("downgrade", "base", "--yes"),
            ("upgrade",),
            ("current",),
        )
    ]

    assert [output.returncode for output in outputs] == [0] * 5, [output.stderr for output in outputs]
    assert outputs[-1].stdout.endswith("(current)\n")
    engine = create_database_engine(database_url)
    assert differences(engine) == []
    engine.dispose()


def test_check_names_the_difference_and_ends_with_status_3(run_scrapy: RunScrapy, sqlite_url: str) -> None:
    engine = open_database(sqlite_url)
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE tag ADD COLUMN colour text"))
    engine.dispose()

    done = run_scrapy("db", "check", "-s", f"DATABASE_URL={sqlite_url}")

    assert done.returncode == 3
    assert "remove_column" in done.stderr
    assert "colour" in done.stderr


def test_check_of_an_empty_database_says_what_to_run_and_makes_no_file(run_scrapy: RunScrapy, tmp_path: Path) -> None:
    done = run_scrapy("db", "check", "-s", f"DATABASE_URL=sqlite:///{tmp_path / 'none.db'}")

    assert (done.returncode, done.stderr.splitlines()[-1]) == (3, "run: scrapy db upgrade")
    assert list(tmp_path.glob("none.db*")) == []


def test_downgrade_asks_for_yes_before_it_drops_data(run_scrapy: RunScrapy, sqlite_url: str) -> None:
    open_database(sqlite_url).dispose()

    done = run_scrapy("db", "downgrade", "base", "-s", f"DATABASE_URL={sqlite_url}")

    assert done.returncode == 2
    assert "--yes" in done.stderr
    engine = create_database_engine(sqlite_url)
    assert database_state(engine) is DatabaseState.CURRENT
    engine.dispose()


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        pytest.param(("frobnicate",), 2, "upgrade | check", id="unknown-act"),
        pytest.param((), 2, "found nothing", id="no-act"),
        pytest.param(("downgrade", "nope", "--yes"), 3, "'nope'", id="unknown-revision"),
        pytest.param(("upgrade", "-s", "DATABASE_URL=mysql://me:sesame@db/x"), 3, "postgresql://", id="other-database"),
    ],
)
def test_wrong_call_ends_with_a_message_and_no_traceback(
    run_scrapy: RunScrapy, arguments: tuple[str, ...], status: int, message: str
) -> None:
    done = run_scrapy("db", *arguments)

    assert done.returncode == status
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert "sesame" not in done.stderr


def test_revision_is_written_beside_the_others(run_scrapy: RunScrapy, project: Path, tmp_path: Path) -> None:
    url = f"DATABASE_URL=sqlite:///{tmp_path / 'own.db'}"
    run_scrapy("db", "upgrade", "-s", url, cwd=project)

    done = run_scrapy("db", "revision", "add nothing", "-s", url, cwd=project)

    assert done.returncode == 0, done.stderr
    written = done.stderr.strip().rpartition("/")[2]
    assert [path.name for path in project.rglob("versions/*_add_nothing.py")] == [written]
