"""Statistical checks: the false alarms that the formulas promise, the power that is declared, never under @given."""

import ast
import math
from pathlib import Path

import numpy as np
import pytest

from grader.judge.assertions import randomness
from grader.judge.assertions.randomness import (
    assert_distribution,
    assert_frequency,
    assert_independent,
    assert_mean,
    assert_normal_variance,
    assert_within,
    rng,
)
from grader.judge.trial import CheckFailure
from grader.worker.codec import Generator

ASSIGNMENTS = Path(__file__).parents[2] / "assignments"


def uniform(x):
    return np.clip(x, 0.0, 1.0)


CHECKS = {
    "frequency": lambda g, n: assert_frequency(int((g.random(n) < 0.8).sum()), n, 0.8, "kept", detects=0.3),
    "mean": lambda g, n: assert_mean(g.random(n), 0.5, 0, 1, "mean", detects=0.3),
    "distribution": lambda g, n: assert_distribution(g.random(n), uniform, "uniform", detects=0.3),
    "variance": lambda g, n: assert_normal_variance(0.1 * g.normal(size=n), 0.01, "weights", detects=0.8),
    "independence": lambda g, n: assert_independent(g.normal(size=n), g.normal(size=n), "units", detects=0.3),
}

# Off by about what is declared, in each direction that there is.
WRONG = {
    "frequency": [lambda g, n, s=s: assert_frequency(int((g.random(n) < 0.8 + s).sum()), n, 0.8, "", detects=0.05)
                  for s in (-0.05, 0.05)],
    "mean": [lambda g, n, s=s: assert_mean(np.clip(g.random(n), 0, 1) * 0.9 + s, 0.5, 0, 1, "", detects=0.05)
             for s in (0.0, 0.1)],
    "distribution": [lambda g, n: assert_distribution(g.random(n) ** 1.2, uniform, "", detects=0.06)],
    "variance": [lambda g, n, s=s: assert_normal_variance(s * g.normal(size=n), 1.0, "", detects=0.2)
                 for s in (math.sqrt(1.2), math.sqrt(0.8))],
    "independence": [lambda g, n, s=s: assert_independent(x := g.normal(size=n), s * x + 3 * g.normal(size=n), "",
                                                          detects=0.1) for s in (-1, 1)],
}  # fmt: skip


@pytest.mark.parametrize("name", CHECKS)
def test_right_code_passes(name):
    for seed in range(200):
        CHECKS[name](np.random.default_rng(seed), 2000)


@pytest.mark.parametrize("name", CHECKS)
def test_the_false_alarm_is_at_most_the_promised_one(name, monkeypatch):
    """The formulas with 1e-2 in place of 1e-9: out of 2,000 right samples at most 20 fail, give or take four sigma."""
    monkeypatch.setattr(randomness, "FALSE_ALARM", 1e-2)
    alarms = 0
    for seed in range(2000):
        try:
            CHECKS[name](np.random.default_rng(seed), 1000)
        except CheckFailure:
            alarms += 1
    assert alarms <= 38


def test_the_limit_of_a_distribution_is_not_far_too_wide(monkeypatch):
    """This inequality is sharp: about the promised number of false alarms does come."""
    monkeypatch.setattr(randomness, "FALSE_ALARM", 0.2)
    alarms = 0
    for seed in range(500):
        try:
            CHECKS["distribution"](np.random.default_rng(seed), 400)
        except CheckFailure:
            alarms += 1
    assert 50 <= alarms <= 130


@pytest.mark.parametrize("name", WRONG)
def test_what_is_declared_is_detected(name):
    """With the fewest draws that the declaration allows, every one of 100 wrong samples fails."""
    for wrong in WRONG[name]:
        n = fewest(wrong)
        for seed in range(100):
            with pytest.raises(CheckFailure):
                wrong(np.random.default_rng(seed), n)


def fewest(check):
    """The smallest power of 1.1 that is enough for a check."""
    n = 100.0
    while True:
        try:
            check(np.random.default_rng(0), int(n))
        except ValueError:
            n *= 1.1
        except CheckFailure:
            return int(n)
        else:
            pytest.fail(f"{int(n)} draws were said to be enough, and the wrong sample passed")


