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
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import msgspec
import pytest

import grader
from grader.assignment import MISTAKES, MISTAKES_TORCH, Assignment
from grader.judge.bench import Refusal, WorkerBench
from grader.judge.casebook import Casebook, key_of
from grader.judge.checks import Prepared
from grader.judge.diagnosis.factors import explain_by_factor
from grader.judge.diagnosis.listed import Mistake, mistakes_in
from grader.judge.diagnosis.naming import Naming
from grader.judge.diagnosis.unlisted import Explanation
from grader.judge.evidence import evidence_of
from grader.judge.hints import hint_for, hint_for_missing, sentence, sentence_of_failure
from grader.judge.isolation.sandbox import Failure, Killed, Room, SandboxError
from grader.judge.isolation.workshops import Workshops, preloads
from grader.judge.outline import Outline, load_module
from grader.judge.plugin import Failed, Plugin, Run, mentioned
from grader.judge.probes import Probes
from grader.judge.revision import Revision, moved, settled
from grader.judge.trial import CheckFailure, NotThere, StudentError
from grader.judge.withholding import withheld
from grader.report.model import UNWRITTEN, Check, Evidence, Report, Status, status_of, total, why_of
from grader.report.places import without_places
from grader.submission import Source

Deliver = Callable[[Report], None]
Watch = Callable[[Source, Naming], None]
Tell = Callable[[Check], None]
_TORCH = re.compile(r"^\s*(?:import|from)\s+torch\b", re.MULTILINE)
_NUMPY = re.compile(r"^\s*(?:import|from)\s+numpy\b", re.MULTILINE)
_TORCH_USED, _NUMPY_USED = re.compile(r"\b(?:torch|F|nn)\."), re.compile(r"\b(?:np|numpy)\.")
TRIES = 3
"""How often a check is run whose process was killed, before that is taken for the submission's doing."""
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
    """The version of the files that `before` is about, where that is another one, which this session has judged."""
    only: frozenset[str] = frozenset()
    """The checks to run, by id or by function; all of them where it is empty."""


