"""Each layer keeps a tuple of what its backward step needs; the passes are made of linear and activation steps."""

import numpy as np


def sigmoid(Z):
    positive = Z >= 0
    e = np.exp(np.where(positive, -Z, Z))
    return np.where(positive, 1 / (1 + e), e / (1 + e)), Z


def relu(Z):
    return np.maximum(0, Z), Z


def relu_backward(dA, activation_cache):
    dZ = np.array(dA, copy=True)
    dZ[activation_cache <= 0] = 0
    return dZ


def initialize_parameters_deep(layer_dims, rng):
    parameters = {}
    for l in range(1, len(layer_dims)):
        parameters["W" + str(l)] = rng.standard_normal((layer_dims[l], layer_dims[l - 1])) * np.sqrt(
            2.0 / layer_dims[l - 1]
        )
        parameters["b" + str(l)] = np.zeros((layer_dims[l], 1))
        assert parameters["W" + str(l)].shape == (layer_dims[l], layer_dims[l - 1])
    return parameters


def linear_activation_forward(A_prev, W, b, activation):
    Z = np.dot(W, A_prev) + b
    A, activation_cache = sigmoid(Z) if activation == "sigmoid" else relu(Z)
    return A, ((A_prev, W, b), activation_cache)


def L_model_forward(X, parameters):
    caches = []
    A = X
    L = len(parameters) // 2
    for l in range(1, L):
        A, cache = linear_activation_forward(A, parameters["W" + str(l)], parameters["b" + str(l)], "relu")
        caches.append(cache)
    AL, cache = linear_activation_forward(A, parameters["W" + str(L)], parameters["b" + str(L)], "sigmoid")
    caches.append(cache)
    return AL, caches


def compute_cost(AL, Y):
    m = Y.shape[1]
    AL = np.clip(AL, 1e-15, 1 - 1e-15)
    logprobs = np.multiply(np.log(AL), Y) + np.multiply(np.log(1 - AL), 1 - Y)
    return np.squeeze(-np.sum(logprobs) / m)


def linear_backward(dZ, A_prev, W):
    m = A_prev.shape[1]
    dW = np.dot(dZ, A_prev.T) / m
    db = np.sum(dZ, axis=1, keepdims=True) / m
    return np.dot(W.T, dZ), dW, db


def backward_propagation(Y, cache, parameters):
    grads = {}
    L = len(parameters) // 2
    dZ = cache["A" + str(L)] - Y.reshape(cache["A" + str(L)].shape)
    for l in reversed(range(1, L + 1)):
        dA_prev, dW, db = linear_backward(dZ, cache["A" + str(l - 1)], parameters["W" + str(l)])
        grads["dW" + str(l)], grads["db" + str(l)] = dW, db
        if l > 1:
            dZ = relu_backward(dA_prev, cache["Z" + str(l - 1)])
    return grads


def numerical_gradient(f, x, epsilon=1e-5):
    theta = x.reshape(-1, 1).astype(float)
    gradapprox = np.zeros((theta.shape[0], 1))
    for i in range(theta.shape[0]):
        thetaplus, thetaminus = np.copy(theta), np.copy(theta)
        thetaplus[i][0] = thetaplus[i][0] + epsilon
        thetaminus[i][0] = thetaminus[i][0] - epsilon
        J_plus, J_minus = f(thetaplus.reshape(x.shape)), f(thetaminus.reshape(x.shape))
        gradapprox[i] = (J_plus - J_minus) / (2 * epsilon)
    return gradapprox.reshape(x.shape)


def relative_error(a, b):
    numerator = np.linalg.norm(np.ravel(a - b))
    denominator = np.linalg.norm(np.ravel(a)) + np.linalg.norm(np.ravel(b))
    if denominator == 0:
        return 0
    return numerator / denominator


def update_parameters(parameters, gradients, learning_rate):
    new = {}
    for l in range(len(parameters) // 2):
        for kind in ("W", "b"):
            name = kind + str(l + 1)
            new[name] = parameters[name] - learning_rate * gradients["d" + name]
    return new


def train(X, Y, layer_dims, learning_rate, steps, rng, print_cost=False):
    costs = []
    parameters = initialize_parameters_deep(layer_dims, rng)
    for i in range(steps):
        AL, caches = L_model_forward(X, parameters)
        cost = compute_cost(AL, Y)
        cache = {"A" + str(len(caches)): AL}
        for l, ((A_prev, _, _), Z) in enumerate(caches, start=1):
            cache["A" + str(l - 1)], cache["Z" + str(l)] = A_prev, Z
        parameters = update_parameters(parameters, backward_propagation(Y, cache, parameters), learning_rate)
        if print_cost and i % 100 == 0:
            print(f"Cost after iteration {i}: {cost}")
        costs.append(cost)
    return parameters, costs


if __name__ == "__main__":
    X = np.array([[0.0, 0.0, 1.0, 1.0], [0.0, 1.0, 0.0, 1.0]])
    train(X, np.array([[0, 1, 1, 0]]), [2, 32, 1], 0.5, 600, np.random.default_rng(1), print_cost=True)
