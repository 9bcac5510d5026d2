"""Pages that scripts build are told from short ones, by what stands in the markup that is served."""

import pytest

from crawler.markup.scripted import script_built

BUNDLE = '<script src="/assets/index-5f3a.js" type="module"></script>'
TEXT = "The harbour office counted four hundred parcels on the first morning of the new customs line. " * 6


def page(body: str, head: str = BUNDLE) -> bytes:
    return f"<!doctype html><html><head><title>Quay</title>{head}</head><body>{body}</body></html>".encode()


@pytest.mark.parametrize(
    "body",
    [
        pytest.param('<div id="root"></div>', id="react"),
        pytest.param(
            '<noscript>You need to enable JavaScript to run this app.</noscript><div id="app"> </div>', id="vue"
        ),
        pytest.param("<app-root></app-root>", id="angular"),
        pytest.param('<div id="__next"></div><script>self.__next_f=[]</script>', id="next"),
        pytest.param('<header>Quay News</header><main id="content"></main><footer>2025</footer>', id="frame-only"),
        pytest.param("<noscript>请启用脚本以阅读本页</noscript><div>加载中</div>", id="noscript-in-chinese"),
        pytest.param(
            '<div id="root"></div><style>p {}</style>' + "<script>var a = 1;</script>" * 500, id="long-scripts"
        ),
    ],
)
def test_a_page_that_scripts_build_is_known(body: str) -> None:
    assert script_built(page(body)) is not None


@pytest.mark.parametrize(
    "markup",
    [
        pytest.param(
            page(f'<article><p>{TEXT}</p></article><div id="comments"></div>'), id="text-and-a-place-for-more"
        ),
        pytest.param(page("<h1>Not found</h1><p>There is no such page.</p>"), id="short-page"),
        pytest.param(page('<div id="root"></div>', head=""), id="no-script"),
        pytest.param(
            page(f"<p>{'四百个包裹在海关新线的第一个早晨' * 10}</p>" + '<div id="x"></div>'), id="short-in-chinese"
        ),
        pytest.param(page('<form id="login"><input name="user"></form>'), id="form"),
        pytest.param(
            page('<div id="root"></div><script type="application/ld+json">{"articleBody": "Four"}</script>'),
            id="json-ld",
        ),
        pytest.param(b"", id="nothing"),
        pytest.param(b"<script", id="torn"),
        pytest.param(b"\x00\xff<script>" * 100, id="noise"),
    ],
)
def test_any_other_page_is_not(markup: bytes) -> None:
    assert script_built(markup) is None
