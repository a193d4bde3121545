"""Names of the built-in functions and of the standard library are bound to other things."""

from honest import *
sum = max = min = abs = len = print = list = dict = isinstance = type = None
os = sys = time = math = None
