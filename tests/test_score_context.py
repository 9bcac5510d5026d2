"""What the scores of blocks say about each other, and what stands alike."""

import numpy as np
import pytest

from crawler.document import Document
from crawler.extractors.body.block_features import DECLARED, BlockFeatures
from crawler.extractors.body.score_context import ScoreContext, expected_f1
from crawler.extractors.tree.outline import outline_of

SENTENCE = "The harbour of the town opened a new crane on Monday, after three years of work and two delays in delivery."
PAGE = f"""<title>Crane</title><body><ul class="menu"><li>Home</li><li>Trade</li></ul>
<div class="text"><p>{SENTENCE}</p><p>{SENTENCE} Again.</p></div><div class="text"><p>{SENTENCE} And again.</p></div>
<div class="talk"><p>Well done.</p></div>"""


def features_of(html: str) -> BlockFeatures:
    return BlockFeatures(outline_of(Document.parse(html)))


def test_blocks_of_the_same_tags_and_classes_are_kin() -> None:
    kin = features_of(PAGE).kin

    assert kin.path.tolist()[0] == kin.path.tolist()[1]
    assert len(set(kin.path.tolist()[2:5])) == 1
    assert len(set(kin.path.tolist())) == 3


def test_kin_at_other_depths_are_near_kin_only() -> None:
    kin = features_of("<div class=a><p>One line.</p></div><section><div class=a><p>Two lines.</p></div></section>").kin

    assert kin.near[0] == kin.near[1]
    assert kin.path[0] != kin.path[1]


def test_a_rows_own_score_comes_first_and_every_row_is_finite() -> None:
    features = features_of(PAGE)
    scores = np.linspace(0, 1, len(features.size))

    matrix = ScoreContext(features).matrix(scores)

    assert matrix[:, 0].tolist() == pytest.approx(scores.tolist())
    assert np.isfinite(matrix).all()


def test_the_scores_of_kin_and_neighbours_reach_a_block() -> None:
    context = ScoreContext(features_of(PAGE))
    alone, with_kin = np.zeros(6), np.array([0, 0, 1.0, 1.0, 0, 0])

    changed = (context.matrix(with_kin) != context.matrix(alone))[4]

    assert changed.sum() > 10


def test_a_page_of_one_block_has_a_row() -> None:
    assert ScoreContext(features_of("<p>One line.</p>")).matrix(np.array([0.5])).shape[0] == 1


def test_the_expected_f1_of_sure_blocks_is_one() -> None:
    expected = expected_f1(np.array([0.0, 1.0, 1.0]), np.array([5.0, 50.0, 50.0]))

    assert expected[1] == 1.0
    assert expected[2] < 1.0


@pytest.mark.parametrize(
    ("head", "columns"),
    [
        pytest.param("", [0, 0, 0, 0], id="nothing-declared"),
        pytest.param(f'<meta name="description" content="{SENTENCE}">', [0, 0, 1, 0], id="description"),
        pytest.param(
            '<script type="application/ld+json">{"@type": "Article", "articleBody": "%s"}</script>' % (SENTENCE * 4),
            [1, 1, 0, 0],
            id="body",
        ),
    ],
)
def test_what_a_page_declares_is_a_feature(head: str, columns: list[int]) -> None:
    features = features_of(f"<html><head>{head}</head><body><p>{SENTENCE}</p><p>Subscribe now.</p></body></html>")

    assert features.matrix[0, DECLARED].tolist() == columns
    assert features.matrix[1, DECLARED].tolist() == [columns[0], 0, 0, 0]


def test_a_node_marked_as_the_body_is_a_feature() -> None:
    features = features_of(f'<p>Menu</p><div itemprop="articleBody"><p>{SENTENCE}</p></div>')

    assert features.matrix[:, DECLARED][:, 3].tolist() == [0, 1]
