"""Checks as the tests of somebody's own pytest session: collected by pytest, judged as `grader check` does it."""

import sys
from pathlib import Path

import pytest

from grader.assignment import FILE, load
from grader.judge.isolation.sandbox import SandboxError
from grader.judge.plugin import MARKERS
from grader.judge.session import JudgeError, Submission, judge
from grader.report.model import Check, Report
from grader.report.outline import detail, notes, points
from grader.report.plain import clip, one_line
from grader.submission import Unreadable, own_files, read


class InPytest:
    """Hooks of a session that has collected checks."""

    def __init__(self, config: pytest.Config) -> None:
        for line in MARKERS:
            config.addinivalue_line("markers", line)
        self.judged: dict[Path, Report | str] = {}
        """By the folder of an assignment: the report on all its tests that were collected, or why there is none."""

    @pytest.fixture(scope="session", name="student")
    def provide_student(self) -> None:
        """What checks call; it is filled in where they are judged."""

    @pytest.hookimpl(wrapper=True)
    def pytest_make_collect_report(self, collector: pytest.Collector) -> object:
        if isinstance(collector, pytest.Module) and _ours(collector):
            sys.modules.pop(collector.path.stem, None)  # every assignment has a test_public
        return (yield)

    @pytest.hookimpl(tryfirst=True)
    def pytest_pyfunc_call(self, pyfuncitem: pytest.Function) -> bool | None:
        if not _ours(pyfuncitem):
            return None
        folder = pyfuncitem.path.parent
        if folder not in self.judged:
            self.judged[folder] = _judge(folder, [i for i in pyfuncitem.session.items if i.path.parent == folder])
        report = self.judged[folder]
        if isinstance(report, str):
            pytest.fail(report, pytrace=False)
        check = next((check for check in report.checks if check.id == _id(pyfuncitem)), None)
        if check is None or check.verdict == "could-not-grade":
            pytest.skip(check.message if check else "this submission is not asked for it")
        if check.output:
            pyfuncitem.add_report_section("call", "stdout", clip(check.output))
        if check.verdict != "pass":
            pytest.fail(_text(check), pytrace=False)
        return True

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        for report in self.judged.values():
            if isinstance(report, Report):
                earned = f"{points(report.score)} of {points(report.max_score)} points"
                terminalreporter.section(f"{one_line(report.title)}: {earned}")
                for note in notes(report):
                    terminalreporter.write_line(one_line(note))


def _ours(node: pytest.Item | pytest.Module) -> bool:
    return (node.path.parent / FILE).is_file()


def _id(item: pytest.Item) -> str:
    return f"{item.path.stem}.{item.name}"


def _judge(folder: Path, items: list[pytest.Item]) -> Report | str:
    """The report on the student's file, about these checks."""
    reports: list[Report] = []
    hidden = any(item.path.name == "test_hidden.py" for item in items)
    try:
        assignment = load(folder)
        files = own_files(folder.name, folder.parents[1])
        if len(files) != 1:
            wanted = f"{folder.name}.py or {folder.name}.ipynb"
            return (
                f"{files[0].name} and {files[1].name} are both here: keep one." if files else f"There is no {wanted}."
            )
        try:
            submission = Submission(files[0].stem, read(files[0], folder.name), only=frozenset(map(_id, items)))
        except Unreadable as problem:
            return str(problem)
        weak = not (folder / "test_hidden.py").is_file()  # there is nothing to keep from the student
        judge(assignment, [submission], reports.append, hidden=hidden, weak_isolation=weak)
    except (ValueError, JudgeError, SandboxError) as problem:
        return str(problem)
    return reports[0]


def _text(check: Check) -> str:
    """What went wrong comes first: it is what a list of failures shows. Then what right code does, and the evidence."""
    first, _, rest = clip(detail(check)).partition("\n")
    return "\n".join(line for line in (first, f"Wanted: {one_line(check.title)}", rest) if line)
