"""Lists in a plain-text dump: a heading, then entries of headline, excerpt and time, or rows of tags and a time.

Entries are told apart by lone dashes and by lines that are only a time; a dash that opens the next entry may stand at
the end of the line before it. Where neither is shown, long lines are taken for the excerpt of the short one above.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from crawler.extractors.dump.promotions import BodyLine, read_labelled_links
from crawler.extractors.dump.title_rows import split_names, split_titles
from crawler.extractors.lists.list_kinds import Announced, announced_by
from crawler.markup.dates import ParsedDate
from crawler.markup.text import collapse, count_words
from models.items import LinkItem, LinkList, LinkListKind, TagItem, TagList, TagListKind

DateReader = Callable[[str], ParsedDate | None]
"""Reads a text that is a date and nothing else."""

_DASH = r"[-–—―－‐·•●▪■□◆◇※*+>»]"
_LONE_DASH = re.compile(rf"{_DASH}+$")
_EDGE_DASHES = re.compile(rf"^{_DASH}+\s+|\s+{_DASH}+$|^[\[(（【]\s*|\s*[\])）】]$")
_LEADING_DASH = re.compile(rf"^{_DASH}+\s+(?=\S)")
_ENDS_IN_DASH = re.compile(rf"\s{_DASH}+$")
_COUNTS = re.compile(r"[\W\d]*(?:阅读|浏览|评论|点击|人气|views?|comments?|reads?)[\W\d]*$", re.IGNORECASE)
_FOOTER = re.compile(
    r"(?i)copyright|©|版权所有|all rights reserved|ICP备|备案号|^(?:分享|收藏|打印|点赞|返回顶部|关闭|责任编辑|责编)"
    r"|^(?:share|print|back to top|e-?mail)\b"
)
_RANK = re.compile(r"^(\d{1,3})(?:[.、．)）:：]\s*|\s+)(?=\D)")
_LABELLED = re.compile(r"([^:：\d]{2,14}?)\s*[:：]\s*(\S.*)$")
_LONGEST_HEADING, _LONGEST_LATIN = 8, 4  # words; a Han letter is one
_DESCRIPTION = 30  # words: an excerpt has at least as many
_FOLLOWING = 10  # lines after a heading in which its list must show

_LINK_KINDS = (
    (Announced.ADJACENT, LinkListKind.ADJACENT),
    (Announced.POPULAR, LinkListKind.POPULAR),
    (Announced.LATEST, LinkListKind.LATEST),
    (Announced.RELATED | Announced.TOPIC, LinkListKind.RELATED),
)
_LISTS = (
    Announced.RELATED | Announced.POPULAR | Announced.LATEST | Announced.TAGS | Announced.HOT_TAGS | Announced.TOPIC
)


@dataclass(slots=True)
class Section:
    """A heading and what stands under it."""

    heading: str
    announced: int
    lines: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Entry:
    lines: list[str] = field(default_factory=list)
    date: ParsedDate | None = None


def split_sections(lines: Sequence[str], read_date: DateReader) -> tuple[list[str], list[Section]]:
    """The lines of the body, and the sections. What follows the last entry of a list belongs to the body again."""
    body: list[str] = []
    sections: list[Section] = []
    index = tail = 0
    while index < len(lines):
        announced = _heading_at(lines, index, read_date)
        if not announced:
            body.append(lines[index])
            index += 1
            continue
        stop = index + 1
        while stop < len(lines) and not _ends_section(lines, stop, read_date):
            stop += 1
        taken = _last_entry(lines[index + 1 : stop], read_date)
        sections.append(Section(_clean_heading(lines[index]), announced, list(lines[index + 1 : index + 1 + taken])))
        index += 1 + taken
        tail = len(body)
    return _without_footer(body, tail if sections else len(body)), sections


def _without_footer(body: list[str], tail: int) -> list[str]:
    """Short lines after the last list are the foot of the page; without a list only its own words tell it."""
    end = len(body)
    while end and count_words(body[end - 1]) < _DESCRIPTION and (end > tail or _FOOTER.search(body[end - 1])):
        end -= 1
    return [line for line in body[:end] if not _LONE_DASH.match(line)]


def read_inline_list(line: str) -> LinkList | TagList | None:
    """A list on one line: "标签: A B", "Tags: a, b", "下一篇：…"; None for any other line."""
    match = _LABELLED.match(line)
    announced = announced_by(match[1]) if match and count_words(match[1]) <= 4 else Announced.NOTHING
    if match is None or not announced:
        return None
    if announced & Announced.ADJACENT:
        item = LinkItem(url=None, headline=match[2].strip())
        return LinkList(kind=LinkListKind.ADJACENT, items=(item,))
    if announced & (Announced.TAGS | Announced.HOT_TAGS) and count_words(line) <= 60 and not line.endswith("。"):
        names = split_names(match[2]) or (collapse(match[2]),)
        kind = TagListKind.HOT if announced & Announced.HOT_TAGS else TagListKind.ARTICLE
        return TagList(kind=kind, heading=match[1], items=tuple(TagItem(name=name) for name in dict.fromkeys(names)))
    return None


def read_section(section: Section, read_date: DateReader) -> LinkList | TagList | None:
    """None for a section without entries."""
    entries = list(_entries(section.lines, read_date))
    if not entries:
        return None
    if section.announced & (Announced.TAGS | Announced.HOT_TAGS):
        return _tag_list(section, entries)
    kind = next(kind for announced, kind in _LINK_KINDS if section.announced & announced)
    items = tuple(_item(entry, read_date) for entry in _without_ranks(entries))
    return LinkList(kind=kind, heading=section.heading, items=items)


def _heading_at(lines: Sequence[str], index: int, read_date: DateReader) -> int:
    """What a line announces, if a list follows it: a dash, two times, or nothing but short lines."""
    line = _clean_heading(lines[index])
    if not line or count_words(line) > (_LONGEST_LATIN if line.isascii() else _LONGEST_HEADING):
        return Announced.NOTHING
    announced = announced_by(line) & _LISTS
    following = lines[index + 1 : index + 1 + _FOLLOWING]
    if not announced or not following:
        return Announced.NOTHING
    # One time is not enough: under the headline of an article stands the time of the article.
    has_dash = any(_LONE_DASH.match(one) for one in following[:3])
    has_times = sum(_read_time(one, read_date) is not None for one in following) >= 2
    are_short = all(count_words(one) <= _DESCRIPTION for one in following[:5])
    return announced if has_dash or has_times or are_short else Announced.NOTHING


def _ends_section(lines: Sequence[str], index: int, read_date: DateReader) -> bool:
    return bool(_FOOTER.search(lines[index]) or _heading_at(lines, index, read_date))


def _last_entry(lines: Sequence[str], read_date: DateReader) -> int:
    """How many lines belong to the list: where times close its entries, nothing after the last of them does."""
    times = [index for index, line in enumerate(lines) if _read_time(line, read_date)]
    opens_with_time = bool(times) and not any(not _LONE_DASH.match(line) for line in lines[: times[0]])
    if len(times) < 2 or opens_with_time:
        return len(lines)
    end = times[-1] + 1
    while end < len(lines) and _LONE_DASH.match(lines[end]):
        end += 1
    return end


def _entries(lines: Sequence[str], read_date: DateReader) -> Iterator[Entry]:
    """Entries in order. Whether a time closes an entry or opens it shows at the first one."""
    is_parted = any(_LONE_DASH.match(line) or _ENDS_IN_DASH.search(line) for line in lines)
    for entry in _groups([line for line in lines if not _COUNTS.match(line)], read_date):
        yield from _split_entry(entry, is_parted=is_parted)


def _groups(lines: Sequence[str], read_date: DateReader) -> Iterator[Entry]:
    """Lines between two dashes or times."""
    shown = [line for line in lines if not _LONE_DASH.match(line)]
    opens = bool(shown) and _read_time(shown[0], read_date) is not None
    entry = Entry()
    for line in lines:
        date = _read_time(line, read_date)
        if _LONE_DASH.match(line) or (date and opens):
            yield entry
            entry = Entry(date=date)
        elif date:
            entry.date = date
            yield entry
            entry = Entry()
        else:
            entry.lines.append(_LEADING_DASH.sub("", line))
    yield entry


def _split_entry(entry: Entry, *, is_parted: bool) -> Iterator[Entry]:
    """Entries that no dash parts: a short line opens one, long lines are its excerpt. The time is the last one's."""
    is_one = len(entry.lines) == 2 and entry.date is not None
    opened: list[Entry] = []
    for line in entry.lines:
        if opened and (is_parted or is_one or count_words(line) >= _DESCRIPTION):
            opened[-1].lines.append(line)
        else:
            opened.append(Entry([line]))
    if opened:
        opened[-1].date = entry.date
    yield from opened


