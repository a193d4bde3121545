"""Checks that compare with the reference on drawn inputs, checks of what is drawn, and the corners."""

import math

import numpy as np

from grader.authoring import (
    assert_close,
    assert_distribution,
    assert_equal,
    assert_frequency,
    assert_independent,
    assert_that,
    assume,
    booleans,
    floats,
    given,
    integers,
    lists,
    points,
    requires,
    rng,
    sampled_from,
    seeds,
    timeout,
)
from reference.with_numpy import practice as reference

ROUNDING = 1e-12  # terms that cancel leave 1e-17 or 0, according to the order of the sum
DRAWS = 1500

# Exact in binary, so that no rounding decides whether a gap is above the tolerance.
sixty_fourths = integers(0, 64).map(lambda n: n / 64)


def even(u):
    """The distribution function of U(0, 1)."""
    return np.clip(u, 0, 1)


def sizes_of(got):
    assert_that(isinstance(got, list | tuple) and len(got) > 0, "split must return a list of pairs (X, Y).")
    return [np.shape(part[0])[-1] for part in got]


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


def best_of(got):
    """The best trial of a search, as (settings, score)."""
    assert_that(isinstance(got, list | tuple) and len(got) == 2, "A search must return the pair (best, trials).")
    return trial_of(got[0], "best")


# split


@points(4)
@given(
    m=integers(1, 60),
    fractions=sampled_from([
        [0.6, 0.2, 0.2], [0.98, 0.01, 0.01], [1 / 3, 1 / 3, 1 / 3], [0.15, 0.7, 0.15], [0.9, 0.1], [0.2] * 5,
    ]),
)  # fmt: skip
def test_split_sizes(student, m, fractions):
    """Parts end at round(m times the sum of the fractions so far), so that no example is left over."""
    places = m * np.cumsum(fractions[:-1])
    assume(np.abs(places % 1 - 0.5).min() > 1e-6)  # where a half is not exact, the order of the sum would decide
    X = np.arange(m, dtype=np.float64)[None, :]
    cuts = [0, *np.rint(places).astype(int).tolist(), m]
    got = student.split(X, np.arange(m), fractions, rng(0))
    assert_equal(sizes_of(got), np.diff(cuts).tolist(), label="the sizes of the parts")


@points(1)
def test_split_rounds_a_half_to_the_even(student):
    """A cut at a half goes to the even number, as Python's round and NumPy's do."""
    X = np.arange(10.0)[None, :]
    assert_equal(sizes_of(student.split(X, np.arange(10), [0.25, 0.75], rng(0))), [2, 8], label="the sizes for 10")
    X = np.arange(6.0)[None, :]
    assert_equal(sizes_of(student.split(X, np.arange(6), [0.25, 0.75], rng(0))), [2, 4], label="the sizes for 6")


@points(1.5)
@given(m=integers(1, 9), seed=seeds())
def test_split_of_small_parts(student, m, seed):
    """A fraction of 0 gives a part without examples, X with no columns and Y with no labels."""
    X = np.arange(2.0 * m).reshape(2, m)
    got = student.split(X, np.arange(m), [0.0, 1.0, 0.0], rng(seed))
    assert_equal([list(np.shape(x)) for x, _ in got], [[2, 0], [2, m], [2, 0]], label="the shapes of X")
    assert_equal([list(np.shape(y)) for _, y in got], [[0], [m], [0]], label="the shapes of Y")


@points(1)
@given(m=integers(2, 9), seed=seeds())
def test_split_keeps_types(student, m, seed):
    """Whole numbers stay whole numbers, and float32 stays float32."""
    X, Y = np.arange(2 * m, dtype=np.float32).reshape(2, m), np.arange(m)
    for x, y in student.split(X, Y, [0.5, 0.5], rng(seed)):
        kinds = [np.asarray(x).dtype.name, np.asarray(y).dtype.kind]
        assert_equal(kinds, ["float32", "i"], label="the types of X and Y")


