"""What goes wrong in this assignment, function by function, each with the sentence that explains it."""

import numpy as np

from grader.authoring import mistake
from reference.with_numpy import forward as reference
from reference.with_numpy.activations import leaky_relu, relu, sigmoid, softmax, tanh

# linear_forward


@mistake(of="linear_forward", says="The bias is missing: Z = W A_prev + b.")
def linear_forward_without_bias(A_prev, W, b):
    return W @ A_prev


@mistake(of="linear_forward", says="The bias is subtracted, as a threshold would be. Add it.")
def linear_forward_with_a_threshold(A_prev, W, b):
    return W @ A_prev - b


@mistake(
    of="linear_forward",
    says="W^T A_prev does not fit: W is (n, n_prev), one row a unit, so the product is W A_prev without a transpose.",
)
def linear_forward_with_weights_transposed(A_prev, W, b):
    return W.T @ A_prev + b


@mistake(
    of="linear_forward",
    says="The factors are in the wrong order, A_prev W. Examples are columns, so the weights come first: W A_prev.",
)
def linear_forward_in_the_other_order(A_prev, W, b):
    return A_prev @ W + b


@mistake(
    of="linear_forward",
    says="Z is transposed: you return one row an example. Examples are columns here, so Z is (n, m).",
)
def linear_forward_as_rows(A_prev, W, b):
    return A_prev.T @ W.T + b.T


@mistake(of="linear_forward", says="W * A_prev multiplies entry by entry. The matrix product is W @ A_prev.")
def linear_forward_entry_by_entry(A_prev, W, b):
    return W * A_prev + b


@mistake(
    of="linear_forward",
    says="b lost an axis. As a vector (n,) it is added along the examples, not along the units: keep it (n, 1).",
)
def linear_forward_with_a_flat_bias(A_prev, W, b):
    return W @ A_prev + b.ravel()


@mistake(of="linear_forward", says="You add the sum of all biases. Each unit, each row of Z, has its own.")
def linear_forward_with_one_bias_for_all(A_prev, W, b):
    return W @ A_prev + b.sum()


@mistake(
    of="linear_forward",
    says="The bias goes in once for each input: it is inside the sum. Add it once, after the product.",
)
def linear_forward_with_the_bias_in_the_sum(A_prev, W, b):
    return W @ A_prev + W.shape[1] * b


@mistake(of="linear_forward", says="There is a ReLU in it. This is the linear part alone; activations come later.")
def linear_forward_with_relu(A_prev, W, b):
    return relu(reference.linear_forward(A_prev, W, b))


@mistake(of="linear_forward", says="There is a sigmoid in it. This is the linear part alone; activations come later.")
def linear_forward_with_sigmoid(A_prev, W, b):
    return sigmoid(reference.linear_forward(A_prev, W, b))


@mistake(of="linear_forward", says="You return a cache as well. Here linear_forward returns Z alone.")
def linear_forward_with_a_cache(A_prev, W, b):
    return reference.linear_forward(A_prev, W, b), (A_prev.copy(), W.copy(), b.copy())


@mistake(of="linear_forward", says="The scores are divided by the number of examples. Nothing is averaged here.")
def linear_forward_averaged(A_prev, W, b):
    return W @ A_prev / A_prev.shape[1] + b


@mistake(
    of="linear_forward",
    says="np.squeeze takes the last axis away where there is only one example. Z always has two axes, (n, m).",
)
def linear_forward_squeezed(A_prev, W, b):
    return np.squeeze(reference.linear_forward(A_prev, W, b))


@mistake(of="linear_forward", says="np.zeros(shape) is a float64 buffer, and so is Z. Give it the dtype of A_prev.")
def linear_forward_loses_float32(A_prev, W, b):
    return reference.linear_forward(A_prev, W, b).astype(np.float64)


@mistake(
    of="linear_forward",
    says="`W *= ...` changes the weights of the caller, who needs them again. Write to an array of your own.",
)
def linear_forward_in_place(A_prev, W, b):
    Z = reference.linear_forward(A_prev, W, b)
    W *= 0
    return Z


