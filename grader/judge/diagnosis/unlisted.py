"""The name of a mistake that is on no list, from all that the student's code did and what the reference does."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from grader.judge.diagnosis.changed_arguments import changed_arguments, left_out, other_axes, other_functions, swaps
from grader.judge.diagnosis.changed_results import changed_results
from grader.judge.diagnosis.conditions import conditions
from grader.judge.diagnosis.hypotheses import RAISED, Answer, Hypothesis, Parts, evidence, fitting, parts_of
from grader.judge.diagnosis.listed import Case, carried_out
from grader.judge.diagnosis.misplaced import another_shape, misplaced
from grader.judge.diagnosis.terms import Terms, joined
from grader.judge.trial import Call
from grader.worker.codec import Generator


@dataclass(frozen=True)
class Explanation:
    """What is said of a function, and of which calls; of all of them where there are none."""

    says: str
    calls: Sequence[Call] = ()
    measured: bool = False
    """Whether it quotes a number that was found by comparing with the right answer."""

    def about(self, calls: Sequence[Call]) -> str | None:
        """What is said of a check that made these calls."""
        mine = {id(call) for call in calls}
        return self.says if not self.calls or any(id(call) in mine for call in self.calls) else None


def explain(cases: Sequence[Case], function: str, functions: Mapping[str, Callable[..., Any]]) -> Explanation | None:
    """What the one hypothesis says that fits every answer; None where there is none, or more than one.

    `functions` are those of the reference, `function` the name of the one that the cases are about.
    """
    answers = answers_of(cases, functions[function])
    wrong = [a for a in answers if a.wrong]
    if not wrong:
        return None
    found = _changed(function, functions, answers, wrong) or _where(answers, wrong)
    return Explanation(_sentence(found), [a.call for a in wrong], found[0].measured) if found else None


def answers_of(cases: Sequence[Case], reference: Callable[..., Any]) -> list[Answer]:
    """Every answer to a call that the reference answers too: wrong ones first, those with least to compute first."""

    def repeat(call: Call, function: Callable[..., Any] = reference) -> Parts:
        outcome = carried_out(call, function)
        return parts_of(outcome["value"], outcome["value"]) if "value" in outcome else RAISED

    terms = Terms(reference)
    found = []
    for case in cases:
        seen, right = case.call.outcome, case.expected
        if case.call.probe is None and not case.later and "value" in right:
            found.append(Answer(case.call, terms, seen.get("value"), "error" in seen, right["value"], repeat))
    return sorted(found, key=lambda a: (not a.wrong, a.raised, a.entries))


def _changed(
    function: str, functions: Mapping[str, Callable[..., Any]], answers: list[Answer], wrong: list[Answer]
) -> list[Hypothesis]:
    """What the student's code gives is what a changed reference would give."""
    example = wrong[0]
    if example.raised:
        return []
    names = list(dict.fromkeys(example.names.values()))
    others = {name: f for name, f in functions.items() if name != function}
    simple, *involved = changed_results(wrong, names)
    groups = [
        other_functions(others), other_axes(example), left_out(example), simple, changed_arguments(example),
        swaps(example), *involved, another_shape(), misplaced(example, names),
    ]  # fmt: skip
    if not all(a.call.plain for a in answers):  # with other arguments, a check's own function may never end an episode
        groups = [simple, *involved, another_shape(), misplaced(example, names)]
    return first_of(groups, answers)


def _where(answers: list[Answer], wrong: list[Answer]) -> list[Hypothesis]:
    """The code is right in some places and wrong in the others. Where it draws numbers, it may be right by luck."""
    if any(isinstance(v, Generator) for v in wrong[0].given.values()):
        return []
    return first_of(conditions(wrong[0]), answers)


def first_of(groups: Iterable[Iterable[Hypothesis]], answers: list[Answer]) -> list[Hypothesis]:
    """Those that fit in the first group where any does; none where they do not say the same."""
    support = evidence(answers)
    found = next((found for group in groups if (found := fitting(group, answers, support))), [])
    return found if len({h.kind or h.says for h in found}) == 1 else []


def _sentence(found: list[Hypothesis]) -> str:
    """What hypotheses of one kind say of all the things that they may be about."""
    about = list(dict.fromkeys(h.about for h in found))
    return found[0].says.format(joined(about, "or")) if found[0].about else found[0].says
