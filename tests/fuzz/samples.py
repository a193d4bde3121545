"""Bytes that a worker may write: what one of ours says, and what is near it."""

import struct
from random import Random
from typing import Any

import msgspec
import numpy as np

from grader.worker import codec

NONCE = bytes(range(16))
LOADS, ANSWERS, DRIPS, TOGETHER = 1, 2, 4, 8
"""The first byte of a sample: the first reply is to a load, questions are answered, bytes come in small pieces, the
replies are to calls that are answered together."""


def frame_of(header: Any, *buffers: bytes, kind: int = codec.REPLY, number: int = 0, lie: Any = None) -> bytes:
    """A frame with any header. `lie` is a field of the head and what it says instead; the last buffer says so too."""
    packed = header if isinstance(header, bytes) else msgspec.msgpack.encode(header)
    lengths = [*map(len, buffers)]
    head = [codec.MAGIC, kind, len(buffers), number, len(packed), sum(lengths), NONCE]
    if lie:
        field, says = lie
        if field == 5 and lengths:
            lengths[-1] += max(0, says - sum(lengths))
        head[field] = says & 0xFFFF if field in (1, 2) else says
    return codec.HEAD.pack(*head) + struct.pack(f"<{len(lengths)}Q", *lengths) + packed + b"".join(buffers)


Frame = tuple[int, int, Any, list[bytes]]
"""The kind, the number, the header and the buffers."""


def frames_of(data: bytes) -> list[Frame]:
    """The frames that some bytes begin with, as far as they are frames."""
    frames: list[Frame] = []
    while len(data) >= codec.HEAD.size:
        _, kind, count, number, size, _, _ = codec.HEAD.unpack_from(data)
        at = codec.HEAD.size + 8 * count
        if len(data) < at + size:
            break
        lengths = struct.unpack_from(f"<{count}Q", data, codec.HEAD.size)
        try:
            header = msgspec.msgpack.decode(data[at : at + size])
        except (ValueError, RecursionError, TypeError):
            break
        buffers, data = [], data[at + size :]
        for length in lengths:
            buffers.append(data[:length])
            data = data[length:]
        frames.append((kind, number, header, buffers))
    return frames


NUMBERS = [0, 1, 2, 3, 4, 8, 16, 17, 32, 255, 1 << 31, 1 << 39, 1 << 40, (1 << 63) - 1, 1 << 63, (1 << 64) - 1]
LEAVES: list[Any] = [
    None, True, False, 0.0, -0.0, float("nan"), float("inf"), 1e300, *NUMBERS, -1, -(1 << 63), *codec.DTYPES,
    "|O", "", "00", "ff", "-1", "x", "\0", "\ud7ff", "\x1b[31m", "f" * 1024, "f" * 1027, b"", b"bytes",
    "value", "error", "warnings", "after", "aliases", "gradients", "reused", "random", "traced", "steps", "routine",
    "unsendable", "type", "message", "frames", "notes", "failures", "functions",
    msgspec.msgpack.Ext(-1, bytes(4)), {1: 2},
]  # fmt: skip
CLAIMS = b"\x90", b"\xdd\xff\xff\xff\xff", b"\xc7\xff\xff", b"\xdb\x00\x10", b"\xcf"
"""What an empty list, a long list, an extension, a long text and a large number begin with."""
FORMS: list[list[Any]] = [
    [codec.LIST], [codec.TUPLE, 1, "a"], [codec.DICT, "value", 1], [codec.DICT, 1, 2, 1, 3], [codec.SET, 1, "a", 1.5],
    [codec.ARRAY, "<f8", [1], 0, ""], [codec.ARRAY, "|b1", [2, 2], 1, "torch.Tensor"], [codec.ARRAY, "<c8", [0], 0, ""],
    [codec.SCALAR, "<f4", "0000803f"], [codec.BIGINT, "-ffffffffffffffffff"], [codec.COMPLEX, 1.0, 2.0],
    [codec.NUMBERS, codec.LIST, "<f8", 0], [codec.HANDLE, 1, "work.Net"], [codec.CALLBACK, 0], [codec.GENERATOR, 5],
    [codec.OPAQUE, "x", "y"], [codec.BYTES, "00ff"], [99], [],
]  # fmt: skip


