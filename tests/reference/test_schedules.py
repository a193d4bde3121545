"""Schedules: every step beside torch.optim.lr_scheduler, the shape of every curve, and the learning-rate finder."""

import inspect
import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from reference.with_numpy import schedules as ours

torch = pytest.importorskip("torch")
theirs = pytest.importorskip("reference.with_torch.schedules")

LAW = settings(deadline=None, max_examples=50, derandomize=True)
TREES = pytest.mark.parametrize("tree", [ours, theirs], ids=["numpy", "torch"])
RATES = st.floats(1e-6, 10.0)
WHOLE = st.integers(1, 500)


def scheduled(scheduler, lr, steps, **options):
    """The rates of a scheduler of PyTorch at steps 0, 1, ..., steps - 1."""
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=lr)
    machine = scheduler(optimizer, **options)
    rates = []
    for _ in range(steps):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        machine.step()
    return rates


@TREES
class TestBesideTorch:
    """PyTorch steps recursively, so errors add up over the steps: 1e-12 of the highest rate is allowed."""

    @pytest.mark.parametrize(("factor", "every"), [(0.1, 10), (0.5, 3), (0.9, 1)])
    def test_step_decay_is_step_lr(self, tree, factor, every):
        expected = scheduled(torch.optim.lr_scheduler.StepLR, 0.3, 40, step_size=every, gamma=factor)
        actual = [tree.step_decay(0.3, epoch, factor, every) for epoch in range(40)]
        np.testing.assert_allclose(actual, expected, rtol=1e-12)

    @pytest.mark.parametrize("k", [0.0, 0.01, 0.5])
    def test_exponential_decay_is_exponential_lr(self, tree, k):
        expected = scheduled(torch.optim.lr_scheduler.ExponentialLR, 0.3, 40, gamma=math.exp(-k))
        np.testing.assert_allclose([tree.exponential_decay(0.3, t, k) for t in range(40)], expected, rtol=1e-12)

    @pytest.mark.parametrize("T", [1, 7, 40])
    def test_cosine_annealing_is_cosine_annealing_lr(self, tree, T):
        expected = scheduled(torch.optim.lr_scheduler.CosineAnnealingLR, 0.3, T + 1, T_max=T, eta_min=0.01)
        actual = [tree.cosine_annealing(0.3, 0.01, t, T) for t in range(T + 1)]
        np.testing.assert_allclose(actual, expected, rtol=1e-12, atol=3e-13)

    @pytest.mark.filterwarnings("ignore:The epoch parameter")
    @pytest.mark.parametrize(("warmup", "T"), [(5, 40), (1, 2), (39, 40)])
    def test_warmup_cosine_is_a_line_then_cosine_annealing_lr(self, tree, warmup, T):
        """The line is a LambdaLR, since LinearLR cannot start at 0."""

        def chain(optimizer):
            rise = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda t: t / warmup)
            fall = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=T - warmup)
            return torch.optim.lr_scheduler.SequentialLR(optimizer, [rise, fall], milestones=[warmup])

        actual = [tree.warmup_cosine(0.3, t, warmup, T) for t in range(T + 1)]
        np.testing.assert_allclose(actual, scheduled(chain, 0.3, T + 1), rtol=1e-12, atol=3e-13)

    @pytest.mark.parametrize("options", [{}, {"div_factor": 10, "final_div_factor": 100}])
    @pytest.mark.parametrize(("total", "pct"), [(41, 0.3), (100, 0.25), (10, 0.5)])
    def test_one_cycle_is_one_cycle_lr(self, tree, total, pct, options):
        """PyTorch's steps end at total - 1 and its peak is at pct total - 1; the curve between is the same."""
        expected = scheduled(
            torch.optim.lr_scheduler.OneCycleLR, 0.3, total, max_lr=0.3, total_steps=total + 1, pct_start=pct, **options
        )
        T, peak = total, pct * (total + 1) - 1
        actual = [tree.one_cycle(0.3, t, T, pct_start=peak / T, **options) for t in range(total)]
        np.testing.assert_allclose(actual, expected, rtol=1e-12, atol=3e-13)

    def test_one_cycle_has_pytorchs_defaults(self, tree):
        mine = inspect.signature(tree.one_cycle).parameters
        other = inspect.signature(torch.optim.lr_scheduler.OneCycleLR.__init__).parameters
        for name in ("pct_start", "div_factor", "final_div_factor"):
            assert mine[name].default == other[name].default


