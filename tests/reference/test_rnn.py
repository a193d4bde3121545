"""The recurrent network of the reference: against PyTorch, against complex steps, and by its laws."""

import math
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reference.with_numpy import rnn

NAMES = ("Whh", "Wxh", "bh")
laws = settings(deadline=None, max_examples=30, derandomize=True)
seeds = st.integers(0, 10**6)


def problem(seed=0, n_x=3, n_h=4, m=5, T=6, dtype=np.float64):
    """X, h0, parameters and an upstream gradient, all sizes different so that no transpose can hide."""
    rng = np.random.default_rng(seed)

    def draw(*shape):
        return rng.standard_normal(shape).astype(dtype)

    parameters = {"Whh": draw(n_h, n_h) / 2, "Wxh": draw(n_h, n_x), "bh": draw(n_h, 1)}
    return draw(n_x, m, T), draw(n_h, m), parameters, draw(n_h, m, T)


def close(actual, desired, rtol=1e-12, atol=1e-13):
    np.testing.assert_allclose(np.asarray(actual), np.asarray(desired), rtol=rtol, atol=atol, strict=True)


def frozen(*values):
    """The same arrays, read-only, so that any write to an input raises."""
    for value in values:
        for array in value.values() if isinstance(value, dict) else [value]:
            array.setflags(write=False)
    return values


def complex_step(f, x):
    """The gradient of an analytic f at x, exact to rounding: Im f(x + ih) / h."""
    gradient = np.empty(x.shape)
    for index in np.ndindex(*x.shape):
        moved = x.astype(complex)
        moved[index] += 1e-30j
        gradient[index] = f(moved).imag / 1e-30
    return gradient


def unrolled_loss(dH, X, h, Whh, Wxh, bh):
    """<dH, H>, written out without casts so that complex arguments pass."""
    loss = 0
    for t in range(X.shape[2]):
        h = np.tanh(Whh @ h + Wxh @ X[:, :, t] + bh)
        loss = loss + (dH[:, :, t] * h).sum()
    return loss


class TestForward:
    def test_cell_by_hand(self):
        """tanh(0.5 * 0.2 + 2 * 0.3 - 0.1) = tanh(0.6)."""
        parameters = {"Whh": np.array([[0.5]]), "Wxh": np.array([[2.0]]), "bh": np.array([[-0.1]])}
        close(rnn.rnn_cell(np.array([[0.3]]), np.array([[0.2]]), parameters), [[math.tanh(0.6)]])

    @laws
    @given(seeds)
    def test_one_step_is_the_cell(self, seed):
        X, h0, parameters, _ = problem(seed, T=1)
        close(rnn.rnn_forward(X, h0, parameters)[:, :, 0], rnn.rnn_cell(X[:, :, 0], h0, parameters))

    @laws
    @given(seeds)
    def test_without_recurrence_every_step_is_a_dense_layer(self, seed):
        X, h0, parameters, _ = problem(seed)
        parameters["Whh"] = np.zeros((4, 4))
        dense = np.tanh(np.einsum("hx,xmt->hmt", parameters["Wxh"], X) + parameters["bh"][:, :, None])
        close(rnn.rnn_forward(X, h0, parameters), dense)

    @laws
    @given(seeds, st.integers(0, 5))
    def test_the_future_leaves_the_past_bitwise_alone(self, seed, t):
        X, h0, parameters, _ = problem(seed)
        edited = X.copy()
        edited[:, :, t] += 1
        before, after = rnn.rnn_forward(X, h0, parameters), rnn.rnn_forward(edited, h0, parameters)
        np.testing.assert_array_equal(before[:, :, :t], after[:, :, :t])
        assert (before[:, :, t] != after[:, :, t]).any()

    @laws
    @given(seeds, st.integers(1, 5))
    def test_a_split_sequence_with_the_state_carried_is_the_whole(self, seed, cut):
        X, h0, parameters, _ = problem(seed)
        first = rnn.rnn_forward(X[:, :, :cut], h0, parameters)
        second = rnn.rnn_forward(X[:, :, cut:], first[:, :, -1], parameters)
        close(np.concatenate([first, second], axis=2), rnn.rnn_forward(X, h0, parameters))

    @laws
    @given(seeds)
    def test_examples_do_not_meet(self, seed):
        X, h0, parameters, _ = problem(seed)
        order = np.random.default_rng(seed).permutation(5)
        H = rnn.rnn_forward(X, h0, parameters)
        close(rnn.rnn_forward(X[:, order], h0[:, order], parameters), H[:, order])


