"""Names: who wrote a text and where it is from, read from declared values and from visible lines."""

from crawler.markup.names.bylines import Byline, parse_byline
from crawler.markup.names.chinese import is_chinese_name, is_common_name, is_organisation, split_glued
from crawler.markup.names.people import has_given_name, is_name, looks_like_person, names_role, names_team, split_people

__all__ = [
    "Byline",
    "has_given_name",
    "is_chinese_name",
    "is_common_name",
    "is_name",
    "is_organisation",
    "looks_like_person",
    "names_role",
    "names_team",
    "parse_byline",
    "split_glued",
    "split_people",
]
