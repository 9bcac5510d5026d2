"""Lists of other articles offered to the reader of a page: related, popular, latest, inline, previous and next."""

from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import datetime

from crawler.document import Document
from crawler.extractors.lists.class_words import is_more
from crawler.extractors.lists.headlines import without_direction
from crawler.extractors.lists.link_clusters import Cluster, Clustering
from crawler.extractors.lists.link_groups import LinkGroup
from crawler.extractors.lists.link_headings import Heading
from crawler.extractors.lists.link_panels import LinkPanels
from crawler.extractors.lists.list_items import FoundItem, ItemReader, ItemSetting
from crawler.extractors.lists.list_kinds import Announced, announced_by, is_offer, is_talk
from crawler.extractors.lists.longer_lists import without_parts
from crawler.extractors.lists.named_lists import hinted_lists, list_in
from crawler.extractors.lists.tabs import Tabs
from crawler.extractors.tree.outline import Outline, TextBlock
from crawler.site import GENERIC, Panel, Site
from models.items import LinkItem, LinkList, LinkListKind

_ACCEPTED = 0.65  # by leaving sites out (six deals) 0.6 and 0.7 do as well; 0.55 takes more of what is none
_ADJACENT = 0.95  # confidence; of 22 links of the development pages 20 are right, all of those of the eight sites
_BY_HEADING = (
    (Announced.ADJACENT, LinkListKind.ADJACENT),
    (Announced.POPULAR, LinkListKind.POPULAR),
    (Announced.LATEST, LinkListKind.LATEST),
)
_OF_LISTS = Announced.RELATED | Announced.POPULAR | Announced.LATEST | Announced.TOPIC | Announced.ADJACENT
_OF_ARTICLES = Announced.RELATED | Announced.TOPIC
_POPULAR_WORDS = frozenset(
    "popular trending mostread mostpopular ranking rankings viral meistgelesen bestseller phb paihang".split()
)
_LATEST_WORDS = frozenset("latest recent recents newest ticker newsfeed zuixin recently".split())


@dataclass(frozen=True, slots=True)
class LinkListsFound:
    lists: tuple[LinkList, ...]
    blocks: frozenset[int]
    """Numbers of the outline's blocks that the lists take, headings included: no part of the body."""
    unannounced: frozenset[int] = frozenset()
    """Those of them in lists that no heading announces: these may have the text for a description."""

    def without(self, blocks: AbstractSet[int], *, outline: Outline) -> "LinkListsFound":
        """Less blocks that were taken for headings, items and descriptions, and are none."""
        if not blocks:
            return self
        taken = {outline.texts[number] for number in blocks}
        linking = "\n".join([outline.texts[number] for number in blocks if outline.blocks[number].linked])

        def told(items: Iterable[LinkItem]) -> Iterator[LinkItem]:
            for item in items:
                if not item.headline or item.headline not in linking:
                    yield replace(item, description=None) if item.description in taken else item

        lists = (
            replace(each, items=tuple(told(each.items)), heading=None if each.heading in taken else each.heading)
            for each in self.lists
        )
        return replace(self, lists=tuple(each for each in lists if each.items), blocks=self.blocks - blocks)


def extract_link_lists(
    document: Document,
    outline: Outline,
    body: AbstractSet[int],
    *,
    site: Site = GENERIC,
    now: datetime | None = None,
    panels: LinkPanels | None = None,
) -> LinkListsFound:
    """The page's lists in page order; `body` are the blocks that are, roughly, the article's text.

    Raises LayoutChanged if the site's file promises a list and the page has none.
    """
    panels = panels or LinkPanels(document, outline, body)
    shown_in = (document.html_lang,) if document.html_lang else ()
    setting = ItemSetting(now, site.timezone, site.languages or shown_in)
    plain = ItemReader(outline, panels.reader, setting)
    if site.link_lists is not None:
        found = LinkListsFound(*hinted_lists(panels, plain, site.link_lists))
    else:
        found = _ListBuilder(panels, ItemReader(outline, panels.reader, setting, body=panels.body)).build()
    labelled = panels.labelled.lists(Panel.LINKS)
    more = (
        list_in(panels, plain, kind=each.kind or "related", places=each.nodes, anchors=each.anchors)
        for each in labelled
    )
    return replace(found, lists=(*found.lists, *filter(None, more)))


