"""Regularization: the L2 penalty and its gradient, dropout and its mask, early stopping and its memory."""

import inspect
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reference.with_numpy import regularization as ours
from reference.with_numpy.backprop import compute_cost
from reference.with_numpy.optimizers import gradient_descent

torch = pytest.importorskip("torch")
theirs = pytest.importorskip("reference.with_torch.regularization")

LAW = settings(deadline=None, max_examples=30, derandomize=True)
SEEDS = st.integers(0, 2**32 - 1)
STRENGTHS = st.floats(0.0, 10.0)
TREES = pytest.mark.parametrize("tree", [ours, theirs], ids=["numpy", "torch"])


def network(seed, dims=(3, 4, 2), m=5):
    """Outputs, labels, parameters and gradients with no two sides equal."""
    rng = np.random.default_rng(seed)
    parameters = {}
    for l in range(1, len(dims)):
        parameters[f"W{l}"] = rng.normal(size=(dims[l], dims[l - 1]))
        parameters[f"b{l}"] = rng.normal(size=(dims[l], 1))
    gradients = {f"d{name}": rng.normal(size=p.shape) for name, p in parameters.items()}
    return rng.uniform(0.01, 0.99, (1, m)), rng.integers(0, 2, (1, m)), parameters, gradients


def send(tree, value):
    """Arrays, or dicts of arrays, as the tree takes them; always a copy."""
    if isinstance(value, dict):
        return {k: send(tree, v) for k, v in value.items()}
    return np.copy(value) if tree is ours else torch.tensor(value)


def source(tree, seed):
    return np.random.default_rng(seed) if tree is ours else torch.Generator().manual_seed(seed)


class TestCost:
    @LAW
    @given(seed=SEEDS, lambd=STRENGTHS)
    def test_trees_agree(self, seed, lambd):
        AL, Y, parameters, _ = network(seed)
        expected = theirs.compute_cost_with_l2(*(send(theirs, x) for x in (AL, Y, parameters)), lambd)
        actual = ours.compute_cost_with_l2(AL, Y, parameters, lambd)
        assert actual == pytest.approx(expected.item(), rel=1e-13)

    def test_by_hand(self):
        AL, Y = np.array([[0.5, 0.25]]), np.array([[1, 0]])
        parameters = {"W1": np.array([[1.0, 2.0]]), "b1": np.array([[9.0]])}
        expected = -(math.log(0.5) + math.log(0.75)) / 2 + 0.8 / 4 * 5.0
        assert ours.compute_cost_with_l2(AL, Y, parameters, 0.8) == pytest.approx(expected, rel=1e-14)

    @LAW
    @given(seed=SEEDS, lambd=STRENGTHS, exponent=st.integers(-5, 5))
    def test_penalty_is_quadratic_and_spares_the_biases(self, seed, lambd, exponent):
        AL, Y, parameters, _ = network(seed)
        bare = compute_cost(AL, Y)
        c = 2.0**exponent
        scaled = {k: c * p if k.startswith("W") else p + 7 for k, p in parameters.items()}
        penalty = ours.compute_cost_with_l2(AL, Y, parameters, lambd) - bare
        assert penalty >= 0
        difference = ours.compute_cost_with_l2(AL, Y, scaled, lambd) - bare
        assert difference == pytest.approx(c**2 * penalty, rel=1e-9, abs=1e-12)

    @LAW
    @given(seed=SEEDS)
    def test_lambda_zero_is_the_bare_cost_bit_for_bit(self, seed):
        AL, Y, parameters, _ = network(seed)
        assert ours.compute_cost_with_l2(AL, Y, parameters, 0) == compute_cost(AL, Y)

    @LAW
    @given(seed=SEEDS, lambd=STRENGTHS, copies=st.integers(2, 4))
    def test_the_penalty_is_shared_by_the_examples(self, seed, lambd, copies):
        """With the batch repeated k times the mean cross-entropy stays and the penalty is divided by k."""
        AL, Y, parameters, _ = network(seed)
        bare = compute_cost(AL, Y)
        once = ours.compute_cost_with_l2(AL, Y, parameters, lambd) - bare
        many = ours.compute_cost_with_l2(np.tile(AL, copies), np.tile(Y, copies), parameters, lambd) - bare
        assert many == pytest.approx(once / copies, rel=1e-9, abs=1e-12)

    @TREES
    def test_finite_where_the_answer_is_certain(self, tree):
        """Erratum 5: the source's cost takes log(0). Here certain answers cost nothing, or much if wrong."""
        parameters = send(tree, {"W1": np.ones((1, 1)), "b1": np.ones((1, 1))})
        AL, Y = send(tree, np.array([[0.0, 1.0]])), send(tree, np.array([[0.0, 1.0]]))
        assert float(tree.compute_cost_with_l2(AL, Y, parameters, 4.0)) == pytest.approx(1.0, abs=1e-7)
        wrong = float(tree.compute_cost_with_l2(AL, 1 - Y, parameters, 4.0))
        assert 10 < wrong < math.inf

    @TREES
    def test_contract(self, tree):
        AL, Y, parameters, _ = (network(1)[0].astype(np.float32), *network(1)[1:])
        single = send(tree, {k: p.astype(np.float32) for k, p in parameters.items()})
        cost = tree.compute_cost_with_l2(send(tree, AL), send(tree, Y), single, np.float64(0.1))
        assert str(cost.dtype).endswith("float32")
        with pytest.raises(ValueError, match="lambd"):
            tree.compute_cost_with_l2(send(tree, AL), send(tree, Y), single, -1)
        with pytest.raises(ValueError, match="Y"):
            tree.compute_cost_with_l2(send(tree, AL), send(tree, Y[:, 1:]), single, 1)
        with pytest.raises(ValueError, match="parameters"):
            tree.compute_cost_with_l2(send(tree, AL), send(tree, Y), {"W1": single["W1"]}, 1)


