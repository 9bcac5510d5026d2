"""What short texts of lists say: that they lead on, and that they tell a time."""

import pytest

from crawler.extractors.lists.class_words import is_more, looks_like_time


@pytest.mark.parametrize(
    "text",
    (
        "more|Read more|READ MORE »|view all|See story|show more|load more|all|Learn more|discover more|Explore all|"
        "» full|story|Article|Continue reading|weiterlesen|Mehr|Mehr lesen|Alle Artikel|lire la suite|Lire plus|"
        "leer más|ver más|más|Leggi tutto|Lees verder|läs mer|les mer|læs mere|czytaj więcej|więcej|Devamı|daha fazla|"
        "далее|Подробнее|читать далее|xem thêm|更多|查看更多|阅读全文|详情 >|もっと見る|"
        "続きを読む|一覧|더보기|전체보기|10 more"
    ).split("|"),
)
def test_words_that_lead_on_are_known(text: str) -> None:
    assert is_more(text)


@pytest.mark.parametrize(
    "text", ["", "m", "Moreover", "Harbour office", "42", "Two men and a boat", "港口", "Éditorial"]
)
def test_other_words_lead_nowhere(text: str) -> None:
    assert not is_more(text)


@pytest.mark.parametrize(
    "text", "12:30|2024-03|3月5|13. März 2024|May 3|3 May|5 hours ago|An hour AGO|3小时前|10 min".split("|")
)
def test_dates_times_and_ages_are_told(text: str) -> None:
    assert looks_like_time(text)


@pytest.mark.parametrize("text", ["Chicago opens", "Harbour agora", "Mayor of 3", "3 men", "May", "港口今天开放", ""])
def test_other_words_and_numbers_are_no_time(text: str) -> None:
    assert not looks_like_time(text)
