"""What goes wrong in this assignment, function by function, each with the sentence that explains it."""

import numpy as np

from grader.authoring import mistake
from reference.with_numpy import lstm_gru as reference
from reference.with_numpy.activations import sigmoid


def double(value):
    """The same as float64."""
    if isinstance(value, dict):
        return {name: double(v) for name, v in value.items()}
    return tuple(map(double, value)) if isinstance(value, tuple) else value.astype(np.float64)


def clipped(value):
    """Every entry in [-1, 1]."""
    if isinstance(value, dict):
        return {name: clipped(v) for name, v in value.items()}
    return tuple(map(clipped, value)) if isinstance(value, tuple) else np.clip(value, -1, 1)


def over_examples(X, states, run):
    """Run one example after the other and lay the results side by side."""
    parts = [run(X[:, i : i + 1], *(s[:, i : i + 1] for s in states)) for i in range(X.shape[1])]
    if isinstance(parts[0], tuple):
        return tuple(np.concatenate(column, axis=1) for column in zip(*parts, strict=True))
    return np.concatenate(parts, axis=1)


# lstm_cell


def gates_of(x_t, h_prev, P, bend=sigmoid):
    """f, i, o and the candidate."""
    hx = np.concatenate([h_prev, x_t])
    f, i, o = (bend(P[f"W{gate}"] @ hx + P[f"b{gate}"]) for gate in "fio")
    return f, i, o, np.tanh(P["Wc"] @ hx + P["bc"])


@mistake(of="lstm_cell", says="You stack [x; h]. The weights expect [h; x]: their first n_h columns meet the state.")
def lstm_cell_with_the_input_first(x_t, h_prev, c_prev, parameters):
    n_x = len(x_t)
    turned = {k: np.hstack([W[:, n_x:], W[:, :n_x]]) if k[0] == "W" else W for k, W in parameters.items()}
    return reference.lstm_cell(x_t, h_prev, c_prev, turned)


@mistake(of="lstm_cell", says="h is o tanh(c). The tanh is missing.")
def lstm_cell_without_the_last_tanh(x_t, h_prev, c_prev, parameters):
    _, c = reference.lstm_cell(x_t, h_prev, c_prev, parameters)
    return gates_of(x_t, h_prev, parameters)[2] * c, c


@mistake(of="lstm_cell", says="The candidate is a tanh, from -1 to 1. You use a sigmoid.")
def lstm_cell_with_a_sigmoid_candidate(x_t, h_prev, c_prev, parameters):
    f, i, o, _ = gates_of(x_t, h_prev, parameters)
    c = f * c_prev + i * sigmoid(parameters["Wc"] @ np.concatenate([h_prev, x_t]) + parameters["bc"])
    return o * np.tanh(c), c


@mistake(of="lstm_cell", says="Forget and input gate are exchanged: f multiplies c_prev, i multiplies the candidate.")
def lstm_cell_with_exchanged_gates(x_t, h_prev, c_prev, parameters):
    f, i, o, g = gates_of(x_t, h_prev, parameters)
    c = i * c_prev + f * g
    return o * np.tanh(c), c


@mistake(of="lstm_cell", says="You take 1 - f for the input gate. It has its own weights, Wi and bi.")
def lstm_cell_with_coupled_gates(x_t, h_prev, c_prev, parameters):
    f, _, o, g = gates_of(x_t, h_prev, parameters)
    c = f * c_prev + (1 - f) * g
    return o * np.tanh(c), c


@mistake(of="lstm_cell", says="The forget gate is missing: the old cell state is multiplied by f.")
def lstm_cell_that_never_forgets(x_t, h_prev, c_prev, parameters):
    _, i, o, g = gates_of(x_t, h_prev, parameters)
    c = c_prev + i * g
    return o * np.tanh(c), c


@mistake(of="lstm_cell", says="The biases are missing.")
def lstm_cell_without_biases(x_t, h_prev, c_prev, parameters):
    unbiased = {k: np.zeros_like(v) if k[0] == "b" else v for k, v in parameters.items()}
    return reference.lstm_cell(x_t, h_prev, c_prev, unbiased)


@mistake(of="lstm_cell", says="h is made of the new cell state. You use the old one.")
def lstm_cell_of_the_old_state(x_t, h_prev, c_prev, parameters):
    _, c = reference.lstm_cell(x_t, h_prev, c_prev, parameters)
    return gates_of(x_t, h_prev, parameters)[2] * np.tanh(c_prev), c


@mistake(of="lstm_cell", says="You return (c, h). The hidden state comes first.")
def lstm_cell_in_the_wrong_order(x_t, h_prev, c_prev, parameters):
    return reference.lstm_cell(x_t, h_prev, c_prev, parameters)[::-1]


