from dataclasses import replace
from datetime import UTC, datetime

import pytest

from crawler.document import Document
from crawler.errors import LayoutChanged
from crawler.extractors.lists.link_lists import LinkListsFound, extract_link_lists
from crawler.extractors.tree.outline import outline_of
from crawler.site import GENERIC, LinkListHint, Site
from models.items import LinkList, LinkListKind, Origin

URL = "https://news.example.com/2026/03/12/port-buys-a-second-crane.html"
NOW = datetime(2026, 3, 13, 8, tzinfo=UTC)
PARAGRAPH = (
    "<p>The port has bought a second crane, which is to stand beside the first one from the autumn of next year on.</p>"
)
HEADLINES = (
    "Ferry between the islands runs every hour again",
    "Why the night shift at the customs house is never short of tea",
    "Quay walls are older than the maps say, divers find",
    "A tide table from the last century still hangs in the office",
)


def url_of(number: int) -> str:
    return f"/2026/03/{number + 1:02}/{HEADLINES[number].lower().replace(' ', '-').replace(',', '')}.html"


def cards(*numbers: int) -> str:
    return "".join(
        f'<li class="teaser"><a href="{url_of(n)}"><img src="/{n}.jpg" alt=""></a>'
        f'<a class="section" href="/ports/">Ports</a><h3><a href="{url_of(n)}">{HEADLINES[n]}</a></h3></li>'
        for n in numbers
    )


def page(after: str = "", *, inside: str = "") -> str:
    menu = "".join(f'<li><a href="/{name}/">{name.title()}</a></li>' for name in ("ports", "ships", "people"))
    body = f"<h1>Port buys a second crane</h1>{PARAGRAPH * 3}{inside}{PARAGRAPH * 3}"
    footer = '<footer><a href="/about/">About us</a><a href="/imprint/">Imprint</a></footer>'
    return f"<html><body><nav><ul>{menu}</ul></nav><main><article>{body}</article>{after}</main>{footer}</body></html>"


def found(html: str, *, site: Site = GENERIC) -> LinkListsFound:
    document = Document.parse(html, url=URL)
    outline = outline_of(document)
    body = {block.number for block in outline.blocks if block.text.startswith("The port has bought")}
    return extract_link_lists(document, outline, body, site=site, now=NOW)


def lists(html: str) -> tuple[LinkList, ...]:
    return found(html).lists


def headlines(html: str) -> list[str | None]:
    return [item.headline for each in lists(html) for item in each.items]


def test_read_more_beside_an_unlinked_headline_is_an_item_with_that_headline() -> None:
    unlinked = "".join(
        f'<div class="teaser"><h3>{HEADLINES[n]}</h3><p>{HEADLINES[n - 1]}.</p>'
        f'<a href="{url_of(n)}">Read more</a></div>'
        for n in range(4)
    )

    assert headlines(page(f"<section><h2>Related articles</h2>{unlinked}</section>")) == list(HEADLINES)


def test_pictures_that_are_classed_singly_make_no_lists_of_their_own() -> None:
    singly = "".join(
        f'<div class="card"><a class="link-{letter} cover-{letter}" href="{url_of(n)}"><img src="/{n}.jpg" alt=""></a>'
        f'<h3><a href="{url_of(n)}">{HEADLINES[n]}</a></h3></div>'
        for n, letter in enumerate("abcd")
    )

    (related,) = lists(page(f"<section><h2>Related articles</h2>{singly}</section>"))

    assert len(related.items) == 4


def test_a_headed_list_stays_though_another_has_all_its_items() -> None:
    popular, related = f"<h2>Most read</h2><ul>{cards(0, 1, 2, 3)}</ul>", f"<h2>Related</h2><ul>{cards(1, 2)}</ul>"

    assert [each.kind for each in lists(page(f"<section>{popular}</section><section>{related}</section>"))] == [
        LinkListKind.POPULAR,
        LinkListKind.RELATED,
    ]


def test_a_page_without_lists_has_none() -> None:
    assert lists(page()) == ()


@pytest.mark.parametrize(
    ("heading", "kind"),
    [
        ("Related articles", LinkListKind.RELATED),
        ("Most read", LinkListKind.POPULAR),
        ("Latest news", LinkListKind.LATEST),
        ("热门文章", LinkListKind.POPULAR),
        ("相关阅读", LinkListKind.RELATED),
    ],
)
def test_the_heading_tells_the_kind_of_a_list(heading: str, kind: LinkListKind) -> None:
    (found_list,) = lists(page(f"<section><h2>{heading}</h2><ul>{cards(0, 1, 2)}</ul></section>"))

    assert (found_list.kind, found_list.heading) == (kind, heading)