class TestGradients:
    @LAW
    @given(seed=SEEDS, lambd=STRENGTHS, m=st.integers(1, 50))
    def test_autograd_of_the_penalty(self, seed, lambd, m):
        """With no data gradient what is added is the derivative of lambd / 2m sum W^2, and 0 for the biases."""
        _, _, parameters, gradients = network(seed)
        leaves = {k: p.requires_grad_() for k, p in send(theirs, parameters).items()}
        (lambd / (2 * m) * sum((p**2).sum() for k, p in leaves.items() if k.startswith("W"))).backward()
        expected = {f"d{k}": np.zeros(p.shape) if p.grad is None else p.grad.numpy() for k, p in leaves.items()}
        for tree in (ours, theirs):
            bare = tree.add_l2_gradients(
                send(tree, {k: g * 0 for k, g in gradients.items()}), send(tree, parameters), lambd, m
            )
            full = tree.add_l2_gradients(send(tree, gradients), send(tree, parameters), lambd, m)
            assert set(bare) == set(full) == set(gradients)
            for key, gradient in gradients.items():
                np.testing.assert_allclose(np.asarray(bare[key]), expected[key], rtol=1e-14, atol=1e-300, strict=True)
                np.testing.assert_allclose(
                    np.asarray(full[key]), gradient + expected[key], rtol=1e-13, atol=1e-15, strict=True
                )

    def test_complex_step(self):
        """The derivative of the penalty by a step of 1e-30 along the imaginary axis, exact to rounding."""
        _, _, parameters, gradients = network(3)
        zero = {k: g * 0 for k, g in gradients.items()}
        added = ours.add_l2_gradients(zero, parameters, 0.7, 9)
        for l in (1, 2):
            W = parameters[f"W{l}"]
            for index in np.ndindex(*W.shape):
                shifted = W.astype(complex)
                shifted[index] += 1e-30j
                derivative = (0.7 / 18 * (shifted**2).sum()).imag / 1e-30
                assert added[f"dW{l}"][index] == pytest.approx(derivative, rel=1e-14)

    def test_central_differences_of_the_whole_cost(self):
        """The cost's own slope by a weight, outputs held fixed, is what the penalty adds."""
        AL, Y, parameters, gradients = network(4)
        added = ours.add_l2_gradients({k: g * 0 for k, g in gradients.items()}, parameters, 0.7, AL.shape[1])
        for index in np.ndindex(2, 4):
            ends = []
            for h in (1e-4, -1e-4):
                W2 = parameters["W2"].copy()
                W2[index] += h
                ends.append(ours.compute_cost_with_l2(AL, Y, {**parameters, "W2": W2}, 0.7))
            assert (ends[0] - ends[1]) / 2e-4 == pytest.approx(added["dW2"][index], rel=1e-8, abs=1e-10)

    @LAW
    @given(seed=SEEDS)
    def test_lambda_zero_changes_no_bit(self, seed):
        _, _, parameters, gradients = network(seed)
        same = ours.add_l2_gradients(gradients, parameters, 0, 7)
        assert all(np.array_equal(same[k], gradients[k]) for k in gradients)

    @LAW
    @given(seed=SEEDS, lambd=STRENGTHS, rate=st.floats(0, 1), m=st.integers(1, 50))
    def test_weight_decay_is_gradient_descent_under_l2(self, seed, lambd, rate, m):
        """Erratum 7: they are equal for plain gradient descent (and for Adam they are not; see the optimizers)."""
        _, _, parameters, gradients = network(seed)
        penalized = gradient_descent(parameters, ours.add_l2_gradients(gradients, parameters, lambd, m), rate)
        for name in ("W1", "W2"):
            decayed = ours.weight_decay_step(parameters[name], gradients[f"d{name}"], rate, lambd, m)
            np.testing.assert_allclose(decayed, penalized[name], rtol=1e-12, atol=1e-13, strict=True)
            other = theirs.weight_decay_step(
                torch.tensor(parameters[name]), torch.tensor(gradients[f"d{name}"]), rate, lambd, m
            )
            np.testing.assert_allclose(decayed, other.numpy(), rtol=1e-13, atol=1e-15, strict=True)

    @LAW
    @given(seed=SEEDS, steps=st.integers(1, 20))
    def test_without_data_weights_shrink_geometrically(self, seed, steps):
        W = start = network(seed)[2]["W1"]
        for _ in range(steps):
            W = ours.weight_decay_step(W, np.zeros_like(W), 0.1, 6.0, 3)
        np.testing.assert_allclose(W, start * 0.8**steps, rtol=1e-13)

    def test_pytorchs_sgd_decays_alike(self):
        """torch.optim.SGD with weight_decay = lambd / m takes the same fifty steps."""
        rng = np.random.default_rng(0)
        W = rng.normal(size=(4, 3))
        leaf = torch.tensor(W, requires_grad=True)
        optimizer = torch.optim.SGD([leaf], lr=0.05, weight_decay=0.7 / 9)
        for _ in range(50):
            dW = rng.normal(size=W.shape)
            leaf.grad = torch.tensor(dW)
            optimizer.step()
            W = ours.weight_decay_step(W, dW, 0.05, 0.7, 9)
        np.testing.assert_allclose(W, leaf.detach().numpy(), rtol=1e-12, atol=1e-13)

    @TREES
    def test_contract(self, tree):
        _, _, parameters, gradients = network(2)
        p, g = send(tree, parameters), send(tree, gradients)
        total = tree.add_l2_gradients(g, p, 0.5, np.int64(3))
        assert total is not g
        for key, gradient in gradients.items():
            assert np.array_equal(np.asarray(g[key]), gradient)
            assert not any(np.shares_memory(np.asarray(total[key]), np.asarray(x)) for x in (*g.values(), *p.values()))
        W = tree.weight_decay_step(p["W1"], g["dW1"], np.float64(0.1), np.array(0.5), 3)
        assert not np.shares_memory(np.asarray(W), np.asarray(p["W1"]))
        assert np.array_equal(np.asarray(p["W1"]), parameters["W1"])
        small, slight = ({k: send(tree, np.float32(x)) for k, x in table.items()} for table in (parameters, gradients))
        assert str(tree.add_l2_gradients(slight, small, np.float64(1), 3)["dW1"].dtype).endswith("float32")
        narrow = tree.weight_decay_step(small["W1"], slight["dW1"], np.float64(1), np.float64(1), 3)
        assert str(narrow.dtype).endswith("float32")

    @TREES
    def test_bad_input(self, tree):
        _, _, parameters, gradients = network(2)
        p, g = send(tree, parameters), send(tree, gradients)
        for call, argument in (
            (lambda: tree.add_l2_gradients(g, p, -1, 3), "lambd"),
            (lambda: tree.add_l2_gradients(g, p, 1, 0), "m"),
            (lambda: tree.add_l2_gradients({"dW1": g["dW1"]}, p, 1, 3), "gradients"),
            (lambda: tree.add_l2_gradients({**g, "dW1": g["dW1"].T}, p, 1, 3), r"gradients\[dW1\]"),
            (lambda: tree.weight_decay_step(p["W1"], g["dW2"], 0.1, 1, 3), "dW"),
            (lambda: tree.weight_decay_step(p["W1"], g["dW1"], -0.1, 1, 3), "learning_rate"),
            (lambda: tree.weight_decay_step(p["W1"], g["dW1"], 0.1, -1, 3), "lambd"),
            (lambda: tree.weight_decay_step(p["W1"], g["dW1"], 0.1, 1, 0), "m"),
        ):
            with pytest.raises(ValueError, match=f"^{argument}: got"):
                call()


