"""Dates told from now: "3小时前", "昨天 12:30", "刚刚", "6時間前", "2 hours ago", "vor 3 Stunden", "il y a 2 jours".

Months and years ago are left alone: the day they name is anyone's guess.
"""

import re
from datetime import datetime, timedelta

from crawler.markup.dates.clocks import clock_after
from crawler.markup.dates.moments import (
    Day,
    ParsedDate,
    Precision,
    Setting,
    ZoneSource,
    make_date,
    shown,
    with_fixed_offset,
)
from crawler.markup.dates.numerals import NUMERAL, chinese_number

_UNITS = {
    1: "秒 秒钟 秒鐘 초 second seconds sec secs s sekunde sekunden seconde secondes segundo segundos secondo secondi "
    "секунд секунды секунду секунда saniye seconden sekunder sekund sekundy detik giây",
    60: "分 分钟 分鐘 분 minute minutes min mins m minuten minuto minutos minuti минут минуты минуту минута хвилин "
    "хвилини dakika dk minuut minuter minutter minut minuty menit phút minuuttia perc",
    3600: "小时 小時 钟头 鐘頭 時間 시간 hour hours hr hrs h std stunde stunden heure heures hora horas ora ore "
    "час часа часов годин години годину saat uur timmar timme timer time godzin godziny godzinę jam giờ "
    "tuntia órája órával hodinami",
    86400: "天 日 일 day days d tag tage tagen jour jours día días dia dias giorno giorni день дня дней дні днів "
    "gün dag dagen dagar dage dager dni dzień hari ngày päivää napja dny",
    604800: "周 週 週間 星期 礼拜 禮拜 주 주일 week weeks w wk wks woche wochen semaine semaines semana semanas "
    "settimana settimane неделю недели недель hafta weken vecka veckor uge uger uke uker tydzień tygodnie "
    "minggu tuần viikkoa hete",
}
_SECONDS = {word: seconds for seconds, words in _UNITS.items() for word in words.split()}
_COUNTS = {
    word: value
    for value, words in {
        1: "a an one ein eine einer einem un une uno una um uma een en ett et один одну ein",
        2: "two zwei deux dos due dois duas twee två to два две две dwie dwa",
        3: "three drei trois tres tre três drie три trzy",
    }.items()
    for word in words.split()
}
_DAYS = {
    word: ago
    for ago, words in {
        0: "今天 今日 本日 오늘 today heute aujourd'hui aujourd’hui hoy oggi hoje сегодня сьогодні bugün vandaag "
        "idag dzisiaj dziś",
        1: "昨天 昨日 昨 きのう 어제 yesterday gestern hier ayer ieri ontem вчера вчора dün gisteren igår wczoraj",
        2: "前天 前日 一昨日 おととい 그저께 vorgestern avant-hier anteayer позавчера eergisteren",
    }.items()
    for word in words.split()
}
_NOW = re.compile(
    r"刚刚|剛剛|刚才|剛才|たった今|방금"
    r"|(?i:(?<!\w)(?:just now|a moment ago|moments ago|gerade eben|à l['’]instant|только что)(?!\w))"
)
_EASTERN = re.compile(
    r"(?<![\d.])(?:(?P<hours>\d{1,2})[个個]?(?:小时|小時|時間))?[ ]?"
    rf"(?P<count>\d{{1,3}}|{NUMERAL}{{1,3}}|半)[ ]?[个個]?[ ]?"
    r"(?P<unit>秒[钟鐘]?|分[钟鐘]?|小时|小時|钟头|鐘頭|時間|天|日|周|週間?|星期|礼拜|禮拜)(?:之|以)?前"
    r"|(?<![\d.])(?P<count_ko>\d{1,3})[ ]?(?P<unit_ko>초|분|시간|일|주일?)[ ]?전"
)
_WESTERN = re.compile(
    r"(?i)(?<![\w.])(?P<before>(?:vor|il y a|hace|há)[ ])?"
    r"(?P<count>\d{1,3}|[^\W\d_]{1,5})[ ]?(?P<unit>[^\W\d_]{1,9})\.?"
    r"(?P<after>[ ](?:ago|fa|geleden|sedan|siden|назад|тому|temu|önce|(?:yang )?lalu|trước|sitten|ezelőtt|atrás))?"
    r"(?!\w)"
)
_LATIN_DAYS = "|".join(
    sorted((re.escape(word) for word in _DAYS if word[0].lower() != word[0].upper()), key=len, reverse=True)
)
_EASTERN_DAYS = "|".join(sorted((word for word in _DAYS if word[0].lower() == word[0].upper()), key=len, reverse=True))
_DAY_WORD = re.compile(rf"(?i)(?P<day>{_EASTERN_DAYS}|(?<!\w)(?:{_LATIN_DAYS})(?!\w))")


def find_relative(text: str, setting: Setting, *, alone: bool) -> ParsedDate | None:
    """The first date told from `setting.now`; None without a now.

    A bare "today" or "yesterday" counts only if the text is said to be `alone`: in a sentence it is a word like others.
    """
    if setting.now is None:
        return None
    zone, source = setting.default_zone
    now = with_fixed_offset(setting.now.astimezone(zone))
    return _ago(text, now, source=source) or _day_word(text, now, setting=setting, alone=alone)


def _ago(text: str, now: datetime, *, source: ZoneSource) -> ParsedDate | None:
    found = _span(text)
    if found is None:
        return None
    seconds, unit, start, end = found
    moment, precision = now - timedelta(seconds=seconds), Precision.MINUTE
    if unit >= 86400:
        moment, precision = moment.replace(hour=0, minute=0, second=0), Precision.DAY
    moment = moment.replace(microsecond=0)
    return shown(text, start, end, moment=moment, precision=precision, zone_source=source)


def _span(text: str) -> tuple[float, int, int, int] | None:
    """Seconds ago, the unit's seconds, and where that is said."""
    if match := _NOW.search(text):
        return 0, 1, match.start(), match.end()
    if match := _EASTERN.search(text):
        unit = _SECONDS[match["unit"] or match["unit_ko"]]
        written = match["count"] or match["count_ko"]
        count = 0.5 if written == "半" else chinese_number(written)
        if count is None:
            return None
        return count * unit + 3600 * int(match["hours"] or 0), unit, match.start(), match.end()
    for match in _WESTERN.finditer(text):
        counted = _COUNTS.get(match["count"].lower()) or (int(match["count"]) if match["count"].isdecimal() else None)
        seconds = _SECONDS.get(match["unit"].lower())
        if (match["before"] or match["after"]) and counted is not None and seconds:
            return counted * seconds, seconds, match.start(), match.end()
    return None


def _day_word(text: str, now: datetime, *, setting: Setting, alone: bool) -> ParsedDate | None:
    match = _DAY_WORD.search(text)
    if match is None:
        return None
    day = now - timedelta(days=_DAYS[match["day"].lower()])
    clock = clock_after(text, match.end())
    if clock is None and not alone:
        return None
    return make_date(text, Day(day.year, day.month, day.day, match.start(), match.end()), clock, setting)
