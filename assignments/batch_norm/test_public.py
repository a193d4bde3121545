"""Checks that come with the handout: worked examples, laws, numerical slopes, contracts."""

import numpy as np

from grader.authoring import (
    arrays,
    assert_close,
    assert_contract,
    assert_gradient,
    assert_stable,
    assert_vectorised,
    distinct,
    floats,
    given,
    integers,
    points,
    sampled_from,
    seeds,
)

# The handout's worked example: two units, four examples.
Z = np.array([[1.0, 3.0, 2.0, 6.0], [0.0, -2.0, 4.0, -2.0]])
GAMMA, BETA = np.array([[2.0], [0.5]]), np.array([[1.0], [-1.0]])
MU, VAR = np.array([[3.0], [0.0]]), np.array([[3.5], [6.0]])
DZ_TILDE = np.array([[1.0, 0.0, -1.0, 2.0], [0.5, -1.0, 2.0, 1.0]])
Z_TILDE = np.array(
    [
        [-1.1380899322449811, 1.0, -0.06904496612249056, 4.207134898367471],
        [-1.0, -1.4082482901236562, -0.1835034197526878, -1.4082482901236562],
    ]
)
RUNNING_MU, RUNNING_VAR = np.array([[1.0], [1.0]]), np.array([[4.0], [0.25]])

# Two images of two channels, 2 by 2 pixels.
X = np.array(
    [[[[1.0, 3.0], [2.0, 6.0]], [[0.0, 1.0], [1.0, 2.0]]], [[[5.0, 1.0], [0.0, 2.0]], [[3.0, -1.0], [0.0, 2.0]]]]
)
GAMMA_2D, BETA_2D = np.array([2.0, -1.0]), np.array([0.0, 0.5])

FORWARD = ("Z_tilde", "mu", "var")
BACKWARD = ("dZ", "dgamma", "dbeta")
ROUNDING = 1e-10  # what rounding leaves of a difference, divided by the root of epsilon

# A step of a numerical slope must be small beside the root of epsilon.
wide = sampled_from([0.1, 0.5])


def transform(Z, gamma, beta, epsilon):
    """The handout's formula, to take numerical slopes of."""
    centred = Z - Z.mean(axis=1, keepdims=True)
    return gamma * centred / np.sqrt((centred**2).mean(axis=1, keepdims=True) + epsilon) + beta


def layer_of(n):
    generator = np.random.default_rng(n)
    return generator.normal(size=(3, n)), generator.normal(size=(3, 1)), generator.normal(size=(3, 1))


# batch_norm


@points(4)
def test_batch_norm_of_the_worked_example(student):
    """batch_norm gives the numbers of the worked example."""
    assert_close(student.batch_norm(Z, GAMMA, BETA), (Z_TILDE, MU, VAR), names=FORWARD)


@points(2)
@given(Z=distinct("n", "m>=2"), gamma=arrays("n", 1), beta=arrays("n", 1), epsilon=wide)
def test_batch_norm_brings_units_to_their_scale_and_shift(student, Z, gamma, beta, epsilon):
    """Over the batch, each unit of the output has the mean beta and the variance gamma^2 var / (var + epsilon)."""
    Z_tilde, _, _ = student.batch_norm(Z, gamma, beta, epsilon=epsilon)
    var = Z.var(axis=1, keepdims=True)
    mean, spread = Z_tilde.mean(axis=1, keepdims=True), Z_tilde.var(axis=1, keepdims=True)
    assert_close(mean, beta, label="the mean of each unit of Z_tilde", slack=ROUNDING)
    expected = gamma**2 * var / (var + epsilon)
    assert_close(spread, expected, label="the variance of each unit of Z_tilde", slack=ROUNDING)


@points(2.5)
@given(Z=arrays("n", "m"), gamma=arrays("n", 1), beta=arrays("n", 1), a=floats(0.1, 10.0), c=floats(-10.0, 10.0))
def test_batch_norm_undoes_a_scale_and_a_shift(student, Z, gamma, beta, a, c):
    """Z and a Z + c give the same Z_tilde, if epsilon is multiplied by a^2: it stands beside the variance."""
    Z_tilde, _, _ = student.batch_norm(Z, gamma, beta, epsilon=0.1)
    again, _, _ = student.batch_norm(a * Z + c, gamma, beta, epsilon=0.1 * a**2)
    assert_close(again, Z_tilde, slack=ROUNDING, hint="epsilon is added to the variance, inside the root")


@points(1.5)
@given(Z=arrays("n>=2", "m"), gamma=arrays("n>=2", 1), beta=arrays("n>=2", 1))
def test_batch_norm_treats_each_unit_by_itself(student, Z, gamma, beta):
    """The first unit comes out the same without the others."""
    all_units = student.batch_norm(Z, gamma, beta, epsilon=0.1)
    alone = student.batch_norm(Z[:1], gamma[:1], beta[:1], epsilon=0.1)
    assert_close([part[:1] for part in all_units], list(alone), names=FORWARD, slack=ROUNDING)