def test_image_headline_and_section_of_a_card_are_one_item() -> None:
    (found_list,) = lists(page(f"<section><h2>Related articles</h2><ul>{cards(0, 1, 2)}</ul></section>"))

    first = found_list.items[0]
    assert (first.headline, first.url) == (HEADLINES[0], f"https://news.example.com{url_of(0)}")
    assert first.image == "https://news.example.com/0.jpg"
    assert len(found_list.items) == 3


def test_a_card_keeps_its_excerpt_and_its_time() -> None:
    rows = "".join(
        f'<li class="row"><h3><a href="{url_of(n)}">{HEADLINES[n]}</a></h3>'
        f"<p>{PARAGRAPH[3:60]} and so it goes on in the excerpt.</p><span>2026-03-0{n + 1} 10:30</span></li>"
        for n in (0, 1, 2)
    )

    (found_list,) = lists(page(f"<section><h2>Related articles</h2><ul>{rows}</ul></section>"))

    first = found_list.items[0]
    assert first.description is not None
    assert first.date_text == "2026-03-01 10:30"
    assert first.date_published is not None
    assert (first.date_published.month, first.date_published.hour) == (3, 10)


def test_a_list_without_a_heading_behind_the_body_is_found() -> None:
    assert headlines(page(f'<div class="teasers"><ul>{cards(0, 1, 2, 3)}</ul></div>')) == list(HEADLINES)


def test_a_heading_whose_list_is_empty_gives_nothing() -> None:
    assert lists(page('<section><h2>Related articles</h2><div id="related"></div></section>')) == ()


def test_the_page_itself_is_no_item() -> None:
    own = f'<li class="teaser"><h3><a href="{URL}?from=list#top">Port buys a second crane</a></h3></li>'

    html = page(f"<section><h2>Latest news</h2><ul>{cards(0, 1)}{own.replace('?from=list', '')}</ul></section>")

    assert headlines(html) == list(HEADLINES[:2])


def test_a_list_served_twice_is_one() -> None:
    section = f"<section><h2>Most read</h2><ul>{cards(0, 1, 2)}</ul></section>"

    assert len(lists(page(section + section))) == 1


def test_a_link_to_all_articles_is_no_item() -> None:
    section = f'<section><h2>Most read</h2><ul>{cards(0, 1, 2)}</ul><a href="/most-read/">Show all</a></section>'

    assert headlines(page(section)) == list(HEADLINES[:3])


def test_read_also_between_paragraphs_is_inline() -> None:
    html = page(inside=f'<p><b>Read also:</b> <a href="{url_of(2)}">{HEADLINES[2]}</a></p>')

    (found_list,) = lists(html)

    assert (found_list.kind, found_list.heading) == (LinkListKind.INLINE, "Read also:")


def test_links_in_sentences_are_no_list() -> None:
    sentence = (
        f'<p>The ferry, as we wrote in <a href="{url_of(0)}">{HEADLINES[0]}</a>, runs again, and the crane is late.</p>'
    )

    assert lists(page(inside=sentence)) == ()


def test_previous_and_next_are_one_list_without_the_words_for_them() -> None:
    html = page(
        f'<div class="post-nav"><p>Previous: <a href="{url_of(0)}" rel="prev">{HEADLINES[0]}</a></p>'
        f'<p><a href="{url_of(1)}" rel="next">Next: {HEADLINES[1]}</a></p></div>'
    )

    (found_list,) = lists(html)

    assert found_list.kind is LinkListKind.ADJACENT
    assert [item.headline for item in found_list.items] == list(HEADLINES[:2])


def test_a_word_alone_is_no_headline_of_the_next_article() -> None:
    links = f'<a href="{url_of(0)}" rel="prev">上一篇</a><a href="{url_of(1)}" rel="next">下一篇</a>'
    html = page(f'<div class="post-nav">{links}</div>')

    (found_list,) = lists(html)

    assert [item.headline for item in found_list.items] == [None, None]


def test_what_the_lists_take_is_told_by_block() -> None:
    html = page(f"<section><h2>Most read</h2><ul>{cards(0, 1, 2)}</ul></section>")
    outline = outline_of(Document.parse(html, url=URL))

    taken = {outline.blocks[number].text for number in found(html).blocks}

    assert {"Most read", *HEADLINES[:3]} <= taken
    assert not any(text.startswith("The port") for text in taken)


