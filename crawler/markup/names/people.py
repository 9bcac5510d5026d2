"""Names as pages declare or print them, cleaned: no role, address, handle, date or sentence."""

import html
import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from crawler.markup.names.chinese import is_chinese_name, is_organisation, split_glued
from crawler.markup.names.given import GIVEN_NAMES
from crawler.markup.names.vocabulary import (
    CHINESE_ROLE,
    CHINESE_ROLE_AFTER,
    CHINESE_ROLE_BEFORE,
    CHINESE_ROLE_BESIDE,
    CREDENTIAL,
    KOREAN_ROLE,
    NO_NAME,
    NOBODY,
    OFFICE,
    PARTICLES,
    ROLE,
    TEAM,
)
from crawler.markup.text import CJK_LETTERS, collapse, is_cjk

_MOST_NAMES = 30
_LONGEST_VALUE = 400
_LONGEST_NAME = 60
_LONGEST_PEN_NAME = 12
"""Letters of a name in a script without spaces; longer ones are sentences, but for offices' names."""
_MOST_WORDS = 7
_ADDRESS = re.compile(r"[^\s@<>()]{1,64}@[^\s@<>()]{1,80}")
_WORD = re.compile(r"\w+")
_URL = re.compile(r"(?i)(?:https?:)?//|^www\.|\.(?:html?|php|aspx?)$|^[/#]")
_BY = re.compile(
    r"(?i)^\W{0,3}(?:(?:written|posted|published|reported|reporting|words|story|text|authored|created|submitted|article|"
    r"contributed|compiled|geschrieben|verfasst|veröffentlicht|publié|écrit|escrito|publicado|scritto|pubblicato|geschreven|"
    r"skrevet|skriven)[ ]{1,2}(?:and[ ])?){0,3}"
    r"(?:(?:by|von|par|por|di|door|av|af|od|przez|oleh)(?:[ ]{0,2}[:：|][ ]{0,2}|[ ]{1,2})"
    r"|(?:автор|autor(?:en|in|es|a|i)?|authors?|auteurs?|autore|tekst|texte?|testo|texto|текст|writer|reporter|byline)"
    r"[ ]{0,2}[:：|/][ ]{0,2}|由[ ]{1,2}|(?:作者|著者|投稿者|글쓴이|작성자)[ ]{0,2}[:：][ ]{0,2})"
)
_GENERATION = re.compile(r",\s*(?=(?:Jr|Sr)\b\.?(?:,|\Z| and ))")
_ASIDES = re.compile(r"[|｜●•⋅∙◆■]|(?<=\s)[–—·/-](?=\s)")
_PARTS = re.compile(r"[;；、,，]")
_AND = re.compile(r"(?i)\s+(?:and|und|et|y|og|och|ve|и|та|&|＆|\+)\s+|(?<=[가-힣])·(?=[가-힣])")
_BRACKETED = re.compile(r"\s*[(（\[【<][^()（）\[\]【】<>]{0,80}[)）\]】>]")
_NOT_PEOPLE = re.compile(r"(?i)\bby\b|\band$|^@|:|\b(?:images?|getty|photos?|fotos?|bild|comments?|kommentare)\b")
_HAN_SENTENCE = re.compile(r"^(?=.{5}).*[的了是在着过吗呢吧被从将]")
_INVITATION = re.compile(r"(?i)\b(?:meet|build\w*|join|contact|our|your|ask|about|hire|why)\b")
_SPEAKING = NO_NAME | ROLE
"""Words that are no part of a name."""
# "Jane Q. Roe", as most values are: nothing to part, and nothing to take off.
_PLAIN_NAME = re.compile(r"[A-Z][a-zß-öø-ÿ]{1,14} (?:[A-Z]\. )?[A-Z][a-zß-öø-ÿ]{1,14}")
_NOT_PLAIN = _SPEAKING | frozenset(
    "posted reported reporting words story authored created submitted article compiled von par por di door av af "
    "od przez oleh autor auteur autore tekst texte testo texto und et y og och ve kommentare has have was reports "
    "writes covers joined executive head deputy principal special freelance certified registered licensed guest "
    "vice former master super site noc your".split()
)
_TITLES = frozenset(("dr", "prof", "mr", "mrs", "ms", "sir", "dame", "rev", "professor"))
_QUOTES = " &\t\"'“”„‘’«»*_,.:;-–—|/\\<>[]{}：，。"
_HAN_PAIR = re.compile(rf"(?<![{CJK_LETTERS}])([\u3400-\u9fff])\s+([\u3400-\u9fff]{{1,2}})(?![\u3400-\u9fff])")
_SENTENCE = re.compile(
    r"(?i)[^\W\d_]{3}[.!?。！？]\s+\w|\b(?:is|are|was|has|have|the author|reports|writes|covers|joined)\s"
)


