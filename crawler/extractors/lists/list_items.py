"""Items of a list: the links to one article, its pictures and lines beside them, made one entry."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime

from crawler.extractors.lists.class_words import TITLE_WORDS, is_more, looks_like_time, width
from crawler.extractors.lists.headlines import headline_of, is_noise
from crawler.extractors.lists.link_urls import LinkReader, LinkUrl
from crawler.extractors.tree.outline import Anchor, Outline
from crawler.markup.dates import find_date
from crawler.markup.text import collapse
from models.items import LinkItem

_HEADING_TAGS = frozenset("h1 h2 h3 h4 h5 h6".split())
_CARD_DEPTH = 8
_DESCRIPTION = 40  # letters: below, a line of a card is a label


@dataclass(frozen=True, slots=True)
class ItemSetting:
    """What dates are read with."""

    now: datetime | None
    timezone: str | None
    languages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FoundItem:
    item: LinkItem
    card: int
    """The highest node that holds links to this article alone."""
    anchors: tuple[Anchor, ...]
    """All its links; the first is the headline's."""


class _Bounds:
    """What ends the cards of a list; asked for ever larger boxes, so ranges are looked up by their ends."""

    __slots__ = ("_barred", "_changes", "_keys", "_numbers")

    def __init__(self, owners: Mapping[int, str], barred: tuple[Sequence[int], ...]) -> None:
        """Of links by number the article they lead to; rows of blocks, in order, that belong to no card."""
        self._barred = barred
        self._numbers = sorted(owners)
        self._keys = [owners[number] for number in self._numbers]
        starts = [place for place in range(1, len(self._keys)) if self._keys[place] != self._keys[place - 1]]
        self._changes = [*starts, len(self._keys)]

    def others(self, key: str, anchors: range) -> bool:
        """Whether one of the links leads to another article of the list."""
        start, stop = bisect_left(self._numbers, anchors.start), bisect_left(self._numbers, anchors.stop)
        if start >= stop:
            return False
        return self._keys[start] != key or self._changes[bisect_right(self._changes, start)] < stop

    def bars(self, blocks: range) -> bool:
        return any(
            place < len(row) and row[place] < blocks.stop
            for row in self._barred
            for place in (bisect_left(row, blocks.start),)
        )


