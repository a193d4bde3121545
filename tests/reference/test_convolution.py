"""Convolution: the NumPy reference against the definition, PyTorch, complex steps and its laws."""

import gc
import inspect
import sys
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from reference.with_numpy import convolution as reference

torch = pytest.importorskip("torch")
from reference.with_torch import convolution as twin  # noqa: E402

Array = NDArray[Any]
quick = settings(max_examples=30, deadline=None, derandomize=True)
seeds = st.integers(0, 2**32 - 1)


class Layer(NamedTuple):
    X: Array
    W: Array
    b: Array
    dout: Array
    stride: int
    padding: int

    @property
    def steps(self) -> dict[str, int]:
        return {"stride": self.stride, "padding": self.padding}


def make_layer(
    seed: int,
    shape: tuple[int, int, int, int] = (2, 3, 7, 8),
    filters: int = 4,
    kernel: tuple[int, int] = (3, 2),
    stride: int = 1,
    padding: int = 0,
    dtype: Any = np.float64,
) -> Layer:
    rng = np.random.default_rng(seed)
    sides = [(n + 2 * padding - k) // stride + 1 for n, k in zip(shape[2:], kernel, strict=True)]
    sizes = [shape, (filters, shape[1], *kernel), (filters,), (shape[0], filters, *sides)]
    return Layer(*(rng.standard_normal(s).astype(dtype) for s in sizes), stride, padding)


@st.composite
def layers(draw: st.DrawFn, max_stride: int = 3, max_padding: int = 2) -> Layer:
    """Layers of every size: non-square, even and odd kernels up to the whole image, strides that do not divide."""
    height, width = draw(st.integers(1, 9)), draw(st.integers(1, 9))
    padding = draw(st.integers(0, max_padding))
    kernel = draw(st.integers(1, min(5, height + 2 * padding))), draw(st.integers(1, min(5, width + 2 * padding)))
    shape = (draw(st.integers(1, 3)), draw(st.integers(1, 4)), height, width)
    return make_layer(draw(seeds), shape, draw(st.integers(1, 5)), kernel, draw(st.integers(1, max_stride)), padding)


def convolve(X: Array, W: Array, b: Array, stride: int = 1, padding: int = 0) -> Array:
    """The definition, one output pixel at a time; complex input stays complex."""
    X = np.pad(X, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    kh, kw = W.shape[2:]
    rows = range(0, X.shape[2] - kh + 1, stride)
    columns = range(0, X.shape[3] - kw + 1, stride)
    pixels = [[np.einsum("ncpq,fcpq->nf", X[:, :, i : i + kh, j : j + kw], W) + b for j in columns] for i in rows]
    return np.moveaxis(np.array(pixels), (0, 1), (2, 3))


def assert_close(actual: Array, expected: Array, rtol: float = 1e-12) -> None:
    """Equal to rtol of the largest entry: sums of terms of both signs cancel, so entry by entry is too much to ask."""
    scale = max(1.0, float(np.max(np.abs(expected), initial=0)))
    np.testing.assert_allclose(actual, expected, rtol=0, atol=rtol * scale, strict=True)


class TestOutputSize:
    @quick
    @given(n=st.integers(1, 40), kernel=st.integers(1, 9), stride=st.integers(1, 6), padding=st.integers(0, 4))
    def test_counts_the_positions(self, n: int, kernel: int, stride: int, padding: int) -> None:
        for tree in (reference, twin):
            if kernel > n + 2 * padding:
                with pytest.raises(ValueError, match=r"kernel: got .*; needed at most"):
                    tree.output_size(n, kernel, stride, padding)
            else:
                positions = range(0, n + 2 * padding - kernel + 1, stride)
                assert tree.output_size(n, kernel, stride, padding) == len(positions)

    def test_known_layers(self) -> None:
        assert reference.output_size(227, 11, 4) == 55  # the first layer of AlexNet as usually drawn
        assert reference.output_size(224, 7, 2, 3) == 112  # the first layer of ResNet
        assert reference.output_size(32, 3, 1, 1) == 32

    @quick
    @given(n=st.integers(1, 40), half=st.integers(0, 6))
    def test_same_padding(self, n: int, half: int) -> None:
        assert reference.output_size(n, 2 * half + 1, padding=half) == n

    @pytest.mark.parametrize("bad", [(0, 1, 1, 0), (5, 0, 1, 0), (5, 3, 0, 0), (5, 3, 1, -1), (5, 3, 1.5, 0)])
    def test_refuses(self, bad: tuple[Any, ...]) -> None:
        for tree in (reference, twin):
            with pytest.raises(ValueError, match="needed a whole number"):
                tree.output_size(*bad)

    def test_accepts_numpy_integers(self) -> None:
        size = reference.output_size(np.int64(7), np.int32(3), np.array(2), np.int8(1))
        assert size == 4
        assert type(size) is int


class TestConv2d:
    def test_vertical_edge(self) -> None:
        """Erratum 2: the vertical-edge example gives [[30, 30], [30, 30]]; the page prints a second column of 0."""
        image = np.array([[10, 10, 0, 0]] * 4)
        kernel = np.array([[1, 0, -1]] * 3)
        for result in (
            reference.conv2d(image, kernel),
            twin.conv2d(torch.from_numpy(image), torch.from_numpy(kernel)).numpy(),
        ):
            np.testing.assert_array_equal(result, [[30.0, 30.0], [30.0, 30.0]])
            assert result.dtype == np.float64

    def test_does_not_flip(self) -> None:
        image = np.arange(12.0).reshape(3, 4)
        kernel = np.array([[1.0, 0.0], [0.0, 0.0]])
        np.testing.assert_array_equal(reference.conv2d(image, kernel), image[:-1, :-1])

    @quick
    @given(layer=layers())
    def test_is_a_layer_of_one_channel_and_one_filter(self, layer: Layer) -> None:
        image, kernel = layer.X[0, 0], layer.W[0, 0]
        expected = convolve(image[None, None], kernel[None, None], np.zeros(1), **layer.steps)[0, 0]
        assert_close(reference.conv2d(image, kernel, **layer.steps), expected)
        actual = twin.conv2d(torch.from_numpy(image), torch.from_numpy(kernel), **layer.steps)
        assert_close(actual.numpy(), expected)

    def test_impulse_response_is_the_flipped_kernel(self) -> None:
        kernel = np.random.default_rng(0).standard_normal((3, 5))
        image = np.zeros((5, 9))
        image[2, 4] = 1
        np.testing.assert_array_equal(reference.conv2d(image, kernel), kernel[::-1, ::-1])


class TestForward:
    @quick
    @given(layer=layers())
    def test_is_the_definition(self, layer: Layer) -> None:
        expected = convolve(layer.X, layer.W, layer.b, **layer.steps)
        assert_close(reference.conv_forward(layer.X, layer.W, layer.b, **layer.steps), expected)

    @quick
    @given(layer=layers())
    def test_is_torch(self, layer: Layer) -> None:
        X, W, b = (torch.from_numpy(a) for a in layer[:3])
        expected = torch.nn.functional.conv2d(X, W, b, **layer.steps).numpy()
        assert_close(reference.conv_forward(*layer[:3], **layer.steps), expected)
        assert_close(twin.conv_forward(X, W, b, **layer.steps).numpy(), expected)

    @quick
    @given(layer=layers(), scale=st.floats(-10, 10))
    def test_linear_in_images_and_in_filters(self, layer: Layer, scale: float) -> None:
        X, W, none = layer.X, layer.W, np.zeros_like(layer.b)
        X2, W2 = np.cos(X), np.cos(W)
        out = reference.conv_forward(X, W, none, **layer.steps)
        by_image = reference.conv_forward(scale * X + X2, W, none, **layer.steps)
        by_filter = reference.conv_forward(X, scale * W + W2, none, **layer.steps)
        assert_close(by_image, scale * out + reference.conv_forward(X2, W, none, **layer.steps))
        assert_close(by_filter, scale * out + reference.conv_forward(X, W2, none, **layer.steps))

    @quick
    @given(layer=layers())
    def test_stride_subsamples(self, layer: Layer) -> None:
        dense = reference.conv_forward(*layer[:3], padding=layer.padding)
        strided = reference.conv_forward(*layer[:3], **layer.steps)
        assert_close(strided, dense[:, :, :: layer.stride, :: layer.stride])

    @quick
    @given(layer=layers())
    def test_padding_is_zeros(self, layer: Layer) -> None:
        p = layer.padding
        padded = np.pad(layer.X, ((0, 0), (0, 0), (p, p), (p, p)))
        assert_close(
            reference.conv_forward(*layer[:3], **layer.steps),
            reference.conv_forward(padded, layer.W, layer.b, stride=layer.stride),
        )

    @quick
    @given(seed=seeds, down=st.integers(0, 3), right=st.integers(0, 3))
    def test_follows_a_translation(self, seed: int, down: int, right: int) -> None:
        layer = make_layer(seed, (1, 2, 4, 5))
        canvas, moved = np.zeros((2, 1, 2, 12, 13))
        canvas[:, :, 3:7, 3:8] = layer.X
        moved[:, :, 3 + down : 7 + down, 3 + right : 8 + right] = layer.X
        before = reference.conv_forward(canvas, layer.W, layer.b)
        after = reference.conv_forward(moved, layer.W, layer.b)
        assert_close(after, np.roll(before, (down, right), axis=(2, 3)))

    @quick
    @given(layer=layers())
    def test_channels_are_a_set_and_add_up(self, layer: Layer) -> None:
        X, W, b = layer[:3]
        out = reference.conv_forward(X, W, b, **layer.steps)
        order = np.random.default_rng(1).permutation(X.shape[1])
        assert_close(reference.conv_forward(X[:, order], W[:, order], b, **layer.steps), out)
        parts = [
            reference.conv_forward(X[:, [c]], W[:, [c]], np.zeros_like(b), **layer.steps) for c in range(X.shape[1])
        ]
        assert_close(sum(parts) + b[:, None, None], out)

    @quick
    @given(layer=layers())
    def test_images_do_not_see_each_other(self, layer: Layer) -> None:
        together = reference.conv_forward(*layer[:3], **layer.steps)
        alone = [reference.conv_forward(X[None], layer.W, layer.b, **layer.steps) for X in layer.X]
        assert_close(together, np.concatenate(alone))


class TestBackward:
    @quick
    @given(layer=layers())
    def test_is_torch_autograd(self, layer: Layer) -> None:
        inputs = [torch.from_numpy(a).requires_grad_() for a in layer[:3]]
        out = torch.nn.functional.conv2d(*inputs, **layer.steps)
        expected = torch.autograd.grad(out, inputs, torch.from_numpy(layer.dout))
        actual = reference.conv_backward(layer.dout, layer.X, layer.W, **layer.steps)
        other = twin.conv_backward(*(torch.from_numpy(a) for a in (layer.dout, layer.X, layer.W)), **layer.steps)
        for ours, theirs, auto in zip(actual, other, expected, strict=True):
            assert_close(ours, auto.numpy())
            assert_close(theirs.numpy(), auto.numpy())

    @pytest.mark.parametrize(("stride", "padding"), [(1, 0), (2, 1), (3, 2)])
    def test_is_the_complex_step(self, stride: int, padding: int) -> None:
        """Every entry of every gradient from the definition alone: Im f(x + ih) / h has no round-off to speak of."""
        layer = make_layer(3, (2, 3, 5, 4), 2, (3, 2), stride, padding)
        for which, gradient in enumerate(reference.conv_backward(layer.dout, layer.X, layer.W, **layer.steps)):
            expected = np.empty(gradient.shape)
            for index in np.ndindex(gradient.shape):
                inputs = [a.astype(complex) for a in layer[:3]]
                inputs[which][index] += 1e-30j
                expected[index] = np.sum(layer.dout * convolve(*inputs, **layer.steps)).imag / 1e-30
            assert_close(gradient, expected)

    @quick
    @given(layer=layers())
    def test_dX_is_the_adjoint(self, layer: Layer) -> None:
        """<conv(X), dout> = <X, dX>, and the same with the filters."""
        out = reference.conv_forward(layer.X, layer.W, np.zeros_like(layer.b), **layer.steps)
        dX, dW, db = reference.conv_backward(layer.dout, layer.X, layer.W, **layer.steps)
        inner = np.sum(out * layer.dout)
        scale = np.linalg.norm(out) * np.linalg.norm(layer.dout) + 1
        assert abs(np.sum(layer.X * dX) - inner) <= 1e-12 * scale
        assert abs(np.sum(layer.W * dW) - inner) <= 1e-12 * scale
        assert_close(db, np.einsum("nfij->f", layer.dout))

    @quick
    @given(layer=layers())
    def test_sums_over_the_batch(self, layer: Layer) -> None:
        """Twice the same images: the filters' gradients double, each image's stays."""
        dX, dW, db = reference.conv_backward(layer.dout, layer.X, layer.W, **layer.steps)
        twice = [np.concatenate([a, a]) for a in (layer.dout, layer.X)]
        dX2, dW2, db2 = reference.conv_backward(*twice, layer.W, **layer.steps)
        assert_close(dX2, np.concatenate([dX, dX]))
        assert_close(dW2, 2 * dW)
        assert_close(db2, 2 * db)

    def test_pixels_that_no_patch_reaches(self) -> None:
        layer = make_layer(0, (1, 2, 6, 6), 3, (2, 2), stride=3)
        dX, _, _ = reference.conv_backward(layer.dout, layer.X, layer.W, stride=3)
        assert not dX[:, :, 2::3].any()
        assert not dX[:, :, :, 2::3].any()
        assert dX[:, :, ::3, ::3].all()

    def test_zero_upstream(self) -> None:
        layer = make_layer(0)
        for gradient in reference.conv_backward(0 * layer.dout, layer.X, layer.W):
            assert not gradient.any()


class TestConv1x1:
    @quick
    @given(seed=seeds)
    def test_is_a_dense_layer_at_each_pixel(self, seed: int) -> None:
        layer = make_layer(seed, (2, 3, 4, 5), 6, (1, 1))
        W = layer.W[:, :, 0, 0]
        out = reference.conv1x1(layer.X, W, layer.b)
        assert_close(out, reference.conv_forward(layer.X, layer.W, layer.b))
        for n, i, j in np.ndindex(2, 4, 5):
            assert_close(out[n, :, i, j], W @ layer.X[n, :, i, j] + layer.b)
        assert_close(twin.conv1x1(*(torch.from_numpy(a) for a in (layer.X, W, layer.b))).numpy(), out)

    def test_identity(self) -> None:
        X = make_layer(0).X
        np.testing.assert_array_equal(reference.conv1x1(X, np.eye(3), np.zeros(3)), X)


class TestParameterCount:
    @pytest.mark.parametrize(
        ("kernel", "channels", "filters", "count"), [(5, 1, 6, 156), (3, 512, 512, 2_359_808), (11, 3, 64, 23_296)]
    )
    def test_published_layers(self, kernel: int, channels: int, filters: int, count: int) -> None:
        """LeNet-5's C1 (LeCun et al. 1998, section II.B: 156), VGG's last and AlexNet's first layer."""
        layer = torch.nn.Conv2d(channels, filters, kernel, device="meta")
        for tree in (reference, twin):
            assert tree.parameter_count(kernel, channels, filters) == count
            assert tree.parameter_count(kernel, channels, filters, bias=False) == count - filters
        assert sum(p.numel() for p in layer.parameters()) == count

    def test_refuses(self) -> None:
        for bad in ((0, 1, 1), (3, 0, 1), (3, 1, -2), (float("inf"), 1, 1), (float("nan"), 1, 1)):
            for tree in (reference, twin):
                with pytest.raises(ValueError, match="needed a whole number"):
                    tree.parameter_count(*bad)


def calls() -> list[tuple[str, list[Array]]]:
    layer = make_layer(5, stride=2, padding=1)
    return [
        ("conv2d", [layer.X[0, 0], layer.W[0, 0]]),
        ("conv_forward", list(layer[:3])),
        ("conv_backward", [layer.dout, layer.X, layer.W]),
        ("conv1x1", [layer.X, layer.W[:, :, 0, 0], layer.b]),
    ]


def run(tree: Any, name: str, arguments: list[Any]) -> list[Any]:
    steps = {} if name == "conv1x1" else {"stride": 2, "padding": 1}
    results = getattr(tree, name)(*arguments, **steps)
    return list(results) if isinstance(results, tuple) else [results]


class TestContract:
    def test_both_trees_have_one_face(self) -> None:
        assert reference.__all__ == twin.__all__
        for name in reference.__all__:
            ours, theirs = (inspect.signature(getattr(tree, name)).parameters.values() for tree in (reference, twin))
            assert [(p.name, p.default) for p in ours] == [(p.name, p.default) for p in theirs]

    @pytest.mark.parametrize(("name", "arguments"), calls())
    def test_inputs_are_left_alone(self, name: str, arguments: list[Array]) -> None:
        before = [a.copy() for a in arguments]
        for a in arguments:
            a.flags.writeable = False
        results = run(reference, name, arguments)
        tensors = [torch.from_numpy(a.copy()) for a in before]
        twins = run(twin, name, tensors)
        for a, b, t in zip(arguments, before, tensors, strict=True):
            np.testing.assert_array_equal(a, b)
            np.testing.assert_array_equal(t.numpy(), b)
            assert not any(np.shares_memory(a, r) for r in results)
            assert not any(np.shares_memory(t.numpy(), r.numpy()) for r in twins)

    @pytest.mark.parametrize("name", ["conv_backward", "conv_forward"])
    def test_a_kernel_of_one_shares_no_memory(self, name: str) -> None:
        X = np.ones((1, 1, 3, 3))
        W = np.ones((1, 1, 1, 1))
        arguments = [X, W, np.zeros(1)] if name == "conv_forward" else [np.ones((1, 1, 3, 3)), X, W]
        results = getattr(reference, name)(*arguments)
        for r in results if isinstance(results, tuple) else [results]:
            assert not any(np.shares_memory(a, r) for a in arguments)

    @pytest.mark.parametrize(("name", "arguments"), calls())
    def test_float32_stays_and_the_rest_is_float64(self, name: str, arguments: list[Array]) -> None:
        for given_type, kept in ((np.float32, np.float32), (np.float64, np.float64), (np.int64, np.float64)):
            cast = [np.rint(3 * a).astype(given_type) for a in arguments]
            exact = run(reference, name, [a.astype(np.float64) for a in cast])
            for tree, inputs in ((reference, cast), (twin, [torch.from_numpy(a) for a in cast])):
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
        layer = make_layer(0)
        X, W, b, dout = layer[:4]
        bad: list[tuple[str, str, list[Array]]] = [
            ("conv2d", "image", [X[0], W[0, 0]]),
            ("conv2d", "kernel", [X[0, 0], b]),
            ("conv2d", "kernel", [X[0, 0, :2], W[0, 0]]),
            ("conv_forward", "X", [X[0], W, b]),
            ("conv_forward", "W", [X, W[:, :2], b]),
            ("conv_forward", "b", [X, W, b[:, None]]),
            ("conv_forward", "kernel", [X[:, :, :2], W, b]),
            ("conv_backward", "dout", [dout[:, :, 1:], X, W]),
            ("conv_backward", "dout", [dout[:, :1], X, W]),
            ("conv_backward", "W", [dout, X, W[0]]),
            ("conv1x1", "W", [X, W, b]),
            ("conv1x1", "b", [X, W[:, :, 0, 0], b[1:]]),
        ]
        for name, argument, arguments in bad:
            with pytest.raises(ValueError, match=f"^{argument}: got"):
                getattr(reference, name)(*arguments)
            with pytest.raises(ValueError, match=f"^{argument}: got"):
                getattr(twin, name)(*(torch.from_numpy(a) for a in arguments))
        for steps in ({"stride": 0}, {"padding": -1}, {"stride": 1.5}):
            with pytest.raises(ValueError, match="needed a whole number"):
                reference.conv_forward(X, W, b, **steps)

    def test_empty_batch(self) -> None:
        layer = make_layer(0, (0, 3, 7, 8))
        assert reference.conv_forward(*layer[:3]).shape == (0, 4, 5, 7)
        dX, dW, db = reference.conv_backward(layer.dout, layer.X, layer.W)
        assert dX.shape == layer.X.shape
        assert not dW.any()
        assert not db.any()

    def test_no_loop_over_data(self) -> None:
        """The interpreter makes as many calls for 2 small images as for 6 large ones with more channels."""

        def count(shape: tuple[int, int, int, int], filters: int) -> int:
            layer = make_layer(0, shape, filters)
            events = []
            gc.disable()  # a collection calls what others have hung on it
            sys.setprofile(lambda frame, event, argument: events.append(event))
            try:
                reference.conv_forward(*layer[:3])
                reference.conv_backward(layer.dout, layer.X, layer.W)
            finally:
                sys.setprofile(None)
                gc.enable()
            return len(events)

        assert count((2, 2, 5, 5), 2) == count((6, 5, 12, 11), 7)
