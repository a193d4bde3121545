"""The residual block: the NumPy reference against PyTorch, complex steps and its laws."""

import inspect
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from reference.with_numpy import residual as reference

torch = pytest.importorskip("torch")
from reference.with_torch import residual as twin  # noqa: E402

Array = NDArray[Any]
quick = settings(max_examples=30, deadline=None, derandomize=True)
seeds = st.integers(0, 2**32 - 1)
sizes = st.tuples(st.integers(1, 5), st.integers(1, 6), st.integers(1, 4))  # n, h, m


def make_block(seed: int, size: tuple[int, int, int] = (4, 6, 3)) -> list[Array]:
    """dout, a, W1, b1, W2, b2."""
    n, h, m = size
    rng = np.random.default_rng(seed)
    return [rng.standard_normal(s) for s in ((n, m), (n, m), (h, n), (h, 1), (n, h), (n, 1))]


def forward(a: Array, W1: Array, b1: Array, W2: Array, b2: Array) -> Array:
    """The equation, for complex input too: ReLU by the real part."""
    z1 = W1 @ a + b1
    z2 = W2 @ np.where(z1.real > 0, z1, 0) + b2 + a
    return np.where(z2.real > 0, z2, 0)


def assert_close(actual: Array, expected: Array, tolerance: float = 1e-12) -> None:
    np.testing.assert_allclose(actual, expected, rtol=tolerance, atol=tolerance, strict=True)


def as_tensors(arrays: list[Array]) -> list[Any]:
    return [torch.from_numpy(a.copy()) for a in arrays]


class TestForward:
    @quick
    @given(seed=seeds, size=sizes)
    def test_is_the_equation(self, seed: int, size: tuple[int, int, int]) -> None:
        _, *block = make_block(seed, size)
        assert_close(reference.residual_forward(*block), forward(*block))
        assert_close(twin.residual_forward(*as_tensors(block)).numpy(), forward(*block))

    @quick
    @given(seed=seeds, size=sizes)
    def test_zero_branch_is_the_identity(self, seed: int, size: tuple[int, int, int]) -> None:
        """With nothing to add, what came in (after a ReLU, so not negative) comes out, bit by bit."""
        _, a, W1, b1, W2, b2 = make_block(seed, size)
        np.testing.assert_array_equal(reference.residual_forward(a, W1, b1, 0 * W2, 0 * b2), np.maximum(a, 0))
        np.testing.assert_array_equal(reference.residual_forward(abs(a), W1, b1, 0 * W2, 0 * b2), abs(a))

    @quick
    @given(seed=seeds, size=sizes)
    def test_examples_are_apart(self, seed: int, size: tuple[int, int, int]) -> None:
        _, a, *parameters = make_block(seed, size)
        out = reference.residual_forward(a, *parameters)
        assert_close(reference.residual_forward(a[:, ::-1], *parameters), out[:, ::-1])
        assert_close(reference.residual_forward(a[:, :1], *parameters), out[:, :1])

    @quick
    @given(seed=seeds, size=sizes)
    def test_hidden_units_are_a_set(self, seed: int, size: tuple[int, int, int]) -> None:
        _, a, W1, b1, W2, b2 = make_block(seed, size)
        order = np.random.default_rng(seed).permutation(len(W1))
        assert_close(
            reference.residual_forward(a, W1[order], b1[order], W2[:, order], b2),
            reference.residual_forward(a, W1, b1, W2, b2),
        )

    @quick
    @given(seed=seeds, size=sizes, scale=st.floats(0.125, 8))
    def test_homogeneous(self, seed: int, size: tuple[int, int, int], scale: float) -> None:
        """ReLU passes a positive factor: scaled input and biases give a scaled output."""
        _, a, W1, b1, W2, b2 = make_block(seed, size)
        scaled = reference.residual_forward(scale * a, W1, scale * b1, W2, scale * b2)
        assert_close(scaled, scale * reference.residual_forward(a, W1, b1, W2, b2))


