"""Attention: the NumPy reference against PyTorch, against differentiation by complex step, and against its laws."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reference.with_numpy import attention as ours

law = settings(deadline=None, max_examples=30, derandomize=True)
seeds = st.integers(0, 2**32 - 1)
sizes = st.integers(1, 6)

BLOCK = ("Wq", "Wk", "Wv", "Wo", "W1", "b1", "W2", "b2", "gamma1", "beta1", "gamma2", "beta2")


@pytest.fixture(scope="module")
def torch():
    return pytest.importorskip("torch")


@pytest.fixture(scope="module")
def theirs(torch):
    from reference.with_torch import attention

    return attention


def normals(seed, *shapes):
    rng = np.random.default_rng(seed)
    return [rng.standard_normal(shape) for shape in shapes]


def queries_keys_values(seed, T, S, d=3, v=4, leading=()):
    return normals(seed, (*leading, T, d), (*leading, S, d), (*leading, S, v))


def block_parameters(seed, d, n):
    shapes = [(d, d)] * 4 + [(d, n), (n,), (n, d), (d,)] + [(d,)] * 4
    return {name: x / math.sqrt(len(x)) for name, x in zip(BLOCK, normals(seed, *shapes), strict=True)}


def random_mask(seed, *shape):
    return np.random.default_rng(seed).random(shape) < 0.6


def close(actual, expected, tolerance=1e-12):
    actual, expected = np.asarray(actual), np.asarray(expected)
    assert actual.shape == expected.shape
    assert actual.dtype == expected.dtype
    np.testing.assert_allclose(actual, expected, rtol=tolerance, atol=tolerance * max(1.0, np.abs(expected).max()))


def complex_step(f, x, dout):
    """d <dout, f(x)> / dx, entry by entry, exact to rounding since f is analytic and nothing is subtracted."""
    gradient = np.empty_like(x)
    for i in np.ndindex(x.shape):
        moved = x.astype(complex)
        moved[i] += 1e-30j
        gradient[i] = np.sum(dout * f(moved)).imag / 1e-30
    return gradient


def analytic_attention(Q, K, V, mask):
    """The forward without a shift or a cast, for complex step; no row may be masked completely."""
    weights = np.exp(Q @ K.swapaxes(-1, -2) / math.sqrt(Q.shape[-1])) * mask
    return weights / weights.sum(axis=-1, keepdims=True) @ V


def analytic_layer_norm(X, gamma, beta, epsilon):
    centred = X - X.mean(axis=-1, keepdims=True)
    return gamma * centred / np.sqrt((centred**2).mean(axis=-1, keepdims=True) + epsilon) + beta


class TestAgainstPyTorch:
    """Both trees do the same arithmetic on well-conditioned numbers, so 1e-12 relative to the largest entry."""

    @pytest.mark.parametrize(("T", "S", "leading"), [(5, 5, ()), (4, 7, ()), (1, 1, ()), (3, 6, (2, 3))])
    @pytest.mark.parametrize("masked", ["no", "shared", "own", "a whole row"])
    def test_attention_and_its_backward(self, torch, theirs, T, S, leading, masked):
        Q, K, V = queries_keys_values(T, T, S, leading=leading)
        (dout,) = normals(1, (*leading, T, 4))
        mask = {
            "no": None,
            "shared": random_mask(2, T, S),
            "own": random_mask(3, *leading, T, S),
            "a whole row": np.arange(T)[:, None] > np.zeros(S),
        }[masked]
        tensors = [torch.from_numpy(x) for x in (dout, Q, K, V)]
        tensor_mask = None if mask is None else torch.from_numpy(mask)
        for a, b in zip(
            ours.scaled_dot_product_attention(Q, K, V, mask) + ours.attention_backward(dout, Q, K, V, mask),
            theirs.scaled_dot_product_attention(*tensors[1:], tensor_mask)
            + theirs.attention_backward(*tensors, tensor_mask),
            strict=True,
        ):
            close(a, b)

    def test_attention_is_that_of_torch(self, torch):
        Q, K, V = queries_keys_values(0, 6, 6, leading=(2, 3))
        mask = ours.causal_mask(6)
        expected = torch.nn.functional.scaled_dot_product_attention(
            *(torch.from_numpy(x) for x in (Q, K, V)), is_causal=True
        )
        close(ours.scaled_dot_product_attention(Q, K, V, mask)[0], expected)

    def test_pytorch_attention_survives_its_own_backward_with_a_fully_masked_row(self, torch, theirs):
        tensors = [torch.from_numpy(x).requires_grad_() for x in queries_keys_values(0, 3, 5)]
        mask = torch.tensor([[True], [False], [True]]).expand(3, 5)
        theirs.scaled_dot_product_attention(*tensors, mask)[0].sum().backward()
        assert all(bool(x.grad.isfinite().all()) for x in tensors)

    @pytest.mark.parametrize("heads", [1, 2, 4])
    def test_multi_head_attention_is_that_of_torch(self, torch, theirs, heads):
        """torch.nn.MultiheadAttention keeps its matrices transposed, the three inputs' stacked in one."""
        N, T, d = 3, 5, 8
        (X,) = normals(heads, (N, T, d))
        P = block_parameters(7, d, 2)
        module = torch.nn.MultiheadAttention(d, heads, bias=False, batch_first=True, dtype=torch.float64)
        tensor = torch.from_numpy(X)
        mask = ours.causal_mask(T)
        with torch.no_grad():
            module.in_proj_weight.copy_(torch.from_numpy(np.hstack([P["Wq"], P["Wk"], P["Wv"]]).T))
            module.out_proj.weight.copy_(torch.from_numpy(P["Wo"].T.copy()))
            expected = module(tensor, tensor, tensor, attn_mask=torch.from_numpy(~mask), need_weights=False)[0]
        close(ours.multi_head_attention(X, P, heads, mask), expected)
        tensors = {name: torch.from_numpy(x) for name, x in P.items()}
        close(theirs.multi_head_attention(tensor, tensors, heads, torch.from_numpy(mask)), expected)

    def test_transformer_block_is_that_of_torch(self, torch, theirs):
        N, T, d, n, heads = 2, 5, 6, 11, 3
        (X,) = normals(0, (N, T, d))
        P = block_parameters(8, d, n)
        tensors = {name: torch.from_numpy(x) for name, x in P.items()}
        layer = torch.nn.TransformerEncoderLayer(d, heads, n, dropout=0.0, batch_first=True, dtype=torch.float64)
        layer.load_state_dict(
            {
                "self_attn.in_proj_weight": torch.hstack([tensors[name] for name in ("Wq", "Wk", "Wv")]).T,
                "self_attn.in_proj_bias": torch.zeros(3 * d, dtype=torch.float64),
                "self_attn.out_proj.weight": tensors["Wo"].T,
                "self_attn.out_proj.bias": torch.zeros(d, dtype=torch.float64),
                "linear1.weight": tensors["W1"].T,
                "linear1.bias": tensors["b1"],
                "linear2.weight": tensors["W2"].T,
                "linear2.bias": tensors["b2"],
                "norm1.weight": tensors["gamma1"],
                "norm1.bias": tensors["beta1"],
                "norm2.weight": tensors["gamma2"],
                "norm2.bias": tensors["beta2"],
            }
        )
        mask = ours.causal_mask(T)
        with torch.no_grad():
            expected = layer(torch.from_numpy(X), src_mask=torch.from_numpy(~mask))
        close(ours.transformer_block(X, P, heads, mask), expected)
        close(theirs.transformer_block(torch.from_numpy(X), tensors, heads, torch.from_numpy(mask)), expected)

    @pytest.mark.parametrize("shape", [(5,), (4, 6), (2, 3, 7), (3, 1)])
    @pytest.mark.parametrize("epsilon", [1e-5, 0.1])
    def test_layer_norm_and_its_backward(self, torch, theirs, shape, epsilon):
        X, dout, gamma, beta = normals(0, shape, shape, shape[-1:], shape[-1:])
        x, g, c, b = (torch.from_numpy(a) for a in (X, dout, gamma, beta))
        close(ours.layer_norm(X, gamma, beta, epsilon), torch.nn.functional.layer_norm(x, c.shape, c, b, epsilon))
        close(ours.layer_norm(X, gamma, beta), theirs.layer_norm(x, c, b))
        backward = ours.layer_norm_backward(dout, X, gamma, epsilon)
        for a, e in zip(backward, theirs.layer_norm_backward(g, x, c, epsilon), strict=True):
            close(a, e)

    @pytest.mark.parametrize(("T", "d"), [(1, 1), (7, 4), (40, 5)])
    def test_the_constants(self, theirs, T, d):
        """1e-12 absolute: the angles reach T - 1 and carry that many ulps of 1 into the sine."""
        close(ours.positional_encoding(T, d), theirs.positional_encoding(T, d))
        close(ours.causal_mask(T), theirs.causal_mask(T))

    def test_float32_and_the_caller_s_tensors(self, torch, theirs):
        Q, K, V = (torch.from_numpy(x).float() for x in queries_keys_values(0, 4, 4))
        before = [x.clone() for x in (Q, K, V)]
        results = [*theirs.scaled_dot_product_attention(Q, K, V), *theirs.attention_backward(V, Q, K, V)]
        results += [theirs.layer_norm(Q, K[0], V[0, :3]), *theirs.layer_norm_backward(Q[0], K[0], Q[1])]
        assert all(x.dtype == torch.float32 for x in results)
        assert all(torch.equal(x, y) for x, y in zip((Q, K, V), before, strict=True))
        inside = {x.untyped_storage().data_ptr() for x in (Q, K, V)}
        assert not inside & {x.untyped_storage().data_ptr() for x in results}


