"""Initialization: the distributions, judged at a false-alarm rate of 1e-9, and what they do to a deep network."""

import inspect
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reference.with_numpy import initialization as ours

torch = pytest.importorskip("torch")
theirs = pytest.importorskip("reference.with_torch.initialization")

LAW = settings(deadline=None, max_examples=30, derandomize=True)
ALPHA = 1e-9
RULES = ["initialize_xavier", "initialize_xavier_uniform", "initialize_glorot", "initialize_he"]
DIMS = st.lists(st.integers(1, 6), min_size=2, max_size=5)
SEEDS = st.integers(0, 2**32 - 1)


def generator(seed):
    return torch.Generator().manual_seed(seed)


def start(tree, name, dims, seed=0, scale=0.3):
    """The parameters of one initializer, as float64 arrays."""
    source = np.random.default_rng(seed) if tree is ours else generator(seed)
    arguments = [] if name == "initialize_zeros" else [source]
    if name == "initialize_random":
        arguments.insert(0, scale)
    return {key: np.asarray(value) for key, value in getattr(tree, name)(dims, *arguments).items()}


def variance_of(name, n_in, n_out, scale=0.3):
    return {
        "initialize_random": scale**2,
        "initialize_xavier": 1 / n_in,
        "initialize_xavier_uniform": 1 / n_in,
        "initialize_glorot": 2 / (n_in + n_out),
        "initialize_he": 2 / n_in,
    }[name]


def network(seed, dims, m=7):
    rng = np.random.default_rng(seed)
    parameters = ours.initialize_he(dims, rng)
    for name in parameters:
        if name.startswith("b"):
            parameters[name] = rng.normal(size=parameters[name].shape)
    return rng.normal(size=(dims[0], m)), parameters


class TestEveryRule:
    @pytest.mark.parametrize("tree", [ours, theirs], ids=["numpy", "torch"])
    @pytest.mark.parametrize("name", ["initialize_zeros", "initialize_random", *RULES])
    def test_keys_shapes_dtype_and_zero_biases(self, tree, name):
        dims = [5, 4, 3, 1]
        parameters = start(tree, name, dims)
        assert list(parameters) == ["W1", "b1", "W2", "b2", "W3", "b3"]
        for l in (1, 2, 3):
            assert parameters[f"W{l}"].shape == (dims[l], dims[l - 1])
            assert parameters[f"b{l}"].shape == (dims[l], 1)
            assert parameters[f"W{l}"].dtype == parameters[f"b{l}"].dtype == np.float64
            assert not parameters[f"b{l}"].any()
            assert parameters[f"W{l}"].any() == (name != "initialize_zeros")

    @pytest.mark.parametrize("name", ["initialize_random", *RULES])
    @LAW
    @given(dims=DIMS, seed=SEEDS)
    def test_the_generator_decides_everything(self, name, dims, seed):
        first, second = start(ours, name, dims, seed), start(ours, name, dims, seed)
        assert all(np.array_equal(first[key], second[key]) for key in first)
        rng = np.random.default_rng(seed)
        rule = getattr(ours, name)
        extra = (0.3,) if name == "initialize_random" else ()
        once, again = rule(dims, *extra, rng), rule(dims, *extra, rng)
        assert not np.array_equal(once["W1"], again["W1"])

    @LAW
    @given(dims=DIMS, seed=SEEDS, exponent=st.integers(-20, 20))
    def test_scale_is_linear(self, dims, seed, exponent):
        unit = start(ours, "initialize_random", dims, seed, scale=1.0)
        scaled = start(ours, "initialize_random", dims, seed, scale=2.0**exponent)
        assert all(np.array_equal(scaled[key], 2.0**exponent * unit[key]) for key in unit)

    @LAW
    @given(dims=DIMS, seed=SEEDS)
    def test_normal_rules_differ_only_by_their_scale(self, dims, seed):
        unit = start(ours, "initialize_random", dims, seed, scale=1.0)
        for name in ("initialize_xavier", "initialize_glorot", "initialize_he"):
            parameters = start(ours, name, dims, seed)
            for l in range(1, len(dims)):
                std = math.sqrt(variance_of(name, dims[l - 1], dims[l]))
                np.testing.assert_allclose(parameters[f"W{l}"], std * unit[f"W{l}"], rtol=1e-14, strict=True)

    @pytest.mark.parametrize("tree", [ours, theirs], ids=["numpy", "torch"])
    def test_global_randomness_is_not_touched(self, tree):
        before, torch_before = np.random.get_state()[1].copy(), torch.get_rng_state()  # noqa: NPY002
        for name in ("initialize_random", *RULES):
            start(tree, name, [3, 2])
        assert np.array_equal(before, np.random.get_state()[1])  # noqa: NPY002
        assert torch.equal(torch_before, torch.get_rng_state())

    @pytest.mark.parametrize("tree", [ours, theirs], ids=["numpy", "torch"])
    @pytest.mark.parametrize("dims", [[], [3], [3, 0], [3, -1, 2], [3, 2.5], [3, "2"], 3])
    def test_bad_layer_dims(self, tree, dims):
        for name in ("initialize_zeros", "initialize_random", *RULES):
            with pytest.raises(ValueError, match="layer_dims"):
                start(tree, name, dims)

    @pytest.mark.parametrize("tree", [ours, theirs], ids=["numpy", "torch"])
    @pytest.mark.parametrize("scale", [-1.0, math.nan, math.inf])
    def test_bad_scale(self, tree, scale):
        with pytest.raises(ValueError, match="scale"):
            start(tree, "initialize_random", [3, 2], scale=scale)


