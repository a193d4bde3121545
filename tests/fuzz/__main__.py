"""Search for bytes that harm the judge, guided by the code that they reach: python -m tests.fuzz [count] [seed]."""

import os
import sys
import time
from random import Random

import atheris

WAY = [
    "grader.worker.codec",
    "grader.worker.transport",
    "grader.judge.isolation.replies",
    "grader.judge.isolation.sandbox",
]
with atheris.instrument_imports(include=WAY):
    from tests.fuzz import judging, samples

SEEDS = samples.seeds()
MOST = 8 << 10
"""Bytes of a sample."""


def mutate(sample: bytes, most: int, seed: int) -> bytes:
    """The next sample: mostly by the structure of the frames, else as libFuzzer likes; now and then near a seed."""
    random = Random(seed)
    if len(sample) < 2 or random.randrange(4) == 0:
        sample = random.choice(SEEDS)
    if random.randrange(4):
        return samples.mutated(sample, most, random)
    return bytes(atheris.Mutate(sample, most))


def main(count: int = 2_000_000, seed: int = 1) -> None:
    judge, started = judging.Judge(), time.monotonic()

    def check(sample: bytes) -> None:
        judge.check(sample, memory=judge.count % 50 == 0)
        if judge.count % 250_000 == 0 or judge.count == count:
            tell()

    def tell() -> None:
        seconds = time.monotonic() - started
        print(f"{judge.count:,} samples, {judge.count / seconds:,.0f} a second, {judge.accepted:,} with an outcome")
        print(f"  slowest {judge.slowest[0] * 1e3:.1f} ms for {len(judge.slowest[1]):,} bytes")
        print(f"  most memory {judge.largest[0]:.0f} a byte, for {len(judge.largest[1]):,} bytes", flush=True)

    options = {"runs": count, "seed": seed, "max_len": MOST, "mutate_depth": 2, "timeout": 120}
    options |= {"rss_limit_mb": 4096, "exact_artifact_path": os.devnull}
    atheris.Setup([sys.argv[0], *[f"-{k}={v}" for k, v in options.items()]], check, custom_mutator=mutate)
    atheris.Fuzz()


main(*map(int, sys.argv[1:]))
