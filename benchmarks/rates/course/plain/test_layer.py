"""The 12 checks as plain pytest and hypothesis have them, for whatever calls them with a `student`: a module.

They are those of ../assignments/layer/test_hidden.py.
"""

import answers
import numpy as np
from examples import forty
from hypothesis import given
from hypothesis import strategies as st


def make(shape, seed):
    return np.random.default_rng(seed).uniform(-3, 3, shape)


def matrices(rows, columns):
    """Matrices with entries in [-3, 3], made from a seed, which takes half the time of hypothesis' own arrays.

    A named size is the same wherever it stands in a test.
    """
    sizes = [st.just(s) if isinstance(s, int) else st.shared(st.integers(1, 6), key=s) for s in (rows, columns)]
    return st.builds(make, st.tuples(*sizes), st.integers(0, 2**20))


def assert_close(got, expected):
    np.testing.assert_allclose(got, expected, rtol=1e-7, atol=1e-11, strict=True)


@forty
@given(Z=matrices("n", "m"))
def test_sigmoid_values(student, Z):
    assert_close(student.sigmoid(Z), answers.sigmoid(Z))


@forty
@given(Z=matrices("n", "m"))
def test_sigmoid_is_symmetric(student, Z):
    assert_close(student.sigmoid(-Z), 1 - student.sigmoid(Z))


@forty
@given(Z=matrices("n", "m"))
def test_sigmoid_far_from_zero(student, Z):
    assert_close(student.sigmoid(1000 + Z), answers.sigmoid(1000 + Z))


@forty
@given(Z=matrices("K", "m"))
def test_softmax_values(student, Z):
    assert_close(student.softmax(Z), answers.softmax(Z))


@forty
@given(Z=matrices("K", "m"), c=st.floats(-1e4, 1e4))
def test_softmax_ignores_a_shift(student, Z, c):
    assert_close(student.softmax(Z + c), student.softmax(Z))


@forty
@given(Z=matrices("K", "m"))
def test_softmax_sums_to_one(student, Z):
    assert_close(student.softmax(Z).sum(axis=0), np.ones(Z.shape[1]))


@forty
@given(dA=matrices("n", "m"), Z=matrices("n", "m"))
def test_relu_backward_values(student, dA, Z):
    assert_close(student.relu_backward(dA, Z), answers.relu_backward(dA, Z))


@forty
@given(dA=matrices("n", "m"), Z=matrices("n", "m"), c=st.floats(-3, 3))
def test_relu_backward_is_linear(student, dA, Z, c):
    assert_close(student.relu_backward(c * dA, Z), c * student.relu_backward(dA, Z))


@forty
@given(dA=matrices("n", "m"))
def test_relu_backward_at_zero(student, dA):
    assert_close(student.relu_backward(dA, np.zeros_like(dA)), np.zeros_like(dA))


@forty
@given(A=matrices("n", "m"), W=matrices("k", "n"), b=matrices("k", 1))
def test_linear_forward_values(student, A, W, b):
    assert_close(student.linear_forward(A, W, b), answers.linear_forward(A, W, b))


@forty
@given(A=matrices("n", "m"), W=matrices("k", "n"), c=st.floats(-3, 3))
def test_linear_forward_is_linear(student, A, W, c):
    b = np.zeros((len(W), 1))
    assert_close(student.linear_forward(c * A, W, b), c * student.linear_forward(A, W, b))


@forty
@given(A=matrices("n", "m"), W=matrices("k", "n"), b=matrices("k", 1))
def test_linear_forward_adds_the_bias(student, A, W, b):
    assert_close(student.linear_forward(A, 0 * W, b), np.repeat(b, A.shape[1], axis=1))
