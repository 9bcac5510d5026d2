"""`scrapy doctor`: what is wrong with this installation, and how it is mended."""

import argparse
from typing import ClassVar

from rich.text import Text

from crawler.console import ConsoleCommand, Exit, as_called, print_json, printable, stdout
from crawler.errors import UsageError

_MARKS = {"good": ("ok", "green"), "doubtful": ("??", "yellow"), "bad": ("no", "bold red")}
_INDENT = " " * 14


class Command(ConsoleCommand):
    examples: ClassVar[tuple[str, ...]] = (
        "scrapy doctor",
        "scrapy doctor --json -s DATABASE_URL=postgresql://user@host/articles",
    )
    json_told: ClassVar[str] = "a JSON line a check"

    def syntax(self) -> str:
        return "[options]"

    def short_desc(self) -> str:
        return "Check that this installation can crawl and store"

    def long_desc(self) -> str:
        return (
            "Looks at Python, the packages, the settings, the guard of private addresses (by trying one), the "
            "extractor, the database (reached, of this version, writable, with its search index), the clock, the "
            "archive's folder and its disk, Chromium where it is used, and the terminal. What is not right is told "
            "with what mends it. Nothing leaves this machine, and nothing "
            "stays written. Exit status: 0 nothing is bad, 1 something is, 2 wrong call, 3 the database is."
        )

    def perform(self, args: list[str], opts: argparse.Namespace) -> Exit:
        from crawler.commands.checkup import State, findings

        if args:
            raise UsageError(f"no arguments expected, found {' '.join(args)}")
        status, console = Exit.OK, stdout()
        for finding in findings(self.project_settings):
            if finding.state is State.BAD:
                status = Exit.STORAGE if finding.check in ("database", "writing") else max(status, Exit.FAILED)
            if opts.json:
                print_json(finding)
                continue
            mark, style = _MARKS[finding.state.value]
            head = ((mark, style), f"  {finding.check:<10}", printable(finding.found))
            console.print(Text.assemble(*head), soft_wrap=True)
            if finding.mend:
                console.print(Text(f"{_INDENT}{as_called(finding.mend)}", style="bold"), soft_wrap=True)
        return status
