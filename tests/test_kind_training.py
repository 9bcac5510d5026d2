import gzip
import json
from pathlib import Path

import pytest

from crawler.extractors.kinds.kind_model import kind_model, read_kind_model
from crawler.extractors.kinds.measurements import MEASUREMENTS
from crawler.training.__main__ import PARTS, main

TEXT = "<p>The port has bought a second crane, which is to stand beside the first one, “from autumn on”, they said.</p>"
ARTICLE = "<h1>Port {n} buys a second crane</h1><p>By Ada Quay, 3 March 2026</p>" + TEXT * 8
SHOP = "<h1>Crane {n}</h1><p>$ 400 $ 300</p>" + TEXT + "<p>$ 20</p><ul><li><a href=/buy>Buy it now</a></ul>" * 4


@pytest.fixture
def labelled(tmp_path: Path) -> Path:
    """Six articles and six offers of our own, each on a site of its own, labelled as the trainer reads them."""
    for folder, html in (("bodies", ARTICLE), ("kinds", SHOP)):
        pages = tmp_path / folder / "html"
        pages.mkdir(parents=True)
        lines = []
        for number in range(6):
            (pages / f"p{number}.html.gz").write_bytes(gzip.compress(html.format(n=number).encode()))
            lines.append(json.dumps({"id": f"p{number}", "url": f"https://{folder}{number}.example/crane"}))
        (tmp_path / folder / "gold.jsonl").write_text("\n".join(lines), encoding="utf-8")
    return tmp_path


def test_the_command_makes_the_same_file_twice(labelled: Path, tmp_path: Path) -> None:
    first, second = tmp_path / "a.json", tmp_path / "b.json"

    assert main(["kinds", str(labelled), "--output", str(first)]) == 0
    assert main(["kinds", str(labelled), "--output", str(second)]) == 0

    assert first.read_bytes() == second.read_bytes()


def test_the_shipped_file_is_of_the_form_that_the_command_writes(labelled: Path, tmp_path: Path) -> None:
    made = tmp_path / "made.json"
    shipped = PARTS["kinds"].shipped.read_text(encoding="utf-8")

    main(["kinds", str(labelled), "--output", str(made)])

    assert [line.split("[")[0] for line in made.read_text(encoding="utf-8").splitlines()[2:]] == [
        line.split("[")[0] for line in shipped.splitlines()[2:]
    ]
    assert len(read_kind_model(json.loads(made.read_text(encoding="utf-8"))).weights) == len(kind_model().weights)


def test_the_model_learns_what_the_pages_teach(labelled: Path, tmp_path: Path) -> None:
    made = tmp_path / "made.json"

    main(["kinds", str(labelled), "--output", str(made)])

    weights = dict(
        zip(MEASUREMENTS, read_kind_model(json.loads(made.read_text(encoding="utf-8"))).weights, strict=True)
    )
    assert weights["prices"] < 0 < weights["quoting"]


def test_pages_left_out_are_judged_by_models_that_have_not_seen_their_site(labelled: Path, tmp_path: Path) -> None:
    output = tmp_path / "found.jsonl"

    assert main(["kinds", str(labelled), "--folds", "3", "--output", str(output)]) == 0

    found = [json.loads(line) for line in output.read_text(encoding="utf-8").splitlines()]
    assert len({page["id"] for page in found}) == 12
    assert all((page["likelihood"] > 0.5) is page["is_article"] for page in found)
