"""Structured data: JSON-LD, microdata, OpenGraph and other meta elements, read in one pass over the tree.

The body of a page without paragraphs is looked for in the state of its scripts, too.
"""

from itertools import islice

from lxml.etree import _Element

from crawler.markup.structured.embedded import read_embedded
from crawler.markup.structured.facts import read_facts
from crawler.markup.structured.json_ld import JsonLd, node_types
from crawler.markup.structured.metas import MetaReader
from crawler.markup.structured.microdata import read_microdata
from crawler.markup.structured.records import FIELDS, Candidate, Declared, Structured

__all__ = ["Candidate", "Declared", "Structured", "read_structured"]

# Meta elements declare more often than JSON-LD what is not so (og:title holds the site's name), so they come second.
_ORDER = (Declared.JSON_LD, Declared.META, Declared.MICRODATA)

_FEW_PARAGRAPHS = 3


def read_structured(root: _Element, text: str, *, title: str | None = None) -> Structured:
    """What the page declares. `text` is the markup the tree was made of: a search in it spares one in the tree.

    `title`, its `<title>`, tells the page's own article node from others beside it.
    """
    metas = MetaReader()
    scripts: list[str] = []
    states: list[str] = []
    canonical: list[Candidate] = []
    for element in root.iter("meta", "script", "link"):
        if element.tag == "meta":
            metas.read(element)
        elif element.tag == "script":
            if element.text:
                (scripts if "ld+json" in (element.get("type") or "").lower() else states).append(element.text)
        elif (element.get("rel") or "").lower() == "canonical" and (element.get("href") or "").strip():
            canonical.append(Candidate(str(element.get("href")).strip(), Declared.META, "canonical"))
    json_ld = JsonLd(scripts)
    readings = (
        read_facts(json_ld, title=title or ""),
        metas.candidates(),
        read_microdata(root) if "itemprop" in text else {},
        read_embedded(states) if len(list(islice(root.iter("p"), _FEW_PARAGRAPHS))) < _FEW_PARAGRAPHS else {},
    )
    types = {name for node in json_ld.nodes for name in node_types(node)} | metas.types
    fields = {field: _unique([c for reading in readings for c in reading.get(field, ())]) for field in FIELDS}
    fields["urls"] = _unique([*canonical, *fields["urls"]])
    return Structured(types=frozenset(types), errors=tuple(json_ld.errors), **fields)


def _unique(candidates: list[Candidate]) -> tuple[Candidate, ...]:
    """Each value once from each kind of markup."""
    return tuple({(c.value, c.source): c for c in reversed(candidates)}.values())[::-1]
