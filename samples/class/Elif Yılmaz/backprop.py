# Elif Yılmaz - ödev 4
import numpy as np

def compute_cost(AL, Y):
    p = np.clip(AL, 1e-300 if AL.dtype == np.float64 else 1e-38, None)
    q = np.clip(1 - AL, 1e-300 if AL.dtype == np.float64 else 1e-38, None)
    return -np.einsum("om,om->", Y, np.log(p)) / Y.shape[1] - np.einsum("om,om->", 1 - Y, np.log(q)) / Y.shape[1]

def linear_backward(dZ, A_prev, W):
    m = dZ.shape[1]
    dA_prev = np.einsum("ij,im->jm", W, dZ)
    dW = np.einsum("im,jm->ij", dZ, A_prev) / m
    db = np.einsum("im->i", dZ)[:, None] / m
    return dA_prev, dW, db

def backward_propagation(Y, cache, parameters):
    L = max(int(name[1:]) for name in parameters)
    def go(l, dZ):
        dA, dW, db = linear_backward(dZ, cache[f"A{l-1}"], parameters[f"W{l}"])
        here = {f"dW{l}": dW, f"db{l}": db}
        if l == 1:
            return here
        return here | go(l - 1, dA * np.heaviside(cache[f"Z{l-1}"], 0).astype(dA.dtype))
    return go(L, cache[f"A{L}"] - Y)

def numerical_gradient(f, x, epsilon=1e-5):
    g = np.empty(x.shape)
    work = x.astype(np.float64)
    it = np.nditer(work, flags=["multi_index"], op_flags=["readwrite"])
    for v in it:
        keep = float(v)
        v[...] = keep + epsilon
        up = f(work)
        v[...] = keep - epsilon
        down = f(work)
        v[...] = keep
        g[it.multi_index] = (up - down) / (2 * epsilon)
    return g

def relative_error(a, b):
    n = np.linalg.norm(a.ravel()) + np.linalg.norm(b.ravel())
    return np.linalg.norm((a - b).ravel()) / n if n else 0.0

def update_parameters(parameters, gradients, learning_rate):
    new = dict(parameters)
    for name in new:
        new[name] = new[name] - learning_rate * gradients["d" + name]
    return new

def train(X, Y, layer_dims, learning_rate, steps, rng):
    parameters = {}
    for l in range(1, len(layer_dims)):
        parameters[f"W{l}"] = rng.normal(size=(layer_dims[l], layer_dims[l-1])) * (2 / layer_dims[l-1]) ** 0.5
        parameters[f"b{l}"] = np.zeros((layer_dims[l], 1))
    L, costs = len(layer_dims) - 1, []
    for _ in range(steps):
        A, cache = X, {"A0": X}
        for l in range(1, L + 1):
            Z = parameters[f"W{l}"] @ A + parameters[f"b{l}"]
            A = np.exp(-np.logaddexp(0, -Z)) if l == L else np.maximum(Z, 0)
            cache[f"Z{l}"], cache[f"A{l}"] = Z, A
        costs.append(compute_cost(A, Y))
        parameters = update_parameters(parameters, backward_propagation(Y, cache, parameters), learning_rate)
    return parameters, costs
