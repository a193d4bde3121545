"""What goes wrong in this assignment, function by function, each with the sentence that explains it."""

import math
from itertools import pairwise

import numpy as np

from grader.authoring import mistake
from reference.with_numpy import initialization as reference
from reference.with_numpy.activations import relu, sigmoid, tanh


def network(layer_dims, draw):
    """W[l] = draw(n_out, n_in), b[l] = 0."""
    parameters = {}
    for l, (n_in, n_out) in enumerate(pairwise(layer_dims), start=1):
        parameters |= {f"W{l}": draw(n_out, n_in), f"b{l}": np.zeros((n_out, 1))}
    return parameters


def normal(layer_dims, rng, deviation):
    """Normal weights with a deviation by layer."""
    return network(layer_dims, lambda n_out, n_in: deviation(n_in, n_out) * rng.standard_normal((n_out, n_in)))


def seeded(layer_dims, deviation):
    """Normal weights that do not come from the argument."""
    np.random.seed(3)  # noqa: NPY002
    return network(layer_dims, lambda n_out, n_in: deviation(n_in, n_out) * np.random.randn(n_out, n_in))  # noqa: NPY002


def repeated(layer_dims, draw):
    """The same draws in every layer, as far as they go."""
    largest = max(layer_dims)
    drawn = draw((largest, largest))
    return lambda n_out, n_in: drawn[:n_out, :n_in].copy()


FROM_ZERO_TO_ONE = "rng.random gives uniform numbers from 0 to 1. Use rng.standard_normal."
COPIES = "One unit is drawn for each layer and copied. Draw every weight by itself."


def from_zero_to_one(layer_dims, rng, deviation):
    """Weights on one side of zero, as from rng.random."""
    return network(layer_dims, lambda n_out, n_in: deviation(n_in, n_out) * rng.random((n_out, n_in)))


def copied_units(layer_dims, rng, deviation):
    """Normal weights of which all units of a layer have the same."""
    return network(
        layer_dims,
        lambda n_out, n_in: deviation(n_in, n_out) * np.tile(rng.standard_normal((1, n_in)), (n_out, 1)),
    )


# initialize_zeros


@mistake(of="initialize_zeros", says="W is transposed: it has one row a unit, (n_out, n_in).")
def initialize_zeros_transposed(layer_dims):
    return network(layer_dims, lambda n_out, n_in: np.zeros((n_in, n_out)))


@mistake(of="initialize_zeros", says="A bias is a column, (n_out, 1). Yours have one axis.")
def initialize_zeros_with_flat_biases(layer_dims):
    return {name: p[:, 0] if name[0] == "b" else p for name, p in reference.initialize_zeros(layer_dims).items()}


@mistake(of="initialize_zeros", says="The last layer is missing: the layers are 1 to len(layer_dims) - 1.")
def initialize_zeros_without_the_last_layer(layer_dims):
    last = str(len(layer_dims) - 1)
    return {name: p for name, p in reference.initialize_zeros(layer_dims).items() if name[1:] != last}


@mistake(of="initialize_zeros", says="The names count from 0. The first layer is W1, b1.")
def initialize_zeros_counting_from_zero(layer_dims):
    return {f"{name[0]}{int(name[1:]) - 1}": p for name, p in reference.initialize_zeros(layer_dims).items()}


@mistake(of="initialize_zeros", says="layer_dims.pop changes the list of the caller. Read it without taking it apart.")
def initialize_zeros_takes_the_list_apart(layer_dims):
    parameters, n_in = {}, layer_dims.pop(0)
    while layer_dims:
        n_out, l = layer_dims.pop(0), len(parameters) // 2 + 1
        parameters |= {f"W{l}": np.zeros((n_out, n_in)), f"b{l}": np.zeros((n_out, 1))}
        n_in = n_out
    return parameters


# initialize_random


