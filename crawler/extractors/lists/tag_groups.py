"""Which groups of links are tags: of the article, or of the whole site."""

from bisect import bisect

from crawler.extractors.lists.judged_links import JudgedLinks
from crawler.extractors.lists.link_groups import LinkGroup
from crawler.extractors.lists.tag_evidence import SURE, Evidence, TagGroup, may_be_tags
from models.items import TagListKind

_CARD_LINKS = 6  # from the headline of one card to that of the next
_FAR_BEHIND = 2.0


def find_tag_groups(links: JudgedLinks) -> dict[int, TagGroup]:
    """The groups that are tags, by number."""
    found: dict[int, TagGroup] = {}
    likely = [group for group in links.groups if may_be_tags(links, group)]
    headlines = _headlines(links) if likely else []
    for group in likely:
        evidence = Evidence(links, group, links.probabilities[group.number])
        judged = evidence.judge(in_card=_is_in_cards(group, headlines))
        if judged is not None:
            found[group.number] = judged
    best = max((each.score for each in found.values() if each.kind is TagListKind.ARTICLE), default=0.0)
    # What is hardly a tag beside tags that are surely some is a label of something else.
    return {
        number: each
        for number, each in found.items()
        if each.kind is TagListKind.HOT or each.score >= min(SURE, best - _FAR_BEHIND)
    }


def _headlines(links: JudgedLinks) -> list[tuple[int, int]]:
    """Links that are likely headlines of lists, each with what tells its list: its heading, or else its group."""
    return sorted(
        (anchor.number, id(group.heading if links.heads(group) else group))
        for group, probability in zip(links.groups, links.probabilities, strict=True)
        if probability >= 0.5
        for anchor in group.anchors
    )


def _is_in_cards(group: LinkGroup, headlines: list[tuple[int, int]]) -> bool:
    """The links stand between headlines of one list that follow each other closely: labels of their cards."""
    inside = 0
    for anchor in group.anchors:
        place = bisect(headlines, (anchor.number, 0))
        if 0 < place < len(headlines):
            (before, one), (after, other) = headlines[place - 1], headlines[place]
            inside += one == other and after - before <= _CARD_LINKS
    return inside > 0.5 * len(group.anchors)
