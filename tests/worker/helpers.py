"""Workers for tests: any text as a submission, called as the judge would call it."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from grader.judge.isolation.sandbox import Room, Worker, Workshop
from grader.worker import codec


def request(text: str, **changes: Any) -> dict[str, Any]:
    """What a worker needs to load a submission of one file."""
    usual = {"name": "work", "file": "work.py", "cells": [[None, text]], "modules": {}, "framework": "numpy",
             "functions": ["f", "g"], "probes": "", "substitutes": [], "seconds": 5.0, "skip": []}  # fmt: skip
    return {**usual, **changes}


@contextmanager
def loaded(shop: Workshop, text: str, room: Room | None = None, **changes: Any) -> Iterator[Worker]:
    """A worker that has loaded a text."""
    worker = shop.worker(room or Room())
    try:
        worker.load(request(text, **changes), 30)
        yield worker
    finally:
        worker.close()


def call(worker: Worker, *arguments: Any, seconds: float = 30, options: dict[str, Any] | None = None) -> dict[str, Any]:
    """Call `f`."""
    worker.post(codec.CALLS, [["f", list(arguments), {}, options or {}]], seconds)
    return worker.reply(seconds)


def value(shop: Workshop, text: str, *arguments: Any) -> Any:
    """What `f` of a text returns."""
    with loaded(shop, text) as worker:
        outcome = call(worker, *arguments)
        assert "value" in outcome, outcome
        return outcome["value"]


def gone(pid: int) -> None:
    """Wait until a process is no more."""
    for _ in range(1000):
        if not Path(f"/proc/{pid}").exists():
            return
        time.sleep(0.01)
    raise AssertionError(f"process {pid} is still there")


def descriptors() -> set[str]:
    return {p.name for p in Path("/proc/self/fd").iterdir()}
