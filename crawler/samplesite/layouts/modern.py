"""The layout of a news site of today: structured data, figures, boxes inside the body, cards below it."""

import json
from collections.abc import Iterator
from html import escape
from itertools import groupby

from crawler.samplesite.layouts.markup import fill, item_link, lines, link, list_of, tags_of
from crawler.samplesite.plan import Plan
from crawler.samplesite.texts import Edition
from models.items import Article, Block, BlockType, LinkItem, LinkListKind, TagListKind

_WRAPS = {
    BlockType.HEADING: "<h2>{}</h2>",
    BlockType.QUOTE: "<blockquote><p>{}</p></blockquote>",
    BlockType.CODE: "<pre><code>{}</code></pre>",
    BlockType.CAPTION: "<figcaption>{}</figcaption></figure>",
}
_INLINE_AFTER = 2  # the read-also box stands after this many paragraphs


def render_article(plan: Plan) -> str:
    article, labels = plan.page.articles[0], plan.edition.labels
    main = lines(
        [
            '<div class="layout"><article class="story">',
            _opening(article, plan.edition),
            f'<div class="story-body">\n{lines(_body(plan))}\n</div>',
            _tags(plan),
            _newsletter(plan.edition),
            "</article>",
            _sidebar(plan),
            "</div>",
            _cards(plan),
            _neighbours(plan),
            '<section class="comments" id="comments">',
            f"<h3>{escape(labels['comments'])} (2)</h3>",
            f'<div class="comment"><b>quayside_7</b><p>{escape(labels["comment_one"])}</p></div>',
            f'<div class="comment"><b>m.otieno</b><p>{escape(labels["comment_two"])}</p></div>',
            "</section>",
        ]
    )
    title = f"{article.headline} | {plan.edition.title}"
    return frame(plan.edition, title=title, head=_head(plan), main=main)


def frame(edition: Edition, *, title: str, head: str, main: str) -> str:
    """A page of this layout round any content."""
    nav = [("/", "Home"), ("/news/", "News"), ("/zh/news/", "中文"), ("/dianshang/", "电商"), ("/notes/", "Notes")]
    return fill(
        "modern.html",
        lang=edition.language,
        title=escape(title),
        site=escape(edition.title),
        feed=f"{edition.listing_path}feed.xml",
        nav="".join(f"<li>{link(url, text)}</li>" for url, text in nav),
        head=head,
        main=main,
        about=escape(edition.labels["about"]),
    )


def _head(plan: Plan) -> str:
    page, article = plan.page, plan.page.articles[0]
    meta = {
        "og:type": "article",
        "og:site_name": plan.edition.title,
        "og:title": article.headline,
        "og:description": article.description,
        "og:url": page.url,
        "og:image": article.main_image,
        "article:published_time": article.date_published and article.date_published.isoformat(),
        "article:modified_time": article.date_modified and article.date_modified.isoformat(),
        "article:section": article.section,
    }
    tags = [f'<meta property="{name}" content="{escape(value)}">' for name, value in meta.items() if value]
    return lines(
        [
            f'<link rel="canonical" href="{escape(page.canonical_url or "")}">',
            f'<meta name="description" content="{escape(article.description or "")}">',
            *tags,
            f'<script type="application/ld+json">{_json_ld(plan)}</script>',
        ]
    )


def _json_ld(plan: Plan) -> str:
    article = plan.page.articles[0]
    fields = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": article.headline,
        "description": article.description,
        "datePublished": article.date_published and article.date_published.isoformat(),
        "dateModified": article.date_modified and article.date_modified.isoformat(),
        "author": [{"@type": "Person", "name": name} for name in article.authors],
        "publisher": {"@type": "Organization", "name": plan.edition.title},
        "image": article.main_image,
        "articleSection": article.section,
        "inLanguage": article.in_language,
        "keywords": [tag.name for tag in tags_of(plan, TagListKind.ARTICLE).items],
        "mainEntityOfPage": plan.page.url,
    }
    return json.dumps({key: value for key, value in fields.items() if value}, ensure_ascii=False)


