"""Whether the text of a page is made by scripts: the markup as it is served has next to none, and the signs of that."""

import re

from lxml import etree
from lxml import html as lxml_html

# Letters below which a page is no article as it stands.
_SHORT_TEXT = 400
_MOST_BYTES = 2_000_000  # a page of an application is small; a larger one has text of its own
_UNSEEN = frozenset({"script", "style", "noscript", "template", "head", "svg"})
_HOLDERS = frozenset({"div", "main", "section", "article"})
_WANTS_SCRIPT = re.compile(r"(?i)java\s?script|启用脚本|啟用腳本")
_HAS_BODY = b'"articleBody"'
_WIDE = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")  # one letter says what three say elsewhere


def script_built(body: bytes) -> str | None:
    """The sign by which the page is seen to be built by scripts, in a few words; None where it is not."""
    if len(body) > _MOST_BYTES or b"<script" not in body.lower() or _HAS_BODY in body:
        return None
    root = _parsed(body)
    if root is None or not any(True for _ in root.iter("script")):
        return None
    if not _is_short(root):
        return None
    if any(_WANTS_SCRIPT.search(_text(each)) for each in root.iter("noscript")):
        return "its noscript asks for JavaScript"
    holder = next((each for each in root.iter() if _is_empty_holder(each)), None)
    return f"<{holder.tag}> waits empty for its text" if holder is not None else None


def has_little_text(body: bytes) -> bool:
    """Too little for an article, as a reader sees the page."""
    root = _parsed(body)
    return root is None or _is_short(root)


def _is_short(root: etree._Element) -> bool:
    return len(_visible(root)) <= _SHORT_TEXT


def _parsed(body: bytes) -> etree._Element | None:
    try:
        root: etree._Element = lxml_html.document_fromstring(body, parser=lxml_html.HTMLParser(encoding="utf-8"))
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None
    return root


def _visible(root: etree._Element) -> str:
    """What a reader without scripts would see; letters that say more count threefold."""
    texts: list[str] = []
    waiting = [root]
    while waiting:
        element = waiting.pop()
        if isinstance(element.tag, str) and element.tag not in _UNSEEN:
            texts.append(element.text or "")
            waiting.extend(element)
        texts.append(element.tail or "")
    text = " ".join("".join(texts).split())
    return text + "  " * len(_WIDE.findall(text))


def _text(element: etree._Element) -> str:
    return "".join(str(text) for text in element.itertext())


def _is_empty_holder(element: etree._Element) -> bool:
    """With a name to be found by, and nothing in it: an element of an application, as app-root, is one by its tag."""
    tag = element.tag
    if not isinstance(tag, str) or not (tag in _HOLDERS or "-" in tag):
        return False
    if tag in _HOLDERS and not element.get("id"):
        return False
    return len(element) == 0 and not (element.text or "").strip()
