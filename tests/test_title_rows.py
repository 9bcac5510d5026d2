"""Rows of titles in a dump, taken apart at the right space."""

import pytest

from crawler.extractors.dump.title_rows import split_names, split_titles


@pytest.mark.parametrize(
    ("row", "titles"),
    [
        pytest.param("港口的秘密: 一场等待 乙的故事在这里", ("港口的秘密: 一场等待", "乙的故事在这里"), id="colon"),
        pytest.param("怎样卖出 (上) 乙的故事在这里", ("怎样卖出 (上)", "乙的故事在这里"), id="aside"),
        pytest.param("“甲 的” 故事 乙的故事在这里", ("“甲 的” 故事", "乙的故事在这里"), id="quotes"),
        pytest.param("《甲 乙》的书评 丙的故事", ("《甲 乙》的书评", "丙的故事"), id="book"),
        pytest.param("如何日销上万UV To B产品的三个选择", ("如何日销上万UV", "To B产品的三个选择"), id="latin"),
        pytest.param("为什么没人买单? 2026 年的三个答案", ("为什么没人买单?", "2026 年的三个答案"), id="question"),
        pytest.param(
            "用 Excel 管住七种货币 乙的故事在这里", ("用 Excel 管住七种货币", "乙的故事在这里"), id="inner-latin"
        ),
        pytest.param("甲的故事", ("甲的故事",), id="one"),
    ],
)
def test_a_row_of_two_titles_comes_apart_at_the_right_space(row: str, titles: tuple[str, ...]) -> None:
    rows = ["甲的故事 乙的故事", row, "丙的故事 丁的故事"]

    assert split_titles(rows)[1] == titles


def test_a_row_has_as_many_titles_as_its_neighbours() -> None:
    rows = ["甲的事 乙的事 丙的事", "丁的事 戊的事 己: 一件小事", "supply chain management"]

    assert split_titles(rows) == (
        ("甲的事", "乙的事", "丙的事"),
        ("丁的事", "戊的事", "己: 一件小事"),
        ("supply chain management",),
    )


@pytest.mark.parametrize(
    ("row", "names"),
    [
        pytest.param("supply chain", None, id="latin-words-stay-together"),
        pytest.param("#ports #cranes", ("#ports", "#cranes"), id="hashes"),
        pytest.param("tea | coffee", ("tea", "coffee"), id="bars"),
        pytest.param("京东、拍拍约架淘宝 一个很长很长的标题写在这里", None, id="title-with-a-comma"),
    ],
)
def test_rows_of_short_tags_come_apart_at_their_marks(row: str, names: tuple[str, ...] | None) -> None:
    assert split_names(row) == names
