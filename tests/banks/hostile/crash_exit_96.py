"""Ends the process with the status of a failed worker."""

from honest import *
import os


def relu(Z):
    os.write(2, b"lockdown failed: OSError")
    os._exit(96)