@mistake(of="lstm_cell", says="exp(-z) overflows for large negative z. Use exp of -|z| only, or (1 + tanh(z/2)) / 2.")
def lstm_cell_that_overflows(x_t, h_prev, c_prev, parameters):
    f, i, o, g = gates_of(x_t, h_prev, parameters, lambda z: 1 / (1 + np.exp(-z)))
    c = f * c_prev + i * g
    return o * np.tanh(c), c


@mistake(of="lstm_cell", says="float32 input becomes float64: give buffers the dtype of the states.")
def lstm_cell_loses_float32(x_t, h_prev, c_prev, parameters):
    return double(reference.lstm_cell(x_t, h_prev, c_prev, parameters))


@mistake(of="lstm_cell", says="`c_prev *= f` changes the caller's state. Make a new one.")
def lstm_cell_in_place(x_t, h_prev, c_prev, parameters):
    result = reference.lstm_cell(x_t, h_prev, c_prev, parameters)
    c_prev *= 0.5
    return result


@mistake(of="lstm_cell", says="One example reaches another: you average the state over the batch.")
def lstm_cell_of_a_mixed_batch(x_t, h_prev, c_prev, parameters):
    return reference.lstm_cell(x_t, np.full_like(h_prev, h_prev.mean()), c_prev, parameters)


# lstm_forward


@mistake(of="lstm_forward", says="Every step starts from h0 again. It starts from the h of the step before.")
def lstm_without_carrying_h(X, h0, c0, parameters):
    c, H, C = c0, [], []
    for t in range(X.shape[2]):
        h, c = reference.lstm_cell(X[:, :, t], h0, c, parameters)
        H.append(h)
        C.append(c)
    return np.stack(H, axis=2), np.stack(C, axis=2)


@mistake(of="lstm_forward", says="Every step starts from c0 again. It starts from the c of the step before.")
def lstm_without_carrying_c(X, h0, c0, parameters):
    h, H, C = h0, [], []
    for t in range(X.shape[2]):
        h, c = reference.lstm_cell(X[:, :, t], h, c0, parameters)
        H.append(h)
        C.append(c)
    return np.stack(H, axis=2), np.stack(C, axis=2)


@mistake(of="lstm_forward", says="c starts from zeros. It starts from the argument c0.")
def lstm_from_an_empty_cell(X, h0, c0, parameters):
    return reference.lstm_forward(X, h0, np.zeros_like(c0), parameters)


@mistake(
    of="lstm_forward", says="The states before the first step are part of your result. It begins with those after it."
)
def lstm_with_the_first_states(X, h0, c0, parameters):
    H, C = reference.lstm_forward(X, h0, c0, parameters)
    return np.concatenate([h0[:, :, None], H], axis=2), np.concatenate([c0[:, :, None], C], axis=2)


@mistake(of="lstm_forward", says="H is shifted by one: H[:, :, t] is the state after reading X[:, :, t], not before.")
def lstm_shifted_by_one(X, h0, c0, parameters):
    H, C = lstm_with_the_first_states(X, h0, c0, parameters)
    return H[:, :, :-1], C[:, :, :-1]


@mistake(of="lstm_forward", says="You return the last states only. All time steps are asked for, on the last axis.")
def lstm_of_the_last_step(X, h0, c0, parameters):
    H, C = reference.lstm_forward(X, h0, c0, parameters)
    return H[:, :, -1], C[:, :, -1]


@mistake(of="lstm_forward", says="Time is your first axis. Here it is the last: (n_h, m, T).")
def lstm_with_time_first(X, h0, c0, parameters):
    H, C = reference.lstm_forward(X, h0, c0, parameters)
    return H.transpose(2, 0, 1), C.transpose(2, 0, 1)


@mistake(of="lstm_forward", says="The sequence is read from its end. Time runs forward.")
def lstm_backwards(X, h0, c0, parameters):
    H, C = reference.lstm_forward(X[:, :, ::-1], h0, c0, parameters)
    return H[:, :, ::-1].copy(), C[:, :, ::-1].copy()


@mistake(of="lstm_forward", says="You return H alone. The cell states C belong to the result too.")
def lstm_without_cell_states(X, h0, c0, parameters):
    return reference.lstm_forward(X, h0, c0, parameters)[0]


@mistake(of="lstm_forward", says="np.zeros gives a float64 buffer, and so a float64 result. Give it the dtype of h0.")
def lstm_loses_float32(X, h0, c0, parameters):
    return double(reference.lstm_forward(X, h0, c0, parameters))


@mistake(
    of="lstm_forward", says="You loop over the examples in Python. A loop over time is enough: examples are columns."
)
def lstm_example_by_example(X, h0, c0, parameters):
    return over_examples(X, (h0, c0), lambda x, h, c: reference.lstm_forward(x, h, c, parameters))