@mistake(of="initialize_random", says="scale is the standard deviation. You use it as the variance.")
def initialize_random_with_a_variance(layer_dims, scale, rng):
    return reference.initialize_random(layer_dims, math.sqrt(scale), rng)


@mistake(of="initialize_random", says="The scale is always 0.01 here. Use the argument.")
def initialize_random_always_small(layer_dims, scale, rng):
    return reference.initialize_random(layer_dims, 0.01, rng)


@mistake(of="initialize_random", says=FROM_ZERO_TO_ONE)
def initialize_random_from_zero_to_one(layer_dims, scale, rng):
    return from_zero_to_one(layer_dims, rng, lambda n_in, n_out: scale)


@mistake(of="initialize_random", says="The weights are uniform, with the right deviation. They should be normal.")
def initialize_random_uniform(layer_dims, scale, rng):
    limit = math.sqrt(3) * scale
    return network(layer_dims, lambda n_out, n_in: rng.uniform(-limit, limit, (n_out, n_in)))


@mistake(of="initialize_random", says="The biases are drawn too. They start at zero.")
def initialize_random_with_random_biases(layer_dims, scale, rng):
    parameters = reference.initialize_random(layer_dims, scale, rng)
    return {name: scale * rng.standard_normal(p.shape) if name[0] == "b" else p for name, p in parameters.items()}


@mistake(of="initialize_random", says="W is transposed: it has one row a unit, (n_out, n_in).")
def initialize_random_transposed(layer_dims, scale, rng):
    return network(layer_dims, lambda n_out, n_in: scale * rng.standard_normal((n_in, n_out)))


@mistake(
    of="initialize_random", says="You seed the global generator: every call gives the same. Draw from the argument rng."
)
def initialize_random_of_a_global_seed(layer_dims, scale, rng):
    return seeded(layer_dims, lambda n_in, n_out: scale)


@mistake(of="initialize_random", says=COPIES)
def initialize_random_of_copies(layer_dims, scale, rng):
    return copied_units(layer_dims, rng, lambda n_in, n_out: scale)


@mistake(of="initialize_random", says="All layers have the same numbers. Draw anew for every layer.")
def initialize_random_repeated(layer_dims, scale, rng):
    return network(layer_dims, repeated(layer_dims, lambda shape: scale * rng.standard_normal(shape)))


# initialize_xavier


@mistake(of="initialize_xavier", says="1 / n_in is the variance. The standard deviation is its root.")
def initialize_xavier_without_the_root(layer_dims, rng):
    return normal(layer_dims, rng, lambda n_in, n_out: 1 / n_in)


@mistake(of="initialize_xavier", says="This is He's start, 2 / n_in. Here the variance is 1 / n_in.")
def initialize_xavier_as_he(layer_dims, rng):
    return reference.initialize_he(layer_dims, rng)


@mistake(
    of="initialize_xavier",
    says="This is the rule of Glorot's paper, 2 / (n_in + n_out), another function here. The variance is 1 / n_in.",
)
def initialize_xavier_as_glorot(layer_dims, rng):
    return reference.initialize_glorot(layer_dims, rng)


@mistake(of="initialize_xavier", says="You count the units of the layer. n_in is the number of its inputs.")
def initialize_xavier_of_the_outputs(layer_dims, rng):
    return normal(layer_dims, rng, lambda n_in, n_out: math.sqrt(1 / n_out))


@mistake(
    of="initialize_xavier", says="Every layer has the deviation of the first. n_in is the number of its own inputs."
)
def initialize_xavier_of_the_first_layer(layer_dims, rng):
    return normal(layer_dims, rng, lambda n_in, n_out: math.sqrt(1 / layer_dims[0]))


@mistake(of="initialize_xavier", says="The weights are uniform. Here they are normal, with the same variance.")
def initialize_xavier_uniform_instead(layer_dims, rng):
    return reference.initialize_xavier_uniform(layer_dims, rng)


