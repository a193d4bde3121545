"""Works with one row an example inside, and returns arrays in Fortran order."""

import itertools

import numpy as np


def compute_cost(AL, Y):
    p, y = AL.T, Y.T
    with np.errstate(divide="ignore"):
        right, wrong = np.maximum(np.log(p), -100), np.maximum(np.log1p(-p), -100)
    return np.squeeze(-(y * right + (1 - y) * wrong).mean(axis=0))


def layer_gradients(delta, below):
    """Means over the rows: the gradient of the weights, and that of the biases as a column."""
    return np.asfortranarray((below.T @ delta / len(delta)).T), delta.mean(axis=0).reshape(-1, 1, order="F")


def linear_backward(dZ, A_prev, W):
    dW, db = layer_gradients(dZ.T, A_prev.T)
    return np.asfortranarray((dZ.T @ W).T), dW, db


def backward_propagation(Y, cache, parameters):
    depth = max(int(name[1:]) for name in parameters)
    delta = (cache[f"A{depth}"] - Y).T
    gradients = {}
    for l in range(depth, 0, -1):
        gradients[f"dW{l}"], gradients[f"db{l}"] = layer_gradients(delta, cache[f"A{l - 1}"].T)
        if l > 1:
            delta = np.where(cache[f"Z{l - 1}"].T > 0, delta @ parameters[f"W{l}"], 0)
    return gradients


def numerical_gradient(f, x, epsilon=1e-5):
    gradient = np.zeros(x.shape, order="F")
    for position in range(x.size):
        index = np.unravel_index(position, x.shape, order="F")
        sides = []
        for side in (epsilon, -epsilon):
            moved = np.array(x, order="F")
            moved[index] += side
            sides.append(f(moved))
        gradient[index] = (sides[0] - sides[1]) / (2 * epsilon)
    return gradient


def relative_error(a, b):
    apart, together = np.sqrt(np.square(a - b).sum()), np.sqrt(np.square(a).sum()) + np.sqrt(np.square(b).sum())
    return np.divide(apart, together, out=np.zeros(()), where=together > 0)


def update_parameters(parameters, gradients, learning_rate):
    return {k: np.asfortranarray(v - learning_rate * gradients[f"d{k}"]) for k, v in parameters.items()}


def train(X, Y, layer_dims, learning_rate, steps, rng):
    x, y = np.asfortranarray(X).T, Y.T
    depth = len(layer_dims) - 1
    weights = [rng.normal(0, (2 / n) ** 0.5, (k, n)).T for n, k in itertools.pairwise(layer_dims)]
    biases = [np.zeros(k) for k in layer_dims[1:]]
    costs = []
    for _ in range(steps):
        scores, outputs = [], [x]
        for l in range(depth):
            scores.append(outputs[-1] @ weights[l] + biases[l])
            outputs.append(
                np.maximum(scores[-1], 0) if l < depth - 1 else 1 / (1 + np.exp(-scores[-1].clip(-500, 500)))
            )
        costs.append(compute_cost(outputs[-1].T, Y))
        delta = (outputs[-1] - y) / len(y)
        for l in reversed(range(depth)):
            dW, db = outputs[l].T @ delta, delta.sum(axis=0)
            if l > 0:
                delta = delta @ weights[l].T * (scores[l - 1] > 0)
            weights[l] = weights[l] - learning_rate * dW
            biases[l] = biases[l] - learning_rate * db
    parameters = {}
    for l in range(depth):
        parameters[f"W{l + 1}"], parameters[f"b{l + 1}"] = weights[l].T, biases[l][:, None]
    return parameters, costs
