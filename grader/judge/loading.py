"""What is said of how a submission was read."""

from typing import Any

from grader.judge.bench import WorkerBench


def first_failure(bench: WorkerBench) -> str:
    """Why nothing could be read; empty where nothing is known to have failed."""
    failures = bench.loaded["failures"] if bench.loaded else []
    return sentence_of(failures[0]) if failures else ""


def notes_of(bench: WorkerBench) -> list[str]:
    """What a reader should know of how the file was read."""
    loaded = bench.loaded or {}
    notes = [str(n)[:300] for n in loaded.get("notes", [])[:20]]
    first = {(f[2].get("type"), f[2].get("message")): f for f in reversed(loaded.get("failures", []))}
    failures = sorted(first.values(), key=loaded.get("failures", []).index)
    return notes + [sentence_of(f) for f in failures[:8]]


def sentence_of(failure: list[Any]) -> str:
    """`line 40 of softmax.py raised FileNotFoundError: data.csv; what follows it was still read.`"""
    file, line, error = failure
    place = f"{file}, line {line}" if line else str(file)
    message = str(error.get("message", ""))[:200]
    if error.get("type") in ("SyntaxError", "IndentationError", "TabError"):
        return f"{place}: {message} ({error['type']}); none of it could be read."
    if error.get("type") == "OutOfTime":
        return f"{place}: this statement did not come to an end and was stopped; what follows it was still read."
    return f"{place}: {error.get('type')}: {message}; what follows it was still read."
