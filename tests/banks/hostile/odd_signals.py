"""Uses an alarm of its own."""

from honest import *
import signal

signal.signal(signal.SIGALRM, lambda *_: None)
signal.alarm(100)