# lstm_backward


def lstm_bptt(dH, X, h0, c0, P, *, bend=lambda c, tanh_c, h: 1 - tanh_c**2, through_h=True, through_c=1.0, forget=True,
              first_h=None, first_c=None, of_step=None, memory=None, stale=False):  # fmt: skip
    """Backpropagation through time, with places to go wrong. Right as it stands."""
    H, C = reference.lstm_forward(X, h0, c0, P)
    n_h, gradients, dX = len(h0), {f"d{name}": np.zeros_like(v) for name, v in P.items()}, np.zeros_like(X)
    dh, dc = np.zeros_like(h0), np.zeros_like(c0)
    for t in reversed(range(X.shape[2])):
        h_prev = H[:, :, t - 1] if t else (h0 if first_h is None else first_h)
        c_prev = C[:, :, t - 1] if t else (c0 if first_c is None else first_c)
        f, i, o, g = gates_of(X[:, :, t], H[:, :, t - 1] if t else h0, P)
        hx, tanh_c = np.concatenate([h_prev, X[:, :, t]]), np.tanh(C[:, :, t])
        dh = dH[:, :, t] + (dh if through_h else 0)
        carried = dc * np.asarray(through_c, dc.dtype)
        dc = carried + dh * o * bend(C[:, :, t], tanh_c, H[:, :, t])
        remembered = c_prev if memory is None else C[:, :, t]
        d = {"f": dc * remembered * f * (1 - f), "i": dc * g * i * (1 - i), "c": dc * i * (1 - g**2)}
        d["o"] = dh * tanh_c * o * (1 - o)
        if of_step is not None:
            d = of_step(d, f, i, o, g)
        for gate, slope in d.items():
            gradients[f"dW{gate}"] += slope @ hx.T
            gradients[f"db{gate}"] += slope.sum(axis=1, keepdims=True)
        back = sum(P[f"W{gate}"].T @ slope for gate, slope in d.items())
        dh, dX[:, :, t] = back[:n_h], back[n_h:]
        dc = (carried if stale else dc) * f if forget else dc
    return gradients, dX, dh, dc


@mistake(
    of="lstm_backward",
    says="What step t + 1 sends back through h is dropped: dh is dH[:, :, t] plus the dh of the step after.",
)
def lstm_slopes_without_carrying_h(dH, X, h0, c0, parameters):
    return lstm_bptt(dH, X, h0, c0, parameters, through_h=False)


@mistake(
    of="lstm_backward",
    says="What step t + 1 sends back through the cell state is dropped: add f dc of the step after to dc.",
)
def lstm_slopes_without_carrying_c(dH, X, h0, c0, parameters):
    return lstm_bptt(dH, X, h0, c0, parameters, through_c=0.0)


@mistake(
    of="lstm_backward",
    says="dc goes back to the step before unchanged. The forget gate multiplied the cell state, so it multiplies dc.",
)
def lstm_slopes_without_forgetting(dH, X, h0, c0, parameters):
    return lstm_bptt(dH, X, h0, c0, parameters, forget=False)


@mistake(of="lstm_backward", says="The slope of tanh(c) is 1 - tanh(c)^2. You take 1 - c^2.")
def lstm_slopes_without_tanh(dH, X, h0, c0, parameters):
    return lstm_bptt(dH, X, h0, c0, parameters, bend=lambda c, tanh_c, h: 1 - c**2)


@mistake(of="lstm_backward", says="The slope of tanh(c) is 1 - tanh(c)^2. You take 1 - h^2, and h is o tanh(c).")
def lstm_slopes_of_the_output(dH, X, h0, c0, parameters):
    return lstm_bptt(dH, X, h0, c0, parameters, bend=lambda c, tanh_c, h: 1 - h**2)


@mistake(
    of="lstm_backward",
    says="What goes back through the cell state is f times the dc that came in. It is f times all of dc, with the part "
    "from h.",
)
def lstm_slopes_of_a_stale_dc(dH, X, h0, c0, parameters):
    return lstm_bptt(dH, X, h0, c0, parameters, stale=True)


@mistake(of="lstm_backward", says="The slope of tanh(c) is missing between dh and dc.")
def lstm_slopes_past_the_tanh(dH, X, h0, c0, parameters):
    return lstm_bptt(dH, X, h0, c0, parameters, bend=lambda c, tanh_c, h: np.ones_like(c))


@mistake(of="lstm_backward", says="The forget gate multiplied the old cell state, c_{t-1}. Its gradient takes c_t.")
def lstm_slopes_of_the_new_state(dH, X, h0, c0, parameters):
    return lstm_bptt(dH, X, h0, c0, parameters, memory="new")


