"""What goes wrong in this assignment, function by function, each with the sentence that explains it."""

import numpy as np

from grader.authoring import mistake
from reference.with_numpy import backprop as reference
from reference.with_numpy.forward import forward_propagation

# compute_cost


@mistake(of="compute_cost", says="The cost is the mean over examples. You return the sum: divide by m.")
def compute_cost_as_a_sum(AL, Y):
    return reference.compute_cost(AL, Y) * Y.shape[1]


@mistake(of="compute_cost", says="The minus sign is missing: logarithms of probabilities are negative, a cost is not.")
def compute_cost_negative(AL, Y):
    return -reference.compute_cost(AL, Y)


@mistake(
    of="compute_cost",
    says="log(0) is minus infinity, and 0 times infinity is nan. Keep AL away from 0 and 1, as with np.clip, "
    "before you take logarithms.",
)
def compute_cost_of_log_zero(AL, Y):
    return -np.mean(Y * np.log(AL) + (1 - Y) * np.log(1 - AL))


@mistake(of="compute_cost", says="Only the examples of class 1 count. Those of class 0 cost -log(1 - AL).")
def compute_cost_of_one_class(AL, Y):
    return -np.mean(Y * np.log(np.clip(AL, 1e-12, 1)))


@mistake(of="compute_cost", says="The logarithm is the natural one, np.log. You use base 2.")
def compute_cost_in_bits(AL, Y):
    return reference.compute_cost(AL, Y) / np.log(2)


@mistake(
    of="compute_cost",
    says="np.dot(Y, log(AL).T) is an array of shape (1, 1). Take the number out of it, or use np.sum.",
)
def compute_cost_as_a_matrix(AL, Y):
    return np.full((1, 1), reference.compute_cost(AL, Y))


@mistake(
    of="compute_cost",
    says="This is the squared error. The cost is the cross-entropy: -Y log AL - (1 - Y) log(1 - AL).",
)
def compute_cost_squared(AL, Y):
    return np.mean((AL - Y) ** 2)


@mistake(of="compute_cost", says="`out=AL` clips the array of the caller. Leave it out: np.clip makes a new one.")
def compute_cost_in_place(AL, Y):
    np.clip(AL, 1e-12, 1 - 1e-12, out=AL)
    return -np.mean(Y * np.log(AL) + (1 - Y) * np.log(1 - AL))


# linear_backward


@mistake(of="linear_backward", says="dW and db are means over examples. The 1/m is missing in both.")
def linear_backward_without_the_mean(dZ, A_prev, W):
    dA_prev, dW, db = reference.linear_backward(dZ, A_prev, W)
    return dA_prev, dW * dZ.shape[1], db * dZ.shape[1]


@mistake(of="linear_backward", says="The 1/m is missing in db. dW and db are both means over examples.")
def linear_backward_without_the_mean_in_db(dZ, A_prev, W):
    dA_prev, dW, db = reference.linear_backward(dZ, A_prev, W)
    return dA_prev, dW, db * dZ.shape[1]


@mistake(
    of="linear_backward",
    says="dA_prev carries no 1/m: every example has its own column. Only dW and db are means. "
    "Otherwise each layer would divide once more.",
)
def linear_backward_with_the_mean_in_da(dZ, A_prev, W):
    dA_prev, dW, db = reference.linear_backward(dZ, A_prev, W)
    return dA_prev / dZ.shape[1], dW, db


@mistake(
    of="linear_backward",
    says="m is the number of examples, the columns: A_prev.shape[1]. You divide by the rows.",
)
def linear_backward_counting_rows(dZ, A_prev, W):
    dA_prev, dW, db = reference.linear_backward(dZ, A_prev, W)
    return dA_prev, dW * dZ.shape[1] / len(A_prev), db * dZ.shape[1] / len(A_prev)


@mistake(of="linear_backward", says="db lost an axis: it is a column (n, 1). Sum with keepdims=True.")
def linear_backward_without_keepdims(dZ, A_prev, W):
    dA_prev, dW, db = reference.linear_backward(dZ, A_prev, W)
    return dA_prev, dW, db[:, 0]


@mistake(of="linear_backward", says="You sum dZ over units too. Each unit has a bias of its own: sum over axis 1 only.")
def linear_backward_with_one_bias(dZ, A_prev, W):
    dA_prev, dW, db = reference.linear_backward(dZ, A_prev, W)
    return dA_prev, dW, np.full_like(db, db.sum())


