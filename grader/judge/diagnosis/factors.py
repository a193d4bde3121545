"""The name of a mistake where there is no reference: a factor between what came back and what a check expected."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from grader.judge.diagnosis.changed_results import factors
from grader.judge.diagnosis.hypotheses import RAISED, Answer
from grader.judge.diagnosis.terms import Terms
from grader.judge.diagnosis.unlisted import Explanation, first_of
from grader.judge.plugin import Failed
from grader.judge.trial import CheckFailure


def explain_by_factor(failures: Sequence[Failed], function: str, outline: Callable[..., Any]) -> Explanation | None:
    """What the one factor is that explains all of a function's wrong results; None where there is none."""
    answers = [a for failed in failures for a in _answers(failed, function, Terms(outline))]
    answers = sorted((a for a in answers if a.wrong), key=lambda a: a.entries)
    if not answers or len(answers) < len(failures):
        return None
    names = list(dict.fromkeys(answers[0].names.values()))
    found = first_of(factors(answers, names), answers)
    return Explanation(found[0].says, [a.call for a in answers], found[0].measured) if found else None


def _answers(failed: Failed, function: str, terms: Terms) -> Iterator[Answer]:
    """A failure as an answer, where what was expected is known: not what the same code gave in another call."""
    error, call = failed.error, failed.call
    if not isinstance(error, CheckFailure) or error.expected is None or call is None or call.target != function:
        return
    calls = [c for c in failed.calls if c.target == function]
    value = call.outcome.get("value")
    if call.probe or len(calls) > 1:
        return
    if isinstance(value, tuple) and any(part is error.got for part in value):
        yield Answer(call, terms, value, False, tuple(error.expected if v is error.got else v for v in value), _none)
    elif value is error.got:
        yield Answer(call, terms, value, False, error.expected, _none)


def _none(*_: Any) -> Any:
    return RAISED
