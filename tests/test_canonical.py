import pytest

from crawler.document import Document
from crawler.extractors.canonical import canonical_url

URL = "https://www.example.com/news/a?utm_source=x"


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        pytest.param("", "https://www.example.com/news/a", id="none-declared"),
        pytest.param(
            '<link rel="canonical" href="/news/a.html">', "https://www.example.com/news/a.html", id="relative"
        ),
        pytest.param('<link rel="canonical" href="https://example.com/b">', "https://example.com/b", id="without-www"),
        pytest.param(
            '<link rel="canonical" href="https://www.example.com/">', "https://www.example.com/news/a", id="home"
        ),
        pytest.param(
            '<link rel="canonical" href="https://other.org/a">', "https://www.example.com/news/a", id="other-site"
        ),
        pytest.param('<link rel="canonical" href="http://[">', "https://www.example.com/news/a", id="broken"),
        pytest.param(
            '<meta property="og:url" content="https://www.example.com/b">', "https://www.example.com/b", id="og"
        ),
        pytest.param(
            '<link rel="canonical" href="https://www.example.com"><meta property="og:url" content="/b">',
            "https://www.example.com/b",
            id="the-next-word-counts",
        ),
    ],
)
def test_a_name_is_believed_where_it_can_be_true(head: str, expected: str) -> None:
    document = Document.parse(f"<html><head>{head}</head><body>x</body></html>", url=URL)

    assert canonical_url(document) == expected


def test_a_home_page_may_call_itself_home() -> None:
    html = '<link rel="canonical" href="https://example.com/"><p>x'

    assert canonical_url(Document.parse(html, url="https://example.com/?utm_medium=y")) == "https://example.com/"


def test_a_saved_page_is_named_by_its_own_word_alone() -> None:
    assert (
        canonical_url(Document.parse('<link rel="canonical" href="https://example.com/a"><p>x'))
        == "https://example.com/a"
    )
    assert canonical_url(Document.parse('<link rel="canonical" href="/a"><p>x')) is None
