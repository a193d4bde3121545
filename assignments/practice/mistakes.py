"""What goes wrong in this assignment, function by function, each with the sentence that explains it."""

import math
from collections import Counter
from itertools import product

import numpy as np

from grader.authoring import mistake
from reference.with_numpy import practice as reference

# split


def cut(X, Y, order, cuts):
    """Parts of the examples in the given order."""
    return [(X[:, part], Y[..., part]) for part in np.split(order, cuts)]


def ends(X, fractions):
    """Where the parts end, the last one aside."""
    return np.rint(np.cumsum(fractions[:-1]) * X.shape[1]).astype(int)


@mistake(of="split", says="Nothing is shuffled: the parts follow the order of the data. Draw a permutation from rng.")
def split_in_order(X, Y, fractions, rng):
    return cut(X, Y, np.arange(X.shape[1]), ends(X, fractions))


@mistake(of="split", says="Only X is shuffled, so labels belong to other examples. Index Y with the same permutation.")
def split_of_x_alone(X, Y, fractions, rng):
    order, cuts = rng.permutation(X.shape[1]), ends(X, fractions)
    parts, labels = cut(X, Y, order, cuts), cut(X, Y, np.arange(X.shape[1]), cuts)
    return [(x, y) for (x, _), (_, y) in zip(parts, labels, strict=True)]


@mistake(of="split", says="X and Y are shuffled by two permutations. Draw one, for both.")
def split_with_two_permutations(X, Y, fractions, rng):
    cuts, m = ends(X, fractions), X.shape[1]
    parts, labels = cut(X, Y, rng.permutation(m), cuts), cut(X, Y, rng.permutation(m), cuts)
    return [(x, y) for (x, _), (_, y) in zip(parts, labels, strict=True)]


@mistake(of="split", says="int rounds down: int(0.29 * 100) is 28. Cut at round(m times the sum so far).")
def split_rounding_down(X, Y, fractions, rng):
    return cut(X, Y, rng.permutation(X.shape[1]), (np.cumsum(fractions[:-1]) * X.shape[1]).astype(int))


@mistake(
    of="split",
    says="You round the size of each part, and the errors add up. Round where parts end: m times the sum so far.",
)
def split_rounding_sizes(X, Y, fractions, rng):
    m = X.shape[1]
    sizes = [round(f * m) for f in fractions[:-1]]
    return cut(X, Y, rng.permutation(m), np.minimum(np.cumsum(sizes), m).astype(int))


@mistake(of="split", says="A half is rounded up. Round it to the even number, as round and np.round do.")
def split_rounding_halves_up(X, Y, fractions, rng):
    return cut(X, Y, rng.permutation(X.shape[1]), np.floor(np.cumsum(fractions[:-1]) * X.shape[1] + 0.5).astype(int))


@mistake(of="split", says="The examples left over by rounding are lost. The last part goes on to the end, m.")
def split_losing_the_rest(X, Y, fractions, rng):
    m = X.shape[1]
    cuts = np.cumsum([int(f * m) for f in fractions])
    return cut(X, Y, rng.permutation(m), cuts)[: len(fractions)]


@mistake(of="split", says="There are always three parts here. There is one for each fraction.")
def split_into_three(X, Y, fractions, rng):
    padded = [*fractions, 0.0, 0.0, 0.0][:3]
    return cut(X, Y, rng.permutation(X.shape[1]), ends(X, padded))


@mistake(of="split", says="Examples are columns. You split the features, the rows of X.")
def split_of_rows(X, Y, fractions, rng):
    order = rng.permutation(len(X))
    cuts = np.rint(np.cumsum(fractions[:-1]) * len(X)).astype(int)
    return [(X[part], Y[..., : len(part)]) for part in np.split(order, cuts)]


@mistake(of="split", says="An example may be drawn twice: rng.integers repeats. Use a permutation.")
def split_with_repetition(X, Y, fractions, rng):
    m = X.shape[1]
    return cut(X, Y, rng.integers(0, m, m), ends(X, fractions))


