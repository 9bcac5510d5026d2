import numpy as np
import pytest

from crawler.document import Document
from crawler.extractors.body.finder import BodyBlocks, BodyFinder
from crawler.extractors.tree.outline import Outline, outline_of

TEXT = "The harbour of the town opened a new crane on Monday, after three years of work, the operator {} said there."
PARAGRAPHS = [TEXT.format(name) for name in ("Lee", "Kim", "Sato", "Okafor", "Novak", "Silva")]
HAN = "该港口周一启用了新的起重机，此前经过三年施工，并两次推迟交付，运营方表示，它能吊起四十吨，是旧设备的两倍。"
MENU = "<ul class='menu'>" + "".join(f"<li><a href='/{n}'>Section {n}</a></li>" for n in range(9)) + "</ul>"
FOOTER = (
    "<div class='footer'><p>Copyright Example News, all rights reserved, no part may be copied without leave.</p></div>"
)


def paragraphs(start: int = 0, stop: int = 6) -> str:
    return "".join(f"<p>{text}</p>" for text in PARAGRAPHS[start:stop])


def found(body: str) -> tuple[Outline, BodyBlocks]:
    outline = outline_of(Document.parse(f"<html><body>{MENU}{body}{FOOTER}</body></html>"))
    return outline, BodyFinder(outline).find()


def texts(body: str) -> list[str]:
    outline, blocks = found(body)
    return [outline.blocks[number].text for number in sorted(blocks.numbers)]


@pytest.mark.parametrize(
    "markup",
    [
        pytest.param(f"<article>{paragraphs()}</article>", id="one-box"),
        pytest.param(
            f"<div>{paragraphs(0, 2)}</div><div>{paragraphs(2, 4)}</div><div>{paragraphs(4, 6)}</div>", id="split"
        ),
        pytest.param("<div>" + "<br><br>".join(PARAGRAPHS) + "</div>", id="line-breaks"),
        pytest.param(
            "<table><tr><td>" + "</td></tr><tr><td>".join(PARAGRAPHS) + "</td></tr></table>", id="layout-table"
        ),
        pytest.param(
            f"<main>{paragraphs(0, 3)}<div class='related'><h3>Related</h3><a href='/x'>Old crane moves out</a></div>"
            f"{paragraphs(3, 6)}</main>",
            id="box-inside",
        ),
        pytest.param(
            f"<article>{paragraphs()}</article><div class='comments'><h3>Comments</h3>"
            + "".join(
                f"<p>I think that {name} is wrong, and so did my uncle, who worked there for a year.</p>"
                for name in "ABC"
            )
            + "</div>",
            id="comments-below",
        ),
    ],
)
def test_the_body_is_all_its_paragraphs_and_nothing_else(markup: str) -> None:
    assert texts(markup) == PARAGRAPHS


def test_a_comment_thread_longer_than_the_post_is_no_body() -> None:
    comments = "".join(f"<h4># re: crane 2026-03-1{n}</h4><p>{text}</p>" for n, text in enumerate(PARAGRAPHS[2:]))

    assert texts(f"<div class='post'>{paragraphs(0, 2)}</div><div id='comments'>{comments}</div>") == PARAGRAPHS[:2]


def test_a_chinese_body_is_found() -> None:
    body = "".join(f"<p>{HAN}{n}</p>" for n in "一二三四")

    assert texts(f"<div>{body}</div>") == [f"{HAN}{n}" for n in "一二三四"]


def test_a_programs_word_that_the_text_is_old_is_no_body() -> None:
    notice = "本文最后更新于 211 天前，其中的信息可能已经有所发展或是发生改变。"
    told = HAN.replace("周一", "3 年前")

    assert texts(f"<article><div>{notice}</div><p>{told}</p><p>{HAN}</p></article>") == [told, HAN]


@pytest.mark.parametrize(
    "line", ["原标题：港口首日清点四百个包裹", "（原标题:港口首日清点四百个包裹）", "本文原標題：港口"]
)
def test_the_headline_that_a_reprint_had_elsewhere_is_no_body(line: str) -> None:
    assert texts(f"<article><p>{line}</p><p>{HAN}一</p><p>{HAN}二</p></article>") == [f"{HAN}一", f"{HAN}二"]


def test_a_text_that_speaks_of_an_original_title_is_body() -> None:
    told = f"原标题：{HAN}" * 3

    assert told in texts(f"<article><p>{told}</p><p>{HAN}</p></article>")


WIDGET = (
    '<blockquote class="{}"><p>{}</p>Harbour (@harbour) <a href="https://social.example/1">July 18</a></blockquote>'
)


@pytest.mark.parametrize("name", ["twitter-tweet", "instagram-media", "twitter-tweet tw-align-center", "fb-post"])
def test_posts_of_networks_in_a_text_are_no_body(name: str) -> None:
    post = WIDGET.format(name, "We say it ourselves: the first crane works again since this morning, at last.")

    assert texts(f"<article>{paragraphs(0, 3)}{post}{paragraphs(3)}</article>") == PARAGRAPHS


