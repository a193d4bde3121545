"""Judging: one pytest session, one fork server, one submission after another, a report for each."""

import contextlib
import datetime
import importlib.util
import itertools
import os
import re
import sys
import time
import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
import pytest

import grader
from grader.assignment import Assignment
from grader.judge.bench import WorkerBench
from grader.judge.casebook import Casebook, key_of
from grader.judge.checks import Prepared
from grader.judge.isolation.sandbox import Killed, Room, SandboxError
from grader.judge.isolation.workshops import Workshops, preloads
from grader.judge.loading import first_failure, notes_of
from grader.judge.paid_once import paid_once
from grader.judge.plugin import Plugin, Run
from grader.judge.probes import Probes
from grader.judge.repair import sharing
from grader.judge.revision import Revision, moved, settled, without_numbers
from grader.judge.surroundings import forgetting, importable, plugins_disabled
from grader.judge.verdicts import Verdicts, Watch, lost_in, unjudged
from grader.judge.wording import worded
from grader.report.model import Check, Report, Status, status_of, total, why_of
from grader.report.places import without_places
from grader.submission import Source

Deliver = Callable[[Report], None]
Tell = Callable[[Check], None]
_TORCH = re.compile(r"^\s*(?:import|from)\s+torch\b", re.MULTILINE)
_NUMPY = re.compile(r"^\s*(?:import|from)\s+numpy\b", re.MULTILINE)
_TORCH_USED, _NUMPY_USED = re.compile(r"\b(?:torch|F|nn)\."), re.compile(r"\b(?:np|numpy)\.")
TRIES = 4
"""How often a check is run whose process was killed, before that is taken for the submission's doing."""
RESTARTS = 10
"""How often a check is run anew because the grader's own isolation broke down."""
HIDES = "Expected values of hidden checks are not shown, nor what your code prints in them."


class JudgeError(Exception):
    """An assignment cannot be judged at all: one sentence for its author."""


@dataclass(frozen=True)
class Submission:
    """What one student handed in. Without a source it is unreadable (`problem` says why) or missing."""

    student: str
    source: Source | None
    problem: str = ""
    before: Report | None = None
    """The report on the same files by an earlier version of the assignment: what did not change is kept."""
    earlier: Source | None = None
    """The version of the files that `before` is about, where that is another one, judged before by the same call."""
    only: frozenset[str] = frozenset()
    """The checks to run, by id or by function; all of them where it is empty."""


def judge(
    assignment: Assignment, submissions: Iterable[Submission], deliver: Deliver, *, hidden: bool = True,
    keyword: str | None = None, framework: str | None = None, seed: int | None = None, weak_isolation: bool = False,
    changed: Mapping[str, tuple[str, ...]] | None = None, watch: Watch | None = None, tell: Tell | None = None,
    in_passing: bool = False,
) -> None:  # fmt: skip
    """Judge submissions one by one and deliver a report for each as soon as it exists.

    `changed` names, by student, all functions that are not the reference's, where that is known: these submissions
    meet only the checks that can tell, up to the first that costs points, and nothing is diagnosed. `watch` is told
    of every function that is wrong, with all that was seen of it. `tell` hears each verdict as soon as it is there,
    before anything is diagnosed. `in_passing` is for a seed that nobody asks for again: only the checks that draw their
    cases are run, and the cases are kept nowhere.

    Blocks until all are judged. Raises JudgeError where the assignment's checks cannot be collected or submissions
    cannot be isolated on this machine.
    """
    files = [f for f in ("test_public.py", "test_hidden.py") if (assignment.folder / f).is_file()]
    files = [f for f in files if hidden or f != "test_hidden.py"]
    if not files:
        raise JudgeError(f"{assignment.name} has no checks: {assignment.folder.name}/test_public.py is missing")
    if not sys.platform.startswith("linux") and "test_hidden.py" in files and not weak_isolation:
        raise JudgeError(
            "This system cannot keep a submission from reading files, the hidden checks among them. Grade on Linux, "
            "or say --allow-weak-isolation."
        )
    if assignment.framework != "either":
        framework = assignment.framework
    if framework == "torch" and not importlib.util.find_spec("torch"):
        raise JudgeError(f"{assignment.name} needs PyTorch, which is not installed: pip install 'deepgrader[torch]'")
    if framework == "torch":
        importlib.import_module("torch").set_num_threads(1)  # as in the workers: two threads cost more than they save
    workshops, probes = Workshops(weak_isolation), Probes(assignment.folder)
    workshops.get(preloads(probes.texts(framework), framework or ""))  # starts while pytest collects
    room = Room(memory_mb=assignment.memory_mb)
    seed = seed if seed is not None else assignment.seed
    judging = Judging(
        assignment, workshops, room, framework, seed, changed or {}, watch, tell, "test_hidden.py" in files, keyword,
        in_passing,
    )  # fmt: skip
    raised: list[BaseException] = []

    def work(plugin: Plugin) -> None:
        try:
            judging.grade_all(plugin, submissions, deliver)
        except BaseException as error:
            raised.append(error)

    plugin = Plugin(assignment.functions, judging.seed, work, probes, assignment.foundation)
    arguments = [str(assignment.folder / f) for f in files]
    arguments += ["-c", os.devnull, f"--rootdir={assignment.folder}", "--import-mode=importlib", "-s", "--noconftest"]
    arguments += ["-o", "enable_assertion_pass_hook=true"]
    arguments += [
        f"-pno:{name}" for name in ("cacheprovider", "terminal", "warnings", "logging", "junitxml", "faulthandler")
    ]
    if keyword:
        arguments += ["-k", keyword]
    try:
        folder = assignment.folder
        # Beside public checks alone lie a student's own files, which no import may find.
        beside = importable(folder.parent.parent) if "test_hidden.py" in files else contextlib.nullcontext()
        with beside, plugins_disabled(), forgetting(folder), warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # of a check that computes with wrong values
            pytest.main(arguments, plugins=[plugin])
    finally:
        workshops.close()
    if raised and isinstance(raised[0], SandboxError):
        raise JudgeError(f"{raised[0]}. To grade with the isolation that there is, say --allow-weak-isolation.")
    if raised:
        raise raised[0]
    if plugin.problems:
        raise JudgeError(plugin.problems[0])
    if not plugin.checks:
        raise JudgeError(f"{assignment.name} has no check that fits {keyword!r}" if keyword else "there are no checks")


