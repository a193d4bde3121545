"""Checks that come with the handout: worked examples, laws that hold for every draw, contracts."""

import math

import numpy as np

from grader.authoring import (
    arrays,
    assert_close,
    assert_contract,
    assert_equal,
    assert_that,
    assert_within,
    floats,
    given,
    integers,
    lists,
    points,
    requires,
    rng,
    sampled_from,
    seeds,
)

# The handout's worked examples.
X = np.array(
    [[0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0], [0.0, 1.0, 4.0, 9.0, 16.0, 25.0, 36.0, 49.0, 64.0, 81.0]]
)
Y = np.array([0, 1, 0, 1, 0, 1, 0, 1, 0, 1])
TAGS = [["blurry"], ["dog", "blurry"], [], ["dog", "dog"], ["filter", "blurry"]]
SPACE = {
    "rate": ("log_uniform", 1e-4, 1e-1), "momentum": ("uniform", 0.5, 0.99), "layers": ("int", 1, 3),
    "activation": ("choice", ["relu", "tanh"]),
}  # fmt: skip
GRID = {"rate": [0.1, 0.2], "layers": [1, 2, 3]}

ROUNDING = 1e-12  # terms that cancel leave 1e-17 or 0, according to the order of the sum
ENDS = 1e-6  # a draw in float32 may be beyond the end of its range by so much, in proportion
PARTS = ("inputs", "randomness")


def examples(m):
    """m examples that can be told apart, two features each, and labels that follow from them."""
    ids = np.arange(m, dtype=np.float64)
    return np.stack([ids, ids**2]), 10 + np.arange(m)


def parts_of(got, count):
    """The parts of a split as pairs of arrays, before they are taken apart."""
    assert_that(
        isinstance(got, list | tuple) and len(got) == count, f"split must return a list of {count} pairs (X, Y)."
    )
    good = all(isinstance(part, list | tuple) and len(part) == 2 for part in got)
    assert_that(
        good and all(isinstance(a, np.ndarray) for part in got for a in part), "Each part must be a pair (X, Y)."
    )
    return [(np.asarray(x), np.asarray(y)) for x, y in got]


def single(value):
    """The number in a numpy scalar or an array of no axes; other values as they are."""
    return value.item() if isinstance(value, np.generic | np.ndarray) and np.ndim(value) == 0 else value


def plain(settings):
    """Settings as a dict of Python's own numbers."""
    return {name: single(value) for name, value in settings.items()}


def trial_of(got, what):
    """(settings, score) of a trial, before it is taken apart."""
    good = isinstance(got, list | tuple) and len(got) == 2 and isinstance(got[0], dict)
    assert_that(good, f"{what} must be a pair (settings, score), where settings is a dict.")
    return plain(got[0]), single(got[1])


def trials_of(got):
    """The trials of a search, as pairs (settings, score)."""
    assert_that(isinstance(got, list | tuple) and len(got) == 2, "A search must return the pair (best, trials).")
    assert_that(isinstance(got[1], list | tuple), "trials must be a list.")
    return [trial_of(trial, "A trial") for trial in got[1]]


class Notes:
    """A score that remembers for which settings it was asked in a search, and is higher where it is asked again.

    A search begins with the settings that came first, which have a high score.
    """

    def __init__(self):
        self.asked = []

    def __call__(self, settings):
        settings = plain(settings)
        if not self.asked or settings == self.asked[0]:
            self.asked = [settings]
            return 99.0
        self.asked.append(settings)
        return settings["momentum"] + self.asked.count(settings)


def distance(settings):
    """A score that knows the best rate, 0.01, and prefers few layers."""
    return abs(math.log10(single(settings["rate"])) + 2) + single(settings["layers"]) / 10


def slope(settings):
    return single(settings["rate"]) * 10 - single(settings["layers"])


# split


@points(3)
def test_split_of_the_worked_example(student):
    """Ten examples split 0.6, 0.2, 0.2 give parts of 6, 2 and 2, each example in one of them, with its own label."""
    parts = parts_of(student.split(X, Y, [0.6, 0.2, 0.2], rng(0)), 3)
    assert_equal([list(x.shape) for x, _ in parts], [[2, 6], [2, 2], [2, 2]], label="the list of the shapes of X")
    assert_equal([list(y.shape) for _, y in parts], [[6], [2], [2]], label="the list of the shapes of Y")
    ids = np.concatenate([x[0] for x, _ in parts])
    assert_equal(sorted(ids.tolist()), X[0].tolist(), label="the examples of all parts")
    assert_equal(np.concatenate([y for _, y in parts]), ids.astype(int) % 2, label="their labels")