class TestDerivatives:
    @pytest.mark.parametrize("leading", [(), (2,)])
    def test_attention_backward_by_complex_step(self, leading):
        Q, K, V = queries_keys_values(4, 3, 5, leading=leading)
        (dout,) = normals(5, (*leading, 3, 4))
        mask = random_mask(6, 3, 5)
        mask[:, 0] = True
        dQ, dK, dV = ours.attention_backward(dout, Q, K, V, mask)
        close(dQ, complex_step(lambda x: analytic_attention(x, K, V, mask), Q, dout))
        close(dK, complex_step(lambda x: analytic_attention(Q, x, V, mask), K, dout))
        close(dV, complex_step(lambda x: analytic_attention(Q, K, x, mask), V, dout))

    def test_layer_norm_backward_by_complex_step(self):
        X, dout, gamma, beta = normals(0, (2, 3, 5), (2, 3, 5), 5, 5)
        dX, dgamma, dbeta = ours.layer_norm_backward(dout, X, gamma, 1e-2)
        close(dX, complex_step(lambda x: analytic_layer_norm(x, gamma, beta, 1e-2), X, dout))
        close(dgamma, complex_step(lambda x: analytic_layer_norm(X, x, beta, 1e-2), gamma, dout))
        close(dbeta, complex_step(lambda x: analytic_layer_norm(X, gamma, x, 1e-2), beta, dout))