@mistake(of="split", says="Only labels of the shape (m,) are cut right. Y may be (K, m): index its last axis.")
def split_of_flat_labels(X, Y, fractions, rng):
    order, m = rng.permutation(X.shape[1]), X.shape[1]
    rows = [part[part < len(Y)] for part in np.split(order, np.rint(np.cumsum(fractions[:-1]) * m).astype(int))]
    return [(x, Y[part]) for (x, _), part in zip(cut(X, Y, order, ends(X, fractions)), rows, strict=True)]


@mistake(of="split", says="Each part is sorted again. The examples come in the order of the permutation.")
def split_sorted(X, Y, fractions, rng):
    order = rng.permutation(X.shape[1])
    return [(X[:, np.sort(p)], Y[..., np.sort(p)]) for p in np.split(order, ends(X, fractions))]


@mistake(of="split", says="rng.shuffle turns the caller's array around. Draw a permutation of the indices instead.")
def split_in_place(X, Y, fractions, rng):
    order = rng.permutation(X.shape[1])
    parts = cut(X, Y, order, ends(X, fractions))
    X[:] = X[:, order]
    return parts


@mistake(of="split", says="A single part is the caller's own array. Return copies.")
def split_sharing_memory(X, Y, fractions, rng):
    return [(X, Y)] if len(fractions) == 1 else reference.split(X, Y, fractions, rng)


@mistake(of="split", says="You seed a generator of your own: every call gives the same parts. Draw from rng.")
def split_with_its_own_seed(X, Y, fractions, rng):
    return reference.split(X, Y, fractions, np.random.default_rng(0))


@mistake(of="split", says="The labels became floats. Keep the type of Y: index it, and put it into no other array.")
def split_with_float_labels(X, Y, fractions, rng):
    return [(x.astype(np.float64), y.astype(np.float64)) for x, y in reference.split(X, Y, fractions, rng)]


@mistake(of="split", says="You return all X, then all Y. Each part is a pair (X, Y).")
def split_into_lists(X, Y, fractions, rng):
    parts = reference.split(X, Y, fractions, rng)
    return [x for x, _ in parts], [y for _, y in parts]


# diagnose


def report(human, train, dev, train_dev=None, tolerance=0.01, fix=None, names=("bias", "variance", "mismatch")):
    """The dict of diagnose; `fix` chooses among the gaps."""
    unseen = dev if train_dev is None else train_dev
    gaps = [train - human, unseen - train, None if train_dev is None else dev - train_dev]
    known = {name: gap for name, gap in zip(names, gaps, strict=True) if gap is not None}
    fix = fix or (lambda gaps: next((name for name, gap in gaps.items() if gap > tolerance), "none"))
    return {"avoidable_bias": gaps[0], "variance": gaps[1], "mismatch": gaps[2], "fix_first": fix(known)}


@mistake(
    of="diagnose", says="The bias is measured from 0. Avoidable is what lies above the human error: train - human."
)
def diagnose_without_the_human(human_error, train_error, dev_error, train_dev_error=None, tolerance=0.01):
    return report(0.0, train_error, dev_error, train_dev_error, tolerance)


@mistake(of="diagnose", says="The variance is measured from the human error. It is dev - train.")
def diagnose_with_a_variance_from_the_human(human_error, train_error, dev_error, train_dev_error=None, tolerance=0.01):
    found = report(human_error, train_error, dev_error, train_dev_error, tolerance)
    unseen = dev_error if train_dev_error is None else train_dev_error
    found["variance"] = unseen - human_error
    return found


@mistake(of="diagnose", says="With a train-dev error the variance is train_dev - train. You still take dev - train.")
def diagnose_with_the_whole_variance(human_error, train_error, dev_error, train_dev_error=None, tolerance=0.01):
    found = report(human_error, train_error, dev_error, train_dev_error, tolerance)
    found["variance"] = dev_error - train_error
    gaps = {"bias": found["avoidable_bias"], "variance": found["variance"], "mismatch": found["mismatch"]}
    found["fix_first"] = next((n for n, gap in gaps.items() if gap is not None and gap > tolerance), "none")
    return found


