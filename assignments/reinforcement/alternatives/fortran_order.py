"""Tables in Fortran order, and the returns as the solution of a triangular system."""

import numpy as np


def discounted_returns(rewards, gamma):
    dtype = np.float32 if rewards.dtype == np.float32 else np.float64
    T = len(rewards)
    system = np.eye(T) - np.diag(np.full(T - 1, float(gamma)), k=1)
    return np.linalg.solve(system, rewards.astype(np.float64)).astype(dtype)


def epsilon_greedy(q, epsilon, rng):
    lucky = rng.uniform(0, 1) < epsilon
    return int(rng.permutation(len(q))[0]) if lucky else int(np.argsort(-q, kind="stable")[0])


def q_learning_update(Q, s, a, r, s_next, done, alpha, gamma):
    new = np.array(Q, order="F")
    best = np.sort(Q[s_next])[-1]
    new[s, a] = Q[s, a] + alpha * (r + (0 if done else gamma * best) - Q[s, a])
    return new


def value_iteration(P, R, gamma, tolerance=1e-8):
    columns, rewards = np.asfortranarray(np.moveaxis(P, 1, 0)), np.asfortranarray(R.T)
    V = np.zeros(R.shape[0])
    moved = True
    while moved:
        values = rewards + gamma * columns @ V
        moved = np.any(np.abs(values.max(axis=0) - V) >= tolerance)
        V = values.max(axis=0)
    return V, np.argmax(rewards + gamma * columns @ V, axis=0)


def policy_gradient(log_prob_grads, returns, baseline=0):
    weights = np.asfortranarray((returns - baseline).astype(returns.dtype) / np.array(len(returns), returns.dtype))
    return np.moveaxis(log_prob_grads, 0, -1) @ weights


def train_q_learning(step, states, actions, episodes, alpha, gamma, epsilon, rng):
    Q = np.zeros((states, actions), order="F")
    for _ in range(episodes):
        s = 0
        done = False
        while not done:
            a = epsilon_greedy(Q[s], epsilon, rng)
            s_next, r, done = step(s, a)
            Q = q_learning_update(Q, s, a, r, s_next, done, alpha, gamma)
            s = s_next
    return Q
