"""A PostgreSQL of this machine with its own tools: pg_dump refuses a server that is newer than itself.

The embedded server that other tests use comes without tools.
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

_NEEDED = ("initdb", "pg_ctl", "pg_dump", "pg_restore", "psql", "createdb")


def installed_tools() -> Path | None:
    """The folder of the newest that is installed whole; None where there is none."""
    places = [*Path("/usr/lib/postgresql").glob("*/bin"), *Path("/usr/local/pgsql").glob("bin")]
    whole = [place for place in places if all((place / name).is_file() for name in _NEEDED)]
    return max(whole, key=lambda place: (len(place.parent.name), place.parent.name), default=None)


@contextmanager
def installed_server(tools: Path) -> Iterator[Mapping[str, str]]:
    """The environment by which its tools, and URLs without a host, reach a new server with a database `articles`."""
    folder = Path(tempfile.mkdtemp(prefix="triptych-pg-"))  # short: the path of a socket has at most 107 characters
    user = "postgres" if os.geteuid() == 0 else None  # it refuses to run as root
    if user:
        shutil.chown(folder, user)
    reached = {"PGHOST": str(folder), "PGUSER": user or "postgres", "PGDATABASE": "articles"}

    def run(name: str, *arguments: str) -> None:
        environment = {**os.environ, **reached, "LC_ALL": "C.UTF-8"}
        subprocess.run(
            [tools / name, *arguments],
            cwd=folder,
            env=environment,
            user=user,
            check=True,
            stdout=subprocess.DEVNULL,
            timeout=120,
        )

    data = str(folder / "data")
    try:
        run("initdb", "--pgdata", data, "--username", reached["PGUSER"], "--encoding", "UTF8", "--no-sync")
        options = f"-c listen_addresses='' -c unix_socket_directories='{folder}' -c fsync=off"
        run("pg_ctl", "start", "--wait", "--pgdata", data, "--options", options, "--log", str(folder / "log"))
        try:
            run("createdb", "articles")
            yield reached
        finally:
            run("pg_ctl", "stop", "--pgdata", data, "--mode", "immediate")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