@mistake(of="diagnose", says="The mismatch is dev - train_dev. You take dev - train, which has the variance in it.")
def diagnose_with_the_whole_mismatch(human_error, train_error, dev_error, train_dev_error=None, tolerance=0.01):
    found = report(human_error, train_error, dev_error, train_dev_error, tolerance)
    if train_dev_error is not None:
        found["mismatch"] = dev_error - train_error
        if found["fix_first"] == "none" and found["mismatch"] > tolerance:
            found["fix_first"] = "mismatch"
    return found


@mistake(of="diagnose", says="Without a train-dev error the mismatch is not known: None, not 0.")
def diagnose_with_a_mismatch_of_zero(human_error, train_error, dev_error, train_dev_error=None, tolerance=0.01):
    found = report(human_error, train_error, dev_error, train_dev_error, tolerance)
    return {**found, "mismatch": found["mismatch"] or 0.0}


@mistake(
    of="diagnose",
    says="`if train_dev_error:` takes an error of 0 for one that is missing. Ask `if train_dev_error is not None:`.",
)
def diagnose_taking_zero_for_none(human_error, train_error, dev_error, train_dev_error=None, tolerance=0.01):
    return report(human_error, train_error, dev_error, train_dev_error or None, tolerance)


@mistake(of="diagnose", says="You name the largest gap. The first one above the tolerance counts: bias, then variance.")
def diagnose_of_the_largest(human_error, train_error, dev_error, train_dev_error=None, tolerance=0.01):
    def largest(gaps):
        name = max(gaps, key=gaps.get)
        return name if gaps[name] > tolerance else "none"

    return report(human_error, train_error, dev_error, train_dev_error, tolerance, largest)


@mistake(of="diagnose", says="The order is bias, variance, mismatch. You look at the variance first.")
def diagnose_variance_first(human_error, train_error, dev_error, train_dev_error=None, tolerance=0.01):
    def first(gaps):
        order = sorted(gaps, key=["variance", "bias", "mismatch"].index)
        return next((name for name in order if gaps[name] > tolerance), "none")

    return report(human_error, train_error, dev_error, train_dev_error, tolerance, first)


@mistake(of="diagnose", says="A gap of just the tolerance is left alone: it must be larger, > and not >=.")
def diagnose_not_strictly(human_error, train_error, dev_error, train_dev_error=None, tolerance=0.01):
    def first(gaps):
        return next((name for name, gap in gaps.items() if gap >= tolerance), "none")

    return report(human_error, train_error, dev_error, train_dev_error, tolerance, first)


@mistake(of="diagnose", says="tolerance is not used: any gap above 0 counts in your code.")
def diagnose_without_a_tolerance(human_error, train_error, dev_error, train_dev_error=None, tolerance=0.01):
    return report(human_error, train_error, dev_error, train_dev_error, 0.0)


@mistake(of="diagnose", says="The tolerance is always 0.01 here. Use the argument.")
def diagnose_with_a_fixed_tolerance(human_error, train_error, dev_error, train_dev_error=None, tolerance=0.01):
    return report(human_error, train_error, dev_error, train_dev_error, 0.01)


@mistake(of="diagnose", says="The default of tolerance is 0.01. Yours is 0.02.")
def diagnose_with_another_default(human_error, train_error, dev_error, train_dev_error=None, tolerance=0.02):
    return report(human_error, train_error, dev_error, train_dev_error, tolerance)


@mistake(of="diagnose", says="A gap may be negative: it is a difference, not a distance. No abs.")
def diagnose_of_distances(human_error, train_error, dev_error, train_dev_error=None, tolerance=0.01):
    found = report(human_error, train_error, dev_error, train_dev_error, tolerance)
    gaps = {name: None if found[name] is None else abs(found[name]) for name in list(found)[:3]}
    named = zip(("bias", "variance", "mismatch"), gaps.values(), strict=True)
    return {**gaps, "fix_first": next((n for n, gap in named if gap is not None and gap > tolerance), "none")}


@mistake(of="diagnose", says="Negative gaps are set to 0. Leave them as they are.")
def diagnose_of_gains(human_error, train_error, dev_error, train_dev_error=None, tolerance=0.01):
    found = report(human_error, train_error, dev_error, train_dev_error, tolerance)
    return {n: max(0.0, v) if isinstance(v, int | float) else v for n, v in found.items()}


