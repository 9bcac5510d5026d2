import pytest

from crawler.spiders.prefixes import Prefixes, prefix_of

ENDLESS = [f"https://example.com/calendar?month={month}" for month in range(9)]


@pytest.mark.parametrize(
    ("url", "other", "is_same"),
    [
        pytest.param("/list?page=2", "/list?page=3", True, id="pagination"),
        pytest.param("/list?page=2", "/list?sort=up&page=2", True, id="filters"),
        pytest.param("/list/2", "/list/3", True, id="number"),
        pytest.param("/s/0af8c2d1e4/list", "/s/77e0b3a9c1/list", True, id="session"),
        pytest.param("/a/a/b", "/a/a/a/b", True, id="relative-links"),
        pytest.param("/tags/ships", "/tags/ports", True, id="names-in-a-folder"),
        pytest.param("/list", "/list?page=2", False, id="first-page"),
        pytest.param("/tags/ships", "/news/ships", False, id="folders"),
        pytest.param("/list?page=2", "/archive?page=2", False, id="scripts"),
        pytest.param("/ships-2", "//b.example.com/ships-2", False, id="hosts"),
    ],
)
def test_pages_of_one_script_have_one_prefix(url: str, other: str, is_same: bool) -> None:
    urls = ("https://example.com" + each if not each.startswith("//") else "https:" + each for each in (url, other))

    assert len({prefix_of(each) for each in urls}) == (1 if is_same else 2)


def test_so_many_pages_of_a_prefix_are_admitted() -> None:
    prefixes = Prefixes(3, most_same=9)

    assert [prefixes.admit(url) for url in ENDLESS[:5]] == [True, True, True, False, False]
    assert prefixes.admit("https://example.com/news/ships")


def test_an_article_makes_its_prefix_worth_asking_for_again() -> None:
    prefixes = Prefixes(3, most_same=9)
    for url in ENDLESS[:4]:
        prefixes.admit(url)

    prefixes.bring(ENDLESS[0])

    assert prefixes.admit(ENDLESS[5])


def test_a_worker_that_never_ends_asks_again_after_an_hour() -> None:
    now = 0.0
    prefixes = Prefixes(1, most_same=9, clock=lambda: now)
    prefixes.admit(ENDLESS[0])
    was_admitted = prefixes.admit(ENDLESS[1])
    now = 3601.0

    assert not was_admitted
    assert prefixes.admit(ENDLESS[2])
    assert not prefixes.admit(ENDLESS[3])


@pytest.mark.parametrize(
    ("answers", "is_admitted"),
    [
        pytest.param("aaa", False, id="one-page"),
        pytest.param("baaa", False, id="one-page-at-last"),
        pytest.param("aab", True, id="another-at-last"),
        pytest.param("abab", True, id="in-turns"),
    ],
)
def test_addresses_that_all_show_one_page_are_a_trap(answers: str, is_admitted: bool) -> None:
    prefixes = Prefixes(99, most_same=3)

    for url, answer in zip(ENDLESS, answers, strict=False):
        prefixes.admit(url)
        prefixes.answer(url, answer.encode())

    assert prefixes.admit(ENDLESS[-1]) is is_admitted
    assert prefixes.admit("https://example.com/news/ships")


def test_one_page_that_is_asked_for_again_and_again_is_no_trap() -> None:
    prefixes = Prefixes(99, most_same=3)

    for _ in range(5):
        prefixes.answer(ENDLESS[0], b"a")

    assert prefixes.admit(ENDLESS[0])
