"""The language of a page: declared, or told by its script where one script has one language."""

import re
from collections import Counter

from crawler.markup.structured import Structured

_TAG = re.compile(r"([a-z]{2,3})(?:[-_]([a-z]{4}))?(?:[-_]([a-z]{2}|\d{3}))?(?![a-z])", re.IGNORECASE)
_SAMPLE = 2000
# Simplified and traditional forms of frequent words, none of them written in the other script.
_SIMPLIFIED = frozenset("这们个为说时会来国对学过发经产业体员电车见门问间东书长马")
_TRADITIONAL = frozenset("這們個為說時會來國對學過發經產業體員電車見門問間東書長馬")
_CYRILLIC = {"uk": "їєґіЇЄҐІ", "be": "ўЎ", "sr": "ђјљњћџЂЈЉЊЋЏ", "mk": "ѓќѕЃЌЅ", "bg": "ъ", "ru": "ыэёЫЭЁ"}
_SCRIPTS = {
    "ja": range(0x3040, 0x3100),
    "ko": range(0xAC00, 0xD7B0),
    "zh": range(0x4E00, 0xA000),
    "th": range(0x0E01, 0x0E5C),
    "el": range(0x0386, 0x03CF),
    "he": range(0x05D0, 0x05EB),
    "ar": range(0x0621, 0x064B),
    "hi": range(0x0904, 0x093A),
    "cyrillic": range(0x0400, 0x0500),
}
_LETTERS = re.compile("[" + "".join(f"{chr(codes[0])}-{chr(codes[-1])}" for codes in _SCRIPTS.values()) + "]")
_FEWEST = 10


def find_language(declared: str | None, structured: Structured, text: str) -> str | None:
    """A BCP 47 tag. What the script of `text` makes impossible is not believed, whoever declares it.

    A Chinese page served as "en" is Chinese: themes ship with English chrome and their language is never changed.
    """
    by_script = language_of_script(text[:_SAMPLE])
    candidates = [declared, *(candidate.value for candidate in structured.languages)]
    for candidate in candidates:
        tag = normalized_tag(candidate or "")
        if tag and (by_script is None or _fits(tag, by_script)):
            return _with_region(tag, by_script)
    return by_script


def normalized_tag(value: str) -> str | None:
    """ "zh_cn.utf-8" is zh-CN, "EN" en; None for a value that is no tag, as "English"."""
    match = _TAG.match(value.strip())
    if match is None:
        return None
    language, script, region = match.groups()
    parts = [language.lower(), script.title() if script else "", region.upper() if region else ""]
    return "-".join(part for part in parts if part)


def language_of_script(text: str) -> str | None:
    """Told by letters alone; None for Latin script, and for too little text."""
    if text.isascii() or len(text) - len(text.encode("latin-1", "ignore")) < _FEWEST:
        return None
    if _LETTERS.search(text) is None:  # most are Latin with typographic signs
        return None
    letters = Counter(text)
    total = sum(count for letter, count in letters.items() if letter.isalpha())
    codes = [(ord(letter), count) for letter, count in letters.items() if letter > "\u036f"]
    counts = {name: sum(count for code, count in codes if code in script) for name, script in _SCRIPTS.items()}
    # Japanese is written with Chinese characters too; a tenth of kana tells it.
    if counts["ja"] * 10 > total:
        return "ja"
    name, count = max(counts.items(), key=lambda pair: pair[1])
    if not count or (count * 2 < total and not (name == "zh" and count * 4 > total)):
        return None
    if name == "zh":
        return _chinese(text)
    return _cyrillic(text) if name == "cyrillic" else name


def _chinese(text: str) -> str:
    letters = Counter(text)
    simplified = sum(letters[char] for char in _SIMPLIFIED)
    traditional = sum(letters[char] for char in _TRADITIONAL)
    if simplified == traditional:
        return "zh"
    return "zh-CN" if simplified > traditional else "zh-TW"


def _cyrillic(text: str) -> str | None:
    letters = Counter(text)
    counts = {name: sum(letters[char] for char in chars) for name, chars in _CYRILLIC.items()}
    name, count = max(counts.items(), key=lambda pair: pair[1])
    return name if count else None


def _fits(tag: str, by_script: str) -> bool:
    language, script = tag.partition("-")[0], by_script.partition("-")[0]
    if script == "zh":
        return language in ("zh", "yue", "cmn", "wuu", "ja")
    if script in _CYRILLIC:
        return language in _CYRILLIC or language in ("kk", "ky", "mn", "tt", "uz", "tg")
    if script == "ar":
        return language in ("ar", "fa", "ur", "ps", "ug", "ku", "sd")
    if script == "hi":
        return language in ("hi", "mr", "ne", "sa")
    return language in (script, "yi")


def _with_region(tag: str, by_script: str | None) -> str:
    """A bare "zh" says less than its characters do."""
    return by_script if tag == "zh" and by_script and by_script.startswith("zh-") else tag
