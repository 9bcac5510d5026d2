"""Whole lists: what is taken for one, and what for an offer, by words and addresses."""

import pytest

from crawler.document import Document
from crawler.extractors.lists.link_lists import extract_link_lists
from crawler.extractors.tree.outline import outline_of
from models.items import LinkList, LinkListKind

URL = "https://news.example.com/2026/03/port-buys-a-second-crane.html"
PARAGRAPH = (
    "<p>The port has bought a second crane, which is to stand beside the first one from the autumn of next year on.</p>"
)
HEADLINES = (
    "Ferry between the islands runs every hour again",
    "Why the night shift at the customs house is never short of tea",
    "Quay walls are older than the maps say, divers find",
)


def lists(after: str, *, url: str = URL) -> tuple[LinkList, ...]:
    menu = "".join(f'<li><a href="/{name}/">{name.title()}</a></li>' for name in ("ports", "ships", "people"))
    html = f"<nav><ul>{menu}</ul></nav><main><article><h1>Crane</h1>{PARAGRAPH * 5}</article>{after}</main>"
    document = Document.parse(html, url=url)
    outline = outline_of(document)
    body = {block.number for block in outline.blocks if block.text.startswith("The port has bought")}
    return extract_link_lists(document, outline, body).lists


def links(*addresses: str) -> str:
    named = zip(addresses, HEADLINES, strict=False)
    return (
        "<ul>"
        + "".join(f'<li class="card"><h3><a href="{href}">{text}</a></h3></li>' for href, text in named)
        + "</ul>"
    )


def rows(number: int = 3, *, name: str = "r") -> str:
    return "".join(
        f'<div class="{name}"><a href="/reviews/{n}-by-a-writer">{HEADLINES[n]}</a></div>' for n in range(number)
    )


ARTICLES = ("/2026/03/ferry-runs-every-hour-again.html", "/2026/02/why-the-night-shift-has-tea.html")
OFFERS = ("/events/webinar/cranes-for-beginners-in-march", "/products/whitepaper/how-to-choose-your-crane")


def test_what_leads_to_offers_alone_is_a_promotion_whatever_it_is_called() -> None:
    (found,) = lists(f"<section><h2>Read next</h2>{links(*OFFERS)}</section>")

    assert found.kind is LinkListKind.PROMOTION


def test_an_offer_among_articles_is_none_of_them() -> None:
    (found,) = lists(f"<section><h2>Read next</h2>{links(*ARTICLES, OFFERS[0])}</section>")

    assert [item.headline for item in found.items] == list(HEADLINES[:2])


def test_on_the_page_of_an_event_other_events_are_related() -> None:
    url = "https://news.example.com/events/talk/how-to-count-crates"
    (found,) = lists(f"<section><h2>Related talks</h2>{links(*OFFERS)}</section>", url=url)

    assert (found.kind, len(found.items)) == (LinkListKind.RELATED, 2)


@pytest.mark.parametrize("heading", ["Recent reviews", "Lo más leído", "推荐阅读", "Читайте также", "関連記事"])
def test_words_above_a_list_outweigh_how_its_links_are_set(heading: str) -> None:
    (found,) = lists(f"<div><h4>{heading}</h4>{rows()}</div>")

    assert len(found.items) == 3


def test_a_linked_line_above_a_list_announces_it_as_a_heading_does() -> None:
    line = '<div class="line"><a href="/ports/">Ports · Latest</a><a href="/all/">Show all</a></div>'

    (found,) = lists(f'<div class="right">{line}<div class="box">{rows()}</div></div>')

    assert (found.kind, len(found.items)) == (LinkListKind.LATEST, 3)


def test_a_sentence_with_such_a_word_announces_nothing() -> None:
    line = "<div>请各位读者为您所发的言论负责，最新的规则请见下面。</div>"

    assert lists(f'<div class="right">{line}<div class="box">{rows()}</div></div>') == ()


def test_a_lone_link_below_a_heading_of_comments_is_no_list() -> None:
    link = '<div><a href="/2017/03/rules-for-writers-of-comments.html">Rules for those who write to us here</a></div>'

    assert lists(f"<section><h3>Your comments</h3>{link}</section>") == ()


def test_a_headline_where_the_address_should_be_leads_nowhere() -> None:
    wrong = '<li class="card"><h3><a href="Crane says no">Why the crane in the north harbour says no</a></h3></li>'
    section = links(*ARTICLES).replace("</ul>", f"{wrong}</ul>")

    (found,) = lists(f"<section><h2>Read next</h2>{section}</section>")

    assert [item.headline for item in found.items] == list(HEADLINES[:2])
