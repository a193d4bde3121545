"""LSTM, GRU and the bidirectional pair of the reference: against PyTorch, against complex steps, and by their laws."""

import math
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reference.with_numpy import lstm_gru

laws = settings(deadline=None, max_examples=30, derandomize=True)
seeds = st.integers(0, 10**6)
N_X, N_H, M, T = 3, 4, 5, 6


def problem(seed=0, m=M, T=T, dtype=np.float64):
    """X, h0, c0, an upstream gradient and the parameters of both cells, all sizes different."""
    rng = np.random.default_rng(seed)

    def draw(*shape):
        return rng.standard_normal(shape).astype(dtype)

    p = {f"W{gate}": draw(N_H, N_H + N_X) / 2 for gate in "ficozrh"} | {f"b{gate}": draw(N_H, 1) for gate in "ficozrh"}
    return draw(N_X, m, T), draw(N_H, m), draw(N_H, m), draw(N_H, m, T), p


def close(actual, desired, rtol=1e-12, atol=1e-13):
    np.testing.assert_allclose(np.asarray(actual), np.asarray(desired), rtol=rtol, atol=atol, strict=True)


def flatten(result):
    gradients, *others = result
    return np.concatenate([np.asarray(array).ravel() for array in (*gradients.values(), *others)])


def bias(p, **values):
    """The parameters with every entry of some biases set: bf=50 opens the forget gate, bf=-50 shuts it."""
    return p | {name: np.full((N_H, 1), float(value)) for name, value in values.items()}


def complex_step(f, x):
    """The gradient of an analytic f at x, exact to rounding: Im f(x + ih) / h."""
    gradient = np.empty(x.shape)
    for index in np.ndindex(*x.shape):
        moved = x.astype(complex)
        moved[index] += 1e-30j
        gradient[index] = f(moved).imag / 1e-30
    return gradient


def logistic(z):
    return 1 / (1 + np.exp(-z))


def lstm_loss(dH, X, h, c, p):
    """<dH, H>, written out without casts so that complex arguments pass."""
    loss = 0
    for t in range(X.shape[2]):
        hx = np.concatenate([h, X[:, :, t]])
        f, i, o = (logistic(p[f"W{gate}"] @ hx + p[f"b{gate}"]) for gate in "fio")
        c = f * c + i * np.tanh(p["Wc"] @ hx + p["bc"])
        h = o * np.tanh(c)
        loss = loss + (dH[:, :, t] * h).sum()
    return loss


def gru_loss(dH, X, h, p):
    loss = 0
    for t in range(X.shape[2]):
        x = X[:, :, t]
        z, r = (logistic(p[f"W{gate}"] @ np.concatenate([h, x]) + p[f"b{gate}"]) for gate in "zr")
        h = (1 - z) * h + z * np.tanh(p["Wh"] @ np.concatenate([r * h, x]) + p["bh"])
        loss = loss + (dH[:, :, t] * h).sum()
    return loss


def lstm(X, h0, c0, p):
    return np.concatenate(lstm_gru.lstm_forward(X, h0, c0, p))


def gru(X, h0, c0, p):
    return lstm_gru.gru_forward(X, h0, p)


def lstm_backward(dH, X, h0, c0, p):
    return lstm_gru.lstm_backward(dH, X, h0, c0, p)


def gru_backward(dH, X, h0, c0, p):
    return lstm_gru.gru_backward(dH, X, h0, p)


both = pytest.mark.parametrize("forward", [lstm, gru])
both_backward = pytest.mark.parametrize("backward", [lstm_backward, gru_backward])


