"""The practice of the reference: splits, diagnoses, error analysis and searches, in both trees."""

import math
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reference.with_numpy import practice

laws = settings(deadline=None, max_examples=30, derandomize=True)
seeds = st.integers(0, 10**6)


def rng(seed=0):
    return np.random.default_rng(seed)


def shares(cuts):
    """Fractions that add up to one, from integer weights."""
    return [cut / sum(cuts) for cut in cuts]


fractions = st.lists(st.integers(1, 9), min_size=1, max_size=4).map(shares)


@pytest.fixture
def torch_twin():
    torch = pytest.importorskip("torch")
    from reference.with_torch import practice as twin

    return torch, twin


class TestSplit:
    @laws
    @given(seeds, st.integers(1, 60), fractions)
    def test_every_example_is_in_one_part_with_its_own_label(self, seed, m, fractions):
        X = np.stack([np.arange(m), np.arange(m) ** 2]).astype(float)
        Y = -X[:1]
        parts = practice.split(X, Y, fractions, rng(seed))
        for X_part, Y_part in parts:
            np.testing.assert_array_equal(Y_part, -X_part[:1])
            np.testing.assert_array_equal(X_part[1], X_part[0] ** 2)
        assert sorted(np.concatenate([X_part[0] for X_part, _ in parts])) == list(range(m))

    @laws
    @given(seeds, st.integers(1, 60), fractions)
    def test_sizes_follow_the_stated_rounding(self, seed, m, fractions):
        parts = practice.split(np.zeros((2, m)), np.zeros((1, m)), fractions, rng(seed))
        ends = [0, *np.round(np.cumsum(fractions) * m).astype(int)]
        assert [X.shape[1] for X, _ in parts] == list(np.diff(ends))
        assert ends[-1] == m

    @laws
    @given(seeds)
    def test_membership_depends_on_the_position_alone(self, seed):
        X = np.arange(20.0)[None]
        first = practice.split(X, X, [0.5, 0.3, 0.2], rng(seed))
        other = practice.split(100 - X, X, [0.5, 0.3, 0.2], rng(seed))
        for (A, _), (B, _) in zip(first, other, strict=True):
            np.testing.assert_array_equal(B, 100 - A)

    def test_sixty_twenty_twenty(self):
        parts = practice.split(np.zeros((3, 10)), np.zeros((1, 10)), [0.6, 0.2, 0.2], rng())
        assert [(X.shape, Y.shape) for X, Y in parts] == [((3, n), (1, n)) for n in (6, 2, 2)]

    def test_noise_in_the_sum_loses_no_example(self):
        """0.7 + 0.2 + 0.1 is 0.9999999999999999 in floating point."""
        parts = practice.split(np.zeros((1, 10**5)), np.zeros(10**5), [0.7, 0.2, 0.1], rng())
        assert [Y.shape for _, Y in parts] == [(70_000,), (20_000,), (10_000,)]

    def test_it_shuffles(self):
        """The identity is one of 20! orders: false-alarm rate 4e-19."""
        X = np.arange(20.0)[None]
        assert (practice.split(X, X, [1.0], rng())[0][0] != X).any()

    def test_labels_keep_their_type_and_parts_are_copies(self):
        X, Y = np.ones((2, 5), np.float32), np.arange(5)
        X.setflags(write=False)
        Y.setflags(write=False)
        parts = practice.split(X, Y, [1.0], rng())
        assert (parts[0][0].dtype, parts[0][1].dtype) == (np.float32, Y.dtype)
        assert not np.shares_memory(parts[0][0], X)
        assert not np.shares_memory(parts[0][1], Y)

    def test_each_example_is_equally_likely_to_be_tested(self):
        """Hoeffding: 4 positions, 4000 shuffles, deviation 0.06 has probability at most 4 * 2 exp(-2 n t^2) < 3e-12."""
        generator, X = rng(3), np.arange(4.0)[None]
        first = [int(practice.split(X, X, [0.25, 0.75], generator)[0][0][0, 0]) for _ in range(4000)]
        assert np.abs(np.bincount(first, minlength=4) / 4000 - 0.25).max() < 0.06

    @pytest.mark.parametrize(
        ("X", "Y", "parts", "argument"),
        [
            (np.zeros(5), np.zeros(5), [1.0], "X"),
            (np.zeros((2, 5)), np.zeros((1, 4)), [1.0], "Y"),
            (np.zeros((2, 5)), np.zeros(2), [1.0], "Y"),
            (np.zeros((2, 5)), np.zeros(5), [0.5, 0.4], "fractions"),
            (np.zeros((2, 5)), np.zeros(5), [1.5, -0.5], "fractions"),
            (np.zeros((2, 5)), np.zeros(5), [], "fractions"),
            (np.zeros((2, 5)), np.zeros(5), [math.nan], "fractions"),
        ],
    )
    def test_bad_input(self, X, Y, parts, argument):
        with pytest.raises(ValueError, match=f"^{argument}: got"):
            practice.split(X, Y, parts, rng())

    def test_twin(self, torch_twin):
        torch, twin = torch_twin
        X = torch.arange(23.0, dtype=torch.float64)[None]
        first, again = (twin.split(X, 2 * X, [0.6, 0.3, 0.1], torch.Generator().manual_seed(5)) for _ in range(2))
        reference = practice.split(X.numpy(), X.numpy(), [0.6, 0.3, 0.1], rng())
        assert [part.shape for part, _ in first] == [part.shape for part, _ in reference]
        for (A, B), (C, _) in zip(first, again, strict=True):
            assert torch.equal(B, 2 * A)
            assert torch.equal(A, C)
        joined = torch.cat([part for part, _ in first], dim=1)
        assert not torch.equal(joined, X)
        assert torch.equal(joined.sort().values, X)
        with pytest.raises(ValueError, match="fractions"):
            twin.split(X, X, [0.5], torch.Generator())


