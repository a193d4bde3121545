"""Checks that compare with the reference at drawn times, and the corners that are easily missed."""

import math

from grader.authoring import (
    assert_close,
    assert_stable,
    distinct,
    floats,
    given,
    integers,
    points,
    sampled_from,
)
from reference.with_numpy import schedules as reference

PARTS = ("rates", "losses", "suggestion")

rates = floats(1e-3, 1.0)
whole_or_not = integers(0, 60) | floats(0.0, 60.0)


def landscape(losses, lr_min, lr_max):
    """A `step` whose losses are given, one for each of as many geometric rates from lr_min to lr_max."""

    def step(lr):
        position = math.log(max(float(lr), 1e-300) / lr_min) / math.log(lr_max / lr_min) * (len(losses) - 1)
        return losses[min(max(round(position), 0), len(losses) - 1)]

    return step


def valley(lr):
    """A loss that falls, has its lowest point at 0.03, and explodes above 1."""
    return 0.5 + (math.log10(max(float(lr), 1e-300)) - math.log10(0.03)) ** 2 + float(lr) ** 2


# step_decay


@points(3.5)
@given(lr0=rates, epoch=integers(0, 60), factor=floats(0.05, 1.0), every=integers(1, 12))
def test_step_decay_values(student, lr0, epoch, factor, every):
    """step_decay is right in every epoch, for every factor and every length of time between two drops."""
    expected = reference.step_decay(lr0, epoch, factor, every)
    assert_close(student.step_decay(lr0, epoch, factor, every), expected)


@points(1)
def test_step_decay_after_a_long_time(student):
    """After 5,000 drops the rate is 0, and nothing overflows on the way."""
    assert_stable(student.step_decay, 0.5, 5000, 0.5, 1, expected=0.0)


# exponential_decay


@points(2.5)
@given(lr0=rates, t=whole_or_not, k=floats(0.005, 0.3))
def test_exponential_decay_values(student, lr0, t, k):
    """exponential_decay is right at every time, also at one that is no whole number."""
    assert_close(student.exponential_decay(lr0, t, k), reference.exponential_decay(lr0, t, k))


@points(1)
def test_exponential_decay_after_a_long_time(student):
    """After a long time the rate is 0, and nothing overflows on the way."""
    assert_stable(student.exponential_decay, 0.5, 2000, 1.0, expected=0.0)


# cosine_annealing


@points(4.5)
@given(lr_max=floats(0.1, 1.0), lr_min=floats(0.0, 0.09), t=whole_or_not, T=integers(61, 90))
def test_cosine_annealing_values(student, lr_max, lr_min, t, T):
    """cosine_annealing is right at every time, also at one that is no whole number."""
    expected = reference.cosine_annealing(lr_max, lr_min, t, T)
    assert_close(student.cosine_annealing(lr_max, lr_min, t, T), expected)


# warmup_cosine


@points(5)
@given(lr_max=rates, t=whole_or_not, warmup=integers(1, 50), T=integers(61, 90))
def test_warmup_cosine_values(student, lr_max, t, warmup, T):
    """warmup_cosine is right at every time, before the highest rate and after it."""
    expected = reference.warmup_cosine(lr_max, t, warmup, T)
    assert_close(student.warmup_cosine(lr_max, t, warmup, T), expected)


@points(2.5)
@given(lr_max=rates, share=sampled_from([0.0, 0.25, 0.5, 0.9, 1.0]), T=integers(1, 60))
def test_warmup_cosine_without_warmup(student, lr_max, share, T):
    """With warmup = 0 the fall starts at once: lr_max at t = 0, and nothing is divided by 0."""
    expected = reference.warmup_cosine(lr_max, share * T, 0, T)
    assert_stable(student.warmup_cosine, lr_max, share * T, 0, T, expected=expected)


# one_cycle


@points(3)
@given(lr_max=rates, t=whole_or_not, T=integers(61, 90))
def test_one_cycle_values(student, lr_max, t, T):
    """one_cycle is right at every time, for the usual shape of the cycle."""
    assert_close(student.one_cycle(lr_max, t, T), reference.one_cycle(lr_max, t, T))


@points(4)
@given(
    lr_max=rates, t=whole_or_not, T=integers(61, 90), pct_start=floats(0.05, 0.95), div=floats(2.0, 50.0),
    final=floats(1.0, 1e4),
)  # fmt: skip
def test_one_cycle_values_with_options(student, lr_max, t, T, pct_start, div, final):
    """one_cycle is right for every pct_start, div_factor and final_div_factor."""
    options = {"pct_start": pct_start, "div_factor": div, "final_div_factor": final}
    assert_close(student.one_cycle(lr_max, t, T, **options), reference.one_cycle(lr_max, t, T, **options))


@points(1)
@given(lr_max=rates, share=sampled_from([0.0, 0.5, 1.0]), T=integers(1, 60))
def test_one_cycle_without_a_rise(student, lr_max, share, T):
    """With pct_start = 0 the fall starts at once: lr_max at t = 0, and nothing is divided by 0."""
    expected = reference.one_cycle(lr_max, share * T, T, pct_start=0.0)
    assert_stable(student.one_cycle, lr_max, share * T, T, pct_start=0.0, expected=expected)


# lr_finder


@points(6)
@given(losses=distinct("n>=2"), lr_max=sampled_from([0.1, 3.0]))
def test_lr_finder_values(student, losses, lr_max):
    """lr_finder is right for losses of every course, whether they explode or not."""
    losses = (losses - losses.min() + 0.13).tolist()  # 0.13, 0.23, ...: none is exactly 4 times another
    step = landscape(losses, 0.001, lr_max)
    expected = reference.lr_finder(step, lr_min=0.001, lr_max=lr_max, steps=len(losses))
    assert_close(student.lr_finder(step, lr_min=0.001, lr_max=lr_max, steps=len(losses)), expected, names=PARTS)


@points(3)
def test_lr_finder_stops_above_four_times_the_best(student):
    """The search stops above 4 times the lowest loss so far: not at exactly 4 times, and whatever came last."""
    losses = [8.0, 9.0, 2.0, 1.0, 3.0, 4.0, 4.125, 0.5]
    step = landscape(losses, 0.001, 10.0)
    expected = reference.lr_finder(step, lr_min=0.001, lr_max=10.0, steps=8)
    assert_close(student.lr_finder(step, lr_min=0.001, lr_max=10.0, steps=8), expected, names=PARTS)


@points(2)
def test_lr_finder_as_it_is_called_most(student):
    """Without further arguments there are 100 rates from 1e-7 to 10, and the search stops where the loss explodes."""
    assert_close(student.lr_finder(valley), reference.lr_finder(valley), names=PARTS)


@points(1)
def test_lr_finder_of_equal_losses(student):
    """Of several rates with the same lowest loss, the first one counts."""
    step = landscape([2.0, 1.0, 3.0, 1.0, 2.0], 0.001, 10.0)
    expected = reference.lr_finder(step, lr_min=0.001, lr_max=10.0, steps=5)
    assert_close(student.lr_finder(step, lr_min=0.001, lr_max=10.0, steps=5), expected, names=PARTS)
