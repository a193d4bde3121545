"""What is said of how a submission was read."""

from grader.judge.bench import WorkerBench
from grader.judge.hints import sentence_of_failure


def first_failure(bench: WorkerBench) -> str:
    """Why nothing could be read; empty where nothing is known to have failed."""
    failures = bench.loaded["failures"] if bench.loaded else []
    return sentence_of_failure(failures[0], bench.source) if failures else ""


def notes_of(bench: WorkerBench) -> list[str]:
    """What a reader should know of how the file was read."""
    loaded = bench.loaded or {}
    notes = [str(n)[:300] for n in loaded.get("notes", [])[:20]]
    first = {(f[2].get("type"), f[2].get("message")): f for f in reversed(loaded.get("failures", []))}
    failures = sorted(first.values(), key=loaded.get("failures", []).index)
    return notes + [sentence_of_failure(f, bench.source) for f in failures[:8]]
