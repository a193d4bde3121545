"""Checks that compare with the reference on drawn inputs, and the corners that are easily missed."""

import numpy as np

from grader.authoring import (
    arrays,
    assert_close,
    assert_equal,
    assert_frequency,
    assert_stable,
    assert_that,
    booleans,
    floats,
    given,
    integers,
    labels,
    points,
    requires,
    rng,
    sampled_from,
    seeds,
)
from reference.with_numpy import reinforcement as reference

ROUNDING = 1e-12  # terms that cancel leave 1e-17 or 0, according to the order of the sum
STILL_OFF = 1e-11  # of the values that are taken for the truth, and of rounding
STOPPED = 1e-6  # value iteration stops before the end: at the default tolerance it is at most 2e-7 away


def world(weights):
    """Transition probabilities from positive weights."""
    return weights / weights.sum(axis=2, keepdims=True)


def forwards(rewards):
    """A world in which every action leads at least one state on, so that every episode ends."""
    states = len(rewards)

    def step(s, a):
        s, a = int(s), int(a)
        s_next = s + 1 + a % 2
        return min(s_next, states - 1), float(rewards[s, a]), s_next >= states

    return step


# discounted_returns


@points(3)
@given(rewards=arrays("T"), gamma=floats(0.0, 1.0))
def test_discounted_returns_values(student, rewards, gamma):
    """discounted_returns is right for episodes of every length and every discount."""
    expected = reference.discounted_returns(rewards, gamma)
    assert_close(student.discounted_returns(rewards, gamma), expected, slack=ROUNDING)


@points(1.5)
@given(rewards=labels("T>=2", classes=6))
def test_discounted_returns_of_whole_numbers(student, rewards):
    """Rewards that are whole numbers have returns that are not."""
    expected = np.array([sum(0.25**k * r for k, r in enumerate(rewards[t:])) for t in range(len(rewards))])
    assert_close(student.discounted_returns(rewards, 0.25), expected, hint="an array like whole numbers cuts off")


@points(1)
def test_discounted_returns_of_a_long_episode(student):
    """An episode of 1,200 steps is no reason for warnings or infinities, though gamma^1200 is 0."""
    rewards = np.cos(np.arange(1200.0))
    expected = reference.discounted_returns(rewards, 0.5)
    assert_stable(student.discounted_returns, rewards, 0.5, expected=expected)


# epsilon_greedy


@points(4)
def test_epsilon_greedy_of_an_explorer(student):
    """With epsilon = 1 all actions are equally likely, the first, the last and the best one too."""
    q = np.array([0.5, 3.0, -1.0])
    taken = np.array([student.epsilon_greedy(q, 1.0, rng(seed)) for seed in range(1500)])
    for action in range(3):
        count = int(np.sum(taken == action))
        assert_frequency(count, taken.size, 1 / 3, f"how often action {action} is taken", detects=0.17)


@points(3)
@given(q=arrays("A"), seed=seeds())
def test_epsilon_greedy_gives_an_action(student, q, seed):
    """The answer is one whole number that counts an action, for any number of actions."""
    greedy = student.epsilon_greedy(q, 0.0, rng(seed))
    assert_equal(greedy, int(np.argmax(q)), label="the action with epsilon = 0")
    explored = student.epsilon_greedy(q, 1.0, rng(seed))
    assert_that(np.ndim(explored) == 0, "An action must be a number, not an array.")
    assert_that(explored in range(len(q)), f"With {len(q)} actions the answer must be from 0 to {len(q) - 1}.")


# q_learning_update


@points(4)
@given(
    Q=arrays("S", "A"), s=integers(0, 9), a=integers(0, 9), u=integers(0, 9), r=floats(-3.0, 3.0), done=booleans(),
    alpha=floats(0.0, 1.0), gamma=floats(0.0, 1.0),
)  # fmt: skip
def test_q_learning_update_values(student, Q, s, a, u, r, done, alpha, gamma):
    """q_learning_update is right for tables of every size, every step size and every discount."""
    S, A = Q.shape
    arguments = (Q, s % S, a % A, r, u % S, done, alpha, gamma)
    expected = reference.q_learning_update(*arguments)
    assert_close(student.q_learning_update(*arguments), expected, slack=ROUNDING)


