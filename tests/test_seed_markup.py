"""Pages of the seed's kind in other markup than the sample site's: what an editor's paste can turn a body into."""

import re
from collections.abc import Callable, Sequence
from html import escape

import pytest

from crawler.extractors import extract_page
from crawler.samplesite import SampleSite
from crawler.samplesite.texts import read_promotions
from models.items import LinkList, LinkListKind, OutlinkKind, Page, TagList

SITE = SampleSite()
PROMOTIONS = read_promotions()
TRUTH = next(page for page in SITE.truth().values() if len(page.articles) == 2)
_URL = re.compile(r"(https?://(?:(?!http)[!-~])*)")


def wrapped(tag: str) -> Callable[[Sequence[str]], str]:
    return lambda lines: "".join(f"<{tag}>{escape(line)}</{tag}>\n" for line in lines)


def joined(separator: str) -> Callable[[Sequence[str]], str]:
    return lambda lines: separator.join(escape(line) for line in lines)


def styled(lines: Sequence[str]) -> str:
    return "".join(f'<p><span style="font-size:14px">\u3000\u3000{escape(line)}</span></p>' for line in lines)


def linked(lines: Sequence[str]) -> str:
    return "".join("<p>" + _URL.sub(r'<a href="\1">\1</a>', escape(line)) + "</p>" for line in lines)


def nested(lines: Sequence[str]) -> str:
    """A paragraph left open by the paste, and a box round every few."""
    groups = [lines[start : start + 5] for start in range(0, len(lines), 5)]
    return "".join("<div>" + "".join(f"<p>{escape(line)}" for line in group) + "</div>" for group in groups)


MARKUPS: dict[str, Callable[[Sequence[str]], str]] = {
    "paragraphs": wrapped("p"),
    "boxes": wrapped("div"),
    "line-breaks": joined("<br>"),
    "double-line-breaks": joined("<br/><br/>\n"),
    "styled-spans": styled,
    "linked-urls": linked,
    "nested-boxes": nested,
}


def body_lines() -> list[str]:
    first, second = TRUTH.articles
    one, two = first.article_body.split("\n"), second.article_body.split("\n")
    promotion = [
        line.label + line.glue + "".join(SITE.base_url + path for path in line.paths) for line in PROMOTIONS.lines
    ]
    return [
        *one[:-1],
        f"{one[-1]}(文/{''.join(first.authors)} 来源:{first.source})",
        PROMOTIONS.paragraph,
        *promotion,
        second.headline or "",
        *two[:-1],
        two[-1] + PROMOTIONS.broken_url,
    ]


def related_html(related: LinkList) -> str:
    rows = "".join(
        f'<li>- <a href="{item.url}">{item.headline}</a><p>{item.description}</p><span>{item.date_text}</span></li>'
        for item in related.items
    )
    return f'<div class="b2"><div class="t">{related.heading}</div><ul>{rows}</ul></div>'


def hot_html(hot: TagList) -> str:
    rows = "".join(
        f'<li>- <a href="{one.url}">{one.name}</a> <a href="{two.url}">{two.name}</a>'
        f"<em>{one.date_published:%Y-%m-%d %H:%M}</em></li>"
        for one, two in zip(hot.items[::2], hot.items[1::2], strict=True)
    )
    return f'<div class="b3"><h3>{hot.heading}</h3><ul>{rows}</ul></div>'


@pytest.fixture(scope="module", params=MARKUPS)
def found(request: pytest.FixtureRequest) -> Page:
    headline = TRUTH.articles[0].headline
    html = (
        f'<html><head><meta charset="utf-8"><title>{headline}_海商观察网</title></head>'
        f'<body><div class="a"><a href="/">首页</a></div>'
        f'<h1>{headline}</h1><div class="i">{TRUTH.articles[0].date_text}</div>'
        f'<div class="b1">{MARKUPS[request.param](body_lines())}</div>'
        f"{related_html(TRUTH.link_lists[1])}{hot_html(TRUTH.tag_lists[0])}<p>Copyright</p></body></html>"
    )
    return extract_page(html, url=TRUTH.url)


def test_both_articles_are_whole(found: Page) -> None:
    assert [(article.headline, article.article_body) for article in found.articles] == [
        (article.headline, article.article_body) for article in TRUTH.articles
    ]


def test_the_first_has_its_byline_and_its_date(found: Page) -> None:
    facts = found.articles[0].authors, found.articles[0].source, found.articles[0].date_published

    assert facts == (TRUTH.articles[0].authors, TRUTH.articles[0].source, TRUTH.articles[0].date_published)


def test_lists_are_complete(found: Page) -> None:
    items = {one.kind: one.items for one in found.link_lists}

    assert items == {one.kind: one.items for one in TRUTH.link_lists}
    assert set(items) == {LinkListKind.PROMOTION, LinkListKind.RELATED}


def test_hot_titles_have_their_rows_time(found: Page) -> None:
    assert [one.items for one in found.tag_lists] == [one.items for one in TRUTH.tag_lists]


def test_the_broken_url_is_kept_once(found: Page) -> None:
    assert [link.url for link in found.outlinks if link.kind is OutlinkKind.BROKEN] == [PROMOTIONS.broken_url]
