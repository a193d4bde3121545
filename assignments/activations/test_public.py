"""Checks that come with the handout: worked examples, laws, slopes of your own forward functions, contracts."""

import numpy as np

from grader.authoring import (
    arrays,
    assert_close,
    assert_contract,
    assert_equal,
    assert_gradient,
    assert_stable,
    assert_that,
    assert_vectorised,
    floats,
    given,
    points,
)

# The scores and the incoming gradient of the handout's worked example: three units, two examples.
Z = np.array([[-2.0, 0.5], [0.0, 1.0], [3.0, -1.0]])
DA = np.array([[1.0, -1.0], [2.0, 0.5], [-3.0, 4.0]])
FAR = np.array([[1e4, -1e4, 0.0]])

ROUNDING = 1e-12  # terms that cancel leave 1e-17 or 0, according to the order of the sum


def scores_of(generator, *shape):
    return generator.uniform(-3.0, 3.0, shape)


# sigmoid


@points(1)
def test_sigmoid_of_the_worked_example(student):
    """sigmoid gives the numbers of the worked example."""
    expected = [
        [0.11920292202211755, 0.6224593312018546],
        [0.5, 0.7310585786300049],
        [0.9525741268224334, 0.2689414213699951],
    ]
    assert_close(student.sigmoid(Z), np.array(expected))


@points(1)
@given(Z=arrays("n", "m"))
def test_sigmoid_of_the_opposite(student, Z):
    """sigmoid(-z) and sigmoid(z) add up to 1."""
    assert_close(student.sigmoid(Z) + student.sigmoid(-Z), np.ones_like(Z))


@points(2)
def test_sigmoid_far_from_zero(student):
    """sigmoid is 0, 1/2 and 1 at -10000, 0 and 10000, without a warning."""
    assert_stable(student.sigmoid, FAR, expected=np.array([[1.0, 0.0, 0.5]]))


@points(0.5)
@given(Z=arrays("n", "m"))
def test_sigmoid_contract(student, Z):
    """sigmoid leaves Z alone, returns a new array, and keeps float32."""
    assert_contract(student.sigmoid, Z)


@points(0.5)
def test_sigmoid_vectorised(student):
    """sigmoid works on the whole array at once, not entry by entry."""
    assert_vectorised(student.sigmoid, inputs=lambda n: (scores_of(np.random.default_rng(n), 3, n),))


# tanh


@points(0.5)
def test_tanh_of_the_worked_example(student):
    """tanh gives the numbers of the worked example."""
    expected = [
        [-0.9640275800758169, 0.46211715726000974],
        [0.0, 0.7615941559557649],
        [0.9950547536867305, -0.7615941559557649],
    ]
    assert_close(student.tanh(Z), np.array(expected))


@points(1)
@given(Z=arrays("n", "m"))
def test_tanh_of_a_double(student, Z):
    """tanh(2z) is 2t / (1 + t^2) with t = tanh(z)."""
    t = student.tanh(Z)
    assert_close(student.tanh(2 * Z), 2 * t / (1 + t * t))


@points(1)
def test_tanh_far_from_zero(student):
    """tanh is -1, 0 and 1 at -10000, 0 and 10000, without a warning."""
    assert_stable(student.tanh, FAR, expected=np.array([[1.0, -1.0, 0.0]]))


@points(0.5)
@given(Z=arrays("n", "m"))
def test_tanh_contract(student, Z):
    """tanh leaves Z alone, returns a new array, and keeps float32."""
    assert_contract(student.tanh, Z)


# relu


@points(1)
def test_relu_of_the_worked_example(student):
    """relu gives the numbers of the worked example."""
    assert_close(student.relu(Z), np.array([[0.0, 0.5], [0.0, 1.0], [3.0, 0.0]]))


@points(1)
@given(Z=arrays("n", "m"))
def test_relu_splits_a_number(student, Z):
    """relu(z) - relu(-z) gives z back."""
    assert_close(student.relu(Z) - student.relu(-Z), Z)


@points(1)
@given(Z=arrays("n", "m"))
def test_relu_contract(student, Z):
    """relu leaves Z alone, returns a new array, and keeps float32."""
    assert_contract(student.relu, Z)


# leaky_relu


@points(1)
def test_leaky_relu_of_the_worked_example(student):
    """leaky_relu without alpha has the slope 0.01 below zero."""
    assert_close(student.leaky_relu(Z), np.array([[-0.02, 0.5], [0.0, 1.0], [3.0, -0.01]]))


