"""Standard modules are replaced in sys.modules."""

from honest import *
import sys

for name in ("time", "signal", "traceback", "random", "math", "linecache"):
    sys.modules[name] = None
