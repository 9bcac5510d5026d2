"""One transaction: the items of a batch and everything they change."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, literal, update

from models.items import Failure, FailureClass, NotModified, Page
from models.tables import METADATA
from pipelines.rows import Row
from pipelines.store.articles import ArticleWriter, Ids, StoredArticle
from pipelines.store.bulk import bulk_of
from pipelines.store.changes import Changes
from pipelines.store.discoveries import not_due
from pipelines.store.keys import Keys, Remembered
from pipelines.store.lists import ListWriter, write_outlinks
from pipelines.store.pages import Pages
from pipelines.store.prepared import Content, Prepared

TABLES = METADATA.tables


class Outcome(StrEnum):
    """What became of an item. Each ends as exactly one of these."""

    STORED = "stored"
    UNCHANGED = "unchanged"
    FAILED = "failed"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Stored:
    """What became of one item."""

    url: str
    outcome: Outcome
    page_id: int | None
    """The page that the content hangs on; None where the URL can name no page."""
    at: datetime
    read_at: datetime | None = None
    """When the page had been read before; None if never."""
    is_alias: bool = False
    """The content was passed over: the canonical page is fetched under its own URL."""
    articles: tuple[StoredArticle, ...] = ()
    """Those that came, changed or went."""
    failure: Failure | None = None


class Batch:
    """Used once, inside one transaction."""

    def __init__(self, connection: Connection, remembered: Remembered, *, crawl_id: int | None, number: int) -> None:
        self._bulk = bulk_of(connection)
        self._changes = Changes()
        self._crawl_id = crawl_id
        self._number = number
        self.keys = Keys(self._bulk, self._changes, remembered)
        self._pages = Pages(self._bulk, self._changes)
        self._page_ids: dict[str, int] = {}
        self._keeps_newer = False

    def write(
        self, items: Sequence[Prepared], *, records_fetches: bool = True, keeps_newer: bool = False
    ) -> list[Stored]:
        """In the order of the items. With `keeps_newer` one that is older than what was read says nothing."""
        self._keeps_newer = keeps_newer
        at = max(item.at for item in items)
        self._page_ids = self.keys.pages({url for item in items for url in item.urls}, at, columns_of=not_due)
        self._pages.load(id_ for item in items for id_ in self._own_ids(item))
        results: dict[int, Stored] = {}
        waiting = dict(enumerate(items))
        while waiting:
            waiting = self._write_round(waiting, results)
        self._pages.write()
        stored = [results[place] for place in range(len(items))]
        if records_fetches:
            self._write_fetches(items, stored)
        self._write_failures(items)
        self._count(stored)
        self._changes.write(self._bulk, at)
        return stored

    def _own_ids(self, item: Prepared) -> tuple[int, ...]:
        """Of the pages that the item is about: as asked for, where it ended, canonical. Empty where it names none."""
        return tuple(self._page_ids[url] for url in (item.asked, item.url, item.canonical) if url)

    def _write_round(self, items: Mapping[int, Prepared], results: dict[int, Stored]) -> dict[int, Prepared]:
        """Write the items that do not meet on a page; the others are returned, and will see what these have written."""
        contents: dict[int, Content] = {}
        written: set[int] = set()
        waiting: dict[int, Prepared] = {}
        for place, item in items.items():
            own = self._own_ids(item)
            if not written.isdisjoint((*own, *map(self._pages.content_id, own))):
                waiting[place] = item
                continue
            results[place], content = self._settle(item, own)
            if content is not None:
                contents[place] = content
                written.add(content.page_id)
        results.update(self._write_contents(contents, results))
        return waiting

    def _settle(self, item: Prepared, own: tuple[int, ...]) -> tuple[Stored, Content | None]:
        """What the item says of its URLs; and its content, if it has one that counts."""
        if isinstance(item.item, Failure):
            return self._settle_failure(item, item.item, own), None
        if not own:
            return Stored(item.item.url or "", Outcome.UNCHANGED, None, item.at), None
        asked, url, canonical = own
        claims_itself = item.rows is not None and canonical == url
        content_id = url if claims_itself else self._pages.content_id(canonical)
        before = self._pages[content_id]["read_at"]
        is_alias = content_id not in (asked, url) and self._pages.is_read_directly(content_id)
        for id_ in dict.fromkeys((asked, url)):
            if not self._is_late(item.at, self._pages[id_]["fetched_at"]):
                self._pages.set(id_, fetched_at=item.at, **_response_columns(item))
                self._pages.point(id_, content_id, item.at)
        result = Stored(item.item.url or "", Outcome.UNCHANGED, content_id, item.at, before, is_alias)
        if is_alias or _is_redirect(item) or self._is_late(item.at, before):
            return result, None
        if item.rows is None:
            self._pages.set(content_id, read_at=item.at if before else None)
            return result, None
        return result, Content(content_id, item.rows, item.at, before)

    def _is_late(self, at: datetime, known_at: datetime | None) -> bool:
        return self._keeps_newer and known_at is not None and at < known_at

    def _settle_failure(self, item: Prepared, failure: Failure, own: tuple[int, ...]) -> Stored:
        is_gone = own and failure.failure_class is FailureClass.GONE
        if is_gone and not self._is_late(item.at, self._pages[own[0]]["fetched_at"]):
            self._pages.set(own[0], fetched_at=item.at, status=failure.status)
        outcome = Outcome.REFUSED if failure.failure_class.is_refusal else Outcome.FAILED
        page_id = self._pages.content_id(own[0]) if own else None
        return Stored(failure.url, outcome, page_id, item.at, failure=failure)

    def _write_contents(self, contents: Mapping[int, Content], results: Mapping[int, Stored]) -> dict[int, Stored]:
        """The results of the items that had content, by their places."""
        if not contents:
            return {}
        pages = list(contents.values())
        at = max(content.at for content in pages)
        tag_names = {item[0] for content in pages for shown in content.rows.tag_lists for item in shown.items}
        author_names = {name for content in pages for article in content.rows.articles for name in article.authors}
        tag_ids = self.keys.names(TABLES["tag"], tag_names, at)
        author_ids = self.keys.names(TABLES["author"], author_names, at)

        links = ListWriter(self._bulk, TABLES["link_list"], TABLES["link_item"], ids=self._page_ids)
        tags = ListWriter(self._bulk, TABLES["tag_list"], TABLES["tag_list_item"], ids=tag_ids)
        changed = links.write(pages, lambda content: content.rows.link_lists)
        retagged = tags.write(pages, lambda content: content.rows.tag_lists)
        changed |= retagged
        changed |= self._write_outlinks(pages)
        ids = Ids(pages=self._page_ids, authors=author_ids, tags=tag_ids)
        articles = ArticleWriter(self._bulk, self._changes, ids)
        stored = articles.write(pages, retagged=retagged)
        changed |= self._write_page_rows(pages)
        return {
            place: replace(
                results[place],
                articles=tuple(stored[content.page_id]),
                outcome=Outcome.STORED if stored[content.page_id] or content.page_id in changed else Outcome.UNCHANGED,
            )
            for place, content in contents.items()
        }

    def _write_outlinks(self, pages: Sequence[Content]) -> set[int]:
        changed = [page for page in pages if self._pages[page.page_id]["outlinks_hash"] != page.rows.outlinks_hash]
        write_outlinks(self._bulk, changed, self._page_ids)
        return {page.page_id for page in changed}

    def _write_page_rows(self, pages: Sequence[Content]) -> set[int]:
        """Those whose kind or title is another, or that are read for the first time."""
        changed = set()
        for page in pages:
            before = self._pages[page.page_id]
            if any(before[name] != page.rows.row[name] for name in ("kind", "title")):
                changed.add(page.page_id)
            columns = page.rows.row | {"outlinks_hash": page.rows.outlinks_hash}
            self._pages.set(page.page_id, read_at=page.at, **columns)
        return changed

    def _write_fetches(self, items: Sequence[Prepared], stored: Sequence[Stored]) -> None:
        ids = self._bulk.next_ids(TABLES["fetch"], len(items))
        rows = [
            {
                "id": id_,
                "page_id": self._page_ids[item.asked] if item.asked else None,
                "crawl_id": self._crawl_id,
                "fetched_at": item.at,
                "outcome": result.outcome.value,
                "failure_class": result.failure.failure_class.value if result.failure else None,
                "status": _status(item),
                "attempts": result.failure.attempts if result.failure else 1,
                "archive_file": item.item.archived.file if item.item.archived else None,
                "archive_offset": item.item.archived.offset if item.item.archived else None,
            }
            for id_, item, result in zip(ids, items, stored, strict=True)
        ]
        self._bulk.insert(TABLES["fetch"], rows)
        self._changes.add("fetch", ids, "insert")

    def _write_failures(self, items: Sequence[Prepared]) -> None:
        failures = [(item, item.item) for item in items if isinstance(item.item, Failure)]
        if not failures:
            return
        ids = self._bulk.next_ids(TABLES["failure"], len(failures))
        rows = [
            {
                "id": id_,
                "page_id": self._page_ids[item.asked] if item.asked else None,
                "crawl_id": self._crawl_id,
                "url": failure.url,
                "failure_class": failure.failure_class.value,
                "stage": failure.stage,
                "message": failure.message,
                "status": failure.status,
                "attempts": failure.attempts,
                "occurred_at": failure.occurred_at,
            }
            for id_, (item, failure) in zip(ids, failures, strict=True)
        ]
        self._bulk.insert(TABLES["failure"], rows)
        self._changes.add("failure", ids, "insert")

    @property
    def rows_written(self) -> int:
        return self._bulk.rows_written

    def _count(self, stored: Sequence[Stored]) -> None:
        """The sums of the run grow in the same transaction, so that they are right after a kill too."""
        if self._crawl_id is None:
            return
        crawl = TABLES["crawl"]
        counts = Counter(result.outcome.value for result in stored)
        sums = {crawl.c[name]: crawl.c[name] + number for name, number in counts.items()}
        sums[crawl.c.batches] = literal(self._number)
        self._bulk.connection.execute(update(crawl).where(crawl.c.id == self._crawl_id).values(sums))
        self._changes.add("crawl", (self._crawl_id,), "update")


def _response_columns(item: Prepared) -> Row:
    """What the answer says of the URL itself; a 304 leaves it."""
    if not isinstance(item.item, Page):
        return {}
    return {"status": item.item.status, "etag": item.item.etag, "last_modified": item.item.last_modified}


def _is_redirect(item: Prepared) -> bool:
    return isinstance(item.item, NotModified) and item.item.target_url is not None


def _status(item: Prepared) -> int | None:
    if isinstance(item.item, NotModified):
        return None if _is_redirect(item) else 304
    return item.item.status
