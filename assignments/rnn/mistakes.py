"""What goes wrong in this assignment, function by function, each with the sentence that explains it."""

import math

import numpy as np

from grader.authoring import mistake
from reference.with_numpy import rnn as reference


def scores(x_t, h_prev, parameters):
    return parameters["Whh"] @ h_prev + parameters["Wxh"] @ x_t + parameters["bh"]


# rnn_cell


@mistake(of="rnn_cell", says="The tanh is missing.")
def rnn_cell_without_tanh(x_t, h_prev, parameters):
    return scores(x_t, h_prev, parameters)


@mistake(of="rnn_cell", says="The activation is tanh. You use the sigmoid.")
def rnn_cell_with_a_sigmoid(x_t, h_prev, parameters):
    return 0.5 * (1 + np.tanh(scores(x_t, h_prev, parameters) / 2))


@mistake(of="rnn_cell", says="The activation is tanh. You use ReLU.")
def rnn_cell_with_relu(x_t, h_prev, parameters):
    return np.maximum(scores(x_t, h_prev, parameters), 0)


@mistake(of="rnn_cell", says="The bias bh is missing.")
def rnn_cell_without_bias(x_t, h_prev, parameters):
    return np.tanh(parameters["Whh"] @ h_prev + parameters["Wxh"] @ x_t)


@mistake(of="rnn_cell", says="The state before is missing: Whh h_prev is a part of the sum.")
def rnn_cell_without_the_state(x_t, h_prev, parameters):
    return np.tanh(parameters["Wxh"] @ x_t + parameters["bh"])


@mistake(of="rnn_cell", says="You use Whh transposed. With one or with symmetric weights nobody notices.")
def rnn_cell_transposed(x_t, h_prev, parameters):
    return reference.rnn_cell(x_t, h_prev, {**parameters, "Whh": parameters["Whh"].T})


@mistake(of="rnn_cell", says="You take tanh of each part and add. Add first: one tanh of the whole sum.")
def rnn_cell_with_a_tanh_for_each_part(x_t, h_prev, parameters):
    return np.tanh(parameters["Whh"] @ h_prev) + np.tanh(parameters["Wxh"] @ x_t + parameters["bh"])


@mistake(
    of="rnn_cell",
    says="tanh from exponentials is infinity over infinity for large scores: exp(710) overflows. Use np.tanh.",
)
def rnn_cell_by_exponentials(x_t, h_prev, parameters):
    z = scores(x_t, h_prev, parameters)
    return (np.exp(z) - np.exp(-z)) / (np.exp(z) + np.exp(-z))


@mistake(of="rnn_cell", says="The result is float64 for float32 input: keep the dtype.")
def rnn_cell_loses_float32(x_t, h_prev, parameters):
    wide = {name: value.astype(np.float64) for name, value in parameters.items()}
    return np.tanh(scores(x_t.astype(np.float64), h_prev.astype(np.float64), wide))


# SimpleRNN


def rescaled(cell, **factors):
    """A network with some of its weights multiplied."""
    for name, factor in factors.items():
        setattr(cell, name, getattr(cell, name) * factor)
    return cell


class WithoutBias(reference.SimpleRNN):
    """A network whose answer lacks its bias."""

    def forward(self, inputs, h_prev):
        y, hidden_states = super().forward(inputs, h_prev)
        return y - self.by, hidden_states


class Reader:
    """A network whose forward pass has parts to get wrong."""

    def __init__(self, cell, start=lambda h: h, listed=lambda states: states[1:], last=-1, finish=lambda y: y):
        self.Whh, self.Wxh, self.Why, self.bh, self.by = cell.Whh, cell.Wxh, cell.Why, cell.bh, cell.by
        self.start, self.listed, self.last, self.finish = start, listed, last, finish

    def forward(self, inputs, h_prev):
        states = [self.start(h_prev)]
        for x_t in inputs:
            states.append(np.tanh(self.Whh @ states[-1] + self.Wxh @ x_t + self.bh))
        return self.finish(self.Why @ states[1:][self.last] + self.by), self.listed(states)


