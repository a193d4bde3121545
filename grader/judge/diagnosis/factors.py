"""The name of a mistake where there is no reference: a factor between what came back and what a check expected."""

from collections.abc import Callable, Sequence
from typing import Any

from grader.judge.diagnosis.changed_results import factors
from grader.judge.diagnosis.hypotheses import RAISED, Answer, Parts
from grader.judge.diagnosis.terms import Terms
from grader.judge.diagnosis.unlisted import Explanation, first_of
from grader.judge.plugin import Failed
from grader.judge.trial import CheckFailure


def explain_by_factor(failures: Sequence[Failed], function: str, outline: Callable[..., Any]) -> Explanation | None:
    """The one factor by which every result is wrong of which a check knew what it should be; None where there is none.

    outline : the function without its code, for the names of its arguments and results.
    """
    terms = Terms(outline)
    answers = [a for failed in failures if (a := _answer(failed, function, terms)) and a.wrong]
    if not answers:
        return None
    answers.sort(key=lambda a: a.entries)
    names = list(dict.fromkeys(name for a in answers for name in a.names.values()))
    found = first_of(factors(answers, names), answers)
    return Explanation(found[0].says, [a.call for a in answers], found[0].measured) if found else None


def _answer(failed: Failed, function: str, terms: Terms) -> Answer | None:
    """What a failure shows of a result: none where the expected value comes from the student's code in another call."""
    error, call = failed.error, failed.call
    if not isinstance(error, CheckFailure) or error.expected is None or call is None or call.probe:
        return None
    if call.target != function or any(c is not call and c.target == function for c in failed.calls):
        return None
    value = call.outcome.get("value")
    if value is error.got:
        return Answer(call, terms, error.got, False, error.expected, _unknown)
    parts = value if isinstance(value, tuple) else ()
    name = next((terms.result(i, len(parts)) for i, part in enumerate(parts) if part is error.got), "")
    return Answer(call, terms, {name: error.got}, False, {name: error.expected}, _unknown) if name else None


def _unknown(*_: Any) -> Parts:
    return RAISED
