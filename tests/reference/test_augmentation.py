"""Augmentation: exact geometry, PyTorch's interpolation, and random choices judged at a false-alarm rate of 1e-9."""

import inspect
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reference.with_numpy import augmentation as ours

torch = pytest.importorskip("torch")
theirs = pytest.importorskip("reference.with_torch.augmentation")
F = torch.nn.functional

LAW = settings(deadline=None, max_examples=30, derandomize=True)
SEEDS = st.integers(0, 2**32 - 1)
SIDES = st.integers(1, 9)
TREES = pytest.mark.parametrize("tree", [ours, theirs], ids=["numpy", "torch"])


def pictures(seed, shape=(3, 2, 5, 7), dtype=np.float64):
    return np.random.default_rng(seed).random(shape).astype(dtype)


def send(tree, array):
    return np.copy(array) if tree is ours else torch.tensor(array)


def source(tree, seed):
    return np.random.default_rng(seed) if tree is ours else torch.Generator().manual_seed(seed)


def calls(tree, seed=0):
    """Every function on images, with ordinary arguments."""
    return {
        "flip_horizontal": lambda x: tree.flip_horizontal(x, 0.5, source(tree, seed)),
        "random_crop": lambda x: tree.random_crop(x, (4, 3), 2, source(tree, seed)),
        "rotate90": lambda x: tree.rotate90(x, 1),
        "rotate": lambda x: tree.rotate(x, 25.0),
        "color_jitter": lambda x: tree.color_jitter(x, 0.4, 0.4, source(tree, seed)),
        "resize": lambda x: tree.resize(x, (4, 9)),
    }


IMAGE_FUNCTIONS = pytest.mark.parametrize("name", list(calls(ours)))


@TREES
class TestContract:
    @IMAGE_FUNCTIONS
    def test_no_input_changed_no_memory_shared_types_kept(self, tree, name):
        for dtype, expected in ((np.float32, "float32"), (np.float64, "float64"), (np.int64, "float64")):
            before = pictures(1).round().astype(dtype)
            sent = send(tree, before)
            out = calls(tree)[name](sent)
            assert str(out.dtype).endswith(expected)
            assert np.array_equal(np.asarray(sent), before)
            assert not np.shares_memory(np.asarray(out), np.asarray(sent))

    @IMAGE_FUNCTIONS
    def test_the_same_generator_gives_the_same_images(self, tree, name):
        images = send(tree, pictures(2))
        assert np.array_equal(*(np.asarray(calls(tree, seed=5)[name](images)) for _ in range(2)))

    @IMAGE_FUNCTIONS
    def test_values_stay_in_range(self, tree, name):
        out = np.asarray(calls(tree)[name](send(tree, pictures(3))))
        assert out.min() >= 0
        assert out.max() <= 1 + 1e-12

    @IMAGE_FUNCTIONS
    def test_four_axes_are_needed(self, tree, name):
        with pytest.raises(ValueError, match=r"images: got shape \(2, 5, 7\); needed \(N, C, H, W\)"):
            calls(tree)[name](send(tree, pictures(1)[0]))

    def test_trivial_settings_still_copy(self, tree):
        images = send(tree, pictures(4))
        for out in (
            tree.flip_horizontal(images, 0, source(tree, 0)),
            tree.random_crop(images, (5, 7), 0, source(tree, 0)),
            tree.rotate90(images, 0),
            tree.rotate(images, 0),
            tree.color_jitter(images, 0, 0, source(tree, 0)),
            tree.resize(images, (5, 7)),
        ):
            np.testing.assert_allclose(np.asarray(out), np.asarray(images), rtol=1e-13)
            assert not np.shares_memory(np.asarray(out), np.asarray(images))

    def test_bad_input(self, tree):
        x, rng = send(tree, pictures(1)), source(tree, 0)
        for call, argument in (
            (lambda: tree.flip_horizontal(x, 1.1, rng), "p"),
            (lambda: tree.flip_horizontal(x, float("nan"), rng), "p"),
            (lambda: tree.random_crop(x, 8, 0, rng), "size"),
            (lambda: tree.random_crop(x, (0, 3), 0, rng), "size"),
            (lambda: tree.random_crop(x, 2.5, 0, rng), "size"),
            (lambda: tree.random_crop(x, (2, 2, 2), 0, rng), "size"),
            (lambda: tree.random_crop(x, 2, -1, rng), "padding"),
            (lambda: tree.rotate90(x, 0.5), "k"),
            (lambda: tree.rotate(x, float("inf")), "degrees"),
            (lambda: tree.color_jitter(x, -0.1, 0, rng), "brightness"),
            (lambda: tree.color_jitter(x, 0, float("inf"), rng), "contrast"),
            (lambda: tree.resize(x, 0), "size"),
            (lambda: tree.resize(x[:, :, :0], 3), "images"),
            (lambda: tree.mixup(x, x[:2], 0.4, rng), "Y"),
            (lambda: tree.mixup(x, x, 0, rng), "alpha"),
            (lambda: tree.progressive_sizes(64, 32, 3), "end"),
            (lambda: tree.progressive_sizes(0, 32, 3), "start"),
            (lambda: tree.progressive_sizes(32, 64, 0), "epochs"),
            (lambda: tree.progressive_sizes(32, 64, 3, multiple=0), "multiple"),
            (lambda: tree.progressive_sizes(33, 63, 3), "multiple"),
        ):
            with pytest.raises(ValueError, match=f"^{argument}: got"):
                call()


