"""The single neuron: against differences, PyTorch and a plain Newton solve; and XOR, which it cannot learn."""

import inspect
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reference.with_numpy import activations
from reference.with_numpy import neuron as ours
from reference.with_numpy.forward import forward_propagation
from tests.reference.contract import agrees_with_torch, keeps_contract, same

laws = settings(max_examples=30, deadline=None, derandomize=True)
seeds = st.integers(0, 2**32 - 1)
STEP = 1e-30
CORNERS = np.array([[0.0, 0.0, 1.0, 1.0], [0.0, 1.0, 0.0, 1.0]])
XOR = np.array([[0, 1, 1, 0]])


def data(n_x=3, m=7, seed=0):
    rng = np.random.default_rng(seed)
    return (
        rng.standard_normal((n_x, m)),
        rng.integers(0, 2, (1, m)).astype(float),
        rng.standard_normal((n_x, 1)),
        float(rng.standard_normal()),
    )


def cost_of(X, Y, w, b):
    """The cost in plain operations that carry an imaginary part."""
    Z = w.T @ X + b
    return (np.log(1 + np.exp(Z)) - Y * Z).sum() / X.shape[1]


class TestContract:
    def test_of_every_function(self):
        X, Y, w, b = data()
        keeps_contract(ours.forward, X, w, b)
        keeps_contract(ours.cost, ours.forward(X, w, b), Y)
        keeps_contract(ours.gradients, X, Y, w, b)
        keeps_contract(ours.fit, X, Y, 0.1, 5)
        keeps_contract(ours.predict, X, w, b)

    @pytest.mark.parametrize("number", [float, np.float64, np.float32, np.array])
    def test_the_bias_may_be_any_kind_of_number(self, number):
        X, Y, w, _ = data()
        for f in (
            lambda b: ours.forward(X, w, b),
            lambda b: ours.gradients(X, Y, w, b),
            lambda b: ours.predict(X, w, b),
        ):
            same(f(number(0.25)), f(0.25), rtol=0, atol=0)
        narrow = ours.forward(X.astype(np.float32), w.astype(np.float32), number(0.25))
        assert narrow.dtype == np.float32

    @pytest.mark.parametrize("dtype", [int, bool])
    def test_labels_of_any_type(self, dtype):
        X, Y, w, b = data()
        same(ours.gradients(X, Y.astype(dtype), w, b), ours.gradients(X, Y, w, b))
        same(ours.fit(X, Y.astype(dtype), 0.1, 3), ours.fit(X, Y, 0.1, 3))
        assert ours.fit(X.astype(np.float32), Y, 0.1, 3)[0].dtype == np.float32

    def test_sigmoid_is_the_one_of_the_activations(self):
        assert ours.sigmoid is activations.sigmoid

    def test_bad_input_is_refused(self):
        X, Y, w, b = data()
        refused = [
            (r"w: got shape \(3,\); needed \(3, 1\)", lambda: ours.forward(X, w[:, 0], b)),
            ("w: got shape", lambda: ours.gradients(X.T, Y, w, b)),
            ("X: got shape", lambda: ours.predict(X[:, 0], w, b)),
            (r"b: got shape \(1, 1\)", lambda: ours.forward(X, w, np.ones((1, 1)))),
            ("Y: got shape", lambda: ours.gradients(X, Y[0], w, b)),
            ("Y: got shape", lambda: ours.gradients(X, Y[:, :1], w, b)),
            ("Y: got shape", lambda: ours.fit(X, Y.T, 0.1, 1)),
            ("at least one example", lambda: ours.gradients(X[:, :0], Y[:, :0], w, b)),
            ("steps: got", lambda: ours.fit(X, Y, 0.1, -1)),
            ("A: got shape", lambda: ours.cost(X, X)),
            ("Y: got shape", lambda: ours.cost(Y, Y[0])),
            ("A: got", lambda: ours.cost(Y + 1, Y)),
        ]
        for message, call in refused:
            with pytest.raises(ValueError, match=message):
                call()


class TestValues:
    def test_worked_numbers(self):
        X, w = np.array([[1.0, 2.0], [3.0, -1.0]]), np.array([[math.log(3)], [0.0]])
        A = ours.forward(X, w, 0.0)
        same(A, np.array([[0.75, 0.9]]))
        same(ours.cost(A, np.array([[1, 0]])), -math.log(0.75 * 0.1) / 2)
        dw, db = ours.gradients(X, np.array([[1, 0]]), w, 0.0)
        same(dw, np.array([[(-0.25 + 2 * 0.9) / 2], [(-0.25 * 3 - 0.9) / 2]]))
        same(db, (-0.25 + 0.9) / 2)

    def test_cost_is_finite_where_an_output_is_0_or_1(self):
        """Erratum 5: the cost of the source takes log(0). Here a certain and wrong answer costs 100, as in PyTorch."""
        with np.errstate(all="raise", under="ignore"):
            assert ours.cost(np.array([[0.0, 1.0]]), np.array([[0, 1]])) == 0
            assert ours.cost(np.array([[0.0, 1.0]]), np.array([[1, 0]])) == 100

    def test_scores_of_10_000_are_finite_without_a_warning(self):
        """Erratum 5: the sigmoid of the source overflows for large negative z."""
        with np.errstate(all="raise", under="ignore"):
            assert ours.forward(np.array([[1e4, -1e4]]), np.ones((1, 1)), 0.0).tolist() == [[1.0, 0.0]]

    def test_predict_is_1_at_one_half_exactly(self):
        prediction = ours.predict(np.array([[-1.0, 0.0, 1.0]]), np.ones((1, 1)), 0.0)
        assert prediction.tolist() == [[0, 1, 1]]
        assert prediction.dtype.kind == "i"


