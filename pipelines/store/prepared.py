"""An item on its way into the tables: rows made, links keyed by URL. Pure, and so done outside a transaction."""

from dataclasses import dataclass, replace
from datetime import datetime

from models.identity import page_url
from models.items import Discovery, Item, NotModified, Page, TagListKind
from pipelines.rows import (
    ArticleRows,
    ListRows,
    Row,
    Values,
    article_rows,
    link_list_rows,
    outlink_rows,
    outlinks_hash,
    page_row,
    tag_list_rows,
)


@dataclass(frozen=True, slots=True)
class PageRows:
    """What a page says."""

    row: Row
    articles: tuple[ArticleRows, ...]
    link_lists: tuple[ListRows, ...]
    tag_lists: tuple[ListRows, ...]
    outlinks: tuple[Values, ...]
    outlinks_hash: bytes

    @classmethod
    def of(cls, page: Page) -> "PageRows":
        return cls(
            row=page_row(page),
            articles=tuple(article_rows(article) for article in page.articles),
            link_lists=tuple(link_list_rows(place, link_list) for place, link_list in enumerate(page.link_lists)),
            tag_lists=tuple(tag_list_rows(place, tag_list) for place, tag_list in enumerate(page.tag_lists)),
            outlinks=outlink_rows(page.outlinks),
            outlinks_hash=outlinks_hash(page.outlinks),
        )

    @property
    def tags(self) -> tuple[str, ...]:
        """Keywords of the page's articles."""
        lists = (shown for shown in self.tag_lists if shown.row["kind"] == TagListKind.ARTICLE)
        return tuple(dict.fromkeys(item[0] for shown in lists for item in shown.items))

    def target_urls(self) -> list[str]:
        """Some more than once."""
        items = [item for shown in self.link_lists for item in shown.items]
        own = [article.source_page for article in self.articles if article.source_page]
        return own + [item[0] for item in items if item[0]] + [item[0] for item in self.outlinks if item[0]]


@dataclass(frozen=True, slots=True)
class Content:
    """What one fetch says of one canonical page."""

    page_id: int
    rows: PageRows
    at: datetime
    read_at: datetime | None
    """When it was read before."""


@dataclass(frozen=True, slots=True)
class Prepared:
    item: Item
    at: datetime
    """When it was fetched, or failed."""
    asked: str | None
    """Normalised, as the next two; None where the URL can name no page."""
    url: str | None
    """Where the request ended."""
    canonical: str | None
    rows: PageRows | None = None
    """None for an item that is no page."""
    urls: tuple[str, ...] = ()
    """All pages it names: its own and those it links to. One may come twice."""
    discovered: tuple[Discovery, ...] = ()


def prepare(item: Item) -> Prepared:
    if isinstance(item, Page):
        return _prepare_page(item)
    asked = page_url(item.url)
    if isinstance(item, NotModified):
        target = (page_url(item.target_url) or asked) if asked else None
        urls = (*filter(None, (asked, target)), *(found.url for found in item.discovered))
        return Prepared(item, item.fetched_at, asked, asked, target, None, urls, item.discovered)
    return Prepared(item, item.occurred_at, asked, asked, asked, None, tuple(filter(None, (asked,))))


def leading_to(item: Prepared, discovered: tuple[Discovery, ...]) -> Prepared:
    """A failure, and what was found on the page before it."""
    own = tuple(filter(None, (item.asked,)))
    return replace(item, discovered=discovered, urls=(*own, *(found.url for found in discovered)))


def _prepare_page(page: Page) -> Prepared:
    assert page.fetched_at is not None  # noqa: S101  # pipelines.validate lets no other page through
    url = page_url(page.url)
    asked = page_url(page.requested_url) or url
    canonical = page_url(page.canonical_url) or url
    rows = PageRows.of(page)
    own = filter(None, (url, asked, canonical))
    urls = (*own, *rows.target_urls(), *[found.url for found in page.discovered])
    return Prepared(page, page.fetched_at, asked, url, canonical, rows, urls, page.discovered)
