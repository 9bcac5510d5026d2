"""Selectors of elements: they lead back to the element, by its names where it has any."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from crawler.document import Document
from crawler.markup.selectors import selectors_of

TAGS = st.sampled_from(["div", "p", "ul", "li", "section", "span", "a", "x-card", "o:p"])
NAMES = st.sampled_from(
    ["", "main", "item", "item card", "post-1827", "is-open", "css-1a2b3c", "中文", "a:b", "-", "1st"]
)
TREES: st.SearchStrategy[Any] = st.recursive(
    st.builds(lambda tag, name: (tag, name, []), TAGS, NAMES),
    lambda below: st.builds(lambda tag, name, kids: (tag, name, kids), TAGS, NAMES, st.lists(below, max_size=4)),
    max_leaves=12,
)


def markup(tree: Any) -> str:
    tag, name, below = tree
    return f'<{tag} class="{name}" id="{name}">{"".join(map(markup, below))}x</{tag}>'


@given(tree=TREES)
@settings(max_examples=60)
def test_each_selector_finds_its_element_and_says_how_many_others(tree: Any) -> None:
    document = Document.parse(f"<html><body>{markup(tree)}</body></html>")

    for element in document.root.iter(etree.Element):
        for selector in selectors_of(element):
            found = [each.root for each in document.selector.css(selector.css)]
            assert element in found
            assert len(found) == selector.matches


@pytest.mark.parametrize(
    ("html", "css"),
    [
        pytest.param('<p class="x">1</p><p id="it" class="plug">2</p>', "p#it", id="by-id"),
        pytest.param('<p>1</p><p class="plug small wide">2</p>', "p.plug.small", id="by-class"),
        pytest.param('<div class="a"><p>1</p></div><div class="it"><p>2</p></div>', "div.it p", id="by-what-is-around"),
        pytest.param('<p class="post-1827">1</p><p>2</p>', "p:nth-of-type(2)", id="numbers-are-no-names"),
        pytest.param('<p class="is-open">1</p><p class="active">2</p>', "p:nth-of-type(2)", id="states-are-no-names"),
    ],
)
def test_the_shortest_name_is_taken(html: str, css: str) -> None:
    root = Document.parse(f"<html><body>{html}</body></html>").root
    (element,) = (each for each in root.iter("p") if each.text == "2")

    assert selectors_of(element)[-1].css.endswith(css)


def test_what_shares_its_names_is_offered_with_all_the_others_and_by_its_place() -> None:
    root = Document.parse('<html><body><ul class="l"><li class="i">1</li><li class="i">2</li></ul></body></html>').root

    named, placed = selectors_of(list(root.iter("li"))[1])

    assert (named.css, named.matches, named.is_by_place) == ("li.i", 2, False)
    assert (placed.css, placed.matches, placed.is_by_place) == ("ul.l > li:nth-of-type(2)", 1, True)