def judge(
    assignment: Assignment, submissions: Iterable[Submission], deliver: Deliver, *, hidden: bool = True,
    keyword: str | None = None, framework: str | None = None, seed: int | None = None, weak_isolation: bool = False,
    changed: Mapping[str, tuple[str, ...]] | None = None, watch: Watch | None = None, tell: Tell | None = None,
) -> None:  # fmt: skip
    """Judge submissions one by one and deliver a report for each as soon as it exists.

    `changed` names, by student, all functions that are not the reference's, where that is known: these submissions
    meet only the checks that can tell, up to the first that costs points, and nothing is diagnosed. `watch` is told
    of every function that is wrong, with all that was seen of it. `tell` hears each verdict as soon as it is there,
    before anything is diagnosed.

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
        assignment, workshops, room, framework, seed, changed or {}, watch, tell, "test_hidden.py" in files, keyword
    )
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


@contextlib.contextmanager
def importable(folder: Path) -> Iterator[None]:
    """The checks may import what lies beside the assignments: the reference."""
    known = str(folder) in sys.path
    if not known:
        sys.path.insert(0, str(folder))
    try:
        yield
    finally:
        if not known:
            sys.path.remove(str(folder))


@contextlib.contextmanager
def forgetting(folder: Path) -> Iterator[None]:
    """The modules of the checks are imported anew by the next session: all assignments have a test_public."""
    try:
        yield
    finally:
        for name, module in list(sys.modules.items()):
            file = getattr(module, "__file__", None)
            if file and Path(file).parent == folder:
                del sys.modules[name]


@contextlib.contextmanager
def plugins_disabled() -> Iterator[None]:
    """Other pytest plugins that happen to be installed have no say in a grade."""
    names = ("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "PYTEST_ADDOPTS", "PYTEST_PLUGINS")
    before = {name: os.environ.pop(name, None) for name in names}
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value


def load_mistakes(assignment: Assignment, name: str = MISTAKES) -> list[Mistake]:
    """The known mistakes in a file of an assignment; none where it is not there."""
    file = assignment.folder / name
    if not file.is_file():
        return []
    return mistakes_in(load_module(file, f"{file.stem}_of_{assignment.name}"))


class Judging:
    """The work of one session."""

    def __init__(
        self, assignment: Assignment, workshops: Workshops, room: Room, framework: str | None, seed: int,
        changed: Mapping[str, tuple[str, ...]], watch: Watch | None = None, tell: Tell | None = None,
        hidden: bool = True, keyword: str | None = None,
    ) -> None:  # fmt: skip
        self.assignment, self.workshops, self.room = assignment, workshops, room
        self.framework, self.seed, self.changed, self.watch = framework, seed, changed, watch
        self.tell = tell or (lambda _: None)
        self.hidden, self.keyword = hidden, keyword
        self.mistakes: dict[str, list[Mistake]] = {}
        """Those that have been needed, by file."""

    def grade_all(self, plugin: Plugin, submissions: Iterable[Submission], deliver: Deliver) -> None:
        reference = plugin.reference.module if plugin.reference else None
        key = key_of(self.assignment.version, self.seed, reference, [c.id for c in plugin.checks])
        plugin.casebook = Casebook(self.assignment.name, key)
        preload = preloads(plugin.probes.texts(self.framework), self.framework or "")
        self.workshops.get(preload).worker(self.room).close()  # fails early, not by student
        for submission in submissions:
            deliver(self.counted(self.grade(plugin, submission), submission.only))
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
        """The checks that are for submissions in a framework."""
        others = () if framework == "torch" else self.assignment.torch_only
        return [c for c in checks if c.function not in others]

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
            checks = [self.unjudged(c, said, "could-not-grade") for c in asked]
            return self.report(submission.student, source, checks, why=said)

    def without_source(self, plugin: Plugin, submission: Submission) -> Report:
        """The report on something that is missing or cannot be read."""
        problem = submission.problem or "Nothing was handed in."
        checks = [self.unjudged(c, problem, "error") for c in self.asked(self.framework, plugin.checks)]
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
        a matter of the calls, or where what was said of it is no longer true of the new lines.
        """
        source, asked = revision.new, self.asked(before.framework, plugin.checks)
        changed, lines = revision.changed(self.assignment.functions), revision.lines()
        usual = before.status in ("full-marks", "points-lost") and self.frameworks_of(source) == [before.framework]
        if changed is None or not usual:
            return None
        own, reached = changed
        still = {c.id: c for c in map(moved, before.checks, itertools.repeat(lines)) if c and settled(c)}
        concerned = {c.function for c in asked if c.id not in still or plugin.concerns(c, reached)}
        concerned = concerned or {asked[0].function}  # so that the file is loaded, and what is said of that is true
        only = [c for c in asked if c.function in concerned]
        only.sort(key=lambda c: (c.races, c.function not in own))
        kept = [still[c.id] for c in asked if c.function not in concerned]
        new = self.grade_as(before.framework, plugin, before.student, source, only, kept)
        if _without_numbers(new.notes) != _without_numbers(before.notes) or new.status == "unreadable":
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
        checks = [msgspec.structs.replace(kept[c.id], title=c.title) for c in asked]
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
            self.room, self.assignment.seconds, self.assignment.load_seconds, plugin.probes.text,
        )  # fmt: skip
        plugin.brief = student in self.changed
        try:
            brief = plugin.brief
            runs = self.until_lost(plugin, bench, student) if brief else self.run_all(plugin, bench, only, kept)
        finally:
            bench.close()
        if any(isinstance(run.trouble, SandboxError) for run in runs):
            self.workshops.drop(preload)
        checks = self.verdicts(plugin, runs, bench, kept)
        unreadable = self.first_failure(bench) if bench.loaded and not bench.available else ""
        status: Status | None = "unreadable" if unreadable and status_of(checks) == "points-lost" else None
        return self.report(
            student, source, checks, framework=framework, isolation=bench.workshop.isolation, status=status,
            why=unreadable if status else None, notes=[*source.notes, *self.notes_of(bench)],
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
        for check, upcoming in itertools.zip_longest(checks, checks[1:]):
            runs.append(plugin.judge(check, bench, upcoming))
            if bench.available:
                self.tell(self.verdict(plugin, runs[-1], bench, None))
        runs = [self.once_more(plugin, bench, run) for run in runs]
        if plugin.reference is None or bench.refusal:
            return runs
        wrong = {r.check.function for r in runs if not r.passed and not r.check.broken} | _lost(kept)
        texts = [cell.text for cell in bench.source.cells] + list(bench.source.modules.values())
        used = {name for name in wrong if name not in bench.available or mentioned(iter(texts), name)}
        order = self.assignment.functions
        for i, run in enumerate(runs):
            # Only functions that come earlier: two that are each right if the other one is must not both be right.
            earlier = order[: order.index(run.check.function)]
            others = tuple(sorted(used.intersection(earlier) | wrong.intersection(run.check.requires)))
            if run.passed or run.check.broken or not others or isinstance(run.trouble, SandboxError):
                continue
            again = plugin.judge(run.check, bench, substitutes=others)
            if again.passed:
                names = " and ".join(others)
                again.trial.remark = f"right, given the right {names}: graded with ours in place of yours"
                runs[i] = again
        return runs

    @staticmethod
    def once_more(plugin: Plugin, bench: WorkerBench, run: Run) -> Run:
        """The run; a new one where a process was killed, for which the student need not be to blame.

        A fork server that died has been started anew. Code that kills itself does so each time.
        """
        for _ in range(TRIES - 1):
            if isinstance(run.trouble, SandboxError | Killed):
                run = plugin.judge(run.check, bench)
        return run

    @staticmethod
    def first_failure(bench: WorkerBench) -> str:
        failures = bench.loaded["failures"] if bench.loaded else []
        return sentence_of_failure(failures[0], bench.source) if failures else ""

    @staticmethod
    def notes_of(bench: WorkerBench) -> list[str]:
        loaded = bench.loaded or {}
        notes = [str(n)[:300] for n in loaded.get("notes", [])[:20]]
        first = {(f[2].get("type"), f[2].get("message")): f for f in reversed(loaded.get("failures", []))}
        failures = sorted(first.values(), key=loaded.get("failures", []).index)
        return notes + [sentence_of_failure(f, bench.source) for f in failures[:8]]

    # --- verdicts

    def unjudged(self, check: Prepared, message: str, verdict: Any) -> Check:
        return Check(
            id=check.id, function=check.function, title=check.title, points=0.0, max_points=check.points,
            verdict=verdict, message=message, hidden=check.hidden, version=check.version,
        )  # fmt: skip

    def verdicts(self, plugin: Plugin, runs: list[Run], bench: WorkerBench, kept: Sequence[Check] = ()) -> list[Check]:
        """A verdict for each run, with the mistakes named that explain them."""
        names = dict.fromkeys(r.check.function for r in runs)
        named = {f: self.name_mistake(plugin, f, runs, bench.source) for f in names}
        said = [named[r.check.function] for r in runs]
        texts = [e.about(r.trial.calls) if e else None for e, r in zip(said, runs, strict=True)]
        checks = [self.verdict(plugin, run, bench, text) for run, text in zip(runs, texts, strict=True)]
        if not self.assignment.show_expected:
            checks = withheld(checks, runs, frozenset(e.says for e in said if e and not e.measured))
        lost = _lost([*checks, *kept])
        return [_mend_first(c, run, lost) for c, run in zip(checks, runs, strict=True)]

    def name_mistake(self, plugin: Plugin, function: str, runs: list[Run], source: Source) -> Explanation | None:
        """The known mistake that explains all that was seen of a function, else what else would explain all of it."""
        mine = [r for r in runs if r.check.function == function and not r.check.broken]
        if plugin.brief or all(r.passed for r in mine):
            return None
        if plugin.reference is None:
            with contextlib.suppress(Exception):
                failures = [f for r in mine for f in r.failures]
                return explain_by_factor(failures, function, getattr(self.outline, function))
            return None
        apart = set(self.assignment.torch_only) - {function}
        functions = {f: plugin.reference.function(f) for f in self.assignment.functions if f not in apart}
        untimed = [r for r in mine if not r.trial.curve]
        calls = [c for r in untimed if not r.passed for c in r.trial.calls]
        # Not all of them are looked at: the first call of each check that passes, then the second one of each.
        turns = itertools.zip_longest(*(r.trial.calls for r in untimed if r.passed))
        calls += [c for turn in turns for c in turn if c]
        slow = any(isinstance(f.error, CheckFailure) and f.error.slow for r in mine for f in r.failures)
        naming = Naming(function, calls, functions, slow)
        if self.watch:
            self.watch(source, naming)
        with contextlib.suppress(Exception):  # a fault of the diagnosis costs nobody the grade
            return naming.name(self.known_mistakes(function))
        return None

    @cached_property
    def outline(self) -> Outline:
        return Outline(self.assignment.folder)

    def known_mistakes(self, function: str) -> list[Mistake]:
        file = MISTAKES_TORCH if function in self.assignment.torch_only else MISTAKES
        if file not in self.mistakes:
            self.mistakes[file] = load_mistakes(self.assignment, file)
        return self.mistakes[file]

    def verdict(self, plugin: Plugin, run: Run, bench: WorkerBench, diagnosis: str | None) -> Check:
        check, trial = run.check, run.trial
        if check.broken:
            return self.unjudged(check, f"This check could not be used: {check.broken}", "could-not-grade")
        plain = self.unjudged(check, "", "could-not-grade")
        plain = msgspec.structs.replace(plain, seconds=round(run.seconds, 4), output=run.output[:4000])
        change = msgspec.structs.replace
        if run.passed:
            evidence = Evidence(curve=trial.curve) if trial.curve else None
            points = round(check.points * trial.award, 4)
            return change(plain, verdict="pass", points=points, message=sentence(trial.remark), evidence=evidence)
        failed = run.worst()
        if failed is None or isinstance(run.trouble, Failure | Refusal):
            return self.troubled(plain, run)
        return self.failed(plugin, plain, run, bench, diagnosis)

    def troubled(self, plain: Check, run: Run) -> Check:
        """No value to judge: a dead worker has its own verdict, everything else is the grader's fault."""
        change, trouble = msgspec.structs.replace, run.trouble
        if isinstance(trouble, Refusal):
            trouble = trouble.failure
        if isinstance(trouble, Failure):
            hint = "is there a loop without an end?" if trouble.verdict == "timeout" else None
            return change(plain, verdict=trouble.verdict, message=sentence(trouble.message), hint=hint)
        said = str(trouble) if trouble else "the check compared nothing"
        return change(plain, message=f"The grader could not judge this: {said[:300]}")

    def failed(self, plugin: Plugin, plain: Check, run: Run, bench: WorkerBench, diagnosis: str | None) -> Check:
        """A verdict with evidence."""
        failed = run.worst()
        assert failed is not None
        error, call = failed.error, failed.call
        known = plugin.reference.module if plugin.reference else self.outline
        reference = getattr(known, call.target, None) if call else None
        reference = call.probe.on() if call and call.probe else reference
        show = not run.check.hidden or self.assignment.show_expected
        evidence = evidence_of(failed, bench.source, self.assignment.name, reference, show, bench.framework)
        if run.trial.curve:
            evidence = msgspec.structs.replace(evidence, curve=run.trial.curve)
        message, verdict, hint = str(error), "fail", None
        if isinstance(error, CheckFailure):
            verdict, hint = error.verdict, error.hint
        elif isinstance(error, StudentError):
            verdict, message = "error", f"{error.call.shown} raised {str(error).rstrip(': ')}"
            if error.error.get("type") == "NotImplementedError":
                message = f"{error.call.shown} {UNWRITTEN}"
            hint = hint_for(error.error, bench.source)
        elif isinstance(error, NotThere):
            verdict, message = "error", f"{bench.source.name} does not define {error}"
            hint = hint_for_missing(str(error), bench.source)
            evidence = Evidence()
        elif isinstance(error, AssertionError):
            lines = [line for line in str(error).splitlines() if line.strip()]
            message = lines[0].strip() if show and lines else "a property does not hold"
        else:
            message = f"the check could not use what was returned ({type(error).__name__}: {error})"
            hint = "return an array: np.array(...)" if isinstance(_last_value(failed), list) else None
        if _gave_nothing(failed):
            message, hint = f"{failed.calls[-1].shown} returns nothing, that is None: is a return missing?", None
            if run.output.strip():
                hint = "print only shows a value: to hand it back, write return in place of print"
        return msgspec.structs.replace(
            plain, verdict=verdict, message=sentence(message), hint=hint, diagnosis=diagnosis, evidence=evidence
        )


def _gave_nothing(failed: Failed) -> bool:
    """Whether a check fails because the last call returned None."""
    error = failed.error
    if isinstance(error, CheckFailure):
        noticed = error.got is None and error.expected is not None
    else:
        noticed = isinstance(error, TypeError | AttributeError) and "NoneType" in str(error)
    return noticed and _last_value(failed) is None


def _last_value(failed: Failed) -> Any:
    """What the last call before a failure returned; ... where there is nothing."""
    return failed.calls[-1].outcome.get("value", ...) if failed.calls else ...


def _lost(checks: Sequence[Check]) -> set[str]:
    """The functions with a check that does not pass."""
    return {c.function for c in checks if c.verdict not in ("pass", "could-not-grade")}


def _without_numbers(notes: Iterable[str]) -> list[str]:
    return [re.sub(r"\d+", "", note) for note in notes]


def _mend_first(check: Check, run: Run, lost: set[str]) -> Check:
    """Say that a failing check builds on functions that are wrong themselves."""
    before = [name for name in run.check.requires if name in lost]
    if check.verdict not in ("fail", "error") or not before or check.diagnosis:
        return check
    hint = f"{check.function} builds on {' and '.join(before)}: mend that first"
    return msgspec.structs.replace(check, hint=hint)
