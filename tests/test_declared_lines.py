"""Which blocks stand in a body that the page declares."""

import json
from html import escape

from hypothesis import given
from hypothesis import strategies as st

from crawler.document import Document
from crawler.extractors.body.declared_lines import declared_rows
from crawler.extractors.tree.outline import outline_of

SENTENCES = [f"The harbour office counted {number} parcels on that long day of rain." for number in range(12)]
LINES = st.lists(st.sampled_from([*SENTENCES, "Short", "Menu of the day and more", "A\u3000wide  line\tof 12 words"]))


@given(inside=st.permutations(SENTENCES), shown=LINES, tag=st.sampled_from(["p", "pre"]))
def test_a_line_stands_in_the_declared_body_whatever_white_space_parts_its_words(
    inside: list[str], shown: list[str], tag: str
) -> None:
    declared = json.dumps({"@type": "NewsArticle", "articleBody": "\n\u00a0 ".join(inside).replace(" ", "  ")})
    blocks = "".join(f"<{tag}>{escape(line)}</{tag}>" for line in [*shown, "The end of the page"])
    page = f'<head><script type="application/ld+json">{declared}</script></head><body>{blocks}</body>'

    has_body, found, *_ = declared_rows(outline_of(Document.parse(page)))

    assert has_body.all()
    assert found.tolist() == [float(line in SENTENCES) for line in [*shown, "The end of the page"]]
