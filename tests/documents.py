"""Examples of the READMEs: found, run, and compared with what they say they print.

A document's fenced blocks are run in page order in a copy of the project that they share:

    ```console               lines of `$ command`, each followed by what it prints; `…` stands for any text of a line,
                             and alone on a line for any lines. No output shown: any will do. A command must succeed,
                             unless it ends in `# exit status N`. One that ends in `&` runs till the document's end.
    ```python                a script, or a doctest where it has `>>>`
    ```toml file: path       any language: written to that file of the copy
    ```text                  a picture; not run
    ```console not-run: why  any language: not run
    ```console needs: name   any language: run where this package of Python is installed
    ```console on: postgresql  on a server of this machine that has its own tools, where one is installed: its database
                             `articles` is the one of the project, and `pg_dump` and the like reach it

Ports 8808 and 8898 of the documents are others of four digits: each document has its own.
"""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.installed_postgresql import installed_server, installed_tools
from tests.project_copies import ROOT, copy_project

FENCE = re.compile(r"^```(?P<info>[^\n`]*)\n(?P<text>.*?)^```[ ]*$", re.MULTILINE | re.DOTALL)
_EXIT_STATUS = re.compile(r"#\s*exit status (\d+)\s*$")
# A slow machine shows how far a command has come; the documents do not.
_PROGRESS = re.compile(r"^\w+: [\d,/]+ (?:pages?|rows?|versions?|files?|MB) · .*\n", re.MULTILINE)
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
    def lacks(self) -> str | None:
        """What it needs and is not there."""
        name = self.mark.removeprefix("needs: ") if self.mark.startswith("needs: ") else None
        if name and find_spec(name) is None:
            return name
        return "a PostgreSQL with its tools" if self.mark == "on: postgresql" and not installed_tools() else None

    @property
    def is_accounted_for(self) -> bool:
        if self.mark:
            return re.fullmatch(r"(file|not-run|needs): \S.*|on: postgresql", self.mark) is not None
        if self.language == "console":
            return self.text.startswith("$ ") and not _MACHINE_COMMAND.search(self.text)
        return self.language in ("python", "text")


_PORTS = 40


def free_port(number: int) -> int:
    """For document `number`: its first port that is free; of as many digits as 8808, so that no table is wider.

    Each document has ports of its own, as several may be run at once.
    """
    first = 8808 + number * _PORTS
    for port in range(first, first + _PORTS):
        with socket.socket() as probe, suppress(OSError):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as servers do: it may have closed just now
            probe.bind(("127.0.0.1", port))
            return port
    pytest.fail(f"no free port from {first} to {first + _PORTS - 1}")


def examples_of(document: str, name: str) -> list[Example]:
    return [
        Example(
            where=f"{name}:{document.count(chr(10), 0, fence.start()) + 1}",
            language=(words := fence["info"].strip().partition(" "))[0],
            mark=words[2].strip(),
            text=fence["text"],
        )
        for fence in FENCE.finditer(document)
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
    stack: ExitStack = field(default_factory=ExitStack)
    server: dict[str, str] = field(default_factory=dict)
    """The environment by which the server of this machine is reached, once it is needed."""
    is_on_server: bool = False
    background: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def __post_init__(self) -> None:
        copy_project(self.folder)
        with (self.folder / "crawler" / "settings.py").open("a", encoding="utf-8") as settings:
            settings.write("\nAUTOTHROTTLE_ENABLED = False  # the sample site need not be spared\n")
        for name in ("pyproject.toml", "README.md"):
            shutil.copy(ROOT / name, self.folder / name)
        (self.folder / "tests").mkdir()

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("TRIPTYCH_", "SCRAPY_"))}
        programs = f"{Path(sys.executable).parent}{os.pathsep}{kept.get('PATH', '')}"
        kept["TRIPTYCH_ADDRESSES_ALLOWED"] = "127.0.0.1:*"  # the sample site, for those that go by the database
        made = {**kept, "PATH": programs, "PYTHONPATH": str(self.folder), "COLUMNS": "80", "NO_COLOR": "1"}
        return made | self.server if self.is_on_server else made

    def run(self, example: Example) -> None:
        assert example.is_accounted_for, f"{example.where}: may not be run without a mark"
        self.is_on_server = example.mark == "on: postgresql"
        tools = installed_tools()
        if self.is_on_server and tools and not self.server:
            reached = self.stack.enter_context(installed_server(tools))
            path = f"{tools}{os.pathsep}{self.environment['PATH']}"
            self.server |= {**reached, "PATH": path, "TRIPTYCH_DATABASE_URL": "postgresql:///articles"}
        if example.mark.startswith("file: "):
            written = self.folder / example.mark.removeprefix("file: ")
            written.parent.mkdir(parents=True, exist_ok=True)
            written.write_text(example.text, encoding="utf-8")
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
        waited_until = time.monotonic() + 120
        while not log.read_bytes().count(b"\n"):
            assert started.poll() is None, f"{where}: $ {command}&\nended: {log.read_text('utf-8')}"
            assert time.monotonic() < waited_until, f"{where}: $ {command}&\nprinted nothing in 120 s"
            time.sleep(0.05)

    def stop(self) -> None:
        for process in self.background:
            process.terminate()
            process.wait(timeout=120)
        self.stack.close()

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
