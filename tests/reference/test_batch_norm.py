"""Batch normalization: beside torch.nn, its backward pass by autograd and by complex step, and its invariances."""

import inspect

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reference.with_numpy import batch_norm as ours

torch = pytest.importorskip("torch")
theirs = pytest.importorskip("reference.with_torch.batch_norm")
F = torch.nn.functional

LAW = settings(deadline=None, max_examples=30, derandomize=True)
SEEDS = st.integers(0, 2**32 - 1)
EPSILONS = st.sampled_from([1e-8, 1e-5, 1e-2])
TREES = pytest.mark.parametrize("tree", [ours, theirs], ids=["numpy", "torch"])


def layer(seed, n=4, m=7):
    """Z, gamma, beta and an upstream gradient; every unit has its own mean and width."""
    rng = np.random.default_rng(seed)
    Z = rng.normal(size=(n, m)) * rng.uniform(0.5, 2, (n, 1)) + rng.normal(size=(n, 1))
    return Z, rng.normal(size=(n, 1)), rng.normal(size=(n, 1)), rng.normal(size=(n, m))


def images(seed, shape=(3, 2, 4, 5)):
    rng = np.random.default_rng(seed)
    return rng.normal(size=shape) + 3, rng.normal(size=shape[1]), rng.normal(size=shape[1])


def send(tree, array, dtype=np.float64):
    array = np.asarray(array).astype(dtype)
    return array if tree is ours else torch.tensor(array)


def close(actual, expected, rtol=1e-12, atol=1e-13):
    np.testing.assert_allclose(np.asarray(actual), np.asarray(expected), rtol=rtol, atol=atol, strict=True)


def module(kind, features, epsilon=1e-8, momentum=0.1, weights=None):
    """A batch-norm module of PyTorch in float64, with the epsilon of the curriculum and not its own."""
    norm = kind(features, eps=epsilon, momentum=momentum, dtype=torch.float64)
    if weights is not None:
        with torch.no_grad():
            norm.weight.copy_(torch.from_numpy(weights[0]).ravel())
            norm.bias.copy_(torch.from_numpy(weights[1]).ravel())
    return norm


