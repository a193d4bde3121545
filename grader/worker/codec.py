"""Values as bytes, for a peer that is not trusted.

A frame is a fixed head, the buffers' lengths, a msgpack header and the raw buffers:

    head: magic u32, kind u16, buffers u16, number u32, header bytes u32, payload bytes u64, nonce 16 bytes

In the header a plain number or text stands for itself and everything else is a list that begins with a tag. Arrays
travel as raw buffers. Decoding runs no code of the peer, believes no length before checking it, builds no dict from
keys that were not looked at and yields plain values only.
"""

import math
import struct
from collections.abc import Callable, Iterator
from typing import Any, ClassVar, NamedTuple

import msgspec
import numpy as np

MAGIC = 0x52474C44
HEAD = struct.Struct("<IHHIIQ16s")

_NAMES = "|b1", "|i1", "|u1", "<i2", "<u2", "<i4", "<u4", "<i8", "<u8", "<f2", "<f4", "<f8", "<c8", "<c16"
DTYPES = {name: np.dtype(name) for name in _NAMES}
_SENT_AS = {dtype: name for name, dtype in DTYPES.items()}

LIST, TUPLE, DICT, SET, ARRAY, SCALAR, BIGINT, COMPLEX, NUMBERS, HANDLE, CALLBACK, GENERATOR, OPAQUE, BYTES = range(14)

LOAD, CALLS, REPLY, ASK, ANSWER, TOGETHER = 1, 2, 3, 4, 5, 6
"""Kinds of frames. A reply to calls is of one call, under its number; one to calls TOGETHER is a list of outcomes,
under the number of the last call."""
PROBES = "probes"
"""What a call's target begins with that is of a probe: `probes.stage_shapes`."""
HELLO = b"+"
"""The byte before all frames: the worker is ready and has read nothing yet."""
OUT_OF_MEMORY = 95
"""The exit status of a worker that ran out of memory outside a call."""


class Limits(NamedTuple):
    """What a frame may hold. The header's size bounds the memory and the time that decoding takes."""

    header: int = 1 << 20
    payload: int = 64 << 20
    buffers: int = 4096
    nodes: int = 200_000
    """Parts of all kinds, the members of lists of numbers not counted."""
    numbers: int = 1 << 20
    """Members of lists of numbers: each becomes an object."""
    keys: int = 4096
    """Keys and members of sets that are not texts, for their hashes are no secret and colliding ones can be made; and
    sets, for an empty one takes over a hundred times the memory of its bytes."""


REPLY_LIMITS = Limits()
REQUEST_LIMITS = Limits(
    header=64 << 20, payload=1 << 30, buffers=60_000, nodes=5_000_000, numbers=1 << 24, keys=1_000_000
)
DEPTH, AXES, BITS = 32, 16, 4096
"""Nesting, axes of an array, bits of an int: more digits than Python spells out would hurt whoever prints them."""

_Header: Any = None | bool | int | float | str
for _ in range(DEPTH + 4):
    _Header = None | bool | int | float | str | list[_Header]
_read_header = msgspec.msgpack.Decoder(_Header).decode


class ProtocolError(Exception):
    """The peer sent something that is not a frame of this protocol."""


class Unsendable(Exception):
    """A value that cannot cross, with the reason."""


class Handle:
    """An object that stays with the student's code; only its type's name crosses."""

    __slots__ = ("number", "type_name")

    def __init__(self, number: int, type_name: str) -> None:
        self.number, self.type_name = number, type_name

    def __repr__(self) -> str:
        return f"<{self.type_name} object>"


class Opaque:
    """A value that could not be sent, and why. Nothing can be done with it: it is neither true nor false."""

    __slots__ = ("reason", "type_name")

    def __bool__(self) -> bool:
        raise TypeError(f"{self!r} is neither true nor false")

    def __init__(self, type_name: str, reason: str = "") -> None:
        self.type_name, self.reason = type_name, reason

    def __repr__(self) -> str:
        return f"<{self.type_name}{': ' + self.reason if self.reason else ''}>"


class Foreign:
    """An array that came as something else than an ndarray: a subclass, or a torch tensor."""

    __slots__ = ("array", "type_name")

    def __bool__(self) -> bool:
        raise TypeError(f"{self!r} is neither true nor false")

    def __init__(self, array: np.ndarray[Any, Any], type_name: str) -> None:
        self.array, self.type_name = array, type_name

    def __repr__(self) -> str:
        return f"<{self.type_name} of shape {self.array.shape}>"