@mistake(of="linear_backward", says="dW is transposed. It has the shape of W: dZ A_prev^T, not A_prev dZ^T.")
def linear_backward_transposed(dZ, A_prev, W):
    dA_prev, dW, db = reference.linear_backward(dZ, A_prev, W)
    return dA_prev, dW.T, db


@mistake(
    of="linear_backward",
    says="You loop over the examples. The product dZ A_prev^T sums over all of them at once.",
)
def linear_backward_by_example(dZ, A_prev, W):
    m = dZ.shape[1]
    dA_prev, dW, db = np.zeros_like(A_prev), np.zeros_like(W), np.zeros_like(dZ[:, :1])
    for i in range(m):
        dA_prev[:, i] = W.T @ dZ[:, i]
        dW += np.outer(dZ[:, i], A_prev[:, i]) / m
        db[:, 0] += dZ[:, i] / m
    return dA_prev, dW, db


@mistake(of="linear_backward", says="`dZ /= m` changes the array of the caller. Divide the results instead.")
def linear_backward_in_place(dZ, A_prev, W):
    m = dZ.shape[1]
    dZ /= m
    return m * (W.T @ dZ), dZ @ A_prev.T, dZ.sum(axis=1, keepdims=True)


# backward_propagation


def propagate(Y, cache, parameters, *, output=lambda A, Y: A - Y, slope=lambda Z, A: Z > 0, below="A", scale=1.0):
    """Backpropagation with parts to get wrong: at the output, at the hidden layers, in what lies below a layer."""
    L, m, gradients = len(parameters) // 2, Y.shape[1], {}
    dZ = output(cache[f"A{L}"], Y)
    for l in range(L, 0, -1):
        if l < L:
            dZ = parameters[f"W{l + 1}"].T @ dZ * slope(cache[f"Z{l}"], cache[f"A{l}"])
        A_prev = cache[f"{below}{l - 1}"] if l > 1 else cache["A0"]
        gradients[f"dW{l}"] = dZ @ A_prev.T / m * scale
        gradients[f"db{l}"] = dZ.sum(axis=1, keepdims=True) / m * scale
    return gradients


@mistake(
    of="backward_propagation",
    says="The slope of the hidden ReLU is missing: dZ = W^T dZ_next * (Z > 0). Units that were off pass nothing back.",
)
def backward_propagation_without_relu(Y, cache, parameters):
    return propagate(Y, cache, parameters, slope=lambda Z, A: np.ones_like(Z))


@mistake(
    of="backward_propagation",
    says="You use the slope of the sigmoid in the hidden layers. They are ReLU: 1 where Z > 0, else 0.",
)
def backward_propagation_with_sigmoid_slopes(Y, cache, parameters):
    return propagate(Y, cache, parameters, slope=lambda Z, A: A * (1 - A))


@mistake(
    of="backward_propagation",
    says="At the output, dZ is AL - Y. The slope of the sigmoid has cancelled against the cross-entropy: "
    "do not multiply by AL (1 - AL) again.",
)
def backward_propagation_with_the_output_slope_twice(Y, cache, parameters):
    return propagate(Y, cache, parameters, output=lambda A, Y: (A - Y) * A * (1 - A))


@mistake(
    of="backward_propagation",
    says="The sigmoid is taken twice at the output, as a loss of scores does that is given AL. There dZ is AL - Y.",
)
def backward_propagation_with_two_sigmoids(Y, cache, parameters):
    def slope(A, Y):
        twice = 1 / (1 + np.exp(-A))
        return (twice - Y) * A * (1 - A)

    return propagate(Y, cache, parameters, output=slope)


@mistake(of="backward_propagation", says="The sign is the wrong way round: at the output, dZ is AL - Y.")
def backward_propagation_of_the_opposite(Y, cache, parameters):
    return propagate(Y, cache, parameters, output=lambda A, Y: Y - A)


@mistake(of="backward_propagation", says="The 1/m is missing: gradients are means over examples.")
def backward_propagation_without_the_mean(Y, cache, parameters):
    return propagate(Y, cache, parameters, scale=Y.shape[1])


@mistake(of="backward_propagation", says="You divide by m twice, at the output and again in dW and db. Once is enough.")
def backward_propagation_with_the_mean_twice(Y, cache, parameters):
    return propagate(Y, cache, parameters, scale=1 / Y.shape[1])


