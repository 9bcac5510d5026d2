"""Full-text search over what articles say now."""

from pipelines.search.find import Hit, find_articles, rebuild_index
from pipelines.search.question import Question
from pipelines.search.words import Word, excerpt, parse_words

__all__ = ["Hit", "Question", "Word", "excerpt", "find_articles", "parse_words", "rebuild_index"]