@points(3)
@given(
    m=integers(1, 30),
    fractions=sampled_from([[1.0], [0.7, 0.3], [0.25, 0.5, 0.25], [0.1, 0.2, 0.3, 0.4]]),
    seed=seeds(),
)
def test_split_uses_every_example_once(student, m, fractions, seed):
    """Every example is in exactly one part, and X and Y stay together."""
    X, Y = examples(m)
    parts = parts_of(student.split(X, Y, fractions, rng(seed)), len(fractions))
    together = np.concatenate([x for x, _ in parts], axis=1)
    assert_equal(sorted(together[0].tolist()), X[0].tolist(), label="the examples of all parts")
    assert_close(together[1], together[0] ** 2, label="the second feature of each example")
    assert_equal(np.concatenate([y for _, y in parts]), 10 + together[0].astype(int), label="the label of each example")


@points(1.5)
@given(m=integers(2, 20), K=integers(1, 4), seed=seeds())
def test_split_of_columns_of_labels(student, m, K, seed):
    """Y may be a matrix with a column for each example, as one-hot labels are."""
    X, ids = examples(m)
    Y = np.stack([ids * (k + 1.0) for k in range(K)])
    parts = parts_of(student.split(X, Y, [0.5, 0.5], rng(seed)), 2)
    assert_equal([y.ndim for _, y in parts], [2, 2], label="the axes of Y")
    labels = np.concatenate([y for _, y in parts], axis=1)
    order = np.concatenate([x[0] for x, _ in parts]).astype(int)
    assert_equal(labels, Y[:, order], label="the labels")


@points(1.5)
def test_split_draws_from_rng(student):
    """The same rng gives the same parts, and another one others."""
    X, Y = examples(40)
    first, again, other = (parts_of(student.split(X, Y, [0.5, 0.5], rng(seed)), 2) for seed in (1, 1, 2))
    assert_close([x for x, _ in again], [x for x, _ in first], "draw from the argument rng alone", label="the parts")
    assert_that(not np.array_equal(other[0][0], first[0][0]), "Another rng gives the same parts: draw from rng.")


@points(1.5)
@given(X=arrays("n", "m>=2"), seed=seeds())
def test_split_contract(student, X, seed):
    """split leaves X and Y alone, returns copies, also of a single part, and keeps float32."""
    Y = np.arange(X.shape[1])
    assert_contract(student.split, X, Y, [0.5, 0.5], rng(seed))
    assert_contract(student.split, X, Y, [1.0], rng(seed), parts=("inputs", "memory"))


# diagnose


@points(3)
def test_diagnose_of_the_worked_example(student):
    """diagnose gives the gaps of the worked example, and says what to fix first."""
    expected = {"avoidable_bias": 0.07, "variance": 0.02, "mismatch": None, "fix_first": "bias"}
    assert_close(student.diagnose(0.01, 0.08, 0.1), expected, slack=ROUNDING)
    expected = {"avoidable_bias": 0.005, "variance": 0.005, "mismatch": 0.08, "fix_first": "mismatch"}
    assert_close(student.diagnose(0.01, 0.015, 0.1, train_dev_error=0.02), expected, slack=ROUNDING)


@points(1.5)
@given(human=floats(0.0, 0.3), train=floats(0.0, 0.3), dev=floats(0.0, 0.3))
def test_diagnose_gaps_add_up(student, human, train, dev):
    """Together the gaps are what separates the human error from the dev error, with a train-dev set and without."""
    two = student.diagnose(human, train, dev)
    assert_that(isinstance(two, dict), "diagnose must return a dict.")
    assert_close(two["avoidable_bias"] + two["variance"], dev - human, label="the sum of two gaps", slack=ROUNDING)
    three = student.diagnose(human, train, dev, train_dev_error=0.2)
    total = three["avoidable_bias"] + three["variance"] + three["mismatch"]
    assert_close(total, dev - human, label="the sum of three gaps", slack=ROUNDING)


@points(1.5)
def test_diagnose_takes_the_first_gap(student):
    """Bias comes before variance, and variance before mismatch, however large they are."""
    assert_equal(student.diagnose(0.0, 0.1, 0.5)["fix_first"], "bias", label="fix_first")
    assert_equal(student.diagnose(0.0, 0.0, 0.5, train_dev_error=0.1)["fix_first"], "variance", label="fix_first")


@points(1.5)
def test_diagnose_without_a_gap(student):
    """Where no gap is larger than the tolerance, fix_first is the word none."""
    assert_equal(student.diagnose(0.1, 0.11, 0.12, tolerance=0.05)["fix_first"], "none", label="fix_first")
    assert_equal(student.diagnose(0.3, 0.1, 0.1)["fix_first"], "none", label="fix_first, where nothing is worse")


