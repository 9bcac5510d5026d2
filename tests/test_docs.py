"""Every example of the READMEs runs, and prints what it says it prints.

A document's fenced blocks are run in page order in a copy of the project that they share:

    ```console               lines of `$ command`, each followed by what it prints; `…` stands for any text of a line,
                             and alone on a line for any lines. No output shown: any will do. A command must succeed,
                             unless it ends in `# exit status N`. One that ends in `&` runs till the document's end.
    ```python                a script, or a doctest where it has `>>>`
    ```toml file: path       any language: written to that file of the copy
    ```text                  a picture; not run
    ```console not-run: why  any language: not run

Port 8808 of the documents is another one of four digits where a program of this machine has it.
"""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = ("crawler", "models", "pipelines")
DOCUMENTS = [Path("README.md")]
DOCUMENTS += sorted(p.relative_to(ROOT) for room in (*ROOMS, "tests") for p in (ROOT / room).rglob("README.md"))
_FENCE = re.compile(r"^```(?P<info>[^\n`]*)\n(?P<text>.*?)^```[ ]*$", re.MULTILINE | re.DOTALL)
_EXIT_STATUS = re.compile(r"#\s*exit status (\d+)\s*$")
# A slow machine shows how far a command has come; the documents do not.
_PROGRESS = re.compile(r"^\w+: [\d,/]+ pages? · .*\n", re.MULTILINE)
# These change the machine of whoever runs the tests; in a document they are marked not-run.
_MACHINE_COMMAND = re.compile(r"\b(?:pip|pipx|uv|apt|apt-get|sudo|createdb|systemctl)\b")


@dataclass(frozen=True)
class Example:
    """A fenced block."""

    where: str
    language: str
    mark: str
    """What follows the language: "file: path", "not-run: why", or nothing."""
    text: str

    @property
    def is_accounted_for(self) -> bool:
        if self.mark:
            return re.fullmatch(r"(file|not-run): \S.*", self.mark) is not None
        if self.language == "console":
            return self.text.startswith("$ ") and not _MACHINE_COMMAND.search(self.text)
        return self.language in ("python", "text")


def free_port() -> int:
    """The port that the documents name, or the next that is free; of as many digits, so that no table is wider."""
    for port in range(8808, 9999):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                return port
    pytest.fail("no free port from 8808 to 9998")


def examples_of(document: str, name: str) -> list[Example]:
    return [
        Example(
            where=f"{name}:{document.count(chr(10), 0, fence.start()) + 1}",
            language=(words := fence["info"].strip().partition(" "))[0],
            mark=words[2].strip(),
            text=fence["text"],
        )
        for fence in _FENCE.finditer(document)
    ]


def commands_of(text: str) -> Iterator[tuple[str, str]]:
    """Each command of a console block with the output shown below it; a line that ends in a backslash goes on."""
    for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        command, _, output = re.sub(r"\\\n>? *", "", part).partition("\n")
        yield command.strip(), output.strip("\n")


def matches(shown: str, printed: str) -> bool:
    """`…` alone on a line is any lines, within a line any text; white space at line ends does not count."""
    pattern = ""
    for line in shown.splitlines():
        if line.strip() == "…":
            pattern += r"(?:.*\n)*?"
        else:
            pattern += ".*?".join(re.escape(part) for part in line.rstrip().split("…")) + "\n"
    lines = "".join(f"{line.rstrip()}\n" for line in printed.strip("\n").splitlines())
    return re.fullmatch(pattern, lines) is not None