@mistake(
    of="backward_propagation",
    says="dA_prev carries no 1/m. You divide by m in every layer, so that earlier layers learn m times slower each.",
)
def backward_propagation_with_a_mean_for_each_layer(Y, cache, parameters):
    L, m = len(parameters) // 2, Y.shape[1]
    gradients = reference.backward_propagation(Y, cache, parameters)
    return {name: value / m ** (L - int(name[2:])) for name, value in gradients.items()}


@mistake(
    of="backward_propagation",
    says="dW takes the activations below, A(l-1). You use the scores Z(l-1), before ReLU.",
)
def backward_propagation_with_scores_below(Y, cache, parameters):
    return propagate(Y, cache, parameters, below="Z")


@mistake(
    of="backward_propagation",
    says="At exactly zero the slope of ReLU is taken to be 0: the mask is Z > 0, not Z >= 0.",
)
def backward_propagation_one_at_zero(Y, cache, parameters):
    return propagate(Y, cache, parameters, slope=lambda Z, A: Z >= 0)


@mistake(of="backward_propagation", says="The db lost an axis: each is a column (n, 1). Sum with keepdims=True.")
def backward_propagation_without_keepdims(Y, cache, parameters):
    gradients = reference.backward_propagation(Y, cache, parameters)
    return {name: value[:, 0] if name.startswith("db") else value for name, value in gradients.items()}


@mistake(
    of="backward_propagation",
    says="The first layer has no gradients: the loop over layers must come down to l = 1.",
)
def backward_propagation_without_the_first_layer(Y, cache, parameters):
    gradients = reference.backward_propagation(Y, cache, parameters)
    return {name: value for name, value in gradients.items() if name not in ("dW1", "db1")}


@mistake(
    of="backward_propagation",
    says="`dZ = AL` makes no copy, and `dZ -= Y` then changes the cache. Write `dZ = AL - Y`.",
)
def backward_propagation_in_place(Y, cache, parameters):
    gradients = reference.backward_propagation(Y, cache, parameters)
    dZ = cache[f"A{len(parameters) // 2}"]
    dZ -= Y
    return gradients


@mistake(
    of="backward_propagation",
    says="You loop over the examples. One matrix product a layer serves all of them at once.",
)
def backward_propagation_by_example(Y, cache, parameters):
    m = Y.shape[1]
    total = {f"d{name}": np.zeros_like(value) for name, value in parameters.items()}
    for i in range(m):
        one = {name: value[:, i : i + 1] for name, value in cache.items()}
        gradients = reference.backward_propagation(Y[:, i : i + 1], one, parameters)
        total = {name: total[name] + gradients[name] / m for name in total}
    return total


# numerical_gradient


@mistake(
    of="numerical_gradient",
    says="You step to one side only. Stepping to both, f(x + epsilon) - f(x - epsilon), is far more exact.",
)
def numerical_gradient_one_sided(f, x, epsilon=1e-5):
    gradient = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        step = np.zeros_like(x)
        step[i] = epsilon
        gradient[i] = (f(x + step) - f(x)) / epsilon
    return gradient


@mistake(of="numerical_gradient", says="It is twice too large: the two points are 2 epsilon apart.")
def numerical_gradient_twice(f, x, epsilon=1e-5):
    return 2 * reference.numerical_gradient(f, x, epsilon)


@mistake(of="numerical_gradient", says="The step is always 1e-5 here. Use the argument epsilon.")
def numerical_gradient_ignores_epsilon(f, x, epsilon=1e-5):
    return reference.numerical_gradient(f, x)


@mistake(of="numerical_gradient", says="You move all entries at once. Move one at a time: each has a slope of its own.")
def numerical_gradient_of_all_at_once(f, x, epsilon=1e-5):
    return np.full_like(x, (f(x + epsilon) - f(x - epsilon)) / (2 * epsilon))


@mistake(of="numerical_gradient", says="You move a whole row at once. Visit every entry, as with np.ndindex(x.shape).")
def numerical_gradient_by_rows(f, x, epsilon=1e-5):
    gradient = np.zeros_like(x)
    for i in range(len(x)):
        step = np.zeros_like(x)
        step[i] = epsilon
        gradient[i] = (f(x + step) - f(x - step)) / (2 * epsilon)
    return gradient


