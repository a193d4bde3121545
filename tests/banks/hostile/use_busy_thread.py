"""A thread that burns CPU for ever."""

from honest import *
import threading


def burn():
    while True:
        pass


threading.Thread(target=burn, daemon=True).start()
