"""Backpropagation: against complex steps, differences and autograd, and by its laws; training learns what it should."""

import inspect
import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reference.with_numpy import backprop as ours
from reference.with_numpy.forward import forward_propagation, predict
from tests.reference.contract import agrees_with_torch, keeps_contract, same

laws = settings(max_examples=30, deadline=None, derandomize=True)
seeds = st.integers(0, 2**32 - 1)
depths = st.lists(st.integers(1, 5), min_size=1, max_size=4).map(lambda dims: [*dims, 1])
XOR = np.array([[0.0, 0.0, 1.0, 1.0], [0.0, 1.0, 0.0, 1.0]]), np.array([[0, 1, 1, 0]])
STEP = 1e-30


def network(dims, m=7, seed=0):
    """X, Y, parameters of a random network whose hidden units keep away from the kink of ReLU."""
    rng = np.random.default_rng(seed)
    while True:
        X, Y = rng.standard_normal((dims[0], m)), rng.integers(0, 2, (dims[-1], m)).astype(float)
        parameters = {}
        for l, (n_in, n_out) in enumerate(pairwise(dims), start=1):
            parameters[f"W{l}"] = rng.standard_normal((n_out, n_in))
            parameters[f"b{l}"] = rng.standard_normal((n_out, 1))
        _, cache = forward_propagation(X, parameters)
        if all(np.abs(cache[f"Z{l}"]).min() > 1e-3 for l in range(1, len(dims) - 1)):
            return X, Y, parameters


def cost_of_complex(X, Y, parameters):
    """The cost in plain operations that carry an imaginary part, from the scores, with no code of the reference."""
    A, L = X, len(parameters) // 2
    for l in range(1, L + 1):
        Z = parameters[f"W{l}"] @ A + parameters[f"b{l}"]
        A = Z * (Z.real > 0)
    return (np.log(1 + np.exp(Z)) - Y * Z).sum() / X.shape[1]


def backward(X, Y, parameters):
    return ours.backward_propagation(Y, forward_propagation(X, parameters)[1], parameters)


def moons(m, rng):
    """Two half circles that reach into one another, with noise 0.1."""
    t, Y = rng.uniform(0, np.pi, m), np.arange(m) % 2
    X = np.where(Y == 0, [np.cos(t), np.sin(t)], [1 - np.cos(t), 0.5 - np.sin(t)])
    return X + 0.1 * rng.standard_normal((2, m)), Y[None, :]


