"""exec and eval are replaced."""

from honest import *
import builtins

builtins.exec = builtins.eval = lambda *_, **__: None
