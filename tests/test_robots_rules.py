import random
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.politeness.robots_rules import MOST_BYTES, RobotsRules, decode_robots, product_token

AGENT = "Triptych/0.1 (article crawler; mail us)"
SITE = "https://example.com"


def rules(text: str) -> RobotsRules:
    return RobotsRules(text, user_agent=AGENT)


@pytest.mark.parametrize(
    ("text", "allowed", "forbidden"),
    [
        pytest.param("", "/a", None, id="empty"),
        pytest.param("User-agent: *\nDisallow: /", None, "/a", id="everything"),
        pytest.param("User-agent: *\nDisallow:", "/a", None, id="nothing"),
        pytest.param("User-agent: *\nDisallow: /a\nAllow: /a/b", "/a/b/c", "/a/c", id="the-longest-rule-wins"),
        pytest.param("User-agent: *\nDisallow: /a\nAllow: /a", "/a", None, id="allow-wins-a-tie"),
        pytest.param("User-agent: *\nDisallow: /*.pdf$", "/a.pdf?x", "/b/a.pdf", id="wildcard-and-end"),
        pytest.param("User-agent: *\nDisallow: /caf%C3%A9", "/caf", "/café/menu", id="percent-escapes"),
        pytest.param("User-agent: TRIPTYCH\nDisallow: /t\n\nUser-agent: *\nDisallow: /", "/a", "/t/1", id="our-own"),
        pytest.param("User-agent: triptych/2.0\nDisallow: /t", "/a", "/t", id="our-own-with-a-version"),
        pytest.param("User-agent: crawler\nDisallow: /", "/a", None, id="a-word-of-our-comment-is-not-us"),
        pytest.param("User-agent: trip\nDisallow: /", "/a", None, id="half-our-name-is-not-us"),
        pytest.param("User-agent: a\nUser-agent: *\nDisallow: /x", "/a", "/x", id="one-group-for-several"),
        pytest.param(
            "User-agent: *\nDisallow: /x\n\nUser-agent: b\nDisallow: /\n\nUser-agent: *\nDisallow: /y",
            "/a",
            "/y",
            id="two-groups-for-all-are-one",
        ),
        pytest.param("User-agent: *\nSitemap: /s.xml\nDisallow: /x", "/a", "/x", id="a-sitemap-ends-no-group"),
        pytest.param("Disallow: /", "/a", None, id="a-rule-without-a-group"),
        pytest.param("user agent: *\nDisalow: /x # typed in haste", "/a", "/x", id="as-people-write"),
        pytest.param("\ufeffUser-agent: *\r\nDisallow: /x\r\n", "/a", "/x", id="marked-with-its-byte-order"),
        pytest.param("<html><body>Welcome</body></html>", "/a", None, id="a-page-instead"),
    ],
)
def test_one_group_counts_and_its_longest_rule(text: str, allowed: str | None, forbidden: str | None) -> None:
    found = RobotsRules.of_bytes(text.encode(), user_agent=AGENT)

    assert allowed is None or found.allows(SITE + allowed)
    assert forbidden is None or not found.allows(SITE + forbidden)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        pytest.param("User-agent: *\nCrawl-delay: 2.5", 2.5, id="crawl-delay"),
        pytest.param("User-agent: *\nRequest-rate: 2/10s", 5.0, id="request-rate"),
        pytest.param("User-agent: *\nRequest-rate: 1/1m 0900-1700", 60.0, id="at-any-hour"),
        pytest.param("User-agent: *\nCrawl-delay: 2\nRequest-rate: 1/10", 10.0, id="the-longer-of-both"),
        pytest.param("User-agent: b\nCrawl-delay: 9\n\nUser-agent: *\nDisallow: /x", 0.0, id="of-another"),
        pytest.param("User-agent: *\nCrawl-delay: soon", 0.0, id="no-number"),
        pytest.param("User-agent: *\nCrawl-delay: -1", 0.0, id="negative"),
        pytest.param("User-agent: *\nCrawl-delay: inf", 0.0, id="for-ever"),
        pytest.param("User-agent: *\nRequest-rate: 1/0", 0.0, id="in-no-time"),
        pytest.param("", 0.0, id="empty"),
    ],
)
def test_the_delay_is_what_our_group_asks_for(text: str, seconds: float) -> None:
    assert rules(text).delay_seconds == seconds