class TestForward:
    def test_lstm_cell_by_hand(self):
        """One unit, one input, four different gates: any swap of gates or of h and x moves the result."""
        p = {"Wf": [[1, 2]], "Wi": [[-1, 1]], "Wc": [[2, -1]], "Wo": [[0.5, 3]]}
        p = {name: np.array(W, float) for name, W in p.items()}
        p |= {name: np.array([[b]]) for name, b in {"bf": 0.1, "bi": 0.2, "bc": 0.3, "bo": 0.4}.items()}
        h, c = lstm_gru.lstm_cell(np.array([[0.5]]), np.array([[-0.2]]), np.array([[0.7]]), p)
        forget, write, expose = logistic(-0.2 + 1 + 0.1), logistic(0.2 + 0.5 + 0.2), logistic(-0.1 + 1.5 + 0.4)
        expected = forget * 0.7 + write * math.tanh(-0.4 - 0.5 + 0.3)
        close(c, [[expected]])
        close(h, [[expose * math.tanh(expected)]])

    def test_gru_cell_by_hand(self):
        p = {"Wz": np.array([[1.0, 2.0]]), "Wr": np.array([[-1.0, 1.0]]), "Wh": np.array([[2.0, -1.0]])}
        p |= {"bz": np.array([[0.1]]), "br": np.array([[0.2]]), "bh": np.array([[0.3]])}
        h = lstm_gru.gru_cell(np.array([[0.5]]), np.array([[-0.2]]), p)
        z, r = logistic(-0.2 + 1 + 0.1), logistic(0.2 + 0.5 + 0.2)
        close(h, [[(1 - z) * -0.2 + z * math.tanh(2 * r * -0.2 - 0.5 + 0.3)]])

    @both
    def test_every_step_is_the_cell(self, forward):
        X, h, c, _, p = problem()
        whole = forward(X, h, c, p)
        for t in range(T):
            if forward is lstm:
                h, c = lstm_gru.lstm_cell(X[:, :, t], h, c, p)
                close(whole[:, :, t], np.concatenate([h, c]))
            else:
                h = lstm_gru.gru_cell(X[:, :, t], h, p)
                close(whole[:, :, t], h)

    @both
    @laws
    @given(seed=seeds, t=st.integers(0, T - 1))
    def test_the_future_leaves_the_past_bitwise_alone(self, forward, seed, t):
        X, h0, c0, _, p = problem(seed)
        edited = X.copy()
        edited[:, :, t] += 1
        before, after = forward(X, h0, c0, p), forward(edited, h0, c0, p)
        np.testing.assert_array_equal(before[:, :, :t], after[:, :, :t])
        assert (before[:, :, t] != after[:, :, t]).any()

    @both
    @laws
    @given(seed=seeds, cut=st.integers(1, T - 1))
    def test_a_split_sequence_with_the_states_carried_is_the_whole(self, forward, seed, cut):
        X, h0, c0, _, p = problem(seed)
        first = forward(X[:, :, :cut], h0, c0, p)
        second = forward(X[:, :, cut:], first[:N_H, :, -1], first[-N_H:, :, -1], p)
        close(np.concatenate([first, second], axis=2), forward(X, h0, c0, p))

    @both
    @laws
    @given(seed=seeds)
    def test_examples_do_not_meet(self, forward, seed):
        X, h0, c0, _, p = problem(seed)
        order = np.random.default_rng(seed).permutation(M)
        close(forward(X[:, order], h0[:, order], c0[:, order], p), forward(X, h0, c0, p)[:, order])