def split_people(value: str) -> tuple[str, ...]:
    """The names in a declared or printed value, in its order, each once.

    "By Jane Roe and John Doe, MD" gives two, "记者 张三 李四" two, a sentence, an address or "admin" none.
    """
    return _split(value[: 4 * _LONGEST_VALUE])


@lru_cache(maxsize=1024)  # a page declares, marks and prints one name
def _split(value: str) -> tuple[str, ...]:
    if _is_plain_name(value):
        return (value,)
    value = collapse(html.unescape(value))[:_LONGEST_VALUE]
    if not value or value.casefold() in NOBODY or _URL.search(value):
        return ()
    value = _BY.sub("", _ADDRESS.sub(" ", value)).strip()
    bare = value if value.isascii() else CHINESE_ROLE_BESIDE.sub("", value)
    names = _eastern(value) if is_cjk(bare) else _western(bare)
    return tuple(dict.fromkeys(name for name in names if is_name(name)))[:_MOST_NAMES]


def _is_plain_name(text: str) -> bool:
    """ "Jane Roe", "Jane Q. Roe": two capitalised words, none of them a role or a button's."""
    return bool(_PLAIN_NAME.fullmatch(text)) and _NOT_PLAIN.isdisjoint(text.casefold().split())


def is_name(text: str) -> bool:
    """Could be what a person or an editorial team is called: no address, number, sentence or program's default."""
    if not 0 < len(text) <= _LONGEST_NAME or len(text.split()) > _MOST_WORDS or text.casefold() in NOBODY:
        return False
    if text.casefold() in NO_NAME:
        return False
    letters = sum(map(str.isalpha, text))
    if letters < 2 or letters * 2 <= len(text) or _URL.search(text) or _SENTENCE.search(text):
        return False
    return not _NOT_PEOPLE.search(text)


def looks_like_person(text: str) -> bool:
    """Two to five capitalised words, particles aside, none of them a role; or a Chinese name."""
    if is_chinese_name(text):
        return True
    words = text.split()
    if not 2 <= len(words) <= 5 or len(text) > 40 or any(map(str.isdigit, text)):
        return False
    are_capital = words[-1][:1].isupper() and all(
        word[0].isupper() or word.casefold() in PARTICLES or word[0] in "(\"'“‘" for word in words
    )
    return are_capital and _SPEAKING.isdisjoint(_WORD.findall(text.casefold()))


def has_given_name(text: str) -> bool:
    """A person's name of two to four words that begins with a known given name, a title before it left out."""
    words = [word for word in text.split() if word.rstrip(".").casefold() not in _TITLES]
    if not 2 <= len(words) <= 4 or not looks_like_person(" ".join(words)):
        return False
    plain = unicodedata.normalize("NFKD", words[0].partition("-")[0].casefold())
    return "".join(char for char in plain if char.isascii() and char.isalpha()) in GIVEN_NAMES


def names_role(text: str) -> bool:
    """Somebody's office or trade is told: "is a freelance writer"."""
    return not ROLE.isdisjoint(_WORD.findall(text.casefold()))


