"""exec and compile are replaced."""

from honest import *
import builtins

builtins.exec = builtins.compile = builtins.eval = lambda *_, **__: None