@mistake(of="SimpleRNN", says="The weights are divided by 1000. Draw them from N(0, 1/fan_in): divide by sqrt(fan_in).")
def SimpleRNN_with_tiny_weights(input_size, hidden_size, output_size, rng):
    cell = reference.SimpleRNN(input_size, hidden_size, output_size, rng)
    tiny = {"Whh": math.sqrt(hidden_size), "Wxh": math.sqrt(input_size), "Why": math.sqrt(hidden_size)}
    return rescaled(cell, **{name: root / 1000 for name, root in tiny.items()})


@mistake(of="SimpleRNN", says="The weights are N(0, 1). Divide them by the root of the number of columns.")
def SimpleRNN_with_unscaled_weights(input_size, hidden_size, output_size, rng):
    cell = reference.SimpleRNN(input_size, hidden_size, output_size, rng)
    return rescaled(cell, Whh=math.sqrt(hidden_size), Wxh=math.sqrt(input_size), Why=math.sqrt(hidden_size))


@mistake(of="SimpleRNN", says="You divide by fan_in. The variance is 1/fan_in, so divide by its root.")
def SimpleRNN_divides_by_fan_in(input_size, hidden_size, output_size, rng):
    cell = reference.SimpleRNN(input_size, hidden_size, output_size, rng)
    return rescaled(cell, Whh=1 / math.sqrt(hidden_size), Wxh=1 / math.sqrt(input_size), Why=1 / math.sqrt(hidden_size))


@mistake(
    of="SimpleRNN",
    says="You scale by the number of rows. fan_in is the number of inputs of a layer, the columns of its weights.",
)
def SimpleRNN_scales_by_its_outputs(input_size, hidden_size, output_size, rng):
    cell = reference.SimpleRNN(input_size, hidden_size, output_size, rng)
    return rescaled(cell, Wxh=math.sqrt(input_size / hidden_size), Why=math.sqrt(hidden_size / output_size))


@mistake(
    of="SimpleRNN",
    says="Why is scaled by the number of its rows. fan_in is the number of its columns, the hidden size.",
)
def SimpleRNN_scales_why_by_its_outputs(input_size, hidden_size, output_size, rng):
    cell = reference.SimpleRNN(input_size, hidden_size, output_size, rng)
    return rescaled(cell, Why=math.sqrt(hidden_size / output_size))


@mistake(of="SimpleRNN", says="All weights are scaled by the hidden size. Wxh has n_x inputs: divide it by sqrt(n_x).")
def SimpleRNN_with_one_scale(input_size, hidden_size, output_size, rng):
    cell = reference.SimpleRNN(input_size, hidden_size, output_size, rng)
    return rescaled(cell, Wxh=math.sqrt(input_size / hidden_size))


@mistake(of="SimpleRNN", says="The weights are uniform. Draw them from a normal distribution.")
def SimpleRNN_with_uniform_weights(input_size, hidden_size, output_size, rng):
    cell = reference.SimpleRNN(input_size, hidden_size, output_size, rng)
    cell.Whh = rng.uniform(-math.sqrt(3 / hidden_size), math.sqrt(3 / hidden_size), (hidden_size, hidden_size))
    return cell


@mistake(of="SimpleRNN", says="The biases start at random. They start at 0.")
def SimpleRNN_with_random_biases(input_size, hidden_size, output_size, rng):
    cell = reference.SimpleRNN(input_size, hidden_size, output_size, rng)
    cell.bh, cell.by = rng.standard_normal((hidden_size, 1)), rng.standard_normal((output_size, 1))
    return cell


@mistake(of="SimpleRNN", says="The biases are vectors. They are columns, (n_h, 1) and (n_y, 1).")
def SimpleRNN_with_flat_biases(input_size, hidden_size, output_size, rng):
    cell = reference.SimpleRNN(input_size, hidden_size, output_size, rng)
    cell.bh, cell.by = cell.bh[:, 0], cell.by[:, 0]
    return cell


@mistake(
    of="SimpleRNN",
    says="You seed a generator of your own, so that all networks start alike. Draw from the argument rng.",
)
def SimpleRNN_with_a_seed_of_its_own(input_size, hidden_size, output_size, rng):
    return reference.SimpleRNN(input_size, hidden_size, output_size, np.random.default_rng(42))


