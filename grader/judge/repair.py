"""A mistake found by mending it: the one small change of a student's code with which the failing checks pass.

Nothing is guessed: what is said of a change has been tried. Where it is in code that several functions share, all of
them are wrong for one fault, which the first of them pays for.
"""

import ast
import contextlib
import inspect
import textwrap
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from grader.judge.bench import WorkerBench
from grader.judge.diagnosis.listed import cases_of
from grader.judge.paid_once import reached, wrong_in
from grader.judge.plugin import Failed, Plugin, Run
from grader.judge.revision import Piece, piece_of
from grader.judge.trial import CheckFailure, NotThere, StudentError
from grader.slips.offering import Right
from grader.slips.places import methods_unused
from grader.slips.remedies import remedies
from grader.slips.texts import Remedy
from grader.submission import Cell, Source
from grader.worker.loading import label_of, parse

TRIES, IN_ALL, STUCK, OFTENER = 200, 500, 6, 3
"""So many changes are tried for one function, and for a submission, until so many of them have come to no end; and so
many of a statement that wrong functions share for one of another."""
SOON, PATIENCE = {"numpy": 1.0, "torch": 5.0}, 40.0
"""Seconds that a call may take with a change, in PyTorch with what a first call loads, and after which no further
change of a submission is tried."""


@dataclass(frozen=True)
class Statement:
    """One at the top level of a submission, as it stands in one of the cells."""

    cell: int
    node: ast.stmt
    piece: Piece

    @property
    def written(self) -> bool:
        """Whether it defines something that the student has written."""
        return self.piece.defines and not isinstance(self.node, ast.Import | ast.ImportFrom)


@dataclass(frozen=True)
class Mended:
    """A change with which a function passes what it failed."""

    function: str
    says: str
    runs: Sequence[Run]
    """Those that it failed and now passes."""
    shared: Mapping[str, list[Run]]
    """The runs, passed now, of other functions that it mends as well."""


def mend(plugin: Plugin, bench: WorkerBench, runs: Sequence[Run], named: Mapping[str, object]) -> list[Mended]:
    """What mends the wrong functions of a submission: those without a name, and those that share code.

    named : by function, what its mistake is, where that is known.
    """
    if plugin.brief or bench.refusal:
        return []
    with contextlib.suppress(Exception):  # a fault here, or code nested too deep, costs nobody the grade
        return Mending(plugin, bench, runs).mend(named)
    return []


