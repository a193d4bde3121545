"""Reinforcement learning on finite problems: states and actions are ints, tables are (states, actions)."""

from collections.abc import Callable

import numpy as np

from reference.shapes import expect_shape, require
from reference.with_numpy._floats import Array, as_float, as_floats

__all__ = [  # noqa: RUF022
    "discounted_returns",
    "epsilon_greedy",
    "q_learning_update",
    "value_iteration",
    "policy_gradient",
    "train_q_learning",
]


def discounted_returns(rewards: Array, gamma: float) -> Array:
    """What is still to come, at every step of an episode.

    rewards : (T,), rewards[t] for the action at step t, to the end of the episode.  gamma : the discount, in [0, 1].
    Returns (T,); the first entry is the return of the whole episode, the last one the last reward.

        G_t = r_t + gamma r_{t+1} + gamma^2 r_{t+2} + ... = r_t + gamma G_{t+1}, with G_T = 0

    Source: Sutton, Barto (2018), Reinforcement Learning, 2nd edition, equations 3.8 and 3.9.
    Raises ValueError if rewards is not one-dimensional or gamma is not in [0, 1].
    """
    rewards = as_float(rewards)
    expect_shape("rewards", rewards, "T")
    _check_share("gamma", gamma)
    returns = np.empty_like(rewards)
    G = 0.0
    for t in reversed(range(len(rewards))):
        G = float(rewards[t]) + float(gamma) * G
        returns[t] = G
    return returns


def epsilon_greedy(q: Array, epsilon: float, rng: np.random.Generator) -> int:
    """Mostly the best action, now and then any.

    q : (A,), the value of each action.  epsilon : the share of exploring steps, in [0, 1].
    rng : draws one uniform number; if that is below epsilon, also the action, uniform over all A including the best.
    Returns the action, an int from 0 to A - 1. Of equal best actions the first is taken.

        P(a) = epsilon / A, and 1 - epsilon more for the best action

    Source: Sutton, Barto (2018), sections 2.2 and 5.4.
    Raises ValueError if q is not one-dimensional or is empty, or epsilon is not in [0, 1].
    """
    q = as_float(q)
    expect_shape("q", q, "A")
    require(len(q) >= 1, "q", "no actions", "at least one")
    _check_share("epsilon", epsilon)
    if rng.random() < epsilon:
        return int(rng.integers(len(q)))
    return int(np.argmax(q))


def q_learning_update(Q: Array, s: int, a: int, r: float, s_next: int, done: bool, alpha: float, gamma: float) -> Array:
    """The table after one step was seen; only its entry (s, a) changes.

    Q : (S, A).  s, a : the state and the action taken in it.  r : the reward.  s_next : the state that followed.
    done : whether the episode ended there; then nothing of s_next counts.  alpha : the step size, in [0, 1].
    gamma : the discount, in [0, 1].  Returns a new (S, A) table; Q stays as it is.

        target = r if done, else r + gamma max_b Q[s_next, b]        Q[s, a] <- Q[s, a] + alpha (target - Q[s, a])

    Source: Watkins, Dayan (1992), Q-learning; Sutton, Barto (2018), equation 6.8.
    Raises ValueError if Q is not a matrix, an index is outside it, or alpha or gamma is not in [0, 1].
    """
    Q = as_float(Q)
    expect_shape("Q", Q, "S", "A")
    states, actions = Q.shape
    for name, index, size in (("s", s, states), ("a", a, actions), ("s_next", s_next, states)):
        require(index in range(size), name, index, f"an int from 0 to {size - 1}")
    _check_share("alpha", alpha)
    _check_share("gamma", gamma)
    target = r if done else r + gamma * np.max(Q[s_next])
    updated = Q.copy()
    updated[s, a] += alpha * (target - Q[s, a])
    return updated


