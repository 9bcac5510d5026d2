"""`scrapy browse`: what it says, and that it serves what is stored."""

import os
import re
import signal
import subprocess
import sys
import urllib.request
from importlib.util import find_spec
from pathlib import Path

import pytest

from models.engine import open_database
from tests.conftest import ROOT, RunScrapy
from tests.downstream import fill

needs_web = pytest.mark.skipif(
    find_spec("starlette") is None or find_spec("nh3") is None, reason="pip install 'triptych[web]'"
)


@needs_web
def test_what_is_stored_is_served_until_it_is_interrupted(tmp_path: Path, sqlite_url: str) -> None:
    engine = open_database(sqlite_url)
    fill(engine, [1])
    engine.dispose()
    command = [sys.executable, "-m", "crawler", "browse", "--port", "0", "-s", f"DATABASE_URL={sqlite_url}"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}

    with subprocess.Popen(command, cwd=tmp_path, env=environment, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        line = process.stderr.readline()
        address = re.search(r"http://127\.0\.0\.1:\d+/", line)
        assert address, line
        with urllib.request.urlopen(address[0], timeout=30) as answer:  # noqa: S310  # our own server
            shown = answer.read().decode()
        process.send_signal(signal.SIGINT)
        status = process.wait(timeout=30)

    assert "仓库 1, edition 0" in shown
    assert status == 0


@needs_web
def test_without_a_database_it_says_how_to_get_one(run_scrapy: RunScrapy) -> None:
    called = run_scrapy("browse")

    assert called.returncode == 1
    assert "scrapy crawl articles" in called.stderr


@pytest.mark.parametrize("arguments", [("x",), ("--port", "70000")], ids=str)
def test_a_wrong_call_is_told(run_scrapy: RunScrapy, arguments: tuple[str, ...]) -> None:
    called = run_scrapy("browse", *arguments)

    assert called.returncode == 2
    assert "expected" in called.stderr