TRUTH = [
    # human, train, dev, train-dev, what to fix first
    (0.0, 0.15, 0.16, None, "bias"),
    (0.0, 0.01, 0.11, None, "variance"),
    (0.0, 0.15, 0.30, None, "bias"),
    (0.14, 0.15, 0.16, None, "none"),
    (0.0, 0.01, 0.10, 0.09, "variance"),
    (0.0, 0.01, 0.10, 0.015, "mismatch"),
    (0.0, 0.10, 0.11, 0.11, "bias"),
    (0.0, 0.10, 0.20, 0.11, "bias"),
    (0.04, 0.07, 0.06, 0.10, "bias"),
    (0.0, 0.0, 0.0, 0.0, "none"),
]


class TestDiagnose:
    @pytest.mark.parametrize(("human", "train", "dev", "train_dev", "first"), TRUTH)
    def test_truth_table(self, human, train, dev, train_dev, first):
        report = practice.diagnose(human, train, dev, train_dev_error=train_dev, tolerance=0.02)
        assert report["fix_first"] == first
        assert list(report) == ["avoidable_bias", "variance", "mismatch", "fix_first"]
        assert report["avoidable_bias"] == train - human
        assert report["variance"] == (dev if train_dev is None else train_dev) - train
        assert report["mismatch"] == (None if train_dev is None else dev - train_dev)

    @pytest.mark.parametrize(("human", "train", "dev", "train_dev", "first"), TRUTH)
    def test_twin(self, torch_twin, human, train, dev, train_dev, first):
        expected = practice.diagnose(human, train, dev, train_dev_error=train_dev)
        assert torch_twin[1].diagnose(human, train, dev, train_dev_error=train_dev) == expected

    def test_a_gap_must_be_strictly_above_the_tolerance(self):
        """Eighths are exact in floating point, so the boundary is where it is written."""
        assert practice.diagnose(0.125, 0.25, 0.25, tolerance=0.125)["fix_first"] == "none"
        assert practice.diagnose(0.125, 0.25, 0.375, tolerance=0.12)["fix_first"] == "bias"
        assert practice.diagnose(0.25, 0.25, 0.375, tolerance=0.125)["fix_first"] == "none"
        assert practice.diagnose(0.25, 0.25, 0.375, tolerance=0.0)["fix_first"] == "variance"
        assert practice.diagnose(0.25, 0.25, 0.375, train_dev_error=0.25, tolerance=0.125)["fix_first"] == "none"

    @laws
    @given(st.lists(st.integers(0, 32), min_size=4, max_size=4), st.integers(0, 31))
    def test_the_same_error_on_top_of_all_changes_nothing(self, errors, shift):
        plain = [error / 64 for error in errors]
        human, train, dev, train_dev = plain
        moved = [error + shift / 64 for error in plain]
        expected = practice.diagnose(human, train, dev, train_dev_error=train_dev, tolerance=1 / 16)
        assert practice.diagnose(*moved[:3], train_dev_error=moved[3], tolerance=1 / 16) == expected

    @laws
    @given(st.lists(st.integers(0, 32), min_size=3, max_size=3), st.integers(0, 31))
    def test_a_worse_dev_error_never_ends_a_variance_problem(self, errors, more):
        human, train, dev = (error / 64 for error in errors)
        if practice.diagnose(human, train, dev)["fix_first"] == "variance":
            assert practice.diagnose(human, train, dev + more / 64)["fix_first"] == "variance"

    @pytest.mark.parametrize("errors", [(-0.1, 0, 0), (0, 1.5, 0), (0, 0, math.nan)])
    def test_bad_error(self, errors):
        with pytest.raises(ValueError, match="error: got"):
            practice.diagnose(*errors)

    def test_bad_options(self):
        with pytest.raises(ValueError, match="train_dev_error"):
            practice.diagnose(0, 0, 0, train_dev_error=2)
        with pytest.raises(ValueError, match="tolerance"):
            practice.diagnose(0, 0, 0, tolerance=-0.1)


