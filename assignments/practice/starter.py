"""Practice. The handout says what each function does; `grader check practice` grades this file."""

import numpy as np


def split(X, Y, fractions, rng):
    """Shuffle the examples and cut them into parts: train, dev, test, or any other number.

    X : (n_x, m), examples are columns.  Y : (K, m) or (m,), the labels of the same examples.
    fractions : numbers of at least 0 that add up to 1, one for each part.  rng : draws one permutation.
    Returns a list of (X, Y), one pair for each fraction, in that order. X and Y are shuffled together; every example
    is in exactly one part; the entries keep their type; all parts are copies.

        part k holds the shuffled columns from round(m sum_{j<k} fractions_j) up to round(m sum_{j<=k} fractions_j)

    Rounding is to the nearest integer, a half to the even one.

    Source: Ng (2018), Machine Learning Yearning, chapters 5 to 7, on sets for training, development and testing.
    """
    raise NotImplementedError


def diagnose(human_error, train_error, dev_error, train_dev_error=None, tolerance=0.01):
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
    """
    raise NotImplementedError


def error_analysis(tags):
    """Count what the misclassified examples have in common, the most frequent first.

    tags : for each misclassified example, a list (or set) of its categories; it may be empty, and a category that
    is named twice for one example counts once.
    Returns a list of (category, count, share), by falling count and then by name: count is the number of examples with
    the category, share is count / len(tags). Examples may have several categories, so that shares may add up to more
    than 1. No examples give an empty list.

    Source: Ng (2018), Machine Learning Yearning, chapters 14 to 19.
    """
    raise NotImplementedError


def sample_log_uniform(low, high, size, rng):
    """Draw numbers whose logarithm is uniform, so that every decade is equally likely.

    low, high : the ends of the range, 0 < low <= high.  size : the shape of the result, an int or a tuple.
    rng : the source of randomness.  Returns an array of that shape, float64, all entries in [low, high].

        x = exp(u), u ~ U(log low, log high)

    Source: Bergstra and Bengio (2012), Random search for hyper-parameter optimization, section 2.
    """
    raise NotImplementedError


def random_search(space, evaluate, budget, rng):
    """Try random settings and keep the best one.

    space : maps each name to one of ("log_uniform", low, high), ("uniform", low, high), ("int", low, high) with both
    ends possible, and ("choice", options), options a list; every draw is independent of the others.
    evaluate : takes a dict from names to values and returns its score, lower is better; called once for each trial.
    budget : the number of trials, an int of at least 1.  rng : the only source of randomness.
    Returns (best, trials): trials is the list of all (settings, score) in the order tried, best is the one with the
    lowest score, the first of equals. A score that is not a number counts as the worst.

    Source: Bergstra and Bengio (2012), Random search for hyper-parameter optimization.
    """
    raise NotImplementedError


def grid_search(space, evaluate):
    """Try every combination of the listed values and keep the best one.

    space : maps each name to a list of at least one value.
    evaluate : takes a dict from names to values and returns its score, lower is better; called once for each trial.
    Returns (best, trials): trials is the list of all (settings, score) in the order tried, where the last name changes
    fastest; best is the one with the lowest score, the first of equals. A score that is not a number counts as the
    worst.

    Source: Bergstra and Bengio (2012), Random search for hyper-parameter optimization, section 1.
    """
    raise NotImplementedError
