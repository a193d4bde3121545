"""PyTorch: torch.multinomial to act, autograd for the direction of ascent."""

import torch


def discounted_returns(rewards, gamma):
    G = torch.zeros((), dtype=rewards.dtype if rewards.is_floating_point() else torch.float64)
    backwards = []
    for reward in reversed(rewards.unbind()):
        G = reward + gamma * G
        backwards.append(G)
    return torch.stack(backwards[::-1])


def epsilon_greedy(q, epsilon, generator):
    chances = torch.full((len(q),), epsilon / len(q))
    chances[q.argmax()] += 1 - epsilon
    return torch.multinomial(chances, 1, generator=generator).item()


def q_learning_update(Q, s, a, r, s_next, done, alpha, gamma):
    new = Q.clone()
    target = r + gamma * Q[s_next].max() * (1.0 - float(done))
    new[s, a] = torch.lerp(Q[s, a], torch.as_tensor(target, dtype=Q.dtype), alpha)
    return new


def value_iteration(P, R, gamma, tolerance=1e-8):
    V = torch.zeros(R.shape[0], dtype=torch.float64)
    while True:
        values = (R + gamma * P @ V).amax(dim=1)
        if torch.max(torch.abs(values - V)) < tolerance:
            return values, torch.argmax(R + gamma * P @ values, dim=1)
        V = values


def policy_gradient(log_prob_grads, returns, baseline=0):
    theta = torch.zeros_like(log_prob_grads[0], requires_grad=True)
    log_probs = (log_prob_grads * theta).flatten(1).sum(dim=1)
    (direction,) = torch.autograd.grad(torch.mean((returns - baseline) * log_probs), theta)
    return direction


def train_q_learning(step, states, actions, episodes, alpha, gamma, epsilon, generator):
    Q = torch.zeros(states, actions, dtype=torch.float64)
    for _ in range(episodes):
        s, done = 0, False
        while not done:
            a = epsilon_greedy(Q[s], epsilon, generator)
            s_next, r, done = step(s, a)
            Q = q_learning_update(Q, s, a, r, s_next, done, alpha, gamma)
            s = s_next
    return Q
