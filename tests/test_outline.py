import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.document import Document
from crawler.extractors.tree.outline import Break, Outline, outline_of, split_words


def outlined(body: str) -> Outline:
    return outline_of(Document.parse(f"<html><body>{body}</body></html>", url="https://example.com/a"))


def texts(body: str) -> list[str]:
    return [block.text for block in outlined(body).blocks]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param("<p>one <b>two</b>\n three</p>", ["one two three"], id="inline-joins"),
        pytest.param("<p>wo<b>rd</b></p>", ["word"], id="no-space-added-inside-a-word"),
        pytest.param("<div>a<p>b</p>c</div>", ["a", "b", "c"], id="text-around-a-child"),
        pytest.param("<div>a<br>b<br><br>c</div>", ["a", "b", "c"], id="line-breaks"),
        pytest.param("<div>a<span class='x br'></span>b</div>", ["a", "b"], id="line-break-by-class"),
        pytest.param("<h1>a<br>b</h1>", ["a b"], id="headline-over-two-lines"),
        pytest.param("<pre>a\n  b<br>c<div>d</div></pre>", ["a\n  b\nc\nd"], id="code-keeps-its-lines"),
        pytest.param("<table><tr><td>a<td>b<tr><td>c</table>", ["a", "b", "c"], id="cells"),
        pytest.param("<p>a<script>no()</script><style>no</style> b</p>", ["a b"], id="scripts-are-not-text"),
        pytest.param(
            "<noscript><p>no</p></noscript><template>no</template><svg><text>no</text></svg>", [], id="unseen"
        ),
        pytest.param("<select><option>no</select><textarea>no</textarea>", [], id="form-fields"),
        pytest.param("<div>a<script>x</script>b<br> <script>y</script>c</div>", ["ab", "c"], id="scripts-in-a-line"),
        pytest.param("<h2>a\u200b</h2><p>\u200b</p><p>b", ["a", "b"], id="invisible-letters"),
        pytest.param("<pre><div>a</div><pre>b</pre>\u200bc</pre>", ["a\nb\nc"], id="code-in-code"),
        pytest.param("<p> \u3000\u00a0 </p>", [], id="white-space-alone"),
    ],
)
def test_visible_text_is_cut_at_block_boundaries(body: str, expected: list[str]) -> None:
    assert texts(body) == expected


def test_a_block_knows_what_parts_it_from_the_one_before() -> None:
    blocks = outlined("<div>a<br>b<br> <br>c</div><p>d</p>").blocks

    assert [block.broken for block in blocks] == [Break.BLOCK, Break.LINE, Break.PARAGRAPH, Break.BLOCK]


def test_a_link_over_several_blocks_has_all_their_text_and_its_first_image() -> None:
    outline = outlined('<a href="/x"><img src="1.png" alt=" One "><h3>Head</h3><p>sum</p><img src="2.png"></a>')

    anchor = outline.anchors[0]

    assert (anchor.href, anchor.text, anchor.image, anchor.alt) == ("/x", "Head sum", "1.png", "One")
    assert [list(block.anchors) for block in outline.blocks] == [[0], [0]]
    assert [block.linked for block in outline.blocks] == [4, 3]


def test_links_in_a_sentence_count_only_their_own_letters() -> None:
    block = outlined('<p>see <a href="/a">this</a> and <a href="/b">that</a>, <a name="c">not this</a></p>').blocks[0]

    assert list(block.anchors) == [0, 1]
    assert block.linked == 8


@pytest.mark.parametrize(
    ("body", "text", "linked"),
    [
        pytest.param('<h1><a href="/x">a<br>b</a></h1>', "a b", [3], id="headline-over-two-lines"),
        pytest.param('<p><a href="/x">a<br>b</a></p>', "a b", [1, 1], id="line-break"),
        pytest.param('<p><a href="/x">a<script>x</script>b</a>c</p>', "ab", [2], id="script-inside"),
        pytest.param('<pre><a href="/x">a<div>b</div></a></pre>', "a b", [3], id="code"),
        pytest.param('<p><a href="/x">\u200b<svg></svg></a></p><p>c</p>', "\u200b", [0], id="invisible-letter-alone"),
    ],
)
def test_a_link_has_its_share_of_each_block(body: str, text: str, linked: list[int]) -> None:
    outline = outlined(body)

    assert [anchor.text for anchor in outline.anchors] == [text]
    assert [block.linked for block in outline.blocks] == linked


def test_white_space_before_a_line_break_ends_with_its_box() -> None:
    outline = outlined('<div> <br><a href="/x"><img src="i"></a></div><p>a</p>')

    assert [list(block.anchors) for block in outline.blocks] == [[]]


