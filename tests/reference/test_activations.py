"""Activations: against PyTorch, against their own derivatives, and by their laws."""

import inspect
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from reference.with_numpy import _erf
from reference.with_numpy import activations as ours
from tests.reference.contract import agrees_with_torch, keeps_contract, same

laws = settings(max_examples=30, deadline=None, derandomize=True)
ENTRYWISE = ["sigmoid", "tanh", "relu", "leaky_relu", "gelu", "gelu_tanh"]
BACKWARD = ["sigmoid", "tanh", "relu", "leaky_relu", "gelu", "softmax"]

moderate = arrays(np.float64, array_shapes(min_dims=1, max_dims=3, max_side=5), elements=st.floats(-30, 30))
scores = arrays(np.float64, st.tuples(st.integers(2, 5), st.integers(1, 4)), elements=st.floats(-30, 30))
shift = st.floats(-1e3, 1e3)


def normal(*shape: int, seed: int = 0, scale: float = 3.0) -> np.ndarray:
    return scale * np.random.default_rng(seed).standard_normal(shape)


class TestContract:
    @pytest.mark.parametrize("name", [*ENTRYWISE, "softmax"])
    def test_forward(self, name):
        keeps_contract(getattr(ours, name), normal(4, 5))

    @pytest.mark.parametrize("name", BACKWARD)
    def test_backward(self, name):
        keeps_contract(getattr(ours, f"{name}_backward"), normal(4, 5, seed=1), normal(4, 5))

    def test_dead_units(self):
        keeps_contract(ours.dead_units, np.maximum(normal(6, 3), 0))

    @pytest.mark.parametrize("name", ENTRYWISE)
    @pytest.mark.parametrize(
        "z", [0.5, -2, np.float64(1.5), np.array(-0.2), np.array([1, -2]), np.array([True, False])]
    )
    def test_any_shape_and_integers_become_float64(self, name, z):
        out = getattr(ours, name)(z)
        assert isinstance(out, np.ndarray)
        assert out.dtype == np.float64
        assert out.shape == np.shape(z)
        same(out, getattr(ours, name)(np.asarray(z, float)))

    def test_a_numpy_scalar_alpha_does_not_widen_float32(self):
        z = normal(3, 2).astype(np.float32)
        assert ours.leaky_relu(z, alpha=np.float64(0.1)).dtype == np.float32
        assert ours.leaky_relu_backward(z, z, alpha=np.float64(0.1)).dtype == np.float32

    @pytest.mark.parametrize("name", BACKWARD)
    def test_backward_refuses_another_shape(self, name):
        with pytest.raises(ValueError, match=r"dA: got shape \(3, 1\); needed \(3, 2\)"):
            getattr(ours, f"{name}_backward")(np.ones((3, 1)), np.ones((3, 2)))

    def test_softmax_and_dead_units_need_columns(self):
        for z in (np.ones(3), np.ones((2, 3, 4)), np.ones((0, 3))):
            with pytest.raises(ValueError, match="z: got shape"):
                ours.softmax(z)
            with pytest.raises(ValueError, match="Z: got shape"):
                ours.softmax_backward(z, z)
        with pytest.raises(ValueError, match="A: got shape"):
            ours.dead_units(np.ones(3))

    @pytest.mark.parametrize("name", [*ENTRYWISE, "softmax"])
    @pytest.mark.parametrize("dtype", [np.float64, np.float32])
    def test_finite_without_a_warning_at_10_000(self, name, dtype):
        z = np.array([[1e4, -1e4, 0.0, 1e4, -1e4], [-1e4, -1e4, 1e4, 1e4, -1e4], [0.0, 1e4, -1e4, 1e4, -1e4]], dtype)
        with np.errstate(all="raise", under="ignore"):
            assert np.isfinite(getattr(ours, name)(z)).all()
            if name in BACKWARD:
                assert np.isfinite(getattr(ours, f"{name}_backward")(np.ones_like(z), z)).all()


