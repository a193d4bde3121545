"""`python -m benchmarks.reference_table`: NumPy against PyTorch on one thread, by function, size and float type.

ratio is NumPy's time over PyTorch's. bound is the least time the machine could need: the additions and multiplications
of the equation at the rate of the BLAS, or the bytes of arguments and results at the rate of a copy, whichever is
more, both measured in the same run. Times are of the processor, the least of their rounds. `--save` keeps the table
for the docs.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
SUMMARY = Path(__file__).with_name("reference.json")
ENVIRONMENT = {
    **{f"{library}_NUM_THREADS": "1" for library in ("OPENBLAS", "OMP", "MKL", "VECLIB_MAXIMUM")},
    # glibc keeps what is freed, so that no framework pays for fresh pages where the other finds used ones by chance.
    **{f"MALLOC_{kind}_THRESHOLD_": str(2**30) for kind in ("TRIM", "MMAP")},
}


def measure(seconds: float, only: str, history: str = "") -> dict[str, Any]:
    """Run the benchmarks, each for about so many seconds, and give what pytest-benchmark wrote.

    history : a folder in which it keeps every run, for `pytest-benchmark compare`.
    """
    with tempfile.TemporaryDirectory() as folder:
        result = Path(folder, "result.json")
        command = [
            sys.executable, "-m", "pytest", "benchmarks/test_reference.py", "-q", "-p", "no:cacheprovider",
            f"--benchmark-max-time={seconds}", "--benchmark-min-rounds=5", "--benchmark-disable-gc",
            f"--benchmark-json={result}", "--benchmark-quiet", "--benchmark-timer=time.process_time",
        ]  # fmt: skip
        if history:
            command += ["--benchmark-autosave", f"--benchmark-storage={history}"]
        if only:
            command += ["-k", f"({only}) or peak or copy"]
        done = subprocess.run(
            command, cwd=ROOT, env=os.environ | ENVIRONMENT, capture_output=True, text=True, check=False
        )
        if done.returncode != 0:
            raise SystemExit(f"the benchmarks failed:\n{done.stdout[-3000:]}{done.stderr[-1000:]}")
        read: dict[str, Any] = json.loads(result.read_text("utf-8"))
    return read


def summarize(measured: dict[str, Any]) -> dict[str, Any]:
    """The table: one row for each function, size, float type and rival."""
    runs = [run["extra_info"] | {"time": run["stats"]["min"]} for run in measured["benchmarks"]]
    peaks = {run["peak"]: run["flops"] / run["time"] for run in runs if "peak" in run}
    copies = {run["copy"]: run["copy"] / run["time"] for run in runs if "copy" in run}
    rows: dict[tuple[str, ...], dict[str, Any]] = {}
    for run in runs:
        if "function" in run:
            key = (run["function"], run["rival"], run["size"], run["dtype"])
            row = rows.setdefault(
                key, {name: run[name] for name in ("function", "size", "shape", "dtype", "rival", "aim")}
            )
            row[f"{run['tree']}_us"] = round(run["time"] * 1e6, 1)
            # A copy that is no larger is at least as fast, so that the bound stays one.
            rate = copies[max((size for size in copies if size <= run["bytes"]), default=min(copies))]
            row["bound_us"] = round(1e6 * max(run["flops"] / peaks[run["dtype"]], run["bytes"] / rate), 1)
    for row in rows.values():
        row["ratio"] = round(row["numpy_us"] / row["torch_us"], 2)
    return {
        "machine": measured["machine_info"]["cpu"].get("brand_raw", "unknown processor"),
        "numpy": version("numpy"),
        "torch": version("torch"),
        "gflops": {dtype: round(peak / 1e9, 1) for dtype, peak in peaks.items()},
        "copy_gb_per_s": {str(size): round(rate / 1e9, 1) for size, rate in sorted(copies.items())},
        "rows": list(rows.values()),
    }


def aim(row: dict[str, Any]) -> str:
    """What a row was to reach, and whether it does."""
    if not row["aim"]:
        return ""
    return f"{'reached' if row['ratio'] <= row['aim'] else 'MISSED'} (at most {row['aim']:g})"


def show(summary: dict[str, Any]) -> None:
    """Print the table."""
    print(f"{summary['machine']}, one thread; NumPy {summary['numpy']}, PyTorch {summary['torch']}")
    print(f"matrix product {summary['gflops']} GFLOP/s; copy, by its bytes, {summary['copy_gb_per_s']} GB/s\n")
    print(f"{'function':<44}{'size':<23}{'type':<9}{'NumPy us':>10}{'torch us':>10}{'ratio':>7}{'bound us':>10}  aim")
    for row in summary["rows"]:
        print(
            f"{row['function']:<44}{row['size'] + ' ' + row['shape']:<23}{row['dtype']:<9}{row['numpy_us']:>10,.1f}"
            f"{row['torch_us']:>10,.1f}{row['ratio']:>7.2f}{row['bound_us']:>10,.1f}  {aim(row)}"
            + (f", against {row['rival']}" if row["rival"] else "")
        )


def main() -> None:
    """Measure, print, and with --save keep."""
    parser = argparse.ArgumentParser(prog="benchmarks.reference_table", description=__doc__)
    parser.add_argument("--seconds", type=float, default=0.2, help="time for each benchmark")
    parser.add_argument("--save", action="store_true", help=f"write the table to {SUMMARY.relative_to(ROOT)}")
    parser.add_argument("--history", metavar="FOLDER", default="", help="keep this run there, beside the earlier ones")
    parser.add_argument("only", nargs="?", default="", help="names to measure, as pytest's -k takes them")
    options = parser.parse_args()
    if options.save and options.only:
        parser.error("--save keeps the whole table: leave out the names")
    summary = summarize(measure(options.seconds, options.only, options.history))
    if options.save:
        rows = ",\n".join(f"  {json.dumps(row)}" for row in summary.pop("rows"))
        head = json.dumps(summary, indent=1)[:-2]
        SUMMARY.write_text(f'{head},\n "rows": [\n{rows}\n ]\n}}\n', "utf-8")
        summary = json.loads(SUMMARY.read_text("utf-8"))
    show(summary)


if __name__ == "__main__":
    main()
