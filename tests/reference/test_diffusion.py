"""Diffusion: the closed form against T single steps, the posterior against Bayes, and NumPy against PyTorch."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reference.with_numpy import diffusion as ours

law = settings(deadline=None, max_examples=30, derandomize=True)
seeds = st.integers(0, 2**32 - 1)
lengths = st.integers(1, 40)


@pytest.fixture(scope="module")
def torch():
    return pytest.importorskip("torch")


@pytest.fixture(scope="module")
def theirs(torch):
    from reference.with_torch import diffusion

    return diffusion


def normals(seed, *shapes):
    rng = np.random.default_rng(seed)
    return [rng.standard_normal(shape) for shape in shapes]


def some_betas(seed, T):
    return np.random.default_rng(seed).uniform(1e-4, 0.5, T)


def close(actual, expected, tolerance=1e-12):
    actual, expected = np.asarray(actual), np.asarray(expected)
    assert actual.shape == expected.shape
    assert actual.dtype == expected.dtype
    np.testing.assert_allclose(actual, expected, rtol=tolerance, atol=tolerance * max(1.0, np.abs(expected).max()))


class TestSchedules:
    def test_the_published_line(self):
        """T = 1000 from 1e-4 to 0.02 (Ho et al., section 4): a last image with 4e-5 of the first one's variance."""
        betas = ours.linear_betas(1000)
        assert betas.shape == (1000,)
        assert (betas[0], betas[-1]) == (1e-4, 0.02)
        np.testing.assert_allclose(np.diff(betas), 0.0199 / 999, rtol=1e-9)
        assert ours.alpha_bars(betas)[-1] == pytest.approx(4.0358e-5, rel=1e-4)

    @law
    @given(st.integers(2, 1000), st.floats(0, 0.1))
    def test_the_cosine_is_its_own_alpha_bar(self, T, s):
        """Where nothing is clipped, alpha_bar_t = f(t) / f(0): the product telescopes."""
        betas = ours.cosine_betas(T, s)
        f = (
            np.cos((np.arange(1, T + 1) / T + s) / (1 + s) * math.pi / 2) ** 2
            / math.cos(s / (1 + s) * math.pi / 2) ** 2
        )
        free = betas < 0.999
        np.testing.assert_allclose(ours.alpha_bars(betas)[free], f[free], rtol=1e-9)
        assert (np.diff(betas) >= 0).all()
        assert 0 < betas[0] <= betas[-1] == 0.999

    @law
    @given(seeds, lengths)
    def test_alpha_bar_is_the_product_and_falls(self, seed, T):
        betas = some_betas(seed, T)
        bars = ours.alpha_bars(betas)
        close(bars, np.array([math.prod(1 - betas[: t + 1]) for t in range(T)]))
        assert ((bars > 0) & (bars < 1)).all()
        assert (np.diff(bars) < 0).all()


class TestForwardProcess:
    @law
    @given(seeds, lengths)
    def test_t_single_steps_have_the_closed_form_s_mean_and_variance(self, seed, T):
        """A step x <- sqrt(1 - beta) x + sqrt(beta) e maps mean a x0 and variance v to sqrt(1 - beta) a and
        (1 - beta) v + beta. The closed form is linear in x0 and eps, so unit inputs read its two coefficients off."""
        betas = some_betas(seed, T)
        one, zero = np.ones(1), np.zeros(1)
        mean, variance = 1.0, 0.0
        for t, beta in enumerate(betas, start=1):
            mean, variance = math.sqrt(1 - beta) * mean, (1 - beta) * variance + beta
            close(ours.q_sample(one, t, zero, betas)[0], np.float64(mean))
            close(ours.q_sample(zero, t, one, betas)[0] ** 2, np.float64(variance))

    @law
    @given(seeds, lengths)
    def test_the_right_noise_gives_the_image_back(self, seed, T):
        """1e-10: the division by sqrt(alpha_bar_t), here down to 1e-6, magnifies rounding."""
        x0, eps = normals(seed, (2, 3, 4), (2, 3, 4))
        betas = some_betas(seed, T) / 2
        for t in (1, T):
            xt = ours.q_sample(x0, t, eps, betas)
            close(ours.predict_x0(xt, t, eps, betas), x0, 1e-10)
            assert (
                ours.ddpm_loss(eps, (xt - math.sqrt(b := ours.alpha_bars(betas)[t - 1]) * x0) / math.sqrt(1 - b))
                < 1e-20
            )

    def test_t_counts_from_one(self):
        """With T = 2, beta_1 is betas[0]: a reference that is off by one would read another number."""
        betas = np.array([0.19, 0.75])
        one, zero = np.ones(1), np.zeros(1)
        close(ours.q_sample(one, 1, zero, betas), np.array([0.9]))
        close(ours.q_sample(one, 2, zero, betas), np.array([0.45]))
        assert ours.posterior(one, zero, 2, betas)[1] == pytest.approx(0.19 / (1 - 0.81 * 0.25) * 0.75)

    def test_a_sum_of_noisy_steps_looks_like_one_jump(self):
        """20 000 chains of 8 steps have the closed form's distribution function: by Dvoretzky-Kiefer-Wolfowitz the
        largest gap exceeds sqrt(log(2e9) / 2n) = 0.0232 with probability at most 1e-9."""
        n, betas = 20_000, np.linspace(0.05, 0.3, 8)
        rng = np.random.default_rng(0)
        x = np.full(n, 1.5)
        for beta in betas:
            x = math.sqrt(1 - beta) * x + math.sqrt(beta) * rng.standard_normal(n)
        unit = (np.sort(x) - ours.q_sample(np.full(1, 1.5), 8, np.zeros(1), betas)) / math.sqrt(
            1 - ours.alpha_bars(betas)[-1]
        )
        cdf = np.array([0.5 * math.erfc(-z / math.sqrt(2)) for z in unit])
        gap = max(np.max(np.arange(1, n + 1) / n - cdf), np.max(cdf - np.arange(n) / n))
        assert gap < math.sqrt(math.log(2e9) / (2 * n))


