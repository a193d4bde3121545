"""Replaces the loop that serves its functions."""

from honest import *
import sys

serve = sys.modules["_worker.serve"]
serve.Server.reply = lambda self, outcome: None