class TestContract:
    def test_of_every_function(self):
        X, Y, parameters = network([3, 4, 2, 1])
        AL, cache = forward_propagation(X, parameters)
        gradients = ours.backward_propagation(Y, cache, parameters)
        keeps_contract(ours.compute_cost, AL, Y)
        keeps_contract(ours.linear_backward, cache["Z2"], cache["A1"], parameters["W2"])
        keeps_contract(ours.backward_propagation, Y, cache, parameters, float32_rtol=1e-3)
        keeps_contract(ours.relative_error, X, X + 0.1)
        keeps_contract(ours.update_parameters, parameters, gradients, 0.1)
        keeps_contract(lambda x: ours.numerical_gradient(lambda y: (y**3).sum(), x), X)

    def test_train_keeps_its_data_and_float32(self):
        X, Y, _ = network([3, 1])
        keeps_contract(lambda X, Y: ours.train(X, Y, [3, 4, 1], 0.1, 5, np.random.default_rng(0)), X, Y)
        parameters, _ = ours.train(X.astype(np.float32), Y, np.array([3, 4, 1]), 0.1, 2, np.random.default_rng(0))
        assert {p.dtype for p in parameters.values()} == {np.dtype(np.float32)}

    @pytest.mark.parametrize("dtype", [int, bool, np.float32, np.float64])
    def test_labels_of_any_type(self, dtype):
        X, Y, parameters = network([3, 4, 1])
        AL, cache = forward_propagation(X, parameters)
        same(ours.compute_cost(AL, Y.astype(dtype)), ours.compute_cost(AL, Y))
        same(ours.backward_propagation(Y.astype(dtype), cache, parameters), backward(X, Y, parameters))

    def test_gradients_have_names_and_shapes_of_the_parameters(self):
        X, Y, parameters = network([3, 5, 4, 1])
        gradients = backward(X, Y, parameters)
        assert {f"d{name}": p.shape for name, p in parameters.items()} == {n: g.shape for n, g in gradients.items()}

    def test_bad_input_is_refused(self):
        X, Y, parameters = network([3, 4, 1])
        AL, cache = forward_propagation(X, parameters)
        refused = [
            ("Y: got shape", lambda: ours.compute_cost(AL, Y[0])),
            ("AL: got shape", lambda: ours.compute_cost(AL[0], Y[0])),
            ("AL: got", lambda: ours.compute_cost(AL + 1, Y)),
            ("at least one", lambda: ours.compute_cost(AL[:, :0], Y[:, :0])),
            ("A_prev: got shape", lambda: ours.linear_backward(np.ones((2, 3)), np.ones((4, 5)), np.ones((2, 4)))),
            (r"W: got shape \(4, 2\); needed", lambda: ours.linear_backward(Y, Y, np.ones((4, 2)))),
            ("Y: got shape", lambda: ours.backward_propagation(Y.T, cache, parameters)),
            (r"cache\[A0\]: got shape", lambda: ours.backward_propagation(Y[:, :3], cache, parameters)),
            ("cache: got", lambda: ours.backward_propagation(Y, {"A0": X}, parameters)),
            ("parameters: got", lambda: ours.backward_propagation(Y, cache, {"W1": parameters["W1"]})),
            ("epsilon: got", lambda: ours.numerical_gradient(np.sum, X, epsilon=0)),
            (r"f\(x\): got shape", lambda: ours.numerical_gradient(lambda x: x, X)),
            ("b: got shape", lambda: ours.relative_error(X, X.T)),
            ("gradients: got", lambda: ours.update_parameters(parameters, {}, 0.1)),
            ("dW1: got shape", lambda: ours.update_parameters({"W1": X}, {"dW1": X.T}, 0.1)),
            ("X: got shape", lambda: ours.train(X, Y, [2, 1], 0.1, 1, np.random.default_rng(0))),
            ("Y: got shape", lambda: ours.train(X, Y[0], [3, 1], 0.1, 1, np.random.default_rng(0))),
            ("steps: got", lambda: ours.train(X, Y, [3, 1], 0.1, -1, np.random.default_rng(0))),
            ("layer_dims: got", lambda: ours.train(X, Y, [3], 0.1, 1, np.random.default_rng(0))),
        ]
        for message, call in refused:
            with pytest.raises(ValueError, match=message):
                call()


class TestCost:
    def test_worked_numbers(self):
        same(ours.compute_cost(np.array([[0.5, 0.5]]), np.array([[1, 0]])), math.log(2))
        same(ours.compute_cost(np.array([[0.8, 0.4, 0.9]]), np.array([[1, 0, 1]])), -math.log(0.8 * 0.6 * 0.9) / 3)

    def test_finite_where_an_output_is_0_or_1(self):
        """Erratum 5: the cost of the source takes log(0). Here a certain and wrong answer costs 100, as in PyTorch."""
        with np.errstate(all="raise", under="ignore"):
            assert ours.compute_cost(np.array([[0.0, 1.0]]), np.array([[0, 1]])) == 0
            assert ours.compute_cost(np.array([[0.0, 1.0]]), np.array([[1, 0]])) == 100
            assert ours.compute_cost(np.float32([[0.0, 1.0]]), np.float32([[1, 0]])) == 100

    @laws
    @given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=1, max_size=6))
    def test_laws(self, pairs):
        AL, Y = np.array(pairs).T[:, None, :]
        cost = ours.compute_cost(AL, Y)
        assert cost >= 0
        same(ours.compute_cost(np.tile(AL, 3), np.tile(Y, 3)), cost)
        same(ours.compute_cost(AL[:, ::-1], Y[:, ::-1]), cost)
        # 1 - a rounds when a is small, hence no more than this.
        clear = np.clip(AL, 1e-3, 1 - 1e-3)
        same(ours.compute_cost(1 - clear, 1 - Y), ours.compute_cost(clear, Y), atol=1e-12)


