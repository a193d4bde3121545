"""Checks that come with the handout: worked examples, laws of each loss, slopes of your own losses, contracts."""

import numpy as np

from grader.authoring import (
    arrays,
    assert_close,
    assert_contract,
    assert_gradient,
    assert_stable,
    assert_that,
    assert_vectorised,
    binary,
    floats,
    given,
    integers,
    labels,
    one_hot_columns,
    points,
    probabilities,
)

# The handout's worked examples: two questions or three classes, one column an example.
A = np.array([[0.9, 0.2, 0.6], [0.5, 0.1, 0.75]])
Y = np.array([[1.0, 0.0, 0.0], [1.0, 0.0, 0.5]])
Z = np.array([[2.0, -1.0, 0.0], [0.0, -3.0, 4.0]])
P_OF_CLASSES = np.array([[0.7, 0.1], [0.2, 0.5], [0.1, 0.4]])
Z_OF_CLASSES = np.array([[2.0, 0.0], [1.0, 1.0], [-1.0, 3.0]])
Y_OF_CLASSES = np.array([[1.0, 0.0], [0.0, 0.25], [0.0, 0.75]])

EPSILON = 1e-4  # an epsilon of 1e-7 inside the logarithm may shift the sum over six units by this much
ROUNDING = 1e-12  # terms that cancel leave 1e-17 or 0, according to the order of the sum
FAR = 1e-9  # scores of 1000 are rounded by 1e-13 each


def distributions(classes, examples):
    """Columns that add up to 1, no entry below 0.008."""

    def normalised(Z):
        return np.exp(Z) / np.exp(Z).sum(axis=0)

    return arrays(classes, examples, low=-1.5, high=1.5).map(normalised)


def twice(*arrays_):
    return [np.hstack([array, array]) for array in arrays_]


def returned(result, *names):
    """The parts of a tuple, once it is sure that there are so many."""
    right = isinstance(result, tuple | list) and len(result) == len(names)
    assert_that(right, f"It must return the tuple ({', '.join(names)}).")
    return result


def batch_of(n):
    generator = np.random.default_rng(n)
    return generator.uniform(0.1, 0.9, (3, n)), np.eye(3)[:, generator.integers(0, 3, n)]


# one_hot


@points(2.5)
def test_one_hot_of_the_worked_example(student):
    """one_hot of the labels 2, 0, 1, 0 with three classes gives one column for each label."""
    expected = np.array([[0.0, 1.0, 0.0, 1.0], [0.0, 0.0, 1.0, 0.0], [1.0, 0.0, 0.0, 0.0]])
    assert_close(student.one_hot(np.array([2, 0, 1, 0]), 3), expected)


@points(1.5)
@given(y=labels("m", classes=2), more=integers(0, 5))
def test_one_hot_of_classes_that_do_not_occur(student, y, more):
    """There is a row for each of the classes, also for those that no example has."""
    got = student.one_hot(y, 2 + more)
    assert_that(np.shape(got) == (2 + more, len(y)), f"Y must have the shape {(2 + more, len(y))}: {2 + more} classes.")


@points(1.5)
@given(y=labels("m", classes=5))
def test_one_hot_can_be_read_back(student, y):
    """In each column, the row of the largest entry is the label, and the column adds up to 1."""
    got = np.asarray(student.one_hot(y, 5))
    assert_close(got.sum(axis=0), np.ones(len(y)), label="the sums of the columns")
    assert_close(got.argmax(axis=0), y.astype(float), label="the rows of the ones")


@points(0.5)
@given(y=labels("m", classes=4))
def test_one_hot_contract(student, y):
    """one_hot leaves the labels alone and returns a new array."""
    assert_contract(student.one_hot, y, 4, parts=("inputs", "memory", "randomness", "layouts"))


@points(0.5)
def test_one_hot_vectorised(student):
    """one_hot takes all labels at once, without a loop over them."""
    assert_vectorised(student.one_hot, inputs=lambda n: (np.arange(n) % 3, 3))


# binary_cross_entropy


@points(3)
def test_binary_cross_entropy_of_the_worked_example(student):
    """binary_cross_entropy gives the number of the worked example, two questions and three examples."""
    assert_close(student.binary_cross_entropy(A, Y), 0.9600969039499329, slack=EPSILON)


@points(1.5)
@given(A=probabilities("K", "m"), Y=binary("K", "m"))
def test_binary_cross_entropy_with_the_answers_exchanged(student, A, Y):
    """Exchanging yes and no, in the targets and in the probabilities, leaves the loss unchanged."""
    assert_close(student.binary_cross_entropy(1 - A, 1 - Y), student.binary_cross_entropy(A, Y), slack=EPSILON)


