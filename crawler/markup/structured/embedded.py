"""Bodies that a page keeps in the state of its application, for a script to show, and who wrote them: no markup holds
their text."""

import json
import re
from collections.abc import Iterator, Sequence
from itertools import islice
from operator import itemgetter
from typing import NamedTuple

from crawler.markup.structured.records import Candidate, Declared
from crawler.markup.text import collapse

# A member of an object, as JSON or as a script writes it, whose name is that of a body.
_MEMBER = re.compile(
    r'"((?:article|story|post|news|page)?_?(?:body|content)(?:_?(?:html|text))?)"\s{0,9}:\s{0,9}"((?:[^"\\]|\\.)*+)"',
    re.IGNORECASE,
)
# Its author: a name, names, or persons with their names.
_AUTHOR = re.compile(
    r'"(authors?|byline|author_?name)"\s{0,9}:\s{0,9}'
    r'("(?:[^"\\]|\\.){1,200}"|[{\[](?:[^"{}\[\]]|"(?:[^"\\]|\\.)*+"|\{(?:[^"{}]|"(?:[^"\\]|\\.)*+")*+\})*+[}\]])',
    re.IGNORECASE,
)
_NAME = re.compile(r'"(?:name|display_?name|full_?name)"\s{0,9}:\s{0,9}("(?:[^"\\]|\\.){1,200}")', re.IGNORECASE)
_STRING = re.compile(r'"(?:[^"\\]|\\.){1,200}"')
_BESIDE = 2_000  # characters between a body and its author
# React's server components come as JSON inside a string of a script.
_LITERAL = re.compile(r'"((?:[^"\\]|\\.)*+)"')
_SHORTEST = 400  # characters of a body
_LONGEST_SCRIPT = 4_000_000
_FEWEST_SENTENCES = 3
_SENTENCE = re.compile(r"[.!?…](?=[\s<\"'”»]|$)|[。！？]")


class _Body(NamedTuple):
    text: Candidate
    source: str
    """What it stands in, and where."""
    start: int
    end: int


def read_embedded(scripts: Sequence[str]) -> dict[str, list[Candidate]]:
    """`scripts` are the texts of script elements that are no JSON-LD. Bodies are plain text or HTML, as written."""
    found: list[_Body] = []
    for script in scripts:
        if _SHORTEST <= len(script) <= _LONGEST_SCRIPT:
            found.extend(_bodies(script))
            if '\\":' in script:
                for literal in _LITERAL.finditer(script):
                    if '\\":' in literal[0]:
                        found.extend(_bodies(_unquoted(literal[0])))
    if not found:
        return {}
    # The longest is the page's own; others may be of articles that it leads to.
    longest = max(found, key=lambda body: len(body.text.value))
    return {"article_bodies": [body.text for body in found], "authors": list(_authors_beside(longest))}


def _bodies(source: str) -> Iterator[_Body]:
    for member in _MEMBER.finditer(source):
        name, value = member.groups()
        text = _unquoted(f'"{value}"') if len(value) >= _SHORTEST else ""
        if len(text) >= _SHORTEST and len(_SENTENCE.findall(text)) >= _FEWEST_SENTENCES:
            yield _Body(Candidate(text, Declared.EMBEDDED, name), source, member.start(), member.end())


def _authors_beside(body: _Body) -> Iterator[Candidate]:
    """The last author named before a body or the first behind it, whichever is nearer: others wrote other articles."""
    source, start, end = body.source, body.start, body.end
    before = list(_AUTHOR.finditer(source, max(0, start - _BESIDE), start))[-1:]
    behind = islice(_AUTHOR.finditer(source, end, end + _BESIDE), 1)
    gaps = [(start - match.end(), match) for match in before] + [(match.start() - end, match) for match in behind]
    for _, match in sorted(gaps, key=itemgetter(0))[:1]:
        for literal in _NAME.findall(match[2]) or _STRING.findall(match[2]):
            name = collapse(_unquoted(literal))
            if name:
                yield Candidate(name, Declared.EMBEDDED, match[1])


def _unquoted(literal: str) -> str:
    """Empty where it is no string of JSON."""
    try:
        text = json.loads(literal, strict=False)
    except ValueError:  # "\x3c" is a script's, not JSON's
        return ""
    return text if isinstance(text, str) else ""