class Generator:
    """A random generator as an argument: it crosses as a seed and is built where it is used."""

    __slots__ = ("seed",)

    def __init__(self, seed: int) -> None:
        self.seed = seed

    def __repr__(self) -> str:
        return f"np.random.default_rng({self.seed})"


class Callback:
    """A function of the other side, by number."""

    __slots__ = ("number",)

    def __init__(self, number: int) -> None:
        self.number = number


Keep = Callable[[Any], Any]
"""Turns a value that has no form of its own into a Handle, a Callback or an Opaque."""


def opaque(value: Any) -> Opaque:
    """The default for values without a form of their own."""
    return Opaque(name_of(type(value)))


_module_of, _qualname_of = (type.__dict__[name].__get__ for name in ("__module__", "__qualname__"))


def name_of(kind: type) -> str:
    """A type's full name, whatever its metaclass says about it."""
    try:
        module, name = _module_of(kind), _qualname_of(kind)
    except AttributeError:
        return "object"
    plain = name if type(module) is not str or module == "builtins" else f"{module}.{name}"
    return str.encode(plain[:200], "utf-8", "replace").decode()


class Encoder:
    """Packs values as they are now, and makes one frame of them."""

    def __init__(self, keep: Keep, limits: Limits) -> None:
        self.keep, self.limits = keep, limits
        self.nodes = self.keys = self.size = self.bytes = 0
        self.buffers: list[bytes] = []

    def frame(self, packed: Any, nonce: bytes, kind: int, index: int) -> list[bytes]:
        """A frame as a list of parts to write. Raises Unsendable where it is too large."""
        header = msgspec.msgpack.encode(packed)
        if len(header) > self.limits.header:
            raise Unsendable(f"it takes {(len(header) + self.bytes) >> 20} MB")
        head = HEAD.pack(MAGIC, kind, len(self.buffers), index, len(header), self.bytes, nonce)
        lengths = struct.pack(f"<{len(self.buffers)}Q", *map(len, self.buffers))
        return [head, lengths, header, *self.buffers]

    def pack(self, v: Any, depth: int = 0) -> Any:
        """The form of a value in a header. Raises Unsendable where it is too large or has keys of its own."""
        self.nodes += 1
        if self.nodes > self.limits.nodes:
            raise Unsendable(f"it has more than {self.limits.nodes:,} parts")
        t = type(v)
        if t is np.ndarray:
            return self.array(v, "")
        if v is None or t is bool or t is float:
            return v
        if t is int:
            return self.integer(v)
        if t is str:
            return v.encode("utf-8", "replace").decode()
        if t is bytes:
            return [BYTES, v.hex()]
        if isinstance(v, np.generic) and not isinstance(v, str):  # np.str_ is a word like any other
            return self.scalar(v)
        if t is complex:
            return [COMPLEX, v.real, v.imag]
        if t is Handle:
            return [HANDLE, v.number, v.type_name]
        if t is Callback:
            return [CALLBACK, v.number]
        if t is Generator:
            return [GENERATOR, v.seed]
        if t is Opaque:
            return [OPAQUE, v.type_name, v.reason]
        if t is Foreign:
            return self.array(v.array, v.type_name)
        if isinstance(v, np.ndarray):
            return self.array(np.ndarray.view(v, np.ndarray), name_of(t))
        if depth >= DEPTH:
            return [OPAQUE, name_of(t), "nested too deeply"]
        if isinstance(v, dict):
            packed: list[Any] = [DICT]
            for k, x in dict.items(v):
                packed += (self.key(k), self.pack(x, depth + 1))
            return packed
        if isinstance(v, list):
            return self.sequence(LIST, [*list.__iter__(v)], depth)
        if isinstance(v, tuple):
            return self.sequence(TUPLE, [*tuple.__iter__(v)], depth)
        if t is set or t is frozenset:
            self.count_key()
            return [SET, *[self.key(x) for x in v]]
        if isinstance(v, int):
            return self.integer(int.__add__(v, 0))
        if isinstance(v, float):
            return float.__add__(v, 0.0)
        if isinstance(v, str):
            return str.__add__("", v).encode("utf-8", "replace").decode()
        return self.pack(self.keep(v), depth + 1)

    def integer(self, v: int) -> Any:
        if -(1 << 63) <= v < 1 << 63:
            return v
        if v.bit_length() > BITS:
            return [OPAQUE, "int", f"of {v.bit_length()} bits"]
        return [BIGINT, f"{v:x}"]

    def key(self, k: Any, depth: int = 0) -> Any:
        if isinstance(k, str):
            return str.__add__("", k).encode("utf-8", "replace").decode()
        self.count_key()
        if k is None or type(k) in (bool, float) or (type(k) is int and -(1 << 63) <= k < 1 << 63):
            return k
        if isinstance(k, np.integer | np.floating | np.bool_):
            return k.item()
        if type(k) is tuple and len(k) <= 8 and depth < 4:
            return [TUPLE, *[self.key(x, depth + 1) for x in k]]
        raise Unsendable(f"a key or a member of a set is a {name_of(type(k))}")

    def count_key(self) -> None:
        self.keys += 1
        if self.keys > self.limits.keys:
            raise Unsendable(f"it has more than {self.limits.keys:,} keys, sets or members of sets")

    def sequence(self, tag: int, items: list[Any], depth: int) -> Any:
        if len(items) > 16:
            kinds = {type(x) for x in items}
            if kinds == {float}:
                return self.numbers(tag, np.array(items, "<f8"))
            if kinds == {int} and all(-(1 << 63) <= x < 1 << 63 for x in items):
                return self.numbers(tag, np.array(items, "<i8"))
        return [tag, *[self.pack(x, depth + 1) for x in items]]

    def numbers(self, tag: int, a: np.ndarray[Any, Any]) -> Any:
        self.size += a.size
        if self.size > self.limits.numbers:
            raise Unsendable(f"its lists hold more than {self.limits.numbers:,} numbers")
        return [NUMBERS, tag, a.dtype.str, self.buffer(a)]

    def scalar(self, v: Any) -> Any:
        d = v.dtype.newbyteorder("<").str
        if d not in DTYPES:
            return [OPAQUE, name_of(type(v)), ""]
        return [SCALAR, d, np.array(v, dtype=d).tobytes().hex()]

    def array(self, a: np.ndarray[Any, Any], note: str) -> Any:
        d = _SENT_AS.get(a.dtype) or a.dtype.newbyteorder("<").str
        if d not in DTYPES or a.ndim > AXES:
            return [OPAQUE, note or "numpy.ndarray", f"dtype {a.dtype}"[:200]]
        return [ARRAY, d, list(a.shape), self.buffer(a if a.dtype == DTYPES[d] else a.astype(DTYPES[d])), note]

    def buffer(self, a: np.ndarray[Any, Any]) -> int:
        """Keep the bytes of an array; the number of their buffer."""
        self.bytes += a.nbytes
        if self.bytes > self.limits.payload:
            raise Unsendable(f"it takes {self.bytes >> 20} MB")
        if len(self.buffers) >= self.limits.buffers:
            raise Unsendable(f"it holds more than {self.limits.buffers:,} arrays")
        self.buffers.append(a.tobytes())
        return len(self.buffers) - 1


