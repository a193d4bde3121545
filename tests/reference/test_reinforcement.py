"""Reinforcement learning: value iteration against linear solves, Q-learning against value iteration."""

import itertools
import math
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reference.with_numpy import reinforcement as ours

law = settings(deadline=None, max_examples=30, derandomize=True)
seeds = st.integers(0, 2**32 - 1)
sizes = st.integers(1, 6)
discounts = st.floats(0, 0.95)


@pytest.fixture(scope="module")
def torch():
    return pytest.importorskip("torch")


@pytest.fixture(scope="module")
def theirs(torch):
    from reference.with_torch import reinforcement

    return reinforcement


def close(actual, expected, tolerance=1e-12):
    actual, expected = np.asarray(actual), np.asarray(expected)
    assert actual.shape == expected.shape
    assert actual.dtype == expected.dtype
    np.testing.assert_allclose(actual, expected, rtol=tolerance, atol=tolerance * max(1.0, np.abs(expected).max()))


def problem(seed, S, A):
    rng = np.random.default_rng(seed)
    return rng.dirichlet(np.ones(S), (S, A)), rng.standard_normal((S, A))


def values_of(policy, P, R, gamma):
    """The value of a fixed policy solves (I - gamma P_policy) V = R_policy."""
    states = np.arange(len(R))
    return np.linalg.solve(np.eye(len(R)) - gamma * P[states, policy], R[states, policy])


def corridor(s, a):
    """States 0 to 4 in a row; action 1 goes right and 0 left, at a cost of 0.1 a step; reaching 4 pays 1 and ends."""
    s_next = min(s + 1, 4) if a == 1 else max(s - 1, 0)
    return s_next, (1.0 if s_next == 4 else 0.0) - 0.1, s_next == 4


def corridor_table():
    P, R = np.zeros((5, 2, 5)), np.zeros((5, 2))
    P[4, :, 4] = 1
    for s, a in itertools.product(range(4), range(2)):
        s_next, R[s, a], _ = corridor(s, a)
        P[s, a, s_next] = 1
    return P, R


class TestReturns:
    @law
    @given(seeds, st.integers(1, 30), st.floats(0, 1))
    def test_they_are_the_discounted_sums(self, seed, T, gamma):
        rewards = np.random.default_rng(seed).standard_normal(T)
        powers = np.array([[gamma ** (k - t) if k >= t else 0.0 for k in range(T)] for t in range(T)])
        close(ours.discounted_returns(rewards, gamma), powers @ rewards)

    @law
    @given(seeds, st.integers(1, 30), st.integers(1, 30), st.floats(0, 1))
    def test_a_later_reward_counts_a_power_of_gamma_and_the_past_nothing(self, seed, T, more, gamma):
        rng = np.random.default_rng(seed)
        first, second = rng.standard_normal(T), rng.standard_normal(more)
        whole = ours.discounted_returns(np.concatenate([first, second]), gamma)
        tail = ours.discounted_returns(second, gamma)
        np.testing.assert_array_equal(whole[T:], tail)
        close(whole[:T], ours.discounted_returns(first, gamma) + gamma ** np.arange(T, 0, -1.0) * tail[0])

    def test_the_ends(self):
        rewards = np.array([1, 2, 4])
        close(ours.discounted_returns(rewards, 0.5), np.array([3.0, 4.0, 4.0]))
        close(ours.discounted_returns(rewards, 0), np.array([1.0, 2.0, 4.0]))
        close(ours.discounted_returns(rewards, 1), np.array([7.0, 6.0, 4.0]))


class TestEpsilonGreedy:
    def test_frequencies(self):
        """Each share is within 0.0239 of its own: Hoeffding, 2 exp(-2 n t^2) for each of 4 actions, at most 1e-9 in
        all. Exploring over the other actions alone would move them by 0.125."""
        n, epsilon, q = 20_000, 0.5, np.array([0.1, 0.7, -3.0, 0.2])
        rng = np.random.default_rng(0)
        counts = Counter(ours.epsilon_greedy(q, epsilon, rng) for _ in range(n))
        t = math.sqrt(math.log(8e9) / (2 * n))
        for a in range(4):
            assert abs(counts[a] / n - (epsilon / 4 + (1 - epsilon) * (a == 1))) < t

    @law
    @given(seeds, sizes)
    def test_without_exploration_it_is_the_first_best(self, seed, A):
        rng = np.random.default_rng(seed)
        q = rng.integers(0, 3, A)
        action = ours.epsilon_greedy(q, 0, rng)
        assert isinstance(action, int)
        assert action == list(q).index(max(q))
        assert ours.epsilon_greedy(q + 7.0, 0, rng) == action

    @law
    @given(seeds, sizes, st.floats(0, 1))
    def test_it_draws_in_the_stated_order_and_nothing_else(self, seed, A, epsilon):
        rng, again = np.random.default_rng(seed), np.random.default_rng(seed)
        q = np.arange(A)
        expected = [int(rng.integers(A)) if rng.random() < epsilon else A - 1 for _ in range(5)]
        assert [ours.epsilon_greedy(q, epsilon, again) for _ in range(5)] == expected
        assert again.random() == rng.random()


