"""The hostile bank, in one session: nothing gained, nobody harmed, nothing left behind."""

import contextlib
import ctypes
import dataclasses
import gc
import os
import platform
import resource
import signal
import threading
import tomllib
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from grader.assignment import find
from grader.judge.session import Submission, judge
from grader.report.model import Report, from_json, to_json
from grader.submission import Unreadable, read

pytestmark = pytest.mark.xdist_group("hostile")  # graded once, in one process
BANK = Path(__file__).parent / "hostile"
CHECKOUT = Path(__file__).parents[2]
FUNCTIONS = "tanh", "relu", "leaky_relu", "softmax"
CHECKS = """
    tanh_values or relu_values or relu_splits or softmax_values or softmax_contract or softmax_vectorised
    or softmax_far_from_zero
"""
EXPECTED = tomllib.loads((BANK / "expected.toml").read_text("utf-8"))
SECRET = "a-secret-of-the-judge"
HONEST = (BANK / "honest.py").read_text("utf-8")
WHERE = f"CHECKOUT, CLASS, JUDGE, SECRET = {str(CHECKOUT)!r}, {str(BANK)!r}, {os.getpid()}, {SECRET!r}"


def submission(name: str) -> Submission:
    try:
        source = read(BANK / name, "activations")
    except Unreadable as problem:
        return Submission(name, None, str(problem))
    # The honest functions, and what an attacker may have found out, lie beside each file.
    return Submission(name, dataclasses.replace(source, modules={"honest": HONEST, "where": WHERE}))


def temporary() -> set[str]:
    places = [Path("/tmp"), Path("/dev/shm"), Path("/var/tmp")]
    return {str(p) for place in places if place.is_dir() for p in place.iterdir()}


def processes() -> Iterator[Path]:
    return (p for p in Path("/proc").iterdir() if p.name.isdigit())


def descendants() -> set[int]:
    found, parents = {os.getpid()}, {}
    for process in processes():
        with contextlib.suppress(OSError):
            parents[int(process.name)] = int((process / "stat").read_text().rpartition(")")[2].split()[1])
    while more := {pid for pid, parent in parents.items() if parent in found} - found:
        found |= more
    return found - {os.getpid()}


def workers() -> set[int]:
    """Processes of the users that only this judge's workers are, wherever they hang in the tree."""
    first, found = 200_000 + (os.getpid() * 16) % 1_000_000, set()
    for process in processes():
        with contextlib.suppress(OSError):
            if process.stat().st_uid in range(first, first + 16):
                found.add(int(process.name))
    return found


def descriptors() -> set[str]:
    return {p.name for p in Path("/proc/self/fd").iterdir()}


def memory() -> int:
    """Bytes that this process holds, without what the allocator keeps for later."""
    gc.collect()
    ctypes.CDLL(None).malloc_trim(0)
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


class Graded:
    """The reports of the whole bank, with an honest file at the start, at the end and every twentieth."""

    def __init__(self) -> None:
        self.reports: dict[str, Report] = {}
        self.honest: list[Report] = []
        self.memory: list[int] = []
        self.left: list[set[Any]] = []

    def deliver(self, report: Report) -> None:
        if report.student == "honest.py":
            self.honest.append(report)
            self.memory.append(memory())
        else:
            self.reports[report.student] = report


def grade(submissions: Iterator[Submission], deliver: Callable[[Report], None]) -> None:
    assignment = msgspec.structs.replace(find("activations"), seconds=0.6, load_seconds=2.0, memory_mb=1024)
    with warnings.catch_warnings():  # a session within a session: what is an error in the outer one is not in a judge
        warnings.simplefilter("ignore")
        judge(assignment, submissions, deliver, keyword=" ".join(CHECKS.split()))


@pytest.fixture(scope="module")
def graded() -> Iterator[Graded]:
    result = Graded()

    def everyone() -> Iterator[Submission]:
        for n, name in enumerate(sorted(EXPECTED)):
            if n % 20 == 0:
                yield submission("honest.py")
            yield submission(name)
        yield submission("honest.py")

    os.environ["GRADER_TEST_SECRET"] = SECRET
    before = temporary(), descendants(), descriptors(), set(threading.enumerate())
    grade(everyone(), result.deliver)
    after = temporary(), descendants(), descriptors(), set(threading.enumerate())
    result.left = [b - a for a, b in zip(before, after, strict=True)]
    yield result
    del os.environ["GRADER_TEST_SECRET"]


