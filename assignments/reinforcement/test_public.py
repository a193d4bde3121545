"""Checks that come with the handout: worked examples, laws, frequencies, contracts."""

import numpy as np

from grader.authoring import (
    arrays,
    assert_close,
    assert_contract,
    assert_equal,
    assert_frequency,
    assert_that,
    booleans,
    distinct,
    floats,
    given,
    integers,
    points,
    requires,
    rng,
    sampled_from,
    seeds,
)

# The handout's worked examples.
Q = np.array([[0.0, 1.0], [2.0, -1.0], [0.5, 3.0]])
P = np.array([[[1.0, 0.0], [0.5, 0.5]], [[0.0, 1.0], [1.0, 0.0]]])
R = np.array([[1.0, 0.0], [4.0, 5.0]])
GRADS = np.array([[1.0, 0.0], [0.0, 2.0], [-1.0, 1.0]])
RETURNS = np.array([3.0, 1.0, 2.0])

PARTS = ("V", "policy")
ROUNDING = 1e-12  # terms that cancel leave 1e-17 or 0, according to the order of the sum
STOPPED = 1e-6  # value iteration stops before the end: at the default tolerance it is at most 2e-7 away


def corridor(s, a):
    """Action 0 stays and costs 1; action 1 goes on, and from state 1 out, for a reward of 2."""
    s, a = int(s), int(a)
    if a == 0:
        return s, -1.0, False
    return (1, 0.0, False) if s == 0 else (1, 2.0, True)


def long_way(s, a):
    """Action 0 ends at once with a reward of 1; action 1 goes on, and pays 10 at the end, behind state 2."""
    s, a = int(s), int(a)
    if a == 0:
        return s, 1.0, True
    return (s + 1, 0.0, False) if s < 2 else (2, 10.0, True)


def world(weights):
    """Transition probabilities from positive weights."""
    return weights / weights.sum(axis=2, keepdims=True)


# discounted_returns


@points(3)
def test_discounted_returns_of_the_worked_example(student):
    """discounted_returns gives the numbers of the worked example."""
    got = student.discounted_returns(np.array([1.0, 2.0, 0.0, 8.0]), 0.5)
    assert_close(got, np.array([3.0, 4.0, 4.0, 8.0]))


@points(1)
@given(rewards=arrays("T"))
def test_discounted_returns_without_a_future(student, rewards):
    """With gamma = 0 only the present reward counts."""
    assert_close(student.discounted_returns(rewards, 0.0), rewards)


@points(1.5)
@given(rewards=arrays("T"))
def test_discounted_returns_without_a_discount(student, rewards):
    """With gamma = 1 a return is the sum of all rewards from its step on."""
    expected = np.array([rewards[t:].sum() for t in range(len(rewards))])
    assert_close(student.discounted_returns(rewards, 1.0), expected, slack=ROUNDING)


@points(1.5)
@given(rewards=arrays("T>=2"), gamma=floats(0.1, 1.0))
def test_discounted_returns_follow_from_the_next(student, rewards, gamma):
    """Each return is its reward plus gamma times the next return; the last one is the last reward."""
    G = student.discounted_returns(rewards, gamma)
    assert_close(np.asarray(G)[-1:], rewards[-1:], label="the last return")
    assert_close(np.asarray(G)[:-1], rewards[:-1] + gamma * np.asarray(G)[1:], slack=ROUNDING)


@points(1.5)
@given(rewards=arrays("T"), gamma=floats(0.1, 1.0))
def test_discounted_returns_contract(student, rewards, gamma):
    """discounted_returns leaves the rewards alone, returns a new array, and keeps float32."""
    assert_contract(student.discounted_returns, rewards, gamma)


# epsilon_greedy


@points(3)
@given(q=distinct("A"), seed=seeds())
def test_epsilon_greedy_without_exploring(student, q, seed):
    """With epsilon = 0 the best action is taken, always."""
    assert_equal(student.epsilon_greedy(q, 0.0, rng(seed)), int(np.argmax(q)))


@points(2)
@given(q=arrays("A>=2", low=-3.0, high=0.0), a=integers(0, 4), b=integers(0, 4), seed=seeds())
def test_epsilon_greedy_of_equal_actions(student, q, a, b, seed):
    """Of several best actions the first is taken."""
    q = q.copy()
    q[[a % len(q), b % len(q)]] = 1.0
    assert_equal(student.epsilon_greedy(q, 0.0, rng(seed)), min(a % len(q), b % len(q)))