class TestDropout:
    @TREES
    @LAW
    @given(seed=SEEDS, keep=st.floats(0.05, 1), shape=st.sampled_from([(3, 5), (1, 1), (2, 3, 4), (7,)]))
    def test_zero_or_scaled_up(self, tree, seed, keep, shape):
        A_prev = np.random.default_rng(seed).normal(size=shape)
        A, D = tree.forward_with_dropout(send(tree, A_prev), keep, source(tree, seed))
        assert str(D.dtype).endswith("bool")
        assert tuple(A.shape) == tuple(D.shape) == shape
        np.testing.assert_allclose(np.asarray(A), np.where(np.asarray(D), A_prev / keep, 0), rtol=1e-15, atol=0)

    @LAW
    @given(seed=SEEDS, keep=st.floats(0.05, 1))
    def test_the_mask_is_the_generators(self, seed, keep):
        """D = rng.random(shape) < keep_prob, so that the same generator gives the same mask in every solution."""
        A, D = ours.forward_with_dropout(np.ones((4, 6)), keep, np.random.default_rng(seed))
        assert np.array_equal(D, np.random.default_rng(seed).random((4, 6)) < keep)
        assert np.array_equal(A > 0, D)

    @LAW
    @given(seed=SEEDS, keep=st.floats(0.05, 1), dtype=st.sampled_from([bool, int, float]))
    def test_backward_is_the_derivative(self, seed, keep, dtype):
        """By autograd of the written-out forward, and by a complex step along a random direction."""
        rng = np.random.default_rng(seed)
        A_prev, dA, direction = rng.normal(size=(3, 4, 5))
        _, D = ours.forward_with_dropout(A_prev, keep, rng)
        dA_prev = ours.backward_with_dropout(dA, D.astype(dtype), keep)
        leaf = torch.tensor(A_prev, requires_grad=True)
        (leaf * torch.tensor(D) / keep).backward(torch.tensor(dA))
        np.testing.assert_allclose(dA_prev, leaf.grad.numpy(), rtol=1e-14, strict=True)
        stepped = (A_prev + 1e-30j * direction) * D / keep
        derivative = (dA * stepped).sum().imag / 1e-30
        assert np.sum(dA_prev * direction) == pytest.approx(derivative, rel=1e-11, abs=1e-13)
        other = theirs.backward_with_dropout(torch.tensor(dA), torch.tensor(D.astype(dtype)), keep)
        np.testing.assert_allclose(dA_prev, other.numpy(), rtol=1e-15, strict=True)

    @LAW
    @given(seed=SEEDS, keep=st.floats(0.05, 1))
    def test_backward_is_linear_and_opens_where_forward_did(self, seed, keep):
        rng = np.random.default_rng(seed)
        A, D = ours.forward_with_dropout(np.ones((4, 5)), keep, rng)
        dA = rng.normal(size=(4, 5))
        dA_prev = ours.backward_with_dropout(dA, D, keep)
        assert np.array_equal(dA_prev != 0, A != 0)
        assert np.array_equal(ours.backward_with_dropout(-2 * dA, D, keep), -2 * dA_prev)

    @TREES
    def test_keeping_all_is_a_copy(self, tree):
        A_prev = send(tree, np.random.default_rng(0).normal(size=(3, 4)))
        A, D = tree.forward_with_dropout(A_prev, 1, source(tree, 0))
        assert bool(D.all())
        assert np.array_equal(np.asarray(A), np.asarray(A_prev))
        assert not np.shares_memory(np.asarray(A), np.asarray(A_prev))
        dA = tree.backward_with_dropout(A_prev, D, 1)
        assert not np.shares_memory(np.asarray(dA), np.asarray(A_prev))

    @TREES
    def test_share_kept_and_independence(self, tree):
        """40 000 entries: Hoeffding for the share kept, and for its covariances between units and between calls.

        Three two-sided bounds at a rate of 1e-9 / 3 each: t = sqrt(ln(6e9) / 2n) for the whole and for products of
        neighbouring entries, of which every second pair is used so that the products are independent.
        """
        keep, draws = 0.8, source(tree, 17)
        first, second = (
            np.asarray(tree.forward_with_dropout(send(tree, np.ones((200, 200))), keep, draws)[1]) for _ in range(2)
        )
        assert abs(first.mean() - keep) <= math.sqrt(math.log(6e9) / (2 * first.size))
        neighbours = first[:, ::2] & first[:, 1::2]
        assert abs(neighbours.mean() - keep**2) <= math.sqrt(math.log(6e9) / (2 * neighbours.size))
        both = first & second
        assert abs(both.mean() - keep**2) <= math.sqrt(math.log(6e9) / (2 * both.size))

    @TREES
    def test_expected_value_is_the_input(self, tree):
        """Outputs are in [0, 2 / 0.5]: Hoeffding allows 4 sqrt(ln(2e9) / 2n) = 0.093 at a rate of 1e-9."""
        A, _ = tree.forward_with_dropout(send(tree, np.full((200, 100), 2.0)), 0.5, source(tree, 23))
        assert abs(np.asarray(A).mean() - 2.0) <= 4 * math.sqrt(math.log(2e9) / (2 * 200 * 100))

    @TREES
    def test_contract(self, tree):
        for dtype, expected in ((np.float32, "float32"), (np.float64, "float64"), (np.int64, "float64")):
            A_prev = np.ones((3, 4), dtype)
            sent = send(tree, A_prev)
            A, D = tree.forward_with_dropout(sent, np.float64(0.5), source(tree, 1))
            assert str(A.dtype).endswith(expected)
            assert np.array_equal(np.asarray(sent), A_prev)
            assert str(tree.backward_with_dropout(sent, D, np.array(0.5)).dtype).endswith(expected)
        again = [np.asarray(tree.forward_with_dropout(sent, 0.5, source(tree, 1))[1]) for _ in range(2)]
        assert np.array_equal(*again)
        for keep in (0, -0.5, 1.5, float("nan")):
            with pytest.raises(ValueError, match="keep_prob"):
                tree.forward_with_dropout(sent, keep, source(tree, 1))
            with pytest.raises(ValueError, match="keep_prob"):
                tree.backward_with_dropout(sent, D, keep)
        with pytest.raises(ValueError, match=r"D: got shape \(4, 3\); needed \(3, 4\)"):
            tree.backward_with_dropout(sent, D.T, 0.5)


