"""Lists of cards: links laid over them, and cards that stand in the folder of the page."""

from datetime import UTC, datetime

from crawler.document import Document
from crawler.extractors.lists.link_lists import LinkListsFound, extract_link_lists
from crawler.extractors.tree.outline import Outline, outline_of
from models.items import LinkList, LinkListKind

SITE = "https://news.example.com"
TITLES = ("Jobs at the quay", "Tea", "Advertising on cranes", "Quay walls are older than the maps say")
NOW = datetime(2026, 3, 13, 8, tzinfo=UTC)
TEXT = "The port has bought a second crane, which is to stand beside the first one from the autumn of next year on."


def found(below: str, *, url: str) -> tuple[LinkListsFound, Outline]:
    html = (
        f"<html><body><article><h1>Port buys a second crane</h1>{f'<p>{TEXT}</p>' * 6}</article>{below}</body></html>"
    )
    document = Document.parse(html, url=url)
    outline = outline_of(document)
    body = {block.number for block in outline.blocks if block.text == TEXT}
    return extract_link_lists(document, outline, body, now=NOW), outline


def lists(below: str, *, url: str) -> tuple[LinkList, ...]:
    return found(below, url=url)[0].lists


def test_link_laid_over_its_card_is_named_by_the_card() -> None:
    laid = "".join(
        f'<div><a href="/2026/03/0{n + 1}/a-quay.html" aria-label="{word}: {TITLES[n]}"></a><p>{word}</p>'
        f"<h3>{TITLES[n]}</h3></div>"
        for n, word in enumerate(("Previous", "Next"))
    )

    (found_list,) = lists(f'<nav class="cards">{laid}</nav>', url=f"{SITE}/2026/03/12/port-buys-a-second-crane.html")

    assert found_list.kind is LinkListKind.ADJACENT
    assert [item.headline for item in found_list.items] == list(TITLES[:2])


def test_cards_in_the_folder_of_the_page_head_no_lists_of_each_other() -> None:
    box = "".join(
        f'<div><a href="/archives/post-{n}/"><div class="date">2026-03-0{n + 1}</div>'
        f'<div class="title">{title}</div></a></div>'
        for n, title in enumerate(TITLES)
    )

    shown = lists(f"<div><p>Others also read</p><div>{box}</div></div>", url=f"{SITE}/archives/post-9/")

    assert [[item.headline for item in each.items] for each in shown] == [list(TITLES)]


def test_a_description_that_is_the_articles_text_is_given_back() -> None:
    told = "The ferry runs every hour again, after a winter in which it lay in the dock for weeks on end."
    cards = "".join(
        f'<li><h3><a href="/2026/03/0{n + 1}/a-quay.html">{TITLES[3]} {n}</a></h3><p>{told if n else TEXT}</p></li>'
        for n in range(2)
    )
    below = f'<section><h2>Related articles</h2><ul class="related">{cards}</ul></section>'
    shown, outline = found(below, url=f"{SITE}/2026/03/12/port-buys-a-second-crane.html")

    rest = shown.without(frozenset({outline.texts.index(told)}), outline=outline)

    assert [item.description for item in shown.lists[0].items] == [TEXT, told]
    assert [item.description for item in rest.lists[0].items] == [TEXT, None]
    assert shown.blocks - rest.blocks == {outline.texts.index(told)}


def test_a_heading_and_an_item_that_are_the_articles_text_are_given_back() -> None:
    items = "".join(f'<li><a href="/2026/03/0{n + 1}/a-quay.html">{title}</a></li>' for n, title in enumerate(TITLES))
    below = f'<section><h2>Related articles</h2><ul class="related">{items}</ul></section>'
    shown, outline = found(below, url=f"{SITE}/2026/03/12/port-buys-a-second-crane.html")

    rest = shown.without(frozenset(map(outline.texts.index, ("Related articles", TITLES[0]))), outline=outline)

    assert shown.lists[0].heading == "Related articles"
    assert rest.lists[0].heading is None
    assert [item.headline for item in rest.lists[0].items] == list(TITLES[1:])


def test_a_list_whose_items_are_all_given_back_is_none() -> None:
    items = "".join(f'<li><a href="/2026/03/0{n + 1}/a-quay.html">{title}</a></li>' for n, title in enumerate(TITLES))
    below = f'<section><h2>Related articles</h2><ul class="related">{items}</ul></section>'
    shown, outline = found(below, url=f"{SITE}/2026/03/12/port-buys-a-second-crane.html")

    assert shown.without(shown.blocks, outline=outline).lists == ()


def test_the_month_before_in_a_calendar_is_no_article() -> None:
    calendar = (
        '<table id="wp-calendar"><tr><td id="prev"><a href="/2026/02/">« Feb</a></td><td id="next"></td></tr></table>'
    )

    assert lists(f'<div class="widget">{calendar}</div>', url=f"{SITE}/2026/03/12/a-second-crane/") == ()


def test_a_menu_in_which_the_page_marks_itself_is_no_list() -> None:
    links = "".join(
        f'<li><a class="menu-link" href="/docs/quay-{n}">{title} in the harbour</a></li>'
        for n, title in enumerate(TITLES)
    )
    here = '<li><a class="menu-link active" aria-current="page" href="/docs/port-buys-a-second-crane">This</a></li>'
    url = f"{SITE}/docs/port-buys-a-second-crane"

    assert lists(f"<nav><ul>{links}{here}</ul></nav>", url=url) == ()
    assert len(lists(f"<nav><h2>Related articles</h2><ul>{links}{here}</ul></nav>", url=url)) == 1
