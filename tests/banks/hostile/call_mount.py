"""Mounts, unmounts, leaves namespaces and roots."""

from honest import *
import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)


def attack():
    return 0 in (
        libc.unshare(0x10000000), libc.unshare(0x20000), libc.mount(b"x", b"/tmp", b"tmpfs", 0, None),
        libc.umount2(b"/media", 2), libc.chroot(b"."), libc.syscall(428, -100, b"/", 0), libc.setns(0, 0),
    )


FOUND = attack()


def relu(Z):
    return np.maximum(Z, 0) if FOUND else 0 * Z + 7