@mistake(of="diagnose", says="The gaps are the wrong way round: train - human, dev - train, dev - train_dev.")
def diagnose_the_wrong_way_round(human_error, train_error, dev_error, train_dev_error=None, tolerance=0.01):
    found = report(human_error, train_error, dev_error, train_dev_error, tolerance)
    return {n: -v if isinstance(v, int | float) else v for n, v in found.items()}


@mistake(of="diagnose", says="The word is bias. avoidable_bias is the name of the gap.")
def diagnose_of_an_avoidable_bias(human_error, train_error, dev_error, train_dev_error=None, tolerance=0.01):
    names = ("avoidable_bias", "variance", "mismatch")
    return report(human_error, train_error, dev_error, train_dev_error, tolerance, names=names)


@mistake(of="diagnose", says="Where nothing is to be fixed, fix_first is the word none, not None.")
def diagnose_of_nothing(human_error, train_error, dev_error, train_dev_error=None, tolerance=0.01):
    found = report(human_error, train_error, dev_error, train_dev_error, tolerance)
    return {**found, "fix_first": None if found["fix_first"] == "none" else found["fix_first"]}


@mistake(of="diagnose", says="The gaps are rounded. Leave them as they are.")
def diagnose_rounded(human_error, train_error, dev_error, train_dev_error=None, tolerance=0.01):
    found = report(human_error, train_error, dev_error, train_dev_error, tolerance)
    return {n: round(v, 4) if isinstance(v, int | float) else v for n, v in found.items()}


# error_analysis


def table(counts, total, key=lambda item: (-item[1], item[0])):
    return [(name, count, count / total) for name, count in sorted(counts.items(), key=key)]


def counted(tags):
    return Counter(category for categories in tags for category in set(categories))


@mistake(of="error_analysis", says="A category that is named twice for one example counts twice. Count a set of each.")
def error_analysis_counting_twice(tags):
    return table(Counter(category for categories in tags for category in categories), len(tags))


@mistake(of="error_analysis", says="Your shares are of all mentions; divide by the number of examples, len(tags).")
def error_analysis_of_shares_of_tags(tags):
    counts = counted(tags)
    return table(counts, sum(counts.values()))


@mistake(
    of="error_analysis",
    says="Examples without a category are left out of the shares. Divide by len(tags), all of them.",
)
def error_analysis_of_tagged_examples(tags):
    return table(counted(tags), sum(1 for categories in tags if categories))


@mistake(of="error_analysis", says="You divide by the number of categories. Divide by the number of examples.")
def error_analysis_by_categories(tags):
    counts = counted(tags)
    return table(counts, len(counts))


@mistake(of="error_analysis", says="Shares are in per cent. They go from 0 to 1.")
def error_analysis_in_per_cent(tags):
    return [(name, count, 100 * share) for name, count, share in reference.error_analysis(tags)]


@mistake(
    of="error_analysis",
    says="Equal counts come in the order in which they were met, as most_common has them. Sort them by name.",
)
def error_analysis_as_most_common(tags):
    counts = Counter(category for categories in tags for category in dict.fromkeys(categories))
    return [(name, count, count / len(tags)) for name, count in counts.most_common()]


@mistake(of="error_analysis", says="reverse=True turns the names around too. Sort by (-count, name).")
def error_analysis_with_names_reversed(tags):
    counts = counted(tags)
    return [(n, c, c / len(tags)) for n, c in sorted(counts.items(), key=lambda item: (item[1], item[0]), reverse=True)]


@mistake(of="error_analysis", says="The rarest category comes first. The most frequent one does.")
def error_analysis_rarest_first(tags):
    return table(counted(tags), len(tags), key=lambda item: (item[1], item[0]))


@mistake(of="error_analysis", says="You sort by name alone. Sort by falling count first.")
def error_analysis_by_name(tags):
    return table(counted(tags), len(tags), key=lambda item: item[0])


@mistake(of="error_analysis", says="Names are sorted without regard to capitals. Sort them as they are.")
def error_analysis_without_capitals(tags):
    return table(counted(tags), len(tags), key=lambda item: (-item[1], item[0].lower(), item[0]))


