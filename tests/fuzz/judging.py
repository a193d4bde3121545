"""What the judge makes of the bytes that a worker writes: the whole way from the pipe to an outcome.

A sample is a byte that chooses the situation and the bytes that come in it, any number of frames.
"""

import time
import tracemalloc
from random import Random
from typing import Any
from unittest.mock import patch

import numpy as np

from grader.judge.isolation.sandbox import Ending, Failure, Worker
from grader.worker import codec, transport
from tests.fuzz.samples import ANSWERS, DRIPS, LOADS, NONCE, TOGETHER, flipped, mutated

SECONDS, SECONDS_PER_BYTE = 0.25, 10e-6
"""4,096 keys whose hashes collide take 0.06 s; the dearest part of a header, an empty dict, 0.8 us a byte. A tracer of
coverage and a slow machine have a factor of ten of that."""
MEMORY, MEMORY_PER_BYTE = 1 << 19, 100
"""The dearest byte of a header is an empty list: its object and two references to it, 72 bytes, and what the growth of
a list leaves free. A set takes 150 a byte, which the 4,096 that there may be make 0.4 MB more than that."""


class Pipes:
    """Stands in for `os`: reads what was written in pieces and blocks now and then, as a pipe does."""

    def __init__(self, data: bytes, piece: int) -> None:
        self.data, self.piece, self.at, self.turns = data, piece, 0, 0

    def read(self, _: int, size: int) -> bytes:
        self.turns += 1
        if self.turns % 5 == 0:
            raise BlockingIOError
        start, self.at = self.at, min(self.at + min(size, self.piece), len(self.data))
        return self.data[start : self.at]

    def write(self, _: int, data: memoryview) -> int:
        return len(data)


class Ended:
    """A process that is gone when its bytes are read."""

    pid = 0

    def end(self, wait: bool) -> Ending | None:
        return Ending(0)


class Listener(Worker):
    """A worker of which only the bytes are there."""

    def __init__(self, kind: int) -> None:
        super().__init__(Ended(), -1, -1, -1)
        self.nonce, self.kind, self.last, self.greeted = NONCE, kind, 40, True

    def wait(self, fd: int, to_write: bool) -> None: ...

    def close(self, gently: bool = False) -> Ending | None:
        return self.process.end(gently)


def hear(sample: bytes) -> tuple[list[dict[str, Any]], Failure]:
    """The outcomes that the judge takes from a sample, and the Failure that it ends with; it raises nothing else."""
    mode, data = sample[0] if sample else 0, sample[1:]
    worker = Listener(codec.LOAD if mode & LOADS else codec.TOGETHER if mode & TOGETHER else codec.CALLS)
    answer = (lambda which, arguments, named: {"value": [which, arguments, named]}) if mode & ANSWERS else None
    outcomes = []
    with patch.object(transport, "os", Pipes(data, 64 if mode & DRIPS else 1 << 20)):
        try:
            while True:
                outcomes += worker.understand(worker.hear(1000, answer))
        except Failure as failure:
            return outcomes, failure


ATTRIBUTES: dict[type, dict[str, type]] = {
    codec.Handle: {"number": int, "type_name": str}, codec.Opaque: {"type_name": str, "reason": str},
    codec.Foreign: {"type_name": str, "array": np.ndarray},
    codec.Callback: {"number": int}, codec.Generator: {"seed": int},
}  # fmt: skip


def known(value: Any) -> bool:
    """Whether a value is of types that the judge knows, through and through."""
    kind = type(value)
    if kind in (list, tuple, frozenset):
        return all(map(known, value))
    if kind is dict:
        return all(known(k) and known(v) for k, v in value.items())
    if kind is np.ndarray:
        truths = value.dtype.kind != "b" or not value.size or value.view("u1").max() < 2
        return value.dtype.str in codec.DTYPES and value.ndim <= codec.AXES and bool(truths)
    if kind in ATTRIBUTES:
        parts = [(getattr(value, name), type_) for name, type_ in ATTRIBUTES[kind].items()]
        return all(type(part) is type_ and (type(part) is not str or len(part) <= 200) for part, type_ in parts)
    if isinstance(value, np.generic):
        return value.dtype.str in codec.DTYPES
    return kind in (type(None), bool, float, complex, str, bytes) or (
        kind is int and value.bit_length() <= codec.BITS + 8
    )


