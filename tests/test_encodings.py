import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.markup.encodings import decode, undoubled

SIMPLIFIED = "今天的天气很好，我们一起去看电影。他们说这是一部非常有意思的片子，大家都喜欢。"
TRADITIONAL = "今天的天氣很好，我們一起去看電影。他們說這是一部非常有意思的片子，大家都喜歡。"
JAPANESE = "今日はとても天気がいいので、友達と一緒に映画を見に行きました。"
KOREAN = "오늘은 날씨가 아주 좋아서 친구와 함께 영화를 보러 갔습니다."
RUSSIAN = "Сегодня очень хорошая погода, и мы вместе пошли смотреть фильм."
FRENCH = "Le café est déjà prêt à être servi où vous êtes, à côté de l’église."


@pytest.mark.parametrize(
    ("text", "codec", "used"),
    [
        pytest.param(SIMPLIFIED, "utf-8", "utf-8", id="utf-8"),
        pytest.param(SIMPLIFIED, "gbk", "gb18030", id="gbk"),
        pytest.param(TRADITIONAL, "big5", "big5hkscs", id="big5"),
        pytest.param(JAPANESE, "shift_jis", "cp932", id="shift-jis"),
        pytest.param(JAPANESE, "euc_jp", "euc_jp", id="euc-jp"),
        pytest.param(KOREAN, "euc_kr", "cp949", id="euc-kr"),
        pytest.param(RUSSIAN, "cp1251", "cp1251", id="cyrillic"),
        pytest.param(RUSSIAN, "koi8-r", "koi8-r", id="koi8"),
        pytest.param(FRENCH, "cp1252", "cp1252", id="latin"),
    ],
)
def test_an_undeclared_encoding_is_guessed(text: str, codec: str, used: str) -> None:
    body = f"<html><body><p>{text}</p></body></html>".encode(codec)

    decoded, encoding = decode(body, content_type=None)

    assert text in decoded
    assert encoding == used


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        pytest.param(SIMPLIFIED.encode("gbk"), "text/html; charset=utf-8", id="header-utf-8-bytes-gbk"),
        pytest.param(SIMPLIFIED.encode(), "text/html; charset=gbk", id="header-gbk-bytes-utf-8"),
        pytest.param(SIMPLIFIED.encode("gbk"), "text/html; charset=ISO-8859-1", id="server-default-latin"),
        pytest.param(SIMPLIFIED.encode("gbk"), "text/html; charset=unicode_escape", id="header-names-no-charset"),
        pytest.param(SIMPLIFIED.encode("gbk"), "text/html; charset=", id="header-empty"),
        pytest.param(SIMPLIFIED.encode("utf-16"), None, id="utf-16-with-mark"),
        pytest.param(b"\xef\xbb\xbf" + SIMPLIFIED.encode(), "text/html; charset=gbk", id="mark-beats-header"),
    ],
)
def test_a_declaration_that_the_bytes_contradict_is_passed_over(body: bytes, content_type: str | None) -> None:
    text, _ = decode(body, content_type=content_type)

    assert text == SIMPLIFIED


@pytest.mark.parametrize(
    "meta",
    [
        pytest.param('<meta charset="gb2312">', id="short"),
        pytest.param('<meta http-equiv=Content-Type content="text/html; charset=gb2312">', id="long"),
        pytest.param('<meta charset="gb2312>', id="quote-not-closed"),
        pytest.param("<meta charset = gbk/>", id="spaces"),
        pytest.param('<?xml version="1.0" encoding="gb2312"?>', id="xml-declaration"),
        pytest.param("<script>" + "x" * 20_000 + '</script><meta charset="gbk">', id="late"),
    ],
)
def test_gb2312_is_read_as_its_superset(meta: str) -> None:
    # The second character stands in GBK and not in GB2312.
    text, encoding = decode(f"{meta}<p>朱镕基</p>".encode("gbk"), content_type=None)

    assert "朱镕基" in text
    assert encoding == "gb18030"


def test_the_header_stands_before_the_meta_element() -> None:
    body = f'<meta charset="big5"><p>{SIMPLIFIED}'.encode("gbk")

    assert SIMPLIFIED in decode(body, content_type="text/html; charset=GBK")[0]