tag_lists = st.lists(st.lists(st.sampled_from(["blurry", "dark", "label", "pose"]), max_size=4), max_size=12)


class TestErrorAnalysis:
    def test_the_table_of_the_source(self):
        """A hundred errors: 32 blurry, 25 mislabelled, 18 at an unusual angle, 15 small, 10 other."""
        table = {"blurry": 32, "mislabelled": 25, "angle": 18, "small": 15, "other": 10}
        tags = [[category] for category, count in table.items() for _ in range(count)]
        assert practice.error_analysis(tags) == [(category, n, n / 100) for category, n in table.items()]

    def test_ties_by_name_duplicates_once_and_shares_above_one(self):
        tags = [["dark", "blurry"], ["dark", "dark"], ["blurry"], []]
        assert practice.error_analysis(tags) == [("blurry", 2, 0.5), ("dark", 2, 0.5)]
        assert practice.error_analysis([["a", "b"]]) == [("a", 1, 1.0), ("b", 1, 1.0)]
        assert practice.error_analysis([]) == []

    @laws
    @given(tag_lists, seeds)
    def test_counts_add_up_and_order_does_not_matter(self, tags, seed):
        rows = practice.error_analysis(tags)
        assert sum(count for _, count, _ in rows) == sum(len(set(categories)) for categories in tags)
        assert [count for _, count, _ in rows] == sorted((count for _, count, _ in rows), reverse=True)
        assert practice.error_analysis([tags[k] for k in rng(seed).permutation(len(tags))]) == rows
        assert practice.error_analysis(2 * tags) == [(category, 2 * count, share) for category, count, share in rows]

    @laws
    @given(tag_lists)
    def test_the_share_is_what_fixing_the_category_would_save(self, tags):
        for category, count, share in practice.error_analysis(tags):
            left = [categories for categories in tags if category not in categories]
            assert count == len(tags) - len(left)
            assert share == count / len(tags)

    def test_bare_strings_are_refused(self):
        with pytest.raises(ValueError, match="tags"):
            practice.error_analysis([["dark"], "blurry"])

    def test_twin(self, torch_twin):
        tags = [["dark", "blurry"], ["dark", "dark"], ["blurry"], [], ["a"]]
        assert torch_twin[1].error_analysis(tags) == practice.error_analysis(tags)
        with pytest.raises(ValueError, match="tags"):
            torch_twin[1].error_analysis(["blurry"])


