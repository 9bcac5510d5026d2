"""What kind of page this is: an article, a listing of articles, or something else; with the reason in words.

Rules weigh what tells pages apart anywhere (`evidence`); a learned model adds to their sum what labelled pages taught
beyond them (`measurements`, `kind_model`). So a page unlike all labelled ones is judged by the rules.
"""

from crawler.extractors.kinds.judgement import Judgement, judge_kind

__all__ = ["Judgement", "judge_kind"]