class TestQLearningUpdate:
    @law
    @given(seeds, sizes, sizes, st.floats(0, 1), st.floats(0, 1), st.booleans())
    def test_one_cell_moves_towards_the_target(self, seed, S, A, alpha, gamma, done):
        rng = np.random.default_rng(seed)
        Q = rng.standard_normal((S, A))
        s, a, s_next, r = int(rng.integers(S)), int(rng.integers(A)), int(rng.integers(S)), float(rng.standard_normal())
        new = ours.q_learning_update(Q, s, a, r, s_next, done, alpha, gamma)
        target = r + (0 if done else gamma * max(Q[s_next]))
        assert new[s, a] == pytest.approx((1 - alpha) * Q[s, a] + alpha * target, rel=1e-12, abs=1e-12)
        others = np.ones((S, A), bool)
        others[s, a] = False
        np.testing.assert_array_equal(new[others], Q[others])
        if alpha == 0:
            np.testing.assert_array_equal(new, Q)

    @law
    @given(seeds, st.integers(2, 6), sizes, st.floats(0, 1), st.floats(0, 1))
    def test_the_names_of_states_and_actions_do_not_matter(self, seed, S, A, alpha, gamma):
        rng = np.random.default_rng(seed)
        Q = rng.standard_normal((S, A))
        states, actions = rng.permutation(S), rng.permutation(A)
        s, a, s_next = int(rng.integers(S)), int(rng.integers(A)), int(rng.integers(S))
        new = ours.q_learning_update(Q[states][:, actions], s, a, 0.3, s_next, False, alpha, gamma)
        old = ours.q_learning_update(Q, int(states[s]), int(actions[a]), 0.3, int(states[s_next]), False, alpha, gamma)
        np.testing.assert_array_equal(new, old[states][:, actions])

    def test_the_end_of_an_episode_has_no_future(self):
        Q = np.full((2, 2), 100.0)
        assert ours.q_learning_update(Q, 0, 1, 3.0, 1, True, 1.0, 0.9)[0, 1] == 3
        assert ours.q_learning_update(Q, 0, 1, 3.0, 1, False, 1.0, 0.9)[0, 1] == 93