def verdicts(report: Report, function: str) -> str:
    """What a function got, in the words of expected.toml."""
    checks = [c for c in report.checks if c.function == function]
    assert checks
    lost = {c.verdict for c in checks if c.points < c.max_points}
    if not lost:
        return "full"
    some = any(c.points > 0 for c in checks)
    return ("part:" if some else "") + "|".join(sorted(lost))


def fits(got: str, wanted: str) -> bool:
    part, _, words = wanted.rpartition(":")
    got_part, _, got_words = got.rpartition(":")
    return part == got_part and set(got_words.split("|")) <= set(words.split("|"))


def applies(rules: dict[str, str], report: Report) -> bool:
    needs = rules.get("needs", "")
    return not needs or needs in report.isolation or needs == platform.machine()


def test_all_tests_of_the_bank_are_in_one_process(request: pytest.FixtureRequest) -> None:
    """Else each process would grade it for itself."""
    if request.config.getoption("loadgroup", default=False):
        assert request.node.nodeid.endswith("@hostile")


def test_every_file_is_in_the_table() -> None:
    files = {p.name for p in BANK.iterdir() if p.suffix in (".py", ".ipynb")} - {"honest.py"}
    assert files == set(EXPECTED)
    assert len(files) >= 120


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_verdict(graded: Graded, name: str) -> None:
    report, rules = graded.reports[name], EXPECTED[name]
    if not applies(rules, report):
        return
    wanted = {f: rules.get(f, rules.get("all", "full")) for f in FUNCTIONS}
    got = {f: verdicts(report, f) for f in FUNCTIONS}
    wrong = {f: (got[f], wanted[f]) for f in FUNCTIONS if not fits(got[f], wanted[f])}
    messages = [f"{c.id}: {c.verdict}: {c.message}" for c in report.checks if c.function in wrong]
    assert not wrong, "\n".join([str(wrong), *report.notes, *messages])


def test_nothing_was_left_ungraded(graded: Graded) -> None:
    assert [r.student for r in graded.reports.values() for c in r.checks if c.verdict == "could-not-grade"] == []


def test_honest_files_are_not_harmed(graded: Graded) -> None:
    assert len(graded.honest) > 5
    assert {(r.score, r.status) for r in graded.honest} == {(graded.honest[0].max_score, "full-marks")}


def test_nothing_is_left_behind(graded: Graded) -> None:
    files, processes, descriptors, threads = graded.left
    assert {f for f in files if "left_for_the_next" in f or "unpickled" in f} == set()
    assert processes == set()
    assert descriptors == set()
    assert threads == set()
    assert workers() == set()


def test_memory_of_the_judge_does_not_grow(graded: Graded) -> None:
    """From the first third on, when all that is loaded once is there."""
    third = len(graded.memory) // 3
    assert max(graded.memory[-third:]) - max(graded.memory[:third]) < 40 << 20, graded.memory


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_reports_are_bounded_and_can_be_read_back(graded: Graded, name: str) -> None:
    data = to_json(graded.reports[name])
    assert len(data) < 200_000
    assert from_json(data).student == name


@pytest.mark.parametrize("name", [n for n, rules in EXPECTED.items() if "violation" in rules.values()])
def test_a_violation_asks_for_a_person(graded: Graded, name: str) -> None:
    report = graded.reports[name]
    if any(c.verdict == "violation" for c in report.checks):
        assert report.status == "needs-review"


def test_the_fork_server_may_die() -> None:
    """Whoever is being graded then gets the same score as without it."""
    reports: list[Report] = []

    def kill_the_fork_server() -> None:
        for pid in descendants():
            with contextlib.suppress(OSError):
                if "zygote.py" in Path(f"/proc/{pid}/cmdline").read_text():
                    os.kill(pid, signal.SIGKILL)

    def submissions() -> Iterator[Submission]:
        for n in range(4):
            if n == 2:
                threading.Timer(0.05, kill_the_fork_server).start()
            yield submission("honest.py")

    grade(submissions(), reports.append)
    assert [(r.score, r.status) for r in reports] == [(reports[0].max_score, "full-marks")] * 4