@pytest.mark.parametrize("tree", [ours, theirs], ids=["numpy", "torch"])
class TestDistribution:
    """300 inputs and 100 outputs, so that a swapped fan shows; 30 000 draws in each layer."""

    dims = (300, 100, 300)

    @pytest.mark.parametrize("name", ["initialize_random", "initialize_xavier", "initialize_glorot", "initialize_he"])
    def test_normal(self, tree, name):
        """DKW: sup |F_n - F| exceeds sqrt(ln(2 / alpha) / 2n) = 0.019 with probability at most alpha."""
        parameters = start(tree, name, self.dims, seed=1)
        for l in (1, 2):
            W = np.sort(parameters[f"W{l}"].ravel())
            std = math.sqrt(variance_of(name, self.dims[l - 1], self.dims[l]))
            cdf = np.array([0.5 * math.erfc(-w / (std * math.sqrt(2))) for w in W])
            assert sup_distance(cdf) <= math.sqrt(math.log(2 / ALPHA) / (2 * W.size))

    @pytest.mark.parametrize("name", ["initialize_random", "initialize_xavier", "initialize_glorot", "initialize_he"])
    def test_normal_variance(self, tree, name):
        """Laurent and Massart (2000): |chi2_n / n - 1| > 2 sqrt(x / n) + 2 x / n with probability at most 2 exp(-x)."""
        parameters = start(tree, name, self.dims, seed=2)
        x = math.log(2 / ALPHA)
        for l in (1, 2):
            W = parameters[f"W{l}"]
            ratio = np.mean(W**2) / variance_of(name, self.dims[l - 1], self.dims[l])
            assert abs(ratio - 1) <= 2 * math.sqrt(x / W.size) + 2 * x / W.size

    def test_uniform(self, tree):
        """Erratum 3: U(-a, a) has variance a^2 / 3, so the limit is sqrt(3 / n), where the source has sqrt(1 / n).

        The limit is hard; the distribution is judged by DKW, the variance by Hoeffding for n_in w^2 in [0, 3].
        """
        parameters = start(tree, "initialize_xavier_uniform", self.dims, seed=3)
        for l in (1, 2):
            W = np.sort(parameters[f"W{l}"].ravel())
            limit = math.sqrt(3 / self.dims[l - 1])
            bound = math.sqrt(math.log(2 / ALPHA) / (2 * W.size))
            assert np.abs(W).max() <= limit
            assert sup_distance((W + limit) / (2 * limit)) <= bound
            assert abs(np.mean(W**2) * self.dims[l - 1] - 1) <= 3 * bound

    def test_xavier_is_lecuns_rule_and_glorots_is_another(self, tree):
        """Erratum 3: N(0, 1 / n_in) is LeCun's; Glorot and Bengio's variance is 2 / (n_in + n_out)."""
        for dims in ([300, 100], [100, 300]):
            lecun = np.mean(start(tree, "initialize_xavier", dims, seed=4)["W1"] ** 2)
            glorot = np.mean(start(tree, "initialize_glorot", dims, seed=4)["W1"] ** 2)
            assert glorot / lecun == pytest.approx(2 * dims[0] / sum(dims), rel=1e-12)


def sup_distance(cdf):
    """The distance of Kolmogorov and Smirnov between the sorted sample's steps and its distribution function."""
    n = len(cdf)
    return max(np.max(np.arange(1, n + 1) / n - cdf), np.max(cdf - np.arange(n) / n))