class TestAttentionLaws:
    @law
    @given(seeds, sizes, sizes)
    def test_weights_are_means_and_the_output_lies_within_the_values(self, seed, T, S):
        output, weights = ours.scaled_dot_product_attention(*(qkv := queries_keys_values(seed, T, S)))
        assert (weights >= 0).all()
        close(weights.sum(axis=1), np.ones(T))
        assert (output <= qkv[2].max(axis=0) + 1e-12).all()
        assert (output >= qkv[2].min(axis=0) - 1e-12).all()

    @law
    @given(seeds, sizes, sizes)
    def test_the_order_of_the_keys_is_nothing_and_that_of_the_queries_is_the_output_s(self, seed, T, S):
        Q, K, V = queries_keys_values(seed, T, S)
        mask = random_mask(seed, T, S)
        rows, columns = np.random.default_rng(seed).permutation(T), np.random.default_rng(seed).permutation(S)
        output, weights = ours.scaled_dot_product_attention(Q, K, V, mask)
        o, w = ours.scaled_dot_product_attention(Q[rows], K[columns], V[columns], mask[rows][:, columns])
        close(o, output[rows])
        close(w, weights[rows][:, columns])

    @law
    @given(seeds, sizes, sizes)
    def test_a_zero_query_takes_the_plain_mean(self, seed, T, S):
        Q, K, V = queries_keys_values(seed, T, S)
        close(ours.scaled_dot_product_attention(0 * Q, K, V)[0], np.tile(V.mean(axis=0), (T, 1)))

    @law
    @given(seeds, sizes, sizes)
    def test_three_quarters_of_zero_features_halve_the_scores(self, seed, T, S):
        """The scale is 1/sqrt(d): padding from d to 4d leaves Q K^T alone and doubles sqrt(d)."""
        Q, K, V = queries_keys_values(seed, T, S)
        padded = [np.pad(x, ((0, 0), (0, 9))) for x in (Q, K)]
        close(ours.scaled_dot_product_attention(*padded, V)[1], ours.scaled_dot_product_attention(Q / 2, K, V)[1])

    @law
    @given(seeds, st.integers(2, 6))
    def test_nobody_sees_the_future(self, seed, T):
        Q, K, V = queries_keys_values(seed, T, T)
        t = seed % (T - 1)
        later_K, later_V = K.copy(), V.copy()
        later_K[t + 1 :] += 100
        later_V[t + 1 :] -= 100
        mask = ours.causal_mask(T)
        past = ours.scaled_dot_product_attention(Q, K, V, mask)[0][: t + 1]
        np.testing.assert_array_equal(ours.scaled_dot_product_attention(Q, later_K, later_V, mask)[0][: t + 1], past)

    @law
    @given(seeds, sizes, sizes, st.booleans())
    def test_masked_keys_are_absent_keys(self, seed, T, S, none_left):
        Q, K, V = queries_keys_values(seed, T, S)
        keep = random_mask(seed, S) & (not none_left)
        output, weights = ours.scaled_dot_product_attention(Q, K, V, np.tile(keep, (T, 1)))
        assert not weights[:, ~keep].any()
        if keep.any():
            close(output, ours.scaled_dot_product_attention(Q, K[keep], V[keep])[0])
        else:
            assert not output.any()

    @law
    @given(seeds, sizes, sizes)
    def test_the_backward_is_linear_and_blind_to_a_shift_of_all_keys(self, seed, T, S):
        Q, K, V = queries_keys_values(seed, T, S)
        a, b = normals(seed, (T, 4), (T, 4))
        parts = [ours.attention_backward(x, Q, K, V) for x in (a, b, 2 * a - b)]
        for da, db, both in zip(*parts, strict=True):
            close(both, 2 * da - db, 1e-10)
        assert all(not x.any() for x in ours.attention_backward(0 * a, Q, K, V))
        # A common shift of the keys adds a constant to every row of the scores, which softmax ignores.
        np.testing.assert_allclose(parts[0][1].sum(axis=0), 0, atol=1e-10)

    def test_huge_scores_are_finite(self):
        Q, K, V = (1e4 * x for x in queries_keys_values(0, 4, 6))
        with np.errstate(over="raise", invalid="raise", divide="raise"):
            output, weights = ours.scaled_dot_product_attention(Q, K, V, ours.causal_mask(6)[:4])
            gradients = ours.attention_backward(output, Q, K, V)
        assert all(np.isfinite(x).all() for x in (output, weights, *gradients))