@points(4)
def test_split_shuffles_evenly(student):
    """Any example may come to any part and to any place in it, each with the same chance."""
    X = np.arange(4.0)[None, :]
    orders = []
    for seed in range(DRAWS):
        got = student.split(X, np.arange(4), [0.5, 0.5], rng(seed))
        assert_equal(sizes_of(got), [2, 2], label="the sizes of the parts")
        orders.append(np.concatenate([np.asarray(x)[0] for x, _ in got]))
    orders = np.array(orders)
    for place in range(4):
        count = int(np.sum(orders[:, place] == 0))
        what = f"how often the first of four examples comes to place {place + 1}"
        assert_frequency(count, DRAWS, 1 / 4, what, "shuffle the examples before you cut", detects=0.15)


# diagnose


@points(3)
@given(
    human=sixty_fourths, train=sixty_fourths, dev=sixty_fourths, known=booleans(), train_dev=sixty_fourths,
    tolerance=sampled_from([0.0, 1 / 64, 0.125, 0.25]),
)  # fmt: skip
def test_diagnose_values(student, human, train, dev, known, train_dev, tolerance):
    """diagnose is right for all errors and tolerances, also where a lower error than expected makes a gap negative."""
    named = {"tolerance": tolerance} | ({"train_dev_error": train_dev} if known else {})
    expected = reference.diagnose(human, train, dev, **named)
    assert_close(student.diagnose(human, train, dev, **named), expected, slack=ROUNDING)


@points(2)
def test_diagnose_wants_more_than_the_tolerance(student):
    """A gap that is exactly the tolerance is left alone."""
    got = student.diagnose(0.125, 0.25, 0.75, tolerance=0.125)
    assert_equal(got["fix_first"], "variance", label="fix_first, with a bias of just the tolerance")
    got = student.diagnose(0.25, 0.25, 0.75, train_dev_error=0.25, tolerance=0.5)
    assert_equal(got["fix_first"], "none", label="fix_first, with a mismatch of just the tolerance")


@points(1)
@given(gap=sampled_from([0.0095, 0.0105, 0.03]))
def test_diagnose_by_default(student, gap):
    """Unless told otherwise, gaps of up to 0.01 are left alone."""
    expected = "bias" if gap > 0.01 else "none"
    assert_equal(student.diagnose(0.1, 0.1 + gap, 0.1 + gap)["fix_first"], expected, label="fix_first")


@points(1.5)
def test_diagnose_of_a_perfect_train_dev_error(student):
    """A train-dev error of 0 is an error that is known, not one that is missing."""
    got = student.diagnose(0.0, 0.0, 0.25, train_dev_error=0.0)
    expected = {"avoidable_bias": 0.0, "variance": 0.0, "mismatch": 0.25, "fix_first": "mismatch"}
    assert_close(got, expected)


@points(1)
@given(human=floats(0.0, 1.0), train=floats(0.0, 1.0), dev=floats(0.0, 1.0), train_dev=floats(0.0, 1.0))
def test_diagnose_does_not_round(student, human, train, dev, train_dev):
    """The gaps are exact differences, to the last digit."""
    expected = reference.diagnose(human, train, dev, train_dev_error=train_dev)
    got = student.diagnose(human, train, dev, train_dev_error=train_dev)
    for gap in ("avoidable_bias", "variance", "mismatch"):
        assert_close(got[gap], expected[gap], label=gap, slack=ROUNDING)


# error_analysis


categories = sampled_from(["blur", "dark", "dog", "Dog", "great cat", "mirror"])


@points(3.5)
@given(tags=lists(lists(categories, max_size=4), max_size=9))
def test_error_analysis_values(student, tags):
    """error_analysis is right for any number of examples and categories, with repetitions and without."""
    assert_close(student.error_analysis(tags), reference.error_analysis(tags), slack=ROUNDING)


@points(1.5)
@given(n=integers(1, 40), k=integers(1, 40))
def test_error_analysis_of_many_examples(student, n, k):
    """Shares are of the examples, and may add up to more than 1; all categories are listed."""
    tags = [[f"c{i % 7}", f"d{i % k}"] for i in range(n)]
    assert_close(student.error_analysis(tags), reference.error_analysis(tags), slack=ROUNDING)


@points(1.5)
@given(tags=lists(lists(categories, max_size=4), max_size=9))
def test_error_analysis_forgets_the_order(student, tags):
    """The order of the examples, and of the categories of an example, does not matter."""
    expected = student.error_analysis(tags)
    turned = [example[::-1] for example in tags[::-1]]
    assert_that(isinstance(expected, list | tuple), "error_analysis must return a list of (category, count, share).")
    assert_close(student.error_analysis(turned), expected, slack=ROUNDING)


