"""A command: its options, its help, how it ends."""

import argparse
import os
import re
import sys
import textwrap
from abc import abstractmethod
from enum import IntEnum
from typing import ClassVar

from scrapy.commands import ScrapyCommand, ScrapyHelpFormatter
from scrapy.settings import Settings

from crawler.console.faults import expected_errors, explain_storage
from crawler.console.streams import as_called, complain, say
from crawler.errors import TriptychError, UsageError
from crawler.garbage import collect_seldom
from crawler.verbosity import be_quiet
from models.errors import StorageError

_HELD = "\x1f"  # no white space to textwrap


class Exit(IntEnum):
    """Exit statuses of all commands."""

    OK = 0
    """All that was asked for is stored or accounted for."""
    FAILED = 1
    """Some of what was asked for failed; the failures are printed or recorded."""
    USAGE = 2
    """The call itself is wrong; nothing was done."""
    STORAGE = 3
    """The database cannot be reached, read or written."""
    INTERRUPTED = 130


class HelpFormatter(ScrapyHelpFormatter, argparse.RawDescriptionHelpFormatter):
    """Scrapy's, with the lines of descriptions and examples left as they are, and commands named as they are called."""

    def _expand_help(self, action: argparse.Action) -> str:
        return as_called(super()._expand_help(action))


class ConsoleCommand(ScrapyCommand):
    """A command in the style of this project: `perform` says how it ended, and errors become one message on stderr."""

    requires_project = True
    requires_crawler_process = False
    examples: ClassVar[tuple[str, ...]] = ()
    """Command lines shown at the end of --help."""
    json_told: ClassVar[str] = ""
    """What --json prints instead of tables; empty for a command without it."""
    actions: ClassVar[tuple[str, ...]] = ()
    """The words that its first argument may be, where it takes no other."""

    @property
    def project_settings(self) -> Settings:
        """The settings with those of the command line in them: there from `add_options` on."""
        if self.settings is None:
            raise RuntimeError("settings are set by scrapy.cmdline before a command runs")
        return self.settings

    @abstractmethod
    def perform(self, args: list[str], opts: argparse.Namespace) -> Exit:
        """Does what is asked. Errors of the project, of the database and of files may leave it as they are."""

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("-v", "--verbose", action="count", default=0, help="log what is done; -vv every detail")
        parser.add_argument("-q", "--quiet", action="store_true", help="print results and errors, nothing else")
        if self.json_told:
            parser.add_argument("--json", action="store_true", help=self.json_told)
        parser.formatter_class = HelpFormatter
        parser.usage = _wrapped(as_called(parser.usage or ""))
        parser.description = as_called(textwrap.fill(self.long_desc(), 78))
        lines = "".join(f"\n  $ {as_called(example)}" for example in self.examples)
        parser.epilog = f"Examples:{lines}" if lines else None

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        super().process_options(args, opts)
        if opts.verbose and not opts.loglevel:
            self.project_settings.set("LOG_LEVEL", "INFO" if opts.verbose == 1 else "DEBUG", priority="cmdline")
        if opts.quiet:
            be_quiet()

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        collect_seldom()
        try:
            self.exitcode = self.perform(_positionals(args), opts)
            sys.stdout.flush()
        except KeyboardInterrupt:
            say("stopped")
            self.exitcode = Exit.INTERRUPTED
        except BrokenPipeError:  # the reader of the pipe, as `head`, has seen enough
            # Python flushes stdout once more as it ends, and would print a traceback.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            self.exitcode = Exit.FAILED
        except expected_errors() as error:
            message, self.exitcode = self._explain(error)
            complain(message)

    def _explain(self, error: BaseException) -> tuple[str, Exit]:
        name = type(self).__module__.rpartition(".")[2]
        if isinstance(error, UsageError):
            return f"{error}\nsee `scrapy {name} --help`", Exit.USAGE
        if isinstance(error, TriptychError):
            return str(error), Exit.FAILED
        if isinstance(error, OSError):
            return f"{error.strerror or error}: {error.filename}" if error.filename else str(error), Exit.FAILED
        if isinstance(error, StorageError):
            return str(error), Exit.STORAGE
        return explain_storage(error, self.project_settings["DATABASE_URL"]), Exit.STORAGE


def _wrapped(usage: str) -> str:
    """An option stays with its value."""
    kept = re.sub(r"\[[^][]*\]", lambda found: found[0].replace(" ", _HELD), usage)
    wrapped = textwrap.fill(kept, 74, subsequent_indent=" " * 6, break_on_hyphens=False)
    return wrapped.replace(_HELD, " ")


def _positionals(args: list[str]) -> list[str]:
    """Scrapy hands over unknown options as arguments; a command would take `--jsno` for a URL."""
    cut = args.index("--") if "--" in args else len(args)
    for arg in args[:cut]:
        if arg.startswith("-") and arg != "-":
            raise UsageError(f"unknown option {arg}")
    return args[:cut] + args[cut + 1 :]
