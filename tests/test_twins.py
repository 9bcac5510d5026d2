import pytest

from crawler.spiders.twins import Twins
from models.items import Article, Block, BlockType, Page

FIRST = "https://example.com/Ships"


def page(url: str, text: str = "Ships wait.") -> Page:
    article = Article(headline="Ships", blocks=(Block(type=BlockType.PARAGRAPH, text=text),))
    return Page(url=url, articles=(article,))


@pytest.mark.parametrize(
    ("url", "text", "twin"),
    [
        pytest.param("https://example.com/SHIPS", "Ships wait.", FIRST, id="case"),
        pytest.param("https://example.com/Ships/", "Ships wait.", FIRST, id="slash"),
        pytest.param("https://example.com/SHIPS", "Ships go.", None, id="another-text"),
        pytest.param("https://example.com/ports", "Ships wait.", None, id="another-address"),
        pytest.param(FIRST, "Ships wait.", None, id="itself"),
        pytest.param("https://example.com/Ships?id=1", "Ships wait.", None, id="query"),
    ],
)
def test_one_text_under_two_spellings_of_an_address_is_one_page(url: str, text: str, twin: str | None) -> None:
    twins = Twins()
    twins.first_of(page(FIRST))

    assert twins.first_of(page(url, text)) == twin


def test_a_page_without_an_article_has_no_twin() -> None:
    twins = Twins()
    twins.first_of(Page(url=FIRST))

    assert twins.first_of(Page(url=FIRST.lower())) is None