# error_analysis


@points(3)
def test_error_analysis_of_the_worked_example(student):
    """error_analysis gives the table of the worked example."""
    expected = [("blurry", 3, 0.6), ("dog", 2, 0.4), ("filter", 1, 0.2)]
    assert_close(student.error_analysis(TAGS), expected, slack=ROUNDING)


@points(1.5)
def test_error_analysis_counts_a_category_once(student):
    """A category that is named twice for one example counts once: examples are counted."""
    got = student.error_analysis([["dark", "dark"], ["small"], ["small", "dark", "dark"]])
    assert_close(got, [("dark", 2, 2 / 3), ("small", 2, 2 / 3)], slack=ROUNDING)


@points(1.5)
def test_error_analysis_of_equal_counts(student):
    """Categories of one count come in the order of their names."""
    got = student.error_analysis([["zebra"], ["cat", "bird"], ["cat"], ["ant", "zebra"]])
    assert_close(got, [("cat", 2, 0.5), ("zebra", 2, 0.5), ("ant", 1, 0.25), ("bird", 1, 0.25)], slack=ROUNDING)


@points(1)
def test_error_analysis_of_nothing(student):
    """Without examples there is nothing to count; examples without a category count in the shares."""
    assert_equal(student.error_analysis([]), [])
    assert_close(student.error_analysis([[], ["dog"], [], []]), [("dog", 1, 0.25)], slack=ROUNDING)


@points(0.5)
def test_error_analysis_contract(student):
    """error_analysis leaves the tags alone."""
    before = [["b", "a", "b"], ["c"], []]
    seen = student.error_analysis.observe(before)
    after = seen.seen.get("after", [[before]])[0][0]
    assert_that(after == before, "error_analysis changes the list of tags; work on a copy or a set.")


# sample_log_uniform


@points(2)
@given(low=sampled_from([1e-5, 0.01, 2.0]), decades=floats(0.1, 4.0), seed=seeds())
def test_sample_log_uniform_stays_in_range(student, low, decades, seed):
    """All numbers are from low to high."""
    high = low * 10**decades
    x = student.sample_log_uniform(low, high, 20, rng(seed))
    assert_within(x, low * (1 - ENDS), high * (1 + ENDS), "the numbers")


@points(1.5)
@given(size=sampled_from([1, 5, (3,), (2, 3), (1, 4, 2)]), seed=seeds())
def test_sample_log_uniform_shape(student, size, seed):
    """size is the shape of the result: an int or a tuple."""
    x = student.sample_log_uniform(0.1, 10.0, size, rng(seed))
    assert_equal(list(np.shape(x)), [size] if isinstance(size, int) else list(size), label="the shape of the result")


@points(1)
@given(low=floats(0.01, 50.0), seed=seeds())
def test_sample_log_uniform_of_one_number(student, low, seed):
    """Where low and high are equal there is but one number to draw."""
    assert_close(student.sample_log_uniform(low, low, 3, rng(seed)), np.full(3, low))


@points(1.5)
def test_sample_log_uniform_draws_from_rng(student):
    """The same rng gives the same numbers, another one others, and no global generator is used."""
    first, again, other = (student.sample_log_uniform(0.001, 1.0, 5, rng(seed)) for seed in (1, 1, 2))
    assert_close(again, np.asarray(first), "draw from the argument rng alone")
    assert_that(not np.array_equal(other, first), "Another rng gives the same numbers: draw from rng.")
    assert_contract(student.sample_log_uniform, 0.001, 1.0, 5, rng(3), parts=PARTS)


# random_search


@points(3)
@requires("sample_log_uniform")
@given(budget=integers(1, 8), seed=seeds())
def test_random_search_trials(student, budget, seed):
    """There are `budget` trials, each with a value from its range for every name and with the score of its settings."""
    trials = trials_of(student.random_search(SPACE, distance, budget, rng(seed)))
    assert_equal(len(trials), budget, label="the number of trials")
    for settings, score in trials:
        assert_equal(sorted(settings), sorted(SPACE), label="the names in the settings")
        assert_within(settings["rate"], 1e-4 * (1 - ENDS), 1e-1 * (1 + ENDS), "rate")
        assert_within(settings["momentum"], 0.5, 0.99 + ENDS, "momentum")
        assert_that(settings["layers"] in (1, 2, 3), "layers must be one of the whole numbers 1, 2 and 3.")
        assert_that(settings["activation"] in ("relu", "tanh"), "activation must be one of the options.")
        assert_close(score, distance(settings), label="the score of a trial")


