"""Several judge processes: every hand-in gets one report, whatever happens to the process that judges it."""

import os
from collections import Counter
from pathlib import Path

import pytest

from grader.classroom import batch
from grader.classroom.batch import CannotJudge, grade
from grader.classroom.folder import HandIn
from tests.classroom import judges


def class_of(*students: str) -> list[HandIn]:
    return [HandIn(s, Path(s) / "activations.py") for s in students]


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_every_hand_in_gets_one_report(capfd: pytest.CaptureFixture[str]) -> None:
    hand_ins = [*class_of(*(f"s{i}" for i in range(9))), HandIn("absent", None)]
    reports = list(grade(judges.assignment(), hand_ins, 2, judges.honest))
    assert sorted(r.student for r in reports) == sorted(h.student for h in hand_ins)
    assert {r.student for r in reports if r.status == "missing"} == {"absent"}
    assert capfd.readouterr() == ("", ""), "what a judge prints does not reach the table"


def test_a_judge_imports_nothing_from_the_current_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It may be a student's, with modules of theirs that are called as those of the standard library."""
    for name in ("multiprocessing", "pickle", "signal", "tempfile"):
        (tmp_path / f"{name}.py").write_text("open('taken', 'w').close()\nraise SystemExit\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PYTHONSAFEPATH", raising=False)
    assert [r.status for r in grade(judges.assignment(), class_of("ada"), 1, judges.honest)] == ["full-marks"]
    assert not (tmp_path / "taken").exists()
    assert "PYTHONSAFEPATH" not in os.environ


def test_nothing_handed_in() -> None:
    assert list(grade(judges.assignment(), [], 2, judges.honest)) == []


def test_options_reach_the_judge() -> None:
    reports = list(grade(judges.assignment(), class_of("ada"), 1, judges.options, framework="torch", seed=None))
    assert reports[0].student == "ada [('framework', 'torch'), ('seed', None)]"


@pytest.mark.parametrize(
    ("student", "said"),
    [
        ("killed-ada", "exit code -9"),
        ("exits-ada", "exit code 0"),
        ("raises-ada", "ZeroDivisionError: division by zero"),
    ],
)
def test_a_judge_that_dies_twice_costs_nobody_else_anything(tmp_path: Path, student: str, said: str) -> None:
    hand_ins = class_of("a", student, "b", "c", "d")
    log = tmp_path / "log"
    reports = {r.student: r for r in grade(judges.assignment(), hand_ins, 2, judges.fragile, log=str(log))}
    assert len(reports) == 5
    assert {r.status for s, r in reports.items() if s != student} == {"full-marks"}
    failed = reports[student]
    assert (failed.status, failed.score, failed.max_score, failed.checks) == ("could-not-grade", 0.0, 0.0, [])
    assert said in failed.why
    assert failed.submission == "activations.py"
    tried = [line.split() for line in log.read_text().splitlines()]
    assert Counter(name for _, name in tried) == {"a": 1, "b": 1, "c": 1, "d": 1, student: 2}
    second = [pid for pid, name in tried if name == student][1]
    assert [name for pid, name in tried if pid == second] == [student], "the second attempt is alone in its process"


def test_a_judge_that_dies_once_is_forgiven(tmp_path: Path) -> None:
    hand_ins = class_of("a", "once-ada", "b")
    reports = list(grade(judges.assignment(), hand_ins, 1, judges.fragile, log=str(tmp_path / "log")))
    assert sorted(r.student for r in reports) == ["a", "b", "once-ada"]
    assert {r.status for r in reports} == {"full-marks"}


def test_a_judge_that_stalls_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch, "STALLED", 0.5)
    hand_ins = class_of("stalls-ada")
    (report,) = grade(judges.assignment(), hand_ins, 2, judges.fragile, log=str(tmp_path / "log"))
    assert report.status == "could-not-grade"
    assert "no report came" in report.why


def test_an_assignment_that_cannot_be_judged_ends_the_class_with_one_sentence() -> None:
    with pytest.raises(CannotJudge, match=r"^test_hidden.py cannot be collected: no module named 'referense'\.$"):
        list(grade(judges.assignment(), class_of("ada", "bob", "cem"), 2, judges.refusing))


def test_leaving_early_ends_every_process(tmp_path: Path) -> None:
    reports = grade(judges.assignment(), class_of("a", "b", "c", "d"), 2, judges.slow, log=str(tmp_path))
    next(reports)
    next(reports)
    pids = [int(path.name) for path in tmp_path.iterdir()]
    assert len(pids) == 2
    assert all(alive(pid) for pid in pids)
    reports.close()
    assert not any(alive(pid) for pid in pids)


def test_a_judge_ends_by_itself_when_its_parent_is_gone(tmp_path: Path) -> None:
    """The parent may be killed at any moment; the end of the pipe is what its judges see of it."""
    process = batch._Process(judges.honest, judges.assignment(), {})
    assert process.judge(class_of("ada")[0])[0] == batch.REPORT
    process.close()
    process.process.join(20)
    assert process.process.exitcode == 0


def test_a_judge_leaves_the_group_that_ctrl_c_reaches(tmp_path: Path) -> None:
    reports = grade(judges.assignment(), class_of("a", "b"), 1, judges.slow, log=str(tmp_path))
    next(reports)
    pid = int(next(tmp_path.iterdir()).name)
    assert os.getpgid(pid) != os.getpgid(0)
    reports.close()


def test_reports_come_as_they_are_ready(tmp_path: Path) -> None:
    """A judge at work does not hold back the reports of another."""
    seen: list[str] = []
    reports = grade(judges.assignment(), class_of("stalls-a", "b", "c"), 2, judges.fragile, log=str(tmp_path / "log"))
    for report in reports:
        seen.append(report.student)
        if len(seen) == 2:
            break
    reports.close()
    assert seen == ["b", "c"]