@mistake(of="error_analysis", says="Without any example you divide by 0. Return an empty list.")
def error_analysis_dividing_by_zero(tags):
    scale = 1 / len(tags)
    return [(name, count, count * scale) for name, count, _ in reference.error_analysis(tags)]


@mistake(of="error_analysis", says="The share is missing: (category, count, share).")
def error_analysis_without_shares(tags):
    return [row[:2] for row in reference.error_analysis(tags)]


@mistake(of="error_analysis", says="Only the ten most frequent categories are listed. List all of them.")
def error_analysis_of_the_first_ten(tags):
    return reference.error_analysis(tags)[:10]


@mistake(of="error_analysis", says="You sort and shorten the lists of the caller. Work on copies or sets.")
def error_analysis_in_place(tags):
    table = reference.error_analysis(tags)
    for categories in tags:
        categories[:] = sorted(set(categories))
    return table


@mistake(of="error_analysis", says="The shares are rounded. Leave them as they are.")
def error_analysis_rounded(tags):
    return [(name, count, round(share, 2)) for name, count, share in reference.error_analysis(tags)]


# sample_log_uniform


@mistake(
    of="sample_log_uniform",
    says="The numbers themselves are uniform: nearly all are in the last decade. Draw the logarithm.",
)
def sample_log_uniform_uniformly(low, high, size, rng):
    return rng.uniform(low, high, size)


@mistake(of="sample_log_uniform", says="The exponent is drawn with log10, and undone with exp. Use 10 ** u, or log.")
def sample_log_uniform_mixing_bases(low, high, size, rng):
    return np.exp(rng.uniform(np.log10(low), np.log10(high), size))


@mistake(
    of="sample_log_uniform",
    says="low and high are the ends of the numbers, not of their exponents. Take logarithms first.",
)
def sample_log_uniform_of_exponents(low, high, size, rng):
    return 10.0 ** rng.uniform(low, high, size)


@mistake(
    of="sample_log_uniform",
    says="The exponents are whole numbers, so that only powers of ten come out. Use rng.uniform.",
)
def sample_log_uniform_of_powers_of_ten(low, high, size, rng):
    a, b = math.ceil(math.log10(low) - 1e-9), math.floor(math.log10(high) + 1e-9)
    return np.clip(10.0 ** rng.integers(min(a, b), max(a, b) + 1, size), low, high)


@mistake(of="sample_log_uniform", says="The logarithm is normal. It is uniform: rng.uniform.")
def sample_log_uniform_of_normal_logarithms(low, high, size, rng):
    middle, deviation = (math.log(low) + math.log(high)) / 2, (math.log(high) - math.log(low)) / 6
    return np.clip(np.exp(middle + deviation * rng.standard_normal(size)), low, high)


@mistake(of="sample_log_uniform", says="These are evenly spaced, not drawn. Draw each number: rng.uniform.")
def sample_log_uniform_as_a_grid(low, high, size, rng):
    return np.geomspace(low, high, int(np.prod(size))).reshape(size)


@mistake(of="sample_log_uniform", says="One number is drawn and repeated. Draw `size` numbers.")
def sample_log_uniform_repeated(low, high, size, rng):
    return np.full(size, np.exp(rng.uniform(math.log(low), math.log(high))))


@mistake(
    of="sample_log_uniform", says="Only the first number of size is used. It may be a tuple, the shape of the result."
)
def sample_log_uniform_of_one_axis(low, high, size, rng):
    return reference.sample_log_uniform(low, high, size if isinstance(size, int) else size[0], rng)


@mistake(of="sample_log_uniform", says="A size of 1 is an array of one number. You take the number out of it.")
def sample_log_uniform_without_an_axis(low, high, size, rng):
    x = reference.sample_log_uniform(low, high, size, rng)
    return float(x[0]) if size == 1 else x


@mistake(of="sample_log_uniform", says="You seed a generator of your own: every call gives the same. Draw from rng.")
def sample_log_uniform_with_its_own_seed(low, high, size, rng):
    return reference.sample_log_uniform(low, high, size, np.random.default_rng(0))


