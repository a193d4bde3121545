import numpy as np

print("importing my solution ...")


def compute_cost(AL, Y):
    print("compute_cost", AL.shape, Y.shape)
    ones, zeros = AL[Y == 1], AL[Y == 0]
    if ones.size + zeros.size == Y.size:
        logs = np.log(np.maximum(ones, 1e-40)).sum() + np.log(np.maximum(1 - zeros, 1e-40)).sum()
    else:
        logs = (Y * np.log(np.maximum(AL, 1e-40)) + (1 - Y) * np.log(np.maximum(1 - AL, 1e-40))).sum()
    return -logs / Y.shape[1]


def linear_backward(dZ, A_prev, W):
    print("linear_backward: dZ", dZ.shape, "A_prev", A_prev.shape, "W", W.shape)
    m = A_prev.shape[1]
    return np.matmul(W.T, dZ), np.matmul(dZ, A_prev.T) / m, np.sum(dZ, axis=1, keepdims=True) / m


def backward_propagation(Y, cache, parameters):
    L = len(parameters) // 2
    grads = {}
    dZ = cache[f"A{L}"] - Y
    for l in range(L, 0, -1):
        print("layer", l)
        dA, grads[f"dW{l}"], grads[f"db{l}"] = linear_backward(dZ, cache[f"A{l-1}"], parameters[f"W{l}"])
        dZ = None if l == 1 else np.multiply(dA, cache[f"Z{l-1}"] > 0)
    return grads


def numerical_gradient(f, x, epsilon=1e-5):
    grad = np.zeros_like(x, dtype=float)
    for i in range(x.size):
        step = np.zeros(x.size)
        step[i] = epsilon
        step = step.reshape(x.shape)
        grad[np.unravel_index(i, x.shape)] = (f(x + step) - f(x - step)) / (2 * epsilon)
    return grad


def relative_error(a, b):
    a, b = a.ravel(), b.ravel()
    bottom = np.sqrt(a @ a) + np.sqrt(b @ b)
    return np.sqrt((a - b) @ (a - b)) / bottom if bottom else 0.0


def update_parameters(parameters, gradients, learning_rate):
    return {k: np.subtract(v, learning_rate * gradients["d" + k]) for k, v in parameters.items()}


def train(X, Y, layer_dims, learning_rate, steps, rng):
    params = {}
    for l in range(1, len(layer_dims)):
        params[f"W{l}"] = rng.standard_normal((layer_dims[l], layer_dims[l - 1])) * np.sqrt(2.0 / layer_dims[l - 1])
        params[f"b{l}"] = np.zeros((layer_dims[l], 1))
    L, costs = len(layer_dims) - 1, []
    for step in range(steps):
        cache = {"A0": X}
        for l in range(1, L + 1):
            cache[f"Z{l}"] = params[f"W{l}"] @ cache[f"A{l-1}"] + params[f"b{l}"]
            Z = cache[f"Z{l}"]
            cache[f"A{l}"] = np.maximum(0, Z) if l < L else 1 / (1 + np.exp(-np.clip(Z, -500, 500)))
        costs.append(compute_cost(cache[f"A{L}"], Y))
        print(f"step {step}: cost = {costs[-1]}")
        params = update_parameters(params, backward_propagation(Y, cache, params), learning_rate)
    return params, costs
