"""`scrapy schedule`: crawls that come again by themselves."""

import argparse
import re
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from crawler.commands.stored import existing_database
from crawler.console import ConsoleCommand, Exit, complain, print_json, printable, say, stdout, table
from crawler.errors import UsageError

if TYPE_CHECKING:
    from pipelines.schedules import Schedules, ScheduleState

_SPAN = re.compile(r"(\d+)(s|m|h|d|w)")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}


class Command(ConsoleCommand):
    examples: ClassVar[tuple[str, ...]] = (
        "scrapy schedule add news --url https://example.com/ --cron '*/30 * * * *'",
        "scrapy schedule add portal --site example --every 6h --limit 500",
        "scrapy schedule list",
        "scrapy schedule run-due    # from cron or a systemd timer",
        "scrapy schedule run        # in the foreground, until stopped",
        "scrapy schedule run news   # now",
    )
    json_told: ClassVar[str] = "list: a JSON line a schedule"
    actions: ClassVar[tuple[str, ...]] = ("list", "add", "pause", "resume", "remove", "run-due", "run")

    def syntax(self) -> str:
        return "list | add NAME | pause NAME | resume NAME | remove NAME | run-due | run [NAME]"

    def short_desc(self) -> str:
        return "Crawl sites again and again, by a timetable in the database"

    def long_desc(self) -> str:
        return (
            "add takes --url or --site, and --cron (five fields, read in --timezone) or --every; a site's file may "
            "name its own timetable. run-due runs what is due and ends; run stays and runs it when it is due; run NAME "
            "runs one now. Each run is a crawl of its own process and a row with its sums. A schedule never runs twice "
            "at once, on whatever machines; a killed run frees it within a minute. Exit status: 0 done, 1 a run "
            "failed, 2 wrong call, 3 the database failed."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--url", help="what to crawl")
        parser.add_argument("--site", metavar="NAME", help="what to crawl, by its file crawler/sites/NAME.py")
        parser.add_argument("--limit", metavar="N", type=int, help="articles a run at most")
        parser.add_argument(
            "--revisit", choices=("due", "all"), help="pages that are due (the default), or all of the site each time"
        )
        parser.add_argument("--cron", metavar="'M H D M W'", help="when, as '30 6 * * 1-5'")
        parser.add_argument("--every", metavar="SPAN", help="or how often: 30m, 6h, 2d")
        parser.add_argument("--timezone", default="UTC", metavar="ZONE", help="in which --cron is read (UTC)")
        parser.add_argument("--jitter", metavar="SPAN", default="0s", help="begin up to so much later, by chance")
        parser.add_argument(
            "--missed", choices=("once", "skip"), default="once", help="a run nobody was there for: late, or not at all"
        )
        parser.add_argument("--workers", metavar="N", type=int, default=2, help="runs at once (2)")

    def perform(self, args: list[str], opts: argparse.Namespace) -> Exit:
        match args:
            case ["list"]:
                return self._list(as_json=opts.json)
            case ["add", name]:
                return self._add(name, opts)
            case ["pause" | "resume" | "remove" as act, name]:
                return self._change(act, name)
            case ["run-due"] | ["run"]:
                return self._run(opts.workers, forever=args == ["run"])
            case ["run" | "run-if-due" as act, name]:  # the second is what a child of the two above is called with
                from crawler.commands.scheduling import run_one

                return run_one(self.project_settings, name, only_due=act == "run-if-due")
        raise UsageError(f"{self.syntax()} expected, found {' '.join(args) or 'nothing'}")

    def _list(self, *, as_json: bool) -> Exit:
        from pipelines.schedules import Schedules

        with existing_database(self.project_settings["DATABASE_URL"]) as engine:
            states = Schedules(engine).states() if engine else []
        if as_json:
            for state in states:
                print_json(_plain(state))
            return Exit.OK
        if not states:
            say("no schedule yet; add one, as: scrapy schedule add news --url https://example.com/ --every 1h")
            return Exit.OK
        rows = table("schedule", "when", "next", "last run", "asked#", "stored#", "failed#")
        for state in states:
            rows.add_row(*_cells(state))
        stdout().print(rows)
        return Exit.OK

    def _add(self, name: str, opts: argparse.Namespace) -> Exit:
        from pipelines.schedules import NewSchedule

        timing = _timing(opts)
        arguments = _arguments(opts)
        with self._schedules() as schedules:
            try:
                due_at = schedules.add(NewSchedule(name=name, arguments=arguments, timing=timing, missed=opts.missed))
            except ValueError as error:
                raise UsageError(str(error)) from None
        say(f"{name} is due first at {due_at:%Y-%m-%d %H:%M:%S} UTC; `scrapy schedule run` waits for it and runs it")
        return Exit.OK

    def _change(self, act: str, name: str) -> Exit:
        with self._schedules() as schedules:
            known = schedules.remove(name) if act == "remove" else schedules.pause(name, paused=act == "pause")
        if not known:
            complain(f"no schedule {name}; `scrapy schedule list` shows those there are")
            return Exit.FAILED
        say(f"{name} is {act.removesuffix('e')}ed")
        return Exit.OK

    def _run(self, workers: int, *, forever: bool) -> Exit:
        from crawler.commands.scheduling import run_due

        if workers < 1:
            raise UsageError(f"--workers: 1 or more expected, found {workers}")
        with self._schedules() as schedules:
            return run_due(schedules, self.project_settings, workers=workers, forever=forever)

    def _schedules(self) -> "_Opened":
        return _Opened(self.project_settings["DATABASE_URL"])


class _Opened:
    """The schedules of a database, which is made where there is none."""

    def __init__(self, url: str) -> None:
        self._url = url

    def __enter__(self) -> "Schedules":
        from models.engine import open_database
        from pipelines.schedules import Schedules

        self._engine = open_database(self._url)
        return Schedules(self._engine)

    def __exit__(self, *_: object) -> None:
        self._engine.dispose()


def _arguments(opts: argparse.Namespace) -> dict[str, str]:
    from crawler.spiders.articles import ArticlesSpider

    given = {"url": opts.url, "site": opts.site, "limit": opts.limit, "revisit": opts.revisit}
    arguments = {name: str(value) for name, value in given.items() if value is not None}
    ArticlesSpider(**arguments)  # what the spider refuses is told now, not at night
    return arguments


def _timing(opts: argparse.Namespace) -> Any:
    from crawler.sites import site_named
    from pipelines.schedules import Timing

    cron = opts.cron
    if cron is None and opts.every is None:
        cron = site_named(opts.site).schedule if opts.site else None
        if cron is None:
            raise UsageError("--cron '30 6 * * *' or --every 6h expected; a site's file may name its own as `schedule`")
    try:
        return Timing(
            cron=cron,
            every_seconds=None if opts.every is None else _seconds(opts.every),
            timezone=opts.timezone,
            jitter_seconds=_seconds(opts.jitter),
        )
    except ValueError as error:
        raise UsageError(str(error)) from None


def _seconds(span: str) -> int:
    found = _SPAN.fullmatch(span)
    if not found:
        raise UsageError(f"a span as 30m, 6h or 2d expected, found {span}")
    return int(found[1]) * _SECONDS[found[2]]


def _cells(state: "ScheduleState") -> tuple[str, ...]:
    schedule, run = state.schedule, state.last_run
    when = schedule["cron"] or f"every {_span(schedule['every_seconds'])}"
    following = "paused" if schedule["is_paused"] else "running" if state.is_running else _short(schedule["due_at"])
    if run is None:
        return printable(schedule["name"]), when, following, "", "", "", ""
    last = f"{_short(run['started_at'])} {'running' if state.is_running else run['outcome'] or 'killed'}"
    sums = (
        f"{run[name]:,}" if run[name] is not None else "" for name in ("crawl_asked", "crawl_stored", "crawl_failed")
    )
    return printable(schedule["name"]), when, following, last, *sums


def _span(seconds: int) -> str:
    unit = next(name for name in ("w", "d", "h", "m", "s") if seconds % _SECONDS[name] == 0)
    return f"{seconds // _SECONDS[unit]}{unit}"


def _short(moment: datetime) -> str:
    return f"{moment:%m-%d %H:%M}"


def _plain(state: "ScheduleState") -> dict[str, Any]:
    last = dict(state.last_run) if state.last_run else None
    return {**state.schedule, "is_running": state.is_running, "last_run": last}