@mistake(
    of="numerical_gradient",
    says="x keeps the step of every entry that was visited. Work on a copy, and put the old value back.",
)
def numerical_gradient_without_stepping_back(f, x, epsilon=1e-5):
    gradient = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        x[i] += epsilon
        above = f(x.copy())
        x[i] -= 2 * epsilon
        gradient[i] = (above - f(x.copy())) / (2 * epsilon)
    return gradient


# relative_error


@mistake(of="relative_error", says="You divide by |a| alone. The denominator is |a| + |b|.")
def relative_error_by_the_first(a, b):
    return np.linalg.norm(a - b) / max(np.linalg.norm(a), 1e-300)


@mistake(of="relative_error", says="You divide by the larger of the two norms. The denominator is their sum.")
def relative_error_by_the_larger(a, b):
    return np.linalg.norm(a - b) / max(np.linalg.norm(a), np.linalg.norm(b), 1e-300)


@mistake(of="relative_error", says="0/0 is nan. Two arrays of zeros are equal: return 0.")
def relative_error_of_zeros(a, b):
    with np.errstate(invalid="ignore"):
        return np.linalg.norm(a - b) / (np.linalg.norm(a) + np.linalg.norm(b))


@mistake(
    of="relative_error",
    says="You return 0 as soon as one of the arrays is zero. It is 0 only where both are; else the formula gives 1.",
)
def relative_error_of_one_zero(a, b):
    return reference.relative_error(a, b) if a.any() and b.any() else 0.0


@mistake(of="relative_error", says="You take the worst entry. The formula compares the norms of whole arrays.")
def relative_error_of_the_worst_entry(a, b):
    return np.max(np.abs(a - b) / np.maximum(np.abs(a) + np.abs(b), 1e-300))


@mistake(
    of="relative_error",
    says="These are sums of absolute values. The norm is Euclidean: the root of the sum of squares.",
)
def relative_error_of_absolute_values(a, b):
    return np.abs(a - b).sum() / max(np.abs(a).sum() + np.abs(b).sum(), 1e-300)


@mistake(
    of="relative_error",
    says="norm(a, 2) of a matrix is its largest singular value. Leave the 2 out: the root of the sum of all squares.",
)
def relative_error_of_singular_values(a, b):
    norms = [np.linalg.norm(x, 2) if x.ndim <= 2 else np.linalg.norm(x) for x in (a - b, a, b)]
    return norms[0] / max(norms[1] + norms[2], 1e-300)


@mistake(of="relative_error", says="The norms are squared. Take the root of each sum of squares.")
def relative_error_of_squares(a, b):
    return np.sum((a - b) ** 2) / max(np.sum(a**2) + np.sum(b**2), 1e-300)


@mistake(
    of="relative_error",
    says="The difference has lost its absolute value: you divide by |a + b|, not by |a| + |b|.",
)
def relative_error_by_the_norm_of_the_sum(a, b):
    return np.linalg.norm(a - b) / max(np.linalg.norm(a + b), 1e-300)


@mistake(of="relative_error", says="This is the absolute error. Divide it by |a| + |b|.")
def relative_error_absolute(a, b):
    return np.linalg.norm(a - b)


# update_parameters


@mistake(of="update_parameters", says="You climb. Gradient descent subtracts the learning rate times the gradient.")
def update_parameters_climbs(parameters, gradients, learning_rate):
    return reference.update_parameters(parameters, gradients, -learning_rate)


@mistake(
    of="update_parameters",
    says="`-=` changes the arrays of the caller, also when the dict itself was copied. Write `W - learning_rate * dW`.",
)
def update_parameters_in_place(parameters, gradients, learning_rate):
    for name in parameters:
        parameters[name] -= learning_rate * gradients[f"d{name}"]
    return parameters


@mistake(of="update_parameters", says="The biases stay where they are. They learn too: b - learning_rate db.")
def update_parameters_without_biases(parameters, gradients, learning_rate):
    updated = reference.update_parameters(parameters, gradients, learning_rate)
    return {name: parameters[name].copy() if name.startswith("b") else value for name, value in updated.items()}


@mistake(of="update_parameters", says="The last layer stays where it is: layers run from 1 to L, so range(1, L + 1).")
def update_parameters_without_the_last_layer(parameters, gradients, learning_rate):
    L = len(parameters) // 2
    updated = reference.update_parameters(parameters, gradients, learning_rate)
    return updated | {f"W{L}": parameters[f"W{L}"].copy(), f"b{L}": parameters[f"b{L}"].copy()}


