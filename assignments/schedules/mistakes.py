"""What goes wrong in this assignment, function by function, each with the sentence that explains it."""

import math

import numpy as np

from grader.authoring import mistake
from reference.with_numpy import schedules as reference

# step_decay


@mistake(
    of="step_decay", says="epoch / every is not rounded, so the rate falls in every epoch. Round it down, to floor."
)
def step_decay_all_the_time(lr0, epoch, factor, every):
    return lr0 * factor ** (epoch / every)


@mistake(of="step_decay", says="You round to the nearest whole number, which drops half a period early. Round down.")
def step_decay_rounded(lr0, epoch, factor, every):
    return lr0 * factor ** round(epoch / every)


@mistake(
    of="step_decay",
    says="The first drop comes right after epoch 0, a period early: you round up, or a loop counts epoch 0 as a drop.",
)
def step_decay_rounded_up(lr0, epoch, factor, every):
    return lr0 * factor ** math.ceil(epoch / every)


@mistake(
    of="step_decay",
    says="You count epochs from 1, as floor((epoch + 1) / every) does. The first epoch is 0, and the first drop is at "
    "epoch = every.",
)
def step_decay_counting_from_one(lr0, epoch, factor, every):
    return lr0 * factor ** ((epoch + 1) // every)


@mistake(of="step_decay", says="The drop comes one epoch late: floor(epoch / every), not floor((epoch - 1) / every).")
def step_decay_one_epoch_late(lr0, epoch, factor, every):
    return lr0 * factor ** ((epoch - 1) // every)


@mistake(of="step_decay", says="The factor is multiplied with the number of drops. It is raised to that power.")
def step_decay_multiplied(lr0, epoch, factor, every):
    return lr0 * factor * (epoch // every)


@mistake(of="step_decay", says="This is lr0 / (1 + factor n), another schedule. Here lr0 is multiplied with factor^n.")
def step_decay_by_a_quotient(lr0, epoch, factor, every):
    return lr0 / (1 + factor * (epoch // every))


@mistake(of="step_decay", says="You divide by the factor, so the rate rises. Multiply with it: a factor of 0.5 halves.")
def step_decay_divided(lr0, epoch, factor, every):
    return lr0 / factor ** (epoch // every)


@mistake(of="step_decay", says="The rate drops only once. It drops again after every `every` epochs.")
def step_decay_once(lr0, epoch, factor, every):
    return lr0 * factor if epoch >= every else lr0


@mistake(
    of="step_decay",
    says="The rate is lower in the epochs that `every` divides, and high again in between. It stays low: take a power.",
)
def step_decay_in_single_epochs(lr0, epoch, factor, every):
    return lr0 * factor if epoch > 0 and epoch % every == 0 else lr0


@mistake(of="step_decay", says="`every` is not used: the rate drops in each epoch. The power is floor(epoch / every).")
def step_decay_in_every_epoch(lr0, epoch, factor, every):
    return lr0 * factor**epoch


@mistake(of="step_decay", says="factor and every are in each other's place: step_decay(lr0, epoch, factor, every).")
def step_decay_with_arguments_exchanged(lr0, epoch, factor, every):
    return lr0 * every ** math.floor(epoch / factor)


@mistake(
    of="step_decay",
    says="You multiply with 1 - factor. The factor is what is left of the rate, not what is taken from it.",
)
def step_decay_by_the_rest(lr0, epoch, factor, every):
    return lr0 * (1 - factor) ** (epoch // every)


@mistake(of="step_decay", says="** binds closer than //. Put the power into brackets: factor ** (epoch // every).")
def step_decay_without_brackets(lr0, epoch, factor, every):
    return lr0 * factor**epoch // every


@mistake(
    of="step_decay",
    says="1 / factor to a large power overflows. Multiply with factor^n, which comes to 0 without harm.",
)
def step_decay_that_overflows(lr0, epoch, factor, every):
    return lr0 / (1 / factor) ** (epoch // every)


# exponential_decay


@mistake(of="exponential_decay", says="The minus sign is missing: exp(-k t). Your rate grows.")
def exponential_decay_growing(lr0, t, k):
    return lr0 * math.exp(min(k * t, 700.0))


@mistake(of="exponential_decay", says="This is lr0 k^t. Here k is a speed, not a base: lr0 exp(-k t).")
def exponential_decay_with_k_as_a_base(lr0, t, k):
    return lr0 * k**t


@mistake(of="exponential_decay", says="(1 - k)^t is near exp(-k t) for small k only. Use math.exp.")
def exponential_decay_compounded(lr0, t, k):
    return lr0 * (1 - k) ** t


@mistake(of="exponential_decay", says="This is inverse decay, lr0 / (1 + k t). The exponential one is lr0 exp(-k t).")
def exponential_decay_inverse(lr0, t, k):
    return lr0 / (1 + k * t)


@mistake(of="exponential_decay", says="lr0 is missing: multiply with it.")
def exponential_decay_without_lr0(lr0, t, k):
    return math.exp(-k * t)


@mistake(of="exponential_decay", says="You divide t by k, as if it were a time. Multiply: exp(-k t).")
def exponential_decay_with_k_as_a_time(lr0, t, k):
    return lr0 * math.exp(-t / k)


@mistake(of="exponential_decay", says="t is cut to a whole number. The rate falls all the time: use t as it is.")
def exponential_decay_in_steps(lr0, t, k):
    return lr0 * math.exp(-k * int(t))


@mistake(of="exponential_decay", says="The base is 10. It is e: math.exp(-k t).")
def exponential_decay_to_base_ten(lr0, t, k):
    return lr0 * 10 ** (-k * t)


@mistake(of="exponential_decay", says="The base is 2. It is e: math.exp(-k t).")
def exponential_decay_to_base_two(lr0, t, k):
    return lr0 * 2 ** (-k * t)


@mistake(of="exponential_decay", says="This falls along a line, and below 0. The formula is lr0 exp(-k t).")
def exponential_decay_along_a_line(lr0, t, k):
    return lr0 * (1 - k * t)


@mistake(of="exponential_decay", says="t is not used: that is the rate after one step. The power is -k t.")
def exponential_decay_of_one_step(lr0, t, k):
    return lr0 * math.exp(-k)


@mistake(
    of="exponential_decay", says="exp(k t) overflows for large k t. Take exp(-k t), which comes to 0 without harm."
)
def exponential_decay_that_overflows(lr0, t, k):
    return lr0 / math.exp(k * t)


# cosine_annealing


def annealed(lr_max, lr_min, angle):
    """The formula of cosine_annealing at an angle."""
    return lr_min + (lr_max - lr_min) * (1 + math.cos(angle)) / 2


@mistake(of="cosine_annealing", says="The half is missing: (1 + cos) goes from 2 to 0, and is divided by 2.")
def cosine_annealing_without_the_half(lr_max, lr_min, t, T):
    return lr_min + (lr_max - lr_min) * (1 + math.cos(math.pi * t / T))


@mistake(of="cosine_annealing", says="pi is missing: the angle goes from 0 to pi, so it is pi t / T.")
def cosine_annealing_without_pi(lr_max, lr_min, t, T):
    return annealed(lr_max, lr_min, t / T)


@mistake(of="cosine_annealing", says="The angle runs to 2 pi, so the rate comes back up. Half a cosine: pi t / T.")
def cosine_annealing_a_whole_period(lr_max, lr_min, t, T):
    return annealed(lr_max, lr_min, 2 * math.pi * t / T)


@mistake(of="cosine_annealing", says="The angle runs to pi / 2 only, so the rate ends half way down. It is pi t / T.")
def cosine_annealing_a_quarter(lr_max, lr_min, t, T):
    return annealed(lr_max, lr_min, math.pi / 2 * t / T)


@mistake(
    of="cosine_annealing",
    says="The rate rises from lr_min to lr_max. It is 1 + cos, not 1 - cos, and lr_max is the first argument.",
)
def cosine_annealing_rising(lr_max, lr_min, t, T):
    return annealed(lr_min, lr_max, math.pi * t / T)


@mistake(
    of="cosine_annealing",
    says="The cosine falls from lr_max, and lr_min is put on top. It falls from lr_max - lr_min: "
    "lr_min + (lr_max - lr_min) (1 + cos) / 2.",
)
def cosine_annealing_on_top_of_lr_min(lr_max, lr_min, t, T):
    return lr_min + lr_max * (1 + math.cos(math.pi * t / T)) / 2


@mistake(of="cosine_annealing", says="You cut off below lr_min. The whole curve runs between lr_max and lr_min.")
def cosine_annealing_cut_off(lr_max, lr_min, t, T):
    return max(lr_min, lr_max * (1 + math.cos(math.pi * t / T)) / 2)


@mistake(of="cosine_annealing", says="lr_min is not used: the rate ends at 0 instead.")
def cosine_annealing_to_zero(lr_max, lr_min, t, T):
    return lr_max * (1 + math.cos(math.pi * t / T)) / 2


@mistake(
    of="cosine_annealing", says="lr_min is missing in front: the curve is as high as it should be, but starts from 0."
)
def cosine_annealing_without_lr_min_in_front(lr_max, lr_min, t, T):
    return (lr_max - lr_min) * (1 + math.cos(math.pi * t / T)) / 2


@mistake(of="cosine_annealing", says="You divide by T - 1. The rate is lr_min at t = T: divide by T.")
def cosine_annealing_one_step_short(lr_max, lr_min, t, T):
    return annealed(lr_max, lr_min, math.pi * t / (T - 1))


@mistake(of="cosine_annealing", says="You count from 1: t + 1. Time starts at t = 0, where the rate is lr_max.")
def cosine_annealing_one_step_ahead(lr_max, lr_min, t, T):
    return annealed(lr_max, lr_min, math.pi * (t + 1) / T)


@mistake(
    of="cosine_annealing", says="At t = T the rate jumps back to lr_max, as with t % T. There it should be lr_min."
)
def cosine_annealing_with_restarts(lr_max, lr_min, t, T):
    return annealed(lr_max, lr_min, math.pi * (t % T) / T)


@mistake(of="cosine_annealing", says="The angle is in degrees. math.cos and np.cos take radians: pi t / T.")
def cosine_annealing_in_degrees(lr_max, lr_min, t, T):
    return annealed(lr_max, lr_min, 180 * t / T)


@mistake(of="cosine_annealing", says="The rate falls along a line. It falls along half a cosine.")
def cosine_annealing_along_a_line(lr_max, lr_min, t, T):
    return lr_max + (lr_min - lr_max) * t / T


@mistake(of="cosine_annealing", says="t // T is 0 until the end, so the rate does not move. Divide with /.")
def cosine_annealing_with_whole_numbers(lr_max, lr_min, t, T):
    return annealed(lr_max, lr_min, math.pi * (t // T))


@mistake(of="cosine_annealing", says="This is a sine. The cosine is 1 at the beginning and -1 at pi.")
def cosine_annealing_with_a_sine(lr_max, lr_min, t, T):
    return lr_min + (lr_max - lr_min) * (1 + math.sin(math.pi * t / T)) / 2


@mistake(of="cosine_annealing", says="3.14 is too rough for pi. Use math.pi.")
def cosine_annealing_with_a_rough_pi(lr_max, lr_min, t, T):
    return annealed(lr_max, lr_min, 3.14 * t / T)


# warmup_cosine


def fall(lr_max, progress):
    """Half a cosine from lr_max, at progress 0, to 0, at progress 1."""
    return lr_max * (1 + math.cos(math.pi * progress)) / 2


def after_warmup(lr_max, t, warmup, T):
    return fall(lr_max, (t - warmup) / (T - warmup))


@mistake(
    of="warmup_cosine",
    says="With warmup = 0 you divide by 0 at t = 0. The line is for t < warmup alone; then comes the cosine.",
)
def warmup_cosine_dividing_by_zero(lr_max, t, warmup, T):
    return lr_max * t / warmup if t <= warmup else after_warmup(lr_max, t, warmup, T)


@mistake(of="warmup_cosine", says="You count from 1, as (t + 1) / warmup does. The rate is 0 at t = 0.")
def warmup_cosine_one_step_ahead(lr_max, t, warmup, T):
    return lr_max * (t + 1) / warmup if t < warmup else after_warmup(lr_max, t, warmup, T)


@mistake(
    of="warmup_cosine",
    says="The fall takes T steps, and is not at its end at t = T. It lasts T - warmup: (t - warmup) / (T - warmup).",
)
def warmup_cosine_that_falls_too_slowly(lr_max, t, warmup, T):
    return lr_max * t / warmup if t < warmup else fall(lr_max, (t - warmup) / T)


@mistake(
    of="warmup_cosine",
    says="The cosine is counted from t = 0, so the rate jumps at the end of the warm-up. Count from there: t - warmup.",
)
def warmup_cosine_with_a_jump(lr_max, t, warmup, T):
    return lr_max * t / warmup if t < warmup else fall(lr_max, t / T)


@mistake(
    of="warmup_cosine",
    says="You multiply the line with the cosine. First there is the line alone, then the cosine alone.",
)
def warmup_cosine_as_a_product(lr_max, t, warmup, T):
    return fall(lr_max, t / T) * (t / warmup if t < warmup else 1)


@mistake(of="warmup_cosine", says="There is no warm-up: for t < warmup the rate is lr_max t / warmup.")
def warmup_cosine_without_warmup(lr_max, t, warmup, T):
    return fall(lr_max, t / T)


@mistake(of="warmup_cosine", says="The warm-up follows a cosine. It is a line: lr_max t / warmup.")
def warmup_cosine_with_a_curved_rise(lr_max, t, warmup, T):
    return lr_max - fall(lr_max, t / warmup) if t < warmup else after_warmup(lr_max, t, warmup, T)


@mistake(
    of="warmup_cosine", says="After the warm-up the rate stays at lr_max. It falls along half a cosine, to 0 at T."
)
def warmup_cosine_that_stays(lr_max, t, warmup, T):
    return lr_max * t / warmup if t < warmup else lr_max


@mistake(of="warmup_cosine", says="The rate falls along a line. After the warm-up it falls along half a cosine.")
def warmup_cosine_that_falls_along_a_line(lr_max, t, warmup, T):
    return lr_max * t / warmup if t < warmup else lr_max * (T - t) / (T - warmup)


@mistake(of="warmup_cosine", says="t // warmup is 0 in all of the warm-up. Divide with /.")
def warmup_cosine_with_whole_numbers(lr_max, t, warmup, T):
    return lr_max * (t // warmup) if t < warmup else after_warmup(lr_max, t, warmup, T)


@mistake(of="warmup_cosine", says="In the warm-up you divide by T. The line is at lr_max at t = warmup: divide by it.")
def warmup_cosine_that_rises_too_slowly(lr_max, t, warmup, T):
    return lr_max * t / T if t < warmup else after_warmup(lr_max, t, warmup, T)


@mistake(
    of="warmup_cosine", says="You take warmup as a share of T. It is a time, like t: the warm-up ends at t = warmup."
)
def warmup_cosine_with_warmup_as_a_share(lr_max, t, warmup, T):
    return lr_max * t / (warmup * T) if t < warmup * T else after_warmup(lr_max, t, warmup * T, T)


@mistake(of="warmup_cosine", says="The rate ends at a tenth of lr_max. Here it ends at 0.")
def warmup_cosine_to_a_tenth(lr_max, t, warmup, T):
    return lr_max * t / warmup if t < warmup else 0.1 * lr_max + 0.9 * after_warmup(lr_max, t, warmup, T)


@mistake(of="warmup_cosine", says="The warm-up starts above 0. It is a line from 0: lr_max t / warmup.")
def warmup_cosine_from_a_tenth(lr_max, t, warmup, T):
    return lr_max * (0.1 + 0.9 * t / warmup) if t < warmup else after_warmup(lr_max, t, warmup, T)


@mistake(of="warmup_cosine", says="With warmup = 0 the rate stays at lr_max. There too it falls, from t = 0 on.")
def warmup_cosine_that_stays_without_warmup(lr_max, t, warmup, T):
    return reference.warmup_cosine(lr_max, t, warmup, T) if warmup else lr_max


@mistake(of="warmup_cosine", says="The half is missing in the fall: (1 + cos) goes from 2 to 0, and is divided by 2.")
def warmup_cosine_without_the_half(lr_max, t, warmup, T):
    return lr_max * t / warmup if t < warmup else 2 * after_warmup(lr_max, t, warmup, T)


# one_cycle


def cycle(
    lr_max, t, T, pct_start=0.3, div_factor=25, final_div_factor=1e4, *, first=None, last=None, peak=None,
    straight=False,
):  # fmt: skip
    """One cycle with parts to get wrong: both ends, where the peak is, lines in place of cosines."""
    first = lr_max / div_factor if first is None else first
    last = lr_max / div_factor / final_div_factor if last is None else last
    peak = pct_start * T if peak is None else peak
    up = t < peak
    progress = t / peak if up else (t - peak) / (T - peak)
    weight = progress if straight else (1 - math.cos(math.pi * progress)) / 2
    return first + (lr_max - first) * weight if up else lr_max + (last - lr_max) * weight


@mistake(of="one_cycle", says="The rate moves along lines. Both the rise and the fall are half cosines.")
def one_cycle_along_lines(lr_max, t, T, pct_start=0.3, div_factor=25, final_div_factor=1e4):
    return cycle(lr_max, t, T, pct_start, div_factor, final_div_factor, straight=True)


@mistake(of="one_cycle", says="The rise is a line. It is half a cosine, like the fall.")
def one_cycle_with_a_straight_rise(lr_max, t, T, pct_start=0.3, div_factor=25, final_div_factor=1e4):
    rises = t < pct_start * T
    return cycle(lr_max, t, T, pct_start, div_factor, final_div_factor, straight=rises)


@mistake(of="one_cycle", says="The rate starts at 0. It starts at lr_max / div_factor.")
def one_cycle_from_zero(lr_max, t, T, pct_start=0.3, div_factor=25, final_div_factor=1e4):
    return cycle(lr_max, t, T, pct_start, div_factor, final_div_factor, first=0.0)


@mistake(of="one_cycle", says="The rate ends at 0. It ends at lr_max / (div_factor final_div_factor).")
def one_cycle_to_zero(lr_max, t, T, pct_start=0.3, div_factor=25, final_div_factor=1e4):
    return cycle(lr_max, t, T, pct_start, div_factor, final_div_factor, last=0.0)


@mistake(
    of="one_cycle",
    says="The last rate is lr_max / final_div_factor. It is the first rate over final_div_factor: divide by both.",
)
def one_cycle_to_a_part_of_the_highest(lr_max, t, T, pct_start=0.3, div_factor=25, final_div_factor=1e4):
    return cycle(lr_max, t, T, pct_start, div_factor, final_div_factor, last=lr_max / final_div_factor)


@mistake(of="one_cycle", says="The rate ends where it began. It falls on, to the first rate over final_div_factor.")
def one_cycle_back_to_the_first_rate(lr_max, t, T, pct_start=0.3, div_factor=25, final_div_factor=1e4):
    return cycle(lr_max, t, T, pct_start, div_factor, last=lr_max / div_factor)


@mistake(of="one_cycle", says="The peak is always at 0.3 T. Use the argument pct_start.")
def one_cycle_ignores_pct_start(lr_max, t, T, pct_start=0.3, div_factor=25, final_div_factor=1e4):
    return reference.one_cycle(lr_max, t, T, 0.3, div_factor, final_div_factor)


@mistake(of="one_cycle", says="The first rate is always lr_max / 25. Use the argument div_factor.")
def one_cycle_ignores_div_factor(lr_max, t, T, pct_start=0.3, div_factor=25, final_div_factor=1e4):
    return reference.one_cycle(lr_max, t, T, pct_start, 25, final_div_factor)


@mistake(of="one_cycle", says="The last rate is always the first over 10000. Use the argument final_div_factor.")
def one_cycle_ignores_final_div_factor(lr_max, t, T, pct_start=0.3, div_factor=25, final_div_factor=1e4):
    return reference.one_cycle(lr_max, t, T, pct_start, div_factor, 1e4)


@mistake(of="one_cycle", says="The peak is in the middle, at T / 2. It is at pct_start T.")
def one_cycle_with_the_peak_in_the_middle(lr_max, t, T, pct_start=0.3, div_factor=25, final_div_factor=1e4):
    return reference.one_cycle(lr_max, t, T, 0.5, div_factor, final_div_factor)


@mistake(of="one_cycle", says="pct_start is the share of the rise, at the start. You give that share to the fall.")
def one_cycle_with_pct_start_for_the_fall(lr_max, t, T, pct_start=0.3, div_factor=25, final_div_factor=1e4):
    return cycle(lr_max, t, T, 1 - pct_start, div_factor, final_div_factor)


@mistake(of="one_cycle", says="The peak is rounded to a whole step. It is at pct_start T exactly.")
def one_cycle_with_a_rounded_peak(lr_max, t, T, pct_start=0.3, div_factor=25, final_div_factor=1e4):
    return cycle(lr_max, t, T, pct_start, div_factor, final_div_factor, peak=int(pct_start * T))


@mistake(
    of="one_cycle",
    says="The peak is at pct_start T - 1 and the end at T - 1, as in PyTorch's OneCycleLR. Here time is 0 to T.",
)
def one_cycle_as_in_pytorch(lr_max, t, T, pct_start=0.3, div_factor=25, final_div_factor=1e4):
    first, peak, end = lr_max / div_factor, pct_start * T - 1, T - 1
    if t <= peak:
        return first + (lr_max - first) * (1 - math.cos(math.pi * t / peak)) / 2
    last = first / final_div_factor
    return last + (lr_max - last) * (1 + math.cos(math.pi * (t - peak) / (end - peak))) / 2


@mistake(
    of="one_cycle", says="The fall is counted from t = 0, so the rate jumps at the peak. Count from there: t - peak."
)
def one_cycle_with_a_jump(lr_max, t, T, pct_start=0.3, div_factor=25, final_div_factor=1e4):
    last = lr_max / div_factor / final_div_factor
    if t < pct_start * T:
        return cycle(lr_max, t, T, pct_start, div_factor)
    return last + (lr_max - last) * (1 + math.cos(math.pi * t / T)) / 2


@mistake(of="one_cycle", says="The fall takes T steps, and is not at its end at t = T. It lasts T - peak.")
def one_cycle_that_falls_too_slowly(lr_max, t, T, pct_start=0.3, div_factor=25, final_div_factor=1e4):
    last, peak = lr_max / div_factor / final_div_factor, pct_start * T
    if t < peak:
        return cycle(lr_max, t, T, pct_start, div_factor)
    return last + (lr_max - last) * (1 + math.cos(math.pi * (t - peak) / T)) / 2


@mistake(
    of="one_cycle",
    says="With pct_start = 0 you divide by 0 at t = 0. The rise is for t < peak alone; then comes the fall.",
)
def one_cycle_dividing_by_zero(lr_max, t, T, pct_start=0.3, div_factor=25, final_div_factor=1e4):
    peak, first = pct_start * T, lr_max / div_factor
    if t <= peak:
        return first + (lr_max - first) * (1 - math.cos(math.pi * (t / peak))) / 2
    return cycle(lr_max, t, T, pct_start, div_factor, final_div_factor)


@mistake(
    of="one_cycle", says="lr_max is the highest rate, at the peak. You start there and rise to div_factor times it."
)
def one_cycle_from_lr_max(lr_max, t, T, pct_start=0.3, div_factor=25, final_div_factor=1e4):
    return reference.one_cycle(lr_max * div_factor, t, T, pct_start, div_factor, final_div_factor)


@mistake(of="one_cycle", says="The rate is rounded. Its last values are far below that: leave all digits in place.")
def one_cycle_rounded(lr_max, t, T, pct_start=0.3, div_factor=25, final_div_factor=1e4):
    return round(reference.one_cycle(lr_max, t, T, pct_start, div_factor, final_div_factor), 6)


# lr_finder


def searched(
    step, lr_min=1e-7, lr_max=10, steps=100, *, spaced=np.geomspace, limit=lambda losses: 4 * min(losses),
    look=lambda loss: loss, record_last=True, not_finite=True, record_not_finite=True,
):  # fmt: skip
    """The search with parts to get wrong: the rates, when it stops, what it looks at, what it records."""
    rates, losses = [], []
    for rate in spaced(lr_min, lr_max, steps).tolist():
        loss = look(float(step(rate)))
        finite = math.isfinite(loss)
        stops = (not_finite and not finite) or (bool(losses) and loss > limit(losses))
        if not stops or (record_last if finite else record_last and record_not_finite):
            rates.append(rate)
            losses.append(loss)
        if stops:
            break
    return np.array(rates), np.array(losses)


def lowest(rates, losses):
    """A tenth of the rate with the lowest finite loss, the first of equals."""
    return float(rates[np.nanargmin(losses)]) / 10


def with_suggestion(rates, losses):
    return rates, losses, lowest(rates, losses)


@mistake(
    of="lr_finder",
    says="The rates are equally far apart. They are geometric: each is the same times the one before, np.geomspace.",
)
def lr_finder_with_equal_distances(step, lr_min=1e-7, lr_max=10, steps=100):
    return with_suggestion(*searched(step, lr_min, lr_max, steps, spaced=np.linspace))


@mistake(
    of="lr_finder",
    says="The last rate is not lr_max. Between `steps` rates there are steps - 1 gaps: the power is i / (steps - 1).",
)
def lr_finder_that_stops_short_of_lr_max(step, lr_min=1e-7, lr_max=10, steps=100):
    def spaced(low, high, count):
        return low * (high / low) ** (np.arange(count) / count)

    return with_suggestion(*searched(step, lr_min, lr_max, steps, spaced=spaced))


@mistake(
    of="lr_finder", says="The rate is raised before the first step. The first rate that is tried is lr_min itself."
)
def lr_finder_that_starts_after_lr_min(step, lr_min=1e-7, lr_max=10, steps=100):
    def spaced(low, high, count):
        return low * (high / low) ** (np.arange(1, count + 1) / count)

    return with_suggestion(*searched(step, lr_min, lr_max, steps, spaced=spaced))


@mistake(of="lr_finder", says="The point at which the search stops is missing. Record it, then stop.")
def lr_finder_without_the_last_point(step, lr_min=1e-7, lr_max=10, steps=100):
    return with_suggestion(*searched(step, lr_min, lr_max, steps, record_last=False))


@mistake(of="lr_finder", says="A loss that is not finite is not recorded. It is the last point, like any that stops.")
def lr_finder_without_the_point_that_is_not_finite(step, lr_min=1e-7, lr_max=10, steps=100):
    return with_suggestion(*searched(step, lr_min, lr_max, steps, record_not_finite=False))


@mistake(of="lr_finder", says="The search never stops early. It ends above 4 times the lowest loss so far.")
def lr_finder_that_never_stops(step, lr_min=1e-7, lr_max=10, steps=100):
    rates = np.geomspace(lr_min, lr_max, steps)
    return with_suggestion(rates, np.array([float(step(rate)) for rate in rates.tolist()]))


@mistake(of="lr_finder", says="nan > 4 times the best is False, so the search goes on. Ask np.isfinite as well.")
def lr_finder_that_goes_on_after_nan(step, lr_min=1e-7, lr_max=10, steps=100):
    def limit(losses):
        return 4 * min((x for x in losses if math.isfinite(x)), default=math.inf)

    return with_suggestion(*searched(step, lr_min, lr_max, steps, limit=limit, not_finite=False))


@mistake(of="lr_finder", says="argmin takes nan for the lowest loss. Take the lowest finite one, as np.nanargmin does.")
def lr_finder_that_suggests_nan(step, lr_min=1e-7, lr_max=10, steps=100):
    rates, losses = searched(step, lr_min, lr_max, steps)
    return rates, losses, float(rates[np.argmin(losses)]) / 10


@mistake(
    of="lr_finder", says="You suggest the rate with the lowest loss itself, which is too high. Suggest a tenth of it."
)
def lr_finder_that_suggests_the_lowest(step, lr_min=1e-7, lr_max=10, steps=100):
    rates, losses = searched(step, lr_min, lr_max, steps)
    return rates, losses, 10 * lowest(rates, losses)


@mistake(
    of="lr_finder",
    says="You suggest the rate at which the loss falls fastest. Here it is a tenth of the one with the lowest loss.",
)
def lr_finder_that_suggests_the_steepest(step, lr_min=1e-7, lr_max=10, steps=100):
    rates, losses = searched(step, lr_min, lr_max, steps)
    with np.errstate(all="ignore"):
        slopes = np.diff(losses)
    return rates, losses, float(rates[np.argmin(slopes)]) if len(slopes) else float(rates[0])


@mistake(of="lr_finder", says="You suggest a tenth of the last rate. It is a tenth of the one with the lowest loss.")
def lr_finder_that_suggests_from_the_last(step, lr_min=1e-7, lr_max=10, steps=100):
    rates, losses = searched(step, lr_min, lr_max, steps)
    return rates, losses, float(rates[-1]) / 10


@mistake(of="lr_finder", says="You suggest the lowest loss. The suggestion is a rate: a tenth of the one it came with.")
def lr_finder_that_suggests_a_loss(step, lr_min=1e-7, lr_max=10, steps=100):
    rates, losses = searched(step, lr_min, lr_max, steps)
    return rates, losses, float(np.nanmin(losses))


@mistake(of="lr_finder", says="You suggest the place of the lowest loss in the list. Look up the rate at that place.")
def lr_finder_that_suggests_an_index(step, lr_min=1e-7, lr_max=10, steps=100):
    rates, losses = searched(step, lr_min, lr_max, steps)
    return rates, losses, int(np.nanargmin(losses))


@mistake(of="lr_finder", says="You return logarithms of the rates. Return the rates themselves.")
def lr_finder_with_logarithms(step, lr_min=1e-7, lr_max=10, steps=100):
    rates, losses = searched(step, lr_min, lr_max, steps)
    return np.log10(rates), losses, lowest(rates, losses)


@mistake(of="lr_finder", says="You compare with 4 times the first loss. It is 4 times the lowest so far.")
def lr_finder_compared_with_the_first(step, lr_min=1e-7, lr_max=10, steps=100):
    return with_suggestion(*searched(step, lr_min, lr_max, steps, limit=lambda losses: 4 * losses[0]))


@mistake(of="lr_finder", says="You compare with 4 times the loss before. It is 4 times the lowest so far.")
def lr_finder_compared_with_the_one_before(step, lr_min=1e-7, lr_max=10, steps=100):
    return with_suggestion(*searched(step, lr_min, lr_max, steps, limit=lambda losses: 4 * losses[-1]))


@mistake(of="lr_finder", says="The search stops at the first loss that rises. It goes on up to 4 times the lowest one.")
def lr_finder_that_stops_at_any_rise(step, lr_min=1e-7, lr_max=10, steps=100):
    return with_suggestion(*searched(step, lr_min, lr_max, steps, limit=min))


@mistake(of="lr_finder", says="The search stops at exactly 4 times the lowest loss. It stops above that: >, not >=.")
def lr_finder_that_stops_at_four_times(step, lr_min=1e-7, lr_max=10, steps=100):
    def limit(losses):
        return math.nextafter(4 * min(losses), 0.0)

    return with_suggestion(*searched(step, lr_min, lr_max, steps, limit=limit))


@mistake(of="lr_finder", says="The losses are smoothed. Record each one as step returns it.")
def lr_finder_with_smooth_losses(step, lr_min=1e-7, lr_max=10, steps=100):
    average, count = 0.0, 0

    def look(loss):
        nonlocal average, count
        average, count = 0.98 * average + 0.02 * loss, count + 1
        return average / (1 - 0.98**count)

    return with_suggestion(*searched(step, lr_min, lr_max, steps, look=look))


@mistake(of="lr_finder", says="All rates come back although the search stopped early. There is one for each loss.")
def lr_finder_with_rates_never_tried(step, lr_min=1e-7, lr_max=10, steps=100):
    rates, losses = searched(step, lr_min, lr_max, steps)
    return np.geomspace(lr_min, lr_max, steps), losses, lowest(rates, losses)


@mistake(
    of="lr_finder",
    says="The rate is recorded after it was raised for the next step. Record the one that step was called with.",
)
def lr_finder_that_records_the_next_rate(step, lr_min=1e-7, lr_max=10, steps=100):
    rates, losses = searched(step, lr_min, lr_max, steps)
    return with_suggestion(rates * (lr_max / lr_min) ** (1 / (steps - 1)), losses)


@mistake(
    of="lr_finder", says="The results are in another order: first the rates, then the losses, then the suggestion."
)
def lr_finder_exchanged(step, lr_min=1e-7, lr_max=10, steps=100):
    rates, losses, suggestion = reference.lr_finder(step, lr_min, lr_max, steps)
    return losses, rates, suggestion


@mistake(of="lr_finder", says="Only the suggestion comes back. Return three things: rates, losses and the suggestion.")
def lr_finder_of_the_suggestion_alone(step, lr_min=1e-7, lr_max=10, steps=100):
    return reference.lr_finder(step, lr_min, lr_max, steps)[2]


@mistake(of="lr_finder", says="The number of rates is fixed at 100. Use the argument steps.")
def lr_finder_of_a_hundred_steps(step, lr_min=1e-7, lr_max=10, steps=100):
    return reference.lr_finder(step, lr_min, lr_max, 100)


@mistake(of="lr_finder", says="The rates always run from 1e-7 to 10. Use the arguments lr_min and lr_max.")
def lr_finder_of_fixed_rates(step, lr_min=1e-7, lr_max=10, steps=100):
    return reference.lr_finder(step, 1e-7, 10, steps)


@mistake(of="lr_finder", says="Of several equal lowest losses you take the last. The first one counts.")
def lr_finder_of_the_last_of_equals(step, lr_min=1e-7, lr_max=10, steps=100):
    rates, losses = searched(step, lr_min, lr_max, steps)
    return rates, losses, float(rates[::-1][np.nanargmin(losses[::-1])]) / 10


@mistake(
    of="lr_finder",
    says="The first ten and the last five points are cut off, as for a plot. Return all that were tried.",
)
def lr_finder_cut_for_a_plot(step, lr_min=1e-7, lr_max=10, steps=100):
    rates, losses = searched(step, lr_min, lr_max, steps)
    inner = slice(10, -5) if len(rates) > 20 else slice(None)
    return rates[inner], losses[inner], lowest(rates, losses)
