"""The codec: what is sent arrives as it was, and what no peer of ours would send is refused."""

import contextlib
import struct
import tracemalloc
from collections.abc import Iterator
from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as nps

from grader.worker import codec
from grader.worker.codec import HEAD, REPLY, Foreign, Handle, Limits, Opaque, ProtocolError, Unsendable

NONCE = bytes(range(16))


def through(value: Any, limits: Limits = codec.REPLY_LIMITS) -> Any:
    return receive(b"".join(codec.encode(value, NONCE, REPLY, limits=limits)), limits)


def receive(frame: bytes, limits: Limits = codec.REPLY_LIMITS) -> Any:
    return codec.decode(codec.read_frame(frame, limits), limits)


def frame_of(header: Any, *buffers: bytes) -> bytes:
    """A frame with a header that our own encoder would not write."""
    packed = header if isinstance(header, bytes) else msgspec.msgpack.encode(header)
    head = HEAD.pack(codec.MAGIC, REPLY, len(buffers), 0, len(packed), sum(map(len, buffers)), NONCE)
    return head + struct.pack(f"<{len(buffers)}Q", *map(len, buffers)) + packed + b"".join(buffers)


def equal(a: Any, b: Any) -> bool:
    """Equal, and of exactly the same type."""
    if type(a) is not type(b):
        return False
    if isinstance(a, np.ndarray):
        return a.dtype == b.dtype and a.shape == b.shape and a.tobytes() == b.tobytes()
    if isinstance(a, np.generic):
        return a.dtype == b.dtype and a.tobytes() == b.tobytes()
    if isinstance(a, float):
        return struct.pack("d", a) == struct.pack("d", b)
    if isinstance(a, list | tuple):
        return len(a) == len(b) and all(map(equal, a, b))
    if isinstance(a, dict):
        return list(a) == list(b) and all(map(equal, a.values(), b.values()))
    return bool(a == b)


DTYPES = st.sampled_from(list(codec.DTYPES.values()))
ARRAYS = DTYPES.flatmap(lambda d: nps.arrays(d, nps.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=5)))
SCALARS = DTYPES.flatmap(lambda d: nps.from_dtype(d).map(d.type))
NUMBERS = st.booleans() | st.integers() | st.floats() | st.complex_numbers(allow_nan=False)
PLAIN = st.none() | NUMBERS | st.text() | st.binary()
KEYS = st.text() | st.integers(-(1 << 63), (1 << 63) - 1) | st.booleans() | st.tuples(st.integers(0, 9), st.text())
VALUES = st.recursive(
    PLAIN | ARRAYS | SCALARS,
    lambda inner: st.lists(inner, max_size=20) | st.lists(inner, max_size=4).map(tuple) | st.dictionaries(KEYS, inner),
    max_leaves=20,
)


@settings(max_examples=120, deadline=None)
@given(VALUES)
def test_what_is_sent_arrives(value: Any) -> None:
    assert equal(through(value), value)


@pytest.mark.parametrize("numbers", [[0.5] * 40, [7] * 40, (1.5,) * 40, [True] * 40, [1, 2.0] * 20, [1 << 70] * 40])
def test_long_lists_keep_their_types(numbers: Any) -> None:
    assert equal(through(numbers), numbers)


def test_sets_arrive_frozen() -> None:
    assert through({1, "a", (2, 3)}) == frozenset({1, "a", (2, 3)})


@pytest.mark.parametrize("order", ["C", "F"])
def test_layouts_do_not_matter(order: Any) -> None:
    a = np.arange(24.0).reshape(2, 3, 4).copy(order)
    for view in (a, a[:, ::2], a.transpose(2, 0, 1), a[::-1], a[..., :0]):
        assert equal(through(view), np.ascontiguousarray(view))


def test_the_other_byte_order_arrives_in_ours() -> None:
    assert through(np.array([1.0, 2.0], ">f8")).tolist() == [1.0, 2.0]


def test_what_has_no_form_is_opaque() -> None:
    for value in (object(), len, np.array([None]), np.array(["a"]), np.zeros(2, "M8[s]"), 1 << 100_000, iter([])):
        assert type(through(value)) is Opaque


def test_an_opaque_value_is_neither_true_nor_false() -> None:
    for value in (Opaque("x"), Foreign(np.ones(1), "x")):
        with pytest.raises(TypeError, match="neither true nor false"):
            bool(value)


def test_subclasses_arrive_as_what_they_hold() -> None:
    class Text(str):
        def encode(self, *_: Any) -> bytes:
            raise AssertionError("asked")

    class Many(dict[str, int]):
        def items(self) -> Any:
            raise AssertionError("asked")

    matrix = through(np.ma.masked_array([1.0, 2.0], [True, False]))
    assert type(matrix) is Foreign
    assert "MaskedArray" in matrix.type_name
    assert through(Text("a")) == "a"
    assert through(Many(a=1)) == {"a": 1}