class TestTreesAgree:
    @LAW
    @given(lr=RATES, low=RATES, T=WHOLE, share=st.floats(0, 1), warm=st.floats(0, 0.99), k=st.floats(0, 2))
    def test_values(self, lr, low, T, share, warm, k):
        t = share * T
        for call in (
            lambda tree: tree.step_decay(lr, t, warm, 3),
            lambda tree: tree.exponential_decay(lr, t, k),
            lambda tree: tree.cosine_annealing(lr, low, t, T),
            lambda tree: tree.warmup_cosine(lr, t, warm * T, T),
            lambda tree: tree.one_cycle(lr, t, T, pct_start=warm),
        ):
            mine, other = call(ours), call(theirs)
            assert type(mine) is type(other) is float
            assert mine == pytest.approx(other, rel=1e-12, abs=1e-300)

    def test_names_and_signatures(self):
        assert ours.__all__ == theirs.__all__
        for name in ours.__all__:
            mine, other = (inspect.signature(getattr(tree, name)).parameters.values() for tree in (ours, theirs))
            assert [(p.name, p.default) for p in mine] == [(p.name, p.default) for p in other]


class TestStepAndExponential:
    @LAW
    @given(lr=RATES, factor=st.floats(0.01, 1), every=st.integers(1, 50), drops=st.integers(0, 20))
    def test_step_decay_is_flat_and_drops_on_the_epoch(self, lr, factor, every, drops):
        first, last = drops * every, (drops + 1) * every - 1
        here = ours.step_decay(lr, first, factor, every)
        assert ours.step_decay(lr, last, factor, every) == here
        assert ours.step_decay(lr, last + 1, factor, every) == pytest.approx(factor * here, rel=1e-12)
        assert ours.step_decay(lr, 0, factor, every) == lr

    @LAW
    @given(lr=RATES, k=st.floats(0, 1), t=st.floats(0, 100), shift=st.floats(0, 100))
    def test_exponential_decay_loses_the_same_share_in_the_same_time(self, lr, k, t, shift):
        ratio = ours.exponential_decay(lr, t + shift, k) / ours.exponential_decay(lr, t, k)
        assert ratio == pytest.approx(math.exp(-k * shift), rel=1e-11)
        assert ours.exponential_decay(lr, 0, k) == lr

    @LAW
    @given(lr=RATES, epoch=st.integers(0, 50), scale=RATES)
    def test_both_are_linear_in_the_first_rate(self, lr, epoch, scale):
        for schedule in (ours.step_decay, ours.exponential_decay):
            rest = (0.5, 7) if schedule is ours.step_decay else (0.1,)
            assert schedule(scale * lr, epoch, *rest) == pytest.approx(scale * schedule(lr, epoch, *rest), rel=1e-12)


class TestCosine:
    @LAW
    @given(lr=RATES, low=RATES, T=WHOLE, share=st.floats(0, 1))
    def test_ends_symmetry_and_range(self, lr, low, T, share):
        """It starts at lr_max, ends at lr_min, and f(t) + f(T - t) = lr_max + lr_min."""
        t = share * T
        here, mirrored = ours.cosine_annealing(lr, low, t, T), ours.cosine_annealing(lr, low, T - t, T)
        assert ours.cosine_annealing(lr, low, 0, T) == lr
        assert ours.cosine_annealing(lr, low, T, T) == low
        assert here + mirrored == pytest.approx(lr + low, rel=1e-12)
        assert min(lr, low) * (1 - 1e-15) <= here <= max(lr, low) * (1 + 1e-15)

    @LAW
    @given(T=st.integers(2, 200))
    def test_monotone(self, T):
        rates = [ours.cosine_annealing(1.0, 0.1, t, T) for t in range(T + 1)]
        assert rates == sorted(rates, reverse=True)
        assert ours.cosine_annealing(1.0, 0.1, T / 2, T) == pytest.approx(0.55, rel=1e-12)

    @LAW
    @given(lr=RATES, T=st.integers(2, 300), warmup=st.integers(0, 299))
    def test_warmup_rises_on_a_line_and_joins_the_cosine(self, lr, T, warmup):
        assume(warmup < T)
        for t in range(warmup):
            assert ours.warmup_cosine(lr, t, warmup, T) == pytest.approx(lr * t / warmup, rel=1e-12)
        assert ours.warmup_cosine(lr, warmup, warmup, T) == lr
        assert ours.warmup_cosine(lr, T, warmup, T) == 0
        if warmup:
            near = warmup * (1 - 1e-9)
            assert ours.warmup_cosine(lr, near, warmup, T) == pytest.approx(lr, rel=1e-8)
        for t in range(warmup, T + 1):
            expected = ours.cosine_annealing(lr, 0, t - warmup, T - warmup)
            assert ours.warmup_cosine(lr, t, warmup, T) == pytest.approx(expected, rel=1e-12)

    def test_no_warmup(self):
        assert ours.warmup_cosine(0.3, 0, 0, 10) == 0.3


