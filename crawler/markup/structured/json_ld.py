"""JSON-LD: the nodes of the scripts of a page, whole or mended."""

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

from crawler.page_limits import USUAL, PageLimits

Node = dict[str, Any]

_MOST_NODES = 500
"""Nodes looked at: pages with more are lists, and their first nodes are the page's own."""
_WRAPPING = re.compile(
    r"^\s*(?:<!--|//\s*<!\[CDATA\[|/\*\s*<!\[CDATA\[\s*\*/|<!\[CDATA\[)"
    r"|(?:-->|//\s*\]\]>|/\*\s*\]\]>\s*\*/|\]\]>|;)\s*$"
)
_TRAILING_COMMA = re.compile(r",(?=\s*[}\]])")
_SALVAGED = re.compile(
    r'"(headline|datePublished|dateModified|articleSection|inLanguage)"\s{0,9}:\s{0,9}"((?:[^"\\\n]|\\[^\n]){1,300})"\s{0,9}[,}\n]'
)
# Members that hold the thing a page is about.
_INNER = ("@graph", "mainEntity", "mainEntityOfPage", "dataFeedElement")


class JsonLd:
    """The nodes of a page's scripts, in page order."""

    def __init__(self, scripts: Sequence[str], limits: PageLimits = USUAL) -> None:
        self.nodes: list[Node] = []
        """Nodes at the top, in graphs, and those said to be a page's main entity; never members of lists."""
        self.errors: list[str] = []
        self._by_id: dict[str, Node] = {}
        for number, script in enumerate(scripts, 1):
            for value in self._loaded(script, number, limits):
                self._gather(value)

    def resolve(self, value: object) -> object:
        """The node a reference {"@id": …} means; any other value as it is."""
        if isinstance(value, dict) and "name" not in value and isinstance(value.get("@id"), str):
            return self._by_id.get(value["@id"], value)
        return value

    def _loaded(self, script: str, number: int, limits: PageLimits) -> Iterator[object]:
        longest, deepest = limits.json_ld_length, limits.json_ld_depth
        if len(script) > longest:
            self.errors.append(f"JSON-LD script {number} has {len(script)} characters, more than {longest} read")
            return
        try:
            values = [json.loads(script, strict=False)]
            is_deep = _is_deeper(values[0], deepest)
        except RecursionError:
            is_deep = True
        except ValueError as error:
            values = list(_mended(script))
            is_deep = any(_is_deeper(value, deepest) for value in values)
            if not values:
                self.errors.append(f"JSON-LD script {number} is no JSON: {error}")
                values = [_salvaged(script)]
        if is_deep:
            self.errors.append(f"JSON-LD script {number} is nested deeper than the {deepest} levels that are read")
        else:
            yield from values

    def _gather(self, value: object) -> None:
        waiting = [value]
        while waiting and len(self.nodes) < _MOST_NODES:
            value = waiting.pop()
            if isinstance(value, list):
                waiting.extend(reversed(value[:_MOST_NODES]))
            elif isinstance(value, dict):
                if isinstance(value.get("@id"), str) and len(value) > 1:
                    self._by_id.setdefault(value["@id"], value)
                if "@type" in value:
                    self.nodes.append(value)
                waiting.extend(value[key] for key in reversed(_INNER) if isinstance(value.get(key), dict | list))


def node_types(node: Node) -> tuple[str, ...]:
    """Type names without their vocabulary's address."""
    types = node.get("@type")
    return tuple(str(name).rpartition("/")[2] for name in (types if isinstance(types, list) else [types]) if name)


def _is_deeper(value: object, most: int) -> bool:
    level = [value]
    for _ in range(most):
        inner = (each.values() if isinstance(each, dict) else each for each in level if isinstance(each, dict | list))
        level = [member for members in inner for member in members]
    return any(isinstance(each, dict | list) for each in level)


def _mended(script: str) -> Iterator[object]:
    """The values of a script with the faults pages really have.

    Comments or CDATA around it, a comma before a closing bracket, a semicolon at the end, two values in a row.
    """
    text = _WRAPPING.sub("", _WRAPPING.sub("", script)).strip()
    text = _TRAILING_COMMA.sub("", text)
    decoder = json.JSONDecoder(strict=False)
    position = 0
    while position < len(text):
        try:
            value, position = decoder.raw_decode(text, position)
        except (ValueError, RecursionError):
            return
        yield value
        while position < len(text) and text[position] in " \t\r\n,;":
            position += 1


def _salvaged(script: str) -> Node:
    """The plain members of a script that is no JSON, each the first of its name."""
    node: Node = {"@type": "Article"}
    for match in _SALVAGED.finditer(script):
        try:
            node.setdefault(match[1], json.loads(f'"{match[2]}"', strict=False))
        except ValueError:  # a backslash before a letter that means nothing
            continue
    return node if len(node) > 1 else {}