def test_a_lying_metaclass_is_not_asked() -> None:
    class Meta(type):
        def __getattribute__(cls, name: str) -> Any:
            raise AssertionError("asked")

    class Strange(metaclass=Meta):
        pass

    assert codec.name_of(Strange).endswith("Strange")


def test_names_of_types_are_text_that_can_be_sent() -> None:
    strange = type("x" * 1000, (), {"__module__": "\ud800"})
    codec.name_of(strange).encode()
    assert len(codec.name_of(strange)) <= 200


def test_nesting_ends_in_an_opaque_value() -> None:
    value: list[Any] = []
    value.append(value)
    got = through(value)
    for _ in range(codec.DEPTH):
        (got,) = got
    assert type(got) is Opaque


@pytest.mark.parametrize(
    "value",
    [
        [0] * 15 + [""] * 200_000,
        ["a" * (1 << 20)],
        np.zeros((65 << 20) // 8),
        [np.zeros(1)] * 5000,
        dict.fromkeys(range(5000)),
        set(range(5000)),
        [[1.5] * 100_000] * 12,
        {object(): 1},
        {1 << 70: 1},
        {(1, (2, (3, (4, (5, (6,)))))): 1},
    ],
    ids=["parts", "header", "payload", "buffers", "keys", "set", "numbers", "key", "large key", "deep key"],
)
def test_too_much_is_unsendable(value: Any) -> None:
    with pytest.raises(Unsendable):
        codec.encode(value, NONCE, REPLY)


ARRAY, DICT, SET, LIST, TUPLE = codec.ARRAY, codec.DICT, codec.SET, codec.LIST, codec.TUPLE
BAD: dict[str, bytes] = {
    "nothing": b"",
    "no frame": bytes(HEAD.size),
    "no header": frame_of(b""),
    "two values": frame_of(b"\xc0\xc0"),
    "a map": frame_of({1: 2}),
    "an extension": frame_of(b"\xd4\x01\x00"),
    "bytes": frame_of(b"abc"),
    "a list without a tag": frame_of(["a"]),
    "an empty list": frame_of([]),
    "an unknown tag": frame_of([99]),
    "a tag that is true": frame_of([True]),
    "an unused buffer": frame_of(None, b"12345678"),
    "a buffer twice": frame_of([LIST, [ARRAY, "<f8", [1], 0, ""], [ARRAY, "<f8", [1], 0, ""]], bytes(8)),
    "a buffer that is not there": frame_of([ARRAY, "<f8", [1], 1, ""], bytes(8)),
    "a negative buffer": frame_of([ARRAY, "<f8", [1], -1, ""], bytes(8)),
    "objects": frame_of([ARRAY, "|O", [1], 0, ""], bytes(8)),
    "an unknown dtype": frame_of([ARRAY, "f8,f8", [1], 0, ""], bytes(16)),
    "a negative shape": frame_of([ARRAY, "<f8", [-1], 0, ""], bytes(8)),
    "two negative sides": frame_of([ARRAY, "<f8", [-1, -1], 0, ""], bytes(8)),
    "an overflowing shape": frame_of([ARRAY, "<f8", [1 << 39] * 4, 0, ""], bytes(8)),
    "nothing times everything": frame_of([ARRAY, "<f8", [0, 1 << 39, 1 << 39], 0, ""], b""),
    "too many axes": frame_of([ARRAY, "<f8", [1] * 17, 0, ""], bytes(8)),
    "a shape of floats": frame_of([ARRAY, "<f8", [1.0], 0, ""], bytes(8)),
    "a shape of truths": frame_of([ARRAY, "<f8", [True], 0, ""], bytes(8)),
    "too few bytes": frame_of([ARRAY, "<f8", [2], 0, ""], bytes(8)),
    "too many bytes": frame_of([ARRAY, "<f8", [1], 0, ""], bytes(9)),
    "half truths": frame_of([ARRAY, "|b1", [1], 0, ""], b"\x02"),
    "fields too many": frame_of([ARRAY, "<f8", [1], 0, "", 1], bytes(8)),
    "fields too few": frame_of([ARRAY, "<f8", [1], 0], bytes(8)),
    "a number of other bytes": frame_of([codec.SCALAR, "<f8", "00"]),
    "a number of no bytes": frame_of([codec.SCALAR, "<f8", "xy"]),
    "a half truth": frame_of([codec.SCALAR, "|b1", "02"]),
    "a huge int": frame_of([codec.BIGINT, "f" * 5000]),
    "an int of letters": frame_of([codec.BIGINT, "xyz"]),
    "numbers of another kind": frame_of([codec.NUMBERS, LIST, "<f4", 0], bytes(8)),
    "numbers in a dict": frame_of([codec.NUMBERS, DICT, "<f8", 0], bytes(8)),
    "numbers of half a length": frame_of([codec.NUMBERS, LIST, "<f8", 0], bytes(9)),
    "too many numbers": frame_of([codec.NUMBERS, LIST, "<f8", 0], bytes((8 << 20) + 8)),
    "a complex number of texts": frame_of([codec.COMPLEX, "1", "2"]),
    "an odd dict": frame_of([DICT, 1]),
    "a key that is a list": frame_of([DICT, [LIST, 1], 2]),
    "a key that is an array": frame_of([DICT, [ARRAY, "<f8", [1], 0, ""], 2], bytes(8)),
    "a key nested too deeply": frame_of([DICT, [TUPLE, [TUPLE, [TUPLE, [TUPLE, [TUPLE, 1]]]]], 2]),
    "too many keys": frame_of([DICT, *[x for n in range(5000) for x in (n, None)]]),
    "too many members": frame_of([SET, *range(5000)]),
    "too many keys in many dicts": frame_of([LIST, *[[SET, *range(100)]] * 50]),
    "too deep": frame_of(b"\x92\x00" * 60 + b"\xc0"),
    "deeper than the stack": frame_of(b"\x91" * 500_000 + b"\xc0"),
    "too many parts": frame_of([LIST, *[None] * 200_001]),
    "a list of four billion": frame_of(b"\xdd\xff\xff\xff\xff"),
    "many lists of a million": frame_of(b"\xdd\x00\x0f\xff\xff" * 30),
    "a text of four billion": frame_of(b"\xdb\xff\xff\xff\xff"),
    "a text that is not UTF-8": frame_of(b"\xa1\xff"),
    "a handle of text": frame_of([codec.HANDLE, "1", "x"]),
    "ten terabytes": HEAD.pack(codec.MAGIC, REPLY, 1, 0, 10, 10 << 40, NONCE),
    "four gigabytes of header": HEAD.pack(codec.MAGIC, REPLY, 0, 0, (1 << 32) - 1, 0, NONCE),
    "too many buffers": HEAD.pack(codec.MAGIC, REPLY, 65_535, 0, 10, 0, NONCE),
    "buffers that overflow": HEAD.pack(codec.MAGIC, REPLY, 2, 0, 1, 8, NONCE)
    + struct.pack("<2Q", 1 << 63, (1 << 63) + 8)
    + bytes(9),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_frame_is_refused(name: str) -> None:
    with pytest.raises(ProtocolError):
        receive(BAD[name])


@pytest.fixture
def measured() -> Iterator[None]:
    tracemalloc.start()
    yield
    tracemalloc.stop()


@pytest.mark.usefixtures("measured")
@pytest.mark.parametrize("name", BAD)
def test_refusing_takes_memory_by_the_size_of_the_frame(name: str) -> None:
    before = tracemalloc.get_traced_memory()[0]
    tracemalloc.reset_peak()
    with pytest.raises(ProtocolError):
        receive(BAD[name])
    # A byte of header becomes one object at most; an empty list and its place in another one take 64 bytes.
    assert tracemalloc.get_traced_memory()[1] - before < 100 * len(BAD[name]) + 1_000_000


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300))
def test_random_headers(header: bytes) -> None:
    with contextlib.suppress(ProtocolError):
        receive(frame_of(header, bytes(8)))