@mistake(of="SimpleRNN", says="y lacks its bias: it is Why h + by, also once by is no longer 0.")
def SimpleRNN_without_the_bias_of_y(input_size, hidden_size, output_size, rng):
    return WithoutBias(input_size, hidden_size, output_size, rng)


@mistake(of="SimpleRNN", says="forward starts from zeros. It starts from its argument h_prev.")
def SimpleRNN_ignores_h_prev(input_size, hidden_size, output_size, rng):
    return Reader(reference.SimpleRNN(input_size, hidden_size, output_size, rng), start=np.zeros_like)


@mistake(of="SimpleRNN", says="hidden_states begins with h_prev. It holds one state for each input, T in all.")
def SimpleRNN_lists_h_prev_too(input_size, hidden_size, output_size, rng):
    cell = reference.SimpleRNN(input_size, hidden_size, output_size, rng)
    return Reader(cell, listed=lambda states: states)


@mistake(of="SimpleRNN", says="forward returns the last state only. Return the list of all of them.")
def SimpleRNN_returns_the_last_state(input_size, hidden_size, output_size, rng):
    cell = reference.SimpleRNN(input_size, hidden_size, output_size, rng)
    return Reader(cell, listed=lambda states: states[-1])


@mistake(of="SimpleRNN", says="y is computed from the first state. It answers at the end, from the last one.")
def SimpleRNN_answers_too_early(input_size, hidden_size, output_size, rng):
    return Reader(reference.SimpleRNN(input_size, hidden_size, output_size, rng), last=0)


@mistake(of="SimpleRNN", says="y has gone through a tanh. The output is linear: y = Why h + by.")
def SimpleRNN_with_tanh_at_the_output(input_size, hidden_size, output_size, rng):
    return Reader(reference.SimpleRNN(input_size, hidden_size, output_size, rng), finish=np.tanh)


@mistake(
    of="SimpleRNN",
    says="forward goes on from where the last call ended. Each call starts from its argument h_prev.",
)
def SimpleRNN_remembers_between_calls(input_size, hidden_size, output_size, rng):
    kept = []

    def listed(states):
        kept[:] = states[-1:]
        return states[1:]

    cell = reference.SimpleRNN(input_size, hidden_size, output_size, rng)
    return Reader(cell, start=lambda h: kept[0] if kept else h, listed=listed)


class Careless(reference.SimpleRNN):
    """A network that changes what it was given, once it has read it."""

    def __init__(self, *arguments, change):
        super().__init__(*arguments)
        self.change = change

    def forward(self, inputs, h_prev):
        result = super().forward(inputs, h_prev)
        self.change(inputs, h_prev, result[1])
        return result


@mistake(of="SimpleRNN", says="inputs.pop(0) empties the list of the caller. Loop over it: for x_t in inputs.")
def SimpleRNN_empties_the_list(input_size, hidden_size, output_size, rng):
    def change(inputs, h_prev, states):
        inputs.clear()

    return Careless(input_size, hidden_size, output_size, rng, change=change)


@mistake(of="SimpleRNN", says="forward writes the last state into the caller's h_prev. Keep it in a new array.")
def SimpleRNN_writes_into_h_prev(input_size, hidden_size, output_size, rng):
    def change(inputs, h_prev, states):
        h_prev[:] = states[-1]

    return Careless(input_size, hidden_size, output_size, rng, change=change)


# rnn_forward


@mistake(of="rnn_forward", says="You start from a state of zeros. Start from h0.")
def rnn_forward_from_zeros(X, h0, parameters):
    return reference.rnn_forward(X, np.zeros_like(h0), parameters)


@mistake(of="rnn_forward", says="Every step starts from h0. Hand the new state on to the next step.")
def rnn_forward_without_handing_on(X, h0, parameters):
    return np.stack([reference.rnn_cell(X[:, :, t], h0, parameters) for t in range(X.shape[2])], axis=2)


