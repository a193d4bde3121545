"""The pytest plugin: collects the checks once, then runs them for one submission after another."""

import contextlib
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from _pytest.assertion import util
from _pytest.runner import runtestprotocol
from hypothesis.errors import UnsatisfiedAssumption

from grader.judge.bench import Refusal, SentAhead, WorkerBench
from grader.judge.casebook import Casebook
from grader.judge.checks import Example, Prepared, body_of, draw, read, shrink
from grader.judge.diagnosis.listed import failing_calls
from grader.judge.isolation.sandbox import Failure, SandboxError
from grader.judge.known import Key, Known
from grader.judge.probes import Probes
from grader.judge.student import Reference, ReferenceBench, Student
from grader.judge.trial import Call, CheckFailure, NotThere, StudentError, Trial, compared, running

MARKERS = ("points(n, of=None): points of the check", "requires(*names)", "timeout(seconds): of one call")
PATIENCE = 2.0
"""Seconds after which a check that has failed is not run on further examples, and answers are not waited for that a
check has not asked for."""
CALL = 4096
"""Bytes that a call takes besides its answer, about."""
CLOSELY = 4
"""So many failures of a check are looked into, and those on smaller inputs."""
READABLE, SHRINKING = 8.0, 0.3
"""A failing input with more entries than this is made smaller, for so many seconds."""


@dataclass
class Failed:
    """A failure on one example."""

    example: Example
    error: BaseException
    calls: list[Call]

    @property
    def got(self) -> Any:
        return self.error.got if isinstance(self.error, CheckFailure) else None

    @property
    def call(self) -> Call | None:
        return failing_calls(self.error, self.calls, self.got)


@dataclass
class Run:
    """What running one check on one submission gave."""

    check: Prepared
    trial: Trial
    failures: list[Failed] = field(default_factory=list)
    trouble: BaseException | None = None
    """Something that is nobody's wrong value: a dead worker, a refused submission, a fault of the grader."""
    seconds: float = 0.0
    output: str = ""
    key: Key | None = None
    """All that the check has seen of the code, where that can be told."""
    given: tuple[str, ...] = ()
    """The functions that were tried with ours in their place."""

    @property
    def passed(self) -> bool:
        return not self.failures and self.trouble is None and self.trial.compared > 0

    @property
    def costs(self) -> bool:
        """Whether points are lost, unless another function is to blame."""
        stopped = isinstance(self.trouble, Failure | Refusal)
        return bool(self.failures) or stopped or (self.passed and self.trial.award < 1)

    @property
    def timed_out(self) -> bool:
        """Whether the last call came to no end."""
        return isinstance(self.trouble, Failure) and self.trouble.verdict == "timeout"

    @property
    def spotless(self) -> bool:
        """Whether it is passed with all of its points."""
        return self.passed and self.trial.award >= 1

    def worst(self) -> Failed | None:
        """The failure to show: the one with the least to read."""
        return min(self.failures, key=lambda f: f.example.size, default=None)