class TestReverseProcess:
    @law
    @given(seeds, st.integers(2, 40))
    def test_the_posterior_is_bayes_product_of_gaussians(self, seed, T):
        """q(x_{t-1} | x0) is N(sqrt(abar) x0, 1 - abar), and x_t given x_{t-1} has precision (1 - beta) / beta about
        x_t / sqrt(1 - beta): precisions add, means are weighted by them."""
        x0, xt = normals(seed, (3, 4), (3, 4))
        betas = some_betas(seed, T)
        bars = ours.alpha_bars(betas)
        for t in range(2, T + 1):
            beta, bar = betas[t - 1], bars[t - 2]
            prior, likelihood = 1 / (1 - bar), (1 - beta) / beta
            mean, variance = ours.posterior(x0, xt, t, betas)
            close(variance, np.float64(1 / (prior + likelihood)), 1e-11)
            bayes = (prior * math.sqrt(bar) * x0 + likelihood * xt / math.sqrt(1 - beta)) / (prior + likelihood)
            close(mean, bayes, 1e-11)

    @law
    @given(seeds, lengths)
    def test_the_first_step_has_no_variance_and_ends_on_the_image(self, seed, T):
        x0, xt, noise = normals(seed, (5,), (5,), (5,))
        betas = some_betas(seed, T)
        mean, variance = ours.posterior(x0, xt, 1, betas)
        assert variance == 0
        close(mean, x0, 1e-11)
        np.testing.assert_array_equal(
            ours.p_sample(xt, 1, x0, betas, noise), ours.p_sample(xt, 1, x0, betas, 9 * noise)
        )

    @law
    @given(seeds, lengths)
    def test_a_step_back_is_the_posterior_at_the_predicted_image(self, seed, T):
        """Equation 11 is equation 7 with equation 15 in it; 1e-9, since x0 is divided by a small sqrt(alpha_bar)."""
        xt, eps_hat, noise = normals(seed, (2, 3), (2, 3), (2, 3))
        betas = some_betas(seed, T)
        for t in range(1, T + 1):
            mean, variance = ours.posterior(ours.predict_x0(xt, t, eps_hat, betas), xt, t, betas)
            close(ours.p_sample(xt, t, eps_hat, betas, noise), mean + np.sqrt(variance) * noise, 1e-9)

    @law
    @given(seeds, lengths)
    def test_perfect_knowledge_of_the_noise_ends_on_the_image(self, seed, T):
        """A predictor that knows x0 leads there from any noise at all, since the last step is posterior's mean."""
        (x0,) = normals(seed, (2, 3))
        betas = some_betas(seed, T)
        bars = ours.alpha_bars(betas)

        def predict(x, t):
            return (x - math.sqrt(bars[t - 1]) * x0) / math.sqrt(1 - bars[t - 1])

        close(ours.sample(predict, x0.shape, betas, np.random.default_rng(seed)), x0, 1e-10)

    @law
    @given(seeds, st.integers(1, 30), st.floats(0.1, 3))
    def test_sampling_a_gaussian_has_the_variance_of_the_recursion(self, seed, T, deviation):
        """For x0 ~ N(0, s^2) the best predictor is linear in x_t, so each step back is a known linear map: replaying
        the draws of the generator in the stated order gives sample's result."""
        betas = some_betas(seed, T)
        bars = ours.alpha_bars(betas)

        def slope(t):
            return math.sqrt(1 - bars[t - 1]) / (bars[t - 1] * deviation**2 + 1 - bars[t - 1])

        rng = np.random.default_rng(seed)
        x = rng.standard_normal((4, 2))
        seen = []
        for t in range(T, 0, -1):
            beta, bar, previous = betas[t - 1], bars[t - 1], bars[t - 2] if t > 1 else 1.0
            x = x * (1 - beta / math.sqrt(1 - bar) * slope(t)) / math.sqrt(1 - beta)
            if t > 1:
                x = x + math.sqrt((1 - previous) / (1 - bar) * beta) * rng.standard_normal((4, 2))
        again = np.random.default_rng(seed)
        result = ours.sample(lambda x, t: seen.append(t) or slope(t) * x, (4, 2), betas, again)
        close(result, x, 1e-10)
        assert seen == list(range(T, 0, -1))
        assert again.random() == rng.random()  # not one number more was drawn

    def test_ever_shorter_steps_sample_the_data(self):
        """With the exact predictor for x0 ~ N(0, s^2), every step back is linear, so the variance of the samples is
        known without sampling: it misses s^2 by an error of first order in the length of a step."""
        s = 0.5

        def error(T):
            betas, variance, one, zero = ours.linear_betas(T, 0.1 / T, 20 / T), 1.0, np.ones(1), np.zeros(1)
            for t, bar in zip(range(T, 0, -1), ours.alpha_bars(betas)[::-1], strict=True):
                eps_hat = np.full(1, math.sqrt(1 - bar) / (bar * s**2 + 1 - bar))
                kept, added = ours.p_sample(one, t, eps_hat, betas, zero), ours.p_sample(zero, t, zero, betas, one)
                variance = kept[0] ** 2 * variance + added[0] ** 2
            return variance - s**2

        assert abs(error(800)) < 0.02 * s**2
        assert error(400) / error(800) == pytest.approx(2, rel=0.1)

    @law
    @given(seeds, st.floats(-5, 5))
    def test_the_loss_is_a_mean_square(self, seed, c):
        eps, other = normals(seed, (2, 3), (2, 3))
        assert ours.ddpm_loss(eps, eps) == 0
        assert ours.ddpm_loss(eps, eps + c) == pytest.approx(c**2, rel=1e-9, abs=1e-12)
        assert ours.ddpm_loss(eps, other) == pytest.approx(ours.ddpm_loss(other, eps))
        assert ours.ddpm_loss(np.tile(eps, 3), np.tile(other, 3)) == pytest.approx(ours.ddpm_loss(eps, other))