class TestBackward:
    @quick
    @given(seed=seeds, size=sizes)
    def test_is_torch_autograd(self, seed: int, size: tuple[int, int, int]) -> None:
        arrays = make_block(seed, size)
        dout, *block = as_tensors(arrays)
        a, W1, b1, W2, b2 = (t.requires_grad_() for t in block)
        out = torch.relu(W2 @ torch.relu(W1 @ a + b1) + b2 + a)
        expected = torch.autograd.grad(out, (a, W1, b1, W2, b2), dout)
        ours = reference.residual_backward(*arrays)
        theirs = twin.residual_backward(*as_tensors(arrays))
        for mine, other, auto in zip(ours, theirs, expected, strict=True):
            assert_close(mine, auto.numpy())
            assert_close(other.numpy(), auto.numpy())

    def test_is_the_complex_step(self) -> None:
        """Every entry of every gradient; no unit is near its kink, and the step of 1e-30 crosses none."""
        dout, *block = make_block(4)
        for which, gradient in enumerate(reference.residual_backward(dout, *block)):
            expected = np.empty(gradient.shape)
            for index in np.ndindex(gradient.shape):
                inputs = [x.astype(complex) for x in block]
                inputs[which][index] += 1e-30j
                expected[index] = np.sum(dout * forward(*inputs)).imag / 1e-30
            assert_close(gradient, expected)

    @quick
    @given(seed=seeds, size=sizes)
    def test_zero_branch_passes_the_gradient_whole(self, seed: int, size: tuple[int, int, int]) -> None:
        dout, a, W1, b1, W2, b2 = make_block(seed, size)
        da, dW1, db1, _, _ = reference.residual_backward(dout, abs(a) + 0.1, W1, b1, 0 * W2, 0 * b2)
        np.testing.assert_array_equal(da, dout)
        assert not dW1.any()
        assert not db1.any()

    def test_a_chain_of_zero_branches_keeps_the_gradient(self) -> None:
        dout, a, W1, b1, W2, b2 = make_block(1)
        gradient, a = dout, abs(a) + 0.1
        for _ in range(100):
            gradient = reference.residual_backward(gradient, a, W1, b1, 0 * W2, 0 * b2)[0]
        np.testing.assert_array_equal(gradient, dout)

    @quick
    @given(seed=seeds, size=sizes)
    def test_sums_over_examples(self, seed: int, size: tuple[int, int, int]) -> None:
        """The same examples twice: the parameters' gradients double, each example's stays."""
        dout, a, *parameters = make_block(seed, size)
        da, *once = reference.residual_backward(dout, a, *parameters)
        da2, *twice = reference.residual_backward(np.hstack([dout, dout]), np.hstack([a, a]), *parameters)
        assert_close(da2, np.hstack([da, da]))
        for one, two in zip(once, twice, strict=True):
            assert_close(two, 2 * one)

    @quick
    @given(seed=seeds, size=sizes, scale=st.floats(-10, 10))
    def test_linear_in_the_upstream_gradient(self, seed: int, size: tuple[int, int, int], scale: float) -> None:
        dout, *block = make_block(seed, size)
        other = np.cos(dout)
        parts = zip(reference.residual_backward(dout, *block), reference.residual_backward(other, *block), strict=True)
        whole = reference.residual_backward(scale * dout + other, *block)
        for (left, right), gradient in zip(parts, whole, strict=True):
            assert_close(gradient, scale * left + right, 1e-11)

    def test_the_slope_at_zero_is_zero(self) -> None:
        _, *block = make_block(0)
        for tree, inputs in ((reference, block), (twin, as_tensors(block))):
            upstream = inputs[0] * 0 + 1
            for gradient in tree.residual_backward(upstream, *(0 * x for x in inputs)):
                assert not np.asarray(gradient).any()