class TestGates:
    @laws
    @given(seeds)
    def test_forget_open_and_write_shut_keeps_the_cell_forever(self, seed):
        X, h0, c0, _, p = problem(seed)
        _, C = lstm_gru.lstm_forward(X, h0, c0, bias(p, bf=1e3, bi=-1e3))
        np.testing.assert_array_equal(C, np.repeat(c0[:, :, None], T, axis=2))

    @laws
    @given(seeds)
    def test_an_output_gate_that_is_shut_hides_everything(self, seed):
        X, h0, c0, _, p = problem(seed)
        H, C = lstm_gru.lstm_forward(X, h0, c0, bias(p, bo=-1e3))
        assert not H.any()
        assert C.any()

    @laws
    @given(seeds)
    def test_lstm_states_are_below_one(self, seed):
        X, h0, c0, _, p = problem(seed)
        H, C = lstm_gru.lstm_forward(3 * X, h0, c0, p)
        assert (np.abs(H) < 1).all()
        assert (np.abs(C) <= np.abs(c0).max() + 1 + np.arange(T)).all()

    def test_a_forgetting_cell_holds_what_it_writes(self):
        """f = 0, i = 1: the cell is the candidate alone, whatever was there."""
        X, h0, c0, _, p = problem()
        _, C = lstm_gru.lstm_forward(X[:, :, :1], h0, c0, bias(p, bf=-1e3, bi=1e3))
        close(C[:, :, 0], np.tanh(p["Wc"] @ np.concatenate([h0, X[:, :, 0]]) + p["bc"]))

    @laws
    @given(seeds)
    def test_gru_copies_its_state_where_z_is_zero_and_takes_the_candidate_where_it_is_one(self, seed):
        X, h0, _, _, p = problem(seed)
        kept = lstm_gru.gru_forward(X, h0, bias(p, bz=-1e3))
        np.testing.assert_array_equal(kept, np.repeat(h0[:, :, None], T, axis=2))
        taken = lstm_gru.gru_forward(X, h0, bias(p, bz=1e3, br=1e3))
        close(taken[:, :, 0], np.tanh(p["Wh"] @ np.concatenate([h0, X[:, :, 0]]) + p["bh"]))

    @laws
    @given(seeds)
    def test_gru_states_stay_below_one_or_the_first(self, seed):
        X, h0, _, _, p = problem(seed)
        H = lstm_gru.gru_forward(3 * X, 5 * h0, p)
        assert np.abs(H).max() <= max(1, np.abs(5 * h0).max()) * (1 + 1e-15)

    @laws
    @given(seeds)
    def test_a_shut_reset_gate_hides_the_history_from_the_candidate(self, seed):
        X, h0, _, _, p = problem(seed)
        p = bias(p, br=-1e3, bz=1e3)
        close(lstm_gru.gru_forward(X, h0, p), lstm_gru.gru_forward(X, -h0 + 1, p))

    def test_the_reset_acts_before_the_product(self):
        """r = (1, 0) and a Wh that swaps two units: before the product the second unit is reset, after it the first."""
        p = {"Wz": np.zeros((2, 3)), "Wr": np.zeros((2, 3)), "Wh": np.array([[0.0, 1, 0], [1, 0, 0]])}
        p |= {"bz": np.full((2, 1), 1e3), "br": np.array([[1e3], [-1e3]]), "bh": np.zeros((2, 1))}
        h = lstm_gru.gru_cell(np.zeros((1, 1)), np.array([[0.3], [0.6]]), p)
        close(h, [[0.0], [math.tanh(0.3)]])


class TestBackward:
    @pytest.mark.parametrize("steps", [1, 4])
    def test_lstm_complex_step(self, steps):
        X, h0, c0, dH, p = problem(1, m=2, T=steps)
        gradients, dX, dh0, dc0 = lstm_gru.lstm_backward(dH, X, h0, c0, p)
        assert set(gradients) == {f"d{kind}{gate}" for kind in "Wb" for gate in "fico"}
        for name, gradient in gradients.items():
            close(gradient, complex_step(lambda w, n=name[1:]: lstm_loss(dH, X, h0, c0, p | {n: w}), p[name[1:]]))
        close(dX, complex_step(lambda x: lstm_loss(dH, x, h0, c0, p), X))
        close(dh0, complex_step(lambda h: lstm_loss(dH, X, h, c0, p), h0))
        close(dc0, complex_step(lambda c: lstm_loss(dH, X, h0, c, p), c0))

    @pytest.mark.parametrize("steps", [1, 4])
    def test_gru_complex_step(self, steps):
        X, h0, _, dH, p = problem(2, m=2, T=steps)
        gradients, dX, dh0 = lstm_gru.gru_backward(dH, X, h0, p)
        assert set(gradients) == {f"d{kind}{gate}" for kind in "Wb" for gate in "zrh"}
        for name, gradient in gradients.items():
            close(gradient, complex_step(lambda w, n=name[1:]: gru_loss(dH, X, h0, p | {n: w}), p[name[1:]]))
        close(dX, complex_step(lambda x: gru_loss(dH, x, h0, p), X))
        close(dh0, complex_step(lambda h: gru_loss(dH, X, h, p), h0))

    @both_backward
    @laws
    @given(seed=seeds, t=st.integers(0, T - 1))
    def test_no_gradient_reaches_inputs_after_the_loss(self, backward, seed, t):
        X, h0, c0, dH, p = problem(seed)
        only = np.zeros_like(dH)
        only[:, :, t] = dH[:, :, t]
        dX = backward(only, X, h0, c0, p)[1]
        assert not dX[:, :, t + 1 :].any()
        assert dX[:, :, : t + 1].any(axis=(0, 1)).all()

    @both_backward
    @laws
    @given(seed=seeds)
    def test_linear_in_the_upstream_gradient(self, backward, seed):
        X, h0, c0, dH, p = problem(seed)
        other = problem(seed + 1)[3]
        flat = [flatten(backward(d, X, h0, c0, p)) for d in (dH, other, 2 * dH - 3 * other, 0 * dH)]
        close(flat[2], 2 * flat[0] - 3 * flat[1], atol=1e-11)
        assert not flat[3].any()

    @both_backward
    @laws
    @given(seed=seeds)
    def test_sums_over_examples(self, backward, seed):
        """Every example twice doubles the gradients of the parameters: a sum, not a mean."""
        X, h0, c0, dH, p = problem(seed)
        twice = [np.concatenate([array, array], axis=1) for array in (dH, X, h0, c0)]
        (once, *inputs), (double, *doubled) = backward(dH, X, h0, c0, p), backward(*twice, p)
        for name in once:
            close(double[name], 2 * once[name], atol=1e-11)
        for one, two in zip(inputs, doubled, strict=True):
            close(two, np.concatenate([one, one], axis=1))

    def test_the_cell_is_a_highway(self):
        """f = 1 and i = 0: the gradient of the last state reaches c0 undamped by 200 steps; an RNN has lost it."""
        X, h0, c0, dH, p = problem(T=200)
        p = bias(p, bf=1e3, bi=-1e3, bo=1e3)
        last = np.zeros_like(dH)
        last[:, :, -1] = 1
        dc0 = lstm_gru.lstm_backward(last, X, h0, c0, p)[3]
        close(dc0, 1 - np.tanh(c0) ** 2)