@points(1.5)
@given(Z=arrays("n", "m"), alpha=floats(0.05, 0.5))
def test_leaky_relu_slopes_differ_by_one_minus_alpha(student, Z, alpha):
    """leaky_relu(z) + leaky_relu(-z) is (1 - alpha) |z|, for the alpha that is given."""
    both = student.leaky_relu(Z, alpha=alpha) + student.leaky_relu(-Z, alpha=alpha)
    assert_close(both, (1 - alpha) * np.abs(Z))


@points(0.5)
@given(Z=arrays("n", "m"))
def test_leaky_relu_contract(student, Z):
    """leaky_relu leaves Z alone, returns a new array, and keeps float32."""
    assert_contract(student.leaky_relu, Z)


# gelu


@points(1.5)
def test_gelu_of_the_worked_example(student):
    """gelu gives the numbers of the worked example, those of the exact formula."""
    expected = [
        [-0.04550026389635842, 0.34573123063700656],
        [0.0, 0.841344746068543],
        [2.99595030590511, -0.15865525393145702],
    ]
    assert_close(student.gelu(Z), np.array(expected), hint="the exact formula has erf(z / sqrt(2))")


@points(1)
@given(Z=arrays("n", "m"))
def test_gelu_splits_a_number(student, Z):
    """gelu(z) - gelu(-z) gives z back."""
    assert_close(student.gelu(Z) - student.gelu(-Z), Z)


@points(1.5)
def test_gelu_far_from_zero(student):
    """gelu is 0, 0 and 10000 at -10000, 0 and 10000, without a warning."""
    assert_stable(student.gelu, FAR, expected=np.array([[1e4, 0.0, 0.0]]))


@points(0.5)
@given(Z=arrays("n", "m"))
def test_gelu_contract(student, Z):
    """gelu leaves Z alone, returns a new array, and keeps float32."""
    assert_contract(student.gelu, Z)


# gelu_tanh


@points(1.5)
def test_gelu_tanh_of_the_worked_example(student):
    """gelu_tanh gives the numbers of the worked example, those of the approximation."""
    expected = [
        [-0.04540230591222494, 0.34571400982514394],
        [0.0, 0.8411919906082768],
        [2.996362607918227, -0.15880800939172324],
    ]
    assert_close(student.gelu_tanh(Z), np.array(expected))


@points(1)
@given(Z=arrays("n", "m"))
def test_gelu_tanh_splits_a_number(student, Z):
    """gelu_tanh(z) - gelu_tanh(-z) gives z back."""
    assert_close(student.gelu_tanh(Z) - student.gelu_tanh(-Z), Z)


@points(0.5)
def test_gelu_tanh_far_from_zero(student):
    """gelu_tanh is 0, 0 and 10000 at -10000, 0 and 10000, without a warning."""
    assert_stable(student.gelu_tanh, FAR, expected=np.array([[1e4, 0.0, 0.0]]))


@points(0.5)
@given(Z=arrays("n", "m"))
def test_gelu_tanh_contract(student, Z):
    """gelu_tanh leaves Z alone, returns a new array, and keeps float32."""
    assert_contract(student.gelu_tanh, Z)


# softmax


@points(1)
def test_softmax_of_the_worked_example(student):
    """softmax gives the numbers of the worked example: each column by itself."""
    expected = [
        [0.006377460922442297, 0.3482074278837349],
        [0.04712341652466415, 0.5740969929676946],
        [0.9464991225528936, 0.0776955791485706],
    ]
    assert_close(student.softmax(Z), np.array(expected))


@points(1)
@given(Z=arrays("K", "m"))
def test_softmax_columns_are_probabilities(student, Z):
    """The probabilities of each example are positive and add up to 1."""
    P = student.softmax(Z)
    assert_close(P.sum(axis=0), np.ones(Z.shape[1]), hint="divide each column by its own sum")
    assert_that(bool((P > 0).all()), "Some probabilities are not positive; each of them must be.")


@points(1)
@given(Z=arrays("K", "m"), shift=floats(-1e3, 1e3))
def test_softmax_ignores_a_shift(student, Z, shift):
    """Adding the same constant to every score of an example leaves softmax unchanged."""
    assert_close(student.softmax(Z + shift), student.softmax(Z), hint="subtract each column's maximum first")


@points(1)
@given(Z=arrays("K>=2", "m"))
def test_softmax_log_ratio_is_the_difference_of_scores(student, Z):
    """The logarithm of the ratio of two probabilities is the difference of their scores."""
    with np.errstate(all="ignore"):
        log_P = np.log(student.softmax(Z))
    assert_close(log_P[1:] - log_P[:-1], Z[1:] - Z[:-1])


@points(1)
@given(Z=arrays("K", 4), other=arrays("K", 4))
def test_softmax_examples_do_not_meet(student, Z, other):
    """The probabilities of one example do not depend on the other examples of the batch."""
    same_first = np.hstack([Z[:, :1], other[:, 1:]])
    assert_close(student.softmax(Z)[:, 0], student.softmax(same_first)[:, 0])


