"""Mutants: what each operator does, ids that stay, and survivors where a check is weak."""

import ast
from pathlib import Path

import pytest
from click.testing import CliRunner

from grader.assignment import Assignment, available, load
from grader.cli import cli
from grader.mutation.mutants import mutants, mutants_of
from grader.mutation.grading import LIST, grade_mutants, listed_equivalent
from grader.slips.operators import OPERATORS
from tests.judge import made_up

REFERENCE = '''
"""Numbers."""

import numpy as np

from reference.shapes import require

__all__ = ["centred", "spread", "last"]

HALF = 0.5


def centred(Z):
    """Each row minus its mean.

    Z - mean
    """
    allowed = Z.ndim == 2
    require(allowed, "Z", Z.ndim, "2 axes")
    return Z - _mean(Z)


def spread(Z: "np.ndarray[2]", ddof=0):
    if Z.size == 0:
        raise ValueError("Z: got no entry")
    return (centred(Z) ** 2).sum() * HALF


def last(values):
    state = 0.0
    for value in values:
        state_new = 0.5 * state + value
        state = state_new
    return state


def _mean(Z):
    return Z.mean(axis=1, keepdims=True)


def unused(Z):
    return Z + 1
'''
FUNCTIONS = ["centred", "spread", "last"]
CHECKS = """
import numpy as np
from grader.authoring import *

Z = np.array([[1.0, 2.0, 6.0], [0.0, -1.0, 4.0]])

@points(1)
def test_centred(student):
    \"\"\"Each row loses its mean.\"\"\"
    assert_close(student.centred(Z), np.array([[-2.0, -1.0, 3.0], [-1.0, -2.0, 3.0]]))

@points(1)
def test_last(student):
    \"\"\"The last state.\"\"\"
    assert_close(student.last([1.0, 2.0, 4.0]), 5.25)

@points(1)
def test_spread(student):
    \"\"\"The spread.\"\"\"
    SPREAD
"""
STRONG, WEAK = "assert_close(student.spread(Z), 14.0)", "assert_that(student.spread(Z) >= 0, 'It is not negative.')"


def offered(operator: str, code: str) -> list[str]:
    """What an operator makes of one expression or statement."""
    statement = ast.parse(code).body[0]
    node = statement.value if isinstance(statement, ast.Expr) else statement
    return [ast.unparse(new) for new in OPERATORS[operator](node)]


