"""Forgets all modules."""

from honest import *
import sys

sys.modules.clear()