class TestBackward:
    @pytest.mark.parametrize("dims", [[3, 1], [3, 4, 1], [2, 5, 3, 1], [4, 3, 3, 2, 1], [3, 4, 2]])
    @pytest.mark.parametrize("m", [1, 7])
    def test_by_complex_step(self, dims, m):
        X, Y, parameters = network(dims, m)
        gradients = backward(X, Y, parameters)
        for name, p in parameters.items():
            for i in np.ndindex(p.shape):
                moved = p.astype(complex)
                moved[i] += 1j * STEP
                slope = cost_of_complex(X, Y, {**parameters, name: moved}).imag / STEP
                same(gradients[f"d{name}"][i], slope)

    def test_by_the_numerical_gradient(self):
        X, Y, parameters = network([3, 5, 4, 1], seed=2)
        gradients = backward(X, Y, parameters)
        for name, p in parameters.items():

            def cost(value, name=name):
                return ours.compute_cost(forward_propagation(X, {**parameters, name: value})[0], Y)

            assert ours.relative_error(ours.numerical_gradient(cost, p), gradients[f"d{name}"]) < 1e-7

    def test_linear_backward_by_complex_step(self):
        rng = np.random.default_rng(0)
        dZ, A, W, b = (rng.standard_normal(shape) for shape in [(4, 5), (3, 5), (4, 3), (4, 1)])
        dA_prev, dW, db = ours.linear_backward(dZ, A, W)
        for place, (value, derivative) in enumerate([(A, dA_prev), (W, 5 * dW), (b, 5 * db)]):
            for i in np.ndindex(value.shape):
                moved = value.astype(complex)
                moved[i] += 1j * STEP
                inputs = [A, W, b]
                inputs[place] = moved
                same(derivative[i], (dZ * (inputs[1] @ inputs[0] + inputs[2])).sum().imag / STEP)

    def test_slope_of_relu_at_zero_is_zero(self):
        parameters = {"W1": np.zeros((2, 1)), "b1": np.zeros((2, 1)), "W2": np.ones((1, 2)), "b2": np.zeros((1, 1))}
        gradients = backward(np.ones((1, 3)), np.ones((1, 3)), parameters)
        assert not gradients["dW1"].any()
        assert not gradients["db1"].any()
        assert gradients["db2"] == -0.5

    def test_saturated_outputs_still_have_their_gradient(self):
        gradients = backward(np.array([[1e4]]), np.array([[0]]), {"W1": np.ones((1, 1)), "b1": np.zeros((1, 1))})
        same(gradients, {"dW1": np.array([[1e4]]), "db1": np.ones((1, 1))})

    @laws
    @given(depths, seeds)
    def test_a_batch_twice_and_in_another_order_has_the_same_gradient(self, dims, seed):
        X, Y, parameters = network(dims, seed=seed)
        gradients = backward(X, Y, parameters)
        same(backward(np.hstack([X, X]), np.hstack([Y, Y]), parameters), gradients)
        same(backward(X[:, ::-1], Y[:, ::-1], parameters), gradients)

    @laws
    @given(depths, seeds)
    def test_the_gradient_of_a_batch_is_the_mean_of_those_of_its_examples(self, dims, seed):
        X, Y, parameters = network(dims, m=4, seed=seed)
        single = [backward(X[:, [i]], Y[:, [i]], parameters) for i in range(4)]
        same(backward(X, Y, parameters), {k: np.mean([g[k] for g in single], axis=0) for k in single[0]})

    @laws
    @given(seeds)
    def test_a_silent_input_gives_a_zero_column(self, seed):
        X, Y, parameters = network([3, 4, 1], seed=seed)
        X[1] = 0
        assert not backward(X, Y, parameters)["dW1"][:, 1].any()

    @laws
    @given(seeds, st.permutations(range(4)))
    def test_hidden_units_may_change_places(self, seed, order):
        X, Y, p = network([3, 4, 1], seed=seed)
        g = backward(X, Y, p)
        moved = {"W1": p["W1"][order], "b1": p["b1"][order], "W2": p["W2"][:, order], "b2": p["b2"]}
        wanted = {"dW1": g["dW1"][order], "db1": g["db1"][order], "dW2": g["dW2"][:, order], "db2": g["db2"]}
        same(backward(X, Y, moved), wanted)

    @laws
    @given(depths, seeds)
    def test_nothing_to_learn_from_its_own_output(self, dims, seed):
        X, _, parameters = network(dims, seed=seed)
        AL, cache = forward_propagation(X, parameters)
        assert not any(g.any() for g in ours.backward_propagation(AL, cache, parameters).values())

    @laws
    @given(seeds)
    def test_linear_backward_is_linear_and_adjoint(self, seed):
        rng = np.random.default_rng(seed)
        u, v, A, W = (rng.standard_normal(shape) for shape in [(4, 5), (4, 5), (3, 5), (4, 3)])
        left, right, both = (ours.linear_backward(dZ, A, W) for dZ in (u, v, 2 * u - v))
        same(both, tuple(2 * x - y for x, y in zip(left, right, strict=True)))
        dA_prev, dW, db = left
        same(np.vdot(dA_prev, A), np.vdot(u, W @ A), atol=1e-12)
        same(np.vdot(dW, W), np.vdot(u, W @ A) / 5, atol=1e-12)
        same(db[:, 0], u.mean(axis=1))


