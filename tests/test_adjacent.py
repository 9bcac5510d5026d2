"""The links to the previous and the next article."""

import pytest

from crawler.extractors import extract_page
from models.items import LinkListKind

TEXT = (
    "<p>The port has bought a second crane, which is to stand beside the first one from the autumn of next year on.</p>"
)
SLUGS = ("ferry-between-the-islands-runs-again", "quay-walls-are-older-than-the-maps-say")
LINKS = "".join(f'<a class="btn" href="/posts/{slug}/"><p>{slug.replace("-", " ").title()}</p></a>' for slug in SLUGS)


def adjacent(above: str, below: str) -> list[str | None]:
    html = f"<body>{above}<article><h1>Port buys a second crane</h1>{TEXT * 6}</article>{below}</body>"
    page = extract_page(html, url="https://example.com/posts/port-buys-a-second-crane/")
    return [i.url for each in page.link_lists if each.kind is LinkListKind.ADJACENT for i in each.items]


@pytest.mark.parametrize("name", ["post-navigation d-flex", "article-nav", "entry-pagination"])
def test_a_box_that_is_called_the_posts_navigation_holds_the_neighbours(name: str) -> None:
    found = adjacent("", f'<div class="{name}">{LINKS}</div>')

    assert found == [f"https://example.com/posts/{slug}/" for slug in SLUGS]


@pytest.mark.parametrize("name", ["post-navigation", "nav-entry"])
def test_a_menu_above_the_text_holds_none(name: str) -> None:
    assert adjacent(f'<div class="{name}">{LINKS}</div>', "") == []
