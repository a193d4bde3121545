"""An answer that drips, one byte at a time."""

from honest import *
import os
import struct
import sys

codec = sys.modules["_worker.codec"]


def server():
    import gc

    return next(o for o in gc.get_objects() if type(o).__name__ == "Server")


def forge(value, kind=codec.REPLY, number=None):
    own = server()
    parts = codec.encode(value, own.nonce, kind, own.number if number is None else number)
    os.write(101, b"".join(map(bytes, parts)))


def relu(Z):
    import time

    for byte in codec.HEAD.pack(codec.MAGIC, codec.REPLY, 0, 0, 1 << 20, 0, server().nonce) + bytes(1000):
        os.write(101, bytes([byte]))
        time.sleep(0.05)