@points(3)
def test_epsilon_greedy_explores(student):
    """With three actions and epsilon = 0.8 the best is taken in 0.2 + 0.8 / 3 of the cases, by luck or on purpose."""
    q = np.array([-1.0, 2.0, 0.5])
    best = [student.epsilon_greedy(q, 0.8, rng(seed)) == 1 for seed in range(1200)]
    hint = "explore with probability epsilon, over all actions"
    assert_frequency(sum(best), len(best), 0.2 + 0.8 / 3, "how often the best action is taken", hint, detects=0.18)


@points(1)
@given(q=distinct("A"), epsilon=sampled_from([0.0, 0.5, 1.0]), seed=seeds())
def test_epsilon_greedy_contract(student, q, epsilon, seed):
    """epsilon_greedy leaves q alone and draws from the given generator alone: the same state, the same action."""
    assert_contract(student.epsilon_greedy, q, epsilon, rng(seed))


# q_learning_update


@points(3)
def test_q_learning_update_of_the_worked_example(student):
    """q_learning_update gives the table of the worked example."""
    expected = np.array([[0.0, 2.85], [2.0, -1.0], [0.5, 3.0]])
    assert_close(student.q_learning_update(Q, 0, 1, 2.0, 2, False, 0.5, 0.9), expected)


@points(3)
def test_q_learning_update_at_the_end(student):
    """At the end of an episode the target is the reward alone."""
    expected = np.array([[0.0, 1.5], [2.0, -1.0], [0.5, 3.0]])
    assert_close(student.q_learning_update(Q, 0, 1, 2.0, 2, True, 0.5, 0.9), expected)


@points(2)
@given(Q=arrays("S", "A"), s=integers(0, 9), a=integers(0, 9), u=integers(0, 9), done=booleans())
def test_q_learning_update_of_one_entry(student, Q, s, a, u, done):
    """No entry changes but (s, a)."""
    S, A = Q.shape
    new = student.q_learning_update(Q, s % S, a % A, 1.0, u % S, done, 0.5, 0.9)
    assert_that(np.shape(new) == Q.shape, f"The new table must have the shape of the old one, {Q.shape}.")
    others = np.ones(Q.shape, bool)
    others[s % S, a % A] = False
    assert_close(np.where(others, new, 0.0), np.where(others, Q, 0.0), label="the other entries")


@points(2)
@given(Q=arrays("S", "A"), s=integers(0, 9), a=integers(0, 9), u=integers(0, 9), r=floats(-3.0, 3.0))
def test_q_learning_update_by_the_step_size(student, Q, s, a, u, r):
    """With alpha = 0 nothing changes; with alpha = 1 the entry becomes the target."""
    S, A = Q.shape
    arguments = (s % S, a % A, r, u % S, False)
    assert_close(student.q_learning_update(Q, *arguments, 0.0, 0.5), Q, slack=ROUNDING)
    new = student.q_learning_update(Q, *arguments, 1.0, 0.5)
    target = r + 0.5 * Q[u % S].max()
    assert_close(np.asarray(new)[s % S, a % A], target, label="the entry with alpha = 1", slack=ROUNDING)


@points(1.5)
@given(Q=arrays("S", "A"), s=integers(0, 9), a=integers(0, 9), u=integers(0, 9), done=booleans())
def test_q_learning_update_contract(student, Q, s, a, u, done):
    """q_learning_update returns a new table, leaves the old one alone, and keeps float32."""
    S, A = Q.shape
    assert_contract(student.q_learning_update, Q, s % S, a % A, 1.5, u % S, done, 0.5, 0.9)


# value_iteration


@points(5)
def test_value_iteration_of_the_worked_example(student):
    """value_iteration gives the values and the policy of the worked example."""
    V, policy = student.value_iteration(P, R, 0.5)
    assert_close(V, np.array([8 / 3, 8.0]), label="V", slack=STOPPED)
    assert_equal(policy, np.array([1, 0]), label="policy")


@points(2)
@given(weights=arrays("S", "A", "S", low=0.1, high=3.0), R=distinct("S", "A"))
def test_value_iteration_without_a_future(student, weights, R):
    """With gamma = 0 the best action is the one with the largest reward."""
    V, policy = student.value_iteration(world(weights), R, 0.0)
    assert_close(V, R.max(axis=1), label="V", slack=ROUNDING)
    assert_equal(policy, R.argmax(axis=1), label="policy")