@mistake(of="rnn_forward", says="H begins with h0. It holds the states after each step, T of them.")
def rnn_forward_with_h0(X, h0, parameters):
    return np.concatenate([h0[:, :, None], reference.rnn_forward(X, h0, parameters)], axis=2)


@mistake(of="rnn_forward", says="H[:, :, t] is the state after step t. You store the one before it.")
def rnn_forward_a_step_late(X, h0, parameters):
    return np.concatenate([h0[:, :, None], reference.rnn_forward(X, h0, parameters)[:, :, :-1]], axis=2)


@mistake(of="rnn_forward", says="You return the last state only. Return those of all steps, (n_h, m, T).")
def rnn_forward_of_the_last_state(X, h0, parameters):
    return reference.rnn_forward(X, h0, parameters)[:, :, -1].copy()


@mistake(of="rnn_forward", says="You read the sequence from its end. Step 0 comes first.")
def rnn_forward_backwards(X, h0, parameters):
    return np.ascontiguousarray(reference.rnn_forward(X[:, :, ::-1], h0, parameters)[:, :, ::-1])


@mistake(of="rnn_forward", says="Time is the last axis, (n_x, m, T). You stack the states along the first.")
def rnn_forward_with_time_first(X, h0, parameters):
    return np.ascontiguousarray(reference.rnn_forward(X, h0, parameters).transpose(2, 0, 1))


@mistake(
    of="rnn_forward",
    says="You stack the states on the first axis and reshape. reshape cuts the numbers up differently: use transpose, "
    "or np.stack(..., axis=2).",
)
def rnn_forward_reshapes_instead_of_transposing(X, h0, parameters):
    H = reference.rnn_forward(X, h0, parameters)
    return H.transpose(2, 0, 1).reshape(H.shape)


@mistake(of="rnn_forward", says="The result is float64 for float32 input: keep the dtype.")
def rnn_forward_loses_float32(X, h0, parameters):
    wide = {name: value.astype(np.float64) for name, value in parameters.items()}
    return reference.rnn_forward(X.astype(np.float64), h0.astype(np.float64), wide)


@mistake(
    of="rnn_forward",
    says="The last example stays 0: your loop over examples ends too early. One step serves the whole batch.",
)
def rnn_forward_without_the_last_example(X, h0, parameters):
    H = np.zeros((*h0.shape, X.shape[2]), X.dtype)
    for i in range(X.shape[1] - 1):
        H[:, i : i + 1] = reference.rnn_forward(X[:, i : i + 1], h0[:, i : i + 1], parameters)
    return H


# rnn_backward


def through_time(dH, X, h0, parameters, *, carry=None, slope=lambda h: 1 - h**2, before=None, keep=False):
    """Backpropagation through time with parts to get wrong: what is carried back, the slope, the state before."""
    Whh, Wxh = parameters["Whh"], parameters["Wxh"]
    H = reference.rnn_forward(X, h0, parameters)
    carry = carry if carry is not None else lambda da: Whh.T @ da
    dWhh, dWxh, dbh = np.zeros_like(Whh), np.zeros_like(Wxh), np.zeros_like(parameters["bh"])
    dX, dh = np.zeros_like(X), np.zeros_like(h0)
    for t in range(X.shape[2] - 1, -1, -1):
        da = (dH[:, :, t] + dh) * slope(H[:, :, t])
        h_before = H[:, :, t] if before == "same" else H[:, :, t - 1] if t else h0 * (before != "zeros")
        parts = da @ h_before.T, da @ X[:, :, t].T, da.sum(axis=1, keepdims=True)
        sums = (np.zeros_like(dWhh), np.zeros_like(dWxh), np.zeros_like(dbh)) if keep else (dWhh, dWxh, dbh)
        dWhh, dWxh, dbh = (s + p for s, p in zip(sums, parts, strict=True))
        dX[:, :, t] = Wxh.T @ da
        dh = carry(da)
    return {"dWhh": dWhh, "dWxh": dWxh, "dbh": dbh}, dX, dh


