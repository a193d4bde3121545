"""Forward propagation: against a loop in plain numbers and against PyTorch, and by its laws."""

import inspect
import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reference.with_numpy import forward as ours
from tests.reference.contract import agrees_with_torch, keeps_contract, same

laws = settings(max_examples=30, deadline=None, derandomize=True)
seeds = st.integers(0, 2**32 - 1)
dims = st.lists(st.integers(1, 5), min_size=2, max_size=5)

WORKED = {
    "W1": np.array([[0.2, -0.1, 0.4], [0.5, 0.3, -0.2], [-0.3, 0.1, 0.6], [0.1, 0.4, 0.2]]),
    "b1": np.array([[0.1], [-0.1], [0.0], [0.2]]),
    "W2": np.array([[0.3, -0.2, 0.5, 0.1]]),
    "b2": np.array([[-0.1]]),
}


def network(dims, m=6, seed=0):
    rng = np.random.default_rng(seed)
    parameters = {}
    for l, (n_in, n_out) in enumerate(pairwise(dims), start=1):
        parameters[f"W{l}"] = rng.standard_normal((n_out, n_in))
        parameters[f"b{l}"] = rng.standard_normal((n_out, 1))
    return rng.standard_normal((dims[0], m)), parameters


def by_hand(x, parameters):
    """One example through the network in Python numbers, unit by unit."""
    a, L = [float(v) for v in x], len(parameters) // 2
    for l in range(1, L + 1):
        z = [
            math.fsum([*(w * v for w, v in zip(row, a, strict=True)), float(b[0])])
            for row, b in zip(parameters[f"W{l}"].tolist(), parameters[f"b{l}"], strict=True)
        ]
        a = [max(0.0, v) if l < L else 1 / (1 + math.exp(-v)) for v in z]
    return np.array(a)


class TestContract:
    def test_of_every_function(self):
        X, parameters = network([3, 5, 4, 1])
        keeps_contract(ours.linear_forward, X, parameters["W1"], parameters["b1"])
        keeps_contract(ours.forward_propagation, X, parameters)
        keeps_contract(ours.predict, X, parameters)

    def test_the_cache_holds_a_copy_of_the_input(self):
        X, parameters = network([3, 1])
        _, cache = ours.forward_propagation(X, parameters)
        cache["A0"][...] = 0
        assert X.all()

    def test_integers_become_float64(self):
        X, W, b = np.array([[1, 2]]), np.array([[2], [3]]), np.array([[1], [0]])
        Z = ours.linear_forward(X, W, b)
        assert Z.dtype == np.float64
        same(Z, np.array([[3.0, 5.0], [3.0, 6.0]]))

    def test_bad_input_is_refused(self):
        X, parameters = network([3, 4, 1])
        W1, b1 = parameters["W1"], parameters["b1"]
        refused = [
            (r"A_prev: got shape \(6, 3\); needed \(3, m\)", lambda: ours.linear_forward(X.T, W1, b1)),
            ("W: got shape", lambda: ours.linear_forward(X, W1[0], b1)),
            (r"b: got shape \(4,\); needed \(4, 1\)", lambda: ours.linear_forward(X, W1, b1[:, 0])),
            (r"X: got shape \(2, 6\); needed \(3, m\)", lambda: ours.forward_propagation(X[:2], parameters)),
            ("X: got shape", lambda: ours.predict(X[:, 0], parameters)),
            ("parameters: got", lambda: ours.forward_propagation(X, {})),
            ("parameters: got", lambda: ours.forward_propagation(X, {"W1": W1, "b2": b1})),
            ("W2: got shape", lambda: ours.forward_propagation(X, {**parameters, "W2": np.ones((1, 3))})),
            ("b2: got shape", lambda: ours.forward_propagation(X, {**parameters, "b2": np.ones((1, 2))})),
        ]
        for message, call in refused:
            with pytest.raises(ValueError, match=message):
                call()