def test_a_text_made_of_posts_keeps_them() -> None:
    posts = "".join(WIDGET.format("twitter-tweet", text) for text in PARAGRAPHS)

    assert set(PARAGRAPHS) <= set(texts(f"<article><p>What they said.</p>{posts}</article>"))


FACTS = "The crane lifts forty tonnes, stands on rails of its own, and is twice as strong as the one before it."


@pytest.mark.parametrize(
    "name",
    [
        "factbox",
        "c-infobox",
        "story-fact-box story-fact-box--wide",
        "Faktaboks",
        "disclaimer",
        "saboxplugin-desc",
        "newsletter",
    ],
)
def test_boxes_named_as_beside_the_text_are_no_body(name: str) -> None:
    box = f'<div class="{name}"><h3>The crane</h3><p>{FACTS}</p></div>'

    assert texts(f"<article>{paragraphs(0, 3)}{box}{paragraphs(3)}</article>") == PARAGRAPHS


@pytest.mark.parametrize(
    "markup",
    [
        pytest.param('<article class="post tag-disclaimer">{}</article>', id="name-of-a-post"),
        pytest.param('<div class="infobox">{}</div>', id="all-the-text"),
        pytest.param('<main class="with-infobox">{}</main>', id="the-page"),
    ],
)
def test_such_a_name_of_more_than_a_box_says_nothing(markup: str) -> None:
    assert texts(markup.format(paragraphs())) == PARAGRAPHS


def test_text_that_came_as_a_newsletter_is_body() -> None:
    places = ("Oslo", "Lima", "Riga", "Cork")
    told = [TEXT.format(f"{name} of {place}") for name in ("Lee", "Kim", "Sato", "Silva") for place in places]
    first, second = ("".join(f"<p>{text}</p>" for text in part) for part in (told[:6], told[6:]))

    assert texts(f'<article><div class="newsletter">{first}</div>{second}</article>') == told


def test_facts_in_brief_longer_than_the_text_are_no_body_where_that_is_one() -> None:
    told = [TEXT.format(f"{name} of {place}") for name in ("Lee", "Kim", "Sato", "Silva") for place in ("Oslo", "Lima")]
    facts = "".join(f"<p>{FACTS.replace('forty', str(tonnes))}</p>" for tonnes in range(20, 40))

    assert texts(f'<article><p>{"</p><p>".join(told)}</p><div class="factbox">{facts}</div></article>') == told


def test_sub_headings_between_paragraphs_are_body() -> None:
    assert "More lift" in texts(f"<article>{paragraphs(0, 3)}<h2>More lift</h2>{paragraphs(3, 6)}</article>")


def test_claimed_blocks_are_no_body() -> None:
    outline = outline_of(Document.parse(f"<article>{paragraphs()}</article>"))
    finder = BodyFinder(outline)

    body = finder.find(claimed=frozenset({1, 3}))

    assert body.numbers == finder.find().numbers - {1, 3}


def test_paragraphs_are_surely_text_and_what_is_short_linked_or_no_text_is_not() -> None:
    linked = f"<p><a href='/2026/03/cranes'>{PARAGRAPHS[0]}</a></p>"
    outline = outline_of(Document.parse(f"<body>{MENU}<article>{paragraphs()}<p>Pros</p>{linked}</article>{FOOTER}"))

    sure = BodyFinder(outline).sure(frozenset(range(len(outline.blocks))))

    assert [outline.blocks[number].text for number in sorted(sure)] == PARAGRAPHS


def test_lines_that_a_heading_announces_are_text_amid_the_text_alone() -> None:
    lines = [*PARAGRAPHS[:3], "The port is glad of the crane, and so are all its ships.", *PARAGRAPHS[3:]]
    outline = outline_of(Document.parse(f"<html><body>{MENU}<article><p>{'</p><p>'.join(lines)}</p></article></body>"))
    first, last = outline.texts.index(lines[0]), outline.texts.index(lines[-1])
    finder = BodyFinder(outline)
    scores = finder.find().scores

    amid, around = finder.sure(set(), announced={first + 3}), finder.sure(set(), announced={first, last})

    assert scores[[first, first + 3, last]].min() >= 0.9
    assert amid == {first + 3}
    assert around == set()


def test_scores_are_shares_and_say_what_is_body() -> None:
    outline, body = found(f"<article>{paragraphs()}</article>")

    assert body.scores.shape == (len(outline.blocks),)
    assert ((body.scores >= 0) & (body.scores <= 1)).all()
    assert body.numbers == frozenset(np.flatnonzero(body.scores >= 0.5).tolist())


def test_more_text_makes_surer() -> None:
    _, short = found(f"<article>{paragraphs(0, 1)}</article>")
    _, long = found(f"<article>{paragraphs()}</article>")

    assert 0 < short.confidence < long.confidence <= 1


@pytest.mark.parametrize("markup", ["", "<img src='x'>", "<script>x</script>"])
def test_a_page_without_text_has_no_body(markup: str) -> None:
    body = BodyFinder(outline_of(Document.parse(f"<html><body>{markup}</body></html>"))).find()

    assert body.numbers == frozenset()
    assert body.container is None
    assert body.confidence == 0
