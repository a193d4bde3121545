"""An optimizer is an object with a state; the functions set the state, take one step, and read it again."""

import numpy as np


class Shuffled:
    """An epoch: the examples of a data set in a random order, batch by batch."""

    def __init__(self, X, Y, batch_size, rng):
        both = np.concatenate([X, Y]) if X.dtype == Y.dtype else None
        order = np.arange(X.shape[1])
        rng.shuffle(order)
        self.parts = (both[: len(X), order], both[len(X) :, order]) if both is not None else (X[:, order], Y[:, order])
        self.size = batch_size

    def __len__(self):
        return -(-self.parts[0].shape[1] // self.size)

    def __getitem__(self, i):
        if i >= len(self):
            raise IndexError(i)
        return tuple(part[:, i * self.size : (i + 1) * self.size].copy() for part in self.parts)


class Average:
    def __init__(self, beta, value=0.0, t=0):
        self.beta, self.value, self.t = beta, value, t

    def see(self, new):
        self.value = self.beta * self.value + (1 - self.beta) * new
        self.t += 1
        return self.value

    @property
    def corrected(self):
        return self.value / (1 - self.beta**self.t)


class Optimizer:
    def __init__(self, learning_rate):
        self.learning_rate = learning_rate

    def direction(self, name, g):
        return g

    def step(self, parameters, gradients):
        return {
            name: p - self.learning_rate * self.direction(name, gradients["d" + name]) for name, p in parameters.items()
        }


class Momentum(Optimizer):
    def __init__(self, learning_rate, beta, v, t=0):
        super().__init__(learning_rate)
        self.v = {name[1:]: Average(beta, value, t) for name, value in v.items()}

    def direction(self, name, g):
        return self.v[name].see(g)


class RMSProp(Optimizer):
    def __init__(self, learning_rate, beta, epsilon, s, t=0):
        super().__init__(learning_rate)
        self.epsilon = epsilon
        self.s = {name[1:]: Average(beta, value, t) for name, value in s.items()}

    def direction(self, name, g):
        return g / (np.sqrt(self.s[name].see(g * g)) + self.epsilon)


class Adam(Optimizer):
    def __init__(self, learning_rate, beta1, beta2, epsilon, v, s, t):
        super().__init__(learning_rate)
        self.first, self.second = Momentum(0, beta1, v, t - 1), RMSProp(0, beta2, epsilon, s, t - 1)

    def direction(self, name, g):
        self.first.direction(name, g)
        self.second.direction(name, g)
        below = np.sqrt(self.second.s[name].corrected) + self.second.epsilon
        return self.first.v[name].corrected / below


class AdamW(Adam):
    def __init__(self, *arguments, weight_decay):
        super().__init__(*arguments)
        self.weight_decay = weight_decay

    def step(self, parameters, gradients):
        rest = 1 - self.learning_rate * self.weight_decay
        return super().step({k: p * rest if "W" in k else p for k, p in parameters.items()}, gradients)


def state(averages):
    return {"d" + name: average.value for name, average in averages.items()}


def random_mini_batches(X, Y, batch_size, rng):
    return list(Shuffled(X, Y, batch_size, rng))


def ewma(values, beta, bias_correction=False):
    average, out = Average(beta), np.empty_like(values)
    for i, value in enumerate(values):
        plain = average.see(float(value))
        out[i] = average.corrected if bias_correction else plain
    return out


def gradient_descent(parameters, gradients, learning_rate):
    return Optimizer(learning_rate).step(parameters, gradients)


def gradient_descent_with_momentum(parameters, gradients, v, learning_rate, beta=0.9):
    optimizer = Momentum(learning_rate, beta, v)
    return optimizer.step(parameters, gradients), state(optimizer.v)


def rmsprop(parameters, gradients, s, learning_rate, beta=0.999, epsilon=1e-8):
    optimizer = RMSProp(learning_rate, beta, epsilon, s)
    return optimizer.step(parameters, gradients), state(optimizer.s)


def adam(parameters, gradients, v, s, t, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
    optimizer = Adam(learning_rate, beta1, beta2, epsilon, v, s, t)
    return optimizer.step(parameters, gradients), state(optimizer.first.v), state(optimizer.second.s)


def adamw(parameters, gradients, v, s, t, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8, weight_decay=0.01):
    optimizer = AdamW(learning_rate, beta1, beta2, epsilon, v, s, t, weight_decay=weight_decay)
    return optimizer.step(parameters, gradients), state(optimizer.first.v), state(optimizer.second.s)