class Plugin:
    """Hooks of one pytest session that grades many submissions."""

    def __init__(
        self, functions: list[str], seed: int, work: Callable[["Plugin"], None], probes: Probes, foundation: str = ""
    ) -> None:
        self.functions, self.seed, self.work, self.probes = functions, seed, work, probes
        self.foundation = foundation
        self.proxy = Student()
        self.checks: list[Prepared] = []
        self.problems: list[str] = []
        self.reference: Reference | None = None
        self.run: Run | None = None
        self.brief = False
        """Whether it is enough to know that a check fails: one failing example, which is not made smaller."""
        self.casebook: Casebook | None = None
        self.known = Known()
        self.called: dict[str, set[str]] = {}
        """By check: what it has called of any submission."""

    # --- collection

    def pytest_configure(self, config: pytest.Config) -> None:
        for line in MARKERS:
            config.addinivalue_line("markers", line)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            lines = [line for line in str(report.longrepr).splitlines() if line.strip()]
            errors = [line[2:].strip() for line in lines if line.startswith("E ")]
            self.problems.append(f"{report.nodeid}: {(errors or lines or ['it cannot be collected'])[-1]}")

    @pytest.fixture(name="student")
    def provide_student(self) -> Student:
        return self.proxy

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        if self.problems:
            return True
        try:
            tests = [item for item in session.items if isinstance(item, pytest.Function)]
            self.checks = [read(item, self.functions, self.foundation) for item in tests]
        except ValueError as error:
            self.problems.append(str(error))
            return True
        if not self.checks:
            return True
        self.wrap_references()
        # A bare assert that holds is a comparison too; pytest's own hook for it belongs to a run of one item each.
        before, util._assertion_pass = util._assertion_pass, lambda *_: compared()
        try:
            self.work(self)
        finally:
            util._assertion_pass = before
        return True

    def wrap_references(self) -> None:
        """Every check module's `reference` becomes one that remembers."""
        for module in {check.item.module for check in self.checks}:
            found = getattr(module, "reference", None)
            if found is not None and not isinstance(found, Reference):
                self.reference = self.reference or Reference(found, self.probes)
                module.reference = self.reference

    def influenced(self, changed: tuple[str, ...]) -> Iterator[Prepared]:
        """The checks that can tell these functions from the reference's, those about them first."""
        known = set(self.functions).difference(changed)
        yield from (check for name in changed for check in self.checks if check.function == name)
        for check in self.checks:
            if check.function not in changed:
                self.prepare(check)
                calls = [call for example in check.examples for call in example.calls]
                if check.ahead is None or any(call.target not in known for call in calls):
                    yield check

    def concerns(self, check: Prepared, functions: frozenset[str]) -> bool:
        """Whether another outcome of these functions may change what a check said of the last submission."""
        called = self.called.get(check.id, set())
        known = called <= set(self.functions)
        return not called or not known or not functions.isdisjoint({check.function, *check.requires, *called})

    # --- one check

    def prepare(self, check: Prepared) -> None:
        """Give a check its cases: from the casebook, else drawn."""
        if check.ready:
            return
        check.ready = True
        if self.casebook is None or not self.casebook.fill(check):
            self.draw(check)
            if self.casebook is not None:
                self.casebook.note(check)

    def draw(self, check: Prepared) -> None:
        """Draw the inputs, and run the check on the reference: a check that the reference fails judges nobody."""
        try:
            check.examples = draw(check, self.seed)
        except Exception as error:
            check.broken = f"its inputs cannot be drawn: {error}"
            return
        if self.reference is None:
            return
        self.proxy._bench = self.trusted(check)
        run = self.execute(check, preparing=True)
        if run.failures or run.trouble:
            error_ = run.failures[0].error if run.failures else run.trouble
            check.broken = f"the reference itself fails this check: {error_}"
        elif not run.trial.compared:
            check.broken = "this check compares nothing"
        else:
            self.foresee(check)

    @staticmethod
    def foresee(check: Prepared) -> None:
        """Send the calls that a check has made ahead from now on, where all of them are data."""
        calls = [(i, call) for i, example in enumerate(check.examples) for call in example.calls]
        if calls and all(call.plain for _, call in calls):
            check.ahead = SentAhead(calls)

    def trusted(self, check: Prepared) -> ReferenceBench:
        """The reference in the submission's place."""
        return ReferenceBench(self.reference.module if self.reference else None, self.probes, check.function)

    def judge(self, check: Prepared, bench: WorkerBench, substitutes: tuple[str, ...] = ()) -> Run:
        """Run a check on a submission.

        A worker in which a check was passed serves the next one as well. What is not passed in such a worker need not
        be this check's doing, and is decided in a fresh one; of a function that did not pass, at once.
        """
        self.prepare(check)
        if check.broken:
            return Run(check, Trial())
        if bench.loaded and check.function not in bench.available:
            self.called.setdefault(check.id, set()).add(check.function)
            return Run(check, Trial(), [Failed(check.examples[0], NotThere(check.function), [])])
        started = time.perf_counter()
        called = check.ahead.targets if check.ahead else frozenset()
        if substitutes or bench.wrong & {check.function, *called}:
            bench.end()
        run = self.judge_once(check, bench, substitutes)
        if not bench.fresh and not run.spotless:
            run = self.judge_once(check, bench, substitutes)
        if not run.spotless:
            bench.wrong.add(check.function)
        self.called.setdefault(check.id, set()).update(run.trial.called)
        run.output, run.seconds = bench.output, time.perf_counter() - started
        return run

    def judge_once(self, check: Prepared, bench: WorkerBench, substitutes: tuple[str, ...]) -> Run:
        """Run a check in the worker that is there, or else in a fresh one."""
        oracle = self.reference.answer if self.reference else None
        if substitutes and bench.framework == "torch" and self.reference:
            self.reference.warm_up()
        self.proxy._bench, self.proxy._trusted = bench, self.trusted(check)
        try:
            bench.begin(check.ahead, oracle, substitutes)
            run = self.recall(check, bench) or self.execute(check, bench=bench)
            if self.reference is None and check.ahead is None and run.passed:
                self.foresee(check)
            heard = not run.spotless or bench.listen(PATIENCE)
            run.key = key_of(check, bench)
            if bench.fresh and not self.brief:
                self.simplify(run, bench)
        except (Refusal, Failure, SandboxError) as error:
            run, heard = Run(check, Trial(), trouble=error), False
        if run.spotless and heard and not substitutes:
            if run.key:
                self.known.keep(run.key, run.trial, bench.heard + CALL * len(run.trial.calls))
            bench.hand_on()
        else:
            bench.end()
        return run

    def ask_alone(self, call: Call, check: Prepared, bench: WorkerBench) -> Call:
        """A call as it is answered in a fresh worker. Raises Refusal, Failure, SandboxError."""
        before = self.proxy._bench, self.proxy._trusted
        self.proxy._bench, self.proxy._trusted = bench, self.trusted(check)
        try:
            bench.begin(None)
            with running(Trial()) as trial, contextlib.suppress(StudentError):
                self.proxy._ask(call.target, call.arguments, call.named, call.options)
            return trial.calls[0]
        finally:
            bench.end()
            self.proxy._bench, self.proxy._trusted = before

    def recall(self, check: Prepared, bench: WorkerBench) -> Run | None:
        """The run to which the same answers led before, where they are known to pass the check."""
        if check.id not in self.known.checks:
            return None
        with running(Trial(seconds=check.seconds)):
            heard = bench.listen(PATIENCE)
        key = key_of(check, bench) if heard else None
        trial = self.known.find(key) if key else None
        return Run(check, trial) if trial else None

    def simplify(self, run: Run, bench: WorkerBench) -> None:
        """Look for a smaller input on which the check fails, where the smallest one so far is not small."""
        first = run.worst()
        if first is None or run.trouble or not run.check.drawn or first.example.size <= READABLE:
            return
        if not isinstance(first.error, CheckFailure) or bench.worker is None or bench.worker.closed:
            return
        bench.start(len(run.check.examples))
        least: Failed = first
        trial = Trial(seconds=run.check.seconds)

        def fails(example: Example) -> bool:
            nonlocal least
            begin, trial.closely = len(trial.calls), example.size < least.example.size
            if self.reference is not None:
                self.reference.forget()
            try:
                with running(trial):
                    body_of(run.check)(student=self.proxy, **example.drawn)
            except CheckFailure as error:
                if trial.closely:
                    least = Failed(example, error, trial.calls[begin:])
                return True
            except Exception:
                return False
            return False

        shrink(run.check, self.seed, fails, SHRINKING)
        if least is not first:
            run.failures.append(least)

    def execute(self, check: Prepared, preparing: bool = False, bench: WorkerBench | None = None) -> Run:
        """Let pytest run one item, with fixtures and parametrisation, and take what came of it."""
        self.run = run = Run(check, Trial(seconds=check.seconds))
        self.preparing, self.bench = preparing, bench
        item: Any = check.item
        item._initrequest()
        with running(run.trial):
            reports = runtestprotocol(item, log=False, nextitem=None)
        broken = [r for r in reports if r.failed]
        if broken and run.trouble is None:
            run.trouble = RuntimeError(str(broken[0].longrepr).strip().splitlines()[-1])
        self.run = self.bench = None
        return run

    @pytest.hookimpl(tryfirst=True)
    def pytest_pyfunc_call(self, pyfuncitem: pytest.Function) -> bool | None:
        run = self.run
        if run is None:
            return None
        wanted = pyfuncitem._fixtureinfo.argnames
        fixtures = {name: pyfuncitem.funcargs[name] for name in wanted}
        started = time.perf_counter()
        for number, example in enumerate(run.check.examples):
            if not self.attempt(run, number, example, fixtures):
                break
            if run.failures and (self.to_the_first or time.perf_counter() - started > PATIENCE):
                break
        return True

    @property
    def to_the_first(self) -> bool:
        """Whether one failure is enough to know: what fails in a used worker is decided in a fresh one."""
        return self.brief or (self.bench is not None and not self.bench.fresh)

    def attempt(self, run: Run, number: int, example: Example, fixtures: dict[str, Any]) -> bool:
        """One example. False when the worker is gone and no further one can be tried."""
        begin = len(run.trial.calls)
        worst = run.worst()
        shown = worst is None or len(run.failures) < CLOSELY or example.size < worst.example.size
        run.trial.closely = shown and not self.to_the_first
        if self.reference is not None:
            (self.reference.record if self.preparing else self.reference.replay)(example.tape)
        try:
            if self.bench is not None:
                self.bench.start(number)
            body_of(run.check)(**{**fixtures, **example.drawn})
        except UnsatisfiedAssumption:
            pass
        except (Failure, Refusal, SandboxError, OSError) as error:
            run.trouble = error
        except Exception as error:  # also what the check's own body makes of a value that the reference does not return
            run.failures.append(Failed(example, error, run.trial.calls[begin:]))
        if self.preparing or self.reference is None:
            example.calls = run.trial.calls[begin:]
        if not self.preparing and run.failures and isinstance(run.failures[-1].error, NotThere):
            return False
        return run.trouble is None


def key_of(check: Prepared, bench: WorkerBench) -> Key | None:
    """All that a check has seen of the code, where it asked for what was sent ahead and nothing else."""
    if bench.improvised or bench.substitutes:
        return None
    return Key(check.id, bench.framework, bench.answers.digest())


def mentioned(source_texts: Iterator[str], name: str) -> bool:
    """Whether a submission refers to a name besides defining it."""
    return sum(len(re.findall(rf"\b{re.escape(name)}\b", text)) for text in source_texts) > 1
