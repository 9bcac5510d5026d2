"""What the class names of the boxes around a link tell."""

from itertools import islice

from hypothesis import given
from hypothesis import strategies as st

from crawler.document import Document
from crawler.extractors.lists.boxes import Boxes
from crawler.extractors.lists.class_words import MARKS
from crawler.extractors.tree.outline import outline_of

_OPENINGS = st.sampled_from(['<div class="tags">', '<div class="next">', '<ul id="prev">', "<li>", "<p>text", "</div>"])


@given(st.lists(_OPENINGS, max_size=12), st.integers(1, 5))
def test_a_mark_is_near_where_it_is_on_one_of_so_many_nodes_upwards(openings: list[str], levels: int) -> None:
    outline = outline_of(Document.parse("<p>first" + "".join(openings)))
    boxes = Boxes(outline)

    for wanted in (MARKS["tags"], MARKS["direction"]):
        near = [boxes.is_near(node, wanted, levels=levels) for node in range(len(outline.tags))]

        marked = [
            any(boxes.marks[each] & wanted for each in islice(outline.ancestors(node), levels))
            for node in range(len(outline.tags))
        ]
        assert near == marked