class TestBackward:
    @pytest.mark.parametrize("T", [1, 5])
    def test_complex_step(self, T):
        X, h0, p, dH = problem(1, T=T)
        gradients, dX, dh0 = rnn.rnn_backward(dH, X, h0, p)
        Whh, Wxh, bh = (p[name] for name in NAMES)
        close(gradients["dWhh"], complex_step(lambda W: unrolled_loss(dH, X, h0, W, Wxh, bh), Whh))
        close(gradients["dWxh"], complex_step(lambda W: unrolled_loss(dH, X, h0, Whh, W, bh), Wxh))
        close(gradients["dbh"], complex_step(lambda b: unrolled_loss(dH, X, h0, Whh, Wxh, b), bh))
        close(dX, complex_step(lambda x: unrolled_loss(dH, x, h0, Whh, Wxh, bh), X))
        close(dh0, complex_step(lambda h: unrolled_loss(dH, X, h, Whh, Wxh, bh), h0))

    @laws
    @given(seeds)
    def test_shared_weights_gather_the_gradients_of_every_step(self, seed):
        """Untied: each step backpropagated by itself, with the gradient that the later steps hand down."""
        X, h0, p, dH = problem(seed)
        H = np.concatenate([h0[:, :, None], rnn.rnn_forward(X, h0, p)], axis=2)
        total = {f"d{name}": np.zeros_like(p[name]) for name in NAMES}
        carried = np.zeros_like(h0)
        for t in reversed(range(6)):
            upstream = (dH[:, :, t] + carried)[:, :, None]
            step, _, carried = rnn.rnn_backward(upstream, X[:, :, t : t + 1], H[:, :, t], p)
            total = {name: total[name] + step[name] for name in total}
        gradients, _, dh0 = rnn.rnn_backward(dH, X, h0, p)
        for name, gradient in total.items():
            close(gradients[name], gradient)
        close(dh0, carried)

    @laws
    @given(seeds, st.integers(0, 5))
    def test_no_gradient_reaches_inputs_after_the_loss(self, seed, t):
        X, h0, p, dH = problem(seed)
        only = np.zeros_like(dH)
        only[:, :, t] = dH[:, :, t]
        dX = rnn.rnn_backward(only, X, h0, p)[1]
        assert not dX[:, :, t + 1 :].any()
        assert dX[:, :, : t + 1].any(axis=(0, 1)).all()

    @laws
    @given(seeds)
    def test_linear_in_the_upstream_gradient(self, seed):
        X, h0, p, dH = problem(seed)
        other = problem(seed + 1)[3]
        flat = [flatten(rnn.rnn_backward(d, X, h0, p)) for d in (dH, other, 2 * dH - 3 * other, 0 * dH)]
        close(flat[2], 2 * flat[0] - 3 * flat[1], atol=1e-11)
        assert not flat[3].any()

    @laws
    @given(seeds)
    def test_sums_over_examples(self, seed):
        """Every example twice doubles the gradients of the parameters: a sum, not a mean."""
        X, h0, p, dH = problem(seed)
        once, dX, _ = rnn.rnn_backward(dH, X, h0, p)
        twice, dX2, _ = rnn.rnn_backward(np.tile(dH, (1, 2, 1)), np.tile(X, (1, 2, 1)), np.tile(h0, 2), p)
        for name in once:
            close(twice[name], 2 * once[name], atol=1e-11)
        close(dX2, np.tile(dX, (1, 2, 1)))


def flatten(result):
    gradients, *others = result
    return np.concatenate([array.ravel() for array in (*gradients.values(), *others)])


