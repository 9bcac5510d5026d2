"""Bodies that a page keeps in the state of its application, for a script to show: no markup holds their text."""

import json
import re
from collections.abc import Iterator, Sequence

from crawler.markup.structured.records import Candidate, Declared

# A member of an object, as JSON or as a script writes it, whose name is that of a body.
_MEMBER = re.compile(
    r'"((?:article|story|post|news|page)?_?(?:body|content)(?:_?(?:html|text))?)"\s{0,9}:\s{0,9}"((?:[^"\\]|\\.)*+)"',
    re.IGNORECASE,
)
# React's server components come as JSON inside a string of a script.
_LITERAL = re.compile(r'"((?:[^"\\]|\\.)*+)"')
_SHORTEST = 400  # characters of a body
_LONGEST_SCRIPT = 4_000_000
_FEWEST_SENTENCES = 3
_SENTENCE = re.compile(r"[.!?…](?=[\s<\"'”»]|$)|[。！？]")


def read_embedded(scripts: Sequence[str]) -> dict[str, list[Candidate]]:
    """`scripts` are the texts of script elements that are no JSON-LD. Bodies are plain text or HTML, as written."""
    found: list[Candidate] = []
    for script in scripts:
        if _SHORTEST <= len(script) <= _LONGEST_SCRIPT:
            found.extend(_bodies(script))
            if '\\":' in script:
                for literal in _LITERAL.finditer(script):
                    if '\\":' in literal[0]:
                        found.extend(_bodies(_unquoted(literal[0])))
    return {"article_bodies": found} if found else {}


def _bodies(source: str) -> Iterator[Candidate]:
    for name, value in _MEMBER.findall(source):
        text = _unquoted(f'"{value}"') if len(value) >= _SHORTEST else ""
        if len(text) >= _SHORTEST and len(_SENTENCE.findall(text)) >= _FEWEST_SENTENCES:
            yield Candidate(text, Declared.EMBEDDED, name)


def _unquoted(literal: str) -> str:
    """Empty where it is no string of JSON."""
    try:
        text = json.loads(literal, strict=False)
    except ValueError:  # "\x3c" is a script's, not JSON's
        return ""
    return text if isinstance(text, str) else ""
