import pytest

from crawler.document import Document
from crawler.extractors.lists.headlines import headline_of, is_noise, without_direction
from crawler.extractors.tree.outline import outline_of


def headline(link: str) -> str:
    outline = outline_of(Document.parse(f"<body>{link}</body>", url="https://example.com/"))
    return headline_of(outline, outline.anchors[0])


@pytest.mark.parametrize(
    "link",
    [
        pytest.param('<a href="/x">Port buys a second crane</a>', id="plain"),
        pytest.param('<a href="/x"><span class="kicker">Ports</span> Port buys a second crane</a>', id="kicker"),
        pytest.param('<a href="/x"><em>3</em>Port buys a second crane</a>', id="rank"),
        pytest.param(
            '<a href="/x"><span>Port buys a second crane</span><span>2026-03-12</span><span>评论(2)</span></a>',
            id="date-and-count-in-plain-elements",
        ),
        pytest.param('<a href="/x"><em>上一篇</em><b>Port buys a second crane</b></a>', id="direction"),
        pytest.param('<a href="/x">Port buys <b>a second</b> crane<time>12:05</time></a>', id="time"),
        pytest.param('<a href="/x">Port buys a second crane<i class="comments-count">12</i></a>', id="comments"),
        pytest.param(
            '<a href="/x"><span class="top">Ports</span><span class="hidden">:</span> '
            '<span class="item__title">Port buys a second crane</span></a>',
            id="titled-part",
        ),
        pytest.param(
            '<a href="/x"><b>Port buys a second crane</b> It is taller than the first one.</a>', id="bold-beginning"
        ),
        pytest.param(
            '<a href="/x" title="Port buys a second crane">Ports Port buys a second crane</a>', id="title-of-the-link"
        ),
        pytest.param('<a href="/x"><h5>Ports</h5><h4>Port buys a second crane</h4></a>', id="heading-as-kicker"),
        pytest.param(
            '<a href="/x"><div>Ports</div><h3>Port buys a second crane</h3><p>It is taller than the first one.</p></a>',
            id="card-with-heading",
        ),
        pytest.param(
            '<a href="/x"><div class="date">1 May 2026</div><div class="title">Port buys a second crane</div></a>',
            id="card-with-title",
        ),
        pytest.param(
            '<a href="/x"><p>02:31</p><p>Port buys a second crane</p><p>It is taller than the first one.</p></a>',
            id="card-of-paragraphs",
        ),
    ],
)
def test_the_headline_is_the_link_without_what_is_set_around_it(link: str) -> None:
    assert headline(link) == "Port buys a second crane"


def test_a_line_behind_the_link_is_none_of_its_parts() -> None:
    card = '<a href="/x"><div class="label">Next</div><div class="info">Port buys a second crane</div></a>'

    assert headline(f'<div>{card}</div><div class="headline">Others read this</div>') == "Port buys a second crane"


def test_a_link_without_text_has_no_headline() -> None:
    assert headline('<a href="/x"><img src="a.png" alt="Crane"></a>') == ""


def test_a_year_set_apart_stays_in_the_headline() -> None:
    assert headline('<a href="/x"><span>2026年</span>港口吊车报告</a>') == "2026年港口吊车报告"


def test_a_headline_that_is_all_badge_stays() -> None:
    assert headline('<a href="/x"><span class="label">Live</span></a>') == "Live"


@pytest.mark.parametrize(
    "text", ["7", "02:31", "12 comments", "评论 5", "Read more", "查看更多", "2026-05-01 10:30", "Next »"]
)
def test_ranks_durations_counts_and_times_are_noise(text: str) -> None:
    assert is_noise(text)


@pytest.mark.parametrize("text", ["7 ways to load a ship", "Port buys a crane", "24小时营业的码头食堂"])
def test_a_headline_that_begins_with_a_number_is_none(text: str) -> None:
    assert not is_noise(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("上一篇：港口买了第二台吊机", "港口买了第二台吊机"),
        ("Next: Port buys a crane »", "Port buys a crane"),
        ("Next steps for the port", "Next steps for the port"),
        ("港口买了第二台吊机 下一篇", "港口买了第二台吊机"),
        ("Port buys a crane Next post →", "Port buys a crane"),
        ("Port asks what comes next", "Port asks what comes next"),
        ("« Previous article", None),
        ("下一篇", None),
        ("Vorheriger Beitrag", None),
    ],
)
def test_the_word_for_the_direction_is_no_part_of_the_headline(text: str, expected: str | None) -> None:
    assert without_direction(text) == expected