def encode(
    value: Any, nonce: bytes, kind: int, index: int = 0, keep: Keep = opaque, limits: Limits = REPLY_LIMITS
) -> list[bytes]:
    """A frame of one value. Raises Unsendable where the value is too large or has keys of its own."""
    encoder = Encoder(keep, limits)
    return encoder.frame(encoder.pack(value), nonce, kind, index)


def stamp(parts: list[bytes], nonce: bytes, kind: int) -> list[bytes]:
    """The same frame under another nonce, for a request that is sent many times."""
    head = read_head(parts[0], REQUEST_LIMITS)
    return [HEAD.pack(MAGIC, kind, head.buffers, head.number, head.header, head.payload, nonce), *parts[1:]]


class Head(NamedTuple):
    """The checked head of a frame."""

    kind: int
    buffers: int
    number: int
    header: int
    payload: int
    nonce: bytes


def read_head(data: bytes | bytearray, limits: Limits = REPLY_LIMITS) -> Head:
    """Check a head before anything that it claims is allocated."""
    magic, kind, buffers, index, header, payload, nonce = HEAD.unpack(data)
    if magic != MAGIC:
        raise ProtocolError("bytes that are no frame")
    if buffers > limits.buffers or header > limits.header or payload > limits.payload:
        raise ProtocolError(f"a frame that claims {header:,} + {payload:,} bytes in {buffers:,} buffers")
    return Head(kind, buffers, index, header, payload, nonce)


