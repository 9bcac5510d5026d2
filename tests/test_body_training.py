import gzip
import json
from pathlib import Path

import numpy as np
import pytest

from crawler.document import Document
from crawler.extractors.body.block_features import BlockFeatures
from crawler.extractors.body.body_model import body_model, read_body_model
from crawler.extractors.tree.outline import outline_of
from crawler.training.alignment import align, word_f1, words_of
from crawler.training.bodies import predict_bodies_left_out, train_bodies
from crawler.training.body_network import PagePass, Recipe, Sample, Weights, new_weights

PARAGRAPHS = (
    "The port has bought a second crane, which is to stand beside the first one from the autumn of next year on.",
    "It lifts forty tonnes, twice as many as the one it replaces, and needs half of the power, the operator said.",
    "Ships from the north will no longer have to wait for the tide, which had cost them a day on every call.",
)
SMALL = Recipe(hidden=6, width=3, epochs=12, batch=60)


@pytest.fixture
def labelled(tmp_path: Path) -> Path:
    """Twelve pages of our own on twelve sites, labelled as the trainer reads them."""
    folder = tmp_path / "bodies"
    (folder / "html" / "own").mkdir(parents=True)
    lines = []
    for number in range(12):
        text = "".join(f"<p>{paragraph} ({number})</p>" for paragraph in PARAGRAPHS)
        links = "".join(f'<li><a href="/{place}">Section number {place}</a></li>' for place in range(6))
        html = (
            f"<body><ul class='menu'>{links}</ul><main class='story'><h1>News {number}</h1>{text}</main>"
            f"<div class='footer'><p>Copyright, all rights of the Example News are reserved in all countries.</p></div>"
        )
        (folder / "html" / "own" / f"p{number}.html.gz").write_bytes(gzip.compress(html.encode()))
        body = "\n".join(f"{paragraph} ({number})" for paragraph in PARAGRAPHS)
        row = {"set": "own", "id": f"p{number}", "url": f"https://site{number}.example/news", "body": body}
        lines.append(json.dumps(row))
    (folder / "gold.jsonl").write_text("\n".join(lines), encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("texts", "body", "labels"),
    [
        pytest.param(["Menu", *PARAGRAPHS, "Foot"], "\n".join(PARAGRAPHS), [0, 1, 1, 1, 0], id="paragraphs"),
        pytest.param([PARAGRAPHS[0], *PARAGRAPHS], "\n".join(PARAGRAPHS), [0, 1, 1, 1], id="a-copy-counts-once"),
        pytest.param([PARAGRAPHS[2], PARAGRAPHS[0]], "\n".join(PARAGRAPHS), [1, 0], id="out-of-order"),
        pytest.param([PARAGRAPHS[0][:60], PARAGRAPHS[0][60:]], PARAGRAPHS[0], [1, 1], id="one-paragraph-in-two-blocks"),
        pytest.param(["港口启用新起重机", "首页"], "港口启用新起重机", [1, 0], id="chinese"),
        pytest.param(["x"], "", [0], id="no-body"),
    ],
)
def test_blocks_of_the_body_are_found_in_order(texts: list[str], body: str, labels: list[int]) -> None:
    found = align(texts, body)

    assert sum(found) == sum(labels)
    if texts != [PARAGRAPHS[0], *PARAGRAPHS]:  # either copy may be the one
        assert [int(label) for label in found] == labels


def test_word_f1_is_a_share() -> None:
    assert word_f1(words_of("one two two"), words_of("two two three")) == pytest.approx(2 / 3)
    assert word_f1([], words_of("one")) == 0


def test_the_same_pages_make_the_same_file(labelled: Path) -> None:
    first = train_bodies(labelled, recipe=SMALL, networks=2)

    assert train_bodies(labelled, recipe=SMALL, networks=2) == first


def test_a_model_tells_bodies_of_sites_it_has_not_seen(labelled: Path) -> None:
    recipe = Recipe(hidden=8, width=3, epochs=40, batch=60)

    found = list(predict_bodies_left_out(labelled, folds=3, recipe=recipe, networks=1))

    assert len(found) == 12
    texts = [page["articles"][0]["article_body"] for page in found]
    assert all(PARAGRAPHS[1] in text and "Copyright" not in text for text in texts)


def test_a_stored_model_gives_shares(labelled: Path) -> None:
    model = read_body_model(json.loads(train_bodies(labelled, recipe=SMALL, networks=1)))
    outline = outline_of(Document.parse(f"<p>{PARAGRAPHS[0]}</p><p>{PARAGRAPHS[1]}</p>"))

    scores = model.scores(BlockFeatures(outline))

    assert scores.shape == (2,)
    assert ((scores >= 0) & (scores <= 1)).all()


def test_the_shipped_model_fits_the_features() -> None:
    outline = outline_of(Document.parse(f"<p>{PARAGRAPHS[0]}</p>"))

    assert body_model().mean.shape == (BlockFeatures(outline).matrix.shape[1],)


def sample(random: np.random.Generator) -> Sample:
    return Sample(
        dense=random.standard_normal((7, 5)).astype(np.float32),
        paths=random.random((3, 4, 3)).astype(np.float32),
        path_of=np.array([0, 1, 1, 2, 3, 3, 0]),
        names=np.array([0, 2, 1, 2]),
        name_places=np.array([0, 0, 1, 2]),
        labels=np.array([1, 0, 1]),
        label_blocks=np.array([0, 4, 6]),
        headings=np.array([-1, 0, 0, 0, 4, 4, 4]),
        body=np.array([0, 1, 1, 0, 1, 0, 0], dtype=np.float32),
        weight=random.random(7).astype(np.float32),
    )


def loss(weights: Weights, page: Sample) -> float:
    likely = PagePass(weights, page, SMALL, np.random.default_rng(5)).likely
    return -float((page.weight * (page.body * np.log(likely) + (1 - page.body) * np.log(1 - likely))).sum())


def test_the_gradient_is_the_slope_of_the_loss() -> None:
    random = np.random.default_rng(1)
    page = sample(random)
    weights = new_weights(SMALL, features=5, names=3, labels=2, random=random)
    # Parts of the pass are in single precision, so the steps are not too small.
    gradient = {name: np.zeros_like(value) for name, value in weights.items()}

    PagePass(weights, page, SMALL, np.random.default_rng(5)).back(gradient, scale=1.0)

    for name, value in weights.items():
        place = np.unravel_index(np.abs(gradient[name]).argmax(), value.shape)
        value[place] += 1e-2
        above = loss(weights, page)
        value[place] -= 2e-2
        below = loss(weights, page)
        value[place] += 1e-2
        assert gradient[name][place] == pytest.approx((above - below) / 2e-2, rel=0.05, abs=1e-3), name
