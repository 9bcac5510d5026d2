import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.document import Document
from crawler.extractors.body.finder import BodyFinder
from crawler.extractors.kinds import Judgement, judge_kind
from crawler.extractors.kinds.kind_model import KindModel, read_kind_model
from crawler.extractors.kinds.measurements import MEASUREMENTS
from crawler.extractors.tree.outline import outline_of
from models.items import PageKind

TEXT = "The harbour opened a new crane on Monday, after three years of work. It lifts forty tonnes, they say. "
ARTICLE = f"<h1>Harbour opens new crane</h1><p>{TEXT * 3}</p><p>{TEXT * 2}</p><p>{TEXT * 4}</p>"
CARDS = "".join(
    f'<div class="card"><h2><a href="/a/{n}">Story number {n}</a></h2><p>{TEXT}</p></div>' for n in range(8)
)
PERMALINKS = "".join(f'<h2><a href="#part-{n}">Part number {n}</a></h2><p>{TEXT}</p>' for n in range(8))

POST = f"<p>{TEXT * 3}</p>" * 4
POSTS = "".join(
    f'<article><h1><a href="/a/crane-number-{n}">Crane number {n} is put up</a></h1>{POST}</article>' for n in range(5)
)
LINES = "".join(
    f'<li>2026-03-1{n} <a href="/a/crane-number-{n}">Crane number {n} is put up beside the old one</a></li>'
    for n in range(9)
)
CHINESE_LINES = "".join(
    f'<li><span>2026-03-1{n % 10} 03:33:1{n % 10}</span>·<a href="/show-{n}.html">港口买了第{n}台吊机，工人夸</a></li>'
    for n in range(20)
)


def judged(body: str, *, url: str | None = None, head: str = "", model: KindModel | None = None) -> Judgement:
    document = Document.parse(f"<html><head>{head}</head><body>{body}</body></html>", url=url)
    outline = outline_of(document)
    return judge_kind(outline, BodyFinder(outline).find(), url=url, model=model)


@pytest.mark.parametrize(
    ("body", "url", "kind"),
    [
        pytest.param(ARTICLE, "https://example.com/2026/11/harbour-opens-new-crane", PageKind.ARTICLE, id="article"),
        pytest.param(ARTICLE, None, PageKind.ARTICLE, id="article-without-url"),
        pytest.param(
            PERMALINKS, "https://example.com/harbour-opens-a-new-crane", PageKind.ARTICLE, id="links-to-itself"
        ),
        pytest.param(ARTICLE, "https://example.com/archives/4127/", PageKind.ARTICLE, id="article-by-number"),
        pytest.param(CARDS, "https://example.com/archives/2026/03/", PageKind.LISTING, id="month"),
        pytest.param(CARDS, "https://example.com/category/trade/", PageKind.LISTING, id="category"),
        pytest.param(CARDS, "https://example.com/2026/03/", PageKind.LISTING, id="month-at-the-root"),
        pytest.param(POSTS, "https://example.com/index-1.html", PageKind.LISTING, id="whole-posts"),
        pytest.param(f"<h1>2026</h1><ul>{LINES}</ul>", "https://example.com/2026/", PageKind.LISTING, id="lines"),
        pytest.param(
            f"<ul>{CHINESE_LINES}</ul>",
            "https://example.com/list-6-2.html",
            PageKind.LISTING,
            id="dates-as-long-as-titles",
        ),
        pytest.param("<h1>Trade</h1>", "https://example.com/category/trade/", PageKind.LISTING, id="without-text"),
        pytest.param(CARDS, "https://example.com/page/2/", PageKind.LISTING, id="second-page"),
        pytest.param(CARDS, "https://example.com/", PageKind.LISTING, id="home"),
        pytest.param(CARDS, None, PageKind.LISTING, id="listing-without-url"),
        pytest.param("<h1>Log in</h1><form>Name<input></form>", "https://example.com/x", PageKind.OTHER, id="login"),
        pytest.param("<h1>404</h1><p>Nothing here.</p>", "https://example.com/x", PageKind.OTHER, id="error"),
    ],
)
def test_a_page_is_of_one_kind(body: str, url: str | None, kind: PageKind) -> None:
    assert judged(body, url=url).kind is kind


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("https://example.com/page/how-to-load-a-crane", id="folder-named-page"),
        pytest.param("https://example.com/notes/20260311-cranes/index.html", id="folder-of-its-own"),
        pytest.param("https://shop.example.com/blogs/news/the-crane-is-here", id="blog-of-a-shop"),
        pytest.param("https://example.com/archives/50.html", id="numbers-below-archives"),
        pytest.param("https://example.com/About/Blog/entry/20/comparing-cranes", id="blog-of-a-company"),
    ],
)
def test_an_address_that_only_looks_like_another_page_says_nothing_against_an_article(url: str) -> None:
    judgement = judged(f"{ARTICLE}<p>{TEXT * 4}</p>", url=url)

    assert judgement.kind is PageKind.ARTICLE
    assert judgement.likelihood >= judged(f"{ARTICLE}<p>{TEXT * 4}</p>").likelihood - 0.05


