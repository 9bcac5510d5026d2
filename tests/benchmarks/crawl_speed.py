"""What a crawl costs from fetch to committed rows, beside Scrapy that does nothing with its pages and beside the usual.

    python -m tests.benchmarks.crawl_speed sqlite --pages 1000 --rounds 3
    python -m tests.benchmarks.crawl_speed postgresql --pages 1000
    python -m tests.benchmarks.crawl_speed sqlite --processes 1,2
    python -m tests.benchmarks.crawl_speed sqlite --curve rss.svg --pages 100000

CPU seconds of all processes of a crawl and of the database server, for 1,000 pages of 80 KB more: a crawl of few pages
is taken off one of many, so that starting costs nothing. All kinds alternate in one run. The server of the pages is not
counted. `merge` needs trafilatura (`pip install -e '.[bench]'`). With `--processes`, our crawl alone, with each of
these numbers of extraction processes. With `--curve`, one crawl alone: the memory that it takes over its pages, as a
picture.
"""

import argparse
import importlib.util
import os
import re
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from types import MappingProxyType

from tests.benchmarks.bare_spiders import SETTINGS
from tests.benchmarks.large_site import SHAPES, large_site
from tests.benchmarks.rss_curve import Curve, memory_of, write_svg
from tests.benchmarks.write_speed import Database, databases

_FEW = 100
_QUICK = {  # as the bare spiders have it: the server is ours
    "AUTOTHROTTLE_ENABLED": "False",
    "CONCURRENT_REQUESTS": SETTINGS["CONCURRENT_REQUESTS"],
    "CONCURRENT_REQUESTS_PER_DOMAIN": SETTINGS["CONCURRENT_REQUESTS_PER_DOMAIN"],
    "PAGES_PER_RUN": 10_000_000,
    "SECONDS_PER_RUN": 1_000_000,
    "PROGRESS_ENABLED": "False",
}


@dataclass(frozen=True, slots=True)
class Spent:
    cpu_seconds: float
    wall_seconds: float


@dataclass(frozen=True, slots=True)
class Kind:
    """One way to crawl: the command for a site of so many pages."""

    command: Callable[[str, int, str], Sequence[str]]
    environment: dict[str, str]


def kinds() -> dict[str, Kind]:
    def bare(kind: str) -> Kind:
        module = [sys.executable, "-m", "tests.benchmarks.bare_spiders", kind]
        return Kind(lambda url, pages, database: [*module, url, str(pages), database], {})

    found = {"fetch": bare("fetch"), "triptych": _ours(), "without archive": _ours(archives=False)}
    if importlib.util.find_spec("trafilatura"):
        found["merge"] = bare("merge")
    return found


def with_processes(counts: Sequence[int]) -> dict[str, Kind]:
    return {f"{count} extracting": _ours({"EXTRACTION_PROCESSES": count}) for count in counts}


def _ours(settings: Mapping[str, object] = MappingProxyType({}), *, archives: bool = True) -> Kind:
    def command(url: str, pages: int, database: str) -> Sequence[str]:  # noqa: ARG001  # the site knows its pages
        options = [word for name, value in {**_QUICK, **settings}.items() for word in ("-s", f"{name}={value}")]
        return [sys.executable, "-m", "scrapy", "crawl", "articles", "-a", f"url={url}", *options]

    return Kind(command, {} if archives else {"TRIPTYCH_ARCHIVE": ""})


def compare(dialect: str, compared: Mapping[str, Kind], *, pages: int, rounds: int) -> None:
    spent: defaultdict[str, list[Spent]] = defaultdict(list)
    with databases(dialect) as make, large_site(_FEW) as few, large_site(_FEW + pages) as many:
        for turn in range(rounds):
            for name, kind in compared.items():
                made = re.sub(r"\W", "_", f"{name}_{turn}")
                first = _crawl(kind, few, _FEW, make(f"{made}_few"))
                whole = _crawl(kind, many, _FEW + pages, make(f"{made}_many"))
                spent[name].append(_per_thousand(first, whole, pages))
                print(f"  {name:16} {spent[name][-1].cpu_seconds:7.2f} CPU s for 1,000 pages", file=sys.stderr)
    _show(dialect, spent)