class TestSimpleRNN:
    def test_is_the_sequence_with_a_linear_reading_of_the_last_state(self):
        model = rnn.SimpleRNN(3, 4, 2, np.random.default_rng(0))
        model.bh, model.by = np.full((4, 1), 0.3), np.full((2, 1), -0.2)
        X, h0, _, _ = problem(m=1)
        y, hidden_states = model.forward([X[:, :, t] for t in range(6)], h0)
        H = rnn.rnn_forward(X, h0, {"Whh": model.Whh, "Wxh": model.Wxh, "bh": model.bh})
        close(np.stack(hidden_states, axis=2), H)
        close(y, model.Why @ H[:, :, -1] + model.by)

    def test_shapes_biases_and_reproducibility(self):
        model, again = (rnn.SimpleRNN(3, 4, 2, np.random.default_rng(7)) for _ in range(2))
        shapes = {"Whh": (4, 4), "Wxh": (4, 3), "Why": (2, 4), "bh": (4, 1), "by": (2, 1)}
        for name, shape in shapes.items():
            assert getattr(model, name).shape == shape
            np.testing.assert_array_equal(getattr(model, name), getattr(again, name))
        assert not model.bh.any()
        assert not model.by.any()

    def test_the_variance_is_one_over_fan_in(self):
        """Erratum 3: N(0, 1/n_in), which the source calls Xavier's, is LeCun's; the fan is the number of columns.

        sum w^2 n_in is chi-square with k degrees of freedom, and by Laurent and Massart (2000), lemma 1, leaves
        [k - 2 sqrt(k x), k + 2 sqrt(k x) + 2x] with probability at most 2 exp(-x); x = 23 for each of three gives
        a false-alarm rate below 1e-9.
        """
        model = rnn.SimpleRNN(90, 200, 110, np.random.default_rng(1))
        for W in (model.Whh, model.Wxh, model.Why):
            slack = 2 * math.sqrt(W.size * 23)
            assert W.size - slack <= (W**2).sum() * W.shape[1] <= W.size + slack + 2 * 23

    def test_float32_in_float32_out(self):
        model = rnn.SimpleRNN(3, 4, 2, np.random.default_rng(0))
        inputs = [np.ones((3, 1), np.float32)] * 2
        y, hidden_states = model.forward(inputs, np.zeros((4, 1), np.float32))
        assert y.dtype == np.float32
        assert all(h.dtype == np.float32 for h in hidden_states)

    @pytest.mark.parametrize(
        ("inputs", "h_prev"),
        [
            ([], np.zeros((4, 1))),
            ([np.zeros((2, 1))], np.zeros((4, 1))),
            ([np.zeros(3)], np.zeros((4, 1))),
            ([np.zeros((3, 1))], np.zeros((3, 1))),
        ],
    )
    def test_bad_input(self, inputs, h_prev):
        with pytest.raises(ValueError, match=r"inputs|h_prev"):
            rnn.SimpleRNN(3, 4, 2, np.random.default_rng(0)).forward(inputs, h_prev)

    def test_bad_size(self):
        with pytest.raises(ValueError, match="hidden_size"):
            rnn.SimpleRNN(3, 0, 2, np.random.default_rng(0))


def joint_norm(gradients):
    return math.sqrt(sum(float((np.asarray(g, float) ** 2).sum()) for g in gradients.values()))


class TestClipGradients:
    @laws
    @given(seeds, st.floats(1e-3, 1e3))
    def test_the_joint_norm_is_the_smaller_one_and_the_direction_stays(self, seed, max_norm):
        rng = np.random.default_rng(seed)
        gradients = {"dW": 10 * rng.standard_normal((3, 4)), "db": rng.standard_normal((3, 1))}
        clipped = rnn.clip_gradients(gradients, max_norm)
        norm = joint_norm(gradients)
        assert joint_norm(clipped) == pytest.approx(min(norm, max_norm), rel=1e-13)
        for name in gradients:
            close(clipped[name], gradients[name] * min(1, max_norm / norm))

    @laws
    @given(seeds)
    def test_clipping_twice_is_clipping_once(self, seed):
        gradients = {"a": 10 * np.random.default_rng(seed).standard_normal((3, 4))}
        once = rnn.clip_gradients(gradients, 0.5)
        close(rnn.clip_gradients(once, 0.5)["a"], once["a"])

    def test_three_four_five(self):
        """One norm over everything: 3 and 4 in two arrays are 5 together."""
        gradients = {"a": np.array([3.0]), "b": np.array([[4.0]])}
        clipped = rnn.clip_gradients(gradients, 1)
        close(clipped["a"], [0.6])
        close(clipped["b"], [[0.8]])
        unchanged = rnn.clip_gradients(gradients, 5)
        assert (unchanged["a"][0], unchanged["b"][0, 0]) == (3, 4)

    @pytest.mark.parametrize(("size", "dtype"), [(1e200, np.float64), (1e30, np.float32)])
    def test_exploding_gradients_do_not_overflow_the_norm(self, size, dtype):
        clipped = rnn.clip_gradients({"a": np.array([3 * size, 4 * size], dtype)}, 10)["a"]
        close(clipped, np.array([6, 8], dtype), rtol=1e-6)

    def test_nothing_to_clip(self):
        assert rnn.clip_gradients({}, 1) == {}
        np.testing.assert_array_equal(rnn.clip_gradients({"a": np.zeros((2, 2))}, 1)["a"], np.zeros((2, 2)))

    @pytest.mark.parametrize("max_norm", [0, -1, math.nan])
    def test_bad_norm(self, max_norm):
        with pytest.raises(ValueError, match="max_norm"):
            rnn.clip_gradients({"a": np.ones(2)}, max_norm)


