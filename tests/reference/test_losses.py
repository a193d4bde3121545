"""Losses: against PyTorch, against their own derivatives, and by their laws."""

import inspect
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reference.with_numpy import losses as ours
from reference.with_numpy.activations import sigmoid, softmax
from tests.reference.contract import agrees_with_torch, keeps_contract, same

laws = settings(max_examples=30, deadline=None, derandomize=True)
seeds = st.integers(0, 2**32 - 1)
STEP = 1e-30

# What each loss takes as predictions, from scores of any sign.
PREDICTIONS = {
    "binary_cross_entropy": sigmoid,
    "binary_cross_entropy_with_logits": np.asarray,
    "cross_entropy": softmax,
    "softmax_cross_entropy": np.asarray,
    "mean_squared_error": np.asarray,
}


def scores_and_targets(K=4, m=5, seed=0, scale=2.0):
    """Scores (K, m), and soft targets (K, m) whose columns are distributions."""
    rng = np.random.default_rng(seed)
    return scale * rng.standard_normal((K, m)), rng.dirichlet(np.ones(K), m).T.copy()


def loss_of(name, predictions, Y):
    result = getattr(ours, name)(predictions, Y)
    return result[0] if isinstance(result, tuple) else result


class TestContract:
    @pytest.mark.parametrize("name", PREDICTIONS)
    def test_of_every_loss(self, name):
        Z, Y = scores_and_targets()
        keeps_contract(getattr(ours, name), PREDICTIONS[name](Z), Y)

    def test_one_hot(self):
        keeps_contract(ours.one_hot, np.array([2.0, 0.0, 1.0]), 3)
        for labels in (np.array([2, 0]), np.array([2.0, 0.0]), np.uint8([2, 0]), [2, 0]):
            Y = ours.one_hot(labels, 3)
            assert Y.dtype == np.float64
            assert Y.tolist() == [[0, 1], [0, 0], [1, 0]]
        assert ours.one_hot(np.array([True, False]), np.int64(2)).tolist() == [[0, 1], [1, 0]]
        assert ours.one_hot(np.array([], int), 3).shape == (3, 0)

    @pytest.mark.parametrize("dtype", [int, bool])
    @pytest.mark.parametrize("name", PREDICTIONS)
    def test_labels_of_any_type(self, name, dtype):
        Z, _ = scores_and_targets(K=3, m=4)
        Y = ours.one_hot(np.array([0, 2, 1, 1]), 3)
        result = getattr(ours, name)(PREDICTIONS[name](Z).astype(np.float32), Y.astype(dtype))
        same(result, getattr(ours, name)(PREDICTIONS[name](Z), Y), rtol=1e-5, atol=1e-6)
        assert all(x.dtype == np.float32 for x in (result if isinstance(result, tuple) else [result]))

    @pytest.mark.parametrize("name", PREDICTIONS)
    def test_bad_shapes_are_refused(self, name):
        f = getattr(ours, name)
        half = np.full((2, 3), 0.5)
        for predictions, Y in [(half, half.T), (half, half[:1]), (half[0], half[0]), (half[:, :0], half[:, :0])]:
            with pytest.raises(ValueError, match="got shape"):
                f(predictions, Y)

    def test_values_that_are_no_probabilities_are_refused(self):
        Y = np.array([[1.0], [0.0]])
        for bad in (1.5, -0.1, np.nan):
            with pytest.raises(ValueError, match="A: got"):
                ours.binary_cross_entropy(np.array([[bad], [0.5]]), Y)
            with pytest.raises(ValueError, match="P: got"):
                ours.cross_entropy(np.array([[bad], [0.5]]), Y)

    def test_labels_that_are_no_classes_are_refused(self):
        for bad in ([3], [-1], [0.5], [np.nan], [[0, 1]]):
            with pytest.raises(ValueError, match="labels: got"):
                ours.one_hot(np.array(bad), 3)
        for classes in (0, 2.5):
            with pytest.raises(ValueError, match="classes: got"):
                ours.one_hot(np.array([0]), classes)


