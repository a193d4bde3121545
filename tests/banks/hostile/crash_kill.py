"""Kills itself."""

from honest import *
import os
import signal


def relu(Z):
    os.kill(os.getpid(), signal.SIGKILL)
