"""The name of what is wrong with a function: a known mistake, else what the reference with one change would do."""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from grader.judge.bounds import TooLong, bounded
from grader.judge.diagnosis.drawing import drawn_elsewhere
from grader.judge.diagnosis.listed import Case, Mistake, carried_out, cases_of, loosely, recognise
from grader.judge.diagnosis.resembling import resembled
from grader.judge.diagnosis.unlisted import Explanation, explain
from grader.judge.trial import Call

SOON = 1.0
"""Seconds in which a call of a known mistake should end, where it does at all."""


@dataclass
class Naming:
    """All that was seen of one function of a submission."""

    function: str
    calls: Sequence[Call]
    """Those of failed checks first."""
    functions: Mapping[str, Callable[..., Any]]
    """The reference's, by name."""
    framework: str = "numpy"
    """What the submission is written in."""
    slow: bool = False
    """Whether a check found it slow."""
    stopped: Sequence[Call] = ()
    """Calls that came to no end in their time."""
    accepted: Sequence[Call] = ()
    """Calls of checks that were passed."""

    @cached_property
    def cases(self) -> list[Case]:
        return self.compared()

    def compared(self) -> list[Case]:
        """Each call and what the reference does with it, as far as they are told apart here and now."""
        return cases_of(self.calls, self.function, self.functions[self.function], self.framework)

    def free_cases(self) -> list[Case]:
        """The cases without those that an assignment leaves free: other answers than ours, which were accepted."""
        accepted = {id(call) for call in self.accepted}
        return [case for case in self.compared() if not (case.differs and id(case.call) in accepted)]

    def name(self, mistakes: Iterable[Mistake]) -> Explanation | None:
        """The known mistake that does the same in every call, else a fact, else the one change of the reference.

        Where random numbers are drawn in another way than in ours, known mistakes are told by what they are on average.
        """
        reference, mine = self.functions[self.function], [m for m in mistakes if m.of == self.function]
        known = recognise(self.cases, mine, self.slow)
        if known and not any(ends(call, known.function) for call in self.stopped):
            return Explanation(known.says)
        if self.stopped:  # what else would explain the answers comes to an end
            return None
        return (
            drawn_elsewhere(self.calls, self.function, reference, self.framework)
            or resembled(self.cases, mine, reference, self.framework)
            or explain(self.cases, self.function, self.functions)
            or self.name_loosely(mine)
        )

    def name_loosely(self, mistakes: Sequence[Mistake]) -> Explanation | None:
        """The same of code that is right but for a small difference from ours, and has a mistake besides."""
        with loosely():
            cases = self.free_cases()
            known = recognise(cases, mistakes)
            return Explanation(known.says) if known else explain(cases, self.function, self.functions)


def ends(call: Call, function: Callable[..., Any]) -> bool:
    """Whether a function comes to an end soon, where a student's did not."""
    with bounded(SOON):
        outcome = carried_out(call, function)
    return bool(outcome.get("error", {}).get("type") != TooLong.__name__)


class Named:
    """What explains the failures of functions. Submissions that answer alike fail alike."""

    def __init__(self) -> None:
        self.known: dict[tuple[Hashable, ...], tuple[Explanation | None, list[int]]] = {}
        """An explanation, and which of the calls it is about, by all that was seen of a function."""

    def name(
        self, naming: Naming, seen: Sequence[Hashable | None], mistakes: Callable[[], Iterable[Mistake]]
    ) -> Explanation | None:
        """The explanation of what was seen: `seen` stands for the answers of each check, None for what is not known."""
        key = (naming.function, naming.framework, naming.slow, *seen)
        if key in self.known:
            explanation, places = self.known[key]
            return explanation and replace(explanation, calls=[naming.calls[i] for i in places])
        try:
            explanation = naming.name(mistakes())
        except Exception:  # a fault of the diagnosis costs nobody the grade
            return None
        if None not in seen:
            about = {id(call) for call in explanation.calls} if explanation else set()
            places = [i for i, call in enumerate(naming.calls) if id(call) in about]
            self.known[key] = explanation and replace(explanation, calls=()), places
        return explanation
