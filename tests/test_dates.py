"""Dates: every form with its zone, and nothing that is no date."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.markup.dates import (
    Precision,
    ZoneSource,
    parse_date,
)

NOW = datetime(2024, 3, 14, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-03-13", "2024-03-13T00:00:00+00:00"),
        ("2024-03-13T19:21:05Z", "2024-03-13T19:21:05+00:00"),
        ("2024-03-13T19:21:05.123+08:00", "2024-03-13T19:21:05+08:00"),
        ("2024-03-13T19:21+0800", "2024-03-13T19:21:00+08:00"),
        ("2024-03-13 19:21:05 +0800", "2024-03-13T19:21:05+08:00"),
        ("2024-03-13 19:21:05 -03:30", "2024-03-13T19:21:05-03:30"),
        ("20240313T192105Z", "2024-03-13T19:21:05+00:00"),
        ("20240313192105", "2024-03-13T19:21:05+00:00"),
        ("20240313", "2024-03-13T00:00:00+00:00"),
        ("2024/3/13 9:05", "2024-03-13T09:05:00+00:00"),
        ("2024.03.13 19:21", "2024-03-13T19:21:00+00:00"),
        ("1710328865", "2024-03-13T11:21:05+00:00"),
        ("1710328865000", "2024-03-13T11:21:05+00:00"),
    ],
)
def test_iso_and_its_variants_are_read(text: str, expected: str) -> None:
    parsed = parse_date(text)

    assert parsed is not None
    assert parsed.moment.isoformat() == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024年3月13日 19:21", "2024-03-13T19:21:00"),
        ("2024年03月13日19:21:05", "2024-03-13T19:21:05"),
        ("２０２４年３月１３日　１９：２１", "2024-03-13T19:21:00"),
        ("2024 年 3 月 13 日", "2024-03-13T00:00:00"),
        ("2024年3月13日 星期三 下午7:21", "2024-03-13T19:21:00"),
        ("2024年3月13日晚上7点21分", "2024-03-13T19:21:00"),
        ("2024年3月13日上午12:05", "2024-03-13T00:05:00"),
        ("2024年3月13日（周三）中午12:05", "2024-03-13T12:05:00"),
        ("发布时间：2024-03-13 19:21", "2024-03-13T19:21:00"),
        ("发布日期:2024年3月13日", "2024-03-13T00:00:00"),
        ("时间：2024-3-13 19:21:05", "2024-03-13T19:21:05"),
        ("发表于 2024-03-13", "2024-03-13T00:00:00"),
        ("于2024年3月13日发布", "2024-03-13T00:00:00"),
        ("二〇二四年三月十三日", "2024-03-13T00:00:00"),
        ("二○二四年十二月廿一日", "2024-12-21T00:00:00"),
        ("二零二四年十一月三十日", "2024-11-30T00:00:00"),
        ("民國113年3月13日", "2024-03-13T00:00:00"),
        ("中華民國一一三年三月十三日", "2024-03-13T00:00:00"),
        ("令和6年3月13日", "2024-03-13T00:00:00"),
        ("令和元年5月1日", "2019-05-01T00:00:00"),
        ("平成31年4月30日 午後7時21分", "2019-04-30T19:21:00"),
        ("2024年3月13日(水) 19時21分", "2024-03-13T19:21:00"),
        ("公開日：2024年3月13日", "2024-03-13T00:00:00"),
        ("2024년 3월 13일 오후 7:21", "2024-03-13T19:21:00"),
        ("2024. 3. 13. 19:21", "2024-03-13T19:21:00"),
        ("입력 2024.03.13 19:21", "2024-03-13T19:21:00"),
    ],
)
def test_eastern_forms_are_read(text: str, expected: str) -> None:
    parsed = parse_date(text, timezone="Asia/Shanghai", languages=("zh-CN",))

    assert parsed is not None
    assert parsed.moment.isoformat() == expected + "+08:00"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("March 13, 2024", "2024-03-13T00:00:00"),
        ("Mar. 13th, 2024 at 7:21 PM", "2024-03-13T19:21:00"),
        ("Published: Wed 13 March 2024", "2024-03-13T00:00:00"),
        ("Published on Wednesday, March 13, 2024 7:21 p.m.", "2024-03-13T19:21:00"),
        ("Last updated: 13 Mar 2024, 19:21", "2024-03-13T19:21:00"),
        ("19:21, 13 March 2024", "2024-03-13T19:21:00"),
        ("13-Mar-2024", "2024-03-13T00:00:00"),
        ("13. März 2024, 19:21 Uhr", "2024-03-13T19:21:00"),
        ("Stand: 13.03.2024 19.21 Uhr", "2024-03-13T19:21:00"),
        ("Mittwoch, 13. März 2024 um 7 Uhr", "2024-03-13T07:00:00"),
        ("13 mars 2024 à 19h21", "2024-03-13T19:21:00"),
        ("Publié le 1er août 2024", "2024-08-01T00:00:00"),
        ("13 de marzo de 2024", "2024-03-13T00:00:00"),
        ("13 de março de 2024 às 19h21", "2024-03-13T19:21:00"),
        ("13 marzo 2024 alle 19:21", "2024-03-13T19:21:00"),
        ("13 maart 2024 19:21 uur", "2024-03-13T19:21:00"),
        ("13. mars 2024 kl. 19.21", "2024-03-13T19:21:00"),
        ("13.3.2024 klo 19.21", "2024-03-13T19:21:00"),
        ("13 марта 2024 г., 19:21", "2024-03-13T19:21:00"),
        ("13 marca 2024", "2024-03-13T00:00:00"),
        ("2024. március 13. 19:21", "2024-03-13T19:21:00"),
        ("13 Μαρτίου 2024", "2024-03-13T00:00:00"),
        ("13 Mart 2024", "2024-03-13T00:00:00"),
        ("13 مارس 2024", "2024-03-13T00:00:00"),
        ("13 मार्च 2024", "2024-03-13T00:00:00"),
        ("13 มีนาคม 2567", "2024-03-13T00:00:00"),
        ("ngày 13 tháng 3 năm 2024", "2024-03-13T00:00:00"),
        ("13.03.24", "2024-03-13T00:00:00"),
        ("25/12/2024", "2024-12-25T00:00:00"),
        ("12/25/2024", "2024-12-25T00:00:00"),
        ("Wed Mar 13 19:21:05 2024", "2024-03-13T19:21:05"),
    ],
)
def test_month_names_and_western_orders_are_read(text: str, expected: str) -> None:
    parsed = parse_date(text)

    assert parsed is not None
    assert parsed.moment.replace(tzinfo=None).isoformat() == expected


@pytest.mark.parametrize(
    ("text", "languages", "expected"),
    [
        ("3/4/2024", ("en",), "2024-03-04"),
        ("3/4/2024", ("en-US",), "2024-03-04"),
        ("3/4/2024", ("en-GB",), "2024-04-03"),
        ("3/4/2024", ("fr",), "2024-04-03"),
        ("5. listopada 2024.", ("hr",), "2024-10-05"),
        ("5 listopada 2024", ("pl",), "2024-11-05"),
        ("13 მარტი, 2024", ("ka",), "2024-03-13"),
    ],
)
def test_language_decides_the_order_and_the_rarer_month_names(
    text: str, languages: tuple[str, ...], expected: str
) -> None:
    parsed = parse_date(text, languages=languages)

    assert parsed is not None
    assert parsed.moment.date().isoformat() == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Wed, 13 Mar 2024 19:21:05 GMT", "+00:00"),
        ("Wed, 13 Mar 2024 19:21:05 +0530", "+05:30"),
        ("March 13, 2024 7:21 PM EDT", "-04:00"),
        ("March 13, 2024 at 7:21 pm ET", "-04:00"),
        ("January 13, 2024 at 7:21 pm ET", "-05:00"),
        ("2024-03-13 19:21 (Asia/Tokyo)", "+09:00"),
        ("2024-03-13 19:21 GMT+8", "+08:00"),
        ("2024-03-13 19:21 CET", "+01:00"),
        ("2024-03-13 19:21 北京时间", "+08:00"),
        ("2024-03-13 19:21 CST", "-05:00"),
        ("Wed Mar 13 19:21:05 EST 2024", "-05:00"),
        ("19:21 GMT, 13 March 2024", "+00:00"),
    ],
)
def test_a_zone_in_the_text_wins_over_the_sites(text: str, expected: str) -> None:
    parsed = parse_date(text, timezone="Australia/Sydney")

    assert parsed is not None
    assert (parsed.moment.isoformat()[-6:], parsed.zone_source) == (expected, ZoneSource.PAGE)


@pytest.mark.parametrize(
    ("timezone", "languages", "hours"),
    [("Asia/Taipei", (), 8), (None, ("zh-CN",), 8), ("America/Chicago", ("zh",), -5), (None, ("en",), -5)],
)
def test_cst_is_the_sites_then_the_languages(timezone: str | None, languages: tuple[str, ...], hours: int) -> None:
    parsed = parse_date("2024-03-13 19:21 CST", timezone=timezone, languages=languages)

    assert parsed is not None
    assert parsed.moment.utcoffset() == timedelta(hours=hours)


def test_without_any_zone_utc_is_assumed_and_said_so() -> None:
    parsed = parse_date("2024-03-13 19:21")

    assert parsed is not None
    assert (parsed.moment.utcoffset(), parsed.zone_source) == (timedelta(0), ZoneSource.ASSUMED)


@pytest.mark.parametrize(
    ("text", "precision"),
    [
        ("2024-03-13", Precision.DAY),
        ("2024-03-13 19:21", Precision.MINUTE),
        ("2024-03-13 19:21:05", Precision.SECOND),
    ],
)
def test_precision_is_what_the_text_shows(text: str, precision: Precision) -> None:
    parsed = parse_date(text)

    assert parsed is not None
    assert parsed.precision is precision


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("刚刚", "2024-03-14T17:30:00+08:00"),
        ("3小时前", "2024-03-14T14:30:00+08:00"),
        ("半小时前", "2024-03-14T17:00:00+08:00"),
        ("两天前", "2024-03-12T00:00:00+08:00"),
        ("1小时20分钟前", "2024-03-14T16:10:00+08:00"),
        ("昨天 12:30", "2024-03-13T12:30:00+08:00"),
        ("今天", "2024-03-14T00:00:00+08:00"),
        ("前天", "2024-03-12T00:00:00+08:00"),
        ("6時間前", "2024-03-14T11:30:00+08:00"),
        ("10分前", "2024-03-14T17:20:00+08:00"),
        ("3시간 전", "2024-03-14T14:30:00+08:00"),
        ("2 hours ago", "2024-03-14T15:30:00+08:00"),
        ("an hour ago", "2024-03-14T16:30:00+08:00"),
        ("5m ago", "2024-03-14T17:25:00+08:00"),
        ("yesterday at 7:21 pm", "2024-03-13T19:21:00+08:00"),
        ("vor 2 Stunden", "2024-03-14T15:30:00+08:00"),
        ("il y a 3 jours", "2024-03-11T00:00:00+08:00"),
        ("hace 2 horas", "2024-03-14T15:30:00+08:00"),
        ("2 ore fa", "2024-03-14T15:30:00+08:00"),
        ("2 часа назад", "2024-03-14T15:30:00+08:00"),
        ("发布于 3天前", "2024-03-11T00:00:00+08:00"),
    ],
)
def test_relative_times_are_counted_from_now(text: str, expected: str) -> None:
    parsed = parse_date(text, now=NOW, timezone="Asia/Shanghai")

    assert parsed is not None
    assert parsed.moment.isoformat() == expected


@pytest.mark.parametrize("text", ["3小时前", "昨天 12:30", "2 hours ago", "刚刚"])
def test_relative_times_are_nothing_without_now(text: str) -> None:
    assert parse_date(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2024",
        "March 2024",
        "11月22日",
        "03-13 19:21",
        "13 March",
        "0000-00-00",
        "2024-02-30",
        "2024-13-01",
        "1600-01-01",
        "2999-01-01",
        "3/4/2024",  # nobody says which is the month
        "12 people 2024",
        "version 2.4.2024.1",
        "Tel. 010-8888-2024",
        "2024-03-13 来源：某报",
        "In March 13, 2024 the firm closed its last shop",
        "2024-03-13 2024-03-14",
        "3 months ago",
        "1234567890123456789",
        "²小时前",
        "0 ²A ago",
    ],
)
def test_what_is_no_whole_date_is_refused(text: str) -> None:
    assert parse_date(text, now=NOW) is None


def test_more_than_a_day_after_now_is_refused() -> None:
    assert parse_date("2024-03-15", now=NOW) is not None
    assert parse_date("2024-03-16", now=NOW) is None
    assert parse_date("2024-03-16") is not None


@given(st.datetimes(min_value=datetime(1701, 1, 1), max_value=datetime(2099, 12, 31), timezones=st.just(UTC)))  # noqa: DTZ001 - bounds of hypothesis are naive
def test_every_isoformat_reads_back(moment: datetime) -> None:
    parsed = parse_date(moment.isoformat())

    assert parsed is not None
    assert parsed.moment == moment.replace(microsecond=0)


@given(st.text(max_size=80))
def test_any_text_gives_a_date_or_none(text: str) -> None:
    parsed = parse_date(text, now=NOW, languages=("en",))

    assert parsed is None or parsed.moment.tzinfo is not None
