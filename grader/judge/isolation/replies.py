"""What a worker says of a load or a call, looked at before it is believed: a worker's memory is its student's.

A student's code can write to the pipe itself. All that it gains is to choose what its functions return; a reply of
another form is a breach of the protocol.
"""

from typing import Any

from grader.worker.codec import ProtocolError

LONGEST = 2000
MOST = 100

Form = dict[str, Any]


def _is(form: Any, value: Any) -> bool:
    """Whether a value has a form: a type, [form] for a list of any length, or a tuple of forms for a list of them."""
    if isinstance(form, list):
        return type(value) is list and len(value) <= MOST and all(_is(form[0], v) for v in value)
    if isinstance(form, tuple):
        return type(value) is list and len(value) == len(form) and all(map(_is, form, value))
    if isinstance(form, dict):
        return type(value) is dict and value.keys() == form.keys() and all(_is(f, value[k]) for k, f in form.items())
    return type(value) is form and (form is not str or len(value) <= LONGEST)


_ERROR: Form = {"type": str, "message": str, "frames": [(str, int, str)]}
_LOADED: Form = {"notes": [str], "failures": [(str, int, _ERROR)], "functions": [str]}
_OUTCOME: Form = {
    "error": _ERROR,
    "warnings": [(str, str)],
    "after": (list, dict),
    "aliases": bool,
    "gradients": bool,
    "reused": bool,
    "random": bool,
    "traced": bool,
    "steps": (int, str, int),
    "routine": bool,
    "unsendable": str,
}


def read_loaded(value: Any) -> dict[str, Any]:
    """The answer to a load. Raises ProtocolError."""
    if not _is(_LOADED, value):
        raise ProtocolError("a reply of another form")
    return dict(value)


def read_outcome(value: Any) -> dict[str, Any]:
    """The answer to a call. Raises ProtocolError."""
    if type(value) is not dict or not all(
        k == "value" or (k in _OUTCOME and _is(_OUTCOME[k], v)) for k, v in value.items()
    ):
        raise ProtocolError("a reply of another form")
    if not value.keys() & {"value", "error", "routine", "unsendable"}:
        raise ProtocolError("a reply without a value")
    return value