@points(2)
def test_batch_norm_of_a_small_spread(student):
    """The default epsilon is 1e-8, added to the variance: a variance of 1e-8 gives -1 / sqrt(2) and 1 / sqrt(2)."""
    Z_tilde, _, _ = student.batch_norm(np.array([[0.0, 2e-4]]), np.ones((1, 1)), np.zeros((1, 1)))
    assert_close(Z_tilde, np.array([[-0.7071067811865476, 0.7071067811865476]]), hint="sqrt(var + epsilon)")


@points(1.5)
def test_batch_norm_of_one_example(student):
    """With one example the variance is 0 and Z_tilde is beta, without a warning."""
    z, zero = Z[:, :1].copy(), np.zeros((2, 1))
    assert_stable(student.batch_norm, z, GAMMA, BETA, expected=(BETA, z, zero))


@points(1.5)
def test_batch_norm_far_from_zero(student):
    """A unit with the mean 100,000,003 is normalized like one with the mean 3."""
    expected = (Z_TILDE, MU + 1e8, VAR)
    hint = "the mean of the squares minus the square of the mean loses its digits: average (Z - mu)^2"
    assert_close(student.batch_norm(Z + 1e8, GAMMA, BETA), expected, names=FORWARD, hint=hint)


@points(1)
def test_batch_norm_contract(student):
    """batch_norm leaves its arguments alone, returns new arrays, and keeps float32."""
    assert_contract(student.batch_norm, Z, GAMMA, BETA)


@points(1)
def test_batch_norm_vectorised(student):
    """batch_norm takes all examples at once, without a loop over them."""
    assert_vectorised(student.batch_norm, inputs=layer_of)


# batch_norm_backward


@points(5)
def test_batch_norm_backward_of_the_worked_example(student):
    """batch_norm_backward gives the numbers of the worked example."""
    dZ = np.array(
        [
            [1.2981260281098712, -0.5345224830612453, -1.221765676659423, 0.4581621316107968],
            [-0.02551551813272851, -0.19561897257772318, 0.00850517316451877, 0.2126293175459329],
        ]
    )
    dgamma, dbeta = np.array([[2.6726124153062263], [3.2659863209892483]]), np.array([[2.0], [2.5]])
    assert_close(student.batch_norm_backward(DZ_TILDE, Z, GAMMA), (dZ, dgamma, dbeta), names=BACKWARD)


@points(4)
@given(dZ_tilde=arrays("n", "m>=2"), Z=distinct("n", "m>=2"), gamma=arrays("n", 1), epsilon=wide)
def test_batch_norm_backward_is_the_slope_by_z(student, dZ_tilde, Z, gamma, epsilon):
    """dZ is the derivative of sum(dZ_tilde * Z_tilde) by Z, through the mean and the variance too."""
    dZ, _, _ = student.batch_norm_backward(dZ_tilde, Z, gamma, epsilon=epsilon)
    assert_gradient(dZ, f=lambda at: transform(at, gamma, 0.0, epsilon), at=Z, cotangent=dZ_tilde, name="dZ")


@points(2)
@given(dZ_tilde=arrays("n", "m>=2"), Z=distinct("n", "m>=2"), gamma=arrays("n", 1), epsilon=wide)
def test_batch_norm_backward_is_the_slope_by_gamma(student, dZ_tilde, Z, gamma, epsilon):
    """dgamma is the derivative of sum(dZ_tilde * Z_tilde) by gamma."""
    _, dgamma, _ = student.batch_norm_backward(dZ_tilde, Z, gamma, epsilon=epsilon)
    f = lambda at: transform(Z, at, 0.0, epsilon)  # noqa: E731
    assert_gradient(dgamma, f=f, at=gamma, cotangent=dZ_tilde, name="dgamma")


@points(1.5)
@given(dZ_tilde=arrays("n", "m>=2"), Z=distinct("n", "m>=2"), gamma=arrays("n", 1), epsilon=wide)
def test_batch_norm_backward_is_the_slope_by_beta(student, dZ_tilde, Z, gamma, epsilon):
    """dbeta is the derivative of sum(dZ_tilde * Z_tilde) by beta."""
    _, _, dbeta = student.batch_norm_backward(dZ_tilde, Z, gamma, epsilon=epsilon)
    f = lambda at: transform(Z, gamma, at, epsilon)  # noqa: E731
    assert_gradient(dbeta, f=f, at=np.zeros_like(gamma), cotangent=dZ_tilde, name="dbeta")


