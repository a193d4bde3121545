"""Checks that come with the handout: worked examples and the laws of each schedule."""

import math

import numpy as np

from grader.authoring import (
    assert_close,
    assert_equal,
    assert_that,
    floats,
    given,
    integers,
    points,
    sampled_from,
)

PARTS = ("rates", "losses", "suggestion")

rates = floats(1e-3, 1.0)
shares = sampled_from([0.0, 0.1, 0.25, 0.5, 0.7, 0.95])
"""Where between the beginning and the end, which has a check of its own."""


def landscape(losses, lr_min, lr_max):
    """A `step` whose losses are given, one for each of as many geometric rates from lr_min to lr_max."""

    def step(lr):
        position = math.log(max(float(lr), 1e-300) / lr_min) / math.log(lr_max / lr_min) * (len(losses) - 1)
        return losses[min(max(round(position), 0), len(losses) - 1)]

    return step


def easy(lr):
    """A loss that falls and falls, and tells which rate it was asked for."""
    return 1 / (1 + float(lr)) ** 2


def found(answer):
    """rates, losses and the suggestion, where all three were returned."""
    three = isinstance(answer, tuple | list) and len(answer) == 3
    assert_that(three, "lr_finder must return three things: rates, losses and the suggestion.")
    return answer


# step_decay


@points(3)
def test_step_decay_of_the_worked_example(student):
    """step_decay gives the rates of the worked example: 0.1, halved after every 10 epochs."""
    for epoch, rate in ((0, 0.1), (9, 0.1), (10, 0.05), (19, 0.05), (25, 0.025), (30, 0.0125)):
        assert_close(student.step_decay(0.1, epoch, 0.5, 10), rate, label=f"the rate in epoch {epoch}")


@points(2.5)
@given(lr0=rates, factor=floats(0.1, 0.9), every=integers(2, 12), n=integers(0, 4), later=integers(1, 11))
def test_step_decay_between_two_drops(student, lr0, factor, every, n, later):
    """Between two drops the rate stays as it is."""
    first = student.step_decay(lr0, n * every, factor, every)
    assert_close(student.step_decay(lr0, n * every + later % every, factor, every), first, hint="round down, to floor")


@points(2)
@given(lr0=rates, factor=floats(0.1, 0.9), every=integers(1, 12), epoch=integers(0, 30))
def test_step_decay_one_drop_later(student, lr0, factor, every, epoch):
    """`every` epochs later, the rate is `factor` times what it was."""
    before = student.step_decay(lr0, epoch, factor, every)
    assert_close(student.step_decay(lr0, epoch + every, factor, every), factor * before)


# exponential_decay


@points(3)
def test_exponential_decay_of_the_worked_example(student):
    """exponential_decay gives the rates of the worked example."""
    got = [student.exponential_decay(0.1, t, 0.2) for t in (0, 1, 5)]
    assert_close(got, [0.1, 0.0818730753077982, 0.03678794411714424], label="the rates at 0, 1 and 5")


@points(1.5)
@given(lr0=rates, k=floats(0.01, 3.0), t=integers(0, 20))
def test_exponential_decay_starts_at_lr0(student, lr0, k, t):
    """The rate is lr0 at t = 0, and stays lr0 where k = 0."""
    assert_close(student.exponential_decay(lr0, 0, k), lr0)
    assert_close(student.exponential_decay(lr0, t, 0.0), lr0)


@points(2)
@given(lr0=rates, k=floats(0.01, 0.5), t=floats(0.0, 10.0), later=floats(0.0, 10.0))
def test_exponential_decay_loses_the_same_share_in_the_same_time(student, lr0, k, t, later):
    """From any time on, the same wait costs the same share of the rate."""
    from_the_start = student.exponential_decay(1.0, later, k)
    expected = student.exponential_decay(lr0, t, k) * from_the_start
    assert_close(student.exponential_decay(lr0, t + later, k), expected)


# cosine_annealing


@points(4)
def test_cosine_annealing_of_the_worked_example(student):
    """cosine_annealing gives the rates of the worked example."""
    got = [student.cosine_annealing(0.1, 0.02, t, 8) for t in (0, 2, 4, 6, 8)]
    expected = [0.1, 0.0882842712474619, 0.06, 0.0317157287525381, 0.02]
    assert_close(got, expected, label="the rates at 0, 2, 4, 6 and 8")