def names_team(text: str) -> bool:
    """An editorial team, as "The Example Team": a byline of its own."""
    return bool(TEAM.search(text)) and 2 <= len(text.split()) <= 5 and not _INVITATION.search(text)


def _western(value: str) -> Iterator[str]:
    value = _without_roles_in_brackets(_GENERATION.sub(" ", value))
    for number, aside in enumerate(_ASIDES.split(value)):
        for position, name in enumerate(_names_between_commas(aside)):
            # After a dash or a bar stands the site or a team as often as one more author.
            if number == 0 or position > 0 or looks_like_person(name):
                yield name


def _names_between_commas(value: str) -> Iterator[str]:
    """Names up to the first office or degree: what follows one ("Editor, Privacy and Security") is more of it."""
    first = ""
    for part in (part for piece in _PARTS.split(value) for part in _and_parts(piece)):
        name = part.strip(_QUOTES) + ("." if re.search(r"\b(?:[A-Z]|Jr|Sr)\.\s*$", part) else "")
        if len(name) < 2 or (first and CREDENTIAL.fullmatch(name)):
            continue
        if first and (names_role(name) or (" " in first and not looks_like_person(name))):
            return
        person = _without_office(name)
        yield person
        if person != name:
            return
        first = first or name


def _without_office(name: str) -> str:
    """ "Jane Roe Senior Editor" is Jane Roe; "Guardian staff reporter" stays, for it is all there is."""
    if names_team(name) or _SENTENCE.search(name):
        return name
    if "/" in name and looks_like_person(name.partition("/")[0]):
        return name.partition("/")[0]
    words = name.split()
    for number in range(2, len(words)):
        word = words[number]
        # A button's words are no name's; in capitals they may be an outlet's, which the name belongs to.
        is_plain = (word.islower() and word not in PARTICLES) or (word.casefold() in NO_NAME and not word.isupper())
        if is_plain or word.casefold() in ROLE or OFFICE.fullmatch(word):
            before = " ".join(words[:number])
            return before if looks_like_person(before) else name
    return name


def _and_parts(piece: str) -> list[str]:
    """Parted at "and" where both sides can be names: "Research and Development" is one."""
    parts = _AND.split(piece)
    if len(parts) > 1 and all(_could_be_joined(part.strip()) for part in parts):
        return parts
    return [piece]


def _could_be_joined(part: str) -> bool:
    words = part.split()
    return (
        bool(words)
        and len(words) <= 5
        and words[0][0].isupper()
        and not re.search(r"(?i)\b(?:for|of|the|team)\b", part)
    )


def _without_roles_in_brackets(value: str) -> str:
    if value.startswith(("(", "（")):
        value = value.strip("()（） ")

    def kept(match: re.Match[str]) -> str:
        inner = match[0]
        return "" if names_role(inner) or " " in inner.strip() or inner.strip()[1:2] in "@<" else inner

    return _BRACKETED.sub(kept, value)


def _eastern(value: str) -> Iterator[str]:
    value = _HAN_PAIR.sub(r"\1\2", _BRACKETED.sub(" ", value))
    for piece in re.split(r"[;；、|｜/,，&＆\s]+", value):
        if CHINESE_ROLE.fullmatch(piece):
            continue
        part = re.sub(r"发自.{0,8}$", "", KOREAN_ROLE.sub("", piece))
        part = CHINESE_ROLE_AFTER.sub("", CHINESE_ROLE_BEFORE.sub("", part)).strip(_QUOTES)
        if part.startswith("由") and is_chinese_name(part[1:]):  # "by", where the label has no space behind it
            part = part[1:]
        halves = re.split("[和与與]", part)
        if len(halves) > 1 and all(is_chinese_name(half) for half in halves):
            yield from halves
        elif len(part) > 4 and (glued := split_glued(part)):
            yield from glued
        elif is_organisation(part) or (len(part) <= _LONGEST_PEN_NAME and not _HAN_SENTENCE.search(part)):
            yield part
