"""Blocks that stand or fall together."""

import numpy as np
import pytest

from crawler.document import Document
from crawler.extractors.body.block_features import BlockFeatures
from crawler.extractors.body.joined_scores import with_edges, without_talk
from crawler.extractors.tree.outline import outline_of

TEXT = "The harbour of the town opened a new crane on Monday, after three years of work and two delays in delivery."
ITEMS = "<ul><li>Twelve tonnes</li><li>Two cranes</li></ul>"


def features_of(html: str) -> BlockFeatures:
    return BlockFeatures(outline_of(Document.parse(f"<html><body>{html}</body></html>")))


@pytest.mark.parametrize(
    ("html", "chosen"),
    [
        pytest.param(f"<div><p>{TEXT}</p>{ITEMS}</div>", [0, 1, 2], id="list-behind"),
        pytest.param(f"<div>{ITEMS}<p>{TEXT}</p></div>", [0, 1, 2], id="list-before"),
        pytest.param(f"<div><p>{TEXT}</p><div class=frame>{ITEMS}</div></div>", [0, 1, 2], id="in-a-frame"),
        pytest.param(f"<div><p>{TEXT}</p>{ITEMS}{ITEMS}</div>", [0, 1, 2, 3, 4], id="one-after-the-other"),
        pytest.param(f"<section><div><p>{TEXT}</p></div><div>{ITEMS}</div></section>", [0, 1, 2], id="beside-its-box"),
        pytest.param(f"<main><div><div><div><p>{TEXT}</p></div></div></div>{ITEMS}</main>", [0], id="far-outside"),
        pytest.param(f"<div><p>{TEXT}</p><ul><li><a href=/a>Twelve tonnes</a></li></ul></div>", [0], id="links"),
        pytest.param(f"<div><p>{TEXT}</p><p>Twelve tonnes</p></div>", [0], id="no-structure"),
    ],
)
def test_structures_beside_the_text_are_body(html: str, chosen: list[int]) -> None:
    features = features_of(html)
    first = int(features.size.argmax())
    scores = np.full(len(features.size), 0.1)
    scores[first] = 0.9

    assert with_edges(features, scores, [first]) == [number + (first if chosen == [0] else 0) for number in chosen]


def test_structures_without_a_chance_stay_out() -> None:
    features = features_of(f"<div><p>{TEXT}</p>{ITEMS}</div>")

    assert with_edges(features, np.array([0.9, 0.0, 0.0]), [0]) == [0]


def test_comments_count_for_little_where_other_text_is() -> None:
    features = features_of(f"<p>{TEXT}</p><p>{TEXT}</p><div id='comments'><p>{TEXT}</p></div>")

    assert without_talk(features, np.array([0.9, 0.9, 0.8])).tolist() == pytest.approx([0.9, 0.9, 0.16])


def test_a_thread_alone_keeps_its_scores() -> None:
    features = features_of(f"<div id='comments'><p>{TEXT}</p><p>{TEXT}</p></div>")

    assert without_talk(features, np.array([0.9, 0.8])).tolist() == [0.9, 0.8]