class TestGradientNormsThroughTime:
    def test_nine_tenths_for_a_hundred_steps(self):
        norms = rnn.gradient_norms_through_time(0.9 * np.eye(3), 100)
        close(norms, 0.9 ** np.arange(1, 101))
        assert norms[-1] == pytest.approx(2.656e-5, rel=1e-3)

    @laws
    @given(seeds)
    def test_a_rotation_keeps_them_at_one(self, seed):
        Q = np.linalg.qr(np.random.default_rng(seed).standard_normal((5, 5)))[0]
        close(rnn.gradient_norms_through_time(Q, 50), np.ones(50))

    @laws
    @given(seeds)
    def test_between_the_spectral_radius_and_the_power_of_the_norm(self, seed):
        W = np.random.default_rng(seed).standard_normal((4, 4))
        k = np.arange(1, 21)
        norms = rnn.gradient_norms_through_time(W, 20)
        radius, norm = np.abs(np.linalg.eigvals(W)).max(), np.linalg.norm(W, 2)
        assert (norms >= radius**k * (1 - 1e-10)).all()
        assert (norms <= norm**k * (1 + 1e-10)).all()

    @laws
    @given(seeds)
    def test_against_matrix_powers(self, seed):
        W = np.random.default_rng(seed).standard_normal((4, 4))
        powers = [np.linalg.matrix_power(W, k) for k in range(1, 13)]
        close(rnn.gradient_norms_through_time(W, 12), [np.linalg.svd(P)[1][0] for P in powers], rtol=1e-10)

    @pytest.mark.parametrize(("Whh", "T"), [(np.ones((2, 3)), 4), (np.ones(3), 4), (np.eye(2), 0), (np.eye(2), 1.5)])
    def test_bad_input(self, Whh, T):
        with pytest.raises(ValueError, match=r"^(Whh|T):"):
            rnn.gradient_norms_through_time(Whh, T)


