"""Small functions of one's own, recursion and lists where they are allowed."""

import numpy as np


def discounted_returns(rewards, gamma):
    G = []
    following = 0.0
    for reward in reversed(rewards):
        following = reward + gamma * following
        G.insert(0, following)
    return np.array(G, dtype=np.result_type(rewards.dtype, np.float32 if rewards.dtype == np.float32 else np.float64))


def explorer(actions, rng):
    return int(rng.random() * actions)


def epsilon_greedy(q, epsilon, rng):
    chosen = explorer(len(q), rng)
    if rng.random() >= epsilon:
        chosen = list(q).index(max(q))
    return chosen


def target_of(Q, r, s_next, done, gamma):
    if done:
        return r
    return r + gamma * np.amax(Q[s_next, :])


def q_learning_update(Q, s, a, r, s_next, done, alpha, gamma):
    out = Q.copy()
    out[s, a] = Q[s, a] - alpha * (Q[s, a] - target_of(Q, r, s_next, done, gamma))
    return out


def q_from_v(P, R, gamma, V):
    return R + gamma * np.einsum("sau,u->sa", P, V)


def value_iteration(P, R, gamma, tolerance=1e-8):
    V = np.zeros(R.shape[0])
    while True:
        new = np.max(q_from_v(P, R, gamma, V), axis=1)
        if np.all(np.abs(new - V) < tolerance):
            break
        V = new
    return new, np.argmax(q_from_v(P, R, gamma, new), axis=1)


def policy_gradient(log_prob_grads, returns, baseline=0):
    advantages = returns - np.asarray(baseline, dtype=returns.dtype)
    return np.einsum("t,t...->...", advantages, log_prob_grads) / len(advantages)


def play(step, Q, alpha, gamma, epsilon, rng):
    s, done = 0, False
    while not done:
        a = epsilon_greedy(Q[s], epsilon, rng)
        s_next, r, done = step(s, a)
        Q = q_learning_update(Q, s, a, r, s_next, done, alpha, gamma)
        s = s_next
    return Q


def train_q_learning(step, states, actions, episodes, alpha, gamma, epsilon, rng):
    Q = np.zeros((states, actions))
    for _ in range(episodes):
        Q = play(step, Q, alpha, gamma, epsilon, rng)
    return Q