class TestProjection:
    @quick
    @given(seed=seeds, size=sizes)
    def test_is_a_linear_layer_without_bias(self, seed: int, size: tuple[int, int, int]) -> None:
        _, a, Ws, *_ = make_block(seed, size)
        expected = torch.nn.functional.linear(*as_tensors([a.T, Ws])).numpy().T
        assert_close(reference.projection_shortcut(a, Ws), expected)
        assert_close(twin.projection_shortcut(*as_tensors([a, Ws])).numpy(), expected)

    def test_identity_and_zero(self) -> None:
        a = make_block(0)[1]
        np.testing.assert_array_equal(reference.projection_shortcut(a, np.eye(4)), a)
        assert not reference.projection_shortcut(a, np.zeros((7, 4))).any()


class TestGradientNorms:
    @pytest.mark.parametrize("residual", [False, True])
    @pytest.mark.parametrize(("depth", "width"), [(1, 4), (6, 5), (20, 16)])
    def test_is_autograd_on_the_same_draws(self, depth: int, width: int, residual: bool) -> None:
        """The order of the draws is part of the docstring: a_0, all weights, v."""
        rng = np.random.default_rng(depth)
        shapes = [(width, 1), (depth, width, width), (width, 1)]
        a, weights, v = as_tensors([rng.standard_normal(s) for s in shapes])
        outputs = []
        for W in weights:
            a = torch.relu(W @ a / np.sqrt(width) + (a if residual else 0)).requires_grad_()
            outputs.append(a)
        expected = [g.norm().item() for g in torch.autograd.grad((v * a).sum(), outputs)]
        actual = reference.gradient_norms(depth, width, residual, np.random.default_rng(depth))
        assert_close(actual, np.array(expected))

    @pytest.mark.parametrize("residual", [False, True])
    def test_the_tree_in_torch_on_the_same_draws(self, residual: bool) -> None:
        """Written out by hand in NumPy from the draws of the torch Generator."""
        generator = torch.Generator().manual_seed(3)
        shapes = [(5, 1), (7, 5, 5), (5, 1)]
        draws = [torch.randn(s, generator=generator, dtype=torch.float64).numpy() for s in shapes]

        class Replay:
            def standard_normal(self, shape: tuple[int, ...]) -> Array:
                draw = draws.pop(0)
                assert draw.shape == shape
                return draw

        expected = reference.gradient_norms(7, 5, residual, Replay())  # type: ignore[arg-type]
        actual = twin.gradient_norms(7, 5, residual, torch.Generator().manual_seed(3))
        assert_close(actual.numpy(), expected)

    @pytest.mark.parametrize("seed", range(5))
    def test_the_degradation_in_numbers(self, seed: int) -> None:
        """Fixed seeds, hence exact. The plain gradient falls to about 2^-25 of itself, the residual one grows."""
        plain, residual = (
            reference.gradient_norms(50, 64, kind, np.random.default_rng(seed)) for kind in (False, True)
        )
        assert plain[0] / plain[-1] < 1e-5
        assert residual[0] / residual[-1] > 1
        generators = [torch.Generator().manual_seed(seed) for _ in range(2)]
        plain, residual = (twin.gradient_norms(50, 64, k, g) for k, g in zip((False, True), generators, strict=True))
        assert plain[0] / plain[-1] < 1e-5
        assert residual[0] / residual[-1] > 1

    def test_the_last_norm_is_that_of_v(self) -> None:
        for residual in (False, True):
            rng = np.random.default_rng(8)
            norms = reference.gradient_norms(4, 6, residual, np.random.default_rng(8))
            rng.standard_normal(6 + 4 * 6 * 6)
            assert norms.shape == (4,)
            assert norms[-1] == pytest.approx(np.linalg.norm(rng.standard_normal(6)), rel=1e-14)

    def test_depends_on_the_generator_alone(self) -> None:
        state = np.random.get_state()[1].copy()  # noqa: NPY002
        first, again, other = (reference.gradient_norms(5, 8, True, np.random.default_rng(s)) for s in (1, 1, 2))
        np.testing.assert_array_equal(first, again)
        assert np.all(first != other)
        np.testing.assert_array_equal(np.random.get_state()[1], state)  # noqa: NPY002

    def test_refuses(self) -> None:
        for bad in ((0, 4), (3, 0), (2.5, 4)):
            with pytest.raises(ValueError, match="needed a whole number"):
                reference.gradient_norms(*bad, False, np.random.default_rng(0))
            with pytest.raises(ValueError, match="needed a whole number"):
                twin.gradient_norms(*bad, False, torch.Generator())


