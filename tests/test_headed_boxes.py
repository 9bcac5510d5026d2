"""Boxes under a heading that announces a list."""

import pytest

from crawler.document import Document
from crawler.extractors.lists.headed_boxes import headed_blocks
from crawler.extractors.tree.outline import outline_of

TEXT = "这一段是正文,讲的是码头上的生意,句子写得长一些,好让它看上去像一段真正的话。"
ITEM = '<li><i>-</i><h4><a href="/{n}.shtml">第{n}篇旧文的标题</a></h4><p>' + TEXT + "</p><span>2026-05-01</span></li>"
ITEMS = "<ul>" + "".join(ITEM.format(n=number) for number in range(1, 5)) + "</ul>"


def texts_in_boxes(body: str) -> list[str]:
    outline = outline_of(Document.parse(f"<html><body><h1>一篇文章的标题</h1><p>{TEXT}</p>{body}</body></html>"))
    return [outline.blocks[number].text for number in sorted(headed_blocks(outline))]


@pytest.mark.parametrize(
    "box",
    [
        pytest.param(f"<div><h3>相关文章</h3>{ITEMS}</div>", id="heading-beside-the-list"),
        pytest.param(f"<div><div><div>相关文章</div></div>{ITEMS}</div>", id="heading-in-a-bar-of-its-own"),
        pytest.param(f"<section><h2>Related articles</h2>{ITEMS}</section>", id="english"),
    ],
)
def test_excerpts_under_the_heading_belong_to_the_box(box: str) -> None:
    found = texts_in_boxes(box)

    assert len(found) == 1 + 4 * 4
    assert found.count(TEXT) == 4


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(f"<h2>相关政策</h2><p>{TEXT}</p><p>{TEXT}</p>", id="sub-heading-over-prose"),
        pytest.param(
            f"<div><h2>推荐做法</h2><p>{TEXT}<a href='/a'>链接</a></p><p>{TEXT}</p></div>", id="links-in-prose"
        ),
        pytest.param(f"<div><p>{TEXT}</p><h3>相关文章</h3></div>", id="heading-that-is-not-first"),
        pytest.param(f"<div><h3>一个怎么看也不像列表标题的很长的小标题</h3>{ITEMS}</div>", id="long-heading"),
    ],
)
def test_prose_is_in_no_box(body: str) -> None:
    assert texts_in_boxes(body) == []