class TestOneCycle:
    @LAW
    @given(lr=RATES, T=st.integers(10, 300), pct=st.floats(0.1, 0.9), div=st.floats(1.5, 100), final=st.floats(2, 1e5))
    def test_rises_once_and_falls_below_its_start(self, lr, T, pct, div, final):
        options = {"pct_start": pct, "div_factor": div, "final_div_factor": final}
        first, last = ours.one_cycle(lr, 0, T, **options), ours.one_cycle(lr, T, T, **options)
        assert first == pytest.approx(lr / div, rel=1e-12)
        assert last == pytest.approx(lr / div / final, rel=1e-12)
        assert ours.one_cycle(lr, pct * T, T, **options) == pytest.approx(lr, rel=1e-12)
        rates = [ours.one_cycle(lr, t, T, **options) for t in range(T + 1)]
        top = math.floor(pct * T)
        assert rates[: top + 1] == sorted(rates[: top + 1])
        assert rates[top + 1 :] == sorted(rates[top + 1 :], reverse=True)
        assert max(rates) <= lr * (1 + 1e-15)

    @LAW
    @given(T=WHOLE, share=st.floats(0, 1))
    def test_half_way_up_and_down(self, T, share):
        """Each half is a cosine: the middle of the rise and of the fall are the means of their ends."""
        first, last = 1 / 25, 1 / 25 / 1e4
        assert ours.one_cycle(1.0, 0.15 * T, T) == pytest.approx((1 + first) / 2, rel=1e-12)
        assert ours.one_cycle(1.0, 0.65 * T, T) == pytest.approx((1 + last) / 2, rel=1e-12)

    def test_without_a_rise(self):
        assert ours.one_cycle(1.0, 0, 10, pct_start=0) == 1.0


@TREES
class TestPureAndStrict:
    def calls(self, tree):
        one, two, three = np.float32(0.5), np.array(4.0), np.int64(8)
        return [
            lambda: tree.step_decay(one, three, 0.5, 3),
            lambda: tree.exponential_decay(one, two, one),
            lambda: tree.cosine_annealing(one, 0, two, three),
            lambda: tree.warmup_cosine(one, two, np.int32(2), three),
            lambda: tree.one_cycle(one, two, three, div_factor=np.float64(25)),
        ]

    def test_any_scalar_any_order(self, tree):
        """numpy scalars and 0-d arrays serve; a value does not depend on what was asked before."""
        forth = [call() for call in self.calls(tree)]
        back = [call() for call in reversed(self.calls(tree))][::-1]
        assert forth == back
        assert all(type(rate) is float for rate in forth)
        assert forth[3] == pytest.approx(0.5 * (1 + math.cos(math.pi / 3)) / 2, rel=1e-12)

    def test_bad_input(self, tree):
        for call, argument in (
            (lambda: tree.step_decay(0.1, -1, 0.5, 3), "epoch"),
            (lambda: tree.step_decay(0.1, 1, 0.5, 0), "every"),
            (lambda: tree.exponential_decay(0.1, -1, 0.5), "t"),
            (lambda: tree.cosine_annealing(0.1, 0, 11, 10), "t"),
            (lambda: tree.cosine_annealing(0.1, 0, -1, 10), "t"),
            (lambda: tree.cosine_annealing(0.1, 0, 0, 0), "T"),
            (lambda: tree.warmup_cosine(0.1, 0, 10, 10), "warmup"),
            (lambda: tree.warmup_cosine(0.1, 0, -1, 10), "warmup"),
            (lambda: tree.one_cycle(0.1, 0, 10, pct_start=1), "pct_start"),
            (lambda: tree.one_cycle(0.1, 0, 10, div_factor=0), "div_factor"),
            (lambda: tree.one_cycle(0.1, 0, 10, final_div_factor=-1), "final_div_factor"),
            (lambda: tree.one_cycle(0.1, float("nan"), 10), "t"),
            (lambda: tree.lr_finder(lambda lr: lr, lr_min=0), "lr_min"),
            (lambda: tree.lr_finder(lambda lr: lr, lr_min=1, lr_max=1), "lr_max"),
            (lambda: tree.lr_finder(lambda lr: lr, lr_max=math.inf), "lr_max"),
            (lambda: tree.lr_finder(lambda lr: lr, steps=1), "steps"),
            (lambda: tree.lr_finder(lambda lr: lr, steps=2.5), "steps"),
        ):
            with pytest.raises(ValueError, match=f"^{argument}: got"):
                call()