def _per_thousand(first: Spent, whole: Spent, pages: int) -> Spent:
    return Spent(
        (whole.cpu_seconds - first.cpu_seconds) * 1000 / pages,
        (whole.wall_seconds - first.wall_seconds) * 1000 / pages,
    )


def _crawl(kind: Kind, url: str, pages: int, database: Database) -> Spent:
    """Of the process and all its children, and of the database server."""
    with tempfile.TemporaryDirectory() as folder:
        process = _start(kind, url, pages, database=database, folder=folder)
        before, began_at = database.server_seconds(), time.monotonic()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise SystemExit(f"exit status {process.returncode}: {process.args!r}")
        server = database.server_seconds() - before
        return Spent(usage.ru_utime + usage.ru_stime + server, time.monotonic() - began_at)


def _start(kind: Kind, url: str, pages: int, *, database: Database, folder: str) -> "subprocess.Popen[bytes]":
    driver = database.url.replace("postgresql:", "postgresql+psycopg:")  # as SQLAlchemy alone wants it
    environment = {
        **os.environ,
        "TRIPTYCH_DATABASE_URL": database.url,
        "TRIPTYCH_ARCHIVE": f"{folder}/archive",
        **kind.environment,
    }
    command = kind.command(url, pages, driver)
    return subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, cwd=Path(__file__).parents[2])


def _show(dialect: str, spent: dict[str, list[Spent]]) -> None:
    print(f"\n{dialect}, 1,000 pages of 80 KB; median of rounds (least to most)")
    first = next(iter(spent))
    print(f"{'':16} {'CPU s':>8} {'':>15} {f'x {first}':>14} {'wall s':>8} {f'x {first}':>14}")
    least = _medians(spent[first])
    for name, rounds in spent.items():
        cpu, middle = sorted(each.cpu_seconds for each in rounds), _medians(rounds)
        spread = f"({cpu[0]:.2f} to {cpu[-1]:.2f})"
        print(
            f"{name:16} {middle.cpu_seconds:8.2f} {spread:>15} {middle.cpu_seconds / least.cpu_seconds:14.2f} "
            f"{middle.wall_seconds:8.1f} {middle.wall_seconds / least.wall_seconds:14.2f}"
        )
    if "merge" in spent:
        ratio = _medians(spent["merge"]).cpu_seconds / _medians(spent["triptych"]).cpu_seconds
        print(f"merge / triptych {ratio:8.2f}")


def _medians(rounds: Sequence[Spent]) -> Spent:
    return Spent(median(each.cpu_seconds for each in rounds), median(each.wall_seconds for each in rounds))


def draw(dialect: str, *, pages: int, shape: str, picture: Path) -> None:
    """Memory of one crawl, looked at twice a second, over the pages that are in the database."""
    curve = Curve()
    with databases(dialect) as make, large_site(pages, shape) as url, tempfile.TemporaryDirectory() as folder:
        database = make("curve")
        process = _start(kinds()["triptych"], url, pages, database=database, folder=folder)
        while process.poll() is None:
            time.sleep(0.5)
            curve.add(database.url, memory_of(process.pid))
    write_svg(curve, picture, title=f"{pages:,} pages of {SHAPES[shape].page_bytes // 1000} KB, {dialect}")
    print(curve.told())


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("dialect", choices=["sqlite", "postgresql"])
    arguments.add_argument("--pages", type=int, default=1000)
    arguments.add_argument("--rounds", type=int, default=3)
    arguments.add_argument("--processes", type=lambda text: [int(count) for count in text.split(",")], metavar="N,N…")
    arguments.add_argument("--curve", type=Path)
    arguments.add_argument("--shape", choices=SHAPES, default="usual", help="of the pages of a curve")
    options = arguments.parse_args()
    if options.curve:
        draw(options.dialect, pages=options.pages, shape=options.shape, picture=options.curve)
    else:
        compared = with_processes(options.processes) if options.processes else kinds()
        compare(options.dialect, compared, pages=options.pages, rounds=options.rounds)
