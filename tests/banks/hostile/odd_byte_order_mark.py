"""A byte order mark."""

from honest import *
