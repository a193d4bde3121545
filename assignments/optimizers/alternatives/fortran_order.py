"""Copies first, then changes its copies in place; everything in Fortran order."""

import copy

import numpy as np


def fortran(table):
    return {name: np.array(value, order="F") for name, value in table.items()}


def random_mini_batches(X, Y, batch_size, rng):
    X, Y = np.array(X, order="F"), np.array(Y, order="F")
    state = copy.deepcopy(rng.bit_generator.state)
    rng.shuffle(X, axis=1)
    rng.bit_generator.state = state
    rng.shuffle(Y, axis=1)
    batches = []
    while X.shape[1] > 0:
        batches.append([X[:, :batch_size], Y[:, :batch_size]])
        X, Y = X[:, batch_size:], Y[:, batch_size:]
    return batches


def ewma(values, beta, bias_correction=False):
    averages = np.array(values)
    averages *= 1 - beta
    for t in range(1, len(averages)):
        averages[t] += beta * averages[t - 1]
    if bias_correction:
        remembered = 1.0
        for t in range(len(averages)):
            remembered *= beta
            averages[t] /= 1 - remembered
    return averages


def gradient_descent(parameters, gradients, learning_rate):
    parameters = fortran(parameters)
    for name in parameters:
        parameters[name] -= learning_rate * gradients[f"d{name}"]
    return parameters


def blend(table, gradients, beta, power):
    table = fortran(table)
    for name, value in table.items():
        value *= beta
        value += (1 - beta) * gradients[name] ** power
    return table


def gradient_descent_with_momentum(parameters, gradients, v, learning_rate, beta=0.9):
    v = blend(v, gradients, beta, 1)
    return gradient_descent(parameters, v, learning_rate), v


def rmsprop(parameters, gradients, s, learning_rate, beta=0.999, epsilon=1e-8):
    s = blend(s, gradients, beta, 2)
    steps = {name: g / (np.sqrt(s[name]) + epsilon) for name, g in gradients.items()}
    return gradient_descent(parameters, steps, learning_rate), s


def adam(parameters, gradients, v, s, t, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
    v, s = blend(v, gradients, beta1, 1), blend(s, gradients, beta2, 2)
    steps = {}
    for name in gradients:
        steps[name] = v[name] / (1 - beta1**t)
        steps[name] /= np.sqrt(s[name] / (1 - beta2**t)) + epsilon
    return gradient_descent(parameters, steps, learning_rate), v, s


def adamw(parameters, gradients, v, s, t, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8, weight_decay=0.01):
    parameters = fortran(parameters)
    for name in parameters:
        if name[0] == "W":
            parameters[name] *= 1 - learning_rate * weight_decay
    return adam(parameters, gradients, v, s, t, learning_rate, beta1, beta2, epsilon)