class TestBesideTorch:
    """Where z is near its mean the difference has lost digits, so an absolute error stands in for a relative one."""

    @TREES
    @LAW
    @given(seed=SEEDS, epsilon=EPSILONS, n=st.integers(1, 5), m=st.integers(2, 9))
    def test_training(self, tree, seed, epsilon, n, m):
        Z, gamma, beta, _ = layer(seed, n, m)
        expected = module(torch.nn.BatchNorm1d, n, epsilon, weights=(gamma, beta))(torch.from_numpy(Z.T.copy()))
        Z_tilde, mu, var = tree.batch_norm(*(send(tree, x) for x in (Z, gamma, beta)), epsilon=epsilon)
        close(Z_tilde, expected.detach().numpy().T, atol=1e-11)
        close(mu, Z.mean(axis=1, keepdims=True))
        close(var, Z.var(axis=1, ddof=0, keepdims=True))

    @TREES
    def test_the_default_epsilon_is_not_pytorchs(self, tree):
        """Erratum 8: epsilon is 1e-8 here and 1e-5 in PyTorch; with small variances the outputs differ by far."""
        Z, gamma, beta, _ = layer(0)
        small = send(tree, Z * 1e-3)
        gamma, beta = send(tree, gamma), send(tree, beta)
        assert torch.nn.BatchNorm1d(1).eps == 1e-5
        for function in ("batch_norm", "batch_norm_backward", "batch_norm_inference", "batch_norm_2d"):
            assert inspect.signature(getattr(tree, function)).parameters["epsilon"].default == 1e-8
        mine = np.asarray(tree.batch_norm(small, gamma, beta)[0])
        columns = torch.as_tensor(small).T
        flat = [torch.as_tensor(x).ravel() for x in (gamma, beta)]
        default = F.batch_norm(columns, None, None, *flat, training=True).numpy().T
        passed = F.batch_norm(columns, None, None, *flat, training=True, eps=1e-8).numpy().T
        close(mine, passed, rtol=1e-11, atol=1e-11)
        assert np.abs(mine - default).max() > 0.1

    @TREES
    @LAW
    @given(seed=SEEDS, epsilon=EPSILONS)
    def test_inference(self, tree, seed, epsilon):
        Z, gamma, beta, _ = layer(seed)
        _, mu, var = ours.batch_norm(layer(seed + 1)[0], gamma, beta)
        norm = module(torch.nn.BatchNorm1d, 4, epsilon, weights=(gamma, beta)).eval()
        norm.running_mean.copy_(torch.from_numpy(mu).ravel())
        norm.running_var.copy_(torch.from_numpy(var).ravel())
        expected = norm(torch.from_numpy(Z.T.copy())).detach().numpy().T
        arguments = (send(tree, x) for x in (Z, gamma, beta, mu, var))
        close(tree.batch_norm_inference(*arguments, epsilon=epsilon), expected, atol=1e-11)

    @TREES
    def test_running_statistics(self, tree):
        """Fifty batches: PyTorch's momentum is 1 - ours, and it averages the unbiased variance."""
        norm = module(torch.nn.BatchNorm1d, 4, momentum=0.1)
        running = send(tree, np.zeros((4, 1))), send(tree, np.ones((4, 1)))
        for seed in range(50):
            Z, gamma, beta, _ = layer(seed)
            norm(torch.from_numpy(Z.T.copy()))
            _, mu, var = tree.batch_norm(*(send(tree, x) for x in (Z, gamma, beta)))
            running = tree.update_running(*running, mu, var * 7 / 6)
        close(np.asarray(running[0]).ravel(), norm.running_mean.numpy())
        close(np.asarray(running[1]).ravel(), norm.running_var.numpy())

    @TREES
    @LAW
    @given(seed=SEEDS, epsilon=EPSILONS, shape=st.sampled_from([(3, 2, 4, 5), (1, 3, 2, 2), (5, 1, 1, 1)]))
    def test_2d(self, tree, seed, epsilon, shape):
        X, gamma, beta = images(seed, shape)
        expected = module(torch.nn.BatchNorm2d, shape[1], epsilon, weights=(gamma, beta))(torch.from_numpy(X))
        actual = tree.batch_norm_2d(*(send(tree, x) for x in (X, gamma, beta)), epsilon=epsilon)
        close(actual, expected.detach().numpy(), atol=1e-11)


