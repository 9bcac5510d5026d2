"""`scrapy record` as a user runs it: a page becomes a test case, and no case is lost."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from crawler.samplesite import SampleSite

RunScrapy = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def article_url(sample_site: str) -> str:
    return next(url for url in sorted(SampleSite(sample_site).truth()) if url.startswith(sample_site))


def test_case_has_page_response_and_expectation(run_scrapy: RunScrapy, project: Path, article_url: str) -> None:
    done = run_scrapy("record", "sample", "first-case", article_url, cwd=project)

    assert (done.returncode, done.stdout) == (0, "")
    assert "correct it by hand" in done.stderr
    case = project / "tests" / "pages" / "sample" / "first-case"
    assert sorted(path.name for path in case.parent.rglob("*")) == [
        "expected.json", "first-case", "page.html", "response.json"
    ]  # fmt: skip
    assert b"<html" in (case / "page.html").read_bytes()
    response = json.loads((case / "response.json").read_text("utf-8"))
    assert (response["url"], response["status"]) == (article_url, 200)
    expected = json.loads((case / "expected.json").read_text("utf-8"))
    assert expected["id"] == "sample/first-case"
    assert expected["articles"][0]["headline"]


def test_case_that_is_there_is_kept_unless_forced(run_scrapy: RunScrapy, project: Path, article_url: str) -> None:
    case = project / "tests" / "pages" / "sample" / "case"
    case.mkdir(parents=True)
    (case / "expected.json").write_text("corrected by hand", encoding="utf-8")

    refused = run_scrapy("record", "sample", "case", article_url, cwd=project)

    assert refused.returncode == 2
    assert "--force" in refused.stderr
    assert (case / "expected.json").read_text("utf-8") == "corrected by hand"

    forced = run_scrapy("record", "sample", "case", article_url, "--force", cwd=project)

    assert forced.returncode == 0
    assert json.loads((case / "expected.json").read_text("utf-8"))["id"] == "sample/case"


def test_page_that_is_gone_leaves_nothing_behind(run_scrapy: RunScrapy, project: Path, sample_site: str) -> None:
    done = run_scrapy("record", "sample", "case", f"{sample_site}/no/such/page", cwd=project)

    assert done.returncode == 1
    assert "gone: " in done.stderr
    assert not (project / "tests").exists()


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(("sample", "case"), id="too-few"),
        pytest.param(("../up", "case", "http://example.test/"), id="site-leaves-the-folder"),
        pytest.param(("sample", "a/b", "http://example.test/"), id="case-has-a-folder"),
        pytest.param(("sample", "", "http://example.test/"), id="case-is-empty"),
        pytest.param(("sample", "case", "example.test"), id="no-url"),
    ],
)
def test_wrong_call_ends_with_status_2_and_writes_nothing(
    arguments: tuple[str, ...], run_scrapy: RunScrapy, project: Path
) -> None:
    done = run_scrapy("record", *arguments, cwd=project)

    assert done.returncode == 2
    assert "scrapy record --help" in done.stderr
    assert not (project / "tests").exists()