# sample_log_uniform


@points(3)
def test_sample_log_uniform_is_even_in_the_logarithm(student):
    """The logarithm of the numbers is spread evenly from log low to log high."""
    for low, high, seed in ((1e-4, 1.0, 30), (3.0, 20.0, 31)):
        x = np.asarray(student.sample_log_uniform(low, high, 6000, rng(seed)), float)
        assert_that(bool(np.all(x > 0)), "The numbers must be positive.")
        share = (np.log(x) - math.log(low)) / math.log(high / low)
        what = f"the logarithms of numbers from {low:g} to {high:g}"
        assert_distribution(share, even, what, detects=0.08)


@points(2)
def test_sample_log_uniform_of_every_decade(student):
    """Every decade is equally likely: from 0.001 to 1, a third of the numbers is below 0.01."""
    x = np.asarray(student.sample_log_uniform(0.001, 1.0, (60, 50), rng(32)), float)
    for low, high in ((0.001, 0.01), (0.01, 0.1), (0.1, 1.0)):
        count = int(np.sum((x >= low) & (x < high)))
        assert_frequency(count, x.size, 1 / 3, f"the share from {low:g} to {high:g}", detects=0.12)


@points(1)
def test_sample_log_uniform_draws_each_number(student):
    """Neighbouring numbers have nothing to do with each other, in rows and in columns."""
    x = np.log(np.asarray(student.sample_log_uniform(0.01, 100.0, (60, 60), rng(33)), float))
    assert_independent(x[1:], x[:-1], "rows of the result")
    assert_independent(x[:, 1:], x[:, :-1], "columns of the result")


# random_search


def drawn(student, *entries, seed):
    """Values of 60 names, to which the entries are given in turn, in 25 trials: (25, 60)."""
    space = {f"x{i}": entries[i % len(entries)] for i in range(60)}
    trials = trials_of(student.random_search(space, lambda settings: 0.0, 25, rng(seed)))
    assert_equal(len(trials), 25, label="the number of trials")
    assert_that(all(name in settings for settings, _ in trials for name in space), "Settings must have every name.")
    return np.array([[settings[name] for name in space] for settings, _ in trials])


@points(4)
@requires("sample_log_uniform")
@timeout(60)  # 1,500 draws, each a question to the judge where the reference stands in
def test_random_search_draws_as_asked(student):
    """Values have the distribution of their entry: log_uniform, uniform, int with both ends, and choice."""
    rates = drawn(student, ("log_uniform", 1e-5, 1e-1), seed=40)
    assert_that(bool(np.all(rates > 0)), "Values of a log_uniform entry must be positive.")
    assert_distribution(np.log10(rates / 1e-5) / 4, even, "the logarithm of a log_uniform value", detects=0.17)
    assert_distribution(
        (drawn(student, ("uniform", -1.0, 3.0), seed=41) + 1) / 4, even, "a uniform value", detects=0.17
    )
    whole, sizes = drawn(student, ("int", 2, 5), seed=42), drawn(student, ("choice", [16, 32, 64]), seed=43)
    for n in range(2, 6):
        count = int(np.sum(whole == n))
        assert_frequency(count, whole.size, 1 / 4, f"how often an int from 2 to 5 is {n}", "5 counts too", detects=0.15)
    for size in (16, 32, 64):
        count = int(np.sum(sizes == size))
        assert_frequency(count, sizes.size, 1 / 3, f"how often the option {size} of three is drawn", detects=0.15)


@points(2.5)
@requires("sample_log_uniform")
@timeout(60)  # 1,500 draws, each a question to the judge where the reference stands in
def test_random_search_draws_each_value_by_itself(student):
    """What one name gets says nothing about another name, nor about the next trial."""
    x = drawn(student, ("uniform", -1.0, 1.0), ("log_uniform", 0.01, 100.0), seed=44)
    x[:, 1::2] = np.log(x[:, 1::2])
    assert_independent(x[:, 1:], x[:, :-1], "a uniform and a log_uniform value of a trial", detects=0.16)
    assert_independent(x[:, 2:], x[:, :-2], "two values of a trial with the same entry", detects=0.16)
    assert_independent(x[1:], x[:-1], "a value in neighbouring trials", detects=0.16)