@mistake(of="update_parameters", says="The learning rate is missing: you subtract the whole gradient.")
def update_parameters_without_the_rate(parameters, gradients, learning_rate):
    return reference.update_parameters(parameters, gradients, 1.0)


# train


def he(n):
    return np.sqrt(2 / n)


def zeros(n):
    return np.zeros((n, 1))


def descend(X, Y, layer_dims, learning_rate, steps, rng, deviation=he, bias=zeros, sign=1.0):
    """Gradient descent with parts to get wrong: where it starts and which way it goes."""
    parameters, _ = reference.train(X, Y, layer_dims, learning_rate, 0, rng)
    for l, n in enumerate(layer_dims[:-1], start=1):
        parameters[f"W{l}"] *= deviation(n) / he(n)
        parameters[f"b{l}"] = bias(layer_dims[l])
    costs = []
    for _ in range(steps):
        AL, cache = forward_propagation(X, parameters)
        costs.append(float(reference.compute_cost(AL, Y)))
        gradients = reference.backward_propagation(Y, cache, parameters)
        parameters = reference.update_parameters(parameters, gradients, sign * learning_rate)
    return parameters, costs


@mistake(
    of="train",
    says="Each cost is taken after its step. Take it before: the first is that of the starting weights.",
)
def train_notes_costs_late(X, Y, layer_dims, learning_rate, steps, rng):
    parameters, costs = reference.train(X, Y, layer_dims, learning_rate, steps, rng)
    if steps:
        costs = [*costs[1:], float(reference.compute_cost(forward_propagation(X, parameters)[0], Y))]
    return parameters, costs


@mistake(
    of="train",
    says="All weights start at 0, so that every hidden unit stays like every other. Draw them at random.",
)
def train_from_zeros(X, Y, layer_dims, learning_rate, steps, rng):
    return descend(X, Y, layer_dims, learning_rate, steps, rng, deviation=lambda n: 0.0)


@mistake(
    of="train",
    says="The weights start at a scale of 0.01, too small for deep networks. He's start is sqrt(2 / n_inputs).",
)
def train_from_small_weights(X, Y, layer_dims, learning_rate, steps, rng):
    return descend(X, Y, layer_dims, learning_rate, steps, rng, deviation=lambda n: 0.01)


@mistake(
    of="train",
    says="The start is Xavier's, variance 1 / n_inputs. ReLU halves the signal, so He's has 2 / n_inputs.",
)
def train_from_xavier_weights(X, Y, layer_dims, learning_rate, steps, rng):
    return descend(X, Y, layer_dims, learning_rate, steps, rng, deviation=lambda n: np.sqrt(1 / n))


@mistake(of="train", says="You climb: the cost rises from step to step. Subtract the gradients.")
def train_climbs(X, Y, layer_dims, learning_rate, steps, rng):
    with np.errstate(all="ignore"):
        return descend(X, Y, layer_dims, learning_rate, steps, rng, sign=-1.0)


@mistake(of="train", says="You keep every hundredth cost only. Keep one for each step.")
def train_notes_every_hundredth_cost(X, Y, layer_dims, learning_rate, steps, rng):
    parameters, costs = reference.train(X, Y, layer_dims, learning_rate, steps, rng)
    return parameters, costs[::100]


@mistake(of="train", says="The new parameters are thrown away: assign what update_parameters returns.")
def train_throws_the_step_away(X, Y, layer_dims, learning_rate, steps, rng):
    return descend(X, Y, layer_dims, learning_rate, steps, rng, sign=0.0)


@mistake(
    of="train",
    says="You seed a generator of your own, so that every start is the same. Draw from the argument rng.",
)
def train_with_a_seed_of_its_own(X, Y, layer_dims, learning_rate, steps, rng):
    return reference.train(X, Y, layer_dims, learning_rate, steps, np.random.default_rng(1))


@mistake(of="train", says="The biases start at random. They start at 0: the weights alone tell the units apart.")
def train_with_random_biases(X, Y, layer_dims, learning_rate, steps, rng):
    return descend(X, Y, layer_dims, learning_rate, steps, rng, bias=lambda n: rng.normal(0, 0.1, (n, 1)))
