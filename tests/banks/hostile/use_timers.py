"""Timers and signals of its own, without end."""

from honest import *
import signal

signal.signal(signal.SIGPROF, lambda *_: None)
signal.setitimer(signal.ITIMER_PROF, 0.001, 0.001)