class TestBackward:
    @TREES
    @LAW
    @given(seed=SEEDS, epsilon=EPSILONS, n=st.integers(1, 5), m=st.integers(2, 9))
    def test_autograd_of_pytorchs_own(self, tree, seed, epsilon, n, m):
        """Two examples of a unit cancel almost to nothing in dZ, hence 1e-10 absolute."""
        Z, gamma, beta, dZ_tilde = layer(seed, n, m)
        leaves = [torch.tensor(x, requires_grad=True) for x in (Z, gamma, beta)]
        out = F.batch_norm(leaves[0].T, None, None, leaves[1].ravel(), leaves[2].ravel(), training=True, eps=epsilon)
        out.T.backward(torch.tensor(dZ_tilde))
        actual = tree.batch_norm_backward(*(send(tree, x) for x in (dZ_tilde, Z, gamma)), epsilon=epsilon)
        for gradient, leaf in zip(actual, leaves, strict=True):
            close(gradient, leaf.grad.numpy(), rtol=1e-10, atol=1e-10)

    @LAW
    @given(seed=SEEDS, epsilon=EPSILONS)
    def test_complex_step(self, seed, epsilon):
        """The forward pass written out in complex numbers, stepped by 1e-30i along random directions."""
        Z, gamma, beta, dZ_tilde = layer(seed)
        dZ, dgamma, dbeta = ours.batch_norm_backward(dZ_tilde, Z, gamma, epsilon=epsilon)

        def loss(Z, gamma, beta):
            centred = Z - Z.mean(axis=1, keepdims=True)
            Z_hat = centred / np.sqrt((centred**2).mean(axis=1, keepdims=True) + epsilon)
            return np.sum(dZ_tilde * (gamma * Z_hat + beta))

        rng = np.random.default_rng(seed)
        inputs, gradients = (Z, gamma, beta), (dZ, dgamma, dbeta)
        for place, gradient in enumerate(gradients):
            direction = rng.normal(size=gradient.shape)
            stepped = list(inputs)
            stepped[place] = inputs[place] + 1e-30j * direction
            assert np.sum(gradient * direction) == pytest.approx(loss(*stepped).imag / 1e-30, rel=1e-10, abs=1e-11)

    @LAW
    @given(seed=SEEDS)
    def test_rows_sum_to_zero_and_are_orthogonal_to_the_normalized(self, seed):
        """What a shift of Z would do, and, without epsilon, what a stretch would do: nothing."""
        Z, gamma, _, dZ_tilde = layer(seed)
        dZ, dgamma, dbeta = ours.batch_norm_backward(dZ_tilde, Z, gamma, epsilon=0)
        Z_hat = ours.batch_norm(Z, np.ones((4, 1)), np.zeros((4, 1)), epsilon=0)[0]
        scale = np.abs(dZ).max()
        np.testing.assert_allclose(dZ.sum(axis=1), 0, atol=1e-12 * scale)
        np.testing.assert_allclose((dZ * Z_hat).sum(axis=1), 0, atol=1e-12 * scale)
        close(dbeta, dZ_tilde.sum(axis=1, keepdims=True))
        close(dgamma, (dZ_tilde * Z_hat).sum(axis=1, keepdims=True))

    @LAW
    @given(seed=SEEDS, epsilon=EPSILONS)
    def test_linear_in_the_upstream_gradient(self, seed, epsilon):
        Z, gamma, _, first = layer(seed)
        second = layer(seed + 1)[3]
        both = ours.batch_norm_backward(first - 2 * second, Z, gamma, epsilon=epsilon)
        parts = (ours.batch_norm_backward(g, Z, gamma, epsilon=epsilon) for g in (first, second))
        for whole, one, two in zip(both, *parts, strict=True):
            close(whole, one - 2 * two, rtol=1e-11, atol=1e-11)
        for gradient in ours.batch_norm_backward(0 * first, Z, gamma, epsilon=epsilon):
            assert not gradient.any()

    @TREES
    def test_one_example(self, tree):
        """A batch of one has variance 0: the output is beta, and nothing flows back to Z or gamma."""
        Z, gamma, beta, dZ_tilde = (send(tree, x) for x in layer(3, m=1))
        Z_tilde, mu, var = tree.batch_norm(Z, gamma, beta)
        close(Z_tilde, beta)
        close(mu, Z)
        assert not np.asarray(var).any()
        dZ, dgamma, dbeta = tree.batch_norm_backward(dZ_tilde, Z, gamma)
        assert not np.asarray(dZ).any()
        assert not np.asarray(dgamma).any()
        close(dbeta, dZ_tilde)


