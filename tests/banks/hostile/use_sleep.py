"""Sleeps."""

from honest import *
import time


def relu(Z):
    time.sleep(10_000)