@points(3)
@given(lr_max=floats(0.1, 1.0), lr_min=floats(0.001, 0.09), T=integers(1, 60))
def test_cosine_annealing_at_both_ends(student, lr_max, lr_min, T):
    """The rate is lr_max at t = 0 and lr_min at t = T."""
    ends = [student.cosine_annealing(lr_max, lr_min, t, T) for t in (0, T)]
    assert_close(ends, [lr_max, lr_min], label="the rates at t = 0 and t = T")


@points(2.5)
@given(lr_max=floats(0.1, 1.0), lr_min=floats(0.0, 0.09), t=integers(0, 60), T=integers(2, 60))
def test_cosine_annealing_is_symmetric(student, lr_max, lr_min, t, T):
    """As far from the end as from the beginning, two rates add up to lr_max + lr_min."""
    t = 1 + t % (T - 1)
    both = student.cosine_annealing(lr_max, lr_min, t, T) + student.cosine_annealing(lr_max, lr_min, T - t, T)
    assert_close(both, lr_max + lr_min, label="the sum of the two rates")


@points(2)
@given(lr_max=floats(0.1, 1.0), lr_min=floats(0.0, 0.09), c=floats(0.01, 1.0), share=shares)
def test_cosine_annealing_with_both_rates_raised(student, lr_max, lr_min, c, share):
    """Raising lr_max and lr_min by the same amount raises every rate by it."""
    expected = student.cosine_annealing(lr_max, lr_min, 20 * share, 20) + c
    assert_close(student.cosine_annealing(lr_max + c, lr_min + c, 20 * share, 20), expected)


# warmup_cosine


@points(4)
def test_warmup_cosine_of_the_worked_example(student):
    """warmup_cosine gives the rates of the worked example."""
    got = [student.warmup_cosine(0.1, t, 4, 12) for t in (0, 1, 3, 4, 6, 8, 10, 12)]
    expected = [0.0, 0.025, 0.075, 0.1, 0.0853553390593274, 0.05, 0.0146446609406726, 0.0]
    assert_close(got, expected, label="the rates at 0, 1, 3, 4, 6, 8, 10 and 12")


@points(2.5)
@given(lr_max=rates, warmup=integers(1, 20), rest=integers(1, 40), t=integers(0, 19))
def test_warmup_cosine_rises_along_a_line(student, lr_max, warmup, rest, t):
    """In the warm-up the rate is lr_max t / warmup, whatever comes after."""
    t = t % warmup
    assert_close(student.warmup_cosine(lr_max, t, warmup, warmup + rest), lr_max * t / warmup)


@points(2)
@given(lr_max=rates, warmup=integers(1, 20), rest=integers(1, 40))
def test_warmup_cosine_at_its_highest_and_at_its_end(student, lr_max, warmup, rest):
    """The rate is lr_max at t = warmup and 0 at t = T."""
    T = warmup + rest
    marks = [student.warmup_cosine(lr_max, t, warmup, T) for t in (warmup, T)]
    assert_close(marks, [lr_max, 0.0], label="the rates at t = warmup and t = T")


@points(2)
@given(lr_max=rates, warmup=integers(1, 20), rest=integers(1, 40), t=integers(0, 40))
def test_warmup_cosine_falls_symmetrically(student, lr_max, warmup, rest, t):
    """In the fall, two rates as far from its end as from its beginning add up to lr_max."""
    t, T = t % (rest + 1), warmup + rest
    both = student.warmup_cosine(lr_max, warmup + t, warmup, T) + student.warmup_cosine(lr_max, T - t, warmup, T)
    assert_close(both, lr_max, label="the sum of the two rates")


# one_cycle


@points(4)
def test_one_cycle_of_the_worked_example(student):
    """one_cycle gives the rates of the worked example."""
    got = [student.one_cycle(0.1, t, 40) for t in (0, 6, 12, 26, 33, 40)]
    expected = [0.004, 0.052, 0.1, 0.0500002, 0.014645002362028864, 4e-7]
    assert_close(got, expected, label="the rates at 0, 6, 12, 26, 33 and 40")


@points(2)
@given(lr_max=rates, T=integers(1, 60), div=floats(2.0, 50.0), final=floats(10.0, 1e4))
def test_one_cycle_at_both_ends(student, lr_max, T, div, final):
    """The rate is lr_max / div_factor at t = 0, and that over final_div_factor at t = T."""
    ends = [student.one_cycle(lr_max, t, T, div_factor=div, final_div_factor=final) for t in (0, T)]
    assert_close(ends, [lr_max / div, lr_max / div / final], label="the rates at t = 0 and t = T")