class TestLaws:
    @LAW
    @given(seed=SEEDS, epsilon=EPSILONS)
    def test_mean_beta_and_variance_gamma_squared(self, seed, epsilon):
        Z, gamma, beta, _ = layer(seed)
        Z_tilde, _, var = ours.batch_norm(Z, gamma, beta, epsilon=epsilon)
        close(Z_tilde.mean(axis=1, keepdims=True), beta, atol=1e-12)
        close(Z_tilde.var(axis=1, keepdims=True), gamma**2 * var / (var + epsilon), rtol=1e-10)

    @LAW
    @given(seed=SEEDS, shift=st.floats(-100, 100), scale=st.floats(0.01, 100))
    def test_shift_and_scale_of_the_input_do_not_matter(self, seed, shift, scale):
        """Exactly so without epsilon; the shift costs the digits it adds, hence 1e-8."""
        Z, gamma, beta, _ = layer(seed)
        expected = ours.batch_norm(Z, gamma, beta, epsilon=0)[0]
        close(ours.batch_norm(scale * Z + shift, gamma, beta, epsilon=0)[0], expected, rtol=1e-8, atol=1e-8)
        close(ours.batch_norm(-scale * Z, gamma, beta, epsilon=0)[0] - beta, beta - expected, rtol=1e-9, atol=1e-11)

    @LAW
    @given(seed=SEEDS)
    def test_order_of_examples_and_of_units(self, seed):
        Z, gamma, beta, _ = layer(seed)
        rng = np.random.default_rng(seed)
        examples, units = rng.permutation(7), rng.permutation(4)
        expected = ours.batch_norm(Z, gamma, beta)
        shuffled = ours.batch_norm(Z[:, examples], gamma, beta)
        close(shuffled[0], expected[0][:, examples], rtol=1e-11, atol=1e-12)
        permuted = ours.batch_norm(Z[units], gamma[units], beta[units])
        for mine, whole in zip(permuted, expected, strict=True):
            close(mine, whole[units])

    @TREES
    def test_biased_variance_and_epsilon_inside_the_root(self, tree):
        """Z = [0, 2]: mean 1, biased variance 1 (the unbiased one is 2), so 1 / sqrt(1 + 3) = 1/2."""
        one, zero = send(tree, [[1.0]]), send(tree, [[0.0]])
        Z_tilde, mu, var = tree.batch_norm(send(tree, [[0.0, 2.0]]), one, zero, epsilon=3)
        close(Z_tilde, [[-0.5, 0.5]])
        assert (np.asarray(mu).item(), np.asarray(var).item()) == (1, 1)

    @LAW
    @given(seed=SEEDS, momentum=st.floats(0, 1), steps=st.integers(1, 30))
    def test_running_statistics_of_a_constant_batch(self, seed, momentum, steps):
        """After t equal batches: running = batch + momentum^t (start - batch)."""
        Z, start_mu, start_var, _ = layer(seed)
        _, mu, var = ours.batch_norm(Z, start_mu, start_var)
        running = start_mu, start_var
        for _ in range(steps):
            running = ours.update_running(*running, mu, var, momentum=momentum)
        for now, start, batch in zip(running, (start_mu, start_var), (mu, var), strict=True):
            close(now, batch + momentum**steps * (start - batch), rtol=1e-11, atol=1e-12)

    @LAW
    @given(seed=SEEDS)
    def test_inference_with_the_batchs_own_statistics_is_training(self, seed):
        Z, gamma, beta, _ = layer(seed)
        Z_tilde, mu, var = ours.batch_norm(Z, gamma, beta)
        close(ours.batch_norm_inference(Z, gamma, beta, mu, var), Z_tilde)

    @LAW
    @given(seed=SEEDS)
    def test_inference_takes_examples_one_by_one(self, seed):
        Z, gamma, beta, other = layer(seed)
        mu, var = beta, gamma**2
        whole = ours.batch_norm_inference(Z, gamma, beta, mu, var)
        alone = np.hstack([ours.batch_norm_inference(z[:, None], gamma, beta, mu, var) for z in Z.T])
        assert np.array_equal(whole, alone)
        mixed = ours.batch_norm_inference(np.hstack([Z, other]), gamma, beta, mu, var)
        assert np.array_equal(mixed[:, : Z.shape[1]], whole)

    @LAW
    @given(seed=SEEDS, epsilon=EPSILONS)
    def test_2d_is_one_unit_a_channel(self, seed, epsilon):
        """The images of a channel, laid out as one row, give the same as batch_norm."""
        X, gamma, beta = images(seed)
        rows = X.transpose(1, 0, 2, 3).reshape(2, -1)
        expected = ours.batch_norm(rows, gamma[:, None], beta[:, None], epsilon=epsilon)[0]
        actual = ours.batch_norm_2d(X, gamma, beta, epsilon=epsilon)
        close(actual, expected.reshape(2, 3, 4, 5).transpose(1, 0, 2, 3), atol=1e-12)


