"""An endless loop that swallows every exception, also the one that would end it."""

from honest import *
while True:
    try:
        while True:
            pass
    except BaseException:
        pass
