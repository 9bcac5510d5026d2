"""The links of a page in groups, each with the likelihood that it is a list of articles."""

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from crawler.document import Document
from crawler.extractors.canonical import canonical_url
from crawler.extractors.labels import NOTHING, Labelled
from crawler.extractors.lists.class_words import MARKS, is_more, looks_like_time, width
from crawler.extractors.lists.headlines import without_direction
from crawler.extractors.lists.link_features import GroupReader
from crawler.extractors.lists.link_groups import Grouping, LinkGroup
from crawler.extractors.lists.link_headings import Heading
from crawler.extractors.lists.link_model import LinkModel, link_model
from crawler.extractors.lists.link_urls import LinkReader, LinkUrl
from crawler.extractors.lists.list_kinds import Announced, announced_by
from crawler.extractors.tree.outline import Anchor, Outline, TextBlock
from crawler.markup.text import fold

_COMMENT = "#comment"  # how blogs link to what a reader said about an article
_ADDRESSES = ("http://", "https://", "www.")  # a link that shows its address is one of a line with a label
_HEADLINE = 40  # letters in the mean: no row of labels is as long
_WIDE = 30  # of two or more below words that announce articles none as wide were labels
_MENU = MARKS["menu"]
_MENU_TAGS = frozenset(("nav", "footer"))
_LEVELS_OF_MENU = 12
_LEVELS_OF_BOX = 4
_LABEL = 14  # letters; a headline of the development pages that is shorter stands beside longer ones
_LINES_BEFORE = 4
_ANNOUNCING = 40
_NO_LIST = -1
_CLAUSES = re.compile("[，。；]")
_KEYWORD_END = re.compile("[,，、;；|]")
_BY_WORDS = 0.7  # likelihood of a list that the words above it tell
_OPEN = 0.25  # by leaving sites out, of 55 links in groups from here to 0.55 under such words 49 were of a list
_ARTICLES = Announced.RELATED | Announced.POPULAR | Announced.LATEST | Announced.TOPIC
_NO_ARTICLES = Announced.OTHER | Announced.TAGS | Announced.HOT_TAGS
_BODY_BEFORE = 160  # letters of plain text between a heading and its first link: the heading is of that text


