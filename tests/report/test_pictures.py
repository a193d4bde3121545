"""The geometry of the pictures."""

import math

import pytest

from grader.report.model import Curve, HeatMap
from grader.report.pictures import BOTTOM, HEIGHT, LEFT, RIGHT, TOP, WIDTH, heat, histogram, plot, scatter


def test_a_power_law_is_a_straight_line() -> None:
    sizes = [10.0, 100.0, 1000.0]
    picture = plot(Curve("f", sizes, [1e-4 * s**2 for s in sizes], [1e-4 * s for s in sizes]))
    assert picture is not None
    for line in picture.lines:
        (x0, y0), (x1, y1), (x2, y2) = line.dots
        assert math.isclose((y1 - y0) / (x1 - x0), (y2 - y1) / (x2 - x1))
    yours = next(line for line in picture.lines if line.name == "yours")
    assert yours.dots[-1] == (WIDTH - RIGHT, TOP)
    assert "1e+03 times the baseline" in picture.sentence
    assert [tick.label for tick in picture.across] == ["10", "100", "1000"]


@pytest.mark.parametrize(
    "curve",
    [
        Curve("f", [16, 64], [4e-4, 4e-4], [4e-4, 4e-4]),
        Curve("f", [1, 2, 3, 4, 5, 6, 7, 8], [1e-9 * 10**i for i in range(8)], [2e-9] * 8),
        Curve("f", [8, 4], [1.0, 0.5], [1000.0, 1.0]),
    ],
)
def test_everything_stays_inside_the_frame(curve: Curve) -> None:
    picture = plot(curve)
    assert picture is not None
    for line in picture.lines:
        assert all(LEFT - 0.01 <= x <= WIDTH - RIGHT + 0.01 for x, _ in line.dots)
        assert all(TOP - 0.01 <= y <= HEIGHT - BOTTOM + 0.01 for _, y in line.dots)
    assert 2 <= len(picture.up) <= 7
    assert len(picture.across) <= 6
    assert abs(picture.lines[0].label_at - picture.lines[1].label_at) >= 17.9


@pytest.mark.parametrize(
    "curve",
    [
        Curve("f", [], [], []),
        Curve("f", [4], [1.0], [1.0]),
        Curve("f", [4, 8], [0.0, 1.0], [1.0, 1.0]),
        Curve("f", [4, 8], [math.nan, 1.0], [1.0, math.inf]),
    ],
)
def test_too_little_to_draw(curve: Curve) -> None:
    assert plot(curve) is None


@pytest.mark.parametrize(
    ("error", "text", "level"),
    [
        (0.0, "0", 0), (2e-9, "2e-9", 0), (4e-5, "4e-5", 1), (0.02, "0.02", 2), (0.4, "0.4", 3), (1.0, "1", 4),
        (3e12, "∞", 4), (5e8, "5e8", 4), (math.inf, "∞", 4), (math.nan, "∞", 4), (None, "–", -1),
    ],
)  # fmt: skip
def test_an_entry_carries_text_and_a_level(error: float | None, text: str, level: int) -> None:
    picture = heat(HeatMap("dW", [[error]]))
    assert picture is not None
    assert (picture.rows[0][0].text, picture.rows[0][0].level) == (text, level)


def test_a_large_heat_map_is_cut_and_says_so() -> None:
    picture = heat(HeatMap("dW", [[0.0] * 40] * 20))
    assert picture is not None
    assert (len(picture.rows), len(picture.rows[0])) == (12, 12)
    assert picture.cut == "The first 12 of 20 rows, 12 of 40 columns."
    assert heat(HeatMap("dW", [])) is None


def test_full_marks_have_a_bar_of_their_own() -> None:
    bars = histogram([0.0, 0.05, 0.3, 0.999, 1.0, 1.0, 1.2])
    assert {bar.label: bar.count for bar in bars if bar.count} == {"0–9": 2, "30–39": 1, "90–99": 1, "100": 3}
    assert max(bar.height for bar in bars) == 1
    assert all(bar.height == 0 for bar in histogram([]))


@pytest.mark.parametrize("lines", [[1, 2, 3], [7, 33, 60], [10, 100, 1001], [5, 5, 5]])
def test_each_submission_is_a_dot_of_its_size_and_time(lines: list[int]) -> None:
    picture = scatter([*((n, 0.01 * n) for n in lines), (0, 1.0), (20, 0.0)])
    assert picture is not None
    assert len(picture.dots) == 3
    assert picture.path.count("M") == 3
    assert [x for x, _ in picture.dots] == sorted(x for x, _ in picture.dots)
    assert [y for _, y in picture.dots] == sorted((y for _, y in picture.dots), reverse=True)
    assert all(LEFT < x <= WIDTH - TOP + 0.01 and TOP <= y <= HEIGHT - BOTTOM + 0.01 for x, y in picture.dots)
    assert 2 <= len(picture.across) <= 7
    assert int(picture.across[-1].label) >= max(lines)
    assert f"{min(lines)} to {max(lines)} lines" in picture.sentence


def test_two_submissions_are_no_picture() -> None:
    assert scatter([(10, 0.1), (20, 0.2)]) is None
