"""What speaks for and against a group of links being tags."""

import re
from dataclasses import dataclass
from functools import cached_property

from crawler.extractors.lists.class_words import MARKS, is_more, width
from crawler.extractors.lists.judged_links import JudgedLinks
from crawler.extractors.lists.link_groups import LinkGroup
from crawler.extractors.lists.link_targets import names_kind
from crawler.extractors.lists.link_urls import LinkUrl
from crawler.extractors.lists.list_kinds import Announced, announced_by
from crawler.extractors.tree.outline import Anchor
from crawler.markup.text import fold
from models.items import TagListKind

_TAGS, _MENU, _CLOUD_WORD = MARKS["tags"], MARKS["menu"], MARKS["cloud"]
_OF_TAGS = Announced.TAGS | Announced.TOPIC | Announced.HOT_TAGS
_LABEL = 32  # letters of a usual label; headlines are twice as long
_SHORT_LABEL = 24  # no list of headlines is as short in the mean
_LONGEST_LABEL = 70
_LEVELS = 6
_MEASURED = 30  # links of a group whose labels are looked at
_SAMPLED = 5  # links whose addresses are looked at; the others are set alike
_ENOUGH = 2.0
_ENOUGH_ALONE = 2.5  # of a row of one
SURE = 4.0
_CLOUD = 20  # tags; no article of the development pages has as many of its own
_NEAR = 4  # blocks between the heading of a row of tags and the row
_LONGEST_LEAD = 24
_FURNITURE = MARKS["crumb"] | MARKS["share"] | MARKS["author"] | MARKS["comment"]
_CATEGORY_WORD = re.compile(r"(?i)categor|kategor|catégor|分类|分類|カテゴリ")
_TAG_WORD = re.compile(r"(?i)tag|标签|標籤|タグ|태그|etiket|etiquet|schlagw")
_FURNITURE_TAGS = frozenset(("nav", "header", "footer"))
_HEADING_TAGS = frozenset("h1 h2 h3 h4 h5 h6".split())


@dataclass(frozen=True, slots=True)
class TagGroup:
    group: LinkGroup
    kind: TagListKind
    score: float


def label_lead(text: str) -> str:
    """The words of a link before its label that say what it is, "More about:" of "More about: Harbour"; else ""."""
    if ":" not in text:
        return ""
    lead, colon, label = text.partition(":")
    if not label or len(lead) > _LONGEST_LEAD:
        return ""
    return lead + colon if announced_by(lead) & (Announced.TAGS | Announced.TOPIC) else ""


def may_be_tags(judged: JudgedLinks, group: LinkGroup) -> bool:
    """Something tells the group for tags; of ten groups nine are not looked at closer."""
    if group.in_sentence:
        return False
    told = announced_by(group.lead) if group.lead else group.heading.announced if group.heading else 0
    if told & _OF_TAGS or label_lead(group.anchors[0].text) or _has_relation(judged, group):
        return True
    if judged.boxes.is_near(group.anchors[0].node, _TAGS, levels=_LEVELS):
        return True
    return len(group.anchors) >= 3 and names_kind(group.anchors[1].href)


