import gzip
import json
from pathlib import Path

import numpy as np
import pytest

from crawler.extractors.lists.link_model import LinkModel, link_model
from crawler.training.__main__ import main
from crawler.training.boosting import Boosting, fit
from crawler.training.link_gold import read_gold
from crawler.training.links import to_json

SMALL = Boosting(trees=60, depth=2, rate=0.3, features_tried=1.0, seeds=2)
CARD = '<li class="teaser"><h3><a href="/2026/03/{0}/{1}">{2}</a></h3></li>'
TITLES = ("Port buys a second crane", "Ferry runs every hour again", "Quay walls are older than maps say")
PARAGRAPH = (
    "<p>The port has bought a second crane, which is to stand beside the first one from the autumn of next year on.</p>"
)


def rows(seed: int = 0) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    return np.random.default_rng(seed).normal(size=(400, 6))


def labels_of(
    measured: np.ndarray[tuple[int, int], np.dtype[np.float64]],
) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return ((measured[:, 1] > 0.3) & (measured[:, 4] < 0.5)).astype(np.float64)


def fitted(settings: Boosting = SMALL) -> LinkModel:
    return fit(rows(), labels_of(rows()), np.ones(400), settings=settings)


@pytest.fixture
def labelled(tmp_path: Path) -> Path:
    """Six pages of our own with one list each, labelled as the trainer reads them."""
    folder = tmp_path / "lists"
    (folder / "html").mkdir(parents=True)
    lines = []
    for number in range(6):
        cards = [CARD.format(number + 1, title.lower().replace(" ", "-"), title) for title in TITLES]
        html = (
            "<nav><a href='/2025/01/how-a-port-works'>Ports and what belongs to them</a></nav>"
            f"<main><h1>News {number}</h1>"
            f"{PARAGRAPH * 4}<section><h2>Related articles</h2><ul>{''.join(cards)}</ul></section></main>"
        )
        (folder / "html" / f"p{number}.html.gz").write_bytes(gzip.compress(html.encode()))
        url = f"https://site{number}.example/2026/03/{number + 1}/"
        items = [{"url": url + title.lower().replace(" ", "-")} for title in TITLES]
        row = {"id": f"p{number}", "url": f"{url}news", "related": [{"kind": "related", "items": items}]}
        lines.append(json.dumps(row))
    (folder / "gold.jsonl").write_text("\n".join(lines), encoding="utf-8")
    return tmp_path


def test_the_model_learns_what_two_measurements_tell_together() -> None:
    unseen = rows(seed=1)

    right = (fitted().probabilities(unseen) > 0.5) == (labels_of(unseen) > 0.5)

    assert right.mean() > 0.9


def test_the_same_rows_give_the_same_file() -> None:
    assert to_json(fitted()) == to_json(fitted())


def test_weights_of_nothing_leave_a_row_out() -> None:
    measured, labels, weights = rows(), labels_of(rows()), np.ones(400)
    labels[:50], weights[:50] = 1 - labels[:50], 0.0

    right = (fit(measured, labels, weights, settings=SMALL).probabilities(measured[:50]) > 0.5) == (labels[:50] > 0.5)

    assert right.mean() < 0.2


def test_rows_that_are_all_alike_teach_nothing() -> None:
    with pytest.raises(ValueError, match="alike"):
        fit(np.ones((4, 3)), np.array([0.0, 1.0, 0.0, 1.0]), np.ones(4), settings=SMALL)


def test_the_shipped_model_can_be_asked() -> None:
    model = link_model()

    likely = model.probabilities(np.zeros((3, int(model.features.max()) + 1)))

    assert likely.shape == (3,)
    assert ((likely > 0) & (likely < 1)).all()


def test_the_command_makes_the_same_file_twice(labelled: Path, tmp_path: Path) -> None:
    first, second = tmp_path / "a.json", tmp_path / "b.json"

    assert main(["links", str(labelled), "--output", str(first)]) == 0
    assert main(["links", str(labelled), "--output", str(second)]) == 0

    assert first.read_bytes() == second.read_bytes()


def test_a_model_of_other_data_is_not_the_shipped_one(labelled: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["links", str(labelled), "--check"]) == 1
    assert "another model" in capsys.readouterr().out


def test_pages_left_out_are_predicted_in_the_shape_of_the_gold(labelled: Path, tmp_path: Path) -> None:
    output = tmp_path / "found.jsonl"

    assert main(["links", str(labelled), "--folds", "3", "--output", str(output)]) == 0

    found = [json.loads(line) for line in output.read_text(encoding="utf-8").splitlines()]
    assert {page["id"] for page in found} == {f"p{number}" for number in range(6)}
    assert all([item["title"] for item in page["related"][0]["items"]] == list(TITLES) for page in found)


def test_pages_of_one_site_are_left_out_together(labelled: Path) -> None:
    gold = labelled / "lists" / "gold.jsonl"
    gold.write_text(gold.read_text(encoding="utf-8").replace("site1.example", "en.site0.example"), encoding="utf-8")

    sites = [page.site for page in read_gold(labelled)]

    assert sites == ["site0.example", "site0.example", *(f"site{number}.example" for number in range(2, 6))]


def test_a_folder_without_labels_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["links", str(tmp_path)])

    assert "lists/gold.jsonl" in capsys.readouterr().err
