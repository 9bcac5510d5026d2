"""Articles over several pages: the parts of one, asked for one after the other and joined to one page."""

from collections.abc import Awaitable, Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TypeVar

from models.items import Article, Block, Item, LinkList, Page, PageError, TagList

_REPEATED = 30  # letters from which on a text that stood in an earlier part is not said again: a standfirst, a byline
_List = TypeVar("_List", LinkList, TagList)


@dataclass(frozen=True, slots=True, kw_only=True)
class PartRead:
    """How the request for one further part ended."""

    page: Page | None
    """None where it failed."""
    ended: Item | None
    """Its item; None where the part had been read before, and its request has one."""
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Joined:
    page: Page
    others: tuple[Item, ...]
    """How the requests for the further parts ended."""


class PartsMet:
    """Further parts that were asked for by themselves, kept for a while: their first part is asked for next."""

    def __init__(self, most: int = 100) -> None:
        self._pages: dict[str, Page] = {}
        self._most = most

    def keep(self, page: Page) -> None:
        self._pages[page.url or ""] = page
        if len(self._pages) > self._most:
            del self._pages[next(iter(self._pages))]  # the oldest; it will be fetched again

    def take(self, url: str) -> Page | None:
        return self._pages.pop(url, None)


async def join_parts(first: Page, ask: Callable[[str], Awaitable[PartRead]], *, most: int) -> Joined:
    """Part 1 with all that follow it, as far as `most` parts.

    A part that fails costs itself and, unless the pager names the one after it, those that follow; the page's errors
    say so.
    """
    gathered = _Gathered(first)
    while (url := gathered.next_url) is not None:
        if gathered.number == most:
            gathered.warn(f"the article has more than {most} parts: raise PARTS_PER_ARTICLE and crawl it again")
            break
        gathered.add(url, await ask(url))
    return Joined(gathered.joined(), tuple(gathered.others))


class _Gathered:
    def __init__(self, first: Page) -> None:
        self.number = 1  # of the last part asked for
        self.others: list[Item] = []
        self._first = first
        self._parts = {1: first}
        self._seen = set(_texts(first))
        self._errors: list[PageError] = []
        self._urls: dict[int, str] = {}
        self._learn(first)

    @property
    def next_url(self) -> str | None:
        return self._urls.get(self.number + 1)

    def add(self, url: str, read: PartRead) -> None:
        self.number += 1
        if read.ended is not None:
            self.others.append(read.ended)
        if read.page is None:
            self.warn(f"part {self.number} is missing, {url} could not be read: {read.fault}")
            return
        # A site that does not know the number shows the first part again, and an end page has no text.
        if self._seen.issuperset(_texts(read.page)):
            self._urls.clear()
            return
        self._parts[self.number] = read.page
        self._seen.update(_texts(read.page))
        self._learn(read.page)

    def warn(self, message: str) -> None:
        self._errors.append(PageError(field="parts", message=message))

    def joined(self) -> Page:
        pages = list(self._parts.values())
        urls = {url for page in pages for url in (page.url, *(page.part.urls.values() if page.part else ()))}
        return replace(
            self._first,
            part=None,
            articles=tuple(self._articles()),
            link_lists=_first_of((each for page in pages for each in page.link_lists), urls),
            tag_lists=_first_of((each for page in pages for each in page.tag_lists), urls),
            outlinks=tuple(
                {link.url: link for page in pages for link in page.outlinks if link.url not in urls}.values()
            ),
            errors=(*(error for page in pages for error in page.errors), *self._errors),
            # What the server says of part 1 says nothing of the others.
            etag=None,
            last_modified=None,
        )

    def _learn(self, page: Page) -> None:
        """Where the following parts are: the newest pager knows best."""
        self._urls.update(page.part.urls if page.part else {})

    def _articles(self) -> Iterator[Article]:
        """Those of part 1; the last of them goes on."""
        *whole, last = self._first.articles or (Article(),)
        yield from whole
        blocks, said = list(last.blocks), set(_texts(self._first))
        certain = [last.confidence]
        for number, page in self._parts.items():
            if number == 1:
                continue
            for article in page.articles:
                blocks += (replace(block, part=number) for block in article.blocks if not _is_said(block, said))
                certain.append(article.confidence)
            said.update(_texts(page))
        known = [confidence for confidence in certain if confidence is not None]
        yield replace(last, blocks=tuple(blocks), confidence=min(known, default=None))


def _texts(page: Page) -> Iterator[str]:
    return (block.text for article in page.articles for block in article.blocks if block.text)


def _is_said(block: Block, said: set[str]) -> bool:
    return len(block.text) >= _REPEATED and block.text in said


def _first_of(lists: Iterable[_List], parts: set[str | None]) -> tuple[_List, ...]:
    """Each list as the first part has it that shows it, told by kind and heading; no part of the article is an item."""
    found: dict[tuple[str, str | None], _List] = {}
    for each in lists:
        found.setdefault((each.kind.value, each.heading), each)
    return tuple(
        replace(each, items=items)
        for each in found.values()
        if (items := tuple(item for item in each.items if item.url not in parts))
    )