def dkw(sample, low, high):
    """The largest distance between the empirical and the true distribution of log x."""
    u = np.sort((np.log(sample) - math.log(low)) / (math.log(high) - math.log(low)))
    steps = np.arange(len(u) + 1) / len(u)
    return max((steps[1:] - u).max(), (u - steps[:-1]).max())


class TestSampleLogUniform:
    def test_the_logarithm_is_uniform(self):
        """DKW: P(sup|F_n - F| > t) <= 2 exp(-2 n t^2) = 1e-9 at n = 20000, t = 0.02314; linear: off by 0.57."""
        assert dkw(practice.sample_log_uniform(1e-4, 1e-1, 20_000, rng(1)), 1e-4, 1e-1) < 0.02314

    @laws
    @given(seeds, st.floats(-200, 200), st.floats(0, 100))
    def test_the_ends_hold_exactly(self, seed, exponent, width):
        low, high = 10.0**exponent, 10.0 ** (exponent + width)
        sample = practice.sample_log_uniform(low, high, (3, 5), rng(seed))
        assert sample.shape == (3, 5)
        assert ((sample >= low) & (sample <= high)).all()

    @laws
    @given(seeds)
    def test_units_do_not_matter(self, seed):
        fine = practice.sample_log_uniform(1e-4, 1e-1, 50, rng(seed))
        coarse = practice.sample_log_uniform(1e-1, 1e2, 50, rng(seed))
        np.testing.assert_allclose(1000 * fine, coarse, rtol=1e-12)

    @pytest.mark.parametrize("ends", [(0, 1), (-1, 1), (2, 1), (1, math.inf), (math.nan, 1)])
    def test_bad_ends(self, ends):
        with pytest.raises(ValueError, match="low"):
            practice.sample_log_uniform(*ends, 3, rng())

    def test_twin(self, torch_twin):
        torch, twin = torch_twin
        sample = twin.sample_log_uniform(1e-4, 1e-1, 20_000, torch.Generator().manual_seed(1))
        assert dkw(sample.numpy(), 1e-4, 1e-1) < 0.02314  # as above
        first, again = (twin.sample_log_uniform(2, 3, (3, 5), torch.Generator().manual_seed(0)) for _ in range(2))
        assert first.shape == (3, 5)
        assert first.dtype == torch.float64
        assert torch.equal(first, again)
        assert bool(((first >= 2) & (first <= 3)).all())
        with pytest.raises(ValueError, match="low"):
            twin.sample_log_uniform(0, 1, 3, torch.Generator())


SPACE = {
    "lr": ("log_uniform", 1e-4, 1e-1),
    "momentum": ("uniform", 0.5, 0.99),
    "units": ("int", 3, 5),
    "activation": ("choice", ["relu", "tanh"]),
}


def score(settings_):
    return abs(math.log(settings_["lr"]) + 4) + settings_["units"]