@mistake(of="lstm_backward", says="At the first step you take zeros for the cell state before it. It is c0.")
def lstm_slopes_of_an_empty_cell(dH, X, h0, c0, parameters):
    return lstm_bptt(dH, X, h0, c0, parameters, first_c=np.zeros_like(c0))


@mistake(of="lstm_backward", says="At the first step you take zeros for the hidden state before it. It is h0.")
def lstm_slopes_of_an_empty_state(dH, X, h0, c0, parameters):
    return lstm_bptt(dH, X, h0, c0, parameters, first_h=np.zeros_like(h0))


@mistake(of="lstm_backward", says="Each sigmoid has the slope s (1 - s). It is missing for the gates f, i and o.")
def lstm_slopes_without_sigmoids(dH, X, h0, c0, parameters):
    def step(d, f, i, o, g):
        return {"f": d["f"] / (f * (1 - f)), "i": d["i"] / (i * (1 - i)), "c": d["c"], "o": d["o"] / (o * (1 - o))}

    return lstm_bptt(dH, X, h0, c0, parameters, of_step=step)


@mistake(of="lstm_backward", says="The candidate is a tanh: its slope is 1 - g^2, not g (1 - g).")
def lstm_slopes_of_a_sigmoid_candidate(dH, X, h0, c0, parameters):
    def step(d, f, i, o, g):
        return d | {"c": d["c"] / (1 - g**2) * g * (1 - g)}

    return lstm_bptt(dH, X, h0, c0, parameters, of_step=step)


@mistake(
    of="lstm_backward", says="The gradients of i and of the candidate are exchanged: each is multiplied by the other."
)
def lstm_slopes_exchanged(dH, X, h0, c0, parameters):
    def step(d, f, i, o, g):
        return d | {"i": d["i"] / g * i, "c": d["c"] / i * g}

    with np.errstate(divide="ignore", invalid="ignore"):
        return lstm_bptt(dH, X, h0, c0, parameters, of_step=step)


@mistake(
    of="lstm_backward", says="The gradients are sums over examples and time. You divide by the number of examples."
)
def lstm_slopes_as_means(dH, X, h0, c0, parameters):
    gradients, *rest = reference.lstm_backward(dH, X, h0, c0, parameters)
    return {name: g / X.shape[1] for name, g in gradients.items()}, *rest


@mistake(of="lstm_backward", says="The gradients are sums over examples and time. You divide by the number of steps.")
def lstm_slopes_as_means_over_time(dH, X, h0, c0, parameters):
    gradients, *rest = reference.lstm_backward(dH, X, h0, c0, parameters)
    return {name: g / X.shape[2] for name, g in gradients.items()}, *rest


@mistake(
    of="lstm_backward", says="Only the gradient at the last state is used. Every time step has its own, dH[:, :, t]."
)
def lstm_slopes_of_the_last_state(dH, X, h0, c0, parameters):
    last = np.zeros_like(dH)
    last[:, :, -1] = dH[:, :, -1]
    return reference.lstm_backward(last, X, h0, c0, parameters)


@mistake(
    of="lstm_backward",
    says="Each step overwrites the gradients of the parameters. They add up over time: +=.",
)
def lstm_slopes_overwritten(dH, X, h0, c0, parameters):
    _, *rest = reference.lstm_backward(dH, X, h0, c0, parameters)
    if X.shape[2] == 1:
        return reference.lstm_backward(dH, X, h0, c0, parameters)
    later = lstm_bptt_of_the_rest(dH, X, h0, c0, parameters)
    whole = reference.lstm_backward(dH, X, h0, c0, parameters)[0]
    return {name: whole[name] - later[name] for name in whole}, *rest


def lstm_bptt_of_the_rest(dH, X, h0, c0, parameters):
    """The gradients without those of the first step."""
    H, C = reference.lstm_forward(X, h0, c0, parameters)
    return reference.lstm_backward(
        dH[:, :, 1:], X[:, :, 1:], np.ascontiguousarray(H[:, :, 0]), np.ascontiguousarray(C[:, :, 0]), parameters
    )[0]


@mistake(of="lstm_backward", says="dX is in the order in which you go back through time. Put it into the order of X.")
def lstm_slopes_in_reverse(dH, X, h0, c0, parameters):
    gradients, dX, dh0, dc0 = reference.lstm_backward(dH, X, h0, c0, parameters)
    return gradients, dX[:, :, ::-1].copy(), dh0, dc0


@mistake(
    of="lstm_backward",
    says="You take the first n_x entries for x. The stack is [h; x]: the first n_h belong to h, the others to x.",
)
def lstm_slopes_split_at_the_wrong_place(dH, X, h0, c0, parameters):
    def turned(W):
        return np.hstack([W[:, len(h0) :], W[:, : len(h0)]])

    gradients, dX, dh0, dc0 = reference.lstm_backward(dH, X, h0, c0, parameters)
    return {k: turned(g) if k[1] == "W" else g for k, g in gradients.items()}, dX, dh0, dc0