@mistake(of="initialize_xavier", says=FROM_ZERO_TO_ONE)
def initialize_xavier_from_zero_to_one(layer_dims, rng):
    return from_zero_to_one(layer_dims, rng, lambda n_in, n_out: math.sqrt(1 / n_in))


@mistake(of="initialize_xavier", says=COPIES)
def initialize_xavier_of_copies(layer_dims, rng):
    return copied_units(layer_dims, rng, lambda n_in, n_out: math.sqrt(1 / n_in))


@mistake(of="initialize_xavier", says="W is transposed: it has one row a unit, (n_out, n_in).")
def initialize_xavier_transposed(layer_dims, rng):
    return network(layer_dims, lambda n_out, n_in: rng.standard_normal((n_in, n_out)) / math.sqrt(n_in))


@mistake(
    of="initialize_xavier", says="You seed the global generator: every call gives the same. Draw from the argument rng."
)
def initialize_xavier_of_a_global_seed(layer_dims, rng):
    return seeded(layer_dims, lambda n_in, n_out: math.sqrt(1 / n_in))


@mistake(of="initialize_xavier", says="All layers have the same numbers. Draw anew for every layer.")
def initialize_xavier_repeated(layer_dims, rng):
    again = repeated(layer_dims, rng.standard_normal)
    return network(layer_dims, lambda n_out, n_in: again(n_out, n_in) / math.sqrt(n_in))


# initialize_xavier_uniform


def uniform(layer_dims, rng, limit):
    """Uniform weights with a limit by layer."""

    def draw(n_out, n_in):
        edge = limit(n_in, n_out)
        return rng.uniform(-edge, edge, (n_out, n_in))

    return network(layer_dims, draw)


@mistake(
    of="initialize_xavier_uniform", says="The limit is sqrt(3 / n_in): the variance of U(-a, a) is a^2 / 3, not a^2."
)
def initialize_xavier_uniform_without_the_three(layer_dims, rng):
    return uniform(layer_dims, rng, lambda n_in, n_out: math.sqrt(1 / n_in))


@mistake(of="initialize_xavier_uniform", says="The root is missing in the limit: it is sqrt(3 / n_in).")
def initialize_xavier_uniform_without_the_root(layer_dims, rng):
    return uniform(layer_dims, rng, lambda n_in, n_out: 3 / n_in)


@mistake(
    of="initialize_xavier_uniform",
    says="This is the limit of Glorot's paper, sqrt(6 / (n_in + n_out)). Here it is sqrt(3 / n_in).",
)
def initialize_xavier_uniform_as_glorot(layer_dims, rng):
    return uniform(layer_dims, rng, lambda n_in, n_out: math.sqrt(6 / (n_in + n_out)))


@mistake(of="initialize_xavier_uniform", says="This is He's limit, sqrt(6 / n_in). Here it is sqrt(3 / n_in).")
def initialize_xavier_uniform_as_he(layer_dims, rng):
    return uniform(layer_dims, rng, lambda n_in, n_out: math.sqrt(6 / n_in))


@mistake(
    of="initialize_xavier_uniform",
    says="No weight is negative: rng.random runs from 0 to 1. They lie on both sides of 0.",
)
def initialize_xavier_uniform_on_one_side(layer_dims, rng):
    return network(layer_dims, lambda n_out, n_in: math.sqrt(3 / n_in) * rng.random((n_out, n_in)))


@mistake(of="initialize_xavier_uniform", says="The weights are normal. Here they are uniform, with the same variance.")
def initialize_xavier_uniform_normal(layer_dims, rng):
    return reference.initialize_xavier(layer_dims, rng)


@mistake(
    of="initialize_xavier_uniform",
    says="Normal draws are cut off at the limits, so that many lie on them. Use rng.uniform(-a, a, shape).",
)
def initialize_xavier_uniform_cut_off(layer_dims, rng):
    def draw(n_out, n_in):
        limit = math.sqrt(3 / n_in)
        return np.clip(rng.standard_normal((n_out, n_in)) / math.sqrt(n_in), -limit, limit)

    return network(layer_dims, draw)