class TestValues:
    def test_worked_numbers(self):
        Y = np.array([[1.0, 0.0], [0.0, 1.0]])
        same(ours.binary_cross_entropy(np.array([[0.8, 0.4]]), np.array([[1, 0]])), -math.log(0.8 * 0.6) / 2)
        same(ours.cross_entropy(np.array([[0.7, 0.1], [0.3, 0.9]]), Y), -math.log(0.7 * 0.9) / 2)
        same(ours.mean_squared_error(np.array([[1.0, 2.0], [3.0, 5.0]]), Y)[0], (0 + 4 + 9 + 16) / 2)
        loss, dZ = ours.softmax_cross_entropy(np.log([[1.0, 3.0], [3.0, 1.0]]), Y)
        same(loss, math.log(4))
        same(dZ, np.array([[0.25 - 1, 0.75], [0.75, 0.25 - 1]]) / 2)

    def test_indifference_costs_the_logarithm_of_the_choices(self):
        for K in (1, 2, 7):
            Y = ours.one_hot(np.arange(5) % K, K)
            same(ours.softmax_cross_entropy(np.zeros((K, 5)), Y)[0], math.log(K))
            same(ours.cross_entropy(np.full((K, 5), 1 / K), Y), math.log(K))
            same(ours.binary_cross_entropy_with_logits(np.zeros((K, 5)), Y), K * math.log(2))

    def test_probabilities_of_0_and_1_are_finite(self):
        """Erratum 5: the cost of the source takes log(0). Here no logarithm is below -100, as in PyTorch."""
        P, Y = np.array([[0.0, 1.0], [1.0, 0.0]]), np.array([[1.0, 1.0], [0.0, 0.0]])
        with np.errstate(all="raise", under="ignore"):
            assert ours.cross_entropy(P, Y) == 50
            assert ours.binary_cross_entropy(P, Y) == 100
            assert ours.cross_entropy(Y, Y) == 0
            assert ours.binary_cross_entropy(Y, Y) == 0
            assert ours.cross_entropy(np.array([[1e-300], [1.0]]), np.array([[1], [0]])) == 100

    @pytest.mark.parametrize("dtype", [np.float64, np.float32])
    def test_logits_of_10_000_cost_what_they_say(self, dtype):
        Z, Y = np.array([[1e4, -1e4], [-1e4, 1e4]], dtype), np.array([[0, 0], [1, 1]], dtype)
        with np.errstate(all="raise", under="ignore"):
            assert ours.binary_cross_entropy_with_logits(Z, Y) == 1e4
            loss, dZ = ours.softmax_cross_entropy(Z, Y)
        assert loss == 1e4
        assert dZ.tolist() == [[0.5, 0], [-0.5, 0]]

    def test_small_losses_keep_their_digits(self):
        """log(1 + exp(-40)) is 0 in float64 if the 1 is added first, or 40 before that."""
        for z, y in [(40.0, 1), (-40.0, 0)]:
            loss = ours.binary_cross_entropy_with_logits(np.array([[z]]), np.array([[y]]))
            np.testing.assert_allclose(loss, math.exp(-40), rtol=1e-14)
        np.testing.assert_allclose(ours.binary_cross_entropy(np.array([[1e-20]]), np.array([[0]])), 1e-20, rtol=1e-14)


class TestDerivatives:
    @pytest.mark.parametrize(
        ("name", "analytic"),
        [
            ("softmax_cross_entropy", lambda Z, Y: (Y * (np.log(np.exp(Z).sum(axis=0)) - Z)).sum() / Z.shape[1]),
            ("mean_squared_error", lambda A, Y: ((A - Y) * (A - Y)).sum() / A.shape[1]),
        ],
    )
    @pytest.mark.parametrize("distributions", [True, False])
    def test_by_complex_step(self, name, analytic, distributions):
        Z, Y = scores_and_targets()
        Y = Y if distributions else np.random.default_rng(1).standard_normal(Y.shape)
        loss, gradient = getattr(ours, name)(Z, Y)
        same(loss, analytic(Z, Y))
        for i in np.ndindex(Z.shape):
            moved = Z.astype(complex)
            moved[i] += 1j * STEP
            same(gradient[i], analytic(moved, Y).imag / STEP)