class Judging:
    """The work of one session."""

    def __init__(
        self, assignment: Assignment, workshops: Workshops, room: Room, framework: str | None, seed: int,
        changed: Mapping[str, tuple[str, ...]], watch: Watch | None = None, tell: Tell | None = None,
        hidden: bool = True, keyword: str | None = None, in_passing: bool = False,
    ) -> None:  # fmt: skip
        self.assignment, self.workshops, self.room = assignment, workshops, room
        self.framework, self.seed, self.changed = framework, seed, changed
        self.verdicts = Verdicts(assignment, watch)
        self.tell = tell
        self.hidden, self.keyword, self.in_passing = hidden, keyword, in_passing

    def grade_all(self, plugin: Plugin, submissions: Iterable[Submission], deliver: Deliver) -> None:
        reference = plugin.reference.module if plugin.reference else None
        key = key_of(self.assignment.version, self.seed, reference, [c.id for c in plugin.checks])
        plugin.casebook = None if self.in_passing else Casebook(self.assignment.name, key)
        preload = preloads(plugin.probes.texts(self.framework), self.framework or "")
        self.workshops.get(preload).worker(self.room).close()  # fails early, not by student
        for submission in submissions:
            deliver(self.counted(self.grade(plugin, submission), submission.only))
            if plugin.casebook:
                plugin.casebook.save()

    def counted(self, report: Report, only: frozenset[str]) -> Report:
        """The report with the points that are left for the hidden checks, where those were left out."""
        if self.hidden:
            return report
        functions = {check.function for check in report.checks}
        if not (self.keyword or only):
            others = () if report.framework == "torch" else self.assignment.torch_only
            functions.update(f for f in self.assignment.functions if f not in others)
        left = sum(self.assignment.points[f] for f in functions) - sum(c.max_points for c in report.checks)
        return msgspec.structs.replace(report, at_grading=max(0.0, round(left, 4)))

    def asked(self, framework: str | None, checks: Iterable[Prepared]) -> list[Prepared]:
        """The checks to run that are for submissions in a framework."""
        others = () if framework == "torch" else self.assignment.torch_only
        return [c for c in checks if c.function not in others and (c.drawn or not self.in_passing)]

    # --- one submission

    def frameworks_of(self, source: Source) -> list[str]:
        """The command line's word, else the assignment's, else what the text uses: both, the likelier first."""
        if self.framework:
            return [self.framework]
        if self.assignment.framework != "either":
            return [self.assignment.framework]
        text = "\n".join([*(cell.text for cell in source.cells), *source.modules.values()])
        if not _TORCH.search(text):
            return ["numpy"]
        torch_first = len(_TORCH_USED.findall(text)) > len(_NUMPY_USED.findall(text))
        if not _NUMPY.search(text):
            return ["torch"]
        return ["torch", "numpy"] if torch_first else ["numpy", "torch"]

    def grade(self, plugin: Plugin, submission: Submission) -> Report:
        """One report. A fault of the grader's own becomes the verdict could-not-grade, never a zero."""
        source = submission.source
        try:
            if source is None:
                return self.without_source(plugin, submission)
            if submission.before and (renewed := self.again(plugin, submission, submission.before, source)):
                return renewed
            reports: list[Report] = []
            for framework in self.frameworks_of(source):
                asked, wanted = self.asked(framework, plugin.checks), submission.only
                only = [c for c in asked if {c.id, c.function} & wanted] if wanted else None
                reports.append(self.grade_as(framework, plugin, submission.student, source, only))
                if reports[-1].score == reports[-1].max_score:
                    break
            return max(reports, key=lambda r: r.score / (r.max_score or 1))
        except Exception as error:
            said = f"The grader failed on this submission ({type(error).__name__}: {error})."
            asked = self.asked(self.framework, plugin.checks)
            checks = [unjudged(c, said, "could-not-grade") for c in asked]
            return self.report(submission.student, source, checks, why=said)

    def without_source(self, plugin: Plugin, submission: Submission) -> Report:
        """The report on something that is missing or cannot be read."""
        problem = submission.problem or "Nothing was handed in."
        checks = [unjudged(c, problem, "error") for c in self.asked(self.framework, plugin.checks)]
        status: Status = "unreadable" if submission.problem else "missing"
        return self.report(submission.student, None, checks, status=status, why=problem)

    def again(self, plugin: Plugin, submission: Submission, before: Report, source: Source) -> Report | None:
        """The report that follows from an earlier one; None where everything is to be judged."""
        if submission.earlier is None:
            return self.renew(plugin, before, source)
        return self.revise(plugin, before, Revision(submission.earlier, source))

    def revise(self, plugin: Plugin, before: Report, revision: Revision) -> Report | None:
        """An earlier report with the checks run again that a change of the submission may bear on.

        They are those of each function with a check that calls a changed one, where the verdict before was more than
        a matter of the calls, or where what was said of it is no longer true of the new lines; and of those that lost
        points and share code with one of them, for which one of them pays.
        """
        source, asked = revision.new, self.asked(before.framework, plugin.checks)
        changed, lines = revision.changed(self.assignment.functions), revision.lines()
        usual = before.status in ("full-marks", "points-lost") and self.frameworks_of(source) == [before.framework]
        if changed is None or not usual:
            return None
        own, reached = changed
        still = {c.id: c for c in map(moved, before.checks, itertools.repeat(lines)) if c and settled(c)}
        concerned = {c.function for c in asked if c.id not in still or plugin.concerns(c, reached)}
        lost = {c.function for c in before.checks if c.points < c.max_points}
        concerned |= lost & sharing(source, self.assignment.functions, concerned)
        concerned = concerned or {asked[0].function}  # so that the file is loaded, and what is said of that is true
        only = [c for c in asked if c.function in concerned]
        only.sort(key=lambda c: (c.races, c.function not in own))
        kept = [still[c.id] for c in asked if c.function not in concerned]
        new = self.grade_as(before.framework, plugin, before.student, source, only, kept)
        if without_numbers(new.notes) != without_numbers(before.notes) or new.status == "unreadable":
            return None
        known = {c.id: c for c in kept} | {c.id: verdict for c, verdict in zip(only, new.checks, strict=True)}
        return self.report(
            before.student, source, [known[c.id] for c in asked], framework=before.framework,
            isolation=new.isolation, notes=new.notes, seconds=new.seconds,
        )  # fmt: skip

    def renew(self, plugin: Plugin, before: Report, source: Source) -> Report | None:
        """An earlier report with the checks run that have changed since; None where they may bear on others.

        That is so where a function of theirs lost points before, or does now: which checks of other functions are
        given a substitute, and what explains all that was seen of a function, depends on it.
        """
        asked, kept = self.asked(before.framework, plugin.checks), {c.id: c for c in before.checks}
        changed = [c for c in asked if c.id not in kept or kept[c.id].version != c.version]
        touched = {c.function for c in changed} | {kept[id].function for id in kept.keys() - {c.id for c in asked}}
        if len(changed) == len(asked) or any(c.function in touched and c.points < c.max_points for c in before.checks):
            return None
        new = self.grade_as(before.framework, plugin, before.student, source, changed)
        if new.status != "full-marks" and changed:
            return None
        kept |= {c.id: c for c in new.checks}
        titled = (msgspec.structs.replace(kept[c.id], title=c.title) for c in asked)
        checks = [worded(check, before.framework) for check in titled]
        return self.report(
            before.student, source, checks, framework=before.framework, isolation=new.isolation, notes=before.notes,
            seconds=new.seconds,
        )  # fmt: skip

    def grade_as(
        self, framework: str, plugin: Plugin, student: str, source: Source, only: list[Prepared] | None = None,
        kept: Sequence[Check] = (),
    ) -> Report:  # fmt: skip
        """The report on a submission that is taken to be in one framework, about all of its checks or some.

        kept : verdicts on the other checks that are known already.
        """
        started = time.perf_counter()
        texts = [cell.text for cell in source.cells] + list(source.modules.values())
        preload = preloads([*texts, *plugin.probes.texts(framework)], framework)
        bench = WorkerBench(
            self.assignment.name, source, self.assignment.functions, framework, self.workshops.get(preload),
            self.room, self.assignment.seconds, self.assignment.load_seconds, plugin.probes,
        )  # fmt: skip
        plugin.brief = student in self.changed
        try:
            brief = plugin.brief
            runs = self.until_lost(plugin, bench, student) if brief else self.run_all(plugin, bench, only, kept)
        finally:
            bench.end()
        if any(isinstance(run.trouble, SandboxError) for run in runs):
            self.workshops.drop(preload)
        checks = self.verdicts.on(plugin, runs, bench, kept)
        unreadable = first_failure(bench) if bench.loaded and not bench.available else ""
        status: Status | None = "unreadable" if unreadable and status_of(checks) == "points-lost" else None
        return self.report(
            student, source, checks, framework=framework, isolation=bench.workshop.isolation, status=status,
            why=unreadable if status else None, notes=[*source.notes, *notes_of(bench)],
            seconds=round(time.perf_counter() - started, 4),
        )  # fmt: skip

    def report(
        self, student: str, source: Source | None, checks: list[Check], status: Status | None = None,
        why: str | None = None, **rest: Any,
    ) -> Report:  # fmt: skip
        """A report with the totals, and what all reports have; it tells nothing of the machine."""
        score, max_score = total(checks)
        hidden = any(c.hidden and c.points < c.max_points for c in checks) and not self.assignment.show_expected
        report = Report(
            assignment=self.assignment.name, title=self.assignment.title, student=student,
            submission=source.name if source else "", score=score, max_score=max_score,
            status=status or status_of(checks), why=why or why_of(checks), seed=self.seed, checks=checks,
            digest=source.digest if source else "", lines=source.lines if source else 0,
            assignment_version=self.assignment.version,
            grader_version=grader.__version__, hides=HIDES if hidden else "",
            started=datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"), **{"isolation": "", **rest},
        )  # fmt: skip
        return without_places(report)

    def until_lost(self, plugin: Plugin, bench: WorkerBench, student: str) -> list[Run]:
        """The checks that can tell what is changed, up to the first that costs points."""
        runs: list[Run] = []
        for check in self.asked(bench.framework, plugin.influenced(self.changed[student])):
            runs.append(self.once_more(plugin, bench, plugin.judge(check, bench)))
            if runs[-1].costs:
                break
        return runs

    def run_all(
        self, plugin: Plugin, bench: WorkerBench, only: list[Prepared] | None = None, kept: Sequence[Check] = ()
    ) -> list[Run]:
        """Every check once; those that may fail for another function's fault once more with ours in its place."""
        checks = self.asked(bench.framework, plugin.checks) if only is None else only
        runs = []
        for check in checks:
            runs.append(self.once_more(plugin, bench, plugin.judge(check, bench)))
            if self.tell and bench.available:
                self.tell(worded(self.verdicts.on_one(plugin, runs[-1], bench, None), bench.framework))
        if plugin.reference is None or bench.refusal:
            return runs
        return paid_once(plugin, bench, runs, self.assignment.functions, lost_in(kept))

    @staticmethod
    def once_more(plugin: Plugin, bench: WorkerBench, run: Run) -> Run:
        """The run; a new one where a process was killed, for which the student need not be to blame.

        A fork server that died has been started anew, and is never the student's doing. Code that kills itself does
        so each time.
        """
        killed = restarted = 0
        while isinstance(run.trouble, SandboxError | Killed):
            killed += isinstance(run.trouble, Killed)
            restarted += isinstance(run.trouble, SandboxError)
            if killed == TRIES or restarted > RESTARTS:
                break
            run = plugin.judge(run.check, bench)
        return run
