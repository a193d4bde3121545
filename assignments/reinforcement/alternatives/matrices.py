"""Whole arrays: a triangle of discounts, policy iteration by linear equations, a product for the gradient."""

import numpy as np


def discounted_returns(rewards, gamma):
    T = len(rewards)
    ahead = np.arange(T)[None, :] - np.arange(T)[:, None]
    discounts = np.where(ahead >= 0, float(gamma) ** np.maximum(ahead, 0), 0.0)
    return discounts.astype(rewards.dtype if rewards.dtype.kind == "f" else float) @ rewards


def epsilon_greedy(q, epsilon, rng):
    chances = np.full(len(q), epsilon / len(q))
    chances[np.argmax(q)] += 1 - epsilon
    return int(rng.choice(len(q), p=chances))


def q_learning_update(Q, s, a, r, s_next, done, alpha, gamma):
    here = np.zeros_like(Q)
    here[s, a] = alpha
    target = r + gamma * Q[s_next].max() * (1 - int(done))
    return Q + here * (target - Q[s, a])


def value_iteration(P, R, gamma, tolerance=1e-8):
    states = np.arange(len(R))
    policy = np.zeros(len(R), dtype=int)
    for _ in range(100):
        V = np.linalg.solve(np.eye(len(R)) - gamma * P[states, policy], R[states, policy])
        values = R + gamma * P @ V
        better = values.max(axis=1) > values[states, policy] + 1e-12
        if not better.any():
            break
        policy = np.where(better, values.argmax(axis=1), policy)
    best = values >= values.max(axis=1, keepdims=True) - 1e-12
    return V, best.argmax(axis=1)


def policy_gradient(log_prob_grads, returns, baseline=0):
    advantages = (returns - baseline).astype(returns.dtype)
    flat = advantages @ log_prob_grads.reshape(len(returns), -1)
    return (flat / len(returns)).reshape(log_prob_grads.shape[1:])


def train_q_learning(step, states, actions, episodes, alpha, gamma, epsilon, rng):
    Q = np.zeros((states, actions))
    for _ in range(episodes):
        done, s = False, 0
        while not done:
            a = epsilon_greedy(Q[s], epsilon, rng)
            u, r, done = step(s, a)
            Q[s, a] += alpha * (r + (not done) * gamma * Q[u].max() - Q[s, a])
            s = u
    return Q
