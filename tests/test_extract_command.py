"""`scrapy extract` as a user runs it: sources in, one JSON line each out, in order."""

import json
import os
import stat
import subprocess
import sys
import tarfile
from collections.abc import Callable
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from crawler.samplesite import SampleSite

ROOT = Path(__file__).parents[1]

RunScrapy = Callable[..., subprocess.CompletedProcess[str]]
JsonLines = list[dict[str, Any]]


SAMPLE = SampleSite()
# Pages of one layout, with one article each.
ARTICLES = [page for page in SAMPLE.truth().values() if len(page.articles) == 1][:5]
HEADLINES = [page.articles[0].headline for page in ARTICLES]


def lines_of(done: subprocess.CompletedProcess[str]) -> JsonLines:
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    """A folder of saved pages: five good ones, and each kind of bad one."""
    folder = tmp_path / "pages"
    folder.mkdir()
    for number, page in enumerate(ARTICLES, 1):
        path = str(page.url).removeprefix(SAMPLE.base_url)
        (folder / f"good{number}.html").write_bytes(SAMPLE.pages()[path].body)
    (folder / "empty.html").write_bytes(b" \n")
    (folder / "binary.html").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8)
    (folder / "tarred.html").write_bytes(_tar_of(folder / "good1.html"))
    return folder


def _tar_of(path: Path) -> bytes:
    packed = path.with_suffix(".tgz")
    with tarfile.open(packed, "w:gz") as tar:
        tar.add(path, "page.html")
    return packed.read_bytes()


def test_saved_page_gives_one_json_line_on_stdout_and_silence_on_stderr(run_scrapy: RunScrapy, pages: Path) -> None:
    done = run_scrapy("extract", pages / "good1.html")

    assert (done.returncode, done.stderr) == (0, "")
    (page,) = lines_of(done)
    assert page["id"] == str(pages / "good1.html")
    assert page["articles"][0]["headline"] == HEADLINES[0]
    assert page["articles"][0]["article_body"]
    assert "\\u" not in done.stdout, "Chinese is written as itself"


def test_lines_are_in_the_order_of_the_sources(run_scrapy: RunScrapy, pages: Path) -> None:
    sources = [str(pages / f"good{number}.html") for number in (3, 1, 5, 2, 4)] * 20

    done = run_scrapy("extract", "--workers", "2", *sources)

    assert [page["id"] for page in lines_of(done)] == sources


def test_one_worker_gives_the_same_bytes_as_many(run_scrapy: RunScrapy, pages: Path) -> None:
    sources = sorted(str(path) for path in pages.glob("*.html"))

    alone = run_scrapy("extract", "--workers", "1", *sources)
    together = run_scrapy("extract", "--workers", "3", *sources)

    assert alone.stdout == together.stdout


def test_bad_files_give_lines_with_their_errors_and_the_run_goes_on(run_scrapy: RunScrapy, pages: Path) -> None:
    names = ("none.html", "empty.html", "binary.html", "tarred.html", "", "good1.html")

    done = run_scrapy("extract", *(pages / name for name in names))

    assert done.returncode == 1
    *failed, good = lines_of(done)
    assert good["errors"] == []
    assert [page["id"] for page in failed] == [str(pages / name) for name in names[:-1]]
    assert [page["articles"] for page in failed] == [[]] * 5
    classes = [error["class"] for page in failed for error in page["errors"]]
    assert classes == ["gone", "unparsable", "content_type", "content_type", "unreachable"]
    assert all(f"{failure_class}: " in done.stderr for failure_class in classes)
    assert "6 pages, 1 article, 5 failed" in done.stderr


def test_many_failures_are_counted_and_not_all_shown(run_scrapy: RunScrapy) -> None:
    done = run_scrapy("extract", *(f"none{number}.html" for number in range(15)))

    assert done.stderr.count("no such file") == 10
    assert "… and 5 more" in done.stderr