@pytest.mark.parametrize(
    "title",
    ["Category: Cranes - Quay News", "Cranes Archives | Quay News", "标签「起重机」 | 码头新闻", "Schlagwort: Kran"],
)
def test_the_title_of_a_list_speaks_against_an_article(title: str) -> None:
    judgement = judged(f"<p>{TEXT * 4}</p>", url="https://example.com/x/cranes", head=f"<title>{title}</title>")

    assert judgement.kind is PageKind.LISTING
    assert "title is that of a list" in judgement.reason


@pytest.mark.parametrize(
    ("title", "other"),
    [
        pytest.param("How to load a crane | Quay", "Crane loading | Quay", id="question"),
        pytest.param("7 tips for crane drivers", "Crane driver training", id="promise"),
        pytest.param("Why the crane was late", "Crane API reference", id="manual"),
        pytest.param("The crane is here, and it works", "Crane rental services", id="offer"),
        pytest.param("起重机怎么选？老司机教你", "起重机 产品 价格", id="chinese"),
    ],
)
def test_the_name_of_a_page_tells_articles_from_manuals_and_offers(title: str, other: str) -> None:
    article, offer = (
        judged(f"<h1>{name}</h1><p>{TEXT * 3}</p><p>{TEXT * 2}</p>", head=f"<title>{name}</title>").likelihood
        for name in (title, other)
    )

    assert article > offer


WALLS = [
    pytest.param("404 Not Found - Quay News", "Sorry, there is nothing here. Try the home page.", "error", id="404"),
    pytest.param("页面不存在_码头新闻网", "您访问的页面不存在或已被删除，请返回首页。", "error", id="404-chinese"),
    pytest.param(
        "港口论坛-错误信息[码头社区]", "您没有权限访问这个版面，请从有效的连接进入。", "error", id="error-chinese"
    ),
    pytest.param(
        "Seite nicht gefunden | Hafenblatt", "Leider gibt es diese Seite nicht mehr.", "error", id="404-german"
    ),
    pytest.param("Just a moment...", "Checking your browser before you can enter.", "robots", id="robot-check"),
    pytest.param(
        "Making sure you're not a bot!", "This page waits until your browser has solved it.", "robots", id="bot"
    ),
    pytest.param("安全验证", "请完成下方验证后继续访问。", "robots", id="robot-check-chinese"),
    pytest.param("Log in - Quay News", "Enter your name and your password to go on.", "login", id="login"),
    pytest.param("用户登录 - 码头新闻网", "请输入用户名和密码。", "login", id="login-chinese"),
    pytest.param("Anmelden | Hafenblatt", "Bitte geben Sie Ihr Kennwort ein.", "login", id="login-german"),
    pytest.param("Before you continue", "We use cookies. " * 60, "consent", id="consent"),
    pytest.param(
        "Mit Werbung weiterlesen", "Wir und unsere Partner speichern Cookies. " * 30, "consent", id="consent-german"
    ),
    pytest.param("Search results for crane", "Nothing was found that fits.", "search", id="search"),
    pytest.param("“起重机”的搜索结果", "共找到 0 条相关内容。", "search", id="search-chinese"),
]


