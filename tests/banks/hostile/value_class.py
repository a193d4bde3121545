"""A class whose metaclass defends itself."""

from honest import *
class Meta(type):
    __module__ = property(lambda self: exit())
    __qualname__ = property(lambda self: exit())
    __name__ = property(lambda self: exit())

    def __instancecheck__(self, _):
        return True

    def __subclasscheck__(self, _):
        return True


class Strange(metaclass=Meta):
    pass


def relu(Z):
    return Strange
