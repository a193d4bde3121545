"""What goes wrong in this assignment, function by function, each with the sentence that explains it."""

import math

import numpy as np

from grader.authoring import mistake
from reference.with_numpy import activations as reference

# sigmoid


@mistake(of="sigmoid", says="The sign is the wrong way round: it is 1 / (1 + exp(-z)), so that large z give 1.")
def sigmoid_of_the_opposite(z):
    return reference.sigmoid(-z)


@mistake(
    of="sigmoid",
    says="exp(z) / (1 + exp(z)) is infinity over infinity for large z, which is nan. "
    "Use this form only where z is negative, and 1 / (1 + exp(-z)) elsewhere.",
)
def sigmoid_nan_for_large_scores(z):
    with np.errstate(all="ignore"):
        return np.exp(z) / (1 + np.exp(z))


@mistake(
    of="sigmoid",
    says="exp(-z) overflows for very negative z. Take the exponential of -|z| only, which never exceeds 1.",
)
def sigmoid_overflows(z):
    return 1 / (1 + np.exp(-z))


@mistake(of="sigmoid", says="`z *= -1` changes the array of the caller. Write `-z`, which makes a new one.")
def sigmoid_in_place(z):
    z *= -1
    return 1 - reference.sigmoid(z)


@mistake(of="sigmoid", says="The brackets are missing: 1 / 1 + exp(-z) is 1 + exp(-z). Write 1 / (1 + exp(-z)).")
def sigmoid_without_brackets(z):
    with np.errstate(over="ignore"):
        return 1 / 1 + np.exp(-z)


@mistake(of="sigmoid", says="You visit every entry in Python. np.exp takes the whole array at once.")
def sigmoid_entry_by_entry(z):
    def one(v):
        return 1 / (1 + math.exp(-v)) if v >= 0 else math.exp(v) / (1 + math.exp(v))

    return np.vectorize(one)(z).astype(z.dtype)


# tanh


@mistake(
    of="tanh",
    says="The quotient of exponentials is infinity over infinity for large |z|, which is nan. np.tanh does not"
    " overflow.",
)
def tanh_by_exponentials(z):
    with np.errstate(all="ignore"):
        return (np.exp(z) - np.exp(-z)) / (np.exp(z) + np.exp(-z))


@mistake(of="tanh", says="tanh(z) is 2 sigmoid(2z) - 1: the factor 2 inside the sigmoid is missing.")
def tanh_without_the_inner_two(z):
    return 2 * reference.sigmoid(z) - 1


@mistake(
    of="tanh",
    says="The brackets of the denominator are missing: only the second exponential of the numerator is divided.",
)
def tanh_without_brackets(z):
    with np.errstate(all="ignore"):
        return np.exp(z) - np.exp(-z) / np.exp(z) + np.exp(-z)


@mistake(of="tanh", says="`out=z` writes the result into the array of the caller. Leave it out.")
def tanh_in_place(z):
    return np.tanh(z, out=z).copy()


# relu


@mistake(
    of="relu", says="`z[z < 0] = 0` changes the array of the caller. Use np.maximum or np.where, which make a new one."
)
def relu_in_place(z):
    z[z < 0] = 0
    return z


@mistake(of="relu", says="This is the slope of relu, 0 or 1. relu itself gives back z where z is positive.")
def relu_step(z):
    return (z > 0) * np.ones_like(z)


@mistake(of="relu", says="np.max(z, 0) is the maximum of each column. np.maximum(z, 0) compares entry by entry.")
def relu_by_max(z):
    return np.max(z, 0)


@mistake(of="relu", says="This is |z|: negative numbers become positive. relu makes them 0.")
def relu_absolute(z):
    return np.abs(z)


@mistake(of="relu", says="np.zeros(z.shape) is float64, and so is the result. np.maximum(z, 0) keeps float32.")
def relu_loses_float32(z):
    return np.maximum(z, np.zeros(z.shape))


# leaky_relu


@mistake(of="leaky_relu", says="The slope below zero is always 0.01 here. Use the argument alpha.")
def leaky_relu_ignores_alpha(z, alpha=0.01):
    return np.where(z > 0, z, 0.01 * z)


@mistake(
    of="leaky_relu",
    says="max(alpha z, z) is leaky_relu only for alpha below 1. Choose by the sign of z, not by the larger value.",
)
def leaky_relu_by_maximum(z, alpha=0.01):
    return np.maximum(alpha * z, z)


