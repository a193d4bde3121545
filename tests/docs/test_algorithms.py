"""The page of all algorithms: up to date, complete, and with links that lead somewhere."""

import json
import re
from pathlib import Path

import pytest

pytest.importorskip("torch")
from docs import make_algorithms as maker

SAMPLE = """
import pytest
from reference.with_numpy import pooling as ours

TREES = [ours]
ROUND_TRIPS = ["max_pool", "avg_pool"]

def run(tree, X):
    return tree.max_pool(X)

def run_twice(tree, X):
    return run(tree, run(tree, X))

class TestForward:
    def test_direct(self):
        assert ours.avg_pool(1) == ours.global_avg_pool(1)

    def test_through_two_helpers(self):
        run_twice(ours, 1)

@pytest.mark.parametrize("name", ROUND_TRIPS)
def test_by_name(name):
    getattr(ours, name)(1)

def test_of_nothing(max_pool=3):
    assert TREES
"""


@pytest.fixture(scope="module")
def page():
    return maker.PAGE.read_text("utf-8")


def test_the_page_is_what_the_code_makes(page):
    assert page == maker.page(), "run `python docs/make_algorithms.py`"


def test_every_algorithm_has_an_entry_with_at_least_one_test(page):
    for topic in maker.TOPICS:
        for name in maker.trees(topic)["Torch"].__all__:
            assert f"\n### `{name}(" in page
    assert "<summary>tests: 0</summary>" not in page


def test_the_topics_are_those_of_the_trees():
    for tree in ("numpy", "torch"):
        files = {file.stem for file in (maker.ROOT / "reference" / f"with_{tree}").glob("[a-z]*.py")}
        assert files <= set(maker.TOPICS)


def test_links_lead_to_files_and_headings(page):
    targets = re.findall(r"\]\(([^)]+)\)", page)
    headings = {
        re.sub(r"[^\w -]", "", line[3:].lower()).replace(" ", "-") for line in page.splitlines() if line[:3] == "## "
    }
    assert len(targets) > 100
    for target in set(targets):
        assert target[1:] in headings if target[0] == "#" else (maker.PAGE.parent / target).exists(), target


def test_errata_meet_functions_that_exist():
    told = maker.errata()
    assert len(told) == 8
    for text, met in told:
        assert text.endswith(".")
        assert met
        for name in met:
            topic, function = name.split(".")
            assert function in maker.trees(topic)["Torch"].__all__


def test_speeds_are_of_functions_that_exist():
    rows = json.loads(maker.SPEEDS.read_text("utf-8"))["rows"]
    for name in {row["function"] for row in rows}:
        topic, function = name.split(".")
        assert function in maker.trees(topic)["NumPy"].__all__


def test_vouchers_are_found_directly_by_name_and_through_helpers(tmp_path: Path):
    file = tmp_path / "test_sample.py"
    file.write_text(SAMPLE, "utf-8")
    vouchers = maker.Vouchers(file)
    assert vouchers.of("max_pool") == ["TestForward.test_through_two_helpers", "test_by_name"]
    assert vouchers.of("avg_pool") == ["TestForward.test_direct", "test_by_name"]
    assert vouchers.of("global_avg_pool") == ["TestForward.test_direct"]
    assert vouchers.of("max_pool_backward") == []


def test_a_docstring_gives_its_opening_and_its_formulas():
    sentence, formulas = maker.parts(
        "Halve\n    it.\n\n    x : a number.\n\n        y = x / 2\n\n    Source: none.\n    "
    )
    assert sentence == "Halve it."
    assert formulas == ["    y = x / 2"]
