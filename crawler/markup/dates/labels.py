"""Words around a date: what it is the date of, and whether a text is a date and nothing else."""

import re
from enum import Enum, auto


class Label(Enum):
    PUBLISHED = auto()
    MODIFIED = auto()
    OTHER = auto()
    """Of something else: an event, a comment, a copyright."""


_PUBLISHED = (
    "发布时间 发布日期 发布于 发布 發布時間 發布日期 發布於 發佈 发表时间 发表日期 发表于 发表 發表於 發表 "
    "上线时间 成文日期 日期 时间 時間 公開日時 公開日 公開 投稿日時 投稿日 投稿 配信日 配信 掲載日 掲載 作成日 "
    "登録日 記事公開日 입력 등록 승인 작성일 작성 기사입력 발행일 게시"
).split()
_MODIFIED = (
    "最后更新时间 最后更新 最近更新 更新时间 更新日期 更新于 更新時間 更新日時 更新日 最終更新日 最終更新 更新 "
    "修改时间 修改于 修改 编辑于 수정일 수정 업데이트 최종수정"
).split()
_PUBLISHED_WORDS = (
    "published publish publication posted post created written date dated "
    "veröffentlicht publiziert erschienen erstellt vom datum publié publiée paru parue mis en ligne créé rédigé "
    "publicado publicada fecha publicación data pubblicato pubblicata creato gepubliceerd geplaatst publicerad "
    "publicerat publisert udgivet oprettet opublikowano dodano zveřejněno publikováno julkaistu megjelent "
    "publicat yayınlanma yayın tarihi опубликовано опубликована дата публикации опубліковано дата δημοσίευση "
    "diterbitkan dipublikasikan đăng"
).split()
_MODIFIED_WORDS = (
    "updated update modified edited revised reviewed last stand aktualisiert aktualisierung letzte geändert "
    "bearbeitet mis à jour mise modifié modifiée actualisé actualizado actualizada actualización última "
    "modificado atualizado atualizada aggiornato aggiornata modifica ultimo bijgewerkt laatst gewijzigd "
    "uppdaterad uppdaterat oppdatert opdateret zaktualizowano aktualizacja aktualizováno päivitetty frissítve "
    "güncelleme güncellenme обновлено обновлена изменено оновлено ενημέρωση diperbarui cập nhật"
).split()
_JOINING_WORDS = (
    "on at the of in by time um uhr am den der le la les el los il lo du de del di da do op om kl klo den à às al "
    "alle ore em a às hora horas o и в г года году року ngày lúc vào pukul wib gmt utc et est pm am local"
).split()
_WEEKDAYS = (
    "monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat sun montag "
    "dienstag mittwoch donnerstag freitag samstag sonntag mo di mi do fr sa so lundi mardi mercredi jeudi "
    "vendredi samedi dimanche lunes martes miércoles jueves viernes sábado domingo lunedì martedì mercoledì "
    "giovedì venerdì sabato domenica segunda terça quarta quinta sexta feira maandag dinsdag woensdag donderdag "
    "vrijdag zaterdag zondag måndag tisdag onsdag torsdag fredag lördag söndag mandag tirsdag lørdag søndag "
    "понедельник вторник среда четверг пятница суббота воскресенье пн вт ср чт пт сб вс"
).split()
_PLAIN = frozenset(_PUBLISHED_WORDS + _MODIFIED_WORDS + _JOINING_WORDS + _WEEKDAYS)
_EASTERN = re.compile(
    "|".join(sorted({*_PUBLISHED, *_MODIFIED}, key=len, reverse=True))
    + r"|(?:星期|周|週|礼拜|禮拜)[一二三四五六日天]|[（(][月火水木金土日一二三四五六월화수목금토일][)）]"
    + r"|[月火水木金土日]曜日?|[월화수목금토일]요일|[于於前日号]"
)
_LATIN_LABELS = {**dict.fromkeys(_PUBLISHED_WORDS, False), **dict.fromkeys(_MODIFIED_WORDS, True)}
"""Word to whether it tells of an update."""
_MODIFIED_BEFORE = re.compile("|".join(_MODIFIED))
_PUBLISHED_BEFORE = re.compile("|".join(_PUBLISHED))
_OTHERS = tuple("©|(c)|copyright|expire|valid until|valid through|deadline|gültig|born|joined|since".split("|"))
# Right before the date: a headline that holds such a word may stand in the same line.
_EASTERN_OTHERS = re.compile(r"(?:注册|入驻|截止|截至|出生)[日期时间于至到为:：\s（(]{0,8}\Z")
_TOKEN = re.compile(r"\w+")
_WORD = re.compile(r"[^\W\d_]+")
_REACH = 32
_LABEL = re.compile(r"[^\d:]{1,24}:\s?\Z")


def label_before(text: str, start: int) -> Label | None:
    """What the words just before a date call it; None if they say nothing.

    Nearest first: "Published 1 May, updated 3 May" names both.
    """
    before = text[max(0, start - _REACH) : start].lower()
    if not before or any(word in before for word in _OTHERS):
        return Label.OTHER if before else None
    is_ascii = before.isascii()
    if not is_ascii and _EASTERN_OTHERS.search(before):
        return Label.OTHER
    modified, published = _latin_ends(before) if is_ascii else _ends(before)
    if modified < 0 and published < 0:
        return None
    # "Last updated on" holds words of both kinds, and so does 更新日期.
    return Label.MODIFIED if modified > 0 and published - modified <= 4 else Label.PUBLISHED


def _latin_ends(before: str) -> tuple[int, int]:
    """Where the last word that tells of an update ends, and the last that tells of a publication; -1 for none."""
    modified = published = -1
    for token in _TOKEN.finditer(before):
        tells_update = _LATIN_LABELS.get(token[0])
        if tells_update:
            modified = token.end()
        elif tells_update is False:
            published = token.end()
    return modified, published


def _ends(before: str) -> tuple[int, int]:
    """The same in texts of any script: words of Chinese, Japanese and Korean need no space around them."""
    modified, published = _latin_ends(before)
    return (
        max((match.end() for match in _MODIFIED_BEFORE.finditer(before)), default=modified),
        max((match.end() for match in _PUBLISHED_BEFORE.finditer(before)), default=published),
    )


def is_only_label(before: str, after: str) -> bool:
    """What stands around a date is a label, weekday or punctuation: the text is that date and nothing else."""
    before = _LABEL.sub("", before)
    rest = _EASTERN.sub(" ", before) + " " + _EASTERN.sub(" ", after)
    if any(char.isdigit() for char in rest):
        return False
    return all(word.casefold() in _PLAIN for word in _WORD.findall(rest))