@mistake(of="leaky_relu", says="Below zero you return alpha itself. It is the slope: return alpha z.")
def leaky_relu_constant_below_zero(z, alpha=0.01):
    return np.where(z > 0, z, alpha * np.ones_like(z))


@mistake(of="leaky_relu", says="Below zero the value has the sign of z. You return alpha |z|, which is positive.")
def leaky_relu_turned_up(z, alpha=0.01):
    return np.where(z > 0, z, -alpha * z)


@mistake(of="leaky_relu", says="`z[z < 0] *= alpha` changes the array of the caller. Use np.where, or work on a copy.")
def leaky_relu_in_place(z, alpha=0.01):
    z[z < 0] *= alpha
    return z.copy()


# gelu


@mistake(of="gelu", says="This is the tanh approximation. gelu is the exact one, with erf.")
def gelu_approximated(z):
    return reference.gelu_tanh(z)


@mistake(of="gelu", says="The argument of erf is z / sqrt(2), not z: erf is not yet the normal distribution function.")
def gelu_without_the_root(z):
    return reference.gelu(math.sqrt(2) * z) / math.sqrt(2)


@mistake(of="gelu", says="The factor 1/2 is missing: Phi(z) = (1 + erf(z / sqrt(2))) / 2 runs from 0 to 1.")
def gelu_without_the_half(z):
    return 2 * reference.gelu(z)


@mistake(of="gelu", says="z sigmoid(1.702 z) is a rough approximation. gelu is the exact one, with erf.")
def gelu_by_sigmoid(z):
    return z * reference.sigmoid(1.702 * z)


@mistake(
    of="gelu", says="You multiply z by the normal density. It is the distribution function Phi(z), the area up to z."
)
def gelu_of_the_density(z):
    return z * np.exp(-z * z / 2) / math.sqrt(2 * math.pi)


@mistake(
    of="gelu",
    says="np.vectorize(math.erf) returns float64, and so does gelu. Bring the result back to the type of z.",
)
def gelu_loses_float32(z):
    return reference.gelu(z).astype(np.float64)


# gelu_tanh


@mistake(
    of="gelu_tanh", says="This is the exact gelu. gelu_tanh is the approximation by tanh, which differs by up to 5e-4."
)
def gelu_tanh_exact(z):
    return reference.gelu(z)


@mistake(of="gelu_tanh", says="The factor is the square root of 2/pi. You have sqrt(2)/pi: mind the brackets.")
def gelu_tanh_root_of_two_only(z):
    return 0.5 * z * (1 + np.tanh(math.sqrt(2) / math.pi * (z + 0.044715 * z**3)))


@mistake(of="gelu_tanh", says="The factor sqrt(2/pi) multiplies the cubic term too. Put z + 0.044715 z^3 in brackets.")
def gelu_tanh_cube_outside(z):
    return 0.5 * z * (1 + np.tanh(math.sqrt(2 / math.pi) * z + 0.044715 * z**3))


@mistake(of="gelu_tanh", says="The correction is cubic: 0.044715 z^3. You have z^2, which even changes the symmetry.")
def gelu_tanh_squared(z):
    return 0.5 * z * (1 + np.tanh(math.sqrt(2 / math.pi) * (z + 0.044715 * z**2)))


@mistake(
    of="gelu_tanh",
    says="np.sqrt(2 / np.pi) is a float64 number, and NumPy lets its type win. math.sqrt, a plain float, keeps"
    " float32.",
)
def gelu_tanh_loses_float32(z):
    return 0.5 * z * (1 + np.tanh(np.sqrt(2 / np.pi) * (z + 0.044715 * z**3)))


# softmax


@mistake(of="softmax", says="You normalise each row. Examples are columns here: sum over axis 0.")
def softmax_over_rows(z):
    return reference.softmax(z.T).T


@mistake(of="softmax", says="You divide by the sum over the whole batch. Each example has its own sum: axis=0.")
def softmax_of_the_whole_batch(z):
    return reference.softmax(z.reshape(-1, 1)).reshape(z.shape)


@mistake(
    of="softmax",
    says="exp overflows for large scores. Subtract the maximum of each column first: the result is the same.",
)
def softmax_overflows(z):
    with np.errstate(all="ignore"):
        E = np.exp(z)
        return E / E.sum(axis=0)