@TREES
class TestFinder:
    def run(self, tree, losses, **options):
        """A finder fed with these losses, and the rates it asked for."""
        asked, feed = [], iter(losses)

        def step(lr):
            asked.append(lr)
            return next(feed)

        rates, recorded, suggestion = tree.lr_finder(step, **options)
        assert np.asarray(rates).dtype == np.asarray(recorded).dtype == np.float64
        assert all(type(rate) is float for rate in asked)
        assert np.asarray(rates).tolist() == asked
        assert type(suggestion) is float
        return asked, np.asarray(recorded).tolist(), suggestion

    def test_grid(self, tree):
        rates, losses, suggestion = self.run(tree, [1.0] * 100)
        np.testing.assert_allclose(rates, np.geomspace(1e-7, 10, 100), rtol=1e-13)
        assert losses == [1.0] * 100
        assert suggestion == rates[0] / 10
        rates, _, _ = self.run(tree, [1.0] * 5, lr_min=1e-3, lr_max=10, steps=5)
        np.testing.assert_allclose(rates, [1e-3, 1e-2, 1e-1, 1, 10], rtol=1e-13)

    @LAW
    @given(losses=st.lists(st.floats(0.0, 10.0), min_size=30, max_size=30))
    def test_stops_above_four_times_the_best(self, tree, losses):
        rates, recorded, suggestion = self.run(tree, losses, steps=30)
        assert recorded == losses[: len(recorded)]
        stop = next((i for i in range(1, 30) if losses[i] > 4 * min(losses[:i])), 29)
        assert len(recorded) == stop + 1
        assert suggestion == rates[recorded.index(min(recorded))] / 10

    def test_four_times_is_not_yet_above(self, tree):
        _, recorded, _ = self.run(tree, [1.0, 4.0, 4.000001, 0.0], steps=4)
        assert recorded == [1.0, 4.0, 4.000001]

    @pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
    def test_a_loss_that_is_not_finite_is_the_last(self, tree, bad):
        rates, recorded, suggestion = self.run(tree, [2.0, 1.0, bad, 0.0], steps=4)
        assert len(recorded) == 3
        assert not math.isfinite(recorded[-1])
        assert suggestion == rates[1] / 10
        _, recorded, suggestion = self.run(tree, [bad], steps=4)
        assert len(recorded) == 1
        assert math.isnan(suggestion)

    def test_on_a_quadratic(self, tree):
        """Gradient descent on 2 p^2 diverges above the rate 1/2: the finder stops there and suggests less."""
        p = [1.0]

        def step(lr):
            loss = 2 * p[0] ** 2
            p[0] -= lr * 4 * p[0]
            return np.float32(loss) if tree is ours else torch.tensor(loss, requires_grad=True)

        rates, losses, suggestion = tree.lr_finder(step)
        assert len(rates) < 100
        assert rates[-1] > 0.5
        assert losses[-1] > 4 * losses.min()
        assert 0.01 < suggestion < 0.5
