"""The name of what is wrong with a function: a known mistake, else what the reference with one change would do."""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from grader.judge.diagnosis.drawing import drawn_elsewhere
from grader.judge.diagnosis.listed import Case, Mistake, cases_of, recognise
from grader.judge.diagnosis.unlisted import Explanation, explain
from grader.judge.trial import Call


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

    @cached_property
    def cases(self) -> list[Case]:
        return cases_of(self.calls, self.function, self.functions[self.function])

    def name(self, mistakes: Iterable[Mistake]) -> Explanation | None:
        """The known mistake that does the same in every call, else a fact, else the one change of the reference."""
        known = recognise(self.cases, [m for m in mistakes if m.of == self.function], self.slow)
        if known:
            return Explanation(known.says)
        elsewhere = drawn_elsewhere(self.calls, self.function, self.functions[self.function], self.framework)
        return elsewhere or explain(self.cases, self.function, self.functions)


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
