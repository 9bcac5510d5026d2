"""What became of the items of a batch."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from models.items import Failure, NotModified, PageKind
from pipelines.revisits import leads_home
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


def is_gone_home(item: Prepared, kind: str | None) -> bool:
    """An article, as its page's `kind` has it, that leads to the site's home now: gone, though nobody says so."""
    redirect = item.item
    if not isinstance(redirect, NotModified) or redirect.target_url is None or kind != PageKind.ARTICLE:
        return False
    return leads_home(redirect.url, redirect.target_url)
