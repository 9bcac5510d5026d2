import pytest

from crawler.markup.text import collapse, count_words, fold, is_cjk, letter_table


def test_a_table_of_letters_leaves_all_others() -> None:
    assert "a-b_c 仓 é-1~".translate(letter_table("-_", " ")) == "a b c 仓 é 1~"


def test_collapse_takes_the_ideographic_space_too() -> None:
    assert collapse("  第一\u3000\u3000段\n文字 ") == "第一 段 文字"


@pytest.mark.parametrize(("text", "words"), [("three plain words", 3), ("跨境电商", 4), ("618大促 begins", 4), ("", 0)])
def test_a_letter_of_chinese_counts_as_a_word(text: str, words: int) -> None:
    assert count_words(text) == words


def test_fold_makes_invisible_and_full_width_variants_one_name() -> None:
    assert fold("ＫＯＣ\u200b 营销") == fold("koc 营销")


def test_is_cjk_needs_more_than_a_loan_word() -> None:
    assert is_cjk("支付宝 KOC")
    assert not is_cjk("The word 支付宝 in an English sentence of some length")