def exact(value: Any) -> Any:
    """A value as data that is equal only for the same value of exactly the same types."""
    kind = type(value)
    if kind in (list, tuple):
        return kind, [exact(v) for v in value]
    if kind is dict:
        return kind, [(exact(k), exact(v)) for k, v in value.items()]
    if kind is frozenset:
        return kind, sorted(repr(exact(v)) for v in value)
    if isinstance(value, np.ndarray | np.generic):
        return kind, value.dtype.str, value.shape, value.tobytes()
    if kind in ATTRIBUTES:
        return kind, [exact(getattr(value, name)) for name in ATTRIBUTES[kind]]
    if kind in (float, complex):
        return kind, np.array(value).tobytes()
    return kind, value


def can_be_sent(value: Any) -> None:
    """What came in can go out again, in the arguments of another call, and is the same when it does so twice."""
    once = decoded(codec.encode(value, NONCE, codec.CALLS, limits=codec.REQUEST_LIMITS))
    twice = decoded(codec.encode(once, NONCE, codec.CALLS, limits=codec.REQUEST_LIMITS))
    assert exact(once) == exact(twice)


def decoded(parts: list[bytes]) -> Any:
    """The value of a frame that was encoded here."""
    return codec.decode(codec.read_frame(b"".join(parts), codec.REQUEST_LIMITS), codec.REQUEST_LIMITS)


class Fault(Exception):
    """A sample that the judge does not stand up to."""

    def __init__(self, why: str, sample: bytes) -> None:
        super().__init__(f"{why}: {sample.hex()}")


class Judge:
    """Hears samples, and knows the slowest of them and the one that took most memory for its size."""

    def __init__(self) -> None:
        self.count = self.accepted = 0
        self.slowest = self.largest = (0.0, b"")

    def check(self, sample: bytes, memory: bool = False) -> bool:
        """Hear a sample within its bounds of time, and of memory where that is measured: whether it has an outcome."""
        self.count += 1
        try:
            started = time.thread_time()
            outcomes, failure = hear(sample)
            took = time.thread_time() - started
            assert failure.verdict in ("violation", "limit", "crash")
            for outcome in outcomes:
                assert known(outcome)
                can_be_sent(outcome)
        except BaseException as error:
            raise Fault(f"{type(error).__name__}: {error}", sample) from error
        self.accepted += bool(outcomes)
        self.slowest = max(self.slowest, (took, sample))
        if took > SECONDS + SECONDS_PER_BYTE * len(sample):
            raise Fault(f"{took:.2f} s", sample)
        if memory:
            self.measure(sample)
        return bool(outcomes)

    def measure(self, sample: bytes) -> None:
        """The memory that a sample takes at its peak."""
        tracemalloc.start()
        try:
            hear(sample)
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
        self.largest = max(self.largest, (peak / (len(sample) + 1000), sample))
        if peak > MEMORY + MEMORY_PER_BYTE * len(sample):
            raise Fault(f"{peak:,} bytes of memory", sample)


def search(judge: Judge, pool: list[bytes], count: int, seed: int, measured: int = 20) -> None:
    """Check samples near those of a pool, without a look at coverage; of so many the memory of one is measured."""
    random = Random(seed)
    for n in range(count):
        mutate = random.choice((mutated, mutated, mutated, flipped))
        sample = mutate(random.choice(pool), 4096, random)
        if judge.check(sample, memory=n % measured == 0) or random.randrange(20) == 0:
            pool[random.randrange(len(pool))] = sample