@points(1.5)
@given(A=probabilities("K", "m"), Y=binary("K", "m"))
def test_binary_cross_entropy_of_a_batch_taken_twice(student, A, Y):
    """The loss is a mean over examples: a batch in which each of them appears twice has the same."""
    both = student.binary_cross_entropy(*twice(A, Y))
    assert_close(both, student.binary_cross_entropy(A, Y), hint="divide by the number of examples")


@points(2)
@given(A=probabilities("K>=2", "m"), Y=binary("K>=2", "m"))
def test_binary_cross_entropy_adds_the_units_up(student, A, Y):
    """The loss is a sum over units: that of K questions is the sum of the losses of each by itself."""
    alone = [student.binary_cross_entropy(A[k : k + 1], Y[k : k + 1]) for k in range(len(A))]
    assert_close(student.binary_cross_entropy(A, Y), sum(map(float, alone)), hint="the units are added up")


@points(2)
def test_binary_cross_entropy_of_a_certain_network(student):
    """binary_cross_entropy is finite and free of warnings where a probability is exactly 0 or 1, right or wrong."""
    assert_stable(student.binary_cross_entropy, np.array([[0.0, 1.0, 0.0, 1.0]]), np.array([[0.0, 0.0, 1.0, 1.0]]))


@points(0.5)
@given(A=probabilities("K", "m"), Y=binary("K", "m"))
def test_binary_cross_entropy_contract(student, A, Y):
    """binary_cross_entropy leaves A and Y alone."""
    assert_contract(student.binary_cross_entropy, A, Y)


@points(0.5)
def test_binary_cross_entropy_vectorised(student):
    """binary_cross_entropy takes all examples at once, without a loop over them."""
    assert_vectorised(student.binary_cross_entropy, inputs=batch_of)


# binary_cross_entropy_with_logits


@points(3)
def test_binary_cross_entropy_with_logits_of_the_worked_example(student):
    """binary_cross_entropy_with_logits gives the number of the worked example."""
    assert_close(student.binary_cross_entropy_with_logits(Z, Y), 1.2977404463908793)


@points(1.5)
@given(Z=arrays("K", "m"), Y=binary("K", "m"))
def test_binary_cross_entropy_with_logits_with_the_answers_exchanged(student, Z, Y):
    """Exchanging yes and no turns the targets into 1 - Y and the scores into -Z; the loss stays."""
    got = student.binary_cross_entropy_with_logits(-Z, 1 - Y)
    assert_close(got, student.binary_cross_entropy_with_logits(Z, Y), slack=ROUNDING)


@points(1.5)
@given(Z=arrays("K", "m"))
def test_binary_cross_entropy_with_logits_of_yes_and_no(student, Z):
    """Where the answer is no, turning the scores around lowers the loss by the mean over examples of their sum."""
    no = np.zeros_like(Z)
    lower, higher = (student.binary_cross_entropy_with_logits(scores, no) for scores in (-Z, Z))
    assert_close(higher - lower, float(Z.sum() / Z.shape[1]), slack=ROUNDING, label="the difference of the losses")


@points(1)
@given(Y=binary("K", "m"))
def test_binary_cross_entropy_with_logits_of_no_idea(student, Y):
    """A score of 0 says one half, which costs log 2 for every unit."""
    got = student.binary_cross_entropy_with_logits(np.zeros_like(Y), Y)
    assert_close(got, float(len(Y) * np.log(2)))


@points(1.5)
@given(Z=arrays("K", "m"), Y=binary("K", "m"))
def test_binary_cross_entropy_with_logits_of_a_batch_taken_twice(student, Z, Y):
    """The loss is a mean over examples: a batch in which each of them appears twice has the same."""
    both = student.binary_cross_entropy_with_logits(*twice(Z, Y))
    assert_close(both, student.binary_cross_entropy_with_logits(Z, Y), hint="divide by the number of examples")


@points(3)
def test_binary_cross_entropy_with_logits_far_from_zero(student):
    """With scores of 10000 and -10000, right answers cost 0 and wrong ones 10000, without a warning."""
    Z, Y = np.array([[1e4, -1e4, 1e4, -1e4]]), np.array([[1.0, 0.0, 0.0, 1.0]])
    assert_stable(student.binary_cross_entropy_with_logits, Z, Y, expected=5000.0)


@points(0.5)
@given(Z=arrays("K", "m"), Y=binary("K", "m"))
def test_binary_cross_entropy_with_logits_contract(student, Z, Y):
    """binary_cross_entropy_with_logits leaves Z and Y alone."""
    assert_contract(student.binary_cross_entropy_with_logits, Z, Y)