class TestGradients:
    @pytest.mark.parametrize(("n_x", "m"), [(3, 7), (1, 4), (5, 1)])
    def test_by_complex_step(self, n_x, m):
        X, Y, w, b = data(n_x, m)
        dw, db = ours.gradients(X, Y, w, b)
        same(db, cost_of(X, Y, w, b + 1j * STEP).imag / STEP)
        for i in range(n_x):
            moved = w.astype(complex)
            moved[i] += 1j * STEP
            same(dw[i, 0], cost_of(X, Y, moved, b).imag / STEP)

    @laws
    @given(seeds)
    def test_means_over_examples(self, seed):
        X, Y, w, b = data(seed=seed)
        gradients = ours.gradients(X, Y, w, b)
        same(ours.gradients(np.hstack([X, X]), np.hstack([Y, Y]), w, b), gradients)
        same(ours.gradients(X[:, ::-1], Y[:, ::-1], w, b), gradients)
        single = [ours.gradients(X[:, [i]], Y[:, [i]], w, b) for i in range(X.shape[1])]
        same(tuple(np.mean(part, axis=0) for part in zip(*single, strict=True)), gradients)

    @laws
    @given(seeds)
    def test_symmetries(self, seed):
        X, Y, w, b = data(seed=seed)
        dw, db = ours.gradients(X, Y, w, b)
        same(ours.gradients(X, 1 - Y, -w, -b), (-dw, -db))  # the two classes change names
        same(ours.gradients(np.vstack([X, np.ones((1, 7))]), Y, np.vstack([w, [[b]]]), 0.0)[0], np.vstack([dw, [[db]]]))
        same(ours.gradients(X, ours.forward(X, w, b), w, b), (0 * dw, 0 * db))
        same(ours.forward(X, -w, -b), 1 - ours.forward(X, w, b))


class TestFit:
    def test_is_the_loop_it_says_from_zeros(self):
        X, Y, _, _ = data()
        w, b = np.zeros((3, 1)), 0.0
        for steps in range(4):
            same(ours.fit(X, Y, 0.3, steps), (w, b))
            dw, db = ours.gradients(X, Y, w, b)
            w, b = w - 0.3 * dw, b - 0.3 * db

    def test_ends_at_the_maximum_of_the_likelihood(self):
        """Newton's method on the same cost, with a matrix solve in place of a learning rate, finds the same point."""
        rng = np.random.default_rng(0)
        X = rng.standard_normal((2, 40))
        Y = (rng.random((1, 40)) < activations.sigmoid(X[:1] - 0.5)).astype(float)
        extended, theta = np.vstack([X, np.ones((1, 40))]), np.zeros((3, 1))
        for _ in range(10):
            A = activations.sigmoid(theta.T @ extended)
            theta -= np.linalg.solve(extended * (A * (1 - A)) @ extended.T, extended @ (A - Y).T)
        w, b = ours.fit(X, Y, 1.0, 1000)
        same((w, b), (theta[:2], theta[2, 0]), rtol=1e-9)

    @laws
    @given(seeds)
    def test_the_cost_never_rises_at_a_rate_below_the_bound(self, seed):
        """The slope of the cost changes by at most |X_1|^2 / (4 m) a unit, X_1 being X with a row of ones."""
        X, Y, _, _ = data(seed=seed)
        bound = 4 * X.shape[1] / np.linalg.norm(np.vstack([X, np.ones((1, 7))]), 2) ** 2
        costs = [ours.cost(ours.forward(X, *ours.fit(X, Y, bound, steps)), Y) for steps in range(6)]
        same(costs[0], math.log(2))
        assert (np.diff(costs) <= 1e-15).all()

    def test_separates_what_a_line_separates(self):
        for labels in ([0, 0, 0, 1], [0, 1, 1, 1], [1, 1, 0, 0]):
            w, b = ours.fit(CORNERS, np.array([labels]), 1.0, 500)
            assert ours.predict(CORNERS, w, b).tolist() == [labels]


