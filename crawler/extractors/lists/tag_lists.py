"""Tag lists: the keywords of an article as it shows them, and the hot tags of the site."""

import math
import re
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime

from crawler.document import Document
from crawler.errors import LayoutChanged
from crawler.extractors.lists.class_words import is_more, looks_like_time, width
from crawler.extractors.lists.link_groups import LinkGroup
from crawler.extractors.lists.link_panels import LinkPanels
from crawler.extractors.lists.list_kinds import Announced, announced_by
from crawler.extractors.lists.tag_evidence import TagGroup, label_lead
from crawler.extractors.tree.outline import Anchor, Outline
from crawler.markup.dates import find_date
from crawler.markup.text import collapse, fold, is_cjk
from crawler.site import GENERIC, Panel, Site, TagListHint
from models.items import Origin, TagItem, TagList, TagListKind

_SEPARATORS = " \t,，、|·•;；/"
_PLAIN_LABELS = re.compile(r"[,，、|;；]\s*|\s{2,}")
_COUNT = re.compile(r"[(（\[]?\d{1,6}[)）\]]?")
_COUNT_BEHIND = re.compile(r"\s?[(（]\d{1,6}[)）]$")
_LEAD = re.compile(r"^([^:：]{1,24})[:：]\s*(.+)$")


@dataclass(frozen=True, slots=True)
class TagListsFound:
    lists: tuple[TagList, ...]
    blocks: frozenset[int]
    """Numbers of the outline's blocks that the lists take, headings included: no part of the body."""


def extract_tag_lists(
    document: Document,
    outline: Outline,
    body: AbstractSet[int],
    *,
    site: Site = GENERIC,
    now: datetime | None = None,
    panels: LinkPanels | None = None,
) -> TagListsFound:
    """The page's tag lists in page order. Case is kept: "IT" and "it" are two tags on several sites.

    Raises LayoutChanged if the site's file promises a list and the page has none.
    """
    panels = panels or LinkPanels(document, outline, body)
    builder = _TagBuilder(panels, now, site)
    found = builder.hinted(site.tag_lists) if site.tag_lists is not None else builder.build()
    labelled = panels.labelled.lists(Panel.TAGS)
    more = (builder.list_in(each.nodes, each.anchors, kind=each.kind or "article") for each in labelled)
    return TagListsFound((*found.lists, *filter(None, more)), found.blocks)


@dataclass(slots=True)
class _Row:
    kind: TagListKind
    heading: str | None
    heading_block: int | None
    groups: list[LinkGroup]
    score: float


def _confidence(score: float) -> float:
    """Each point of evidence halves the doubt; lists at the bar of 2 points are right about four times of five."""
    return round(1 - 0.8 * math.exp2(-score), 3)