@points(1.5)
@given(Q=arrays("S", "A", low=-3.0, high=-0.5), a=integers(0, 9), done=booleans())
def test_q_learning_update_of_negative_values(student, Q, a, done):
    """The best of several negative values is negative too."""
    arguments = (Q, 0, a % Q.shape[1], -1.0, len(Q) - 1, done, 0.5, 0.9)
    expected = reference.q_learning_update(*arguments)
    assert_close(student.q_learning_update(*arguments), expected, slack=ROUNDING)


@points(1)
@given(Q=arrays("S", "A"), s=integers(0, 9), a=integers(0, 9))
def test_q_learning_update_of_a_state_that_leads_to_itself(student, Q, s, a):
    """Where s_next is s, the target is made of the old table."""
    S, A = Q.shape
    arguments = (Q, s % S, a % A, 2.0, s % S, False, 0.5, 0.9)
    expected = reference.q_learning_update(*arguments)
    assert_close(student.q_learning_update(*arguments), expected, slack=ROUNDING)


# value_iteration


@points(5)
@given(weights=arrays("S", "A", "S", low=0.1, high=3.0), R=arrays("S", "A"), gamma=sampled_from([0.2, 0.5, 0.8, 0.95]))
def test_value_iteration_values(student, weights, R, gamma):
    """value_iteration finds the values for any number of states and actions and any discount."""
    P = world(weights)
    V, _ = reference.value_iteration(P, R, gamma)
    assert_close(student.value_iteration(P, R, gamma)[0], V, label="V", slack=STOPPED)


@points(2.5)
@given(weights=arrays("S", "A>=2", "S", low=0.1, high=3.0), R=arrays("S", "A>=2"))
def test_value_iteration_policy(student, weights, R):
    """The policy takes an action that is best for R + gamma P V."""
    P = world(weights)
    V, _ = reference.value_iteration(P, R, 0.9)
    _, policy = student.value_iteration(P, R, 0.9)
    policy = np.asarray(policy)
    assert_that(policy.shape == (len(R),), f"policy must have one action for each state, shape {(len(R),)}.")
    assert_that(bool(np.isin(policy, range(R.shape[1])).all()), "policy must hold numbers of actions.")
    values = R + 0.9 * P @ V
    taken = values[np.arange(len(R)), policy.astype(int)]
    assert_close(taken, values.max(axis=1), label="the value of the actions that your policy takes", slack=1e-5)


@points(1)
def test_value_iteration_of_equal_actions(student):
    """Of several best actions the policy takes the first."""
    to_the_end = np.array([0.0, 0.0, 1.0])
    P = np.stack([np.stack([to_the_end] * 3)] * 3)
    R = np.array([[0.0, 2.0, 2.0], [-1.0, -1.0, -1.0], [0.0, 0.0, 0.0]])
    _, policy = student.value_iteration(P, R, 0.5)
    assert_equal(policy, np.array([1, 0, 0]), label="policy")


@points(0.5)
@given(T=integers(2, 6), gamma=sampled_from([0.5, 0.9]))
def test_value_iteration_of_a_corridor(student, T, gamma):
    """A reward at the end of a corridor is worth gamma^k, k steps before; the end itself is worth nothing."""
    P, R = np.zeros((T + 1, 1, T + 1)), np.zeros((T + 1, 1))
    for s in range(T + 1):
        P[s, 0, min(s + 1, T)] = 1.0
    R[T - 1, 0] = 1.0
    expected = np.append(gamma ** np.arange(T - 1.0, -1.0, -1.0), 0.0)
    assert_close(student.value_iteration(P, R, gamma)[0], expected, label="V", slack=STOPPED)


