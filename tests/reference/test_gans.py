"""GANs: the losses by their derivatives and fixed points, the penalty by critics whose slope is known."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reference.with_numpy import gans as ours

law = settings(deadline=None, max_examples=30, derandomize=True)
seeds = st.integers(0, 2**32 - 1)
sizes = st.integers(1, 7)
both = pytest.mark.parametrize("saturating", [False, True])


@pytest.fixture(scope="module")
def torch():
    return pytest.importorskip("torch")


@pytest.fixture(scope="module")
def theirs(torch):
    from reference.with_torch import gans

    return gans


def normals(seed, *shapes):
    rng = np.random.default_rng(seed)
    return [rng.standard_normal(shape) for shape in shapes]


def close(actual, expected, tolerance=1e-12):
    actual, expected = np.asarray(actual), np.asarray(expected)
    assert actual.shape == expected.shape
    assert actual.dtype == expected.dtype
    np.testing.assert_allclose(actual, expected, rtol=tolerance, atol=tolerance * max(1.0, np.abs(expected).max()))


def complex_step(f, x):
    """The gradient of f entry by entry, exact to rounding since f is analytic and nothing is subtracted."""
    gradient = np.empty_like(x)
    for i in np.ndindex(x.shape):
        moved = x.astype(complex)
        moved[i] += 1e-30j
        gradient[i] = f(moved).imag / 1e-30
    return gradient


def log_d(logits):
    return -np.log(1 + np.exp(-logits))


class TestTheGame:
    def test_a_clueless_discriminator_pays_two_log_two(self):
        """D = 1/2 everywhere: log 2 from each half, added and not averaged."""
        assert ours.discriminator_loss(np.zeros((1, 3)), np.zeros((1, 5))) == pytest.approx(2 * math.log(2), rel=1e-15)
        assert ours.generator_loss(np.zeros((1, 3))) == pytest.approx(math.log(2), rel=1e-15)
        assert ours.generator_loss(np.zeros((1, 3)), saturating=True) == pytest.approx(-math.log(2), rel=1e-15)

    @law
    @given(seeds, sizes, sizes)
    def test_discriminator_gradients_by_complex_step(self, seed, m, n):
        real, fake = normals(seed, (1, m), (1, n))
        d_real, d_fake = ours.discriminator_gradients(real, fake)
        close(d_real, complex_step(lambda z: -log_d(z).mean(), real))
        close(d_fake, complex_step(lambda z: -log_d(-z).mean(), fake))
        value = -log_d(real).mean() - log_d(-fake).mean()
        assert ours.discriminator_loss(real, fake) == pytest.approx(value, rel=1e-13)

    @both
    @pytest.mark.parametrize("m", [1, 6])
    def test_generator_gradient_by_complex_step(self, m, saturating):
        (fake,) = normals(m, (1, m))
        loss = (lambda z: log_d(-z).mean()) if saturating else (lambda z: -log_d(z).mean())
        assert ours.generator_loss(fake, saturating) == pytest.approx(loss(fake), rel=1e-13)
        close(ours.generator_gradient(fake, saturating), complex_step(loss, fake))

    @law
    @given(seeds, sizes, sizes)
    def test_exchanging_the_labels_is_changing_the_sign(self, seed, m, n):
        real, fake = normals(seed, (1, m), (1, n))
        assert ours.discriminator_loss(real, fake) == pytest.approx(ours.discriminator_loss(-fake, -real), rel=1e-13)
        d_real, d_fake = ours.discriminator_gradients(real, fake)
        swapped_real, swapped_fake = ours.discriminator_gradients(-fake, -real)
        close(swapped_real, -d_fake)
        close(swapped_fake, -d_real)

    @law
    @given(seeds, sizes)
    def test_both_generator_losses_pull_the_same_way_at_odds_with_the_discriminator(self, seed, m):
        """Their slopes differ by one, -1/m: what one lacks, the other has. The saturating one undoes d_fake."""
        (fake,) = normals(seed, (1, m))
        plain, saturating = ours.generator_gradient(fake), ours.generator_gradient(fake, saturating=True)
        assert (plain < 0).all()
        assert (saturating < 0).all()
        close(plain + saturating, np.full((1, m), -1 / m))
        close(saturating, -ours.discriminator_gradients(fake, fake)[1])

    def test_the_saturating_gradient_dies_when_the_discriminator_is_sure(self):
        sure = np.full((1, 1), -30.0)
        assert abs(ours.generator_gradient(sure, saturating=True)) < 1e-12
        assert ours.generator_gradient(sure) == pytest.approx(-1, rel=1e-12)

    @law
    @given(seeds, sizes)
    def test_twice_the_batch_is_the_same_mean_and_half_the_gradient(self, seed, m):
        real, fake = normals(seed, (1, m), (1, m))
        twice = [np.hstack([z, z]) for z in (real, fake)]
        assert ours.discriminator_loss(*twice) == pytest.approx(ours.discriminator_loss(real, fake), rel=1e-13)
        for a, b in zip(ours.discriminator_gradients(*twice), ours.discriminator_gradients(real, fake), strict=True):
            close(a[:, :m], b / 2)

    def test_logits_of_any_size_are_exact_and_silent(self):
        """At 1e4 the loss is the logit itself, where log(sigmoid) in two steps would be infinite."""
        huge = np.array([[1e4, -1e4]])
        with np.errstate(over="raise", invalid="raise", divide="raise"):
            assert ours.discriminator_loss(huge, huge) == 1e4
            assert ours.generator_loss(huge) == 5e3
            assert ours.generator_loss(huge, saturating=True) == -5e3
            np.testing.assert_array_equal(ours.discriminator_gradients(huge, huge), [[[0, -0.5]], [[0.5, 0]]])
            np.testing.assert_array_equal(ours.generator_gradient(huge), [[0, -0.5]])

    @law
    @given(seeds, sizes)
    def test_no_discriminator_beats_the_optimal_one(self, seed, n):
        """On a discrete toy the expected loss -sum p log D + q log(1 - D) is lowest at p / (p + q), and its value
        there is 2 log 2 - 2 JSD(p, q) (Goodfellow et al., theorem 1)."""
        rng = np.random.default_rng(seed)
        p, q = rng.dirichlet(np.ones(n), 2) + 1e-9
        p, q = p / p.sum(), q / q.sum()
        D = ours.optimal_discriminator(p, q)

        def loss(D):
            return -np.sum(p * np.log(D) + q * np.log1p(-D))

        kl = [np.sum(a * np.log(2 * a / (p + q))) for a in (p, q)]
        assert loss(D) == pytest.approx(2 * math.log(2) - sum(kl), rel=1e-9, abs=1e-12)
        other = 1 / (1 + np.exp(-np.log(p / q) - rng.standard_normal(n)))
        assert loss(other) >= loss(D)
        close(ours.optimal_discriminator(q, p), 1 - D)

    def test_the_optimal_discriminator_off_the_support(self):
        p, q = np.array([0.0, 0.5, 0.0, 0.5]), np.array([0.0, 0.0, 0.7, 0.3])
        close(ours.optimal_discriminator(p, q), np.array([0.5, 1.0, 0.0, 0.625]))


class TestWasserstein:
    @law
    @given(seeds, sizes, sizes, st.floats(-100, 100), st.floats(0.1, 10))
    def test_the_critic_is_free_of_a_constant_and_linear(self, seed, m, n, shift, scale):
        real, fake = normals(seed, (1, m), (1, n))
        loss = ours.critic_loss(real, fake)
        assert loss == pytest.approx(fake.mean() - real.mean(), rel=1e-12, abs=1e-13)
        assert ours.critic_loss(real + shift, fake + shift) == pytest.approx(loss, rel=1e-9, abs=1e-11)
        assert ours.critic_loss(scale * real, scale * fake) == pytest.approx(scale * loss, rel=1e-9, abs=1e-12)
        assert ours.critic_loss(fake, real) == pytest.approx(-loss, rel=1e-12, abs=1e-13)
        assert ours.wasserstein_generator_loss(fake) == -np.mean(fake)

    @law
    @given(seeds, st.floats(0.01, 2))
    def test_clipping_bounds_everything_and_touches_nothing_else(self, seed, c):
        W, b = normals(seed, (3, 4), (3, 1))
        clipped = ours.clip_weights({"W1": W, "b1": b}, c)
        assert list(clipped) == ["W1", "b1"]
        for before, after in ((W, clipped["W1"]), (b, clipped["b1"])):
            inside = np.abs(before) <= c
            np.testing.assert_array_equal(after[inside], before[inside])
            np.testing.assert_array_equal(after[~inside], c * np.sign(before[~inside]))
        again = ours.clip_weights(clipped, c)
        np.testing.assert_array_equal(again["W1"], clipped["W1"])


class TestGradientPenalty:
    """PyTorch only: the penalty's own gradient needs the derivative of a derivative."""

    @pytest.mark.parametrize("m", [1, 5])
    def test_a_linear_critic_of_slope_c_pays_ten_times_its_distance_from_one(self, torch, theirs, m):
        real, fake, w = (torch.from_numpy(x) for x in normals(0, (4, m), (4, m), (1, 4)))
        eps = torch.rand(1, m, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
        for c in (1.0, 0.0, 3.5):
            slope = c * w / w.norm()
            penalty = theirs.gradient_penalty(lambda x, slope=slope: slope @ x, real, fake, eps)
            close(penalty, np.float64(10 * (c - 1) ** 2))
            close(theirs.gradient_penalty(lambda x, slope=slope: slope @ x, real, fake, eps, weight=1), (c - 1) ** 2)

    def test_each_example_has_its_own_point_and_its_own_norm(self, torch, theirs):
        """The critic |x|^2 / 2 has the slope x: the penalty sees the interpolates themselves."""
        real, fake = (torch.from_numpy(x) for x in normals(1, (3, 4), (3, 4)))
        eps = torch.tensor([[0.0, 1.0, 0.25, 0.5]], dtype=torch.float64)
        seen = []

        def critic(x):
            seen.append(x.detach().clone())
            return (x**2).sum(dim=0, keepdim=True) / 2

        penalty = theirs.gradient_penalty(critic, real, fake, eps).detach()
        close(seen[0], eps * real + (1 - eps) * fake)
        close(penalty, 10 * ((seen[0].norm(dim=0) - 1) ** 2).mean())

    def test_images_are_measured_over_all_their_pixels(self, torch, theirs):
        real, fake, w = (torch.from_numpy(x) for x in normals(2, (5, 2, 3, 4), (5, 2, 3, 4), (2, 3, 4)))
        eps = torch.full((5, 1, 1, 1), 0.3, dtype=torch.float64)
        penalty = theirs.gradient_penalty(lambda x: (x * w).sum(dim=(1, 2, 3)), real, fake, eps)
        close(penalty, 10 * (w.norm() - 1) ** 2)

    def test_the_critic_learns_from_it(self, torch, theirs):
        """d/dw of 10 (|w| - 1)^2 is 20 (|w| - 1) w / |w|; at w = 0 the subgradient 0; no gradient reaches the data."""
        real, fake, start = (torch.from_numpy(x).requires_grad_() for x in normals(3, (4, 6), (4, 6), (1, 4)))
        eps = torch.full((1, 6), 0.5, dtype=torch.float64)
        for w in (start, torch.zeros(1, 4, dtype=torch.float64, requires_grad=True)):
            theirs.gradient_penalty(lambda x, w=w: w @ x, real, fake, eps).backward()
            norm = w.detach().norm()
            close(w.grad, 20 * (norm - 1) * w.detach() / norm if norm > 0 else torch.zeros(1, 4, dtype=torch.float64))
        assert real.grad is None
        assert fake.grad is None

    @pytest.mark.parametrize(
        ("argument", "shapes", "scores"),
        [
            ("fake", ((3, 4), (3, 5), (1, 4)), 4),
            ("eps", ((3, 4), (3, 4), (3, 1)), 4),
            ("eps", ((2, 3, 4, 5), (2, 3, 4, 5), (2, 1)), 2),
            ("real", ((3,), (3,), (3,)), 3),
            ("critic", ((3, 4), (3, 4), (1, 4)), 3),
        ],
    )
    def test_bad_input_is_named(self, torch, theirs, argument, shapes, scores):
        with pytest.raises(ValueError, match=rf"^{argument}: got .*; needed "):
            theirs.gradient_penalty(lambda x: x.reshape(-1)[:scores], *(torch.ones(s) for s in shapes))


class TestSpectralNorm:
    @law
    @given(seeds, sizes, sizes)
    def test_many_iterations_find_the_largest_singular_value(self, seed, n_out, n_in):
        """Singular values a factor 2 apart: 30 iterations shrink the other directions in u by 4^30 = 1e18."""
        rng = np.random.default_rng(seed)
        k = min(n_out, n_in)
        left, right = (np.linalg.qr(rng.standard_normal((n, n)))[0] for n in (n_out, n_in))
        W = 3 * left[:, :k] * 0.5 ** np.arange(k) @ right[:, :k].T
        u = rng.standard_normal((n_out, 1))
        normalised, u, sigma = ours.spectral_norm(W, u, iterations=30)
        assert sigma == pytest.approx(3, rel=1e-12)
        assert np.linalg.norm(normalised, 2) == pytest.approx(1, rel=1e-12)
        close(np.abs(u), np.abs(left[:, :1]), 1e-9)

    @law
    @given(seeds, sizes, sizes)
    def test_sigma_rises_towards_the_norm_and_u_is_kept(self, seed, n_out, n_in):
        W, u = normals(seed, (n_out, n_in), (n_out, 1))
        sigmas, v = [], u
        for _ in range(6):
            _, v, sigma = ours.spectral_norm(W, v)
            sigmas.append(sigma)
            assert np.linalg.norm(v) == pytest.approx(1, rel=1e-14)
        assert (np.diff(sigmas) >= -1e-12).all()
        assert sigmas[-1] <= np.linalg.norm(W, 2) * (1 + 1e-14)
        normalised, w, sigma = ours.spectral_norm(W, u, iterations=6)
        close(w, v)
        assert sigma == pytest.approx(sigmas[-1], rel=1e-13)
        close(normalised, W / sigma)

    @law
    @given(seeds, sizes, sizes, st.floats(0.01, 100))
    def test_scale_and_rotation_do_not_matter_and_rank_one_takes_one_step(self, seed, n_out, n_in, c):
        W, u, a, b = normals(seed, (n_out, n_in), (n_out, 1), (n_out, 1), (n_in, 1))
        normalised, _, sigma = ours.spectral_norm(W, u)
        for factor in (c, -c):
            scaled, _, larger = ours.spectral_norm(factor * W, u)
            assert larger == pytest.approx(c * sigma, rel=1e-11)
            close(scaled, normalised * np.sign(factor), 1e-11)
        rotation = np.linalg.qr(normals(seed + 1, (n_in, n_in))[0])[0]
        assert ours.spectral_norm(W @ rotation, u)[2] == pytest.approx(sigma, rel=1e-10)
        norm = np.linalg.norm(a) * np.linalg.norm(b)
        assert ours.spectral_norm(a @ b.T, a + 0.1 * u)[2] == pytest.approx(norm, rel=1e-10)

    def test_it_is_that_of_torch(self, torch):
        W, u = normals(0, (3, 5), (3, 1))
        module = torch.nn.utils.spectral_norm(torch.nn.Linear(5, 3, bias=False, dtype=torch.float64), eps=0.0)
        with torch.no_grad():
            module.weight_orig.copy_(torch.from_numpy(W))
            module.weight_u.copy_(torch.from_numpy(u[:, 0] / np.linalg.norm(u)))
        module(torch.zeros(1, 5, dtype=torch.float64))
        normalised, new_u, _ = ours.spectral_norm(W, u)
        close(normalised, module.weight.detach())
        close(new_u[:, 0], module.weight_u)


class TestFadeIn:
    @law
    @given(seeds, st.floats(0, 1))
    def test_it_is_a_blend(self, seed, alpha):
        low, high = normals(seed, (2, 3, 4), (2, 3, 4))
        blend = ours.fade_in(low, high, alpha)
        assert (blend >= np.minimum(low, high) - 1e-12).all()
        assert (blend <= np.maximum(low, high) + 1e-12).all()
        close(blend, ours.fade_in(high, low, 1 - alpha))
        close(blend - low, alpha * (high - low))
        np.testing.assert_array_equal(ours.fade_in(low, high, 0), low)
        np.testing.assert_array_equal(ours.fade_in(low, high, 1), high)


class TestAgainstPyTorch:
    @pytest.mark.parametrize(("m", "n"), [(1, 1), (4, 7)])
    @pytest.mark.parametrize("size", [1.0, 30.0])
    def test_losses_and_gradients(self, torch, theirs, m, n, size):
        real, fake = (size * z for z in normals(m, (1, m), (1, n)))
        r, f = torch.from_numpy(real), torch.from_numpy(fake)
        for name in ("discriminator_loss", "critic_loss"):
            close(getattr(ours, name)(real, fake), getattr(theirs, name)(r, f))
        logistic = torch.nn.functional.binary_cross_entropy_with_logits
        close(ours.discriminator_loss(real, fake), logistic(r, torch.ones_like(r)) + logistic(f, torch.zeros_like(f)))
        close(ours.wasserstein_generator_loss(fake), theirs.wasserstein_generator_loss(f))
        for a, b in zip(ours.discriminator_gradients(real, fake), theirs.discriminator_gradients(r, f), strict=True):
            close(a, b)
        for saturating in (False, True):
            close(ours.generator_loss(fake, saturating), theirs.generator_loss(f, saturating))
            close(ours.generator_gradient(fake, saturating), theirs.generator_gradient(f, saturating))

    def test_the_rest(self, torch, theirs):
        W, u, X, Y = normals(0, (3, 5), (3, 1), (2, 4), (2, 4))
        w, v, x, y = (torch.from_numpy(a) for a in (W, u, X, Y))
        for mine, other in zip(ours.spectral_norm(W, u, 3), theirs.spectral_norm(w, v, 3), strict=True):
            close(mine, other)
        close(ours.fade_in(X, Y, 0.3), theirs.fade_in(x, y, 0.3))
        close(ours.clip_weights({"W": W}, 0.5)["W"], theirs.clip_weights({"W": w}, 0.5)["W"])
        X[0], Y[0, :2] = 0, 0
        x, y = torch.from_numpy(abs(X)), torch.from_numpy(abs(Y))
        close(ours.optimal_discriminator(abs(X), abs(Y)), theirs.optimal_discriminator(x, y))

    def test_pytorch_is_stable_too_and_can_be_learned_from(self, torch, theirs):
        huge = torch.tensor([[1e4, -1e4]], dtype=torch.float64, requires_grad=True)
        theirs.discriminator_loss(huge, huge).backward()
        close(huge.grad, np.array([[0.5, -0.5]]))
        W = torch.from_numpy(normals(0, (3, 4))[0]).requires_grad_()
        theirs.spectral_norm(W, torch.ones(3, 1, dtype=torch.float64))[0].sum().backward()
        assert bool(W.grad.isfinite().all())


class TestContract:
    def calls(self, m, a):
        row, other, W, u = a(1, 4), a(1, 4), a(3, 5), a(3, 1)
        return [
            (m.discriminator_gradients, (row, other)),
            (m.generator_gradient, (row,)),
            (m.optimal_discriminator, (abs(row), abs(other))),
            (m.spectral_norm, (W, u)),
            (m.fade_in, (row, other, 0)),
            (m.fade_in, (row, other, 1)),
        ]

    @pytest.mark.parametrize("dtype", [np.float64, np.float32])
    def test_nothing_is_written_to_or_shared_and_the_type_is_kept(self, dtype):
        def frozen(*shape):
            x = normals(1, shape)[0].astype(dtype)
            x.flags.writeable = False
            return x

        calls = self.calls(ours, frozen)
        weights = {"W1": frozen(2, 3), "b1": frozen(2, 1)}
        calls.append((lambda *w: tuple(ours.clip_weights(weights, np.float64(9)).values()), tuple(weights.values())))
        for function, arguments in calls:
            results = function(*arguments)
            arrays = [y for y in (results if isinstance(results, tuple) else [results]) if isinstance(y, np.ndarray)]
            inputs = [x for x in arguments if isinstance(x, np.ndarray)]
            assert arrays
            assert all(y.dtype == dtype for y in arrays)
            assert not any(np.shares_memory(x, y) for x in inputs for y in arrays)

    def test_pytorch_keeps_float32_and_shares_nothing(self, torch, theirs):
        calls = self.calls(theirs, lambda *shape: torch.from_numpy(normals(1, shape)[0]).float())
        W = torch.ones(2)
        calls.append((lambda w: theirs.clip_weights({"w": w}, 9)["w"], (W,)))
        for function, arguments in calls:
            results = function(*arguments)
            inside = {x.untyped_storage().data_ptr() for x in arguments if torch.is_tensor(x)}
            for y in results if isinstance(results, tuple) else [results]:
                assert y.dtype == torch.float32
                assert y.untyped_storage().data_ptr() not in inside

    def test_integers_are_numbers(self):
        assert ours.critic_loss(np.array([[1, 2]]), np.array([[4]])) == 2.5
        close(ours.fade_in(np.array([0, 2]), np.array([1, 2]), 0.5), np.array([0.5, 2]))

    @pytest.mark.parametrize(
        ("argument", "call"),
        [
            ("real_logits", lambda m, a: m.discriminator_loss(a(3), a(1, 3))),
            ("fake_logits", lambda m, a: m.discriminator_gradients(a(1, 3), a(3, 1))),
            ("fake_logits", lambda m, a: m.generator_loss(a(2, 3))),
            ("fake_logits", lambda m, a: m.generator_gradient(a(1, 0))),
            ("q", lambda m, a: m.optimal_discriminator(a(3), a(4))),
            ("p", lambda m, a: m.optimal_discriminator(-a(3), a(3))),
            ("fake", lambda m, a: m.critic_loss(a(1, 3), a(3))),
            ("fake", lambda m, a: m.wasserstein_generator_loss(a(3))),
            ("c", lambda m, a: m.clip_weights({"W": a(3)}, 0)),
            ("u", lambda m, a: m.spectral_norm(a(3, 4), a(4, 1))),
            ("u", lambda m, a: m.spectral_norm(a(3, 4), 0 * a(3, 1))),
            ("W", lambda m, a: m.spectral_norm(a(3), a(3, 1))),
            ("iterations", lambda m, a: m.spectral_norm(a(3, 4), a(3, 1), 0)),
            ("high", lambda m, a: m.fade_in(a(3), a(4), 0.5)),
            ("alpha", lambda m, a: m.fade_in(a(3), a(3), 1.5)),
        ],
    )
    def test_bad_input_is_named(self, torch, theirs, argument, call):
        with pytest.raises(ValueError, match=rf"^{argument}: got .*; needed "):
            call(ours, lambda *shape: np.ones(shape))
        with pytest.raises(ValueError, match=rf"^{argument}: got .*; needed "):
            call(theirs, lambda *shape: torch.ones(shape, dtype=torch.float64))

    def test_both_trees_export_the_curriculum_in_its_order(self, theirs):
        assert ours.__all__ == [name for name in theirs.__all__ if name != "gradient_penalty"]
        assert theirs.__all__[7:9] == ["clip_weights", "gradient_penalty"]
