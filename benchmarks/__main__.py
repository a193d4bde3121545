"""`python -m benchmarks`: one student against plain pytest on the same checks, and the cost of one call."""

import argparse
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

ROOT = Path(__file__).parent.parent
NAME = "activations"
STYLES = sorted((ROOT / "assignments" / NAME / "alternatives").glob("*.py"))
NUMPY_STYLES = [f for f in STYLES if "torch" not in f.read_text("utf-8")]
PLAIN = [sys.executable, "-m", "pytest", "-q", "-p", "benchmarks.unsafe", "-p", "no:cacheprovider", "-c", os.devnull,
         "--rootdir", str(ROOT), "--import-mode=importlib", f"assignments/{NAME}/test_public.py",
         f"assignments/{NAME}/test_hidden.py"]  # fmt: skip


def timed(command: list[str], **environment: str) -> float:
    """Seconds that a command takes; it must succeed."""
    started = time.perf_counter()
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, **environment}, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(command[:6])} ... failed:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return time.perf_counter() - started


def unsafe(files: list[Path]) -> float:
    """Seconds of plain pytest on these files, all in one process."""
    return timed(PLAIN, UNSAFE_FILES=os.pathsep.join(map(str, files)), PYTHONPATH=str(ROOT))


def row(what: str, value: str, aim: str) -> None:
    print(f"{what:<66} {value:>16}   {aim}", flush=True)


def one_student(repeats: int) -> None:
    """From the keystroke to the report, cold."""
    check = [sys.executable, "-m", "grader.cli", "check", NAME, str(NUMPY_STYLES[0])]
    ratios = [timed(check) / unsafe(NUMPY_STYLES[:1]) for _ in range(repeats)]
    row("one student, cold: `grader check` over plain pytest", f"{statistics.median(ratios):.2f} x", "aim: at most 1.0")


def round_trip() -> None:
    """One call with a 100x100 array, there and back."""
    from grader.judge.bench import WorkerBench
    from grader.judge.isolation.sandbox import Room
    from grader.judge.isolation.workshops import Workshops
    from grader.judge.trial import Call
    from grader.submission import Cell, Source

    workshops = Workshops()
    source = Source("m.py", (Cell("def same(x):\n    return x * 1.0\n"),), {}, (), "")
    bench = WorkerBench("m", source, ["same"], "numpy", workshops.get(()), Room(), 5.0, 10.0)
    bench.begin(None)
    call, spent = Call("same", (np.random.default_rng(0).normal(size=(100, 100)),), {}), []
    for _ in range(600):
        started = time.perf_counter()
        bench.ask(call)
        spent.append(time.perf_counter() - started)
    bench.end()
    workshops.close()
    row(
        "round trip of a call with a 100x100 array, median",
        f"{statistics.median(spent) * 1e6:.0f} us",
        "aim: at most 200",
    )


def main() -> None:
    """Run all measurements, or those named."""
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("only", nargs="*", choices=[[], "student", "trip"])
    options = parser.parse_args()
    parts = {
        "trip": round_trip,
        "student": lambda: one_student(options.repeats),
    }
    for name, part in parts.items():
        if not options.only or name in options.only:
            part()


if __name__ == "__main__":
    main()
