"""A session: from checks and submissions to reports, with nothing that one leaves to the next."""

import itertools

import msgspec
import pytest

from grader.judge.bench import WorkerBench
from grader.judge.isolation.sandbox import Killed, SandboxError
from grader.judge.session import JudgeError, Submission, judge
from tests.judge.made_up import RIGHT, VALUES, assignment, check, reports, submission

PUBLIC = '''
@pytest.fixture
def two():
    return 2.0

@points(2)
@given(Z=arrays("n", "m"))
def test_double_of_the_opposite(student, Z):
    """double(-Z) is -double(Z)."""
    assert_close(student.double(-Z), -student.double(Z))

@points(1)
def test_double_with_a_fixture(student, two):
    """double doubles one."""
    assert_close(student.double(np.ones((1, 1))), np.full((1, 1), two))

@points(1)
@pytest.mark.parametrize("n", [1, 3])
def test_double_of_shapes(student, n):
    """double works on columns of any height."""
    assert student.double(np.ones((n, 1))).shape == (n, 1)

@points(1, of="double")
@given(Z=arrays("n", "m"), c=floats(-2, 2))
@example(Z=np.array([[7.0]]), c=1.0)
def test_linearity(student, Z, c):
    """double(c Z) is c double(Z)."""
    assume(c != 0)
    assert_close(student.double(c * Z), c * student.double(Z))

@points(1)
@timeout(2)
def test_total_in_time(student):
    """total answers within two seconds."""
    assert_that(student.total(np.ones((2, 2))) is not None, "It returns something.")
'''
HIDDEN = f'''{VALUES}
@points(2)
@given(Z=arrays("n", "m"))
def test_total_of_the_answer(student, Z):
    """total of a double is twice the total."""
    assert_close(student.total(student.double(Z)), 2 * reference.total(Z))

@points(3)
@given(seed=seeds())
def test_draw_values(student, seed):
    """draw takes its numbers from the generator that it is given."""
    assert_close(student.draw((2, 3), rng(seed)), reference.draw((2, 3), rng(seed)))

@points(3)
@given(x=floats(-1, 1))
def test_slope_of_a_parabola(student, x):
    """slope calls the function that it is given."""
    assert_close(student.slope(lambda at: at * at, x), 2 * x, slack=1e-8)

@points(3, of="Layer")
@given(Z=arrays("n", "m"))
def test_a_layer(student, Z):
    """A layer is built, called and keeps count."""
    layer = student.Layer(3.0)
    assert_equal(layer.calls, 0)
    assert_close(layer.forward(Z), reference.Layer(3.0).forward(Z))
    layer.forward(Z)
    assert_equal(layer.calls, 2)
    assert_equal(layer.scale, 3.0)
'''
MISTAKES = """
@mistake(of="double", says="You square instead of doubling.")
def squares(Z):
    return Z * Z
"""
TORCH = """
import torch

def double(Z):
    assert isinstance(Z, torch.Tensor)
    return 2 * Z

def total(Z):
    return double(Z).sum(dim=0)
"""
WRONG_DOUBLE = RIGHT.replace("return 2 * Z", "return Z * Z")
SUBMISSIONS = {
    "right": RIGHT,
    "wrong double": WRONG_DOUBLE,
    "wrong total": RIGHT.replace("axis=0", "axis=-1"),
    "no total": RIGHT.replace("def total", "def sums"),
    "raises": RIGHT.replace("return rng.normal", "raise KeyError('no'); rng.normal"),
    "ignores rng": RIGHT.replace("return rng.normal", "return np.random.default_rng(1).normal"),
    "endless": RIGHT.replace("return double(Z).sum", "while True: pass\n    return double(Z).sum"),
    "exits": RIGHT.replace("return rng.normal", "import os; os._exit(0); rng.normal"),
    "remembers": RIGHT.replace("return 2 * Z", "seen.append(1); return (2 + len(seen) // 90) * Z") + "seen = []\n",
    "syntax": "def double(Z:\n",
    "right again": RIGHT,
}


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    return assignment(tmp_path_factory.mktemp("tiny"), PUBLIC, HIDDEN, MISTAKES, extra="seconds = 3.0")


@pytest.fixture(scope="module")
def judged(tiny):
    """A report for each of the submissions, all from one session."""
    found = reports(tiny, *SUBMISSIONS.values())
    return dict(zip(SUBMISSIONS, found, strict=True))


def lost(report):
    """The functions that lost points."""
    return {c.function for c in report.checks if c.points < c.max_points}