class JudgedLinks:
    """The groups of one page; `body` are the numbers of the blocks that are, roughly, the article's text."""

    def __init__(
        self,
        document: Document,
        outline: Outline,
        body: AbstractSet[int],
        *,
        model: LinkModel | None = None,
        labelled: Labelled = NOTHING,
    ) -> None:
        self.labelled = labelled
        self.document = document
        self.outline = outline
        self.body = body
        self._model = model or link_model()
        self.reader = LinkReader(document, page_url=None if document.url else canonical_url(document))
        self._measured = GroupReader(Grouping(outline, self.reader), body)
        self.boxes = self._measured.boxes
        self.groups: list[LinkGroup] = self._measured.groups
        self._heads: dict[int, bool] = {}
        self._openings: dict[int, int] = {}  # by number of the heading's block

    @cached_property
    def keywords(self) -> frozenset[str]:
        """Those the page declares, folded."""
        values = [candidate.value for candidate in self.document.structured.keywords]
        return frozenset(fold(word.strip()) for value in values for word in _KEYWORD_END.split(value)) - {""}

    @cached_property
    def probabilities(self) -> list[float]:
        """How likely each group is a list of articles; a link inside a sentence never is one."""
        probabilities = [0.0] * len(self.groups)
        asked = [number for number, may in enumerate(self._candidates) if may]
        if asked:
            likely = self._model.probabilities(self.measure(asked))
            for number, probability in zip(asked, likely.tolist(), strict=True):
                probabilities[number] = probability
        for group in self.groups:
            probability = probabilities[group.number]
            if probability < _BY_WORDS and (self._is_beside_page(group) or self._is_announced(group, probability)):
                probabilities[group.number] = _BY_WORDS
        return probabilities

    def _is_announced(self, group: LinkGroup, probability: float) -> bool:
        """A heading says that these are articles, and nothing else: what it says outweighs how its links are set.

        Labels of sections stand below such a heading, too, so that links which are unlike articles have to be wide.
        """
        if not self._candidates[group.number] or not (probability >= _OPEN or self._are_headlines(group)):
            return False
        if group.heading is not None and self.heads(group):
            announced = group.heading.announced
        else:
            line = None if self._is_in_menu(group.anchors[0].node) else self.announcing_block(group.anchors[0])
            announced = announced_by(line.text) if line else Announced.NOTHING
        if not announced & _ARTICLES or announced & _NO_ARTICLES:
            return False
        links = [self.reader.read(anchor.href) for anchor in group.anchors]
        return all(link is not None and link.own and not _is_label(link) for link in links)

    def _are_headlines(self, group: LinkGroup) -> bool:
        return len(group.anchors) > 1 and self._measured.mean_width(group.number) >= _WIDE

    def _is_beside_page(self, group: LinkGroup) -> bool:
        """A heading calls them related, and they stand where this page does: then short titles are titles all the same.

        Elsewhere, what is short below such a heading is the name of a section, a subject or an author.
        """
        announced = group.heading.announced if group.heading else Announced.NOTHING
        if group.in_sentence or not announced & Announced.RELATED or announced & Announced.OTHER:
            return False
        page = self.reader.page
        links = [link for anchor in group.anchors if (link := self.reader.read(anchor.href)) and not link.self_link]
        folder = page.key.rpartition("/")[0] if page else ""
        is_beside = "/" in folder and bool(links) and all(_is_page_of(link, folder) for link in links)
        return is_beside and not any(is_more(anchor.text) for anchor in group.anchors) and self.heads(group)

    def measure(self, numbers: Sequence[int]) -> NDArray[np.float64]:
        """A row of measurements for each group named."""
        return self._measured.rows(numbers)

    def may_be_list(self, group: LinkGroup) -> bool:
        """The links stand by themselves, and lead to other pages of this site; they are more than labels of a menu."""
        return self._candidates[group.number]

    @cached_property
    def _candidates(self) -> list[bool]:
        return [self._is_candidate(group) for group in self.groups]

    def _is_candidate(self, group: LinkGroup) -> bool:
        if group.in_sentence:
            return False
        sampled = self._measured.sampled(group)
        mean = sum([width(anchor.text) for anchor in sampled]) / len(sampled)
        if mean <= _LABEL and not any(anchor.image for anchor in sampled):
            # "Read more" leads to an article whose headline stands beside it, unlinked.
            may = all(is_more(anchor.text) for anchor in sampled)
        else:
            may = any(map(_may_be_headline, group.anchors))
        return may and self._leads_to_articles(sampled, mean)

    def _leads_to_articles(self, sampled: Sequence[Anchor], mean: float) -> bool:
        page = self.reader.page
        is_own = is_article = False
        for anchor in sampled:
            link = self.reader.read(anchor.href)
            if link is not None:
                is_own = is_own or (link.own and not link.self_link)
                is_article = is_article or link.article or (page is not None and link.pattern == page.pattern)
                if is_own and is_article:
                    return True
        if not is_own:
            return False
        # Of 1,650 groups of the development pages this leaves out half, and none that is labelled a list.
        return (mean == 0 or mean >= _HEADLINE) and not self._is_in_menu(sampled[0].node)

    def _is_in_menu(self, node: int) -> bool:
        parents, tags = self.outline.parents, self.outline.tags
        for level in range(_LEVELS_OF_MENU):
            if node < 0:
                break
            if tags[node] in _MENU_TAGS or (level < _LEVELS_OF_BOX and self.boxes.marks[node] & _MENU):
                return True
            node = parents[node]
        return False

    @property
    def last_body(self) -> int:
        """The last block of the body; 0 for a page without one."""
        return max(self._measured.last_body, 0)

    @property
    def body_node(self) -> int:
        """The lowest node around the body; 0 for a page without one."""
        return self._measured.body_node

    def block_of(self, anchor: Anchor) -> int:
        """The block of a link; of an image-only one the next."""
        return self._measured.block_of(anchor)

    def heads(self, group: LinkGroup) -> bool:
        """The heading of the group stands right above its list; no text and no other list stands between them."""
        if group.heading is None:
            return False
        if group.number not in self._heads:
            self._heads[group.number] = self._is_headed(group, group.heading)
        return self._heads[group.number]

    def _is_headed(self, group: LinkGroup, heading: Heading) -> bool:
        number = heading.block.number
        if number not in self._openings:
            self._openings[number] = self._opening(heading)
        opening = self._openings[number]
        if opening == _NO_LIST:
            return False
        first = self.groups[min(opening, group.number)]
        part, own = self._part(heading, first), self._part(heading, group)
        return part == own or (part is not None and own is not None and self._continues(part, own))

    def _opening(self, heading: Heading) -> int:
        """The number of the first group under a heading that may be a list, or one beyond all; `_NO_LIST` where text
        stands between. Found once for all groups: some pages have thousands under one heading."""
        opening = self.block_of(self.outline.anchors[heading.first])
        between = self.outline.blocks[heading.block.number + 1 : opening]
        if sum(len(block.text) - block.linked for block in between) > _BODY_BEFORE:
            return _NO_LIST
        return next((number for number in heading.groups if self._candidates[number]), len(self.groups))

    def _continues(self, part: int, other: int) -> bool:
        """The second half of a list: a box like the first, right behind it."""
        first, second = self.outline.blocks_of(part), self.outline.blocks_of(other)
        return self.outline.tags[part] == self.outline.tags[other] and first.stop == second.start

    def _part(self, heading: Heading, group: LinkGroup) -> int | None:
        """The child of the heading's box that holds the group; None for a group that is spread over it."""
        node = group.place
        while node > heading.scope and self.outline.parents[node] != heading.scope:
            node = self.outline.parents[node]
        return node if node > heading.scope else None

    def is_menu_around_page(self, group: LinkGroup) -> bool:
        """The contents of a manual: a menu in which the page itself is marked as the one that is read."""
        outline = self.outline
        if not self._marks_current or not self._is_in_menu(group.anchors[0].node):
            return False
        numbers = outline.anchors_of(group.place)
        return any(numbers.start <= number < numbers.stop for number in self._marks_current)

    @cached_property
    def _marks_current(self) -> list[int]:
        """Numbers of the links that are marked as leading to the page itself."""
        if not self.document.tree.having("aria-current"):
            return []
        attributes = self.outline.attributes
        return [each.number for each in self.outline.anchors if attributes[each.node].get("aria-current") == "page"]

    def announcing_block(self, first: Anchor, *, levels: int = 4) -> TextBlock | None:
        """A short line just before a list that announces it, though nothing but its words tells it for a heading."""
        number = self.block_of(first)
        for block in reversed(self.outline.blocks[max(0, number - _LINES_BEFORE) : number]):
            if block.number in self.body or len(block.text) > _ANNOUNCING:
                return None
            is_other = looks_like_time(block.text) or _CLAUSES.search(block.text)
            announced = Announced.NOTHING if is_other else announced_by(block.text)
            if announced & Announced.ADJACENT and block.linked and without_direction(block.text):
                return None  # the link to the next article itself
            if announced & ~(Announced.OTHER | Announced.TAGS) and block.node < first.node:
                common = self.outline.common_ancestor(block.node, first.node)
                is_near = self.outline.depths[first.node] - self.outline.depths[common] <= levels + 4
                return block if is_near else None
        return None


def _is_label(link: LinkUrl) -> bool:
    """The name of an author, a subject or a section."""
    return not link.article and (link.author or link.tag or link.category)


def _is_page_of(link: LinkUrl, folder: str) -> bool:
    """A name of one word without a number is that of a section, too."""
    return link.key.rpartition("/")[0] == folder and (link.slug > 1 or link.digits > 0)


def _may_be_headline(anchor: Anchor) -> bool:
    if _COMMENT in anchor.href or anchor.text.startswith(_ADDRESSES):
        return False
    return bool(anchor.image) or len(anchor.text) > _LABEL or width(anchor.text) > _LABEL