@mistake(
    of="lstm_backward", says="The biases' gradients lost an axis. They are columns (n_h, 1): sum with keepdims=True."
)
def lstm_slopes_without_keepdims(dH, X, h0, c0, parameters):
    gradients, *rest = reference.lstm_backward(dH, X, h0, c0, parameters)
    return {name: g[:, 0] if name[1] == "b" else g for name, g in gradients.items()}, *rest


@mistake(of="lstm_backward", says="The gradients are called dWf, dbf and so on. You use the names of the parameters.")
def lstm_slopes_with_the_names_of_the_parameters(dH, X, h0, c0, parameters):
    gradients, *rest = reference.lstm_backward(dH, X, h0, c0, parameters)
    return {name[1:]: g for name, g in gradients.items()}, *rest


@mistake(of="lstm_backward", says="You clip the gradients to [-1, 1]. Clipping is a step of its own, after this one.")
def lstm_slopes_clipped(dH, X, h0, c0, parameters):
    return clipped(reference.lstm_backward(dH, X, h0, c0, parameters))


@mistake(of="lstm_backward", says="float32 input becomes float64: make buffers with np.zeros_like.")
def lstm_slopes_lose_float32(dH, X, h0, c0, parameters):
    return double(reference.lstm_backward(dH, X, h0, c0, parameters))


@mistake(of="lstm_backward", says="You loop over the examples in Python. d [h; x]^T adds them up in one product.")
def lstm_slopes_example_by_example(dH, X, h0, c0, parameters):
    parts = []
    for i in range(X.shape[1]):
        own = slice(i, i + 1)
        parts.append(reference.lstm_backward(dH[:, own], X[:, own], h0[:, own], c0[:, own], parameters))
    gradients, *rest = zip(*parts, strict=True)
    return {k: sum(g[k] for g in gradients) for k in gradients[0]}, *(np.concatenate(r, axis=1) for r in rest)


# gru_cell


def gru_gates(x_t, h_prev, P):
    """z, r and the candidate."""
    hx = np.concatenate([h_prev, x_t])
    z, r = sigmoid(P["Wz"] @ hx + P["bz"]), sigmoid(P["Wr"] @ hx + P["br"])
    return z, r, np.tanh(P["Wh"] @ np.concatenate([r * h_prev, x_t]) + P["bh"])


@mistake(
    of="gru_cell",
    says="z and 1 - z are exchanged. Here z = 1 takes the candidate and z = 0 keeps the state; torch.nn.GRU has it the "
    "other way round.",
)
def gru_cell_with_exchanged_shares(x_t, h_prev, parameters):
    z, _, g = gru_gates(x_t, h_prev, parameters)
    return z * h_prev + (1 - z) * g


@mistake(
    of="gru_cell",
    says="The reset gate acts on the state before the product with Wh: Wh [r h; x]. You multiply the product by r.",
)
def gru_cell_that_resets_late(x_t, h_prev, parameters):
    z, r, _ = gru_gates(x_t, h_prev, parameters)
    n_h, Wh = len(h_prev), parameters["Wh"]
    g = np.tanh(r * (Wh[:, :n_h] @ h_prev) + Wh[:, n_h:] @ x_t + parameters["bh"])
    return (1 - z) * h_prev + z * g


@mistake(of="gru_cell", says="The reset gate is missing in the candidate: it is over [r h; x].")
def gru_cell_without_reset(x_t, h_prev, parameters):
    z, _, _ = gru_gates(x_t, h_prev, parameters)
    g = np.tanh(parameters["Wh"] @ np.concatenate([h_prev, x_t]) + parameters["bh"])
    return (1 - z) * h_prev + z * g


@mistake(of="gru_cell", says="Update and reset gate are exchanged: Wz and bz belong to z, Wr and br to r.")
def gru_cell_with_exchanged_gates(x_t, h_prev, parameters):
    p = parameters
    return reference.gru_cell(x_t, h_prev, p | {"Wz": p["Wr"], "bz": p["br"], "Wr": p["Wz"], "br": p["bz"]})


@mistake(of="gru_cell", says="You stack [x; h]. The weights expect [h; x]: their first n_h columns meet the state.")
def gru_cell_with_the_input_first(x_t, h_prev, parameters):
    n_x = len(x_t)
    turned = {k: np.hstack([W[:, n_x:], W[:, :n_x]]) if k[0] == "W" else W for k, W in parameters.items()}
    return reference.gru_cell(x_t, h_prev, turned)


