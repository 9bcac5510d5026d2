"""A page's three panels in the terminal: body as typed blocks, related-article lists, tag lists."""

from collections.abc import Iterable
from datetime import datetime
from urllib.parse import urlsplit

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from crawler.console import counted, printable
from models.items import Article, Block, BlockType, LinkItem, LinkList, Page, TagItem, TagList

# Below, three columns leave the body under 60 cells; the lists then stand below it.
_THREE_COLUMNS_FROM = 130

_GUTTER = {
    BlockType.PARAGRAPH: "¶",
    BlockType.LIST_ITEM: "•",
    BlockType.QUOTE: "❝",
    BlockType.CODE: "{}",
    BlockType.TABLE: "⊞",
    BlockType.IMAGE: "img",
    BlockType.CAPTION: "cap",
}


def page_head(page: Page) -> Text:
    """What stands above the panels: which page this is, and as of when."""
    fetched = page.fetched_at.isoformat(timespec="minutes") if page.fetched_at else None
    facts = (page.kind.value, f"as of {fetched}" if fetched else None, page.kind_reason)
    text = Text(printable(page.canonical_url or page.url or ""), style="bold")
    return text.append(f"\n{printable(', '.join(filter(None, facts)))}", style="not bold dim")


class ThreePanels:
    """A rich renderable of one page, as wide as the console."""

    def __init__(
        self, page: Page, *, blocks: int | None = None, items: int | None = None, lists: int | None = None
    ) -> None:
        """`blocks` an article, `items` a list and so many `lists` are shown, and the rest counted; None shows all."""
        self._page = page
        self._origin = _origin(page.url)
        self._lists = lists
        self._blocks = blocks
        self._items = items

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        bodies = Group(*self._bodies())
        links = _panel("Related lists", self._link_lists())
        tags = _panel("Tag lists", self._tag_lists())
        columns: list[tuple[RenderableType, int]] = [(links, 5), (tags, 3)]
        if options.max_width >= _THREE_COLUMNS_FROM:
            columns.insert(0, (bodies, 8))
        else:
            yield bodies
        grid = Table.grid(expand=True)
        for _, ratio in columns:
            grid.add_column(ratio=ratio, overflow="fold")
        grid.add_row(*(column for column, _ in columns))
        yield grid

    def _bodies(self) -> Iterable[RenderableType]:
        articles = self._page.articles
        if not articles:
            yield _panel("Body", [Text("no article on this page", style="dim")])
        for number, article in enumerate(articles, 1):
            title = f"Body, article {number} of {len(articles)}" if len(articles) > 1 else "Body"
            yield _panel(title, [_heading(article), _facts(article), Text(""), *self._block_rows(article.blocks)])

    def _block_rows(self, blocks: tuple[Block, ...]) -> Iterable[RenderableType]:
        grid = Table.grid(padding=(0, 1))
        grid.add_column(width=3, style="cyan")
        grid.add_column(overflow="fold", ratio=1)
        for block in blocks[: self._blocks]:
            grid.add_row(_gutter(block), _block_text(block))
        yield grid
        yield from _rest(len(blocks), self._blocks, "block")

    def _link_lists(self) -> Iterable[RenderableType]:
        for link_list in self._page.link_lists[: self._lists]:
            yield _list_heading(link_list, len(link_list.items))
            grid = Table.grid(padding=(0, 1))
            grid.add_column(justify="right", style="dim")
            grid.add_column(overflow="fold", ratio=1)
            for number, item in enumerate(link_list.items[: self._items], 1):
                grid.add_row(str(number), _link_item(item, self._origin))
            yield grid
            yield from _rest(len(link_list.items), self._items, "item")
            yield Text("")
        yield from _rest(len(self._page.link_lists), self._lists, "list")

    def _tag_lists(self) -> Iterable[RenderableType]:
        for tag_list in self._page.tag_lists[: self._lists]:
            yield _list_heading(tag_list, len(tag_list.items))
            # A word in a cloud stands beside others; a title with a time has a line of its own.
            separator = "\n" if any(tag.date_published for tag in tag_list.items) else "  "
            yield Text(separator).join(_tag(tag) for tag in tag_list.items[: self._items])
            yield from _rest(len(tag_list.items), self._items, "tag")
            yield Text("")
        yield from _rest(len(self._page.tag_lists), self._lists, "list")


