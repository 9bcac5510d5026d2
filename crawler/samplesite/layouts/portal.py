"""The layout of a Chinese trade portal: two articles in one body, promotion between them, hot tags that are titles.

Such pages differ in how editors pasted them, so this layout has three hands, chosen by the page's index: bare
paragraphs, one paragraph with line breaks, and paragraphs with headings.
"""

from collections.abc import Iterator, Sequence
from html import escape

from crawler.samplesite.layouts.markup import fill, item_link, lines, link, list_of, tags_of
from crawler.samplesite.plan import Plan, show_date
from crawler.samplesite.texts import Edition, Promotion, Promotions, Story
from models.items import Block, BlockType, LinkItem, LinkListKind, TagItem, TagListKind

_HANDS = 3


def render_article(plan: Plan) -> str:
    article, edition = plan.page.articles[0], plan.edition
    main = lines(
        [
            f'<div class="left"><div class="position">{_position(edition)}</div>',
            f'<h1 class="title">{escape(article.headline or "")}</h1>',
            f'<div class="info">{escape(article.date_text or "")}</div>',
            f'<div class="content">\n{lines(_body(plan))}\n</div>',
            _tags(plan),
            f'<div class="copyright">{escape(edition.labels["copyright"])}</div>',
            _related(plan),
            "</div>",
            f'<div class="right">{_hot(plan)}</div>',
        ]
    )
    title = f"{article.headline}-{edition.title}"
    return frame(edition, title=title, keywords=",".join(plan.stories[0].tags), main=main)


def frame(edition: Edition, *, title: str, keywords: str, main: str) -> str:
    """A page of this layout round any content."""
    return fill(
        "portal.html",
        title=escape(title),
        keywords=escape(keywords),
        site=escape(edition.title),
        main=main,
    )


def _position(edition: Edition) -> str:
    labels = edition.labels
    return f"{labels['here']}{link('/', labels['home'])} &gt; {link(edition.listing_path, edition.title)}"


def _body(plan: Plan) -> Iterator[str]:
    hand = plan.index % _HANDS
    first, *seconds = plan.stories
    yield from _story(first, hand, ending=_byline(first))
    if not plan.promotions:
        return
    host = (plan.page.url or "").removesuffix(plan.path)
    yield from _promotion(plan.promotions, hand, host=host)
    for second in seconds:
        yield _second_headline(second, hand)
        yield from _story(second, hand, ending=plan.promotions.broken_url)


def _story(story: Story, hand: int, *, ending: str) -> Iterator[str]:
    """The ending is glued to the last paragraph, as a byline or a stray URL is."""
    texts = [_inner(block, hand) for block in story.blocks]
    texts[-1] += escape(ending)
    if hand == 1:
        yield "<p>" + "<br />\n".join(f"\u3000\u3000{text}" for text in texts) + "</p>"
        return
    for block, text in zip(story.blocks, texts, strict=True):
        tag = "h3" if hand == 2 and block.type is BlockType.HEADING else "p"
        yield f"<{tag}>{text}</{tag}>"


def _inner(block: Block, hand: int) -> str:
    if block.type is BlockType.HEADING and hand != 2:
        return f"<strong>{escape(block.text)}</strong>"
    return escape(block.text)


def _byline(story: Story) -> str:
    """Two or more names are glued to each other, and the source to them."""
    if not story.authors:
        return ""
    return f"(文/{''.join(story.authors)} 来源:{story.source})"


def _second_headline(story: Story, hand: int) -> str:
    text = escape(story.headline)
    return (f"<p>{text}</p>", f"<p><strong>{text}</strong></p>", f"<h2>{text}</h2>")[hand]


def _promotion(promotions: Promotions, hand: int, *, host: str) -> Iterator[str]:
    rows = [_promotion_row(line, hand, host) for line in promotions.lines]
    if hand == 1:
        yield f"<p>{escape(promotions.paragraph)}<br />\n" + "<br />\n".join(rows) + "</p>"
        return
    yield f"<p>{escape(promotions.paragraph)}</p>"
    yield from (f"<p>{row}</p>" for row in rows)


def _promotion_row(line: Promotion, hand: int, host: str) -> str:
    urls = [host + path for path in line.paths]
    shown = "".join(urls) if hand == 0 else "".join(link(url, url) for url in urls)
    return escape(line.label + line.glue) + shown


def _tags(plan: Plan) -> str:
    tags = tags_of(plan, TagListKind.ARTICLE)
    if not tags.items:
        return ""
    links = " ".join(link(tag.url, tag.name) for tag in tags.items)
    return f'<div class="tags">{plan.edition.labels["tags"]}{links}</div>'


def _related(plan: Plan) -> str:
    box = list_of(plan, LinkListKind.RELATED)
    rows = lines(_related_row(item) for item in box.items)
    return f'<div class="related"><h3>{escape(box.heading or "")}</h3>\n<ul>\n{rows}\n</ul></div>'


def _related_row(item: LinkItem) -> str:
    return (
        f'<li><i>-</i><h4>{item_link(item)}</h4><p class="intro">{escape(item.description or "")}</p>'
        f'<span class="time">{escape(item.date_text or "")}</span></li>'
    )


def _hot(plan: Plan) -> str:
    box = tags_of(plan, TagListKind.HOT)
    rows = lines(_hot_row(pair, plan.edition) for pair in zip(box.items[::2], box.items[1::2], strict=True))
    return f'<div class="hot"><h3>{escape(box.heading or "")}</h3>\n<ul>\n{rows}\n</ul></div>'


def _hot_row(pair: Sequence[TagItem], edition: Edition) -> str:
    links = " ".join(link(tag.url, tag.name) for tag in pair)
    moment = pair[0].date_published
    shown = show_date(moment, edition) if moment else ""
    return f'<li><i>-</i><div class="names">{links}</div><span class="time">{shown}</span></li>'