class TestValueIteration:
    @law
    @given(seeds, st.integers(1, 4), st.integers(1, 3), discounts)
    def test_no_policy_at_all_is_better(self, seed, S, A, gamma):
        """Of all A^S policies, each solved as a linear system, the best value of every state is V, and V's policy has
        it. With tolerance 1e-12, V is within 1e-12 gamma / (1 - gamma), at most 2e-11."""
        P, R = problem(seed, S, A)
        V, policy = ours.value_iteration(P, R, gamma, tolerance=1e-12)
        best = np.max([values_of(list(p), P, R, gamma) for p in itertools.product(range(A), repeat=S)], axis=0)
        close(V, best, 1e-10)
        close(values_of(policy, P, R, gamma), best, 1e-10)

    @law
    @given(seeds, sizes, sizes, discounts)
    def test_the_error_is_the_one_stated_and_the_value_satisfies_bellman(self, seed, S, A, gamma):
        P, R = problem(seed, S, A)
        V, _ = ours.value_iteration(P, R, gamma, tolerance=1e-3)
        exact, exact_policy = ours.value_iteration(P, R, gamma, tolerance=1e-13)
        assert np.max(np.abs(V - exact)) <= 1e-3 * gamma / (1 - gamma) + 1e-11
        close(np.max(R + gamma * P @ exact, axis=1), exact, 1e-11)
        np.testing.assert_array_equal(exact_policy, np.argmax(R + gamma * P @ exact, axis=1))

    @law
    @given(seeds, sizes, sizes, discounts, st.floats(-5, 5), st.floats(0.1, 5))
    def test_rewards_shift_and_scale(self, seed, S, A, gamma, shift, scale):
        """A bonus c a step is worth c / (1 - gamma); better pay by a factor is a better life by that factor."""
        P, R = problem(seed, S, A)
        V, policy = ours.value_iteration(P, R, gamma, 1e-12)
        moved, same = ours.value_iteration(P, scale * R + shift, gamma, 1e-12)
        close(moved, scale * V + shift / (1 - gamma), 1e-9)
        np.testing.assert_array_equal(same, policy)

    @law
    @given(seeds, sizes, sizes, discounts)
    def test_the_names_of_the_states_do_not_matter(self, seed, S, A, gamma):
        P, R = problem(seed, S, A)
        order = np.random.default_rng(seed).permutation(S)
        V, policy = ours.value_iteration(P, R, gamma, 1e-12)
        renamed, other = ours.value_iteration(P[order][:, :, order], R[order], gamma, 1e-12)
        close(renamed, V[order], 1e-9)
        np.testing.assert_array_equal(other, policy[order])

    def test_equal_actions_go_to_the_first_and_gamma_zero_is_greed(self):
        P, R = np.tile(np.eye(3)[:, None, :], (1, 2, 1)), np.array([[1.0, 1.0], [0.0, 2.0], [5.0, 3.0]])
        V, policy = ours.value_iteration(P, R, 0)
        close(V, np.array([1.0, 2.0, 5.0]))
        assert policy.tolist() == [0, 1, 0]

    def test_rounding_cannot_keep_it_from_ending(self, theirs, torch):
        """Two states that lead to each other and pay 0.1 and -0.1: rounding sends the last digit of V round in circles
        for ever, so with a tolerance below it only the contraction bound ends the sweeps."""
        P, R = np.eye(2)[::-1, None].copy(), np.array([[0.1], [-0.1]])
        for V in (
            ours.value_iteration(P, R, 0.5, tolerance=1e-300)[0],
            theirs.value_iteration(torch.from_numpy(P), torch.from_numpy(R), 0.5, tolerance=1e-300)[0],
        ):
            close(V, np.array([0.1, -0.1]) / 1.5, 1e-15)


class TestPolicyGradient:
    @law
    @given(seeds, st.integers(1, 9), st.floats(-5, 5))
    def test_it_is_the_mean_of_weighted_gradients(self, seed, T, b):
        rng = np.random.default_rng(seed)
        grads, returns = rng.standard_normal((T, 2, 3)), rng.standard_normal(T)
        expected = sum((G - b) * g for g, G in zip(grads, returns, strict=True)) / T
        close(ours.policy_gradient(grads, returns, b), expected)
        close(ours.policy_gradient(grads, returns, baseline=np.full(T, b)), expected)
        close(ours.policy_gradient(grads, returns - b), expected)
        close(ours.policy_gradient(np.tile(grads, (2, 1, 1)), np.tile(returns, 2), b), expected)

    @law
    @given(seeds, sizes, st.floats(-5, 5))
    def test_a_baseline_changes_no_expectation(self, seed, A, b):
        """Exactly, by summing over the actions of a softmax policy with their probabilities instead of sampling: T
        equals the number of actions here, so the weights pi are multiplied back by A."""
        rng = np.random.default_rng(seed)
        z, G = rng.standard_normal(A), rng.standard_normal(A)
        pi = np.exp(z) / np.exp(z).sum()
        weighted = A * pi[:, None] * (np.eye(A) - pi)
        close(ours.policy_gradient(weighted, G, b), ours.policy_gradient(weighted, G), 1e-11)
        # ... which is the gradient of the expected return, sum_a pi_a G_a.
        close(ours.policy_gradient(weighted, G), pi * (G - pi @ G), 1e-11)

    def test_it_is_the_ascent_direction_of_the_surrogate_by_autograd(self, torch):
        rng = np.random.default_rng(0)
        theta, states, chosen = rng.standard_normal((4, 3)), rng.integers(0, 4, 6), rng.integers(0, 3, 6)
        returns = rng.standard_normal(6)
        grads = np.zeros((6, 4, 3))
        for t, (s, a) in enumerate(zip(states, chosen, strict=True)):
            grads[t, s] = np.eye(3)[a] - np.exp(theta[s]) / np.exp(theta[s]).sum()
        tensor = torch.from_numpy(theta).requires_grad_()
        log_probs = torch.log_softmax(tensor, dim=1)[torch.from_numpy(states), torch.from_numpy(chosen)]
        (log_probs * torch.from_numpy(returns - 0.3)).mean().backward()
        close(ours.policy_gradient(grads, returns, 0.3), tensor.grad)