def test_labelled_addresses_are_left_to_the_promotions() -> None:
    lines = "".join(
        f'<p>{HEADLINES[n]}: <a href="{url_of(n)}">https://news.example.com{url_of(n)}</a></p>' for n in range(4)
    )

    assert lists(page(f"<div>{lines}</div>")) == ()


def test_comments_on_other_articles_are_no_list() -> None:
    comments = "".join(f'<li><a href="{url_of(n)}#comment-{n}">{HEADLINES[n]}</a></li>' for n in range(4))

    assert lists(page(f"<aside><h3>Recent comments</h3><ul>{comments}</ul></aside>")) == ()


def test_a_box_of_offers_is_a_promotion() -> None:
    (found_list,) = lists(page(f"<section><h2>Webinars and jobs</h2><ul>{cards(0, 1, 2)}</ul></section>"))

    assert found_list.kind is LinkListKind.PROMOTION


HINTED = replace(GENERIC, name="port", link_lists=(LinkListHint(kind="popular", css="#top ol"),))


def test_a_hint_replaces_the_generic_lists() -> None:
    section = f"<section><h2>Related articles</h2><ul>{cards(0, 1)}</ul></section>"

    (found_list,) = found(page(f'{section}<div id="top"><ol>{cards(2, 3)}</ol></div>'), site=HINTED).lists

    assert (found_list.kind, found_list.origin) == (LinkListKind.POPULAR, Origin.HINT)
    assert [item.headline for item in found_list.items] == list(HEADLINES[2:])


def test_a_hint_that_fits_nothing_says_so() -> None:
    with pytest.raises(LayoutChanged, match="#top ol"):
        found(page(), site=HINTED)


def test_the_articles_own_text_between_links_is_none_of_their_excerpts() -> None:
    reviews = "".join(f'<div><h3><a href="{url_of(n)}">{HEADLINES[n]}</a></h3>{PARAGRAPH}</div>' for n in range(3))

    shown = found(page(inside=f"<section>{reviews}</section>"))

    (reviewed,) = shown.lists
    outline = outline_of(Document.parse(page(inside=f"<section>{reviews}</section>"), url=URL))
    assert [item.description for item in reviewed.items] == [None] * 3
    assert {outline.blocks[number].tag for number in shown.blocks} == {"h3"}


def test_text_behind_a_link_to_more_is_the_articles_own() -> None:
    parts = "".join(f'<div><p>More: <a href="{url_of(n)}">{HEADLINES[n]}</a></p>{PARAGRAPH}</div>' for n in range(3))

    shown = found(page(inside=f"<section>{parts}</section>"))

    assert [[item.description for item in each.items] for each in shown.lists] == [[None] * 3]
    outline = outline_of(Document.parse(page(inside=f"<section>{parts}</section>"), url=URL))
    assert not any(outline.blocks[number].text.startswith("The port") for number in shown.blocks)


def test_a_sub_heading_of_the_article_heads_no_list_below_it() -> None:
    box = "".join(f'<p><a href="{url_of(n)}">{HEADLINES[n]}</a></p>' for n in range(3))

    shown = found(page(inside=f"<h2>The port has bought before</h2><div>{box}</div>"))

    assert [(each.kind, each.heading) for each in shown.lists] == [(LinkListKind.INLINE, None)]


@pytest.mark.parametrize(
    ("heading", "links", "expected"),
    [
        pytest.param("Related", {"tide-2": "Tides"}, ["Tides"], id="short-titles"),
        pytest.param(
            "Related", {"": "This", "#top": "Up", "tide-2": "Tides", "tide-2#b": "More tides"}, ["Tides"], id="self"
        ),
        pytest.param("Related", {"tide-2": "Tides", "/ports/": "Ports"}, [], id="a-section-among-them"),
        pytest.param("Related", {"../tide-2": "Tides"}, [], id="elsewhere"),
        pytest.param("About us", {"tide-2": "Tides"}, [], id="no-such-heading"),
        pytest.param("Related comments", {"tide-2": "Tides"}, [], id="comments"),
    ],
)
def test_short_titles_of_pages_beside_this_one_are_a_list_if_a_heading_says_so(
    heading: str, links: dict[str, str], expected: list[str]
) -> None:
    box = "".join(f'<li><a href="{url}">{text}</a></li>' for url, text in links.items())

    assert headlines(page(f"<aside><h2>{heading}</h2><ul>{box}</ul></aside>")) == expected