@TREES
class TestContract:
    def calls(self, tree, dtype=np.float64):
        Z, gamma, beta, dZ_tilde = (send(tree, np.rint(8 * x), dtype) for x in layer(5))
        mu, var = send(tree, np.ones((4, 1)), dtype), send(tree, np.full((4, 1), 2), dtype)
        X, scale, shift = (send(tree, np.rint(8 * x), dtype) for x in images(5))
        return [
            (tree.batch_norm, (Z, gamma, beta)),
            (tree.batch_norm_backward, (dZ_tilde, Z, gamma)),
            (tree.update_running, (mu, var, Z[:, :1], var)),
            (tree.batch_norm_inference, (Z, gamma, beta, mu, var)),
            (tree.batch_norm_2d, (X, scale, shift)),
        ]

    @pytest.mark.parametrize(
        ("dtype", "expected"), [(np.float32, "float32"), (np.float64, "float64"), (np.int64, "float64")]
    )
    def test_types_and_memory(self, tree, dtype, expected):
        for function, arguments in self.calls(tree, dtype):
            before = [np.array(np.asarray(x)) for x in arguments]
            options = {"momentum": np.float64(0.9)} if function is tree.update_running else {"epsilon": np.array(1e-8)}
            result = function(*arguments, **options)
            for out in result if isinstance(result, tuple) else (result,):
                assert str(out.dtype).endswith(expected)
                assert not any(np.shares_memory(np.asarray(out), np.asarray(x)) for x in arguments)
            assert all(np.array_equal(np.asarray(x), y) for x, y in zip(arguments, before, strict=True))

    def test_float32_is_close(self, tree):
        for (function, wide), (_, narrow) in zip(self.calls(tree), self.calls(tree, np.float32), strict=True):
            results = function(*wide), function(*narrow)
            for one, other in zip(*((r if isinstance(r, tuple) else (r,)) for r in results), strict=True):
                np.testing.assert_allclose(np.asarray(other), np.asarray(one), rtol=1e-4, atol=1e-4)

    def test_a_constant_unit_is_no_trouble(self, tree):
        Z = send(tree, np.full((2, 5), 0.1))
        one, zero = send(tree, np.ones((2, 1))), send(tree, np.zeros((2, 1)))
        np.testing.assert_allclose(np.asarray(tree.batch_norm(Z, one, zero)[0]), 0, atol=1e-10)
        for gradient in tree.batch_norm_backward(send(tree, np.ones((2, 5))), Z, one):
            assert np.all(np.isfinite(np.asarray(gradient)))

    def test_bad_input(self, tree):
        Z, gamma, beta, dZ_tilde = (send(tree, x) for x in layer(5))
        X, scale, shift = (send(tree, x) for x in images(5))
        for call, argument in (
            (lambda: tree.batch_norm(Z[0], gamma, beta), "Z"),
            (lambda: tree.batch_norm(Z[:, :0], gamma, beta), "Z"),
            (lambda: tree.batch_norm(Z, gamma[:, 0], beta), "gamma"),
            (lambda: tree.batch_norm(Z, gamma, beta[:3]), "beta"),
            (lambda: tree.batch_norm(Z, gamma, beta, epsilon=-1e-8), "epsilon"),
            (lambda: tree.batch_norm_backward(dZ_tilde[:, :3], Z, gamma), "dZ_tilde"),
            (lambda: tree.batch_norm_backward(dZ_tilde, Z, gamma.T), "gamma"),
            (lambda: tree.update_running(gamma, beta, gamma, beta[:3]), "var"),
            (lambda: tree.update_running(gamma, beta, gamma, beta, momentum=1.1), "momentum"),
            (lambda: tree.batch_norm_inference(Z, gamma, beta, gamma[:3], gamma**2), "running_mu"),
            (lambda: tree.batch_norm_inference(Z, gamma, beta, gamma, -(gamma**2)), "running_var"),
            (lambda: tree.batch_norm_2d(X[0], scale, shift), "X"),
            (lambda: tree.batch_norm_2d(X[:0], scale, shift), "X"),
            (lambda: tree.batch_norm_2d(X, scale[:, None], shift), "gamma"),
            (lambda: tree.batch_norm_2d(X, scale, shift[:1]), "beta"),
        ):
            with pytest.raises(ValueError, match=f"^{argument}: got"):
                call()


def test_names_and_signatures():
    assert ours.__all__ == theirs.__all__
    for name in ours.__all__:
        mine, other = (inspect.signature(getattr(tree, name)).parameters.values() for tree in (ours, theirs))
        assert [(p.name, p.default) for p in mine] == [(p.name, p.default) for p in other]