class TestTraining:
    @pytest.mark.parametrize("epsilon", [0.3, 1.0])
    def test_it_finds_the_optimal_values_whatever_the_behaviour(self, epsilon):
        """Off-policy: the corridor is deterministic, so alpha = 1 is exact once every action has been tried often
        enough, and the values do not depend on how it was explored."""
        P, R = corridor_table()
        V, policy = ours.value_iteration(P, R, 0.9, 1e-14)
        Q = ours.train_q_learning(corridor, 5, 2, 300, 1.0, 0.9, epsilon, np.random.default_rng(1))
        close(Q[:4], (R + 0.9 * P @ V)[:4], 1e-12)
        assert not Q[4].any()
        assert Q[:4].argmax(axis=1).tolist() == policy[:4].tolist() == [1, 1, 1, 1]

    def test_it_is_the_loop_of_its_parts(self):
        rng, again = np.random.default_rng(3), np.random.default_rng(3)
        Q = np.zeros((5, 2))
        for _ in range(7):
            s, done = 0, False
            while not done:
                a = ours.epsilon_greedy(Q[s], 0.4, rng)
                s_next, r, done = corridor(s, a)
                Q = ours.q_learning_update(Q, s, a, r, s_next, done, 0.3, 0.8)
                s = s_next
        np.testing.assert_array_equal(ours.train_q_learning(corridor, 5, 2, 7, 0.3, 0.8, 0.4, again), Q)
        assert again.random() == rng.random()
        assert not ours.train_q_learning(corridor, 5, 2, 0, 0.3, 0.8, 0.4, again).any()


class TestAgainstPyTorch:
    @pytest.mark.parametrize(("S", "A"), [(1, 1), (5, 3), (40, 4)])
    def test_tables(self, torch, theirs, S, A):
        P, R = problem(S, S, A)
        p, r = torch.from_numpy(P), torch.from_numpy(R)
        for mine, other in zip(ours.value_iteration(P, R, 0.9), theirs.value_iteration(p, r, 0.9), strict=True):
            close(mine, other)
        close(
            ours.q_learning_update(R, 0, A - 1, 0.5, S - 1, False, 0.3, 0.9),
            theirs.q_learning_update(r, 0, A - 1, 0.5, S - 1, False, 0.3, 0.9),
        )
        close(ours.discounted_returns(R[:, 0], 0.9), theirs.discounted_returns(r[:, 0], 0.9))
        close(ours.policy_gradient(P, R[:, 0], 0.4), theirs.policy_gradient(p, r[:, 0], 0.4))
        close(ours.policy_gradient(R, R[:, 0], R[:, -1]), theirs.policy_gradient(r, r[:, 0], r[:, -1]))

    def test_training_without_exploration_is_the_same_in_both(self, torch, theirs):
        """With epsilon = 0 the generator decides nothing; ties go to action 0, so reaching the end takes optimism."""
        mine = ours.train_q_learning(corridor, 5, 2, 20, 0.5, 0.9, 0, np.random.default_rng(0))
        close(mine, theirs.train_q_learning(corridor, 5, 2, 20, 0.5, 0.9, 0, torch.Generator()))
        assert mine[:4].any()

    def test_pytorch_learns_and_explores_by_its_generator(self, torch, theirs):
        """The shares: Hoeffding over 4000 draws and 2 actions, false alarm at most 1e-9 at 0.0526."""
        V, _ = ours.value_iteration(*corridor_table(), 0.9, 1e-14)
        Q = theirs.train_q_learning(corridor, 5, 2, 60, 1.0, 0.9, 1.0, torch.Generator().manual_seed(0))
        close(Q[:4].amax(dim=1), V[:4], 1e-12)
        generator, n = torch.Generator().manual_seed(1), 4000
        q = torch.tensor([0.5, 1.0, 1.0], dtype=torch.float64)
        counts = Counter(theirs.epsilon_greedy(q, 0.3, generator) for _ in range(n))
        t = math.sqrt(math.log(6e9) / (2 * n))
        assert abs(counts[1] / n - 0.8) < t
        assert abs(counts[2] / n - 0.1) < t

    def test_float32_and_the_caller_s_tensors(self, torch, theirs):
        P, R = (torch.from_numpy(x).float() for x in problem(0, 3, 2))
        V, policy = theirs.value_iteration(P, R, 0.99)
        results = [V, theirs.discounted_returns(R[:, 0], 1), theirs.policy_gradient(R[:1], R[0, :1])]
        results.append(theirs.q_learning_update(R, 0, 0, 1.0, 1, False, 0, 0.9))
        assert all(x.dtype == torch.float32 for x in results)
        assert policy.dtype == torch.int64
        assert not {x.untyped_storage().data_ptr() for x in (P, R)} & {x.untyped_storage().data_ptr() for x in results}


