"""An archived page in its frame: outlined where the panels were found, and inert."""

from typing import Any

import pytest

pytest.importorskip("nh3", reason="the pages need the extra web: pip install 'triptych[web]'")

from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from pipelines.browse.archived import Outlined, inert_document

BODY = Outlined("body-1", "body", "body", "/html/body/div")


def document(markup: str | bytes, *outlines: Outlined, encoding: str | None = "utf-8") -> Any:
    raw = markup.encode() if isinstance(markup, str) else markup
    return html.fromstring(inert_document(raw, encoding=encoding, outlines=outlines, title="<t>"))


@pytest.mark.parametrize(
    ("xpath", "texts"),
    [
        pytest.param("/html/body/div", ["one"], id="one-element"),
        pytest.param("/html/body/div | /html/body/p[2]", ["one", "three"], id="a-union"),
        pytest.param("/html/body", ["one two three"], id="the-whole-page"),
        pytest.param("/html/body/aside", [], id="gone"),
        pytest.param("/html/body/[", [], id="no-xpath"),
        pytest.param("count(//p)", [], id="no-elements"),
        pytest.param("//p/text()", [], id="text"),
    ],
)
def test_each_node_of_a_panel_is_outlined(xpath: str, texts: list[str]) -> None:
    tree = document("<div>one</div> <p>two</p> <p>three</p>", Outlined("links-1", "links", "links: related", xpath))

    outlined = tree.xpath("//*[@data-panel='links']")

    assert [" ".join(node.text_content().split()) for node in outlined] == texts


def test_two_panels_of_one_element_have_a_place_each() -> None:
    tree = document("<div>both</div>", BODY, Outlined("body-2", "body", "body 2", BODY.xpath))

    (outlined,) = tree.xpath("//*[@data-panel]")

    assert outlined.get("data-label") == "body, body 2"
    assert tree.xpath("//@id") == ["body-1", "body-2"]
    assert outlined.text_content() == "both"


def test_an_element_of_the_pages_own_making_can_be_outlined() -> None:
    tree = document("<my-story>told</my-story>", Outlined("body-1", "body", "body", "/html/body/my-story"))

    assert [node.text_content() for node in tree.xpath("//*[@data-panel='body']")] == ["told"]


def test_a_page_cannot_pretend_to_outlines() -> None:
    tree = document('<div id="body-1" data-panel="body" data-label="body">not so</div>')

    assert tree.xpath("//@id | //@data-panel | //@data-label") == []


@pytest.mark.parametrize("encoding", ["gb18030", "no-such-encoding", None, "str"])
def test_a_page_is_read_in_its_encoding_where_that_is_known(encoding: str | None) -> None:
    tree = document("<div>港口</div>".encode("gb18030"), BODY, encoding=encoding)

    text = tree.xpath("//*[@data-panel]")[0].text_content()

    assert (text == "港口") is (encoding == "gb18030")


@given(st.lists(st.sampled_from(
    ["<script>", "</script>", "<style>", "<svg onload=x>", "<math>", "<a href='javascript:x'>", "<div onclick=x", ">",
     "<img src=x onerror=x>", "<!--", "-->", "<![CDATA[", "<base href='//x'>", "<meta http-equiv=refresh content=0>",
     "<iframe srcdoc='<script>x</script>'>", "<template>", "<form action=x>", "'", '"', "x", "&lt;script&gt;", "\0"]
), max_size=20))  # fmt: skip
def test_nothing_of_any_page_acts_or_loads(pieces: list[str]) -> None:
    tree = document("".join(pieces), BODY)

    attributes = {name for node in tree.xpath("//body//*") for name in node.keys()}  # noqa: SIM118  # elements are no mappings

    assert attributes <= {"id", "data-panel", "data-label", "dir", "colspan", "rowspan"}
    assert tree.xpath("//body//script | //body//style | //body//iframe | //body//form | //body//meta | //base") == []