@pytest.mark.parametrize(
    ("operator", "code", "expected"),
    [
        ("axis", "Z.sum(axis=0)", ["Z.sum(axis=1)", "Z.sum()"]),
        ("axis", "Z.mean(axis=(0, 2, 3))", ["Z.mean(axis=(2, 3))", "Z.mean(axis=(0, 3))", "Z.mean(axis=(0, 2))", "Z.mean()"]),
        ("axis", "np.max(Z, -1)", ["np.max(Z, -2)"]),
        ("axis", "Z.sum(1)", ["Z.sum(0)"]),
        ("keepdims", "Z.sum(axis=0, keepdims=True)", ["Z.sum(axis=0)"]),
        ("transpose", "W.T", ["W"]),
        ("transpose", "np.swapaxes(K, -1, -2)", ["K"]),
        ("transpose", "K.transpose(-1, -2)", ["K"]),
        ("transpose", "W.T @ X", ["W.T @ X.T"]),
        ("ddof", "Z.var(axis=1)", ["Z.var(axis=1, ddof=1)"]),
        ("ddof", "Z.var(ddof=1)", ["Z.var()"]),
        ("other_function", "Z.sum()", ["Z.mean()"]),
        ("other_function", "np.maximum(Z, 0)", ["np.minimum(Z, 0)"]),
        ("function_dropped", "np.sqrt(s)", ["s"]),
        ("function_dropped", "model.log(s)", []),
        ("sign", "a + b", ["a - b"]),
        ("sign", "a / b", ["a * b"]),
        ("sign", "-a", ["a"]),
        ("sign", "a -= b", ["a += b"]),
        ("sign", "a and b", ["a or b"]),
        ("dropped", "a * b", ["a", "b"]),
        ("dropped", "a - b", ["a", "-b"]),
        ("complement", "1 - beta ** t", ["beta ** t"]),
        ("complement", "2 - beta", []),
        ("power", "g ** 2", ["g"]),
        ("swapped", "a - b", ["b - a"]),
        ("swapped", "a + b", []),
        ("swapped", "f(a, b, c)", ["f(b, a, c)", "f(a, c, b)"]),
        ("swapped", "f('W', a)", []),
        ("swapped", "np.maximum(a, b)", []),
        ("epsilon", "np.sqrt(s) + epsilon", ["np.sqrt(s) + 10 * epsilon", "np.sqrt(s + epsilon)"]),
        ("epsilon", "np.sqrt(var + eps)", ["np.sqrt(var) + eps"]),
        ("constant", "3", ["4", "2"]),
        ("constant", "0.5", ["0.45"]),
        ("constant", "0.0", ["0.1"]),
        ("constant", "True", ["False"]),
        ("constant", "'relu'", []),
        ("edge", "a < b", ["a <= b"]),
        ("edge", "a == b", ["a != b"]),
        ("edge", "0 <= p < 1", ["0 < p < 1", "0 <= p <= 1"]),
        ("branch", "a if test else b", ["a", "b"]),
        ("end", "range(T)", ["range(T - 1)", "range(T + 1)"]),
        ("end", "range(1, T)", ["range(1, T - 1)", "range(1, T + 1)", "range(2, T)"]),
        ("end", "reversed(steps)", ["steps"]),
        ("stale", "h = f(h)", ["h = h"]),
        ("stale", "w, b = w - dw, b - db", ["w, b = (w, b - db)", "w, b = (w - dw, b)"]),
        ("stale", "h = f(x)", []),
        ("stale", "total += x", ["pass"]),
        ("copy_dropped", "W.copy()", ["W"]),
        ("copy_dropped", "copy.deepcopy(parameters)", ["parameters"]),
        ("argument_dropped", "conv(X, W, stride=s, dtype=d)", ["conv(X, W, dtype=d)"]),
    ],
)  # fmt: skip
def test_what_an_operator_offers(operator: str, code: str, expected: list[str]) -> None:
    assert offered(operator, code) == expected


@pytest.mark.parametrize(
    ("code", "expected"), [("X[a:b]", ["a:b - 1", "a:b + 1", "a + 1:b"]), ("X[::-1]", [":"]), ("X[:3]", [":2", ":4"])]
)
def test_the_ends_of_a_slice(code: str, expected: list[str]) -> None:
    [node] = [n for n in ast.walk(ast.parse(code)) if isinstance(n, ast.Slice)]
    assert [ast.unparse(new) for new in OPERATORS["end"](node)] == expected


def test_every_operator_is_tried_above() -> None:
    marks = test_what_an_operator_offers.pytestmark[0].args[1]
    assert {operator for operator, _, _ in marks} == set(OPERATORS)


def test_a_variable_that_was_updated_from_another_may_be_stale() -> None:
    [old] = [m for m in mutants(REFERENCE, FUNCTIONS) if m.after == "state = state"]
    assert old.id == "last stale: state = state_new -> state = state"
    assert old.before == "state = state_new"


def test_what_is_changed_and_what_can_be_seen_of_it() -> None:
    found = {m.id: m for m in mutants(REFERENCE, FUNCTIONS)}
    assert found["_mean axis: Z.mean(axis=1, keepdims=True) -> Z.mean(axis=0, keepdims=True)"].changed == (
        "centred",
        "spread",
    )
    assert found["centred dropped: Z - _mean(Z) -> Z"].changed == ("centred", "spread")
    assert found["spread power: centred(Z) ** 2 -> centred(Z)"].changed == ("spread",)
    assert found["HALF constant: HALF = 0.5 -> HALF = 0.45"].changed == ("spread",)
    assert found["spread default: ddof=0 -> ddof=1"].after == "def spread(Z: 'np.ndarray[2]', ddof=1):"


