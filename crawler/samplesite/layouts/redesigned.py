"""Articles after a redesign that went wrong: bare text in new boxes, the rest left to scripts that never come."""

from html import escape

from crawler.samplesite.layouts.markup import lines
from crawler.samplesite.plan import Plan
from models.items import BlockType


def render_article(plan: Plan) -> str:
    edition, article = plan.edition, plan.page.articles[0]
    texts = [block.text for block in article.blocks if block.text and block.type is not BlockType.CODE]
    return lines(
        [
            f'<!DOCTYPE html><html lang="{edition.language}"><head><meta charset="{edition.charset}">',
            f"<title>{escape(article.headline or '')} | {escape(edition.title)}</title></head><body>",
            '<div id="app"><section class="masthead"><a href="/">*</a></section>',
            '<section class="sheet"><div class="sheet-inner">',
            f'<h2 class="sheet-title">{escape(article.headline or "")}</h2>',
            '<div class="sheet-text">',
            *(f'<p class="line">{escape(text)}</p>' for text in texts),
            '</div></div></section><section class="sheet-foot" data-load="byline,topics,related"></section></div>',
            "</body></html>",
        ]
    )