class _ListBuilder:
    def __init__(self, panels: LinkPanels, reader: ItemReader) -> None:
        self.panels = panels
        self.reader = reader
        self.outline = panels.outline
        self.tabs = Tabs(panels.outline)
        self.claimed: set[int] = set()
        self.announced: set[int] = set()
        self.seen: set[frozenset[str]] = set()
        self.rest: list[int] = []

    def build(self) -> LinkListsFound:
        clusters = [*self._adjacent(), *self._clusters()]
        clusters.sort(key=lambda cluster: cluster.anchors[0].number)
        read = without_parts([(cluster, items) for cluster in clusters if (items := self._read(cluster))])
        # Excerpts and headlines can look like paragraphs of the body, until they are known.
        self.rest = sorted(set(self.panels.body) - self.claimed)
        lists = tuple(self._list(cluster, items) for cluster, items in read)
        claimed = self.claimed - self.panels.tag_blocks
        return LinkListsFound(lists, frozenset(claimed), frozenset(claimed - self.announced))

    def _adjacent(self) -> list[Cluster]:
        anchors = self.panels.adjacent
        if not anchors:
            return []
        place = anchors[0].node
        for anchor in anchors[1:]:
            place = self.outline.common_ancestor(place, anchor.node)
        group = LinkGroup(anchors, None, "", in_sentence=False, number=len(self.panels.groups), place=place)
        return [Cluster([group], None, "", _ADJACENT, LinkListKind.ADJACENT)]

    def _clusters(self) -> list[Cluster]:
        clustering = Clustering(self.outline)
        adjacent = {anchor.number for anchor in self.panels.adjacent}
        for number, (group, probability) in enumerate(zip(self.panels.groups, self.panels.probabilities, strict=True)):
            if probability < _ACCEPTED or number in self.panels.tag_groups:
                continue
            others = [anchor for anchor in group.anchors if anchor.number not in adjacent]
            for anchors, place in self.tabs.parts(others, place=group.place):
                part = group if len(anchors) == len(group.anchors) else replace(group, anchors=anchors, place=place)
                title = self._title(part)
                if not self._is_no_list(part, title):
                    clustering.add(part, title, probability)
        return clustering.clusters

    def _title(self, group: LinkGroup) -> TextBlock | None:
        """The nearest line that announces the list; a heading that announces nothing may be the label of a tab."""
        heading = self._heading(group)
        tab = None if group.lead else self.tabs.label(group.place, heading=heading.block if heading else None)
        if tab:
            return tab
        if group.lead or (heading and heading.announced & _OF_LISTS):
            return heading.block if heading else None
        told = self.panels.announcing_block(group.anchors[0])
        if told or heading is None:
            return told
        # Links below a sub-heading of the article: it heads more than them.
        return None if heading.block.number in self.panels.body else heading.block

    def _heading(self, group: LinkGroup) -> Heading | None:
        """None, too, where the heading is that of tags, and the list stands behind them."""
        heading = group.heading
        if heading is None or not self.panels.heads(group):
            return None
        return None if heading.announced and not heading.announced & (_OF_LISTS | Announced.OTHER) else heading

    def _is_no_list(self, group: LinkGroup, title: TextBlock | None) -> bool:
        if is_talk(title.text) if title else self.panels.is_menu_around_page(group):
            return True
        return len(group.anchors) == 1 and self._is_of_other(group) and not (title and is_offer(title.text))

    def _is_of_other(self, group: LinkGroup) -> bool:
        """Below a heading of comments, of an address to write to: one link there is to the rules or to a form."""
        heading = self._heading(group)
        if heading is None or heading.block.linked:  # the headline of a card before it may have such a word
            return False
        return bool(heading.announced & Announced.OTHER) and not heading.announced & _OF_LISTS

    def _read(self, cluster: Cluster) -> list[FoundItem]:
        """Empty for a list that the page has shown before."""
        heading = cluster.title.number if cluster.title else None
        # "More: …" between the parts of an article has what follows it for no excerpt.
        is_announced = not cluster.lead and bool(self._announced(cluster) & _OF_LISTS)
        items = self.reader.items(cluster.anchors, heading=heading, is_announced=is_announced)
        if labelled := self.panels.labelled.anchors:
            items = [found for found in items if found.anchors[0].number not in labelled]
        urls = frozenset(found.item.url for found in items if found.item.url)
        if not urls or urls in self.seen:
            return []
        self.seen.add(urls)
        claimed = self._claimed(cluster, items)
        self.claimed |= claimed
        if is_announced:
            self.announced |= claimed
        # A course among articles is none; a list of nothing else is one of courses.
        return [found for found in items if not self._is_offered(found)] or items

    def _is_offered(self, found: FoundItem) -> bool:
        page, link = self.panels.reader.page, self.panels.reader.read(found.anchors[0].href)
        return link is not None and link.offer and not (page and page.offer)

    def _list(self, cluster: Cluster, items: list[FoundItem]) -> LinkList:
        kind = cluster.kind or (LinkListKind.PROMOTION if self._is_offered(items[0]) else self._kind(cluster))
        return LinkList(
            kind=kind,
            items=tuple(_directed(found.item) if kind is LinkListKind.ADJACENT else found.item for found in items),
            heading=self._heading_text(cluster.title) if cluster.title else cluster.lead or None,
            xpath=self._xpath(cluster, items),
            confidence=round(cluster.confidence, 3),
        )

    def _heading_text(self, title: TextBlock) -> str:
        """Without the "show all" at its end."""
        text = title.text
        for number in reversed(title.anchors):
            anchor = self.outline.anchors[number]
            if is_more(anchor.text) and len(anchor.text) < len(text):
                text = text.removesuffix(anchor.text).rstrip()
        return text

    def _claimed(self, cluster: Cluster, items: list[FoundItem]) -> set[int]:
        claimed = {cluster.title.number} if cluster.title else set()
        for found in items:
            claimed.update(self.outline.blocks_of(found.card))
            claimed.update(anchor.block for anchor in found.anchors if anchor.block is not None)
        return claimed

    def _announced(self, cluster: Cluster) -> int:
        announced = announced_by(cluster.lead) if cluster.lead else Announced.NOTHING
        return announced | announced_by(cluster.title.text) if cluster.title else announced

    def _kind(self, cluster: Cluster) -> LinkListKind:
        announced = self._announced(cluster)
        if announced & Announced.ADJACENT:
            return LinkListKind.ADJACENT
        if cluster.title and is_offer(cluster.title.text):
            return LinkListKind.PROMOTION
        if cluster.lead or self._is_inside_body(cluster):
            return LinkListKind.INLINE
        for flag, kind in _BY_HEADING:
            if announced & flag:
                return kind
        if announced & _OF_ARTICLES:
            return LinkListKind.RELATED
        return self._kind_by_box(cluster)

    def _is_inside_body(self, cluster: Cluster) -> bool:
        """Between paragraphs of the body, in the box of the body."""
        if not self.rest:
            return False
        first, last = self.panels.block_of(cluster.anchors[0]), self.panels.block_of(cluster.anchors[-1])
        node, place = self.panels.body_node, cluster.groups[0].place
        return self.rest[0] < first and last < self.rest[-1] and node <= place < self.outline.ends[node]

    def _kind_by_box(self, cluster: Cluster) -> LinkListKind:
        """By label and class of the boxes around."""
        node = cluster.groups[0].place
        for _ in range(4):
            if node < 0:
                break
            announced = announced_by(self.outline.attributes[node].get("aria-label", ""))
            for flag, kind in _BY_HEADING:
                if announced & flag:
                    return kind
            words = self.outline.words(node)
            if not _POPULAR_WORDS.isdisjoint(words):
                return LinkListKind.POPULAR
            if not _LATEST_WORDS.isdisjoint(words):
                return LinkListKind.LATEST
            node = self.outline.parents[node]
        return LinkListKind.RELATED

    def _xpath(self, cluster: Cluster, items: list[FoundItem]) -> str:
        if cluster.lead and len(items) > 1:
            return " | ".join(self.outline.xpath(found.card) for found in items)
        place = items[0].card
        for found in items[1:]:
            place = self.outline.common_ancestor(place, found.card)
        return self.outline.xpath(place)


def _directed(item: LinkItem) -> LinkItem:
    return replace(item, headline=without_direction(item.headline) if item.headline else None)
