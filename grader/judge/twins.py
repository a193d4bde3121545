"""Two workers on one core, the student's and the baseline's, timed from outside by their own CPU clocks."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from grader.submission import Cell, Source
from grader.worker import codec

from .compare import assert_close
from .sandbox import Room, Worker
from .trial import StudentError

LEAST_SECONDS = 2e-5
Start = Callable[[Source, str, Room], Worker]
Settle = Callable[[Worker], dict[str, Any]]


def as_source(function: Callable[..., Any]) -> Source:
    """A function of a trusted module as a submission: the module's file and the files of its package beside it."""
    module = function.__module__
    root = module.partition(".")[0]
    texts: dict[str, str] = {}
    for name, loaded in list(sys.modules.items()):
        file = getattr(loaded, "__file__", None)
        if file and (name == root or name.startswith(f"{root}.")) and "torch" not in name:
            texts[name] = Path(file).read_text("utf-8")
    name = function.__name__
    return Source("baseline.py", (Cell(f"from {module} import {name}\n"),), texts, (), "")


class Twins:
    """The same calls, on fresh inputs, to both. `pair` gives (student's seconds, baseline's seconds)."""

    def __init__(self, name: str, student: Worker, baseline: Worker, framework: str, seconds: float) -> None:
        self.name, self.workers, self.framework, self.seconds = name, (student, baseline), framework, seconds
        self.turn = 0

    def time(self, worker: Worker, arguments: tuple[Any, ...]) -> tuple[float, Any]:
        spent = []
        outcome: dict[str, Any] = {}
        for target in ("", self.name):
            before = worker.cpu()
            worker.post(codec.CALLS, [[target, list(arguments), {}, {}]], self.seconds)
            outcome = worker.reply(self.seconds)
            spent.append(worker.cpu() - before)
        return max(spent[1] - spent[0], LEAST_SECONDS), outcome

    def pair(self, arguments: tuple[Any, ...]) -> tuple[float, float]:
        """Time one call of each, in alternating order; the student's answer must be the baseline's."""
        self.turn += 1
        order = (0, 1) if self.turn % 2 else (1, 0)
        measured: list[tuple[float, Any]] = [(0.0, None), (0.0, None)]
        for which in order:
            measured[which] = self.time(self.workers[which], arguments)
        outcome = measured[0][1]
        if "error" in outcome:
            from .trial import Call

            raise StudentError(Call(self.name, arguments, {}), outcome["error"])
        got = outcome.get("value")
        if isinstance(got, codec.Foreign) and self.framework == "torch":
            got = got.array
        assert_close(got, measured[1][1]["value"], label=f"{self.name} on a large input")
        return measured[0][0], measured[1][0]
