"""Layer by layer with names put together from numbers, and corrected moments in dicts of their own."""

import copy
import math

import numpy as np


def random_mini_batches(X, Y, batch_size, rng):
    m = X.shape[1]
    mini_batches = []
    permutation = list(rng.permutation(m))
    shuffled_X = X[:, permutation]
    shuffled_Y = Y[:, permutation].reshape((Y.shape[0], m))
    num_complete_minibatches = math.floor(m / batch_size)
    for k in range(0, num_complete_minibatches):
        mini_batch_X = shuffled_X[:, k * batch_size : (k + 1) * batch_size]
        mini_batch_Y = shuffled_Y[:, k * batch_size : (k + 1) * batch_size]
        mini_batches.append((mini_batch_X, mini_batch_Y))
    if m % batch_size != 0:
        start = num_complete_minibatches * batch_size
        mini_batches.append((shuffled_X[:, start:], shuffled_Y[:, start:]))
    return mini_batches


def ewma(values, beta, bias_correction=False):
    v, averages = 0, []
    for t, x in enumerate(values, start=1):
        v = beta * v + (1 - beta) * x
        averages.append(v / (1 - beta**t) if bias_correction else v)
    return averages


def layers(parameters):
    return range(1, len(parameters) // 2 + 1)


def gradient_descent(parameters, gradients, learning_rate):
    parameters = copy.deepcopy(parameters)
    for l in layers(parameters):
        parameters["W" + str(l)] -= learning_rate * gradients["dW" + str(l)]
        parameters["b" + str(l)] -= learning_rate * gradients["db" + str(l)]
    return parameters


def gradient_descent_with_momentum(parameters, gradients, v, learning_rate, beta=0.9):
    parameters, v = copy.deepcopy(parameters), copy.deepcopy(v)
    for l in layers(parameters):
        v["dW" + str(l)] = beta * v["dW" + str(l)] + (1 - beta) * gradients["dW" + str(l)]
        v["db" + str(l)] = beta * v["db" + str(l)] + (1 - beta) * gradients["db" + str(l)]
        parameters["W" + str(l)] = parameters["W" + str(l)] - learning_rate * v["dW" + str(l)]
        parameters["b" + str(l)] = parameters["b" + str(l)] - learning_rate * v["db" + str(l)]
    return parameters, v


def rmsprop(parameters, gradients, s, learning_rate, beta=0.999, epsilon=1e-8):
    parameters, s = copy.deepcopy(parameters), copy.deepcopy(s)
    for l in layers(parameters):
        for p in ("W" + str(l), "b" + str(l)):
            s["d" + p] = beta * s["d" + p] + (1 - beta) * np.square(gradients["d" + p])
            parameters[p] = parameters[p] - learning_rate * gradients["d" + p] / (np.sqrt(s["d" + p]) + epsilon)
    return parameters, s


def adam(parameters, gradients, v, s, t, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
    parameters, v, s = copy.deepcopy(parameters), copy.deepcopy(v), copy.deepcopy(s)
    v_corrected, s_corrected = {}, {}
    for l in layers(parameters):
        for p in ("W" + str(l), "b" + str(l)):
            g = gradients["d" + p]
            v["d" + p] = beta1 * v["d" + p] + (1 - beta1) * g
            v_corrected["d" + p] = v["d" + p] / (1 - beta1**t)
            s["d" + p] = beta2 * s["d" + p] + (1 - beta2) * (g**2)
            s_corrected["d" + p] = s["d" + p] / (1 - beta2**t)
            step = v_corrected["d" + p] / (np.sqrt(s_corrected["d" + p]) + epsilon)
            parameters[p] = parameters[p] - learning_rate * step
    return parameters, v, s


def adamw(parameters, gradients, v, s, t, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8, weight_decay=0.01):
    decayed = copy.deepcopy(parameters)
    for l in layers(parameters):
        decayed["W" + str(l)] *= 1 - learning_rate * weight_decay
    return adam(decayed, gradients, v, s, t, learning_rate, beta1, beta2, epsilon)