class TestErf:
    """The rational approximations carry full precision in every range and over their seams."""

    X = np.concatenate(
        [
            np.linspace(-28, 28, 20_001),
            np.geomspace(1e-300, 27, 2_000),
            *(np.nextafter(seam, [0, 9]) for seam in (0.46875, 4.0, -0.46875, -4.0)),
            [0.46875, 4.0, -0.0, 0.0],
        ]
    )

    def test_against_the_math_module(self):
        np.testing.assert_allclose(_erf.erf(self.X), [math.erf(x) for x in self.X], rtol=1e-15, atol=0)
        # Relative, so also where erfc is 1e-300; below, float64 has no digits left.
        np.testing.assert_allclose(_erf.erfc(self.X), [math.erfc(x) for x in self.X], rtol=2e-15, atol=1e-307)

    def test_against_scipy(self):
        special = pytest.importorskip("scipy.special")
        np.testing.assert_allclose(_erf.erf(self.X), special.erf(self.X), rtol=1e-15, atol=0)
        np.testing.assert_allclose(_erf.erfc(self.X), special.erfc(self.X), rtol=1e-13, atol=1e-307)

    def test_shape_type_and_ends(self):
        for f in (_erf.erf, _erf.erfc):
            assert f(np.float32([[1, 5, 30]])).dtype == np.float32
            assert f(np.array(0.3)).shape == ()
            assert f(np.ones((2, 0))).shape == (2, 0)
        same(_erf.erf(np.array([-np.inf, np.inf, np.nan])), [np.array([-1.0, 1.0, np.nan])])
        same(_erf.erfc(np.array([-np.inf, np.inf, np.nan])), [np.array([2.0, 0.0, np.nan])])

    @laws
    @given(moderate)
    def test_odd_and_complementary(self, x):
        np.testing.assert_array_equal(_erf.erf(-x), -_erf.erf(x))
        np.testing.assert_allclose(_erf.erf(x) + _erf.erfc(x), 1, rtol=4e-16)


class TestValues:
    def test_worked_numbers(self):
        same(ours.sigmoid(math.log(3)), 0.75)
        same(ours.tanh(math.log(2)), 0.6)
        same(ours.relu(np.array([-1.5, 0.0, 2.0])), np.array([0.0, 0.0, 2.0]))
        same(ours.leaky_relu(np.array([-2.0, 0.0, 2.0])), np.array([-0.02, 0.0, 2.0]))
        same(ours.gelu(1.0), 0.8413447460685429)  # Phi(1), from tables
        same(ours.softmax(np.log([[1.0], [2.0], [5.0]])), np.array([[0.125], [0.25], [0.625]]))

    def test_sigmoid_of_large_negative_scores(self):
        """Erratum 5: 1/(1 + exp(-z)) overflows for large negative z; ours keeps all its digits there."""
        z = np.array([-700.0, -40.0, -1e4])
        with np.errstate(all="raise", under="ignore"):
            np.testing.assert_allclose(ours.sigmoid(z), [math.exp(-700), math.exp(-40), 0], rtol=1e-15)

    def test_gelu_of_large_negative_numbers(self):
        """1 + erf(z / sqrt(2)) is 0 in float64 at z = -9; the tail of the normal distribution is not."""
        z = np.array([-9.0, -20.0, -30.0])
        tail = np.array([math.erfc(-x / math.sqrt(2)) / 2 for x in z])
        np.testing.assert_allclose(ours.gelu(z), z * tail, rtol=1e-12)  # erfc(x) turns eps in x into 2 x^2 eps
        # For large u, 1 + tanh(-u) is 2 exp(-2u).
        u = math.sqrt(2 / math.pi) * (9 + 0.044715 * 9**3)
        np.testing.assert_allclose(ours.gelu_tanh(z[:1]), -9 * math.exp(-2 * u), rtol=1e-13)

    @pytest.mark.parametrize("alpha", [0.0, 0.3, 1.0, 2.5, -1.0])
    def test_leaky_relu_for_any_alpha(self, alpha):
        """Erratum 6: max(alpha z, z) is Leaky ReLU only for alpha < 1; the definition by cases always holds."""
        z = normal(50)
        same(ours.leaky_relu(z, alpha=alpha), np.where(z > 0, z, alpha * z))
        if alpha > 1:
            assert not np.allclose(ours.leaky_relu(z, alpha=alpha), np.maximum(alpha * z, z))

    def test_slope_at_zero(self):
        one, zero = np.ones((1, 1)), np.zeros((1, 1))
        assert ours.relu_backward(one, zero) == 0
        assert ours.leaky_relu_backward(one, zero) == 0.01
        assert ours.leaky_relu_backward(one, zero, alpha=0.3) == 0.3

    def test_gelu_tanh_is_close_to_gelu(self):
        z = np.linspace(-8, 8, 10_001)
        assert 4e-4 < np.abs(ours.gelu_tanh(z) - ours.gelu(z)).max() < 5e-4

    def test_dead_units(self):
        A = np.array([[0.0, 0.0], [0.0, 1.0], [-0.0, 0.0], [1e-300, 0.0]])
        assert ours.dead_units(A).tolist() == [True, False, True, False]
        assert ours.dead_units(A).dtype == np.bool_


