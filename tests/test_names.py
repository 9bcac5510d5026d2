"""Names: authors and sources from bylines and declared values, and no role, address or sentence."""

import json
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.markup.names import (
    Byline,
    has_given_name,
    is_chinese_name,
    is_organisation,
    looks_like_person,
    names_team,
    parse_byline,
    split_glued,
    split_people,
)

SEED = Path(__file__).parents[2] / "shared" / "seed" / "expected.json"


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("王小明陆嘉宁", ("王小明", "陆嘉宁")),
        ("王明陆嘉宁", ("王明", "陆嘉宁")),
        ("林晓雨周明哲", ("林晓雨", "周明哲")),
        ("欧阳雨晴王安", ("欧阳雨晴", "王安")),
        ("陈思远刘韬胡玉顺", ("陈思远", "刘韬", "胡玉顺")),
        ("某市晚报", ()),
        ("的了吗呢吧", ()),
        ("王小", ()),
        ("周子墨关注供应", ()),
    ],
)
def test_glued_names_are_parted_at_surnames(text: str, names: tuple[str, ...]) -> None:
    assert split_glued(text) == names


@pytest.mark.parametrize("name", ["王明", "王小明", "欧阳雨", "司马长风", "约翰·史密斯", "阿依古丽·买买提"])
def test_a_chinese_name_is_known_by_its_surname(name: str) -> None:
    assert is_chinese_name(name)


@pytest.mark.parametrize("text", ["", "王", "今天", "某某日报", "方正网", "明天的天气真好", "Jane"])
def test_other_words_are_no_chinese_name(text: str) -> None:
    assert not is_chinese_name(text)


@pytest.mark.parametrize("text", ["某市日报", "某某网", "省商务厅", "某某传媒集团"])
def test_an_organisation_is_known_by_its_end(text: str) -> None:
    assert is_organisation(text)


@pytest.mark.parametrize(
    ("value", "names"),
    [
        ("Jane Roe View In Digital Edition", ("Jane Roe",)),
        ("Jane Roe December", ("Jane Roe",)),
        ("Jane Roe USA TODAY", ("Jane Roe USA TODAY",)),
        ("José Peña Editor", ("José Peña",)),
        ("Anna B. Koch", ("Anna B. Koch",)),
        ("Jane Roe", ("Jane Roe",)),
        ("By Jane Roe", ("Jane Roe",)),
        ("Jane Roe 编辑", ("Jane Roe",)),
        ("Written by Jane Roe and John Doe", ("Jane Roe", "John Doe")),
        ("Jane Roe, John Doe &amp; Ann Lee", ("Jane Roe", "John Doe", "Ann Lee")),
        ("Jane Roe und Jörg Maß", ("Jane Roe", "Jörg Maß")),
        ("von Jane Roe", ("Jane Roe",)),
        ("Par Jane Roe et Léa Dupont", ("Jane Roe", "Léa Dupont")),
        ("Jane Roe, MD, PhD", ("Jane Roe",)),
        ("Jane Roe, Ph.D.", ("Jane Roe",)),
        ("John Doe, Jr.", ("John Doe Jr.",)),
        ("Jane Roe, Staff Writer", ("Jane Roe",)),
        ("Jane Roe, Sr. Director of Sales", ("Jane Roe",)),
        ("Jane Roe (Content Manager)", ("Jane Roe",)),
        ("Jane Roe - Example Editorial Team", ("Jane Roe",)),
        ("Jane Roe | Example", ("Jane Roe",)),
        ("jane@example.org (Jane Roe)", ("Jane Roe",)),
        ('"Jane Roe"', ("Jane Roe",)),
        ("Example Editorial Team", ("Example Editorial Team",)),
        ("Department of Trade and Industry", ("Department of Trade and Industry",)),
        ("J. R. Roe", ("J. R. Roe",)),
        ("张三 李四", ("张三", "李四")),
        ("记者 张三、李四 通讯员 王小明", ("张三", "李四", "王小明")),
        ("本报记者张三", ("张三",)),
        ("由张三", ("张三",)),
        ("由 Jane Roe", ("Jane Roe",)),
        ("作者： Jane Roe", ("Jane Roe",)),
        ("李 楠", ("李楠",)),
        ("文天祥", ("文天祥",)),
        ("作者：王小明陆嘉宁", ("王小明", "陆嘉宁")),
        ("By 김철수,이영희", ("김철수", "이영희")),
        ("김철수 기자", ("김철수",)),
        ("admin", ()),
        ("undefined", ()),
        ("https://example.org/jane", ()),
        ("/author/jane", ()),
        ("jane@example.org", ()),
        ("2024-03-13", ()),
        ("Jane Roe is the owner of a firm. She writes about trade.", ()),
        ("", ()),
    ],
)
def test_a_declared_value_gives_its_names(value: str, names: tuple[str, ...]) -> None:
    assert split_people(value) == names