@points(2)
@given(lr_max=rates, T=integers(2, 60), pct_start=sampled_from([0.1, 0.25, 0.3, 0.5, 0.75]))
def test_one_cycle_at_its_highest(student, lr_max, T, pct_start):
    """The rate is lr_max at t = pct_start T, and lower just before and just after."""
    peak = pct_start * T
    assert_close(student.one_cycle(lr_max, peak, T, pct_start=pct_start), lr_max)
    for t in (0.9 * peak, peak + 0.1 * (T - peak)):
        nearby = student.one_cycle(lr_max, t, T, pct_start=pct_start)
        assert_that(nearby < lr_max, f"The rate must be below lr_max at t = {t:g}, as the peak is at {peak:g} of {T}.")


@points(2)
@given(lr_max=rates, T=integers(2, 60), pct_start=sampled_from([0.1, 0.3, 0.5, 0.75]))
def test_one_cycle_in_the_middle_of_rise_and_fall(student, lr_max, T, pct_start):
    """In the middle of the rise and of the fall, the rate is the mean of its two ends."""
    peak, first, last = pct_start * T, lr_max / 25, lr_max / 25e4
    middles = [student.one_cycle(lr_max, t, T, pct_start=pct_start) for t in (peak / 2, (peak + T) / 2)]
    assert_close(middles, [(first + lr_max) / 2, (lr_max + last) / 2], label="the rates in the two middles")


@points(2)
@given(lr_max=rates, c=floats(0.1, 10.0), share=shares)
def test_one_cycle_is_proportional_to_lr_max(student, lr_max, c, share):
    """With c times the highest rate, every rate is c times as high."""
    assert_close(student.one_cycle(c * lr_max, 20 * share, 20), c * student.one_cycle(lr_max, 20 * share, 20))


# lr_finder


@points(4)
def test_lr_finder_of_the_worked_example(student):
    """lr_finder gives the rates, the losses and the suggestion of the worked example, and stops at the fourth rate."""
    step = landscape([2.0, 1.0, 0.5, 3.0, 0.25], 0.001, 10.0)
    expected = (np.array([0.001, 0.01, 0.1, 1.0]), np.array([2.0, 1.0, 0.5, 3.0]), 0.01)
    assert_close(student.lr_finder(step, lr_min=0.001, lr_max=10.0, steps=5), expected, names=PARTS)


@points(3)
@given(lr_min=sampled_from([1e-5, 1e-3, 0.02]), lr_max=sampled_from([0.5, 1.0, 30.0]), steps=integers(2, 12))
def test_lr_finder_goes_from_lr_min_to_lr_max(student, lr_min, lr_max, steps):
    """While all goes well there are `steps` rates from lr_min to lr_max, each the same times the one before."""
    tried, _, _ = found(student.lr_finder(easy, lr_min=lr_min, lr_max=lr_max, steps=steps))
    assert_close(tried, np.geomspace(lr_min, lr_max, steps), label="rates")


@points(2)
@given(steps=integers(2, 8), stop=integers(1, 9))
def test_lr_finder_takes_one_step_for_each_rate(student, steps, stop):
    """step is called once for each rate, at that rate, and not any more after the search has stopped."""
    asked = []

    def step(lr):
        asked.append(float(lr))
        return landscape([1.0] * stop + [9.0] * 9, 0.01, 1.0)(lr)

    tried, losses, _ = found(student.lr_finder(step, lr_min=0.01, lr_max=1.0, steps=steps))
    calls = asked.copy()
    assert_equal(len(calls), len(losses), label="the number of calls of step")
    assert_close(np.array(calls), np.asarray(tried), label="the rates that step was called with")


@points(3)
@given(last=sampled_from([math.nan, math.inf]), well=integers(1, 4))
def test_lr_finder_stops_at_a_loss_that_is_not_finite(student, last, well):
    """The search stops at a loss of nan or infinity; that is the last point, and never the best one."""
    losses = [*(2.0 - 0.25 * i for i in range(well)), last, 0.1, 0.1]
    tried = np.geomspace(0.001, 10.0, len(losses))
    expected = (tried[: well + 1], np.array(losses[: well + 1]), float(tried[well - 1]) / 10)
    got = student.lr_finder(landscape(losses, 0.001, 10.0), lr_min=0.001, lr_max=10.0, steps=len(losses))
    assert_close(got, expected, names=PARTS, hint="every comparison with nan is False: ask np.isfinite")