def test_an_image_link_has_no_block() -> None:
    anchor = outlined('<p>a</p><a href="/x"><img data-src="late.png" src="data:image/gif;base64,R0"></a>').anchors[0]

    assert anchor.block is None
    assert anchor.image == "late.png"


@pytest.mark.parametrize("body", ['<a href="/x">\u200b</a>', '<p>a</p><p><a href="/x">\u200b</a></p>'])
def test_a_link_of_an_invisible_letter_behind_all_blocks_has_none(body: str) -> None:
    (anchor,) = outlined(body).anchors

    assert anchor.block is None


def test_nested_links_are_taken_apart_as_in_browsers() -> None:
    outline = outlined('<a href="/outer">out<div><a href="/inner">in</a></div></a>')

    assert [(anchor.href, anchor.text) for anchor in outline.anchors] == [("/outer", "out"), ("/inner", "in")]


def test_a_subtree_is_a_range() -> None:
    outline = outlined('<div id="x"><p>a</p><p><a href="/b">b</a></p><img src="i.png"></div><p>c</p>')
    node = next(number for number in range(len(outline.nodes)) if outline.words(number) == ("x",))

    assert [outline.blocks[number].text for number in outline.blocks_of(node)] == ["a", "b"]
    assert [outline.anchors[number].href for number in outline.anchors_of(node)] == ["/b"]
    assert [outline.images[number].src for number in outline.images_of(node)] == ["i.png"]
    assert [outline.tags[child] for child in outline.children(node)] == ["p", "p", "img"]
    assert outline.text_of(node) == "a b"


def test_nodes_hidden_by_markup_are_read_and_said_to_be() -> None:
    outline = outlined('<div hidden><p>a</p></div><p style="display: none">b</p><p>c</p>')

    assert [outline.is_hidden(block.node) for block in outline.blocks] == [True, True, False]


@pytest.mark.parametrize(
    ("style", "is_hidden"),
    [
        ("DISPLAY : none", True),
        ("border:0;visibility:hidden", True),
        ("overflow:hidden", False),
        ("border:none;display:block", False),
        ("overflow:hidden;visibility:visible", False),
    ],
)
def test_of_styles_that_name_hiding_few_hide(style: str, is_hidden: bool) -> None:
    outline = outlined(f'<p style="{style}">b</p>')

    assert outline.is_hidden(outline.blocks[0].node) is is_hidden


def test_an_xpath_leads_to_the_node() -> None:
    outline = outlined("<div><p>a</p><!-- x --><p>b</p></div>")

    xpath = outline.xpath(outline.blocks[1].node)

    assert xpath == "/html/body/div/p[2]"
    assert outline.document.root.xpath(f"string({xpath})") == "b"


def test_a_common_ancestor_holds_both() -> None:
    outline = outlined("<div><section><p>a</p></section><p>b</p></div>")
    first, second = (block.node for block in outline.blocks)

    assert outline.tags[outline.common_ancestor(first, second)] == "div"
    assert outline.common_ancestor(first, first) == first


@pytest.mark.parametrize(
    ("name", "words"),
    [
        pytest.param("relatedPosts-list_2 hot", ("related", "posts", "list", "2", "hot"), id="camel-and-dashes"),
        pytest.param("HTMLText", ("html", "text"), id="capitals"),
        pytest.param("相关文章", ("相关文章",), id="chinese"),
    ],
)
def test_class_names_are_split_into_words(name: str, words: tuple[str, ...]) -> None:
    assert split_words(name) == words


def test_a_page_of_any_depth_is_walked() -> None:
    assert texts("<div>" * 1900 + "deep") == ["deep"]


_PIECES = """
    <p> </p> <a_href=x> </a> <br> <div> </div> <pre> </pre> <td> <table> </table> <li> <h2> </h2> <script> </script>
    one_ two _ <img_src=i> <span_hidden> </span>
"""
_FRAGMENTS = st.lists(st.sampled_from([piece.replace("_", " ") for piece in _PIECES.split()]), max_size=40)


@given(_FRAGMENTS)
def test_any_markup_gives_numbered_parts_in_document_order(fragments: list[str]) -> None:
    outline = outlined("".join(fragments) + "<p>end")

    assert [block.number for block in outline.blocks] == list(range(len(outline.blocks)))
    assert [anchor.number for anchor in outline.anchors] == list(range(len(outline.anchors)))
    assert all(block.text.strip() for block in outline.blocks)
    assert all(0 <= block.linked <= len(block.text) for block in outline.blocks)
    assert all(outline.parents[node] < node < outline.ends[node] for node in range(len(outline.nodes)))
    starts = [block.node for block in outline.blocks]
    assert all(number in outline.blocks_of(node) for number, node in enumerate(starts))