class _TagBuilder:
    def __init__(self, panels: LinkPanels, now: datetime | None, site: Site) -> None:
        self.panels = panels
        self.outline = panels.outline
        self.now = now
        self.site = site
        self.claimed: set[int] = set()

    def build(self) -> TagListsFound:
        lists: list[TagList] = []
        seen: set[frozenset[str]] = set()
        for row in self._without_sections(self._rows(list(self.panels.tag_groups.values()))):
            made = self._make(row)
            names = frozenset(item.name for item in made.items) if made else frozenset()
            if made is not None and names not in seen:
                seen.add(names)
                lists.append(made)
        lists.extend(self._plain_lists(any(each.kind is TagListKind.ARTICLE for each in lists)))
        return TagListsFound(tuple(lists), frozenset(self.claimed))

    def _rows(self, found: list[TagGroup]) -> list[_Row]:
        rows: list[_Row] = []
        for tagged in found:
            group = tagged.group
            heads = group.heading is not None and self.panels.heads(group) and bool(group.heading.announced)
            text = group.lead or (group.heading.block.text if heads and group.heading else None)
            block = group.heading.block.number if heads and group.heading and not group.lead else None
            last = rows[-1] if rows else None
            if last and last.kind is tagged.kind and self._continues(last, group, text):
                last.groups.append(group)
                last.score = max(last.score, tagged.score)
            else:
                rows.append(_Row(tagged.kind, text, block, [group], tagged.score))
        return rows

    def _continues(self, row: _Row, group: LinkGroup, heading: str | None) -> bool:
        last = row.groups[-1]
        common = self.outline.common_ancestor(last.place, group.place)
        near = self.outline.depths[group.place] - self.outline.depths[common] <= 3
        return near and heading == row.heading

    def _without_sections(self, rows: list[_Row]) -> list[_Row]:
        """Categories beside tags are the section of the article; labelled as a list behind the body they are tags."""
        article = [row for row in rows if row.kind is TagListKind.ARTICLE]
        others = [row for row in article if not self._is_section(row)]
        return [row for row in rows if not (others and row in article and row not in others)]

    def _is_section(self, row: _Row) -> bool:
        anchors = [anchor for group in row.groups for anchor in group.anchors]
        relations = [self.outline.attributes[anchor.node].get("rel", "").lower().split() for anchor in anchors]
        if row.heading and self.panels.block_of(anchors[0]) > max(self.panels.body, default=0):
            # "Categorized: Ports" is a list of its own, "posted in Ports and tagged Cranes" tells two things in a line.
            return not row.heading.endswith((":", "：")) and all("category" in relation for relation in relations)
        links = [self.panels.reader.read(anchor.href) for anchor in anchors]
        return len(anchors) == 1 and all(link is not None and link.category for link in links)

    def _make(self, row: _Row) -> TagList | None:
        anchors = sorted((anchor for group in row.groups for anchor in group.anchors), key=lambda each: each.number)
        counts = {number: count for group in row.groups for number, count in self._counts(group).items()}
        anchors = [anchor for anchor in anchors if anchor.number not in self.panels.labelled.anchors]
        items: dict[tuple[str, str | None], TagItem] = {}
        for anchor in anchors:
            name = self._label(anchor, counts.get(anchor.number, ""))
            link = self.panels.reader.read(anchor.href)
            if not name or is_more(name) or (link is not None and (link.home or link.author or link.self_link)):
                continue
            url = link.url if link else None
            item = TagItem(name=name, url=url, date_published=self._date(row, anchor))
            items.setdefault((name.removeprefix("#"), url), item)  # shown above the text and below it
        if not items:
            return None
        place = anchors[0].node
        for anchor in anchors[1:]:
            place = self.outline.common_ancestor(place, anchor.node)
        if row.heading_block is not None:
            self.claimed.add(row.heading_block)
        self.claimed.update(anchor.block for anchor in anchors if anchor.block is not None)
        return TagList(
            kind=row.kind,
            items=tuple(items.values()),
            heading=row.heading,
            xpath=self.outline.xpath(place),
            confidence=_confidence(row.score),
        )

    def _counts(self, group: LinkGroup) -> dict[int, str]:
        """By number of the link; empty where one has none: "iPhone <b>17</b>" among others is a name."""
        counts = {anchor.number: self._count(anchor) for anchor in group.anchors}
        is_row = len(counts) > 1 or not any(map(_COUNT_BEHIND.fullmatch, counts.values()))
        return counts if is_row and all(counts.values()) else {}

    def _count(self, anchor: Anchor) -> str:
        """How many articles have the tag, where a link ends with that, in an element of its own or in brackets."""
        last = max(self.outline.ends[anchor.node] - 1, anchor.node)
        count = collapse(self.outline.nodes[last].text_content()) if last > anchor.node else ""
        is_last = anchor.text.endswith(count) and len(anchor.text) > len(count)
        if is_last and _COUNT.fullmatch(count):
            return count
        behind = _COUNT_BEHIND.search(anchor.text)
        return behind[0] if behind else ""

    @staticmethod
    def _label(anchor: Anchor, count: str = "") -> str:
        text = anchor.text.removesuffix(count)
        label = text.removeprefix(label_lead(text)).strip(_SEPARATORS)
        # "# Port" is decoration, "#port" a hashtag.
        return label[2:].strip() if label.startswith("# ") else label

    def _date(self, row: _Row, anchor: Anchor) -> datetime | None:
        """The time at the end of a row of hot titles."""
        if row.kind is not TagListKind.HOT or anchor.block is None:
            return None
        below = self.outline.blocks[anchor.block + 1 : anchor.block + 4]
        for text in (self._end_of(anchor.block), *(block.text for block in below if block.linked == 0)):
            if len(text) <= 40 and looks_like_time(text):
                parsed = find_date(text, now=self.now, timezone=self.site.timezone)
                return parsed.moment if parsed else None
        return None

    def _end_of(self, number: int) -> str:
        """What a line of links has after the last of them."""
        block = self.outline.blocks[number]
        last = self.outline.anchors[block.anchors[-1]].text if block.anchors else ""
        return block.text.rpartition(last)[2].strip() if last else block.text

    def _plain_lists(self, has_tags: bool) -> list[TagList]:
        """ "Tags: a, b, c" without links."""
        if has_tags or not self.panels.body:
            return []
        lists = []
        for block in self.outline.blocks:
            if block.linked or len(block.text) > 160 or not (":" in block.text[:25] or "：" in block.text[:25]):
                continue
            match = _LEAD.match(block.text)
            if match is None or not announced_by(match[1]) & Announced.TAGS:
                continue
            names = [name.strip(_SEPARATORS) for name in self._plain_labels(match[2])]
            if names and all(0 < width(name) <= 40 for name in names):
                self.claimed.add(block.number)
                items = tuple(TagItem(name=name) for name in dict.fromkeys(names))
                xpath = self.outline.xpath(block.node)
                lists.append(TagList(kind=TagListKind.ARTICLE, items=items, heading=match[1].strip(), xpath=xpath))
        return lists

    def _plain_labels(self, text: str) -> list[str]:
        """Chinese labels hold no spaces, so a space parts them where nothing else does."""
        labels = _PLAIN_LABELS.split(text)
        is_one = len(labels) > 1 or not is_cjk(text) or fold(text) in self.panels.keywords
        return labels if is_one else text.split()

    def hinted(self, hints: tuple[TagListHint, ...]) -> TagListsFound:
        lists: list[TagList] = []
        for hint in hints:
            places = self.outline.numbers(each.root for each in self.panels.document.selector.css(hint.css))
            if not places and hint.required:
                raise LayoutChanged(
                    f"at least 1 node for {hint.css!r}, found none; mend the site's file",
                    url=self.panels.document.url,
                    field="tag_lists",
                )
            numbers = [number for place in places for number in self.outline.anchors_of(place)]
            for place in places:
                self.claimed.update(self.outline.blocks_of(place))
            if found := self.list_in(places, numbers, kind=hint.kind):
                lists.append(found)
        return TagListsFound(tuple(lists), frozenset(self.claimed))

    def list_in(self, places: Iterable[int], anchors: Iterable[int], *, kind: str) -> TagList | None:
        """None where no link has a label."""
        items: dict[tuple[str, str | None], TagItem] = {}
        for anchor in (self.outline.anchors[number] for number in anchors):
            url = self.panels.reader.resolve(anchor.href)
            if name := self._label(anchor):
                items.setdefault((name, url), TagItem(name=name, url=url))
        if not items:
            return None
        xpath = " | ".join(map(self.outline.xpath, places))
        return TagList(kind=TagListKind(kind), items=tuple(items.values()), xpath=xpath, origin=Origin.HINT)
