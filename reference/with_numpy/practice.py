"""Practice: splitting data, diagnosing errors, and searching for hyperparameters."""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reference.shapes import expect_shape, require

Array = NDArray[Any]
Settings = dict[str, Any]
Trial = tuple[Settings, float]

__all__ = [  # noqa: RUF022
    "split",
    "diagnose",
    "error_analysis",
    "sample_log_uniform",
    "random_search",
    "grid_search",
]


def split(X: Array, Y: Array, fractions: Sequence[float], rng: np.random.Generator) -> list[tuple[Array, Array]]:
    """Shuffle the examples and cut them into parts: train, dev, test, or any other number.

    X : (n_x, m), examples are columns.  Y : (K, m) or (m,), the labels of the same examples.
    fractions : numbers of at least 0 that add up to 1, one for each part.  rng : draws one permutation.
    Returns a list of (X, Y), one pair for each fraction, in that order. X and Y are shuffled together; every example
    is in exactly one part; the entries keep their type; all parts are copies.

        part k holds the shuffled columns from round(m sum_{j<k} fractions_j) up to round(m sum_{j<=k} fractions_j)

    Rounding is to the nearest integer, a half to the even one.

    Source: Ng (2018), Machine Learning Yearning, chapters 5 to 7, on sets for training, development and testing.
    Raises ValueError if Y does not have one label for each column of X, if a fraction is negative, or if they do not
    add up to 1 (within 1e-9).
    """
    expect_shape("X", X, "n_x", "m")
    m = X.shape[1]
    if len(getattr(Y, "shape", ())) == 1:
        expect_shape("Y", Y, m)
    else:
        expect_shape("Y", Y, "K", m)
    shares = [float(fraction) for fraction in fractions]
    good = len(shares) > 0 and all(share >= 0 for share in shares) and abs(sum(shares) - 1) <= 1e-9
    require(good, "fractions", shares, "numbers of at least 0 that add up to 1")
    order = rng.permutation(m)
    cuts = np.rint(np.cumsum(shares[:-1]) * m).astype(int)
    return [(X[:, part], Y[..., part]) for part in np.split(order, cuts)]


def diagnose(
    human_error: float,
    train_error: float,
    dev_error: float,
    train_dev_error: float | None = None,
    tolerance: float = 0.01,
) -> dict[str, float | str | None]:
    """Say which part of the error to attack first: bias, variance, or a mismatch of the data.

    human_error, train_error, dev_error : error rates from 0 to 1; the human one stands for the best possible.
    train_dev_error : the rate on data that is distributed like the training set but was not trained on, or None.
    tolerance : the largest gap that is left alone, at least 0.
    Returns a dict with the floats avoidable_bias, variance and mismatch (None without train_dev_error), and fix_first,
    one of the strings bias, variance, mismatch and none.

        avoidable_bias = train - human
        variance = dev - train, or train_dev - train where train_dev is known        mismatch = dev - train_dev

    fix_first is the first of bias, variance, mismatch whose gap is strictly above the tolerance, and none if no gap is.

    Source: Ng (2018), Machine Learning Yearning, chapters 22 and 41.
    Raises ValueError if an error is not from 0 to 1 or the tolerance is negative.
    """
    errors = {"human_error": human_error, "train_error": train_error, "dev_error": dev_error}
    if train_dev_error is not None:
        errors["train_dev_error"] = train_dev_error
    for name, error in errors.items():
        require(bool(0 <= error <= 1), name, error, "an error rate from 0 to 1")
    require(bool(tolerance >= 0), "tolerance", tolerance, "a number of at least 0")
    unseen = float(dev_error if train_dev_error is None else train_dev_error)
    bias, variance = float(train_error) - float(human_error), unseen - float(train_error)
    mismatch = None if train_dev_error is None else float(dev_error) - unseen
    gaps = {"bias": bias, "variance": variance, "mismatch": mismatch}
    fix_first = next((name for name, gap in gaps.items() if gap is not None and gap > tolerance), "none")
    return {"avoidable_bias": bias, "variance": variance, "mismatch": mismatch, "fix_first": fix_first}


def error_analysis(tags: Sequence[Iterable[str]]) -> list[tuple[str, int, float]]:
    """Count what the misclassified examples have in common, the most frequent first.

    tags : for each misclassified example, a list (or set) of its categories; it may be empty, and a category that
    is named twice for one example counts once.
    Returns a list of (category, count, share), by falling count and then by name: count is the number of examples with
    the category, share is count / len(tags). Examples may have several categories, so that shares may add up to more
    than 1. No examples give an empty list.

    Source: Ng (2018), Machine Learning Yearning, chapters 14 to 19.
    Raises ValueError if the tags of an example are a bare string.
    """
    for k, categories in enumerate(tags):
        require(not isinstance(categories, str), f"tags[{k}]", repr(categories), "a list of categories")
    counts = Counter(category for categories in tags for category in set(categories))
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return [(category, count, count / len(tags)) for category, count in ranked]


