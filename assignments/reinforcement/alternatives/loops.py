"""Plain loops, numbers one by one."""

import numpy as np


def discounted_returns(rewards, gamma):
    T = len(rewards)
    dtype = rewards.dtype if rewards.dtype.kind == "f" else np.float64
    G = np.zeros(T + 1, dtype=dtype)
    for t in range(T - 1, -1, -1):
        G[t] = rewards[t] + gamma * G[t + 1]
    return G[:T].copy()


def epsilon_greedy(q, epsilon, rng):
    best = 0
    for a in range(len(q)):
        if q[a] > q[best]:
            best = a
    if rng.random() < epsilon:
        return rng.integers(0, len(q))
    return best


def q_learning_update(Q, s, a, r, s_next, done, alpha, gamma):
    new = np.array(Q)
    target = r
    if not done:
        best = Q[s_next][0]
        for value in Q[s_next]:
            best = max(best, value)
        target = target + gamma * best
    new[s][a] = (1 - alpha) * Q[s][a] + alpha * target
    return new


def value_iteration(P, R, gamma, tolerance=1e-8):
    S, A = R.shape

    def value_of(V, s, a):
        total = 0.0
        for u in range(S):
            total += P[s, a, u] * V[u]
        return R[s, a] + gamma * total

    V = [0.0] * S
    delta = tolerance + 1
    while delta >= tolerance:
        delta = 0.0
        for s in range(S):
            old = V[s]
            V[s] = max(value_of(V, s, a) for a in range(A))
            delta = max(delta, abs(V[s] - old))
    policy = []
    for s in range(S):
        values = [value_of(V, s, a) for a in range(A)]
        policy.append(values.index(max(values)))
    return np.array(V), np.array(policy)


def policy_gradient(log_prob_grads, returns, baseline=0):
    direction = np.zeros_like(log_prob_grads[0])
    for t in range(len(returns)):
        of_this_step = baseline[t] if np.ndim(baseline) else baseline
        direction += (returns[t] - of_this_step) * log_prob_grads[t]
    return direction / len(returns)


def train_q_learning(step, states, actions, episodes, alpha, gamma, epsilon, rng):
    Q = np.zeros((states, actions))
    for _ in range(episodes):
        s = 0
        while True:
            a = epsilon_greedy(Q[s], epsilon, rng)
            s_next, r, done = step(s, a)
            Q = q_learning_update(Q, s, a, r, s_next, done, alpha, gamma)
            if done:
                break
            s = s_next
    return Q
