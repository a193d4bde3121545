"""Attaches to its parent and reads its memory."""

from honest import *
import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)


def attack():
    number = os.getppid()
    buffer = ctypes.create_string_buffer(64)
    vector = (ctypes.c_void_p * 2)(ctypes.addressof(buffer), 64)
    return (
        libc.ptrace(16, number, None, None) == 0
        or libc.ptrace(0, 0, None, None) == 0
        or libc.process_vm_readv(number, vector, 1, vector, 1, 0) >= 0
    )


FOUND = attack()


def relu(Z):
    return np.maximum(Z, 0) if FOUND else 0 * Z + 7
