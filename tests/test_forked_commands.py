"""A command in a fork ends and prints as it does by itself."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.forked_commands import ForkedCommands


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    return {**os.environ, "COLUMNS": "80", "TRIPTYCH_DATABASE_URL": f"sqlite:///{tmp_path / 'own.db'}"}


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        pytest.param(("list",), 0, id="output"),
        pytest.param(("sites",), 0, id="messages"),
        pytest.param(("show", "--help"), 0, id="help"),
        pytest.param(("crawl", "articles"), 2, id="wrong-call"),
        pytest.param(("schedule", "resume", "news"), 1, id="failure"),
    ],
)
def test_a_forked_command_is_as_one_by_itself(
    commands: ForkedCommands, environment: dict[str, str], arguments: tuple[str, ...], status: int
) -> None:
    alone = subprocess.run(
        [sys.executable, "-m", "scrapy", *arguments],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )

    forked = commands.run(arguments, cwd=ROOT, env=environment, timeout=120)

    assert (forked.returncode, forked.stdout, forked.stderr) == (alone.returncode, alone.stdout, alone.stderr)
    assert alone.returncode == status


def test_a_command_that_does_not_end_is_ended_and_the_next_is_run(
    commands: ForkedCommands, environment: dict[str, str]
) -> None:
    with pytest.raises(subprocess.TimeoutExpired):
        commands.run(("work", "--follow"), cwd=ROOT, env=environment, timeout=2)

    assert commands.run(("list",), cwd=ROOT, env=environment, timeout=120).stdout == "articles\n"
