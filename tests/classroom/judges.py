"""Judges that tests put in place of the real one. A judge process imports this file, so nothing heavy is here."""

import os
import signal
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import msgspec

from grader.assignment import Assignment
from grader.classroom.batch import CannotJudge
from grader.classroom.folder import HandIn
from grader.report.model import Check, Report, Status, from_json

Deliver = Callable[[Report], None]


def assignment(name: str = "activations") -> Assignment:
    return Assignment(
        name=name, title=name.title(), order=2, functions=["relu"], points={"relu": 10.0}, folder=Path(), version="0"
    )


def report(student: str, name: str = "activations", score: float = 10.0, status: Status = "full-marks") -> Report:
    check = Check("relu", "relu", "relu is right.", score, 10.0, "pass" if score == 10 else "fail", "relu(-1) is -1.")
    return Report(
        assignment=name,
        title=name.title(),
        student=student,
        submission=f"{name}.py",
        score=score,
        max_score=10.0,
        status=status,
        why="" if score == 10 else "relu: relu(-1) is -1.",
        isolation="none",
        seed=1,
        checks=[check],
    )


def honest(assignment: Assignment, hand_ins: Iterable[HandIn], deliver: Deliver) -> None:
    """Gives each student full marks, or says that the file is missing, and prints as a careless judge would."""
    for hand_in in hand_ins:
        print("noise on standard output")
        status: Status = "full-marks" if hand_in.path else "missing"
        deliver(report(hand_in.student, assignment.name, 10.0 if hand_in.path else 0.0, status))


def fragile(assignment: Assignment, hand_ins: Iterable[HandIn], deliver: Deliver, log: str) -> None:
    """Dies over a student whose name says how; `once` dies the first time only."""
    for hand_in in hand_ins:
        with Path(log).open("a") as lines:
            lines.write(f"{os.getpid()} {hand_in.student}\n")
        how, first = hand_in.student.split("-")[0], Path(log).read_text().count(hand_in.student) == 1
        if how == "killed" or (how == "once" and first):
            os.kill(os.getpid(), signal.SIGKILL)
        if how == "exits":
            os._exit(0)
        if how == "raises":
            raise ZeroDivisionError("division by zero")
        if how == "stalls":
            time.sleep(600)
        deliver(report(hand_in.student, assignment.name))


def slow(assignment: Assignment, hand_ins: Iterable[HandIn], deliver: Deliver, log: str) -> None:
    """Delivers one report and then takes for ever."""
    for number, hand_in in enumerate(hand_ins):
        Path(log, str(os.getpid())).touch()
        if number:
            time.sleep(600)
        deliver(report(hand_in.student, assignment.name))


def refusing(assignment: Assignment, hand_ins: Iterable[HandIn], deliver: Deliver, **given: Any) -> None:
    raise CannotJudge("test_hidden.py cannot be collected: no module named 'referense'.")


def options(assignment: Assignment, hand_ins: Iterable[HandIn], deliver: Deliver, **given: Any) -> None:
    for hand_in in hand_ins:
        deliver(report(f"{hand_in.student} {sorted(given.items())}", assignment.name))


def options_ignored(assignment: Assignment, hand_ins: Iterable[HandIn], deliver: Deliver, **given: Any) -> None:
    honest(assignment, hand_ins, deliver)


def dying(assignment: Assignment, hand_ins: Iterable[HandIn], deliver: Deliver, **given: Any) -> None:
    """Dies over one student."""
    for hand_in in hand_ins:
        if hand_in.student == "bo":
            os.kill(os.getpid(), signal.SIGKILL)
        deliver(report(hand_in.student, assignment.name))


def never(assignment: Assignment, hand_ins: Iterable[HandIn], deliver: Deliver, log: str, **given: Any) -> None:
    """Never delivers."""
    for _ in hand_ins:
        Path(log, str(os.getpid())).touch()
        time.sleep(600)


def unhurried(assignment: Assignment, hand_ins: Iterable[HandIn], deliver: Deliver, log: str, **given: Any) -> None:
    """Takes a moment for each student, and writes down whom it judged."""
    for hand_in in hand_ins:
        time.sleep(0.05)
        with Path(log).open("a") as lines:
            lines.write(f"{os.getpid()} {hand_in.student}\n")
        deliver(report(hand_in.student, assignment.name))


def earlier(assignment: Assignment, hand_ins: Iterable[HandIn], deliver: Deliver, **given: Any) -> None:
    """Says what an earlier version of the assignment gave."""
    for hand_in in hand_ins:
        why = f"graded before as {from_json(hand_in.before).student}" if hand_in.before else "new"
        deliver(msgspec.structs.replace(report(hand_in.student, assignment.name), why=why))


def reading(assignment: Assignment, hand_ins: Iterable[HandIn], deliver: Deliver, **given: Any) -> None:
    """Says what of a hand-in has come."""
    for hand_in in hand_ins:
        source, before = hand_in.source, hand_in.before.decode()
        what = f"{source.name}: {source.cells[0].text} {sorted(source.modules)} {before}" if source else hand_in.problem
        deliver(msgspec.structs.replace(report(hand_in.student, assignment.name), why=what))


def felling(assignment: Assignment, hand_ins: Iterable[HandIn], deliver: Deliver, **given: Any) -> None:
    """Takes down the process that it works for over one student."""
    for hand_in in hand_ins:
        if hand_in.student == "bo":
            os.kill(os.getppid(), signal.SIGKILL)
            os._exit(1)
        deliver(report(hand_in.student, assignment.name))
