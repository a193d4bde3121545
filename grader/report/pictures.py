"""The geometry of the pictures: time against size, errors of a matrix, the marks of a class. Templates draw them."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median

from grader.report.model import Curve, HeatMap
from grader.report.outline import duration

WIDTH, HEIGHT = 560, 260
LEFT, RIGHT, TOP, BOTTOM = 66, 104, 16, 36
SHOWN = 12
"""So many rows and columns of a heat map are shown."""


@dataclass(frozen=True)
class Tick:
    """A mark on an axis."""

    at: float
    label: str


@dataclass(frozen=True)
class Line:
    """A curve in the picture: its points and where its label stands."""

    name: str
    dots: list[tuple[float, float]]
    label_at: float

    @property
    def path(self) -> str:
        return " ".join(f"{x:.1f},{y:.1f}" for x, y in self.dots)


@dataclass(frozen=True)
class Plot:
    """Time against size on logarithmic axes."""

    label: str
    sentence: str
    across: list[Tick]
    up: list[Tick]
    lines: list[Line]


@dataclass(frozen=True)
class Entry:
    """One entry of a heat map: its text and its level, 0 (right) to 4 (all wrong), -1 if it was not compared."""

    text: str
    level: int


@dataclass(frozen=True)
class Heat:
    """A heat map cut to what can be read."""

    label: str
    rows: list[list[Entry]]
    cut: str


@dataclass(frozen=True)
class Bar:
    """One bar of a histogram: its share of the tallest, 0 to 1."""

    label: str
    count: int
    height: float


@dataclass(frozen=True)
class Scatter:
    """Seconds on a logarithmic axis against lines of code: a dot a submission."""

    sentence: str
    across: list[Tick]
    up: list[Tick]
    dots: list[tuple[float, float]]

    @property
    def path(self) -> str:
        return "".join(f"M{x:.1f} {y:.1f}h0" for x, y in self.dots)


def plot(curve: Curve) -> Plot | None:
    """The picture of a curve, or None where fewer than two sizes can be drawn."""
    rows = [
        row
        for row in zip(curve.sizes, curve.yours, curve.baseline, strict=False)
        if all(math.isfinite(value) and value > 0 for value in row)
    ]
    sizes = sorted({size for size, _, _ in rows})
    if len(sizes) < 2:
        return None
    times = [time for _, yours, baseline in rows for time in (yours, baseline)]
    low, high = _rounded(min(times), max(times))

    def x(size: float) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * _between(size, sizes[0], sizes[-1])

    def y(time: float) -> float:
        return HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * _between(time, low, high)

    yours = [(x(size), y(time)) for size, time, _ in sorted(rows)]
    baseline = [(x(size), y(time)) for size, _, time in sorted(rows)]
    first, second = _apart(yours[-1][1], baseline[-1][1])
    size, mine, theirs = max(rows)
    sentence = (
        f"At size {size:g} yours takes {duration(mine)} and the baseline {duration(theirs)}: "
        f"{mine / theirs:.2g} times the baseline."
    )
    return Plot(
        label=curve.label,
        sentence=sentence,
        across=[Tick(x(size), f"{size:g}") for size in _few(sizes)],
        up=[Tick(y(time), duration(time)) for time in _steps(low, high)],
        lines=[Line("baseline", baseline, second), Line("yours", yours, first)],
    )


def heat(heat_map: HeatMap) -> Heat | None:
    """The picture of a matrix of relative errors, or None where it is empty."""
    errors = heat_map.errors
    columns = max((len(row) for row in errors), default=0)
    if columns == 0:
        return None
    rows = [[_entry(error) for error in row[:SHOWN]] for row in errors[:SHOWN]]
    whole = len(errors) <= SHOWN and columns <= SHOWN
    cut = "" if whole else f"The first {len(rows)} of {len(errors)} rows, {min(columns, SHOWN)} of {columns} columns."
    return Heat(heat_map.label, rows, cut)


def histogram(shares: Iterable[float]) -> list[Bar]:
    """How many of the shares (0 to 1) fall in each tenth; full marks have a bar of their own."""
    counts = [0] * 11
    for share in shares:
        counts[max(0, min(10, int(share * 10 + 1e-9)))] += 1
    labels = [f"{10 * i}–{10 * i + 9}" for i in range(10)] + ["100"]
    tallest = max(counts) or 1
    return [Bar(label, count, count / tallest) for label, count in zip(labels, counts, strict=True)]


def scatter(submissions: Iterable[tuple[int, float]]) -> Scatter | None:
    """The picture of (lines, seconds) of each submission, or None for fewer than three."""
    rows = [(lines, seconds) for lines, seconds in submissions if lines > 0 and seconds > 0]
    if len(rows) < 3:
        return None
    sizes, times = [lines for lines, _ in rows], [seconds for _, seconds in rows]
    low, high = _rounded(min(times), max(times))
    step = _step(max(sizes))
    end = step * math.ceil(max(sizes) / step)

    def x(lines: float) -> float:
        return LEFT + (WIDTH - LEFT - TOP) * lines / end

    def y(seconds: float) -> float:
        return HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * _between(seconds, low, high)

    return Scatter(
        sentence=f"{len(rows)} submissions of {min(sizes)} to {max(sizes)} lines, {median(sizes):g} in the median; "
        f"{duration(min(times))} to {duration(max(times))} in the checks, {duration(median(times))} in the median.",
        across=[Tick(x(size), f"{size}") for size in range(0, end + 1, step)],
        up=[Tick(y(seconds), duration(seconds)) for seconds in _steps(low, high)],
        dots=[(x(lines), y(seconds)) for lines, seconds in rows],
    )


def _step(highest: int) -> int:
    """A round number, about a fifth of the highest."""
    tens: int = 10 ** int(math.log10(max(highest / 5, 1)))
    return next(n * tens for n in (1, 2, 5, 10) if n * tens * 6 >= highest)


def _entry(error: float | None) -> Entry:
    if error is None:
        return Entry("–", -1)
    if not error < 1e9:
        return Entry("∞", 4)
    level = sum(error > bound for bound in (1e-6, 1e-3, 0.1, 0.5))
    if error == 0:
        return Entry("0", 0)
    text = f"{error:.2g}" if 0.001 <= error < 100 else f"{error:.0e}".replace("e-0", "e-").replace("e+0", "e")
    return Entry(text, level)


def _between(value: float, low: float, high: float) -> float:
    return (math.log(value) - math.log(low)) / (math.log(high) - math.log(low))


def _rounded(low: float, high: float) -> tuple[float, float]:
    """Powers of ten around the two; at least one decade."""
    bottom = math.floor(math.log10(low) + 1e-9)
    top = max(math.ceil(math.log10(high) - 1e-9), bottom + 1)
    return 10.0**bottom, 10.0**top


def _steps(low: float, high: float) -> list[float]:
    decades = round(math.log10(high / low))
    if decades == 1:
        return [low, 2 * low, 5 * low, high]
    every = math.ceil(decades / 5)
    return [low * 10.0**i for i in range(0, decades + 1, every)]


def _few(sizes: list[float]) -> list[float]:
    every = math.ceil(len(sizes) / 6)
    return sizes[::-every][::-1]


def _apart(first: float, second: float) -> tuple[float, float]:
    """Two heights for labels, moved until both can be read."""
    gap = 18 - abs(first - second)
    if gap <= 0:
        return first, second
    up = gap / 2 if first <= second else -gap / 2
    return first - up, second + up