class TestXor:
    def test_the_parameters_solve_it(self):
        parameters = ours.xor_parameters()
        AL, _ = forward_propagation(CORNERS, parameters)
        assert np.array_equal(AL >= 0.5, XOR)
        assert np.abs(AL - XOR).max() < 1e-4
        assert {name: p.shape for name, p in parameters.items()} == {
            "W1": (2, 2),
            "b1": (2, 1),
            "W2": (1, 2),
            "b2": (1, 1),
        }
        parameters["W1"][...] = 0
        assert ours.xor_parameters()["W1"].all()  # a new dict each time

    def test_no_neuron_gets_beyond_three_of_four(self):
        """Scores add up: z(0,0) + z(1,1) = z(0,1) + z(1,0), so not all can be on their sides. A grid agrees."""
        w1, w2, b = np.meshgrid(*[np.linspace(-3, 3, 25)] * 3)
        w, b = np.stack([w1.ravel(), w2.ravel()]), b.ravel()
        right = ((w.T @ CORNERS + b[:, None] >= 0) == XOR).sum(axis=1)
        assert right.max() == 3

    @laws
    @given(seeds)
    def test_the_neuron_itself_gets_no_further(self, seed):
        _, _, w, b = data(n_x=2, seed=seed)
        assert (ours.predict(CORNERS, 10 * w, 10 * b) == XOR).sum() <= 3

    def test_training_ends_undecided(self):
        w, b = ours.fit(CORNERS, XOR, 1.0, 100)
        same(ours.forward(CORNERS, w, b), np.full((1, 4), 0.5))


class TestTorch:
    @pytest.fixture(autouse=True)
    def _torch(self):
        self.torch = pytest.importorskip("torch")
        from reference.with_torch import neuron

        self.theirs = neuron

    def test_same_names_and_signatures(self):
        assert ours.__all__ == self.theirs.__all__
        for name in ours.__all__:
            left, right = (inspect.signature(getattr(tree, name)).parameters.values() for tree in (ours, self.theirs))
            assert [(p.name, p.default) for p in left] == [(p.name, p.default) for p in right]

    @pytest.mark.parametrize(("n_x", "m"), [(3, 7), (1, 4), (5, 1)])
    def test_both_trees_agree(self, n_x, m):
        X, Y, w, b = data(n_x, m)
        agrees_with_torch(ours.forward, self.theirs.forward, X, w, b)
        agrees_with_torch(ours.cost, self.theirs.cost, ours.forward(X, w, b), Y)
        agrees_with_torch(ours.gradients, self.theirs.gradients, X, Y, w, b)
        agrees_with_torch(ours.fit, self.theirs.fit, X, Y, 0.2, 20)
        agrees_with_torch(ours.predict, self.theirs.predict, X, w, b)
        agrees_with_torch(ours.xor_parameters, self.theirs.xor_parameters)

    def test_gradients_are_those_of_autograd_through_the_written_out_neuron(self):
        X, Y, w, b = data()
        leaf_w = self.torch.from_numpy(w.copy()).requires_grad_()
        leaf_b = self.torch.tensor(b, dtype=self.torch.float64, requires_grad=True)
        A = self.torch.sigmoid(leaf_w.T @ self.torch.from_numpy(X) + leaf_b)
        self.torch.nn.functional.binary_cross_entropy(A, self.torch.from_numpy(Y)).backward()
        same(ours.gradients(X, Y, w, b), (leaf_w.grad, leaf_b.grad))

    def test_fit_is_sgd_on_a_linear_layer(self):
        torch, (X, Y, _, _) = self.torch, data()
        linear = torch.nn.Linear(3, 1, dtype=torch.float64)
        torch.nn.init.zeros_(linear.weight)
        torch.nn.init.zeros_(linear.bias)
        optimizer = torch.optim.SGD(linear.parameters(), lr=0.3)
        for _ in range(50):
            optimizer.zero_grad()
            loss = torch.nn.BCEWithLogitsLoss()(linear(torch.from_numpy(X).T), torch.from_numpy(Y).T)
            loss.backward()
            optimizer.step()
        same(ours.fit(X, Y, 0.3, 50), (linear.weight.T, linear.bias[0]))

    def test_the_bias_may_be_a_tensor(self):
        torch = self.torch
        X, Y, w, b = (torch.as_tensor(value) for value in data())
        same(self.theirs.forward(X, w, b), self.theirs.forward(X, w, float(b)))
        same(self.theirs.gradients(X, Y, w, b), self.theirs.gradients(X, Y, w, float(b)))

    def test_bad_input_is_refused(self):
        ones = self.torch.ones
        with pytest.raises(ValueError, match="w: got shape"):
            self.theirs.forward(ones(3, 2), ones(3), 0.0)
        with pytest.raises(ValueError, match="w: got shape"):
            self.theirs.gradients(ones(3, 2), ones(1, 2), ones(3), 0.0)
        with pytest.raises(ValueError, match="Y: got shape"):
            self.theirs.fit(ones(3, 2), ones(2, 1), 0.1, 1)
