"""As many threads as it gets, all waiting."""

from honest import *
import threading

try:
    for _ in range(10_000):
        threading.Thread(target=threading.Event().wait, daemon=True).start()
except RuntimeError:
    pass
