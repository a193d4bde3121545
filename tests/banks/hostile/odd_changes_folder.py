"""Goes to another folder."""

from honest import *
import os

os.chdir("/")