@mistake(of="initialize_xavier_uniform", says="You count the units of the layer. n_in is the number of its inputs.")
def initialize_xavier_uniform_of_the_outputs(layer_dims, rng):
    return uniform(layer_dims, rng, lambda n_in, n_out: math.sqrt(3 / n_out))


@mistake(of="initialize_xavier_uniform", says="The biases are drawn too. They start at zero.")
def initialize_xavier_uniform_with_random_biases(layer_dims, rng):
    parameters = reference.initialize_xavier_uniform(layer_dims, rng)
    return {name: rng.uniform(-1, 1, p.shape) if name[0] == "b" else p for name, p in parameters.items()}


@mistake(
    of="initialize_xavier_uniform",
    says="You seed the global generator: every call gives the same. Draw from the argument rng.",
)
def initialize_xavier_uniform_of_a_global_seed(layer_dims, rng):
    np.random.seed(3)  # noqa: NPY002
    return network(
        layer_dims, lambda n_out, n_in: math.sqrt(3 / n_in) * np.random.uniform(-1, 1, (n_out, n_in))  # noqa: NPY002
    )  # fmt: skip


@mistake(of="initialize_xavier_uniform", says="All layers have the same numbers. Draw anew for every layer.")
def initialize_xavier_uniform_repeated(layer_dims, rng):
    again = repeated(layer_dims, lambda shape: rng.uniform(-1, 1, shape))
    return network(layer_dims, lambda n_out, n_in: again(n_out, n_in) * math.sqrt(3 / n_in))


# initialize_glorot


@mistake(of="initialize_glorot", says="2 / (n_in + n_out) is the variance. The standard deviation is its root.")
def initialize_glorot_without_the_root(layer_dims, rng):
    return normal(layer_dims, rng, lambda n_in, n_out: 2 / (n_in + n_out))


@mistake(of="initialize_glorot", says="The variance is 2 / (n_in + n_out). You have 1 / (n_in + n_out).")
def initialize_glorot_without_the_two(layer_dims, rng):
    return normal(layer_dims, rng, lambda n_in, n_out: math.sqrt(1 / (n_in + n_out)))


@mistake(
    of="initialize_glorot", says="6 / (n_in + n_out) belongs to the limit of the uniform form. The variance has a 2."
)
def initialize_glorot_with_the_six(layer_dims, rng):
    return normal(layer_dims, rng, lambda n_in, n_out: math.sqrt(6 / (n_in + n_out)))


@mistake(of="initialize_glorot", says="Only the inputs count here. The variance is 2 / (n_in + n_out).")
def initialize_glorot_of_the_inputs(layer_dims, rng):
    return reference.initialize_xavier(layer_dims, rng)


@mistake(of="initialize_glorot", says="The weights are uniform, with the right variance. Here they are normal.")
def initialize_glorot_uniform(layer_dims, rng):
    return uniform(layer_dims, rng, lambda n_in, n_out: math.sqrt(6 / (n_in + n_out)))


@mistake(
    of="initialize_glorot", says="n_in + n_out are the two sides of this W. You take the layers on both sides of it."
)
def initialize_glorot_of_the_next_layer(layer_dims, rng):
    following = dict(enumerate(pairwise([*layer_dims, 1])))
    parameters = {}
    for l, (n_in, n_out) in enumerate(pairwise(layer_dims), start=1):
        deviation = math.sqrt(2 / (n_in + following[l][1]))
        parameters |= {f"W{l}": deviation * rng.standard_normal((n_out, n_in)), f"b{l}": np.zeros((n_out, 1))}
    return parameters