def stops(tree, losses, patience, min_delta=0):
    watch = tree.EarlyStopping(patience, min_delta=min_delta)
    return [watch.update(loss) for loss in losses], watch


@TREES
class TestEarlyStopping:
    def test_patience_and_min_delta_by_hand(self, tree):
        answers, watch = stops(tree, [5, 4, 4, 3.5, 3.5, 3.6, 3.5, 3], 3)
        assert answers == [False, False, False, False, False, False, True, False]
        assert watch.best_loss == 3
        answers, watch = stops(tree, [5, 4.5, 4.5, 4.25, 4.0], 2, min_delta=0.5)
        assert answers == [False, False, True, False, False]
        assert watch.best_loss == 4.25

    def test_an_improvement_of_exactly_min_delta_is_none(self, tree):
        answers, watch = stops(tree, [1.0, 0.75, 0.5], 1, min_delta=0.25)
        assert answers == [False, True, False]
        assert watch.best_loss == 0.5

    def test_slow_progress_adds_up_against_the_best(self, tree):
        """Improvements count from the best loss, not from the last one."""
        answers, watch = stops(tree, [1.0, 0.9, 0.8, 0.7], 5, min_delta=0.25)
        assert watch.best_loss == 0.7
        assert not any(answers)

    @LAW
    @given(losses=st.lists(st.integers(0, 20), max_size=30), patience=st.integers(1, 5), delta=st.integers(0, 3))
    def test_a_pure_function_of_the_losses(self, tree, losses, patience, delta):
        """Against the definition: True where the last `patience` updates, or more, did not improve."""
        best, waited, expected = math.inf, 0, []
        for loss in losses:
            improved = loss < best - delta
            best, waited = (loss, 0) if improved else (best, waited + 1)
            expected.append(waited >= patience)
        answers, watch = stops(tree, losses, patience, delta)
        assert answers == expected
        assert watch.best_loss == best
        assert all(type(answer) is bool for answer in answers)

    @LAW
    @given(
        losses=st.lists(st.integers(0, 9), max_size=30),
        patience=st.integers(1, 5),
        a=st.integers(1, 9),
        b=st.integers(-9, 9),
    )
    def test_increasing_affine_maps_change_nothing(self, tree, losses, patience, a, b):
        assert stops(tree, losses, patience)[0] == stops(tree, [a * loss + b for loss in losses], patience)[0]

    @LAW
    @given(steps=st.integers(1, 30), patience=st.integers(1, 3))
    def test_never_stops_while_improving(self, tree, steps, patience):
        assert not any(stops(tree, [1.0 / t for t in range(1, steps + 1)], patience)[0])

    def test_nan_improves_nothing(self, tree):
        answers, watch = stops(tree, [math.nan, math.inf, 1.0, math.nan, math.nan], 2)
        assert answers == [False, True, False, False, True]
        assert watch.best_loss == 1.0

    def test_best_parameters_are_a_copy_of_the_first_best(self, tree):
        watch = tree.EarlyStopping(2)
        assert watch.best_loss == math.inf
        assert watch.best_parameters is None
        parameters = send(tree, {"W1": np.zeros((2, 2)), "b1": np.zeros((2, 1))})
        for loss in (3.0, 2.0, 2.0, 5.0):
            parameters["W1"] += 1
            watch.update(loss, parameters)
        assert np.array_equal(np.asarray(watch.best_parameters["W1"]), np.full((2, 2), 2.0))
        assert not np.shares_memory(np.asarray(watch.best_parameters["b1"]), np.asarray(parameters["b1"]))
        watch.update(2.0)
        assert watch.best_parameters is not None
        watch.update(1.0)
        assert watch.best_parameters is None

    def test_any_scalar(self, tree):
        watch = tree.EarlyStopping(np.int64(1), min_delta=np.float32(0))
        losses = [np.float64(1.0), np.array(0.5)] if tree is ours else [torch.tensor(1.0, requires_grad=True) * 1, 0.5]
        assert [watch.update(loss) for loss in losses] == [False, False]
        assert type(watch.best_loss) is float

    def test_bad_input(self, tree):
        for patience in (0, -1, 1.5):
            with pytest.raises(ValueError, match="patience"):
                tree.EarlyStopping(patience)
        with pytest.raises(ValueError, match="min_delta"):
            tree.EarlyStopping(1, min_delta=-0.1)


def test_names_and_signatures():
    assert ours.__all__ == theirs.__all__
    for name in ours.__all__:
        mine, other = (inspect.signature(getattr(tree, name)).parameters.values() for tree in (ours, theirs))
        mine = [("generator" if p.name == "rng" else p.name, p.default) for p in mine]
        assert mine == [(p.name, p.default) for p in other]