@mistake(of="sample_log_uniform", says="log(high - low) is not log(high) - log(low): you leave the range.")
def sample_log_uniform_of_a_wrong_width(low, high, size, rng):
    width = math.log(max(high - low, 1e-12))
    return np.exp(math.log(low) + width * rng.random(size))


# random_search


def drawn(entry, rng, last=1, log=True, pick=None):
    """One value of an entry of the space, with parts to get wrong."""
    kind = entry[0]
    if kind == "log_uniform":
        low, high = entry[1:]
        return float(np.exp(rng.uniform(math.log(low), math.log(high)))) if log else float(rng.uniform(low, high))
    if kind == "uniform":
        return float(rng.uniform(*entry[1:]))
    if kind == "int":
        return int(rng.integers(entry[1], max(entry[1] + 1, entry[2] + last)))
    return pick(entry[1], rng) if pick else entry[1][int(rng.integers(len(entry[1])))]


def tried(space, evaluate, budget, rng, **how):
    """The trials of a random search."""
    trials = []
    for _ in range(budget):
        settings = {name: drawn(entry, rng, **how) for name, entry in space.items()}
        trials.append((settings, float(evaluate(dict(settings)))))
    return trials


def lowest(trials):
    return min(trials, key=lambda trial: (math.isnan(trial[1]), trial[1]))


@mistake(
    of="random_search",
    says="The upper end of an int is never drawn: rng.integers leaves it out. Add 1, or endpoint=True.",
)
def random_search_without_the_last_int(space, evaluate, budget, rng):
    trials = tried(space, evaluate, budget, rng, last=0)
    return lowest(trials), trials


@mistake(
    of="random_search", says="A log_uniform entry is drawn uniformly. Draw its logarithm, as sample_log_uniform does."
)
def random_search_without_logarithms(space, evaluate, budget, rng):
    trials = tried(space, evaluate, budget, rng, log=False)
    return lowest(trials), trials


@mistake(of="random_search", says="You keep the highest score. Lower is better.")
def random_search_of_the_highest(space, evaluate, budget, rng):
    trials = tried(space, evaluate, budget, rng)
    return max(trials, key=lambda trial: (not math.isnan(trial[1]), trial[1])), trials


@mistake(
    of="random_search", says="Of equal scores you keep the last. Keep the first: replace it only by a lower score."
)
def random_search_of_the_last(space, evaluate, budget, rng):
    trials = tried(space, evaluate, budget, rng)
    return lowest(trials[::-1]), trials


@mistake(
    of="random_search",
    says="Nothing compares with nan: a first score of nan is never replaced. Ask math.isnan.",
)
def random_search_stuck_at_nan(space, evaluate, budget, rng):
    trials = tried(space, evaluate, budget, rng)
    best = trials[0]
    for trial in trials[1:]:
        if trial[1] < best[1]:
            best = trial
    return best, trials


@mistake(
    of="random_search", says="One u serves all names of a trial, so their values move together. Draw for each name."
)
def random_search_on_the_diagonal(space, evaluate, budget, rng):
    trials = []
    for _ in range(budget):
        seed = int(rng.integers(2**31))
        settings = {name: drawn(entry, np.random.default_rng(seed)) for name, entry in space.items()}
        trials.append((settings, float(evaluate(dict(settings)))))
    return lowest(trials), trials


@mistake(of="random_search", says="Each trial has the same settings: they are drawn before the loop. Draw in it.")
def random_search_of_one_draw(space, evaluate, budget, rng):
    settings = {name: drawn(entry, rng) for name, entry in space.items()}
    trials = [(dict(settings), float(evaluate(dict(settings)))) for _ in range(budget)]
    return lowest(trials), trials


@mistake(
    of="random_search",
    says="All trials hold the same dict, which shows what was drawn last. Make a new dict for each trial.",
)
def random_search_of_one_dict(space, evaluate, budget, rng):
    settings, trials = {}, []
    for _ in range(budget):
        settings.update({name: drawn(entry, rng) for name, entry in space.items()})
        trials.append((settings, float(evaluate(dict(settings)))))
    return lowest(trials), trials


@mistake(of="random_search", says="best is evaluated again. evaluate is called once for each trial: keep its score.")
def random_search_evaluating_again(space, evaluate, budget, rng):
    trials = tried(space, evaluate, budget, rng)
    best = lowest(trials)
    return (best[0], float(evaluate(dict(best[0])))), trials


