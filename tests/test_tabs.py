import pytest

from models.items import LinkListKind
from tests.test_judged_links import HEADLINES, lists

NAMES = ("ferry-runs-every-hour-again", "why-the-night-shift-has-tea", "quay-walls-are-older-than-maps")


def tab(name: str, *numbers: int) -> str:
    links = "".join(f'<li><h3><a href="/2026/03/{NAMES[n]}.html">{HEADLINES[n]}</a></h3></li>' for n in numbers)
    return f'<div class="pane" id="{name}"><ul>{links}</ul></div>'


@pytest.mark.parametrize(
    "labels",
    [
        pytest.param(
            '<ul><li><a href="#a">Latest</a></li><li><a href="#b">Most read</a></li></ul>', id="a-row-of-items"
        ),
        pytest.param('<div><a href="#a">Latest</a> <a href="#b">Most read</a></div>', id="one-line"),
    ],
)
def test_each_tab_is_a_list_of_the_kind_its_label_tells(labels: str) -> None:
    found = lists(f"<section><h2>Latest, most read</h2>{labels}<div>{tab('a', 0, 1)}{tab('b', 2, 1)}</div></section>")

    assert [(each.kind, each.heading) for each in found] == [
        (LinkListKind.LATEST, "Latest"),
        (LinkListKind.POPULAR, "Most read"),
    ]


def test_a_heading_inside_a_tab_says_more_than_its_label() -> None:
    inside = tab("a", 0, 1, 2).replace("<ul>", "<h2>Read next</h2><ul>")
    (found,) = lists(f'<section><div><a href="#a">Latest</a></div><div>{inside}</div></section>')

    assert (found.kind, found.heading) == (LinkListKind.RELATED, "Read next")


def test_a_link_to_the_top_of_the_page_is_no_label_of_a_tab() -> None:
    (found,) = lists(f'<p><a href="#">Latest</a></p><section><h2>Most read</h2>{tab("a", 0, 1, 2)}</section>')

    assert (found.kind, found.heading) == (LinkListKind.POPULAR, "Most read")


def test_tabs_of_one_list_that_tell_days_leave_it_whole() -> None:
    labels = '<div><a href="#a"><h3>Most read</h3></a> <a href="#b"><h3>Yesterday</h3></a></div>'
    (found,) = lists(f"<section>{labels}<div>{tab('a', 0, 1)}{tab('b', 2, 1)}</div></section>")

    assert (found.kind, len(found.items)) == (LinkListKind.POPULAR, 3)
