"""An exception that is no Exception."""

from honest import *
class Mine(BaseException):
    pass


def relu(Z):
    raise Mine("hello")
