"""The module's own class and dictionary are replaced."""

from honest import *
import sys
import types


class Lying(types.ModuleType):
    @property
    def __dict__(self):
        raise SystemExit

    def __getattribute__(self, name):
        raise SystemExit


sys.modules[__name__].__class__ = Lying
