"""Loops over layers, as the formulas are written on the board."""

import math

import numpy as np


def random_mini_batches(X, Y, batch_size, rng):
    m = X.shape[1]
    permutation = list(rng.permutation(m))
    shuffled_X, shuffled_Y = X[:, permutation], Y[:, permutation]
    batches = []
    complete = math.floor(m / batch_size)
    for k in range(complete):
        here = slice(k * batch_size, (k + 1) * batch_size)
        batches.append((shuffled_X[:, here], shuffled_Y[:, here]))
    if m % batch_size != 0:
        batches.append((shuffled_X[:, complete * batch_size :], shuffled_Y[:, complete * batch_size :]))
    return batches


def ewma(values, beta, bias_correction=False):
    v, averages = 0, []
    for t in range(1, len(values) + 1):
        v = beta * v + (1 - beta) * values[t - 1]
        averages.append(v / (1 - beta**t) if bias_correction else v)
    return averages


def gradient_descent(parameters, gradients, learning_rate):
    L = len(parameters) // 2
    updated = {}
    for l in range(1, L + 1):
        updated["W" + str(l)] = parameters["W" + str(l)] - learning_rate * gradients["dW" + str(l)]
        updated["b" + str(l)] = parameters["b" + str(l)] - learning_rate * gradients["db" + str(l)]
    return updated


def gradient_descent_with_momentum(parameters, gradients, v, learning_rate, beta=0.9):
    L = len(parameters) // 2
    updated, velocity = {}, {}
    for l in range(1, L + 1):
        for kind in "Wb":
            name = kind + str(l)
            velocity["d" + name] = beta * v["d" + name] + (1 - beta) * gradients["d" + name]
            updated[name] = parameters[name] - learning_rate * velocity["d" + name]
    return updated, velocity


def rmsprop(parameters, gradients, s, learning_rate, beta=0.999, epsilon=1e-8):
    L = len(parameters) // 2
    updated, squares = {}, {}
    for l in range(1, L + 1):
        for kind in "Wb":
            name = kind + str(l)
            squares["d" + name] = beta * s["d" + name] + (1 - beta) * np.square(gradients["d" + name])
            step = gradients["d" + name] / (np.sqrt(squares["d" + name]) + epsilon)
            updated[name] = parameters[name] - learning_rate * step
    return updated, squares


def adam(parameters, gradients, v, s, t, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
    L = len(parameters) // 2
    updated, new_v, new_s = {}, {}, {}
    for l in range(1, L + 1):
        for kind in "Wb":
            name = kind + str(l)
            g = gradients["d" + name]
            new_v["d" + name] = beta1 * v["d" + name] + (1 - beta1) * g
            new_s["d" + name] = beta2 * s["d" + name] + (1 - beta2) * g**2
            v_corrected = new_v["d" + name] / (1 - beta1**t)
            s_corrected = new_s["d" + name] / (1 - beta2**t)
            updated[name] = parameters[name] - learning_rate * v_corrected / (np.sqrt(s_corrected) + epsilon)
    return updated, new_v, new_s


def adamw(parameters, gradients, v, s, t, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8, weight_decay=0.01):
    updated, new_v, new_s = adam(parameters, gradients, v, s, t, learning_rate, beta1, beta2, epsilon)
    for l in range(1, len(parameters) // 2 + 1):
        updated["W" + str(l)] = updated["W" + str(l)] - learning_rate * weight_decay * parameters["W" + str(l)]
    return updated, new_v, new_s
