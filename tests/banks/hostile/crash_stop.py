"""Stops itself, so that no signal but one can end it."""

from honest import *
import os
import signal


def relu(Z):
    os.kill(os.getpid(), signal.SIGSTOP)
