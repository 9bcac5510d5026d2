"""Bytes to text, as browsers do and better.

In order: an override, a byte order mark, valid UTF-8, what header and meta declare if the bytes fit it, and a guess.
Valid UTF-8 stands before declarations because bytes of other encodings practically never are, while pages are often
re-encoded without their meta element; a declaration that the bytes plainly contradict is passed over.
"""

import codecs
import re

import numpy as np

# The spec reads 1,024 bytes; old pages declare their charset behind long scripts.
_META_LIMIT = 32_768
_META = re.compile(
    rb"<(?:meta|\?xml)[^<>]{0,400}?(?:charset|encoding)\s*[=:]\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE
)
_HEADER = re.compile(r"charset\s*[=:]\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE)
_ESCAPE = b"\x1b"  # without it ISO-2022 is ASCII
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
# Codecs of text that may stand in a header; Python knows others, as "zlib" or "unicode_escape", that are no charset.
_CODECS = re.compile(r"utf-(8|16|32)|gb|hz|big5|cp\d|iso8859|iso2022|shift_|euc_|koi8|mac-|johab|tis-620|ascii|ptcp154")
_ALIASES = {"x-gbk": "gbk", "x-sjis": "shift_jis", "windows-31j": "cp932", "x-euc-jp": "euc_jp", "x-big5": "big5"}
# What browsers read under a name: the superset that pages really use.
_READ_AS = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "big5": "big5hkscs",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "iso8859-1": "cp1252",
    "ascii": "cp1252",
    "iso8859-9": "cp1254",
    "tis-620": "cp874",
    "iso8859-11": "cp874",
}
_GUESSES = ("gb18030", "big5hkscs", "cp932", "euc_jp", "cp949", "cp1252", "cp1251", "koi8-r")
# Replaced and control characters.
_WRONG = re.compile("[\ufffd\x80-\x9f]")
_LONG_LETTER = 0x0800  # from here on letters have three bytes of UTF-8 or four; U+FFFD is one too
_SAMPLE = 100_000
# A letter of GB18030 that GBK lacks, as all of Korean, has a digit as its second and its fourth byte.
# The byte behind ends a letter in Shift_JIS and Big5.
_NOT_ASCII = re.compile(rb"(?:[\x80-\xff]++(?:(?<=[\x81-\xfe])[0-9][\x81-\xfe][0-9])?+)++[\x40-\x7f]?")
# Letters that make up most of any text of their language, the hundred commonest of Chinese in both scripts: bytes read
# with a wrong encoding give rare letters.
_COMMON = re.compile(
    "[的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然家"
    "种事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心本前开但因只从想实日月新"
    "這個們來為國說時會對於著過發後裡種經麼學現當沒動還進樣開從實"
    "\u3041-\u3096\u30a1-\u30fc，。、：；！？「」（）《》“”"
    "가-각간갈감강개것게겠경계고공과관구국그기나난날내는능다단당대도동되된될드들등디라로를리마만면명모무문미민"
    "바방보부분비사상서선성세소수스습시식신아안않야어업없었에여연영오와요용우원월위으은을음의이인일임입있"
    "자장재저적전정제조주중지진차청체출치크터통트파표하한할해행현화회"
    "]"
)
# Letters of one-byte charsets as words have them: Cyrillic in one case, accented ones alone or in twos.
_CYRILLIC = re.compile("(?<![^\0-\x7f«])[А-ЯЁ]?[а-яё]{2,30}(?![^\0-\x7f»])")
_LATIN = re.compile("(?<![^\0-\x7f])[À-ÖØ-öø-ÿŠšŽžŒœŸ€–—‘’“”„…«»\u00a0·°©®¿¡]{1,2}(?![^\0-\x7f])")
_WORDS = {"cp1251": _CYRILLIC, "koi8-r": _CYRILLIC, "cp1252": _LATIN}
_ONE_BYTE = re.compile(r"cp(437|8\d\d|125\d)|iso8859|koi8|mac-|ptcp154")


def decode(body: bytes, *, content_type: str | None, override: str | None = None) -> tuple[str, str]:
    """The text, without NUL characters and byte order mark, and the encoding used. Never raises.

    NUL goes because parsers end the page there: pages built by Docusaurus have some inside Chinese words.
    """
    text, encoding = _decode(body, content_type, override)
    # Looked for in the bytes first: in wide text it takes ten times as long.
    return text.replace("\0", "") if b"\0" in body and "\0" in text else text, encoding


def undoubled(body: bytes) -> bytes:
    """The page before its UTF-8 was taken for Latin-1 and encoded again; most are returned as they are.

    Twelve of 790 saved pages of many sites were so, with "â" and two control characters for each quotation mark.
    Only where all of a page is: where some of it is, its words alone could tell.
    """
    # The bytes of Latin-1 in UTF-8 begin with two alone, and hardly a page beyond ASCII does without a dash or quote.
    if b"\xc3" not in body or b"\xe2" in body:
        return body
    try:
        once = body.decode("utf-8").encode("latin-1")
        once.decode("utf-8")
    except UnicodeError:
        return body
    return once


