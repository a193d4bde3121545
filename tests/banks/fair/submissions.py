"""The reference as students might hand it in: in a style, with a small fault, or with a function missing."""

import ast
import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from grader.assignment import Assignment
from grader.banks.bank import reference_file, texts_for
from grader.judge.session import Submission
from grader.report.model import Check
from grader.submission import Cell, Source

SPOKEN = ("positional", "talkative", "made")
"""Styles in which a function is written."""
RETURNED = ("other_numbers", "zero_d", "other_sequence", "strided", "readonly", "fortran")
"""Styles in which a result is returned, besides `lists`."""
FAULTS = ("spoils", "shares", "insists", "widens", "global_random")
"""Faults of the contract."""

STYLES = Path(__file__).with_name("styles.py").read_text("utf-8")
TOP = """
import time
print("starting")
started = time.time()
import matplotlib_of_mine.pyplot as plt
plt.figure()
"""
BOTTOM = """
print("took", time.time() - started, "seconds")
plt.show()
data = open("data.csv").read()
assert started < 0, "a test of mine"
if __name__ == "__main__":
    raise SystemExit("this is no script")
"""
HOME = "\nimport sys, styles\nhome = sys.modules[__name__]\n"


@dataclass(frozen=True)
class Fair:
    """A submission, and which checks it may lose."""

    submission: Submission
    may_lose: Callable[[Check], bool]

    @property
    def name(self) -> str:
        return self.submission.student


def right_in(assignment: Assignment, name: str, styles: Mapping[str, tuple[str, ...]]) -> Fair:
    """The reference with each of the named functions in some styles, and with what else stands in a file."""
    main = f"{TOP}\nfrom solution import *\n{HOME}{_lines(styles)}{BOTTOM}"
    return Fair(_submission(assignment, name, main, {"solution": _text(assignment)}), lambda check: False)


def faulty(assignment: Assignment, name: str, faults: Mapping[str, str], missing: str = "", stub: str = "") -> Fair:
    """The reference with a fault of the contract in each of the named functions, and with one missing or only begun.

    Functions of the file see each other's faults, as they do where a student wrote them so.
    """
    contracts = contract_checks(assignment)

    def may_lose(check: Check) -> bool:
        contract = check.id.partition("[")[0] in contracts and faults.get(check.function) in FAULTS
        return contract or check.function == missing

    text = _without(_text(assignment), missing, stub) if missing else _text(assignment)
    lines = _lines({of: (style,) for of, style in faults.items() if of != missing})
    return Fair(_submission(assignment, name, f"{text}{HOME}{lines}", {}), may_lose)


def contract_checks(assignment: Assignment) -> dict[str, float]:
    """The checks that use assert_contract: id -> points."""
    texts = {file.stem: file.read_text("utf-8") for file in assignment.folder.glob("test_*.py")}
    return {
        f"{stem}.{node.name}": points
        for stem, text in texts.items()
        for node in ast.parse(text).body
        if isinstance(node, ast.FunctionDef) and "assert_contract(" in (ast.get_source_segment(text, node) or "")
        for points in _points(node)
    }


def _points(node: ast.FunctionDef) -> Iterator[float]:
    for mark in node.decorator_list:
        if isinstance(mark, ast.Call) and getattr(mark.func, "id", "") == "points":
            yield float(ast.literal_eval(mark.args[0]))


def _text(assignment: Assignment) -> str:
    return reference_file(assignment).read_text("utf-8")


def _lines(styles: Mapping[str, tuple[str, ...]]) -> str:
    """The first style is the innermost."""
    return "".join(
        f"home.{of} = styles.styled(home.{of}, styles.{style})\n" for of, some in styles.items() for style in some
    )


def _without(text: str, function: str, stub: str) -> str:
    """A text without one of its functions, or with another body of it."""
    left = f"def {function}(*arguments, **named):\n    {stub}\n" if stub else ""
    for node in ast.parse(text).body:
        if getattr(node, "name", "") == function:
            lines = text.split("\n")
            begin = min([node.lineno, *(d.lineno for d in node.decorator_list)]) - 1
            return "\n".join([*lines[:begin], left, *lines[node.end_lineno :]])
    return f"{text}\ndel {function}\n{left}"  # it is imported


def _submission(assignment: Assignment, name: str, main: str, beside: dict[str, str]) -> Submission:
    texts = {**beside, "styles": STYLES}
    for text in (main, *beside.values()):
        texts |= texts_for(assignment.folder.parent.parent, text)
    digest = hashlib.sha256(repr((main, sorted(texts.items()))).encode()).hexdigest()
    return Submission(name, Source(f"{assignment.name}.py", (Cell(main),), texts, (), digest))
