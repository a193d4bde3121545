"""Right code over many seeds: points that are lost with one of them are told, with the seed."""

from pathlib import Path

import pytest

from grader.assignment import Assignment
from grader.banks.seeds import EACH, validate_seeds
from grader.banks.table import render_steadiness
from tests.judge.made_up import REFERENCE, assignment

CHECK = '''
@points(2)
@given(n=integers(0, 10**6))
def test_double_of_a_number(student, n):
    """double doubles any number."""
    assert_close(student.double(np.array([float(n)])), np.array([2.0 * n]))
'''
UNDRAWN = '''
@points(2)
def test_double_of_a_half(student):
    """double doubles halves, too."""
    assert_close(student.double(np.array([5.5])), np.array([11.0]))
'''
SEEDS = 3


@pytest.fixture
def tiny(tmp_path: Path) -> Assignment:
    made = assignment(tmp_path, CHECK, functions=("double",))
    for tree in ("", "with_numpy"):
        (tmp_path / "reference" / tree).mkdir(parents=True, exist_ok=True)
        (tmp_path / "reference" / tree / "__init__.py").touch()
    (tmp_path / "reference" / "with_numpy" / "tiny.py").write_text(REFERENCE)
    (made.folder / "alternatives").mkdir()
    return made


def test_right_code_keeps_its_marks(tiny: Assignment) -> None:
    (tiny.folder / "alternatives" / "sum.py").write_text("def double(Z):\n    return Z + Z\n")
    [found] = validate_seeds([tiny], SEEDS)
    assert (found.seeds, found.graded, found.lost) == (SEEDS, SEEDS * EACH, [])
    assert "full marks" in render_steadiness(found)


def test_what_is_lost_is_told_with_its_seed(tiny: Assignment) -> None:
    (tiny.folder / "alternatives" / "small.py").write_text("def double(Z):\n    return 2 * Z if Z[0] < 9e5 else Z\n")
    [found] = validate_seeds([tiny], SEEDS, first=40)
    assert found.lost
    assert all(entry.startswith(("seed 40: small: ", "seed 41: small: ", "seed 42: small: ")) for entry in found.lost)
    assert found.lost[0] in render_steadiness(found)


def test_only_checks_that_draw_are_run_and_no_cases_are_kept(
    tiny: Assignment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GRADER_CACHE", str(tmp_path / "cache"))
    checks = tiny.folder / "test_public.py"
    checks.write_text(checks.read_text("utf-8") + UNDRAWN, "utf-8")
    (tiny.folder / "alternatives" / "random.py").write_text("def double(Z):\n    return 2 * Z if Z[0] != 5.5 else Z\n")
    [found] = validate_seeds([tiny], SEEDS)
    assert (found.graded, found.lost) == (SEEDS * EACH, [])
    assert not (tmp_path / "cache").exists()
