"""The report on a terminal."""

import re

import pytest

from grader.report.model import Check, Evidence, Report
from grader.report.terminal import render_terminal
from tests.report import made_up


def test_it_begins_with_what_to_change_and_fits_a_screen() -> None:
    lines = render_terminal(made_up.typical(), 80, False).splitlines()
    assert lines[0] == "What to change"
    assert "You normalise each row." in lines[1]
    assert any(line.startswith("points 9 of 19 ") for line in lines)
    assert len(lines) <= 45
    assert any(line.split() == ["softmax_backward", "2", "of", "6", "1", "of", "3", "checks", "pass"] for line in lines)


def test_the_snippet_can_be_pasted() -> None:
    text = render_terminal(made_up.typical(), 60, False)
    snippet = next(c.evidence.snippet for c in made_up.typical().checks if c.evidence and c.evidence.snippet)
    assert f"\n{snippet}\n" in text


@pytest.mark.parametrize("width", [30, 60, 100])
@pytest.mark.parametrize("make", [made_up.perfect, made_up.missing, made_up.unreadable, made_up.every_verdict])
def test_no_line_is_wider_than_the_terminal(make: object, width: int) -> None:
    report: Report = make()  # type: ignore[operator]
    assert max(map(len, render_terminal(report, width, False).splitlines())) <= width


def test_colour_only_where_it_is_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "\x1b[" in render_terminal(made_up.typical(), 80, True)
    assert "\x1b[" not in render_terminal(made_up.typical(), 80, False)
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert "\x1b[" in render_terminal(made_up.typical())
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[" not in render_terminal(made_up.typical())


def test_width_is_the_terminals(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "50")
    assert max(map(len, render_terminal(made_up.every_verdict()).splitlines())) <= 50


def test_many_failures_are_counted_not_listed() -> None:
    names = [f"f{chr(97 + i)}" for i in range(26)]
    checks = [Check(name, name, f"{name} is right.", 0, 1, "fail", f"{name} is wrong") for name in names]
    text = render_terminal(made_up.report(checks), 80, False)
    assert "and 20 more below" in text
    assert text.endswith("  and 19 more\nFor one of them alone: grader check activations -k fb\n")


def test_checks_that_fail_for_one_reason_are_one_entry() -> None:
    wrong = Evidence(call="relu(z)", yours="[0.3]", expected="[0.]", where="relu[0]: yours 0.3, expected 0")
    entries = [f"relu: {i} of 9 entries are wrong; the first, relu[{i}], is 0.3" for i in range(5)]
    checks = [Check(f"t{i}", "relu", "relu is right.", 0, 1, "fail", m, evidence=wrong) for i, m in enumerate(entries)]
    checks.append(Check("t9", "relu", "relu leaves its argument alone.", 0, 1, "fail", "relu changes z in place"))
    lines = render_terminal(made_up.report(checks), 80, False).splitlines()
    assert lines[1:3] == [f"  relu  {entries[0]}", "  relu  relu changes z in place"]
    assert "  fail, 0 of 1 points. 4 more checks fail for the same reason." in lines
    assert sum(line.startswith("✗") for line in lines) == 2


@pytest.mark.parametrize("color", [True, False])
def test_hostile_text_steers_nothing(color: bool) -> None:
    text = render_terminal(made_up.hostile(), 80, color)
    rest = re.sub(r"\x1b\[[0-9;]*m", "", text)
    assert all(c.isprintable() or c == "\n" for c in rest)
    assert not any(line.lstrip().startswith("::") for line in rest.splitlines())
    assert "##[" not in rest
    assert "␛[2J" in rest
