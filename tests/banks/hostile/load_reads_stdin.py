"""Reads standard input to its end."""

from honest import *
import sys

nothing = sys.stdin.read()
