"""The pairs that are alike, as they are shown."""

import csv
import io
from pathlib import Path

from playwright.sync_api import sync_playwright

from grader.report.model import json_of
from grader.report.similarity import Pair, Side, Similarity, render_csv, render_page, render_terminal
from tests.report.hostile import TEXTS
from tests.report.test_browser import ARGUMENTS, CHROMIUM, CONTRAST, Visit
from tests.report.test_hostile_text import assert_safe_in_a_log

CODE = "import numpy\n# a comment\n\ndef f(x):\n    return x"


def side(name: str = "ada", text: str = CODE, spans: tuple[tuple[int, int], ...] = ((0, len(CODE)),)) -> Side:
    return Side(name, f"{name}.py", text, 0.8, list(spans))


def found(*pairs: Pair, skipped: tuple[tuple[str, str], ...] = ()) -> Similarity:
    return Similarity("activations", "Activations", 4, 0.7, list(pairs), list(skipped))


HOSTILE = found(
    *(Pair(0.9, side(text, text, ((0, 99),)), side(text, text)) for text in TEXTS.values()),
    skipped=tuple((text, text) for text in TEXTS.values()),
)


def test_a_line_is_the_same_when_half_of_it_is_and_it_is_more_than_a_comment() -> None:
    assert [line.same for line in side().lines()] == [True, False, False, True, True]
    at = CODE.index("def")
    assert [line.same for line in side(spans=((0, 5), (at, at + 5))).lines()] == [False, False, False, True, False]
    assert [line.text for line in side().lines()] == CODE.split("\n")
    assert not any(line.same for line in side(spans=()).lines())


def test_a_pair_counts_the_lines_that_are_the_same() -> None:
    assert Pair(0.9, side(), side(spans=((0, 12),))).lines == 3


def test_a_class_in_which_nobody_is_alike() -> None:
    assert render_terminal(found()) == "No two of 4 submissions are alike.\n"
    assert "No two submissions are alike" in render_page(found())


def test_what_students_wrote_is_no_command_of_a_terminal_or_a_spreadsheet() -> None:
    assert_safe_in_a_log(render_terminal(HOSTILE, 120))
    assert_safe_in_a_log(json_of(HOSTILE.summary()))
    rows = list(csv.reader(io.StringIO(render_csv(HOSTILE))))
    assert len(rows) == 1 + len(TEXTS)
    assert [row for row in rows if any(c.startswith(("=", "+", "-", "@", "\t", "\r")) for c in row)] == []


def test_the_page_shows_what_students_wrote_and_runs_nothing_of_it(tmp_path: Path) -> None:
    path = tmp_path / "similarity.html"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        path.write_text(render_page(HOSTILE), encoding="utf-8")
        visit = Visit(browser, path, width=360)
        visit.page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
        assert visit.page.evaluate("document.documentElement.scrollWidth") <= 360
        assert visit.page.locator("script, img, iframe, object, embed, form, textarea, [style], [onclick]").count() == 0
        assert "<script>alert(1)</script>" in visit.page.inner_text("main")
        assert visit.unexpected == []
        path.write_text(render_page(found(Pair(0.9, side(), side("alan")))), encoding="utf-8")
        for scheme in ("light", "dark"):
            visit = Visit(browser, path, scheme)
            assert visit.page.locator(".code").first.locator(".same").all_inner_texts() == [
                "import numpy", "def f(x):", "    return x",
            ]  # fmt: skip
            assert [item for item in visit.page.evaluate(CONTRAST) if item[0] < 4.5] == []
            left, right = (visit.page.locator(".code").nth(n).bounding_box() for n in (0, 1))
            assert left is not None
            assert right is not None
            assert left["y"] == right["y"]
            assert left["x"] + left["width"] < right["x"]
        browser.close()