def timeless(report):
    """A report without what is different each time: the clock and the name of the student."""
    checks = [msgspec.structs.replace(c, seconds=0.0) for c in report.checks]
    return msgspec.structs.replace(report, checks=checks, seconds=0.0, started="", student="", digest="")


def test_right_code_gets_all_points(judged):
    report = judged["right"]
    assert (report.score, report.max_score, report.status, report.why) == (25.0, 25.0, "full-marks", "")
    assert [c.verdict for c in report.checks] == ["pass"] * 12
    assert report.lines == sum(bool(line) for line in RIGHT.splitlines())
    assert [c.max_points for c in report.checks] == [2.0, 1.0, 1.0, 1.0, 1.0, 1.0, 4.0, 3.0, 2.0, 3.0, 3.0, 3.0]


def test_ids_functions_titles_and_hiding(judged):
    checks = {c.id: c for c in judged["right"].checks}
    assert checks["test_public.test_double_of_shapes[3]"].title == "double works on columns of any height."
    assert checks["test_public.test_linearity"].function == "double"
    assert checks["test_hidden.test_a_layer"].function == "Layer"
    assert all(c.hidden == id.startswith("test_hidden.") for id, c in checks.items())


def test_one_bug_is_paid_for_once(judged):
    """total calls double: it is judged with the right double in its place."""
    report = judged["wrong double"]
    assert lost(report) == {"double"}
    assert check(report, "test_total_values").verdict == "pass"
    assert check(report, "test_total_values").message == (
        "right, given the right double: graded with ours in place of yours."
    )


def test_the_mistake_is_named(judged):
    report = judged["wrong double"]
    failed = check(report, "test_double_values")
    assert failed.diagnosis == "You square instead of doubling."
    assert report.why == "double: You square instead of doubling."
    assert failed.evidence.call == "double(Z)"
    assert "from tiny import double" in failed.evidence.snippet
    assert check(report, "test_double_with_a_fixture").verdict == "fail"


def test_a_wrong_caller_costs_itself_alone(judged):
    assert lost(judged["wrong total"]) == {"total"}


def test_a_missing_function_costs_itself_alone(judged):
    report = judged["no total"]
    assert lost(report) == {"total"}
    assert check(report, "test_total_values").verdict == "error"
    assert check(report, "test_total_values").message == "tiny.py does not define total."


def test_an_exception_is_an_error_with_the_line(judged):
    report = judged["raises"]
    failed = check(report, "test_draw_values")
    assert lost(report) == {"draw"}
    assert failed.verdict == "error"
    assert failed.message == "draw raised KeyError: 'no'."
    assert failed.evidence.frames[0].text.startswith("raise KeyError('no')")


def test_a_generator_of_one_s_own_fails(judged):
    assert lost(judged["ignores rng"]) == {"draw"}
    assert check(judged["ignores rng"], "test_draw_values").verdict == "fail"


@pytest.mark.parametrize(("name", "verdict", "function"), [("endless", "timeout", "total"), ("exits", "crash", "draw")])
def test_no_answer_costs_the_one_function(judged, name, verdict, function):
    report = judged[name]
    assert lost(report) == {function}
    assert {c.verdict for c in report.checks if c.function == function} == {verdict}


def test_the_deadline_of_a_check(judged):
    assert "within 2 seconds" in check(judged["endless"], "test_total_in_time").message


def test_a_file_that_cannot_be_read(judged):
    report = judged["syntax"]
    assert (report.score, report.status) == (0.0, "unreadable")
    assert "SyntaxError" in report.why


def test_state_does_not_leak_between_checks(judged):
    """A function that turns wrong after its ninetieth call: every check gets a fresh process, and makes fewer."""
    assert lost(judged["remembers"]) == set()


def test_submissions_before_do_not_matter(judged):
    """After a crash, a timeout and a syntax error: the same report as at first."""
    assert timeless(judged["right again"]) == timeless(judged["right"])


def test_a_second_session_in_another_order_says_the_same(tiny, judged):
    again = reports(tiny, SUBMISSIONS["wrong total"], SUBMISSIONS["wrong double"])
    assert timeless(again[1]) == timeless(judged["wrong double"])
    assert timeless(again[0]) == timeless(judged["wrong total"])


def test_another_seed_shows_other_examples(tiny, judged):
    (other,) = reports(tiny, SUBMISSIONS["wrong double"], seed=5)
    assert other.seed == 5
    assert lost(other) == {"double"}
    assert [c.evidence for c in other.checks] != [c.evidence for c in judged["wrong double"].checks]


