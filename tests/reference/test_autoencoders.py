"""The autoencoders of the reference: against PyTorch, against differences, against PCA, and by their laws."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reference.with_numpy import autoencoders as ae

laws = settings(deadline=None, max_examples=30, derandomize=True)
seeds = st.integers(0, 10**6)
N_X, N_CODE, N_Z, M = 5, 3, 2, 7


def close(actual, desired, rtol=1e-12, atol=1e-13):
    np.testing.assert_allclose(np.asarray(actual), np.asarray(desired), rtol=rtol, atol=atol, strict=True)


def problem(seed=0, dtype=np.float64):
    rng = np.random.default_rng(seed)
    shapes = {"W1": (N_CODE, N_X), "b1": (N_CODE, 1), "W2": (N_X, N_CODE), "b2": (N_X, 1)}
    p = {name: rng.standard_normal(shape).astype(dtype) for name, shape in shapes.items()}
    return rng.standard_normal((N_X, M)).astype(dtype), p


def vae(seed=0, dtype=np.float64):
    """X, X_hat, mu, log_var."""
    rng = np.random.default_rng(seed)
    return [rng.standard_normal(shape).astype(dtype) for shape in ((N_X, M), (N_X, M), (N_Z, M), (N_Z, M))]


def error(X, p):
    X_hat, _ = ae.autoencoder_forward(X, p)
    return ((X_hat - X) ** 2).sum() / X.shape[1]


def complex_step(f, x):
    """The gradient of an analytic f at x, exact to rounding: Im f(x + ih) / h."""
    gradient = np.empty(x.shape)
    for index in np.ndindex(*x.shape):
        moved = x.astype(complex)
        moved[index] += 1e-30j
        gradient[index] = f(moved).imag / 1e-30
    return gradient


class TestAutoencoder:
    def test_by_hand(self):
        """Two features, a code of two, one unit switched off."""
        p = {"W1": np.array([[1.0, 1], [-1, 0]]), "b1": np.array([[0.5], [0]]), "W2": np.array([[2.0, 9], [0, 9]])}
        p["b2"] = np.array([[0.0], [1]])
        X_hat, code = ae.autoencoder_forward(np.array([[1.0], [2]]), p)
        close(code, [[3.5], [0.0]])
        close(X_hat, [[7.0], [1.0]])

    @laws
    @given(seeds)
    def test_a_code_as_wide_as_the_data_can_be_perfect(self, seed):
        """ReLU(Z) - ReLU(-Z) = Z: twice the width rebuilds anything, and the gradient is zero."""
        X, _ = problem(seed)
        eye = np.eye(N_X)
        p = {"W1": np.vstack([eye, -eye]), "b1": np.zeros((2 * N_X, 1)), "W2": np.hstack([eye, -eye])}
        p["b2"] = np.zeros((N_X, 1))
        np.testing.assert_array_equal(ae.autoencoder_forward(X, p)[0], X)
        assert not any(g.any() for g in ae.autoencoder_backward(X, p).values())

    @laws
    @given(seeds)
    def test_the_order_of_the_code_does_not_matter(self, seed):
        X, p = problem(seed)
        order = np.random.default_rng(seed).permutation(N_CODE)
        q = {"W1": p["W1"][order], "b1": p["b1"][order], "W2": p["W2"][:, order], "b2": p["b2"]}
        (X_hat, code), (X_hat_q, code_q) = ae.autoencoder_forward(X, p), ae.autoencoder_forward(X, q)
        close(X_hat_q, X_hat)
        close(code_q, code[order])
        gradients, permuted = ae.autoencoder_backward(X, p), ae.autoencoder_backward(X, q)
        close(permuted["dW1"], gradients["dW1"][order])
        close(permuted["dW2"], gradients["dW2"][:, order])

    @laws
    @given(seeds)
    def test_every_example_twice_keeps_the_gradients(self, seed):
        """A mean over examples, not a sum."""
        X, p = problem(seed)
        once, twice = ae.autoencoder_backward(X, p), ae.autoencoder_backward(np.hstack([X, X]), p)
        for name in once:
            close(twice[name], once[name])

    @laws
    @given(seeds)
    def test_central_differences_away_from_the_kinks(self, seed):
        """Along one direction, halving the step: h is smaller than the distance of every unit from its kink."""
        X, p = problem(seed)
        rng = np.random.default_rng(seed + 1)
        direction = {name: rng.choice([-1.0, 1.0], w.shape) for name, w in p.items()}
        margin = np.abs(p["W1"] @ X + p["b1"]).min() / (np.abs(X).sum(axis=0).max() + 1)
        h = min(1e-3, margin / 2)

        def f(t):
            return error(X, {name: w + t * direction[name] for name, w in p.items()})

        coarse, fine = (f(h) - f(-h)) / (2 * h), (f(h / 2) - f(-h / 2)) / h
        slope = sum((ae.autoencoder_backward(X, p)[f"d{name}"] * direction[name]).sum() for name in p)
        bar = abs(coarse - fine) + 8 * np.finfo(float).eps * f(h) / h
        assert abs(slope - (4 * fine - coarse) / 3) <= 1e-6 * abs(slope) + bar

    def test_complex_step_on_the_linear_side(self):
        """Where no unit changes side the loss is analytic: write ReLU as a product with its fixed mask."""
        X, p = problem(3)
        mask = p["W1"] @ X + p["b1"] > 0
        assert mask.any()
        assert not mask.all()

        def loss(q):
            X_hat = q["W2"] @ (mask * (q["W1"] @ X + q["b1"])) + q["b2"]
            return ((X_hat - X) ** 2).sum() / M

        for name, gradient in ae.autoencoder_backward(X, p).items():
            close(gradient, complex_step(lambda w, n=name[1:]: loss(p | {n: w}), p[name[1:]]))

    def test_the_slope_at_zero_is_zero(self):
        X, p = problem()
        p["W1"], p["b1"] = np.zeros_like(p["W1"]), np.zeros_like(p["b1"])
        gradients = ae.autoencoder_backward(X, p)
        assert not gradients["dW1"].any()
        assert not gradients["db1"].any()


class TestAgainstPCA:
    """Baldi and Hornik (1989): the best linear autoencoder spans the leading principal subspace.

    The encoder's ReLU is made linear by a bias large enough that every unit is on for every example.
    """

    @staticmethod
    def solution(X, k, shift=50.0):
        """The autoencoder of the k leading principal directions, and the variance that they leave out."""
        mean = X.mean(axis=1, keepdims=True)
        U, singular, _ = np.linalg.svd(X - mean, full_matrices=False)
        U = U[:, :k]
        p = {"W1": U.T, "b1": shift - U.T @ mean, "W2": U, "b2": mean - U.sum(axis=1, keepdims=True) * shift}
        return p, (singular[k:] ** 2).sum() / X.shape[1]

    @laws
    @given(seeds, st.integers(1, N_X))
    def test_the_pca_solution_is_stationary_and_leaves_the_discarded_variance(self, seed, k):
        X = np.random.default_rng(seed).standard_normal((N_X, 40)) * np.arange(1, N_X + 1)[:, None]
        p, left = self.solution(X, k)
        assert (ae.autoencoder_forward(X, p)[1] > 0).all()
        assert error(X, p) == pytest.approx(left, abs=1e-9)
        for gradient in ae.autoencoder_backward(X, p).values():
            assert np.abs(gradient).max() < 1e-8

    @laws
    @given(seeds)
    def test_no_linear_autoencoder_beats_it(self, seed):
        rng = np.random.default_rng(seed)
        X = rng.standard_normal((N_X, 40))
        p, left = self.solution(X, 2)
        nudged = {name: w + 0.1 * rng.standard_normal(w.shape) for name, w in p.items()}
        assert (ae.autoencoder_forward(X, nudged)[1] > 0).all()
        assert error(X, nudged) >= left - 1e-9

    def test_gradient_descent_finds_the_principal_subspace(self):
        """Not the components themselves: any basis of the subspace is as good."""
        rng = np.random.default_rng(4)
        X = np.array([[4.0], [2.0], [0.5], [0.2]]) * rng.standard_normal((4, 200))
        X = np.linalg.qr(rng.standard_normal((4, 4)))[0] @ X
        X = X - X.mean(axis=1, keepdims=True)
        start, left = self.solution(X, 2, shift=50.0)
        W = 0.3 * rng.standard_normal((2, 4))
        p = {"W1": W, "b1": np.full((2, 1), 50.0), "W2": W.T.copy(), "b2": -W.T @ np.full((2, 1), 50.0)}
        for _ in range(3000):
            gradients = ae.autoencoder_backward(X, p)
            # The decoder's bias takes its best value, so that the large constant does not stiffen the path.
            p = {name: p[name] - 0.02 * gradients[f"d{name}"] for name in ("W1", "W2")} | {"b1": p["b1"]}
            p["b2"] = -p["W2"] @ p["b1"]
            assert (p["W1"] @ X + p["b1"] > 0).all()
        assert error(X, p) == pytest.approx(left, rel=1e-5)
        U = start["W2"]
        close(p["W2"] @ p["W1"], U @ U.T, rtol=0, atol=1e-2)


class TestCorrupt:
    @laws
    @given(seeds, st.floats(0, 10))
    def test_noise_scales_one_and_the_same_draw(self, seed, noise):
        X, _ = problem(seed)
        eps = ae.corrupt(X, 1.0, np.random.default_rng(seed)) - X
        close(ae.corrupt(X, noise, np.random.default_rng(seed)) - X, noise * eps, atol=1e-12)

    @laws
    @given(seeds)
    def test_no_noise_is_a_copy(self, seed):
        X, _ = problem(seed)
        clean = ae.corrupt(X, 0, np.random.default_rng(seed))
        np.testing.assert_array_equal(clean, X)
        assert not np.shares_memory(clean, X)

    def test_mean_and_variance(self):
        """n = 40000 draws of N(0, 0.25), false-alarm rate below 1e-9.

        |mean| < 0.5 * 6.5 / 200 by the normal tail (8e-11), and the scaled sum of squares within the bound of Laurent
        and Massart (2000), lemma 1, at x = 22 (6e-10).
        """
        n = 40_000
        E = ae.corrupt(np.zeros((4, n // 4)), 0.5, np.random.default_rng(0))
        assert abs(E.mean()) < 0.5 * 6.5 / math.sqrt(n)
        slack = 2 * math.sqrt(22 * n)
        assert n - slack <= (E**2).sum() / 0.25 <= n + slack + 44

    @pytest.mark.parametrize("noise", [-0.1, math.nan])
    def test_bad_noise(self, noise):
        with pytest.raises(ValueError, match="noise"):
            ae.corrupt(np.zeros((2, 2)), noise, np.random.default_rng(0))


class TestReparameterize:
    @laws
    @given(seeds)
    def test_moments_are_exact_for_given_noise(self, seed):
        _, eps, mu, log_var = vae(seed)
        eps = eps[:N_Z]
        close(ae.reparameterize(mu, log_var, 0 * eps), mu)
        close(ae.reparameterize(mu, 0 * log_var, eps), mu + eps)
        close(ae.reparameterize(mu, np.full_like(mu, 2 * math.log(3)), eps), mu + 3 * eps)
        close((ae.reparameterize(mu, log_var, eps) - mu) ** 2, np.exp(log_var) * eps**2, rtol=1e-9)

    def test_bad_shapes(self):
        mu = np.zeros((2, 3))
        with pytest.raises(ValueError, match="eps"):
            ae.reparameterize(mu, mu, np.zeros((2, 1)))
        with pytest.raises(ValueError, match="log_var"):
            ae.reparameterize(mu, np.zeros((1, 3)), mu)


class TestKL:
    def test_by_hand(self):
        """Two latents, one example: (9 + 4 - 1 - log 4) / 2 + (0 + 1 - 1 - 0) / 2."""
        kl = ae.kl_divergence(np.array([[3.0], [0]]), np.array([[math.log(4)], [0]]))
        assert kl == pytest.approx((12 - math.log(4)) / 2, rel=1e-15)

    @laws
    @given(seeds, st.sampled_from([1e-9, 1e-6, 1e-3, 1, 10]))
    def test_never_negative_and_zero_only_at_the_prior(self, seed, scale):
        _, _, mu, log_var = vae(seed)
        assert ae.kl_divergence(0 * mu, scale * log_var) >= 0
        assert ae.kl_divergence(scale * mu, 0 * log_var) > 0
        assert ae.kl_divergence(0 * mu, 0 * mu) == 0

    def test_small_differences_survive(self):
        """KL(0, v) is v^2 / 4 to leading order; plain exp(v) - 1 - v is off by about a hundredth here."""
        assert ae.kl_divergence(np.zeros((1, 1)), np.full((1, 1), 1e-7)) == pytest.approx(2.5e-15, rel=1e-6)

    @laws
    @given(seeds)
    def test_adds_over_latents_and_averages_over_examples(self, seed):
        _, _, mu, log_var = vae(seed)
        kl = ae.kl_divergence(mu, log_var)
        assert sum(ae.kl_divergence(mu[k : k + 1], log_var[k : k + 1]) for k in range(N_Z)) == pytest.approx(kl)
        assert ae.kl_divergence(np.tile(mu, 2), np.tile(log_var, 2)) == pytest.approx(kl)

    def test_against_an_integral(self):
        """The definition, integral q log(q / p), by the trapezoid rule, which is spectrally accurate here."""
        mu, log_var = 0.7, -0.9
        z = np.linspace(-12, 12, 4001)
        log_q = -0.5 * ((z - mu) ** 2 / math.exp(log_var) + log_var)
        integrand = np.exp(log_q) / math.sqrt(2 * math.pi) * (log_q + 0.5 * z**2)
        kl = ae.kl_divergence(np.array([[mu]]), np.array([[log_var]]))
        assert kl == pytest.approx(integrand.sum() * (z[1] - z[0]), rel=1e-12)

    def test_bad_shapes(self):
        with pytest.raises(ValueError, match="log_var"):
            ae.kl_divergence(np.zeros((2, 3)), np.zeros((3, 2)))
        with pytest.raises(ValueError, match="mu"):
            ae.kl_divergence(np.zeros((2, 0)), np.zeros((2, 0)))


class TestVAE:
    @laws
    @given(seeds, st.floats(0, 5))
    def test_the_loss_is_reconstruction_plus_beta_divergences(self, seed, beta):
        X, X_hat, mu, log_var = vae(seed)
        half = ((X_hat - X) ** 2).sum() / (2 * M)
        loss = ae.vae_loss(X, X_hat, mu, log_var, beta=beta)
        assert loss == pytest.approx(half + beta * ae.kl_divergence(mu, log_var), rel=1e-13)
        assert ae.vae_loss(X, X, mu, log_var) == ae.kl_divergence(mu, log_var)

    @laws
    @given(seeds)
    def test_every_example_twice_keeps_the_loss_and_halves_the_gradients(self, seed):
        arguments = vae(seed)
        twice = [np.tile(array, 2) for array in arguments]
        assert ae.vae_loss(*twice) == pytest.approx(ae.vae_loss(*arguments), rel=1e-13)
        for one, two in zip(ae.vae_backward(*arguments), ae.vae_backward(*twice), strict=True):
            close(two, np.tile(one / 2, 2))

    @pytest.mark.parametrize("beta", [1, 0, 2.5])
    def test_complex_step(self, beta):
        X, X_hat, mu, log_var = vae(1)

        def loss(X_hat, mu, log_var):
            kl = (mu**2 + np.exp(log_var) - 1 - log_var).sum() / (2 * M)
            return ((X_hat - X) ** 2).sum() / (2 * M) + beta * kl

        dX_hat, dmu, dlog_var = ae.vae_backward(X, X_hat, mu, log_var, beta=beta)
        close(dX_hat, complex_step(lambda a: loss(a, mu, log_var), X_hat))
        close(dmu, complex_step(lambda a: loss(X_hat, a, log_var), mu))
        close(dlog_var, complex_step(lambda a: loss(X_hat, mu, a), log_var))

    @laws
    @given(seeds)
    def test_zero_gradient_at_a_perfect_copy_with_the_prior(self, seed):
        X, _, mu, _ = vae(seed)
        assert not any(g.any() for g in ae.vae_backward(X, X, 0 * mu, 0 * mu))

    @pytest.mark.parametrize("k", range(4))
    def test_bad_shapes(self, k):
        arguments = vae()
        arguments[k] = arguments[k][:, :2] if k != 0 else arguments[k][0]
        for function in (ae.vae_loss, ae.vae_backward):
            with pytest.raises(ValueError, match=("^X:", "^X_hat:", "^mu:", "^log_var:")[k]):
                function(*arguments)


class TestInterpolate:
    @laws
    @given(seeds, st.integers(2, 12), st.booleans())
    def test_a_straight_line_with_exact_ends(self, seed, steps, columns):
        z0, z1 = np.random.default_rng(seed).standard_normal((2, 5))
        shape = (5, 1) if columns else (5,)
        line = ae.interpolate(z0.reshape(shape), z1.reshape(shape), steps)
        assert line.shape == (5, steps)
        np.testing.assert_array_equal(line[:, 0], z0)
        np.testing.assert_array_equal(line[:, -1], z1)
        close(np.diff(line, axis=1), np.repeat((z1 - z0)[:, None] / (steps - 1), steps - 1, axis=1))

    @laws
    @given(seeds, st.integers(2, 12))
    def test_the_way_back_is_the_way_there_reversed(self, seed, steps):
        z0, z1 = np.random.default_rng(seed).standard_normal((2, 5))
        close(ae.interpolate(z1, z0, steps), ae.interpolate(z0, z1, steps)[:, ::-1])

    @pytest.mark.parametrize(
        ("z0", "z1", "steps", "argument"),
        [
            (np.zeros((2, 2)), np.zeros(2), 3, "z0"),
            (np.zeros(2), np.zeros(3), 3, "z1"),
            (np.zeros(2), np.zeros(2), 1, "steps"),
            (np.zeros(2), np.zeros(2), 2.5, "steps"),
        ],
    )
    def test_bad_input(self, z0, z1, steps, argument):
        with pytest.raises(ValueError, match=f"^{argument}: got"):
            ae.interpolate(z0, z1, steps)


class TestContract:
    @pytest.mark.parametrize("dtype", [np.float32, np.float64])
    def test_inputs_are_read_only_the_type_is_kept_and_nothing_is_shared(self, dtype):
        X, p = problem(dtype=dtype)
        arguments = vae(dtype=dtype)
        inputs = (X, *p.values(), *arguments)
        for array in inputs:
            array.setflags(write=False)
        mu, log_var = arguments[2:]
        outputs = [
            *ae.autoencoder_forward(X, p),
            *ae.autoencoder_backward(X, p).values(),
            ae.corrupt(X, 0.0, np.random.default_rng(0)),
            ae.reparameterize(mu, log_var, mu),
            *ae.vae_backward(*arguments),
            ae.interpolate(mu[:, 0], mu[:, 1], 2),
        ]
        assert {output.dtype for output in outputs} == {np.dtype(dtype)}
        for output in outputs:
            assert not any(np.shares_memory(output, array) for array in inputs)

    def test_integers_become_float64(self):
        assert ae.corrupt(np.zeros((2, 2), int), 1.0, np.random.default_rng(0)).dtype == np.float64
        assert ae.interpolate(np.zeros(2, int), np.ones(2, int), 3)[0, 1] == 0.5

    @pytest.mark.parametrize("name", ["W1", "b1", "W2", "b2"])
    def test_bad_parameters(self, name):
        X, p = problem()
        for bad in ({k: v for k, v in p.items() if k != name}, p | {name: p[name][0]}):
            with pytest.raises(ValueError, match=name):
                ae.autoencoder_backward(X, bad)

    def test_bad_data(self):
        X, p = problem()
        for bad in (X[:2], X[:, 0], X[:, :0]):
            with pytest.raises(ValueError, match=r"^X: got"):
                ae.autoencoder_forward(bad, p)


class TestAgainstTorch:
    @pytest.fixture(autouse=True)
    def _torch(self):
        self.torch = pytest.importorskip("torch")
        from reference.with_torch import autoencoders as twin

        self.twin = twin

    def tensors(self, *values):
        return [
            {k: self.torch.tensor(v) for k, v in value.items()} if isinstance(value, dict) else self.torch.tensor(value)
            for value in values
        ]

    def test_autoencoder(self):
        X, p = problem()
        tX, tp = self.tensors(X, p)
        for mine, theirs in zip(ae.autoencoder_forward(X, p), self.twin.autoencoder_forward(tX, tp), strict=True):
            close(theirs, mine)
        mine, theirs = ae.autoencoder_backward(X, p), self.twin.autoencoder_backward(tX, tp)
        assert list(mine) == list(theirs) == ["dW1", "db1", "dW2", "db2"]
        for name in mine:
            close(theirs[name], mine[name])

    def test_torch_nn(self):
        """The outside: torch.nn.Linear and mse_loss, whose mean is over the features too, so it is n_x times less."""
        nn = self.torch.nn
        X, p = problem()
        tX, tp = self.tensors(X, p)
        model = nn.Sequential(nn.Linear(N_X, N_CODE), nn.ReLU(), nn.Linear(N_CODE, N_X)).double()
        with self.torch.no_grad():
            for layer, k in ((model[0], 1), (model[2], 2)):
                layer.weight.copy_(tp[f"W{k}"])
                layer.bias.copy_(tp[f"b{k}"][:, 0])
        (N_X * nn.functional.mse_loss(model(tX.T), tX.T)).backward()
        gradients = ae.autoencoder_backward(X, p)
        for layer, k in ((model[0], 1), (model[2], 2)):
            close(gradients[f"dW{k}"], layer.weight.grad)
            close(gradients[f"db{k}"][:, 0], layer.bias.grad)

    @pytest.mark.parametrize("beta", [1, 0, 2.5])
    def test_vae(self, beta):
        arguments = vae()
        tensors = self.tensors(*arguments)
        close(self.twin.vae_loss(*tensors, beta=beta), np.array(ae.vae_loss(*arguments, beta=beta)))
        close(self.twin.kl_divergence(*tensors[2:]), np.array(ae.kl_divergence(*arguments[2:])))
        backward = self.twin.vae_backward(*tensors, beta=beta)
        for mine, theirs in zip(ae.vae_backward(*arguments, beta=beta), backward, strict=True):
            close(theirs, mine)

    def test_torch_distributions(self):
        """The outside: torch.distributions.kl_divergence of two normals."""
        _, _, mu, log_var = self.tensors(*vae())
        d = self.torch.distributions
        kl = d.kl_divergence(d.Normal(mu, (log_var / 2).exp()), d.Normal(0.0 * mu, 1.0 + 0 * mu)).sum(0).mean()
        assert ae.kl_divergence(mu.numpy(), log_var.numpy()) == pytest.approx(float(kl), rel=1e-12)

    def test_reparameterize_and_its_derivatives(self):
        """dz/dmu = 1, dz/dlog_var = (z - mu) / 2; the noise is given, so autograd passes through."""
        X, _, mu, log_var = vae()
        eps = X[:N_Z]
        tmu, tlog_var, teps = self.tensors(mu, log_var, eps)
        z = self.twin.reparameterize(tmu.requires_grad_(), tlog_var.requires_grad_(), teps)
        close(z.detach(), ae.reparameterize(mu, log_var, eps))
        z.sum().backward()
        close(tmu.grad, np.ones_like(mu))
        close(tlog_var.grad, (z.detach().numpy() - mu) / 2)

    def test_corrupt(self):
        torch = self.torch
        X = torch.zeros((4, 10_000), dtype=torch.float64)
        E, again = (self.twin.corrupt(X, 0.5, torch.Generator().manual_seed(1)) for _ in range(2))
        assert torch.equal(E, again)
        n = X.numel()
        slack = 2 * math.sqrt(22 * n)  # the bounds of the NumPy test
        assert abs(float(E.mean())) < 0.5 * 6.5 / math.sqrt(n)
        assert n - slack <= float((E**2).sum()) / 0.25 <= n + slack + 44
        assert self.twin.corrupt(X.float(), 0.5, torch.Generator()).dtype == torch.float32

    def test_interpolate(self):
        z0, z1 = vae()[0][:, 0], vae()[0][:, 1]
        t0, t1 = self.tensors(z0, z1)
        line = self.twin.interpolate(t0, t1[:, None], 7)
        close(line, ae.interpolate(z0, z1, 7))
        np.testing.assert_array_equal(line[:, -1], z1)

    def test_the_twin_rejects_bad_input_and_shares_nothing(self):
        torch = self.torch
        X, p = problem()
        tX, tp = self.tensors(X, p)
        with pytest.raises(ValueError, match="W2"):
            self.twin.autoencoder_forward(tX, tp | {"W2": tp["W2"].T})
        with pytest.raises(ValueError, match="noise"):
            self.twin.corrupt(tX, -1, torch.Generator())
        with pytest.raises(ValueError, match="steps"):
            self.twin.interpolate(tX[:, 0], tX[:, 1], 1)
        arguments = self.tensors(*vae())
        with torch.no_grad():
            outputs = (*self.twin.vae_backward(*arguments), *self.twin.autoencoder_backward(tX, tp).values())
        pointers = {tensor.data_ptr() for tensor in (*arguments, tX, *tp.values())}
        assert not any(output.requires_grad or output.data_ptr() in pointers for output in outputs)
        assert self.twin.corrupt(tX, 0, torch.Generator()).data_ptr() != tX.data_ptr()
