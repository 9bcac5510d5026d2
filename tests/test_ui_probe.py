"""The kit's probe on `triptych browse`, over what a hostile server has filled the database with.

    python -m tests.test_ui_probe --max 400 --chromium /usr/bin/chromium

runs the long form: it opens each page in a browser, too.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.browsing import CHROMIUM
from tests.free_ports import free_ports

ROOT = Path(__file__).parents[1]
KIT = ROOT.parent / "shared" / "kit" / "hostile"
CASES = ("xss-article", "sql-title", "log-injection", "bidi-zero-width", "odd-related", "tags-variants", "related-self")
HASH = "scrypt$00000000000000000000000000000000$" + 64 * "0"
"""Of no password that anybody knows: the forms are there, and nobody gets in."""


@contextmanager
def _process(*command: str | Path, folder: Path, environment: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [sys.executable, *map(str, command)], cwd=folder, env=environment, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            yield process
        finally:
            process.terminate()
            process.wait(timeout=30)


@contextmanager
def _hostile_site(folder: Path, environment: dict[str, str]) -> Iterator[str]:
    port, control = free_ports(2)
    options = ("--port", f"{port}", "--control-port", f"{control}", "--cache", f"{folder / 'cache'}")
    with _process(KIT / "hostile_server.py", *options, folder=folder, environment=environment):
        until = time.monotonic() + 60
        while time.monotonic() < until:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{control}/ping", timeout=5).close()
            except OSError:
                time.sleep(0.1)
            else:
                break
        yield f"http://127.0.0.1:{port}"


def probe(folder: Path, options: Sequence[str]) -> dict[str, Any]:
    """What the probe found: problems of pages, and attacks with whether they came through."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("TRIPTYCH_", "SCRAPY_"))}
    environment = {**kept, "PYTHONPATH": str(ROOT), "TRIPTYCH_BROWSE_PASSWORD_HASH": HASH}
    with _hostile_site(folder, environment) as site:
        seeds = " ".join(f"{site}/c/{case}/" for case in CASES)
        quick = ("-s", "AUTOTHROTTLE_ENABLED=False", "-s", "PAGES_PER_RUN=80")
        crawl = [sys.executable, "-m", "crawler", "crawl", "articles", "-a", f"url={seeds}", *quick]
        subprocess.run(crawl, cwd=folder, env=environment, check=False, capture_output=True, timeout=300)
    with _process("-m", "crawler", "browse", "--port", "0", folder=folder, environment=environment) as browse:
        assert browse.stderr is not None
        told = browse.stderr.readline()
        address = re.search(r"http://127\.0\.0\.1:\d+/", told)
        assert address, told
        command = [sys.executable, str(KIT / "ui_probe.py"), "--base", f"{address[0]}articles", *options]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=3600)
        found: dict[str, Any] = json.loads(done.stdout)
        if "--chromium" in options:
            chromium = options[list(options).index("--chromium") + 1]
            found["problems"] = [each for each in found["problems"] if _is_so(each, chromium, address[0].rstrip("/"))]
    return found


def _is_so(problem: str, chromium: str, base: str) -> bool:
    """The probe takes a page for one on which something ran where it shows the text of it, escaped; its title tells."""
    path, _, what = problem.partition(": ")
    return not what.endswith("RAN in the browser") or runs_something(chromium, f"{base}{path}")


def runs_something(chromium: str, url: str) -> bool:
    """A payload of the kit gives the page another title."""
    options = ("--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=3000", "--dump-dom")
    seen = subprocess.run([chromium, *options, url], capture_output=True, text=True, check=True, timeout=120)
    return "<title>kitxss-ran</title>" in seen.stdout


@pytest.mark.skipif(not (KIT / "ui_probe.py").is_file(), reason="the hostile kit is not beside the project")
def test_no_page_of_the_browser_does_what_a_hostile_site_wants(tmp_path: Path) -> None:
    pytest.importorskip("starlette", reason="the pages need the extra web: pip install 'triptych[web]'")

    found = probe(tmp_path, ("--max", "60"))

    # Whoever sits at this machine may read, by design: others cannot reach it, and are asked to log in where they can.
    assert [name for name, came_through in found["attacks"].items() if came_through] == ["answers-without-login"]
    assert found["problems"] == []
    assert found["pages"] == 60


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on the PATH")
@pytest.mark.parametrize(
    ("shown", "runs"),
    [("<img src=x onerror=document.title=/kitxss-ran/.source>", True), ("&lt;img onerror=/kitxss-ran/&gt;", False)],
)
def test_what_runs_in_a_page_is_told_from_what_stands_in_it(tmp_path: Path, *, shown: str, runs: bool) -> None:
    page = tmp_path / "page.html"
    page.write_text(f"<title>Mine</title>{shown}", "utf-8")

    assert runs_something(str(CHROMIUM), page.as_uri()) == runs


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as made:
        print(json.dumps(probe(Path(made), sys.argv[1:]), indent=1, ensure_ascii=False))