@mistake(
    of="softmax",
    says="You subtract the maximum of the whole batch. An example whose scores all lie far below it becomes 0/0: "
    "subtract the maximum of each column.",
)
def softmax_with_one_maximum(z):
    with np.errstate(all="ignore"):
        E = np.exp(z - z.max())
        return E / E.sum(axis=0)


@mistake(
    of="softmax",
    says="You subtract the maximum of each row, which differs from score to score and changes the result. "
    "Subtract one number in each column: axis=0.",
)
def softmax_with_the_maxima_of_the_rows(z):
    with np.errstate(all="ignore"):
        E = np.exp(z - z.max(axis=1, keepdims=True))
        return E / E.sum(axis=0)


@mistake(of="softmax", says="`z -= z.max(...)` changes the array of the caller. Write `z = z - z.max(...)`.")
def softmax_in_place(z):
    z -= z.max(axis=0)
    E = np.exp(z)
    return E / E.sum(axis=0)


@mistake(of="softmax", says="This is the logarithm of softmax. Return the probabilities.")
def softmax_logarithm(z):
    z = z - z.max(axis=0)
    return z - np.log(np.exp(z).sum(axis=0))


@mistake(of="softmax", says="You loop over the examples. One sum over axis 0 serves all columns at once.")
def softmax_by_example(z):
    out = np.empty_like(z)
    for i in range(z.shape[1]):
        E = np.exp(z[:, i] - z[:, i].max())
        out[:, i] = E / E.sum()
    return out


# sigmoid_backward


@mistake(
    of="sigmoid_backward", says="The second argument is Z, not A. Take a = sigmoid(Z) first; the slope is a (1 - a)."
)
def sigmoid_backward_of_a(dA, Z):
    return dA * Z * (1 - Z)


@mistake(of="sigmoid_backward", says="You return the slope alone. The chain rule multiplies it by dA.")
def sigmoid_backward_without_da(dA, Z):
    a = reference.sigmoid(Z)
    return a * (1 - a)


@mistake(of="sigmoid_backward", says="The slope of the sigmoid is a (1 - a). The factor 1 - a is missing.")
def sigmoid_backward_without_one_minus_a(dA, Z):
    return dA * reference.sigmoid(Z)


@mistake(of="sigmoid_backward", says="`dA *= ...` changes the array of the caller. Write `dA * a * (1 - a)`.")
def sigmoid_backward_in_place(dA, Z):
    dA *= reference.sigmoid(Z) * reference.sigmoid(-Z)
    return dA.copy()


# tanh_backward


@mistake(of="tanh_backward", says="The second argument is Z, not A. Take a = tanh(Z) first; the slope is 1 - a^2.")
def tanh_backward_of_a(dA, Z):
    return dA * (1 - Z**2)


@mistake(of="tanh_backward", says="The slope of tanh is 1 - tanh(Z)^2. The square is missing.")
def tanh_backward_without_the_square(dA, Z):
    return dA * (1 - np.tanh(Z))


@mistake(of="tanh_backward", says="You return the slope alone. The chain rule multiplies it by dA.")
def tanh_backward_without_da(dA, Z):
    return 1 - np.tanh(Z) ** 2


@mistake(
    of="tanh_backward",
    says="np.ones(Z.shape) is float64, and so is the slope. Write 1 - t * t, which keeps float32.",
)
def tanh_backward_loses_float32(dA, Z):
    t = np.tanh(Z)
    return dA * (np.ones(Z.shape) - t * t)


# relu_backward


@mistake(of="relu_backward", says="Your mask looks at the sign of dA. What counts is whether the unit was on: Z > 0.")
def relu_backward_masked_by_da(dA, Z):
    return dA * (dA > 0)


@mistake(of="relu_backward", says="At zero the slope is taken to be 0: the mask is Z > 0, not Z >= 0.")
def relu_backward_one_at_zero(dA, Z):
    return dA * (Z >= 0)


@mistake(of="relu_backward", says="You return the slope alone. The chain rule multiplies it by dA.")
def relu_backward_without_da(dA, Z):
    return (Z > 0) * np.ones_like(Z)


@mistake(
    of="relu_backward", says="`dA[Z <= 0] = 0` changes the array of the caller. Write `dA * (Z > 0)`, or copy first."
)
def relu_backward_in_place(dA, Z):
    dA[Z <= 0] = 0
    return dA