def test_neither_validation_nor_documentation_is_changed() -> None:
    for m in mutants(REFERENCE, FUNCTIONS):
        assert "allowed = Z.ndim == 2" in m.text, m.id
        assert "if Z.size == 0:" in m.text, m.id
        assert "return Z + 1" in m.text, m.id
        assert "Each row minus its mean." in m.text, m.id


def test_a_mutant_is_the_text_with_one_line_changed() -> None:
    lines = ast.unparse(ast.parse(REFERENCE)).split()
    for m in mutants(REFERENCE, FUNCTIONS):
        assert m.text.split() != lines, m.id
        assert m.before != m.after, m.id
        compile(m.text, "mutant", "exec")


def test_ids_are_unique_and_stay_when_other_code_changes() -> None:
    before = [m.id for m in mutants(REFERENCE, FUNCTIONS)]
    assert len(set(before)) == len(before)
    edited = REFERENCE.replace("state = 0.0", "# at first\n    state = 0.0").replace("Each row", "Every row")
    edited = edited.replace("HALF = 0.5", "def helper(a):\n    return a * 2\n\n\nHALF = 0.5")
    assert [m.id for m in mutants(edited, FUNCTIONS)] == before


def tiny(root: Path, checks: str, listed: str = "") -> Assignment:
    """An assignment with a reference of its own."""
    folder = root / "assignments" / "tiny"
    for place in (folder, root / "reference" / "with_numpy"):
        place.mkdir(parents=True)
    (root / "reference" / "with_numpy" / "tiny.py").write_text(REFERENCE)
    (root / "reference" / "shapes.py").write_text("def require(*arguments):\n    pass\n")
    toml = f'title = "Tiny"\norder = 1\nfunctions = {FUNCTIONS}\n[points]\ncentred = 1\nspread = 1\nlast = 1\n'
    (folder / "assignment.toml").write_text(toml)
    (folder / "test_public.py").write_text(CHECKS.replace("SPREAD", checks))
    if listed:
        (folder / LIST).write_text(listed)
    return load(folder)


UNSEEN = "spread default: ddof=0 -> ddof=1", "spread default: ddof=0 -> ddof=-1"
LISTED = f'[[equivalent]]\nreason = "Nothing reads ddof."\nmutants = ["{UNSEEN[0]}", "{UNSEEN[1]}"]\n'


def test_a_strong_check_leaves_what_cannot_be_seen(tmp_path: Path) -> None:
    [result] = grade_mutants([tiny(tmp_path, STRONG)])
    assert not result.problem
    assert {m.id for m in result.survivors} == set(UNSEEN)
    assert result.killed == result.mutants - 2
    assert not result.enough


def test_what_is_listed_is_no_survivor(tmp_path: Path) -> None:
    [result] = grade_mutants([tiny(tmp_path, STRONG, LISTED)])
    assert (result.survivors, result.equivalent, result.share, result.enough) == ([], 2, 1.0, True)


def test_a_weak_check_leaves_survivors(tmp_path: Path) -> None:
    [result] = grade_mutants([tiny(tmp_path, WEAK, LISTED)])
    survivors = {m.id for m in result.survivors}
    assert "spread other_function: (centred(Z) ** 2).sum() -> (centred(Z) ** 2).mean()" in survivors
    assert {id.partition(" ")[0] for id in survivors} <= {"spread", "HALF"}, "the other checks are as strong as before"
    assert result.share < 0.97


