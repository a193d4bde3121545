"""The proxy that checks call: `student.softmax(Z)` goes to a worker and comes back as a plain value."""

import contextlib
import copy
import importlib
from collections.abc import Callable
from typing import Any, Protocol

import numpy as np

from grader.judge.declared import as_declared, returns
from grader.judge.probes import Probe, Probes
from grader.judge.trial import Call, NotThere, StudentError, current, same
from grader.worker.codec import PROBES, Foreign, Handle
from grader.worker.graph import floating
from grader.worker.observing import convert, is_tensor, native, perform


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
        self._trusted: ReferenceBench | None = None
        """The same functions as the judge has them, for calls to be made again."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return Named(lambda probe: StudentFunction(self, probe)) if name == PROBES else StudentFunction(self, name)

    def _ask(self, target: Any, arguments: tuple[Any, ...], named: dict[str, Any], options: dict[str, Any]) -> Outcome:
        assert self._bench is not None
        plain = isinstance(target, str) and is_data(arguments) and is_data(named)
        shown = target if isinstance(target, str) else f"{target[0].type_name.rpartition('.')[2]}.{target[1]}"
        if plain:
            call = Call(shown, kept(arguments), kept(named), options)
        else:
            call = Call(shown, arguments, named, {**options, "target": target}, plain=False)
        if self._trusted:
            call.framework, call.probe = self._trusted.framework, self._trusted.probe(target)
        trial = current()
        trial.calls.append(call)
        if isinstance(target, str):
            trial.called.add(target)
        call.outcome = self._bench.ask(call)
        if "error" in call.outcome:
            raise StudentError(call, call.outcome["error"])
        if call.outcome.get("routine"):
            return Outcome(call, None)
        value = call.outcome["returned"] = self._plain(call.outcome.get("value"))
        if self._trusted:
            value = as_declared(value, self._trusted.declared(target))
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


class Named:
    """A namespace whose names begin with `probes.`."""

    def __init__(self, find: Callable[[str], Any]) -> None:
        self._find = find

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return self._find(f"{PROBES}.{name}")


class StudentFunction:
    """One function of the submission, or a probe of it."""

    def __init__(self, student: Student, name: str) -> None:
        self._student, self.name = student, name

    @property
    def framework(self) -> str:
        """What the submission is written in."""
        assert self._student._bench is not None
        return self._student._bench.framework

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


def as_arrays(value: Any) -> Any:
    """What PyTorch returned as checks see it: tensors are arrays."""
    return convert(value, lambda v: v.detach().cpu().numpy() if is_tensor(v) else v)


def framework_of(module: Any) -> str:
    """What the functions of a module of the reference take and return."""
    return "torch" if ".with_torch." in f"{getattr(module, '__name__', '')}." else "numpy"


def home_of(module: Any, name: str) -> Any:
    """The module of the reference that has a function: the given one, else the one of the same topic in PyTorch."""
    own = getattr(module, "__name__", "")
    return module if hasattr(module, name) or ".with_numpy." not in own else of_torch(module)


def of_torch(module: Any) -> Any:
    """The module of the reference of the same topic in PyTorch."""
    return importlib.import_module(module.__name__.replace(".with_numpy.", ".with_torch."))


def carry_out(function: Callable[..., Any], arguments: Any, named: Any, framework: str) -> Any:
    """The answer of a function of the judge's own to arguments as checks have them."""
    return as_arrays(function(*native(copied(arguments), framework, ""), **native(copied(named), framework, "")))


