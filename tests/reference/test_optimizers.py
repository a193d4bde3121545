"""Optimizers: fifty steps beside torch.optim, the laws of every step, and copies instead of changes in place."""

import inspect

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reference.with_numpy import optimizers as ours

torch = pytest.importorskip("torch")
theirs = pytest.importorskip("reference.with_torch.optimizers")

LAW = settings(deadline=None, max_examples=30, derandomize=True)
SEEDS = st.integers(0, 2**32 - 1)
RATES = st.floats(1e-4, 1.0)
BETAS = st.floats(0.0, 0.999)
SHAPES = {"W1": (4, 3), "b1": (4, 1), "W2": (2, 4), "b2": (2, 1)}
TREES = pytest.mark.parametrize("tree", [ours, theirs], ids=["numpy", "torch"])


def tables(seed, count, shapes=SHAPES):
    """Parameters, then `count` dicts keyed like gradients, the first signed and the others positive."""
    rng = np.random.default_rng(seed)
    parameters = {name: rng.normal(size=shape) for name, shape in shapes.items()}
    gradients = [{f"d{name}": rng.normal(size=shape) for name, shape in shapes.items()} for _ in range(count)]
    return parameters, *gradients[:1], *({k: np.abs(g) for k, g in table.items()} for table in gradients[1:])


def zeros(parameters):
    return {f"d{name}": p * 0 for name, p in parameters.items()}


def slope(parameters):
    """The gradients of a bumpy bowl, sum of p^2 / 2 + 0.6 cos(3 p)."""
    arrays = {name: np.asarray(p) for name, p in parameters.items()}
    return {f"d{name}": p - 1.8 * np.sin(3 * p) for name, p in arrays.items()}


def cast(tree, table, dtype=np.float64):
    return {k: v.astype(dtype) if tree is ours else torch.from_numpy(v.astype(dtype)) for k, v in table.items()}


def assert_tables(actual, expected, rtol=1e-12, atol=0.0):
    assert set(actual) == set(expected)
    for key in expected:
        np.testing.assert_allclose(actual[key], expected[key], rtol=rtol, atol=atol, strict=True)


def walk(tree, rule, steps, memories, counts_steps=False, **options):
    """Run one optimizer down the bumpy bowl and return the parameters after every step."""
    parameters, _ = tables(7, 1)
    parameters = cast(tree, parameters)
    memory = [zeros(parameters) for _ in range(memories)]
    path = []
    for t in range(1, steps + 1):
        gradients = cast(tree, slope(parameters))
        result = rule(parameters, gradients, *memory, *([t] if counts_steps else []), **options)
        parameters, *memory = result if memories else (result,)
        path.append({k: np.array(v.tolist()) for k, v in parameters.items()})
    return path


def torch_walk(optimizer, steps, by_layer=None, **options):
    """The same path by torch.optim, with `by_layer(name)` as the options of one parameter."""
    parameters, _ = tables(7, 1)
    leaves = {name: torch.from_numpy(p.copy()).requires_grad_() for name, p in parameters.items()}
    groups = [{"params": [leaf], **(by_layer(name) if by_layer else {})} for name, leaf in leaves.items()]
    machine = optimizer(groups, **options)
    path = []
    for _ in range(steps):
        for name, gradient in slope({k: v.detach() for k, v in leaves.items()}).items():
            leaves[name[1:]].grad = torch.as_tensor(gradient)
        machine.step()
        path.append({k: np.array(v.tolist()) for k, v in leaves.items()})
    return path


