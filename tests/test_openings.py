import pytest

from crawler.extractors.lists.openings import Opening, openings


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        pytest.param("most read|popular", {"most", "popular"}, id="first-words"),
        pytest.param("(?:older|newer) posts", {"older", "newer"}, id="group"),
        pytest.param("l[oa]s? más", {"lo", "la", "los", "las"}, id="set-and-optional-letter"),
        pytest.param("(?:the )?latest", {"the", "latest"}, id="optional-word"),
        pytest.param("i? ?più letti", {"i", "più", "ipiù"}, id="space-before-the-word"),
        pytest.param("(?:(?:top|hot)-)?topics", {"top", "hot", "topics"}, id="group-in-a-group"),
    ],
)
def test_every_first_word_is_found(pattern: str, words: set[str]) -> None:
    assert openings(pattern) == {Opening(word, True) for word in words}


def test_before_a_wildcard_only_the_first_letters_are_known() -> None:
    assert openings(r"meistgelesen\w*") == {Opening("meistgelesen", True), Opening("meistgelesen", False)}


@pytest.mark.parametrize("pattern", [r"\w+ read", r"am\w*", " "])
def test_a_pattern_that_may_begin_with_anything_is_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match="before a wildcard"):
        openings(pattern)