def pull_back(function: Callable[..., Any], given: Any, cotangents: Any) -> list[Any]:
    """The gradients by the floating arrays among [arguments, named], given those by the floating ones of the result."""
    import torch

    given, cotangents = native(copied([given, cotangents]), "torch", "")
    inputs = [tensor.requires_grad_() for tensor in floating(given)]
    outputs = zip(floating(function(*given[0], **given[1])), cotangents, strict=True)
    total = sum((output * cotangent).sum() for output, cotangent in outputs)
    return list(torch.autograd.grad(total, inputs, allow_unused=True, materialize_grads=True))


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
    """Calls carried out in the judge, by functions that it trusts: the reference as the submission.

    `about` is the function that the check is about: it decides the framework, and is what a probe runs with.
    """

    def __init__(self, functions: Any, probes: Probes | None = None, about: str = "") -> None:
        self.functions, self.probes, self.about = home_of(functions, about), probes or Probes(), about
        self.framework = framework_of(self.functions)

    def probe(self, target: Any) -> Probe | None:
        """The probe that a call's target names, if it names one."""
        return self.probes.find(target, self.functions, self.about)

    def declared(self, target: Any) -> Any:
        """What a function of that name says that it returns; None where there is no such function."""
        function = getattr(self.functions, target, None) if isinstance(target, str) else None
        return returns(function) if callable(function) else None

    def ask(self, call: Call) -> dict[str, Any]:
        options = {k: v for k, v in call.options.items() if k != "target"}
        target = call.options.get("target", call.target)
        if probe := self.probe(target):
            function = probe.on()
        elif isinstance(target, str):
            if not hasattr(self.functions, target):
                raise NotThere(target)
            function = getattr(self.functions, target)
        else:
            handle, name = target
            found = getattr(handle.object, name)
            if options.pop("attribute", False):
                return {"routine": True} if callable(found) else {"value": copy.deepcopy(found)}
            function = found
        outcome = perform(function, list(copied(call.arguments)), copied(call.named), options, (), self.framework)
        if "value" in outcome:
            outcome["value"] = self.keep(outcome["value"])
        return outcome

    def keep(self, value: Any) -> Any:
        """As the worker would send it: tensors become arrays, other objects handles."""
        if is_tensor(value):
            return as_arrays(value)
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


class Reference:
    """The reference module as checks see it: generators are built, and results of the first run are remembered.

    A check makes the same calls for every submission, in the same order, unless they depend on the student's answers;
    a call that is not the remembered one is carried out.
    """

    def __init__(self, module: Any, probes: Probes | None = None) -> None:
        self.module, self._probes = module, probes or Probes()
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
        found: Callable[..., Any] = getattr(home_of(self.module, name), name)
        return found

    def warm_up(self) -> None:
        """Import what gradients need. The first time takes seconds, which no student's code should wait for."""
        with contextlib.suppress(ImportError):  # then none can be asked for
            import torch

            torch.set_num_threads(1)
            of_torch(self.module)
            x = torch.ones((), requires_grad=True)
            torch.autograd.grad(x * x, x)

    def answer(self, name: str, arguments: Any, named: Any, cotangents: list[Any] | None = None) -> Any:
        """What the reference's function answers to arguments as checks have them.

        With the gradients by the floating arrays of the result: those by the floating arrays among the arguments.
        """
        if cotangents is not None:
            return as_arrays(pull_back(getattr(of_torch(self.module), name), [arguments, named], cotangents))
        return carry_out(self.function(name), arguments, named, framework_of(home_of(self.module, name)))

    def __getattr__(self, name: str) -> Any:
        if name == PROBES:
            return Named(lambda target: self._remembered(target, self._probe(target)))
        found = getattr(self.module, name)
        if not callable(found):
            return found
        if isinstance(found, type):
            return lambda *arguments, **named: found(*native(arguments, "numpy", ""), **native(named, "numpy", ""))
        return self._remembered(name, found)

    def _probe(self, target: str) -> Callable[..., Any]:
        probe = self._probes.find(target, self.module)
        assert probe is not None
        return probe.on()

    def _remembered(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        framework = framework_of(self.module)

        def call(*arguments: Any, **named: Any) -> Any:
            tape = self._tape
            if tape is None or not (is_data(arguments) and is_data(named)):
                return carry_out(function, arguments, named, framework)
            if 0 <= self._at < len(tape):
                known, known_arguments, known_named, value = tape[self._at]
                if known == name and same(arguments, known_arguments) and same(named, known_named):
                    self._at += 1
                    return copied(value)
                self._at += known == name
            value = carry_out(function, arguments, named, framework)
            if self._at < 0:
                tape.append((name, kept(arguments), kept(named), copied(value)))
            return value

        call.__wrapped__ = function  # type: ignore[attr-defined]
        return call