@TREES
class TestBesideTorchOptim:
    """Fifty steps in float64 on a nonconvex function; the error allowed is 1e-10 of a parameter, 1e-12 absolute."""

    def compare(self, path, expected):
        assert len(path) == len(expected) == 50
        for mine, other in zip(path, expected, strict=True):
            assert_tables(mine, other, rtol=1e-10, atol=1e-12)

    def test_gradient_descent(self, tree):
        self.compare(
            walk(tree, tree.gradient_descent, 50, 0, learning_rate=0.05), torch_walk(torch.optim.SGD, 50, lr=0.05)
        )

    @pytest.mark.parametrize("beta", [0.0, 0.5, 0.9])
    def test_momentum_is_pytorchs_with_a_smaller_learning_rate(self, tree, beta):
        """v here is (1 - beta) times PyTorch's buffer, so PyTorch needs (1 - beta) times the learning rate."""
        path = walk(tree, tree.gradient_descent_with_momentum, 50, 1, learning_rate=0.05, beta=beta)
        self.compare(path, torch_walk(torch.optim.SGD, 50, lr=0.05 * (1 - beta), momentum=beta))

    def test_dampening_is_not_the_same_momentum(self, tree):
        """PyTorch's dampening = beta looks like the average, but its first step is undamped."""
        path = walk(tree, tree.gradient_descent_with_momentum, 1, 1, learning_rate=0.05)
        damped = torch_walk(torch.optim.SGD, 1, lr=0.05, momentum=0.9, dampening=0.9)
        assert np.abs(path[0]["W1"] - damped[0]["W1"]).max() > 1e-2

    @pytest.mark.parametrize("options", [{}, {"beta": 0.9, "epsilon": 1e-2}])
    def test_rmsprop(self, tree, options):
        path = walk(tree, tree.rmsprop, 50, 1, learning_rate=0.01, **options)
        expected = torch_walk(
            torch.optim.RMSprop, 50, lr=0.01, alpha=options.get("beta", 0.999), eps=options.get("epsilon", 1e-8)
        )
        self.compare(path, expected)

    @pytest.mark.parametrize("options", [{}, {"beta1": 0.7, "beta2": 0.9, "epsilon": 1e-2}])
    def test_adam(self, tree, options):
        path = walk(tree, tree.adam, 50, 2, counts_steps=True, **options)
        betas = options.get("beta1", 0.9), options.get("beta2", 0.999)
        self.compare(path, torch_walk(torch.optim.Adam, 50, betas=betas, eps=options.get("epsilon", 1e-8)))

    def test_adamw(self, tree):
        path = walk(tree, tree.adamw, 50, 2, counts_steps=True, learning_rate=0.02, weight_decay=0.3)
        only_weights = lambda name: {"weight_decay": 0.3 if name.startswith("W") else 0.0}  # noqa: E731
        self.compare(path, torch_walk(torch.optim.AdamW, 50, by_layer=only_weights, lr=0.02))

    def test_adamw_defaults(self, tree):
        path = walk(tree, tree.adamw, 50, 2, counts_steps=True)
        decay = torch.optim.AdamW([torch.zeros(1)]).defaults["weight_decay"]
        only_weights = lambda name: {"weight_decay": decay if name.startswith("W") else 0.0}  # noqa: E731
        self.compare(path, torch_walk(torch.optim.AdamW, 50, by_layer=only_weights))


class TestBothTreesAgree:
    @LAW
    @given(seed=SEEDS, rate=RATES, beta1=BETAS, beta2=BETAS, t=st.integers(1, 1000), epsilon=st.floats(1e-8, 1.0))
    def test_one_step_from_anywhere(self, seed, rate, beta1, beta2, t, epsilon):
        p, g, v, s = tables(seed, 3)
        tp, tg, tv, ts = (cast(theirs, table) for table in (p, g, v, s))
        pairs = [
            ((ours.gradient_descent(p, g, rate),), (theirs.gradient_descent(tp, tg, rate),)),
            (
                ours.gradient_descent_with_momentum(p, g, v, rate, beta1),
                theirs.gradient_descent_with_momentum(tp, tg, tv, rate, beta1),
            ),
            (ours.rmsprop(p, g, s, rate, beta2, epsilon), theirs.rmsprop(tp, tg, ts, rate, beta2, epsilon)),
            (
                ours.adam(p, g, v, s, t, rate, beta1, beta2, epsilon),
                theirs.adam(tp, tg, tv, ts, t, rate, beta1, beta2, epsilon),
            ),
            (
                ours.adamw(p, g, v, s, t, rate, beta1, beta2, epsilon, 0.1),
                theirs.adamw(tp, tg, tv, ts, t, rate, beta1, beta2, epsilon, 0.1),
            ),
        ]
        for mine, other in pairs:
            for actual, expected in zip(mine, other, strict=True):
                assert_tables(actual, {k: np.array(e.tolist()) for k, e in expected.items()}, atol=1e-14)

    @LAW
    @given(
        values=st.lists(st.floats(-1e3, 1e3), max_size=30),
        beta=BETAS,
        correct=st.booleans(),
        dtype=st.sampled_from("fd"),
    )
    def test_ewma(self, values, beta, correct, dtype):
        values = np.array(values, dtype)
        actual = ours.ewma(values, beta, bias_correction=correct)
        expected = theirs.ewma(torch.from_numpy(values), beta, bias_correction=correct).numpy()
        # The correction divides by 1 - beta^t, which loses the digits that beta shares with 1: up to three.
        scale = np.abs(values).max(initial=0.0)
        tolerance = 1e-12 if dtype == "d" else 1e-3
        np.testing.assert_allclose(actual, expected, rtol=tolerance, atol=tolerance * scale, strict=True)

    def test_names_and_signatures(self):
        assert ours.__all__ == theirs.__all__
        for name in ours.__all__:
            mine, other = (inspect.signature(getattr(tree, name)).parameters.values() for tree in (ours, theirs))
            mine = [("generator" if p.name == "rng" else p.name, p.default) for p in mine]
            assert mine == [(p.name, p.default) for p in other]