@points(2)
@requires("sample_log_uniform")
@given(budget=integers(2, 9), seed=seeds())
def test_random_search_of_equal_scores(student, budget, seed):
    """Of trials with the same score the first is best."""
    space = {"u": ("uniform", 0.0, 1.0), "n": ("int", 0, 3)}
    got = student.random_search(space, lambda settings: single(settings["n"]) // 2, budget, rng(seed))
    first = min(trials_of(got), key=lambda trial: trial[1])
    assert_equal(best_of(got)[0], first[0], "the first of equals", label="the settings of best")


@points(2)
@requires("sample_log_uniform")
@given(budget=integers(4, 9), seed=seeds())
def test_random_search_of_a_score_that_is_no_number(student, budget, seed):
    """A score that is nan is recorded, and is worse than every number."""
    space = {"n": ("int", 0, 2), "u": ("uniform", 0.0, 1.0)}

    def evaluate(settings):
        return math.nan if single(settings["n"]) == 0 else single(settings["u"])

    got = student.random_search(space, evaluate, budget, rng(seed))
    trials = trials_of(got)
    scores = np.array([score for _, score in trials], float)
    assert_equal(np.isnan(scores), np.array([s["n"] == 0 for s, _ in trials]), label="where the score is nan")
    if not np.isnan(scores).all():
        assert_close(best_of(got)[1], float(np.nanmin(scores)), "nan is no low score", label="the score of best")


@points(1)
@requires("sample_log_uniform")
@given(seed=seeds())
def test_random_search_of_options_of_every_kind(student, seed):
    """Options may be numbers, words, None or lists, also side by side, and are handed over as they are."""
    options = [1, "one", None, [64, 32]]
    trials = trials_of(student.random_search({"x": ("choice", options)}, lambda settings: 0.0, 6, rng(seed)))
    for settings, _ in trials:
        value = settings["x"]
        same = any(type(value) is type(option) and value == option for option in options)
        assert_that(same, "A value must be one of the options, of the same type.", "draw an index, not from an array")


@points(1)
@requires("sample_log_uniform")
@given(seed=seeds(), low=integers(-3, 3))
def test_random_search_of_single_values(student, seed, low):
    """A range of one number and a list of one option leave no choice."""
    space = {"n": ("int", low, low), "u": ("uniform", 0.5, 0.5), "c": ("choice", ["only"])}
    best = best_of(student.random_search(space, lambda settings: -1e9, 1, rng(seed)))
    assert_close(best, ({"n": low, "u": 0.5, "c": "only"}, -1e9), label="best")


# grid_search


@points(3)
@given(sizes=lists(integers(1, 3), min_size=1, max_size=3), seed=seeds())
def test_grid_search_values(student, sizes, seed):
    """grid_search gives the right trials, in the right order, and the right best one, for any space and any scores."""
    values = np.random.default_rng(seed).uniform(-3, 3, (len(sizes), 3)).round(2)
    space = {name: values[i, :size].tolist() for i, (name, size) in enumerate(zip("zab", sizes, strict=False))}

    def evaluate(settings):
        return math.floor(sum(float(single(settings.get(name, 0))) * ("zab".index(name) + 1) for name in space))

    best, trials = reference.grid_search(space, evaluate)
    got = student.grid_search(space, evaluate)
    assert_close(trials_of(got), trials, label="trials")
    assert_close(best_of(got), best, "of equal scores the first is best", label="best")


@points(1.5)
@given(order=sampled_from([[0, 1, 2], [1, 0, 2], [2, 1, 0]]), far=sampled_from([-1e12, 1e12]))
def test_grid_search_of_a_score_that_is_no_number(student, order, far):
    """A score of nan is worse than every number, wherever it comes; numbers may be large, and negative."""
    scores = [math.nan, far, far + 1e6]
    got = student.grid_search({"n": order}, lambda settings: scores[settings["n"]])
    assert_equal(len(trials_of(got)), 3, label="the number of trials")
    assert_close(best_of(got), ({"n": 1}, far), "nan is no low score", label="best")


@points(1)
def test_grid_search_of_equal_scores(student):
    """Of trials with the same score the first is best."""
    best = best_of(student.grid_search({"a": [2, 1], "b": [1, 2]}, lambda settings: 7.0))
    assert_close(best, ({"a": 2, "b": 1}, 7.0), label="best")