@mistake(of="random_search", says="There is a trial too many: range(budget + 1).")
def random_search_over_budget(space, evaluate, budget, rng):
    trials = tried(space, evaluate, budget + 1, rng)
    return lowest(trials), trials


@mistake(of="random_search", says="trials come sorted by score. Leave them in the order in which they were tried.")
def random_search_sorted(space, evaluate, budget, rng):
    trials = tried(space, evaluate, budget, rng)
    return lowest(trials), sorted(trials, key=lambda trial: trial[1])


@mistake(of="random_search", says="A trial is (settings, score). Yours have the score first.")
def random_search_score_first(space, evaluate, budget, rng):
    trials = tried(space, evaluate, budget, rng)
    return lowest(trials)[::-1], [trial[::-1] for trial in trials]


@mistake(of="random_search", says="Only best is returned. Return (best, trials).")
def random_search_without_trials(space, evaluate, budget, rng):
    return lowest(tried(space, evaluate, budget, rng))


@mistake(of="random_search", says="best is a trial, (settings, score). You return its settings alone.")
def random_search_of_bare_settings(space, evaluate, budget, rng):
    trials = tried(space, evaluate, budget, rng)
    return lowest(trials)[0], trials


@mistake(
    of="random_search",
    says="rng.choice makes an array of the options, and an array has one type: 1 becomes '1'. Draw an index.",
)
def random_search_of_an_array_of_options(space, evaluate, budget, rng):
    def pick(options, rng):
        return np.array([str(o) if any(isinstance(p, str) for p in options) else o for o in options])[
            int(rng.integers(len(options)))
        ].item()

    trials = tried(space, evaluate, budget, rng, pick=pick)
    return lowest(trials), trials


@mistake(of="random_search", says="The first option is always taken. Each has the same chance.")
def random_search_of_the_first_option(space, evaluate, budget, rng):
    trials = tried(space, evaluate, budget, rng, pick=lambda options, rng: options[0])
    return lowest(trials), trials


@mistake(of="random_search", says="An int is not rounded: it comes out as a float. Use rng.integers.")
def random_search_of_floats(space, evaluate, budget, rng):
    as_floats = {n: ("uniform", *e[1:]) if e[0] == "int" else e for n, e in space.items()}
    trials = tried(as_floats, evaluate, budget, rng)
    return lowest(trials), trials


@mistake(of="random_search", says="The best score starts from 0, so that larger ones never count. Start from infinity.")
def random_search_from_zero(space, evaluate, budget, rng):
    trials = tried(space, evaluate, budget, rng)
    best = ({}, 0.0)
    for trial in trials:
        if trial[1] < best[1]:
            best = trial
    return best, trials


@mistake(of="random_search", says="You seed a generator of your own: every search is the same. Draw from rng.")
def random_search_with_its_own_seed(space, evaluate, budget, rng):
    return reference.random_search(space, evaluate, budget, np.random.default_rng(0))


# grid_search


def combinations(space):
    return [dict(zip(space, values, strict=True)) for values in product(*space.values())]


def scored(candidates, evaluate):
    return [(settings, float(evaluate(dict(settings)))) for settings in candidates]


@mistake(of="grid_search", says="The first name changes fastest. The last one should: the innermost loop is its.")
def grid_search_first_name_fastest(space, evaluate):
    names = list(space)
    order = [dict(zip(names, v[::-1], strict=True)) for v in product(*[space[n] for n in names[::-1]])]
    trials = scored(order, evaluate)
    return lowest(trials), trials


@mistake(
    of="grid_search", says="zip walks through the lists side by side. Every combination is tried: itertools.product."
)
def grid_search_side_by_side(space, evaluate):
    trials = scored([dict(zip(space, v, strict=True)) for v in zip(*space.values(), strict=False)], evaluate)
    return lowest(trials), trials


@mistake(
    of="grid_search", says="One name is changed at a time, the others keep their first value. Try all combinations."
)
def grid_search_one_at_a_time(space, evaluate):
    first = {name: values[0] for name, values in space.items()}
    candidates = [first, *({**first, name: v} for name, values in space.items() for v in values[1:])]
    trials = scored(candidates, evaluate)
    return lowest(trials), trials


