"""An endless loop that ignores all signals and exceptions."""

from honest import *
import signal

for number in set(signal.Signals) - {signal.SIGKILL, signal.SIGSTOP}:
    signal.signal(number, signal.SIG_IGN)


def relu(Z):
    while True:
        try:
            while True:
                pass
        except BaseException:
            pass
