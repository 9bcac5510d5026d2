"""What tells a crawler where the articles are: robots.txt, sitemaps, feeds."""

import gzip
from collections.abc import Mapping, Sequence
from email.utils import format_datetime
from html import escape

from crawler.samplesite.listings import HIDDEN_PATH
from crawler.samplesite.plan import Plan

_XMLNS = "http://www.sitemaps.org/schemas/sitemap/0.9"
_FEED_LENGTH = 6


def render_robots(base_url: str) -> str:
    return f"User-agent: *\nDisallow: {HIDDEN_PATH}\nAllow: /\n\nSitemap: {base_url}/sitemap.xml\n"


def render_sitemaps(base_url: str, plans: Mapping[str, Sequence[Plan]]) -> dict[str, bytes]:
    """An index and two parts, one of them gzip. The plain editions are in none: only their lists lead to them."""
    modern = [*plans["modern-en"], *plans["modern-zh"]]
    parts = {
        "/sitemap-news.xml": _sitemap(modern).encode(),
        "/sitemap-dianshang.xml.gz": gzip.compress(_sitemap(plans["portal-zh"]).encode(), mtime=0),
    }
    entries = "".join(f"<sitemap><loc>{base_url}{path}</loc></sitemap>\n" for path in parts)
    index = f'<?xml version="1.0" encoding="UTF-8"?>\n<sitemapindex xmlns="{_XMLNS}">\n{entries}</sitemapindex>\n'
    return {"/sitemap.xml": index.encode(), **parts}


def render_rss(base_url: str, plans: Sequence[Plan]) -> str:
    edition = plans[0].edition
    items = "".join(
        f"<item><title>{escape(plan.stories[0].headline)}</title><link>{plan.page.url}?utm_source=rss</link>"
        f'<guid isPermaLink="true">{plan.page.url}</guid>'
        f"<pubDate>{format_datetime(plan.stories[0].published)}</pubDate></item>\n"
        for plan in plans[:_FEED_LENGTH]
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0"><channel><title>{escape(edition.title)}</title>'
        f"<link>{base_url}{edition.listing_path}</link><description>{escape(edition.title)}</description>\n"
        f"{items}</channel></rss>\n"
    )


def render_atom(base_url: str, plans: Sequence[Plan]) -> str:
    edition = plans[0].edition
    entries = "".join(
        f"<entry><title>{escape(plan.stories[0].headline)}</title><id>{plan.page.url}</id>"
        f'<link rel="alternate" href="{plan.page.url}"/>'
        f"<updated>{(plan.stories[0].modified or plan.stories[0].published).isoformat()}</updated></entry>\n"
        for plan in plans[:_FEED_LENGTH]
    )
    updated = max(plan.stories[0].published for plan in plans).isoformat()
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">'
        f"<title>{escape(edition.title)}</title><id>{base_url}{edition.listing_path}</id>"
        f"<updated>{updated}</updated>\n{entries}</feed>\n"
    )


def _sitemap(plans: Sequence[Plan]) -> str:
    entries = "".join(
        f"<url><loc>{plan.page.url}</loc>"
        f"<lastmod>{(plan.stories[0].modified or plan.stories[0].published).isoformat()}</lastmod></url>\n"
        for plan in plans
    )
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="{_XMLNS}">\n{entries}</urlset>\n'