class Frame(NamedTuple):
    """A frame as it came: its head and its buffers' lengths were looked at."""

    head: Head
    lengths: tuple[int, ...]
    header: bytes | bytearray
    payload: bytes | bytearray | memoryview

    def buffers(self) -> Iterator[Any]:
        """The parts of the payload."""
        whole, at = memoryview(self.payload), 0
        for length in self.lengths:
            piece = whole[at : at + length]
            yield piece if at % 8 == 0 else bytearray(piece)  # the numbers of an array are aligned
            at += length


def read_lengths(data: bytes | bytearray, head: Head) -> tuple[int, ...]:
    """The buffers' lengths, which must add up to the payload that was claimed."""
    lengths = struct.unpack(f"<{head.buffers}Q", data)
    if sum(lengths) != head.payload:
        raise ProtocolError("buffers that do not add up to the payload")
    return lengths


def read_frame(data: bytes | bytearray, limits: Limits = REPLY_LIMITS) -> Frame:
    """The frame that some bytes are. Raises ProtocolError where they are none, or more than one."""
    if len(data) < HEAD.size:
        raise ProtocolError("bytes that are no frame")
    head = read_head(data[: HEAD.size], limits)
    header = HEAD.size + 8 * head.buffers
    payload = header + head.header
    if len(data) != payload + head.payload:
        raise ProtocolError("a frame of another size")
    lengths = read_lengths(data[HEAD.size : header], head)
    return Frame(head, lengths, data[header:payload], memoryview(data)[payload:])


_HASHABLE = (int, float, bool, type(None))


