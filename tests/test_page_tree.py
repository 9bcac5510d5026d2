"""The flat tree of a page says what lxml's tree of it says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from crawler.markup.tree import Node, PageTree, read_tree
from crawler.page_limits import USUAL, PageLimits

_PIECES = """
    <p> </p> <a_href=x> </a> <br> <div_id="1"> </div> <pre> <td> <table> </table> <li> <title>t <script>x<y</script>
    <svg> </svg> <head> <body> </body> </html> <html> <select> <option> one_ two _ &amp; &nbsp; 中文 <!--_c_--> <?pi?>
    <b>
"""
_FRAGMENTS = st.lists(st.sampled_from([piece.replace("_", " ") for piece in _PIECES.split()]), min_size=1, max_size=40)


def tree_of(markup: str, limits: PageLimits = USUAL) -> PageTree:
    tree = read_tree(markup.encode(), limits)
    assert tree is not None
    return tree


def lxml_root(markup: str) -> etree._Element:
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)
    return etree.fromstring(markup.encode(), parser=parser)


@given(_FRAGMENTS)
def test_any_markup_gives_the_elements_of_lxml(fragments: list[str]) -> None:
    markup = "<p>first" + "".join(fragments)
    elements = list(lxml_root(markup).iter())

    nodes = [Node(tree_of(markup), number) for number in range(len(elements))]

    assert [node.tag for node in nodes] == [element.tag for element in elements]
    assert [dict(node.attrib) for node in nodes] == [dict(element.attrib) for element in elements]
    assert [node.text for node in nodes] == [element.text or "" for element in elements]
    assert [node.tail for node in nodes[1:]] == [element.tail or "" for element in elements[1:]]
    assert [list(node.itertext()) for node in nodes] == [list(element.itertext()) for element in elements]
    assert [[child.number for child in node] for node in nodes] == [
        [elements.index(child) for child in element] for element in elements
    ]


@given(_FRAGMENTS)
def test_any_markup_gives_paths_that_lead_to_their_elements(fragments: list[str]) -> None:
    markup = "<p>first" + "".join(fragments)
    root = lxml_root(markup)
    tree = tree_of(markup)

    found = [root.find(tree.xpath(number).replace("/html", ".", 1)) for number in range(len(tree.tags))]

    assert found == list(root.iter())


def test_parents_and_siblings_are_found() -> None:
    tree = tree_of("<div><p>a</p><script>b</script><p>c</p></div>")
    last = Node(tree, tree.numbers_of("p")[1])

    near = [last.getprevious(), last.getparent()]

    assert [node.tag for node in near if node is not None] == ["script", "div"]
    assert Node(tree, 0).getparent() is None
    assert Node(tree, 0).getprevious() is None


def test_elements_that_stand_behind_the_page_are_no_part_of_it() -> None:
    tree = tree_of("<html><body><p>a</p></body></html><p>b</p>")

    assert tree.text_of(0) == "a"
    assert tree.tags == ["html", "body", "p"]


@pytest.mark.parametrize("levels", [510, 511, 600, 3000, 40_000])
def test_elements_that_nest_too_deep_stand_beside_each_other(levels: int) -> None:
    markup = "<p>a</p>" + "".join(f"<g>{number} " for number in range(levels)) + "<i>b</i>" + "c</g>" * levels + "d"

    tree = tree_of(markup, PageLimits(texts=2 * levels + 9))

    assert len(tree.tags) == levels + 4
    assert max(tree.depths) <= 512
    assert tree.text_of(0).split() == ["a" + "0", *map(str, range(1, levels)), "b" + "c" * levels + "d"]
    assert [tree.text_of(number) for number in tree.numbers_of("i")] == ["b"]
    assert len(tree.faults) == (levels + 2 > 512)
    assert all(tree.ends[n] <= tree.ends[tree.parents[n]] for n in range(1, len(tree.tags)))


def test_scripts_below_the_last_level_stay_apart_from_the_text() -> None:
    tree = tree_of("<g>" * 600 + "a<script>b</script>c")

    assert [tree.text_of(number) for number in tree.numbers_of("script")] == ["b"]
    assert tree.text_of(0) == "abc"


def test_a_page_ends_with_as_many_elements_as_are_read() -> None:
    markup = "<p>a<b>b</b></p>" * 10

    tree = read_tree(markup.encode(), PageLimits(elements=7))

    assert tree is not None
    assert (tree.tags, tree.text_of(0)) == (["html", "body", "p", "b", "p", "b", "p"], "abab" + "a")
    assert tree.faults == ("the page has 22 elements; what is behind the first 7 is left out",)


def test_a_page_ends_with_as_many_runs_of_text_as_are_read() -> None:
    markup = "<p>a &amp; b<b> </b><i>c</i></p>" * 10

    tree = read_tree(markup.encode(), PageLimits(texts=3))

    assert tree is not None
    assert tree.text_of(0) == "a & b ca & b "
    assert tree.tags == ["html", "body", "p", "b", "i", "p", "b", "i"]
    assert tree.faults == ("the page has more than 3 pieces of text; what is behind these is left out",)


@given(_FRAGMENTS)
def test_a_page_of_as_many_runs_of_text_as_are_read_is_whole(fragments: list[str]) -> None:
    markup = "<p>first" + "".join(fragments)
    whole = tree_of(markup)

    tree = read_tree(markup.encode(), PageLimits(texts=max(len(whole.spoken), 1)))

    assert tree is not None
    assert (tree.tags, tree.text_of(0)) == (whole.tags, whole.text_of(0))


@given(_FRAGMENTS)
def test_a_page_of_as_many_elements_as_are_read_is_whole(fragments: list[str]) -> None:
    markup = "<p>first" + "".join(fragments)
    whole = tree_of(markup)

    tree = read_tree(markup.encode(), PageLimits(elements=len(whole.tags)))

    assert tree is not None
    assert (tree.tags, tree.text_of(0)) == (whole.tags, whole.text_of(0))


def test_of_an_element_so_many_attributes_are_read() -> None:
    tree = tree_of("<p " + " ".join(f"a{number}={number}" for number in range(300)) + ">x")

    assert list(tree.attributes[2].items()) == [(f"a{number}", str(number)) for number in range(256)]
    assert tree.faults == ("an element has 300 attributes; the first 256 are read",)
    assert tree.having("a255") == [2]
    assert tree.having("a256") == []


def test_libxml2_reads_a_tag_in_a_time_that_is_linear_in_its_attributes() -> None:
    assert etree.LIBXML_VERSION >= (2, 14)  # before, 50,000 attributes took 20 s


def test_a_page_without_elements_has_no_tree() -> None:
    assert read_tree(b"<!-- nothing -->") is None


@given(_FRAGMENTS)
def test_elements_are_found_by_tags_and_by_attribute(fragments: list[str]) -> None:
    tree = tree_of("<p>first" + "".join(fragments))

    assert tree.numbers_of("p", "li", "video") == [n for n, tag in enumerate(tree.tags) if tag in ("p", "li")]
    assert tree.having("href") == [n for n, attributes in enumerate(tree.attributes) if "href" in attributes]


@given(_FRAGMENTS)
def test_an_element_says_something_where_a_piece_of_more_than_white_space_begins_in_it(fragments: list[str]) -> None:
    tree = tree_of("<p>first" + "".join(fragments))

    inside = [
        bool(((tree.spoken >= start) & (tree.spoken < stop)).any())
        for start, stop in zip(tree.starts, tree.stops, strict=True)
    ]

    assert inside == [bool(tree.text_of(number).strip()) for number in range(len(tree.tags))]