@mistake(of="gru_cell", says="The candidate is a tanh, from -1 to 1. You use a sigmoid.")
def gru_cell_with_a_sigmoid_candidate(x_t, h_prev, parameters):
    z, r, _ = gru_gates(x_t, h_prev, parameters)
    g = sigmoid(parameters["Wh"] @ np.concatenate([r * h_prev, x_t]) + parameters["bh"])
    return (1 - z) * h_prev + z * g


@mistake(of="gru_cell", says="The biases are missing.")
def gru_cell_without_biases(x_t, h_prev, parameters):
    unbiased = {k: np.zeros_like(v) if k[0] == "b" else v for k, v in parameters.items()}
    return reference.gru_cell(x_t, h_prev, unbiased)


@mistake(of="gru_cell", says="The old state is kept whole. It is multiplied by 1 - z.")
def gru_cell_that_never_forgets(x_t, h_prev, parameters):
    z, _, g = gru_gates(x_t, h_prev, parameters)
    return h_prev + z * g


@mistake(of="gru_cell", says="exp(-z) overflows for large negative z. Use exp of -|z| only, or (1 + tanh(z/2)) / 2.")
def gru_cell_that_overflows(x_t, h_prev, parameters):
    P, hx = parameters, np.concatenate([h_prev, x_t])
    z, r = (1 / (1 + np.exp(-(P[f"W{g}"] @ hx + P[f"b{g}"]))) for g in "zr")
    g = np.tanh(P["Wh"] @ np.concatenate([r * h_prev, x_t]) + P["bh"])
    return (1 - z) * h_prev + z * g


@mistake(of="gru_cell", says="float32 input becomes float64: give buffers the dtype of the state.")
def gru_cell_loses_float32(x_t, h_prev, parameters):
    return double(reference.gru_cell(x_t, h_prev, parameters))


@mistake(of="gru_cell", says="`h_prev *= r` changes the caller's state. Make a new one.")
def gru_cell_in_place(x_t, h_prev, parameters):
    result = reference.gru_cell(x_t, h_prev, parameters)
    h_prev *= 0.5
    return result


# gru_forward


@mistake(of="gru_forward", says="Every step starts from h0 again. It starts from the h of the step before.")
def gru_without_carrying(X, h0, parameters):
    return np.stack([reference.gru_cell(X[:, :, t], h0, parameters) for t in range(X.shape[2])], axis=2)


@mistake(of="gru_forward", says="h starts from zeros. It starts from the argument h0.")
def gru_from_an_empty_state(X, h0, parameters):
    return reference.gru_forward(X, np.zeros_like(h0), parameters)


@mistake(of="gru_forward", says="H is shifted by one: H[:, :, t] is the state after reading X[:, :, t], not before.")
def gru_shifted_by_one(X, h0, parameters):
    H = reference.gru_forward(X, h0, parameters)
    return np.concatenate([h0[:, :, None], H[:, :, :-1]], axis=2)


@mistake(of="gru_forward", says="You return the last state only. All time steps are asked for, on the last axis.")
def gru_of_the_last_step(X, h0, parameters):
    return reference.gru_forward(X, h0, parameters)[:, :, -1]


@mistake(of="gru_forward", says="Time is your first axis. Here it is the last: (n_h, m, T).")
def gru_with_time_first(X, h0, parameters):
    return reference.gru_forward(X, h0, parameters).transpose(2, 0, 1)


@mistake(of="gru_forward", says="The sequence is read from its end. Time runs forward.")
def gru_backwards(X, h0, parameters):
    return reference.gru_forward(X[:, :, ::-1], h0, parameters)[:, :, ::-1].copy()


@mistake(of="gru_forward", says="np.zeros gives a float64 buffer, and so a float64 result. Give it the dtype of h0.")
def gru_loses_float32(X, h0, parameters):
    return double(reference.gru_forward(X, h0, parameters))


@mistake(
    of="gru_forward", says="You loop over the examples in Python. A loop over time is enough: examples are columns."
)
def gru_example_by_example(X, h0, parameters):
    return over_examples(X, (h0,), lambda x, h: reference.gru_forward(x, h, parameters))


# gru_backward


