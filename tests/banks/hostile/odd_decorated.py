"""A decorator that counts and times."""

from honest import *
import functools
import time


def timed(function):
    @functools.wraps(function)
    def run(*arguments, **named):
        started = time.perf_counter()
        result = function(*arguments, **named)
        run.seconds.append(time.perf_counter() - started)
        return result

    run.seconds = []
    return run


relu, softmax = timed(relu), timed(softmax)
