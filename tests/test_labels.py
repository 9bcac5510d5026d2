"""Boxes that a site's hints label by hand, and the files they are kept in."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.errors import LayoutChanged, UsageError
from crawler.extractors import extract_page
from crawler.label_file import add_label, read_label_files, with_labels
from crawler.site import GENERIC, LabelHint, LinkListHint, Panel, Site
from models.items import BlockType, LinkListKind, Page, TagListKind

URL = "https://news.example.com/2026/11/harbour-office.html"
TEXTS = [
    f"The harbour office counted {number} hundred parcels that morning, and the clerks wrote each of them down twice."
    for number in ("four", "five", "six", "seven", "eight", "nine")
]
MARKUP = f"""<html lang="en"><head><title>Parcels</title></head><body>
<nav><a href="/">Home</a> <a href="/news">News</a></nav>
<article><h1>Four hundred parcels in one morning</h1>
<div class="text">{"".join(f"<p>{text}</p>" for text in TEXTS[:5])}<p class="plug">{TEXTS[5]}</p></div></article>
<div class="notice"><p class="late">The office said late on Friday that the line stays open.</p></div>
<div class="more"><h3>Related articles</h3><ul>
<li><a href="/2026/11/cranes-at-night.html">Cranes that work through the night at the eastern quay</a></li>
<li><a href="/2026/11/customs-line.html">What the new customs line means for small importers</a></li>
<li class="ad"><a href="/2026/11/buy-now.html">Buy the almanac of the harbour before it is sold out</a></li>
</ul></div>
<div class="words">Tags: <a href="/tag/port" rel="tag">Port</a> <a href="/tag/customs" rel="tag">Customs</a></div>
<div class="box"><a href="/2026/11/sailors.html">Sailors who never came ashore</a></div>
</body></html>"""
SITE = Site(name="news", domains=("news.example.com",))


def read(*labels: LabelHint, site: Site = SITE) -> Page:
    return extract_page(MARKUP, url=URL, site=replace(site, labels=labels))


def body_of(page: Page) -> str:
    return page.articles[0].article_body


def headlines(page: Page, kind: LinkListKind) -> list[str | None]:
    return [item.headline for each in page.link_lists if each.kind is kind for item in each.items]


def names(page: Page) -> list[str]:
    return [item.name for each in page.tag_lists for item in each.items]


def test_the_page_as_the_rules_read_it() -> None:
    page = read()

    assert TEXTS[5] in body_of(page)
    assert "late on Friday" not in body_of(page)
    assert len(headlines(page, LinkListKind.RELATED)) == 3
    assert names(page) == ["Port", "Customs"]


def test_a_block_of_the_body_that_is_labelled_none_leaves_it() -> None:
    page = read(LabelHint(css="p.plug", panel=Panel.NONE))

    assert body_of(page) == body_of(read()).replace(f"\n{TEXTS[5]}", "")
    assert page.link_lists == read().link_lists


def test_a_block_that_is_labelled_body_comes_into_it() -> None:
    page = read(LabelHint(css="p.late", panel=Panel.BODY))

    assert body_of(page).endswith("the line stays open.")
    assert body_of(page).startswith(body_of(read()))


def test_a_list_that_is_labelled_body_is_no_list() -> None:
    page = read(LabelHint(css=".more ul", panel=Panel.BODY))

    assert headlines(page, LinkListKind.RELATED) == []
    assert "Cranes that work through the night" in body_of(page)


def test_one_item_of_a_list_can_be_none_of_it() -> None:
    page = read(LabelHint(css="li.ad", panel=Panel.NONE))

    assert len(headlines(page, LinkListKind.RELATED)) == 2
    assert "almanac" not in str(page.link_lists)


def test_a_list_can_be_of_another_kind() -> None:
    page = read(LabelHint(css="div.more", panel=Panel.LINKS, kind="popular"))

    assert headlines(page, LinkListKind.RELATED) == []
    assert len(headlines(page, LinkListKind.POPULAR)) == 3


def test_boxes_that_are_labelled_one_by_one_are_one_list() -> None:
    page = read(
        LabelHint(css="div.box", panel=Panel.LINKS, kind="latest"),
        LabelHint(css="li.ad", panel=Panel.LINKS, kind="latest"),
    )

    assert headlines(page, LinkListKind.LATEST) == [
        "Buy the almanac of the harbour before it is sold out",
        "Sailors who never came ashore",
    ]
    assert len(headlines(page, LinkListKind.RELATED)) == 2


def test_links_that_are_labelled_tags_are_tags() -> None:
    page = read(LabelHint(css="nav", panel=Panel.TAGS, kind="hot"))

    assert [each.kind for each in page.tag_lists] == [TagListKind.ARTICLE, TagListKind.HOT]
    assert names(page) == ["Port", "Customs", "Home", "News"]


def test_tags_can_be_none() -> None:
    assert read(LabelHint(css=".words", panel=Panel.NONE)).tag_lists == ()


@pytest.mark.parametrize("kind", [BlockType.HEADING, BlockType.QUOTE, BlockType.CODE, BlockType.LIST_ITEM])
def test_a_block_of_the_body_can_be_of_another_type(kind: BlockType) -> None:
    (article,) = read(LabelHint(css="p.plug", panel=Panel.BODY, kind=kind.value)).articles

    assert [block.type for block in article.blocks if block.text == TEXTS[5]] == [kind]
    assert article.article_body == body_of(read())


def test_the_inner_box_has_the_say() -> None:
    labels = (
        LabelHint(css="p.plug", panel=Panel.NONE),
        LabelHint(css="div.text", panel=Panel.BODY, kind="quote"),
        LabelHint(css=".more", panel=Panel.LINKS, kind="popular"),
        LabelHint(css="li.ad", panel=Panel.NONE),
    )

    page = read(*labels)

    assert body_of(page) == "\n".join(TEXTS[:5])
    assert len(headlines(page, LinkListKind.POPULAR)) == 2
    assert page == read(*reversed(labels))


def test_a_label_for_one_page_holds_for_no_other() -> None:
    label = LabelHint(css="p.plug", panel=Panel.NONE, url="https://news.example.com/other.html")

    assert read(label) == read()
    assert read(replace(label, url=URL)) != read()


def test_a_box_that_is_not_there_changes_nothing() -> None:
    assert read(LabelHint(css="p.nowhere", panel=Panel.LINKS, kind="related")) == read()


def test_labels_stand_above_the_other_hints() -> None:
    site = replace(SITE, article_body="div.text", link_lists=(LinkListHint(kind="related", css=".more"),))

    page = read(
        LabelHint(css="p.plug", panel=Panel.NONE),
        LabelHint(css="p.late", panel=Panel.BODY),
        LabelHint(css=".box", panel=Panel.LINKS, kind="latest"),
        site=site,
    )

    assert body_of(page) == "\n".join([*TEXTS[:5], "The office said late on Friday that the line stays open."])
    assert len(headlines(page, LinkListKind.RELATED)) == 3
    assert len(headlines(page, LinkListKind.LATEST)) == 1


def test_what_is_no_selector_names_the_file_to_mend() -> None:
    with pytest.raises(LayoutChanged, match=r"mend crawler/sites/news\.toml"):
        read(LabelHint(css="p[", panel=Panel.NONE))


def test_a_label_file_without_a_site_file_makes_a_site(tmp_path: Path) -> None:
    hint = LabelHint(css="p.plug", panel=Panel.NONE)

    add_label(tmp_path, SITE, hint)

    assert with_labels([], read_label_files(tmp_path)) == {"news": replace(SITE, labels=(hint,))}


def test_a_label_file_adds_to_the_site_file(tmp_path: Path) -> None:
    written = replace(SITE, timezone="Asia/Shanghai", labels=(LabelHint(css=".a", panel=Panel.BODY),))
    hint = LabelHint(css="p.plug", panel=Panel.NONE)
    add_label(tmp_path, SITE, hint)

    sites = with_labels([written, GENERIC], read_label_files(tmp_path))

    assert sites["news"] == replace(written, labels=(*written.labels, hint))
    assert list(sites) == ["generic", "news"]


def test_a_box_that_is_labelled_again_has_the_last_label(tmp_path: Path) -> None:
    box, other = LabelHint(css="p.plug", panel=Panel.NONE), LabelHint(css="p.late", panel=Panel.BODY, kind="quote")
    for hint in (box, other, replace(box, panel=Panel.BODY), replace(box, url=URL)):
        path = add_label(tmp_path, SITE, hint)

    (file,) = read_label_files(tmp_path)

    assert file.labels == (other, replace(box, panel=Panel.BODY), replace(box, url=URL))
    assert list(tmp_path.iterdir()) == [path]


@given(texts=st.lists(st.text(st.characters(exclude_categories=["Cs"]), min_size=1), min_size=1, max_size=3))
def test_any_selector_comes_back_as_it_was(tmp_path_factory: pytest.TempPathFactory, texts: Sequence[str]) -> None:
    folder = tmp_path_factory.mktemp("labels")
    hints = tuple(LabelHint(css=text, panel=Panel.LINKS, kind=text, url=text) for text in dict.fromkeys(texts))
    for hint in hints:
        add_label(folder, SITE, hint)

    (file,) = read_label_files(folder)

    assert file.labels == hints


@pytest.mark.parametrize(
    "text", ["domains = 1\n[[labels]]", "x", '[[labels]]\ncss = "p"', 'domains = ["a"]\nlabels = 3']
)
def test_a_file_that_is_none_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "news.toml").write_text(text)

    with pytest.raises(UsageError, match=r"news\.toml"):
        list(read_label_files(tmp_path))


def test_a_site_cannot_lead_out_of_the_folder(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="letters, digits"):
        add_label(tmp_path, replace(SITE, name="../x"), LabelHint(css="p", panel=Panel.NONE))