def calls() -> list[tuple[str, list[Array]]]:
    arrays = make_block(5)
    return [
        ("residual_forward", arrays[1:]),
        ("residual_backward", arrays),
        ("projection_shortcut", arrays[1:3]),
    ]


def run(tree: Any, name: str, arguments: list[Any]) -> list[Any]:
    results = getattr(tree, name)(*arguments)
    return list(results) if isinstance(results, tuple) else [results]


class TestContract:
    def test_both_trees_have_one_face(self) -> None:
        assert reference.__all__ == twin.__all__
        for name in reference.__all__:
            ours, theirs = (inspect.signature(getattr(tree, name)).parameters.values() for tree in (reference, twin))
            renamed = [("generator" if p.name == "rng" else p.name, p.default) for p in ours]
            assert renamed == [(p.name, p.default) for p in theirs]

    @pytest.mark.parametrize(("name", "arguments"), calls())
    def test_inputs_are_left_alone(self, name: str, arguments: list[Array]) -> None:
        tensors = as_tensors(arguments)
        before = [a.copy() for a in arguments]
        for a in arguments:
            a.flags.writeable = False
        results = run(reference, name, arguments)
        twins = run(twin, name, tensors)
        for a, b, t in zip(arguments, before, tensors, strict=True):
            np.testing.assert_array_equal(a, b)
            np.testing.assert_array_equal(t.numpy(), b)
            assert not any(np.shares_memory(a, r) for r in results)
            assert not any(np.shares_memory(t.numpy(), r.numpy()) for r in twins)

    @pytest.mark.parametrize(("name", "arguments"), calls())
    def test_float32_stays_and_the_rest_is_float64(self, name: str, arguments: list[Array]) -> None:
        for given_type, kept in ((np.float32, np.float32), (np.float64, np.float64), (np.int64, np.float64)):
            cast = [np.rint(3 * a).astype(given_type) for a in arguments]
            exact = run(reference, name, [a.astype(np.float64) for a in cast])
            for tree, inputs in ((reference, cast), (twin, as_tensors(cast))):
                for result, expected in zip(run(tree, name, inputs), exact, strict=True):
                    assert np.asarray(result).dtype == kept
                    np.testing.assert_array_equal(np.asarray(result), expected)  # small whole numbers are exact

    @pytest.mark.parametrize(("name", "arguments"), calls())
    def test_memory_order_does_not_matter(self, name: str, arguments: list[Array]) -> None:
        expected = run(reference, name, arguments)
        strided = [np.repeat(a, 2, axis=-1)[..., ::2] for a in arguments]
        for inputs in (strided, [np.asfortranarray(a) for a in arguments]):
            for result, e in zip(run(reference, name, inputs), expected, strict=True):
                assert_close(result, e)

    def test_bad_shapes(self) -> None:
        dout, a, W1, b1, W2, b2 = make_block(0)
        bad: list[tuple[str, str, list[Array]]] = [
            ("residual_forward", "a", [a[0], W1, b1, W2, b2]),
            ("residual_forward", "W1", [a, W1.T, b1, W2, b2]),
            ("residual_forward", "b1", [a, W1, b1[:, 0], W2, b2]),
            ("residual_forward", "W2", [a, W1, b1, W2.T, b2]),
            ("residual_forward", "b2", [a, W1, b1, W2, b1]),
            ("residual_backward", "dout", [dout[:, 1:], a, W1, b1, W2, b2]),
            ("residual_backward", "W2", [dout, a, W1, b1, W2[1:], b2]),
            ("projection_shortcut", "a", [a[0], W1]),
            ("projection_shortcut", "Ws", [a, W2]),
        ]
        for name, argument, arguments in bad:
            for tree, inputs in ((reference, arguments), (twin, as_tensors(arguments))):
                with pytest.raises(ValueError, match=f"^{argument}: got"):
                    getattr(tree, name)(*inputs)