def _decode(body: bytes, content_type: str | None, override: str | None) -> tuple[str, str]:
    forced = _codec(override)
    if forced:
        return body.decode(forced, "replace"), forced
    for bom, name in _BOMS:
        if body.startswith(bom):
            return body[len(bom) :].decode(name, "replace"), name
    escaped = _declared(body, content_type) if _ESCAPE in body else []
    try:
        if not (escaped and escaped[0].startswith("iso2022")):  # its bytes are valid UTF-8 too
            return body.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        pass
    declared = _declared(body, content_type)
    wide = _without_bom(body)
    if wide:
        return body.decode(wide, "replace"), wide
    encoding = _fitting(body, declared)
    return body.decode(encoding, "replace"), encoding


def _codec(name: str | None) -> str | None:
    """The Python codec a browser would use for a label; None for what is no charset."""
    if not name:
        return None
    name = name.strip().lower()
    try:
        found = codecs.lookup(_ALIASES.get(name, name)).name
    except (LookupError, ValueError):
        return None
    return _READ_AS.get(found, found) if _CODECS.match(found) else None


def _declared(body: bytes, content_type: str | None) -> list[str]:
    """Codecs named by the header and by the page itself, in this order."""
    names: list[str | None] = []
    if content_type and (match := _HEADER.search(content_type)):
        names.append(_codec(match.group(1)))
    if found := _META.search(body, 0, _META_LIMIT):
        label = _codec(found.group(1).decode("ascii", "replace"))
        # A meta element that could be read as ASCII does not stand in UTF-16.
        names.append("utf-8" if label and label.startswith(("utf-16", "utf-32")) else label)
    return [name for name in names if name]


def _without_bom(body: bytes) -> str | None:
    """UTF-16 of mostly ASCII text shows as every second byte NUL."""
    head = body[:400]
    if len(head) >= 4 and head.count(0) * 3 > len(head):
        return "utf-16-be" if head[0::2].count(0) > head[1::2].count(0) else "utf-16-le"
    return None


def _fitting(body: bytes, declared: list[str]) -> str:
    if _is_damaged_utf8(body):
        return "utf-8"
    sample = _sample(body)
    if declared and declared[0] not in _WORDS and _fit(sample, declared[0]) >= 0:
        return declared[0]
    fits = {name: _fit(sample, name) for name in dict.fromkeys((*declared, *_GUESSES))}
    best = max(fits, key=lambda name: fits[name])
    for name in declared:
        # Bytes of Chinese pages are letters of any one-byte charset as well, so a word for one counts only while
        # nothing fits better; a multi-byte encoding is contradicted by its own errors.
        if fits[name] >= fits[best] or (fits[name] >= 0 and not (name in _WORDS and fits[best] > 0.25)):
            return name
    return best


def _is_damaged_utf8(body: bytes) -> bool:
    """Cut in mid-letter, or with foreign bytes: a few, or fewer than letters of three bytes and more, of which bytes of
    another encoding look like one in twenty."""
    text = body.decode("utf-8", "replace")
    letters = len(text) - len(text.encode("ascii", "ignore"))
    wrong = text.count("\ufffd")
    return wrong * 4 < letters or wrong * 2 < _long_letters(text)


def _long_letters(text: str) -> int:
    codes = np.frombuffer(text.encode("utf-32-le"), dtype="<u4")  # findall() takes ten times as long
    return int(np.count_nonzero(codes >= _LONG_LETTER))


def _sample(body: bytes) -> bytes:
    """Runs of bytes that are not ASCII."""
    if len(body) <= _SAMPLE:
        return b"\n".join(_NOT_ASCII.findall(body))
    runs: list[bytes] = []
    size = 0
    for match in _NOT_ASCII.finditer(body):
        runs.append(match[0])
        size += len(match[0])
        if size > _SAMPLE:
            break
    return b"\n".join(runs)


def _fit(sample: bytes, encoding: str) -> float:
    """Share of the letters beyond ASCII that are common ones; below 0 where many bytes are none of the encoding."""
    text = sample.decode(encoding, "replace")
    letters = len(text) - len(text.encode("ascii", "ignore"))
    if not letters:
        return 0.0
    words = _WORDS.get(encoding)
    if words is None and _ONE_BYTE.match(encoding):
        return 0.2  # its own letters are not known here: better than nothing, worse than a good guess
    wrong = len(_WRONG.findall(text))
    return (sum(map(len, (words or _COMMON).findall(text))) - 5 * wrong) / letters