@mistake(of="relu_backward", says="You multiply dA by relu(Z). The slope is 1 where Z is positive, whatever its size.")
def relu_backward_times_relu(dA, Z):
    return dA * np.maximum(Z, 0)


# leaky_relu_backward


@mistake(of="leaky_relu_backward", says="Below zero the slope is alpha, not 0: that is what makes it leak.")
def leaky_relu_backward_of_relu(dA, Z, alpha=0.01):
    return dA * (Z > 0)


@mistake(of="leaky_relu_backward", says="The slope below zero is always 0.01 here. Use the argument alpha.")
def leaky_relu_backward_ignores_alpha(dA, Z, alpha=0.01):
    return np.where(Z > 0, dA, 0.01 * dA)


@mistake(of="leaky_relu_backward", says="At zero the slope is taken to be alpha: 1 holds for Z > 0 only.")
def leaky_relu_backward_one_at_zero(dA, Z, alpha=0.01):
    return np.where(Z >= 0, dA, alpha * dA)


@mistake(of="leaky_relu_backward", says="You return the slope alone. The chain rule multiplies it by dA.")
def leaky_relu_backward_without_da(dA, Z, alpha=0.01):
    return np.where(Z > 0, np.ones_like(Z), alpha * np.ones_like(Z))


@mistake(of="leaky_relu_backward", says="Below zero you return alpha itself. It is the slope: multiply it by dA.")
def leaky_relu_backward_constant_below_zero(dA, Z, alpha=0.01):
    return np.where(Z > 0, dA, alpha * np.ones_like(dA))


@mistake(
    of="leaky_relu_backward",
    says="`dZ = dA` makes no copy: both names mean one array, and you change it. Use where, or a copy of dA.",
)
def leaky_relu_backward_without_a_copy(dA, Z, alpha=0.01):
    dZ = dA
    dZ[Z <= 0] *= alpha
    return dZ


@mistake(
    of="leaky_relu_backward",
    says="This is the slope of max(alpha z, z), which leaks for an alpha below 1 alone. The slope is 1 for z > 0.",
)
def leaky_relu_backward_of_a_maximum(dA, Z, alpha=0.01):
    return np.where(alpha * Z < Z, dA, alpha * dA)


# gelu_backward


def density(Z):
    return np.exp(-Z * Z / 2) / math.sqrt(2 * math.pi)


@mistake(of="gelu_backward", says="The product rule has two terms: Phi(z) + z phi(z). The second one is missing.")
def gelu_backward_without_the_second_term(dA, Z):
    slope = reference.gelu_backward(np.ones_like(Z), Z)
    return dA * (slope - Z * density(Z))


@mistake(of="gelu_backward", says="The factor z of the second term is missing: the slope is Phi(z) + z phi(z).")
def gelu_backward_without_z(dA, Z):
    slope = reference.gelu_backward(np.ones_like(Z), Z)
    return dA * (slope + (1 - Z) * density(Z))


@mistake(
    of="gelu_backward", says="The normal density is exp(-z^2 / 2) / sqrt(2 pi). The division by sqrt(2 pi) is missing."
)
def gelu_backward_with_a_tall_density(dA, Z):
    slope = reference.gelu_backward(np.ones_like(Z), Z)
    return dA * (slope + (math.sqrt(2 * math.pi) - 1) * Z * density(Z))


@mistake(of="gelu_backward", says="The normal density is exp(-z^2 / 2) / sqrt(2 pi). The half of z^2 is missing.")
def gelu_backward_with_a_narrow_density(dA, Z):
    slope = reference.gelu_backward(np.ones_like(Z), Z)
    return dA * (slope - Z * density(Z) + Z * np.exp(-Z * Z) / math.sqrt(2 * math.pi))


@mistake(
    of="gelu_backward", says="This is the slope of the tanh approximation. gelu_backward belongs to the exact gelu."
)
def gelu_backward_of_the_approximation(dA, Z):
    inner = math.sqrt(2 / math.pi) * (Z + 0.044715 * Z**3)
    t = np.tanh(inner)
    return dA * (0.5 * (1 + t) + 0.5 * Z * (1 - t * t) * math.sqrt(2 / math.pi) * (1 + 3 * 0.044715 * Z**2))


@mistake(of="gelu_backward", says="You return the slope alone. The chain rule multiplies it by dA.")
def gelu_backward_without_da(dA, Z):
    return reference.gelu_backward(np.ones_like(Z), Z)