@dataclass
class Mending:
    """One submission, to be mended."""

    plugin: Plugin
    bench: WorkerBench
    runs: Sequence[Run]
    left: int = IN_ALL
    """How many changes may still be tried."""
    stuck: int = 0
    """How many of a function's have come to no end."""
    until: float = field(default_factory=lambda: time.monotonic() + PATIENCE)

    @cached_property
    def statements(self) -> list[Statement]:
        return list(statements_of(self.bench.source))

    @cached_property
    def made_of(self) -> dict[str, frozenset[str]]:
        return made_of(self.statements, self.bench.functions)

    @cached_property
    def reached(self) -> dict[str, set[str]]:
        """By function, all names that it mentions, also by way of other functions of the assignment."""
        pieces = [s.piece for s in self.statements if s.written]
        return {function: reached(pieces, function) for function in self.bench.functions}

    def mend(self, named: Mapping[str, object]) -> list[Mended]:
        """What mends the wrong functions, in their order."""
        found, failed = list[Mended](), wrong_in(self.runs)
        wrong = [f for f in self.bench.functions if f in failed]
        for i, function in enumerate(wrong):
            if any(function in m.shared for m in found):
                continue
            own = self.made_of[function]
            common = {other: own & self.reached[other] for other in wrong[i + 1 :]}
            known = named.get(function) or self.is_told(function)
            names = frozenset[str]().union(*common.values()) if known else own
            if mended := self.mended(function, names, common):
                found.append(mended)
        return found

    def mended(self, function: str, names: frozenset[str], common: Mapping[str, frozenset[str]]) -> Mended | None:
        """The change among the statements of these names with which a function passes what it failed.

        It is certain where the function then answers as the reference does. Else, as where numbers are drawn, there
        has to be no second line that could be changed instead.
        """
        failing, shared = self.failing(function), frozenset[str]().union(*common.values())
        if not failing or not names:
            return None
        found: tuple[Statement, Remedy] | None = None
        self.stuck = 0
        for statement, remedy in self.offers(function, names, shared):
            if passed := self.all_pass([*failing, *self.passing(function, statement)], statement, remedy):
                if found and found[1].line != remedy.line:
                    return None
                found = found or (statement, remedy)
                if self.certain(function, passed):
                    found = statement, remedy
                    break
            if self.stuck == STUCK or time.monotonic() > self.until:
                return None
        return self.paid(function, *found, common) if found else None

    def certain(self, function: str, runs: Sequence[Run]) -> bool:
        """Whether a function answers as the reference does in all that was asked of it."""
        if self.plugin.reference is None:
            return False
        calls = [call for run in runs if run.check.function == function for call in run.trial.calls]
        cases = cases_of(calls, function, self.plugin.reference.function(function), self.bench.framework)
        return bool(cases) and not any(case.differs for case in cases)

    def paid(self, function: str, statement: Statement, remedy: Remedy, common: Mapping[str, frozenset[str]]) -> Mended:
        """What a change means for a function, and for those that share the changed statement with it."""
        sharing = [other for other, both in common.items() if both & statement.piece.binds]
        shared = {other: self.all_pass(self.failing(other), statement, remedy) for other in sharing}
        for run in (run for passed in shared.values() for run in passed):
            run.trial.remark = f"right, but for what it shares with {function}: graded with that mended"
        says, failing = self.sentence(function, statement, remedy), self.failing(function)
        return Mended(function, says, failing, {other: passed for other, passed in shared.items() if passed})

    def offers(
        self, function: str, names: frozenset[str], shared: frozenset[str]
    ) -> Iterator[tuple[Statement, Remedy]]:
        """The changes to try, by turns of the statements: what is shared first, then the function's own."""
        mine = [s for s in self.statements if s.written and s.piece.binds & names]
        mine.sort(key=lambda s: (not s.piece.binds & shared, function not in s.piece.binds))
        right = self.right(function)
        waiting = [remedies(s.node, right, self.unused(s, function)) for s in mine]
        end = max(0, self.left - TRIES)
        while waiting and self.left > end:
            for statement, own in [*zip(mine, waiting, strict=True)]:
                for _ in range(OFTENER if statement.piece.binds & shared else 1):
                    if (remedy := next(own, None)) and self.left > end:
                        self.left -= 1
                        yield statement, remedy
                if remedy is None:
                    at = waiting.index(own)
                    del waiting[at], mine[at]

    def unused(self, statement: Statement, function: str) -> frozenset[str]:
        """The methods of a class that a function does nothing with."""
        if function in statement.piece.binds:
            return frozenset()
        own = self.made_of[function] | {function}
        users = [s.node for s in self.statements if s.piece.binds & own and s is not statement]
        return methods_unused(statement.node, users)

    def right(self, function: str) -> Right:
        """What the reference tells: the defaults of arguments that can be written down, and its numbers."""
        right = getattr(self.plugin.reference.module, function, None) if self.plugin.reference else None
        if not inspect.isroutine(right) and not inspect.isclass(right):
            return Right()
        given = inspect.signature(right).parameters.values() if inspect.isfunction(right) else ()
        known = [p for p in given if isinstance(p.default, bool | int | float | str | None)]
        text = textwrap.dedent(inspect.getsource(right))
        numbers = {n.value for n in ast.walk(ast.parse(text)) if isinstance(n, ast.Constant) and type(n.value) is float}
        return Right(tuple((p.name, ast.Constant(p.default)) for p in known), tuple(sorted(numbers - {0.0})))

    def failing(self, function: str) -> list[Run]:
        """The runs that a change must mend, the quickest first: not those whose messages say what to change, if there
        are others; none where there is more to them than a wrong value."""
        mine = self.failed(function)
        usual = all(r.failures and r.trouble is None and not any(map(_unwritten, r.failures)) for r in mine)
        wrong = [r for r in mine if not r.trial.curve] if usual else []
        wrong = [r for r in wrong if not _told(r)] or wrong
        return sorted(wrong, key=lambda r: (r.check.seconds or 0.0, len(r.trial.calls)))

    def failed(self, function: str) -> list[Run]:
        """All the runs of a function that are not passed."""
        return [r for r in self.runs if r.check.function == function and not (r.passed or r.check.broken)]

    def is_told(self, function: str) -> bool:
        """Whether all the messages of a function's failures say what to change."""
        return all(map(_told, self.failed(function)))

    def passing(self, function: str, statement: Statement) -> list[Run]:
        """The runs that a change must not spoil: the function's own, and one of each other made of the statement."""
        whole = [r for r in self.runs if r.passed and not r.trial.curve]
        first = {r.check.function: r for r in reversed(whole) if r.check.seconds is None}
        others = [f for f in first if f != function and self.made_of[f] & statement.piece.binds]
        return [*(r for r in whole if r.check.function == function), *(first[other] for other in others)]

    def all_pass(self, runs: Sequence[Run], statement: Statement, remedy: Remedy) -> list[Run]:
        """The same runs with a change; none where one of them is not passed."""
        bench, again = self.changed(statement, remedy), list[Run]()
        before, self.plugin.brief = self.plugin.brief, True
        try:
            for run in runs:
                again.append(self.plugin.judge(run.check, bench, run.given))
                self.stuck += again[-1].timed_out
                if not again[-1].passed:
                    return []
            return again
        finally:
            self.plugin.brief = before
            bench.end()

    def changed(self, statement: Statement, remedy: Remedy) -> WorkerBench:
        """The submission with one statement in another form."""
        cells = [*self.bench.source.cells]
        cell = cells[statement.cell]
        cells[statement.cell] = Cell(remedy.applied(cell.text), cell.number)
        return self.bench.another(cells, SOON[self.bench.framework])

    def sentence(self, function: str, statement: Statement, remedy: Remedy) -> str:
        """What to change."""
        cell = self.bench.source.cells[statement.cell].number
        place = f"line {remedy.line}" if cell is None else f"{label_of('', cell)}, line {remedy.line}"
        mended, failed = len(self.failing(function)), len(self.failed(function))
        which = "the checks" if mended == failed else f"{mended} of the {failed} checks"
        return f"In {place}, {remedy.says}: with that alone {function} passes {which} that it fails."


