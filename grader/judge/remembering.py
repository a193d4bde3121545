"""A fact about wrong code that keeps something: a call that is made alone has another answer than after other calls."""

import contextlib
from collections.abc import Sequence

from grader.judge.bench import Refusal, WorkerBench
from grader.judge.diagnosis.listed import cases_of, same_behaviour
from grader.judge.diagnosis.unlisted import Explanation
from grader.judge.isolation.sandbox import Failure, SandboxError
from grader.judge.plugin import Plugin, Run
from grader.judge.trial import Call

RUNS = 3
"""So many checks are looked at, of each the first call whose answer is wrong."""
KEEPS = (
    "gives another answer after other calls than alone: it keeps something from one call to the next, as in a global "
    "variable, a list or dict as a default, or a cache whose key lacks something."
)
SOON = 5.0
"""Seconds that such a call may take."""


def remembered(plugin: Plugin, bench: WorkerBench, runs: Sequence[Run], function: str) -> Explanation | None:
    """What is said of a function some of whose wrong answers depend on the calls before; None for others."""
    wrong = [r for r in runs if r.check.function == function and r.failures and not r.trouble]
    if plugin.brief or plugin.reference is None or bench.refusal:
        return None
    with contextlib.suppress(Exception):  # a fault here costs nobody the grade
        for run in wrong[:RUNS]:
            reference = plugin.reference.function(function)
            mine = [c for c in run.trial.calls if c.target == function and c.plain and c.of_a_function]
            differing = [case.call for case in cases_of(mine, function, reference, bench.framework) if case.differs]
            if differing and _depends(plugin, bench, run, differing[0]):
                calls = [call for other in wrong for call in other.trial.calls]
                return Explanation(f"{function} {KEEPS}", calls)
    return None


def _depends(plugin: Plugin, bench: WorkerBench, run: Run, call: Call) -> bool:
    """Whether a call has the same answer each time that it is made alone, and had another one after others."""
    alone = Call(call.target, call.arguments, call.named, call.options)
    try:
        first, second = (plugin.ask_alone(alone, run.check, bench.another(bench.source.cells, SOON)) for _ in range(2))
    except (Failure, Refusal, SandboxError):
        return False
    if same_behaviour(call, first.outcome, False, bench.framework):
        return False
    return same_behaviour(first, second.outcome, False, bench.framework)
