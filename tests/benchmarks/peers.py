"""Other extractors on the same pages, where they are installed: `pip install -e '.[bench]'`."""

import importlib.util
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import lxml.etree
import lxml.html


@dataclass(frozen=True, slots=True)
class Reading:
    """What every extractor can be asked for; None where it gives no such fact."""

    body: str
    headline: str | None = None
    date: str | None = None
    authors: tuple[str, ...] | None = None


_Read = Callable[[str, str | None], Reading]


@dataclass(frozen=True, slots=True)
class Peer:
    gives: frozenset[str]
    """The facts it knows of, beside the body."""
    read: _Read


def installed_peers() -> dict[str, Peer]:
    """By name, in a fixed order. Each is given decoded text: none has to guess an encoding."""
    known: dict[str, tuple[str, str, Callable[[], _Read]]] = {
        "trafilatura": ("trafilatura", "headline day authors", _trafilatura),
        "newspaper4k": ("newspaper", "headline day authors", _newspaper),
        "readability-lxml": ("readability", "headline", _readability),
        "magic-html": ("magic_html", "headline", _magic),
        "resiliparse": ("resiliparse", "", _resiliparse),
    }
    return {
        name: Peer(frozenset(gives.split()), make())
        for name, (module, gives, make) in known.items()
        if importlib.util.find_spec(module)
    }


def _trafilatura() -> _Read:
    from trafilatura import bare_extraction

    def read(html: str, url: str | None) -> Reading:
        found = bare_extraction(html, url=url, with_metadata=True, include_comments=False)
        if found is None:
            return Reading("")
        authors = tuple(name.strip() for name in (found.author or "").split(";") if name.strip())
        return Reading(found.text or "", found.title, found.date, authors)

    return read


def _newspaper() -> _Read:
    from newspaper import Article

    def read(html: str, url: str | None) -> Reading:
        article = Article(url or "https://example.com/", fetch_images=False)
        article.download(input_html=html)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            article.parse()
        return Reading(
            article.text, article.title, str(article.publish_date or "") or None, tuple(article.authors or ())
        )

    return read


def _readability() -> _Read:
    from readability import Document

    def read(html: str, url: str | None) -> Reading:
        document = Document(html, url=url)
        return Reading(_text(document.summary(html_partial=True)), document.short_title())

    return read


def _magic() -> _Read:
    from magic_html import GeneralExtractor

    extractor = GeneralExtractor()

    def read(html: str, url: str | None) -> Reading:
        found = extractor.extract(html, base_url=url or "")
        return Reading(_text(found.get("html") or ""), found.get("title"))

    return read


def _resiliparse() -> _Read:
    from resiliparse.extract.html2text import extract_plain_text

    def read(html: str, _url: str | None) -> Reading:
        return Reading(extract_plain_text(html, main_content=True))

    return read


def _text(html: str) -> str:
    if not html.strip():
        return ""
    return "\n".join(_lines(lxml.html.fragment_fromstring(html, create_parent="div")))


_BREAKS = frozenset("p div br li ul ol h1 h2 h3 h4 h5 h6 tr table blockquote pre section article figure dd dt".split())


def _lines(root: lxml.html.HtmlElement) -> Iterator[str]:
    parts: list[str] = []
    for event, element in lxml.etree.iterwalk(root, events=("start", "end")):
        if element.tag in _BREAKS:
            yield " ".join("".join(parts).split())
            parts.clear()
        if event == "start" and isinstance(element.tag, str):
            parts.append(element.text or "")
        elif event == "end" and element is not root:
            parts.append(element.tail or "")
    yield " ".join("".join(parts).split())