def test_sitemaps_belong_to_no_group() -> None:
    text = "Sitemap: https://example.com/a.xml\nUser-agent: b\nDisallow: /\nSitemap: /b.xml"

    assert rules(text).sitemaps == ("https://example.com/a.xml", "/b.xml")


def test_what_stands_after_the_most_that_is_read_counts_for_nothing_and_a_cut_line_neither() -> None:
    filler = "# " + "x" * 100 + "\n"
    start = "User-agent: *\nDisallow: /first\n"
    times = (MOST_BYTES - len(start)) // len(filler)
    rest = MOST_BYTES - len(start) - times * len(filler)
    cut = "Disallow: /" + "y" * rest + "\nDisallow: /last\n"

    found = RobotsRules.of_bytes((start + filler * times + cut).encode(), user_agent=AGENT)

    assert not found.allows(f"{SITE}/first")
    assert found.allows(f"{SITE}/yyy")
    assert found.allows(f"{SITE}/last")


@pytest.mark.parametrize(
    ("header", "token"),
    [(AGENT, "triptych"), ("Mozilla/5.0 (compatible; x)", "mozilla"), ("my_bot-2", "my_bot-"), ("", "*"), ("7z", "*")],
)
def test_groups_are_found_by_the_leading_word_of_the_header(header: str, token: str) -> None:
    assert product_token(header) == token


@given(st.binary(max_size=2000), st.text(max_size=50))
def test_any_bytes_are_a_robots_txt(content: bytes, path: str) -> None:
    found = RobotsRules.of_bytes(content, user_agent=AGENT)

    assert found.allows(f"{SITE}/{path}") in (True, False)
    assert found.delay_seconds >= 0
    assert "\0" not in decode_robots(content)


LINES: dict[str, Callable[[int], str]] = {
    "agents by rules": lambda n: _numbered("User-agent: a", n) + "User-agent: *\n" + _numbered("Disallow: /", n),
    "each agent twice": lambda n: _numbered("User-agent: a", n) * 2 + "Disallow: /",
    "wildcards": lambda n: "User-agent: *\n" + _numbered("Disallow: /*", n),
    "stars": lambda n: "User-agent: *\nDisallow: /" + "*a" * n + "$",
    "one star after the other": lambda n: "User-agent: *\nDisallow: /" + "*" * n,
    "escapes": lambda n: "User-agent: *\nDisallow: /" + "%2f" * n,
    "ends": lambda n: "User-agent: *\n" + _numbered("Disallow: /a$", n),
    "white space": lambda n: "User-agent" + " " * n + ":" + " \t" * n + "*\nDisallow: /",
    "empty lines": lambda n: "\r\n\x0c" * n,
    "noise": lambda n: random.Random(n).randbytes(10 * n).decode("latin-1"),  # noqa: S311  # the same bytes each time
}


@pytest.mark.parametrize("name", LINES)
def test_a_hostile_file_is_read_and_asked_in_linear_time(name: str) -> None:
    """By lines run, which no other program changes: four times the file is at most some five times the work."""
    small, large = (_work_on(LINES[name](n)) for n in (500, 2000))

    assert large < 5 * small + 1000


def test_a_megabyte_of_any_is_done_with() -> None:
    for make in LINES.values():
        content = make(30_000).encode()[: 1024 * 1024]
        found = RobotsRules.of_bytes(content, user_agent=AGENT)
        found.allows(f"{SITE}/" + "a" * 2000)


def _numbered(start: str, count: int) -> str:
    return "".join(f"{start}{number}\n" for number in range(count))


def _work_on(text: str) -> int:
    import sys  # noqa: PLC0415  # for this count alone

    count = 0

    def count_line(*_: object) -> object:
        nonlocal count
        count += 1
        return count_line

    sys.settrace(count_line)  # type: ignore[arg-type]  # as loose as the documentation has it
    try:
        rules(text).allows(f"{SITE}/" + "a" * 500)
    finally:
        sys.settrace(None)
    return count