def test_page_in_a_pipe_is_read(pages: Path) -> None:
    command = f"{sys.executable} -m scrapy extract <(cat {pages / 'good1.html'})"

    done = subprocess.run(["/bin/bash", "-c", command], cwd=ROOT, capture_output=True, text=True, check=True)

    assert lines_of(done)[0]["articles"][0]["headline"] == HEADLINES[0]


def test_endless_file_is_refused_by_its_size(run_scrapy: RunScrapy) -> None:
    done = run_scrapy("extract", "/dev/zero")

    assert lines_of(done)[0]["errors"][0]["class"] == "too_large"


class TestManifest:
    def test_files_are_relative_to_its_folder_and_links_to_the_url(self, run_scrapy: RunScrapy, pages: Path) -> None:
        (pages / "linked.html").write_text('<p>A page with <a href="/b">a link</a>.</p>', encoding="utf-8")
        manifest = pages / "manifest.jsonl"
        entries: list[dict[str, Any]] = [
            {"id": "one", "file": "linked.html", "url": "https://example.test/a"},
            {"id": 2, "file": str(pages / "good2.html"), "url": None},
            {"file": "good3.html"},
        ]
        manifest.write_text("\n".join(map(json.dumps, entries)) + "\n\n", encoding="utf-8")

        done = run_scrapy("extract", "--manifest", manifest)

        assert done.returncode == 0
        found = lines_of(done)
        assert [page["id"] for page in found] == ["one", "2", "good3.html"]
        assert found[0]["url"] == "https://example.test/a"
        assert "https://example.test/b" in {link["url"] for link in found[0]["outlinks"]}
        assert found[1]["url"] is None

    def test_follows_the_sources_of_the_command_line(self, run_scrapy: RunScrapy, pages: Path) -> None:
        manifest = pages / "manifest.jsonl"
        manifest.write_text('{"file": "good2.html"}\n', encoding="utf-8")

        done = run_scrapy("extract", pages / "good1.html", "--manifest", manifest)

        assert [page["id"] for page in lines_of(done)] == [str(pages / "good1.html"), "good2.html"]

    def test_with_a_wrong_line_is_refused_before_anything_is_done(self, run_scrapy: RunScrapy, pages: Path) -> None:
        manifest = pages / "manifest.jsonl"
        manifest.write_text('{"file": "good1.html"}\n<html>\n', encoding="utf-8")

        done = run_scrapy("extract", "--manifest", manifest)

        assert (done.returncode, done.stdout) == (2, "")
        assert f"{manifest}, line 2" in done.stderr.replace("\n", "")


class TestOutput:
    def test_is_written_and_summed_up(self, run_scrapy: RunScrapy, pages: Path, tmp_path: Path) -> None:
        output = tmp_path / "pages.jsonl"

        done = run_scrapy("extract", pages / "good1.html", "--output", output)

        assert (done.returncode, done.stdout) == (0, "")
        assert json.loads(output.read_text("utf-8"))["articles"][0]["headline"] == HEADLINES[0]
        assert "1 page, 1 article, 0 failed" in done.stderr
        assert stat.S_IMODE(output.stat().st_mode) == 0o666 & ~_umask()

    def test_is_left_as_it_was_when_the_run_breaks_off(self, tmp_path: Path) -> None:
        output = tmp_path / "pages.jsonl"
        output.write_text("as it was", encoding="utf-8")
        broken = "cat <<<'{\"file\": \"good1.html\"}'; echo '<html>'"
        command = f"exec {sys.executable} -m scrapy extract --manifest <({broken}) --output {output}"

        done = subprocess.run(["/bin/bash", "-c", command], cwd=ROOT, capture_output=True, text=True, check=False)

        assert done.returncode == 2
        assert output.read_text("utf-8") == "as it was"
        assert sorted(path.name for path in tmp_path.iterdir()) == ["pages.jsonl"]

    def test_may_be_a_device(self, run_scrapy: RunScrapy, pages: Path) -> None:
        done = run_scrapy("extract", pages / "good1.html", "--output", "/dev/null")

        assert done.returncode == 0
        assert Path("/dev/null").is_char_device()


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        pytest.param((), "no source", id="nothing"),
        pytest.param(("a.html", "--workers", "0"), "--workers", id="workers"),
        pytest.param(("a.html", "--site", "nosuch"), "no site 'nosuch'", id="site"),
        pytest.param(("a.html", "--output", "no/such/folder/x"), "create it first", id="output"),
        pytest.param(("a.html", "--jsno"), "unknown option --jsno", id="option"),
        pytest.param(("http://[",), "an http or https URL", id="url"),
    ],
)
def test_wrong_call_ends_with_status_2_and_what_to_do(
    arguments: tuple[str, ...], message: str, run_scrapy: RunScrapy
) -> None:
    done = run_scrapy("extract", *arguments)

    assert (done.returncode, done.stdout) == (2, "")
    assert message in done.stderr
    assert "scrapy extract --help" in done.stderr
    assert "Traceback" not in done.stderr


