"""The speed of the two trees, one benchmark for each function, size, float type and framework, on one thread.

Run by `python -m benchmarks.reference_table`, which sets the threads and reads the result.
"""

import importlib
import os
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch

from benchmarks import reference_cases, rivals
from benchmarks.reference_cases import CASES, Case

COPIES = [2**16, 2**20, 2**24]  # bytes: within each cache, and beyond
BENCHMARKS = [
    (case, size, dtype, tree)
    for case in CASES
    for size, dtype in [("small", "float64"), ("large", "float64"), *([("large", "float32")] if case.aim else [])]
    for tree in ("numpy", "torch")
]


@pytest.fixture(autouse=True)
def one_thread():
    assert os.environ.get("OPENBLAS_NUM_THREADS") == "1", "run these by `python -m benchmarks.reference_table`"
    torch.set_num_threads(1)


def convert(value: Any, array: Callable[[Any], Any]) -> Any:
    """The value with every array in it, in dicts and tuples too, converted."""
    if isinstance(value, np.ndarray):
        return array(value)
    if isinstance(value, dict):
        return {key: convert(item, array) for key, item in value.items()}
    if isinstance(value, tuple):
        return tuple(convert(item, array) for item in value)
    return value


def size_of(value: Any) -> int:
    """The bytes of all arrays in a value."""
    if isinstance(value, dict):
        return sum(map(size_of, value.values()))
    if isinstance(value, tuple):
        return sum(map(size_of, value))
    return value.nbytes if isinstance(value, np.ndarray) else 0


def arguments(case: Case, size: str, dtype: str) -> tuple[Any, ...]:
    reference_cases.RNG = np.random.default_rng(20260901)
    made = case.make(*getattr(case, size))
    return convert(made, lambda a: a.astype(dtype) if a.dtype.kind == "f" else a)


def function(tree: str, case: Case) -> Callable[..., Any]:
    topic, name = case.name.split(".")
    return getattr(importlib.import_module(f"reference.with_{tree}.{topic}"), name)


@pytest.mark.parametrize(
    ("case", "size", "dtype", "tree"),
    BENCHMARKS,
    ids=lambda x: f"{x.name}{x.rival and '-rival'}" if isinstance(x, Case) else x,
)
def test_function(benchmark, case, size, dtype, tree):
    given = arguments(case, size, dtype)
    answer = function("numpy", case)(*given)
    benchmark.extra_info |= {
        "function": case.name,
        "size": size,
        "shape": " x ".join(map(str, getattr(case, size))),
        "dtype": dtype,
        "tree": tree,
        "rival": case.rival,
        "aim": case.aim,
        "flops": case.flops(*getattr(case, size)) if case.flops else 0,
        "bytes": size_of(given) + size_of(answer),
    }
    if tree == "numpy":
        benchmark(function("numpy", case), *given)
        return
    tensors = convert(given, torch.from_numpy)
    if case.rival:
        run = getattr(rivals, case.name.split(".")[1])(*tensors)
        ours = answer[1] if case.name.endswith("lstm_backward") else answer[0]
        np.testing.assert_allclose(run().numpy(), ours, rtol=1e-3, atol=1e-3)
        benchmark(run)
    else:
        benchmark(function("torch", case), *tensors)


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_peak(benchmark, dtype):
    """The most additions and multiplications a second: a matrix product of 1024 x 1024."""
    A, B = np.random.default_rng(1).standard_normal((2, 1024, 1024)).astype(dtype)
    benchmark.extra_info |= {"peak": dtype, "flops": 2 * 1024**3}
    benchmark(np.matmul, A, B, out=np.empty_like(A))


@pytest.mark.parametrize("size", COPIES)
def test_copy(benchmark, size):
    """The most bytes a second: reading and writing `size` bytes in all."""
    source, target = np.ones((2, size // 16))
    benchmark.extra_info |= {"copy": size}
    benchmark(np.copyto, target, source)
