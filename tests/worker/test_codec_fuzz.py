"""The judge's door under hostile bytes: whatever comes, there is an outcome or a Failure, within bounds.

The bounds of time and memory are those of `tests.fuzz.judging`. `make fuzz` looks for more, for longer.
"""

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.judge.isolation import sandbox
from grader.worker import codec, transport
from tests.fuzz.judging import Fault, Judge, exact, hear, search
from tests.fuzz.samples import DRIPS, frame_of, frames_of, seeds, sent
from tests.worker.test_codec import ARRAYS, VALUES

FRAMES = Path(__file__).with_name("frames") / "dangerous.txt"
MODES = st.integers(0, 15).map(lambda mode: bytes([mode]))
JUDGE = Judge()

OBJECTS = st.one_of(
    st.builds(codec.Handle, st.integers(0, (1 << 64) - 1), st.text(max_size=200)),
    st.builds(codec.Opaque, st.text(max_size=200), st.text(max_size=200)),
    st.builds(codec.Foreign, ARRAYS, st.text(min_size=1, max_size=200)),
    st.builds(codec.Callback, st.integers(0, (1 << 64) - 1)),
    st.builds(codec.Generator, st.integers(0, 1 << 62)),
    st.frozensets(st.none() | st.integers(-(1 << 63), (1 << 63) - 1) | st.floats() | st.text(), max_size=20),
)
MIXED = st.lists(VALUES | OBJECTS, max_size=4) | st.dictionaries(st.floats() | st.text(), OBJECTS, max_size=3)


@settings(max_examples=100, deadline=None)
@given(MIXED, st.sampled_from([b"\0", bytes([DRIPS])]))
def test_a_value_arrives_as_it_was_sent(value: Any, mode: bytes) -> None:
    (outcome,), failure = hear(mode + sent({"value": value}))
    assert exact(outcome["value"]) == exact(value)
    assert failure.verdict == "crash"  # the end of the bytes


LEAVES = st.one_of(
    st.none(), st.booleans(), st.integers(-(1 << 63), (1 << 64) - 1), st.floats(), st.text(max_size=9),
    st.integers(-1, 15), st.sampled_from([*codec.DTYPES, "value", "00", "ff"]), st.binary(max_size=4),
    st.builds(msgspec.msgpack.Ext, st.integers(-1, 127), st.binary(max_size=16)), st.datetimes(),
)  # fmt: skip
TAGGED = st.tuples(st.integers(0, 13), LEAVES, LEAVES, LEAVES, LEAVES)
TREES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, max_size=6),
        st.builds(lambda tag, parts: [tag, *parts], st.integers(0, 13), st.lists(inner, max_size=6)),
        st.builds(lambda fields, n: list(fields[:n]), TAGGED, st.integers(1, 5)),
        st.dictionaries(st.text(max_size=3) | st.integers(0, 9), inner, max_size=2),
    ),
    max_leaves=25,
)


@settings(max_examples=150, deadline=None)
@given(MODES, TREES, st.booleans(), st.lists(st.binary(max_size=32), max_size=3))
def test_any_header_with_any_buffers(mode: bytes, tree: Any, inside: bool, buffers: list[bytes]) -> None:
    JUDGE.check(mode + frame_of([codec.DICT, "value", tree] if inside else tree, *buffers))