def value_iteration(P: Array, R: Array, gamma: float, tolerance: float = 1e-8) -> tuple[Array, Array]:
    """The value of every state under the best policy, and that policy, of a known problem.

    P : (S, A, S), P[s, a, u] the probability to get from s to u by a; each P[s, a] sums to 1.
    R : (S, A), the expected reward of a in s.  gamma : the discount, in [0, 1).  tolerance : above 0.
    Starts from V = 0 and sweeps over all states at once until no value changes by as much as tolerance; V is then
    within tolerance gamma / (1 - gamma) of the optimum. A terminal state is one that leads to itself without reward.
    Returns (V of shape (S,), policy of shape (S,), ints: the first of the actions that are best for V).

        V[s] <- max_a ( R[s, a] + gamma sum_u P[s, a, u] V[u] )

    Source: Sutton, Barto (2018), section 4.4; Puterman (1994), Markov Decision Processes, section 6.3.
    Raises ValueError if the shapes do not fit, some P[s, a] is no distribution, gamma is not in [0, 1) or tolerance is
    not above 0.
    """
    P, R = as_floats(P, R)
    expect_shape("R", R, "S", "A")
    require(R.size >= 1, "R", f"shape {R.shape}", "at least one state and one action")
    states, actions = R.shape
    expect_shape("P", P, states, actions, states)
    stochastic = np.all(P >= 0) and np.allclose(P.sum(axis=2), 1, rtol=0, atol=1e-5)
    require(bool(stochastic), "P", "rows that are no distributions", "P[s, a] at least 0 with sum 1")
    require(0 <= gamma < 1, "gamma", gamma, "a number in [0, 1)")
    require(tolerance > 0, "tolerance", tolerance, "a number above 0")
    # In float64, however the input came, and with one matrix by vector product a sweep.
    transitions, rewards = P.reshape(states * actions, states).astype(np.float64), R.astype(np.float64)

    def action_values(V: Array) -> Array:
        return rewards + gamma * (transitions @ V).reshape(states, actions)

    V = np.zeros(states)
    largest_change = np.max(np.abs(rewards))
    while True:
        best = action_values(V).max(axis=1)
        V, change = best, np.max(np.abs(best - V))
        if min(change, largest_change) < tolerance:
            return V.astype(R.dtype), action_values(V).argmax(axis=1)
        largest_change *= gamma  # each sweep is a contraction, so this ends the loop even where rounding would not


def policy_gradient(log_prob_grads: Array, returns: Array, baseline: float | Array = 0) -> Array:
    """The direction in which the policy's parameters earn more, from one episode.

    log_prob_grads : (T, ...), at index t the gradient of log pi(a_t | s_t) with respect to parameters of any shape.
    returns : (T,), G_t from each step on.  baseline : one number, or (T,), one a step, subtracted from the returns.
    Returns an array like the parameters: the mean over time, not the sum, to be added to them (ascent), with no further
    discount by gamma^t.

        (1/T) sum_t (G_t - baseline_t) grad log pi(a_t | s_t)

    Source: Williams (1992), REINFORCE; Sutton, Barto (2018), sections 13.3 and 13.4.
    Raises ValueError if returns is not one-dimensional or empty, or another argument does not have its length.
    """
    log_prob_grads, returns = as_floats(log_prob_grads, returns)
    expect_shape("returns", returns, "T")
    T = len(returns)
    require(T >= 1, "returns", "no steps", "at least one")
    require(log_prob_grads.shape[:1] == (T,), "log_prob_grads", f"shape {log_prob_grads.shape}", f"({T}, ...)")
    offset = np.asarray(baseline, returns.dtype)
    require(offset.shape in ((), (T,)), "baseline", f"shape {offset.shape}", f"one number or ({T},)")
    return np.asarray(np.tensordot(returns - offset, log_prob_grads, axes=1) / T)


def train_q_learning(
    step: Callable[[int, int], tuple[int, float, bool]],
    states: int,
    actions: int,
    episodes: int,
    alpha: float,
    gamma: float,
    epsilon: float,
    rng: np.random.Generator,
) -> Array:
    """Learn the values of all actions by playing.

    step : step(s, a) -> (s_next, reward, done).  states, actions : how many of each.  episodes : each starts in state 0
    and runs until done, so every one must end.  alpha, gamma : as in q_learning_update.  epsilon, rng : as in
    epsilon_greedy, which picks every action, from the table as it then stands; nothing else is drawn.
    Returns Q of shape (states, actions), float64, which starts from zeros and is updated after every step.

    Source: Sutton, Barto (2018), section 6.5.
    Raises ValueError if states or actions is less than 1, episodes is negative, alpha, gamma or epsilon is not in
    [0, 1], or step leads outside the states.
    """
    require(states >= 1, "states", states, "at least 1")
    require(actions >= 1, "actions", actions, "at least 1")
    require(episodes >= 0, "episodes", episodes, "at least 0")
    for name, share in (("alpha", alpha), ("gamma", gamma), ("epsilon", epsilon)):
        _check_share(name, share)
    Q = np.zeros((states, actions))
    for _ in range(episodes):
        s, done = 0, False
        while not done:
            a = epsilon_greedy(Q[s], epsilon, rng)
            s_next, r, done = step(s, a)
            Q = q_learning_update(Q, s, a, r, s_next, done, alpha, gamma)
            s = s_next
    return Q


def _check_share(name: str, value: float) -> None:
    require(0 <= value <= 1, name, value, "a number in [0, 1]")