class TestContract:
    @pytest.mark.parametrize("dtype", [np.float64, np.float32])
    def test_nothing_is_written_to_or_shared_and_the_type_is_kept(self, dtype):
        P, R = (x.astype(dtype) for x in problem(0, 3, 2))
        for x in (P, R):
            x.flags.writeable = False
        V, policy = ours.value_iteration(P, R, np.float64(0.99))
        results = [V, ours.discounted_returns(R[:, 0], np.float64(1)), ours.policy_gradient(R[:1], R[0, :1], 0.5)]
        results += [ours.q_learning_update(R, 0, 0, np.float64(1), 1, False, np.float64(0), 0.9)]
        results += [ours.policy_gradient(R[:, 0], R[:, 1], np.float64(0.5))]
        assert all(y.dtype == dtype and isinstance(y, np.ndarray) for y in results)
        assert policy.dtype.kind == "i"
        assert not any(np.shares_memory(x, y) for x in (P, R) for y in results)

    @pytest.mark.parametrize(
        ("argument", "call"),
        [
            ("rewards", lambda m, a, g: m.discounted_returns(a(3, 1), 0.9)),
            ("gamma", lambda m, a, g: m.discounted_returns(a(3), 1.1)),
            ("q", lambda m, a, g: m.epsilon_greedy(a(1, 3), 0.1, g)),
            ("q", lambda m, a, g: m.epsilon_greedy(a(0), 0.1, g)),
            ("epsilon", lambda m, a, g: m.epsilon_greedy(a(3), -0.1, g)),
            ("Q", lambda m, a, g: m.q_learning_update(a(3), 0, 0, 1.0, 0, False, 0.1, 0.9)),
            ("s", lambda m, a, g: m.q_learning_update(a(3, 2), 3, 0, 1.0, 0, False, 0.1, 0.9)),
            ("a", lambda m, a, g: m.q_learning_update(a(3, 2), 0, -1, 1.0, 0, False, 0.1, 0.9)),
            ("s_next", lambda m, a, g: m.q_learning_update(a(3, 2), 0, 0, 1.0, 3, False, 0.1, 0.9)),
            ("alpha", lambda m, a, g: m.q_learning_update(a(3, 2), 0, 0, 1.0, 0, False, 2, 0.9)),
            ("P", lambda m, a, g: m.value_iteration(a(3, 2, 2) / 2, a(3, 2), 0.9)),
            ("P", lambda m, a, g: m.value_iteration(a(3, 2, 3), a(3, 2), 0.9)),
            ("R", lambda m, a, g: m.value_iteration(a(3, 2, 3) / 3, a(3), 0.9)),
            ("R", lambda m, a, g: m.value_iteration(a(3, 0, 3), a(3, 0), 0.9)),
            ("gamma", lambda m, a, g: m.value_iteration(a(3, 2, 3) / 3, a(3, 2), 1)),
            ("tolerance", lambda m, a, g: m.value_iteration(a(3, 2, 3) / 3, a(3, 2), 0.9, 0)),
            ("returns", lambda m, a, g: m.policy_gradient(a(3, 2), a(3, 1))),
            ("log_prob_grads", lambda m, a, g: m.policy_gradient(a(2, 2), a(3))),
            ("baseline", lambda m, a, g: m.policy_gradient(a(3, 2), a(3), a(2))),
            ("states", lambda m, a, g: m.train_q_learning(corridor, 0, 2, 1, 0.1, 0.9, 0.1, g)),
            ("s_next", lambda m, a, g: m.train_q_learning(corridor, 1, 2, 1, 0.1, 0.9, 1.0, g)),
        ],
    )
    def test_bad_input_is_named(self, torch, theirs, argument, call):
        with pytest.raises(ValueError, match=rf"^{argument}: got .*; needed "):
            call(ours, lambda *shape: np.ones(shape), np.random.default_rng(0))
        with pytest.raises(ValueError, match=rf"^{argument}: got .*; needed "):
            call(theirs, lambda *shape: torch.ones(shape, dtype=torch.float64), torch.Generator().manual_seed(0))

    def test_both_trees_export_the_curriculum_in_its_order(self, theirs):
        assert ours.__all__ == theirs.__all__
        assert ours.__all__[0] == "discounted_returns"
