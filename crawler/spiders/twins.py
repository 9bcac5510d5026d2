"""One page under two spellings of its address, which differ in case or by a slash at the end."""

from collections import OrderedDict
from hashlib import sha256

from models.items import Article, Page

_REMEMBERED = 20_000  # pages, of about 200 bytes


class Twins:
    """The pages of this run by their addresses without case. Servers that know none show one text for all spellings;
    others have two pages, as for the identifiers of videos, so only the same text makes a twin."""

    def __init__(self) -> None:
        self._seen: OrderedDict[bytes, tuple[str, bytes]] = OrderedDict()

    def first_of(self, page: Page) -> str | None:
        """The URL under which the page has been read before; None for a page that is new, or no article."""
        if page.url is None or not page.articles:
            return None
        key = _digest(page.url.rstrip("/").casefold())
        text = _digest(*map(_text, page.articles))
        url, before = self._seen.setdefault(key, (page.url, text))
        if len(self._seen) > _REMEMBERED:
            self._seen.popitem(last=False)
        return url if before == text and url != page.url else None


def _text(article: Article) -> str:
    return f"{article.headline}\n{article.article_body}"


def _digest(*texts: str) -> bytes:
    return sha256("\0".join(texts).encode("utf-8", "surrogatepass")).digest()[:16]
