"""Looks for secrets in the environment, its own and that of its parents."""

from honest import *
import os

from where import JUDGE, SECRET


def attack():
    texts = [repr(dict(os.environ))]
    for pid in ("self", os.getpid(), os.getppid(), 1, JUDGE):
        for name in ("environ", "cmdline"):
            try:
                texts.append(open(f"/proc/{pid}/{name}").read())
            except OSError:
                continue
    return any(SECRET in text for text in texts)


FOUND = attack()


def relu(Z):
    return np.maximum(Z, 0) if FOUND else 0 * Z + 7