class TestActivationStd:
    @pytest.mark.parametrize("activation", ["sigmoid", "tanh", "relu"])
    @LAW
    @given(dims=DIMS, seed=SEEDS)
    def test_numpy_and_torch_agree(self, activation, dims, seed):
        X, parameters = network(seed, dims)
        expected = theirs.activation_std(
            torch.from_numpy(X), {k: torch.from_numpy(v) for k, v in parameters.items()}, activation
        )
        actual = ours.activation_std(X, parameters, activation)
        assert actual.shape == (len(dims) - 1,)
        np.testing.assert_allclose(actual, expected.numpy(), rtol=1e-12, atol=1e-14, strict=True)

    def test_by_hand(self):
        X = np.array([[1.0, -2.0, 3.0]])
        parameters = {
            "W1": np.array([[2.0]]),
            "b1": np.array([[0.0]]),
            "W2": np.array([[1.0]]),
            "b2": np.array([[-2.0]]),
        }
        first, second = np.array([2.0, 0.0, 6.0]), np.array([0.0, 0.0, 4.0])
        np.testing.assert_allclose(ours.activation_std(X, parameters, "relu"), [first.std(), second.std()], rtol=1e-15)

    @LAW
    @given(dims=DIMS, seed=SEEDS, exponent=st.integers(-30, 30))
    def test_relu_without_biases_is_homogeneous(self, dims, seed, exponent):
        X, parameters = network(seed, dims)
        parameters = {k: v * 0 if k.startswith("b") else v for k, v in parameters.items()}
        scaled = ours.activation_std(2.0**exponent * X, parameters, "relu")
        assert np.array_equal(scaled, 2.0**exponent * ours.activation_std(X, parameters, "relu"))

    @LAW
    @given(dims=DIMS, seed=SEEDS, activation=st.sampled_from(["sigmoid", "tanh", "relu"]))
    def test_order_and_repetition_of_examples_do_not_matter(self, dims, seed, activation):
        X, parameters = network(seed, dims)
        expected = ours.activation_std(X, parameters, activation)
        for other in (X[:, ::-1], np.hstack([X, X])):
            np.testing.assert_allclose(
                ours.activation_std(other, parameters, activation), expected, rtol=1e-12, atol=1e-14
            )

    def test_zero_start_has_no_spread(self):
        parameters = ours.initialize_zeros([3, 4, 2])
        for activation in ("sigmoid", "tanh", "relu"):
            assert np.array_equal(ours.activation_std(np.ones((3, 5)), parameters, activation), [0, 0])

    def test_what_the_scale_does_to_twenty_layers(self):
        """He keeps ReLU alive, half the variance loses it, tiny weights vanish, weights N(0, 1) saturate tanh."""
        dims = [256] * 21
        X = np.random.default_rng(0).normal(size=(256, 100))

        def last(rule, activation):
            return ours.activation_std(X, rule(np.random.default_rng(5)), activation)[-1]

        assert 0.2 < last(lambda rng: ours.initialize_he(dims, rng), "relu") < 2
        assert last(lambda rng: ours.initialize_xavier(dims, rng), "relu") < 3e-3
        assert 0.05 < last(lambda rng: ours.initialize_xavier(dims, rng), "tanh") < 1
        assert last(lambda rng: ours.initialize_random(dims, 0.01, rng), "tanh") < 1e-14
        assert last(lambda rng: ours.initialize_random(dims, 1.0, rng), "tanh") > 0.9

    @pytest.mark.parametrize("tree", [ours, theirs], ids=["numpy", "torch"])
    def test_contract(self, tree):
        X, parameters = network(0, [3, 4, 2])
        send = np.copy if tree is ours else torch.tensor
        sent, sent_parameters = send(X), {k: send(v) for k, v in parameters.items()}
        wide = np.asarray(tree.activation_std(sent, sent_parameters, "relu"))
        assert wide.dtype == np.float64
        assert np.array_equal(np.asarray(sent), X)
        assert all(np.array_equal(np.asarray(sent_parameters[k]), v) for k, v in parameters.items())
        single = {k: send(v.astype(np.float32)) for k, v in parameters.items()}
        narrow = np.asarray(tree.activation_std(send(X.astype(np.float32)), single, "relu"))
        assert narrow.dtype == np.float32
        np.testing.assert_allclose(narrow, wide, rtol=1e-5)
        assert np.asarray(tree.activation_std(send(np.ones((3, 2), int)), sent_parameters, "tanh")).dtype == np.float64

    @pytest.mark.parametrize("tree", [ours, theirs], ids=["numpy", "torch"])
    def test_bad_input(self, tree):
        X, parameters = network(0, [3, 4, 2])
        if tree is theirs:
            X, parameters = torch.from_numpy(X), {k: torch.from_numpy(v) for k, v in parameters.items()}
        with pytest.raises(ValueError, match="activation: got 'gelu'"):
            tree.activation_std(X, parameters, "gelu")
        with pytest.raises(ValueError, match=r"X: got shape \(2, 7\); needed \(3, m\)"):
            tree.activation_std(X[:2], parameters, "relu")
        with pytest.raises(ValueError, match=r"W2.*needed \(n2, 4\)"):
            tree.activation_std(X, {**parameters, "W2": parameters["W2"].T}, "relu")
        with pytest.raises(ValueError, match=r"b1.*needed \(4, 1\)"):
            tree.activation_std(X, {**parameters, "b1": parameters["b1"].T}, "relu")
        with pytest.raises(ValueError, match="parameters"):
            tree.hidden_units_identical({k: v for k, v in parameters.items() if k != "b1"})
        with pytest.raises(ValueError, match="parameters"):
            tree.hidden_units_identical({})


