"""Latin-1 without saying so."""

from honest import *
name = "Müller"