@settings(max_examples=150, deadline=None)
@given(MODES, st.lists(MIXED, min_size=1, max_size=2), st.data())
def test_bits_flipped_bytes_cut_and_frames_spliced(mode: bytes, values: list[Any], data: st.DataObject) -> None:
    frames = [bytearray(sent({"value": v}, n)) for n, v in enumerate(values)]
    for _ in range(data.draw(st.integers(0, 3))):
        frame = data.draw(st.sampled_from(frames))
        frame[data.draw(st.integers(0, len(frame) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    first, last = frames[0], frames[-1]
    end, start = data.draw(st.integers(0, len(first))), data.draw(st.integers(0, len(last)))
    JUDGE.check(mode + bytes(first[:end] + last[start:]))


@settings(max_examples=100, deadline=None)
@given(MODES, MIXED, st.integers(0, 5), st.sampled_from([0, 1, 2, 255, 1 << 16, 1 << 20, 1 << 26, (1 << 32) - 1]))
def test_lies_in_the_head(mode: bytes, value: Any, field: int, says: int) -> None:
    ((kind, number, header, buffers),) = frames_of(sent({"value": value}))
    JUDGE.check(mode + frame_of(header, *buffers, kind=kind, number=number, lie=(field, says)), memory=True)


def test_thousands_of_samples_near_honest_ones() -> None:
    judge = Judge()
    search(judge, seeds(), 4000, seed=1)
    assert judge.accepted > 500


def careless_buffer(self: codec.Decoder, index: int) -> Any:
    self.used.add(index)
    return self.buffers[index]


def careless_read(self: transport.Reader, size: int, read: Any = transport.Reader.read) -> Any:
    return bytearray(size) and read(self, size)


CARELESS: dict[str, tuple[Any, str, Any]] = {
    "fields": (codec.Decoder, "fields", lambda v, *kinds: v),
    "buffers": (codec.Decoder, "buffer", careless_buffer),
    "sizes": (transport.Reader, "read", careless_read),
    "outcomes": (sandbox, "read_outcome", lambda value: value),
}


@pytest.mark.parametrize("name", CARELESS)
def test_carelessness_is_found(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr(*CARELESS[name])
    with pytest.raises(Fault):
        search(Judge(), seeds(), 10_000, seed=1, measured=1)


def dangerous() -> dict[str, tuple[str, Callable[[], bytes]]]:
    """By name: what becomes of a frame, and a function that spells it out."""
    lines = [line.partition(": ") for line in FRAMES.read_text().splitlines() if line[0] != "#"]
    return {title.split(maxsplit=1)[1]: (title.split()[0], lambda code=code: spelled(code)) for title, _, code in lines}


def spelled(code: str) -> bytes:
    """Hexadecimal digits, with repetitions as in 90*5."""
    pieces = [piece.partition("*") for piece in code.split()]
    return b"".join(bytes.fromhex(digits) * int(times or 1) for digits, _, times in pieces)


def in_a_set(*members: Any) -> bytes:
    return frame_of([codec.DICT, "value", [codec.SET, *members]])


def alike() -> list[list[int]]:
    """Pairs of numbers with one hash: the second is what the hash of a tuple in CPython makes of the first, undone."""
    whole, one, two, five = (1 << 64) - 1, 11400714785074694791, 14029467366897019727, 2870177450012600261
    end = pow(one, -1, 1 << 64) * ((1 << 40) - (2 ^ five ^ 3527539)) & whole
    end = (end >> 31 | end << 33) & whole
    pairs = []
    for a in range(20_000):
        state = five + a * two & whole
        state = ((state << 31 | state >> 33) & whole) * one & whole
        b = (end - state) * pow(two, -1, 1 << 64) & whole
        if b < (1 << 61) - 1:
            pairs.append([codec.TUPLE, a, b])
    return pairs


MADE: dict[str, tuple[str, Callable[[], bytes]]] = {
    "16,000 numbers of one hash but for the highest bits": (
        "violation", lambda: in_a_set(*[n << 48 for n in range(16_000)])),
    "4,000 numbers of one hash but for the highest bits": (
        "accepted", lambda: in_a_set(*[n << 48 for n in range(4000)])),
    "pairs of one hash": ("accepted", lambda: in_a_set(*alike()[:1364])),
    "4,096 arrays of nothing": ("accepted", lambda: frame_of(
        [codec.DICT, "value", [codec.LIST, *[[codec.ARRAY, "|b1", [0], n, ""] for n in range(4096)]]], *[b""] * 4096)),
    "a hundred thousand numbers": ("accepted", lambda: frame_of(
        [codec.DICT, "value", [codec.NUMBERS, codec.TUPLE, "<f8", 0]], np.arange(100_000, dtype="<f8").tobytes())),
    "a truth for each of eight million bytes": ("accepted", lambda: frame_of(
        [codec.DICT, "value", [codec.ARRAY, "|b1", [8 << 20], 0, ""]], bytes(8 << 20))),
}  # fmt: skip


@pytest.mark.skipif(sys.hash_info.width != 64, reason="the hashes are those of 64 bits")
def test_the_pairs_have_one_hash() -> None:
    assert len({hash(tuple(pair[1:])) for pair in alike()}) == 1


def seconds(sample: bytes, times: int = 1) -> float:
    """The least time that a sample takes in some attempts."""
    taken = []
    for _ in range(times):
        started = time.thread_time()
        hear(sample)
        taken.append(time.thread_time() - started)
    return min(taken)


def honest(size: int) -> bytes:
    """A frame of about a size that is nothing but numbers and a text."""
    numbers = min(size, 150_000)
    return b"\0" + frame_of([codec.DICT, "value", [codec.LIST, *[7] * numbers, "a" * min(size - numbers, 800_000)]])


@pytest.mark.parametrize("name", [*dangerous(), *MADE])
def test_dangerous_frames(name: str) -> None:
    verdict, spell = {**dangerous(), **MADE}[name]
    sample = b"\0" + spell()
    outcomes, failure = hear(sample)
    assert ("accepted" if outcomes else failure.verdict) == verdict
    Judge().measure(sample)
    bound = 150 * seconds(honest(len(sample))) + 0.002
    assert seconds(sample) < bound or seconds(sample, times=5) < bound