@dataclass
class Workspace:
    """A copy of the project to run examples in."""

    folder: Path
    background: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def __post_init__(self) -> None:
        for name in ROOMS:
            shutil.copytree(ROOT / name, self.folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        for name in ("scrapy.cfg", "pyproject.toml", "README.md"):
            shutil.copy(ROOT / name, self.folder / name)
        (self.folder / "tests").mkdir()

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("TRIPTYCH_", "SCRAPY_"))}
        programs = f"{Path(sys.executable).parent}{os.pathsep}{kept.get('PATH', '')}"
        kept["TRIPTYCH_ADDRESSES_ALLOWED"] = "127.0.0.1:*"  # the sample site, for those that go by the database
        return {**kept, "PATH": programs, "PYTHONPATH": str(self.folder), "COLUMNS": "80", "NO_COLOR": "1"}

    def run(self, example: Example) -> None:
        assert example.is_accounted_for, f"{example.where}: may not be run without a mark"
        if example.mark.startswith("file: "):
            path = self.folder / example.mark.removeprefix("file: ")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(example.text, encoding="utf-8")
        elif example.language == "console":
            for command, shown in commands_of(example.text):
                self.run_command(command, shown, where=example.where)
        elif example.language == "python":
            self.run_python(example)

    def run_command(self, command: str, shown: str, *, where: str) -> None:
        if command.endswith("&"):
            self.start(command.removesuffix("&"), where=where)
            return
        expected = _EXIT_STATUS.search(command)
        done = self._shell(command)
        printed = _PROGRESS.sub("", done.stdout)
        assert done.returncode == (int(expected[1]) if expected else 0), f"{where}: $ {command}\n{printed}"
        if shown:
            assert matches(shown, printed), f"{where}: $ {command}\nshown:\n{shown}\nprinted:\n{printed}"

    def run_python(self, example: Example) -> None:
        is_doctest = ">>>" in example.text  # a text, not a module: it may hold quotes of any kind
        script = self.folder / ("example.txt" if is_doctest else "example.py")
        script.write_text(example.text.replace("…", "...") if is_doctest else example.text, encoding="utf-8")
        done = self._shell(f"python {'-m doctest -o ELLIPSIS' if is_doctest else ''} {script}")
        script.unlink()
        assert done.returncode == 0, f"{example.where}:\n{done.stdout}"

    def start(self, command: str, *, where: str) -> None:
        """Waits for the first line that it prints: a server says so when it serves."""
        log = self.folder / f".background-{len(self.background)}.log"
        with log.open("wb") as output:
            shell = ["/bin/bash", "-c", f"exec {command}"]
            started = subprocess.Popen(
                shell, cwd=self.folder, env=self.environment, stdout=output, stderr=subprocess.STDOUT
            )
        self.background.append(started)
        waited_until = time.monotonic() + 30
        while not log.read_bytes().count(b"\n"):
            assert started.poll() is None, f"{where}: $ {command}&\nended: {log.read_text('utf-8')}"
            assert time.monotonic() < waited_until, f"{where}: $ {command}&\nprinted nothing in 30 s"
            time.sleep(0.05)

    def stop(self) -> None:
        for process in self.background:
            process.terminate()
            process.wait(timeout=30)

    def _shell(self, command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["/bin/bash", "-c", command],
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            timeout=300,
        )


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    made = Workspace(tmp_path / "project")
    yield made
    made.stop()


@pytest.mark.parametrize("document", DOCUMENTS, ids=str)
def test_examples_of_a_document_run_and_print_what_it_shows(
    document: Path, workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (ROOT / document).read_text("utf-8").replace("8808", str(free_port()))
    examples = examples_of(text, str(document))
    run = [example for example in examples if example.language != "text" and "not-run:" not in example.mark]

    for example in run:
        workspace.run(example)

    with capsys.disabled():
        print(f"\n{document}: {len(run)} examples run, {sum('not-run:' in e.mark for e in examples)} marked not-run")


@pytest.mark.parametrize("document", DOCUMENTS, ids=str)
def test_every_example_is_run_or_says_why_not(document: Path) -> None:
    text = (ROOT / document).read_text("utf-8")
    unaccounted = [example.where for example in examples_of(text, str(document)) if not example.is_accounted_for]
    assert unaccounted == [], "the docstring of tests/test_docs.py has the marks"
    assert text.count("\n```") % 2 == 0 or text.startswith("```"), f"{document}: a fence is open at the end"
    assert re.findall(r"^(?: {4}|\t)\$ .*", _FENCE.sub("", text), re.MULTILINE) == [], "indented commands are not run"


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