@mistake(of="initialize_glorot", says=FROM_ZERO_TO_ONE)
def initialize_glorot_from_zero_to_one(layer_dims, rng):
    return from_zero_to_one(layer_dims, rng, lambda n_in, n_out: math.sqrt(2 / (n_in + n_out)))


@mistake(of="initialize_glorot", says=COPIES)
def initialize_glorot_of_copies(layer_dims, rng):
    return copied_units(layer_dims, rng, lambda n_in, n_out: math.sqrt(2 / (n_in + n_out)))


@mistake(of="initialize_glorot", says="A bias is a column, (n_out, 1). Yours have one axis.")
def initialize_glorot_with_flat_biases(layer_dims, rng):
    return {name: p[:, 0] if name[0] == "b" else p for name, p in reference.initialize_glorot(layer_dims, rng).items()}


@mistake(
    of="initialize_glorot", says="You seed the global generator: every call gives the same. Draw from the argument rng."
)
def initialize_glorot_of_a_global_seed(layer_dims, rng):
    return seeded(layer_dims, lambda n_in, n_out: math.sqrt(2 / (n_in + n_out)))


@mistake(of="initialize_glorot", says="All layers have the same numbers. Draw anew for every layer.")
def initialize_glorot_repeated(layer_dims, rng):
    again = repeated(layer_dims, rng.standard_normal)
    return network(layer_dims, lambda n_out, n_in: again(n_out, n_in) * math.sqrt(2 / (n_in + n_out)))


# initialize_he


@mistake(of="initialize_he", says="2 / n_in is the variance. The standard deviation is its root.")
def initialize_he_without_the_root(layer_dims, rng):
    return normal(layer_dims, rng, lambda n_in, n_out: 2 / n_in)


@mistake(
    of="initialize_he", says="This is Xavier's start, 1 / n_in. ReLU silences half of the signal, so He has 2 / n_in."
)
def initialize_he_as_xavier(layer_dims, rng):
    return reference.initialize_xavier(layer_dims, rng)


@mistake(
    of="initialize_he", says="The root is taken of n_in alone: the deviation is sqrt(2 / n_in), not 2 / sqrt(n_in)."
)
def initialize_he_with_half_a_root(layer_dims, rng):
    return normal(layer_dims, rng, lambda n_in, n_out: 2 / math.sqrt(n_in))


@mistake(of="initialize_he", says="You count the units of the layer. n_in is the number of its inputs.")
def initialize_he_of_the_outputs(layer_dims, rng):
    return normal(layer_dims, rng, lambda n_in, n_out: math.sqrt(2 / n_out))


@mistake(of="initialize_he", says="The weights are uniform, with the right variance. Here they are normal.")
def initialize_he_uniform(layer_dims, rng):
    return uniform(layer_dims, rng, lambda n_in, n_out: math.sqrt(6 / n_in))


@mistake(of="initialize_he", says=FROM_ZERO_TO_ONE)
def initialize_he_from_zero_to_one(layer_dims, rng):
    return from_zero_to_one(layer_dims, rng, lambda n_in, n_out: math.sqrt(2 / n_in))


@mistake(of="initialize_he", says=COPIES)
def initialize_he_of_copies(layer_dims, rng):
    return copied_units(layer_dims, rng, lambda n_in, n_out: math.sqrt(2 / n_in))


@mistake(of="initialize_he", says="The biases are drawn too. They start at zero.")
def initialize_he_with_random_biases(layer_dims, rng):
    parameters = reference.initialize_he(layer_dims, rng)
    return {name: rng.standard_normal(p.shape) if name[0] == "b" else p for name, p in parameters.items()}


@mistake(
    of="initialize_he", says="You seed the global generator: every call gives the same. Draw from the argument rng."
)
def initialize_he_of_a_global_seed(layer_dims, rng):
    return seeded(layer_dims, lambda n_in, n_out: math.sqrt(2 / n_in))


