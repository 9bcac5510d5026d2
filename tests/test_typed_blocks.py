import pytest

from crawler.document import Document
from crawler.extractors.body.typed_blocks import typed_blocks
from crawler.extractors.tree.outline import outline_of
from models.items import Article, Block, BlockType


def blocks_of(body: str) -> tuple[Block, ...]:
    outline = outline_of(Document.parse(f"<body><main>{body}</main></body>", url="https://example.com/a"))
    container = outline.tags.index("main")
    return typed_blocks(outline, frozenset(range(len(outline.blocks))), container=container)


@pytest.mark.parametrize(
    ("markup", "kind", "text", "level"),
    [
        pytest.param("<p>text</p>", BlockType.PARAGRAPH, "text", None, id="paragraph"),
        pytest.param("<div>text</div>", BlockType.PARAGRAPH, "text", None, id="plain-box"),
        pytest.param("<h3>text</h3>", BlockType.HEADING, "text", 3, id="heading"),
        pytest.param("<ul><li>text</ul>", BlockType.LIST_ITEM, "text", 1, id="list-item"),
        pytest.param("<ul><li><ol><li><p>text</ol></ul>", BlockType.LIST_ITEM, "text", 2, id="nested-list-item"),
        pytest.param("<blockquote><p>text</blockquote>", BlockType.QUOTE, "text", None, id="quote"),
        pytest.param("<pre><code>a\n  b</code></pre>", BlockType.CODE, "a\n  b", None, id="code"),
        pytest.param("<figure><figcaption>text</figure>", BlockType.CAPTION, "text", None, id="caption"),
    ],
)
def test_a_block_has_the_type_its_markup_says(markup: str, kind: BlockType, text: str, level: int | None) -> None:
    assert blocks_of(markup) == (Block(type=kind, text=text, level=level),)


def test_a_table_of_figures_is_one_block_of_rows_and_cells() -> None:
    table = "<table><tr><th>Year<th>Sales<tr><td>2025<td>1<b>2</b><tr><td>2026<td><p>3<p>4</table>"

    assert blocks_of(table) == (Block(type=BlockType.TABLE, text="Year\tSales\n2025\t12\n2026\t3 4"),)


@pytest.mark.parametrize(
    "table",
    [
        pytest.param("<table><tr><td>a<tr><td>b</table>", id="one-column"),
        pytest.param(f"<table><tr><td>a<td>{'b' * 400}<tr><td>c<td>d</table>", id="long-text-in-a-cell"),
        pytest.param("<table><tr><td><table><tr><td>a<td>b</table><td>c</table>", id="table-inside"),
    ],
)
def test_a_table_that_lays_out_the_page_gives_paragraphs(table: str) -> None:
    assert {block.type for block in blocks_of(table)} <= {BlockType.PARAGRAPH}


def test_line_numbers_beside_code_are_no_code() -> None:
    table = "<table><tr><td><pre>1\n2</pre><td><pre>a = 1\nb = 2</pre></table>"

    assert [block.text for block in blocks_of(table)] == ["a = 1\nb = 2"]


def test_images_stand_in_order_with_absolute_urls_and_once() -> None:
    found = blocks_of(
        '<p>a</p><img src="/1.png" alt="One"><img data-src="2.png" src="data:x"><p>b</p><img src="/1.png">'
    )

    assert [(block.type, block.text, block.url) for block in found] == [
        (BlockType.PARAGRAPH, "a", None),
        (BlockType.IMAGE, "One", "https://example.com/1.png"),
        (BlockType.IMAGE, "", "https://example.com/2.png"),
        (BlockType.PARAGRAPH, "b", None),
    ]


@pytest.mark.parametrize(
    "markup",
    [
        pytest.param('<a href="/other"><img src="1.png"></a>', id="leads-to-another-page"),
        pytest.param('<img src="1.png" width="16" height="16">', id="icon"),
        pytest.param('<img src="data:image/gif;base64,R0">', id="inlined"),
    ],
)
def test_images_that_illustrate_nothing_are_left_out(markup: str) -> None:
    assert [block.type for block in blocks_of(f"<p>a</p>{markup}<p>b</p>")] == [BlockType.PARAGRAPH] * 2


def test_captions_are_blocks_and_no_part_of_the_body_text() -> None:
    found = blocks_of("<p>a</p><figure><img src='i.png'><figcaption>Photo: me</figcaption></figure><p>b</p>")

    assert [block.type for block in found][1:3] == [BlockType.IMAGE, BlockType.CAPTION]
    assert Article(blocks=found).article_body == "a\nb"


def test_no_blocks_give_no_body() -> None:
    outline = outline_of(Document.parse("<p>a"))

    assert typed_blocks(outline, frozenset(), container=None) == ()