class TestLaws:
    @laws
    @given(moderate, st.floats(0.01, 100))
    def test_relu(self, z, c):
        same(ours.relu(z) - ours.relu(-z), z)
        same(ours.relu(c * z), c * ours.relu(z))
        np.testing.assert_array_equal(ours.relu(ours.relu(z)), ours.relu(z))

    @laws
    @given(moderate, st.floats(0.01, 4))
    def test_leaky_relu(self, z, alpha):
        same(ours.leaky_relu(z, alpha=alpha), ours.relu(z) - alpha * ours.relu(-z))
        same(ours.leaky_relu(ours.leaky_relu(z, alpha=alpha), alpha=1 / alpha), z)

    @laws
    @given(moderate)
    def test_sigmoid_and_tanh(self, z):
        same(ours.sigmoid(-z), 1 - ours.sigmoid(z))
        same(ours.tanh(z), 2 * ours.sigmoid(2 * z) - 1)
        same(ours.tanh(-z), -ours.tanh(z))
        assert (ours.sigmoid_backward(np.ones_like(z), z) <= 0.25).all()
        assert (ours.tanh_backward(np.ones_like(z), z) <= 1).all()

    @laws
    @given(moderate)
    def test_gelu(self, z):
        same(ours.gelu(z) - ours.gelu(-z), z)
        same(ours.gelu_tanh(z) - ours.gelu_tanh(-z), z)
        assert (ours.gelu(z) >= -0.17).all()
        assert (ours.gelu(z) <= ours.relu(z)).all()

    @laws
    @given(moderate)
    def test_monotone(self, z):
        z = np.sort(z.ravel())
        for name in ("sigmoid", "tanh", "relu", "leaky_relu"):
            assert (np.diff(getattr(ours, name)(z)) >= -1e-15).all()

    @laws
    @given(scores, shift)
    def test_softmax_is_a_distribution_and_ignores_a_shift(self, z, c):
        p = ours.softmax(z)
        assert ((p > 0) & (p < 1)).all()
        same(p.sum(axis=0), np.ones(z.shape[1]))
        # Rounding z + c moves a score by up to |c| eps, and with it the probability by the same share.
        same(ours.softmax(z + c), p, rtol=1e-11)
        same(np.log(p[0] / p[1]), z[0] - z[1], atol=1e-12)

    @laws
    @given(scores, st.randoms(use_true_random=False))
    def test_softmax_classes_and_examples_are_independent(self, z, random):
        order = random.sample(range(len(z)), len(z))
        same(ours.softmax(z[order]), ours.softmax(z)[order])
        edited = z.copy()
        edited[:, 0] += 1 + np.arange(len(z))
        np.testing.assert_array_equal(ours.softmax(edited)[:, 1:], ours.softmax(z)[:, 1:])

    @laws
    @given(scores)
    def test_softmax_limits(self, z):
        same(ours.softmax(0 * z), np.full_like(z, 1 / len(z)))
        z = z / 100 + np.arange(len(z))[:, None]  # the last row leads by at least 0.4
        one_hot = np.zeros_like(z)
        one_hot[-1] = 1
        same(ours.softmax(100 * z), one_hot)

    @laws
    @given(scores)
    def test_softmax_jacobian_is_symmetric_semidefinite_and_kills_constants(self, z):
        z = z[:, :1]
        K = len(z)
        J = np.hstack([ours.softmax_backward(column[:, None], z) for column in np.eye(K)])
        same(J, J.T)
        assert np.linalg.eigvalsh(J).min() > -1e-12
        same(ours.softmax_backward(np.ones((K, 1)), z), np.zeros((K, 1)))

    @pytest.mark.parametrize("name", BACKWARD)
    def test_backward_is_linear_in_the_gradient(self, name):
        backward, Z, u, v = getattr(ours, f"{name}_backward"), *(normal(4, 3, seed=s) for s in range(3))
        same(backward(2 * u - 3 * v, Z), 2 * backward(u, Z) - 3 * backward(v, Z))
        assert not backward(np.zeros((4, 3)), Z).any()