class TestContract:
    def test_inputs_are_read_only_and_shared_with_no_output(self):
        X, h0, p, dH = frozen(*problem(T=1, m=1))
        gradients, dX, dh0 = rnn.rnn_backward(dH, X, h0, p)
        outputs = [
            rnn.rnn_cell(X[:, :, 0], h0, p),
            rnn.rnn_forward(X, h0, p),
            *(*gradients.values(), dX, dh0),
            *rnn.clip_gradients(p, 1e6).values(),
            rnn.gradient_norms_through_time(p["Whh"], 1),
        ]
        for output in outputs:
            assert not any(np.shares_memory(output, array) for array in (X, h0, dH, *p.values()))

    @pytest.mark.parametrize("dtype", [np.float32, np.float64])
    def test_the_float_type_is_kept(self, dtype):
        X, h0, p, dH = problem(dtype=dtype)
        assert rnn.rnn_cell(X[:, :, 0], h0, p).dtype == dtype
        assert rnn.rnn_forward(X, h0, p).dtype == dtype
        gradients, dX, dh0 = rnn.rnn_backward(dH, X, h0, p)
        assert {array.dtype for array in (*gradients.values(), dX, dh0)} == {np.dtype(dtype)}
        assert rnn.clip_gradients(p, 1)["Whh"].dtype == dtype
        assert rnn.gradient_norms_through_time(p["Whh"], 3).dtype == dtype

    def test_integers_become_float64(self):
        p = {"Whh": np.eye(2, dtype=int), "Wxh": np.ones((2, 3), int), "bh": np.zeros((2, 1), int)}
        H = rnn.rnn_forward(np.ones((3, 1, 2), int), np.zeros((2, 1), int), p)
        assert H.dtype == np.float64
        close(H[0, 0], [math.tanh(3), math.tanh(math.tanh(3) + 3)])

    def test_fortran_order_and_strides(self):
        X, h0, p, dH = problem()
        expected = flatten(rnn.rnn_backward(dH, X, h0, p))
        p = {name: np.asfortranarray(W) for name, W in p.items()}
        strided = np.repeat(X, 2, axis=1)[:, ::2]
        close(flatten(rnn.rnn_backward(np.asfortranarray(dH), strided, np.asfortranarray(h0), p)), expected)

    def test_large_inputs_saturate_quietly(self):
        X, h0, p, dH = problem()
        with np.errstate(over="raise", divide="raise", invalid="raise"):
            H = rnn.rnn_forward(1e4 * X, h0, p)
            rnn.rnn_backward(dH, 1e4 * X, h0, p)
        assert np.abs(H).max() <= 1

    @pytest.mark.parametrize(
        ("argument", "change"),
        [
            ("X", lambda X, h0, p, dH: (X[:2], h0, p, dH)),
            ("X", lambda X, h0, p, dH: (X[:, :, 0], h0, p, dH)),
            ("X", lambda X, h0, p, dH: (X[:, :, :0], h0, p, dH)),
            ("X", lambda X, h0, p, dH: (X, h0[:, :2], p, dH)),
            ("h0", lambda X, h0, p, dH: (X, h0[:, 0], p, dH)),
            ("parameters['bh']", lambda X, h0, p, dH: (X, h0, p | {"bh": p["bh"][:, 0]}, dH)),
            ("parameters['Wxh']", lambda X, h0, p, dH: (X, h0, p | {"Wxh": p["Wxh"].T}, dH)),
            ("parameters['Whh']", lambda X, h0, p, dH: (X, h0, {"Wxh": p["Wxh"], "bh": p["bh"]}, dH)),
            ("dH", lambda X, h0, p, dH: (X, h0, p, dH[:, :, :2])),
        ],
    )
    def test_bad_shapes(self, argument, change):
        X, h0, p, dH = change(*problem())
        with pytest.raises(ValueError, match=rf"^{re.escape(argument)}: got"):
            rnn.rnn_backward(dH, X, h0, p)

    def test_bad_step(self):
        X, h0, p, _ = problem()
        with pytest.raises(ValueError, match="x_t"):
            rnn.rnn_cell(X[:, :2, 0], h0, p)
        with pytest.raises(ValueError, match="h_prev"):
            rnn.rnn_cell(X[:, :, 0], h0[:, 0], p)


