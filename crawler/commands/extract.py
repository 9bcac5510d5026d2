"""`scrapy extract`: pages in, JSON lines out, no database."""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import IO, TYPE_CHECKING, ClassVar

from crawler.console import ConsoleCommand, Exit, ProgressLine, complain, counted, say
from crawler.errors import UsageError
from crawler.garbage import collect_seldom
from crawler.limited_process import cores
from crawler.saved_pages import SavedPage, read_manifest
from crawler.sites import site_named
from crawler.transport.typed import ask_typed

if TYPE_CHECKING:
    from crawler.extraction_pool import Line

_FAILURES_SHOWN = 10


class Command(ConsoleCommand):
    examples: ClassVar[tuple[str, ...]] = (
        "scrapy extract page.html",
        "scrapy extract https://example.com/news/1.html",
        "scrapy extract saved/*.html --output pages.jsonl",
        "scrapy extract --manifest saved/manifest.jsonl --output pages.jsonl",
    )

    def syntax(self) -> str:
        return "[options] SOURCE …"

    def short_desc(self) -> str:
        return "Split pages into body, related lists and tag lists, as JSON lines"

    def long_desc(self) -> str:
        return (
            "Splits pages into body, related-article lists and tag lists, and writes one JSON line a page in the order "
            "given. A SOURCE is a saved page, a plain-text dump of one, or a URL. No database is used. A page that "
            "cannot be read gives a line with its errors, and exit status 1."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument(
            "--manifest",
            metavar="FILE",
            type=Path,
            help='more sources: lines of {"id", "file", "url"}, file relative to the folder of FILE, url may be null',
        )
        parser.add_argument("--output", metavar="FILE", type=Path, help="write all lines to FILE, or nothing at all")
        parser.add_argument("--workers", metavar="N", type=int, help="processes (default: one a core)")
        parser.add_argument("--site", metavar="NAME", help="use crawler/sites/NAME.py (default: found by the URL)")

    def perform(self, args: list[str], opts: argparse.Namespace) -> Exit:
        from crawler.extraction_pool import extract_saved_pages
        from crawler.spiders.limits import page_limits

        _check(args, opts)
        collect_seldom()  # nor what the extractor has loaded
        total = _count(args, opts.manifest)
        with tempfile.TemporaryDirectory(prefix="triptych-") as folder, _output(opts.output) as output:
            named = self._named_pages(args, Path(folder))
            pages = chain(named, read_manifest(opts.manifest) if opts.manifest else ())
            lines = extract_saved_pages(
                pages, workers=opts.workers or cores(), site=opts.site, page_limits=page_limits(self.project_settings)
            )
            summary = _write(lines, output, total=total)
        summary.tell(opts.output)
        return Exit.FAILED if summary.failed else Exit.OK

    def _named_pages(self, args: list[str], folder: Path) -> list[SavedPage]:
        """The sources of the command line. URLs are fetched first, all together."""
        urls = [arg for arg in args if _is_url(arg)]
        ask_typed(self.project_settings, urls)
        fetched: dict[str, SavedPage] = {}
        if urls:
            from crawler.fetching import fetch_pages

            fetched = fetch_pages(urls, folder, settings=self.project_settings)
        return [fetched.get(arg) or SavedPage(id=arg, path=Path(arg)) for arg in args]


@dataclass(slots=True)
class _Summary:
    """What is said at the end."""

    started: float = field(default_factory=time.monotonic)
    pages: int = 0
    articles: int = 0
    failed: int = 0

    def count(self, line: "Line") -> None:
        self.pages += 1
        self.articles += line.articles
        if line.failure is None:
            return
        self.failed += 1
        if self.failed <= _FAILURES_SHOWN:
            complain(f"{line.page_id}: {line.failure}")

    def tell(self, output: Path | None) -> None:
        """Silent where the lines on stdout say it all."""
        if self.failed > _FAILURES_SHOWN:
            say(f'… and {self.failed - _FAILURES_SHOWN:,} more; their lines have the reason under "errors"')
        if output or self.failed:
            seconds = time.monotonic() - self.started
            where = f", written to {output}" if output else ""
            sums = f"{counted(self.pages, 'page')}, {counted(self.articles, 'article')}, {self.failed:,} failed"
            say(f"{sums} in {seconds:.1f} s{where}")


def _check(args: list[str], opts: argparse.Namespace) -> None:
    """Raises UsageError before anything is read."""
    if not args and opts.manifest is None:
        raise UsageError("no source; name a saved page, a URL, or a --manifest")
    if opts.workers is not None and opts.workers < 1:
        raise UsageError(f"--workers: a number from 1 expected, found {opts.workers}")
    if opts.output is not None and not opts.output.absolute().parent.is_dir():
        raise UsageError(f"--output: no folder {opts.output.parent}; create it first")
    if opts.site:
        site_named(opts.site)


def _count(args: list[str], manifest: Path | None) -> int | None:
    """The number of pages, and a look at every line of the manifest; None where it is a pipe, to be read once."""
    if manifest is None or manifest.is_file():
        return len(args) + (sum(1 for _ in read_manifest(manifest)) if manifest else 0)
    return None


def _write(lines: "Iterable[Line]", output: IO[bytes], *, total: int | None) -> _Summary:
    summary = _Summary()
    with ProgressLine("Extracting", total=total) as progress:
        for line in lines:
            output.write(line.json)
            summary.count(line)
            progress.update(pages=summary.pages, articles=summary.articles, errors=summary.failed)
    return summary


@contextmanager
def _output(path: Path | None) -> Iterator[IO[bytes]]:
    """A new file takes its name when it is whole; a pipe or device, as /dev/null, is written to as it is."""
    if path is None:
        yield sys.stdout.buffer
    elif path.exists() and not path.is_file():
        with path.open("wb") as device:
            yield device
    else:
        unfinished = path.with_name(f".{path.name}.{os.getpid()}")
        try:
            with unfinished.open("xb") as file:
                yield file
            unfinished.replace(path)
        finally:
            unfinished.unlink(missing_ok=True)


def _is_url(source: str) -> bool:
    return source.lower().startswith(("http://", "https://"))