class TestAgainstPyTorch:
    @pytest.mark.parametrize("T", [1, 2, 50, 1000])
    def test_schedules(self, theirs, T):
        """1e-12 absolute for the cosine: 1 - f(t)/f(t-1) cancels, so small betas carry an absolute error of an ulp."""
        close(ours.linear_betas(T, 0.001, 0.3), theirs.linear_betas(T, 0.001, 0.3))
        close(ours.cosine_betas(T), theirs.cosine_betas(T))
        close(ours.alpha_bars(ours.linear_betas(T)), theirs.alpha_bars(theirs.linear_betas(T)))

    @pytest.mark.parametrize("t", [1, 2, 7])
    def test_every_step(self, torch, theirs, t):
        a, b, noise = normals(t, (2, 3, 4), (2, 3, 4), (2, 3, 4))
        betas = some_betas(1, 7)
        x, y, z, schedule = (torch.from_numpy(v) for v in (a, b, noise, betas))
        close(ours.q_sample(a, t, b, betas), theirs.q_sample(x, t, y, schedule))
        close(ours.predict_x0(a, t, b, betas), theirs.predict_x0(x, t, y, schedule))
        close(ours.p_sample(a, t, b, betas, noise), theirs.p_sample(x, t, y, schedule, z))
        close(ours.ddpm_loss(a, b), theirs.ddpm_loss(x, y))
        for mine, other in zip(ours.posterior(a, b, t, betas), theirs.posterior(x, y, t, schedule), strict=True):
            close(mine, other)

    def test_pytorch_samples_by_its_generator_in_the_same_order(self, torch, theirs):
        betas = torch.tensor([0.1, 0.2, 0.3], dtype=torch.float64)
        generator = torch.Generator().manual_seed(5)
        x = torch.randn(2, 3, generator=generator, dtype=torch.float64)
        for t in (3, 2, 1):
            noise = torch.randn(2, 3, generator=generator, dtype=torch.float64) if t > 1 else 0 * x
            x = theirs.p_sample(x, t, 0.1 * x * t, betas, noise)
        again = torch.Generator().manual_seed(5)
        close(theirs.sample(lambda x, t: 0.1 * x * t, (2, 3), betas, again), x)
        assert torch.equal(torch.rand(1, generator=again), torch.rand(1, generator=generator))

    def test_the_loss_can_be_learned_from(self, torch, theirs):
        eps, eps_hat = (torch.from_numpy(v) for v in normals(0, (2, 3), (2, 3)))
        eps_hat.requires_grad_()
        theirs.ddpm_loss(eps, eps_hat).backward()
        close(eps_hat.grad, 2 * (eps_hat - eps).detach() / 6)


