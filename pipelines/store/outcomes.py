"""What became of the items of a batch."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from models.items import Failure, NotModified
from pipelines.store.articles import StoredArticle
from pipelines.store.prepared import Prepared


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


def is_redirect(item: Prepared) -> bool:
    return isinstance(item.item, NotModified) and item.item.target_url is not None
