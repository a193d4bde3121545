"""Code that keeps something from one call to the next is told so, and no other code is."""

import pytest

from grader.assignment import find
from grader.banks.bank import from_reference, reference_file
from grader.judge.remembering import KEEPS
from grader.judge.session import judge
from tests.judge.made_up import HEAD, assignment, check, reports

HIDDEN = f'''{HEAD}import made_up_reference as reference

@points(4)
@given(Z=arrays("n", "m"))
def test_double_values(student, Z):
    """double doubles."""
    assert_close(student.double(Z), reference.double(Z))

@points(1)
def test_double_after_another(student):
    """double doubles after another call."""
    student.double(np.ones((2, 3)))
    assert_close(student.double(np.full((2, 3), 5.0)), np.full((2, 3), 10.0))
'''
START = "import numpy as np\n\ndef double(Z"
KEEPING = {
    "a cache whose key lacks something": ", known={}):\n    return known.setdefault(Z.shape, 2 * Z)",
    "a list as a default": ", all=[]):\n    all.append(Z)\n    return all[0] + all[-1]",
    "a global variable": "):\n    global last\n    last = globals().get('last', Z)\n    return last + Z",
}
OTHERS = {
    "wrong each time": "):\n    return Z * Z + np.sin(Z)",
    "random": "):\n    return 2 * Z + np.random.rand()",
    "right": ", known={}):\n    known[Z.shape] = 2 * Z\n    return known[Z.shape]",
}


@pytest.fixture(scope="module")
def judged(tmp_path_factory):
    made = assignment(tmp_path_factory.mktemp("remembering"), "", functions=("double",))
    (made.folder / "test_hidden.py").write_text(HIDDEN)
    (made.folder / "test_public.py").unlink()
    texts = {**KEEPING, **OTHERS}
    return dict(zip(texts, reports(made, *(START + text for text in texts.values())), strict=True))


@pytest.mark.parametrize("name", KEEPING)
def test_what_is_kept_is_told(judged, name):
    assert check(judged[name], "test_double_after_another").diagnosis == f"double {KEEPS}"


@pytest.mark.parametrize("name", OTHERS)
def test_other_code_is_not_told_so(judged, name):
    assert not any(KEEPS in (c.diagnosis or "") for c in judged[name].checks)


def test_right_code_gets_all_points(judged):
    assert judged["right"].score == judged["right"].max_score


@pytest.mark.parametrize(
    ("name", "forward", "backward"),
    [("convolution", "conv_forward", "conv_backward"), ("pooling", "max_pool", "max_pool_backward")],
)
def test_a_backward_pass_belongs_to_its_own_images(name, forward, backward):
    """One that goes on with what the last forward pass kept, where that has the same shape, loses its own points."""
    text = f"""
kept, right_forward, right_backward = [], {forward}, {backward}

def {forward}(X, *others, **named):
    kept[:] = [X]
    return right_forward(X, *others, **named)

def {backward}(dout, X, *others, **named):
    last = kept[0] if kept and kept[0].shape == X.shape else X
    return right_backward(dout, last, *others, **named)
"""
    assignment, found = find(name), []
    keeping = from_reference(assignment, reference_file(assignment).read_text("utf-8") + text, "keeping")
    judge(assignment, [keeping], found.append, keyword=f"{backward}_values")
    (check,) = found[0].checks
    assert (check.function, check.points) == (backward, 0)
    assert check.diagnosis == f"{backward} {KEEPS}"
