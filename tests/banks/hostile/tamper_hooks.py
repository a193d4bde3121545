"""Hooks for everything: exceptions, exits, audits, displays."""

from honest import *
import atexit
import sys
import time

sys.excepthook = sys.unraisablehook = lambda *_: time.sleep(100)
atexit.register(time.sleep, 100)
sys.displayhook = print
sys.addaudithook(lambda event, _: None)