class TestFlip:
    @TREES
    @LAW
    @given(seed=SEEDS, p=st.floats(0, 1))
    def test_each_image_is_itself_or_its_mirror(self, tree, seed, p):
        images = pictures(seed, (6, 2, 3, 4))
        out = np.asarray(tree.flip_horizontal(send(tree, images), p, source(tree, seed)))
        for image, result in zip(images, out, strict=True):
            assert np.array_equal(result, image) or np.array_equal(result, image[..., ::-1])

    @TREES
    @LAW
    @given(seed=SEEDS)
    def test_always_and_twice(self, tree, seed):
        images = pictures(seed)
        once = tree.flip_horizontal(send(tree, images), 1, source(tree, seed))
        assert np.array_equal(np.asarray(once), images[..., ::-1])
        assert np.array_equal(np.asarray(tree.flip_horizontal(once, 1, source(tree, seed))), images)

    @TREES
    def test_share_and_independence(self, tree):
        """20 000 images: Hoeffding allows 0.024 for the share, 0.033 for neighbours agreeing, at 1e-9 in all."""
        images = np.tile(np.array([0.0, 1.0]), (20000, 1, 1, 1))
        flipped = np.asarray(tree.flip_horizontal(send(tree, images), 0.3, source(tree, 31)))[:, 0, 0, 0]
        assert abs(flipped.mean() - 0.3) <= math.sqrt(math.log(4e9) / (2 * 20000))
        both = flipped[::2] * flipped[1::2]
        assert abs(both.mean() - 0.09) <= math.sqrt(math.log(4e9) / (2 * 10000))


