"""Ours takes a wrong function's place: the judge's answer, or the assignment's own stand-in for what cannot cross."""

import pytest

from grader.assignment import find
from grader.banks.bank import right
from grader.judge.probes import Probes
from grader.judge.session import judge
from grader.worker.graph import answered, followed
from tests.judge.made_up import HEAD, VALUES, assignment, check, reports, submission

PROBES = """
class Box:
    def __init__(self, content):
        self.content = content


def twice_in_a_box(student, content, answer):
    box = Box(content)
    box.answer = answer
    return student.total(box)


def once_in_a_box(student, content):
    return student.double(Box(content))


def stand_in_for_double(box):
    return box.answer
"""
HIDDEN = """
@points(2)
@given(n=integers(1, 9))
def test_double_of_a_box(student, n):
    \"\"\"double of a box is twice what is in it.\"\"\"
    assert_equal(student.probes.once_in_a_box(n), 2 * n)

@points(3)
@requires("double")
@given(n=integers(1, 9))
def test_total_of_a_box(student, n):
    \"\"\"total of a box is one more than its double.\"\"\"
    assert_equal(student.probes.twice_in_a_box(n, 2 * n), 2 * n + 1)
"""
RIGHT = "def double(box):\n    return 2 * box.content\n\ndef total(box):\n    return double(box) + 1\n"
TEXTS = {
    "right": RIGHT,
    "wrong double": RIGHT.replace("2 *", "3 *"),
    "no double": RIGHT.partition("\n\n")[2],
    "both wrong": RIGHT.replace("2 *", "3 *").replace("+ 1", "+ 2"),
    "makes up for its double": RIGHT.replace("2 * box.content", "2 * box.content - 1").replace("+ 1", "+ 2"),
}


@pytest.fixture(scope="module")
def judged(tmp_path_factory):
    root = tmp_path_factory.mktemp("stand_ins")
    tiny = assignment(root, "", functions=("double", "total"))
    (root / "reference_of_boxes.py").write_text(RIGHT)
    (tiny.folder / "test_hidden.py").write_text(HEAD + "import reference_of_boxes as reference\n" + HIDDEN)
    (tiny.folder / "probes.py").write_text(PROBES)
    return dict(zip(TEXTS, reports(tiny, *TEXTS.values()), strict=True))


@pytest.mark.parametrize(
    ("name", "double", "total"),
    [
        ("right", "pass", "pass"),
        ("wrong double", "fail", "pass"),
        ("no double", "error", "pass"),
        ("both wrong", "fail", "fail"),
        ("makes up for its double", "fail", "pass"),
    ],
)
def test_one_bug_is_paid_for_once(judged, name, double, total):
    assert check(judged[name], "test_double_of_a_box").verdict == double
    assert check(judged[name], "test_total_of_a_box").verdict == total


def test_the_report_says_that_ours_stood_in(judged):
    assert "graded with ours" in check(judged["wrong double"], "test_total_of_a_box").message


def test_a_stand_in_reaches_a_worker_only_where_it_is_needed(tmp_path):
    (tmp_path / "probes.py").write_text(
        f"import math\n{PROBES}\n\ndef stand_in_for_total(box):\n    return Box(math.inf)\n"
    )
    probes = Probes(tmp_path)
    assert "stand_in" not in probes.text_with(())
    assert "twice_in_a_box" in probes.text_with(())
    names = {}
    exec(probes.text_with(["total"]), names)
    assert names["stand_in_for_total"](None).content == float("inf")
    assert "stand_in_for_double" not in names
    first = next(i for i, line in enumerate(probes.text.splitlines()) if "def once" in line)
    assert "def once" in probes.text_with(()).splitlines()[first], "lines keep their numbers"


def test_without_probes_there_is_no_text(tmp_path):
    assert Probes(tmp_path).text_with(["total"]) == ""


CALLED = """
@points(2)
@given(Z=arrays("n", "m"))
def test_double_values(student, Z):
    '''double is right.'''
    assert_close(student.double(Z), 2 * Z)

@points(3)
@given(Z=arrays("n", "m"))
def test_total_is_that_of_the_double(student, Z):
    '''The check itself calls double.'''
    assert_close(student.total(Z), student.double(Z).sum(axis=0))
"""


def test_ours_stands_in_where_the_check_itself_calls_a_wrong_function(tmp_path):
    """A comment that mentions the function changes nothing."""
    tiny = assignment(tmp_path, "", hidden=CALLED, functions=("double", "total"))
    apart = "def double(Z):\n    return 3 * Z\n\ndef total(Z):\n    return 2 * Z.sum(axis=0)\n"
    wrong = apart.replace("2 * Z.sum", "4 * Z.sum")
    assert [r.score for r in reports(tiny, apart, apart + "# double\n", wrong)] == [3, 3, 0]


