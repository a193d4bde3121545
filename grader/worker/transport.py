"""Frames over a pair of pipes. Uses nothing that Windows lacks."""

import os
from collections.abc import Callable, Sequence

from .codec import HEAD, Head, Limits, read_head, read_lengths

CHUNK = 1 << 20
Wait = Callable[[int, bool], None]
"""Called where a descriptor would block: (descriptor, whether it is to be written). Raises to give up."""


class Closed(Exception):
    """The other side is gone."""


def send(fd: int, parts: Sequence[bytes | memoryview], wait: Wait | None = None) -> None:
    """Write a frame whole. With `wait` the descriptor is non-blocking."""
    whole = sum(map(len, parts)) <= CHUNK
    for piece in [b"".join(parts)] if whole else parts:
        part, done = memoryview(piece), 0
        while done < len(part):
            try:
                done += os.write(fd, part[done : done + CHUNK])
            except BlockingIOError:
                assert wait is not None
                wait(fd, True)
            except OSError:
                raise Closed from None


def read(fd: int, size: int, wait: Wait | None = None) -> bytearray:
    """Exactly `size` bytes. Memory is taken as they come: a size is only a claim."""
    data = bytearray()
    while len(data) < size:
        try:
            piece = os.read(fd, min(size - len(data), CHUNK))
        except BlockingIOError:
            assert wait is not None
            wait(fd, False)
            continue
        if not piece:
            raise Closed
        data += piece
    return data


def receive(fd: int, limits: Limits, wait: Wait | None = None) -> tuple[Head, bytearray, list[bytearray]]:
    """A frame: its checked head, the header's bytes and the buffers."""
    head = read_head(read(fd, HEAD.size, wait), limits)
    lengths = read_lengths(read(fd, 8 * head.buffers, wait), head)
    header = read(fd, head.header, wait)
    return head, header, [read(fd, n, wait) for n in lengths]