@points(0.5)
def test_binary_cross_entropy_with_logits_vectorised(student):
    """binary_cross_entropy_with_logits takes all examples at once, without a loop over them."""
    assert_vectorised(student.binary_cross_entropy_with_logits, inputs=batch_of)


# cross_entropy


@points(3)
def test_cross_entropy_of_the_worked_example(student):
    """cross_entropy gives the number of the worked example, with one soft target."""
    assert_close(student.cross_entropy(P_OF_CLASSES, Y_OF_CLASSES), 0.6085898939921675, slack=EPSILON)


@points(1)
@given(Y=one_hot_columns("K", "m"))
def test_cross_entropy_of_no_idea(student, Y):
    """Where all K classes are equally probable, the loss is log K, whichever is right."""
    assert_close(student.cross_entropy(np.full_like(Y, 1 / len(Y)), Y), float(np.log(len(Y))), slack=EPSILON)


@points(1)
@given(P=distributions("K>=2", "m"), Y=one_hot_columns("K>=2", "m"))
def test_cross_entropy_with_the_classes_in_another_order(student, P, Y):
    """Writing the classes in the opposite order, in P and in Y, leaves the loss unchanged."""
    assert_close(student.cross_entropy(P[::-1], Y[::-1]), student.cross_entropy(P, Y), slack=ROUNDING)


@points(1.5)
@given(P=distributions("K", "m"), Y=one_hot_columns("K", "m"))
def test_cross_entropy_of_a_batch_taken_twice(student, P, Y):
    """The loss is a mean over examples: a batch in which each of them appears twice has the same."""
    both = student.cross_entropy(*twice(P, Y))
    assert_close(both, student.cross_entropy(P, Y), slack=ROUNDING, hint="divide by the number of examples")


@points(2)
def test_cross_entropy_of_a_certain_network(student):
    """cross_entropy is finite and free of warnings where a probability is exactly 0 or 1, right or wrong."""
    P = np.array([[1.0, 0.0], [0.0, 1.0], [0.0, 0.0]])
    assert_stable(student.cross_entropy, P, np.array([[1.0, 1.0], [0.0, 0.0], [0.0, 0.0]]))


@points(0.5)
@given(P=distributions("K", "m"), Y=one_hot_columns("K", "m"))
def test_cross_entropy_contract(student, P, Y):
    """cross_entropy leaves P and Y alone."""
    assert_contract(student.cross_entropy, P, Y)


@points(0.5)
def test_cross_entropy_vectorised(student):
    """cross_entropy takes all examples at once, without a loop over them."""
    assert_vectorised(student.cross_entropy, inputs=batch_of)


# softmax_cross_entropy


@points(4)
def test_softmax_cross_entropy_of_the_worked_example(student):
    """softmax_cross_entropy gives the loss and the gradient of the worked example."""
    dZ = [
        [-0.1473077436508794, 0.021005033067033024],
        [0.12974823017120957, -0.06790240030770275],
        [0.017559513479669865, 0.04689736724066973],
    ]
    got = student.softmax_cross_entropy(Z_OF_CLASSES, Y_OF_CLASSES)
    assert_close(got, (0.509429118162236, np.array(dZ)), names=("loss", "dZ"))


@points(4)
@given(Z=arrays("K>=2", "m"), Y=one_hot_columns("K>=2", "m"))
def test_softmax_cross_entropy_has_the_slope_of_its_loss(student, Z, Y):
    """dZ is the derivative of the loss that you return, by each score: the mean's 1/m is inside it."""
    _, dZ = returned(student.softmax_cross_entropy(Z, Y), "loss", "dZ")
    assert_gradient(
        dZ, f=lambda at: student.softmax_cross_entropy(at, Y)[0], at=Z, cotangent=np.array(1.0), name="dZ"
    )  # fmt: skip


@points(1.5)
@given(Z=arrays("K>=2", "m"), Y=one_hot_columns("K>=2", "m"))
def test_softmax_cross_entropy_pushes_as_much_up_as_down(student, Z, Y):
    """Each column of dZ adds up to 0: raising all scores of an example together changes nothing."""
    _, dZ = returned(student.softmax_cross_entropy(Z, Y), "loss", "dZ")
    assert_close(np.sum(dZ, axis=0), np.zeros(Z.shape[1]), slack=ROUNDING, label="the sums of the columns of dZ")


