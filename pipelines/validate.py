"""The one choke point between what a page says and what a database takes. Pure.

Text loses what PostgreSQL, SQLite or a terminal refuses; what is too long is cut, what is too much is dropped, each
with a counted reason. An item that cannot be stored at all becomes a Failure.
"""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeVar

from models.identity import page_url
from models.items import (
    BODY_TYPES,
    Article,
    Block,
    Discovery,
    Failure,
    FailureClass,
    Item,
    LinkItem,
    LinkList,
    NotModified,
    Outlink,
    Page,
    PageError,
    TagItem,
    TagList,
)
from pipelines.cleaning import NAME_LENGTH, URL_LENGTH, ValueCleaner, finite, small

DESCRIPTION_LENGTH = 10_000
BODY_LENGTH = 5_000_000
OUTLINKS, ARTICLES, ERRORS, TAGS, DISCOVERED = 2_000, 200, 100, 100, 50_000  # a page; the last is of a sitemap
DEPTH = 1_000
LISTS, LINK_ITEMS = 50, 200  # a page has of each sort, a list has
AUTHORS, BLOCKS = 100, 20_000  # an article

_Record = TypeVar("_Record", Page, Article, Block, LinkList, LinkItem, TagList, TagItem)


@dataclass(frozen=True, slots=True)
class Checked:
    """An item that every database takes, and how often each reason changed it."""

    item: Item
    reasons: Counter[str]


def check_item(item: Item, *, now: datetime) -> Checked:
    """The item as it can be stored; a Failure of class invalid_item in its place where it cannot.

    `now` is the time of that failure where the item has none.
    """
    cleaner = _Cleaner()
    try:
        return Checked(_check(item, cleaner), cleaner.reasons)
    except (TypeError, ValueError, AttributeError, OverflowError) as error:
        return Checked(invalid_item(item, f"{type(error).__name__}: {error}", now=now), Counter({"invalid_item": 1}))


def _check(item: Item, cleaner: "_Cleaner") -> Item:
    match item:
        case Page():
            return cleaner.page(item)
        case NotModified():
            return cleaner.not_modified(item)
        case Failure():
            return cleaner.failure(item)
    raise TypeError(f"a Page, NotModified or Failure expected, found {type(item).__name__}")


def invalid_item(item: object, reason: str, *, now: datetime) -> Failure:
    """The recorded end of an item that cannot be stored, whatever is wrong with it."""
    url, cleaner = getattr(item, "url", None), _Cleaner()
    return Failure(
        url=cleaner.line(url if isinstance(url, str) else None, URL_LENGTH) or "",
        failure_class=FailureClass.INVALID_ITEM,
        message=cleaner.line(f"cannot be stored: {reason}"[:800] + "; report this fault of the extractor") or "",
        occurred_at=now,
        stage="validate",
    )