@mistake(of="grid_search", says="The names are sorted by the alphabet. Keep the order of the space.")
def grid_search_by_the_alphabet(space, evaluate):
    trials = scored(combinations({name: space[name] for name in sorted(space)}), evaluate)
    return lowest(trials), [({name: settings[name] for name in space}, score) for settings, score in trials]


@mistake(of="grid_search", says="You keep the highest score. Lower is better.")
def grid_search_of_the_highest(space, evaluate):
    trials = scored(combinations(space), evaluate)
    return max(trials, key=lambda trial: (not math.isnan(trial[1]), trial[1])), trials


@mistake(of="grid_search", says="Of equal scores you keep the last. Keep the first: replace it only by a lower score.")
def grid_search_of_the_last(space, evaluate):
    trials = scored(combinations(space), evaluate)
    return lowest(trials[::-1]), trials


@mistake(
    of="grid_search",
    says="Nothing compares with nan: a first score of nan is never replaced. Ask math.isnan.",
)
def grid_search_stuck_at_nan(space, evaluate):
    trials = scored(combinations(space), evaluate)
    best = trials[0]
    for trial in trials[1:]:
        if trial[1] < best[1]:
            best = trial
    return best, trials


@mistake(
    of="grid_search",
    says="min compares the settings where two scores are equal, and dicts have no order. Compare scores alone: key=.",
)
def grid_search_comparing_dicts(space, evaluate):
    trials = scored(combinations(space), evaluate)
    score, settings = min((math.inf if math.isnan(score) else score, settings) for settings, score in trials)
    return (settings, score), trials


@mistake(of="grid_search", says="argmin takes nan for the smallest number. Leave nan out, as np.nanargmin does.")
def grid_search_by_argmin(space, evaluate):
    trials = scored(combinations(space), evaluate)
    return trials[int(np.argmin([score for _, score in trials]))], trials


@mistake(
    of="grid_search", says="The best score starts from 1000, so that larger ones never count. Start from infinity."
)
def grid_search_from_a_thousand(space, evaluate):
    trials = scored(combinations(space), evaluate)
    best = ({}, 1000.0)
    for trial in trials:
        if trial[1] < best[1]:
            best = trial
    return best, trials


@mistake(
    of="grid_search",
    says="All trials hold the same dict, which shows what was tried last. Make a new dict for each trial.",
)
def grid_search_of_one_dict(space, evaluate):
    settings, trials = {}, []
    for found in combinations(space):
        settings.update(found)
        trials.append((settings, float(evaluate(dict(settings)))))
    return lowest(trials), trials


@mistake(of="grid_search", says="best is evaluated again. evaluate is called once for each trial: keep its score.")
def grid_search_evaluating_again(space, evaluate):
    trials = scored(combinations(space), evaluate)
    best = lowest(trials)
    return (best[0], float(evaluate(dict(best[0])))), trials


@mistake(of="grid_search", says="trials come sorted by score. Leave them in the order in which they were tried.")
def grid_search_sorted(space, evaluate):
    trials = scored(combinations(space), evaluate)
    return lowest(trials), sorted(trials, key=lambda trial: trial[1])


@mistake(of="grid_search", says="Two loops try two names alone. There may be any number of names: itertools.product.")
def grid_search_of_two_names(space, evaluate):
    trials = scored(combinations(dict(list(space.items())[:2])), evaluate)
    return lowest(trials), trials


@mistake(of="grid_search", says="space.pop takes the caller's dict apart. Read it only.")
def grid_search_in_place(space, evaluate):
    trials = scored(combinations(space), evaluate)
    space.clear()
    return lowest(trials), trials


@mistake(
    of="grid_search",
    says="np.meshgrid makes arrays of the values, which have one type. Hand the values over as they are.",
)
def grid_search_of_words(space, evaluate):
    trials = scored([{n: str(v) for n, v in s.items()} if any(isinstance(v, str) for v in s.values()) else s
                     for s in combinations(space)], evaluate)  # fmt: skip
    return lowest(trials), trials
