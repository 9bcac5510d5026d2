"""`scrapy sync` as a user runs it."""

from pathlib import Path

import pytest
from sqlalchemy import Engine

from models.engine import open_database
from tests.conftest import RunScrapy
from tests.downstream import fill, sums, sums_of


@pytest.fixture
def source(tmp_path: Path) -> Engine:
    """That of `run_scrapy`."""
    engine = open_database(f"sqlite:///{tmp_path / 'test.db'}")
    fill(engine, range(5))
    engine.dispose()
    return engine


def test_sync_says_what_it_did_and_check_finds_no_difference(
    run_scrapy: RunScrapy, source: Engine, tmp_path: Path
) -> None:
    target = f"sqlite:///{tmp_path / 'copy.db'}"

    copied = run_scrapy("sync", target)
    fill(source, [2], version=1)
    behind = run_scrapy("sync", target, "--check")
    changed = run_scrapy("sync", target)
    checked = run_scrapy("sync", target, "--check")

    assert copied.returncode == changed.returncode == checked.returncode == 0, copied.stderr + checked.stderr
    assert "0 changes delivered" in copied.stderr
    assert changed.stderr.rstrip().endswith("0 changes behind")
    assert behind.returncode == 1
    assert "differs" in behind.stdout
    assert "article_version     6              6" in checked.stdout
    assert sums_of(target) == sums(source)
    source.dispose()


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        (("sqlite:///x.db", "--tables", "link_item"), 2, "Lists, items and links come with page"),
        (("sqlite:///x.db", "--since", "yesterday"), 2, "found yesterday"),
        (("nonsense",), 3, "no database URL"),
    ],
)
def test_wrong_call_says_what_to_do(
    run_scrapy: RunScrapy, source: Engine, *, arguments: tuple[str, ...], status: int, message: str
) -> None:
    done = run_scrapy("sync", *arguments)

    assert done.returncode == status
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    source.dispose()