class TestHeadsAndBlock:
    @law
    @given(seeds, sizes, st.integers(1, 4))
    def test_one_head_is_plain_attention(self, seed, T, d):
        (X,) = normals(seed, (T, d))
        P = block_parameters(seed, d, 2)
        mask = ours.causal_mask(T)
        single = ours.scaled_dot_product_attention(X @ P["Wq"], X @ P["Wk"], X @ P["Wv"], mask)[0] @ P["Wo"]
        close(ours.multi_head_attention(X, P, 1, mask), single, 1e-11)

    @law
    @given(seeds, sizes, st.integers(1, 3))
    def test_block_diagonal_weights_make_independent_heads(self, seed, T, width):
        halves = normals(seed, (T, width), (T, width))
        pair = [block_parameters(seed + i, width, 2) for i in range(2)]
        zero = np.zeros((width, width))
        P = {name: np.block([[pair[0][name], zero], [zero, pair[1][name]]]) for name in ("Wq", "Wk", "Wv", "Wo")}
        apart = [ours.multi_head_attention(X, p, 1) for X, p in zip(halves, pair, strict=True)]
        close(ours.multi_head_attention(np.hstack(halves), P, 2), np.hstack(apart), 1e-11)

    @law
    @given(seeds, sizes)
    def test_the_block_has_no_idea_of_order_and_treats_sequences_one_by_one(self, seed, T):
        d, heads = 6, 2
        (X,) = normals(seed, (3, T, d))
        P = block_parameters(seed, d, 5)
        mask = random_mask(seed, 3, T, T)
        order = np.random.default_rng(seed).permutation(T)
        Y = ours.transformer_block(X, P, heads)
        close(ours.transformer_block(X[:, order], P, heads), Y[:, order], 1e-10)
        each = [ours.transformer_block(x, P, heads, m) for x, m in zip(X, mask, strict=True)]
        close(ours.transformer_block(X, P, heads, mask), np.stack(each), 1e-10)