def test_an_override_stands_before_all() -> None:
    body = b'<meta charset="utf-8"><p>\xe9'

    assert decode(body, content_type="text/html; charset=gbk", override="windows-1252") == (
        '<meta charset="utf-8"><p>é',
        "cp1252",
    )


def test_nul_inside_a_word_is_dropped() -> None:
    body = "<p>跨\0境电商</p>".encode()

    assert decode(body, content_type=None)[0] == "<p>跨境电商</p>"


def test_utf_8_cut_in_mid_letter_stays_utf_8() -> None:
    text, encoding = decode(SIMPLIFIED.encode()[:-1], content_type=None)

    assert encoding == "utf-8"
    assert text[:-1] == SIMPLIFIED[:-1]


@given(st.binary(max_size=200), st.one_of(st.none(), st.text(max_size=30)), st.one_of(st.none(), st.text(max_size=9)))
def test_any_bytes_give_text_without_nul(body: bytes, content_type: str | None, override: str | None) -> None:
    text, _ = decode(body, content_type=content_type, override=override)

    assert "\0" not in text


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\0\ufeff")))
def test_valid_utf_8_is_never_read_as_something_else(text: str) -> None:
    assert decode(text.encode(), content_type="text/html; charset=gbk") == (text, "utf-8")


@pytest.mark.parametrize("meta", ['<meta charset="GB18030">', ""], ids=["declared", "undeclared"])
def test_letters_of_four_bytes_do_not_make_gb18030_look_broken(meta: str) -> None:
    # Tag pages of a Chinese site in GB18030 name Korean and Thai tags, whose letters GBK lacks.
    text = f"<html>{meta}<h1>한국 시장의 물류</h1><p>平台规则与供应链：물류 창고를 옮긴 다음 날입니다。</p></html>"

    assert decode(text.encode("gb18030"), content_type="text/html") == (text, "gb18030")


def test_a_paragraph_of_another_encoding_does_not_take_the_page_with_it() -> None:
    body = f"<h1>{SIMPLIFIED}</h1><p>{SIMPLIFIED}</p>".encode() + SIMPLIFIED.encode("gbk")

    text, encoding = decode(body, content_type="text/html; charset=utf-8")

    assert encoding == "utf-8"
    assert text.count(SIMPLIFIED) == 2


@pytest.mark.parametrize("encoding", ["gb18030", "big5hkscs", "cp932", "euc_jp", "cp949"])
def test_text_of_another_encoding_is_no_damaged_utf_8(encoding: str) -> None:
    letters = SIMPLIFIED if encoding == "gb18030" else {"cp949": "서울 도서관 개관"}.get(encoding, "東京的新書")

    text, _ = decode(f"<p>{letters * 9}</p>".encode(encoding), content_type=f"text/html; charset={encoding}")

    assert text == f"<p>{letters * 9}</p>"


@pytest.mark.parametrize("text", [FRENCH, SIMPLIFIED, RUSSIAN, "“It’s open” – since May\u00a02, for 3 €."])
def test_a_page_encoded_twice_is_as_it_was_before(text: str) -> None:
    once = f"<html><body><p>{text}</p></body></html>".encode()

    assert undoubled(once.decode("latin-1").encode()) == once


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Le café est déjà prêt, où vous êtes.", id="accents"),
        pytest.param("The harbour is open.", id="ascii"),
        pytest.param(f"{SIMPLIFIED} It â\x80\x99s.", id="encoded-twice-in-part"),
        pytest.param("Ã la carte, Â £3", id="letters-that-begin-such-bytes"),
    ],
)
@pytest.mark.parametrize("codec", ["utf-8", "cp1252", "utf-16"])
def test_other_pages_are_not_touched(text: str, codec: str) -> None:
    body = text.encode(codec, "ignore")

    assert undoubled(body) is body


@given(st.text(alphabet=st.characters(codec="utf-8", min_codepoint=0x100), min_size=1))
def test_letters_beyond_latin_1_are_never_taken_for_bytes(text: str) -> None:
    assert undoubled(f"é{text}".encode()) == f"é{text}".encode()
