"""Below a heading that counts comments stands what readers wrote."""

import pytest

from crawler.extractors import extract_page

STORY = [
    "At ten past midnight the first trailer is opened, and the hall stops humming and begins to clatter.",
    "Each parcel gets eleven seconds between the camera that reads it and the chute that takes it away.",
    "By four the belts are empty, and the amber lamp is still on for a hose addressed only to Grandad.",
]
WRITTEN = [
    "Every few years somebody announces the end of cash, and the couriers read it, fold it and go to work.",
    "Our survey of eleven markets found the share falling in five, flat in four and rising in two of them.",
    "For the shop the arrangement is expensive, as one order in seven is refused on the step of the house.",
]


def body_texts(html: str) -> list[str]:
    (article,) = extract_page(html, url="https://example.com/2026/03/hub.html").articles
    return [block.text for block in article.blocks]


def page(heading: str) -> str:
    story, written = ("".join(f"<p>{text}</p>" for text in texts) for texts in (STORY, WRITTEN))
    return (
        f"<body><h1>One night at the hub</h1><div><div>{story}</div></div>"
        f"<div><h3>{heading}</h3><div>{written}</div></div></body>"
    )


@pytest.mark.parametrize(
    "heading",
    [
        *("18 comments", "1 Comment", "Comments (18)", "1,204 replies", "3 thoughts on “One night at the hub”"),
        *("评论 (18)", "18条评论", "网友评论（3）", "5件のコメント", "댓글 5개", "12 Kommentare", "8 commentaires"),
    ],
)
def test_what_stands_below_a_count_of_comments_is_no_body(heading: str) -> None:
    assert body_texts(page(heading)) == STORY


@pytest.mark.parametrize(
    "heading",
    ["Comments that changed a town", "Top 5 replies we had", "7 responses to a strike", "Five comments", "11 markets"],
)
def test_a_heading_that_speaks_of_something_else_leaves_the_body_whole(heading: str) -> None:
    assert body_texts(page(heading)) == [*STORY, heading, *WRITTEN]
