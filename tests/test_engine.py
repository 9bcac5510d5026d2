"""Databases opened safely: settings of each dialect, errors that say what to do and never a password."""

import sqlite3
import threading
from pathlib import Path

import pytest
from sqlalchemy import Engine, make_url, text

from models.engine import (
    DatabaseState,
    create_database_engine,
    database_state,
    open_database,
    reading,
    shown_url,
    writing,
)
from models.errors import StorageUnavailable


def pragma(engine: Engine, name: str) -> object:
    with engine.connect() as connection:
        return connection.exec_driver_sql(f"PRAGMA {name}").scalar()


def test_empty_database_is_given_tables(database_url: str) -> None:
    engine = open_database(database_url)

    assert database_state(engine) is DatabaseState.CURRENT
    engine.dispose()


def test_looking_at_a_file_that_is_not_there_does_not_make_it(tmp_path: Path) -> None:
    engine = create_database_engine(f"sqlite:///{tmp_path / 'none.db'}")

    assert database_state(engine) is DatabaseState.EMPTY
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("journal_mode", "wal"),
        ("synchronous", 1),
        ("foreign_keys", 1),
        ("busy_timeout", 30_000),
        ("wal_autocheckpoint", 16_000),
    ],
)
def test_sqlite_is_set_for_safety(sqlite_url: str, name: str, value: object) -> None:
    engine = create_database_engine(sqlite_url)

    assert pragma(engine, name) == value
    engine.dispose()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("statement_timeout", "1min"),
        ("lock_timeout", "30s"),
        ("idle_in_transaction_session_timeout", "1min"),
        ("TimeZone", "UTC"),
        ("application_name", "triptych"),
    ],
)
def test_postgresql_is_set_for_safety(postgresql_url: str, name: str, value: str) -> None:
    engine = create_database_engine(postgresql_url)

    with engine.connect() as connection:
        assert connection.execute(text("SELECT current_setting(:name)"), {"name": name}).scalar() == value
    engine.dispose()


def test_options_of_the_url_win(postgresql_url: str) -> None:
    engine = create_database_engine(f"{postgresql_url}&options=-c%20lock_timeout%3D5s")

    with engine.connect() as connection:
        assert connection.execute(text("SHOW lock_timeout")).scalar() == "5s"
    engine.dispose()


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg", "postgresql+psycopg2"])
def test_any_spelling_of_postgresql_means_its_one_driver(postgresql_url: str, scheme: str) -> None:
    engine = create_database_engine(postgresql_url.replace("postgresql", scheme, 1))

    assert database_state(engine) is DatabaseState.EMPTY
    engine.dispose()


@pytest.mark.parametrize(
    ("url", "message"),
    [
        pytest.param("nonsense:sesame", "no database URL", id="no-url"),
        pytest.param("mysql://me:sesame@db/x", "sqlite:///triptych.db or postgresql://", id="other-database"),
        pytest.param("sqlite://", "a file or a server is needed", id="memory"),
        pytest.param("postgresql://me:sesame@127.0.0.1:1/x", "check that the server runs", id="nobody-answers"),
        pytest.param("postgresql://127.0.0.1:1/x?user=me&password=sesame", "check that", id="password-in-query"),
        pytest.param("sqlite:////nowhere/at/all/x.db", "check that its folder exists", id="no-folder"),
    ],
)
def test_error_says_what_to_do_and_never_the_password(url: str, message: str) -> None:
    with pytest.raises(StorageUnavailable, match=message) as caught:
        open_database(url)

    assert "sesame" not in str(caught.value)
    assert "sesame" not in repr(caught.getrepr(style="long", showlocals=False).reprcrash)


def test_file_that_is_no_database_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "notes.db"
    file.write_text("something else entirely " * 100)

    with pytest.raises(StorageUnavailable, match="not a database"):
        open_database(f"sqlite:///{file}")

    assert file.read_text() == "something else entirely " * 100


def test_shown_url_has_no_password() -> None:
    assert shown_url(make_url("postgresql://me:sesame@db/x?sslpassword=sesame")) == (
        "postgresql://me:***@db/x?sslpassword=%2A%2A%2A"
    )


def test_writer_of_sqlite_waits_for_another_one(sqlite_url: str) -> None:
    engine = open_database(sqlite_url)
    other = sqlite3.connect(str(engine.url.database), check_same_thread=False, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    happened: list[str] = []

    def give_way() -> None:
        happened.append("other ends")
        other.rollback()

    release = threading.Timer(0.5, give_way)
    release.start()

    with writing(engine) as connection:
        connection.execute(text("DELETE FROM crawl"))
        happened.append("written")

    assert happened == ["other ends", "written"]
    release.join()
    other.close()
    engine.dispose()


def test_reader_of_sqlite_does_not_wait_for_a_writer(sqlite_url: str) -> None:
    engine = open_database(sqlite_url)

    with writing(engine) as writer:
        writer.execute(text("DELETE FROM crawl"))
        with reading(engine) as reader:
            assert reader.execute(text("SELECT count(*) FROM crawl")).scalar() == 0
    engine.dispose()


def test_exception_rolls_back(engine: Engine) -> None:
    def write_half() -> None:
        with writing(engine) as connection:
            connection.execute(text("INSERT INTO site (domain, first_seen_at) VALUES ('a', '2026-01-01')"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_half()

    with reading(engine) as connection:
        assert connection.execute(text("SELECT count(*) FROM site")).scalar() == 0
