"""Frames over a pair of pipes. Uses nothing that Windows lacks."""

import os
from collections.abc import Callable, Sequence

from .codec import HEAD, Frame, Limits, read_head, read_lengths

CHUNK = 1 << 20
Wait = Callable[[int, bool], None]
"""Called where a descriptor would block: (descriptor, whether it is to be written). Raises to give up."""


class Closed(Exception):
    """The other side is gone."""


def send(fd: int, parts: Sequence[bytes], wait: Wait | None = None) -> None:
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


class Reader:
    """What comes through a descriptor, in pieces of the size that is asked for. With `wait` it is non-blocking.

    ahead : how many bytes to take that nobody has asked for yet, where they are there: short frames come in one piece.
    """

    def __init__(self, fd: int, wait: Wait | None = None, ahead: int = 0) -> None:
        self.fd, self.wait, self.ahead = fd, wait, ahead
        self.taken, self.at = b"", 0

    def read(self, size: int) -> bytearray:
        """Exactly `size` bytes. Memory is taken as they come: a size is only a claim."""
        data = bytearray(self.taken[self.at : self.at + size])
        self.at += len(data)
        while len(data) < size:
            self.take(size - len(data))
            piece = memoryview(self.taken)[: size - len(data)]
            data += piece
            self.at = len(piece)
        return data

    def take(self, size: int) -> None:
        """The next bytes that come: some of `size` and of what may be taken ahead."""
        while True:
            try:
                self.taken, self.at = os.read(self.fd, min(max(size, self.ahead), CHUNK)), 0
            except BlockingIOError:
                assert self.wait is not None
                self.wait(self.fd, False)
                continue
            if not self.taken:
                raise Closed
            return


def receive(reader: Reader, limits: Limits) -> Frame:
    """The next frame, with a checked head."""
    head = read_head(reader.read(HEAD.size), limits)
    lengths = read_lengths(reader.read(8 * head.buffers), head)
    return Frame(head, lengths, reader.read(head.header), reader.read(head.payload))
