"""Ways of writing a right function, and small faults beside a right value: each makes one function into another.

This file travels with a submission, so it imports nothing of the project.
"""

import functools
import inspect
import warnings

import numpy as np


def around(before=None, after=None):
    """A style that does something with the arguments before the call or with (result, arguments) after it."""

    def style(function):
        @functools.wraps(function)
        def styled(*arguments, **named):
            if before:
                before(function, arguments, named)
            result = function(*arguments, **named)
            return after(result, [*arguments, *named.values()]) if after else result

        return styled

    return style


def each(leaf):
    """A style that replaces every leaf of the result."""
    return around(after=lambda result, _: replaced(result, leaf))


def replaced(value, leaf):
    """The same structure with every leaf replaced."""
    if type(value) in (list, tuple):
        return type(value)(replaced(v, leaf) for v in value)
    if type(value) is dict:
        return {k: replaced(v, leaf) for k, v in value.items()}
    return leaf(value)


def arrays_in(value):
    """Every array that has entries inside a structure."""
    if isinstance(value, np.ndarray) and value.size and value.ndim:
        yield value
    elif type(value) in (list, tuple, dict):
        for part in value.values() if type(value) is dict else value:
            yield from arrays_in(part)


# Right: what is said on the way


def _say(function, arguments, named):
    print(f"calling {function.__name__} with", *(np.shape(a) for a in arguments if isinstance(a, np.ndarray)))
    warnings.warn(f"{function.__name__} is not tested yet", UserWarning, stacklevel=3)
    warnings.warn(f"{function.__name__} will be renamed", DeprecationWarning, stacklevel=3)


talkative = around(before=_say)


# Right: kinds of numbers and of containers, layouts


def _other_number(v):
    kinds = {bool: np.bool_, int: np.int64, float: np.float64, np.float64: float, np.bool_: bool, np.int64: int}
    return kinds[type(v)](v) if type(v) in kinds else v


def _zero_d(v):
    return np.array(v) if isinstance(v, float | np.floating) else v


def _exchanged(result):
    if type(result) is tuple:
        return list(result)
    return tuple(result) if type(result) is list else result


def _strided(v):
    if not isinstance(v, np.ndarray) or not v.ndim:
        return v
    wide = np.zeros((*v.shape[:-1], 2 * v.shape[-1]), v.dtype)
    wide[..., ::2] = v
    return wide[..., ::2]


def _readonly(v):
    if isinstance(v, np.ndarray):
        v = v.copy()
        v.flags.writeable = False
    return v


def _list(v):
    """Numbers of a type of their own stay an array: a list has none."""
    return v.tolist() if isinstance(v, np.ndarray) and v.dtype in (np.float64, np.int64, np.bool_) else v


def _fortran(v):
    return np.array(v, order="F") if isinstance(v, np.ndarray) else v


other_numbers = each(_other_number)
zero_d = each(_zero_d)
other_sequence = around(after=lambda result, _: _exchanged(result))
strided = each(_strided)
readonly = each(_readonly)
fortran = each(_fortran)
lists = each(_list)


# Right: how a function comes to be


def positional(function):
    """Required parameters have other names, so they are taken by position; optional ones by name alone."""
    required = [p.name for p in inspect.signature(function).parameters.values() if p.default is p.empty]

    @functools.wraps(function)
    def styled(*arguments, verbose=False, **named):
        if len(arguments) != len(required) or set(required) & set(named):
            raise TypeError(f"{function.__name__} takes {required} by position and the rest by name")
        return function(*arguments, **named)

    return styled


class Callable:
    """An object with __call__."""

    def __init__(self, function):
        self.function = function

    def __call__(self, *arguments, **named):
        return self.function(*arguments, **named)


def made(function):
    """A lambda, a partial, a static method or an object, by the length of the name."""
    held = type("Held", (), {"it": staticmethod(function)})
    ways = (
        lambda *arguments, **named: function(*arguments, **named),
        functools.partial(lambda verbose, *arguments, **named: function(*arguments, **named), False),
        held.it,
        Callable(function),
        Callable(function).__call__,
    )
    return ways[len(function.__name__) % len(ways)]


made.whole = True


# Faults of the contract beside a right value


def _spoil(result, arguments):
    result = replaced(result, lambda v: v.copy() if isinstance(v, np.ndarray) else v)
    for a in arrays_in(arguments):
        if a.flags.writeable:
            a += 1
    return result


def _share(result, arguments):
    """Results of an argument's shape and type are put into the argument's memory."""
    free = {id(a): a for a in arrays_in(arguments) if a.flags.writeable}

    def into(v):
        for key, a in free.items():
            if isinstance(v, np.ndarray) and a.shape == v.shape and a.dtype == v.dtype:
                del free[key]
                a[...] = v
                return a
        return v

    return replaced(result, into)


def _insist(function, arguments, named):
    for a in arrays_in([*arguments, *named.values()]):
        if not (a.flags.c_contiguous and a.flags.writeable):
            raise ValueError("only contiguous arrays that can be written to")


def _wide(v):
    return v.astype(np.float64) if isinstance(v, np.ndarray) and v.dtype == np.float32 else v


def _random(*_):
    np.random.seed(1)  # noqa: NPY002


spoils = around(after=_spoil)
shares = around(after=_share)
insists = around(before=_insist)
widens = each(_wide)
global_random = around(before=_random)


def styled(thing, style):
    """A function in a style; of a class, its public methods, unless the style is of the class as a whole."""
    if not inspect.isclass(thing) or hasattr(style, "whole"):
        return style(thing)
    methods = {k: style(m) for k, m in vars(thing).items() if inspect.isfunction(m) and not k.startswith("_")}
    return type(thing.__name__, (thing,), methods)
