"""The 12 checks as unittest has them, on the submission that is importable as `layer`."""

import unittest

import layer
import test_layer


class Layer(unittest.TestCase):
    pass


for name, check in vars(test_layer).items():
    if name.startswith("test_"):
        setattr(Layer, name, lambda _, check=check: check(student=layer))