def gru_bptt(dH, X, h0, P, *, through_h=True, keep=True, by_r=True, by_z=True, reset=True, mixed=True, sign=1,
             first_h=None, of_h=True):  # fmt: skip
    """Backpropagation through time, with places to go wrong. Right as it stands."""
    H = reference.gru_forward(X, h0, P)
    n_h, gradients, dX = len(h0), {f"d{name}": np.zeros_like(v) for name, v in P.items()}, np.zeros_like(X)
    dh = np.zeros_like(h0)
    for t in reversed(range(X.shape[2])):
        x, h = X[:, :, t], H[:, :, t - 1] if t else h0
        z, r, g = gru_gates(x, h, P)
        if t == 0 and first_h is not None:
            h = first_h
        dh = dH[:, :, t] + (dh if through_h else 0)
        d_h = dh * z * (1 - g**2)
        dq = P["Wh"].T @ d_h
        d_z = sign * dh * (g - h) * z * (1 - z)
        d_r = dq[:n_h] * (h if of_h else 1) * r * (1 - r) if by_r else np.zeros_like(h)
        hx, qx = np.concatenate([h, x]), np.concatenate([r * h if mixed else h, x])
        for gate, slope, seen in (("z", d_z, hx), ("r", d_r, hx), ("h", d_h, qx)):
            gradients[f"dW{gate}"] += slope @ seen.T
            gradients[f"db{gate}"] += slope.sum(axis=1, keepdims=True)
        through = P["Wr"].T @ d_r + (P["Wz"].T @ d_z if by_z else 0)
        dX[:, :, t] = dq[n_h:] + through[n_h:]
        dh = (dh * (1 - z) if keep else 0) + dq[:n_h] * (r if reset else 1) + through[:n_h]
    return gradients, dX, dh


@mistake(
    of="gru_backward",
    says="What step t + 1 sends back through h is dropped: dh is dH[:, :, t] plus the dh of the step after.",
)
def gru_slopes_without_carrying(dH, X, h0, parameters):
    return gru_bptt(dH, X, h0, parameters, through_h=False)


@mistake(of="gru_backward", says="The direct way is missing: (1 - z) dh goes back to the state before.")
def gru_slopes_without_the_direct_way(dH, X, h0, parameters):
    return gru_bptt(dH, X, h0, parameters, keep=False)


@mistake(of="gru_backward", says="The reset gate gets no gradient: da_r = dq h r (1 - r).")
def gru_slopes_without_the_reset_gate(dH, X, h0, parameters):
    return gru_bptt(dH, X, h0, parameters, by_r=False)


@mistake(of="gru_backward", says="The reset gate multiplied the state before: its gradient lacks the factor h_{t-1}.")
def gru_slopes_of_r_without_the_state(dH, X, h0, parameters):
    return gru_bptt(dH, X, h0, parameters, of_h=False)


@mistake(of="gru_backward", says="The update gate reads h and x too: Wz^T da_z goes back to both.")
def gru_slopes_without_the_way_through_z(dH, X, h0, parameters):
    return gru_bptt(dH, X, h0, parameters, by_z=False)


@mistake(of="gru_backward", says="dq belongs to r h. On its way to h it is multiplied by r.")
def gru_slopes_past_the_reset(dH, X, h0, parameters):
    return gru_bptt(dH, X, h0, parameters, reset=False)


@mistake(of="gru_backward", says="Wh met [r h; x], so dWh takes r h. You take h.")
def gru_slopes_of_the_unreset_state(dH, X, h0, parameters):
    return gru_bptt(dH, X, h0, parameters, mixed=False)


@mistake(of="gru_backward", says="z multiplies the candidate and 1 - z the state: da_z has g - h, not h - g.")
def gru_slopes_with_exchanged_shares(dH, X, h0, parameters):
    return gru_bptt(dH, X, h0, parameters, sign=-1)


@mistake(of="gru_backward", says="At the first step you take zeros for the state before it. It is h0.")
def gru_slopes_of_an_empty_state(dH, X, h0, parameters):
    return gru_bptt(dH, X, h0, parameters, first_h=np.zeros_like(h0))


@mistake(of="gru_backward", says="The gradients are sums over examples and time. You divide by the number of examples.")
def gru_slopes_as_means(dH, X, h0, parameters):
    gradients, *rest = reference.gru_backward(dH, X, h0, parameters)
    return {name: g / X.shape[1] for name, g in gradients.items()}, *rest


@mistake(
    of="gru_backward", says="Only the gradient at the last state is used. Every time step has its own, dH[:, :, t]."
)
def gru_slopes_of_the_last_state(dH, X, h0, parameters):
    last = np.zeros_like(dH)
    last[:, :, -1] = dH[:, :, -1]
    return reference.gru_backward(last, X, h0, parameters)


@mistake(of="gru_backward", says="dX is in the order in which you go back through time. Put it into the order of X.")
def gru_slopes_in_reverse(dH, X, h0, parameters):
    gradients, dX, dh0 = reference.gru_backward(dH, X, h0, parameters)
    return gradients, dX[:, :, ::-1].copy(), dh0


@mistake(
    of="gru_backward", says="The biases' gradients lost an axis. They are columns (n_h, 1): sum with keepdims=True."
)
def gru_slopes_without_keepdims(dH, X, h0, parameters):
    gradients, *rest = reference.gru_backward(dH, X, h0, parameters)
    return {name: g[:, 0] if name[1] == "b" else g for name, g in gradients.items()}, *rest