class TestLaws:
    @laws
    @given(st.sampled_from(sorted(PREDICTIONS)), seeds)
    def test_a_mean_over_examples(self, name, seed):
        Z, Y = scores_and_targets(seed=seed)
        P = PREDICTIONS[name](Z)
        loss = loss_of(name, P, Y)
        assert loss >= 0
        same(loss_of(name, np.hstack([P, P]), np.hstack([Y, Y])), loss)
        same(loss_of(name, P[:, ::-1], Y[:, ::-1]), loss)
        same(loss_of(name, P[::-1], Y[::-1]), loss)
        same(np.mean([loss_of(name, P[:, [i]], Y[:, [i]]) for i in range(P.shape[1])]), loss)

    @laws
    @given(st.sampled_from(["softmax_cross_entropy", "mean_squared_error"]), seeds)
    def test_a_batch_twice_halves_each_gradient(self, name, seed):
        Z, Y = scores_and_targets(seed=seed)
        _, gradient = getattr(ours, name)(Z, Y)
        _, doubled = getattr(ours, name)(np.hstack([Z, Z]), np.hstack([Y, Y]))
        same(doubled, np.hstack([gradient, gradient]) / 2)

    @laws
    @given(seeds)
    def test_both_forms_of_each_cross_entropy_agree(self, seed):
        Z, Y = scores_and_targets(seed=seed)
        same(ours.binary_cross_entropy_with_logits(Z, Y), ours.binary_cross_entropy(sigmoid(Z), Y))
        same(ours.softmax_cross_entropy(Z, Y)[0], ours.cross_entropy(softmax(Z), Y))

    @laws
    @given(seeds, st.floats(-1e3, 1e3))
    def test_softmax_cross_entropy(self, seed, c):
        Z, Y = scores_and_targets(seed=seed)
        loss, dZ = ours.softmax_cross_entropy(Z, Y)
        # Rounding Z + c moves each score by up to |c| eps.
        same(ours.softmax_cross_entropy(Z + c, Y), (loss, dZ), rtol=1e-11, atol=1e-12)
        same(dZ.sum(axis=0), np.zeros(Z.shape[1]))
        assert not ours.softmax_cross_entropy(Z, softmax(Z))[1].round(15).any()

    @laws
    @given(seeds)
    def test_two_classes_are_one_yes_or_no(self, seed):
        Z, Y = scores_and_targets(K=1, seed=seed)
        Y = np.random.default_rng(seed).random(Y.shape)
        binary = ours.binary_cross_entropy_with_logits(Z, Y)
        same(ours.softmax_cross_entropy(np.vstack([0 * Z, Z]), np.vstack([1 - Y, Y]))[0], binary)
        same(ours.binary_cross_entropy_with_logits(-Z, 1 - Y), binary)

    @laws
    @given(st.sampled_from(sorted(set(PREDICTIONS) - {"mean_squared_error"})), seeds, st.floats(0, 1))
    def test_cross_entropies_are_linear_in_the_target(self, name, seed, smoothing):
        """Hence label smoothing is a mixture of two losses."""
        Z, Y = scores_and_targets(seed=seed)
        P, uniform = PREDICTIONS[name](Z), np.full_like(Y, 1 / len(Y))
        mixed = (1 - smoothing) * loss_of(name, P, Y) + smoothing * loss_of(name, P, uniform)
        same(loss_of(name, P, (1 - smoothing) * Y + smoothing * uniform), mixed)

    @laws
    @given(seeds, st.floats(-10, 10))
    def test_mean_squared_error(self, seed, c):
        A, Y = scores_and_targets(seed=seed)
        loss, dA = ours.mean_squared_error(A, Y)
        assert ours.mean_squared_error(Y, Y)[0] == 0
        same(ours.mean_squared_error(c * A, c * Y)[0], c * c * loss)
        same(ours.mean_squared_error(A + c, Y + c), (loss, dA), atol=1e-12)
        same(np.vdot(dA, A - Y), 2 * loss)

    @laws
    @given(st.lists(st.integers(0, 6), min_size=1, max_size=9))
    def test_one_hot_is_undone_by_argmax(self, labels):
        Y = ours.one_hot(np.array(labels), 7)
        assert Y.shape == (7, len(labels))
        assert Y.argmax(axis=0).tolist() == labels
        assert (Y.sum(axis=0) == 1).all()


