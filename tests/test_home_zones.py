"""Home zones: where a language or a country has but one."""

from zoneinfo import ZoneInfo

import pytest

from crawler.extractors import extract_page
from crawler.extractors.home_zones import country_zone, home_zone

TEXT = "The harbour opened its gates again this week, and ships that had waited came in at last. " * 4


@pytest.mark.parametrize(
    ("host", "zone"),
    [
        ("news.example.de", "Europe/Berlin"),
        ("www.example.co.uk", "Europe/London"),
        ("example.cn.", "Asia/Shanghai"),
        ("www.example.com", None),
        ("www.example.us", None),
        ("localhost", None),
        (None, None),
    ],
)
def test_a_country_of_one_zone_tells_it(host: str | None, zone: str | None) -> None:
    assert country_zone(host) == zone


@pytest.mark.parametrize(
    ("language", "zone"), [("zh-TW", "Asia/Shanghai"), ("ja", "Asia/Tokyo"), ("en", None), (None, None)]
)
def test_a_language_of_one_zone_tells_it(language: str | None, zone: str | None) -> None:
    assert home_zone(language) == zone


@pytest.mark.parametrize("label", "cn tw hk jp kr sg de at ch fr it uk ie se pl tr ua il in za ar py is ru".split())
def test_every_zone_of_a_country_exists(label: str) -> None:
    zone = country_zone(f"example.{label}")

    assert zone is None or ZoneInfo(zone).key == zone


def test_a_page_of_a_country_is_read_in_its_zone() -> None:
    html = f"<html lang='de'><body><article><h1>Hafen offen</h1><p>13. März 2024, 19:21 Uhr</p>{f'<p>{TEXT}</p>' * 3}"

    page = extract_page(html, url="https://www.example.de/hafen-offen-nach-dem-sturm.html")

    assert page.articles[0].date_published is not None
    assert page.articles[0].date_published.isoformat() == "2024-03-13T19:21:00+01:00"


def test_an_article_in_another_language_than_its_site_is_read_by_the_sites_clock() -> None:
    text = "항구가 이번 주에 다시 문을 열었고 기다리던 배들이 마침내 들어왔다고 관계자가 말했다. " * 4
    shown = f"<h1>항구가 다시 열렸다</h1><p>2024-03-13 19:21:08</p>{f'<p>{text}</p>' * 3}"

    page = extract_page(f"<html lang='zh-CN'><body><article>{shown}", url="https://www.example.com/posts/harbour.html")

    assert page.articles[0].in_language == "ko"
    assert page.articles[0].date_published is not None
    assert page.articles[0].date_published.isoformat() == "2024-03-13T19:21:08+08:00"