@pytest.mark.parametrize(
    ("line", "byline"),
    [
        ("By Jane Roe", Byline(authors=("Jane Roe",))),
        ("BY JANE ROE", Byline(authors=("JANE ROE",))),
        ("By Jane Roe and John Doe | March 13, 2024", Byline(authors=("Jane Roe", "John Doe"))),
        ("Posted on March 13, 2024 by Jane Roe in Trade", Byline(authors=("Jane Roe",))),
        ("5 min read | By Jane Roe, Senior Editor", Byline(authors=("Jane Roe",))),
        ("Author: Jane Roe", Byline(authors=("Jane Roe",))),
        ("Von Jörg Maß", Byline(authors=("Jörg Maß",))),
        ("Autor: Jane Roe", Byline(authors=("Jane Roe",))),
        ("作者：张三", Byline(authors=("张三",))),
        ("文/张三", Byline(authors=("张三",))),
        ("文 | 张三 编辑 | 李四", Byline(authors=("张三",), editors=("李四",))),
        ("（文/王小明陆嘉宁来源:某商网）", Byline(authors=("王小明", "陆嘉宁"), source="某商网")),
        ("来源：某某网 作者：张三 责任编辑：李四", Byline(authors=("张三",), editors=("李四",), source="某某网")),
        ("2024-03-13 19:21 来源：某市晚报 浏览：12", Byline(source="某市晚报")),
        ("记者 张三 通讯员 李四", Byline(authors=("张三", "李四"))),
        ("某华社记者 张三", Byline(authors=("张三",), source="某华社")),
        ("责任编辑：李楠", Byline(editors=("李楠",))),
        ("作 者：张三", Byline(authors=("张三",))),
        ("来源：《某市日报》 记者 张三", Byline(authors=("张三",), source="某市日报")),
        ("发布者：李四 发布时间：2024-03-13", Byline(editors=("李四",))),
        ("本文由 李四 发表于 2024-03-13 19:21", Byline(editors=("李四",))),
        ("作者：张三，转载请注明出处", Byline(authors=("张三",))),
        ("来源：The Paper", Byline(source="The Paper")),
        ("来源：某某在线 作者：张三 【大 中 小】", Byline(authors=("张三",), source="某某在线")),
        ("作者：张三（某大学）", Byline(authors=("张三",))),
        ("文、图/张三", Byline(authors=("张三",))),
        ("文/张三 图/李四", Byline(authors=("张三",))),
        ("Interview: Jane Roe", Byline(authors=("Jane Roe",))),
        ("Text: Jane Roe, Fotos: John Doe", Byline(authors=("Jane Roe",))),
        ("Foto: John Doe, Text: Jane Roe", Byline(authors=("Jane Roe",))),
        ("Text und Fotos: Jane Roe", Byline(authors=("Jane Roe",))),
    ],
)
def test_a_byline_names_author_editor_and_source(line: str, byline: Byline) -> None:
    assert parse_byline(line) == byline