class TestTorch:
    @pytest.fixture(autouse=True)
    def _torch(self):
        self.torch = pytest.importorskip("torch")
        from reference.with_torch import losses

        self.theirs = losses

    def test_same_names_and_signatures(self):
        assert ours.__all__ == self.theirs.__all__
        for name in ours.__all__:
            left, right = (inspect.signature(getattr(tree, name)).parameters.values() for tree in (ours, self.theirs))
            assert [(p.name, p.default) for p in left] == [(p.name, p.default) for p in right]

    @pytest.mark.parametrize("name", PREDICTIONS)
    @pytest.mark.parametrize("scale", [1.0, 30.0])
    def test_both_trees_agree(self, name, scale):
        Z, Y = scores_and_targets(scale=scale)
        P = PREDICTIONS[name](Z)
        agrees_with_torch(getattr(ours, name), getattr(self.theirs, name), P, Y)
        agrees_with_torch(getattr(ours, name), getattr(self.theirs, name), P, (Y > 0.5).astype(int))

    def test_probabilities_of_0_and_1(self):
        P = np.array([[0.0, 1.0, 0.0, 1.0, 1e-60]])
        Y = np.array([[1.0, 0.0, 0.3, 1.0, 1.0]])
        for name in ("binary_cross_entropy", "cross_entropy"):
            agrees_with_torch(getattr(ours, name), getattr(self.theirs, name), P, Y)
            leaf = self.torch.from_numpy(P).requires_grad_()
            getattr(self.theirs, name)(leaf, self.torch.from_numpy(Y)).backward()
            assert leaf.grad.isfinite().all()

    def test_against_torch_nn(self):
        """torch.nn has examples as rows and averages over units too where we add them, hence the sums over m."""
        F, t = self.torch.nn.functional, self.torch.from_numpy
        Z, Y = scores_and_targets(K=3, m=6)
        labels = np.array([0, 2, 1, 1, 0, 2])
        m = Z.shape[1]
        same(ours.softmax_cross_entropy(Z, ours.one_hot(labels, 3))[0], F.cross_entropy(t(Z).T, t(labels)))
        same(ours.softmax_cross_entropy(Z, Y)[0], F.cross_entropy(t(Z).T, t(Y).T))
        same(ours.cross_entropy(softmax(Z), ours.one_hot(labels, 3)), F.nll_loss(t(softmax(Z)).T.log(), t(labels)))
        same(ours.mean_squared_error(Z, Y)[0], F.mse_loss(t(Z), t(Y), reduction="sum") / m)
        same(ours.binary_cross_entropy(sigmoid(Z), Y), 3 * F.binary_cross_entropy(t(sigmoid(Z)), t(Y)))
        same(ours.binary_cross_entropy_with_logits(Z, Y), 3 * F.binary_cross_entropy_with_logits(t(Z), t(Y)))

    def test_gradients_are_those_of_autograd_through_the_written_out_losses(self):
        Z, Y = scores_and_targets()
        for name, f in {
            "softmax_cross_entropy": lambda z, y: -(y * (z - z.exp().sum(0).log())).sum() / 5,
            "mean_squared_error": lambda z, y: ((z - y) ** 2).sum() / 5,
        }.items():
            leaf = self.torch.from_numpy(Z.copy()).requires_grad_()
            f(leaf, self.torch.from_numpy(Y)).backward()
            same(getattr(ours, name)(Z, Y)[1], leaf.grad)

    def test_one_hot(self):
        labels = np.array([3, 0, 1])
        agrees_with_torch(ours.one_hot, self.theirs.one_hot, labels, 4)
        agrees_with_torch(ours.one_hot, self.theirs.one_hot, labels.astype(float), 4)

    def test_bad_input_is_refused(self):
        torch = self.torch
        for labels in ([3], [-1], [0.5]):
            with pytest.raises(ValueError, match="labels: got"):
                self.theirs.one_hot(torch.tensor(labels), 3)
        for name in PREDICTIONS:
            with pytest.raises(ValueError, match="Y: got shape"):
                getattr(self.theirs, name)(torch.ones(2, 3), torch.ones(3, 2))
        with pytest.raises(ValueError, match="A: got"):
            self.theirs.binary_cross_entropy(2 * torch.ones(1, 1), torch.ones(1, 1))