class ItemReader:
    def __init__(
        self, outline: Outline, reader: LinkReader, setting: ItemSetting, *, body: AbstractSet[int] = frozenset()
    ) -> None:
        """`body` are numbers of blocks."""
        self.outline = outline
        self.reader = reader
        self.setting = setting
        self._body = sorted(body)

    def items(
        self, accepted: Iterable[Anchor], *, heading: int | None = None, is_announced: bool = False
    ) -> list[FoundItem]:
        """One for each article, in page order. The block of the heading belongs to no card.

        Nor do those of the body, unless words announce several other articles, whose excerpts look like it: of what
        else stands between links, nineteen letters of twenty are the article's own, as on products reviewed elsewhere.
        """
        members = [(anchor, link) for anchor in accepted if (link := self.reader.read(anchor.href)) is not None]
        members = [(anchor, link) for anchor, link in members if not link.self_link and not link.file and not link.home]
        if not members:
            return []
        keys = {link.key for _, link in members}
        barred = () if heading is None else (heading,)
        first, last = members[0][0].number, members[-1][0].number
        owners: dict[int, str] = {anchor.number: link.key for anchor, link in members}
        by_key: dict[str, list[Anchor]] = {}
        for anchor in self.outline.anchors[max(0, first - 3) : last + 4]:
            link = self.reader.read(anchor.href)
            if (
                link is not None
                and link.key in keys
                and (first <= anchor.number <= last or self._beside(anchor, members))
            ):
                owners[anchor.number] = link.key
                by_key.setdefault(link.key, []).append(anchor)
        may_excerpt = is_announced and len(keys) > 1
        bounds = _Bounds(owners, (barred, () if may_excerpt else self._body))
        return [found for key, anchors in by_key.items() if (found := self._item(key, anchors, bounds)) is not None]

    def _beside(self, anchor: Anchor, members: list[tuple[Anchor, LinkUrl]]) -> bool:
        """An image or "read more" just outside the row of headlines belongs to its first or last card.

        Not if a headline stands between: it is the image of that one.
        """
        end = members[0][0] if anchor.number < members[0][0].number else members[-1][0]
        common = self.outline.common_ancestor(anchor.node, end.node)
        first, last = sorted((anchor.number, end.number))
        beside = (anchor, *self.outline.anchors[first + 1 : last])
        if any(other.text and not is_more(other.text) for other in beside):
            return False
        return anchor.href == end.href and self.outline.depths[end.node] - self.outline.depths[common] <= 4

    def _item(self, key: str, anchors: list[Anchor], bounds: _Bounds) -> FoundItem | None:
        headline, main = self._headline(anchors)
        card = self._card(key, main, bounds)
        if not headline:
            headline = self._headline_in_card(card) or self._named(main) or next((a.alt for a in anchors if a.alt), "")
        if not headline and not any(anchor.text for anchor in anchors):
            return None
        link = self.reader.read(main.href)
        description, date_text, date = self._lines(card, headline)
        image = next((anchor.image for anchor in anchors if anchor.image), None) or self._image(card)
        item = LinkItem(
            url=link.url if link else None,
            headline=headline or None,
            description=description,
            date_published=date,
            date_text=date_text,
            image=self.reader.resolve(image) if image else None,
        )
        return FoundItem(item, card, (main, *(anchor for anchor in anchors if anchor is not main)))

    def _headline(self, anchors: list[Anchor]) -> tuple[str, Anchor]:
        best: tuple[int, str, Anchor] | None = None
        for anchor in anchors:
            text = headline_of(self.outline, anchor)
            if not text or is_more(text):
                continue
            rank = self._rank(anchor, text)
            if best is None or rank > best[0]:
                best = (rank, text, anchor)
        return (best[1], best[2]) if best else ("", anchors[0])

    def _rank(self, anchor: Anchor, text: str) -> int:
        """A link in a heading before one in a box called title, then the first that is long enough."""
        if is_noise(text):
            return 0
        block = self.outline.blocks[anchor.block] if anchor.block is not None else None
        if block is not None and block.tag in _HEADING_TAGS:
            return 4
        nodes = [anchor.node, self.outline.parents[anchor.node]]
        if any(not TITLE_WORDS.isdisjoint(self.outline.words(node)) for node in nodes if node >= 0):
            return 3
        return 2 if width(text) >= 12 else 1

    def _card(self, key: str, anchor: Anchor, bounds: _Bounds) -> int:
        node = anchor.node
        for _ in range(_CARD_DEPTH):
            parent = self.outline.parents[node]
            if parent < 0 or self.outline.tags[parent] in ("body", "main", "html"):
                break
            if bounds.others(key, self.outline.anchors_of(parent)) or bounds.bars(self.outline.blocks_of(parent)):
                break
            node = parent
        return node

    def _headline_in_card(self, card: int) -> str:
        blocks = [self.outline.blocks[number] for number in self.outline.blocks_of(card)]
        for block in blocks:
            if block.tag in _HEADING_TAGS:
                return block.text
        for block in blocks:
            if not TITLE_WORDS.isdisjoint(self.outline.words(block.node)):
                return block.text
        return next((block.text for block in blocks if not is_noise(block.text) and width(block.text) >= 12), "")

    def _named(self, anchor: Anchor) -> str:
        attributes = self.outline.attributes[anchor.node]
        return collapse(attributes.get("aria-label") or attributes.get("title") or "")

    def _image(self, card: int) -> str | None:
        images = self.outline.images_of(card)
        return self.outline.images[images[0]].src if images else None

    def _lines(self, card: int, headline: str) -> tuple[str | None, str | None, datetime | None]:
        """Description, time as shown, and time, of the lines of a card beside its headline."""
        description = date_text = None
        date: datetime | None = None
        for number in self.outline.blocks_of(card):
            text = self.outline.blocks[number].text
            if headline in text and len(text) <= len(headline) + 4:
                continue
            if date_text is None and len(text) <= 60 and looks_like_time(text):
                date_text, date = text, self._parsed(text)
            elif description is None and width(text) >= _DESCRIPTION and headline not in text:
                description = text
        return description, date_text, date

    def _parsed(self, text: str) -> datetime | None:
        setting = self.setting
        # Not parse_date: it asks dateparser for what is no date by our rules, which takes longer than the whole page.
        parsed = find_date(text, now=setting.now, timezone=setting.timezone, languages=setting.languages)
        return parsed.moment if parsed else None
