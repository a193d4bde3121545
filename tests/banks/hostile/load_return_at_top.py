"""A return outside of any function: the compiler refuses it, not the parser."""

from honest import *
return 0