def test_a_list_that_is_out_of_date_is_an_error(tmp_path: Path) -> None:
    listed = LISTED.replace(UNSEEN[0], "gone").replace(UNSEEN[1], "centred sign: Z - _mean(Z) -> Z + _mean(Z)")
    [result] = grade_mutants([tiny(tmp_path, STRONG, listed)], keyword="sign")
    assert result.mistaken == [
        "there is no such mutant any more: gone",
        "listed as equivalent, but it loses points: centred sign: Z - _mean(Z) -> Z + _mean(Z)",
    ]
    assert not result.enough


@pytest.mark.parametrize(
    ("listed", "problem"),
    [
        ('[[equivalent]]\nmutants = ["x"]\n', "each [[equivalent]] has a reason"),
        ('[[equivalent]]\nreason = " "\nmutants = ["x"]\n', "without a reason: x"),
        ('[[equivalent]]\nreason = "So."\nmutants = ["x", "x"]\n', "listed twice: x"),
        ("[[equivalent]\n", "each [[equivalent]] has a reason"),
    ],
)
def test_a_list_that_cannot_be_used(tmp_path: Path, listed: str, problem: str) -> None:
    [result] = grade_mutants([tiny(tmp_path, STRONG, listed)])
    assert problem in result.problem
    assert not result.enough


def test_a_check_that_cannot_judge_lets_nothing_survive(tmp_path: Path) -> None:
    [result] = grade_mutants([tiny(tmp_path, "student.spread(Z)")], keyword="spread")
    assert "compared nothing" in result.problem


DOUBLES = """
@points(1)
def test_double(student):
    \"\"\"Twice.\"\"\"
    assert_close(student.double(np.ones((2, 3))), np.full((2, 3), 2.0))

@points(1)
def test_total(student):
    \"\"\"The sum.\"\"\"
    assert_close(student.total(np.ones((2, 3))), np.full(3, 4.0))

@points(1)
def test_total_of_a_double(student):
    \"\"\"Linear.\"\"\"
    assert_close(student.total(student.double(np.ones((2, 3)))), np.full(3, 8.0))
"""


@pytest.mark.parametrize(
    ("change", "changed", "met"),
    [
        (("return 2 * Z", "return 3 * Z"), ("double", "total"), ["double"]),
        (("axis=0", "axis=1"), ("total",), ["total"]),
        ((".sum(", ".sum(dtype=float, "), ("total",), ["total", "total_of_a_double"]),
        (("return 2 * Z", "return Z * 2"), ("double",), ["double", "total_of_a_double"]),
    ],
)
def test_a_mutant_meets_the_checks_that_can_tell_up_to_the_first_lost_point(
    tmp_path: Path, change: tuple[str, str], changed: tuple[str, ...], met: list[str]
) -> None:
    small = made_up.assignment(tmp_path, "", hidden=DOUBLES)
    [report] = made_up.reports(small, made_up.RIGHT.replace(*change), changed={"student 0": changed})
    assert [c.id for c in report.checks] == [f"test_hidden.test_{name}" for name in met]


def test_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tiny(tmp_path, WEAK)
    monkeypatch.setenv("GRADER_ASSIGNMENTS", str(tmp_path / "assignments"))
    result = CliRunner().invoke(cli, ["mutants", "tiny", "--jobs", "1", "-k", "spread power"])
    assert result.exit_code == 1, result.output
    assert "survives: spread power: centred(Z) ** 2 -> centred(Z)\n    before  return" in result.output
    result = CliRunner().invoke(cli, ["mutants", "tiny", "--jobs", "1", "-k", "last", "--sample", "3"])
    assert result.exit_code == 0, result.output
    assert "100.0 %" in result.output


@pytest.mark.parametrize("assignment", available(), ids=lambda a: a.name)
def test_the_lists_name_mutants_that_exist(assignment: Assignment) -> None:
    if listed := listed_equivalent(assignment):
        assert listed.keys() <= {m.id for m in mutants_of(assignment)}
