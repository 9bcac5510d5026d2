"""What scripts read: every command that has a result prints it as JSON lines on stdout, and nothing beside it."""

import json
from pathlib import Path

import pytest

from crawler.commands.known import known_commands
from tests.conftest import RunScrapy

NOT_FOR_SCRIPTS = {
    "browse": "a server",
    "completion": "prints a program",
    "extract": "prints JSON lines without being told",
    "metrics": "prints what Prometheus reads",
}


@pytest.fixture(scope="module")
def crawled(run_scrapy_once: RunScrapy, sample_site: str) -> RunScrapy:
    """The command line, with some pages of the sample site in its database."""
    done = run_scrapy_once("crawl", "articles", "-a", f"url={sample_site}/", "-a", "limit=3", "--json")
    assert json.loads(done.stdout)["finish_reason"] == "limit", done.stderr
    return run_scrapy_once


def test_every_command_with_a_result_has_json() -> None:
    without = {name for name, command in known_commands().items() if not command.json_told}

    assert without == NOT_FOR_SCRIPTS.keys()


@pytest.mark.parametrize(
    ("call", "status", "keys"),
    [
        pytest.param("recrawl {site}/no-such-page", 1, "failure_class message url was_stored", id="recrawl"),
        pytest.param("reextract --dry-run", 0, "changed changed_pages is_dry_run pages unread", id="reextract"),
        pytest.param("prune --failures-older-than 1h", 0, "deleted tables", id="prune"),
        pytest.param("export --format jsonl {folder}/files", 0, "folder format rows tables", id="export"),
        pytest.param("sync sqlite:///{folder}/copy.db", 0, "behind changes refused rows seconds", id="sync"),
        pytest.param("sync sqlite:///{folder}/copy.db --check", 0, "is_equal tables", id="sync-check"),
        pytest.param("db upgrade", 0, "before revision", id="db-upgrade"),
        pytest.param("db current", 0, "revision state", id="db-current"),
        pytest.param("db check", 0, "differences search_lacks state", id="db-check"),
        pytest.param("archive list", 0, "bytes file is_open", id="archive-list"),
        pytest.param("archive check", 0, "damaged file records responses revisits", id="archive-check"),
        pytest.param("archive prune --older-than 1y", 0, "deleted files", id="archive-prune"),
        pytest.param("sites", 0, "site_files stored_sites", id="sites"),
    ],
)
def test_each_line_of_stdout_is_an_object(
    call: str,
    status: int,
    keys: str,
    crawled: RunScrapy,
    sample_site: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.getbasetemp() / "json-output"
    folder.mkdir(exist_ok=True)
    if "--check" in call:
        crawled("sync", f"sqlite:///{folder / 'copy.db'}")

    done = crawled(*call.format(site=sample_site, folder=folder).split(), "--json")

    assert done.returncode == status, done.stderr
    records = [json.loads(line) for line in done.stdout.splitlines()]
    assert records
    assert all(record.keys() >= set(keys.split()) for record in records), records


def test_recorded_case_and_demonstration_are_told_to_a_script(
    run_scrapy: RunScrapy, project: Path, sample_site: str
) -> None:
    recorded = run_scrapy("record", "sample", "front", f"{sample_site}/", "--json", cwd=project)
    shown = run_scrapy("demo", "--json")

    assert json.loads(recorded.stdout)["folder"].endswith("tests/pages/sample/front")
    record = json.loads(shown.stdout)
    assert record["sums"]["stored"] > 0
    assert len(record["page"]["articles"]) == 2
