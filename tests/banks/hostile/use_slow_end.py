"""Objects that take for ever to be deleted."""

from honest import *
import time


class Slow:
    def __del__(self):
        time.sleep(1000)


kept = Slow()
