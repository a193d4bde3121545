"""A submission that tries to break out: the text of this file is sent into a worker, and each function called there.

A function returns what it got hold of, or raises what stopped it. None of them does harm where nothing stops it.
"""

import ctypes
import os
import socket
import subprocess
import sys
import threading
from typing import Any


def read_a_file(path: str) -> Any:
    with open(path, "rb") as file:  # noqa: PTH123
        return file.read(16)


def list_a_folder(path: str) -> Any:
    return os.listdir(path)  # noqa: PTH208


def find_out_a_name(path: str) -> Any:
    return os.stat(path)  # noqa: PTH116


def write_a_file(path: str) -> Any:
    with open(path, "w"):  # noqa: PTH123
        return "opened"


def change_a_library() -> Any:
    with open(os.__file__, "a"):  # noqa: PTH123
        return "opened"


def read_the_environment(name: str) -> Any:
    return os.environ[name]


def read_memory(pid: int) -> Any:
    with open(f"/proc/{pid}/mem", "rb"):  # noqa: PTH123
        return "opened"


def send_a_signal(pid: int) -> Any:
    return os.kill(pid, 0) or "sent"  # type: ignore[func-returns-value]


def trace(pid: int) -> Any:
    seize = 0x4206  # unlike PTRACE_ATTACH it does not stop the process
    if ctypes.CDLL(None, use_errno=True).ptrace(seize, pid, None, None):
        raise PermissionError(ctypes.get_errno(), "ptrace")
    return "attached"


def open_a_socket() -> Any:
    return socket.socket().fileno()


def fork() -> Any:
    pid = os.fork()
    if pid == 0:
        os._exit(0)
    return os.waitpid(pid, 0)


def run_a_program() -> Any:
    return subprocess.run([sys.executable, "-c", ""], check=True)


def be_the_user(uid: int) -> Any:
    if os.getuid() != uid:
        raise PermissionError(1, "another user")
    return uid


def fill_the_disk(path: str) -> Any:
    try:
        with open(path, "wb", buffering=0) as file:  # noqa: PTH123
            written = sum(file.write(bytes(1 << 20)) for _ in range(100))
        if written < 100 << 20:
            raise OSError(28, "the folder is full")
        return written
    finally:
        if os.path.exists(path):  # noqa: PTH110
            os.unlink(path)  # noqa: PTH108


def use_much_memory() -> Any:
    return len(bytearray(1 << 30))


def start_many_threads() -> Any:
    done = threading.Event()
    try:
        for _ in range(500):
            threading.Thread(target=done.wait, daemon=True).start()
        return threading.active_count()
    finally:
        done.set()


def never_end() -> Any:
    while True:
        pass
