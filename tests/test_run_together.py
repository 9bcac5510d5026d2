"""Bodies with several articles taken apart, and ordinary ones left alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.extractors.dump.promotions import cut_broken_url, find_urls, is_invitation, read_labelled_links
from crawler.extractors.dump.run_together import BodyLine, LabelledLink, Split, split_body
from crawler.samplesite.texts import Story, read_editions, read_promotions, read_stories
from models.items import BlockType

STORIES = {edition.name: read_stories(edition) for edition in read_editions()}
CHINESE = [story for name in ("modern-zh", "portal-zh", "plain-zh") for story in STORIES[name]]
ENGLISH = [story for name in ("modern-en", "plain-en") for story in STORIES[name]]

INVITATION = read_promotions().paragraph
PROMOTION = [INVITATION, "怎样挑打印机——http://a.example/1.shtml", "新规一览http://a.example/2.shtml"]
ENGLISH_PROMOTION = [
    "Follow us for more, or scan the QR code below.",
    "How to pick a printer: http://a.example/1",
    "All the new rules - http://a.example/2",
]


@pytest.mark.parametrize(
    "text",
    (
        "关注我们的微信|搜索公众号|下载我们的APP|微信号：abc|公众号：港口|扫码|请扫描|二维码|回复“1”即可|点击这里查看|联系编辑：|合作电话:|"
        "投稿 请寄：|Follow us|LIKE US|Join us|find us|Subscribe now|sign up for it|Scan the QR code|Join our list|"
        "Our newsletter"
    ).split("|"),
)
def test_an_invitation_is_known(text: str) -> None:
    assert is_invitation(text)


@pytest.mark.parametrize("text", ["The harbour office follows usage", "Our news letters", "港口今天开放", ""])
def test_other_lines_invite_to_nothing(text: str) -> None:
    assert not is_invitation(text)


def lines(*texts: str) -> list[BodyLine]:
    return [BodyLine(text) for text in texts]


def body_of(story: Story) -> list[str]:
    return [block.text for block in story.blocks if block.type is not BlockType.IMAGE]


def shown(split: Split, given_lines: list[BodyLine]) -> list[list[str]]:
    return [[split.texts.get(index, given_lines[index].text) for index in part.lines] for part in split.parts]


@pytest.mark.parametrize("story", [*CHINESE, *ENGLISH], ids=lambda story: story.slug)
def test_an_ordinary_article_is_one_part_and_keeps_every_line(story: Story) -> None:
    body = lines(*body_of(story))

    split = split_body(body)

    assert [part.lines for part in split.parts] == [tuple(range(len(body)))]
    assert split.parts[0].headline is None
    assert (split.texts, split.promotion_lines, split.broken_urls) == ({}, (), ())


@pytest.mark.parametrize(
    "byline",
    [
        pytest.param("(文/林晓雨周明哲 来源:海途商评)", id="glued-names"),
        pytest.param("（文／林晓雨 来源：海途商评）", id="full-width"),
        pytest.param("(来源:海途商评 作者:林晓雨)", id="source-first"),
        pytest.param("（记者 林晓雨）", id="reporter"),
        pytest.param("[文|林晓雨 编辑|周明哲]", id="square-brackets"),
        pytest.param("（文/林晓雨 来源：海途商评）。", id="full-stop-after"),
    ],
)
@pytest.mark.parametrize("is_alone", [False, True], ids=["glued", "own-line"])
def test_a_byline_and_promotion_part_two_articles(byline: str, is_alone: bool) -> None:
    first, second = body_of(CHINESE[0]), body_of(CHINESE[1])
    ended = [*first, byline] if is_alone else [*first[:-1], first[-1] + byline]
    body = lines(*ended, *PROMOTION, CHINESE[1].headline, *second)

    split = split_body(body)

    assert shown(split, body) == [first, second]
    assert [part.headline for part in split.parts] == [None, CHINESE[1].headline]
    assert split.parts[0].byline == byline
    assert [body[index].text for index in split.promotion_lines] == PROMOTION
    assert split.promotion_links == (
        LabelledLink("怎样挑打印机", "http://a.example/1.shtml"),
        LabelledLink("新规一览", "http://a.example/2.shtml"),
    )


def test_an_english_byline_and_promotion_part_two_articles() -> None:
    first, second = body_of(ENGLISH[0]), body_of(ENGLISH[1])
    body = lines(
        *first[:-1],
        first[-1] + " (By Jane Roe. Source: Quayside Quarterly)",
        *ENGLISH_PROMOTION,
        ENGLISH[1].headline,
        *second,
    )

    split = split_body(body)

    assert shown(split, body) == [first, second]
    assert [link.label for link in split.promotion_links] == ["How to pick a printer", "All the new rules"]


def test_three_articles_come_apart_in_order() -> None:
    stories = CHINESE[:3]
    texts = [
        text
        for story in stories
        for text in (story.headline, *body_of(story), f"(文/林晓雨 来源:{story.slug}报)", *PROMOTION)
    ]
    body = lines(*texts[1:])

    split = split_body(body)

    assert shown(split, body) == [body_of(story) for story in stories]
    assert [part.headline for part in split.parts[1:]] == [story.headline for story in stories[1:]]


def test_promotion_alone_parts_two_articles_if_the_second_takes_up_its_headline() -> None:
    first, second = body_of(CHINESE[0]), ["退货的账本里有几行看不懂的小字。", *body_of(CHINESE[1])]
    body = lines(*first, *PROMOTION, "退货的账本该怎么读", *second)

    split = split_body(body)

    assert shown(split, body) == [first, second]


@pytest.mark.parametrize(
    "ending",
    [
        pytest.param(["见仓库公告"], id="nothing"),
        pytest.param(["Source: Harbour Statistics Office"], id="source-of-a-table"),
        pytest.param(["来源:港口统计"], id="chinese-source-of-a-table"),
        pytest.param(["参考资料", "统计表http://a.example/1", "公告http://a.example/2"], id="references"),
        pytest.param(["扫描二维码关注我们", "往期http://a.example/1", "投稿http://a.example/2"], id="no-byline"),
    ],
)
def test_a_sub_heading_after_a_weak_ending_is_no_new_article(ending: list[str]) -> None:
    body = lines(*body_of(CHINESE[0]), *ending, CHINESE[1].headline, *body_of(CHINESE[1]))

    split = split_body(body)

    assert [part.lines for part in split.parts] == [tuple(range(len(body)))]


def test_promotion_at_the_end_of_a_single_article_is_no_body() -> None:
    story = body_of(CHINESE[2])
    body = lines(*story[:-1], story[-1] + "(文/林晓雨 来源:海途商评)", *PROMOTION)

    split = split_body(body)

    assert shown(split, body) == [story]
    assert len(split.promotion_links) == 2


def test_anchors_count_as_labelled_links_where_no_url_is_written() -> None:
    anchors = [
        BodyLine("怎样挑打印机", links=(LabelledLink("怎样挑打印机", "/1.shtml"),)),
        BodyLine("新规一览", links=(LabelledLink("新规一览", "/2.shtml"),)),
    ]
    first = body_of(CHINESE[0])
    body = [
        *lines(*first[:-1], first[-1] + "(文/林晓雨 来源:海途商评)", INVITATION),
        *anchors,
        *lines(CHINESE[1].headline, *body_of(CHINESE[1])),
    ]

    split = split_body(body)

    assert split.promotion_links == (LabelledLink("怎样挑打印机", "/1.shtml"), LabelledLink("新规一览", "/2.shtml"))
    assert len(split.parts) == 2


def test_code_is_never_cut() -> None:
    code = BodyLine("curl http:///broken", is_code=True)

    split = split_body([*lines(*body_of(ENGLISH[0])), code])

    assert split.texts == {}
    assert split.broken_urls == ()


@pytest.mark.parametrize(
    ("text", "links"),
    [
        pytest.param("找客服,看这里——http://a.example/7", (("找客服,看这里", "http://a.example/7"),), id="dash"),
        pytest.param("费率0.6%http://a.example/x.shtml", (("费率0.6%", "http://a.example/x.shtml"),), id="glued"),
        pytest.param(
            "找ERP\\CRM——http://a.example/1http://a.example/2",
            (("找ERP\\CRM", "http://a.example/1"), ("找ERP\\CRM", "http://a.example/2")),
            id="two-urls-glued",
        ),
        pytest.param(
            "甲:http://a.example/1 乙:http://a.example/2",
            (("甲", "http://a.example/1"), ("乙", "http://a.example/2")),
            id="two-pairs",
        ),
        pytest.param("http://a.example/1", ((None, "http://a.example/1"),), id="bare"),
        pytest.param("Full rules: https://a.example/r.", (("Full rules", "https://a.example/r"),), id="sentence-stop"),
        pytest.param("详情请看http://a.example/1这一页上的说明。", (), id="words-after"),
        pytest.param("第一句。第二句在http://a.example/1", (), id="sentences-before"),
        pytest.param("没有链接", (), id="none"),
    ],
)
def test_a_line_of_labels_and_urls_gives_its_links(text: str, links: tuple[tuple[str | None, str], ...]) -> None:
    assert tuple(map(tuple, read_labelled_links(BodyLine(text)))) == links


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        pytest.param("反复叠营销http:///a/b/", ("反复叠营销", "http:///a/b/"), id="no-host"),
        pytest.param("见http://a.example/b", ("见http://a.example/b", None), id="whole"),
        pytest.param("http:///a 之后还有字", ("http:///a 之后还有字", None), id="not-at-the-end"),
        pytest.param("没有", ("没有", None), id="none"),
    ],
)
def test_a_broken_url_at_the_end_is_cut(text: str, cut: tuple[str, str | None]) -> None:
    assert cut_broken_url(text) == cut


def test_urls_in_prose_lose_the_punctuation_around_them() -> None:
    assert find_urls("See (https://a.example/x), then https://b.example.") == (
        "https://a.example/x",
        "https://b.example",
    )


@given(st.lists(st.text(max_size=60), max_size=12))
def test_any_lines_give_parts_that_never_overlap(texts: list[str]) -> None:
    body = lines(*texts)

    split = split_body(body)

    placed = [index for part in split.parts for index in part.lines]
    assert len(set(placed)) == len(placed)
    assert not set(placed) & set(split.promotion_lines)
    assert placed == sorted(placed)
    assert all(body[index].text.startswith(text) or text in body[index].text for index, text in split.texts.items())


@given(
    first=st.sampled_from(CHINESE),
    second=st.sampled_from(CHINESE),
    promotion=st.permutations(PROMOTION[1:]),
)
def test_any_two_stories_come_apart_whatever_the_promotion_between(
    first: Story, second: Story, promotion: list[str]
) -> None:
    body = lines(*body_of(first), "文/何若琳 来源:贸易前线", INVITATION, *promotion, second.headline, *body_of(second))

    split = split_body(body)

    assert shown(split, body) == [body_of(first), body_of(second)]