class TestNumericalGradient:
    @laws
    @given(seeds)
    def test_exact_for_quadratics(self, seed):
        rng = np.random.default_rng(seed)
        H, c, x = rng.standard_normal((4, 4)), rng.standard_normal(4), rng.standard_normal(4)
        numerical = ours.numerical_gradient(lambda x: x @ H @ x / 2 + c @ x, x, epsilon=1e-2)
        same(numerical, (H + H.T) @ x / 2 + c, atol=1e-12)

    def test_the_error_is_of_second_order(self):
        """A centred difference of x^3 is off by epsilon^2 exactly; a one-sided one would be off by 3 x epsilon."""
        for epsilon in (1e-1, 1e-2, 1e-3):
            same(ours.numerical_gradient(lambda x: (x**3).sum(), np.array(2.0), epsilon), 12 + epsilon**2, 1e-10)

    @pytest.mark.parametrize("shape", [(), (3,), (2, 3), (2, 1, 2)])
    def test_any_shape(self, shape):
        x = np.random.default_rng(0).standard_normal(shape)
        numerical = ours.numerical_gradient(lambda x: float(np.sin(x).sum()), x)
        assert numerical.shape == shape
        same(numerical, np.cos(x), atol=1e-9)

    def test_f_may_spoil_what_it_is_given(self):
        def spoil(x):
            total = (x**2).sum()
            x[...] = 99
            return total

        same(ours.numerical_gradient(spoil, np.array([1.0, 2.0])), np.array([2.0, 4.0]), atol=1e-9)

    def test_float32_and_integers_are_measured_in_float64(self):
        x = np.float32([1, 2])
        assert ours.numerical_gradient(lambda x: (x**2).sum(), x).dtype == np.float32
        same(ours.numerical_gradient(lambda x: (x**2).sum(), x), np.float32([2, 4]), rtol=1e-6)
        same(ours.numerical_gradient(lambda x: (x**2).sum(), np.array([1, 2])), np.array([2.0, 4.0]), atol=1e-9)


class TestRelativeError:
    def test_worked_numbers(self):
        assert ours.relative_error(np.zeros(3), np.zeros(3)) == 0
        assert ours.relative_error(np.zeros((0, 2)), np.zeros((0, 2))) == 0
        assert ours.relative_error(np.zeros(3), np.ones(3)) == 1
        same(ours.relative_error(np.array([[3.0], [4.0]]), np.array([[3.0], [0.0]])), 0.5)
        same(ours.relative_error(2, 1), 1 / 3)

    @laws
    @given(seeds, st.integers(-300, 300))
    def test_laws(self, seed, exponent):
        a, b = np.random.default_rng(seed).standard_normal((2, 3, 4))
        error = ours.relative_error(a, b)
        assert 0 <= error <= 1
        assert ours.relative_error(a, a) == 0
        same(ours.relative_error(a, -a), 1.0)
        same(ours.relative_error(b, a), error)
        same(ours.relative_error(10.0**exponent * a, 10.0**exponent * b), error)  # no square overflows or vanishes