def _panel(title: str, rows: Iterable[RenderableType]) -> Panel:
    kept = list(rows) or [Text("none on this page", style="dim")]
    if len(kept) > 1 and isinstance(kept[-1], Text) and not kept[-1].plain:
        kept.pop()
    return Panel(Group(*kept), title=title, title_align="left", border_style="blue", padding=(0, 1))


def _heading(article: Article) -> Text:
    if article.headline is None:
        return Text("no headline", style="dim")
    return Text(printable(article.headline), style="bold")


def _facts(article: Article) -> RenderableType:
    """Byline, times and the rest that is known, a line each."""
    facts = {
        "by": ", ".join(article.authors),
        "source": article.source,
        "taken from": article.source_url,
        "published": _moment(article.date_published, article.date_text),
        "modified": _moment(article.date_modified, None),
        "section": article.section,
        "language": article.in_language,
        "image": article.main_image,
    }
    grid = Table.grid(padding=(0, 1))
    grid.add_column(style="dim")
    grid.add_column(overflow="fold", ratio=1)
    for name, value in facts.items():
        if value:
            grid.add_row(name, printable(value))
    return grid


def _gutter(block: Block) -> str:
    return f"h{block.level or ''}" if block.type is BlockType.HEADING else _GUTTER[block.type]


def _block_text(block: Block) -> Text:
    text = Text(printable(block.text), style="bold" if block.type is BlockType.HEADING else "")
    if block.type is BlockType.LIST_ITEM and block.level:
        text = Text("  " * (block.level - 1)).append_text(text)
    if block.url:
        text.append(f"{' ' if text else ''}{printable(block.url)}", style="dim")
    return text


def _list_heading(found: LinkList | TagList, count: int) -> Text:
    heading = Text(printable(found.heading), style="bold") if found.heading else Text("no heading", style="dim")
    return heading.append(f"  {found.kind.value}, {count}", style="not bold cyan")


def _link_item(item: LinkItem, origin: str | None) -> Text:
    """Of a link within the site, the path: a column of a third of a terminal would break the whole twice."""
    text = Text(printable(item.headline or "no headline"), style="" if item.headline else "dim")
    moment = _moment(item.date_published, item.date_text)
    if moment:
        text.append(f"  {printable(moment)}", style="dim")
    if item.description:
        text.append(f"\n{_excerpt(printable(item.description))}", style="dim italic")
    if item.url:
        is_own = origin is not None and item.url.startswith(f"{origin}/")
        text.append(f"\n{printable(item.url[len(origin or '') :] if is_own else item.url)}", style="dim")
    return text


def _origin(url: str | None) -> str | None:
    parts = urlsplit(url or "")
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else None


def _tag(tag: TagItem) -> Text:
    text = Text(printable(tag.name))
    if tag.date_published:
        text.append(f"\n  {_moment(tag.date_published, None)}", style="dim")
    return text


def _rest(count: int, shown: int | None, noun: str) -> Iterable[Text]:
    if shown is not None and count > shown:
        yield Text(f"… {counted(count - shown, f'more {noun}')}", style="dim")


def _excerpt(text: str) -> str:
    """Enough to see that it belongs to its headline."""
    return text if len(text) <= 60 else f"{text[:59]}…"


def _moment(moment: datetime | None, as_shown: str | None) -> str | None:
    """One word, so that it is never split over two lines."""
    return moment.isoformat(timespec="minutes") if moment else as_shown