def sample_log_uniform(low: float, high: float, size: int | tuple[int, ...], rng: np.random.Generator) -> Array:
    """Draw numbers whose logarithm is uniform, so that every decade is equally likely.

    low, high : the ends of the range, 0 < low <= high.  size : the shape of the result, an int or a tuple.
    rng : the source of randomness.  Returns an array of that shape, float64, all entries in [low, high].

        x = exp(u), u ~ U(log low, log high)

    Source: Bergstra and Bengio (2012), Random search for hyper-parameter optimization, section 2.
    Raises ValueError unless 0 < low <= high and both are finite.
    """
    require(bool(0 < low <= high < math.inf), "low, high", (low, high), "0 < low <= high, both finite")
    u = rng.uniform(math.log(low), math.log(high), size)
    return np.clip(np.exp(u), low, high)


def random_search(
    space: Mapping[str, tuple[Any, ...]],
    evaluate: Callable[[Settings], float],
    budget: int,
    rng: np.random.Generator,
) -> tuple[Trial, list[Trial]]:
    """Try random settings and keep the best one.

    space : maps each name to one of ("log_uniform", low, high), ("uniform", low, high), ("int", low, high) with both
    ends possible, and ("choice", options), options a list; every draw is independent of the others.
    evaluate : takes a dict from names to values and returns its score, lower is better; called once for each trial.
    budget : the number of trials, an int of at least 1.  rng : the only source of randomness.
    Returns (best, trials): trials is the list of all (settings, score) in the order tried, best is the one with the
    lowest score, the first of equals. A score that is not a number counts as the worst.

    Source: Bergstra and Bengio (2012), Random search for hyper-parameter optimization.
    Raises ValueError if budget is not a positive whole number or an entry of space is none of the four.
    """
    require(int(budget) == budget and budget >= 1, "budget", budget, "a positive whole number")
    for name, entry in space.items():
        _expect_entry(name, entry)
    drawn = ({name: _draw(entry, rng) for name, entry in space.items()} for _ in range(int(budget)))
    return _search(drawn, evaluate)


def grid_search(space: Mapping[str, Sequence[Any]], evaluate: Callable[[Settings], float]) -> tuple[Trial, list[Trial]]:
    """Try every combination of the listed values and keep the best one.

    space : maps each name to a list of at least one value.
    evaluate : takes a dict from names to values and returns its score, lower is better; called once for each trial.
    Returns (best, trials): trials is the list of all (settings, score) in the order tried, where the last name changes
    fastest; best is the one with the lowest score, the first of equals. A score that is not a number counts as the
    worst.

    Source: Bergstra and Bengio (2012), Random search for hyper-parameter optimization, section 1.
    Raises ValueError if a name has no values.
    """
    for name, values in space.items():
        require(not isinstance(values, str) and len(values) >= 1, f"space['{name}']", values, "a list of values")
    return _search((dict(zip(space, values, strict=True)) for values in product(*space.values())), evaluate)


def _search(candidates: Iterable[Settings], evaluate: Callable[[Settings], float]) -> tuple[Trial, list[Trial]]:
    # evaluate gets a copy: what it does to its argument must not reach the record.
    trials = [(settings, float(evaluate(dict(settings)))) for settings in candidates]
    best = min(trials, key=lambda trial: (math.isnan(trial[1]), trial[1]))
    return best, trials


def _expect_entry(name: str, entry: tuple[Any, ...]) -> None:
    match tuple(entry):
        case ("log_uniform", low, high):
            good = bool(0 < low <= high < math.inf)
        case ("uniform", low, high):
            good = bool(-math.inf < low <= high < math.inf)
        case ("int", low, high):
            good = float(low).is_integer() and float(high).is_integer() and bool(low <= high)
        case ("choice", options):
            good = not isinstance(options, str) and len(options) >= 1
        case _:
            good = False
    needed = "('log_uniform' | 'uniform' | 'int', low, high) with low <= high, or ('choice', options)"
    require(good, f"space['{name}']", entry, needed)


def _draw(entry: tuple[Any, ...], rng: np.random.Generator) -> Any:
    match tuple(entry):
        case ("log_uniform", low, high):
            return float(sample_log_uniform(low, high, (), rng))
        case ("uniform", low, high):
            return float(rng.uniform(low, high))
        case ("int", low, high):
            return int(rng.integers(int(low), int(high), endpoint=True))
        case (_, options):
            return options[int(rng.integers(len(options)))]
