import math
import numpy as np

# Works on every entry one after the other. Slow but easy to check by hand.


def each(function, *arrays):
    out = np.zeros(arrays[0].shape, dtype=arrays[0].dtype)
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            out[i, j] = function(*(float(a[i, j]) for a in arrays))
    return out


def one_sigmoid(x):
    if x >= 0:
        return 1 / (1 + math.exp(-x))
    return math.exp(x) / (1 + math.exp(x))


def one_phi(x):
    return (1 + math.erf(x / math.sqrt(2))) / 2


def sigmoid(z):
    return each(one_sigmoid, z)


def tanh(z):
    return each(math.tanh, z)


def relu(z):
    return each(lambda x: x if x > 0 else 0.0, z)


def leaky_relu(z, alpha=0.01):
    return each(lambda x: x if x > 0 else alpha * x, z)


def gelu(z):
    return each(lambda x: x * one_phi(x), z)


def gelu_tanh(z):
    return each(lambda x: x / 2 * (1 + math.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x ** 3))), z)


def softmax(z):
    out = np.zeros(z.shape, dtype=z.dtype)
    for j in range(z.shape[1]):
        biggest = max(float(v) for v in z[:, j])
        e = [math.exp(float(v) - biggest) for v in z[:, j]]
        for k in range(z.shape[0]):
            out[k, j] = e[k] / sum(e)
    return out


def sigmoid_backward(dA, Z):
    return each(lambda d, x: d * one_sigmoid(x) * (1 - one_sigmoid(x)), dA, Z)


def tanh_backward(dA, Z):
    return each(lambda d, x: d * (1 - math.tanh(x) ** 2), dA, Z)


def relu_backward(dA, Z):
    return each(lambda d, x: d if x > 0 else 0.0, dA, Z)


def leaky_relu_backward(dA, Z, alpha=0.01):
    return each(lambda d, x: d if x > 0 else alpha * d, dA, Z)


def gelu_backward(dA, Z):
    def slope(d, x):
        return d * (one_phi(x) + x * math.exp(-x * x / 2) / math.sqrt(2 * math.pi))

    return each(slope, dA, Z)


def softmax_backward(dA, Z):
    p = softmax(Z)
    out = np.zeros(Z.shape, dtype=Z.dtype)
    for j in range(Z.shape[1]):
        for a in range(Z.shape[0]):
            for b in range(Z.shape[0]):
                out[a, j] += dA[b, j] * p[b, j] * ((a == b) - p[a, j])
    return out


def dead_units(A):
    result = []
    for row in A:
        alive = False
        for value in row:
            if value != 0:
                alive = True
        result.append(not alive)
    return np.array(result)
