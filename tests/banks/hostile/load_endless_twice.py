"""Several statements that do not end."""

from honest import *
import time
while True:
    pass
time.sleep(3600)
x = [None for _ in iter(int, 1)]