class Decoder:
    """Decodes one frame and knows what its value costs."""

    def __init__(self, frame: Frame, limits: Limits = REPLY_LIMITS) -> None:
        self.frame, self.limits, self.used = frame, limits, set[int]()
        self.buffers: list[Any] = []
        self.nodes = self.keys = self.numbers = 0

    def decode(self) -> Any:
        """The value. Raises ProtocolError, and nothing else, on bytes that are not one."""
        self.buffers = [*self.frame.buffers()]
        try:
            value = self.unpack(_read_header(self.frame.header))
        except (msgspec.DecodeError, RecursionError, ValueError, OverflowError, TypeError) as error:
            raise ProtocolError(f"a header that cannot be read ({type(error).__name__})") from None
        if len(self.used) != len(self.buffers):
            raise ProtocolError("buffers that nothing refers to")
        return value

    @property
    def objects(self) -> int:
        """Bytes that the value's objects take beside the bytes that were read, about: many parts are one byte long."""
        return 64 * self.nodes + 24 * self.numbers

    def unpack(self, v: Any) -> Any:
        if type(v) is not list:
            return v
        if not v or type(v[0]) is not int:
            raise ProtocolError("a list without a tag")
        read = self.forms.get(v[0])
        if read is None:
            raise ProtocolError(f"unknown tag {v[0]}")
        return read(self, v[1:])

    def count(self, parts: int) -> None:
        self.nodes += parts
        if self.nodes > self.limits.nodes:
            raise ProtocolError("too many parts")

    def as_list(self, v: list[Any]) -> Any:
        self.count(len(v))
        return [self.unpack(x) if type(x) is list else x for x in v]

    def as_tuple(self, v: list[Any]) -> Any:
        return tuple(self.as_list(v))

    def key(self, v: Any, depth: int = 0) -> Any:
        if type(v) is str:  # the hash of a text is salted, unlike that of a number
            return v
        self.count_key()
        if type(v) is list and depth < 4 and v and type(v[0]) is int and v[0] == TUPLE and len(v) <= 9:
            return tuple(self.key(x, depth + 1) for x in v[1:])
        if type(v) not in _HASHABLE or (type(v) is int and v >= 1 << 63):
            raise ProtocolError("a key that is not allowed")
        return v

    def count_key(self) -> None:
        self.keys += 1
        if self.keys > self.limits.keys:
            raise ProtocolError("too many keys")

    def as_dict(self, v: list[Any]) -> Any:
        if len(v) % 2:
            raise ProtocolError("a dict with a key too many")
        return {self.key(k): x for k, x in zip(v[::2], self.as_list(v[1::2]), strict=True)}

    def as_set(self, v: list[Any]) -> Any:
        self.count_key()
        return frozenset([self.key(x) for x in v])

    def buffer(self, index: Any) -> Any:
        if type(index) is not int or not 0 <= index < len(self.buffers) or index in self.used:
            raise ProtocolError("a buffer that is not there or was used before")
        self.used.add(index)
        return self.buffers[index]

    def as_array(self, v: list[Any]) -> Any:
        dtype, shape, index, note = self.fields(v, str, list, int, str)
        d = DTYPES.get(dtype)
        if d is None:
            raise ProtocolError("a dtype that is not allowed")
        if len(shape) > AXES:
            raise ProtocolError("a shape that is not one")
        for size in shape:
            if type(size) is not int or not 0 <= size < 1 << 40:
                raise ProtocolError("a shape that is not one")
        data = self.buffer(index)
        if math.prod(shape) * d.itemsize != len(data):
            raise ProtocolError("a shape that does not fit its bytes")
        array: Any = np.ndarray(shape, d, data)
        if d.kind == "b" and array.size and (array.view(np.uint8) > 1).any():
            raise ProtocolError("booleans that are neither 0 nor 1")
        return Foreign(array, note[:200]) if note else array

    def as_numbers(self, v: list[Any]) -> Any:
        tag, dtype, index = self.fields(v, int, str, int)
        data = self.buffer(index)
        self.numbers += len(data) // 8
        if tag not in (LIST, TUPLE) or dtype not in ("<f8", "<i8") or len(data) % 8:
            raise ProtocolError("a list of numbers that is not one")
        if self.numbers > self.limits.numbers:
            raise ProtocolError("too many numbers")
        members = np.frombuffer(data, dtype).tolist()
        return members if tag == LIST else tuple(members)

    def as_scalar(self, v: list[Any]) -> Any:
        dtype, digits = self.fields(v, str, str)
        d, data = DTYPES.get(dtype), bytes.fromhex(digits)
        if d is None or len(data) != d.itemsize or (d.kind == "b" and data[0] > 1):
            raise ProtocolError("a number that is not one")
        return np.frombuffer(data, d)[0]

    def as_bigint(self, v: list[Any]) -> Any:
        (digits,) = self.fields(v, str)
        if len(digits) > BITS // 4 + 2:
            raise ProtocolError("an int that is too large")
        return int(digits, 16)

    def as_bytes(self, v: list[Any]) -> Any:
        return bytes.fromhex(*self.fields(v, str))

    def as_complex(self, v: list[Any]) -> Any:
        return complex(*self.fields(v, float, float))

    def as_handle(self, v: list[Any]) -> Any:
        number, name = self.fields(v, int, str)
        return Handle(number, name[:200])

    def as_callback(self, v: list[Any]) -> Any:
        return Callback(*self.fields(v, int))

    def as_generator(self, v: list[Any]) -> Any:
        return Generator(*self.fields(v, int))

    def as_opaque(self, v: list[Any]) -> Any:
        name, reason = self.fields(v, str, str)
        return Opaque(name[:200], reason[:200])

    @staticmethod
    def fields(v: list[Any], *kinds: type) -> list[Any]:
        if tuple(map(type, v)) != kinds:
            raise ProtocolError("fields of other types")
        return v

    forms: ClassVar[dict[int, Callable[["Decoder", list[Any]], Any]]] = {
        LIST: as_list, TUPLE: as_tuple, DICT: as_dict, SET: as_set, ARRAY: as_array, NUMBERS: as_numbers,
        SCALAR: as_scalar, BIGINT: as_bigint, COMPLEX: as_complex, HANDLE: as_handle, CALLBACK: as_callback,
        GENERATOR: as_generator, OPAQUE: as_opaque, BYTES: as_bytes,
    }  # fmt: skip


def decode(frame: Frame, limits: Limits = REPLY_LIMITS) -> Any:
    """The value of a frame. Raises ProtocolError, and nothing else, on bytes that are not one."""
    return Decoder(frame, limits).decode()
