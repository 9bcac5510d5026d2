"""What became of a body's blocks: each is kept, edited, moved or retyped, and nothing is said twice."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.items import Block, BlockType
from pipelines.body_changes import BodyPart, Edited, Kept, Moved, Retyped, body_changes
from pipelines.word_diff import Op

BODIES = st.lists(st.sampled_from("一二三四五"), max_size=8)


def blocks(*texts: str) -> tuple[Block, ...]:
    """Paragraphs; a text that begins with "#" is a heading."""
    return tuple(
        Block(type=BlockType.HEADING, level=2, text=text[1:])
        if text.startswith("#")
        else Block(type=BlockType.PARAGRAPH, text=text)
        for text in texts
    )


def lines_of(parts: tuple[BodyPart, ...], without: Op) -> list[str]:
    texts = ["".join(p.text for p in part.pieces if p.op is not without) for part in parts if isinstance(part, Edited)]
    return [line for text in texts for line in text.split("\n") if line]


@given(BODIES, BODIES)
def test_every_block_is_accounted_for_once(old: list[str], new: list[str]) -> None:
    parts = body_changes(blocks(*old), blocks(*new))

    kept = sum(part.blocks for part in parts if isinstance(part, Kept))
    moved = [part for part in parts if isinstance(part, Moved)]
    if old == new:
        assert parts == ()
        return
    assert kept + len(moved) + len(lines_of(parts, Op.GONE)) == len(new)
    assert kept + len(moved) + len(lines_of(parts, Op.ADDED)) == len(old)
    assert all(old[part.old_place] == new[part.new_place] == part.text for part in moved)


def test_an_edited_block_is_shown_among_those_that_stayed() -> None:
    first, edited, last = body_changes(blocks("a", "the old text", "c", "d"), blocks("a", "the new text", "c", "d"))

    assert (first, last) == (Kept(1), Kept(2))
    assert isinstance(edited, Edited)
    assert [piece.text for piece in edited.pieces] == ["the ", "old", "new", " text"]


def test_a_block_that_moved_is_not_shown_as_gone_and_added() -> None:
    assert body_changes(blocks("a", "b", "c", "d"), blocks("b", "c", "d", "a")) == (Kept(3), Moved("a", 0, 3))


def test_a_block_that_became_a_heading_is_retyped() -> None:
    assert body_changes(blocks("a", "b"), blocks("a", "#b")) == (Kept(1), Retyped("b", "paragraph", "heading 2"))


def test_an_image_is_told_by_its_url_too() -> None:
    images = [Block(type=BlockType.IMAGE, text="ships", url=f"https://example.com/{number}.jpg") for number in (1, 2)]

    (part,) = body_changes(images[:1], images[1:])

    assert isinstance(part, Edited)
    assert "ships" in part.pieces[0].text


@pytest.mark.parametrize("count", [5_000])
def test_bodies_of_many_blocks_are_compared_block_by_block(count: int) -> None:
    old = [f"paragraph {number}" for number in range(count)]
    new = [text if number % 1000 else f"{text} edited" for number, text in enumerate(old)]

    parts = body_changes(blocks(*old), blocks(*new))

    assert sum(isinstance(part, Edited) for part in parts) == count // 1000
