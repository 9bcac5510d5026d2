"""Dates inside a longer text, and the word that names each."""

from datetime import UTC, date, datetime

import pytest

from crawler.markup.dates import Label, find_date, find_dates, label_before

NOW = datetime(2024, 3, 14, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("来源：某报 2024-03-13 19:21 作者：张三", "2024-03-13 19:21"),
        ("By Jane Roe | March 13, 2024 | 5 min read", "March 13, 2024"),
        ("张三 · 3小时前 · 阅读 12", "3小时前"),
    ],
)
def test_find_date_reads_inside_a_longer_text(text: str, shown: str) -> None:
    found = find_date(text, now=NOW)

    assert found is not None
    assert found.text == shown
    assert text[found.start : found.end] == shown


def test_find_date_takes_no_word_of_a_sentence_for_a_date() -> None:
    assert find_date("Today the firm said that yesterday was better", now=NOW) is None


def test_find_dates_gives_every_date_in_order() -> None:
    found = find_dates("Published March 13, 2024 | Updated 2024-03-14 08:00")

    assert [date.moment.day for date in found] == [13, 14]


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Published on ", Label.PUBLISHED),
        ("发布时间：", Label.PUBLISHED),
        ("Updated ", Label.MODIFIED),
        ("Published 1 May, last updated on ", Label.MODIFIED),
        ("更新日期：", Label.MODIFIED),
        ("Updated 1 May. First published ", Label.PUBLISHED),
        ("Copyright © ", Label.OTHER),
        ("注册时间：", Label.OTHER),
        ("多家企业入驻某园区 ", None),
        ("Berlin, ", None),
    ],
)
def test_the_nearest_word_before_a_date_names_it(text: str, label: Label | None) -> None:
    assert label_before(text + "2024-03-13", len(text)) is label


@pytest.mark.parametrize(
    "unit", ["2024-", "12 ", "a", "3月", "1 a ", "12:30 ", "（", "二〇", "2024 Mar ", " ", "March ", "1.", "+08", "1天"]
)
def test_a_date_behind_thousands_of_almost_dates_is_found(unit: str) -> None:
    text = unit * (100_000 // len(unit)) + " | 2019-05-06"

    assert find_dates(text)[-1].moment.date() == date(2019, 5, 6)