@points(1.5)
@given(Z=arrays("K", "m"), Y=one_hot_columns("K", "m"), shift=floats(-1e3, 1e3))
def test_softmax_cross_entropy_ignores_a_shift(student, Z, Y, shift):
    """Adding the same constant to all scores changes neither the loss nor its gradient."""
    expected = student.softmax_cross_entropy(Z, Y)
    assert_close(student.softmax_cross_entropy(Z + shift, Y), expected, names=("loss", "dZ"), slack=FAR)


@points(2.5)
def test_softmax_cross_entropy_far_from_zero(student):
    """With scores of 10000, 0 and -10000 the loss is exact, also where the answer is wrong, without a warning."""
    Z, Y = np.array([[1e4, 1e4], [0.0, 0.0], [-1e4, -1e4]]), np.array([[1.0, 0.0], [0.0, 0.0], [0.0, 1.0]])
    expected = (1e4, np.array([[0.0, 0.5], [0.0, 0.0], [0.0, -0.5]]))
    assert_stable(student.softmax_cross_entropy, Z, Y, expected=expected)


@points(1.5)
@given(Z=arrays("K", "m"), Y=one_hot_columns("K", "m"))
def test_softmax_cross_entropy_of_a_batch_taken_twice(student, Z, Y):
    """A batch in which each example appears twice has the same loss, and each column of dZ is half of what it was."""
    loss, dZ = returned(student.softmax_cross_entropy(Z, Y), "loss", "dZ")
    both = student.softmax_cross_entropy(*twice(Z, Y))
    assert_close(both, (loss, np.hstack([dZ, dZ]) / 2), names=("loss", "dZ"), slack=ROUNDING)


@points(0.5)
@given(Z=arrays("K", "m"), Y=one_hot_columns("K", "m"))
def test_softmax_cross_entropy_contract(student, Z, Y):
    """softmax_cross_entropy leaves Z and Y alone, returns a new array, and keeps float32."""
    assert_contract(student.softmax_cross_entropy, Z, Y)


@points(0.5)
def test_softmax_cross_entropy_vectorised(student):
    """softmax_cross_entropy takes all examples at once, without a loop over them."""
    assert_vectorised(student.softmax_cross_entropy, inputs=batch_of)


# mean_squared_error


@points(2)
def test_mean_squared_error_of_the_worked_example(student):
    """mean_squared_error gives the loss and the gradient of the worked example."""
    A, Y = np.array([[1.0, 2.0, 0.0], [3.0, -1.0, 0.5]]), np.array([[0.0, 2.0, 1.0], [1.0, -1.0, 0.0]])
    dA = np.array([[2.0, 0.0, -2.0], [4.0, 0.0, 1.0]]) / 3
    assert_close(student.mean_squared_error(A, Y), (6.25 / 3, dA), names=("loss", "dA"))


@points(2.5)
@given(Y=arrays("K", "m"), error=arrays("K", "m", away_from=0.1))
def test_mean_squared_error_has_the_slope_of_its_loss(student, Y, error):
    """dA is the derivative of the loss that you return, by each prediction."""
    A = Y + error
    _, dA = returned(student.mean_squared_error(A, Y), "loss", "dA")
    assert_gradient(dA, f=lambda at: student.mean_squared_error(at, Y)[0], at=A, cotangent=np.array(1.0), name="dA")


@points(1)
@given(A=arrays("K", "m"), Y=arrays("K", "m"), shift=floats(-10, 10))
def test_mean_squared_error_of_the_difference_alone(student, A, Y, shift):
    """Adding the same number to predictions and targets changes neither the loss nor its gradient."""
    expected = student.mean_squared_error(A, Y)
    assert_close(student.mean_squared_error(A + shift, Y + shift), expected, names=("loss", "dA"), slack=FAR)


@points(1)
@given(A=arrays("K", "m"), Y=arrays("K", "m"))
def test_mean_squared_error_of_a_batch_taken_twice(student, A, Y):
    """A batch in which each example appears twice has the same loss, and each column of dA is half of what it was."""
    loss, dA = returned(student.mean_squared_error(A, Y), "loss", "dA")
    both = student.mean_squared_error(*twice(A, Y))
    assert_close(both, (loss, np.hstack([dA, dA]) / 2), names=("loss", "dA"), slack=ROUNDING)


@points(0.5)
@given(A=arrays("K", "m"), Y=arrays("K", "m"))
def test_mean_squared_error_contract(student, A, Y):
    """mean_squared_error leaves A and Y alone, returns a new array, and keeps float32."""
    assert_contract(student.mean_squared_error, A, Y)


@points(0.5)
def test_mean_squared_error_vectorised(student):
    """mean_squared_error takes all examples at once, without a loop over them."""
    assert_vectorised(student.mean_squared_error, inputs=batch_of)