def test_a_keyword_and_the_public_checks_alone(tiny):
    (some,) = reports(tiny, RIGHT, keyword="slope or layer")
    assert [c.id for c in some.checks] == ["test_hidden.test_slope_of_a_parabola", "test_hidden.test_a_layer"]
    (public,) = reports(tiny, RIGHT, hidden=False)
    assert (public.score, public.max_score) == (7.0, 7.0)
    with pytest.raises(JudgeError, match="no check that fits 'nothing'"):
        reports(tiny, RIGHT, keyword="nothing")


def test_missing_and_unreadable_hand_ins(tiny):
    delivered = []
    judge(tiny, [Submission("a", None), Submission("b", None, "It is not UTF-8.")], delivered.append, keyword="draw")
    assert [(r.status, r.score, r.max_score) for r in delivered] == [("missing", 0.0, 3.0), ("unreadable", 0.0, 3.0)]
    assert delivered[1].why == "It is not UTF-8."


def test_reports_come_as_soon_as_they_exist(tiny):
    """Submissions are taken one by one: the second is asked for after the first report."""
    log = []

    def incoming():
        for name in "ab":
            log.append(f"asked for {name}")
            yield submission(RIGHT, name)

    judge(tiny, incoming(), lambda report: log.append(f"report of {report.student}"), keyword="draw")
    assert log == ["asked for a", "report of a", "asked for b", "report of b"]


def test_pytorch_submissions(tiny):
    pytest.importorskip("torch")
    (report,) = reports(tiny, TORCH, keyword="double or total")
    assert report.framework == "torch"
    assert report.score == report.max_score


# --- what a check itself may get wrong


def test_checks_that_judge_nobody(tmp_path):
    """One that the reference fails, one that compares nothing, one that cannot be drawn: none costs anything."""
    hidden = '''
@points(5)
def test_double_impossible(student):
    """double triples."""
    assert_close(student.double(np.ones(2)), 3 * np.ones(2))

@points(5)
def test_double_of_nothing(student):
    """double is called."""
    student.double(np.ones(2))

@points(5)
@given(Z=integers(0, 9).filter(lambda n: n > 9))
def test_double_of_what_there_is_not(student, Z):
    """double of a number that cannot be drawn."""
    assert_close(student.double(Z), 2 * Z)

@points(5)
def test_double_by_a_mistyped_name(student):
    """double, by an author who mistyped."""
    assert_close(student.double(np.ones(2)), refrence.double(np.ones(2)))

@points(1)
def test_double_values(student):
    """double doubles."""
    assert_close(student.double(np.ones(2)), reference.double(np.ones(2)))
'''
    tiny = assignment(tmp_path, "", hidden)
    right, wrong = reports(tiny, RIGHT, WRONG_DOUBLE.replace("Z * Z", "-Z"))
    for report, score in ((right, 1.0), (wrong, 0.0)):
        assert (report.score, report.max_score, report.status) == (score, 1.0, "could-not-grade")
        assert [c.verdict for c in report.checks[:4]] == ["could-not-grade"] * 4
        assert "the reference itself fails this check" in report.checks[0].message
        assert "compares nothing" in report.checks[1].message


@pytest.mark.parametrize(
    ("public", "words"),
    [
        ('@points(1)\ndef test_double(student):\n    assert student.double(1) == 2\n', "has no docstring"),
        ('def test_double(student):\n    """A sentence."""\n', "has no points"),
        ('@points(1)\ndef test_doubble(student):\n    """A sentence."""\n', "is about no function of the assignment"),
        ("import no_such_module\n", "No module named 'no_such_module'"),
        ("def test_double(:\n", "SyntaxError|invalid syntax"),
        ("", "there are no checks"),
    ],
)  # fmt: skip
def test_an_assignment_that_cannot_be_judged(tmp_path, public, words):
    tiny = assignment(tmp_path, public, functions=("double",))
    with pytest.raises(JudgeError, match=words):
        reports(tiny, RIGHT)


def test_calls_that_depend_on_earlier_answers(tmp_path):
    """What was sent ahead does not fit a wrong answer: those calls go live, and give what a live run gives."""
    hidden = '''
@points(1)
@given(Z=arrays("n", "m"))
def test_double_three_times(student, Z):
    """double three times is times eight."""
    assert_close(student.double(student.double(student.double(Z))), 8 * Z)

@points(1)
@given(Z=arrays("n", "m"))
def test_total_after_double(student, Z):
    """total of a double."""
    twice = student.double(Z)
    if float(np.abs(twice - 2 * Z).max()) > 1e-9:
        student.double(twice + 1)
    assert_close(student.total(Z), reference.total(Z))
'''
    tiny = assignment(tmp_path, "", hidden)
    tripled = RIGHT.replace("return 2 * Z", "return 3 * Z")
    other_total = tripled.replace("return double(Z).sum", "return 2 * Z.sum")
    right, wrong, separate = reports(tiny, RIGHT, tripled, other_total)
    assert right.score == 2.0
    failed = check(wrong, "test_double_three_times")
    assert failed.verdict == "fail"
    assert check(separate, "test_total_after_double").verdict == "pass"
    assert check(separate, "test_total_after_double").message == ""


