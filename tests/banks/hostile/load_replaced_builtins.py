"""Built-in functions are replaced for everyone in the process."""

from honest import *
import builtins

builtins.isinstance = lambda *_: True
builtins.len = lambda _: 0
builtins.callable = lambda _: True
