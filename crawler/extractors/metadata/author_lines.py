"""Bylines as a page prints them: a line above the text, brackets at its end, a box below it, or a name alone."""

import re
from collections.abc import Iterator

from crawler.extractors.metadata.region import Region
from crawler.extractors.metadata.spacing import parted_text, spaced_text
from crawler.extractors.tree.outline import Outline, TextBlock
from crawler.markup.dates import find_dates
from crawler.markup.names import (
    Byline,
    has_given_name,
    is_chinese_name,
    is_common_name,
    is_organisation,
    looks_like_person,
    names_role,
    names_team,
    parse_byline,
    split_people,
)
from crawler.markup.text import is_cjk

_LONGEST_LINE = 300
_LONGEST_LONE = 60
_MOST_WORDS = 12
_CREDIT_TAGS = frozenset(("figcaption", "caption", "figure"))
_CREDIT_WORDS = frozenset("caption credit copyright photo image comment comments".split())
# One of these is in every byline. Plain searches: one pattern of them all would take ten times as long.
_BYLINE_STEMS = tuple(
    "by|von|par |por |di |door|av |af |od |przez|oleh|autor|author|auteur|text|words|tekst|writ|schrieb|fasst|contrib|"
    "yazan|автор|текст|crit|scri|interview|entrev|intervista|entretien|protokoll|aufgez|reporting".split("|")
)
_HAN = re.compile(r"[\u3400-\u9fff]")
_BIOGRAPHY_STEMS = (" is ", " was ", " has been ", " works as ", " serves as ")
_LONGEST_SUBJECT = 110
_BIOGRAPHY = re.compile(r"((?:[^\W\d_][\w.'’-]{0,20} ?){1,4}) (?:is|was|has been|works as|serves as) ")
_LABEL_ALONE = re.compile(
    r"(?i)\W{0,3}(?:(?:written|posted|published|words|story|text) )?"
    r"(?:by|von|par|por|di|door|autor(?:en|in)?|authors?|作者|文)\W{0,3}"
)
_BOX = re.compile(
    r"(?i)^\W{0,3}(?:(?:this |the )?(?:article |post |story )?(?:was |is )?(?:written|posted|authored) by|authors?:|"
    r"about the authors?:?|autor(?:in|en)?:|(?:作者|著者|投稿者|글쓴이|작성자) ?[:：]|by )"
)
# "（某某 某某）" at the end of a text: names and nothing else.
_CLOSING_NAMES = re.compile(
    r"[（(]\s{0,3}(?:评论员|本报记者|记者|通讯员|作者)?\s{0,3}([\u3400-\u9fff\s、]{2,24})[）)]\s{0,3}$"
)
_LONE_HAN = re.compile(r"[\u4e00-\u9fff]{2,3}")
_LONE_OUTLET = re.compile(r"[\u4e00-\u9fff]{2,12}")
_LABELS = re.compile(
    "关注|导语|摘要|正文|分享|收藏|评论|打印|字号|目录|首页|返回|订阅|阅读|更多|热门|标签|来源|作者|时间|今日|推荐|广告|公告|登录|注册|"
    "搜索|新闻|图片|视频|下载|专题|频道|原创|转载|点击|浏览|显示|隐藏|上一|下一|编辑|公[开開]|更新|日期"
)
# "阅读 1.2万", "1203次浏览": counters stand in the line of date and name.
_COUNT = re.compile(
    r"(?:阅读|浏览|点击|评论|点赞|人气|热度|访问|收藏|转发)(?:量|数|次数)?\s?[:：]?\s?[(（]?\d[\d.,]{0,9}\s?[万千亿wWkK]?\+?[)）]?\s?[次人]?"
    r"|(?<![\d:.])\d[\d.,]{0,9}\s?[万千亿wWkK]?\+?\s?(?:次|人|条)?(?:阅读|浏览|点击|评论|点赞|访问|收藏|转发)"
)
_GAP = re.compile(r"[\s|｜·•/,，:：;；\-—]+")


def printed_bylines(outline: Outline, region: Region) -> list[tuple[TextBlock, Byline]]:
    """Bylines above the text, and of Chinese pages those in it and below it too."""
    return [*_above(outline, region), *_within(region)]


def boxed_bylines(outline: Outline, region: Region) -> Iterator[Byline]:
    """The box about the author below a text, or the line that opens it."""
    label = ""
    for block in (*region.lead, *region.below):
        text = block.text if len(block.text) <= _LONGEST_LINE else ""
        byline = None
        if label or _BOX.match(text):
            text = spaced_text(outline, block) if text else ""
            box = _BOX.match(text)
            byline = parse_byline(f"By {text[box.end() :]}" if box else _labelled(label, text))
        label = text if _LABEL_ALONE.fullmatch(text) else ""
        if byline is not None and byline.authors:
            yield byline
            return


def _labelled(label: str, text: str) -> str:
    """ "Author" over "Jane Roe" as one line."""
    # "Authors" leads to a page of them as often as it stands over a name.
    mark = ":" if label.lower() in ("author", "autor", "autorin") else ""
    return f"{label}{mark} {text}"


def biography(region: Region) -> tuple[str, ...]:
    """The person a paragraph below the text is about: "Jane Roe is a writer in …", her name often above it."""
    above = ""
    for block in region.below:
        start = block.text[:_LONGEST_SUBJECT]
        match = _BIOGRAPHY.match(start) if any(stem in start for stem in _BIOGRAPHY_STEMS) else None
        name = match[1].strip() if match else ""
        if (
            match
            and names_role(block.text[:200])
            and (has_given_name(name) or (name and name in above and has_given_name(above)))
        ):
            return (above if looks_like_person(above) and name in above else name,)
        above = block.text if len(block.text) <= _LONGEST_LONE else ""
    return ()