class TestTraining:
    def test_update_is_a_new_dict_and_changes_nothing(self):
        """Erratum 4: the source updates parameters in place. Here the old ones survive."""
        X, Y, parameters = network([3, 4, 1])
        gradients = backward(X, Y, parameters)
        before = {name: p.copy() for name, p in parameters.items()}
        updated = ours.update_parameters(parameters, gradients, 0.1)
        same(parameters, before, rtol=0, atol=0)
        for name in parameters:
            assert updated[name] is not parameters[name]
            same(updated[name], before[name] - 0.1 * gradients[f"d{name}"])

    @laws
    @given(seeds, st.floats(-2, 2))
    def test_update_is_linear_in_the_rate(self, seed, rate):
        X, Y, parameters = network([3, 4, 1], seed=seed)
        gradients = backward(X, Y, parameters)
        step = ours.update_parameters(parameters, gradients, rate)
        same(ours.update_parameters(step, gradients, -rate), parameters)
        same(ours.update_parameters(parameters, gradients, 0), parameters, rtol=0, atol=0)

    def test_train_is_the_loop_it_says_and_starts_from_he(self):
        X, Y, _ = network([3, 1], m=9)
        rng = np.random.default_rng(5)
        parameters = {}
        for l, (n_in, n_out) in enumerate([(3, 4), (4, 1)], start=1):
            parameters[f"W{l}"] = rng.standard_normal((n_out, n_in)) * np.sqrt(2 / n_in)
            parameters[f"b{l}"] = np.zeros((n_out, 1))
        trained, costs = ours.train(X, Y, [3, 4, 1], 0.3, 6, np.random.default_rng(5))
        assert len(costs) == 6
        for cost in costs:  # each taken before its step
            same(cost, ours.compute_cost(forward_propagation(X, parameters)[0], Y))
            parameters = ours.update_parameters(parameters, backward(X, Y, parameters), 0.3)
        same(trained, parameters)

    def test_the_generator_decides_the_start_and_nothing_else_does(self):
        state = np.random.get_state()[1].copy()  # noqa: NPY002
        start, costs = ours.train(*XOR, [2, 3, 1], 0.1, 0, np.random.default_rng(1))
        again, _ = ours.train(*XOR, [2, 3, 1], 0.1, 0, np.random.default_rng(1))
        other, _ = ours.train(*XOR, [2, 3, 1], 0.1, 0, np.random.default_rng(2))
        assert costs == []
        same(start, again, rtol=0, atol=0)
        assert not np.array_equal(start["W1"], other["W1"])
        assert np.array_equal(state, np.random.get_state()[1])  # noqa: NPY002

    @pytest.mark.parametrize("seed", range(3))
    def test_learns_xor(self, seed):
        parameters, costs = ours.train(*XOR, [2, 16, 1], 0.5, 1000, np.random.default_rng(seed))
        assert np.array_equal(predict(XOR[0], parameters), XOR[1])
        assert costs[-1] < 0.02 < costs[0]

    def test_learns_two_moons(self):
        X, Y = moons(200, np.random.default_rng(10))
        parameters, costs = ours.train(X, Y, [2, 16, 8, 1], 1.0, 800, np.random.default_rng(0))
        X_new, Y_new = moons(400, np.random.default_rng(11))
        assert (predict(X_new, parameters) == Y_new).mean() >= 0.97
        assert costs[-1] < 0.1

    def test_without_a_hidden_layer_it_is_a_neuron_and_cannot_learn_xor(self):
        parameters, _ = ours.train(*XOR, [2, 1], 0.5, 500, np.random.default_rng(0))
        assert (predict(XOR[0], parameters) == XOR[1]).sum() <= 3