@points(3)
@given(dZ_tilde=arrays("n", "m>=2"), Z=distinct("n", "m>=2"), gamma=arrays("n", 1))
def test_batch_norm_backward_ignores_what_is_normalized_away(student, dZ_tilde, Z, gamma):
    """Shifting or stretching a unit changes nothing, so its dZ adds up to 0 and is orthogonal to Z (epsilon 0)."""
    dZ, _, _ = student.batch_norm_backward(dZ_tilde, Z, gamma, epsilon=0.0)
    along = [dZ.sum(axis=1), (dZ * Z).sum(axis=1)]
    names = ("the sum of each row of dZ", "the sum of each row of dZ * Z")
    assert_close(along, [np.zeros(len(Z)), np.zeros(len(Z))], names=names, slack=ROUNDING)


@points(1.5)
def test_batch_norm_backward_of_one_example(student):
    """With one example the output is beta whatever Z is: dZ and dgamma are 0, without a warning."""
    dz, z, zeros = DZ_TILDE[:, :1].copy(), Z[:, :1].copy(), np.zeros((2, 1))
    assert_stable(student.batch_norm_backward, dz, z, GAMMA, expected=(zeros, zeros, dz))


@points(1)
def test_batch_norm_backward_contract(student):
    """batch_norm_backward leaves its arguments alone, returns new arrays, and keeps float32."""
    assert_contract(student.batch_norm_backward, DZ_TILDE, Z, GAMMA)


@points(1)
def test_batch_norm_backward_vectorised(student):
    """batch_norm_backward takes all examples at once, without a loop over them."""

    def inputs(n):
        Z, gamma, _ = layer_of(n)
        return np.cos(Z), Z, gamma

    assert_vectorised(student.batch_norm_backward, inputs=inputs)


# update_running


@points(3)
def test_update_running_of_the_worked_example(student):
    """update_running gives the numbers of the worked example."""
    got = student.update_running(RUNNING_MU, RUNNING_VAR, MU, VAR)
    expected = (np.array([[1.2], [0.9]]), np.array([[3.95], [0.825]]))
    assert_close(got, expected, names=("running_mu", "running_var"), hint="momentum is the weight of the past")


@points(2)
@given(
    start=arrays("n", 1),
    mu=arrays("n", 1),
    var=arrays("n", 1, low=0.0),
    momentum=floats(0.0, 1.0),
    steps=integers(1, 5),
)
def test_update_running_of_the_same_batch(student, start, mu, var, momentum, steps):
    """After t batches with the same statistics, momentum^t of the start is left."""
    running = (start, start**2)
    for _ in range(steps):
        running = student.update_running(*running, mu, var, momentum=momentum)
    left = momentum**steps
    expected = (left * start + (1 - left) * mu, left * start**2 + (1 - left) * var)
    assert_close(tuple(running), expected, names=("running_mu", "running_var"), slack=ROUNDING)


@points(1.5)
@given(running=arrays("n", 1), mu=arrays("n", 1), var=arrays("n", 1, low=0.0))
def test_update_running_at_the_ends(student, running, mu, var):
    """With momentum 1 nothing changes; with momentum 0 the past is forgotten."""
    names = ("running_mu", "running_var")
    got = student.update_running(running, running**2, mu, var, momentum=1.0)
    assert_close(got, (running, running**2), names=names, slack=ROUNDING)
    got = student.update_running(running, running**2, mu, var, momentum=0.0)
    assert_close(got, (mu, var), names=names, slack=ROUNDING)


@points(1.5)
def test_update_running_contract(student):
    """update_running leaves the old averages alone, returns new arrays, and keeps float32."""
    assert_contract(student.update_running, RUNNING_MU, RUNNING_VAR, MU, VAR)


# batch_norm_inference


@points(3)
def test_batch_norm_inference_of_the_worked_example(student):
    """batch_norm_inference gives the numbers of the worked example."""
    expected = np.array(
        [
            [1.0, 2.9999999975, 1.99999999875, 5.99999999375],
            [-1.9999999800000006, -3.9999999400000017, 1.9999999400000017, -3.9999999400000017],
        ]
    )
    got = student.batch_norm_inference(Z, GAMMA, BETA, RUNNING_MU, RUNNING_VAR)
    assert_close(got, expected, hint="use the running statistics, not those of Z")


@points(2)
@given(
    Z=arrays("n", "m>=2"), gamma=arrays("n", 1), beta=arrays("n", 1),
    mu=arrays("n", 1), var=arrays("n", 1, low=0.1), epsilon=wide,
)  # fmt: skip
def test_batch_norm_inference_of_each_example_by_itself(student, Z, gamma, beta, mu, var, epsilon):
    """An example comes out the same alone as in a batch."""
    whole = student.batch_norm_inference(Z, gamma, beta, mu, var, epsilon=epsilon)
    alone = student.batch_norm_inference(Z[:, :1].copy(), gamma, beta, mu, var, epsilon=epsilon)
    assert_close(alone, whole[:, :1], slack=ROUNDING)


