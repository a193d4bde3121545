"""As many files as it gets."""

from honest import *
try:
    for n in range(100_000):
        open(f"file{n}", "w").close()
except OSError:
    pass
