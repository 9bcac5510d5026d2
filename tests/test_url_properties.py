"""What holds for every URL, however it is spelt: one page has one spelling and one key, and nothing raises."""

import string
from urllib.parse import quote, urlsplit

from hypothesis import example, given, settings
from hypothesis import strategies as st

from crawler.markup.links import UrlResolver, absolute_url, is_broken, same_site
from models.identity import page_url, registered_domain, site_domain, url_hash
from pipelines.cleaning import ValueCleaner

LABELS = st.text(string.ascii_lowercase + string.digits, min_size=1, max_size=8).map("a{}".format)
HOSTS = st.lists(LABELS, min_size=2, max_size=4).map(".".join)
LETTERS = st.text("az-_~.09é仓 %+&=;,@:!$'()*", max_size=8)
PATHS = st.lists(LETTERS, max_size=4).map(lambda parts: "/" + "/".join(quote(part) for part in parts))
QUERIES = st.lists(st.tuples(LABELS, LETTERS.map(quote)), max_size=4).map(lambda pairs: "&".join(map("=".join, pairs)))
TRACKERS = st.sampled_from(["utm_source=x", "fbclid=1", "gclid=a%20b", "spm=1.2", "utm_medium="])
ANY = st.text() | st.text("htps:/[]@?#%.\\ \t\n\u3000:0189x", max_size=30)


@st.composite
def urls(draw: st.DrawFn) -> str:
    query = draw(QUERIES)
    return f"https://{draw(HOSTS)}{draw(PATHS)}{'?' if query else ''}{query}"


@given(urls())
def test_a_spelling_is_its_own_spelling(url: str) -> None:
    spelt = page_url(url)

    assert spelt is not None
    assert page_url(spelt) == spelt


@given(urls(), TRACKERS, LETTERS)
def test_what_makes_no_difference_makes_no_other_page(url: str, tracker: str, fragment: str) -> None:
    parts = urlsplit(url)
    tracked = f"{parts.query}&{tracker}" if parts.query else tracker
    spellings = (
        parts._replace(netloc=parts.netloc.upper()),
        parts._replace(scheme="HTTPS", netloc=f"{parts.netloc}:443"),
        parts._replace(netloc=f"user:pass@{parts.netloc}"),
        parts._replace(fragment=fragment),
        parts._replace(query=tracked),
        parts._replace(query="&".join(reversed(parts.query.split("&")))),
    )

    assert {page_url(each.geturl()) for each in spellings[:-1]} == {page_url(url)}
    if len({pair.partition("=")[0] for pair in parts.query.split("&")}) == len(parts.query.split("&")):
        assert page_url(spellings[-1].geturl()) == page_url(url)


@given(urls(), urls())
def test_other_pages_have_other_keys(url: str, other: str) -> None:
    one, two = page_url(url), page_url(other)

    assert one is not None
    assert two is not None
    assert (one == two) == (url_hash(one) == url_hash(two))
    assert same_site(url, other) == (registered_domain(urlsplit(one).netloc) == registered_domain(urlsplit(two).netloc))


@given(HOSTS, st.sampled_from("/?#"), ANY, urls())
def test_what_stands_behind_a_host_makes_it_no_other_site(host: str, mark: str, behind: str, other: str) -> None:
    assert same_site(f"https://{host}{mark}{behind}", other) == same_site(f"https://{host}", other)


@settings(max_examples=300)
@given(ANY, ANY)
@example("http://[", "//[::1")
@example("https://a.b/", "http://a.b:99999999/")
@example("https://a.b/", "https://a\ud800.b/\0")
def test_no_text_raises_and_what_comes_out_is_a_url(base: str, href: str) -> None:
    for found in (absolute_url(base, href), UrlResolver(base).resolve(href), absolute_url(None, href)):
        if found is not None:
            assert urlsplit(found).scheme.lower() in ("http", "https")
    spelt = page_url(href)
    if spelt is not None:
        assert page_url(spelt) == spelt
        assert "@" not in urlsplit(spelt).netloc
        assert site_domain(spelt)
        url_hash(spelt)
    is_broken(base, href)
    same_site(base, href)


@given(st.one_of(ANY, urls()))
def test_a_cleaned_url_is_clean_and_names_nobody(url: str) -> None:
    cleaned = ValueCleaner().url(url)

    assert ValueCleaner().url(cleaned) == cleaned
    if cleaned is not None and (page := page_url(cleaned)) is not None:
        assert page == page_url(page)
        cleaned.encode()