def _opening(article: Article, edition: Edition) -> str:
    labels = edition.labels
    *most, last = article.authors
    names = labels["and"].join([*([labels["comma"].join(most)] if most else []), last])
    moment = article.date_published.isoformat() if article.date_published else ""
    return lines(
        [
            f'<p class="kicker"><a href="{edition.listing_path}">{escape(article.section or "")}</a></p>',
            f"<h1>{escape(article.headline or '')}</h1>",
            f'<div class="story-meta"><span class="byline">{escape(labels["by"])} {escape(names)}</span>',
            f'<time datetime="{moment}">{escape(article.date_text or "")}</time></div>',
            f'<div class="share-bar"><span>{escape(labels["share"])}</span>',
            '<a href="mailto:?subject=story">E-mail</a></div>',
        ]
    )


def _body(plan: Plan) -> Iterator[str]:
    paragraphs = 0
    for is_list, run in groupby(plan.page.articles[0].blocks, key=lambda block: block.type is BlockType.LIST_ITEM):
        blocks = tuple(run)
        if is_list:
            yield "<ul>" + "".join(f"<li>{escape(block.text)}</li>" for block in blocks) + "</ul>"
            continue
        for block in blocks:
            yield _block(block)
            paragraphs += block.type is BlockType.PARAGRAPH
            if block.type is BlockType.PARAGRAPH and paragraphs == _INLINE_AFTER:
                yield _read_also(plan)


def _block(block: Block) -> str:
    if block.type is BlockType.TABLE:
        rows = (row.replace("\t", "</td><td>") for row in escape(block.text).split("\n"))
        return "<table>" + "".join(f"<tr><td>{row}</td></tr>" for row in rows) + "</table>"
    if block.type is BlockType.IMAGE:
        return f'<figure><img src="{escape(block.url or "")}" alt="">'
    return _WRAPS.get(block.type, "<p>{}</p>").format(escape(block.text))


def _read_also(plan: Plan) -> str:
    box = list_of(plan, LinkListKind.INLINE)
    links = "".join(f"<p>{item_link(item)}</p>" for item in box.items)
    return f'<aside class="read-also"><strong>{escape(box.heading or "")}</strong>{links}</aside>'


def _tags(plan: Plan) -> str:
    tags = tags_of(plan, TagListKind.ARTICLE)
    links = (link(tag.url, tag.name, 'rel="tag"') for tag in tags.items)
    names = "".join(f"<li>{one}</li>" for one in links)
    return f'<div class="topics"><span>{escape(tags.heading or "")}</span><ul>{names}</ul></div>'


def _newsletter(edition: Edition) -> str:
    labels = edition.labels
    return (
        f'<form class="newsletter" action="/subscribe"><p>{escape(labels["newsletter"])}</p>'
        f'<input name="email" type="email"><button>{escape(labels["subscribe"])}</button></form>'
    )


def _sidebar(plan: Plan) -> str:
    box = list_of(plan, LinkListKind.POPULAR)
    items = "".join(f"<li>{item_link(item)}</li>" for item in box.items)
    heading = escape(box.heading or "")
    return f'<aside class="sidebar"><div class="most-read"><h3>{heading}</h3><ol>{items}</ol></div></aside>'


def _cards(plan: Plan) -> str:
    box = list_of(plan, LinkListKind.RELATED)
    cards = lines(_card(item) for item in box.items)
    return (
        f'<section class="related"><h2>{escape(box.heading or "")}</h2><div class="cards">\n{cards}\n</div></section>'
    )


def _card(item: LinkItem) -> str:
    url = escape(item.url or "")
    return (
        f'<div class="card"><a href="{url}"><img src="{escape(item.image or "")}" alt=""></a>'
        f"<h3>{item_link(item)}</h3></div>"
    )


def _neighbours(plan: Plan) -> str:
    labels = plan.edition.labels
    items = list_of(plan, LinkListKind.ADJACENT).items
    parts = zip(("prev", "next"), (labels["previous"], labels["next"]), items, strict=True)
    links = "".join(
        f'<div class="{side}"><span>{escape(label)}</span> {item_link(item)}</div>' for side, label, item in parts
    )
    return f'<nav class="story-nav">{links}</nav>'