class TestMiniBatches:
    @TREES
    @pytest.mark.parametrize(("m", "size"), [(1, 1), (7, 3), (8, 4), (5, 8), (9, 1)])
    def test_a_partition_in_step(self, tree, m, size):
        """Every example is in exactly one batch, with its own label; only the last batch is smaller."""
        X, Y = np.arange(3.0 * m).reshape(3, m), np.arange(2.0 * m).reshape(2, m) + 0.5
        X[:, 0] = -1
        source = np.random.default_rng(3) if tree is ours else torch.Generator().manual_seed(3)
        send = np.copy if tree is ours else torch.tensor
        sent_X, sent_Y = send(X), send(Y)
        batches = tree.random_mini_batches(sent_X, sent_Y, size, source)
        assert isinstance(batches, list)
        assert all(isinstance(batch, tuple) for batch in batches)
        sizes = [batch.shape[1] for batch, _ in batches]
        assert sizes == [size] * (m // size) + ([m % size] if m % size else [])
        columns = np.vstack(
            [np.hstack([np.asarray(x) for x, _ in batches]), np.hstack([np.asarray(y) for _, y in batches])]
        )
        assert sorted(columns.T.tolist()) == sorted(np.vstack([X, Y]).T.tolist())
        assert np.array_equal(np.asarray(sent_X), X)
        assert np.array_equal(np.asarray(sent_Y), Y)
        for x, y in batches:
            assert not np.shares_memory(np.asarray(x), np.asarray(sent_X))
            assert not np.shares_memory(np.asarray(y), np.asarray(sent_Y))

    @LAW
    @given(m=st.integers(1, 40), size=st.integers(1, 50), seed=SEEDS)
    def test_the_generator_decides_and_the_size_only_cuts(self, m, size, seed):
        X = np.arange(m)[None]
        first, again, whole = (ours.random_mini_batches(X, X, n, np.random.default_rng(seed)) for n in (size, size, m))
        for (x, y), (x_again, _) in zip(first, again, strict=True):
            assert np.array_equal(x, y)
            assert np.array_equal(x, x_again)
        assert np.array_equal(np.hstack([x for x, _ in first]), whole[0][0])

    @TREES
    def test_every_epoch_is_another_order(self, tree):
        source = np.random.default_rng(0) if tree is ours else torch.Generator().manual_seed(0)
        X = np.arange(64.0)[None] if tree is ours else torch.arange(64.0)[None]
        epochs = [tree.random_mini_batches(X, X, 64, source)[0][0] for _ in range(2)]
        assert not np.array_equal(*map(np.asarray, epochs))

    def test_order_is_uniform(self):
        """All 6 orders of 3 examples, 3000 draws: Hoeffding and a union bound give 0.062 at a rate of 1e-9."""
        rng, X = np.random.default_rng(11), np.arange(3)[None]
        orders = [tuple(ours.random_mini_batches(X, X, 3, rng)[0][0][0].tolist()) for _ in range(3000)]
        bound = np.sqrt(np.log(2 * 6 / 1e-9) / (2 * len(orders)))
        counts = {order: orders.count(order) for order in set(orders)}
        assert len(counts) == 6
        assert max(abs(count / len(orders) - 1 / 6) for count in counts.values()) <= bound

    def test_types_are_kept(self):
        X, Y = np.ones((2, 3), np.float32), np.ones((1, 3), bool)
        (x, y), = ours.random_mini_batches(X, Y, 3, np.random.default_rng(0))  # fmt: skip
        assert (x.dtype, y.dtype) == (np.float32, np.bool_)

    @TREES
    def test_bad_input(self, tree):
        X = np.ones((2, 3)) if tree is ours else torch.ones(2, 3)
        source = np.random.default_rng(3) if tree is ours else torch.Generator().manual_seed(3)
        for size in (0, -1, 2.0):
            with pytest.raises(ValueError, match="batch_size"):
                tree.random_mini_batches(X, X, size, source)
        with pytest.raises(ValueError, match=r"Y: got shape \(2, 2\); needed \(K, 3\)"):
            tree.random_mini_batches(X, X[:, :2], 2, source)
        with pytest.raises(ValueError, match="Y"):
            tree.random_mini_batches(X, X[0], 2, source)
        with pytest.raises(ValueError, match="X"):
            tree.random_mini_batches(X[0], X, 2, source)


class TestEwma:
    def test_by_hand(self):
        np.testing.assert_allclose(ours.ewma([4, 8], 0.75), [1.0, 2.75], rtol=1e-15)
        np.testing.assert_allclose(ours.ewma([4, 8], 0.75, bias_correction=True), [4.0, 2.75 / 0.4375], rtol=1e-15)

    @LAW
    @given(value=st.floats(-100, 100), beta=BETAS, T=st.integers(1, 40))
    def test_a_constant(self, value, beta, T):
        """Uncorrected, a constant c is reached as c (1 - beta^t); corrected, it is c from the first value on."""
        values = np.full(T, value)
        raw, corrected = ours.ewma(values, beta), ours.ewma(values, beta, bias_correction=True)
        t = np.arange(1, T + 1)
        np.testing.assert_allclose(raw, value * (1 - beta**t), rtol=1e-12, atol=1e-300)
        np.testing.assert_allclose(corrected, values, rtol=1e-12, atol=1e-300)

    @LAW
    @given(values=st.lists(st.floats(-10, 10), min_size=1, max_size=20), beta=BETAS)
    def test_closed_form(self, values, beta):
        """v_t = (1 - beta) sum_k beta^(t-k) values_k; the corrected one is a mean, so it stays in range."""
        T = len(values)
        weights = np.array([[(1 - beta) * beta ** (t - k) if k <= t else 0.0 for k in range(T)] for t in range(T)])
        np.testing.assert_allclose(ours.ewma(values, beta), weights @ values, rtol=1e-11, atol=1e-12)
        corrected = ours.ewma(values, beta, bias_correction=True)
        assert np.all(corrected >= min(values) - 1e-9)
        assert np.all(corrected <= max(values) + 1e-9)

    def test_beta_zero_is_the_identity(self):
        values = np.array([3.0, -1.0, 2.0])
        for corrected in (False, True):
            result = ours.ewma(values, 0, bias_correction=corrected)
            assert np.array_equal(result, values)
            assert not np.shares_memory(result, values)

    @TREES
    def test_types_and_bad_input(self, tree):
        single = np.ones(3, np.float32) if tree is ours else torch.ones(3)
        assert str(tree.ewma(single, np.float64(0.5), bias_correction=True).dtype).endswith("float32")
        assert str(tree.ewma([1, 2], np.array(0.5)).dtype).endswith("float64")
        for beta in (-0.1, 1.0, float("nan")):
            with pytest.raises(ValueError, match="beta"):
                tree.ewma(single, beta)
        with pytest.raises(ValueError, match="values"):
            tree.ewma(single[None], 0.5)


class TestLaws:
    @LAW
    @given(seed=SEEDS, rate=RATES)
    def test_momentum_without_memory_is_gradient_descent(self, seed, rate):
        p, g, v = tables(seed, 2)
        stepped, velocity = ours.gradient_descent_with_momentum(p, g, v, rate, beta=0)
        assert_tables(stepped, ours.gradient_descent(p, g, rate))
        assert_tables(velocity, g)

    @LAW
    @given(seed=SEEDS, beta=BETAS, steps=st.integers(1, 20))
    def test_momentum_under_a_constant_gradient(self, seed, beta, steps):
        """From rest, v_t = (1 - beta^t) g; without a gradient, v decays by beta."""
        p, g = tables(seed, 1)
        v = zeros(p)
        for _ in range(steps):
            p, v = ours.gradient_descent_with_momentum(p, g, v, 0.1, beta)
        assert_tables(v, {k: (1 - beta**steps) * gradient for k, gradient in g.items()}, atol=1e-15)
        _, v_next = ours.gradient_descent_with_momentum(p, zeros(p), v, 0.1, beta)
        assert_tables(v_next, {k: beta * velocity for k, velocity in v.items()})

    @LAW
    @given(seed=SEEDS, rate=st.sampled_from([2.0**-k for k in range(12)]))
    def test_every_step_is_linear_in_the_learning_rate(self, seed, rate):
        p, g, v, s = tables(seed, 3)
        p = zeros_like = {k: np.zeros_like(x) for k, x in p.items()}
        for step in (
            lambda lr: ours.gradient_descent(p, g, lr),
            lambda lr: ours.gradient_descent_with_momentum(p, g, v, lr)[0],
            lambda lr: ours.rmsprop(p, g, s, lr)[0],
            lambda lr: ours.adam(p, g, v, s, 3, lr)[0],
        ):
            assert_tables(step(rate), {k: rate * x for k, x in step(1.0).items()}, rtol=1e-15)
            assert_tables(step(0), zeros_like)

    def test_quadratic_in_closed_form(self):
        """On (a / 2) p^2 gradient descent gives p_t = (1 - lr a)^t p_0."""
        p = {"W1": np.array([[3.0]])}
        for _ in range(30):
            p = ours.gradient_descent(p, {"dW1": 4.0 * p["W1"]}, 0.05)
        np.testing.assert_allclose(p["W1"], [[3.0 * 0.8**30]], rtol=1e-13)

    @LAW
    @given(seed=SEEDS, rate=RATES, beta1=BETAS, beta2=BETAS, steps=st.integers(1, 8))
    def test_adam_steps_by_the_learning_rate_under_a_constant_gradient(self, seed, rate, beta1, beta2, steps):
        """With epsilon 0 the first step, and every later one while the gradient stays, is lr times its sign."""
        p, g = tables(seed, 1)
        v = s = zeros(p)
        for t in range(1, steps + 1):
            before = p
            p, v, s = ours.adam(p, g, v, s, t, rate, beta1, beta2, epsilon=0)
            expected = {k: before[k] - rate * np.sign(g[f"d{k}"]) for k in p}
            assert_tables(p, expected, rtol=1e-11, atol=1e-11)

    @LAW
    @given(seed=SEEDS, exponent=st.integers(-30, 30))
    def test_adaptive_steps_ignore_the_scale_of_the_gradients(self, seed, exponent):
        p, g = tables(seed, 1)
        scaled = {k: 2.0**exponent * x for k, x in g.items()}
        assert_tables(
            ours.rmsprop(p, scaled, zeros(p), 0.1, epsilon=0)[0], ours.rmsprop(p, g, zeros(p), 0.1, epsilon=0)[0]
        )
        adam = [ours.adam(p, x, zeros(p), zeros(p), 1, epsilon=0)[0] for x in (scaled, g)]
        assert_tables(*adam)

    @LAW
    @given(seed=SEEDS, t=st.integers(1, 100))
    def test_sign_equivariance(self, seed, t):
        p, g, v, s = tables(seed, 3)
        flip = lambda table: {k: -x for k, x in table.items()}  # noqa: E731
        for step in (
            lambda p, g, v: ours.gradient_descent_with_momentum(p, g, v, 0.1),
            lambda p, g, v: ours.adam(p, g, v, s, t),
            lambda p, g, v: ours.adamw(p, g, v, s, t),
        ):
            there, back = step(p, g, v), step(flip(p), flip(g), flip(v))
            assert_tables(back[0], flip(there[0]))
            assert_tables(back[1], flip(there[1]))
        assert_tables(ours.rmsprop(flip(p), flip(g), s, 0.1)[0], flip(ours.rmsprop(p, g, s, 0.1)[0]))

    @pytest.mark.parametrize("gradient", [1e-8, 3e-7])
    def test_epsilon_is_outside_the_root_and_after_the_correction(self, gradient):
        p, g = {"W1": np.zeros((1, 1))}, {"dW1": np.full((1, 1), gradient)}
        first = ours.adam(p, g, zeros(p), zeros(p), 1, 1.0)[0]["W1"].item()
        assert first == pytest.approx(-gradient / (gradient + 1e-8), rel=1e-12)
        first = ours.rmsprop(p, g, zeros(p), 1.0)[0]["W1"].item()
        assert first == pytest.approx(-gradient / (np.sqrt(1e-3) * gradient + 1e-8), rel=1e-12)

    @LAW
    @given(seed=SEEDS)
    def test_parameters_do_not_meet(self, seed):
        """Stepping two parameters together or each alone is the same, bit for bit."""
        p, g, v, s = tables(seed, 3)
        together = ours.adamw(p, g, v, s, 2)
        for name in p:
            key = f"d{name}"
            alone = ours.adamw({name: p[name]}, {key: g[key]}, {key: v[key]}, {key: s[key]}, 2)
            assert np.array_equal(alone[0][name], together[0][name])
            assert np.array_equal(alone[1][key], together[1][key])
            assert np.array_equal(alone[2][key], together[2][key])

    @LAW
    @given(seed=SEEDS, rate=RATES, decay=st.floats(0, 0.9), steps=st.integers(1, 10))
    def test_decay_without_a_gradient_is_geometric_and_spares_the_biases(self, seed, rate, decay, steps):
        start, _ = tables(seed, 1)
        p, v, s = start, zeros(start), zeros(start)
        for t in range(1, steps + 1):
            p, v, s = ours.adamw(p, zeros(start), v, s, t, rate, weight_decay=decay)
        factor = (1 - rate * decay) ** steps
        assert_tables(p, {k: x * factor if k.startswith("W") else x for k, x in start.items()}, rtol=1e-12)

    @LAW
    @given(seed=SEEDS, t=st.integers(1, 50))
    def test_without_decay_adamw_is_adam(self, seed, t):
        p, g, v, s = tables(seed, 3)
        for mine, other in zip(ours.adamw(p, g, v, s, t, weight_decay=0), ours.adam(p, g, v, s, t), strict=True):
            assert all(np.array_equal(mine[k], other[k]) for k in other)

    def test_decay_is_not_l2_for_adam(self):
        """Erratum 7: weight decay equals an L2 penalty for gradient descent only; that is why AdamW exists.

        With one and the same penalty, gradient descent agrees to rounding, and Adam's first step ignores its size.
        """
        p, g = tables(0, 1)
        decay, rate = 0.5, 0.1
        penalized = {k: x + decay * p[k[1:]] if k.startswith("dW") else x for k, x in g.items()}
        shrunk = {k: (1 - rate * decay) * x if k.startswith("W") else x for k, x in p.items()}
        assert_tables(ours.gradient_descent(p, penalized, rate), ours.gradient_descent(shrunk, g, rate), atol=1e-15)
        l2 = ours.adam(p, penalized, zeros(p), zeros(p), 1, rate)[0]
        decoupled = ours.adamw(p, g, zeros(p), zeros(p), 1, rate, weight_decay=decay)[0]
        assert np.abs(l2["W1"] - decoupled["W1"]).max() > 1e-2


@TREES
class TestContract:
    STEPS = (
        ("gradient_descent", 0, ()),
        ("gradient_descent_with_momentum", 1, ()),
        ("rmsprop", 1, ()),
        ("adam", 2, (3,)),
        ("adamw", 2, (3,)),
    )

    def call(self, tree, name, memories, rest, send, **changes):
        p, g, v, s = (send(table) for table in tables(5, 3))
        arguments = [changes.get("parameters", p), changes.get("gradients", g), *([v, s][:memories]), *rest]
        if name not in ("adam", "adamw"):
            arguments.append(changes.get("learning_rate", 0.1))
        result = getattr(tree, name)(*arguments)
        return arguments, result if memories else (result,)

    @pytest.mark.parametrize(("name", "memories", "rest"), STEPS)
    def test_new_dicts_of_new_arrays(self, tree, name, memories, rest):
        """Erratum 4: the source updates its parameters in place. Here nothing that goes in changes or comes out."""
        arguments, result = self.call(tree, name, memories, rest, lambda table: cast(tree, table))
        for given_table, original in zip(arguments[: 2 + memories], tables(5, 3), strict=False):
            assert_tables({k: np.asarray(x) for k, x in given_table.items()}, original, rtol=0)
        inputs = [np.asarray(x) for table in arguments[: 2 + memories] for x in table.values()]
        for table in result:
            assert not any(table is argument for argument in arguments)
            for x in table.values():
                assert not any(np.shares_memory(np.asarray(x), y) for y in inputs)

    @pytest.mark.parametrize(("name", "memories", "rest"), STEPS)
    def test_any_number_of_layers(self, tree, name, memories, rest):
        """Erratum 4: the source reads a global L. Here the parameters say how many layers there are."""
        p, g, v, s = tables(5, 3)
        one = [{k: x for k, x in table.items() if k.endswith("1")} for table in (p, g, v, s)]
        some = [cast(tree, table) for table in [*one[:2], *one[2 : 2 + memories]]]
        result = getattr(tree, name)(*some, *rest, **({} if rest else {"learning_rate": 0.1}))
        _, whole = self.call(tree, name, memories, rest, lambda table: cast(tree, table))
        for table, full in zip(result if memories else (result,), whole, strict=True):
            assert set(table) == {k for k in full if k.endswith("1")}
            assert all(np.array_equal(np.asarray(table[k]), np.asarray(full[k])) for k in table)

    @pytest.mark.parametrize(("name", "memories", "rest"), STEPS)
    def test_types(self, tree, name, memories, rest):
        """float32 stays, also beside a numpy float64 learning rate; whole numbers become float64."""
        for dtype, expected in ((np.float32, "float32"), (np.float64, "float64"), (np.int64, "float64")):
            _, result = self.call(
                tree, name, memories, rest, lambda t, d=dtype: cast(tree, t, d), learning_rate=np.float64(0.1)
            )
            assert all(str(x.dtype).endswith(expected) for table in result for x in table.values())

    @pytest.mark.parametrize(("name", "memories", "rest"), STEPS)
    def test_bad_tables(self, tree, name, memories, rest):
        p, g = (cast(tree, table) for table in tables(5, 1))
        send = lambda table: cast(tree, table)  # noqa: E731
        with pytest.raises(ValueError, match=r"gradients\[dW1\]: got shape \(3, 4\); needed \(4, 3\)"):
            self.call(tree, name, memories, rest, send, gradients={**g, "dW1": g["dW1"].T})
        with pytest.raises(ValueError, match="gradients: got keys"):
            self.call(tree, name, memories, rest, send, gradients={k: x for k, x in g.items() if k != "db2"})
        with pytest.raises(ValueError, match="gradients"):
            self.call(tree, name, memories, rest, send, parameters={"W1": p["W1"]})

    def test_bad_numbers(self, tree):
        p, g, v, s = (cast(tree, table) for table in tables(5, 3))
        for call, argument in (
            (lambda: tree.gradient_descent(p, g, -0.1), "learning_rate"),
            (lambda: tree.gradient_descent(p, g, float("nan")), "learning_rate"),
            (lambda: tree.gradient_descent_with_momentum(p, g, v, 0.1, beta=1.0), "beta"),
            (lambda: tree.rmsprop(p, g, s, 0.1, beta=-0.1), "beta"),
            (lambda: tree.rmsprop(p, g, s, 0.1, epsilon=-1e-8), "epsilon"),
            (lambda: tree.adam(p, g, v, s, 0), "t"),
            (lambda: tree.adam(p, g, v, s, 1, beta1=1), "beta1"),
            (lambda: tree.adam(p, g, v, s, 1, beta2=1), "beta2"),
            (lambda: tree.adamw(p, g, v, s, 1, weight_decay=-1), "weight_decay"),
            (lambda: tree.adam(p, g, {}, s, 1), "v"),
            (lambda: tree.adam(p, g, v, {}, 1), "s"),
        ):
            with pytest.raises(ValueError, match=f"^{argument}: got"):
                call()


def test_torch_steps_leave_no_graph():
    """A step is not part of the loss: leaves that require a gradient come out as plain tensors."""
    p, g = (cast(theirs, table) for table in tables(5, 1))
    leaves = {k: x.requires_grad_() for k, x in p.items()}
    stepped, v, s = theirs.adamw(leaves, g, zeros(p), zeros(p), 1)
    assert not any(x.requires_grad for table in (stepped, v, s) for x in table.values())
