"""A regular expression that backtracks for ever."""

from honest import *
import re


def relu(Z):
    re.match("(a+)+$", "a" * 64 + "b")