class TestBidirectional:
    @staticmethod
    def pair(seed=0):
        X, ahead, behind, _, p = problem(seed)
        return X, ahead, behind, p, problem(seed + 1)[4]

    @laws
    @given(seeds)
    def test_two_grus_forward_half_first(self, seed):
        X, ahead, behind, p, q = self.pair(seed)
        out = lstm_gru.bidirectional(X, ahead, behind, p, q)
        assert out.shape == (2 * N_H, M, T)
        close(out[:N_H], lstm_gru.gru_forward(X, ahead, p))
        close(out[N_H:, :, ::-1], lstm_gru.gru_forward(X[:, :, ::-1], behind, q))

    @laws
    @given(seeds)
    def test_reversed_time_with_swapped_directions_swaps_the_halves(self, seed):
        X, ahead, behind, p, q = self.pair(seed)
        out = lstm_gru.bidirectional(X, ahead, behind, p, q)
        mirrored = lstm_gru.bidirectional(X[:, :, ::-1], behind, ahead, q, p)[:, :, ::-1]
        close(mirrored, np.concatenate([out[N_H:], out[:N_H]]))

    @laws
    @given(seeds, st.integers(0, T - 1))
    def test_each_half_sees_its_own_side_only(self, seed, t):
        X, ahead, behind, p, q = self.pair(seed)
        edited = X.copy()
        edited[:, :, t] += 1
        changed = lstm_gru.bidirectional(X, ahead, behind, p, q) != lstm_gru.bidirectional(edited, ahead, behind, p, q)
        assert not changed[:N_H, :, :t].any()
        assert not changed[N_H:, :, t + 1 :].any()
        assert changed[:N_H, :, t].any()
        assert changed[N_H:, :, t].any()

    @pytest.mark.parametrize(
        "change",
        [
            lambda X, a, b, p, q: (X, a, b[:, :2], p, q),
            lambda X, a, b, p, q: (X, a[:2], b[:2], p, q),
            lambda X, a, b, p, q: (X[:, :, 0], a, b, p, q),
            lambda X, a, b, p, q: (X, a, b, p, {}),
        ],
    )
    def test_bad_input(self, change):
        with pytest.raises(ValueError, match="needed"):
            lstm_gru.bidirectional(*change(*self.pair()))