class TestPositionalEncoding:
    def test_the_first_rows(self):
        expected = [[0, 1, 0, 1], [math.sin(1), math.cos(1), math.sin(0.01), math.cos(0.01)]]
        close(ours.positional_encoding(2, 4), np.array(expected))
        close(ours.positional_encoding(2, 3)[1], np.array([math.sin(1), math.cos(1), math.sin(10000 ** (-2 / 3))]))

    @law
    @given(st.integers(2, 60), st.integers(1, 8), st.integers(0, 50))
    def test_products_depend_on_the_distance_alone(self, T, half, k):
        d, k = 2 * half, k % T
        E = ours.positional_encoding(T, d)
        assert np.abs(E).max() <= 1
        products = np.einsum("td,td->t", E[: T - k], E[k:])
        np.testing.assert_allclose(products, products[0], rtol=0, atol=1e-11)
        np.testing.assert_allclose((E**2).sum(axis=1), d / 2, rtol=1e-13)

    @law
    @given(st.integers(2, 60), st.integers(1, 8))
    def test_a_step_is_a_rotation(self, T, half):
        E = ours.positional_encoding(T, 2 * half)
        for i in range(half):
            w = 10000 ** (-i / half)
            turn = np.array([[math.cos(w), -math.sin(w)], [math.sin(w), math.cos(w)]])
            np.testing.assert_allclose(E[1:, 2 * i : 2 * i + 2], E[:-1, 2 * i : 2 * i + 2] @ turn, rtol=0, atol=1e-11)


class TestLayerNorm:
    @law
    @given(seeds, sizes, st.integers(2, 7), st.floats(0.1, 10), st.floats(-10, 10))
    def test_each_token_loses_its_mean_and_scale(self, seed, T, d, a, b):
        X, gamma, beta = normals(seed, (T, d), d, d)
        epsilon = 0.3
        normal = ours.layer_norm(X, np.ones(d), np.zeros(d), epsilon)
        variance = X.var(axis=1)
        close(normal.mean(axis=1), np.zeros(T), 1e-11)
        close(normal.var(axis=1), variance / (variance + epsilon), 1e-11)
        close(ours.layer_norm(X, gamma, beta, epsilon), normal * gamma + beta, 1e-11)
        moved = ours.layer_norm(a * X + b, np.ones(d), np.zeros(d), a**2 * epsilon)
        close(moved, normal, 1e-9)

    @law
    @given(seeds, sizes, st.integers(2, 7))
    def test_the_gradient_is_orthogonal_to_what_normalisation_removes(self, seed, T, d):
        X, dout, gamma = normals(seed, (T, d), (T, d), d)
        X = np.sort(X, axis=1) + np.arange(d)  # no constant token: its gradient would be of order 1/sqrt(epsilon)
        dX, _, dbeta = ours.layer_norm_backward(dout, X, gamma, 0.0)
        np.testing.assert_allclose(dX.sum(axis=1), 0, atol=1e-10)
        np.testing.assert_allclose((dX * (X - X.mean(axis=1, keepdims=True))).sum(axis=1), 0, atol=1e-10)
        close(dbeta, dout.sum(axis=0))


