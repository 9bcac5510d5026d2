"""Lines of long measurements: what is not there is left out, and the beginning says nothing of the slope."""

from pathlib import Path

import pytest
from lxml import etree

from tests.benchmarks.line_picture import panel, warm_slope, write_picture
from tests.benchmarks.rss_curve import Curve, write_svg
from tests.benchmarks.soak_picture import Course, Moment, draw

SVG = "{http://www.w3.org/2000/svg}"


def points(path: Path) -> list[int]:
    """Of each line of a picture, how many."""
    return [len(line.get("points", "").split()) for line in etree.parse(path).iter(f"{SVG}polyline")]


def test_slope_is_that_behind_the_warm_up() -> None:
    places = list(range(11))

    assert warm_slope(places, [0.0, 50.0, *(100.0 + 3 * place for place in places[2:])]) == pytest.approx(3)
    assert warm_slope(places, [0.0, 50.0, None, *(7.0 for _ in places[3:])]) == pytest.approx(0)


def test_what_was_not_there_to_measure_is_left_out_of_its_line(tmp_path: Path) -> None:
    path = tmp_path / "lines.svg"

    write_picture(
        path, [panel("MB", [1, 2, 4], {"a": [1.0, None, 2.0], "b": [1.0, 1.0, 1.0]}, unit="pages")], title="T"
    )

    assert points(path) == [2, 3]
    assert "4 pages" in path.read_text("utf-8")


def test_crawls_and_soaks_are_drawn_alike(tmp_path: Path) -> None:
    curve = Curve(pages=[0, 10, 20, 30], own=[5.0, 6.0, 6.0, 0.0], whole=[9.0, 9.0, 9.0, 9.0])
    course = Course([Moment(at=60.0 * n, memory=100.0, ended={"": 40 * n, "timeout": n}) for n in range(6)])

    write_svg(curve, tmp_path / "crawl.svg", title="A crawl")
    draw(course, tmp_path / "soak.svg", title="A soak")

    assert points(tmp_path / "crawl.svg") == [3, 4]
    assert points(tmp_path / "soak.svg") == [6, 5, 5]
    assert curve.slope(curve.whole) == pytest.approx(0)
    assert "+0 MB an hour once warm" in course.told()
