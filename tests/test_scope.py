import pytest

from crawler.site import GENERIC, Site
from crawler.spiders.scope import Scope


@pytest.mark.parametrize(
    ("url", "follows"),
    [
        pytest.param("https://example.com/2024/a.html", True, id="page"),
        pytest.param("https://www.example.com/a", True, id="www-is-the-same-host"),
        pytest.param("https://shop.example.com/a", False, id="another-host"),
        pytest.param("https://example.com/logo.PNG", False, id="image"),
        pytest.param("https://example.com/wp-login.php", False, id="login"),
        pytest.param("https://example.com/a?replytocom=7", False, id="reply-form"),
        pytest.param("https://example.com/sitemap.xml.gz", True, id="packed-sitemap"),
        pytest.param("https://example.com/researching/a", True, id="word-that-holds-search"),
        pytest.param("https://example.com/?s=ships", False, id="search"),
        pytest.param("https://example.com/find?page=2&q=ships", False, id="search-by-a-script"),
        pytest.param("https://example.com/ships-wait-again?q=ships", True, id="page-that-a-search-has-led-to"),
        pytest.param("https://example.com/ships-wait-again?print=1", False, id="page-to-print"),
        pytest.param("https://example.com/a/a/a/b", True, id="folder-three-times"),
        pytest.param("https://example.com/a/b/a/b/a/b/a/c", False, id="ever-deeper"),
    ],
)
def test_a_crawl_follows_pages_of_its_own_hosts(url: str, follows: bool) -> None:
    scope = Scope.of(("https://www.example.com/",), GENERIC)

    assert scope.follows(url) is follows


def test_a_site_file_widens_to_its_domains_and_narrows_by_what_it_ignores() -> None:
    site = Site(name="example", domains=("example.com",), ignored_url=r"/tags/")
    scope = Scope.of(("https://example.com/",), site)

    assert scope.follows("https://finance.example.com/a")
    assert not scope.follows("https://finance.example.com/tags/x")


def test_an_open_crawl_follows_pages_of_all_hosts_and_nothing_else() -> None:
    scope = Scope.of(("https://example.com/",), GENERIC, is_open=True)

    assert scope.holds("https://example.org/")
    assert scope.follows("https://example.org/a")
    assert not scope.follows("https://example.org/logo.png")


def test_ports_of_one_host_are_different_sites() -> None:
    scope = Scope.of(("http://127.0.0.1:8000/",), GENERIC)

    assert not scope.holds("http://127.0.0.1:9000/")
