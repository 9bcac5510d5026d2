"""What `scrapy history` prints. No command itself."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from crawler.console import counted, printable, table
from pipelines.body_changes import BodyPart, Edited, Kept, Moved, Retyped
from pipelines.word_diff import Op, Piece, count_words

if TYPE_CHECKING:
    from pipelines.differences import Difference
    from pipelines.history import ArticleHistory, ListChange, PageHistory, VersionChange

_CONTEXT = 30
"""Letters of unchanged text shown beside a change."""
_EXCERPT = 60
_INDENT = "    "
_STYLES = {Op.SAME: "", Op.GONE: "red strike", Op.ADDED: "green"}
_MARKS = {Op.SAME: "{}", Op.GONE: "[-{}-]", Op.ADDED: "{{+{}+}}"}


def shown_history(
    history: "PageHistory", changes: "Mapping[int, Sequence[VersionChange]]", lists: "Sequence[ListChange]"
) -> Iterator[RenderableType]:
    """A head, the versions and changes of each article, then what became of the lists.

    `changes` are by the article's position.
    """
    facts = (
        counted(len(history.articles), "article"),
        f"first read {_moment(history.first_read_at)}",
        f"last read {_moment(history.read_at)}",
    )
    yield Text.assemble((printable(history.url), "bold"), "\n", (", ".join(facts), "dim"))
    for article in history.articles:
        yield Text()
        yield _title(article, len(history.articles))
        yield _versions(article, changes[article.position])
        for change in changes[article.position]:
            yield Rule(f"version {change.before.number} to {change.after.number}", style="dim", align="left")
            yield from _shown_change(change)
    if lists:
        yield Text()
        yield Rule("lists", style="dim", align="left")
    for listed in lists:
        yield Text.assemble((_moment(listed.at), "dim"), " ", (listed.difference.field, "bold"))
        yield _entries(listed.difference)


def _title(article: "ArticleHistory", count: int) -> Text:
    headline = article.versions[-1].article.headline or "no headline"
    text = Text.assemble((f"article {article.position + 1} of {count}: ", "cyan"), (printable(headline), "bold"))
    if article.gone_at:
        text.append(f"\ngone from its page since {_moment(article.gone_at)}", style="red")
    return text


def _versions(article: "ArticleHistory", changes: "Sequence[VersionChange]") -> Table:
    summaries = {change.after.number: change for change in changes}
    rows = table("version#", "seen", "what changed")
    for place, version in enumerate(article.versions):
        change = summaries.get(version.number)
        first = "first seen" if version.number == 1 else "those before it were pruned"
        told = _summary(change) if change else "" if place else first
        rows.add_row(str(version.number), _moment(version.seen_at), told)
    return rows


def _summary(change: "VersionChange") -> str:
    edited = [part for part in change.body if isinstance(part, Edited)]
    gone = sum(count_words(part.pieces, Op.GONE) for part in edited)
    added = sum(count_words(part.pieces, Op.ADDED) for part in edited)
    moved = sum(isinstance(part, Moved) for part in change.body)
    retyped = sum(isinstance(part, Retyped) for part in change.body)
    told = ["headline"] if change.headline else []
    told += [f"body: {counted(gone, 'word')} gone, {added:,} added"] if edited else []
    told += [f"{counted(moved, 'block')} moved"] if moved else []
    told += [f"{counted(retyped, 'block')} of another type"] if retyped else []
    told += [fact.field for fact in change.facts]
    return ", ".join(told)


def _shown_change(change: "VersionChange") -> Iterator[RenderableType]:
    if change.headline:
        yield Text("headline", style="bold")
        yield _Words(change.headline)
    for fact in change.facts:
        yield Text(fact.field, style="bold")
        yield _entries(fact)
    if change.body:
        yield Text("body", style="bold")
        yield from map(_shown_part, change.body)


def _shown_part(part: BodyPart) -> RenderableType:
    match part:
        case Kept():
            return _Indented(Text(f"… {counted(part.blocks, 'block')} as before", style="dim"))
        case Edited():
            return _Words(part.pieces)
        case Moved():
            places = f"moved from block {part.old_place + 1} to {part.new_place + 1}: "
            return _Indented(Text.assemble((places, "cyan"), _excerpt(part.text)))
        case Retyped():
            return _Indented(Text.assemble((f"{part.old}, now {part.new}: ", "cyan"), _excerpt(part.text)))


@dataclass(frozen=True, slots=True)
class _Indented:
    """Wrapped between any two letters where need be; no white space at the ends of its lines."""

    text: Text

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        for line in self.text.wrap(console, options.max_width - len(_INDENT), overflow="fold"):
            line.rstrip()
            yield Text(_INDENT).append_text(line)


@dataclass(frozen=True, slots=True)
class _Words:
    """A word diff: by colours, or by marks where there are none."""

    pieces: Sequence[Piece]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        text = Text()
        is_plain = console.color_system is None or console.no_color
        for place, piece in enumerate(self.pieces):
            shown = printable(piece.text)
            if piece.op is Op.SAME:
                shown = _context(shown, is_first=place == 0, is_last=place == len(self.pieces) - 1)
            text.append(_MARKS[piece.op].format(shown) if is_plain else shown, style=_STYLES[piece.op])
        yield from _Indented(text).__rich_console__(console, options)


def _context(text: str, *, is_first: bool, is_last: bool) -> str:
    """The ends of a long unchanged text that touch a change."""
    head, tail = ("" if is_first else text[:_CONTEXT]), ("" if is_last else text[-_CONTEXT:])
    return text if len(text) <= len(head) + len(tail) + 3 else f"{head}…{tail}"


def _entries(difference: "Difference") -> RenderableType:
    if not difference.gone and not difference.added:
        return _Indented(Text("in another order"))
    lines = [*_signed("-", "red", difference.gone), *_signed("+", "green", difference.added)]
    return _Indented(Text("\n").join(lines))


def _signed(sign: str, style: str, values: Iterable[str]) -> Iterator[Text]:
    return (Text(f"{sign} {printable(value)}", style=style) for value in values)


def _excerpt(text: str) -> str:
    shown = printable(text).replace("\n", " ")
    return shown if len(shown) <= _EXCERPT else f"{shown[:_EXCERPT]}…"


def _moment(moment: datetime) -> str:
    return moment.isoformat(sep=" ", timespec="minutes").replace("+00:00", " UTC")
