"""How each request ended: a row of `fetch`, and one of `failure` where it ended without a page."""

from collections.abc import Mapping, Sequence

from models.items import Failure, NotModified
from models.tables import METADATA
from pipelines.store.bulk import Bulk
from pipelines.store.changes import Changes
from pipelines.store.outcomes import Stored, is_redirect
from pipelines.store.prepared import Prepared

FETCH, FAILURE = METADATA.tables["fetch"], METADATA.tables["failure"]


class FetchWriter:
    """Of one transaction, and of one run."""

    def __init__(self, bulk: Bulk, changes: Changes, page_ids: Mapping[str, int], *, crawl_id: int | None) -> None:
        self._bulk = bulk
        self._changes = changes
        self._page_ids = page_ids
        self._crawl_id = crawl_id

    def write_fetches(self, items: Sequence[Prepared], stored: Sequence[Stored]) -> None:
        ids = self._bulk.next_ids(FETCH, len(items))
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
        self._bulk.insert(FETCH, rows)
        self._changes.add("fetch", ids, "insert")

    def write_failures(self, items: Sequence[Prepared]) -> None:
        failures = [(item, item.item) for item in items if isinstance(item.item, Failure)]
        if not failures:
            return
        ids = self._bulk.next_ids(FAILURE, len(failures))
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
        self._bulk.insert(FAILURE, rows)
        self._changes.add("failure", ids, "insert")


def _status(item: Prepared) -> int | None:
    if isinstance(item.item, NotModified):
        return None if is_redirect(item) else 304
    return item.item.status
