"""Labels set right by hand, in files of their own beside the site files: NAME.toml with the labels of one site.

A site file is code that people write; what a program adds to a site goes here, so that neither overwrites the other.
"""

import json
import os
import re
import tempfile
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from crawler.errors import UsageError
from crawler.site import LabelHint, Panel, Site

NAME = re.compile(r"[A-Za-z0-9_-]+")
_FIELDS = ("css", "panel", "kind", "url")


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelFile:
    """Of a site that may have a site file as well, or none."""

    name: str
    domains: tuple[str, ...]
    labels: tuple[LabelHint, ...]


def read_label_files(folder: Path) -> Iterator[LabelFile]:
    """In alphabetical order. Raises UsageError for one that is none."""
    for path in sorted(folder.glob("*.toml")):
        try:
            record = tomllib.loads(path.read_text("utf-8"))
            yield LabelFile(
                name=path.stem, domains=tuple(record["domains"]), labels=tuple(map(_hint, record.get("labels", ())))
            )
        except (ValueError, KeyError, TypeError) as error:
            raise UsageError(f"{path}: domains and labels of css and panel expected: {error}") from None


def with_labels(sites: Iterable[Site], files: Iterable[LabelFile]) -> dict[str, Site]:
    """By name, in alphabetical order: sites that have a label file only are sites too."""
    found = {site.name: site for site in sites}
    for file in files:
        site = found.get(file.name) or Site(name=file.name, domains=file.domains)
        found[file.name] = replace(site, labels=(*site.labels, *file.labels))
    return dict(sorted(found.items()))


def add_label(folder: Path, site: Site, hint: LabelHint) -> Path:
    """The site's file with one label more; one of the same box is replaced. All of it is written, or nothing."""
    if not NAME.fullmatch(site.name):
        raise UsageError(f"letters, digits, - and _ expected in the name of a site, found {site.name!r}")
    path = folder / f"{site.name}.toml"
    there = {file.name: file for file in read_label_files(folder)}.get(site.name)
    kept = [each for each in there.labels if (each.css, each.url) != (hint.css, hint.url)] if there else []
    domains = there.domains if there else site.domains
    write_whole(path, _text(site.name, domains, [*kept, hint]))
    return path


def _hint(record: Mapping[str, Any]) -> LabelHint:
    given = {name: record[name] for name in _FIELDS if name in record}
    if not all(isinstance(value, str) for value in given.values()):
        raise TypeError("text expected for each field of a label")
    return LabelHint(**(given | {"panel": Panel(given["panel"])}))


def _text(name: str, domains: Iterable[str], labels: Iterable[LabelHint]) -> str:
    lines = [f"# Labels of {name} set right by hand, with `triptych browse`.", f"domains = {json.dumps(list(domains))}"]
    for hint in labels:
        lines += ["", "[[labels]]"]
        lines += [f"{field} = {_quoted(value)}" for field in _FIELDS if (value := getattr(hint, field)) is not None]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    """A string of JSON is one of TOML, but for the control that JSON leaves as it is."""
    return json.dumps(str(text), ensure_ascii=False).replace("\x7f", "\\u007f")


def write_whole(path: Path, text: str) -> None:
    """All of it or nothing: what was there stays till the new is whole."""
    handle, unfinished = tempfile.mkstemp(prefix=f".{path.stem}-", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace") as file:
            file.write(text)
        Path(unfinished).chmod(0o644)
        Path(unfinished).replace(path)
    except BaseException:
        Path(unfinished).unlink(missing_ok=True)
        raise