@mistake(of="initialize_he", says="All layers have the same numbers. Draw anew for every layer.")
def initialize_he_repeated(layer_dims, rng):
    again = repeated(layer_dims, rng.standard_normal)
    return network(layer_dims, lambda n_out, n_in: again(n_out, n_in) * math.sqrt(2 / n_in))


# activation_std


ACTIVATIONS = {"sigmoid": sigmoid, "tanh": tanh, "relu": relu}


def deviations(X, parameters, activation, of=lambda Z, A: A.std(), last=True, biases=True):
    """The deviations with parts to get wrong: of what they are, and what the layers compute."""
    g, L, A, found = ACTIVATIONS[activation], len(parameters) // 2, X, []
    for l in range(1, L + 1):
        Z = parameters[f"W{l}"] @ A + biases * parameters[f"b{l}"]
        A = g(Z) if last or l < L else Z
        found.append(of(Z, A))
    return np.array(found)


@mistake(
    of="activation_std", says="You divide by one less than the number of entries (ddof=1). Divide by their number."
)
def activation_std_of_a_sample(X, parameters, activation):
    with np.errstate(all="ignore"):
        return deviations(X, parameters, activation, of=lambda Z, A: np.sqrt(A.var() * A.size / (A.size - 1)))


@mistake(of="activation_std", says="These are variances. Take the root.")
def activation_std_squared(X, parameters, activation):
    return deviations(X, parameters, activation, of=lambda Z, A: A.var())


@mistake(of="activation_std", says="These are the deviations of the scores Z. Take those of A = g(Z).")
def activation_std_of_the_scores(X, parameters, activation):
    return deviations(X, parameters, activation, of=lambda Z, A: Z.std())


@mistake(
    of="activation_std",
    says="You average the deviations of the units. Take all units and examples of a layer together.",
)
def activation_std_by_unit(X, parameters, activation):
    return deviations(X, parameters, activation, of=lambda Z, A: A.std(axis=1).mean())


@mistake(of="activation_std", says="Only the first unit of each layer counts. Take all of its entries, A.std().")
def activation_std_of_the_first_unit(X, parameters, activation):
    return deviations(X, parameters, activation, of=lambda Z, A: A[0].std())


@mistake(of="activation_std", says="This is the root of the mean square. Subtract the mean first.")
def activation_std_about_zero(X, parameters, activation):
    return deviations(X, parameters, activation, of=lambda Z, A: np.sqrt(np.mean(A**2)))


@mistake(of="activation_std", says="The last layer has no activation here. It has the same one as the others.")
def activation_std_with_a_linear_output(X, parameters, activation):
    return deviations(X, parameters, activation, last=False)


@mistake(of="activation_std", says="The biases are missing: Z = W A + b.")
def activation_std_without_biases(X, parameters, activation):
    return deviations(X, parameters, activation, biases=False)


@mistake(of="activation_std", says="activation is ignored: every layer is tanh.")
def activation_std_of_tanh(X, parameters, activation):
    return deviations(X, parameters, "tanh")


@mistake(of="activation_std", says="The deviation of X comes first. Return those of A1 to AL only.")
def activation_std_with_the_input(X, parameters, activation):
    return np.concatenate([[X.std()], deviations(X, parameters, activation)])


