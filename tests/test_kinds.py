import pytest

from crawler.document import Document
from crawler.extractors.body.finder import BodyFinder
from crawler.extractors.kinds import Judgement, judge_kind
from crawler.extractors.tree.outline import outline_of
from models.items import PageKind

TEXT = "The harbour opened a new crane on Monday, after three years of work. It lifts forty tonnes, they say. "
ARTICLE = f"<h1>Harbour opens new crane</h1><p>{TEXT * 3}</p><p>{TEXT * 2}</p><p>{TEXT * 4}</p>"
CARDS = "".join(
    f'<div class="card"><h2><a href="/a/{n}">Story number {n}</a></h2><p>{TEXT}</p></div>' for n in range(8)
)
PERMALINKS = "".join(f'<h2><a href="#part-{n}">Part number {n}</a></h2><p>{TEXT}</p>' for n in range(8))


def judged(body: str, *, url: str | None = None, head: str = "") -> Judgement:
    document = Document.parse(f"<html><head>{head}</head><body>{body}</body></html>", url=url)
    outline = outline_of(document)
    return judge_kind(outline, BodyFinder(outline).find(), url=url)


@pytest.mark.parametrize(
    ("body", "url", "kind"),
    [
        pytest.param(ARTICLE, "https://example.com/2026/11/harbour-opens-new-crane", PageKind.ARTICLE, id="article"),
        pytest.param(ARTICLE, None, PageKind.ARTICLE, id="article-without-url"),
        pytest.param(
            PERMALINKS, "https://example.com/harbour-opens-a-new-crane", PageKind.ARTICLE, id="links-to-itself"
        ),
        pytest.param(CARDS, "https://example.com/category/trade/", PageKind.LISTING, id="category"),
        pytest.param(CARDS, "https://example.com/page/2/", PageKind.LISTING, id="second-page"),
        pytest.param(CARDS, "https://example.com/", PageKind.LISTING, id="home"),
        pytest.param(CARDS, None, PageKind.LISTING, id="listing-without-url"),
        pytest.param("<h1>Log in</h1><form>Name<input></form>", "https://example.com/x", PageKind.OTHER, id="login"),
        pytest.param("<h1>404</h1><p>Nothing here.</p>", "https://example.com/x", PageKind.OTHER, id="error"),
    ],
)
def test_a_page_is_of_one_kind(body: str, url: str | None, kind: PageKind) -> None:
    assert judged(body, url=url).kind is kind


def test_what_the_page_declares_counts() -> None:
    product = '<script type="application/ld+json">{"@type": "Product", "name": "Crane"}</script>'

    assert judged(ARTICLE, head=product).kind is not PageKind.ARTICLE
    assert judged(ARTICLE, head='<meta property="og:type" content="article">').confidence > judged(ARTICLE).confidence


def test_the_reason_is_in_words() -> None:
    assert "headings link elsewhere" in judged(CARDS, url="https://example.com/a-b-c-d").reason
    assert "running text" in judged(ARTICLE).reason
    assert judged("<img src=x>").reason
