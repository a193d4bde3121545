"""One bug is paid for once: a check that fails for another function's fault is run again with ours in its place."""

from collections.abc import Iterable, Sequence
from functools import cache

from grader.judge.bench import WorkerBench
from grader.judge.isolation.sandbox import SandboxError
from grader.judge.plugin import Plugin, Run, mentioned
from grader.judge.revision import Piece, pieces


def paid_once(
    plugin: Plugin, bench: WorkerBench, runs: Sequence[Run], order: Sequence[str], lost: set[str]
) -> list[Run]:
    """The runs, those in place of others that were right given the right other functions.

    order : the assignment's functions.  lost : those that lose points in checks that were not run.
    """
    runs, tried = list(runs), [frozenset[str]()] * len(runs)
    wrong = wrong_in(runs) | lost
    texts = [cell.text for cell in bench.source.cells] + list(bench.source.modules.values())
    used = {name for name in wrong if name not in bench.available or mentioned(iter(texts), name)}
    statements = cache(lambda: pieces(bench.source) or [])
    reach = cache(lambda function: reached(statements(), function))

    def before(run: Run) -> set[str]:
        """The wrong functions that come before the run's own, or that its check says it needs."""
        asked = run.trial.called | (run.check.ahead.targets if run.check.ahead else frozenset())
        earlier = set(order[: order.index(run.check.function)])
        return earlier & (used | (wrong & asked)) | wrong.intersection(run.check.requires)

    def behind(run: Run) -> set[str]:
        """The wrong functions that its own builds on, wherever they come."""
        return before(run) | (reach(run.check.function) & still - {run.check.function})

    # Two that are each right if the other one is must not both be right. So ours takes the place of functions that
    # come before; then of those that were wrong even so, of which the last one is left to pay.
    for others_of in (before, behind):
        still = wrong_in(runs) | lost
        for i, run in enumerate(runs):
            if run.passed or run.check.broken or isinstance(run.trouble, SandboxError):
                continue
            others = frozenset(others_of(run))
            if others <= tried[i]:
                continue
            tried[i], again = others, plugin.judge(run.check, bench, substitutes=tuple(sorted(others)))
            run.given = again.given = tuple(sorted(others))
            if again.passed:
                names = " and ".join(sorted(others))
                again.trial.remark = f"right, given the right {names}: graded with ours in place of yours"
                runs[i] = again
    return runs


def wrong_in(runs: Sequence[Run]) -> set[str]:
    """The functions with a check that is not passed."""
    return {run.check.function for run in runs if not run.passed and not run.check.broken}


def reached(statements: Iterable[Piece], function: str) -> set[str]:
    """All names that a function mentions, that those mention, and so on."""
    names, before = {function}, 0
    while len(names) > before:
        before = len(names)
        names |= {name for piece in statements if piece.binds & names for name in piece.uses}
    return names