class TestCrop:
    @TREES
    @LAW
    @given(seed=SEEDS, h=st.integers(1, 9), w=st.integers(1, 11), padding=st.integers(0, 3))
    def test_a_window_of_the_padded_image(self, tree, seed, h, w, padding):
        images = pictures(seed) + 1
        h, w = min(h, 5 + 2 * padding), min(w, 7 + 2 * padding)
        out = np.asarray(tree.random_crop(send(tree, images), (h, w), padding, source(tree, seed)))
        assert out.shape == (3, 2, h, w)
        padded = np.pad(images, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
        for n in range(3):
            places = [
                (i, j)
                for i in range(padded.shape[2] - h + 1)
                for j in range(padded.shape[3] - w + 1)
                if np.array_equal(padded[n, :, i : i + h, j : j + w], out[n])
            ]
            assert places

    @TREES
    def test_an_int_is_a_square(self, tree):
        images = send(tree, pictures(0))
        square, pair = (tree.random_crop(images, size, 1, source(tree, 3)) for size in (4, (4, 4)))
        assert np.array_equal(np.asarray(square), np.asarray(pair))

    @TREES
    def test_offsets_are_uniform_and_by_image(self, tree):
        """3 x 4 places, 12 000 images: Hoeffding and a union bound over 12 cells allow 0.032 at a rate of 1e-9."""
        images = np.tile(np.arange(1.0, 13).reshape(3, 4), (12000, 1, 1, 1))
        out = np.asarray(tree.random_crop(send(tree, images), 1, 0, source(tree, 7))).ravel()
        shares = [np.mean(out == place) for place in range(1, 13)]
        assert sum(shares) == pytest.approx(1)
        assert max(abs(share - 1 / 12) for share in shares) <= math.sqrt(math.log(2 * 12 / 1e-9) / (2 * 12000))


class TestRotate:
    def test_quarter_turns_by_hand(self):
        images = np.array([[[[1, 2, 3], [4, 5, 6]]]]) / 10
        expected = {1: [[3, 6], [2, 5], [1, 4]], 2: [[6, 5, 4], [3, 2, 1]], -1: [[4, 1], [5, 2], [6, 3]]}
        for tree in (ours, theirs):
            for k, turned in expected.items():
                assert np.array_equal(np.asarray(tree.rotate90(send(tree, images), k))[0, 0], np.array(turned) / 10)

    @TREES
    @LAW
    @given(seed=SEEDS, k=st.integers(-9, 9), more=st.integers(-9, 9))
    def test_quarter_turns_add_up(self, tree, seed, k, more):
        images = send(tree, pictures(seed))
        twice, once = tree.rotate90(tree.rotate90(images, k), more), tree.rotate90(images, k + more)
        assert np.array_equal(np.asarray(twice), np.asarray(once))
        assert np.array_equal(np.asarray(tree.rotate90(images, np.int64(4))), np.asarray(images))

    @TREES
    @LAW
    @given(seed=SEEDS, side=SIDES, k=st.integers(-6, 6))
    def test_multiples_of_ninety_degrees(self, tree, seed, side, k):
        images = send(tree, pictures(seed, (2, 3, side, side)))
        exact = np.asarray(tree.rotate90(images, k))
        np.testing.assert_allclose(np.asarray(tree.rotate(images, 90 * k)), exact, rtol=1e-12, atol=1e-12)

    @LAW
    @given(seed=SEEDS, H=SIDES, W=SIDES, degrees=st.floats(-400, 400))
    def test_trees_agree(self, seed, H, W, degrees):
        """Bilinear reading is continuous, so the two ways to compute a place may differ by rounding: 1e-12 absolute."""
        images = pictures(seed, (2, 3, H, W))
        expected = theirs.rotate(torch.from_numpy(images), degrees).numpy()
        np.testing.assert_allclose(ours.rotate(images, degrees), expected, rtol=0, atol=1e-12, strict=True)

    @LAW
    @given(seed=SEEDS, H=SIDES, W=SIDES, degrees=st.floats(-400, 400))
    def test_pixel_by_pixel(self, seed, H, W, degrees):
        """Written out with complex numbers: a pixel reads at its place turned clockwise, on the plane with y up."""
        image = pictures(seed, (H, W))
        expected = np.zeros((H, W))
        for i in range(H):
            for j in range(W):
                place = complex(j - (W - 1) / 2, (H - 1) / 2 - i) * np.exp(-1j * math.radians(degrees))
                row, column = (H - 1) / 2 - place.imag, (W - 1) / 2 + place.real
                for y in range(H):
                    for x in range(W):
                        expected[i, j] += max(0, 1 - abs(row - y)) * max(0, 1 - abs(column - x)) * image[y, x]
        np.testing.assert_allclose(ours.rotate(image[None, None], degrees)[0, 0], expected, rtol=0, atol=1e-12)

    @pytest.mark.parametrize("degrees", [10.0, -33.3, 145.0])
    def test_pytorchs_affine_grid(self, degrees):
        images = torch.from_numpy(pictures(0, (2, 3, 8, 8)))
        a = math.radians(degrees)
        theta = torch.tensor([[[math.cos(a), -math.sin(a), 0], [math.sin(a), math.cos(a), 0]]] * 2, dtype=torch.float64)
        grid = F.affine_grid(theta, list(images.shape), align_corners=False)
        expected = F.grid_sample(images, grid, padding_mode="zeros", align_corners=False).numpy()
        np.testing.assert_allclose(ours.rotate(images.numpy(), degrees), expected, rtol=0, atol=1e-12)

    @LAW
    @given(seed=SEEDS, degrees=st.floats(-180, 180))
    def test_linear_and_mirrored(self, seed, degrees):
        """Rotation is linear in the image, and the mirror of a turned image is the mirror turned the other way."""
        a, b = pictures(seed, (2, 1, 1, 5, 6))
        np.testing.assert_allclose(
            ours.rotate(a + 2 * b, degrees), ours.rotate(a, degrees) + 2 * ours.rotate(b, degrees), rtol=0, atol=1e-12
        )
        np.testing.assert_allclose(
            ours.rotate(a[..., ::-1], -degrees), ours.rotate(a, degrees)[..., ::-1], rtol=0, atol=1e-12
        )

    def test_outside_counts_as_zero(self):
        """At 45 degrees the corner of a 3 x 3 image of ones reads past the edge, at (1 + sqrt 2, 1): 1 - 0.41."""
        corner = ours.rotate(np.ones((1, 1, 3, 3)), 45)[0, 0, 0, 0]
        assert corner == pytest.approx(2 - math.sqrt(2), rel=1e-12)


class TestColorJitter:
    def test_written_out(self):
        """The same draws, in the order brightness then contrast, image by image in plain numbers."""
        images = pictures(5)
        draws = np.random.default_rng(9)
        brightness, contrast = draws.uniform(0.6, 1.4, 3), draws.uniform(0.2, 1.8, 3)
        out = ours.color_jitter(images, 0.4, 0.8, np.random.default_rng(9))
        for image, b, c, result in zip(images, brightness, contrast, out, strict=True):
            bright = np.minimum(b * image, 1)
            expected = np.minimum(np.maximum((bright - bright.mean()) * c + bright.mean(), 0), 1)
            np.testing.assert_allclose(result, expected, rtol=1e-12, atol=1e-15)

    @TREES
    @LAW
    @given(seed=SEEDS, x=st.floats(0, 2))
    def test_brightness_alone_is_a_factor_by_image(self, tree, seed, x):
        images = pictures(seed) / 4 + 0.05
        out = np.asarray(tree.color_jitter(send(tree, images), x, 0, source(tree, seed)))
        factors = (out / images).reshape(3, -1)
        np.testing.assert_allclose(factors, np.tile(factors[:, :1], (1, factors.shape[1])), rtol=1e-9, atol=1e-12)
        assert factors.min() >= max(0, 1 - x) - 1e-12
        assert factors.max() <= 1 + x + 1e-12

    @TREES
    @LAW
    @given(seed=SEEDS, x=st.floats(0, 2))
    def test_contrast_alone_keeps_the_mean(self, tree, seed, x):
        """Unclipped, contrast scales the differences from the image's mean by one factor and keeps the mean."""
        images = pictures(seed) / 10 + 0.45
        out = np.asarray(tree.color_jitter(send(tree, images), 0, x, source(tree, seed)))
        mean = images.mean(axis=(1, 2, 3), keepdims=True)
        np.testing.assert_allclose(out.mean(axis=(1, 2, 3)), mean.ravel(), rtol=1e-12)
        for n in range(3):
            factor = np.sum((out - mean)[n] * (images - mean)[n]) / np.sum((images - mean)[n] ** 2)
            assert max(0, 1 - x) - 1e-9 <= factor <= 1 + x + 1e-9
            np.testing.assert_allclose((out - mean)[n], factor * (images - mean)[n], rtol=0, atol=1e-12)

    def test_clipped_after_the_brightness(self):
        """A white image stays white or dims: unclipped brightness would come back through the mean."""
        rng = np.random.default_rng(2)
        images = np.ones((50, 1, 2, 2))
        images[:, :, 0, 0] = 0
        out = ours.color_jitter(images, 1, 0.5, rng)
        assert out.min() >= 0
        assert out.max() <= 1

    @TREES
    def test_factors_are_uniform(self, tree):
        """DKW: 5000 factors of each kind are within 0.0471 of U(0.5, 1.5) at a rate of 1e-9, both kinds together."""
        bound = math.sqrt(math.log(4e9) / (2 * 5000))
        images = np.tile(np.array([0.4, 0.6]), (5000, 1, 1, 1))
        for amounts, read in (((0.5, 0), lambda out: out[:, 1] / 0.6), ((0, 0.5), lambda out: (out[:, 1] - 0.5) / 0.1)):
            out = np.asarray(tree.color_jitter(send(tree, images), *amounts, source(tree, 3)))[:, 0, 0]
            factors = np.sort(read(out)) - 0.5
            assert -1e-9 <= factors.min() <= factors.max() <= 1 + 1e-9
            steps = np.arange(1, 5001) / 5000
            assert max(np.max(steps - factors), np.max(factors - steps + 1 / 5000)) <= bound


class TestResize:
    @LAW
    @given(seed=SEEDS, H=SIDES, W=SIDES, h=st.integers(1, 20), w=st.integers(1, 20))
    def test_pytorchs_interpolate(self, seed, H, W, h, w):
        images = pictures(seed, (2, 3, H, W))
        for size in ((h, w), (H, W)):
            expected = F.interpolate(torch.from_numpy(images), size, mode="bilinear", align_corners=False).numpy()
            np.testing.assert_allclose(ours.resize(images, size), expected, rtol=1e-12, atol=1e-15, strict=True)
            other = theirs.resize(torch.from_numpy(images), size).numpy()
            np.testing.assert_allclose(other, expected, rtol=1e-12, atol=1e-15, strict=True)

    @TREES
    def test_by_hand(self, tree):
        out = np.asarray(tree.resize(send(tree, np.array([[[[0.0, 1.0]]]])), (1, 4)))
        np.testing.assert_allclose(out, [[[[0, 0.25, 0.75, 1]]]], rtol=1e-15)
        halved = np.asarray(tree.resize(send(tree, np.arange(4.0).reshape(1, 1, 2, 2) / 4), 1))
        np.testing.assert_allclose(halved, [[[[0.375]]]], rtol=1e-15)

    @LAW
    @given(seed=SEEDS, h=st.integers(1, 12), w=st.integers(1, 12), value=st.floats(0, 1))
    def test_constants_mirrors_transposes_and_sums(self, seed, h, w, value):
        a, b = pictures(seed, (2, 2, 1, 5, 4))
        np.testing.assert_allclose(ours.resize(np.full((1, 1, 5, 4), value), (h, w)), value, rtol=1e-14, atol=1e-300)
        close = {"rtol": 0, "atol": 1e-13}
        out = ours.resize(a, (h, w))
        np.testing.assert_allclose(ours.resize(a[..., ::-1], (h, w)), out[..., ::-1], **close)
        np.testing.assert_allclose(ours.resize(a.swapaxes(2, 3), (w, h)), out.swapaxes(2, 3), **close)
        np.testing.assert_allclose(ours.resize(a + 2 * b, (h, w)), out + 2 * ours.resize(b, (h, w)), **close)
        assert out.min() >= a.min() - 1e-15
        assert out.max() <= a.max() + 1e-15

    @TREES
    def test_an_int_is_a_square(self, tree):
        images = send(tree, pictures(0))
        assert np.array_equal(np.asarray(tree.resize(images, np.int64(6))), np.asarray(tree.resize(images, (6, 6))))


class TestMixup:
    @TREES
    @LAW
    @given(seed=SEEDS, alpha=st.floats(0.1, 10), N=st.integers(1, 8))
    def test_images_and_labels_share_lam_and_permutation(self, tree, seed, alpha, N):
        """With one-hot examples and labels the mixture itself shows lam and the permutation."""
        X, Y = np.eye(N).reshape(N, N, 1, 1), np.eye(N)
        mixed_X, mixed_Y, lam = tree.mixup(send(tree, X), send(tree, Y), alpha, source(tree, seed))
        assert type(lam) is float
        assert 0 <= lam <= 1
        mixed_Y = np.asarray(mixed_Y)
        np.testing.assert_allclose(np.asarray(mixed_X)[:, :, 0, 0], mixed_Y, rtol=0, atol=1e-15)
        np.testing.assert_allclose(mixed_Y.sum(axis=1), 1, rtol=1e-14)
        np.testing.assert_allclose(mixed_Y.sum(axis=0), 1, rtol=1e-14)
        partners = (mixed_Y - lam * Y) / max(1 - lam, 1e-9)
        if lam < 1 - 1e-6:
            assert sorted(np.argmax(partners, axis=1)) == list(range(N))
            np.testing.assert_allclose(partners.max(axis=1), 1, rtol=1e-8)

    @LAW
    @given(seed=SEEDS, alpha=st.floats(0.1, 10))
    def test_written_out(self, seed, alpha):
        X, Y = pictures(seed, (5, 2, 3, 4)), pictures(seed, (5, 3))
        rng = np.random.default_rng(seed)
        lam = rng.beta(alpha, alpha)
        order = rng.permutation(5)
        mixed_X, mixed_Y, same = ours.mixup(X, Y, alpha, np.random.default_rng(seed))
        assert same == lam
        np.testing.assert_allclose(mixed_X, lam * X + (1 - lam) * X[order], rtol=1e-14)
        np.testing.assert_allclose(mixed_Y, lam * Y + (1 - lam) * Y[order], rtol=1e-14)

    @TREES
    @pytest.mark.parametrize(
        ("alpha", "cdf"),
        [
            (0.5, lambda x: 2 / math.pi * np.arcsin(np.sqrt(x))),
            (1.0, lambda x: x),
            (2.0, lambda x: 3 * x**2 - 2 * x**3),
            (3.0, lambda x: 10 * x**3 - 15 * x**4 + 6 * x**5),
        ],
    )
    def test_lam_is_beta(self, tree, alpha, cdf):
        """DKW on 4000 draws: within 0.0518 of the distribution function at a rate of 1e-9."""
        X, rng = send(tree, np.ones((1, 1))), source(tree, 13)
        lam = np.sort([tree.mixup(X, X, alpha, rng)[2] for _ in range(4000)])
        steps, F_lam = np.arange(1, 4001) / 4000, cdf(lam)
        assert max(np.max(steps - F_lam), np.max(F_lam - steps + 1 / 4000)) <= math.sqrt(math.log(2e9) / 8000)

    @TREES
    @pytest.mark.parametrize("alpha", [1e-3, 1e-2, 1e4])
    def test_lam_at_the_ends(self, tree, alpha):
        """Tiny alpha: nearly always one of the two, and P(lam > 1/2) = 1/2 (Hoeffding, 1e-9). Large: near one half."""
        X, rng = send(tree, np.ones((1, 1))), source(tree, 19)
        lam = np.array([tree.mixup(X, X, alpha, rng)[2] for _ in range(1000)])
        assert np.all((lam >= 0) & (lam <= 1))
        assert abs(np.mean(lam > 0.5) - 0.5) <= math.sqrt(math.log(2e9) / 2000)
        if alpha > 1:
            # Beta(a, a) is sub-Gaussian with its own variance, 1 / (8 a + 4) (Marchal and Arbel 2017).
            assert np.abs(lam - 0.5).max() <= math.sqrt(2 * math.log(2e12) / (8 * alpha + 4))

    @TREES
    def test_contract(self, tree):
        for dtype, expected in ((np.float32, "float32"), (np.float64, "float64"), (np.int64, "float64")):
            X, Y = send(tree, np.eye(4, dtype=dtype)), send(tree, np.eye(4, dtype=dtype))
            mixed_X, mixed_Y, _ = tree.mixup(X, Y, np.float64(0.4), source(tree, 1))
            assert str(mixed_X.dtype).endswith(expected)
            assert str(mixed_Y.dtype).endswith(expected)
            for out in (mixed_X, mixed_Y):
                assert not any(np.shares_memory(np.asarray(out), np.asarray(given)) for given in (X, Y))
            assert np.array_equal(np.asarray(X), np.eye(4))
        first, again = (tree.mixup(X, Y, 0.4, source(tree, 1)) for _ in range(2))
        assert first[2] == again[2]
        assert np.array_equal(np.asarray(first[0]), np.asarray(again[0]))


@TREES
class TestProgressiveSizes:
    def test_by_hand(self, tree):
        assert tree.progressive_sizes(64, 224, 6) == [64, 96, 128, 160, 192, 224]
        assert tree.progressive_sizes(64, 224, 4) == [64, 128, 160, 224]
        assert tree.progressive_sizes(50, 100, 4) == [50, 64, 96, 100]
        assert tree.progressive_sizes(64, 224, 1) == [224]
        assert tree.progressive_sizes(33, 63, 2) == [33, 63]
        assert tree.progressive_sizes(33, 63, 4, multiple=1) == [33, 43, 53, 63]
        assert tree.progressive_sizes(64, 64, 3) == [64, 64, 64]

    @LAW
    @given(start=st.integers(1, 300), more=st.integers(0, 300), epochs=st.integers(2, 30), multiple=st.integers(1, 40))
    def test_laws(self, tree, start, more, epochs, multiple):
        end = start + more
        if epochs > 2 and end // multiple * multiple < start:
            with pytest.raises(ValueError, match="multiple"):
                tree.progressive_sizes(start, end, epochs, multiple=multiple)
            return
        sizes = tree.progressive_sizes(start, end, epochs, multiple=multiple)
        assert all(type(size) is int for size in sizes)
        assert len(sizes) == epochs
        assert (sizes[0], sizes[-1]) == (start, end)
        assert sizes == sorted(sizes)
        assert all(size % multiple == 0 for size in sizes[1:-1])


def test_names_and_signatures():
    assert ours.__all__ == theirs.__all__
    for name in ours.__all__:
        mine, other = (inspect.signature(getattr(tree, name)).parameters.values() for tree in (ours, theirs))
        mine = [("generator" if p.name == "rng" else p.name, p.default) for p in mine]
        assert mine == [(p.name, p.default) for p in other]
