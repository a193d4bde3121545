"""The loop of a worker: load one submission, answer calls, say nothing else."""

import contextlib
import os
import sys
import time
from collections import deque
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from . import codec
from .codec import ANSWER, ASK, PROBES, REPLY, REQUEST_LIMITS, Callback, Foreign, Generator, Handle, Opaque
from .graph import answered, followed
from .loading import Loaded, load
from .observing import arrays_in, convert, is_tensor, native, perform
from .transport import Closed, Reader, receive, send

_printing = sys.stdout
FULL, SOON = 1 << 16, 0.1
"""Bytes and seconds after which the outcomes of calls leave that are answered together."""


class Refused(Exception):
    """What a student's code sees when the judge does not answer a callback."""


class Server:
    """Serves the functions of one submission over a pair of pipes."""

    def __init__(self, reading: int, writing: int) -> None:
        self.reading, self.writing = Reader(reading), writing
        self.nonce, self.number, self.asked = b"", 0, 0
        self.framework = "numpy"
        self.loaded: Loaded | None = None
        self.probes: dict[str, Any] = {}
        self.kept: dict[int, Any] = {}
        self.returned: dict[str, tuple[Any, list[Any]]] = {}
        """By function: what its last observed call returned, and how it was then."""

    def run(self) -> None:
        """Answer until the judge closes the pipe."""
        while True:
            frame = receive(self.reading, REQUEST_LIMITS)
            self.nonce, self.number = frame.head.nonce, frame.head.number
            request = codec.decode(frame, REQUEST_LIMITS)
            match frame.head.kind:
                case codec.LOAD:
                    self.reply(self.load(request))
                case codec.CALLS:
                    for call in request:
                        self.reply(self.call(*call))
                        self.number += 1
                case codec.TOGETHER:
                    self.reply_together(request)

    def reply(self, outcome: dict[str, Any]) -> None:
        """Answer with what one call gave."""
        encoder = codec.Encoder(self.keep, codec.REPLY_LIMITS)
        try:
            self.send(encoder.frame(pack(encoder, outcome), self.nonce, REPLY, self.number))
        except codec.Unsendable as error:
            self.send(codec.encode({"unsendable": str(error)}, self.nonce, REPLY, self.number))

    def reply_together(self, calls: list[Any]) -> None:
        """Answer calls with few frames; one that cannot be sent is the last."""
        waiting = deque(calls)
        while waiting:
            encoder, until = codec.Encoder(self.keep, codec.REPLY_LIMITS), time.monotonic() + SOON
            outcomes: list[Any] = [codec.LIST]
            try:
                while waiting and encoder.bytes + 8 * encoder.nodes < FULL and time.monotonic() < until:
                    outcomes.append(pack(encoder, self.call(*waiting.popleft())))
                    self.number += 1
                self.send(encoder.frame(outcomes, self.nonce, REPLY, self.number - 1))
            except codec.Unsendable as error:
                return self.send(codec.encode({"unsendable": str(error)}, self.nonce, REPLY, self.number))

    def send(self, parts: list[bytes]) -> None:
        """Write a frame, and before it what the student printed."""
        with contextlib.suppress(BaseException):  # the student may have closed it
            _printing.flush()
        send(self.writing, parts)

    def keep(self, value: Any) -> Any:
        """The form in which a value leaves that has none of its own."""
        if is_tensor(value):
            try:
                array = value.detach().cpu().resolve_conj().resolve_neg().numpy()
            except Exception as error:
                return Opaque("torch.Tensor", str(error)[:200])
            return Foreign(array, "torch.Tensor")
        if len(self.kept) > 10_000:
            return Opaque(codec.name_of(type(value)), "too many objects")
        self.kept[id(value)] = value
        return Handle(id(value), codec.name_of(type(value)))

    def seeded(self, value: Any) -> Any:
        """The form in which an argument of a callback leaves that is a generator: a seed that it draws."""
        if isinstance(value, np.random.Generator):
            return Generator(int(value.integers(1 << 62)))
        if (torch := sys.modules.get("torch")) and isinstance(value, torch.Generator):
            return Generator(int(torch.randint(1 << 62, (), generator=value)))
        return value

    def load(self, request: dict[str, Any]) -> dict[str, Any]:
        self.framework = request["framework"]
        substitutes: list[str] = request["substitutes"]
        name, file = request["name"], request["file"]
        texts, seconds, skip = request["modules"], request["seconds"], request["skip"]
        exec(compile(request["probes"], "probes.py", "exec", dont_inherit=True), self.probes)
        loaded = self.loaded = load(name, file, request["cells"], texts, seconds, skip)
        for function in substitutes:
            stub = self.probes.get(f"stand_in_for_{function}") or self.callback(function)
            original = loaded.names.get(function)
            loaded.names[function] = stub
            for namespace in loaded.namespaces:
                if original is not None and namespace.get(function) is original:
                    namespace[function] = stub
        there = [f for f in request["functions"] if callable(loaded.names.get(f))]
        # Few enough to fit into the pipe: the judge may still be writing and not yet reading.
        failures = [[at, line, {**e, "message": e["message"][:300]}] for at, line, e in loaded.failures[:40]]
        return {"notes": [n[:300] for n in loaded.notes[:40]], "failures": failures, "functions": there}

    def callback(self, number: int | str) -> Callable[..., Any]:
        """A function whose calls are answered by the judge."""

        def ask(*arguments: Any, **named: Any) -> Any:
            given = convert([list(arguments), named], self.seeded)
            if isinstance(number, str) and self.framework == "torch" and followed(given):
                return answered(lambda g: self.ask([number, *g]), lambda g, out: self.ask([number, *g, out]), given)
            return self.ask([number, *given])

        return ask

    def ask(self, message: list[Any]) -> Any:
        """What the judge answers to a callback."""
        self.asked += 1
        send(self.writing, codec.encode(message, self.nonce, ASK, self.asked, self.keep))
        frame = receive(self.reading, REQUEST_LIMITS)
        if frame.head.kind != ANSWER:
            raise Refused("the judge did not answer")
        answer = codec.decode(frame, REQUEST_LIMITS)
        if "refused" in answer:
            raise Refused(answer["refused"])
        return native(answer["value"], self.framework, "")

    def resolve(self, target: Any) -> Any:
        """What a call is about: a function by name, a probe, or [object, attribute]."""
        if target == "":  # what a call costs that does nothing
            return lambda *_, **__: None
        if isinstance(target, str):
            assert self.loaded is not None
            kind, _, probe = target.partition(".")
            return partial(self.probes[probe], self.loaded.module) if kind == PROBES else self.loaded.names[target]
        owner, attribute = target
        return getattr(self.kept[owner.number], attribute)

    def call(
        self, target: Any, arguments: list[Any], named: dict[str, Any] | None = None,
        options: dict[str, Any] | None = None,
    ) -> dict[str, Any]:  # fmt: skip
        """What a call gives. What it does without is left out."""
        files, options = self.loaded.files if self.loaded else [], options or {}
        if options.get("attribute"):
            outcome = perform(lambda: self.resolve(target), [], {}, {}, files)
            return {"routine": True} if callable(outcome.get("value")) else outcome

        def invoke(*arguments: Any, **named: Any) -> Any:
            return self.resolve(target)(*arguments, **named)

        outcome = perform(invoke, arguments, named or {}, options, files, self.framework, self.arrived)
        if options.get("observe") and isinstance(target, str):
            outcome["reused"] = self.reuses(target, outcome.get("value"))
        return outcome

    def reuses(self, function: str, value: Any) -> bool:
        """Whether a call has changed what the last observed call of the function returned."""
        earlier, copies = self.returned.get(function, (None, []))
        self.returned[function] = value, [np.array(a) for a in arrays_in(value)]
        now = list(arrays_in(earlier))
        return len(now) != len(copies) or any(
            a.tobytes() != np.asarray(b).tobytes() for a, b in zip(copies, now, strict=True)
        )

    def arrived(self, value: Any) -> Any:
        """An argument that is an object kept here, or a function of the judge's."""
        if type(value) is Handle:
            return self.kept[value.number]
        return self.callback(value.number) if type(value) is Callback else value


def pack(encoder: codec.Encoder, outcome: dict[str, Any]) -> Any:
    """The form of an outcome in a header. Raises Unsendable, and nothing else, where it has none."""
    try:
        return encoder.pack(outcome)
    except codec.Unsendable:
        raise
    except MemoryError:
        reason = "it is too large"
    except BaseException as error:  # a class of the student's that defends itself against being read
        reason = f"reading it raises {codec.name_of(type(error))}"
    raise codec.Unsendable(reason)


def serve(reading: int, writing: int) -> None:
    """Run a worker to its end; never returns to the caller."""
    try:
        os.write(writing, codec.HELLO)
        Server(reading, writing).run()
    except Closed:
        os._exit(0)
    except MemoryError:
        os._exit(codec.OUT_OF_MEMORY)
    except BaseException as error:
        os.write(2, f"the worker failed: {codec.name_of(type(error))}\n".encode())
        os._exit(96)