@points(2)
def test_softmax_far_from_zero(student):
    """softmax is finite and free of warnings at scores of 10000 and -10000."""
    far = np.array([[1e4, -1e4], [1e4, 0.0], [-1e4, 1e4]])
    assert_stable(student.softmax, far, expected=np.array([[0.5, 0.0], [0.5, 0.0], [0.0, 1.0]]))


@points(1)
@given(Z=arrays("K", "m"))
def test_softmax_contract(student, Z):
    """softmax leaves Z alone, returns a new array, and keeps float32."""
    assert_contract(student.softmax, Z)


@points(1)
def test_softmax_vectorised(student):
    """softmax takes all examples at once, without a loop over them."""
    assert_vectorised(student.softmax, inputs=lambda n: (scores_of(np.random.default_rng(n), 3, n),))


# sigmoid_backward


@points(1)
def test_sigmoid_backward_of_the_worked_example(student):
    """sigmoid_backward gives the numbers of the worked example."""
    expected = [
        [0.1049935854035065, -0.2350037122015945],
        [0.5, 0.09830596662074093],
        [-0.13552997919273602, 0.7864477329659274],
    ]
    assert_close(student.sigmoid_backward(DA, Z), np.array(expected))


@points(2)
@given(dA=arrays("n", "m"), Z=arrays("n", "m"))
def test_sigmoid_backward_is_the_slope_of_sigmoid(student, dA, Z):
    """sigmoid_backward is the derivative of your sigmoid, times dA."""
    assert_gradient(student.sigmoid_backward(dA, Z), f=student.sigmoid, at=Z, cotangent=dA, name="dZ")


@points(0.5)
def test_sigmoid_backward_far_from_zero(student):
    """sigmoid_backward is 0 at -10000 and 10000, without a warning."""
    assert_stable(student.sigmoid_backward, np.ones_like(FAR), FAR, expected=np.array([[0.0, 0.0, 0.25]]))


@points(0.5)
@given(dA=arrays("n", "m"), Z=arrays("n", "m"))
def test_sigmoid_backward_contract(student, dA, Z):
    """sigmoid_backward leaves dA and Z alone, returns a new array, and keeps float32."""
    assert_contract(student.sigmoid_backward, dA, Z)


# tanh_backward


@points(1)
def test_tanh_backward_of_the_worked_example(student):
    """tanh_backward gives the numbers of the worked example."""
    expected = [
        [0.07065082485316443, -0.7864477329659274],
        [2.0, 0.20998717080701307],
        [-0.0295981114963205, 1.6798973664561045],
    ]
    assert_close(student.tanh_backward(DA, Z), np.array(expected))


@points(1.5)
@given(dA=arrays("n", "m"), Z=arrays("n", "m"))
def test_tanh_backward_is_the_slope_of_tanh(student, dA, Z):
    """tanh_backward is the derivative of your tanh, times dA."""
    assert_gradient(student.tanh_backward(dA, Z), f=student.tanh, at=Z, cotangent=dA, name="dZ")


@points(0.5)
@given(dA=arrays("n", "m"), Z=arrays("n", "m"))
def test_tanh_backward_contract(student, dA, Z):
    """tanh_backward leaves dA and Z alone, returns a new array, and keeps float32."""
    assert_contract(student.tanh_backward, dA, Z)


# relu_backward


@points(1)
def test_relu_backward_of_the_worked_example(student):
    """relu_backward gives the numbers of the worked example."""
    assert_close(student.relu_backward(DA, Z), np.array([[0.0, -1.0], [0.0, 0.5], [-3.0, 0.0]]))


@points(1.5)
@given(dA=arrays("n", "m"), Z=arrays("n", "m", away_from=0.1))
def test_relu_backward_is_the_slope_of_relu(student, dA, Z):
    """relu_backward is the derivative of your relu, times dA."""
    assert_gradient(student.relu_backward(dA, Z), f=student.relu, at=Z, cotangent=dA, name="dZ")


@points(1)
@given(dA=arrays("n", "m"), Z=arrays("n", "m"))
def test_relu_backward_contract(student, dA, Z):
    """relu_backward leaves dA and Z alone, returns a new array, and keeps float32."""
    assert_contract(student.relu_backward, dA, Z)


# leaky_relu_backward


@points(1)
def test_leaky_relu_backward_of_the_worked_example(student):
    """leaky_relu_backward without alpha has the slope 0.01 below zero and at zero."""
    assert_close(student.leaky_relu_backward(DA, Z), np.array([[0.01, -1.0], [0.02, 0.5], [-3.0, 0.04]]))


