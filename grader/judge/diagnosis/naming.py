"""The name of what is wrong with a function: a known mistake, else what the reference with one change would do."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

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
    slow: bool = False
    """Whether a check found it slow."""

    @cached_property
    def cases(self) -> list[Case]:
        return cases_of(self.calls, self.function, self.functions[self.function])

    def name(self, mistakes: Iterable[Mistake]) -> Explanation | None:
        """The known mistake that does the same in every call, else the one change of the reference that does."""
        known = recognise(self.cases, [m for m in mistakes if m.of == self.function], self.slow)
        return Explanation(known.says) if known else explain(self.cases, self.function, self.functions)