class TestAgainstTorch:
    @pytest.fixture(autouse=True)
    def _torch(self):
        self.torch = pytest.importorskip("torch")
        from reference.with_torch import rnn as twin

        self.twin = twin

    def tensors(self, *values):
        return [
            {k: self.torch.tensor(v) for k, v in value.items()} if isinstance(value, dict) else self.torch.tensor(value)
            for value in values
        ]

    def test_forward(self):
        X, h0, p, _ = problem()
        tX, th0, tp = self.tensors(X, h0, p)
        close(self.twin.rnn_cell(tX[:, :, 0], th0, tp), rnn.rnn_cell(X[:, :, 0], h0, p))
        close(self.twin.rnn_forward(tX, th0, tp), rnn.rnn_forward(X, h0, p))

    def test_backward(self):
        X, h0, p, dH = problem()
        mine, theirs = rnn.rnn_backward(dH, X, h0, p), self.twin.rnn_backward(*self.tensors(dH, X, h0, p))
        assert list(mine[0]) == list(theirs[0]) == ["dWhh", "dWxh", "dbh"]
        close(flatten(mine), flatten(theirs))

    def test_torch_nn(self):
        """The outside: torch.nn.RNN, whose axes are (T, m, n) and whose second bias is set to zero."""
        torch = self.torch
        X, h0, p, dH = problem()
        layer = torch.nn.RNN(3, 4, dtype=torch.float64)
        tX, th0, tp, tdH = self.tensors(X, h0, p, dH)
        with torch.no_grad():
            layer.weight_hh_l0.copy_(tp["Whh"])
            layer.weight_ih_l0.copy_(tp["Wxh"])
            layer.bias_ih_l0.copy_(tp["bh"][:, 0])
            layer.bias_hh_l0.zero_()
        tX.requires_grad_()
        H = layer(tX.permute(2, 1, 0), th0.T[None].contiguous())[0].permute(2, 1, 0)
        close(rnn.rnn_forward(X, h0, p), H.detach())
        gradients, dX, _ = rnn.rnn_backward(dH, X, h0, p)
        (H * tdH).sum().backward()
        close(gradients["dWhh"], layer.weight_hh_l0.grad)
        close(gradients["dWxh"], layer.weight_ih_l0.grad)
        close(gradients["dbh"][:, 0], layer.bias_ih_l0.grad)
        close(dX, tX.grad)

    def test_simple_rnn(self):
        torch = self.torch
        model = rnn.SimpleRNN(3, 4, 2, np.random.default_rng(0))
        twin, again = (self.twin.SimpleRNN(3, 4, 2, torch.Generator().manual_seed(0)) for _ in range(2))
        assert all(torch.equal(a, b) for a, b in zip(twin.parameters(), again.parameters(), strict=True))
        for name in ("Whh", "Wxh", "Why", "bh", "by"):
            assert getattr(twin, name).shape == getattr(model, name).shape
            setattr(model, name, getattr(twin, name).detach().numpy())
        X, h0, _, _ = problem(m=1)
        y, hidden_states = model.forward([X[:, :, t] for t in range(6)], h0)
        tX, th0 = self.tensors(X, h0)
        ty, twin_states = twin.forward([tX[:, :, t] for t in range(6)], th0)
        close(ty.detach(), y)
        close(torch.stack(twin_states).detach(), np.stack(hidden_states))
        assert twin.forward([tX[:, :, 0].float()], th0.float())[0].dtype == torch.float32
        with pytest.raises(ValueError, match="inputs"):
            twin.forward([], th0)

    def test_the_twin_draws_with_variance_one_over_fan_in(self):
        """The bound of Laurent and Massart as above: false-alarm rate below 1e-9."""
        model = self.twin.SimpleRNN(90, 200, 110, self.torch.Generator().manual_seed(1))
        for parameter in (model.Whh, model.Wxh, model.Why):
            W = parameter.detach().numpy()
            slack = 2 * math.sqrt(W.size * 23)
            assert W.size - slack <= (W**2).sum() * W.shape[1] <= W.size + slack + 2 * 23

    @pytest.mark.parametrize("max_norm", [0.5, 100.0])
    def test_clip_grad_norm(self, max_norm):
        """PyTorch's own divides by norm + 1e-6, so the two agree to 1e-6 only; the twin agrees to rounding."""
        torch = self.torch
        _, _, p, _ = problem()
        clipped = rnn.clip_gradients(p, max_norm)
        (tp,) = self.tensors(p)
        leaves = [torch.zeros_like(g).requires_grad_() for g in tp.values()]
        for leaf, g in zip(leaves, tp.values(), strict=True):
            leaf.grad = g.clone()
        torch.nn.utils.clip_grad_norm_(leaves, max_norm)
        for name, leaf in zip(p, leaves, strict=True):
            close(clipped[name], leaf.grad, rtol=1e-6)
            close(clipped[name], self.twin.clip_gradients(tp, max_norm)[name])

    def test_twin_clips_without_overflow(self):
        big = self.torch.tensor([3e200, 4e200], dtype=self.torch.float64)
        close(self.twin.clip_gradients({"a": big}, 10)["a"], np.array([6.0, 8.0]))
        assert self.twin.clip_gradients({}, 1) == {}

    def test_gradient_norms(self):
        W = problem()[2]["Whh"]
        (tW,) = self.tensors(W)
        close(self.twin.gradient_norms_through_time(tW, 30), rnn.gradient_norms_through_time(W, 30), rtol=1e-11)

    def test_the_twin_leaves_its_inputs_and_graphs_alone(self):
        torch = self.torch
        X, h0, p, dH = self.tensors(*problem(T=1, m=1))
        copies = [t.clone() for t in (X, h0, dH, *p.values())]
        with torch.no_grad():
            gradients, dX, dh0 = self.twin.rnn_backward(dH, X, h0, p)
        outputs = (*gradients.values(), dX, dh0, *self.twin.clip_gradients(p, 1e6).values())
        pointers = {t.data_ptr() for t in (X, h0, dH, *p.values())}
        assert not any(t.requires_grad or t.data_ptr() in pointers for t in outputs)
        assert all(torch.equal(a, b) for a, b in zip((X, h0, dH, *p.values()), copies, strict=True))
        single = [t.float() if not isinstance(t, dict) else {k: v.float() for k, v in t.items()} for t in (X, h0, p)]
        assert self.twin.rnn_forward(*single).dtype == torch.float32