class TestValues:
    def test_the_worked_example(self):
        """Erratum 1: the page prints other numbers; these are what its own weights give, to the digits stated."""
        AL, cache = ours.forward_propagation(np.array([[1.0], [0.5], [-0.3]]), WORKED)
        same(cache["Z1"], np.array([[0.13], [0.61], [-0.43], [0.44]]))
        same(cache["A1"], np.array([[0.13], [0.61], [0.0], [0.44]]))
        same(cache["Z2"], np.array([[-0.139]]))
        assert round(AL.item(), 4) == 0.4653
        assert ours.predict(np.array([[1.0], [0.5], [-0.3]]), WORKED).item() == 0

    @pytest.mark.parametrize("dims", [[3, 1], [3, 4, 1], [2, 5, 3, 1], [4, 3, 3, 2, 2]])
    @pytest.mark.parametrize("m", [1, 7])
    def test_every_example_as_computed_by_hand(self, dims, m):
        X, parameters = network(dims, m)
        AL, cache = ours.forward_propagation(X, parameters)
        same(AL, np.stack([by_hand(x, parameters) for x in X.T], axis=1))
        assert sorted(cache) == sorted(["A0", *(f"{k}{l}" for l in range(1, len(dims)) for k in "ZA")])
        assert all(cache[name].shape == (dims[int(name[1:])], m) for name in cache)

    def test_the_cache_is_consistent(self):
        X, parameters = network([3, 5, 4, 1])
        AL, cache = ours.forward_propagation(X, parameters)
        same(cache["A0"], X, rtol=0, atol=0)
        same(cache["A3"], AL, rtol=0, atol=0)
        for l in (1, 2, 3):
            same(cache[f"Z{l}"], ours.linear_forward(cache[f"A{l - 1}"], parameters[f"W{l}"], parameters[f"b{l}"]))
        same(cache["A1"], np.maximum(cache["Z1"], 0))

    def test_predict_is_1_at_one_half_exactly(self):
        X = np.array([[-1.0, 0.0, 1.0]])
        prediction = ours.predict(X, {"W1": np.ones((1, 1)), "b1": np.zeros((1, 1))})
        assert prediction.tolist() == [[0, 1, 1]]
        assert prediction.dtype.kind == "i"

    def test_finite_without_a_warning_for_scores_of_10_000(self):
        """Erratum 5: the sigmoid of the source overflows for large negative z."""
        with np.errstate(all="raise", under="ignore"):
            AL, _ = ours.forward_propagation(np.array([[1e4, -1e4]]), {"W1": np.ones((1, 1)), "b1": np.zeros((1, 1))})
        assert AL.tolist() == [[1.0, 0.0]]


class TestLaws:
    @laws
    @given(dims, seeds)
    def test_examples_do_not_touch_one_another(self, dims, seed):
        X, parameters = network(dims, seed=seed)
        AL, _ = ours.forward_propagation(X, parameters)
        order = np.random.default_rng(seed).permutation(X.shape[1])
        same(ours.forward_propagation(X[:, order], parameters)[0], AL[:, order])
        halves = [ours.forward_propagation(part, parameters)[0] for part in (X[:, :2], X[:, 2:])]
        same(np.hstack(halves), AL)

    @laws
    @given(seeds, st.permutations(range(5)))
    def test_hidden_units_may_change_places(self, seed, order):
        X, p = network([3, 5, 2], seed=seed)
        moved = {"W1": p["W1"][order], "b1": p["b1"][order], "W2": p["W2"][:, order], "b2": p["b2"]}
        same(ours.forward_propagation(X, moved)[0], ours.forward_propagation(X, p)[0])

    @laws
    @given(seeds, st.floats(0.01, 100))
    def test_relu_lets_a_positive_scale_pass_from_layer_to_layer(self, seed, c):
        X, p = network([3, 5, 2], seed=seed)
        scaled = {"W1": c * p["W1"], "b1": c * p["b1"], "W2": p["W2"] / c, "b2": p["b2"]}
        same(ours.forward_propagation(X, scaled)[0], ours.forward_propagation(X, p)[0])

    @laws
    @given(seeds)
    def test_linear_forward_is_linear_in_each_argument(self, seed):
        rng = np.random.default_rng(seed)
        A, B, W, V, b = (rng.standard_normal(s) for s in [(3, 4), (3, 4), (2, 3), (2, 3), (2, 1)])
        zero = np.zeros((2, 1))
        f = ours.linear_forward
        same(f(2 * A - B, W, zero), 2 * f(A, W, zero) - f(B, W, zero))
        same(f(A, 2 * W - V, zero), 2 * f(A, W, zero) - f(A, V, zero))
        same(f(A, W, b) - f(A, W, zero), np.broadcast_to(b, (2, 4)))
        same(f(A, np.eye(3), np.zeros((3, 1))), A)

    @laws
    @given(dims, seeds)
    def test_predict_is_the_output_cut_at_one_half(self, dims, seed):
        X, parameters = network(dims, seed=seed)
        assert np.array_equal(ours.predict(X, parameters), ours.forward_propagation(X, parameters)[0] >= 0.5)


