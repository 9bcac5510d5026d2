import sys
from random import Random
from types import FrameType

from hypothesis import given
from hypothesis import strategies as st

from crawler.document import Document
from crawler.extractors import extract_page
from crawler.extractors.lists.link_clusters import Cluster, Clustering
from crawler.extractors.lists.link_groups import LinkGroup
from crawler.extractors.tree.outline import Outline, TextBlock, outline_of

OPEN, CLOSE = "<div>", "</div>"
WORDS = "market trade port ship goods price growth report country percent export import crane quarter year".split()
LINK = '<a href="/a">Crane</a>'


def belongs(outline: Outline, cluster: Cluster, group: LinkGroup, title: TextBlock | None) -> bool:
    """The rule itself, asked of one list."""
    if group.lead or cluster.lead:
        return group.lead == cluster.lead
    if title is not None or cluster.title is not None:
        return title == cluster.title
    last = cluster.groups[-1]
    common = outline.common_ancestor(last.place, group.place)
    is_near = outline.depths[common] >= outline.depths[last.place] - 2
    return is_near or group.anchors[0].number <= last.anchors[-1].number


@given(
    st.lists(st.sampled_from((OPEN, CLOSE, LINK, LINK)), min_size=4, max_size=60),
    st.lists(st.tuples(st.integers(0, 4), st.sampled_from(("", "", "", "lead", "title"))), min_size=1, max_size=20),
)
def test_a_group_joins_the_latest_list_it_belongs_to(parts: list[str], kinds: list[tuple[int, str]]) -> None:
    outline = outline_of(Document.parse(f"<html><body><p>Port</p>{''.join(parts)}{LINK}</body></html>"))
    block, anchors = outline.blocks[0], outline.anchors
    clustering = Clustering(outline)
    for number, (more, kind) in enumerate(kinds[: len(anchors)]):
        members = [anchors[number], *anchors[number + more : number + more + 1]]
        place = outline.common_ancestor(members[0].node, members[-1].node)
        lead, title = kind if kind == "lead" else "", block if kind == "title" else None
        group = LinkGroup(members, None, lead, in_sentence=False, number=number, place=place)
        before = list(clustering.clusters)
        expected = next((each for each in reversed(before) if belongs(outline, each, group, title)), None)

        clustering.add(group, title, 0.9)

        joined = clustering.clusters[-1] if expected is None else expected
        assert len(clustering.clusters) == len(before) + (expected is None)
        assert joined.groups[-1] is group


def calls(html: str) -> int:
    """Made by Python functions and generators to extract the page."""
    count = 0

    def note(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal count
        count += event == "call"

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        extract_page(html, url="https://news.example.com/a.html")
    finally:
        sys.setprofile(before)
    return count


def page_of(cards: int) -> str:
    """Cards of many classes, of which many are lists of their own."""
    random = Random(1)  # noqa: S311  # a page, no secret

    def words(count: int) -> str:
        return " ".join(random.choices(WORDS, k=count)).capitalize()

    return "<html><body><div><article><h1>Port buys a second crane</h1>{}</article></div></body></html>".format(
        "".join(
            f'<div class="c{number % 50}"><h3><a href="/a/{number}">{words(7)}.</a></h3><p>{words(40)}.</p>'
            f'<span class="date">2024-03-{number % 28 + 1:02}</span></div>'
            for number in range(cards)
        )
    )


def test_four_times_the_cards_are_four_times_the_work() -> None:
    calls(page_of(1))  # models are loaded

    # Of fewer cards no text is read: such a page is no article.
    assert calls(page_of(4000)) < 4.5 * calls(page_of(1000))