@points(3)
@given(weights=arrays("S", "A", "S", low=0.1, high=3.0), R=arrays("S", "A"), gamma=sampled_from([0.3, 0.6, 0.9]))
def test_value_iteration_stays_where_it_ended(student, weights, R, gamma):
    """One more sweep changes nothing: V is the best of R + gamma P V."""
    P = world(weights)
    V, _ = student.value_iteration(P, R, gamma)
    assert_that(np.shape(V) == (len(R),), f"V must have one value for each state, shape {(len(R),)}.")
    assert_close(V, (R + gamma * P @ np.asarray(V, float)).max(axis=1), label="V", slack=STOPPED)


@points(2)
@given(weights=arrays("S", "A", "S", low=0.1, high=3.0), R=arrays("S", "A"), c=sampled_from([-2.0, 1.0, 5.0]))
def test_value_iteration_of_shifted_rewards(student, weights, R, c):
    """A reward that is c larger everywhere makes every value larger by c / (1 - gamma)."""
    P = world(weights)
    V, _ = student.value_iteration(P, R, 0.75)
    shifted, _ = student.value_iteration(P, R + c, 0.75)
    assert_close(shifted, np.asarray(V) + 4 * c, label="V for the larger rewards", slack=STOPPED)


@points(1)
@given(weights=arrays("S", "A", "S", low=0.1, high=3.0), R=arrays("S", "A"))
def test_value_iteration_contract(student, weights, R):
    """value_iteration leaves P and R alone and takes arrays of every layout."""
    assert_contract(student.value_iteration, world(weights), R, 0.5, parts=("inputs", "memory", "layouts"))


# policy_gradient


@points(3)
def test_policy_gradient_of_the_worked_example(student):
    """policy_gradient gives the directions of the worked example, without a baseline and with one."""
    assert_close(student.policy_gradient(GRADS, RETURNS), np.array([1.0, 4.0]) / 3)
    assert_close(student.policy_gradient(GRADS, RETURNS, baseline=1.0), np.array([1.0, 1.0]) / 3)


@points(1)
@given(grads=arrays("T", "n"), c=floats(-3.0, 3.0))
def test_policy_gradient_of_no_surprise(student, grads, c):
    """Where every return is just the baseline, nothing is to be learnt."""
    returns = np.full(len(grads), c)
    assert_close(student.policy_gradient(grads, returns, baseline=c), np.zeros(grads.shape[1]), slack=ROUNDING)


@points(2)
@given(grads=arrays("T", "n"), returns=arrays("T"))
def test_policy_gradient_of_an_episode_twice(student, grads, returns):
    """The same steps twice give the same direction: it is a mean over time."""
    once = student.policy_gradient(grads, returns)
    twice = student.policy_gradient(np.vstack([grads, grads]), np.hstack([returns, returns]))
    assert_close(twice, once, slack=ROUNDING)


@points(1)
@given(grads=arrays("T", "n"), returns=arrays("T"))
def test_policy_gradient_contract(student, grads, returns):
    """policy_gradient leaves its arguments alone, returns a new array, and keeps float32."""
    assert_contract(student.policy_gradient, grads, returns, baseline=0.5)


# train_q_learning


@points(4)
@requires("epsilon_greedy", "q_learning_update")
def test_train_q_learning_of_the_worked_example(student):
    """train_q_learning gives the table of the worked example: a corridor, two episodes, no exploring."""
    got = student.train_q_learning(corridor, 2, 2, 2, 0.5, 0.5, 0.0, rng(0))
    assert_close(got, np.array([[-0.5, 0.25], [-0.5, 1.5]]))


@points(3)
@requires("epsilon_greedy", "q_learning_update")
def test_train_q_learning_finds_the_long_way(student):
    """An explorer learns that the large reward at the end of the way is worth more than a small one now."""
    got = student.train_q_learning(long_way, 3, 2, 250, 1.0, 0.5, 1.0, rng(1))
    assert_close(got, np.array([[1.0, 2.5], [1.0, 5.0], [1.0, 10.0]]), hint="explore with probability epsilon")


@points(2)
@requires("epsilon_greedy", "q_learning_update")
def test_train_q_learning_draws_from_rng(student):
    """The same state of the generator gives the same table, another one another: nothing else is drawn from."""
    once = student.train_q_learning(long_way, 3, 2, 12, 0.3, 0.9, 0.6, rng(2))
    assert_close(student.train_q_learning(long_way, 3, 2, 12, 0.3, 0.9, 0.6, rng(2)), np.asarray(once))
    tables = [np.asarray(student.train_q_learning(long_way, 3, 2, 40, 0.3, 0.9, 1.0, rng(seed))) for seed in range(5)]
    # A table tells how often each of the four ways was taken: all five are equal with a chance below 1e-9.
    others = any(not np.array_equal(table, tables[0]) for table in tables[1:])
    assert_that(others, "Another rng gives the same table: draw from the argument.")
