"""Numbers and eras of Chinese and Japanese dates."""

_DIGITS = {
    char: value
    for value, chars in enumerate(("〇○零０", "一元正", "二两兩", "三", "四", "五", "六", "七", "八", "九"))
    for char in chars
}
NUMERAL = "[" + "".join(_DIGITS) + "十廿卅]"
"""One character of a Chinese number below 100, or of a year."""

# First year of the era, less one. The Republic's years are counted on Taiwan.
_ERAS = {"民國": 1911, "民国": 1911, "令和": 2018, "平成": 1988, "昭和": 1925, "大正": 1911, "明治": 1867}
ERA = "|".join(_ERAS)


def chinese_number(text: str) -> int | None:
    """ "十三" is 13, "廿一" 21, "二〇二四" 2024, "24" 24; None for what is no number."""
    if text.isdecimal():
        return int(text)
    if any(char not in _DIGITS and char not in "十廿卅" for char in text) or not text:
        return None
    if not any(char in "十廿卅" for char in text):
        return int("".join(str(_DIGITS[char]) for char in text))
    text = text.replace("廿", "二十").replace("卅", "三十")
    tens, _, ones = text.partition("十")
    if len(tens) > 1 or len(ones) > 1:
        return None
    return 10 * (_DIGITS[tens] if tens else 1) + (_DIGITS[ones] if ones else 0)


def western_year(era: str, year: int) -> int | None:
    """The year AD of a year of a Japanese era or of the Republic; None before its first."""
    return _ERAS[era] + year if year > 0 else None
