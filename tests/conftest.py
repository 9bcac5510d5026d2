"""What tests of several modules stand on: the command line as a user runs it, and the sample site."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from crawler.samplesite import serve

ROOT = Path(__file__).parents[1]

RunScrapy = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def run_scrapy(tmp_path: Path) -> RunScrapy:
    """`python -m scrapy …` in the repository, with a database of the test's own unless the arguments name one.

    No colours, 80 columns. AutoThrottle waits for nobody: the server is ours.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("TRIPTYCH_", "SCRAPY_"))}
    environment = {**kept, "COLUMNS": "80", "TRIPTYCH_DATABASE_URL": f"sqlite:///{tmp_path / 'test.db'}"}

    def run(*arguments: str | Path, cwd: Path = ROOT, timeout: float = 120) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "scrapy", *map(str, arguments)],
            cwd=cwd,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=timeout,
        )

    return run


@pytest.fixture(scope="session")
def sample_site() -> Iterator[str]:
    """The base URL of the sample site, served on loopback."""
    with serve() as base_url:
        yield base_url