class TestContract:
    def test_inputs_are_read_only_and_shared_with_no_output(self):
        X, h0, c0, dH, p = problem(m=1, T=1)
        inputs = (X, h0, c0, dH, *p.values())
        for array in inputs:
            array.setflags(write=False)
        x = X[:, :, 0]
        results = [lstm_gru.lstm_backward(dH, X, h0, c0, p), lstm_gru.gru_backward(dH, X, h0, p)]
        outputs = [
            *lstm_gru.lstm_cell(x, h0, c0, p),
            *lstm_gru.lstm_forward(X, h0, c0, p),
            lstm_gru.gru_cell(x, h0, p),
            lstm_gru.gru_forward(X, h0, p),
            lstm_gru.bidirectional(X, h0, h0, p, p),
            *(array for gradients, *rest in results for array in (*gradients.values(), *rest)),
        ]
        for output in outputs:
            assert not any(np.shares_memory(output, array) for array in inputs)

    @pytest.mark.parametrize("dtype", [np.float32, np.float64])
    def test_the_float_type_is_kept(self, dtype):
        X, h0, c0, dH, p = problem(dtype=dtype)
        x = X[:, :, 0]
        results = [lstm_gru.lstm_backward(dH, X, h0, c0, p), lstm_gru.gru_backward(dH, X, h0, p)]
        outputs = [
            *lstm_gru.lstm_cell(x, h0, c0, p),
            *lstm_gru.lstm_forward(X, h0, c0, p),
            lstm_gru.gru_cell(x, h0, p),
            lstm_gru.gru_forward(X, h0, p),
            lstm_gru.bidirectional(X, h0, h0, p, p),
            *(array for gradients, *rest in results for array in (*gradients.values(), *rest)),
        ]
        assert {output.dtype for output in outputs} == {np.dtype(dtype)}

    def test_integers_become_float64(self):
        X, h0, c0, _, p = problem()
        X, h0, c0 = (np.rint(array).astype(int) for array in (X, h0, c0))
        H, C = lstm_gru.lstm_forward(X, h0, c0, {name: np.rint(w).astype(int) for name, w in p.items()})
        assert H.dtype == C.dtype == np.float64

    @both_backward
    def test_fortran_order_and_strides(self, backward):
        X, h0, c0, dH, p = problem()
        expected = flatten(backward(dH, X, h0, c0, p))
        strided = np.repeat(X, 2, axis=1)[:, ::2]
        p = {name: np.asfortranarray(w) for name, w in p.items()}
        close(flatten(backward(np.asfortranarray(dH), strided, np.asfortranarray(h0), c0, p)), expected)

    @both_backward
    def test_large_inputs_saturate_quietly(self, backward):
        X, h0, c0, dH, p = problem()
        with np.errstate(over="raise", divide="raise", invalid="raise"):
            assert np.isfinite(flatten(backward(dH, 1e4 * X, h0, c0, p))).all()

    @pytest.mark.parametrize(
        ("argument", "change"),
        [
            ("dH", lambda dH, X, h0, c0, p: (dH[:, :, 1:], X, h0, c0, p)),
            ("X", lambda dH, X, h0, c0, p: (dH, X[:2], h0, c0, p)),
            ("X", lambda dH, X, h0, c0, p: (dH, X[:, 0], h0, c0, p)),
            ("X", lambda dH, X, h0, c0, p: (dH[:, :, :0], X[:, :, :0], h0, c0, p)),
            ("h0", lambda dH, X, h0, c0, p: (dH, X, h0[:2], c0, p)),
            ("c0", lambda dH, X, h0, c0, p: (dH, X, h0, c0[:, :2], p)),
            ("parameters['Wi']", lambda dH, X, h0, c0, p: (dH, X, h0, c0, p | {"Wi": p["Wi"].T})),
            ("parameters['bo']", lambda dH, X, h0, c0, p: (dH, X, h0, c0, p | {"bo": p["bo"][:, 0]})),
            ("parameters['Wf']", lambda dH, X, h0, c0, p: (dH, X, h0, c0, p | {"Wf": p["Wf"][:, :N_H]})),
            ("parameters['Wc']", lambda dH, X, h0, c0, p: (dH, X, h0, c0, {k: p[k] for k in p if k != "Wc"})),
        ],
    )
    def test_bad_lstm_input(self, argument, change):
        with pytest.raises(ValueError, match=rf"^{re.escape(argument)}: got"):
            lstm_gru.lstm_backward(*change(*problem_in_order()))

    @pytest.mark.parametrize(
        ("argument", "change"),
        [
            ("dH", lambda dH, X, h0, p: (dH[1:], X, h0, p)),
            ("X", lambda dH, X, h0, p: (dH, X[:, 1:], h0, p)),
            ("h0", lambda dH, X, h0, p: (dH, X, h0[:, 0], p)),
            ("parameters['Wh']", lambda dH, X, h0, p: (dH, X, h0, p | {"Wh": p["Wh"][:, 1:]})),
            ("parameters['br']", lambda dH, X, h0, p: (dH, X, h0, p | {"br": np.zeros((1, 1))})),
        ],
    )
    def test_bad_gru_input(self, argument, change):
        dH, X, h0, _, p = problem_in_order()
        with pytest.raises(ValueError, match=rf"^{re.escape(argument)}: got"):
            lstm_gru.gru_backward(*change(dH, X, h0, p))

    def test_bad_step(self):
        X, h0, c0, _, p = problem()
        with pytest.raises(ValueError, match="x_t"):
            lstm_gru.lstm_cell(X[:2, :, 0], h0, c0, p)
        with pytest.raises(ValueError, match="c_prev"):
            lstm_gru.lstm_cell(X[:, :, 0], h0, c0[:2], p)
        with pytest.raises(ValueError, match="h_prev"):
            lstm_gru.gru_cell(X[:, :, 0], h0[:2], p)


