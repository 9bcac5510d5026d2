"""From nothing to a split page of a site never seen, as the README has it, with times.

    python -m tests.benchmarks.newcomer FOLDER https://example.com/

FOLDER is new: this repository is cloned into it, with a virtual environment of its own, and the README's commands are
run as they are typed there. What they print goes to stdout, each with the seconds that it took. Installs packages.
"""

import argparse
import os
import re
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.conftest import ROOT

_SHOWN_LINES = 24
_PAGE_LINES = 60


@dataclass(slots=True)
class Newcomer:
    folder: Path
    seconds: dict[str, float] = field(default_factory=dict)

    def type(self, line: str, *, within: str = "", lines: int = _SHOWN_LINES) -> str:
        """Runs it in bash and shows it; what it printed. Raises SystemExit where it fails."""
        print(f"$ {line}", flush=True)
        started = time.monotonic()
        done = subprocess.run(
            ["bash", "-c", line],  # noqa: S607  # as a newcomer types it
            cwd=self.folder / within,
            env=self._environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        self.seconds[line] = time.monotonic() - started
        shown = done.stdout.splitlines()
        print("\n".join(shown[:lines]))
        if len(shown) > lines:
            print(f"… {len(shown) - lines} more lines")
        print(f"[{self.seconds[line]:.1f} s, exit status {done.returncode}]\n", flush=True)
        if done.returncode:
            raise SystemExit(f"a newcomer would stop here: {line}")
        return done.stdout

    def _environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("TRIPTYCH_", "PYTHON"))}
        program = f"{self.folder / 'venv' / 'bin'}{os.pathsep}{kept['PATH']}"
        return kept | {"PATH": program, "COLUMNS": "80", "VIRTUAL_ENV": str(self.folder / "venv")}


def go(folder: Path, site: str) -> None:
    folder.mkdir(parents=True)
    newcomer = Newcomer(folder)
    newcomer.type(f"git clone --quiet {ROOT} triptych", lines=0)
    newcomer.type(f"{sys.executable} -m venv venv", lines=0)
    newcomer.type("pip install -qq -e . && python -m scrapy demo", within="triptych", lines=_PAGE_LINES)
    newcomer.type("triptych doctor", within="triptych")
    crawled = newcomer.type(f"triptych crawl articles -a url={site} -a limit=5", within="triptych")
    shown = re.search(r"triptych show (\S+)", crawled)
    if shown is None:
        raise SystemExit("a newcomer would stop here: the crawl names no page to look at")
    newcomer.type(shown[0], within="triptych", lines=_PAGE_LINES)
    print(f"in all {sum(newcomer.seconds.values()):.0f} s")


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("site", help="a URL of a site that was never seen")
    options = parser.parse_args(arguments)
    go(options.folder.absolute(), options.site)
    return 0


if __name__ == "__main__":
    sys.exit(main())