@mistake(
    of="rnn_backward",
    says="No gradient flows from one step to the step before: add Whh^T da of the later step to dh.",
)
def rnn_backward_without_time(dH, X, h0, parameters):
    gradients, dX, _ = through_time(dH, X, h0, parameters, carry=np.zeros_like)
    first = dH[:, :, 0] * (1 - reference.rnn_forward(X, h0, parameters)[:, :, 0] ** 2)
    return gradients, dX, parameters["Whh"].T @ first


@mistake(of="rnn_backward", says="On the way back Whh is transposed: dh = Whh^T da, not Whh da.")
def rnn_backward_without_transposing(dH, X, h0, parameters):
    return through_time(dH, X, h0, parameters, carry=lambda da: parameters["Whh"] @ da)


@mistake(
    of="rnn_backward",
    says="The weights are shared by all steps: add the gradients of all of them with +=. You keep the first step's.",
)
def rnn_backward_keeps_one_step(dH, X, h0, parameters):
    return through_time(dH, X, h0, parameters, keep=True)


@mistake(of="rnn_backward", says="The slope of tanh is 1 - h^2. You multiply by 1 - h.")
def rnn_backward_with_half_a_slope(dH, X, h0, parameters):
    return through_time(dH, X, h0, parameters, slope=lambda h: 1 - h)


@mistake(of="rnn_backward", says="The slope of tanh is 1 - h^2. You use the sigmoid's, h (1 - h).")
def rnn_backward_with_the_slope_of_the_sigmoid(dH, X, h0, parameters):
    return through_time(dH, X, h0, parameters, slope=lambda h: h * (1 - h))


@mistake(of="rnn_backward", says="The slope of tanh is taken twice: h is tanh already, so it is 1 - h^2.")
def rnn_backward_with_tanh_of_tanh(dH, X, h0, parameters):
    return through_time(dH, X, h0, parameters, slope=lambda h: 1 - np.tanh(h) ** 2)


@mistake(of="rnn_backward", says="dWhh takes the state before the step, h_{t-1}. You use the state after it.")
def rnn_backward_with_the_state_after(dH, X, h0, parameters):
    return through_time(dH, X, h0, parameters, before="same")


@mistake(of="rnn_backward", says="The state before the first step is h0. You use zeros there in dWhh.")
def rnn_backward_from_zeros(dH, X, h0, parameters):
    return through_time(dH, X, h0, parameters, before="zeros")


@mistake(of="rnn_backward", says="You divide by m. Here the parameters' gradients are sums over examples and steps.")
def rnn_backward_means_over_examples(dH, X, h0, parameters):
    gradients, dX, dh0 = reference.rnn_backward(dH, X, h0, parameters)
    return {name: g / X.shape[1] for name, g in gradients.items()}, dX, dh0


@mistake(of="rnn_backward", says="You divide by T. Here the parameters' gradients are sums over examples and steps.")
def rnn_backward_means_over_time(dH, X, h0, parameters):
    gradients, dX, dh0 = reference.rnn_backward(dH, X, h0, parameters)
    return {name: g / X.shape[2] for name, g in gradients.items()}, dX, dh0


@mistake(of="rnn_backward", says="dbh lost an axis: it is a column (n_h, 1). Sum with keepdims=True.")
def rnn_backward_without_keepdims(dH, X, h0, parameters):
    gradients, dX, dh0 = reference.rnn_backward(dH, X, h0, parameters)
    return {**gradients, "dbh": gradients["dbh"][:, 0]}, dX, dh0


@mistake(of="rnn_backward", says="dh0 is Whh^T da of the first step. You return da itself.")
def rnn_backward_stops_before_h0(dH, X, h0, parameters):
    seen = []

    def carry(da):
        seen.append(da)
        return parameters["Whh"].T @ da

    gradients, dX, _ = through_time(dH, X, h0, parameters, carry=carry)
    return gradients, dX, seen[-1]


@mistake(of="rnn_backward", says="dX holds its steps last first, as you computed them. Turn it round.")
def rnn_backward_with_time_reversed(dH, X, h0, parameters):
    gradients, dX, dh0 = reference.rnn_backward(dH, X, h0, parameters)
    return gradients, np.ascontiguousarray(dX[:, :, ::-1]), dh0