def statements_of(source: Source) -> Iterator[Statement]:
    """All statements of the cells that can be read."""
    for number, cell in enumerate(source.cells):
        try:
            tree, _ = parse(cell.text, label_of(source.name, cell.number), cell.number is not None)
            for node in tree.body:
                yield Statement(number, node, piece_of(node))
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue


def made_of(statements: Iterable[Statement], functions: Sequence[str]) -> dict[str, frozenset[str]]:
    """By function of the assignment, the names of the student's own that it is made of, without the others of those."""
    written = [s.piece for s in statements if s.written]
    found = {}
    for function in functions:
        mine = [piece for piece in written if not piece.binds & (set(functions) - {function})]
        found[function] = frozenset(reached(mine, function)) & frozenset[str]().union(*(p.binds for p in mine))
    return found


def sharing(source: Source, functions: Sequence[str], some: Iterable[str]) -> set[str]:
    """The functions of the assignment that are made of code which some of them are made of too."""
    made = made_of(list(statements_of(source)), functions)
    own = frozenset[str]().union(*(made[function] for function in some))
    return {function for function in functions if made[function] & own}


def _told(run: Run) -> bool:
    """Whether the messages of all failures say what to change, as those of the contract do."""
    return all(isinstance(failed.error, CheckFailure) and failed.error.shown for failed in run.failures)


def _unwritten(failed: Failed) -> bool:
    """Whether a check fails for something that is not there yet."""
    error = failed.error
    return isinstance(error, NotThere) or (
        isinstance(error, StudentError) and error.error.get("type") == "NotImplementedError"
    )
