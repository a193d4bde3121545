"""An autograder as gradescope-utils has it: unittest, a weight for each test, results as Gradescope reads them."""

import sys
import unittest
from pathlib import Path

from gradescope_utils.autograder_utils.decorators import weight
from gradescope_utils.autograder_utils.json_test_runner import JSONTestRunner
from unittests import Layer

names = unittest.defaultTestLoader.getTestCaseNames(Layer)
for name in names:
    setattr(Layer, name, weight(1)(getattr(Layer, name)))
with Path(sys.argv[1]).open("w", encoding="utf-8") as results:
    JSONTestRunner(visibility="visible", stream=results).run(unittest.TestSuite(map(Layer, names)))
