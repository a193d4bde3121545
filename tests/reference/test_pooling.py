"""Pooling: the NumPy reference against the definition, PyTorch, derivatives and its laws."""

import inspect
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from reference.with_numpy import pooling as reference

torch = pytest.importorskip("torch")
from reference.with_torch import pooling as twin  # noqa: E402

Array = NDArray[Any]
quick = settings(max_examples=30, deadline=None, derandomize=True)
seeds = st.integers(0, 2**32 - 1)
F = torch.nn.functional


class Pool(NamedTuple):
    X: Array
    dout: Array
    size: int
    stride: int

    @property
    def steps(self) -> dict[str, int]:
        return {"size": self.size, "stride": self.stride}


def make_pool(seed: int, shape: tuple[int, ...] = (2, 3, 7, 8), size: int = 2, stride: int = 2) -> Pool:
    """Distinct pixels 0.1 apart, so that every winner leads by 0.1."""
    rng = np.random.default_rng(seed)
    X = 0.1 * rng.permutation(np.prod(shape)).reshape(shape) - 1.0
    sides = [(n - size) // stride + 1 for n in shape[2:]]
    return Pool(X, rng.standard_normal((*shape[:2], *sides)), size, stride)


@st.composite
def pools(draw: st.DrawFn, max_stride: int = 4) -> Pool:
    """Overlapping, touching and gapped windows; sizes that do not divide."""
    height, width = draw(st.integers(1, 9)), draw(st.integers(1, 9))
    size = draw(st.integers(1, min(4, height, width)))
    shape = (draw(st.integers(1, 3)), draw(st.integers(1, 4)), height, width)
    return make_pool(draw(seeds), shape, size, draw(st.integers(1, max_stride)))


def windows(X: Array, size: int, stride: int) -> Array:
    """The definition: (H_out, W_out, N, C, size^2), cut out one by one."""
    rows = range(0, X.shape[2] - size + 1, stride)
    columns = range(0, X.shape[3] - size + 1, stride)
    cut = [[X[:, :, i : i + size, j : j + size].reshape(*X.shape[:2], -1) for j in columns] for i in rows]
    return np.array(cut)


def assert_close(actual: Array, expected: Array, tolerance: float = 1e-12) -> None:
    np.testing.assert_allclose(actual, expected, rtol=tolerance, atol=tolerance, strict=True)


def as_tensors(*arrays: Array) -> list[Any]:
    return [torch.from_numpy(a.copy()) for a in arrays]


class TestForward:
    @quick
    @given(pool=pools())
    def test_is_the_definition(self, pool: Pool) -> None:
        cut = windows(pool.X, **pool.steps)
        np.testing.assert_array_equal(
            reference.max_pool(pool.X, **pool.steps), np.moveaxis(cut.max(-1), (0, 1), (2, 3))
        )
        assert_close(reference.avg_pool(pool.X, **pool.steps), np.moveaxis(cut.mean(-1), (0, 1), (2, 3)))

    @quick
    @given(pool=pools())
    def test_is_torch(self, pool: Pool) -> None:
        (X,) = as_tensors(pool.X)
        largest = F.max_pool2d(X, pool.size, pool.stride).numpy()
        mean = F.avg_pool2d(X, pool.size, pool.stride).numpy()
        everywhere = F.adaptive_avg_pool2d(X, 1)[:, :, 0, 0].numpy()
        for tree, inputs in ((reference, pool.X), (twin, X)):
            np.testing.assert_array_equal(np.asarray(tree.max_pool(inputs, **pool.steps)), largest)
            assert_close(np.asarray(tree.avg_pool(inputs, **pool.steps)), mean)
            assert_close(np.asarray(tree.global_avg_pool(inputs)), everywhere)

    def test_defaults_are_two_by_two(self) -> None:
        X = np.arange(20.0).reshape(1, 1, 4, 5)  # the fifth column fits no window
        np.testing.assert_array_equal(reference.max_pool(X), [[[[6, 8], [16, 18]]]])
        np.testing.assert_array_equal(reference.avg_pool(X), [[[[3, 5], [13, 15]]]])
        np.testing.assert_array_equal(reference.global_avg_pool(X), [[9.5]])

    @quick
    @given(pool=pools())
    def test_max_commutes_with_growing_maps(self, pool: Pool) -> None:
        out = reference.max_pool(pool.X, **pool.steps)
        for grow in (np.arctan, lambda x: 3 * x - 7, np.cbrt):
            np.testing.assert_array_equal(reference.max_pool(grow(pool.X), **pool.steps), grow(out))

    @quick
    @given(pool=pools())
    def test_max_is_at_least_the_mean(self, pool: Pool) -> None:
        assert np.all(reference.max_pool(pool.X, **pool.steps) >= reference.avg_pool(pool.X, **pool.steps) - 1e-12)
        opposite = -reference.max_pool(-pool.X, **pool.steps)
        assert np.all(opposite <= reference.avg_pool(pool.X, **pool.steps) + 1e-12)

    @quick
    @given(pool=pools(), value=st.floats(-1e6, 1e6))
    def test_constant_images_stay(self, pool: Pool, value: float) -> None:
        X = np.full_like(pool.X, value)
        for pooled in (reference.max_pool(X, **pool.steps), reference.avg_pool(X, **pool.steps)):
            assert_close(pooled, np.full(pool.dout.shape, value))
        assert_close(reference.global_avg_pool(X), np.full(X.shape[:2], value))

    @quick
    @given(pool=pools(), scale=st.floats(-10, 10))
    def test_avg_is_linear(self, pool: Pool, scale: float) -> None:
        other = np.cos(pool.X)
        for average in (lambda X: reference.avg_pool(X, **pool.steps), reference.global_avg_pool):
            assert_close(average(scale * pool.X + other), scale * average(pool.X) + average(other), 1e-11)

    @quick
    @given(seed=seeds, size=st.integers(1, 4), rows=st.integers(1, 3), columns=st.integers(1, 3))
    def test_tiles_keep_the_mean(self, seed: int, size: int, rows: int, columns: int) -> None:
        X = np.random.default_rng(seed).standard_normal((2, 3, size * rows, size * columns))
        tiled = reference.avg_pool(X, size=size, stride=size)
        assert_close(reference.global_avg_pool(tiled), reference.global_avg_pool(X))

    @quick
    @given(pool=pools())
    def test_channels_and_images_are_apart(self, pool: Pool) -> None:
        for pooling in (reference.max_pool, reference.avg_pool):
            out = pooling(pool.X, **pool.steps)
            np.testing.assert_array_equal(pooling(pool.X[::-1, ::-1], **pool.steps), out[::-1, ::-1])
            np.testing.assert_array_equal(pooling(pool.X[:1, :1], **pool.steps), out[:1, :1])


class TestBackward:
    @quick
    @given(pool=pools())
    def test_is_torch_autograd(self, pool: Pool) -> None:
        X, dout, by_channel = as_tensors(pool.X, pool.dout, pool.dout[:, :, 0, 0])
        X.requires_grad_()
        for name, out, upstream in (
            ("max_pool", F.max_pool2d(X, pool.size, pool.stride), dout),
            ("avg_pool", F.avg_pool2d(X, pool.size, pool.stride), dout),
            ("global_avg_pool", X.mean(dim=(2, 3)), by_channel),
        ):
            steps = {} if name == "global_avg_pool" else pool.steps
            expected = torch.autograd.grad(out, X, upstream)[0].numpy()
            ours = getattr(reference, f"{name}_backward")(upstream.numpy(), pool.X, **steps)
            theirs = getattr(twin, f"{name}_backward")(upstream, X, **steps)
            assert_close(ours, expected)
            assert_close(theirs.numpy(), expected)
            assert not theirs.requires_grad

    def test_averages_are_the_complex_step(self) -> None:
        pool = make_pool(1, (2, 2, 5, 4), size=3, stride=1)
        upstream = pool.dout[:, :, 0, 0]
        expected, expected_global = np.empty((2, *pool.X.shape))
        for index in np.ndindex(pool.X.shape):
            X = pool.X.astype(complex)
            X[index] += 1e-30j
            out = np.moveaxis(windows(X, 3, 1).mean(-1), (0, 1), (2, 3))
            expected[index] = np.sum(pool.dout * out).imag / 1e-30
            expected_global[index] = np.sum(upstream * X.mean(axis=(2, 3))).imag / 1e-30
        assert_close(reference.avg_pool_backward(pool.dout, pool.X, size=3, stride=1), expected)
        assert_close(reference.global_avg_pool_backward(upstream, pool.X), expected_global)

    @pytest.mark.parametrize(("size", "stride"), [(2, 2), (3, 1), (2, 3)])
    def test_max_is_the_central_difference(self, size: int, stride: int) -> None:
        """Exact but for round-off: the winners lead by 0.1, so max_pool is linear within the step of 0.01."""
        pool = make_pool(2, (2, 2, 6, 5), size, stride)
        expected = np.empty(pool.X.shape)
        for index in np.ndindex(pool.X.shape):
            step = np.zeros(pool.X.shape)
            step[index] = 0.01
            up, down = (np.sum(pool.dout * reference.max_pool(pool.X + s, size, stride)) for s in (step, -step))
            expected[index] = (up - down) / 0.02
        assert_close(reference.max_pool_backward(pool.dout, pool.X, size, stride), expected, 1e-10)

    @quick
    @given(pool=pools())
    def test_mass_is_conserved(self, pool: Pool) -> None:
        """Each channel's gradients sum to its upstream gradients, also where windows overlap or leave gaps."""
        total = pool.dout.sum(axis=(2, 3))
        assert_close(reference.max_pool_backward(pool.dout, pool.X, **pool.steps).sum(axis=(2, 3)), total)
        assert_close(reference.avg_pool_backward(pool.dout, pool.X, **pool.steps).sum(axis=(2, 3)), total)
        upstream = pool.dout[:, :, 0, 0]
        assert_close(reference.global_avg_pool_backward(upstream, pool.X).sum(axis=(2, 3)), upstream)

    @quick
    @given(pool=pools())
    def test_max_touches_only_winners(self, pool: Pool) -> None:
        dX = reference.max_pool_backward(np.ones_like(pool.dout), pool.X, **pool.steps)
        winners = np.isin(pool.X, reference.max_pool(pool.X, **pool.steps))  # pixels are distinct over the whole batch
        np.testing.assert_array_equal(dX > 0, winners)

    @quick
    @given(pool=pools())
    def test_avg_is_the_adjoint(self, pool: Pool) -> None:
        forward = np.sum(reference.avg_pool(pool.X, **pool.steps) * pool.dout)
        backward = np.sum(pool.X * reference.avg_pool_backward(pool.dout, pool.X, **pool.steps))
        assert forward == pytest.approx(backward, rel=1e-12, abs=1e-10)

    @quick
    @given(seed=seeds, size=st.integers(1, 3), stride=st.integers(1, 3))
    def test_ties_go_to_the_first_in_row_order(self, seed: int, size: int, stride: int) -> None:
        """Small whole numbers tie often; argmax of the flattened window is the first maximum in row order."""
        rng = np.random.default_rng(seed)
        X = rng.integers(0, 2, (2, 2, 6, 5)).astype(float)
        cut = windows(X, size, stride)
        dout = rng.standard_normal((2, 2, *cut.shape[:2]))
        expected = np.zeros_like(X)
        for i, j, n, c in np.ndindex(cut.shape[:4]):
            p, q = divmod(int(cut[i, j, n, c].argmax()), size)
            expected[n, c, i * stride + p, j * stride + q] += dout[n, c, i, j]
        for result in (
            reference.max_pool_backward(dout, X, size=size, stride=stride),
            twin.max_pool_backward(*as_tensors(dout, X), size=size, stride=stride).numpy(),
        ):
            assert_close(result, expected)

    def test_a_constant_window(self) -> None:
        dX = reference.max_pool_backward(np.ones((1, 1, 1, 1)), np.zeros((1, 1, 2, 2)))
        np.testing.assert_array_equal(dX, [[[[1, 0], [0, 0]]]])

    @quick
    @given(pool=pools())
    def test_pixels_in_no_window_get_nothing(self, pool: Pool) -> None:
        reached = reference.avg_pool_backward(np.ones_like(pool.dout), pool.X, **pool.steps) > 0
        assert not reference.max_pool_backward(pool.dout, pool.X, **pool.steps)[~reached].any()
        rows = {i * pool.stride + p for i in range(pool.dout.shape[2]) for p in range(pool.size)}
        assert set(np.flatnonzero(reached.any(axis=(0, 1, 3)))) == rows


def calls() -> list[tuple[str, list[Array]]]:
    pool = make_pool(5)
    return [
        ("max_pool", [pool.X]),
        ("avg_pool", [pool.X]),
        ("global_avg_pool", [pool.X]),
        ("max_pool_backward", [pool.dout, pool.X]),
        ("avg_pool_backward", [pool.dout, pool.X]),
        ("global_avg_pool_backward", [pool.dout[:, :, 0, 0], pool.X]),
    ]


class TestContract:
    def test_both_trees_have_one_face(self) -> None:
        assert reference.__all__ == twin.__all__
        for name in reference.__all__:
            ours, theirs = (inspect.signature(getattr(tree, name)).parameters.values() for tree in (reference, twin))
            assert [(p.name, p.default) for p in ours] == [(p.name, p.default) for p in theirs]

    @pytest.mark.parametrize(("name", "arguments"), calls())
    def test_inputs_are_left_alone(self, name: str, arguments: list[Array]) -> None:
        tensors = as_tensors(*arguments)
        before = [a.copy() for a in arguments]
        for a in arguments:
            a.flags.writeable = False
        result = getattr(reference, name)(*arguments)
        other = getattr(twin, name)(*tensors).numpy()
        for a, b, t in zip(arguments, before, tensors, strict=True):
            np.testing.assert_array_equal(a, b)
            np.testing.assert_array_equal(t.numpy(), b)
            assert not np.shares_memory(a, result)
            assert not np.shares_memory(t.numpy(), other)
        result += 1  # an array of its own, not a broadcast view
        other += 1
        assert_close(result, other)

    @pytest.mark.parametrize("name", ["max_pool", "avg_pool"])
    def test_a_window_of_one_shares_no_memory(self, name: str) -> None:
        X = make_pool(0).X
        for tree, inputs in ((reference, X), (twin, torch.from_numpy(X))):
            out = np.asarray(getattr(tree, name)(inputs, size=1, stride=1))
            np.testing.assert_array_equal(out, X)
            assert not np.shares_memory(out, X)

    @pytest.mark.parametrize(("name", "arguments"), calls())
    def test_float32_stays_and_the_rest_is_float64(self, name: str, arguments: list[Array]) -> None:
        for given_type, kept in ((np.float32, np.float32), (np.float64, np.float64), (np.int64, np.float64)):
            cast = [np.rint(30 * a).astype(given_type) for a in arguments]
            exact = getattr(reference, name)(*(a.astype(np.float64) for a in cast))
            for tree, inputs in ((reference, cast), (twin, as_tensors(*cast))):
                result = np.asarray(getattr(tree, name)(*inputs))
                assert result.dtype == kept
                np.testing.assert_allclose(result, exact, rtol=1e-6 if kept == np.float32 else 1e-12)

    @pytest.mark.parametrize(("name", "arguments"), calls())
    def test_memory_order_does_not_matter(self, name: str, arguments: list[Array]) -> None:
        expected = getattr(reference, name)(*arguments)
        strided = [np.repeat(a, 2, axis=-1)[..., ::2] for a in arguments]
        for inputs in (strided, [np.asfortranarray(a) for a in arguments]):
            assert_close(getattr(reference, name)(*inputs), expected)

    def test_bad_input(self) -> None:
        X, dout, _, _ = make_pool(0)
        bad: list[tuple[str, str, list[Array], dict[str, Any]]] = [
            ("max_pool", "X", [X[0]], {}),
            ("avg_pool", "X", [X[0, 0]], {}),
            ("global_avg_pool", "X", [X[0]], {}),
            ("global_avg_pool", "X", [X[:, :, :0]], {}),
            ("max_pool", "size", [X], {"size": 8}),
            ("avg_pool", "size", [X], {"size": 0}),
            ("max_pool", "size", [X], {"size": 1.5}),
            ("avg_pool", "stride", [X], {"stride": 0}),
            ("max_pool_backward", "dout", [dout[:, :, 1:], X], {}),
            ("avg_pool_backward", "dout", [dout, X], {"stride": 1}),
            ("max_pool_backward", "X", [dout, X[0]], {}),
            ("global_avg_pool_backward", "dout", [dout, X], {}),
        ]
        for name, argument, arguments, steps in bad:
            for tree, inputs in ((reference, arguments), (twin, as_tensors(*arguments))):
                with pytest.raises(ValueError, match=f"^{argument}: got"):
                    getattr(tree, name)(*inputs, **steps)

    def test_no_overflow_at_the_ends_of_the_range(self) -> None:
        """A maximum may be the most negative float, and -inf is no stand-in that could win."""
        X = np.full((1, 1, 2, 2), -np.finfo(float).max)
        np.testing.assert_array_equal(reference.max_pool(X), X[:, :, :1, :1])
        assert reference.max_pool_backward(np.ones((1, 1, 1, 1)), X).sum() == 1
