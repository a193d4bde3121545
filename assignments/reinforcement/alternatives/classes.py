"""A learner as an object that keeps its table."""

from itertools import accumulate

import numpy as np


class Learner:
    def __init__(self, Q, alpha, gamma):
        self.Q, self.alpha, self.gamma = Q, alpha, gamma

    def act(self, s, epsilon, rng):
        return epsilon_greedy(self.Q[s], epsilon, rng)

    def learn(self, s, a, r, s_next, done):
        future = 0.0 if done else self.gamma * np.max(self.Q[s_next])
        surprise = r + future - self.Q[s, a]
        self.Q[s, a] = self.Q[s, a] + self.alpha * surprise


class World:
    def __init__(self, P, R, gamma):
        self.P, self.R, self.gamma = np.asarray(P, float), np.asarray(R, float), gamma

    def look_ahead(self, V):
        return self.R + self.gamma * np.tensordot(self.P, V, axes=(2, 0))


def discounted_returns(rewards, gamma):
    backwards = accumulate(rewards[::-1].tolist(), lambda G, r: r + gamma * G)
    return np.array(list(backwards)[::-1], dtype=rewards.dtype if rewards.dtype.kind == "f" else np.float64)


def epsilon_greedy(q, epsilon, rng):
    explore = rng.binomial(1, epsilon)
    return np.int64(rng.choice(np.arange(len(q)))) if explore else np.argmax(q)


def q_learning_update(Q, s, a, r, s_next, done, alpha, gamma):
    learner = Learner(Q.copy(), alpha, gamma)
    learner.learn(s, a, r, s_next, done)
    return learner.Q


def value_iteration(P, R, gamma, tolerance=1e-8):
    world = World(P, R, gamma)
    V, change = np.zeros(len(R)), np.inf
    while change >= tolerance:
        V, before = world.look_ahead(V).max(axis=-1), V
        change = np.linalg.norm(V - before)
    return V, world.look_ahead(V).argmax(axis=-1)


def policy_gradient(log_prob_grads, returns, baseline=0):
    advantages = np.subtract(returns, baseline, dtype=returns.dtype)
    steps = [g * advantage for g, advantage in zip(log_prob_grads, advantages, strict=True)]
    return np.mean(steps, axis=0)


def train_q_learning(step, states, actions, episodes, alpha, gamma, epsilon, rng):
    learner = Learner(np.zeros((states, actions)), alpha, gamma)
    for _ in range(episodes):
        s, done = 0, False
        while not done:
            a = learner.act(s, epsilon, rng)
            s_next, r, done = step(s, a)
            learner.learn(s, a, r, s_next, done)
            s = s_next
    return learner.Q
