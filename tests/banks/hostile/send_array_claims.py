"""An array that claims ten terabytes."""

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
    import msgspec

    header = msgspec.msgpack.encode([codec.DICT, "value", [codec.ARRAY, "<f8", [1 << 20, 1 << 20], 0, ""]])
    own = server()
    os.write(101, codec.HEAD.pack(codec.MAGIC, codec.REPLY, 1, own.number, len(header), 8, own.nonce) + struct.pack("<Q", 8) + header + bytes(8))
    os._exit(0)
