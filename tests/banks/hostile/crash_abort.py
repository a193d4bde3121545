"""Aborts."""

from honest import *
import os


def relu(Z):
    os.abort()