@mistake(
    of="rnn_backward",
    says="Only the last step's dH is used. Every state may have a loss of its own: add dH[:, :, t] at each step.",
)
def rnn_backward_of_the_last_gradient(dH, X, h0, parameters):
    last = np.zeros_like(dH)
    last[:, :, -1] = dH[:, :, -1]
    return reference.rnn_backward(last, X, h0, parameters)


@mistake(of="rnn_backward", says="You clip every gradient to [-1, 1]. Clipping is a step of its own.")
def rnn_backward_clips(dH, X, h0, parameters):
    gradients, dX, dh0 = reference.rnn_backward(dH, X, h0, parameters)
    return {name: np.clip(g, -1, 1) for name, g in gradients.items()}, dX, dh0


@mistake(of="rnn_backward", says="`dH[:, :, t] += dh` changes the caller's array. Add into a new one.")
def rnn_backward_in_place(dH, X, h0, parameters):
    result = reference.rnn_backward(dH, X, h0, parameters)
    H = reference.rnn_forward(X, h0, parameters)
    for t in range(X.shape[2] - 1, 0, -1):
        dH[:, :, t - 1] += parameters["Whh"].T @ (dH[:, :, t] * (1 - H[:, :, t] ** 2))
    return result


@mistake(
    of="rnn_backward",
    says="The last example counts for nothing: your loop over examples ends too early. The products da h^T and da x^T "
    "sum over all of them at once.",
)
def rnn_backward_without_the_last_example(dH, X, h0, parameters):
    gradients = {f"d{name}": np.zeros_like(value) for name, value in parameters.items()}
    dX, dh0 = np.zeros_like(X), np.zeros_like(h0)
    for i in range(X.shape[1] - 1):
        one = (a[:, i : i + 1] for a in (dH, X, h0))
        of_one, dX[:, i : i + 1], dh0[:, i : i + 1] = reference.rnn_backward(*one, parameters)
        gradients = {name: total + of_one[name] for name, total in gradients.items()}
    return gradients, dX, dh0


# clip_gradients


def norm_of(gradients):
    return math.sqrt(sum(float(np.sum(g.astype(np.float64) ** 2)) for g in gradients.values()))


def scaled(gradients, factor):
    return {name: g * float(factor) for name, g in gradients.items()}


@mistake(
    of="clip_gradients",
    says="You cut every entry off at max_norm. That changes the direction: scale everything by one factor.",
)
def clip_gradients_by_entry(gradients, max_norm):
    return {name: np.clip(g, -max_norm, max_norm) for name, g in gradients.items()}


@mistake(of="clip_gradients", says="You clip each array by its own norm. The norm is that of all of them together.")
def clip_gradients_by_array(gradients, max_norm):
    return {name: reference.clip_gradients({name: g}, max_norm)[name] for name, g in gradients.items()}


@mistake(of="clip_gradients", says="You clip each array by its own norm. The norm is that of all of them together.")
def clip_gradients_by_array_with_an_epsilon(gradients, max_norm):
    return {name: g * float(min(1.0, max_norm / (np.linalg.norm(g) + 1e-6))) for name, g in gradients.items()}


@mistake(of="clip_gradients", says="Small gradients are scaled up to max_norm. Leave them: the factor is at most 1.")
def clip_gradients_scales_up(gradients, max_norm):
    return scaled(gradients, max_norm / (norm_of(gradients) or 1.0))


@mistake(of="clip_gradients", says="You divide by the norm alone, which gives the norm 1. Multiply by max_norm too.")
def clip_gradients_to_one(gradients, max_norm):
    norm = norm_of(gradients)
    return scaled(gradients, 1 / norm if norm > max_norm else 1.0)


@mistake(of="clip_gradients", says="The root is missing: the norm is the root of the sum of squares.")
def clip_gradients_without_the_root(gradients, max_norm):
    square = norm_of(gradients) ** 2
    return scaled(gradients, max_norm / square if square > max_norm else 1.0)


