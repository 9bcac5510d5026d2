"""`triptych …`: the project's commands from any directory."""

import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from crawler.__main__ import main

ROOT = Path(__file__).parents[1]

RunTriptych = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def run_triptych(tmp_path: Path) -> RunTriptych:
    """The same entry as that of the script, in a directory with nothing of the project."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("TRIPTYCH_", "SCRAPY_"))}

    def run(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "crawler", *arguments],
            cwd=tmp_path,
            env={**kept, "PYTHONPATH": str(ROOT), "COLUMNS": "80", **variables},
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    return run


def test_the_installed_script_is_the_entry_of_the_module() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]

    script = EntryPoint("triptych", project["scripts"]["triptych"], "console_scripts")

    assert script.load() is main


def test_a_file_of_a_secret_that_is_not_there_is_told_in_a_line(run_triptych: RunTriptych) -> None:
    done = run_triptych("status", **{"TRIPTYCH_WEBHOOK_SECRET_FILE": "/nowhere/secret"})

    assert done.returncode == 2
    assert done.stderr == (
        "error: TRIPTYCH_WEBHOOK_SECRET_FILE: /nowhere/secret cannot be read: No such file or directory\n"
    )


def test_scrapys_own_command_tells_the_same_with_the_same_status() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "scrapy", "status"],
        cwd=ROOT,
        env={**os.environ, "TRIPTYCH_DATABASE_URL_FILE": "/nowhere/url"},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )

    assert done.returncode == 2
    assert done.stderr == "error: TRIPTYCH_DATABASE_URL_FILE: /nowhere/url cannot be read: No such file or directory\n"


@pytest.mark.parametrize("arguments", [(), ("--help",), ("-h",)], ids=str)
def test_help_lists_every_command_of_the_project_in_a_line(run_triptych: RunTriptych, arguments: tuple[str]) -> None:
    modules = (ROOT / "crawler" / "commands").glob("*.py")
    expected = {path.stem for path in modules if "class Command(" in path.read_text("utf-8")}

    listed = run_triptych(*arguments)

    assert listed.returncode == 0, listed.stderr
    assert {
        line.split()[0] for line in listed.stdout.splitlines() if line.startswith("  ") and line[2] != " "
    } == expected
    assert max(map(len, listed.stdout.splitlines())) <= 80


def test_the_database_is_made_in_the_working_directory(
    run_triptych: RunTriptych, sample_site: str, tmp_path: Path
) -> None:
    (tmp_path / "scrapy.cfg").write_text("[settings]\ndefault = somebody.elses\n", "utf-8")

    crawled = run_triptych("crawl", "articles", "-a", f"url={sample_site}/", "-a", "limit=1")
    sites = run_triptych("sites", "--json")

    assert crawled.returncode == 0, crawled.stderr
    assert (tmp_path / "triptych.db").exists()
    assert f'"domain": "{sample_site.removeprefix("http://")}"' in sites.stdout


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        pytest.param(("shwo",), "did you mean show?", id="near-to-a-command"),
        pytest.param(("quite-another",), "`triptych --help` lists those there are", id="near-to-none"),
        pytest.param(("--jsno",), "a command expected, found --jsno", id="only-an-option"),
        pytest.param(("show",), "see `triptych show --help`", id="wrong-call"),
    ],
)
def test_a_wrong_call_is_told_with_the_command_to_run_next(
    run_triptych: RunTriptych, arguments: tuple[str], told: str
) -> None:
    called = run_triptych(*arguments)

    assert (called.returncode, called.stdout) == (2, "")
    assert told in called.stderr


def test_help_of_a_command_names_it_as_it_was_called(run_triptych: RunTriptych) -> None:
    helped = run_triptych("search", "--help")

    assert "triptych search [options] WORDS" in helped.stdout
    assert "$ triptych search --index" in helped.stdout
    assert "scrapy search" not in helped.stdout


def test_version_names_both_versions(run_triptych: RunTriptych) -> None:
    shown = run_triptych("--version").stdout

    assert re.fullmatch(r"triptych (not installed|\d+\.\d+\.\d+), scrapy \d+\.\d+\.\d+\n", shown)