def mutated(sample: bytes, most: int, random: Random) -> bytes:
    """A sample near another one: its frames taken apart, changed in their headers, and put together again."""
    frames = frames_of(sample[1:])
    if not frames:
        return flipped(sample, most, random)
    for _ in range(random.choice((1, 1, 1, 3))):
        at = random.randrange(len(frames))
        kind, number, header, buffers = frames[at]
        match random.randrange(20):
            case 0:
                frames.insert(at, frames[at])
            case 1:
                number = random.choice((number, 7, (number + 1) % 100))
                kind = random.choice((kind, codec.REPLY, codec.ASK))
            case 2:
                buffers = [*buffers, random.randbytes(random.choice((0, 1, 8, 32)))]
            case 3 if buffers:
                buffers = [b[: random.choice((0, 8, len(b)))] for b in buffers]
            case _:
                header = changed(header, random)
        frames[at] = kind, number, header, buffers
    lie = random.randrange(6), random.choice((0, 1, 3, 4097, 1 << 20, 60 << 20))
    lie = lie if random.randrange(20) == 0 else None
    joined = b"".join(frame_of(h, *bs, kind=k, number=n, lie=lie) for k, n, h, bs in frames)
    return (sample[:1] + joined)[:most]


def changed(tree: Any, random: Random) -> Any:
    """A header with one part replaced, repeated, removed, wrapped or nudged."""
    if type(tree) is list and tree and random.random() < 0.9:
        at = random.randrange(len(tree))
        match random.randrange(20):
            case 0:
                return tree[:at] + tree[at + 1 :]
            case 1:
                return tree[: at + 1] + tree[at:]
            case 2:
                return tree[: at + 1] + tree[at:] * random.choice((2, 16, 40)) if len(tree) < 100 else tree[:at]
            case 3:
                other = random.randrange(len(tree))
                return [*tree[:at], tree[other], *tree[at + 1 :]]
            case _:
                return [*tree[:at], changed(tree[at], random), *tree[at + 1 :]]
    match random.randrange(6):
        case 0:
            return [random.randrange(14), tree]
        case 1:
            return random.choice(FORMS)
        case 2 if type(tree) is int and abs(tree) < 1 << 62:
            return tree + random.choice((-1, 1))
        case 3 if type(tree) is str:
            return tree * random.choice((2, 300)) if len(tree) < 100 else tree[1:]
        case _:
            return random.choice(LEAVES)


def flipped(sample: bytes, most: int, random: Random) -> bytes:
    """A sample with bytes changed, cut out or repeated."""
    data = bytearray(sample or b"\0")
    for _ in range(random.choice((1, 1, 2, 8))):
        at = random.randrange(len(data) + 1)
        match random.randrange(4):
            case 0:
                data[at : at + 1] = random.randbytes(1)
            case 1:
                del data[at : at + random.choice((1, 8, len(data)))]
            case 2:
                data[at:at] = data[at : at + random.choice((1, 9, 40))] * random.choice((1, 1, 30))
            case _:
                data[at:at] = random.choice(CLAIMS)
    return bytes(data[:most])


def seeds() -> list[bytes]:
    """Samples of what a worker of ours says."""
    error = {"type": "ValueError", "message": "no", "frames": [["work.py", 2, "f"]]}
    loaded = sent({"notes": ["a"], "failures": [["work.py", 1, error]], "functions": ["f"]})
    values: list[Any] = [
        None, [1, 2.5, "a", True, 1 << 70, 2j, b"x"], (1, (2, (3,))), {"W": np.ones((2, 3)), 1: [np.float32(1)]},
        {1, "a", (2, 3)}, [0.5] * 40, (7,) * 20, np.array([True, False]), codec.Foreign(np.zeros((0, 3), "<c8"), "x"),
        codec.Handle(7, "work.Net"), codec.Generator(5), codec.Callback(1), codec.Opaque("x", "y"),
    ]  # fmt: skip
    more = {"warnings": [["RuntimeWarning", "w"]], "after": [[np.ones(2)], {"k": 1}], "aliases": True, "random": False}
    outcomes: list[dict[str, Any]] = [{"value": v} for v in values]
    outcomes += [{"error": error}, {"routine": True}, {"unsendable": "x"}]
    outcomes += [{"value": 1, **more, "traced": True, "steps": [5, "work.py", 2]}]
    question = sent([0, [1, np.ones(2)], {"k": values}], kind=codec.ASK)
    first, second = sent({"value": 1}), sent({"value": 2}, 1)
    streams = [*map(sent, outcomes), question + first, 3 * question, first + second]
    samples = [bytes([mode]) + stream for mode in (0, ANSWERS, ANSWERS | DRIPS) for stream in streams]
    several = sent(outcomes, len(outcomes) - 1) + sent([{"value": 1}], len(outcomes))
    samples += [bytes([TOGETHER | mode]) + several for mode in (0, DRIPS)]
    return [*samples, bytes([LOADS]) + loaded, bytes([LOADS | ANSWERS]) + loaded + second]


def sent(value: Any, number: int = 0, kind: int = codec.REPLY) -> bytes:
    """A frame of ours."""
    return b"".join(codec.encode(value, NONCE, kind, number))