def _has_relation(judged: JudgedLinks, group: LinkGroup) -> bool:
    outline, anchors = judged.outline, group.anchors
    for anchor in (anchors[0], anchors[len(anchors) // 2]):
        if anchor.node in outline.related and "tag" in outline.attributes[anchor.node]["rel"]:
            return True
    return False


class Evidence:
    """What speaks for and against one group."""

    def __init__(self, judged: JudgedLinks, group: LinkGroup, probability: float) -> None:
        self.judged = judged
        self.outline = judged.outline
        self.group = group
        self.probability = probability
        step = max(1, len(group.anchors) // _MEASURED)
        sampled = group.anchors[::step][:_MEASURED]
        self.labelled: list[Anchor] = [anchor for anchor in sampled if anchor.text and not is_more(anchor.text)]
        """Of a long row some: the others are set alike."""

    def judge(self, *, in_card: bool) -> TagGroup | None:
        if not self.labelled or self.group.in_sentence or self._is_running_text() or self._is_heading():
            return None
        hot = self._hot()
        if hot and (not in_card or hot >= SURE):
            return TagGroup(self.group, TagListKind.HOT, hot)
        if self.mean > _LABEL or max(width(anchor.text) for anchor in self.labelled) > _LONGEST_LABEL:
            return None
        told = self._heading_score(), self._rel_score(), self._class_score(), self._row_score()
        # What the addresses say can add no more than two, and costs most to ask.
        if sum(told) + 2.0 < _ENOUGH or not self._may_be_tags():
            return None
        score = sum(told) + self._address_score() - (2.5 if in_card and told[0] < 3 else 0.0)
        if score < (_ENOUGH if len(self.labelled) > 1 else _ENOUGH_ALONE) or max(told) < 1:
            return None
        return TagGroup(self.group, TagListKind.HOT if self._is_cloud() else TagListKind.ARTICLE, score)

    def _is_running_text(self) -> bool:
        """Keywords linked where the body mentions them."""
        blocks = (self.outline.blocks[anchor.block] for anchor in self.labelled if anchor.block is not None)
        said = [block for block in blocks if block.number in self.judged.body and 2 * block.linked < len(block.text)]
        return 2 * len(said) > len(self.labelled)

    def _is_heading(self) -> bool:
        """One link that heads a list of its section: below an empty row of tags it looks like the row."""
        if len(self.group.anchors) > 1 or self.labelled[0].block is None:
            return False
        return self.outline.blocks[self.labelled[0].block].tag in _HEADING_TAGS

    @cached_property
    def mean(self) -> float:
        """Mean width of the labels."""
        return sum(width(anchor.text) for anchor in self.labelled) / len(self.labelled)

    def _may_be_tags(self) -> bool:
        if len(self.links) < 0.5 * min(_SAMPLED, len(self.labelled)):
            return False
        return self._is_cloud() or not self._are_categories() or self._may_be_categories()

    def _are_categories(self) -> bool:
        """All the categories of the site, or the section of the article."""
        if self._is_headed_categories() or all("category" in rel for rel in self.rels):
            return True
        return bool(self.links) and all(link.category for link in self.links)

    def _may_be_categories(self) -> bool:
        if not self.announced & (Announced.TAGS | Announced.TOPIC) and len(self.labelled) == 1:
            return False
        return self.is_by_article and len(self.labelled) <= (5 if self._is_headed_categories() else 10)

    def _is_headed_categories(self) -> bool:
        heading = self.group.heading
        return not self.group.lead and heading is not None and bool(_CATEGORY_WORD.search(heading.block.text))

    @cached_property
    def is_by_article(self) -> bool:
        """In the box of the body, in one of those around it, or right behind the body."""
        if not self.judged.body or self.in_furniture:
            return False
        if 0 < self.judged.block_of(self.group.anchors[0]) - max(self.judged.body) <= _NEAR:
            return True
        node = self.judged.body_node
        common = self.outline.common_ancestor(node, self.group.place)
        return self.outline.depths[node] - self.outline.depths[common] <= 3

    @cached_property
    def links(self) -> list[LinkUrl]:
        sampled = self.labelled[:: max(1, len(self.labelled) // _SAMPLED)][:_SAMPLED]
        return [link for anchor in sampled if (link := self.judged.reader.read(anchor.href)) is not None]

    @cached_property
    def announced(self) -> int:
        if self.group.lead:
            return announced_by(self.group.lead)
        if all(label_lead(anchor.text) for anchor in self.labelled):
            return Announced.TAGS
        heading = self.group.heading
        if heading is None or not self.judged.heads(self.group):
            return Announced.NOTHING
        if self.judged.block_of(self.group.anchors[0]) - heading.block.number > _NEAR and not self._leads_scope():
            return Announced.NOTHING
        # "45 tags" counts those of the site.
        return Announced.NOTHING if heading.block.text[0].isdigit() else heading.announced

    def _leads_scope(self) -> bool:
        heading = self.group.heading
        return heading is not None and self.judged.groups[heading.groups[0]] is self.group

    @cached_property
    def marks(self) -> list[int]:
        """Of the links' own box, then of the boxes around it."""
        ancestors = zip(self.outline.ancestors(self.group.anchors[0].node), range(_LEVELS), strict=False)
        return [self.judged.boxes.marks[node] for node, _ in ancestors]

    def _heading_score(self) -> float:
        if self.announced & Announced.TAGS or (self.announced & Announced.HOT_TAGS and self._are_declared()):
            return 0.5 if self.in_furniture else 3.0
        if self.announced & Announced.TOPIC:
            return 2.0 if self._are_sections() and not self.group.lead else 1.0
        if self.announced & Announced.OTHER:
            return -2.0
        return -1.0 if self.announced and self.probability > 0.3 else 0.0

    def _are_sections(self) -> bool:
        return all(link.own and not link.article and link.depth <= 3 for link in self.links)

    @cached_property
    def rels(self) -> list[list[str]]:
        return [self.outline.attributes[anchor.node].get("rel", "").lower().split() for anchor in self.labelled]

    def _rel_score(self) -> float:
        share = sum("tag" in rel for rel in self.rels) / len(self.rels)
        return 3.0 * share if share >= 0.5 else 0.0

    def _class_score(self) -> float:
        score = 0.0
        for level, mask in enumerate(self.marks):
            if mask & _TAGS:
                score = 2.0 if level <= 3 else 1.0
                break
        near = self.marks[:3]
        if any(mask & _FURNITURE and not mask & _TAGS for mask in near):
            score -= 3.0
        if not self.is_by_article and any(mask & _MENU for mask in near):
            score -= 4.0
        if self.in_furniture:
            score -= 3.0
        return score

    def _row_score(self) -> float:
        """Three or more links to tags and to nothing else, beside the article."""
        if len(self.labelled) < 3 or not self.is_by_article:
            return 0.0
        return float(bool(self.links) and all(link.tag and link.own for link in self.links))

    def _address_score(self) -> float:
        if not self.links:
            return 0.0
        count = len(self.links)
        score = 0.0
        if sum(link.author for link in self.links) > 0.5 * count or self._is_trail():
            score -= 3.0
        if sum(link.tag for link in self.links) >= 0.5 * count:
            score += 2.0
        elif sum(link.category for link in self.links) >= 0.5 * count:
            score += 0.5
        if (
            not self.announced & Announced.TAGS
            and sum(link.article and not link.section for link in self.links) > 0.5 * count
        ):
            score -= 1.5
        if not all(link.own for link in self.links):
            score -= 2.0
        if self.probability >= 0.5:
            score -= 1.5
        return score

    def _is_trail(self) -> bool:
        """From the first page of the site down to this one."""
        return self.links[0].home and not self.announced & Announced.TAGS

    @cached_property
    def in_furniture(self) -> bool:
        """In a menu, a page header or footer; the header and footer of the article are none."""
        inside = False
        for node in self.outline.ancestors(self.group.anchors[0].node):
            tag = self.outline.tags[node]
            if tag in ("article", "main") or node == self.judged.body_node > 0:
                return False
            inside = inside or tag in _FURNITURE_TAGS
        return inside

    def _hot(self) -> float:
        """How sure the group is the hot tags of the site; 0 for no."""
        if not self.announced & Announced.HOT_TAGS or self._are_declared():
            return 0.0
        heading = self.group.heading.block.text if self.group.heading and not self.group.lead else self.group.lead
        if _TAG_WORD.search(heading):
            return 4.0
        if len(self.labelled) < 3 or self.mean > _LABEL:
            return 0.0
        before = self.judged.block_of(self.group.anchors[-1]) < min(self.judged.body, default=0)
        return 3.0 if before or self.probability < 0.5 or self.mean <= _SHORT_LABEL else 0.0

    def _are_declared(self) -> bool:
        """All are keywords that the page declares its own: some sites call an article's tags hot."""
        if not self.judged.keywords or not self.is_by_article:
            return False
        return all(fold(anchor.text.strip("# ")) in self.judged.keywords for anchor in self.labelled)

    def _is_cloud(self) -> bool:
        if len(self.labelled) >= _CLOUD:
            return True
        if len(self.labelled) < 5 or self.is_by_article:
            return False
        if self.judged.block_of(self.group.anchors[-1]) < min(self.judged.body, default=0):
            return True
        return not self.is_by_article and any(marks & _CLOUD_WORD for marks in self.marks)