@points(1)
def test_batch_norm_inference_of_a_running_variance_of_zero(student):
    """A running variance of 0 is no division by zero: epsilon stands beside it."""
    got = np.array([[1.0, 3.0, 2.0, 6.0], [-1.0, -1.5, 0.0, -1.5]])
    zero = np.zeros((2, 1))
    gamma, beta = np.array([[1.0], [0.25]]), np.array([[0.0], [-1.0]])
    assert_stable(student.batch_norm_inference, Z, gamma, beta, zero, zero, epsilon=1.0, expected=got)
    by_default = student.batch_norm_inference(Z, gamma, beta, zero, zero)
    assert_close(by_default, 1e4 * gamma * Z + beta, hint="the default epsilon is 1e-8")


@points(1)
def test_batch_norm_inference_contract(student):
    """batch_norm_inference leaves its arguments alone, returns a new array, and keeps float32."""
    assert_contract(student.batch_norm_inference, Z, GAMMA, BETA, RUNNING_MU, RUNNING_VAR)


@points(1)
def test_batch_norm_inference_vectorised(student):
    """batch_norm_inference takes all examples at once, without a loop over them."""
    assert_vectorised(
        student.batch_norm_inference, inputs=lambda n: (*layer_of(n), MU.repeat(2, 0)[:3], np.ones((3, 1)))
    )


# batch_norm_2d


@points(3)
def test_batch_norm_2d_of_the_worked_example(student):
    """batch_norm_2d gives the numbers of the worked example."""
    first = [
        [[-1.5491933364173756, 0.5163977788057919], [-0.5163977788057919, 3.614784451640543]],
        [[1.316496578206071, 0.5], [0.5, -0.3164965782060708]],
    ]
    second = [
        [[2.5819888940289593, -1.5491933364173756], [-2.5819888940289593, -0.5163977788057919]],
        [[-1.1329931564121416, 2.132993156412142], [1.316496578206071, -0.3164965782060708]],
    ]
    assert_close(student.batch_norm_2d(X, GAMMA_2D, BETA_2D), np.array([first, second]))


@points(2)
@given(X=arrays("N>=2", "C", "H", "W"), gamma=arrays("C"), beta=arrays("C"), seed=seeds())
def test_batch_norm_2d_counts_all_pixels_alike(student, X, gamma, beta, seed):
    """Moving the pixels of a channel about, from one image to another too, moves the result in the same way."""

    def move(images):
        channels = images.swapaxes(0, 1).reshape(len(gamma), -1)
        order = np.random.default_rng(seed).permutation(channels.shape[1])
        N, C, H, W = images.shape
        return np.ascontiguousarray(channels[:, order].reshape(C, N, H, W).swapaxes(0, 1))

    moved = student.batch_norm_2d(move(X), gamma, beta, epsilon=0.1)
    assert_close(moved, move(student.batch_norm_2d(X, gamma, beta, epsilon=0.1)), slack=ROUNDING)


@points(2)
@given(X=distinct("N", "C", 2, 3), gamma=arrays("C"), beta=arrays("C"), epsilon=wide)
def test_batch_norm_2d_brings_channels_to_their_scale_and_shift(student, X, gamma, beta, epsilon):
    """Each channel of the output has the mean beta and the variance gamma^2 var / (var + epsilon)."""
    got = student.batch_norm_2d(X, gamma, beta, epsilon=epsilon)
    var = X.var(axis=(0, 2, 3))
    mean, spread = got.mean(axis=(0, 2, 3)), got.var(axis=(0, 2, 3))
    assert_close(mean, beta, label="the mean of each channel of the result", slack=ROUNDING)
    expected = gamma**2 * var / (var + epsilon)
    assert_close(spread, expected, label="the variance of each channel of the result", slack=ROUNDING)


@points(1)
def test_batch_norm_2d_of_one_pixel(student):
    """One image of one pixel comes out as beta, without a warning."""
    pixel = X[:1, :, :1, :1].copy()
    assert_stable(student.batch_norm_2d, pixel, GAMMA_2D, BETA_2D, expected=BETA_2D.reshape(1, 2, 1, 1))


@points(1)
def test_batch_norm_2d_contract(student):
    """batch_norm_2d leaves its arguments alone, returns a new array, and keeps float32."""
    assert_contract(student.batch_norm_2d, X, GAMMA_2D, BETA_2D)


@points(1)
def test_batch_norm_2d_vectorised(student):
    """batch_norm_2d takes all images and all pixels at once; a loop over channels is fine."""

    def inputs(n):
        generator = np.random.default_rng(n)
        return generator.normal(size=(n, 2, n, n + 1)), generator.normal(size=2), generator.normal(size=2)

    assert_vectorised(student.batch_norm_2d, inputs=inputs)
