"""The reference in the READMEs is what the code says."""

import re
import shlex

import pytest

from crawler.commands.known import known_commands
from tests.reference import DOCUMENTS, PARTS, ROOT, made_anew, parser_of


@pytest.mark.parametrize("document", DOCUMENTS)
def test_the_reference_is_what_the_code_makes(document: str) -> None:
    text = (ROOT / document).read_text("utf-8")

    assert text == made_anew(text), "run: python -m tests.reference --write"


@pytest.mark.parametrize(
    ("part", "rows"),
    [
        ("commands", ["### crawl", "| `--processes N` | workers on this machine (1) |"]),
        ("settings", ["| `RETRY_TIMES` | `2` |  |  |", "| `DOWNLOAD_MAXSIZE` | `10,485,760` |  | bytes on the wire |"]),
        ("tables", ["### article_version", "| `seen_at` | timestamp with time zone |  |"]),
    ],
)
def test_the_reference_names_what_there_is(part: str, rows: list[str]) -> None:
    made = PARTS[part]().splitlines()

    assert [row for row in rows if row not in made] == []


def test_what_stands_outside_of_the_marks_is_kept() -> None:
    before = "# Title\n<!-- reference: tables -->\nwhat it was\n<!-- end of reference -->\nafter\n"

    made = made_anew(before)

    assert made.startswith("# Title\n<!-- reference: tables -->\n\n### ")
    assert made.endswith("\n<!-- end of reference -->\nafter\n")
    assert "what it was" not in made


def test_examples_of_help_name_commands_and_options_that_there_are() -> None:
    commands = known_commands()
    wrong = []
    for example in (line for command in commands.values() for line in command.examples):
        call = re.search(r"(?:scrapy|triptych) ([^|)]*)", example)
        assert call, example
        name, *words = shlex.split(call[1], comments=True)
        _, rest = parser_of(commands[name]).parse_known_args(words)
        wrong += [example for word in rest if word.startswith("-")]

    assert wrong == []