def test_reader_that_closes_the_pipe_early_sees_no_traceback(pages: Path) -> None:
    sources = " ".join([str(pages / "good1.html")] * 400)
    command = f"{sys.executable} -m scrapy extract -q {sources} | head -n 1"  # a slow machine would tell its progress

    done = subprocess.run(["/bin/bash", "-c", command], cwd=ROOT, capture_output=True, text=True, check=True)

    assert len(lines_of(done)) == 1
    assert done.stderr == ""


class TestUrls:
    @pytest.fixture
    def server(self, pages: Path) -> Any:
        (pages / "robots.txt").write_text("User-agent: *\nDisallow: /good4\n", encoding="utf-8")

        class Quiet(SimpleHTTPRequestHandler):
            def __init__(self, *args: Any) -> None:
                super().__init__(*args, directory=str(pages))

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # the name is the class's
                pass

        with ThreadingHTTPServer(("127.0.0.1", 0), Quiet) as served:
            thread = Thread(target=served.serve_forever, kwargs={"poll_interval": 0.05})
            thread.start()
            yield f"http://127.0.0.1:{served.server_port}"
            served.shutdown()
            thread.join()

    def test_are_fetched_and_stand_among_files_in_order(self, server: str, run_scrapy: RunScrapy, pages: Path) -> None:
        sources = [f"{server}/good2.html", str(pages / "good1.html"), f"{server}/good1.html", f"{server}/good2.html"]

        done = run_scrapy("extract", "-q", *sources)

        assert (done.returncode, done.stderr) == (0, "")
        found = lines_of(done)
        assert [page["id"] for page in found] == sources
        assert [page["articles"][0]["headline"] for page in found] == [HEADLINES[number] for number in (1, 0, 0, 1)]
        assert found[0]["url"] == f"{server}/good2.html"

    def test_that_give_no_page_give_their_reason(self, server: str, run_scrapy: RunScrapy) -> None:
        done = run_scrapy("extract", f"{server}/none.html", "http://127.0.0.1:9/", f"{server}/good1.tgz")

        assert done.returncode == 1
        assert [page["errors"][0]["class"] for page in lines_of(done)] == ["gone", "unreachable", "content_type"]

    def test_that_robots_txt_forbids_are_not_fetched_however_many_are_asked_at_once(
        self, server: str, run_scrapy: RunScrapy
    ) -> None:
        # Scrapy 2.19 lets the third and later requests of a host through while robots.txt is on its way.
        done = run_scrapy("extract", *(f"{server}/good4.html?{number}" for number in range(6)))

        assert [page["errors"][0]["class"] for page in lines_of(done)] == ["refused_robots"] * 6

    def test_leave_no_database_behind(self, server: str, run_scrapy: RunScrapy, tmp_path: Path) -> None:
        run_scrapy("extract", f"{server}/good1.html")

        assert not (tmp_path / "test.db").exists()
