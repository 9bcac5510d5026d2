"""Structured data: JSON-LD, microdata, OpenGraph and other meta elements, read in one pass over the elements.

The body of a page without paragraphs is looked for in the state of its scripts, too.
"""

from crawler.markup.structured.embedded import read_embedded
from crawler.markup.structured.facts import read_facts
from crawler.markup.structured.json_ld import JsonLd, node_types
from crawler.markup.structured.metas import MetaReader
from crawler.markup.structured.microdata import read_microdata
from crawler.markup.structured.records import FIELDS, Candidate, Declared, Structured
from crawler.markup.tree import PageTree
from crawler.page_limits import USUAL, PageLimits

__all__ = ["Candidate", "Declared", "Structured", "read_structured"]

# Meta elements declare more often than JSON-LD what is not so (og:title holds the site's name), so they come second.
_ORDER = (Declared.JSON_LD, Declared.META, Declared.MICRODATA)

_FEW_PARAGRAPHS = 3


def read_structured(tree: PageTree, *, title: str | None = None, limits: PageLimits = USUAL) -> Structured:
    """What the page declares. `title`, its `<title>`, tells the page's own article node from others beside it."""
    metas = MetaReader()
    scripts: list[int] = []
    states: list[int] = []
    canonical: list[Candidate] = []
    for number in tree.numbers_of("meta", "script", "link"):
        tag, attributes = tree.tags[number], tree.attributes[number]
        if tag == "meta":
            metas.read(attributes)
        elif tag == "script":
            (scripts if "ld+json" in attributes.get("type", "").lower() else states).append(number)
        elif attributes.get("rel", "").lower() == "canonical" and (href := attributes.get("href", "").strip()):
            canonical.append(Candidate(href, Declared.META, "canonical"))
    json_ld = JsonLd(list(filter(None, map(tree.text_of, scripts))), limits)
    readings = (
        read_facts(json_ld, title=title or ""),
        metas.candidates(),
        read_microdata(tree),
        read_embedded(list(map(tree.text_of, states))) if tree.tags.count("p") < _FEW_PARAGRAPHS else {},
    )
    types = {name for node in json_ld.nodes for name in node_types(node)} | metas.types
    fields = {field: _unique([c for reading in readings for c in reading.get(field, ())]) for field in FIELDS}
    fields["urls"] = _unique([*canonical, *fields["urls"]])
    return Structured(types=frozenset(types), errors=tuple(json_ld.errors), **fields)


def _unique(candidates: list[Candidate]) -> tuple[Candidate, ...]:
    """Each value once from each kind of markup."""
    return tuple({(c.value, c.source): c for c in reversed(candidates)}.values())[::-1]