def problem_in_order():
    X, h0, c0, dH, p = problem()
    return dH, X, h0, c0, p


class TestAgainstTorch:
    @pytest.fixture(autouse=True)
    def _torch(self):
        self.torch = pytest.importorskip("torch")
        from reference.with_torch import lstm_gru as twin

        self.twin = twin

    def tensors(self, *values):
        return [
            {k: self.torch.tensor(v) for k, v in value.items()} if isinstance(value, dict) else self.torch.tensor(value)
            for value in values
        ]

    def test_forward(self):
        X, h0, c0, _, p = problem()
        tX, th0, tc0, tp = self.tensors(X, h0, c0, p)
        for mine, theirs in zip(
            lstm_gru.lstm_forward(X, h0, c0, p), self.twin.lstm_forward(tX, th0, tc0, tp), strict=True
        ):
            close(theirs, mine)
        step = self.twin.lstm_cell(tX[:, :, 0], th0, tc0, tp)
        for mine, theirs in zip(lstm_gru.lstm_cell(X[:, :, 0], h0, c0, p), step, strict=True):
            close(theirs, mine)
        close(self.twin.gru_cell(tX[:, :, 0], th0, tp), lstm_gru.gru_cell(X[:, :, 0], h0, p))
        close(self.twin.gru_forward(tX, th0, tp), lstm_gru.gru_forward(X, h0, p))
        close(self.twin.bidirectional(tX, th0, tc0, tp, tp), lstm_gru.bidirectional(X, h0, c0, p, p))

    def test_backward_against_autograd_of_the_written_out_equations(self):
        X, h0, c0, dH, p = problem()
        tdH, tX, th0, tc0, tp = self.tensors(dH, X, h0, c0, p)
        pairs = [
            (lstm_gru.lstm_backward(dH, X, h0, c0, p), self.twin.lstm_backward(tdH, tX, th0, tc0, tp)),
            (lstm_gru.gru_backward(dH, X, h0, p), self.twin.gru_backward(tdH, tX, th0, tp)),
        ]
        for (mine, *inputs), (theirs, *others) in pairs:
            assert set(mine) == set(theirs)
            close(flatten(({k: theirs[k] for k in mine}, *others)), flatten((mine, *inputs)))

    def test_torch_nn_lstm(self):
        """The outside: torch.nn.LSTM, gates in the order i, f, g, o, weights of x and of h apart, axes (T, m, n)."""
        torch = self.torch
        X, h0, c0, dH, p = problem()
        layer = torch.nn.LSTM(N_X, N_H, dtype=torch.float64)
        tX, th0, tc0, tdH, tp = self.tensors(X, h0, c0, dH, p)
        with torch.no_grad():
            layer.weight_hh_l0.copy_(torch.cat([tp[f"W{gate}"][:, :N_H] for gate in "ifco"]))
            layer.weight_ih_l0.copy_(torch.cat([tp[f"W{gate}"][:, N_H:] for gate in "ifco"]))
            layer.bias_ih_l0.copy_(torch.cat([tp[f"b{gate}"][:, 0] for gate in "ifco"]))
            layer.bias_hh_l0.zero_()
        leaves = [tensor.requires_grad_() for tensor in (tX, th0, tc0)]
        out, (_, c_last) = layer(tX.permute(2, 1, 0), (th0.T[None], tc0.T[None]))
        H, C = lstm_gru.lstm_forward(X, h0, c0, p)
        close(H, out.permute(2, 1, 0).detach())
        close(C[:, :, -1], c_last[0].T.detach())
        (out.permute(2, 1, 0) * tdH).sum().backward()
        gradients, *inputs = lstm_gru.lstm_backward(dH, X, h0, c0, p)
        close(np.concatenate([gradients[f"dW{gate}"][:, :N_H] for gate in "ifco"]), layer.weight_hh_l0.grad)
        close(np.concatenate([gradients[f"dW{gate}"][:, N_H:] for gate in "ifco"]), layer.weight_ih_l0.grad)
        close(np.concatenate([gradients[f"db{gate}"][:, 0] for gate in "ifco"]), layer.bias_ih_l0.grad)
        for mine, leaf in zip(inputs, leaves, strict=True):
            close(mine, leaf.grad)

    @pytest.mark.parametrize("reset", [1e3, -1e3])
    def test_torch_nn_gru_where_the_conventions_meet(self, reset):
        """torch.nn.GRU resets after the product with Wh, and its update gate is 1 - z.

        With the reset gate fully open, or fully shut and no bias on the hidden side, before and after are the same;
        the update gate is negated. Anywhere else the two differ, and autograd of the written-out equations decides.
        """
        torch = self.torch
        X, h0, _, _, p = problem()
        p = bias(p, br=reset)
        layer = torch.nn.GRU(N_X, N_H, dtype=torch.float64)
        tX, th0, tp = self.tensors(X, h0, p)
        signed = [(1, "r"), (-1, "z"), (1, "h")]
        with torch.no_grad():
            layer.weight_hh_l0.copy_(torch.cat([sign * tp[f"W{gate}"][:, :N_H] for sign, gate in signed]))
            layer.weight_ih_l0.copy_(torch.cat([sign * tp[f"W{gate}"][:, N_H:] for sign, gate in signed]))
            layer.bias_ih_l0.copy_(torch.cat([sign * tp[f"b{gate}"][:, 0] for sign, gate in signed]))
            layer.bias_hh_l0.zero_()
            H = layer(tX.permute(2, 1, 0), th0.T[None].contiguous())[0].permute(2, 1, 0)
            close(lstm_gru.gru_forward(X, h0, p), H)
            layer.bias_ih_l0[:N_H] = 0
            H = layer(tX.permute(2, 1, 0), th0.T[None].contiguous())[0].permute(2, 1, 0)
        assert np.abs(lstm_gru.gru_forward(X, h0, bias(p, br=0)) - H.numpy()).max() > 1e-3

    def test_the_twin_leaves_its_inputs_and_graphs_alone(self):
        torch = self.torch
        X, h0, c0, dH, p = self.tensors(*problem(m=1, T=1))
        inputs = (X, h0, c0, dH, *p.values())
        copies = [tensor.clone() for tensor in inputs]
        with torch.no_grad():
            results = [self.twin.lstm_backward(dH, X, h0, c0, p), self.twin.gru_backward(dH, X, h0, p)]
        outputs = [array for gradients, *rest in results for array in (*gradients.values(), *rest)]
        pointers = {tensor.data_ptr() for tensor in inputs}
        assert not any(tensor.requires_grad or tensor.data_ptr() in pointers for tensor in outputs)
        assert all(torch.equal(a, b) for a, b in zip(inputs, copies, strict=True))

    def test_the_twin_keeps_float32_and_rejects_bad_shapes(self):
        X, h0, c0, _, p = self.tensors(*problem(dtype=np.float32))
        assert self.twin.lstm_forward(X, h0, c0, p)[1].dtype == self.torch.float32
        assert self.twin.gru_forward(X, h0, p).dtype == self.torch.float32
        with pytest.raises(ValueError, match="c0"):
            self.twin.lstm_forward(X, h0, c0[:2], p)
        with pytest.raises(ValueError, match="Wz"):
            self.twin.gru_forward(X, h0, p | {"Wz": p["Wz"].T})
        with pytest.raises(ValueError, match="X"):
            self.twin.bidirectional(X[:, :, 0], h0, h0, p, p)
