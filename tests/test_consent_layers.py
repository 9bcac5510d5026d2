"""Layers that ask for consent to cookies, in front of a text."""

import pytest

from crawler.document import Document
from crawler.extractors import extract_page
from crawler.extractors.body.consent_layers import consent_blocks
from crawler.extractors.tree.outline import outline_of

TEXT = "The harbour opened its gates again this week, and the ships that had waited came in at last. " * 3
IN_ENGLISH = "We and our 12 partners store cookies on your device to measure how our pages are read."
IN_GERMAN = "Mit Ihrer Einwilligung verwenden wir und unsere Partner Cookies, um Werbung zu messen."
IN_FRENCH = "Nous et nos partenaires utilisons des cookies sur votre appareil pour la publicité."
IN_AMERICAN = "You may direct us not to sell your personal information, on this website and on every device of yours."
EXTERNAL = "An dieser Stelle finden Sie externen Inhalt, den Sie sich mit einem Klick anzeigen lassen können."
IN_CHINESE = "我们使用Cookie来改善您的浏览体验并展示广告。"


def texts_in_layers(body: str) -> list[str]:
    outline = outline_of(Document.parse(f"<html><body>{body}<h1>A headline</h1><p>{TEXT}</p></body></html>"))
    found = consent_blocks(outline, range(len(outline.blocks)))
    return [outline.blocks[number].text for number in sorted(found)]


@pytest.mark.parametrize(
    "layer",
    [
        pytest.param(f"<div role='dialog'><h2>Privacy</h2><p>{IN_ENGLISH}</p></div>", id="dialog"),
        pytest.param(f"<section aria-modal='true'><p>{IN_ENGLISH}</p><a href='/p'>Policy</a></section>", id="modal"),
        pytest.param(f"<div id='cmp'><p>{IN_ENGLISH}</p><span>Close</span></div>", id="named-after-a-tool"),
        pytest.param(f"<div class='cookie-notice'><p>{IN_ENGLISH}</p></div>", id="named-after-its-purpose"),
        pytest.param(f"<div><p>{IN_ENGLISH}</p><div><button>Accept all</button></div></div>", id="button"),
        pytest.param(f"<div><p>{IN_ENGLISH}</p><button>Reject</button><a href='/p'>More</a></div>", id="refusal"),
        pytest.param(f"<div><p>{IN_GERMAN}</p><button>Alle akzeptieren</button></div>", id="german"),
        pytest.param(f"<div><p>{EXTERNAL}</p><label>Externen Inhalt anzeigen</label></div>", id="external-content"),
        pytest.param(
            f"<div class='onetrust-pc' role='region'>{f'<p>{IN_AMERICAN}</p>' * 80}</div>", id="of-many-purposes"
        ),
        pytest.param(f"<div><p>{IN_FRENCH}</p><button>Tout accepter</button></div>", id="french"),
        pytest.param(f"<div><p>{IN_CHINESE}</p><a href='#'>同意</a></div>", id="chinese"),
    ],
)
def test_all_of_a_layer_is_found_and_nothing_of_the_page(layer: str) -> None:
    alone = outline_of(Document.parse(f"<html><body>{layer}</body></html>"))

    assert texts_in_layers(layer) == [block.text for block in alone.blocks]


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(f"<div><p>{IN_ENGLISH}</p><p>{TEXT}</p></div>", id="a-text-about-cookies"),
        pytest.param(
            f"<div class='post category-gdpr cookie-notice'><p>{IN_ENGLISH}</p></div>", id="a-post-filed-under-it"
        ),
        pytest.param(f"<article role='dialog'><p>{IN_ENGLISH}</p></article>", id="an-article"),
        pytest.param(f"<div role='dialog'><p>{IN_ENGLISH}</p><p>{TEXT}</p></div>", id="a-text-in-a-dialog"),
        pytest.param(
            "<div role='dialog'><p>Bake the cookies until they are brown, and let them cool down.</p></div>",
            id="baking",
        ),
    ],
)
def test_a_text_that_speaks_of_cookies_is_no_layer(body: str) -> None:
    assert texts_in_layers(body) == []


def test_a_page_that_only_asks_for_consent_is_no_article() -> None:
    sentences = f"<p>{IN_ENGLISH}</p><p>{IN_ENGLISH[:-1]} or seen.</p>"
    box = f"<div><h1>Before you go on</h1>{sentences}<button>Accept all</button></div>"

    page = extract_page(f"<html><head><title>Before you go on</title></head><body>{box}</body></html>")

    assert page.articles == ()
