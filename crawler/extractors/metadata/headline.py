"""The headline: the page's main heading, unless title and declared values agree on another."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from itertools import islice

from crawler.document import Document
from crawler.extractors.metadata.site_names import HOME, SEPARATOR, home_names, key, site_keys, without_site
from crawler.extractors.tree.outline import Outline
from crawler.markup.structured import Declared
from crawler.markup.text import collapse
from models.items import Origin

_BAR = re.compile(r"\s[|｜¦]\s")
_KICKER_END = re.compile(r"[:：]\s?|\s[|–—-]\s")
_MOST_CUTS = 4
_LONGEST = 400
_LONGEST_TITLE = 1000
_REACH = 40
_TITLED_REACH = 8  # blocks
_TITLE_WORDS = frozenset("title headline heading tit titulo titre titel subject topic".split())
_TITLED_TAGS = frozenset(("h2", "h3", "h4"))


@dataclass(frozen=True, slots=True)
class Headline:
    text: str
    origin: Origin
    node: int | None = None
    """The element that shows it; None where the page only declares it."""
    blocks: tuple[int, ...] = ()


@dataclass(slots=True)
class _Candidate:
    text: str
    weight: float
    node: int | None = None
    blocks: tuple[int, ...] = ()


@dataclass(slots=True)
class _Ballot:
    """Candidates by their words, and what the page calls itself."""

    title_key: str
    site_keys: frozenset[str]
    found: dict[str, _Candidate] = field(default_factory=dict)
    declared: set[str] = field(default_factory=set)
    """Keys of the headlines that the page declares: parts of its title left out."""

    def add(self, candidate: _Candidate) -> None:
        name = key(candidate.text)
        if not name or len(candidate.text) > _LONGEST:
            return
        is_site = name.replace(" ", "") in self.site_keys
        if is_site:
            candidate.weight *= 0.1
        known = self.found.get(name)
        if known is None:
            # A title that holds it speaks for it, once.
            candidate.weight += 0.8 * (_holds(self.title_key, name) and not is_site)
            self.found[name] = candidate
            return
        known.weight += candidate.weight
        if known.node is None and candidate.node is not None:
            known.text, known.node, known.blocks = candidate.text, candidate.node, candidate.blocks


def find_headline(document: Document, outline: Outline, body: Collection[int]) -> Headline | None:
    title = (document.title or "")[:_LONGEST_TITLE]
    ballot = _Ballot(key(title), site_keys(document) | home_names(outline, title))
    first = min(body, default=len(outline.blocks))
    for candidate in _declared(document):
        candidate.text = without_site(candidate.text, ballot.site_keys)
        ballot.add(candidate)
    ballot.declared.update(ballot.found)
    for candidate in _title_parts(title):
        candidate.text = without_site(candidate.text, ballot.site_keys)
        ballot.add(candidate)
    near = tuple(_near_headings(outline, first, ballot))
    rivals = [candidate for candidate in near if candidate.node and outline.tags[candidate.node] in _TITLED_TAGS]
    for candidate in tuple(_main_headings(outline, first, ballot)):
        resemblance = _resemblance(key(candidate.text), ballot)
        name = key(candidate.text)
        if rivals and (_is_tail(name, title) or (resemblance < 0.7 and not _holds(ballot.title_key, name))):
            # "Headline | Blog" with a main heading "Blog", and the headline in a lesser one.
            candidate.weight = min(candidate.weight, 0.5)
        else:
            candidate.weight += resemblance
        ballot.add(candidate)
    for candidate in near or tuple(_called_title(outline, first)):
        ballot.add(candidate)
    if not ballot.found:
        return None
    best = max(ballot.found.values(), key=lambda candidate: candidate.weight)
    text = _without_kicker(best.text, ballot) or best.text
    return Headline(text, Origin.STRUCTURED if best.node is None else Origin.GENERIC, best.node, best.blocks)


def _main_headings(outline: Outline, first: int, ballot: _Ballot) -> Iterator[_Candidate]:
    nodes = [node for node in _tagged(outline, "h1") if outline.blocks_of(node)]
    shown = [n for n in nodes if not outline.is_hidden(n) and not _leads_home(outline, n)]
    before = [n for n in shown if outline.blocks_of(n).start <= first]
    seen: set[str] = set()
    for node in nodes:
        if node in before:
            weight = 5.0 if len(before) == 1 else 3.0 + 0.5 * (node == before[-1])
        elif node in shown:
            weight = 0.8 if before else 1.2
        else:
            weight = 0.3 if shown else 1.5
        text = _heading_text(outline, node, ballot)
        if key(text) not in seen:
            seen.add(key(text))
            yield _Candidate(text, weight, node, tuple(outline.blocks_of(node)))


def _tagged(outline: Outline, tag: str) -> Iterator[int]:
    """The first nodes with a tag; a search in the list, for the list has all nodes of the page."""
    node = -1
    for _ in range(_REACH):
        try:
            node = outline.tags.index(tag, node + 1)
        except ValueError:  # no more of them
            return
        yield node


def _heading_text(outline: Outline, node: int, ballot: _Ballot) -> str:
    """A heading without the kicker, date or subtitle set inside it, where what is left is declared elsewhere."""
    text = outline.text_of(node)
    if key(text) in ballot.found:
        return _BAR.split(text, maxsplit=1)[0]
    for child in range(node + 1, min(outline.ends[node], node + 8)):
        inner = collapse(outline.nodes[child].text_content())
        rest = text.removeprefix(inner) if text.startswith(inner) else text.removesuffix(inner)
        rest = rest.strip(" -–—:|·")
        if inner and rest and key(rest) in ballot.found:
            return rest
        if len(inner) * 5 > len(text) * 3 and key(inner) in ballot.found:
            return inner
    return without_site(_BAR.split(text, maxsplit=1)[0], ballot.site_keys)


def _without_kicker(text: str, ballot: _Ballot) -> str:
    """What follows "Kicker: " where the page declares just that; "" elsewhere.

    Beside it systems declare kicker and headline as one, so that the whole heading is declared says nothing.
    """
    for cut in islice(_KICKER_END.finditer(text[:_LONGEST]), _MOST_CUTS):
        rest = text[cut.end() :]
        if key(rest) in ballot.declared:
            return rest
    return ""


def _resemblance(name: str, ballot: _Ballot) -> float:
    """How many words a heading shares with title and declared headlines: 0 to 2."""
    words = set(name.split())
    others = [set(other.split()) for other in ballot.found]
    return max((2.0 * len(words & other) / len(words | other) for other in others if other), default=0.0)


def _declared(document: Document) -> Iterator[_Candidate]:
    for candidate in document.structured.headlines:
        if candidate.source is Declared.JSON_LD:
            weight = 1.6 if candidate.name == "headline" else 0.8
        elif candidate.source is Declared.MICRODATA:
            weight = 1.0
        else:
            weight = 1.0 if candidate.name == "og:title" else 0.4
        yield _Candidate(candidate.value, weight)


def _title_parts(title: str) -> Iterator[_Candidate]:
    """A title with and without the names of site and section that stand before or after the headline."""
    yield _Candidate(title, 0.5)
    cuts = list(SEPARATOR.finditer(title))
    if cuts:
        yield _Candidate(title[: cuts[0].start()], 0.6)
        yield _Candidate(title[: cuts[-1].start()], 0.6)
        yield _Candidate(title[cuts[0].end() :], 0.3)
        yield _Candidate(title[cuts[-1].end() :], 0.2)


def _near_headings(outline: Outline, first: int, ballot: _Ballot) -> Iterator[_Candidate]:
    """Blocks before the body whose words the title or a declared headline has too."""
    declared = set(ballot.found)
    first_words = {name.partition(" ")[0] for name in declared}
    first_words.update(ballot.title_key.split())
    for block in outline.blocks[max(0, first - _REACH) : first + 3]:
        text = block.text
        word = text.partition(" ")[0].lower()
        # Most blocks are told by their first word.
        if word not in first_words and word.isascii() and word.isalnum():
            continue
        if block.tag == "h1" or not 2 <= len(text) <= _LONGEST:
            continue
        name = key(text)
        if (
            len(name) >= 4
            and name.replace(" ", "") not in ballot.site_keys
            and (name in declared or _holds(ballot.title_key, name))
            and not outline.is_hidden(block.node)
        ):
            titled = not _TITLE_WORDS.isdisjoint(outline.words(block.node))
            weight = 0.6 + 0.8 * (block.tag in _TITLED_TAGS) + 0.4 * titled
            yield _Candidate(text, weight, block.node, (block.number,))


def _called_title(outline: Outline, first: int) -> Iterator[_Candidate]:
    """The line before the body that only its class calls a title: on a page whose own title is the site's name."""
    for block in outline.blocks[max(0, first - _TITLED_REACH) : first]:
        is_line = not block.linked and len(block.text) <= _LONGEST and not outline.is_hidden(block.node)
        if is_line and not _TITLE_WORDS.isdisjoint(outline.words(block.node)):
            yield _Candidate(block.text, 0.3, block.node, (block.number,))
            return


def _holds(title_key: str, name: str) -> bool:
    return bool(name) and f" {name} " in f" {title_key} "


def _is_tail(name: str, title: str) -> bool:
    cuts = list(SEPARATOR.finditer(title))
    return bool(cuts) and name == key(title[cuts[-1].end() :])


def _leads_home(outline: Outline, node: int) -> bool:
    """A heading that is a link to the site's start is its logo."""
    hrefs = [outline.anchors[number].href.strip() for number in outline.anchors_of(node)]
    return bool(hrefs) and all(map(HOME.fullmatch, hrefs))
