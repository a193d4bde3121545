"""The proxy that checks call: `student.softmax(Z)` goes to a worker and comes back as a plain value."""

import copy
from collections.abc import Callable
from typing import Any, Protocol

import numpy as np

from grader.worker.codec import Foreign, Generator, Handle
from grader.worker.observing import perform

from .trial import Call, NotThere, StudentError, current


class Bench(Protocol):
    """Where calls are carried out."""

    framework: str

    def ask(self, call: Call) -> dict[str, Any]: ...


class Outcome:
    """All that one call showed: `value`, `warnings`, `after`, `aliases`, `random`, `steps`."""

    def __init__(self, call: Call, value: Any) -> None:
        self.call, self.value, self.seen = call, value, call.outcome

    @property
    def warnings(self) -> list[str]:
        """The numerical warnings, as sentences."""
        return [message for kind, message in self.seen.get("warnings", []) if kind == "RuntimeWarning"]


class Student:
    """The submission as a namespace of functions. The fixture `student` is one."""

    def __init__(self) -> None:
        self._bench: Bench | None = None

    def __getattr__(self, name: str) -> "StudentFunction":
        if name.startswith("__"):
            raise AttributeError(name)
        return StudentFunction(self, name)

    def _ask(self, target: Any, arguments: tuple[Any, ...], named: dict[str, Any], options: dict[str, Any]) -> Outcome:
        assert self._bench is not None
        plain = isinstance(target, str) and is_data(arguments) and is_data(named)
        shown = target if isinstance(target, str) else f"{target[0].type_name.rpartition('.')[2]}.{target[1]}"
        if plain:
            call = Call(shown, kept(arguments), kept(named), options)
        else:
            call = Call(shown, arguments, named, {**options, "target": target}, plain=False)
        trial = current()
        trial.calls.append(call)
        call.outcome = self._bench.ask(call)
        if "error" in call.outcome:
            raise StudentError(call, call.outcome["error"])
        if call.outcome.get("routine"):
            return Outcome(call, None)
        value = self._plain(call.outcome.get("value"))
        call.outcome["value"] = value
        return Outcome(call, value)

    def _plain(self, value: Any) -> Any:
        """What came back, as checks see it: tensors of a PyTorch submission are arrays, objects are proxies."""
        if isinstance(value, Foreign):
            tensor = value.type_name == "torch.Tensor" and self._bench and self._bench.framework == "torch"
            return value.array if tensor else value
        if isinstance(value, Handle):
            return StudentObject(self, value)
        if type(value) is list:
            return [self._plain(v) for v in value]
        if type(value) is tuple:
            return tuple(self._plain(v) for v in value)
        if type(value) is dict:
            return {k: self._plain(v) for k, v in value.items()}
        return value


class StudentFunction:
    """One function of the submission."""

    def __init__(self, student: Student, name: str) -> None:
        self._student, self.name = student, name

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        return self._student._ask(self.name, arguments, named, {}).value

    def observe(self, *arguments: Any, layout: str = "", steps: bool = False, **named: Any) -> Outcome:
        """Call it and see its side effects too; `layout` is "fortran", "strided" or "readonly"."""
        options: dict[str, Any] = {"observe": True}
        if layout:
            options["layout"] = layout
        if steps:
            options["steps"] = True
        return self._student._ask(self.name, arguments, named, options)

    def count(self, *arguments: Any, **named: Any) -> Outcome:
        """Call it and count the interpreter's steps."""
        return self._student._ask(self.name, arguments, named, {"steps": True})


class StudentObject:
    """An object that stays in the worker: attributes are read and methods called there."""

    def __init__(self, student: Student, handle: Handle) -> None:
        self._student, self._handle, self._methods = student, handle, set[str]()

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        if name not in self._methods:
            found = self._student._ask([self._handle, name], (), {}, {"attribute": True})
            if not found.seen.get("routine"):
                return found.value
            self._methods.add(name)
        return lambda *arguments, **named: self._student._ask([self._handle, name], arguments, named, {}).value

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        return self._student._ask([self._handle, "__call__"], arguments, named, {}).value

    def overwriting(self, name: str, *arguments: Any, **named: Any) -> Any:
        """Call a method, then fill the arrays that it was given with nan: what the object keeps of them are copies."""
        return self._student._ask([self._handle, name], arguments, named, {"overwrite": True}).value

    def __repr__(self) -> str:
        return repr(self._handle)


