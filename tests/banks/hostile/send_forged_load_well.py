"""A forged account of how the file was read, of the right form: more functions than there are."""

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


del relu
forge({"notes": ["\x1b[31m<b>"], "failures": [["x", 3, {"type": "T", "message": "m", "frames": []}]], "functions": ["relu", "tanh"]}, number=0)