@pytest.fixture(scope="module")
def through_the_cell():
    """By name: the functions of lstm_gru that lose points where autograd goes through a wrong cell."""
    topic = find("lstm_gru")
    right_code = next(s for s in right(topic) if s.student == "with_torch")
    text = right_code.source.cells[0].text
    texts = {
        "wrong cell": text.replace("c = f * c_prev", "c = c_prev"),
        "no cell": text.replace("def lstm_cell", "def another"),
        "wrong cell and slopes": text.replace("c = f * c_prev", "c = c_prev").replace("(*a)[0], (X", "(*a)[1], (X"),
    }
    found = []
    judge(
        topic,
        [submission(t, name) for name, t in texts.items()],
        found.append,
        keyword="lstm and values",
        framework="torch",
    )
    return {r.student: {c.function for c in r.checks if c.points < c.max_points} for r in found}


@pytest.mark.parametrize(
    ("name", "paid"),
    [
        ("wrong cell", {"lstm_cell"}),
        ("no cell", {"lstm_cell"}),
        ("wrong cell and slopes", {"lstm_cell", "lstm_backward"}),
    ],
)
def test_autograd_goes_through_ours(through_the_cell, name, paid):
    assert through_the_cell[name] == paid


def scaled(given):
    """What a judge might answer: a dict with a tensor, a number and a whole number of the arguments."""
    (x, k), named = given
    return {"y": named["scale"] * x**2, "sum": float((k * x).sum()), "n": 3}


def pulled(given, cotangents):
    (x, k), named = given
    by_y, by_sum = cotangents
    return [2 * named["scale"] * x * by_y + k * by_sum, x * by_sum, (x**2 * by_y).sum()]


def test_an_answer_is_part_of_the_graph():
    import torch

    x, k = torch.tensor([1.0, 2.0, 3.0], requires_grad=True), torch.tensor([1, 2, 3])
    scale = torch.tensor(5.0, dtype=torch.float64, requires_grad=True)
    weights = 2 * x  # no leaf
    got = answered(scaled, pulled, [[x, weights], {"scale": scale, "k": k}])
    assert got["n"] == 3
    assert got["sum"].dtype == torch.float64
    by_x, by_scale = torch.autograd.grad(3 * got["y"].sum() + got["sum"], [x, scale])
    torch.testing.assert_close(by_x, 6 * 5 * x + 2 * x + 2 * x)
    torch.testing.assert_close(by_scale, 3 * (x**2).sum().double())
    whole = {"scale": scale.detach(), "k": k}
    by_func = torch.func.grad(lambda x: answered(scaled, pulled, [[x, torch.ones(3)], whole])["y"].sum())(x)
    torch.testing.assert_close(by_func, 2 * 5 * x)
    _, back = torch.func.vjp(lambda x: answered(scaled, pulled, [[x, torch.ones(3)], whole])["sum"], x)
    torch.testing.assert_close(back(torch.tensor(2.0, dtype=torch.float64))[0], torch.full((3,), 2.0))
    assert followed([[x], {}])
    assert not followed([[x.detach(), k, 1.0], {}])


DOUBLE = "def helper(Z):\n    return total(Z[None])\n\ndef double(Z):\n    return helper(Z)\n\n"
TOTAL = "def total(Z):\n    return 2 * Z.sum(axis=0)\n"


@pytest.mark.parametrize(
    ("text", "paid"),
    [
        (DOUBLE + TOTAL, set()),
        (DOUBLE + TOTAL.replace("2 *", "3 *"), {"total"}),
        (DOUBLE, {"total"}),
        (DOUBLE.replace("return helper", "return 3 * helper") + TOTAL, {"double"}),
        (DOUBLE.replace("return helper", "return 3 * helper") + TOTAL.replace("2 *", "3 *"), {"double", "total"}),
        (DOUBLE + "def total(Z):\n    return double(Z).sum(axis=0)\n", {"double"}),
        (DOUBLE + "def total(Z):\n    return 1 + double(Z).sum(axis=0)\n", {"total"}),
    ],
)
def test_ours_stands_in_for_a_later_function_that_is_wrong_itself(tmp_path, text, paid):
    tiny = assignment(tmp_path, "", hidden=VALUES, functions=("double", "total"))
    (report,) = reports(tiny, "import numpy as np\n" + text)
    assert {c.function for c in report.checks if c.points < c.max_points} == paid


@pytest.mark.parametrize(("terms", "verdicts"), [(900, {"pass", "fail"}), (1500, {"error"})])
def test_a_deep_expression_is_no_fault_of_the_grader(tmp_path, terms, verdicts):
    tiny = assignment(tmp_path, "", hidden=VALUES, functions=("double", "total"))
    deep = f"\nDEEP = {'1 + ' * terms}1\n"
    (report,) = reports(tiny, "import numpy as np\n" + DOUBLE + TOTAL.replace("2 *", "3 *") + deep)
    assert {c.verdict for c in report.checks} == verdicts