@points(2.5)
@requires("sample_log_uniform")
@given(budget=integers(1, 12), seed=seeds())
def test_random_search_keeps_the_lowest(student, budget, seed):
    """best is the trial with the lowest score, with the settings that it had."""
    got = student.random_search(SPACE, slope, budget, rng(seed))
    lowest = min(trials_of(got), key=lambda trial: trial[1])
    best = trial_of(got[0], "best")
    assert_close(best[1], lowest[1], "lower is better", label="the score of best")
    assert_equal(best[0], lowest[0], label="the settings of best")


@points(2)
@requires("sample_log_uniform")
@given(budget=integers(2, 8), seed=seeds())
def test_random_search_evaluates_each_trial_once(student, budget, seed):
    """evaluate is called once for each trial, in the order of the trials, and not again for the best one."""
    notes = Notes()
    trials = trials_of(student.random_search(SPACE, notes, budget, rng(seed)))
    assert_equal(len(notes.asked), budget, "evaluate is expensive: keep its score", label="the calls of evaluate")
    assert_equal([settings for settings, _ in trials], notes.asked, label="the settings of the trials")


@points(2)
@requires("sample_log_uniform")
def test_random_search_draws_from_rng(student):
    """The same rng gives the same trials, another one others, and no global generator is used."""
    runs = [trials_of(student.random_search(SPACE, distance, 4, rng(seed))) for seed in (1, 1, 2)]
    first, again, other = ([settings["momentum"] for settings, _ in trials] for trials in runs)
    assert_close(again, first, "draw from the argument rng alone", label="the values of momentum")
    assert_that(other != first, "Another rng gives the same settings: draw from rng.")
    assert_that(len(set(first)) == 4, "Each trial must have settings of its own, drawn for it.")
    assert_contract(student.random_search, SPACE, distance, 3, rng(3), parts=PARTS)


# grid_search


@points(3)
def test_grid_search_of_the_worked_example(student):
    """grid_search tries the six settings of the worked example in their order; the last name changes fastest."""
    got = student.grid_search(GRID, slope)
    order = [(0.1, 1), (0.1, 2), (0.1, 3), (0.2, 1), (0.2, 2), (0.2, 3)]
    expected = [({"rate": rate, "layers": layers}, 10 * rate - layers) for rate, layers in order]
    assert_close(trials_of(got), expected, label="trials", slack=ROUNDING)
    best = trial_of(got[0], "best")
    assert_close(best, ({"rate": 0.1, "layers": 3}, -2.0), label="best", slack=ROUNDING)


@points(2)
@given(sizes=lists(integers(1, 3), min_size=1, max_size=4))
def test_grid_search_tries_every_combination(student, sizes):
    """There is a trial for every combination of the values, once each, whatever the number of names."""
    space = {f"p{i}": [10 * i + k for k in range(size)] for i, size in enumerate(sizes)}
    trials = trials_of(student.grid_search(space, lambda settings: float(sum(settings.values()))))
    tried = [tuple(settings.get(name) for name in space) for settings, _ in trials]
    assert_equal(len(tried), math.prod(sizes), label="the number of trials")
    assert_equal(len(set(tried)), math.prod(sizes), label="the number of different settings")


@points(1.5)
def test_grid_search_of_values_of_every_kind(student):
    """Values may be numbers, words, None, or lists, and arrive as they are."""
    space = {"activation": ["relu", "tanh"], "dropout": [None, 0.5], "layers": [[64], [64, 32]]}
    trials = trials_of(student.grid_search(space, lambda settings: float(len(settings.get("layers", [])))))
    order = [(a, d, l) for a in ("relu", "tanh") for d in (None, 0.5) for l in ([64], [64, 32])]
    expected = [({"activation": a, "dropout": d, "layers": l}, float(len(l))) for a, d, l in order]
    assert_close(trials, expected, label="trials")


@points(1)
def test_grid_search_evaluates_each_trial_once(student):
    """evaluate is called once for each trial, in their order, and not again for the best one."""
    notes = Notes()
    trials = trials_of(student.grid_search({"momentum": [3, 1, 2], "rate": [0, 1]}, notes))
    assert_equal(len(notes.asked), 6, "evaluate is expensive: keep its score", label="the calls of evaluate")
    assert_equal([settings for settings, _ in trials], notes.asked, label="the settings of the trials")


@points(1)
def test_grid_search_contract(student):
    """grid_search leaves the space alone."""
    assert_contract(student.grid_search, GRID, slope, parts=("inputs",))
