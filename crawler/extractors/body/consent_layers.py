"""Layers that ask for consent to cookies: whole sentences above or below a text, and none of it.

A text about cookies reads the same, so the words are no proof: a box of little else has to be a dialog, to be named
after its purpose, or to hold a button that accepts or refuses.
"""

import re
from collections.abc import Iterable, Sequence

from crawler.extractors.tree.outline import Outline, TextBlock

_SUBJECTS = (
    *("ookie", "onsen", "inwillig", "oestemming", "ersonal data", "ersonal information", "ersonal Information"),
    *("ersonenbezogen", "xterne Inhalt", "xternen Inhalt", "个人信息"),
)
"""Stems without a capital; "onsen" is that of consent, consentement, consenso and consentimiento."""
_PURPOSES = (
    "we use|we and|our partners|partners|your device|this site|website|advertis|personali|accept|continu|experience|"
    "privacy|wir |unsere|gerät|zustimm|werb|nous |nos |appareil|publicit|nosotros|utiliz|dispositiv|pubblicit|"
    "anzeigen|wij |apparaat|datenschutz|我们|网站|浏览|广告|使用|隐私"
).split("|")
_DIALOGS = frozenset(("dialog", "alertdialog"))
_TOOLS = frozenset(
    "consent cmp onetrust didomi cookiebot usercentrics cmplz iubenda truste borlabs klaro cookieconsent cookielaw "
    "cookiebanner cookienotice".split()
)
_COOKIES = frozenset(("cookie", "cookies", "privacy", "gdpr"))
_LAYERS = frozenset("banner bar notice law popup modal message overlay wall layer dialog".split())
# What programs of blogs name posts by: "category-gdpr", "tag-consent".
_POSTS = frozenset("post category tag hentry article".split())
_PAGE_TAGS = frozenset(("html", "body", "article", "main"))
_BUTTON = re.compile(
    r"(?:(?:yes|ok|no),? )?(?:i )?(?:accept|agree|allow|consent|reject|decline|deny|refuse|got it|cookies? settings|"
    r"manage (?:options|preferences|settings|choices|cookies)|einverstanden|akkoord|(?:全部)?(?:同意|接受|拒绝)|"
    r"externen? inhalte? (?:anzeigen|laden)|"
    r"(?:alle |alles |tout |todas? |todos )?(?:akzept|annehm|zustimm|ablehn|accepte[rn]|aceptar|accett|refuser|"
    r"rechazar|rifiut|weiger))",
    re.IGNORECASE,
)
_LONGEST_BUTTON = 40
_SENTENCE, _SENTENCE_HAN = 40, 16  # characters
_MOST_LEVELS = 8
_MOST_BLOCKS = 200
_MOST_LETTERS = 4000
_MOST_CALLED = 20_000  # letters of a layer by name: every purpose and partner may be told there
_SHARE = 0.5  # of the letters of a layer those in sentences about consent


def consent_blocks(outline: Outline, among: Iterable[int]) -> frozenset[int]:
    """Numbers of the blocks in such layers, of those around the blocks `among`."""
    found: set[int] = set()
    for number in _speaking([outline.blocks[number] for number in among]):
        if number not in found:
            box = _layer(outline, outline.blocks[number])
            if box is not None:
                found.update(outline.blocks_of(box))
    return frozenset(found)


def _speaking(blocks: Sequence[TextBlock]) -> list[int]:
    """Most pages have none of the words, and are asked for each of them once."""
    texts = "\n".join([block.text for block in blocks])
    subjects = [subject for subject in _SUBJECTS if subject in texts]
    if not subjects:
        return []
    return [block.number for block in blocks if _is_long(block.text) and _speaks(block.text, subjects)]


def _is_long(text: str) -> bool:
    return len(text) >= _SENTENCE or (len(text) >= _SENTENCE_HAN and not text.isascii())


def _speaks(text: str, subjects: Iterable[str] = _SUBJECTS) -> bool:
    for subject in subjects:  # any() takes twice as long, and hardly a block has any of them
        if subject in text:
            lowered = text.lower()
            return any(purpose in lowered for purpose in _PURPOSES)
    return False


def _layer(outline: Outline, block: TextBlock) -> int | None:
    """The highest node around a sentence that is a layer."""
    node, found = block.node, None
    for _ in range(_MOST_LEVELS):
        if node <= 0 or outline.tags[node] in _PAGE_TAGS or len(outline.blocks_of(node)) > _MOST_BLOCKS:
            break
        if _is_layer(outline, node):
            found = node
        node = outline.parents[node]
    return found


def _is_layer(outline: Outline, node: int) -> bool:
    blocks = [outline.blocks[number] for number in outline.blocks_of(node)]
    letters = sum(len(block.text) for block in blocks)
    if _is_called_layer(outline, node):
        most = _MOST_CALLED
    elif any(map(_is_button, blocks)):
        most = _MOST_LETTERS
    else:
        return False
    if not 0 < letters <= most:
        return False
    return sum(len(block.text) for block in blocks if _is_long(block.text) and _speaks(block.text)) >= letters * _SHARE


def _is_called_layer(outline: Outline, node: int) -> bool:
    attributes = outline.attributes[node]
    if attributes.get("role") in _DIALOGS or attributes.get("aria-modal") == "true" or outline.tags[node] == "dialog":
        return True
    words = frozenset(outline.words(node))
    is_named = words & _TOOLS or (words & _COOKIES and words & _LAYERS)
    return bool(is_named) and not words & _POSTS


def _is_button(block: TextBlock) -> bool:
    return len(block.text) <= _LONGEST_BUTTON and _BUTTON.match(block.text) is not None
