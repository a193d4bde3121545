"""Opens sockets of every family."""

from honest import *
import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)


def attack():
    import socket

    for family in (socket.AF_INET, socket.AF_INET6, socket.AF_UNIX, socket.AF_NETLINK, socket.AF_PACKET, 38, 40):
        try:
            return socket.socket(family, socket.SOCK_STREAM)
        except OSError:
            continue


FOUND = attack()


def relu(Z):
    return np.maximum(Z, 0) if FOUND else 0 * Z + 7
