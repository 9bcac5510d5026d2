"""Every example of the READMEs runs, and prints what it says it prints: `tests/documents.py` has the marks."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.documents import FENCE, Example, Workspace, commands_of, examples_of, free_port, matches
from tests.project_copies import ROOMS, ROOT

DOCUMENTS = [Path("README.md")]
DOCUMENTS += sorted(p.relative_to(ROOT) for room in (*ROOMS, "tests") for p in (ROOT / room).rglob("README.md"))


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    made = Workspace(tmp_path / "project")
    yield made
    made.stop()


@pytest.mark.parametrize("document", DOCUMENTS, ids=str)
def test_examples_of_a_document_run_and_print_what_it_shows(
    document: Path, workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    first = 2 * DOCUMENTS.index(document)
    ports = {"8808": free_port(first), "8898": free_port(first + 1)}
    text = re.sub("8808|8898", lambda port: str(ports[port[0]]), (ROOT / document).read_text("utf-8"))
    examples = examples_of(text, str(document))
    meant = [example for example in examples if example.language != "text" and "not-run:" not in example.mark]
    run = [example for example in meant if not example.lacks]

    for example in run:
        workspace.run(example)

    lacking = [f"; {example.where} needs {example.lacks}" for example in meant if example.lacks]
    not_run = sum("not-run:" in example.mark for example in examples)
    with capsys.disabled():
        print(f"\n{document}: {len(run)} examples run, {not_run} marked not-run{''.join(lacking)}")


@pytest.mark.parametrize("document", DOCUMENTS, ids=str)
def test_every_example_is_run_or_says_why_not(document: Path) -> None:
    text = (ROOT / document).read_text("utf-8")
    unaccounted = [example.where for example in examples_of(text, str(document)) if not example.is_accounted_for]
    assert unaccounted == [], "the docstring of tests/documents.py has the marks"
    assert text.count("\n```") % 2 == 0 or text.startswith("```"), f"{document}: a fence is open at the end"
    assert re.findall(r"^(?: {4}|\t)\$ .*", FENCE.sub("", text), re.MULTILINE) == [], "indented commands are not run"


@pytest.mark.parametrize("document", DOCUMENTS, ids=str)
def test_links_lead_to_a_file_and_a_heading_that_are_there(document: Path) -> None:
    text = FENCE.sub("", (ROOT / document).read_text("utf-8"))
    lost = []
    for link in re.findall(r"\]\((?!https?:)([^)\s]+)\)", text):
        path, _, anchor = link.partition("#")
        target = (ROOT / document).parent / path if path else ROOT / document
        if target.is_dir() or not target.is_file() or (anchor and anchor not in _anchors(target)):
            lost.append(link)

    assert lost == []


def _anchors(document: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", FENCE.sub("", document.read_text("utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


MATCHES = [
    ("one\ntwo", "one\ntwo\n", True),
    ("one\ntwo", "one\nthree\n", False),
    ("one …\ntwo", "one and a half\ntwo  \n", True),
    ("one …", "one 1\none 2\n", False),
    ("one\n…\nfour", "one\ntwo\nthree\nfour\n", True),
    ("one\n…\ntwo", "one\ntwo\n", True),
    ("…", "", True),
    ("(a+b)", "(a+b)\n", True),
]


@pytest.mark.parametrize(("shown", "printed", "is_match"), MATCHES)
def test_an_ellipsis_stands_for_what_changes_and_nothing_else_does(shown: str, printed: str, is_match: bool) -> None:
    assert matches(shown, printed) is is_match


SAMPLE = """
```console
$ printf 'a\\nb\\n'
a
…
$ false  # exit status 1
$ test -f \\
> notes.txt
```
```toml file: notes.txt
[notes]
```
```bash
echo unaccounted
```
```console not-run: needs a server
$ psql
```
```python
>>> print("in 1.5 s")
in … s
```
"""


def test_blocks_are_found_with_their_line_language_and_mark() -> None:
    found = [(e.where, e.language, e.mark, e.is_accounted_for) for e in examples_of(SAMPLE, "X.md")]

    assert found == [
        ("X.md:2", "console", "", True),
        ("X.md:10", "toml", "file: notes.txt", True),
        ("X.md:13", "bash", "", False),
        ("X.md:16", "console", "not-run: needs a server", True),
        ("X.md:19", "python", "", True),
    ]


def test_commands_come_with_the_output_shown_below_them() -> None:
    assert list(commands_of(examples_of(SAMPLE, "X.md")[0].text)) == [
        ("printf 'a\\nb\\n'", "a\n…"),
        ("false  # exit status 1", ""),
        ("test -f notes.txt", ""),
    ]


def test_examples_share_their_files_and_run(workspace: Workspace) -> None:
    console, toml, _, _, python = examples_of(SAMPLE, "X.md")

    for example in (toml, console, python):
        workspace.run(example)


WRONG = ["$ false\n", "$ echo one\ntwo\n", "$ pip --version\n", "raise SystemExit(1)\n", ">>> 1 + 1\n3\n"]


@pytest.mark.parametrize("text", WRONG)
def test_an_example_that_is_wrong_fails(text: str, workspace: Workspace) -> None:
    language = "console" if text.startswith("$") else "python"

    with pytest.raises(AssertionError):
        workspace.run(Example(where="X.md:1", language=language, mark="", text=text))


def test_a_server_runs_till_the_end_of_its_document(workspace: Workspace) -> None:
    workspace.run_command("python -m crawler.samplesite &", "", where="X.md:1")

    assert workspace.background[0].poll() is None
