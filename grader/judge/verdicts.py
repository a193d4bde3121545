"""From runs of checks to verdicts, with the mistakes named that explain them."""

import contextlib
import itertools
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any

import msgspec

from grader.assignment import MISTAKES, MISTAKES_TORCH, Assignment
from grader.judge.bench import Refusal, WorkerBench
from grader.judge.checks import Prepared
from grader.judge.diagnosis.factors import explain_by_factor
from grader.judge.diagnosis.listed import Mistake, load_mistakes
from grader.judge.diagnosis.naming import Named, Naming
from grader.judge.diagnosis.unlisted import Explanation
from grader.judge.evidence import evidence_of
from grader.judge.hints import hint_for, hint_for_missing, sentence
from grader.judge.isolation.sandbox import Failure
from grader.judge.outline import Outline
from grader.judge.plugin import Failed, Plugin, Run
from grader.judge.remembering import remembered
from grader.judge.repair import mend
from grader.judge.trial import CheckFailure, NotThere, StudentError
from grader.judge.withholding import withheld
from grader.judge.wording import worded
from grader.report.model import UNWRITTEN, Check, Evidence, Verdict
from grader.submission import Source

Watch = Callable[[Source, Naming], None]


class Verdicts:
    """The verdicts of one session. `watch` is told of every function that is wrong, with all that was seen of it."""

    def __init__(self, assignment: Assignment, watch: Watch | None = None) -> None:
        self.assignment, self.watch = assignment, watch
        self.named = Named()
        self.mistakes: dict[str, list[Mistake]] = {}
        """Those that have been needed, by file."""

    def on(self, plugin: Plugin, runs: list[Run], bench: WorkerBench, kept: Sequence[Check] = ()) -> list[Check]:
        """A verdict for each run, with the mistakes named that explain them."""
        names = dict.fromkeys(r.check.function for r in runs)
        named = {f: self.name_mistake(plugin, f, runs, bench) or remembered(plugin, bench, runs, f) for f in names}
        for mended in mend(plugin, bench, runs, named):
            calls = [call for run in mended.runs for call in run.trial.calls]
            named[mended.function] = named[mended.function] or Explanation(mended.says, calls)
            passed = {run.check.id: run for of_one in mended.shared.values() for run in of_one}
            runs = [passed.get(run.check.id, run) for run in runs]
        said = [named[r.check.function] for r in runs]
        texts = [e.about(r.trial.calls) if e else None for e, r in zip(said, runs, strict=True)]
        checks = [self.on_one(plugin, run, bench, text) for run, text in zip(runs, texts, strict=True)]
        if not self.assignment.show_expected:
            checks = withheld(checks, runs, frozenset(e.says for e in said if e and not e.measured))
        lost = lost_in([*checks, *kept])
        return [worded(_mend_first(c, run, lost), bench.framework) for c, run in zip(checks, runs, strict=True)]

    def name_mistake(self, plugin: Plugin, function: str, runs: list[Run], bench: WorkerBench) -> Explanation | None:
        """The known mistake that explains all that was seen of a function, else what else would explain all of it."""
        mine = [r for r in runs if r.check.function == function and not r.check.broken]
        if plugin.brief or all(r.passed for r in mine):
            return None
        if plugin.reference is None:
            with contextlib.suppress(Exception):
                failures = [f for r in mine for f in r.failures]
                return explain_by_factor(failures, function, getattr(self.outline, function))
            return None
        untimed = [r for r in mine if not r.trial.curve]
        slow = any(isinstance(f.error, CheckFailure) and f.error.slow for r in mine for f in r.failures)
        calls = [c for r in untimed if not r.passed for c in r.trial.calls]
        # Not all of them are looked at: the first call of each check that passes, then the second one of each.
        turns = itertools.zip_longest(*(r.trial.calls for r in untimed if r.passed))
        calls += [c for turn in turns for c in turn if c]
        apart = set(self.assignment.torch_only) - {function}
        functions = {f: plugin.reference.function(f) for f in self.assignment.functions if f not in apart}
        stopped = [r.trial.calls[-1] for r in untimed if r.timed_out and r.trial.calls]
        accepted = [c for r in untimed if r.passed for c in r.trial.calls]
        naming = Naming(function, calls, functions, bench.framework, slow, stopped, accepted)
        if self.watch:
            self.watch(bench.source, naming)
        seen = [r.key and (r.key, len(r.trial.calls)) for r in untimed]
        return self.named.name(naming, seen, lambda: self.known_mistakes(function))

    @cached_property
    def outline(self) -> Outline:
        return Outline(self.assignment.folder)

    def known_mistakes(self, function: str) -> list[Mistake]:
        file = MISTAKES_TORCH if function in self.assignment.torch_only else MISTAKES
        if file not in self.mistakes:
            self.mistakes[file] = load_mistakes(self.assignment, file)
        return self.mistakes[file]

    def on_one(self, plugin: Plugin, run: Run, bench: WorkerBench, diagnosis: str | None) -> Check:
        check, trial = run.check, run.trial
        if check.broken:
            return unjudged(check, f"This check could not be used: {check.broken}", "could-not-grade")
        plain = unjudged(check, "", "could-not-grade")
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


def unjudged(check: Prepared, message: str, verdict: Verdict) -> Check:
    """A check without points."""
    return Check(
        id=check.id, function=check.function, title=check.title, points=0.0, max_points=check.points,
        verdict=verdict, message=message, hidden=check.hidden, version=check.version,
    )  # fmt: skip


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


def lost_in(checks: Sequence[Check]) -> set[str]:
    """The functions with a check that does not pass."""
    return {c.function for c in checks if c.verdict not in ("pass", "could-not-grade")}


def _mend_first(check: Check, run: Run, lost: set[str]) -> Check:
    """Say that a failing check builds on functions that are wrong themselves."""
    before = [name for name in run.check.requires if name in lost]
    if check.verdict not in ("fail", "error") or not before or check.diagnosis:
        return check
    hint = f"{check.function} builds on {' and '.join(before)}: mend that first"
    return msgspec.structs.replace(check, hint=hint)