@points(1.5)
@given(weights=arrays(3, 2, 3, low=0.1, high=3.0), R=arrays(3, 2, low=0.5), tolerance=sampled_from([1e-4, 1e-11]))
def test_value_iteration_is_as_exact_as_asked(student, weights, R, tolerance):
    """V is within tolerance gamma / (1 - gamma) of the truth, for the tolerance that is given."""
    P = world(weights)
    truth, _ = reference.value_iteration(P, R, 0.9, tolerance=1e-13)
    V, _ = student.value_iteration(P, R, 0.9, tolerance=tolerance)
    most = 9 * tolerance + STILL_OFF
    assert_close(V, truth, label="V", slack=most)
    off = float(np.abs(np.asarray(V, float) - truth).max())
    assert_that(off <= most, f"With tolerance={tolerance:g}, V is off by {off:.2e}.")


@points(0.5)
def test_value_iteration_looks_far_ahead(student):
    """With gamma close to 1 many sweeps are needed: a reward of 1 for ever is worth 1 / (1 - gamma)."""
    V, _ = student.value_iteration(np.ones((1, 1, 1)), np.ones((1, 1)), 0.995)
    assert_close(V, np.array([200.0]), label="V", slack=1e-5, hint="stop when no value changes any more, not before")


# policy_gradient


@points(3)
@given(grads=arrays("T", "n", "k"), returns=arrays("T"), baseline=floats(-3.0, 3.0))
def test_policy_gradient_values(student, grads, returns, baseline):
    """policy_gradient is right for episodes of every length and parameters that are matrices."""
    expected = reference.policy_gradient(grads, returns, baseline=baseline)
    assert_close(student.policy_gradient(grads, returns, baseline=baseline), expected, slack=ROUNDING)


@points(2)
@given(grads=arrays("T", "n"), returns=arrays("T"), baseline=arrays("T"))
def test_policy_gradient_with_a_baseline_for_each_step(student, grads, returns, baseline):
    """The baseline may differ from step to step."""
    expected = reference.policy_gradient(grads, returns, baseline=baseline)
    assert_close(student.policy_gradient(grads, returns, baseline=baseline), expected, slack=ROUNDING)


# train_q_learning


@points(5)
@requires("epsilon_greedy", "q_learning_update")
@given(S=integers(1, 5), A=integers(1, 4), seed=seeds(), alpha=sampled_from([0.25, 0.9]), gamma=floats(0.3, 1.0))
def test_train_q_learning_values(student, S, A, seed, alpha, gamma):
    """Without exploring, the table after four episodes is exact, in any world in which every episode ends."""
    rewards = np.random.default_rng(seed).uniform(-3.0, 3.0, (S, A))  # never round, so that no two actions are equal
    arguments = (forwards(rewards), S, A, 4, alpha, gamma, 0.0, rng(0))
    assert_close(student.train_q_learning(*arguments), reference.train_q_learning(*arguments), slack=ROUNDING)


@points(1)
@requires("epsilon_greedy", "q_learning_update")
def test_train_q_learning_plays_on(student):
    """An episode is played until done, however long it takes, and the last one is explored as much as the first."""
    taken = []

    def long(s, a):
        return min(int(s) + 1, 149), 1.0, int(s) == 149

    got = student.train_q_learning(long, 150, 1, 1, 0.5, 0.0, 0.0, rng(0))
    assert_close(got, np.full((150, 1), 0.5), hint="play each episode until done")

    def short(s, a):
        taken.append(int(a))
        return 0, float(a == 0), True

    student.train_q_learning(short, 1, 2, 800, 0.5, 0.5, 1.0, rng(0))
    # With epsilon = 1 none of the last 60 is action 1 with a chance of 2^-60.
    assert_that(1 in taken[-60:], "In the last 60 episodes nothing is explored. epsilon stays what it is.")


@points(1)
@given(S=integers(1, 5), A=integers(1, 5))
def test_train_q_learning_before_it_begins(student, S, A):
    """Without any episode the table is zero, (states, actions)."""
    step = forwards(np.ones((S, A)))
    assert_close(student.train_q_learning(step, S, A, 0, 0.5, 0.9, 0.1, rng(0)), np.zeros((S, A)))