@pytest.mark.parametrize(("title", "text", "reason"), WALLS)
@pytest.mark.parametrize("url", ["https://example.com/2026/11/harbour-opens-new-crane", None])
def test_what_stands_in_place_of_an_article_is_none(title: str, text: str, reason: str, url: str | None) -> None:
    body = f"<nav><a href='/'>Home</a> <a href='/news'>News</a></nav><h1>{title}</h1><p>{text}</p>"

    judgement = judged(body, url=url, head=f"<title>{title}</title>")

    assert judgement.kind is not PageKind.ARTICLE
    assert not judgement.has_text
    assert reason in judgement.reason


@pytest.mark.parametrize("title", ["Search results for crane", "Log in - Quay News", "404 Not Found"])
def test_an_article_may_be_about_what_stands_in_place_of_one(title: str) -> None:
    body = ARTICLE.replace("Harbour opens new crane", title) + f"<p>{TEXT * 6}</p>"

    judgement = judged(body, url="https://example.com/2026/11/harbour-opens-new-crane", head=f"<title>{title}</title>")

    assert judgement.kind is PageKind.ARTICLE


def test_a_password_field_counts_where_there_is_nothing_to_read() -> None:
    form = "<form><input name=user><input type=password></form>"

    assert "login" in judged(f"<h1>Quay News</h1><p>Welcome back.</p>{form}").reason
    assert judged(form + ARTICLE).kind is PageKind.ARTICLE


def test_a_page_without_text_is_no_article_whatever_it_declares() -> None:
    head = '<title>How to load a crane</title><meta property="og:type" content="article">'

    judgement = judged("<h1>How to load a crane</h1>", url="https://example.com/2026/11/how-to-load-a-crane", head=head)

    assert judgement.kind is PageKind.OTHER
    assert "no running text" in judgement.reason


def test_a_page_nearly_like_an_article_keeps_its_text_but_not_the_name() -> None:
    judgement = judged(f"<h1>Cranes</h1><p>{TEXT * 9}</p>", url="https://example.com/services/cranes/")

    assert judgement.kind is PageKind.OTHER
    assert judgement.has_text


@given(
    st.lists(
        st.sampled_from(
            [f"<p>{TEXT}</p>", "<h2><a href='/a/b'>Story</a></h2>", "<h1>Harbour</h1>", "<li>a</li>", "$ 5"]
        )
    ),
    st.sampled_from(
        [None, "https://example.com/", "https://example.com/a-b-c-d-e/2026/11/1", "https://example.com/tag/x"]
    ),
)
def test_any_page_has_a_kind_a_likelihood_and_a_reason(parts: list[str], url: str | None) -> None:
    judgement = judged("".join(parts) or " ", url=url)

    assert 0 < judgement.likelihood < 1
    assert judgement.reason
    assert (judgement.kind is PageKind.ARTICLE) <= judgement.has_text


def test_a_model_of_other_measurements_is_refused() -> None:
    with pytest.raises(ValueError, match=r"crawler\.training kinds"):
        read_kind_model({"bias": 0.0, "measurements": {"letters": [0.0, 1.0, 1.0]}})


def test_a_model_that_knows_nothing_leaves_all_to_the_rules() -> None:
    nothing = np.zeros(len(MEASUREMENTS))
    model = KindModel(0.0, nothing, nothing + 1, nothing)

    assert judged(ARTICLE, model=model).reason == "nearly all of the page is one text; 4 blocks of running text"


def test_what_the_page_declares_counts() -> None:
    product = '<script type="application/ld+json">{"@type": "Product", "name": "Crane"}</script>'

    assert judged(ARTICLE, head=product).kind is not PageKind.ARTICLE
    assert judged(ARTICLE, head='<meta property="og:type" content="article">').likelihood > judged(ARTICLE).likelihood


def test_the_reason_is_in_words() -> None:
    assert "headings link elsewhere" in judged(CARDS, url="https://example.com/a-b-c-d").reason
    assert "running text" in judged(ARTICLE).reason
    assert judged("<img src=x>").reason


@pytest.mark.parametrize(
    ("likelihood", "is_wall", "has_text"),
    [(0.01, False, False), (0.05, False, True), (0.05, True, False), (0.3, True, True)],
)
def test_text_is_read_unless_hardly_anything_speaks_for_an_article(
    likelihood: float, is_wall: bool, has_text: bool
) -> None:
    assert Judgement(PageKind.OTHER, "", likelihood, is_wall=is_wall).has_text is has_text
