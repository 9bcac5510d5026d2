"""One transaction: the items of a batch and everything they change."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import Connection, literal, update

from models.items import Discovery, Failure, FailureClass, Page
from models.tables import METADATA
from pipelines.revisits import Policy
from pipelines.rows import Row
from pipelines.store.articles import ArticleWriter, Ids
from pipelines.store.bulk import bulk_of
from pipelines.store.changes import Changes
from pipelines.store.clock import now_and_skew
from pipelines.store.discoveries import Discoveries, not_due
from pipelines.store.fetches import FetchWriter
from pipelines.store.followed import FollowedLinks
from pipelines.store.keys import Keys, Remembered
from pipelines.store.lists import ListWriter, write_outlinks
from pipelines.store.outcomes import Outcome, Stored, is_gone_home, is_redirect
from pipelines.store.pages import Pages
from pipelines.store.prepared import Content, Prepared
from pipelines.store.sites import Sites
from pipelines.store.unchanged import with_known_links
from pipelines.store.visits import Visits

TABLES = METADATA.tables


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What an item means, but for what it says."""

    crawl_id: int | None = None
    """The run that asked for it."""
    records_fetches: bool = True
    """False for pages that are read again out of the archive: nothing was fetched."""
    keeps_newer: bool = False
    """One that is older than what was read of its page says nothing."""
    revisit_since: datetime | None = None
    """Of a run that asks for all pages: a link to one that was asked for before then makes it due."""
    depth_limit: int | None = None
    """Steps from a start URL beyond which the run does not go."""
    policy: Policy = field(default_factory=Policy)
    """How often pages are asked for again."""

    @property
    def acknowledges(self) -> bool:
        """The items are ends of requests of our own."""
        return self.records_fetches and not self.keeps_newer


class Batch:
    """Used once, inside one transaction."""

    def __init__(self, connection: Connection, remembered: Remembered, *, number: int, rules: Rules) -> None:
        self._bulk = bulk_of(connection)
        self._changes = Changes()
        self._rules = rules
        self._number = number
        self.keys = Keys(self._bulk, self._changes, remembered)
        self._pages = Pages(self._bulk, self._changes)
        self._page_ids: dict[str, int] = {}
        self.settled: Mapping[int, Discovery] = {}
        """Discoveries by page, to be remembered once they are committed."""

    def write(self, items: Sequence[Prepared]) -> list[Stored]:
        """In the order of the items."""
        at = max(item.at for item in items)
        if not self._rules.acknowledges:
            self._page_ids = self.keys.pages(set().union(*(item.urls for item in items)), at, columns_of=not_due)
            self._pages.load(id_ for item in items for id_ in self._own_ids(item))
            stored = self._write_items(items)
            self._pages.write()
        else:
            stored = self._write_visits(items, at)
        self._changes.write(self._bulk, at)
        return stored

    def _write_visits(self, items: Sequence[Prepared], at: datetime) -> list[Stored]:
        """With what it means for the frontier: which pages they lead to, and when theirs are asked for again."""
        now, skew = now_and_skew(self._bulk.connection)
        items = with_known_links(self._bulk, items, since=self._rules.revisit_since)
        discoveries = Discoveries(min(at + skew, now), self._rules.revisit_since, self._rules.depth_limit)
        discoveries.add(found for item in items for found in item.discovered)
        sites = Sites(self._bulk, self._rules.policy)
        links = FollowedLinks(self._bulk, self._pages, sites, discoveries=discoveries, keys=self.keys)
        urls = set().union(*(item.urls for item in items))
        self._page_ids = self.keys.pages(urls, at, columns_of=discoveries.columns_of)
        candidates = links.find(self._page_ids)
        self._pages.load((*candidates, *(id_ for item in items for id_ in self._own_ids(item))))
        asked_ids = [self._page_ids[item.asked] if item.asked else None for item in items]
        visits = Visits(self._bulk, self._pages, sites, asked_ids=asked_ids, skew=skew)
        links.make_due(candidates)
        stored = self._write_items(items)
        visits.end(items, stored, links)
        self._pages.write()
        sites.write()
        self.settled = links.settled
        return stored

    def _write_items(self, items: Sequence[Prepared]) -> list[Stored]:
        results: dict[int, Stored] = {}
        waiting = dict(enumerate(items))
        while waiting:
            waiting = self._write_round(waiting, results)
        stored = [results[place] for place in range(len(items))]
        fetches = FetchWriter(self._bulk, self._changes, self._page_ids, crawl_id=self._rules.crawl_id)
        if self._rules.records_fetches:
            fetches.write_fetches(items, stored)
        fetches.write_failures(items)
        self._count(stored)
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
        if is_gone_home(item, self._pages[asked]["kind"]):  # not another name of the home page, nor are its articles
            self._pages.set(asked, fetched_at=item.at)
            return Stored(item.item.url or "", Outcome.UNCHANGED, asked, item.at), None
        claims_itself = item.rows is not None and canonical == url
        content_id = url if claims_itself else self._pages.content_id(canonical)
        before = self._pages[content_id]["read_at"]
        is_alias = content_id not in (asked, url) and self._pages.is_read_directly(content_id)
        for id_ in dict.fromkeys((asked, url)):
            if not self._is_late(item.at, self._pages[id_]["fetched_at"]):
                self._pages.set(id_, fetched_at=item.at, **_response_columns(item))
                self._pages.point(id_, content_id, item.at)
        result = Stored(item.item.url or "", Outcome.UNCHANGED, content_id, item.at, before, is_alias)
        if is_alias or is_redirect(item) or self._is_late(item.at, before):
            return result, None
        if item.rows is None:
            self._pages.set(content_id, read_at=item.at if before else None)
            return result, None
        return result, Content(content_id, item.rows, item.at, before)

    def _is_late(self, at: datetime, known_at: datetime | None) -> bool:
        return self._rules.keeps_newer and known_at is not None and at < known_at

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

    @property
    def rows_written(self) -> int:
        return self._bulk.rows_written

    def _count(self, stored: Sequence[Stored]) -> None:
        """The sums of the run grow in the same transaction, so that they are right after a kill too."""
        if self._rules.crawl_id is None:
            return
        crawl = TABLES["crawl"]
        counts = Counter(result.outcome.value for result in stored)
        sums = {crawl.c[name]: crawl.c[name] + number for name, number in counts.items()}
        sums[crawl.c.batches] = literal(self._number)
        self._bulk.connection.execute(update(crawl).where(crawl.c.id == self._rules.crawl_id).values(sums))
        self._changes.add("crawl", (self._rules.crawl_id,), "update")


def _response_columns(item: Prepared) -> Row:
    """What the answer says of the URL itself; a 304 leaves it."""
    if not isinstance(item.item, Page):
        return {}
    return {"status": item.item.status, "etag": item.item.etag, "last_modified": item.item.last_modified}