def _item(entry: Entry, read_date: DateReader) -> LinkItem:
    headline, *rest = entry.lines
    links = read_labelled_links(BodyLine(headline))
    date = entry.date
    if links and links[0].label:
        headline = links[0].label
    elif date is None:
        headline, date = _cut_time(headline, read_date)
    return LinkItem(
        url=links[0].url if links else None,
        headline=headline,
        description=" ".join(rest) or None,
        date_published=date.moment if date else None,
        date_text=date.text if date else None,
    )


def _cut_time(line: str, read_date: DateReader) -> tuple[str, ParsedDate | None]:
    """A time beside the headline, before or after it: tried at the spaces and brackets of both ends."""
    for match in re.finditer(r"\s+|(?<=\S)(?=[(（\[【])|(?<=[)）\]】])(?=\S)", line):
        before, after = line[: match.start()].strip(), line[match.end() :].strip()
        for text, rest in ((before, after), (after, before)):
            if len(text) <= 32 and rest and (date := _read_time(text, read_date)):
                return rest, date
    return line, None


def _tag_list(section: Section, entries: Sequence[Entry]) -> TagList:
    rows = [(" ".join(entry.lines), entry.date) for entry in entries]
    names = [split_names(row) for row, _ in rows]
    if any(found is None for found in names):
        names = list(split_titles([row for row, _ in rows]))
    items = (
        TagItem(name=name, date_published=date.moment if date else None)
        for found, (_, date) in zip(names, rows, strict=True)
        for name in found or ()
    )
    kind = TagListKind.HOT if section.announced & Announced.HOT_TAGS else TagListKind.ARTICLE
    return TagList(kind=kind, heading=section.heading, items=tuple({item.name: item for item in items}.values()))


def _without_ranks(entries: Sequence[Entry]) -> Sequence[Entry]:
    """Ranks are cut where all entries count up from 1: a headline may begin with a number of its own."""
    ranks = [_RANK.match(entry.lines[0]) for entry in entries]
    if len(entries) < 2 or any(rank is None or int(rank[1]) != place for place, rank in enumerate(ranks, start=1)):
        return entries
    return [Entry([_RANK.sub("", entry.lines[0], count=1), *entry.lines[1:]], entry.date) for entry in entries]


def _read_time(line: str, read_date: DateReader) -> ParsedDate | None:
    """A line that is only a time, dashes and brackets around it aside."""
    if len(line) > 48:
        return None
    return read_date(_EDGE_DASHES.sub("", line.strip()).strip())


def _clean_heading(line: str) -> str:
    return collapse(_EDGE_DASHES.sub("", line)).strip(":：-—=# ")
