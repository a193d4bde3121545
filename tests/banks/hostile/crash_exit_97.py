"""Ends the process with the status of a lockdown that failed."""

from honest import *
import os


def relu(Z):
    os.write(2, b"lockdown failed: OSError")
    os._exit(97)
