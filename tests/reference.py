"""The reference in the READMEs, made from the code: commands with their options, settings, tables with their columns.

    python -m tests.reference            # tells what is not as the code says
    python -m tests.reference --write    # mends it

It stands between `<!-- reference: NAME -->` and `<!-- end of reference -->` of a README.
"""

import argparse
import ast
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from sqlalchemy import Dialect, Table
from sqlalchemy.dialects import postgresql

from crawler.commands.known import known_commands
from crawler.console import ConsoleCommand
from models.tables import METADATA

ROOT = Path(__file__).parents[1]
_MARKED = re.compile(r"(<!-- reference: (?P<name>\w+) -->\n)(?P<text>.*?)(<!-- end of reference -->)", re.DOTALL)
_COMMENT = re.compile(r"^# (.*)$")
_SETTINGS_HEAD = ("| setting | default | environment | |", "|---|---|---|---|")
_DIALECT: Dialect = postgresql.dialect()  # type: ignore[no-untyped-call]  # SQLAlchemy's own is not annotated
_LONGEST_DEFAULT = 60
"""Characters; what is longer is a list of components."""


def commands() -> str:
    """Each with its options; those that all have, once."""
    made = {name: parser_of(command) for name, command in known_commands().items()}
    shared = set.intersection(*({_names(action) for action in parser._actions} for parser in made.values()))
    first = next(iter(made.values()))
    every = [action for action in first._actions if _names(action) in shared]
    parts = ["### All of them", *_options(every)]
    for name, command in known_commands().items():
        own = [action for action in made[name]._actions if _names(action) not in shared]
        usage = f"`triptych {name} {command.syntax()}`".replace(" `", "`")
        parts += ["", f"### {name}", "", f"{_called(command.long_desc())}", "", usage, *([""] if own else [])]
        parts += _options(own)
    return "\n".join(parts) + "\n"


def parser_of(command: ConsoleCommand) -> argparse.ArgumentParser:
    from scrapy.utils.project import get_project_settings  # noqa: PLC0415  # reads the settings of the folder

    command.settings = get_project_settings()
    parser = argparse.ArgumentParser(conflict_handler="resolve")
    command.add_options(parser)
    return parser


def _names(action: argparse.Action) -> str:
    return ", ".join(action.option_strings)


def _options(actions: Sequence[argparse.Action]) -> list[str]:
    if not actions:
        return []
    return [
        "| option | |",
        "|---|---|",
        *(f"| `{_shown(action)}` | {_cell(action.help or '')} |" for action in actions),
    ]


def _shown(action: argparse.Action) -> str:
    value = action.metavar or ("|".join(map(str, action.choices)) if action.choices else action.dest.upper())
    return _names(action) + (f" {value}" if action.nargs != 0 else "").replace("|", "\\|")


def _called(text: str) -> str:
    return text.replace("`scrapy ", "`triptych ")


def _cell(text: str) -> str:
    return " ".join(text.replace("%%", "%").split()).replace("|", "\\|")


def settings() -> str:
    """A table for each block of the file: name, default as it is written, variable, and the comments."""
    source = (ROOT / "crawler" / "settings.py").read_text("utf-8")
    lines = source.splitlines()
    parts: list[str] = []
    for node in ast.parse(source).body:
        target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
        value = getattr(node, "value", None)
        if not (isinstance(target, ast.Name) and target.id.isupper() and isinstance(value, ast.expr)):
            continue
        default, variable = _default(value)
        above, begins_block = _above(lines, node.lineno)
        if begins_block or not parts:
            parts += ["", *([above, ""] if above else []), *_SETTINGS_HEAD]
        beside = _cell(lines[(node.end_lineno or 1) - 1][node.end_col_offset :].partition("#")[2])
        told = beside or ("" if begins_block else above)
        if default is not None:
            parts.append(f"| `{target.id}` | {default} | {f'`{variable}`' if variable else ''} | {told} |")
    return (
        re.sub(r"\n\n(?:[^|\n][^\n]*\n\n)?\| setting [^\n]*\n[^\n]*\n(?=\n|$)", "\n", "\n".join(parts)).strip() + "\n"
    )