class _Cleaner(ValueCleaner):
    """Cleans the parts of one item and counts why. A part that is clean is handed on as it is."""

    __slots__ = ()

    def page(self, page: Page) -> Page:
        return _with(
            page,
            url=self.own_url(page.url),
            canonical_url=self.url(page.canonical_url),
            requested_url=self.url(page.requested_url),
            fetched_at=self.moment(page.fetched_at),
            status=small(page.status),
            kind_reason=self.line(page.kind_reason),
            title=self.line(page.title),
            encoding=self.line(page.encoding, NAME_LENGTH),
            articles=self.articles(page.articles),
            link_lists=tuple(map(self.link_list, self.first(page.link_lists, LISTS, "link_lists"))),
            tag_lists=self.tag_lists(page.tag_lists),
            outlinks=tuple(filter(None, map(self.outlink, self.first(page.outlinks, OUTLINKS, "outlinks")))),
            errors=tuple(map(self.page_error, self.first(page.errors, ERRORS, "errors"))),
            etag=self.token(page.etag),
            last_modified=self.token(page.last_modified),
            discovered=self.discovered(page.discovered),
        )

    def not_modified(self, item: NotModified) -> NotModified:
        return replace(
            item,
            url=self.own_url(item.url),
            fetched_at=self.moment(item.fetched_at),
            target_url=self.url(item.target_url),
            discovered=self.discovered(item.discovered),
        )

    def failure(self, failure: Failure) -> Failure:
        """Any failure can be stored, whatever its URL."""
        return replace(
            failure,
            url=self.line(failure.url, URL_LENGTH) or "",
            message=self.line(failure.message) or "",
            stage=self.line(failure.stage, NAME_LENGTH) or "",
            occurred_at=self.moment(failure.occurred_at),
            status=small(failure.status),
            attempts=small(failure.attempts) or 1,
            retry_at=self.date(failure.retry_at),
        )

    def articles(self, articles: tuple[Article, ...]) -> tuple[Article, ...]:
        """In page order; their positions tell them apart, so each has its own."""
        kept = self.first(articles, ARTICLES, "articles")
        places = [article.position for article in kept]
        if places != sorted(set(places)) or any(small(place) is None for place in places):
            self.reasons["positions_made_anew"] += 1
            kept = tuple(replace(article, position=place) for place, article in enumerate(kept))
        return tuple(map(self.article, kept))

    def article(self, article: Article) -> Article:
        return _with(
            article,
            headline=self.line(article.headline),
            blocks=self.blocks(article.blocks),
            authors=tuple(filter(None, map(self.name, self.first(article.authors, AUTHORS, "authors")))),
            source=self.line(article.source, NAME_LENGTH),
            source_url=self.url(article.source_url),
            date_published=self.date(article.date_published),
            date_modified=self.date(article.date_modified),
            date_text=self.line(article.date_text, NAME_LENGTH),
            in_language=self.line(article.in_language, NAME_LENGTH),
            section=self.line(article.section, NAME_LENGTH),
            description=self.text(article.description, DESCRIPTION_LENGTH),
            main_image=self.url(article.main_image),
            xpath=self.text(article.xpath, DESCRIPTION_LENGTH),
            confidence=finite(article.confidence),
            origins={name: origin for field, origin in article.origins.items() if (name := self.name(field))},
        )

    def blocks(self, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
        kept: list[Block] = []
        left = BODY_LENGTH
        for block in self.first(blocks, BLOCKS, "blocks"):
            cleaned = self.block(block, left)
            kept.append(cleaned)
            left -= len(cleaned.text) + 1
            if left <= 0:
                break
        return tuple(kept)

    def block(self, block: Block, length: int) -> Block:
        text, url = self.text(block.text, length) or "", self.url(block.url)
        if text is block.text and block.url is None and block.level is None and block.part == 1:  # as most are
            return block
        level, url = (small(block.level), None) if block.type in BODY_TYPES else (None, url)
        return _with(block, text=text, level=level, url=url, part=small(block.part) or 1)

    def link_list(self, shown: LinkList) -> LinkList:
        items = tuple(map(self.link_item, self.first(shown.items, LINK_ITEMS, "link_items")))
        heading, xpath = self.line(shown.heading), self.text(shown.xpath, DESCRIPTION_LENGTH)
        return _with(shown, items=items, heading=heading, xpath=xpath, confidence=finite(shown.confidence))

    def link_item(self, item: LinkItem) -> LinkItem:
        url, headline = self.url(item.url), self.line(item.headline)
        rest = (item.description, item.date_published, item.date_text, item.image)
        if url is item.url and headline is item.headline and rest == (None, None, None, None):
            return item
        return _with(
            item,
            url=url,
            headline=headline,
            description=self.text(item.description, DESCRIPTION_LENGTH),
            date_published=self.date(item.date_published),
            date_text=self.line(item.date_text, NAME_LENGTH),
            image=self.url(item.image),
        )

    def tag_lists(self, lists: tuple[TagList, ...]) -> tuple[TagList, ...]:
        kept: list[TagList] = []
        left = TAGS
        for shown in self.first(lists, LISTS, "tag_lists"):
            items = tuple(filter(None, map(self.tag_item, self.first(shown.items, left, "tags"))))
            left -= len(items)
            heading, xpath = self.line(shown.heading), self.text(shown.xpath, DESCRIPTION_LENGTH)
            kept.append(_with(shown, items=items, heading=heading, xpath=xpath, confidence=finite(shown.confidence)))
        return tuple(kept)

    def tag_item(self, item: TagItem) -> TagItem | None:
        name = self.name(item.name)
        if name is None:
            self.reasons["empty_name"] += 1
            return None
        return _with(item, name=name, url=self.url(item.url), date_published=self.date(item.date_published))

    def outlink(self, link: Outlink) -> Outlink | None:
        url, text = self.url(link.url), self.line(link.text)
        if url is link.url and text is link.text:
            return link if url else None
        return replace(link, url=url, text=text) if url else None

    def discovered(self, found: tuple[Discovery, ...]) -> tuple[Discovery, ...]:
        return tuple(filter(None, map(self.discovery, self.first(found, DISCOVERED, "discovered"))))

    def discovery(self, found: Discovery) -> Discovery | None:
        """With its URL in the one spelling; None where that can name no page."""
        url, modified_at = page_url(self.url(found.url)), found.modified_at and self.date(found.modified_at)
        if url == found.url and modified_at is found.modified_at and 0 <= found.depth <= DEPTH:
            return found
        depth = min(max(found.depth, 0), DEPTH)
        return replace(found, url=url, modified_at=modified_at, depth=depth) if url else None

    def page_error(self, error: PageError) -> PageError:
        return PageError(field=self.line(error.field, NAME_LENGTH) or "", message=self.line(error.message) or "")


def _with(part: _Record, /, **fields: Any) -> _Record:
    """The part with these fields; itself where nothing differs: to build it anew costs more than all checks."""
    for name, value in fields.items():
        if (before := getattr(part, name)) is not value and before != value:
            return replace(part, **fields)
    return part