GENERATORS = '''
@points(2)
@given(seed=seeds())
def test_draw_values(student, seed):
    """draw draws from a normal distribution."""
    assert_close(student.draw((2, 3), rng(seed)), reference.draw((2, 3), rng(seed)))

@points(3)
@given(steps=integers(1, 4), seed=seeds())
def test_walk_moves_on(student, steps, seed):
    """walk takes steps of a drawn length."""
    assert_that(0 < student.walk(steps, rng(seed)) < 10, "It moves, and not too far.")
'''


def test_the_reference_answers_a_call_that_passes_its_generator_on(tmp_path):
    tiny = assignment(tmp_path, "", GENERATORS, functions=("draw", "walk"))
    [report] = reports(tiny, RIGHT.replace("rng.normal(size=shape)", "100 + rng.normal(size=shape)"))
    assert check(report, "test_draw_values").verdict == "fail"
    walk = check(report, "test_walk_moves_on")
    assert walk.verdict == "pass"
    assert "draw" in walk.message


def test_a_function_that_is_missing_costs_only_its_own_points(tmp_path):
    """Those that call it, be it once, are graded with the reference in its place."""
    [report] = reports(assignment(tmp_path, PUBLIC, HIDDEN), "def total(Z):\n    return double(Z).sum(axis=0)\n")
    assert {c.function for c in report.checks if c.points < c.max_points and c.function in ("double", "total")} == {
        "double"
    }


@pytest.mark.parametrize(
    ("trouble", "times", "verdict"),
    [
        (SandboxError("the process that isolates submissions is gone"), 10, "pass"),
        (SandboxError("the process that isolates submissions is gone"), 11, "could-not-grade"),
        (Killed("crash", "the process of the code was ended by the signal SIGKILL"), 3, "pass"),
        (Killed("crash", "the process of the code was ended by the signal SIGKILL"), 4, "crash"),
    ],
)
def test_a_process_that_is_killed_again_and_again(tmp_path, monkeypatch, trouble, times, verdict):
    hear, count = WorkerBench.hear, itertools.count(1)

    def struck(bench, call):
        if next(count) <= times:
            raise trouble
        return hear(bench, call)

    monkeypatch.setattr(WorkerBench, "hear", struck)
    (report,) = reports(assignment(tmp_path, PUBLIC), RIGHT, keyword="of_the_opposite")
    assert [c.verdict for c in report.checks] == [verdict]


@pytest.mark.parametrize(
    ("double", "own"),
    [
        ("return 2 * Z", True),
        ("out = KEPT.setdefault(Z.shape, np.empty(Z.shape))\n    out[:] = 2 * Z\n    return out", False),
        ("KEPT.clear()\n    KEPT['Z'] = 2 * Z\n    return KEPT", False),
        ("KEPT['Z'] = 2 * Z\n    return KEPT['Z']", True),
    ],
)
def test_what_an_earlier_call_returned_is_left_alone(tmp_path, double, own):
    public = '''
@points(1)
@given(Z=arrays("n", "m"))
def test_double_contract(student, Z):
    """double returns memory of its own."""
    assert_contract(student.double, Z, parts=("memory",))
'''
    (report,) = reports(
        assignment(tmp_path, public), f"import numpy as np\nKEPT = {{}}\n\ndef double(Z):\n    {double}"
    )
    assert report.checks[0].message == ("" if own else "double changes what an earlier call of it returned.")


@pytest.mark.parametrize(("given", "left"), [("Z", True), ("Z.detach().clone()", False)])
def test_gradients_of_pytorch_are_not_left_in_the_arguments(tmp_path, given, left):
    pytest.importorskip("torch")
    public = '''
@points(1)
@given(Z=arrays("n", "m"))
def test_double_contract(student, Z):
    """double leaves Z alone."""
    assert_contract(student.double, Z, parts=("inputs",))
'''
    double = f"""
import torch

def double(Z):
    at = {given}.requires_grad_()
    (at * at).sum().backward()
    return at.grad.clone()
"""
    (report,) = reports(assignment(tmp_path, public), double)
    assert ("double leaves gradients in the .grad of its arguments" in report.checks[0].message) is left
