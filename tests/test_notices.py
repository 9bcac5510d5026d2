"""What programs write at the ends of a text, in its own box."""

import pytest

from crawler.document import Document
from crawler.extractors.body.finder import BodyFinder
from crawler.extractors.body.notices import without_notices
from crawler.extractors.tree.outline import outline_of

FIRST = "港务局周一启用了新的起重机，此前施工三年，并两次推迟交付，运营方表示它能吊起四十吨。"
TEXTS = [FIRST, *(f"第{n}台吊车由{n}家船厂合造，工人说，它比旧的快一倍，也省下不少柴油和人手。" for n in "二三四五")]


def kept(*texts: str) -> list[str]:
    return [texts[number] for number in without_notices(texts, list(range(len(texts))))]


@pytest.mark.parametrize(
    "notice",
    [
        pytest.param("请尊重我们的劳动，未经允许，请不要转载本站的文章！", id="not-without-leave"),
        pytest.param("转载请注明出处，并保留本文链接。", id="name-us"),
        pytest.param("以上内容属作者个人观点，不代表本站立场！", id="not-our-view"),
        pytest.param("本文版权归原作者所有。", id="whose-it-is"),
        pytest.param("如有侵权，请联系我们删除。", id="whom-to-write-to"),
        pytest.param("本文系作者授权本站发表，文章内容系作者个人观点。", id="whose-view-it-is"),
        pytest.param("特别声明：以上内容由用户上传并发布，本平台仅提供信息存储服务。", id="a-statement"),
    ],
)
def test_a_notice_of_rights_below_a_text_is_none_of_it(notice: str) -> None:
    assert kept(*TEXTS, notice) == TEXTS


@pytest.mark.parametrize(
    "told",
    [
        pytest.param("平台表示，发现侵权商品将立即删除，并告知卖家整改期限。", id="goods"),
        pytest.param("卖家收到侵权投诉后，可在七天内申请复核，或联系平台的客服。", id="complaints"),
        pytest.param("该发言人强调，上述言论不代表该国政府的立场。", id="a-view"),
        pytest.param("新规明确，卖家不得擅自转载他人的商品图片。", id="a-rule"),
        pytest.param("法院判决，涉案图片的著作权归原告所有。", id="a-judgement"),
        pytest.param("“如果我们发现侵权商品，会立即删除，并告知卖家。”他说。", id="a-speaker"),
        pytest.param("本报记者获悉，未经授权不得转载的规定将于下月生效。", id="a-reporter"),
        pytest.param("特别声明：该条款自下月起适用于全部卖家。", id="a-clause"),
    ],
)
def test_news_of_rights_ends_a_text_as_any_other(told: str) -> None:
    assert kept(*TEXTS, told) == [*TEXTS, told]


def test_a_sentence_on_copies_amid_a_text_stays() -> None:
    said = "船厂的图纸未经允许不得转载。"

    assert kept(said, *TEXTS) == [said, *TEXTS]


def test_a_text_that_is_a_notice_stays() -> None:
    assert kept("本文版权归原作者所有。") == ["本文版权归原作者所有。"]


@pytest.mark.parametrize(
    "summary",
    [
        pytest.param(f"{FIRST[:30]}...", id="dots"),
        pytest.param(f"摘要：{FIRST[:30]}…", id="labelled"),
        pytest.param(f"导读 {FIRST[:30]}", id="cut-off-without-a-sign"),
        pytest.param(f"{FIRST}{TEXTS[1][:10]}", id="over-two-paragraphs"),
    ],
)
def test_the_beginning_of_a_text_stands_in_it_once(summary: str) -> None:
    assert kept(summary, *TEXTS) == TEXTS


def test_a_paragraph_said_twice_is_no_summary() -> None:
    assert kept(FIRST, *TEXTS) == [FIRST, *TEXTS]


@pytest.mark.parametrize(
    "standfirst", ["港口有了新吊车，也省下了柴油，这是三年来的第一台。", "港务局周一启用了新的起重机"]
)
def test_a_standfirst_of_its_own_words_or_a_short_line_stays(standfirst: str) -> None:
    assert kept(standfirst, *TEXTS) == [standfirst, *TEXTS]


def test_lines_that_lead_on_to_the_next_end_no_text() -> None:
    lines = ["提高每台吊车的效率；", "控制每条线路的成本；", "每年留下一笔钱。"]
    html = f"<body><h1>港口</h1><div>{'<br><br>'.join([*TEXTS, *lines])}</div><p>来源：港口</p></body>"
    outline = outline_of(Document.parse(html))

    body = BodyFinder(outline).find().numbers

    assert [outline.texts[number] for number in sorted(body)][-3:] == lines


def test_a_short_line_before_the_sentence_that_ends_the_text_stays() -> None:
    lines = ["▲吊车的驾驶室", "夜里也开工。"]
    html = f"<body><h1>港口</h1><div>{''.join(f'<p>{text}</p>' for text in [*TEXTS, *lines])}</div></body>"
    outline = outline_of(Document.parse(html))

    body = BodyFinder(outline).find().numbers

    assert [outline.texts[number] for number in sorted(body)][-2:] == lines
