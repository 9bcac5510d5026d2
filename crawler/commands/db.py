"""`scrapy db`: the tables of the database, brought up to date or looked at."""

import argparse
from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

from crawler.console import ConsoleCommand, Exit, complain, say, stdout
from crawler.errors import UsageError

if TYPE_CHECKING:
    from sqlalchemy import Engine


class Command(ConsoleCommand):
    examples: ClassVar[tuple[str, ...]] = (
        "scrapy db upgrade",
        "scrapy db check -s DATABASE_URL=postgresql://user@host/articles",
        "scrapy db downgrade 0001 --yes",
        "scrapy db revision 'add the length of a body'",
    )
    actions: ClassVar[tuple[str, ...]] = ("upgrade", "check", "current", "downgrade", "revision")

    def syntax(self) -> str:
        return "upgrade | check | current | downgrade REVISION --yes | revision MESSAGE"

    def short_desc(self) -> str:
        return "Bring the tables of the database up to date, or look at them"

    def long_desc(self) -> str:
        return (
            "upgrade makes the tables, or changes those of an earlier version; data is kept. check says whether they "
            "are as this version needs them, column by column. current prints their revision. downgrade takes them "
            "back to a revision, or away with `base`; data of what is dropped is lost. revision writes a new file in "
            "models/migrations from the difference of models/tables.py and the database. The database is that of "
            "DATABASE_URL. Exit status: 0 done, 2 wrong call, 3 the database is not as it should be."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--yes", action="store_true", help="let downgrade drop tables and columns with their data")

    def perform(self, args: list[str], opts: argparse.Namespace) -> Exit:
        from models.engine import create_database_engine

        act = self._act(args, dropping=opts.yes)
        engine = create_database_engine(self.project_settings["DATABASE_URL"])
        try:
            return act(engine)
        finally:
            engine.dispose()

    def _act(self, args: list[str], *, dropping: bool) -> "Callable[[Engine], Exit]":
        match args:
            case ["upgrade"]:
                return _upgrade
            case ["check"]:
                return _check
            case ["current"]:
                return _show_current
            case ["downgrade", revision] if dropping:
                return lambda engine: _downgrade(engine, revision)
            case ["downgrade", _]:
                raise UsageError("downgrade drops tables or columns with their data; add --yes if that is meant")
            case ["revision", message]:
                return lambda engine: _write_revision(engine, message)
        raise UsageError(f"expected {self.syntax()}, found {' '.join(args) or 'nothing'}")


def _upgrade(engine: "Engine") -> Exit:
    from models.engine import current_revision, upgrade

    before = current_revision(engine)
    upgrade(engine)
    after = current_revision(engine)
    say(f"the tables are at {after} already" if before == after else f"the tables are at {after} now")
    return Exit.OK


def _downgrade(engine: "Engine", revision: str) -> Exit:
    from models.engine import current_revision, downgrade

    downgrade(engine, revision)
    say(f"the tables are at {current_revision(engine) or 'base, which is none'} now")
    return Exit.OK


def _show_current(engine: "Engine") -> Exit:
    from models.engine import DatabaseState, current_revision, database_state

    state = database_state(engine)
    revision = None if state is DatabaseState.EMPTY else current_revision(engine)  # asking would make the file
    stdout().print(f"{revision or 'none'} ({state})")
    return Exit.OK


def _check(engine: "Engine") -> Exit:
    from models.engine import DatabaseState, database_state, differences, reading
    from models.search import missing_index

    state = database_state(engine)
    if state is not DatabaseState.CURRENT:
        complain(f"the database is {state}\nrun: scrapy db upgrade")
        return Exit.STORAGE
    found = differences(engine)
    if found:
        lines = "\n".join(str(difference) for difference in found)
        complain(
            f"the tables differ from models/tables.py:\n{lines}\nwrite what is missing: scrapy db revision MESSAGE"
        )
        return Exit.STORAGE
    say("the tables are as this version needs them")
    with reading(engine) as connection:
        missing = missing_index(connection)
    if missing:
        say(f"searches are slow: {missing}")
    return Exit.OK


def _write_revision(engine: "Engine", message: str) -> Exit:
    from models.engine import write_revision

    path = write_revision(engine, message)
    say(f"look it over, then run `scrapy db upgrade` and `scrapy db check`: {path}")
    return Exit.OK
