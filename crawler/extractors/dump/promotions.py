"""Promotion inside a body: lines that are only labels and links, and the paragraph that invites before them.

On trade portals such lines were pasted as text, so a URL may be glued to its label, to the URL before it, or lack its
host. What is read here is true of single lines; which of them are promotion is decided by where they stand.
"""

import re
from typing import NamedTuple

from crawler.markup.links import is_broken
from crawler.markup.text import collapse

_URL = re.compile(r"(?i)https?:/{2,}(?:(?!https?:/)[!-~])*")
_GLUE = " \t\u3000-–—―~～:：>》→»|｜·•*,，、;；"  # joins a label to its URL; never part of either
_AFTER_URL = ".,;:!?)]}'\"\u3002"
_LONGEST_LABEL = 60
_SENTENCE_END = re.compile(r"[。！？!?；;]\s*\S")
_INVITATION = re.compile(
    r"(?:关注|订阅|加入|搜索|添加|下载).{0,24}(?:微信|公众号|公众账号|微博|官微|Q\s*Q|小程序|APP|客户端)|微信号|公众(?:账)?号\s*[:：(（]"
    r"|扫(?:一扫|描|码)|二维码|回复.{0,24}(?:关键词|关键字|即可|获取)|点击.{0,12}(?:链接|查看|进入|购买|报名)|(?:联系|咨询|合作|投稿).{0,8}[:：]"
    r"|(?i:\b(?:follow|join|like|find) us\b|\bsubscribe (?:to|now|here)\b|\bsign up (?:for|now|here)\b"
    r"|\bscan the (?:qr )?code\b|\bjoin our\b|\bour newsletter\b)"
)


# One of these is in each: to try the pattern at every letter of a paragraph takes ten times as long.
_INVITING_WORDS = (
    *(" us", "subscribe", "sign up", "scan the", "join our", "our newsletter"),
    *"关注 订阅 加入 搜索 添加 下载 微信号 公众 扫 二维码 回复 点击 联系 咨询 合作 投稿".split(),
)


class LabelledLink(NamedTuple):
    label: str | None
    """None for a bare URL."""
    url: str
    """As written."""


class BodyLine(NamedTuple):
    """One block of a body, or one line of a dump, in page order."""

    text: str
    is_heading: bool = False
    """Marked up as a heading; a dump never says."""
    links: tuple[LabelledLink, ...] = ()
    """The line's `a` elements: visible text and href."""
    is_code: bool = False
    """Left as it stands."""


def read_labelled_links(line: BodyLine) -> tuple[LabelledLink, ...]:
    """The links of a line that holds nothing but labels and links; empty for any other line.

    A URL without a label of its own, glued to the one before, shares that one's label.
    """
    if line.is_code:
        return ()
    if "://" in line.text and _URL.search(line.text):
        return _read_written(line)
    if not line.links:
        return ()
    linked = sum(len(link.label or "") for link in line.links)
    if linked * 5 < len(line.text) * 4 or len(line.text) > _LONGEST_LABEL * len(line.links):
        return ()
    return tuple(LabelledLink(_clean_label(link.label or ""), link.url) for link in line.links if link.label)


def find_urls(text: str) -> tuple[str, ...]:
    """URLs written out in a text, without the punctuation of the sentence around them."""
    return tuple(match[0].rstrip(_AFTER_URL) for match in _URL.finditer(text))


def cut_broken_url(text: str) -> tuple[str, str | None]:
    """The text without a URL that ends it and leads nowhere, as "http:///path", and that URL."""
    last = None
    for match in _URL.finditer(text) if "://" in text else ():
        last = match
    if last is None or last.end() != len(text.rstrip()) or not is_broken(None, last[0]):
        return text, None
    return text[: last.start()].rstrip(_GLUE), last[0]


def is_invitation(text: str) -> bool:
    """Asks to follow, scan, reply or subscribe. Articles do so too, so what stands beside it decides."""
    folded = text.casefold()
    for word in _INVITING_WORDS:  # any() takes twice as long, and hardly a line has any of them
        if word in folded:
            return _INVITATION.search(text) is not None
    return False


def _read_written(line: BodyLine) -> tuple[LabelledLink, ...]:
    """URLs as text. Where one is also an `a` element its href is the truth: the text may be cut short."""
    hrefs = {link.label: link.url for link in line.links}
    found: list[LabelledLink] = []
    end = 0
    for match in _URL.finditer(line.text):
        label = _clean_label(line.text[end : match.start()])
        if len(label) > _LONGEST_LABEL or _SENTENCE_END.search(label):
            return ()
        shared = found[-1].label if found and not label else label or None
        found.append(LabelledLink(shared, hrefs.get(match[0], match[0].rstrip(_AFTER_URL))))
        end = match.end()
    return () if line.text[end:].strip(_AFTER_URL + _GLUE) else tuple(found)


def _clean_label(label: str) -> str:
    return collapse(label).strip(_GLUE)