@mistake(of="activation_std", says="The sigmoid overflows for very negative scores. Take the exponential of -|z| only.")
def activation_std_overflows(X, parameters, activation):
    if activation != "sigmoid":
        return deviations(X, parameters, activation)
    A, found = X, []
    for l in range(1, len(parameters) // 2 + 1):
        A = 1 / (1 + np.exp(-(parameters[f"W{l}"] @ A + parameters[f"b{l}"])))
        found.append(A.std())
    return np.array(found)


@mistake(
    of="activation_std", says="`X -= X.mean()` changes the array of the caller, and the input is not to be centred."
)
def activation_std_in_place(X, parameters, activation):
    X -= X.mean()
    return deviations(X, parameters, activation)


@mistake(of="activation_std", says="You visit the examples one by one. W @ A takes all columns at once.")
def activation_std_example_by_example(X, parameters, activation):
    A, found = X, []
    for l in range(1, len(parameters) // 2 + 1):
        Z = np.empty((len(parameters[f"W{l}"]), A.shape[1]))
        for i in range(A.shape[1]):
            Z[:, i : i + 1] = parameters[f"W{l}"] @ A[:, i : i + 1] + parameters[f"b{l}"]
        A = ACTIVATIONS[activation](Z)
        found.append(A.std())
    return np.array(found)


# hidden_units_identical


def copies(parameters, layers, one=lambda W, b: (W[0] == W).all() and (b[0] == b).all(), among=any):
    """Whether layers hold copies, with parts to get wrong: which layers, what copies are, any or all."""
    return bool(among(one(parameters[f"W{l}"], parameters[f"b{l}"]) for l in layers))


def hidden(parameters):
    return range(1, len(parameters) // 2)


@mistake(of="hidden_units_identical", says="You look at the weights alone. Units with different biases are different.")
def hidden_units_identical_by_weights(parameters):
    return copies(parameters, hidden(parameters), one=lambda W, b: (W[0] == W).all())


@mistake(of="hidden_units_identical", says="The output layer counts here. Look at the hidden layers, 1 to L - 1.")
def hidden_units_identical_in_the_output(parameters):
    return copies(parameters, range(1, len(parameters) // 2 + 1))


@mistake(of="hidden_units_identical", says="All hidden layers must have copies here. One is enough.")
def hidden_units_identical_everywhere(parameters):
    return len(parameters) > 2 and copies(parameters, hidden(parameters), among=all)


@mistake(of="hidden_units_identical", says="Only the first layer is looked at. Copies may be in any hidden layer.")
def hidden_units_identical_in_the_first_layer(parameters):
    return len(parameters) > 2 and copies(parameters, [1])


@mistake(
    of="hidden_units_identical",
    says="You compare all weights with each other. Units are copies when their rows are equal, whatever is in a row.",
)
def hidden_units_identical_as_constants(parameters):
    return copies(parameters, hidden(parameters), one=lambda W, b: (W[0, 0] == W).all() and (b[0] == b).all())


@mistake(of="hidden_units_identical", says="You look for zeros. Copies of any other unit are identical too.")
def hidden_units_identical_of_zeros(parameters):
    return copies(parameters, hidden(parameters), one=lambda W, b: not W.any() and not b.any())


@mistake(of="hidden_units_identical", says="You compare columns, the inputs. A unit is a row of W.")
def hidden_units_identical_by_columns(parameters):
    return copies(parameters, hidden(parameters), one=lambda W, b: (W[:, :1] == W).all() and (b[0] == b).all())


@mistake(of="hidden_units_identical", says="Two equal units are enough here. All units of the layer must be the same.")
def hidden_units_identical_of_two(parameters):
    def one(W, b):
        units = np.hstack([W, b])
        return len(units) == 1 or len(np.unique(units, axis=0)) < len(units)

    return copies(parameters, hidden(parameters), one=one)


@mistake(
    of="hidden_units_identical",
    says="np.allclose takes tiny weights for equal ones. A symmetry is broken by any difference: compare with ==.",
)
def hidden_units_identical_roughly(parameters):
    def one(W, b):
        return np.allclose(W, W[0]) and np.allclose(b, b[0])

    return copies(parameters, hidden(parameters), one=one)


@mistake(of="hidden_units_identical", says="`W -= W[0]` changes the array of the caller. Compare without subtracting.")
def hidden_units_identical_in_place(parameters):
    answer = reference.hidden_units_identical(parameters)
    for l in hidden(parameters):
        parameters[f"W{l}"] -= parameters[f"W{l}"][0].copy()
    return answer