@settings(max_examples=150, deadline=None)
@given(st.data(), VALUES)
def test_mutated_frames(data: st.DataObject, value: Any) -> None:
    frame = bytearray(b"".join(codec.encode(value, NONCE, REPLY)))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(frame) - 1))
        frame[at] = data.draw(st.integers(0, 255))
    cut = data.draw(st.sampled_from([len(frame), data.draw(st.integers(0, len(frame)))]))
    with contextlib.suppress(ProtocolError):
        receive(bytes(frame[:cut]))


NESTED = st.recursive(
    st.integers(-3, 20) | st.text(max_size=3) | st.sampled_from(["<f8", "|b1", None, True, 1.5, 1 << 62]),
    lambda inner: st.lists(inner, max_size=6),
    max_leaves=30,
)


@settings(max_examples=150, deadline=None)
@given(NESTED, st.lists(st.binary(max_size=16), max_size=3))
def test_headers_of_the_right_grammar(header: Any, buffers: list[bytes]) -> None:
    with contextlib.suppress(ProtocolError):
        receive(frame_of(header, *buffers))


def test_a_stamped_frame_is_the_same_under_another_nonce_and_kind() -> None:
    parts = codec.encode([1, np.ones(3)], bytes(16), REPLY)
    stamped = b"".join(codec.stamp(parts, NONCE, codec.CALLS))
    assert codec.read_head(stamped[: HEAD.size])[::5] == (codec.CALLS, NONCE)
    assert equal(receive(stamped), [1, np.ones(3)])


def test_handles_and_callbacks_cross_by_number() -> None:
    got = through([Handle(7, "work.Net"), codec.Callback(3), codec.Generator(5)])
    assert [type(x).__name__ for x in got] == ["Handle", "Callback", "Generator"]
    assert (got[0].number, got[0].type_name, got[1].number, got[2].seed) == (7, "work.Net", 3, 5)