@mistake(of="gru_backward", says="You clip the gradients to [-1, 1]. Clipping is a step of its own, after this one.")
def gru_slopes_clipped(dH, X, h0, parameters):
    return clipped(reference.gru_backward(dH, X, h0, parameters))


@mistake(of="gru_backward", says="float32 input becomes float64: make buffers with np.zeros_like.")
def gru_slopes_lose_float32(dH, X, h0, parameters):
    return double(reference.gru_backward(dH, X, h0, parameters))


@mistake(of="gru_backward", says="You loop over the examples in Python. d [h; x]^T adds them up in one product.")
def gru_slopes_example_by_example(dH, X, h0, parameters):
    parts = []
    for i in range(X.shape[1]):
        own = slice(i, i + 1)
        parts.append(reference.gru_backward(dH[:, own], X[:, own], h0[:, own], parameters))
    gradients, *rest = zip(*parts, strict=True)
    return {k: sum(g[k] for g in gradients) for k in gradients[0]}, *(np.concatenate(r, axis=1) for r in rest)


# bidirectional


def halves(X, h0_forward, h0_backward, forward_parameters, backward_parameters):
    """Both halves, right."""
    whole = reference.bidirectional(X, h0_forward, h0_backward, forward_parameters, backward_parameters)
    return whole[: len(h0_forward)], whole[len(h0_forward) :]


@mistake(
    of="bidirectional",
    says="The backward half is in the order in which it was read. Reverse it, so that time t has the state that has "
    "read from the end down to t.",
)
def both_ways_without_turning_back(X, h0_forward, h0_backward, forward_parameters, backward_parameters):
    ahead, behind = halves(X, h0_forward, h0_backward, forward_parameters, backward_parameters)
    return np.concatenate([ahead, behind[:, :, ::-1]])


@mistake(of="bidirectional", says="The second GRU reads forward too. It reads the sequence from its end.")
def both_forward(X, h0_forward, h0_backward, forward_parameters, backward_parameters):
    ahead = reference.gru_forward(X, h0_forward, forward_parameters)
    return np.concatenate([ahead, reference.gru_forward(X, h0_backward, backward_parameters)])


@mistake(of="bidirectional", says="The halves are exchanged: the forward states come first.")
def both_ways_exchanged(X, h0_forward, h0_backward, forward_parameters, backward_parameters):
    ahead, behind = halves(X, h0_forward, h0_backward, forward_parameters, backward_parameters)
    return np.concatenate([behind, ahead])


@mistake(of="bidirectional", says="You add the halves. They are put one below the other: (2 n_h, m, T).")
def both_ways_added(X, h0_forward, h0_backward, forward_parameters, backward_parameters):
    ahead, behind = halves(X, h0_forward, h0_backward, forward_parameters, backward_parameters)
    return ahead + behind


@mistake(of="bidirectional", says="The halves are put side by side along time. They are put together along axis 0.")
def both_ways_along_time(X, h0_forward, h0_backward, forward_parameters, backward_parameters):
    return np.concatenate(halves(X, h0_forward, h0_backward, forward_parameters, backward_parameters), axis=2)


@mistake(of="bidirectional", says="Both directions use the forward parameters. The backward one has its own.")
def both_ways_with_one_set(X, h0_forward, h0_backward, forward_parameters, backward_parameters):
    return reference.bidirectional(X, h0_forward, h0_backward, forward_parameters, forward_parameters)


@mistake(of="bidirectional", says="The backward GRU starts from h0_forward. It has its own state, h0_backward.")
def both_ways_from_one_state(X, h0_forward, h0_backward, forward_parameters, backward_parameters):
    return reference.bidirectional(X, h0_forward, h0_forward, forward_parameters, backward_parameters)


@mistake(of="bidirectional", says="You reverse the examples, axis 1. Time is the last axis: X[:, :, ::-1].")
def both_ways_over_examples(X, h0_forward, h0_backward, forward_parameters, backward_parameters):
    ahead = reference.gru_forward(X, h0_forward, forward_parameters)
    behind = reference.gru_forward(X[:, ::-1], h0_backward, backward_parameters)
    return np.concatenate([ahead, behind[:, ::-1]])


@mistake(of="bidirectional", says="float32 input becomes float64: give buffers the dtype of the states.")
def both_ways_lose_float32(X, h0_forward, h0_backward, forward_parameters, backward_parameters):
    return double(reference.bidirectional(X, h0_forward, h0_backward, forward_parameters, backward_parameters))


@mistake(of="bidirectional", says="You loop over the examples in Python. A loop over time is enough.")
def both_ways_example_by_example(X, h0_forward, h0_backward, forward_parameters, backward_parameters):
    def run(x, ahead, behind):
        return reference.bidirectional(x, ahead, behind, forward_parameters, backward_parameters)

    return over_examples(X, (h0_forward, h0_backward), run)