def _default(value: ast.expr) -> tuple[str | None, str | None]:
    """As it is written, and the variable of the environment that is looked at first; None for components."""
    if isinstance(value, ast.Dict):
        return None, None
    read = next((node for node in ast.walk(value) if isinstance(node, ast.Call) and _is_environment(node)), None)
    variable = str(ast.literal_eval(read.args[0])) if read else None
    if read and ast.unparse(read) in (ast.unparse(value), ast.unparse(value).removesuffix(".split()")):
        return (f"`{ast.unparse(read.args[1])}`" if len(read.args) > 1 else "none").replace("`''`", "none"), variable
    if isinstance(value, ast.Compare) or ast.unparse(value).startswith("bool("):
        return "`False`", variable  # of a variable that is not set
    text = ast.unparse(value)
    if isinstance(value, ast.BinOp) and "cores" not in text:
        text = f"{eval(text, {}):,}"  # noqa: S307  # a product of numbers in our own settings
    return (
        (f"`{text}`".replace("`''`", "none").replace("`[]`", "none"), variable)
        if len(text) <= _LONGEST_DEFAULT
        else (
            None,
            None,
        )
    )


def _is_environment(node: ast.Call) -> bool:
    return ast.unparse(node.func) in ("os.environ.get", "_secret")


def _above(lines: Sequence[str], number: int) -> tuple[str, bool]:
    """The comment that stands right above a line, and whether an empty line is above that."""
    found: list[str] = []
    place = number - 2
    while place >= 0 and (comment := _COMMENT.match(lines[place])):
        found.insert(0, comment[1])
        place -= 1
    return _cell(" ".join(found)), not lines[place].strip()


def tables() -> str:
    told = _docstrings()
    return "\n".join(line for table in METADATA.sorted_tables for line in _table(table, told)) + "\n"


def _table(table: Table, told: dict[tuple[str, str], str]) -> Iterator[str]:
    classes = _classes_of(table.name)
    yield from (f"### {table.name}", "")
    if about := next((told[name, ""] for name in classes if (name, "") in told), ""):
        yield from (_cell(about), "")
    yield from ("| column | type | |", "|---|---|---|")
    for column in table.columns:
        kind = column.type.compile(dialect=_DIALECT).lower()
        marks = [kind, *(["key"] if column.primary_key else []), *(["may be null"] if column.nullable else [])]
        marks += [f"→ {key.column.table.name}" for key in column.foreign_keys]
        about = next((told[name, column.name] for name in classes if (name, column.name) in told), "")
        yield f"| `{column.name}` | {', '.join(marks)} | {_cell(about)} |"
    yield ""


def _classes_of(table: str) -> list[str]:
    """The class of the table and the mixins that give it columns, the nearest first."""
    from models.columns import Table as Mapped  # noqa: PLC0415  # beside SQLAlchemy's, which has the same name

    mapped = next(mapper.class_ for mapper in Mapped.registry.mappers if str(mapper.local_table) == table)
    return [each.__name__ for each in mapped.__mro__ if each.__module__.startswith("models.")]


def _docstrings() -> dict[tuple[str, str], str]:
    """By class and attribute, "" for the class itself: the string below it."""
    found: dict[tuple[str, str], str] = {}
    for file in sorted((ROOT / "models").glob("*.py")):
        for node in ast.parse(file.read_text("utf-8")).body:
            if isinstance(node, ast.ClassDef):
                found |= {(node.name, name): text for name, text in _of_class(node)}
    return found


def _of_class(node: ast.ClassDef) -> Iterator[tuple[str, str]]:
    if about := ast.get_docstring(node):
        yield "", about.split("\n\n")[0]
    for before, after in zip(node.body, node.body[1:], strict=False):
        if isinstance(before, ast.AnnAssign) and isinstance(before.target, ast.Name) and isinstance(after, ast.Expr):
            yield before.target.id, str(ast.literal_eval(after.value))


PARTS = {"commands": commands, "settings": settings, "tables": tables}
DOCUMENTS = ("crawler/commands/README.md", "models/README.md")


def made_anew(document: str) -> str:
    """The text with each of its parts as the code says now."""
    return _MARKED.sub(lambda found: f"{found[1]}\n{PARTS[found['name']]()}\n{found[4]}", document)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args(arguments)
    wrong = [
        path for name in DOCUMENTS if made_anew((path := ROOT / name).read_text("utf-8")) != path.read_text("utf-8")
    ]
    for path in wrong:
        if options.write:
            path.write_text(made_anew(path.read_text("utf-8")), encoding="utf-8")
        print(f"{path.relative_to(ROOT)}: {'written' if options.write else 'not as the code says; add --write'}")
    return 1 if wrong and not options.write else 0


if __name__ == "__main__":
    sys.exit(main())
