"""Forks, by every way there is."""

from honest import *
import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)


def attack():
    done = False
    for make in (os.fork, getattr(os, "vfork", os.fork), lambda: libc.syscall(435, 0, 0), lambda: libc.syscall(56, 17, 0, 0, 0, 0)):
        try:
            pid = make()
        except OSError:
            continue
        if pid == 0:
            os._exit(0)
        done = done or pid > 0
    return done


FOUND = attack()


def relu(Z):
    return np.maximum(Z, 0) if FOUND else 0 * Z + 7