class TestTorch:
    @pytest.fixture(autouse=True)
    def _torch(self):
        self.torch = pytest.importorskip("torch")
        from reference.with_torch import backprop

        self.theirs = backprop

    def tensors(self, arrays):
        return {name: self.torch.from_numpy(a.copy()) for name, a in arrays.items()}

    def test_same_names_and_signatures(self):
        assert ours.__all__ == self.theirs.__all__
        for name in ours.__all__:
            left, right = (inspect.signature(getattr(tree, name)).parameters.values() for tree in (ours, self.theirs))
            renamed = [("generator" if p.name == "rng" else p.name, p.default) for p in left]
            assert renamed == [(p.name, p.default) for p in right]

    @pytest.mark.parametrize("dims", [[3, 1], [3, 4, 1], [2, 5, 3, 1], [3, 4, 2]])
    @pytest.mark.parametrize("m", [1, 7])
    def test_both_trees_agree(self, dims, m):
        X, Y, parameters = network(dims, m)
        AL, cache = forward_propagation(X, parameters)
        agrees_with_torch(ours.compute_cost, self.theirs.compute_cost, AL, Y)
        agrees_with_torch(ours.backward_propagation, self.theirs.backward_propagation, Y, cache, parameters)
        dZ = np.random.default_rng(0).standard_normal((dims[1], m))
        agrees_with_torch(ours.linear_backward, self.theirs.linear_backward, dZ, X, parameters["W1"])
        gradients = backward(X, Y, parameters)
        agrees_with_torch(ours.update_parameters, self.theirs.update_parameters, parameters, gradients, 0.1)
        agrees_with_torch(ours.relative_error, self.theirs.relative_error, X, X**2)
        agrees_with_torch(
            lambda x: ours.numerical_gradient(lambda y: (y**3).sum(), x),
            lambda x: self.theirs.numerical_gradient(lambda y: (y**3).sum(), x),
            X,
            rtol=1e-9,  # differences divide the rounding of f by epsilon
            atol=1e-9,
        )

    def test_gradients_are_those_of_autograd_through_the_written_out_network(self):
        F = self.torch.nn.functional
        X, Y, parameters = network([3, 5, 4, 1], seed=4)
        leaves = {name: p.requires_grad_() for name, p in self.tensors(parameters).items()}
        A = self.torch.from_numpy(X)
        for l in (1, 2):
            A = F.relu(leaves[f"W{l}"] @ A + leaves[f"b{l}"])
        AL = self.torch.sigmoid(leaves["W3"] @ A + leaves["b3"])
        F.binary_cross_entropy(AL, self.torch.from_numpy(Y)).backward()
        same(backward(X, Y, parameters), {f"d{name}": p.grad for name, p in leaves.items()})

    def test_cost_is_that_of_torch_also_at_0_and_1(self):
        F, t = self.torch.nn.functional, self.torch.from_numpy
        AL, Y = np.array([[0.0, 1.0, 0.0, 1.0, 1e-50, 0.3]]), np.array([[1.0, 0.0, 0.0, 1.0, 1.0, 0.7]])
        same(ours.compute_cost(AL, Y), F.binary_cross_entropy(t(AL), t(Y)))

    def test_train_learns_and_repeats(self):
        X, Y = (self.torch.from_numpy(a) for a in XOR)
        parameters, costs = self.theirs.train(X, Y, [2, 16, 1], 0.5, 300, self.torch.Generator().manual_seed(0))
        again, _ = self.theirs.train(X, Y, [2, 16, 1], 0.5, 300, self.torch.Generator().manual_seed(0))
        same(parameters, again, rtol=0, atol=0)
        assert len(costs) == 300
        assert costs[-1] < 0.1
        arrays = {name: p.numpy() for name, p in parameters.items()}
        assert np.array_equal(predict(XOR[0], arrays), XOR[1])

    def test_one_step_of_train_is_one_step_of_sgd(self):
        X, Y, _ = network([3, 1])
        X, Y = self.torch.from_numpy(X), self.torch.from_numpy(Y)
        start, _ = self.theirs.train(X, Y, [3, 4, 1], 0.1, 0, self.torch.Generator().manual_seed(3))
        after, costs = self.theirs.train(X, Y, [3, 4, 1], 0.1, 1, self.torch.Generator().manual_seed(3))
        leaves = {name: p.clone().requires_grad_() for name, p in start.items()}
        logits = leaves["W2"] @ self.torch.relu(leaves["W1"] @ X + leaves["b1"]) + leaves["b2"]
        loss = self.torch.nn.functional.binary_cross_entropy_with_logits(logits, Y)
        loss.backward()
        same(costs, [loss])
        self.torch.optim.SGD(leaves.values(), lr=0.1).step()
        same(after, leaves)

    def test_bad_input_is_refused(self):
        ones = self.torch.ones
        with pytest.raises(ValueError, match="AL: got"):
            self.theirs.compute_cost(2 * ones(1, 3), ones(1, 3))
        with pytest.raises(ValueError, match="A_prev: got shape"):
            self.theirs.linear_backward(ones(2, 3), ones(4, 5), ones(2, 4))
        with pytest.raises(ValueError, match="cache: got"):
            self.theirs.backward_propagation(ones(1, 2), {}, {"W1": ones(1, 2), "b1": ones(1, 1)})
        with pytest.raises(ValueError, match="gradients: got"):
            self.theirs.update_parameters({"W1": ones(1)}, {}, 0.1)