def is_data(value: Any) -> bool:
    """Whether a value is data alone: no callbacks, no objects of the worker."""
    if isinstance(value, dict):
        return all(is_data(v) for v in value.values())
    if isinstance(value, list | tuple):
        return all(is_data(v) for v in value)
    return not callable(value) and not isinstance(value, StudentObject | Handle)


def kept(value: Any) -> Any:
    """Data as it is now: read-only arrays are themselves, others are copied."""
    if isinstance(value, np.ndarray):
        return value.copy() if value.flags.writeable else value
    if isinstance(value, list | tuple):
        return type(value)(kept(v) for v in value)
    if isinstance(value, dict):
        return {k: kept(v) for k, v in value.items()}
    return value


def copied(value: Any) -> Any:
    """A copy of data whose arrays nobody else holds."""
    if isinstance(value, np.ndarray):
        return value.copy()
    if isinstance(value, list | tuple):
        return type(value)(copied(v) for v in value)
    if isinstance(value, dict):
        return {k: copied(v) for k, v in value.items()}
    return value


class ReferenceBench:
    """Calls carried out in the judge, by functions that it trusts: the reference as the submission."""

    framework = "numpy"

    def __init__(self, functions: Any) -> None:
        self.functions = functions

    def ask(self, call: Call) -> dict[str, Any]:
        options = {k: v for k, v in call.options.items() if k != "target"}
        target = call.options.get("target", call.target)
        if isinstance(target, str):
            function = getattr(self.functions, target, None)
            if function is None:
                raise NotThere(target)
        else:
            handle, name = target
            found = getattr(handle.object, name)
            if options.pop("attribute", False):
                return {"routine": True} if callable(found) else {"value": copy.deepcopy(found)}
            function = found
        outcome = perform(function, list(copied(call.arguments)), copied(call.named), options)
        if "value" in outcome:
            outcome["value"] = self.keep(outcome["value"])
        return outcome

    def keep(self, value: Any) -> Any:
        """As the worker would send it: objects become handles."""
        if isinstance(value, dict):
            return {k: self.keep(v) for k, v in value.items()}
        if isinstance(value, list | tuple):
            return type(value)(self.keep(v) for v in value)
        if value is None or isinstance(value, str | bytes | bool | int | float | complex | np.ndarray | np.generic):
            return value
        handle = _LocalHandle(0, type(value).__name__)
        handle.object = value
        return handle


class _LocalHandle(Handle):
    object: Any


def built(value: Any) -> Any:
    """Arguments for a function of the judge's own: a Generator marker becomes a NumPy generator."""
    if isinstance(value, Generator):
        return np.random.default_rng(value.seed)
    if isinstance(value, list | tuple):
        return type(value)(built(v) for v in value)
    if isinstance(value, dict):
        return {k: built(v) for k, v in value.items()}
    return value


class Reference:
    """The reference module as checks see it: generators are built, and results of the first run are remembered.

    A check makes the same calls for every submission, in the same order, unless they depend on the student's answers;
    a call that is not the remembered one is carried out.
    """

    def __init__(self, module: Any) -> None:
        self.module = module
        self._tape: list[tuple[str, Any, Any, Any]] | None = None
        self._at = -1

    def record(self, tape: list[tuple[str, Any, Any, Any]]) -> None:
        self._tape, self._at = tape, -1

    def replay(self, tape: list[tuple[str, Any, Any, Any]]) -> None:
        self._tape, self._at = tape, 0

    def forget(self) -> None:
        """Calls are carried out from now on."""
        self._tape, self._at = None, -1

    def function(self, name: str) -> Callable[..., Any]:
        """The reference's own function of that name."""
        found: Callable[..., Any] = getattr(self.module, name)
        return found

    def __getattr__(self, name: str) -> Any:
        found = getattr(self.module, name)
        if not callable(found):
            return found
        if isinstance(found, type):
            return lambda *arguments, **named: found(*built(arguments), **built(named))
        return self._remembered(name, found)

    def _remembered(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        from .trial import same

        def call(*arguments: Any, **named: Any) -> Any:
            tape = self._tape
            if tape is None or not (is_data(arguments) and is_data(named)):
                return function(*built(arguments), **built(named))
            if 0 <= self._at < len(tape):
                known, known_arguments, known_named, value = tape[self._at]
                if known == name and same(arguments, known_arguments) and same(named, known_named):
                    self._at += 1
                    return copied(value)
                self._at += known == name
            value = function(*built(copied(arguments)), **built(copied(named)))
            if self._at < 0:
                tape.append((name, kept(arguments), kept(named), copied(value)))
            return value

        call.__wrapped__ = function  # type: ignore[attr-defined]
        return call
