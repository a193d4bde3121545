"""Checks that compare with the reference on drawn batches, and the corners that are easily missed."""

import numpy as np

from grader.authoring import (
    arrays,
    assert_close,
    assert_stable,
    assert_that,
    binary,
    given,
    labels,
    one_hot_columns,
    points,
    probabilities,
)
from reference.with_numpy import losses as reference

EPSILON = 1e-4  # an epsilon of 1e-7 inside the logarithm may shift the sum over six units by this much
ROUNDING = 1e-12  # terms that cancel leave 1e-17 or 0, according to the order of the sum


def distributions(classes, examples):
    """Columns that add up to 1, no entry below 0.008."""

    def normalised(Z):
        return np.exp(Z) / np.exp(Z).sum(axis=0)

    return arrays(classes, examples, low=-1.5, high=1.5).map(normalised)


# one_hot


@points(3.5)
@given(y=labels("m", classes=6))
def test_one_hot_values(student, y):
    """one_hot has its ones where the labels say, and zeros everywhere else."""
    assert_close(student.one_hot(y, 6), reference.one_hot(y, 6))


# binary_cross_entropy


@points(4)
@given(A=probabilities("K", "m"), Y=binary("K", "m"))
def test_binary_cross_entropy_values(student, A, Y):
    """binary_cross_entropy is right for any number of units and examples."""
    assert_close(student.binary_cross_entropy(A, Y), reference.binary_cross_entropy(A, Y), slack=EPSILON)


@points(1.5)
@given(A=probabilities("K", "m"), Y=probabilities("K", "m"))
def test_binary_cross_entropy_of_soft_targets(student, A, Y):
    """Targets between 0 and 1 count on both sides, each with its share."""
    assert_close(student.binary_cross_entropy(A, Y), reference.binary_cross_entropy(A, Y), slack=EPSILON)


@points(1.5)
def test_binary_cross_entropy_of_certain_answers(student):
    """A certain right answer costs next to nothing, a certain wrong one a lot."""
    right = student.binary_cross_entropy(np.array([[0.0, 1.0]]), np.array([[0.0, 1.0]]))
    assert_close(right, 0.0, slack=1e-3)
    for A, Y in ((0.0, 1.0), (1.0, 0.0)):
        wrong = student.binary_cross_entropy(np.array([[A]]), np.array([[Y]]))
        sentence = (
            f"The probability {A:.0f} of an answer that is {Y:.0f} costs {wrong + 0.0:.3g}; it must cost more than 10."
        )
        assert_that(wrong > 10, sentence)


# binary_cross_entropy_with_logits


@points(4.5)
@given(Z=arrays("K", "m"), Y=binary("K", "m"))
def test_binary_cross_entropy_with_logits_values(student, Z, Y):
    """binary_cross_entropy_with_logits is right for any number of units and examples."""
    expected = reference.binary_cross_entropy_with_logits(Z, Y)
    assert_close(student.binary_cross_entropy_with_logits(Z, Y), expected, slack=ROUNDING)


@points(2)
@given(Z=arrays("K", "m"), Y=probabilities("K", "m"))
def test_binary_cross_entropy_with_logits_of_soft_targets(student, Z, Y):
    """Targets between 0 and 1 count on both sides, each with its share."""
    expected = reference.binary_cross_entropy_with_logits(Z, Y)
    assert_close(student.binary_cross_entropy_with_logits(Z, Y), expected, slack=ROUNDING)


@points(1)
@given(Z=arrays("K", "m", low=-60.0, high=60.0), Y=binary("K", "m"))
def test_binary_cross_entropy_with_logits_of_sure_answers(student, Z, Y):
    """Scores of 40 and more, whose sigmoid is rounded to 1, cost what they should: the loss is made of the scores."""
    expected = reference.binary_cross_entropy_with_logits(Z, Y)
    assert_close(student.binary_cross_entropy_with_logits(Z, Y), expected, slack=ROUNDING)


# cross_entropy


@points(3.5)
@given(P=distributions("K", "m"), Y=one_hot_columns("K", "m"))
def test_cross_entropy_values(student, P, Y):
    """cross_entropy is right for any number of classes and examples."""
    assert_close(student.cross_entropy(P, Y), reference.cross_entropy(P, Y), slack=EPSILON)


@points(1.5)
@given(P=distributions("K>=2", "m"), Y=distributions("K>=2", "m"))
def test_cross_entropy_of_soft_targets(student, P, Y):
    """Where the target is a distribution, every class counts with its share."""
    assert_close(student.cross_entropy(P, Y), reference.cross_entropy(P, Y), slack=EPSILON)


@points(1.5)
def test_cross_entropy_of_certain_answers(student):
    """A certain right answer costs next to nothing, a certain wrong one a lot."""
    P, right = np.array([[1.0, 0.0], [0.0, 1.0], [0.0, 0.0]]), np.array([[1.0, 0.0], [0.0, 1.0], [0.0, 0.0]])
    assert_close(student.cross_entropy(P, right), 0.0, slack=1e-3)
    wrong = student.cross_entropy(P, right[::-1].copy())
    assert_that(wrong > 5, "Where one of two certain answers is wrong, the loss must be above 5.")


# softmax_cross_entropy


@points(4.5)
@given(Z=arrays("K", "m"), Y=one_hot_columns("K", "m"))
def test_softmax_cross_entropy_values(student, Z, Y):
    """softmax_cross_entropy is right for any number of classes and examples."""
    expected = reference.softmax_cross_entropy(Z, Y)
    assert_close(student.softmax_cross_entropy(Z, Y), expected, names=("loss", "dZ"), slack=ROUNDING)


@points(1.5)
@given(Z=arrays("K>=2", "m"), Y=distributions("K>=2", "m"))
def test_softmax_cross_entropy_of_soft_targets(student, Z, Y):
    """Where the target is a distribution, every class counts with its share."""
    expected = reference.softmax_cross_entropy(Z, Y)
    assert_close(student.softmax_cross_entropy(Z, Y), expected, names=("loss", "dZ"), slack=ROUNDING)


@points(2)
@given(Z=arrays("K", 1), Y=one_hot_columns("K", 2))
def test_softmax_cross_entropy_of_examples_far_apart(student, Z, Y):
    """One example with very large scores does not spoil another with very small ones in the same batch."""
    far = np.hstack([Z + 1e4, Z - 1e4])
    assert_stable(student.softmax_cross_entropy, far, Y, expected=reference.softmax_cross_entropy(far, Y))


# mean_squared_error


@points(3.5)
@given(A=arrays("K", "m"), Y=arrays("K", "m"))
def test_mean_squared_error_values(student, A, Y):
    """mean_squared_error is right for any number of units and examples."""
    expected = reference.mean_squared_error(A, Y)
    assert_close(student.mean_squared_error(A, Y), expected, names=("loss", "dA"), slack=ROUNDING)


@points(1)
@given(A=arrays("K", "m"))
def test_mean_squared_error_of_the_targets(student, A):
    """Where every prediction is its target, the loss and all of its gradient are 0."""
    got = student.mean_squared_error(A, A.copy())
    assert_close(got, (0.0, np.zeros_like(A)), names=("loss", "dA"))
