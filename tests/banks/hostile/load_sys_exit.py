"""sys.exit at the top level, as at the end of a script."""

from honest import *
import sys

sys.exit(0)
