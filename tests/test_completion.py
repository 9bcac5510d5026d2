"""Shell completion: what the tab key offers is what the commands take; tried in a real bash, zsh and fish."""

import argparse
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from scrapy.settings import Settings

from crawler.commands.known import known_commands
from crawler.console import PROGRAM, HelpFormatter
from tests.conftest import RunScrapy

COMMANDS = known_commands()
SHELLS = ("bash", "zsh", "fish")


@pytest.fixture(scope="module")
def scripts(run_scrapy_once: RunScrapy) -> dict[str, str]:
    return {shell: run_scrapy_once("completion", shell).stdout for shell in SHELLS}


def offered(script: str, *words: str) -> set[str]:
    """What bash offers for the last of the words, which may be the beginning of one."""
    typed = " ".join(f"'{word}'" for word in words)
    asked = f'COMP_WORDS=({typed}); COMP_CWORD={len(words) - 1}; _triptych; printf "%s\\n" "${{COMPREPLY[@]}}"'
    done = subprocess.run(["bash", "-c", f"{script}\n{asked}"], capture_output=True, text=True, check=True)  # noqa: S607  # the user's own
    return set(done.stdout.split())


def offered_by_fish(script: Path, *words: str) -> set[str]:
    asked = f"source {script}; complete -C '{' '.join(words)}'"
    done = subprocess.run(["fish", "--no-config", "-c", asked], capture_output=True, text=True, check=True)  # noqa: S607  # the user's own
    return {line.partition("\t")[0] for line in done.stdout.splitlines() if line}


# A shell that waits for keys is what completes; zsh's own module holds one on a terminal of its own. A list ends with
# the prompt once more; where there is nothing to list, the bell rings.
_ZSH = """
zmodload zsh/zpty
zpty shell "TERM=dumb zsh -f -i"
zpty -w shell "PS1='READY>'; autoload -Uz compinit; compinit -u -D; source $1; bindkey '^I' list-choices; PS1='LISTED>'"
zpty -r shell told '*LISTED>*LISTED>'
zpty -w -n shell "$2"$'\\t'
zpty -r -m shell told $'*(LISTED>|\\a)*'
print -r -- "$told"
zpty -d shell
"""


def offered_by_zsh(script: Path, *words: str) -> set[str]:
    asked = ["zsh", "-f", "-c", _ZSH, "zsh", str(script), " ".join(words)]
    done = subprocess.run(asked, capture_output=True, text=True, check=True, timeout=60)
    _typed, _, listed = done.stdout.partition("\n")
    lines = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", listed).split("LISTED>")[0].splitlines()
    return {word for line in lines for word in line.partition(" -- ")[0].split()}


TYPED = pytest.mark.parametrize(
    ("words", "expected"),
    [
        pytest.param(("triptych", "al"), {"alarms"}, id="command"),
        pytest.param(("triptych", "alarms", "--a"), {"--all", "--accept"}, id="option"),
        pytest.param(("triptych", "db", "u"), {"upgrade"}, id="first-word"),
        pytest.param(("triptych", "export", "--format", "p"), {"parquet"}, id="value"),
        pytest.param(("triptych", "show", "ht"), set(), id="anything"),
    ],
)


@TYPED
def test_bash_offers_what_fits(scripts: dict[str, str], words: tuple[str, ...], expected: set[str]) -> None:
    assert offered(scripts["bash"], *words) == expected


@TYPED
@pytest.mark.parametrize(
    "shell",
    [
        pytest.param(name, marks=pytest.mark.skipif(shutil.which(name) is None, reason=f"no {name} on this machine"))
        for name in ("zsh", "fish")
    ],
)
def test_other_shells_offer_the_same(
    scripts: dict[str, str], tmp_path: Path, shell: str, words: tuple[str, ...], expected: set[str]
) -> None:
    script = tmp_path / f"completion.{shell}"
    script.write_text(scripts[shell])
    ask = {"zsh": offered_by_zsh, "fish": offered_by_fish}[shell]

    assert ask(script, *words) == expected


def test_bash_offers_every_command_and_every_long_option(scripts: dict[str, str]) -> None:
    assert offered(scripts["bash"], "triptych", "") >= COMMANDS.keys()
    for name in COMMANDS:
        assert {"--help", "--verbose", "--quiet"} <= offered(scripts["bash"], "triptych", name, "--"), name


@pytest.mark.parametrize("shell", SHELLS)
def test_every_shell_has_a_script_that_it_can_read(scripts: dict[str, str], shell: str) -> None:
    assert all(f"{name}" in scripts[shell] for name in COMMANDS)
    if shutil.which(shell) is None:
        pytest.skip(f"no {shell} on this machine to read the script")

    read = subprocess.run([shell, "-n"], input=scripts[shell], capture_output=True, text=True, check=False)

    assert (read.returncode, read.stderr) == (0, "")


def test_another_shell_is_a_wrong_call(run_scrapy: RunScrapy) -> None:
    asked = run_scrapy("completion", "csh")

    assert asked.returncode == 2
    assert "one of bash, zsh, fish expected, found csh" in asked.stderr


@pytest.mark.parametrize("name", COMMANDS)
def test_help_has_an_example_and_fits_eighty_columns(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    command = known_commands()[name]
    command.settings = Settings()
    command.settings.setmodule("crawler.settings")
    usage = f"scrapy {name} {command.syntax()}"
    monkeypatch.setattr(sys, "argv", [PROGRAM, name])
    parser = argparse.ArgumentParser(usage=usage, formatter_class=HelpFormatter, conflict_handler="resolve")

    command.add_options(parser)

    shown = parser.format_help()
    assert "Examples:\n  $ " in shown
    assert f" {name} " in shown.partition("Examples:")[2]
    assert [line for line in shown.splitlines() if len(line) > 80] == []


def test_quiet_leaves_results_and_errors(run_scrapy: RunScrapy) -> None:
    told, quiet = run_scrapy("sites"), run_scrapy("sites", "-q")
    wrong = run_scrapy("sites", "-q", "extra")

    assert "nothing is stored yet" in told.stderr
    assert (quiet.returncode, quiet.stderr) == (0, "")
    assert (wrong.returncode, "no arguments expected" in wrong.stderr) == (2, True)


def test_verbose_logs_what_is_done(run_scrapy: RunScrapy, sample_site: str) -> None:
    arguments = ("crawl", "articles", "-a", f"url={sample_site}/", "-a", "limit=1")
    usual, verbose = run_scrapy(*arguments), run_scrapy(*arguments, "-v")

    assert "INFO: Spider opened" not in usual.stderr
    assert "INFO: Spider opened" in verbose.stderr
