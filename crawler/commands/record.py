"""`scrapy record`: a page of today becomes a test case for ever."""

import argparse
import tempfile
from pathlib import Path
from typing import ClassVar

from crawler.console import ConsoleCommand, Exit, complain, counted, print_json, say
from crawler.errors import UsageError
from crawler.saved_cases import case_folder, save_case
from crawler.transport.typed import ask_typed

_PANELS = {"articles": "article", "link_lists": "related list", "tag_lists": "tag list"}


class Command(ConsoleCommand):
    examples: ClassVar[tuple[str, ...]] = (
        "scrapy record example interview https://example.com/news/1.html",
        "scrapy record example interview https://example.com/news/1.html --force",
    )

    json_told: ClassVar[str] = "one JSON object: the folder, and the articles and lists found on the page"

    def syntax(self) -> str:
        return "[options] SITE CASE URL"

    def short_desc(self) -> str:
        return "Save a page as a test case"

    def long_desc(self) -> str:
        return (
            "Fetches a page and saves it in tests/pages/SITE/CASE: page.html as it came, response.json with its URL "
            "and status, and expected.json with what the extractor says of it today, for you to correct by hand. SITE "
            "is the name of a site file where there is one, and CASE says what the page is a case of."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--force", action="store_true", help="replace the case if it is there already")

    def perform(self, args: list[str], opts: argparse.Namespace) -> Exit:
        from crawler.extraction_pool import expectation_of
        from crawler.fetching import fetch_pages

        if len(args) != 3:
            raise UsageError(f"SITE, CASE and URL expected, found {len(args)} arguments")
        site, case, url = args
        folder = case_folder(site, case)
        if folder.exists() and not opts.force:
            raise UsageError(f"{folder} is there already; name another case, or replace it with --force")
        ask_typed(self.project_settings, [url])
        with tempfile.TemporaryDirectory(prefix="triptych-") as fetched:
            page = fetch_pages([url], Path(fetched), settings=self.project_settings)[url]
            if page.failure_class is not None:
                complain(f"{url}: {page.failure_class.value}: {page.failure_message}\nnothing was saved")
                return Exit.FAILED
            expected = expectation_of(page, site=site, case=case)
            save_case(page, expected, folder)
        if opts.json:
            print_json({"folder": str(folder)} | {key: len(expected[key]) for key in _PANELS})
        say(f"saved {folder}: {', '.join(counted(len(expected[key]), noun) for key, noun in _PANELS.items())}")
        say(f"expected.json is what the extractor says today, not what is right: correct it by hand, in {folder}")
        return Exit.OK