class TestContract:
    def calls(self, dtype=np.float64):
        Q, K, V = (x.astype(dtype) for x in queries_keys_values(0, 4, 4))
        X, dout, gamma, beta = (x.astype(dtype) for x in normals(1, (2, 4, 6), (2, 4, 6), 6, 6))
        P = {name: x.astype(dtype) for name, x in block_parameters(2, 6, 5).items()}
        mask = ours.causal_mask(4)
        return [
            (ours.scaled_dot_product_attention, (Q, K, V, mask)),
            (ours.attention_backward, (V, Q, K, V, mask)),
            (ours.multi_head_attention, (X, P, 3, mask)),
            (ours.transformer_block, (X, P, 3, mask)),
            (ours.layer_norm, (X, gamma, beta)),
            (ours.layer_norm_backward, (dout, X, gamma)),
            (ours.layer_norm_backward, (gamma, beta, gamma)),
        ]

    @pytest.mark.parametrize("dtype", [np.float64, np.float32])
    def test_nothing_is_written_to_or_shared_and_the_type_is_kept(self, dtype):
        for function, arguments in self.calls(dtype):
            inputs = [x for a in arguments for x in (a.values() if isinstance(a, dict) else [a])]
            inputs = [x for x in inputs if isinstance(x, np.ndarray)]
            for x in inputs:
                x.flags.writeable = False
            results = function(*arguments)
            for y in results if isinstance(results, tuple) else [results]:
                assert y.dtype == dtype, function.__name__
                assert not any(np.shares_memory(x, y) for x in inputs), function.__name__

    def test_integers_and_strange_memory_layouts_give_the_same_numbers(self):
        Q, K, V = (np.round(3 * x).astype(int) for x in queries_keys_values(0, 4, 4))
        close(ours.scaled_dot_product_attention(Q, K, V)[0], ours.scaled_dot_product_attention(Q * 1.0, K, V)[0])
        Q, K, V = queries_keys_values(0, 4, 4, leading=(2,))
        strange = [np.asfortranarray(Q), np.repeat(K, 2, axis=-1)[..., ::2], V[::-1].copy()[::-1]]
        close(ours.attention_backward(V, *strange)[1], ours.attention_backward(V, Q, K, V)[1])

    @pytest.mark.parametrize(
        ("argument", "call"),
        [
            ("K", lambda m, a, P: m.scaled_dot_product_attention(a(4, 3), a(4, 2), a(4, 3))),
            ("V", lambda m, a, P: m.scaled_dot_product_attention(a(4, 3), a(5, 3), a(4, 3))),
            ("Q", lambda m, a, P: m.scaled_dot_product_attention(a(3), a(5, 3), a(5, 3))),
            ("mask", lambda m, a, P: m.scaled_dot_product_attention(a(4, 3), a(5, 3), a(5, 3), a(4, 5))),
            ("mask", lambda m, a, P: m.scaled_dot_product_attention(a(4, 3), a(5, 3), a(5, 3), a(5, 4) > 0)),
            ("dout", lambda m, a, P: m.attention_backward(a(4, 2), a(4, 3), a(5, 3), a(5, 3))),
            ("heads", lambda m, a, P: m.multi_head_attention(a(4, 6), P, 4)),
            ("Wq", lambda m, a, P: m.multi_head_attention(a(4, 5), P, 1)),
            ("mask", lambda m, a, P: m.multi_head_attention(a(2, 4, 6), P, 2, a(3, 4, 4) > 0)),
            ("parameters", lambda m, a, P: m.multi_head_attention(a(4, 6), {}, 1)),
            ("gamma", lambda m, a, P: m.layer_norm(a(4, 6), a(6, 1), a(6))),
            ("beta", lambda m, a, P: m.layer_norm(a(4, 6), a(6), a(5))),
            ("epsilon", lambda m, a, P: m.layer_norm(a(4, 6), a(6), a(6), -1.0)),
            ("dout", lambda m, a, P: m.layer_norm_backward(a(4, 5), a(4, 6), a(6))),
            ("b1", lambda m, a, P: m.transformer_block(a(4, 6), P | {"b1": a(6)}, 2)),
            ("T", lambda m, a, P: m.causal_mask(0)),
            ("d", lambda m, a, P: m.positional_encoding(3, 0)),
        ],
    )
    def test_bad_input_is_named(self, torch, theirs, argument, call):
        P = block_parameters(0, 6, 5)
        with pytest.raises(ValueError, match=rf"^{argument}: got .*; needed "):
            call(ours, lambda *shape: np.ones(shape), P)
        with pytest.raises(ValueError, match=rf"^{argument}: got .*; needed "):
            call(theirs, lambda *s: torch.ones(s, dtype=torch.float64), {k: torch.from_numpy(v) for k, v in P.items()})

    def test_both_trees_export_the_curriculum_in_its_order(self, theirs):
        assert ours.__all__ == theirs.__all__
        assert ours.__all__[0] == "scaled_dot_product_attention"
