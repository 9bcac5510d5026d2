"""The house keeps its plan: imports go down, every module has a floor, files and functions stay small."""

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = ("crawler", "models", "pipelines")
TOP_LEVEL = {"scrapy.cfg", "pyproject.toml", "README.md", *ROOMS, "tests"}

FILE_LINES = 300
FUNCTION_LINES = 40
LONG: dict[str, str] = {}
"""File, or file:function, that is longer than the house allows, and why shorter would be worse."""

FLAT: dict[str, str] = {
    "crawler.commands": "a command is a door to the floors below and imports no other, but for `stored`",
    "crawler.sites": "a file a site; none knows another",
    "models.migrations": "Alembic's folder",
    "models.migrations.versions": "a chain of revisions that import nothing of ours",
}
"""Packages without floors of their own, and why."""

# Not after a letter, a dot or a slash: so no part of a URL or of a relative path.
_ABSOLUTE_PATH = re.compile(r"(?<![\w./:~$}-])/(?:home|root|work|Users|tmp|mnt|srv|opt)/\w")

_SCRAPY_COMMAND = re.compile(r"(?:`|\$ |python -m )scrapy ([a-z]+)")
_SCRAPYS_OWN = {"list", "shell", "fetch", "parse", "settings", "version", "check", "view"}


@cache
def files() -> tuple[Path, ...]:
    """What is committed or will be, relative to the repository."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],  # noqa: S607  # git of the developer
        cwd=ROOT,
        capture_output=True,
        check=False,
        text=True,
    )
    if listed.returncode != 0:
        pytest.skip("no git repository here, so no list of the files that belong to it")
    names = filter(None, listed.stdout.split("\0"))
    return tuple(path for path in map(Path, names) if (ROOT / path).is_file())


def python_files() -> Iterator[Path]:
    return (path for path in files() if path.suffix == ".py")


def functions(path: Path) -> Iterator[tuple[str, int]]:
    """Name and number of lines of each function, docstring and all, decorators apart."""
    for node in ast.walk(ast.parse((ROOT / path).read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, (node.end_lineno or node.lineno) - node.lineno + 1


def contracts() -> list[dict[str, Any]]:
    configuration = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    found: list[dict[str, Any]] = configuration["tool"]["importlinter"]["contracts"]
    return found


def test_imports_keep_the_contracts() -> None:
    # As a subprocess: its Python entry configures logging and paths for a process of its own, and fails within pytest.
    lint_imports = Path(sys.executable).with_name("lint-imports")

    checked = subprocess.run(
        [lint_imports, "--no-logo", "--no-cache"], cwd=ROOT, capture_output=True, check=False, text=True
    )

    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_every_package_of_the_rooms_has_exhaustive_floors() -> None:
    floors = {
        container
        for contract in contracts()
        if contract["type"] == "layers" and contract.get("exhaustive")
        for container in contract["containers"]
    }
    packages = {
        ".".join(path.parent.parts)
        for path in python_files()
        if path.parts[0] in ROOMS and any(other != path and other.parent == path.parent for other in python_files())
    }

    assert packages - floors - set(FLAT) == set(), "add floors to pyproject.toml"


def test_reading_contract_names_every_part_of_the_crawler_but_the_commands() -> None:
    contract = next(contract for contract in contracts() if contract["name"].startswith("reading knows"))
    parts = {path.with_suffix("").parts[1] for path in python_files() if path.parts[0] == "crawler"}

    named = {module.removeprefix("crawler.") for module in contract["source_modules"]}

    assert parts - {"commands", "__init__"} == named


def test_top_level_holds_the_rooms_and_nothing_else() -> None:
    found = {path.parts[0] for path in files() if not path.parts[0].startswith(".")}

    assert found <= TOP_LEVEL


def test_tests_are_flat() -> None:
    nested = [path for path in python_files() if path.parts[0] == "tests" and len(path.parts) > 2]

    assert [path for path in nested if path.parts[1] not in ("benchmarks", "pages")] == []


def test_files_are_short() -> None:
    long = {
        str(path): lines
        for path in python_files()
        if (lines := (ROOT / path).read_text("utf-8").count("\n")) > FILE_LINES and str(path) not in LONG
    }

    assert long == {}, f"more than {FILE_LINES} lines; make a package with the same door, or say why in LONG"


def test_functions_are_short() -> None:
    long = {
        f"{path}:{name}": lines
        for path in python_files()
        for name, lines in functions(path)
        if lines > FUNCTION_LINES and f"{path}:{name}" not in LONG
    }

    assert long == {}, f"more than {FUNCTION_LINES} lines; split it, or say why in LONG"


def test_exceptions_are_still_needed() -> None:
    needed = set()
    for path in python_files():
        if (ROOT / path).read_text("utf-8").count("\n") > FILE_LINES:
            needed.add(str(path))
        needed |= {f"{path}:{name}" for name, lines in functions(path) if lines > FUNCTION_LINES}

    assert set(LONG) - needed == set()


def test_no_absolute_path_is_committed() -> None:
    found = []
    for path in files():
        try:
            text = (ROOT / path).read_text("utf-8")
        except UnicodeDecodeError:  # a picture, or a page in another encoding
            continue
        found += [f"{path}: {line.strip()}" for line in text.splitlines() if _ABSOLUTE_PATH.search(line)]

    assert found == []


def test_commands_are_listed_without_loading_what_they_need() -> None:
    # Scrapy imports all commands to list their names: with SQLAlchemy, Alembic and the extractor it took twice as long.
    heavy = ("sqlalchemy", "alembic", "numpy", "dateparser", "crawler.extractors")
    script = (
        "import sys; from scrapy.utils.misc import walk_modules_iter; list(walk_modules_iter('crawler.commands')); "
        f"print(*sorted(set(sys.modules) & set({heavy})))"
    )

    loaded = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)

    assert loaded.stdout.strip() == ""


def test_every_command_that_a_message_or_document_names_exists() -> None:
    known = {path.stem for path in (ROOT / "crawler" / "commands").glob("*.py")} | _SCRAPYS_OWN
    sources = [
        path for path in files() if path.name == "README.md" or (path.parts[0] in ROOMS and path.suffix == ".py")
    ]

    named = {
        (name, str(path)) for path in sources for name in _SCRAPY_COMMAND.findall((ROOT / path).read_text("utf-8"))
    }

    assert {(name, path) for name, path in named if name not in known} == set()
