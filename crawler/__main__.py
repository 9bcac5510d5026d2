"""`triptych COMMAND …`, or `python -m crawler COMMAND …`: the commands of `scrapy`, from any directory.

Scrapy finds a project by a scrapy.cfg in the working directory or above it; here the settings are named instead. What
a command reads and writes by default (the database, the archive) is in the working directory all the same.
"""

import difflib
import os
import sys
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version

from crawler.garbage import start_uncollected

start_uncollected()

from scrapy.cmdline import execute

from crawler.commands.known import SCRAPYS_OWN, known_commands
from crawler.console import PROGRAM, ConsoleCommand, Exit, complain, stdout, table


def main() -> None:
    """The entry point of the console script."""
    os.environ["SCRAPY_SETTINGS_MODULE"] = "crawler.settings"  # of the processes that a command starts, too
    arguments = sys.argv[1:]
    name = next((argument for argument in arguments if not argument.startswith("-")), None)
    if name is None:
        sys.exit(_without_command(arguments))
    commands = known_commands()
    if name not in commands and name not in SCRAPYS_OWN:
        near = difflib.get_close_matches(name, [*commands, *SCRAPYS_OWN], n=1)
        meant = f"; did you mean {near[0]}?" if near else ""
        complain(f"no command {name}{meant}\n`{PROGRAM} --help` lists those there are")
        sys.exit(Exit.USAGE)
    sys.argv[0] = PROGRAM  # messages and --help name the command as it was called
    execute(sys.argv)


def _without_command(arguments: list[str]) -> Exit:
    if arguments == ["--version"]:
        stdout().print(f"{PROGRAM} {_own_version()}, scrapy {version('scrapy')}")
        return Exit.OK
    if set(arguments) <= {"-h", "--help"}:
        _print_commands(known_commands())
        return Exit.OK
    complain(f"a command expected, found {' '.join(arguments)}\n`{PROGRAM} --help` lists those there are")
    return Exit.USAGE


def _own_version() -> str:
    try:
        return version(PROGRAM)
    except PackageNotFoundError:  # run from its folder
        return "not installed"


def _print_commands(commands: Mapping[str, ConsoleCommand]) -> None:
    console = stdout()
    console.print(f"Article sites into a database.\n\nUsage: {PROGRAM} COMMAND [options] …\n")
    rows = table("command", "")
    rows.show_header = False
    rows.pad_edge = True
    for name, command in sorted(commands.items()):
        rows.add_row(f" {name}", command.short_desc())
    console.print(rows)
    console.print(
        f"\nEach has --help with examples. Scrapy's own work too: {', '.join(SCRAPYS_OWN)}.\n"
        "The database is triptych.db in the working directory; TRIPTYCH_DATABASE_URL, or\n"
        "-s DATABASE_URL=… behind a command, names another."
    )


if __name__ == "__main__":
    main()
