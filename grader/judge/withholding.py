"""What a report leaves out of hidden checks where the assignment keeps their expected values back."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from types import TracebackType
from typing import Any

import msgspec
import numpy as np

from grader.judge.plugin import Failed, Run
from grader.judge.spelling import text_of
from grader.judge.trial import CheckFailure, NotThere, StudentError
from grader.report.model import Check, Evidence

SENTENCE = "What this check asks for does not hold."
KEPT_BACK = "not shown"
_COUNTED = re.compile(r"\b(?:axis|argument) \d+")
change = msgspec.structs.replace


def withheld(checks: Sequence[Check], runs: Sequence[Run], sentences: frozenset[str]) -> list[Check]:
    """The checks without anything that tells an expected value of a hidden one.

    Inputs, what the student's code returned and raised, and sentences that stand in the assignment as they are, the
    `sentences` of known mistakes among them, stay. What the code printed goes, because a check may hand it anything.
    """
    numbers: Counter[str] = Counter()
    kept = []
    for check, run in zip(checks, runs, strict=True):
        if check.hidden:
            check = _withheld(check, run.worst(), sentences)
            # The parameters of a check stand in its id.
            name, bracket, _ = check.id.partition("[")
            if bracket:
                check = change(check, id=f"{name}[{numbers[name]}]")
                numbers[name] += 1
        kept.append(check)
    return kept


def _withheld(check: Check, failed: Failed | None, sentences: frozenset[str]) -> Check:
    check = change(check, output="")
    if check.verdict == "could-not-grade":
        return change(check, message="This check could not be graded.", evidence=None)
    if failed is None or check.evidence is None or isinstance(failed.error, NotThere):
        return check
    named = check.diagnosis in sentences or not re.search(r"\d", _COUNTED.sub("", check.diagnosis or ""))
    check = change(check, diagnosis=check.diagnosis if named else None, evidence=_evidence(check.evidence, failed))
    if isinstance(failed.error, StudentError):
        return check
    said = check.message if _harmless(failed) else SENTENCE
    return change(check, message=said, hint=check.hint if _literal(check.hint, failed.error) else None)


def _harmless(failed: Failed) -> bool:
    """Whether a failure's message speaks of the student's own value alone, or is the author's as it was written."""
    error = failed.error
    if not isinstance(error, CheckFailure):
        return False
    speaks_of_yours = _own(failed) and not isinstance(error.expected, str)
    return error.shown or speaks_of_yours or _literal(error.message, error)


def _own(failed: Failed) -> bool:
    """Whether the value that failed is what the student's code returned, not something that was computed from it."""
    returned = failed.call.outcome.get("value") if failed.call else None
    return failed.got is not None and any(_equal(part, failed.got) for part in _parts(returned))


def _evidence(evidence: Evidence | None, failed: Failed) -> Evidence | None:
    if evidence is None or failed.call is None:
        return evidence
    call, expected = failed.call, getattr(failed.error, "expected", None)
    if failed.got is not None and not _own(failed):
        evidence = change(evidence, yours=text_of(call.outcome.get("value")))
    values = dict(zip(evidence.arguments, (*call.arguments, *call.named.values()), strict=False))
    telling = {name for name, value in values.items() if _tells(value, expected)}
    if not telling:
        return evidence
    shown = {name: KEPT_BACK if name in telling else text for name, text in evidence.arguments.items()}
    return change(evidence, call=evidence.call.partition("(")[0], arguments=shown, snippet=None)


def _tells(value: Any, expected: Any) -> bool:
    """Whether a part of an argument is a part of the expected value, and not one of the numbers that are everywhere."""
    rare = [e for e in _parts(expected) if isinstance(e, str) or np.any(np.abs(_numbers(e)) > 1)]
    return any(_equal(part, e) for part in _parts(value) for e in rare)


def _literal(text: str | None, error: BaseException) -> bool:
    """Whether a text stands in the code that raised the error as it is, without a value put into it."""
    frames = _frames(error.__traceback__)
    return any(text in constants for constants in frames)


def _frames(traceback: TracebackType | None) -> Iterator[Sequence[Any]]:
    while traceback is not None:
        frame, traceback = traceback.tb_frame, traceback.tb_next
        yield frame.f_code.co_consts
        yield [value for value in frame.f_globals.values() if isinstance(value, str)]


def _parts(value: Any) -> Iterator[Any]:
    """A value and everything inside of it."""
    yield value
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list | tuple):
        for item in value:
            yield from _parts(item)


def _numbers(value: Any) -> np.ndarray[Any, Any]:
    try:
        return np.asarray(value, dtype=np.float64)
    except (TypeError, ValueError):
        return np.zeros(0)


def _equal(a: Any, b: Any) -> bool:
    if a is b or isinstance(a, str) or isinstance(b, str):
        return a is b or bool(type(a) is type(b) and a == b)
    first, second = _numbers(a), _numbers(b)
    return first.size > 0 and first.shape == second.shape and np.array_equal(first, second, equal_nan=True)