class TestRandomSearch:
    @laws
    @given(seeds, st.integers(1, 20))
    def test_every_trial_is_in_the_space_and_the_best_is_one_of_them(self, seed, budget):
        best, trials = practice.random_search(SPACE, score, budget, rng(seed))
        assert len(trials) == budget
        for tried, value in trials:
            assert list(tried) == list(SPACE)
            assert 1e-4 <= tried["lr"] <= 1e-1
            assert 0.5 <= tried["momentum"] <= 0.99
            assert tried["units"] in (3, 4, 5)
            assert isinstance(tried["units"], int)
            assert tried["activation"] in ("relu", "tanh")
            assert value == score(tried)
        assert best == min(trials, key=lambda trial: trial[1])

    @laws
    @given(seeds)
    def test_one_seed_one_search(self, seed):
        first, again = (practice.random_search(SPACE, score, 6, rng(seed)) for _ in range(2))
        assert first == again
        assert practice.random_search(SPACE, lambda _: 0, 6, rng(seed))[1][3][0] == first[1][3][0]

    def test_evaluate_is_called_once_a_trial_and_cannot_touch_the_record(self):
        calls = []

        def nosy(tried):
            calls.append(dict(tried))
            tried.clear()
            return 0

        _, trials = practice.random_search(SPACE, nosy, 7, rng())
        assert [tried for tried, _ in trials] == calls

    def test_the_first_of_equals_and_no_number_last(self):
        scores = iter([math.nan, 2, 1, 1, math.inf])
        best, trials = practice.random_search(SPACE, lambda _: next(scores), 5, rng())
        assert best is trials[2]
        assert practice.random_search(SPACE, lambda _: math.nan, 2, rng())[0][0]["units"] in (3, 4, 5)

    def test_integers_and_choices_are_even(self):
        """Hoeffding: 5 cells, n = 4000, deviation 0.06 has probability at most 5 * 2 exp(-2 n t^2) < 4e-12."""
        _, trials = practice.random_search(SPACE, score, 4000, rng(2))
        for name, options in {"units": (3, 4, 5), "activation": ("relu", "tanh")}.items():
            counts = Counter(tried[name] for tried, _ in trials)
            assert all(abs(counts[option] / 4000 - 1 / len(options)) < 0.06 for option in options)

    def test_more_different_values_than_a_grid(self):
        """Bergstra and Bengio: nine trials try nine learning rates, a 3 by 3 grid only three."""
        _, trials = practice.random_search(SPACE, score, 9, rng())
        assert len({tried["lr"] for tried, _ in trials}) == 9

    @pytest.mark.parametrize(
        "entry",
        [("normal", 0, 1), ("uniform", 1), ("log_uniform", 0, 1), ("int", 0, 1.5), ("int", 3, 2), ("choice", []), ()],
    )
    def test_bad_entry(self, entry):
        with pytest.raises(ValueError, match="space"):
            practice.random_search({"x": entry}, lambda _: 0, 1, rng())

    @pytest.mark.parametrize("budget", [0, -1, 1.5])
    def test_bad_budget(self, budget):
        with pytest.raises(ValueError, match="budget"):
            practice.random_search(SPACE, score, budget, rng())

    def test_twin(self, torch_twin):
        torch, twin = torch_twin
        best, trials = twin.random_search(SPACE, score, 4000, torch.Generator().manual_seed(0))
        assert best == min(trials, key=lambda trial: trial[1])
        assert twin.random_search(SPACE, score, 9, torch.Generator().manual_seed(0))[1] == trials[:9]
        assert all(0.5 <= tried["momentum"] <= 0.99 and 1e-4 <= tried["lr"] <= 1e-1 for tried, _ in trials)
        for name, options in {"units": (3, 4, 5), "activation": ("relu", "tanh")}.items():
            counts = Counter(tried[name] for tried, _ in trials)
            assert all(abs(counts[option] / 4000 - 1 / len(options)) < 0.06 for option in options)
        with pytest.raises(ValueError, match="space"):
            twin.random_search({"x": ("int", 3, 2)}, score, 1, torch.Generator())


class TestGridSearch:
    def test_every_combination_in_order(self):
        space = {"a": [1, 2], "b": ["x", "y", "z"]}
        best, trials = practice.grid_search(space, lambda tried: -tried["a"])
        assert [(tried["a"], tried["b"]) for tried, _ in trials] == [(a, b) for a in (1, 2) for b in "xyz"]
        assert best == ({"a": 2, "b": "x"}, -2.0)

    def test_twin(self, torch_twin):
        space = {"a": [1, 2], "b": [0.5, 1.5, 0.5]}
        expected = practice.grid_search(space, lambda tried: tried["a"] * tried["b"])
        assert torch_twin[1].grid_search(space, lambda tried: tried["a"] * tried["b"]) == expected

    @laws
    @given(st.lists(st.integers(1, 4), min_size=1, max_size=3))
    def test_the_size_is_the_product(self, sizes):
        space = {f"p{k}": list(range(size)) for k, size in enumerate(sizes)}
        best, trials = practice.grid_search(space, lambda tried: sum(tried.values()))
        assert len(trials) == math.prod(sizes)
        assert len({tuple(tried.values()) for tried, _ in trials}) == len(trials)
        assert best[1] == 0

    def test_no_values(self):
        with pytest.raises(ValueError, match="space"):
            practice.grid_search({"a": []}, lambda _: 0)