class TestTorch:
    @pytest.fixture(autouse=True)
    def _torch(self):
        self.torch = pytest.importorskip("torch")
        from reference.with_torch import forward

        self.theirs = forward

    def test_same_names_and_signatures(self):
        assert ours.__all__ == self.theirs.__all__
        for name in ours.__all__:
            left, right = (inspect.signature(getattr(tree, name)).parameters.values() for tree in (ours, self.theirs))
            assert [(p.name, p.default) for p in left] == [(p.name, p.default) for p in right]

    @pytest.mark.parametrize("dims", [[3, 1], [3, 4, 1], [2, 5, 3, 1], [3, 4, 2]])
    @pytest.mark.parametrize("m", [1, 7])
    def test_both_trees_agree(self, dims, m):
        X, parameters = network(dims, m)
        agrees_with_torch(ours.linear_forward, self.theirs.linear_forward, X, parameters["W1"], parameters["b1"])
        agrees_with_torch(ours.forward_propagation, self.theirs.forward_propagation, X, parameters)
        agrees_with_torch(ours.predict, self.theirs.predict, X, parameters)

    def test_against_torch_nn(self):
        """torch.nn has examples as rows and a bias of shape (n,), hence the transposes."""
        nn, t = self.torch.nn, self.torch.from_numpy
        X, parameters = network([3, 5, 4, 1])
        layers = []
        for l, (n_in, n_out) in enumerate(pairwise([3, 5, 4, 1]), start=1):
            linear = nn.Linear(n_in, n_out, dtype=self.torch.float64)
            linear.weight.data, linear.bias.data = t(parameters[f"W{l}"]), t(parameters[f"b{l}"][:, 0])
            layers += [linear, nn.ReLU() if l < 3 else nn.Sigmoid()]
        same(ours.forward_propagation(X, parameters)[0], nn.Sequential(*layers)(t(X).T).T)

    def test_gradients_flow_through_the_torch_tree(self):
        X, parameters = network([3, 4, 1])
        leaves = {name: self.torch.from_numpy(p).requires_grad_() for name, p in parameters.items()}
        self.theirs.forward_propagation(self.torch.from_numpy(X), leaves)[0].sum().backward()
        assert all(leaf.grad is not None and leaf.grad.shape == leaf.shape for leaf in leaves.values())

    def test_bad_input_is_refused(self):
        ones = self.torch.ones
        with pytest.raises(ValueError, match="A_prev: got shape"):
            self.theirs.linear_forward(ones(2, 3), ones(4, 3), ones(4, 1))
        with pytest.raises(ValueError, match="X: got shape"):
            self.theirs.forward_propagation(ones(2, 3), {"W1": ones(1, 3), "b1": ones(1, 1)})
