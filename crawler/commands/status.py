"""`scrapy status`: how each site is, for people and for monitoring."""

import argparse
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, ClassVar

from rich.text import Text

from crawler.commands.stored import existing_database
from crawler.console import ConsoleCommand, Exit, Waiting, print_json, printable, say, stdout, table
from crawler.errors import UsageError
from models.terms import AlarmRule

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pipelines.alarms import ShownAlarm, TargetLag
    from pipelines.health import Series, SiteHealth

_STEPS = "▁▂▃▄▅▆▇█"
_SHOWN_DAYS = 10


class Command(ConsoleCommand):
    examples: ClassVar[tuple[str, ...]] = (
        "scrapy status",
        "scrapy status --site example.com",
        "scrapy status --json || mail -s 'a site is not well' me@example.com",
    )
    json_told: ClassVar[str] = "a JSON line a site"

    def syntax(self) -> str:
        return "[options]"

    def short_desc(self) -> str:
        return "Tell how each site is: what it gives, fails, has changed"

    def long_desc(self) -> str:
        return (
            "Compares the last day on which articles of a site were stored with its days before it, back to thirty: "
            "the share of articles that have a headline, a date, authors, tags, …, and the share of requests that "
            "failed. What fell or rose by more than chance is told, and a site that was not fetched for three times "
            "as long as usual; then the alarms that are open, and how far copies are behind that were made by a sync. "
            "No thresholds are set. Exit status: 0 all is well, 1 a site is not or an alarm is open, 2 wrong call, "
            "3 the database failed."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--site", metavar="DOMAIN", help="only this site, with every field")

    def perform(self, args: list[str], opts: argparse.Namespace) -> Exit:
        if args:
            raise UsageError(f"no arguments expected, found {' '.join(args)}")
        with existing_database(self.project_settings["DATABASE_URL"]) as engine:
            if engine is None:
                say("nothing is stored yet; crawl something first: scrapy crawl articles -a url=URL")
                return Exit.OK
            from pipelines.alarms import listed_alarms, target_lags
            from pipelines.frontier.overview import site_frontiers
            from pipelines.health import site_healths

            with Waiting("Looking at what is stored"):
                healths = site_healths(engine, now=datetime.now(UTC), site=opts.site)
                alarms = listed_alarms(engine, watched=opts.site)
                due = {each.domain: each.due for each in site_frontiers(engine)}
                targets = () if opts.site else target_lags(engine)
        if opts.site and not healths:
            raise UsageError(f"no site {opts.site} is stored; `scrapy sites` lists those that are")
        if opts.json:
            for health in healths:
                print_json(_plain(health, due.get(health.domain, 0), alarms))
        elif opts.site:
            _print_fields(healths[0], alarms)
            _print_alarms(alarms)
        else:
            _print_sites(healths, due, alarms)
            _print_alarms(alarms)
            _print_targets(targets)
        return Exit.FAILED if alarms or any(health.troubles for health in healths) else Exit.OK


def _print_sites(healths: "Sequence[SiteHealth]", due: "Mapping[str, int]", alarms: "Sequence[ShownAlarm]") -> None:
    ill = {alarm.watched for alarm in alarms}
    rows = table("", "site", "last fetched", "due#", "articles#", "headline", "date", "body", "failed#")
    for health in healths:
        fields = {series.name: series for series in health.fields}
        shown = (_line(fields[name]) for name in ("headline", "date_published", "article_body"))
        failed = f"{health.failed.last:.0%}" if health.failed.last is not None else ""
        articles = f"{fields['headline'].days[-1].total:,}" if health.days else ""
        is_well = not health.troubles and health.domain not in ill
        planned = f"{due.get(health.domain, 0):,}"
        rows.add_row(
            _mark(is_well), printable(health.domain), _short(health.last_fetched_at), planned, articles, *shown, failed
        )
    stdout().print(rows)
    for health in healths:
        for trouble in _untold(health, alarms):
            stdout().print(Text.assemble((printable(health.domain), "bold"), f": {trouble}"), soft_wrap=True)
    if any(health.troubles for health in healths):
        say("see every field: scrapy status --site DOMAIN")


def _print_fields(health: "SiteHealth", alarms: "Sequence[ShownAlarm]") -> None:
    console = stdout()
    console.print(Text.assemble((printable(health.domain), "bold"), f"  last fetched {_moment(health)}"))
    rows = table("field", f"last {_SHOWN_DAYS} days", "now#", "before#")
    for series in (*health.fields, health.failed):
        rows.add_row(series.name, _line(series), _percent(series.last), _percent(series.usual))
    console.print(rows)
    for name, count in health.failures.items():
        console.print(f"{name}: {count:,}")
    for trouble in _untold(health, alarms):
        console.print(Text(trouble, style="bold red"), soft_wrap=True)


def _untold(health: "SiteHealth", alarms: "Sequence[ShownAlarm]") -> list[str]:
    """Troubles of which no open alarm tells, with the pages to look at."""
    own = [alarm for alarm in alarms if alarm.watched == health.domain]
    told = {alarm.subject for alarm in own if alarm.rule == AlarmRule.FIELD}
    if any(alarm.rule == AlarmRule.FAILURES for alarm in own):
        told.add("failed")
    return [trouble for trouble, subject in zip(health.troubles, health.subjects, strict=True) if subject not in told]


def _print_alarms(alarms: "Sequence[ShownAlarm]") -> None:
    for alarm in alarms:
        told = f": {printable(alarm.message)}"
        stdout().print(Text.assemble((printable(alarm.watched), "bold"), told, style="red"))
    if alarms:
        say("see the pages: scrapy alarms")


def _print_targets(targets: "Sequence[TargetLag]") -> None:
    now = datetime.now(UTC)
    rows = table("copy", "changes behind#", "oldest", "caught up")
    for target in targets:
        minutes = f"{target.lag(now).total_seconds() / 60:,.0f} min" if target.changes else ""
        rows.add_row(printable(target.url), f"{target.changes:,}", minutes, f"{target.caught_up_at:%Y-%m-%d %H:%M}")
    if targets:
        stdout().print(rows)


def _mark(is_well: bool) -> Text:
    return Text("ok", style="green") if is_well else Text("no", style="bold red")


def _line(series: "Series") -> str:
    """A sparkline from 0 to 1; an empty share leaves a gap."""
    values = [share.value for share in series.days[-_SHOWN_DAYS:]]
    return "".join(" " if value is None else _STEPS[round(value * (len(_STEPS) - 1))] for value in values)


def _percent(share: float | None) -> str:
    return "" if share is None else f"{share:.0%}"


def _short(moment: datetime | None) -> str:
    """In one line of the table beside a long domain."""
    return f"{moment:%m-%d %H:%M}" if moment else "never"


def _moment(health: "SiteHealth") -> str:
    return f"{health.last_fetched_at:%Y-%m-%d %H:%M}" if health.last_fetched_at else "never"


def _plain(health: "SiteHealth", due: int, alarms: "Sequence[ShownAlarm]") -> dict[str, Any]:
    own = [alarm.message for alarm in alarms if alarm.watched == health.domain]
    return {
        "site": health.domain,
        "is_well": not health.troubles and not own,
        "troubles": health.troubles,
        "alarms": own,
        "due": due,
        "last_fetched_at": health.last_fetched_at.isoformat() if health.last_fetched_at else None,
        "days": [f"{day:%Y-%m-%d}" for day in health.days],
        "articles": [share.total for share in health.fields[0].days],
        "fields": {series.name: [share.count for share in series.days] for series in health.fields},
        "requests": [share.total for share in health.failed.days],
        "failed": [share.count for share in health.failed.days],
        "failures": dict(health.failures),
    }
