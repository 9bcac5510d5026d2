"""`scrapy db`: the tables of the database, brought up to date or looked at."""

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from crawler.console import ConsoleCommand, Exit, Waiting, complain, print_json, say, stdout
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
    json_told: ClassVar[str] = (
        "one JSON object: revision, state; before; differences and what searches lack; or the file"
    )

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
            found = act(engine)
        finally:
            engine.dispose()
        if opts.json:
            print_json(found.plain)
        elif found.told:
            stdout().print(found.told)
        if found.problem:
            complain(found.problem)
        for note in found.notes:
            say(note)
        return Exit.STORAGE if found.problem else Exit.OK

    def _act(self, args: list[str], *, dropping: bool) -> "Callable[[Engine], _Found]":
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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    plain: "dict[str, Any]"
    """For a script."""
    told: str | None = None
    """A result for people."""
    notes: tuple[str, ...] = ()
    problem: str | None = None


def _upgrade(engine: "Engine") -> _Found:
    from models.engine import current_revision, upgrade

    before = current_revision(engine)
    with Waiting("Changing the tables") as waiting:

        def tell(revision: str) -> None:
            waiting.label = f"Changing the tables, which are at {revision} so far"

        upgrade(engine, tell=tell)
    after = current_revision(engine)
    note = f"the tables are at {after} already" if before == after else f"the tables are at {after} now"
    return _Found(plain={"revision": after, "before": before}, notes=(note, *_slow_searches(engine)))


def _slow_searches(engine: "Engine") -> tuple[str, ...]:
    from models.engine import reading
    from models.search import missing_index

    with reading(engine) as connection:
        missing = missing_index(connection)
    return (f"searches are slow: {missing}",) if missing else ()


def _downgrade(engine: "Engine", revision: str) -> _Found:
    from models.engine import current_revision, downgrade

    before = current_revision(engine)
    with Waiting("Taking the tables back"):
        downgrade(engine, revision)
    after = current_revision(engine)
    note = f"the tables are at {after or 'base, which is none'} now"
    return _Found(plain={"revision": after, "before": before}, notes=(note,))


def _show_current(engine: "Engine") -> _Found:
    from models.engine import DatabaseState, current_revision, database_state

    state = database_state(engine)
    revision = None if state is DatabaseState.EMPTY else current_revision(engine)  # asking would make the file
    return _Found(plain={"revision": revision, "state": state}, told=f"{revision or 'none'} ({state})")


def _check(engine: "Engine") -> _Found:
    from models.engine import DatabaseState, database_state, differences, reading
    from models.search import missing_index

    state = database_state(engine)
    if state is not DatabaseState.CURRENT:
        problem = f"the database is {state}\nrun: scrapy db upgrade"
        return _Found(plain={"state": state, "differences": None, "search_lacks": None}, problem=problem)
    with Waiting("Comparing the tables"):
        lines = [str(difference) for difference in differences(engine)]
        with reading(engine) as connection:
            missing = missing_index(connection)
    plain = {"state": state, "differences": lines, "search_lacks": missing}
    if lines:
        told = "\n".join(lines)
        problem = f"the tables differ from models/tables.py:\n{told}\nwrite what is missing: scrapy db revision MESSAGE"
        return _Found(plain=plain, problem=problem)
    slow = (f"searches are slow: {missing}",) if missing else ()
    return _Found(plain=plain, notes=("the tables are as this version needs them", *slow))


def _write_revision(engine: "Engine", message: str) -> _Found:
    from models.engine import write_revision

    path = write_revision(engine, message)
    note = f"look it over, then run `scrapy db upgrade` and `scrapy db check`: {path}"
    return _Found(plain={"file": path}, notes=(note,))