class TestContract:
    @pytest.mark.parametrize("dtype", [np.float64, np.float32])
    @pytest.mark.parametrize("shape", [(), (3,), (2, 3, 4)])
    def test_the_image_decides_the_type_and_nothing_is_shared(self, dtype, shape):
        a, b, noise = (np.asarray(v, dtype) for v in normals(0, shape, shape, shape))
        betas = some_betas(0, 4)
        for x in (a, b, noise, betas):
            x.flags.writeable = False
        for t in (1, 4):
            results = [ours.q_sample(a, t, b, betas), ours.predict_x0(a, t, b, betas), *ours.posterior(a, b, t, betas)]
            for y in (*results, ours.p_sample(a, t, b, betas, noise)):
                assert isinstance(y, np.ndarray)
                assert y.dtype == dtype
                assert not any(np.shares_memory(x, y) for x in (a, b, noise, betas))
        assert ours.alpha_bars(betas.astype(np.float32)).dtype == np.float32
        assert ours.q_sample(np.ones(2, int), 1, np.ones(2, int), betas).dtype == np.float64

    def test_pytorch_keeps_float32_and_shares_nothing(self, torch, theirs):
        a, b, noise = (torch.from_numpy(v).float() for v in normals(0, 3, 3, 3))
        betas = theirs.linear_betas(4)
        results = [theirs.q_sample(a, 4, b, betas), theirs.predict_x0(a, 1, b, betas), theirs.ddpm_loss(a, b)]
        results += [*theirs.posterior(a, b, 1, betas), theirs.p_sample(a, 1, b, betas, noise)]
        inside = {x.untyped_storage().data_ptr() for x in (a, b, noise, betas)}
        assert all(y.dtype == torch.float32 for y in results)
        assert not inside & {y.untyped_storage().data_ptr() for y in results}

    @pytest.mark.parametrize(
        ("argument", "call"),
        [
            ("T", lambda m, a: m.linear_betas(0)),
            ("end", lambda m, a: m.linear_betas(3, 0.1, 1.0)),
            ("s", lambda m, a: m.cosine_betas(3, -0.1)),
            ("betas", lambda m, a: m.alpha_bars(a(2, 2) / 2)),
            ("betas", lambda m, a: m.alpha_bars(a(3))),
            ("t", lambda m, a: m.q_sample(a(3), 0, a(3), a(4) / 2)),
            ("t", lambda m, a: m.p_sample(a(3), 5, a(3), a(4) / 2, a(3))),
            ("t", lambda m, a: m.posterior(a(3), a(3), 1.5, a(4) / 2)),
            ("t", lambda m, a: m.posterior(a(3), a(3), a(3), a(4) / 2)),
            ("eps", lambda m, a: m.q_sample(a(3), 1, a(1), a(4) / 2)),
            ("eps", lambda m, a: m.predict_x0(a(3), 1, a(3, 1), a(4) / 2)),
            ("xt", lambda m, a: m.posterior(a(3), a(2), 1, a(4) / 2)),
            ("noise", lambda m, a: m.p_sample(a(3), 1, a(3), a(4) / 2, a(1))),
            ("eps_hat", lambda m, a: m.ddpm_loss(a(3), a(1))),
        ],
    )
    def test_bad_input_is_named(self, torch, theirs, argument, call):
        with pytest.raises(ValueError, match=rf"^{argument}: got [\s\S]*; needed "):
            call(ours, lambda *shape: np.ones(shape))
        with pytest.raises(ValueError, match=rf"^{argument}: got [\s\S]*; needed "):
            call(theirs, lambda *shape: torch.ones(shape, dtype=torch.float64))

    def test_predict_must_keep_the_shape(self, torch, theirs):
        with pytest.raises(ValueError, match="eps_hat"):
            ours.sample(lambda x, t: x[:1], (2, 2), np.array([0.1]), np.random.default_rng(0))
        with pytest.raises(ValueError, match="eps_hat"):
            theirs.sample(lambda x, t: x[:1], (2, 2), torch.tensor([0.1]), torch.Generator())

    def test_both_trees_export_the_curriculum_in_its_order(self, theirs):
        assert ours.__all__ == theirs.__all__
        assert ours.__all__[0] == "linear_betas"