@pytest.mark.parametrize(
    "line",
    [
        "",
        "By clicking you agree to our terms",
        "By the end of the year prices had doubled",
        "By their own estimate, each extra point of the rate is worth four thousand…",
        "Reviewed by Jane Roe",
        "Fotos: Jane Roe",
        "图/张三",
        "Interview: How the mayor won",
        "Por fin llega la lluvia",
        "Von wegen billig",
        "记者从有关部门获悉",
        "本刊编辑部地址",
        "Stand by me",
        "2024-03-13",
    ],
)
def test_other_lines_are_no_byline(line: str) -> None:
    assert parse_byline(line) is None


def test_of_a_paragraph_only_its_brackets_are_read() -> None:
    paragraph = "某报快讯（记者 张三）今日，编辑：部门" + "有网友说。" * 80

    assert parse_byline(paragraph) == Byline(authors=("张三",))


def test_the_seeds_byline_is_split() -> None:
    if not SEED.exists():
        pytest.skip(f"{SEED.name} is not part of the repository")
    expected = json.loads(SEED.read_text(encoding="utf-8"))["articles"][0]["authors_and_source"]

    parsed = parse_byline(f"（文/{''.join(expected['authors'])}来源:{expected['source']}）")

    assert parsed == Byline(authors=tuple(expected["authors"]), source=expected["source"])


@pytest.mark.parametrize("name", ["Jane Roe", "Vincent van Gogh", "J. R. Roe", "王小明", "Léa O’Neil"])
def test_a_person_is_told_by_capitals(name: str) -> None:
    assert looks_like_person(name)


@pytest.mark.parametrize("name", ["Jane Roe", "Dr. Jörg Maß", "Anne-Marie Roe", "Léa O’Neil"])
def test_a_given_name_is_known(name: str) -> None:
    assert has_given_name(name)


@pytest.mark.parametrize("text", ["Home Loans", "Jane", "Harbour Street", "Jane Roe Senior Editor at Large Desk", ""])
def test_capitals_alone_are_no_given_name(text: str) -> None:
    assert not has_given_name(text)


@pytest.mark.parametrize(
    ("text", "is_team"), [("The Example Team", True), ("Meet the Team", False), ("Jane Roe", False)]
)
def test_a_team_is_told_from_an_invitation(text: str, is_team: bool) -> None:
    assert names_team(text) is is_team


@pytest.mark.parametrize("text", ["Read more about ports", "Jane", "Senior Editor", "World News 24", "the team"])
def test_other_words_are_no_person(text: str) -> None:
    assert not looks_like_person(text)


@given(st.text(max_size=300))
def test_any_text_gives_clean_names(text: str) -> None:
    byline = parse_byline(text)

    for name in split_people(text) + (byline.authors + byline.editors if byline else ()):
        assert name == name.strip()
        assert 2 <= len(name) <= 60


@pytest.mark.parametrize(
    "unit", ["By ", "记者", "（记者 ", "作者：", "a and ", "A, ", "记者记者 ", "| By ", "王", " ", "本报", "a@", "("]
)
def test_a_megabyte_of_almost_bylines_is_read_in_linear_time(unit: str) -> None:
    text = unit * (1_000_000 // len(unit))

    started = time.process_time()
    parse_byline(text)
    split_people(text)
    split_glued(text)

    assert time.process_time() - started < 3


@pytest.mark.parametrize(
    ("line", "byline"),
    [
        (
            "8 May 2026, 08:30 GMT | Source: Old Notes | Author: Jane Roe",
            Byline(authors=("Jane Roe",), source="Old Notes"),
        ),
        ("(By Jane Roe. Source: Old Notes)", Byline(authors=("Jane Roe",), source="Old Notes")),
        ("(By Jane Roe)", Byline(authors=("Jane Roe",))),
        ("Source: Bureau of Statistics", None),
    ],
)
def test_a_western_source_is_believed_beside_an_author(line: str, byline: Byline | None) -> None:
    assert parse_byline(line) == byline