class TestDerivatives:
    """Every backward against a derivative that shares no code with it."""

    H = 1e-30
    Z = normal(4, 50, seed=3)
    dA = normal(4, 50, seed=4)

    @pytest.mark.parametrize(
        ("name", "analytic"),
        [
            ("sigmoid", lambda z: 1 / (1 + np.exp(-z))),
            ("tanh", np.tanh),
            ("relu", lambda z: z * (z.real > 0)),
            ("leaky_relu", lambda z: z * np.where(z.real > 0, 1, 0.01)),
        ],
    )
    def test_by_complex_step(self, name, analytic):
        slope = analytic(self.Z + 1j * self.H).imag / self.H
        same(getattr(ours, f"{name}_backward")(self.dA, self.Z), self.dA * slope)

    def test_gelu_by_complex_step(self):
        special = pytest.importorskip("scipy.special")
        slope = ((z := self.Z + 1j * self.H) * (1 + special.erf(z / math.sqrt(2))) / 2).imag / self.H
        same(ours.gelu_backward(self.dA, self.Z), self.dA * slope)

    def test_gelu_by_richardson(self):
        def slope(h):
            return (ours.gelu(self.Z + h) - ours.gelu(self.Z - h)) / (2 * h)

        same(ours.gelu_backward(self.dA, self.Z), self.dA * (4 * slope(5e-4) - slope(1e-3)) / 3, atol=1e-10)

    def test_softmax_by_complex_step(self):
        dZ = np.empty_like(self.Z)
        for k in range(len(self.Z)):
            e = np.exp(self.Z + 1j * self.H * (np.arange(4) == k)[:, None])
            dZ[k] = (self.dA * (e / e.sum(axis=0)).imag / self.H).sum(axis=0)
        same(ours.softmax_backward(self.dA, self.Z), dZ)

    def test_saturated_slopes_keep_their_digits(self):
        """1 - sigma(z) is 0 in float64 at z = 40, yet the slope is exp(-40)."""
        z, one = np.array([40.0, -40.0]), np.ones(2)
        np.testing.assert_allclose(ours.sigmoid_backward(one, z), math.exp(-40), rtol=1e-15)
        np.testing.assert_allclose(ours.tanh_backward(one, z), 4 * math.exp(-80), rtol=1e-15)


class TestTorch:
    """The PyTorch tree, and PyTorch itself."""

    Z = np.concatenate([normal(4, 40, seed=5), np.array([[0.0, 30, -30, 8]] * 4).T], axis=1)

    @pytest.fixture(autouse=True)
    def _torch(self):
        self.torch = pytest.importorskip("torch")
        from reference.with_torch import activations

        self.theirs = activations

    def test_same_names_and_signatures(self):
        assert ours.__all__ == self.theirs.__all__
        for name in ours.__all__:
            left, right = (inspect.signature(getattr(tree, name)).parameters.values() for tree in (ours, self.theirs))
            assert [(p.name, p.default) for p in left] == [(p.name, p.default) for p in right]

    @pytest.mark.parametrize("name", [*ENTRYWISE, "softmax"])
    def test_forward(self, name):
        agrees_with_torch(getattr(ours, name), getattr(self.theirs, name), self.Z)

    @pytest.mark.parametrize("name", BACKWARD)
    def test_backward_is_autograd(self, name):
        agrees_with_torch(
            getattr(ours, f"{name}_backward"), getattr(self.theirs, f"{name}_backward"), normal(*self.Z.shape), self.Z
        )

    def test_options_and_dead_units(self):
        for f in ("leaky_relu", "leaky_relu_backward"):
            arguments = [self.Z] * (2 if "backward" in f else 1)
            agrees_with_torch(getattr(ours, f), getattr(self.theirs, f), *arguments, alpha=1.7)
        agrees_with_torch(ours.dead_units, self.theirs.dead_units, np.maximum(self.Z, 0))

    def test_against_torch_nn(self):
        F, z = self.torch.nn.functional, self.torch.from_numpy(self.Z)
        same(ours.gelu(self.Z), F.gelu(z))
        same(ours.gelu_tanh(self.Z), F.gelu(z, approximate="tanh"))
        same(ours.leaky_relu(self.Z), F.leaky_relu(z))
        same(ours.softmax(self.Z), self.torch.nn.Softmax(dim=0)(z))

    @pytest.mark.parametrize("name", ENTRYWISE)
    def test_numbers_and_integers_become_float64(self, name):
        for z in (0.5, self.torch.tensor([1, -2])):
            assert getattr(self.theirs, name)(z).dtype == self.torch.float64

    def test_shapes_are_refused(self):
        torch = self.torch
        for name in BACKWARD:
            with pytest.raises(ValueError, match="dA: got shape"):
                getattr(self.theirs, f"{name}_backward")(torch.ones(3, 1), torch.ones(3, 2))
        for bad in (torch.ones(3), torch.ones(0, 2)):
            with pytest.raises(ValueError, match="z: got shape"):
                self.theirs.softmax(bad)
            with pytest.raises(ValueError, match="Z: got shape"):
                self.theirs.softmax_backward(bad, bad)
