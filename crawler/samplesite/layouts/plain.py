"""The layout of an old page: layout tables, font elements, a body held together by `<br>`; no charset declared."""

from collections.abc import Iterator
from html import escape
from itertools import chain

from crawler.samplesite.layouts.markup import fill, item_link, lines, list_of, tags_of
from crawler.samplesite.plan import Plan
from crawler.samplesite.texts import Edition
from models.items import Block, BlockType, LinkItem, LinkListKind, TagListKind


def render_article(plan: Plan) -> str:
    labels = plan.edition.labels
    print_path = plan.edition.print_path_of(plan.stories[0])
    main = lines(
        [
            '<td width="540" valign="top">',
            *_story(plan),
            f'<div align="right"><font size="2">[<a href="{print_path}">{labels["print"]}</a>] '
            f'[<a href="javascript:window.close()">{labels["close"]}</a>]</font></div>',
            _neighbours(plan),
            _related(plan),
            "</td>",
            f'<td width="200" valign="top" bgcolor="#f4f4f4">{_latest(plan)}</td>',
        ]
    )
    return frame(plan.edition, title=_title(plan), head="", main=main)


def render_print(plan: Plan) -> str:
    """The same article alone, under a second URL that names the first as canonical."""
    head = f'<link rel="canonical" href="{escape(plan.page.url or "")}">'
    main = lines(["<td>", *_story(plan), "</td>"])
    return frame(plan.edition, title=_title(plan), head=head, main=main)


def frame(edition: Edition, *, title: str, head: str, main: str) -> str:
    """A page of this layout round any content: a row of cells."""
    return fill(
        "plain.html",
        title=escape(title),
        head=head,
        site=escape(edition.title),
        home=edition.labels["home"],
        listing=edition.listing_path,
        main=main,
    )


def _title(plan: Plan) -> str:
    return f"{plan.page.articles[0].headline} - {plan.edition.title}"


def _story(plan: Plan) -> Iterator[str]:
    article, labels = plan.page.articles[0], plan.edition.labels
    yield f'<div align="center"><font size="5" color="#990000"><b>{escape(article.headline or "")}</b></font></div>'
    yield f'<div align="center"><font size="2">{escape(_gap(plan).join(_facts(plan)))}</font></div><hr>'
    indent = "\u3000\u3000" if plan.edition.language == "zh-CN" else ""
    body = "<br><br>\n".join(indent + _inner(block) for block in article.blocks)
    yield f'<div id="zoom"><font size="3">\n{body}<br>\n</font></div>'
    yield f'<div align="right"><font size="2">{escape(labels["editor"])}</font></div>'
    tags = tags_of(plan, TagListKind.ARTICLE)
    if tags.items:
        names = ", ".join(tag.name for tag in tags.items)
        yield f"<p>{labels['tags']}{escape(names)}</p>"


def _gap(plan: Plan) -> str:
    return "\u3000" if plan.edition.language == "zh-CN" else " | "


def _facts(plan: Plan) -> Iterator[str]:
    article, labels = plan.page.articles[0], plan.edition.labels
    yield article.date_text or ""
    if article.source:
        yield labels["source"] + article.source
    if article.authors:
        yield labels["author"] + labels["and"].join(article.authors)


def _inner(block: Block) -> str:
    text = escape(block.text)
    return f"<b>{text}</b>" if block.type is BlockType.HEADING else text


def _neighbours(plan: Plan) -> str:
    labels = plan.edition.labels
    items = list_of(plan, LinkListKind.ADJACENT).items
    parts = zip((labels["previous"], labels["next"]), items, strict=True)
    return "<p>" + "<br>".join(f"{label}{item_link(item)}" for label, item in parts) + "</p>"


def _related(plan: Plan) -> str:
    box = list_of(plan, LinkListKind.RELATED)
    rows = chain.from_iterable(_related_row(item) for item in box.items)
    return f'<table width="100%"><tr><td colspan="2"><b>{box.heading}</b></td></tr>\n{lines(rows)}\n</table>'


def _related_row(item: LinkItem) -> Iterator[str]:
    shown = escape(item.date_text or "")
    yield f'<tr><td>&middot;{item_link(item)}</td><td align="right"><font size="2">{shown}</font></td></tr>'


def _latest(plan: Plan) -> str:
    box = list_of(plan, LinkListKind.LATEST)
    rows = "<br>\n".join(f"&middot;{item_link(item)}" for item in box.items)
    return f"<b>{box.heading}</b><br>\n{rows}"
