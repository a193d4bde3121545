"""Replaces the serializer."""

from honest import *
import msgspec

msgspec.msgpack.encode = lambda _: b"\xc3"