@mistake(of="linear_forward", says="You loop over the examples. One product, W @ A_prev, has all of them in it.")
def linear_forward_by_example(A_prev, W, b):
    Z = np.empty((len(W), A_prev.shape[1]), A_prev.dtype)
    for i in range(A_prev.shape[1]):
        Z[:, i] = W @ A_prev[:, i] + b[:, 0]
    return Z


# forward_propagation


def naive(z):
    """The sigmoid as it stands in books: right, but loud for large negative z."""
    return 1 / (1 + np.exp(-z))


def nan_where_certain(z):
    """The other form, which is nan for large positive z."""
    return np.exp(z) / (1 + np.exp(z))


def passed(X, parameters, *, hidden=relu, output=sigmoid, bias=1.0, kept="ZA", order=None):
    """Forward propagation with parts to get wrong: activations, bias, what goes into the cache, the order of layers."""
    layers = order or range(1, len(parameters) // 2 + 1)
    A = np.array(X)
    cache = {"A0": A}
    for l in layers:
        Z = parameters[f"W{l}"] @ A + A.dtype.type(bias) * parameters[f"b{l}"]
        A = hidden(Z) if l < layers[-1] else output(Z)
        cache |= {f"Z{l}": {"Z": Z, "A": A}[kept[0]], f"A{l}": {"Z": Z, "A": A}[kept[1]]}
    return A, cache


def renamed(cache, new_name):
    """The same cache under other keys; None drops one."""
    return {new_name(key): value for key, value in cache.items() if new_name(key)}


@mistake(of="forward_propagation", says="The hidden layers have a sigmoid. They are ReLU: max(0, Z).")
def forward_propagation_with_sigmoid_everywhere(X, parameters):
    return passed(X, parameters, hidden=sigmoid)


@mistake(of="forward_propagation", says="The hidden layers have a tanh. They are ReLU: max(0, Z).")
def forward_propagation_with_hidden_tanh(X, parameters):
    return passed(X, parameters, hidden=tanh)


@mistake(of="forward_propagation", says="The hidden layers are leaky ReLU. Here they are plain ReLU: 0 where Z < 0.")
def forward_propagation_with_hidden_leaky_relu(X, parameters):
    return passed(X, parameters, hidden=leaky_relu)


@mistake(of="forward_propagation", says="The hidden layers have no activation: without ReLU all layers are one layer.")
def forward_propagation_without_relu(X, parameters):
    return passed(X, parameters, hidden=np.array)


@mistake(of="forward_propagation", says="ReLU is max(0, Z): 0 for negative Z. You take the absolute value.")
def forward_propagation_with_absolute_values(X, parameters):
    return passed(X, parameters, hidden=np.abs)


@mistake(
    of="forward_propagation",
    says="The layer before the last has a sigmoid too: ReLU belongs to layers 1 to L - 1, range(1, L).",
)
def forward_propagation_with_two_sigmoid_layers(X, parameters):
    L = len(parameters) // 2
    if L == 1:
        return passed(X, parameters)
    AL, cache = passed(X, {name: value for name, value in parameters.items() if int(name[1:]) < L})
    _, last = passed(AL, {"W1": parameters[f"W{L}"], "b1": parameters[f"b{L}"]})
    return last["A1"], cache | {f"Z{L}": last["Z1"], f"A{L}": last["A1"]}


@mistake(
    of="forward_propagation",
    says="In a network of one layer the output has a ReLU: the last layer is number L, also where L = 1.",
)
def forward_propagation_with_relu_in_the_first_layer(X, parameters):
    return passed(X, parameters, output=relu if len(parameters) == 2 else sigmoid)


@mistake(
    of="forward_propagation",
    says="The layer before the last has no ReLU. Layers 1 to L - 1 have one: range(1, L), not range(1, L - 1).",
)
def forward_propagation_without_the_last_relu(X, parameters):
    A, cache, L = np.array(X), {"A0": np.array(X)}, len(parameters) // 2
    for l in range(1, L + 1):
        Z = parameters[f"W{l}"] @ A + parameters[f"b{l}"]
        A = sigmoid(Z) if l == L else relu(Z) if l < L - 1 else Z
        cache |= {f"Z{l}": Z, f"A{l}": A}
    return A, cache


@mistake(of="forward_propagation", says="The last layer has a ReLU. Its activation is the sigmoid.")
def forward_propagation_with_relu_everywhere(X, parameters):
    return passed(X, parameters, output=relu)


@mistake(of="forward_propagation", says="You return the scores of the last layer. The output is their sigmoid.")
def forward_propagation_of_scores(X, parameters):
    return passed(X, parameters, output=np.array)


@mistake(
    of="forward_propagation",
    says="The last layer has a ReLU before its sigmoid, so that no output is below 1/2. Take the sigmoid of ZL itself.",
)
def forward_propagation_with_relu_and_sigmoid(X, parameters):
    return passed(X, parameters, output=lambda Z: sigmoid(relu(Z)))


@mistake(of="forward_propagation", says="The last layer has a tanh, from -1 to 1. The sigmoid runs from 0 to 1.")
def forward_propagation_with_tanh_output(X, parameters):
    return passed(X, parameters, output=tanh)


ONE_SUM = "The last layer has a softmax, which makes the outputs add up to 1. Each unit has a sigmoid of its own."


@mistake(of="forward_propagation", says=ONE_SUM)
def forward_propagation_with_softmax(X, parameters):
    return passed(X, parameters, output=softmax)


@mistake(of="forward_propagation", says=ONE_SUM)
def forward_propagation_with_softmax_of_several_units(X, parameters):
    return passed(X, parameters, output=lambda Z: softmax(Z) if Z.shape[0] > 1 else sigmoid(Z))


@mistake(
    of="forward_propagation",
    says="You divide the outputs by their sum. Each unit has a sigmoid of its own; they need not add up to 1.",
)
def forward_propagation_with_outputs_normalised(X, parameters):
    return passed(X, parameters, output=lambda Z: sigmoid(Z) / sigmoid(Z).sum(axis=0) if len(Z) > 1 else sigmoid(Z))


@mistake(of="forward_propagation", says="The sign is missing in the sigmoid: 1 / (1 + exp(-Z)). Yours falls.")
def forward_propagation_with_a_falling_sigmoid(X, parameters):
    return passed(X, parameters, output=lambda Z: sigmoid(-Z))


@mistake(of="forward_propagation", says="The biases are left out: Zl = Wl A(l-1) + bl.")
def forward_propagation_without_biases(X, parameters):
    return passed(X, parameters, bias=0.0)


@mistake(of="forward_propagation", says="The biases are added after the activation. They belong to Z: Wl A(l-1) + bl.")
def forward_propagation_with_biases_outside(X, parameters):
    A = np.array(X)
    cache, L = {"A0": A}, len(parameters) // 2
    for l in range(1, L + 1):
        Z = parameters[f"W{l}"] @ A
        A = (relu(Z) if l < L else sigmoid(Z)) + parameters[f"b{l}"]
        cache |= {f"Z{l}": Z, f"A{l}": A}
    return A, cache


@mistake(
    of="forward_propagation",
    says="The last layer is left out: layers run from 1 to L, and the loop over ReLU layers stops before L.",
)
def forward_propagation_without_the_last_layer(X, parameters):
    L = len(parameters) // 2
    _, cache = passed(X, parameters)
    return cache[f"A{L - 1}"], {name: value for name, value in cache.items() if name not in (f"Z{L}", f"A{L}")}


@mistake(
    of="forward_propagation",
    says="len(parameters) counts the W and the b. There are half as many layers: L = len(parameters) // 2.",
)
def forward_propagation_counting_weights_and_biases(X, parameters):
    return passed(X, parameters, order=range(1, len(parameters) + 1))


@mistake(
    of="forward_propagation",
    says="The network has two layers in your code, W1 and W2. Loop over as many as the parameters have.",
)
def forward_propagation_of_two_layers(X, parameters):
    return passed(X, parameters, order=range(1, 3))


@mistake(
    of="forward_propagation",
    says="Every layer takes X. Layer l takes the activations of the layer before, A(l-1).",
)
def forward_propagation_always_from_x(X, parameters):
    cache, L = {"A0": np.array(X)}, len(parameters) // 2
    for l in range(1, L + 1):
        Z = parameters[f"W{l}"] @ X + parameters[f"b{l}"]
        cache |= {f"Z{l}": Z, f"A{l}": relu(Z) if l < L else sigmoid(Z)}
    return cache[f"A{L}"], cache


@mistake(
    of="forward_propagation",
    says="Each layer takes the scores Z of the layer before. It takes the activations, after ReLU.",
)
def forward_propagation_of_scores_to_the_next_layer(X, parameters):
    Z = np.array(X)
    cache, L = {"A0": Z}, len(parameters) // 2
    for l in range(1, L + 1):
        Z = parameters[f"W{l}"] @ Z + parameters[f"b{l}"]
        cache |= {f"Z{l}": Z, f"A{l}": relu(Z) if l < L else sigmoid(Z)}
    return cache[f"A{L}"], cache


BY_WORD = "Sorted as words, W10 comes before W2. Go through the layers by number: f'W{l}' for l from 1 to L."


@mistake(of="forward_propagation", says=BY_WORD)
def forward_propagation_in_the_order_of_words(X, parameters):
    L = len(parameters) // 2
    return passed(X, parameters, order=sorted(range(1, L + 1), key=str))


@mistake(of="forward_propagation", says=BY_WORD)
def forward_propagation_with_sorted_names(X, parameters):
    names = sorted(name for name in parameters if name[0] == "W")
    A = np.array(X)
    cache = {"A0": A}
    for l, name in enumerate(names, 1):
        Z = parameters[name] @ A + parameters["b" + name[1:]]
        A = relu(Z) if l < len(names) else sigmoid(Z)
        cache |= {f"Z{l}": Z, f"A{l}": A}
    return A, cache


@mistake(of="forward_propagation", says="Only AL comes back. Return two things, (AL, cache).")
def forward_propagation_of_the_output_alone(X, parameters):
    return reference.forward_propagation(X, parameters)[0]


@mistake(of="forward_propagation", says="The two results are in each other's place: first AL, then the cache.")
def forward_propagation_exchanged(X, parameters):
    return reference.forward_propagation(X, parameters)[::-1]


@mistake(
    of="forward_propagation",
    says="The cache is a list of tuples, as in some courses. Here it is a dict with the keys A0, Z1, A1, ..., ZL, AL.",
)
def forward_propagation_with_a_list_of_caches(X, parameters):
    AL, cache = reference.forward_propagation(X, parameters)
    layers = range(1, len(parameters) // 2 + 1)
    return AL, [((cache[f"A{l - 1}"], parameters[f"W{l}"], parameters[f"b{l}"]), cache[f"Z{l}"]) for l in layers]


@mistake(of="forward_propagation", says="A0 is missing in the cache: it is X, the activations before layer 1.")
def forward_propagation_without_a0(X, parameters):
    AL, cache = reference.forward_propagation(X, parameters)
    return AL, renamed(cache, lambda key: None if key == "A0" else key)


@mistake(of="forward_propagation", says="ZL and AL are missing in the cache. The last layer goes in like the others.")
def forward_propagation_without_the_last_in_the_cache(X, parameters):
    AL, cache = reference.forward_propagation(X, parameters)
    L = len(parameters) // 2
    return AL, renamed(cache, lambda key: None if key in (f"Z{L}", f"A{L}") else key)


@mistake(of="forward_propagation", says="The Z are missing in the cache. It keeps Zl and Al of every layer.")
def forward_propagation_without_scores_in_the_cache(X, parameters):
    AL, cache = reference.forward_propagation(X, parameters)
    return AL, renamed(cache, lambda key: None if key[0] == "Z" else key)


@mistake(
    of="forward_propagation",
    says="The layers of the cache are numbered from 0. Layer 1 gives Z1 and A1; only X has the number 0.",
)
def forward_propagation_numbered_from_zero(X, parameters):
    AL, cache = reference.forward_propagation(X, parameters)
    numbered = {f"{key[0]}{int(key[1:]) - 1}": value for key, value in cache.items() if key != "A0"}
    return AL, numbered


SPOILED = (
    "The Z of the cache have been through the activation. Z is kept as it was before it: an activation that works in "
    "place, such as `Z[Z < 0] = 0`, spoils it."
)


@mistake(of="forward_propagation", says=SPOILED)
def forward_propagation_with_z_after_the_activation(X, parameters):
    return passed(X, parameters, kept="AA")


@mistake(of="forward_propagation", says=SPOILED)
def forward_propagation_with_relu_in_place(X, parameters):
    return passed(X, parameters, hidden=lambda Z: np.maximum(0, Z, out=Z))


@mistake(of="forward_propagation", says=SPOILED)
def forward_propagation_with_negatives_set_to_zero(X, parameters):
    def hidden(Z):
        Z[Z < 0] = 0
        return Z

    return passed(X, parameters, hidden=hidden)


@mistake(of="forward_propagation", says="The A of the cache are taken before the activation. Al comes after it.")
def forward_propagation_with_a_before_the_activation(X, parameters):
    return passed(X, parameters, kept="ZZ")


@mistake(of="forward_propagation", says="Z and A are in each other's place in the cache: Z is before the activation.")
def forward_propagation_with_z_and_a_exchanged(X, parameters):
    return passed(X, parameters, kept="AZ")


@mistake(
    of="forward_propagation",
    says="The output lost an axis. AL is (n_L, m), also where n_L or m is 1: leave np.squeeze out.",
)
def forward_propagation_squeezed(X, parameters):
    AL, cache = reference.forward_propagation(X, parameters)
    return np.squeeze(AL), cache


@mistake(of="forward_propagation", says="Only the first output unit comes back. AL has a row for each unit of layer L.")
def forward_propagation_of_the_first_output(X, parameters):
    AL, cache = reference.forward_propagation(X, parameters)
    return AL[:1], cache


@mistake(of="forward_propagation", says="X is divided by 255, as pixels would be. Take it as it is.")
def forward_propagation_of_pixels(X, parameters):
    return passed(X / 255, parameters)


@mistake(
    of="forward_propagation",
    says="exp(-z) overflows for large negative z. Take exp of -|z| only, and use exp(z) / (1 + exp(z)) below zero.",
)
def forward_propagation_that_overflows(X, parameters):
    return passed(X, parameters, output=naive)


@mistake(
    of="forward_propagation",
    says="exp(z) / (1 + exp(z)) is infinity / infinity, nan, for large z. Use 1 / (1 + exp(-z)) above zero.",
)
def forward_propagation_with_nan(X, parameters):
    return passed(X, parameters, output=nan_where_certain)


@mistake(
    of="forward_propagation",
    says="`cache = parameters` makes no copy, so that you write A0, Z1, ... into the caller's dict. Start a new one.",
)
def forward_propagation_into_the_parameters(X, parameters):
    AL, cache = reference.forward_propagation(X, dict(parameters))
    parameters.update(cache)
    return AL, cache


@mistake(
    of="forward_propagation",
    says="`A = X` makes no copy: A0 in the cache is the caller's array, and changes when that does. Store a copy.",
)
def forward_propagation_without_a_copy(X, parameters):
    AL, cache = reference.forward_propagation(X, parameters)
    return AL, cache | {"A0": X}


@mistake(
    of="forward_propagation",
    says="The result is float64 where float32 went in. A buffer like np.zeros(shape) is float64: pass dtype=X.dtype.",
)
def forward_propagation_loses_float32(X, parameters):
    AL, cache = reference.forward_propagation(X, parameters)
    return AL.astype(np.float64), {name: value.astype(np.float64) for name, value in cache.items()}


@mistake(
    of="forward_propagation",
    says="You loop over the examples. Loop over the layers alone: each takes all examples in one product.",
)
def forward_propagation_by_example(X, parameters):
    alone = [passed(X[:, i : i + 1], parameters)[1] for i in range(X.shape[1])]
    cache = {name: np.hstack([one[name] for one in alone]) for name in alone[0]}
    return cache[f"A{len(parameters) // 2}"], cache


# predict


def output_of(X, parameters):
    """AL, made by functions that are right."""
    return passed(X, parameters)[0]


TOO_HIGH = "An output of exactly 0.5 counts as 1: AL >= 0.5, not AL > 0.5, and not np.round, which rounds 0.5 to 0."


@mistake(of="predict", says=TOO_HIGH)
def predict_above_a_half(X, parameters):
    return (output_of(X, parameters) > 0.5).astype(int)


@mistake(of="predict", says=TOO_HIGH)
def predict_above_a_half_as_booleans(X, parameters):
    return output_of(X, parameters) > 0.5


@mistake(of="predict", says=TOO_HIGH)
def predict_rounded(X, parameters):
    return np.round(output_of(X, parameters))


@mistake(of="predict", says="You return the outputs. A prediction is 1 where the output is at least 0.5, else 0.")
def predict_probabilities(X, parameters):
    return output_of(X, parameters)


@mistake(of="predict", says="astype(int) cuts off: every output below 1 becomes 0. Compare with 0.5.")
def predict_cut_off(X, parameters):
    return output_of(X, parameters).astype(int)


@mistake(of="predict", says="You compare the scores ZL with 0.5. Compare the outputs AL, after the sigmoid.")
def predict_from_the_scores(X, parameters):
    return (passed(X, parameters, output=np.array)[0] >= 0.5).astype(int)


@mistake(of="predict", says="The predictions are 0 and 1. Yours are -1 and 1.")
def predict_signs(X, parameters):
    return np.where(output_of(X, parameters) >= 0.5, 1, -1)


@mistake(of="predict", says="The classes are the wrong way round: 1 where the output is at least 0.5.")
def predict_the_opposite(X, parameters):
    return (output_of(X, parameters) < 0.5).astype(int)


@mistake(of="predict", says="The result lost an axis: it has the shape of AL, (n_L, m). Leave np.squeeze out.")
def predict_squeezed(X, parameters):
    return np.squeeze((output_of(X, parameters) >= 0.5).astype(int))


@mistake(
    of="predict",
    says="argmax picks the largest output of each example. Here every output is compared with 0.5 by itself.",
)
def predict_the_largest(X, parameters):
    return np.argmax(output_of(X, parameters), axis=0, keepdims=True)


@mistake(
    of="predict",
    says="Only the largest output of each example becomes 1. Here every output is compared with 0.5 by itself.",
)
def predict_one_class(X, parameters):
    AL = output_of(X, parameters)
    return np.equal(AL, AL.max(axis=0)).astype(int) if len(AL) > 1 else (AL >= 0.5).astype(int)


@mistake(of="predict", says="Only the first output unit is looked at. Every unit has a prediction.")
def predict_of_the_first_output(X, parameters):
    return (output_of(X, parameters)[:1] >= 0.5).astype(int)


@mistake(of="predict", says="You compare with the mean of the outputs. The limit is 0.5.")
def predict_above_the_mean(X, parameters):
    AL = output_of(X, parameters)
    return np.greater_equal(AL, AL.mean()).astype(int)


@mistake(of="predict", says="Only the first layer is used. Ask forward_propagation for the whole network's output.")
def predict_with_one_layer(X, parameters):
    return (output_of(X, {"W1": parameters["W1"], "b1": parameters["b1"]}) >= 0.5).astype(int)


@mistake(of="predict", says="You return AL or the cache beside the predictions. Return the predictions alone.")
def predict_with_outputs(X, parameters):
    AL = output_of(X, parameters)
    return (AL >= 0.5).astype(int), AL


@mistake(
    of="predict",
    says="exp(z) / (1 + exp(z)) is nan for large z, and nan >= 0.5 is False: a certain yes becomes a no.",
)
def predict_with_nan(X, parameters):
    with np.errstate(all="ignore"):
        return (passed(X, parameters, output=nan_where_certain)[0] >= 0.5).astype(int)


@mistake(of="predict", says="`X -= ...` and `X /= ...` change the caller's array. Work on a copy.")
def predict_in_place(X, parameters):
    predictions = reference.predict(X, parameters)
    X /= 255
    return predictions
