"""One style for all commands: where they write, how they end, how they tell of errors and of progress.

Results go to stdout, everything else to stderr, so that a pipe gets results only. Colours are rich's: off in a pipe and
with NO_COLOR.
"""

from crawler.console.command import ConsoleCommand, Exit, HelpFormatter
from crawler.console.progress import BytesLine, CountLine, ProgressLine, Waiting
from crawler.console.streams import (
    PROGRAM,
    as_called,
    complain,
    counted,
    print_json,
    printable,
    say,
    stderr,
    stdout,
    table,
)

__all__ = [
    "PROGRAM",
    "BytesLine",
    "ConsoleCommand",
    "CountLine",
    "Exit",
    "HelpFormatter",
    "ProgressLine",
    "Waiting",
    "as_called",
    "complain",
    "counted",
    "print_json",
    "printable",
    "say",
    "stderr",
    "stdout",
    "table",
]
