from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.politeness.retry_after import MOST_SECONDS, parse_http_date, parse_retry_after

NOW = datetime(2026, 3, 13, 12, 0, tzinfo=UTC)
SECONDS = st.integers(min_value=1, max_value=24 * 3600)


def imf_fixdate(moment: datetime) -> str:
    return format_datetime(moment, usegmt=True)


def rfc_850(moment: datetime) -> str:
    return moment.strftime("%A, %d-%b-%y %H:%M:%S GMT")


def asctime(moment: datetime) -> str:
    return moment.strftime("%a %b %e %H:%M:%S %Y")


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        pytest.param("120", 120.0, id="seconds"),
        pytest.param(" 3 ", 3.0, id="white-space"),
        pytest.param("1.5e0", 1.5, id="a-float-against-the-standard"),
        pytest.param("Fri, 13 Mar 2026 12:00:30 GMT", 30.0, id="imf-fixdate"),
        pytest.param("Friday, 13-Mar-26 12:00:30 GMT", 30.0, id="rfc-850"),
        pytest.param("Fri Mar 13 12:00:30 2026", 30.0, id="asctime"),
        pytest.param("Fri, 13 Mar 2026 20:00:30 +0800", 30.0, id="with-an-offset"),
        pytest.param("172800", MOST_SECONDS, id="two-days-are-cut-to-one"),
        pytest.param(None, None, id="no-header"),
        pytest.param("", None, id="empty"),
        pytest.param("0", None, id="nothing"),
        pytest.param("-10", None, id="negative"),
        pytest.param("soon, maybe", None, id="words"),
        pytest.param("nan", None, id="not-a-number"),
        pytest.param("inf", None, id="infinite"),
        pytest.param("9" * 30, None, id="longer-than-the-universe-is-old"),
        pytest.param("1e999", None, id="overflow"),
        pytest.param("Fri, 31 Dec 9999 23:59:59 GMT", None, id="the-end-of-time"),
        pytest.param("Fri, 31 Feb 2026 12:00:00 GMT", None, id="no-such-day"),
        pytest.param("Fri, 13 Mar 2026 11:59:59 GMT", None, id="passed"),
        pytest.param("١٢٠", None, id="digits-of-another-script"),
        pytest.param("1" * 1_000_000, None, id="a-megabyte"),
        pytest.param("Sunday, 06-Nov-94 08:49:37 GMT", None, id="rfc-850-of-the-last-century"),
    ],
)
def test_a_header_is_so_many_seconds_or_nothing(header: str | None, seconds: float | None) -> None:
    assert parse_retry_after(header, now=NOW) == seconds


@given(SECONDS, st.sampled_from([imf_fixdate, rfc_850, asctime]))
def test_all_forms_of_dates_mean_the_same_moment(seconds: int, written: object) -> None:
    assert callable(written)
    header = written(NOW + timedelta(seconds=seconds))

    assert parse_retry_after(header, now=NOW) == seconds


@given(st.text(max_size=100))
def test_any_header_gives_a_time_that_can_be_waited_for_or_none(header: str) -> None:
    seconds = parse_retry_after(header, now=NOW)

    assert seconds is None or 0 < seconds <= MOST_SECONDS


def test_two_digits_of_a_year_are_no_further_off_than_fifty_years() -> None:
    later = datetime(2070, 1, 1, tzinfo=UTC)

    assert parse_http_date("Friday, 01-Jan-71 00:00:00 GMT", now=later) == datetime(1971, 1, 1, tzinfo=UTC)
    assert parse_http_date("Friday, 01-Jan-68 00:00:00 GMT", now=NOW) == datetime(2068, 1, 1, tzinfo=UTC)
    assert parse_http_date("Sunday, 01-Jan-68 00:00:00 GMT", now=NOW - timedelta(days=10000)) == datetime(
        1968, 1, 1, tzinfo=UTC
    )