def unmarked_author(outline: Outline, region: Region) -> tuple[Byline | None, frozenset[int]]:
    """A person's name alone between headline and body: "Jane Roe", "Jane Roe | 13 March 2024", 王小明; its block."""
    headline = region.headline if region.headline is not None else -1
    for block in region.above:
        if block.node <= headline or len(block.text) > _LONGEST_LONE or block.tag in ("h1", "h2"):
            continue
        byline = _lone_chinese(outline, region, block) if is_cjk(block.text) else _lone_western(block)
        if byline is not None:
            return byline, frozenset((block.number,))
    return None, frozenset()


def _lone_western(block: TextBlock) -> Byline | None:
    """Names that begin a line and are followed by nothing but a date, a section or an office.

    Without a date beside it a line of capitals is a name only if it begins with a given one.
    """
    text = block.text
    if text.count(" ") > _MOST_WORDS or text.islower():
        return None
    name = re.split(r" in | on behalf |\s[|•·–—-]\s|[|•·⋅●]", _without_dates(text), maxsplit=1)[0].strip()
    names = split_people(name)
    is_dated = name != text and block.linked < len(name) and bool(find_dates(text))
    known = looks_like_person if is_dated else has_given_name
    if names and all(map(known, names)) and name.startswith(names[0]):
        return Byline(authors=names)
    return Byline(authors=(name,)) if names_team(name) and name == text else None


def is_person(name: str) -> bool:
    """Not a team or an outlet: two Han letters without a surname are a portal's name."""
    if not is_cjk(name):
        return looks_like_person(name)
    return is_chinese_name(name) or (3 <= len(name) <= 6 and not is_organisation(name))


def _above(outline: Outline, region: Region) -> Iterator[tuple[TextBlock, Byline]]:
    label = ""
    for block in region.above:
        if len(block.text) > _LONGEST_LINE or not (label or _may_be_byline(block.text)) or _is_credit(outline, block):
            continue
        text = spaced_text(outline, block)
        # "Written by" over "Jane Roe": two blocks, one byline.
        joined = _labelled(label, text) if label and not text.endswith((":", "：")) else text
        byline = parse_byline(joined) or _outlet_beside_date(region, block)
        label = text if _LABEL_ALONE.fullmatch(text) else ""
        if byline is not None:
            yield block, byline


def _within(region: Region) -> Iterator[tuple[TextBlock, Byline]]:
    for block in (*region.lead, *region.below):
        # A paragraph below the text is the beginning of another article.
        if is_cjk(block.text) and (block.node < region.body.stop or len(block.text) <= _LONGEST_LONE):
            byline = parse_byline(block.text) or _closing(block)
            if byline is not None:
                yield block, byline


def _may_be_byline(text: str) -> bool:
    lowered = text.lower()
    for stem in _BYLINE_STEMS:  # any() takes twice as long, and most lines have none of them
        if stem in lowered:
            return True
    return not text.isascii() and _HAN.search(text) is not None


def _is_credit(outline: Outline, block: TextBlock) -> bool:
    return block.tag in _CREDIT_TAGS or not _CREDIT_WORDS.isdisjoint(outline.words(block.node))


def _closing(block: TextBlock) -> Byline | None:
    match = _CLOSING_NAMES.search(block.text[-40:])
    names = match[1].replace("、", " ").split() if match else []
    return Byline(authors=tuple(names)) if names and all(map(is_chinese_name, names)) else None


def _lone_chinese(outline: Outline, region: Region, block: TextBlock) -> Byline | None:
    """A Chinese name alone, or beside the date: "2024-03-13 某某频道"; of two the second is who publishes."""
    text = _COUNT.sub(" | ", parted_text(outline, block)).removeprefix("原创").lstrip(" |")
    if _LABELS.search(text):
        return None
    if _LONE_HAN.fullmatch(text):
        return Byline(authors=(text,)) if not block.anchors and is_common_name(text) else None
    rest = [part for part in _GAP.split(_without_dates(text)) if part]
    if not 1 <= len(rest) <= 2 or rest[0] == block.text or not _LONE_OUTLET.fullmatch(rest[0]):
        return None
    if is_organisation(rest[0]) or not (is_common_name(rest[0]) or _is_next(region, block)):
        return None
    if len(rest) == 1:
        return Byline(authors=(rest[0],))
    are_beside = f"{rest[0]} | {rest[1]}" in text and _LONE_OUTLET.fullmatch(rest[1]) is not None
    return Byline(authors=(rest[0],), source=rest[1]) if are_beside and is_chinese_name(rest[0]) else None


def _outlet_beside_date(region: Region, block: TextBlock) -> Byline | None:
    """ "2024-03-13 某某网" between headline and body."""
    if region.headline is None or block.node <= region.headline or len(block.text) > _LONGEST_LONE:
        return None
    rest = [part for part in _GAP.split(_without_dates(block.text)) if part] if is_cjk(block.text) else []
    if len(rest) != 1 or rest[0] == block.text or not _LONE_OUTLET.fullmatch(rest[0]) or _LABELS.search(rest[0]):
        return None
    return Byline(source=rest[0]) if is_organisation(rest[0]) else None


def _is_next(region: Region, block: TextBlock) -> bool:
    """Right below the headline, where a pen name or a channel's name stands."""
    above = [other for other in region.above if other.number < block.number][-2:]
    return any(other.node == region.headline for other in above)


def _without_dates(text: str) -> str:
    for date in reversed(find_dates(text)):
        text = f"{text[: date.start]} | {text[date.end :]}"
    return text.strip(" |•·⋅●,-–—")
