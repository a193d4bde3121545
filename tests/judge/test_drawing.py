"""Inputs of checks: shapes that fit together, values in range, some of them small and round, the same every time."""

import hypothesis
import numpy as np
import pytest
from hypothesis import strategies as st

from grader.authoring import (
    arrays,
    binary,
    dimension,
    distinct,
    given,
    labels,
    networks,
    one_hot_columns,
    probabilities,
    seeds,
)


def drawn(**strategies):
    """What a check with these strategies gets to see."""
    seen = []

    @given(**strategies)
    def check(**values):
        seen.append(values)

    hypothesis.seed(1)(check)()
    return seen


def test_about_thirty_examples():
    assert 20 <= len(drawn(Z=arrays("n", "m"))) <= 30


def test_a_name_is_one_size_within_an_example():
    examples = drawn(W=arrays("n", "k"), X=arrays("k", "m"), b=arrays("n", 1), Y=binary("n", "m"))
    for e in examples:
        assert e["W"].shape == (e["b"].shape[0], e["X"].shape[0])
        assert e["Y"].shape == (e["W"].shape[0], e["X"].shape[1])
        assert e["b"].shape[1] == 1
    shapes = {e["W"].shape for e in examples}
    assert len(shapes) > 8
    assert any(n != k for n, k in shapes), "square matrices hide transposes"


def test_sizes_from_one_or_from_their_minimum():
    sizes = {e["Z"].shape for e in drawn(Z=arrays("n", "K>=2"))}
    assert {n for n, _ in sizes} >= {1, 2, 3}
    assert all(1 <= n <= 6 and 2 <= k <= 6 for n, k in sizes)
    assert {e["Z"].shape for e in drawn(Z=arrays("h>=8", 3))} <= {(n, 3) for n in range(8, 12)}


@pytest.mark.parametrize("bad", ["n>2", "n >= 2", "", "2n-1"])
def test_a_dimension_that_is_none(bad):
    with pytest.raises(ValueError, match="a dimension is an int"):
        dimension(bad)


def test_values_are_in_range_and_not_all_ragged():
    examples = [e["Z"] for e in drawn(Z=arrays("n", "m", low=-2.0, high=5.0))]
    assert all(z.dtype == np.float64 and z.min() >= -2.0 and z.max() <= 5.0 for z in examples)
    assert any((z == np.round(z)).all() for z in examples)
    assert any((z == np.round(z, 1)).all() and (z != np.round(z)).any() for z in examples)
    assert any((z != np.round(z, 3)).any() for z in examples)
    assert min(z.min() for z in examples) < -1
    assert max(z.max() for z in examples) > 4


def test_some_examples_fit_on_a_line():
    assert any(e["Z"].size <= 6 and (e["Z"] == np.round(e["Z"])).all() for e in drawn(Z=arrays("n", "m")))


def test_off_the_kink():
    examples = [e["Z"] for e in drawn(Z=arrays("n", "m", away_from=0.1))]
    assert all(np.abs(z).min() >= 0.1 for z in examples)
    assert any((z < 0).any() for z in examples)
    assert any((z > 0).any() for z in examples)


def test_every_maximum_leads_clearly():
    for e in drawn(X=distinct("N", "C", 4, 4)):
        assert e["X"].shape[2:] == (4, 4)
        assert np.diff(np.sort(e["X"].reshape(-1))).min() >= 0.1 - 1e-12


def test_probabilities_labels_and_columns():
    examples = drawn(
        P=probabilities("K", "m"), Y=binary("K", "m"), y=labels("m", classes=3), T=one_hot_columns("K", "m"), s=seeds()
    )
    for e in examples:
        assert e["P"].min() >= 0.02
        assert e["P"].max() <= 0.98
        assert set(np.unique(e["Y"])) <= {0.0, 1.0}
        assert e["y"].shape == (e["P"].shape[1],)
        assert e["y"].dtype.kind == "i"
        assert set(np.unique(e["y"])) <= {0, 1, 2}
        assert e["T"].shape == e["P"].shape
        assert (e["T"].sum(axis=0) == 1).all()
        assert isinstance(e["s"], int)
    assert len({e["s"] for e in examples}) > 10
    assert set(np.concatenate([e["y"] for e in examples])) == {0, 1, 2}


def test_networks_are_chains_of_layers():
    depths = set()
    for e in drawn(parameters=networks(n_x="n", depth=(1, 3)), X=arrays("n", "m")):
        parameters, depth = e["parameters"], len(e["parameters"]) // 2
        assert list(parameters) == [f"{kind}{l}" for l in range(1, depth + 1) for kind in "Wb"]
        width = e["X"].shape[0]
        for l in range(1, depth + 1):
            assert parameters[f"W{l}"].shape[1] == width
            width = parameters[f"W{l}"].shape[0]
            assert parameters[f"b{l}"].shape == (width, 1)
        assert width == 1
        depths.add(depth)
    assert depths == {1, 2, 3}


def test_the_same_seed_draws_the_same():
    first, second = drawn(Z=arrays("n", "m"), c=st.floats(0, 1)), drawn(Z=arrays("n", "m"), c=st.floats(0, 1))
    assert len(first) == len(second)
    for a, b in zip(first, second, strict=True):
        np.testing.assert_array_equal(a["Z"], b["Z"])
        assert a["c"] == b["c"]
