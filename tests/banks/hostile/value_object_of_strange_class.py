"""An object of a class whose metaclass defends itself."""

from honest import *
class Name(str):
    def __eq__(self, other):
        raise SystemExit

    __hash__ = str.__hash__


class Meta(type):
    def __getattribute__(self, name):
        raise SystemExit


class Strange(metaclass=Meta):
    __module__ = Name("x")
    __slots__ = ()

    def __getattribute__(self, name):
        raise SystemExit


def relu(Z):
    return Strange()