@mistake(
    of="clip_gradients",
    says="You add the norms of the arrays. Add their squares, over everything, and take one root.",
)
def clip_gradients_adds_norms(gradients, max_norm):
    total = sum(norm_of({name: g}) for name, g in gradients.items())
    return scaled(gradients, max_norm / total if total > max_norm else 1.0)


@mistake(of="clip_gradients", says="The norm is Euclidean: the root of the sum of squares. You take the largest entry.")
def clip_gradients_by_the_largest_entry(gradients, max_norm):
    largest = max(float(np.abs(g).max()) for g in gradients.values())
    return scaled(gradients, max_norm / largest if largest > max_norm else 1.0)


@mistake(of="clip_gradients", says="Gradients of zero give 0/0. Compare with max_norm before you divide.")
def clip_gradients_divides_by_zero(gradients, max_norm):
    norm = np.float64(norm_of(gradients))
    with np.errstate(invalid="ignore"):
        return scaled(gradients, np.minimum(norm, max_norm) / norm)


@mistake(
    of="clip_gradients",
    says="`g *= factor` changes the caller's arrays, also where the dict itself was copied. Write `g * factor`.",
)
def clip_gradients_in_place(gradients, max_norm):
    norm = norm_of(gradients)
    if norm > max_norm:
        for g in gradients.values():
            g *= max_norm / norm
    return gradients


@mistake(
    of="clip_gradients",
    says="Where nothing is clipped you return the caller's own arrays. Copy them, so that nobody changes both.",
)
def clip_gradients_without_a_copy(gradients, max_norm):
    return gradients if norm_of(gradients) <= max_norm else reference.clip_gradients(gradients, max_norm)


# gradient_norms_through_time


def powers(Whh, T):
    return [np.linalg.matrix_power(Whh, k) for k in range(1, T + 1)]


@mistake(
    of="gradient_norms_through_time",
    says="This is the Frobenius norm. The 2-norm of a matrix is its largest singular value: linalg.norm(W, 2).",
)
def gradient_norms_through_time_by_frobenius(Whh, T):
    return np.array([np.linalg.norm(P) for P in powers(Whh, T)])


@mistake(
    of="gradient_norms_through_time",
    says="These are the largest eigenvalues. The 2-norm is the largest singular value, which may be far larger.",
)
def gradient_norms_through_time_by_eigenvalues(Whh, T):
    radius = np.abs(np.linalg.eigvals(Whh)).max()
    return np.array([radius**k for k in range(1, T + 1)])


@mistake(
    of="gradient_norms_through_time",
    says="You take powers of the norm. Take the norm of the powers: it may be far smaller.",
)
def gradient_norms_through_time_as_powers_of_the_norm(Whh, T):
    return np.array([np.linalg.norm(Whh, 2) ** k for k in range(1, T + 1)])


@mistake(
    of="gradient_norms_through_time",
    says="`Whh ** k` raises every entry to the power. Multiply matrices: np.linalg.matrix_power, or @.",
)
def gradient_norms_through_time_of_entries(Whh, T):
    return np.array([np.linalg.norm(Whh**k, 2) for k in range(1, T + 1)])


@mistake(of="gradient_norms_through_time", says="The first norm is that of Whh^1. You begin with the identity, Whh^0.")
def gradient_norms_through_time_from_the_identity(Whh, T):
    return np.array([np.linalg.norm(np.linalg.matrix_power(Whh, k), 2) for k in range(T)])


@mistake(of="gradient_norms_through_time", says="This is the norm of Whh^T alone. Give all of them, from Whh^1 on.")
def gradient_norms_through_time_of_the_last_step(Whh, T):
    return np.array([np.linalg.norm(np.linalg.matrix_power(Whh, T), 2)])


@mistake(of="gradient_norms_through_time", says="This is the largest column sum, np.linalg.norm(W, 1). Use the 2-norm.")
def gradient_norms_through_time_by_columns(Whh, T):
    return np.array([np.linalg.norm(P, 1) for P in powers(Whh, T)])


@mistake(of="gradient_norms_through_time", says="The result is float64 for float32 input: keep the dtype.")
def gradient_norms_through_time_loses_float32(Whh, T):
    return reference.gradient_norms_through_time(Whh.astype(np.float64), T)
