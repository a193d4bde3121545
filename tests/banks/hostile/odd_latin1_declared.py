# -*- coding: latin-1 -*-
"""Latin-1, declared."""

from honest import *
name = "Müller"
assert len(name) == 6
