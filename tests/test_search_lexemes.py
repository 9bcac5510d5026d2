"""The index of PostgreSQL never misses: a text that has the words has all lexemes that it is asked for."""

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, text

from models.engine import reading
from pipelines.search.lexemes import Lexeme, lexemes_of
from pipelines.search.words import has_all, parse_words

ON_POSTGRESQL = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
CHARACTERS = "港口自动化物流。,、“”《 abAB019-_%'\"\\:&|!^#*éßю한가ーＡ１🏬𠮷\n\t"


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        pytest.param("物流", [Lexeme("物流")], id="pair"),
        pytest.param("港口自动", [Lexeme("港口"), Lexeme("口自"), Lexeme("自动")], id="pairs"),
        pytest.param("口", [Lexeme("口", is_beginning=True)], id="one-character-begins-pairs"),
        pytest.param("口 物流", [Lexeme("物流")], id="beside-a-pair-one-character-says-little"),
        pytest.param("AI", [Lexeme("ai")], id="three-letters-are-a-whole-word"),
        pytest.param("Ships", [Lexeme("ships", is_beginning=True)], id="more-begin-one"),
        pytest.param('"supply chain"', [Lexeme("supply"), Lexeme("chain", is_beginning=True)], id="phrase"),
        pytest.param("5G网络", [Lexeme("5g"), Lexeme("网络")], id="mixed"),
        pytest.param("港口:物流", [Lexeme("港口"), Lexeme("物流")], id="no-pair-over-punctuation"),
        pytest.param("x" * 45, [Lexeme("x" * 40), Lexeme("x" * 5, is_beginning=True)], id="long-words-are-cut"),
    ],
)
def test_words_are_asked_for_as_the_index_has_them(asked: str, expected: list[Lexeme]) -> None:
    found = lexemes_of(parse_words(asked))

    assert found is not None
    assert list(found.each) == expected


@pytest.mark.parametrize("asked", ["%", "。", '"… !"', "--"])
def test_index_knows_nothing_of_punctuation(asked: str) -> None:
    assert lexemes_of(parse_words(asked)) is None


@ON_POSTGRESQL
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150, deadline=None)
@given(
    st.text(CHARACTERS, max_size=12),
    st.text(CHARACTERS, max_size=50),
    st.lists(st.tuples(st.integers(0, 60), st.integers(1, 9)), min_size=1, max_size=3),
)
@example("Ｘ", "流" * 130_000 + "口岸", [(130_002, 2)])
@example("港" * 1_200 + "口", "x", [(1_199, 2)])
@example(None, "a" * 3_000 + " b", [(5, 2_900)])
def test_no_text_with_the_words_is_without_their_lexemes(
    engine: Engine, headline: str | None, body: str, parts: list[tuple[int, int]]
) -> None:
    whole = f"{headline or ''}\n{body}"
    words = parse_words(" ".join(whole[start:][:length] for start, length in parts))
    lexemes = lexemes_of(words)
    if lexemes is None or not has_all(words, headline or "", body):
        return
    asked = "SELECT article_search_words(7, :headline, :body) @@ CAST(:query AS tsquery)"

    def is_found(query: str) -> bool:
        with reading(engine) as connection:
            given = {"headline": headline, "body": body, "query": query}
            return bool(connection.execute(text(asked), given).scalar_one())

    assert is_found(lexemes.query())
    if has_all(words, headline or "", ""):
        assert is_found(lexemes.query(in_headline=True))
