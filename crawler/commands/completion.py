"""`scrapy completion SHELL`: the script by which a shell completes the command line."""

import argparse
import sys
from typing import ClassVar

from crawler.completion import SCRIPTS, Completed, Option
from crawler.console import PROGRAM, ConsoleCommand, Exit
from crawler.errors import UsageError


class Command(ConsoleCommand):
    examples: ClassVar[tuple[str, ...]] = (
        'eval "$(triptych completion bash)"    # in ~/.bashrc',
        'eval "$(triptych completion zsh)"     # in ~/.zshrc, behind compinit',
        "triptych completion fish | source     # in ~/.config/fish/config.fish",
    )
    actions: ClassVar[tuple[str, ...]] = tuple(SCRIPTS)

    def syntax(self) -> str:
        return "|".join(SCRIPTS)

    def short_desc(self) -> str:
        return "Print what lets a shell complete commands and options"

    def long_desc(self) -> str:
        return (
            "Prints a script for bash, zsh or fish. Once it is read by the shell, the tab key completes the commands "
            f"of `{PROGRAM}`, their options and the values that those may have."
        )

    def perform(self, args: list[str], opts: argparse.Namespace) -> Exit:  # noqa: ARG002  # the door of all commands
        from crawler.commands.known import SCRAPYS_OWN, known_commands

        if len(args) != 1 or args[0] not in SCRIPTS:
            raise UsageError(f"one of {', '.join(SCRIPTS)} expected, found {' '.join(args) or 'none'}")
        commands = [self._completed(name, command) for name, command in known_commands().items()]
        commands += [Completed(name, "Scrapy's own", (), ()) for name in SCRAPYS_OWN]
        sys.stdout.write(SCRIPTS[args[0]](PROGRAM, commands))
        return Exit.OK

    def _completed(self, name: str, command: ConsoleCommand) -> Completed:
        """Asks the command's own parser, so that nothing is listed that it does not take."""
        command.settings = self.project_settings
        parser = argparse.ArgumentParser(conflict_handler="resolve")
        command.add_options(parser)
        options = tuple(
            Option(tuple(action.option_strings), action.help or "", tuple(map(str, action.choices or ())))
            for action in parser._actions  # argparse has no other way to list them
            if action.option_strings
        )
        return Completed(name, command.short_desc(), command.actions, options)