@pytest.mark.parametrize("name", WRONG)
def test_too_few_draws_are_an_error_of_the_check(name):
    with pytest.raises(ValueError, match="too few to detect"):
        WRONG[name][0](np.random.default_rng(0), 50)


def test_the_numbers_of_draws_are_those_of_the_literature():
    """At 1e-9: keep 0.8 within 0.0245 with 10,000 draws by exact tails, a distribution within 0.0327."""
    edge = randomness._edge(0.8, 1.0, 10_000) - 0.8
    assert 0.0245 <= edge <= 0.0275
    assert math.sqrt(math.log(2 / 1e-9) / 20_000) == pytest.approx(0.0327, abs=1e-4)


@pytest.mark.parametrize("probability", [0.0, 1.0])
def test_impossible_and_certain_events(probability):
    assert_frequency(int(1000 * probability), 1000, probability, "dropped", detects=0.1)
    with pytest.raises(CheckFailure):
        assert_frequency(abs(int(1000 * probability) - 1), 1000, probability, "dropped", detects=0.1)


def test_more_successes_than_trials_fail():
    with pytest.raises(CheckFailure):
        assert_frequency(1200, 1000, 0.5, "kept", detects=0.2)


@pytest.mark.parametrize("bad", [np.nan, np.inf, 1.0001, -0.0001])
def test_the_support_is_exact(bad):
    inside = np.linspace(0, 1, 5)
    assert_within(inside, 0, 1, "weights")
    with pytest.raises(CheckFailure, match="is not between 0 and 1"):
        assert_within([*inside, bad], 0, 1, "weights")


@pytest.mark.parametrize("name", ["mean", "distribution", "variance"])
def test_nan_never_fits(name):
    checks = {
        "mean": lambda x: assert_mean(x, 0.5, 0, 1, "", detects=0.3),
        "distribution": lambda x: assert_distribution(x, uniform, "", detects=0.3),
        "variance": lambda x: assert_normal_variance(x, 1 / 12, "", detects=0.8),
    }
    with pytest.raises(CheckFailure):
        checks[name](np.full(2000, np.nan))


def test_an_empty_sample_is_no_evidence():
    with pytest.raises(CheckFailure, match="nothing in the sample"):
        assert_mean([], 0, -1, 1, "", detects=0.3)


def test_dependent_units_are_told_by_their_signs():
    x = np.random.default_rng(0).normal(size=4000)
    for other in (x, -x, np.abs(x) * np.sign(x)):
        with pytest.raises(CheckFailure, match="the same sign"):
            assert_independent(x, other, "two units")
    with pytest.raises(CheckFailure, match="4000 draws beside 3"):
        assert_independent(x, x[:3], "two units")


def test_a_normal_sample_is_not_a_uniform_one_of_its_variance():
    def normal(x):
        return 0.5 * (1 + np.vectorize(math.erf)(x / math.sqrt(2)))

    generator = np.random.default_rng(0)
    assert_distribution(generator.normal(size=20_000), normal, "weights", detects=0.05)
    with pytest.raises(CheckFailure, match="20,000 draws do not have the right distribution"):
        assert_distribution(generator.uniform(-(3**0.5), 3**0.5, 20_000), normal, "weights", detects=0.05)


def test_a_generator_crosses_as_its_seed():
    assert isinstance(rng(7), Generator)
    assert rng(7).seed == 7


def test_no_check_searches_over_seeds():
    """A statistical assertion under @given would be tried on thirty seeds for the one that fails."""
    statistical = {name for name in randomness.__dict__ if name.startswith("assert_")} - {"assert_within"}
    found = 0
    for file in ASSIGNMENTS.glob("*/test_*.py"):
        for test in [node for node in ast.parse(file.read_text()).body if isinstance(node, ast.FunctionDef)]:
            names = {node.id for node in ast.walk(test) if isinstance(node, ast.Name)}
            found += bool(names & statistical)
            assert not ("given" in names and names & statistical), f"{file}: {test.name}"
    assert found