@mistake(
    of="gelu_backward",
    says="np.sqrt(2 * np.pi) is a float64 number, and NumPy lets its type win. math.sqrt, a plain float, keeps"
    " float32.",
)
def gelu_backward_loses_float32(dA, Z):
    return reference.gelu_backward(dA, Z) * (np.sqrt(2 * np.pi) / np.sqrt(2 * np.pi))


# softmax_backward


@mistake(
    of="softmax_backward",
    says="p (1 - p) is only the diagonal of the Jacobian. Raising one score lowers every other probability too: "
    "dZ = p (dA - sum(p dA)).",
)
def softmax_backward_diagonal_only(dA, Z):
    P = reference.softmax(Z)
    return dA * P * (1 - P)


@mistake(
    of="softmax_backward",
    says="p - y is the gradient of cross-entropy and softmax together. Here dA is any gradient at the probabilities.",
)
def softmax_backward_of_cross_entropy(dA, Z):
    return reference.softmax(Z) - dA


@mistake(of="softmax_backward", says="You sum p dA over each row. Examples are columns here: sum over axis 0.")
def softmax_backward_sums_rows(dA, Z):
    P = reference.softmax(Z)
    return P * (dA - (P * dA).sum(axis=1, keepdims=True))


@mistake(of="softmax_backward", says="You sum p dA over the whole batch. Each example has its own sum: axis=0.")
def softmax_backward_sums_everything(dA, Z):
    P = reference.softmax(Z)
    return P * (dA - (P * dA).sum())


@mistake(of="softmax_backward", says="The sum is of p dA, the gradient weighted by the probabilities, not of dA alone.")
def softmax_backward_plain_sum(dA, Z):
    P = reference.softmax(Z)
    return P * (dA - dA.sum(axis=0))


@mistake(
    of="softmax_backward",
    says="You use the Jacobian of the first example for all. Each column has a Jacobian of its own.",
)
def softmax_backward_with_the_first_jacobian(dA, Z):
    p = reference.softmax(Z)[:, :1]
    return p * dA - p * (p.T @ dA)


@mistake(
    of="softmax_backward",
    says="np.zeros(shape) is a float64 buffer, and so the result. Make it with np.zeros_like(Z).",
)
def softmax_backward_loses_float32(dA, Z):
    dZ = np.zeros(Z.shape)
    dZ[:] = reference.softmax_backward(dA, Z)
    return dZ


@mistake(of="softmax_backward", says="You loop over the examples. One sum over axis 0 serves all columns at once.")
def softmax_backward_by_example(dA, Z):
    P = reference.softmax(Z)
    dZ = np.zeros_like(Z)
    for i in range(Z.shape[1]):
        p = P[:, i]
        jacobian = np.diag(p) - np.outer(p, p)
        dZ[:, i] = jacobian @ dA[:, i]
    return dZ


# dead_units


@mistake(
    of="dead_units",
    says="You report units that are zero for some example. Dead means zero for every example: all, not any.",
)
def dead_units_any(A):
    return np.any(A == 0, axis=1)


@mistake(of="dead_units", says="You look down the columns, which are examples. Units are rows: axis=1.")
def dead_units_by_example(A):
    return np.all(A == 0, axis=0)


@mistake(of="dead_units", says="A sum of 0 is no proof: values can cancel. Ask whether every entry of the row is 0.")
def dead_units_by_sum(A):
    return A.sum(axis=1) == 0


@mistake(of="dead_units", says="np.isclose takes faint outputs, such as 1e-12, for 0. Ask for exactly 0: A == 0.")
def dead_units_by_closeness(A):
    return np.isclose(A, 0).all(axis=1)


@mistake(of="dead_units", says="Negative values count as alive: ask for == 0, not <= 0.")
def dead_units_not_positive(A):
    return np.all(A <= 0, axis=1)


@mistake(of="dead_units", says="This is the opposite: True where the unit is alive.")
def dead_units_alive(A):
    return np.any(A != 0, axis=1)


@mistake(of="dead_units", says="The result is a column of shape (n, 1). One answer for each unit has the shape (n,).")
def dead_units_as_a_column(A):
    return np.all(A == 0, axis=1, keepdims=True)


@mistake(of="dead_units", says="You write marks into A, the array of the caller. `A != 0` is an array of its own.")
def dead_units_in_place(A):
    A[A != 0] = 1
    return A.sum(axis=1) == 0
