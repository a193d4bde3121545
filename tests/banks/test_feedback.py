"""What a student with one mistake reads: one screen that begins with what to change and ends with lines to paste."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from grader.assignment import find
from grader.banks.bank import Wrong
from grader.report import render
from grader.report.model import Report
from grader.report.outline import Change, changes
from grader.report.terminal import SCREEN, render_terminal
from grader.submission import Source
from grader.banks.validation import submissions_of
from tests.banks.graded import EVERY_ASSIGNMENT, SAMPLE, graded

NUMBER = re.compile(r"-?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?|\bnan\b|-?\binf\b")


def sampled(name: str) -> list[tuple[Wrong, Report]]:
    """The sampled mistakes of an assignment with their reports."""
    found = graded(name).reports
    return [(w, found[w.submission.student]) for w in submissions_of(find(name), SAMPLE)[1]]


@pytest.mark.parametrize("name", EVERY_ASSIGNMENT)
def test_a_mistake_is_explained_on_one_screen(name: str) -> None:
    for wrong, report in sampled(name):
        first = changes(report)[0]
        begins_with_what_to_change(report, first)
        lines = render_terminal(report, 80, False).splitlines()
        assert len(lines) <= SCREEN, wrong.submission.student
        assert first.check.evidence, wrong.submission.student


@pytest.mark.parametrize("name", EVERY_ASSIGNMENT)
def test_what_is_to_be_pasted_shows_the_wrong_value(name: str, tmp_path: Path) -> None:
    mistakes = sampled(name)
    unseen = []
    for i, (wrong, report) in enumerate(mistakes):
        check = changes(report)[0].check
        if not check.evidence or not check.evidence.snippet:
            continue
        assert wrong.submission.source is not None
        printed = paste(check.evidence.snippet, wrong.submission.source, tmp_path / str(i))
        assert not re.search(r"^(Syntax|Name|Import|ModuleNotFound)Error", printed, re.MULTILINE), printed
        if not shows(printed, check.evidence.yours):
            unseen.append((wrong.submission.student, check.evidence.snippet, printed))
    # A property may be about what was computed from the value, and a global generator never gives the same again.
    assert len(unseen) <= max(1, len(mistakes) // 10), unseen


def begins_with_what_to_change(report: Report, first: Change) -> None:
    """Every rendering says first what to change: the name of the mistake, else what is wrong."""
    said = " ".join(first.text.split())
    top, rest = render_terminal(report, 200, False).split("\n", 1)
    assert top == "What to change"
    assert " ".join(rest.split()).startswith(f"{first.function} {said}")
    paragraphs = [t.content for t in MarkdownIt().parse(render(report, "markdown")) if t.type == "inline"]
    shown = "".join(t.content for t in MarkdownIt().parseInline(paragraphs[1])[0].children or [])
    assert shown.startswith(f"What to change in {first.function}: {said}")
    main = render(report, "html").partition("<main")[2]
    assert re.search(r"<p>(.*?)</p>", main, re.DOTALL)
    assert main.index("What to change") < main.index(first.function) < main.index("By function")


def paste(snippet: str, source: Source, folder: Path) -> str:
    """What the lines print beside the student's file, and how they end if that is not well."""
    ast.parse(snippet)
    packages = {name.rpartition(".")[0] for name in source.modules}
    for name, text in {source.name.removesuffix(".py"): source.cells[0].text, **source.modules}.items():
        path = folder.joinpath(*name.split("."), *(["__init__"] if name in packages else [])).with_suffix(".py")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    done = subprocess.run(
        [sys.executable, "-c", snippet], cwd=folder, capture_output=True, text=True, timeout=60, check=False
    )
    return done.stdout + done.stderr


def shows(printed: str, yours: str | None) -> bool:
    """Whether the first numbers of a value are among those that were printed."""
    head, _, rest = (yours or "").partition("\n")
    values = [float(x) for x in NUMBER.findall(rest if "shape" in head else yours or "")[:4]]
    seen = [float(x) for x in NUMBER.findall(printed)]
    return all(any(x == y or abs(x - y) <= 1e-5 * max(1.0, abs(x)) or x != x != y for y in seen) for x in values)
