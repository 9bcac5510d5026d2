"""`scrapy prune` as a user runs it: shown first, deleted only when told."""

from pathlib import Path

import pytest

from models.engine import open_database
from tests.conftest import RunScrapy
from tests.downstream import fill


def test_command_shows_what_would_go_and_deletes_it_only_when_told(run_scrapy: RunScrapy, tmp_path: Path) -> None:
    engine = open_database(f"sqlite:///{tmp_path / 'test.db'}")
    for version in range(3):
        fill(engine, range(4), version=version)
    engine.dispose()
    rules = ("--keep-versions", "2", "--failures-older-than", "0d", "--changes-older-than", "0h")

    dry = run_scrapy("prune", *rules, "--dry-run", "--yes")
    asked = run_scrapy("prune", *rules)
    done = run_scrapy("prune", *rules, "--yes")
    again = run_scrapy("prune", *rules)

    assert dry.returncode == asked.returncode == done.returncode == 0, dry.stderr
    assert dry.stdout == asked.stdout == done.stdout
    assert "article_version          4" in dry.stdout
    assert max(map(len, dry.stdout.splitlines())) <= 80
    assert "nothing was deleted\n" in dry.stderr
    assert "add --yes" in asked.stderr
    assert "rows deleted" in done.stderr
    assert "article_version          0" in again.stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "nothing is deleted without a rule"),
        (("--versions-older-than", "90"), "found 90"),
        (("--versions-older-than", "99999999y"), "within the calendar"),
        (("--keep-versions", "0"), "1 or more expected"),
        (("everything",), "only options expected"),
    ],
)
def test_wrong_call_says_what_is_expected(run_scrapy: RunScrapy, arguments: tuple[str, ...], message: str) -> None:
    done = run_scrapy("prune", *arguments)

    assert done.returncode == 2
    assert message in done.stderr