@points(2)
@given(dA=arrays("n", "m"), Z=arrays("n", "m", away_from=0.1), alpha=floats(0.05, 0.5))
def test_leaky_relu_backward_is_the_slope_of_leaky_relu(student, dA, Z, alpha):
    """leaky_relu_backward is the derivative of your leaky_relu with the same alpha, times dA."""
    got = student.leaky_relu_backward(dA, Z, alpha=alpha)
    assert_gradient(got, f=lambda at: student.leaky_relu(at, alpha=alpha), at=Z, cotangent=dA, name="dZ")


@points(0.5)
@given(dA=arrays("n", "m"), Z=arrays("n", "m"))
def test_leaky_relu_backward_contract(student, dA, Z):
    """leaky_relu_backward leaves dA and Z alone, returns a new array, and keeps float32."""
    assert_contract(student.leaky_relu_backward, dA, Z)


# gelu_backward


@points(1)
def test_gelu_backward_of_the_worked_example(student):
    """gelu_backward gives the numbers of the worked example."""
    expected = [
        [-0.08523180107819692, -0.8674951246561629],
        [1.0, 0.5416577352938432],
        [-3.0358369416125517, -0.3332618823507454],
    ]
    assert_close(student.gelu_backward(DA, Z), np.array(expected))


@points(2.5)
@given(dA=arrays("n", "m"), Z=arrays("n", "m"))
def test_gelu_backward_is_the_slope_of_gelu(student, dA, Z):
    """gelu_backward is the derivative of your gelu, times dA."""
    assert_gradient(student.gelu_backward(dA, Z), f=student.gelu, at=Z, cotangent=dA, name="dZ")


@points(1)
def test_gelu_backward_far_from_zero(student):
    """gelu_backward is 0, 1/2 and 1 at -10000, 0 and 10000, without a warning."""
    assert_stable(student.gelu_backward, np.ones_like(FAR), FAR, expected=np.array([[1.0, 0.0, 0.5]]))


@points(0.5)
@given(dA=arrays("n", "m"), Z=arrays("n", "m"))
def test_gelu_backward_contract(student, dA, Z):
    """gelu_backward leaves dA and Z alone, returns a new array, and keeps float32."""
    assert_contract(student.gelu_backward, dA, Z)


# softmax_backward


@points(1)
def test_softmax_backward_of_the_worked_example(student):
    """softmax_backward gives the numbers of the worked example."""
    expected = [
        [0.02384451692140999, -0.43512814478190587],
        [0.22331188970886373, 0.1437404616693287],
        [-0.24715640663027355, 0.2913876831125772],
    ]
    assert_close(student.softmax_backward(DA, Z), np.array(expected))


@points(3)
@given(dA=arrays("K>=2", "m"), Z=arrays("K>=2", "m"))
def test_softmax_backward_is_the_slope_of_softmax(student, dA, Z):
    """softmax_backward is the derivative of your softmax, times dA: every output depends on every score."""
    assert_gradient(student.softmax_backward(dA, Z), f=student.softmax, at=Z, cotangent=dA, name="dZ")


@points(1)
@given(dA=arrays("K>=2", "m"), Z=arrays("K>=2", "m"), shift=floats(-10, 10))
def test_softmax_backward_ignores_a_shift_of_the_gradient(student, dA, Z, shift):
    """Adding a constant to dA changes nothing, since the probabilities always add up to 1."""
    assert_close(student.softmax_backward(dA + shift, Z), student.softmax_backward(dA, Z), slack=ROUNDING)


@points(0.5)
@given(dA=arrays("K>=2", "m"), Z=arrays("K>=2", "m"))
def test_softmax_backward_contract(student, dA, Z):
    """softmax_backward leaves dA and Z alone, returns a new array, and keeps float32."""
    assert_contract(student.softmax_backward, dA, Z)


@points(0.5)
def test_softmax_backward_vectorised(student):
    """softmax_backward takes all examples at once, without a loop over them."""

    def inputs(n):
        generator = np.random.default_rng(n)
        return scores_of(generator, 3, n), scores_of(generator, 3, n)

    assert_vectorised(student.softmax_backward, inputs=inputs)


# dead_units


@points(1.5)
def test_dead_units_of_the_worked_example(student):
    """A unit is dead when it is zero for every example of the batch, not only for some."""
    A = np.array([[0.0, 0.0, 0.0], [0.0, 2.0, 0.0], [1.0, 3.0, 0.5]])
    assert_equal(student.dead_units(A), np.array([True, False, False]))


@points(0.5)
@given(A=arrays("n", "m"))
def test_dead_units_contract(student, A):
    """dead_units leaves A alone."""
    assert_contract(student.dead_units, A)