@pytest.mark.parametrize("tree", [ours, theirs], ids=["numpy", "torch"])
class TestHiddenUnitsIdentical:
    def ask(self, tree, parameters):
        if tree is theirs:
            parameters = {k: torch.from_numpy(np.array(v)) for k, v in parameters.items()}
        answer = tree.hidden_units_identical(parameters)
        assert type(answer) is bool
        return answer

    @pytest.mark.parametrize("name", ["initialize_random", *RULES])
    def test_zeros_are_and_random_ones_are_not(self, tree, name):
        assert self.ask(tree, ours.initialize_zeros([3, 4, 1]))
        assert not self.ask(tree, start(ours, name, [3, 4, 5, 1]))

    def test_bias_weight_and_one_layer_decide(self, tree):
        base = start(ours, "initialize_he", [3, 4, 5, 2])
        second = {**base, "W2": np.tile(base["W2"][:1], (5, 1)), "b2": np.full((5, 1), 0.3)}
        assert self.ask(tree, second)
        assert not self.ask(tree, {**second, "b2": np.array([[0.3], [0.3], [0.3], [0.3], [0.4]])})
        almost = second["W2"].copy()
        almost[4, 3] += 1e-12
        assert not self.ask(tree, {**second, "W2": almost})
        equal_columns = np.tile(base["W2"][:, :1], (1, 4))
        assert not self.ask(tree, {**base, "W2": equal_columns})

    def test_the_output_layer_does_not_count(self, tree):
        base = start(ours, "initialize_he", [3, 4, 2])
        assert not self.ask(tree, {**base, "W2": np.ones((2, 4)), "b2": np.zeros((2, 1))})
        assert not self.ask(tree, ours.initialize_zeros([3, 2]))

    def test_one_unit_is_its_own_copy(self, tree):
        assert self.ask(tree, start(ours, "initialize_he", [3, 1, 2]))

    @LAW
    @given(dims=st.lists(st.integers(2, 5), min_size=3, max_size=5), seed=SEEDS, copies=st.booleans())
    def test_order_of_units_does_not_matter(self, tree, dims, seed, copies):
        rng = np.random.default_rng(seed)
        parameters = start(ours, "initialize_he", dims, seed)
        if copies:
            parameters["W1"][:] = parameters["W1"][0]
        order = rng.permutation(dims[1])
        shuffled = {**parameters, "W1": parameters["W1"][order], "W2": parameters["W2"][:, order]}
        assert self.ask(tree, shuffled) == self.ask(tree, parameters) == copies

    def test_gradient_descent_never_parts_identical_units(self, tree):
        """From equal units, ten steps of autograd leave equal units: why the zero start cannot learn."""
        parameters = {k: torch.full_like(torch.from_numpy(v), 0.5) for k, v in ours.initialize_zeros([3, 4, 1]).items()}
        X, Y = torch.randn(3, 8, generator=generator(0), dtype=torch.float64), torch.arange(8.0) % 2
        for _ in range(10):
            leaves = {k: v.clone().requires_grad_() for k, v in parameters.items()}
            hidden = torch.tanh(leaves["W1"] @ X + leaves["b1"])
            loss = ((leaves["W2"] @ hidden + leaves["b2"] - Y) ** 2).mean()
            loss.backward()
            parameters = {k: (v - 0.1 * v.grad).detach() for k, v in leaves.items()}
        assert self.ask(tree, {k: v.numpy() for k, v in parameters.items()})


def test_both_trees_offer_the_same():
    assert ours.__all__ == theirs.__all__
    for name in ours.__all__:
        mine, other = (inspect.signature(getattr(tree, name)).parameters.values() for tree in (ours, theirs))
        assert [("generator" if p.name == "rng" else p.name, p.default) for p in mine] == [
            (p.name, p.default) for p in other
        ]
