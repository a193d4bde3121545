"""Grading on a Dask cluster: what a run here gives, whatever happens to workers, to the run or to its connection."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import dask
import msgspec
import pytest
from click.testing import CliRunner
from distributed import Client, LocalCluster

from grader.assignment import Assignment, find
from grader.classroom import cluster
from grader.classroom.batch import CannotJudge
from grader.classroom.batch import grade as grade_here
from grader.classroom.folder import HandIn, hand_ins
from grader.classroom.grading import Course, grade_class
from grader.classroom.journal import progress
from grader.cli import cli, desk
from grader.report.model import Report
from tests.classroom import judges
from tests.classroom.test_batch import alive
from tests.classroom.test_desk import CHECKS, RIGHT, TOML
from tests.classroom.test_journal import CHECKOUT, graded

pytestmark = pytest.mark.xdist_group("cluster")  # one cluster, of two processes


@pytest.fixture(scope="module")
def assignment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assignment]:
    """A small assignment, which the workers find as well."""
    folder = tmp_path_factory.mktemp("course") / "assignments" / "tiny"
    folder.mkdir(parents=True)
    (folder / "assignment.toml").write_text(TOML, "utf-8")
    (folder / "test_public.py").write_text(CHECKS, "utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRADER_ASSIGNMENTS", str(folder.parent))
        yield find("tiny")


@pytest.fixture(scope="module")
def workers(assignment: Assignment) -> Iterator[LocalCluster]:
    patient = dask.config.set({"distributed.deploy.lost-worker-timeout": "10 minutes"})
    options = {"threads_per_worker": 1, "processes": True, "dashboard_address": None, "silence_logs": "CRITICAL"}
    with patient, LocalCluster(n_workers=2, **options) as started:
        yield started


@pytest.fixture
def client(workers: LocalCluster) -> Iterator[Client]:
    with cluster.connected(workers.scheduler_address) as connected:
        connected.wait_for_workers(2, timeout=120)
        yield connected


def class_of(folder: Path, *students: str) -> list[HandIn]:
    for student in students:
        (folder / "class" / student).mkdir(parents=True, exist_ok=True)
        (folder / "class" / student / "tiny.py").write_text(f"# {student}", "utf-8")
    return hand_ins(folder / "class", "tiny")


def names(reports: list[Report]) -> list[str]:
    return sorted(r.student for r in reports)


def test_the_judge_gets_what_was_read(assignment: Assignment, client: Client, tmp_path: Path) -> None:
    class_of(tmp_path, "ada", "bo")
    (tmp_path / "class" / "ada" / "helper.py").write_text("x = 1", "utf-8")
    (tmp_path / "class" / "bo" / "tiny.py").write_text("", "utf-8")
    ada, bo = hand_ins(tmp_path / "class", "tiny")
    asked = [replace(ada, before=b"earlier"), bo, HandIn("cem", None, "Two files.")]
    reports = {r.student: r.why for r in cluster.grade(assignment, asked, client, judges.reading, seed=None)}
    assert reports == {"ada": "tiny.py: # ada ['helper'] earlier", "bo": "tiny.py is empty.", "cem": "Two files."}


def test_the_options_reach_the_judge(assignment: Assignment, client: Client) -> None:
    (report,) = cluster.grade(assignment, [HandIn("ada", None)], client, judges.options, seed=7)
    assert report.student == "ada [('seed', 7)]"


def test_the_scores_are_those_of_a_run_here(assignment: Assignment, client: Client, tmp_path: Path) -> None:
    texts = {
        "right": RIGHT,
        "slip": RIGHT.replace("3 *", "4 *"),
        "broken": "def double(x:",
        "dies": RIGHT.replace("return 3 * x", "__import__('os').abort()"),
    }
    for student, text in texts.items():
        class_of(tmp_path, student)
        (tmp_path / "class" / student / "tiny.py").write_text(text, "utf-8")
    (tmp_path / "class" / "linked").mkdir()
    (tmp_path / "class" / "linked" / "tiny.py").symlink_to(tmp_path / "class" / "right" / "tiny.py")
    asked = hand_ins(tmp_path / "class", "tiny")

    def told(reports: Iterator[Report]) -> list[Report]:
        change = msgspec.structs.replace
        timeless = [(r, [change(c, seconds=0.0) for c in r.checks]) for r in reports]
        return sorted((change(r, checks=c, seconds=0.0, started="") for r, c in timeless), key=lambda r: r.student)

    there = told(cluster.grade(assignment, asked, client))
    assert there == told(grade_here(assignment, asked, 1))
    assert [(r.student, r.score) for r in there] == [
        ("broken", 0.0), ("dies", 4.0), ("linked", 0.0), ("right", 10.0), ("slip", 4.0),
    ]  # fmt: skip


def test_a_worker_that_is_killed_loses_nothing(assignment: Assignment, client: Client, tmp_path: Path) -> None:
    log, students = tmp_path / "log", [f"s{n:02d}" for n in range(30)]
    reports = []
    pids = list(client.run(os.getpid).values())
    for report in cluster.grade(assignment, class_of(tmp_path, *students), client, judges.unhurried, log=str(log)):
        reports.append(report)
        if len(reports) == 5:
            os.kill(pids[0], signal.SIGKILL)
    assert names(reports) == students
    assert set(graded(log)) == set(students)


def test_a_hand_in_that_takes_its_worker_down_costs_nobody_else_anything(
    assignment: Assignment, workers: LocalCluster, client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers.scheduler, "allowed_failures", 0)
    students = ["ada", "bo", "cem", "dora", "eli"]
    reports = list(cluster.grade(assignment, class_of(tmp_path, *students), client, judges.felling))
    assert names(reports) == students
    (failed,) = [r for r in reports if r.status == "could-not-grade"]
    assert failed.student == "bo"
    assert failed.why == "The grader failed on this submission: each worker that tried it was lost."


def test_a_judge_that_dies_twice_on_a_worker(assignment: Assignment, client: Client, tmp_path: Path) -> None:
    reports = list(cluster.grade(assignment, class_of(tmp_path, "ada", "bo", "cem"), client, judges.dying))
    (failed,) = [r for r in reports if r.status == "could-not-grade"]
    assert (failed.student, failed.submission) == ("bo", "tiny.py")
    assert failed.why.endswith("its process ended with exit code -9.")


def test_leaving_early_takes_back_what_has_not_begun(assignment: Assignment, client: Client, tmp_path: Path) -> None:
    log, students = tmp_path / "log", [f"s{n:02d}" for n in range(40)]
    reports = cluster.grade(assignment, class_of(tmp_path, *students), client, judges.unhurried, log=str(log))
    next(reports)
    reports.close()
    assert len(list(cluster.grade(assignment, [HandIn("ada", None)], client, judges.honest))) == 1
    assert sum(graded(log).values()) < 20


def test_the_judges_end_with_the_run(assignment: Assignment, workers: LocalCluster, tmp_path: Path) -> None:
    log = tmp_path / "log"
    with cluster.connected(workers.scheduler_address) as client:
        list(cluster.grade(assignment, class_of(tmp_path, "ada", "bo"), client, judges.unhurried, log=str(log)))
        pids = {int(line.split()[0]) for line in log.read_text().splitlines()}
        assert all(map(alive, pids))
    deadline = time.monotonic() + 20
    while any(map(alive, pids)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not any(map(alive, pids))


PROGRAM = """
import sys
from dataclasses import replace
from pathlib import Path
from grader.assignment import find
from grader.classroom.grading import Course, grade_class
from tests.classroom import judges
folder, scheduler = Path(sys.argv[1]), sys.argv[2]
options = {"judge": judges.unhurried, "log": str(folder / "log")}
grade_class(folder / "class", [find("tiny")], folder / "results", Course(), scheduler=scheduler, **options)
"""


def test_a_run_that_is_killed_goes_on_where_it_was(client: Client, workers: LocalCluster, tmp_path: Path) -> None:
    students = [f"s{n:02d}" for n in range(30)]
    class_of(tmp_path, *students)
    log, out = tmp_path / "log", tmp_path / "results"
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(tmp_path), workers.scheduler_address],
        env={**os.environ, "PYTHONPATH": str(CHECKOUT)}, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    while process.poll() is None and sum(graded(log).values()) < 10:
        time.sleep(0.02)
    process.kill()
    process.wait()
    first = progress(out)
    assert first is not None
    assert 0 < first.done < 30
    options = {"judge": judges.unhurried, "log": str(log)}
    book = grade_class(
        tmp_path / "class", [find("tiny")], out, Course(), scheduler=workers.scheduler_address, **options
    )
    assert names(book.reports) == students
    second = progress(out)
    assert second is not None
    assert (second.done, second.kept) == (30, first.done)


def test_workers_with_another_version_are_refused(
    assignment: Assignment, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    other, here = msgspec.structs.replace(assignment, version="0123"), r"^The worker tcp://[\d.:]+ has version "
    with pytest.raises(CannotJudge, match=rf"{here}{assignment.version} of tiny, this machine has 0123: both need"):
        list(cluster.grade(other, [HandIn("ada", None)], client, judges.honest))
    other = msgspec.structs.replace(assignment, name="unheard_of")
    with pytest.raises(
        CannotJudge, match=r"^The worker tcp://[\d.:]+: There is no assignment 'unheard_of'\. There are"
    ):
        list(cluster.grade(other, [HandIn("ada", None)], client, judges.honest))
    monkeypatch.setattr(cluster, "__version__", "9.9")
    with pytest.raises(CannotJudge, match=rf"{here}0.1.0 of grader, this machine has 9\.9\.$"):
        list(cluster.grade(assignment, [HandIn("ada", None)], client, judges.honest))


def test_an_assignment_that_cannot_be_judged(assignment: Assignment, client: Client) -> None:
    with pytest.raises(CannotJudge, match=r"^test_hidden.py cannot be collected: no module named 'referense'\.$"):
        list(cluster.grade(assignment, [HandIn("ada", None)], client, judges.refusing))


def said(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(cli, ["grade", *arguments])
    assert done.stderr.count("\n") == 1
    return done.exit_code, done.stderr


def test_what_is_wrong_with_the_command_is_one_sentence(
    assignment: Assignment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class_of(tmp_path, "ada")
    monkeypatch.setattr(cluster, "PATIENCE", "300ms")
    command = [str(tmp_path / "class"), "-a", "tiny", "-o", str(tmp_path / "out"), "--scheduler"]
    code, text = said(*command, "tcp://127.0.0.1:1")
    assert (code, text[:60]) == (3, "grader: The scheduler tcp://127.0.0.1:1 cannot be reached: T")
    code, text = said(*command, "carrier-pigeon://loft")
    assert (code, text[:54]) == (3, "grader: The scheduler carrier-pigeon://loft cannot be ")
    code, text = said(*command, "tcp://127.0.0.1:1", "--jobs", "2")
    assert (code, text[:38]) == (2, "grader: --jobs is for grading here; wi")
    monkeypatch.setattr(desk, "find_spec", lambda name: None)
    code, text = said(*command, "tcp://127.0.0.1:1")
    assert (code, text) == (
        2,
        "grader: --scheduler needs Dask, which is not installed: pip install 'deepgrader[dask]'\n",
    )
