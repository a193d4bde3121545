"""Tries every layer around a submission for real: a submission that attacks is run, and what came of it is noted."""

import contextlib
import getpass
import os
import platform
import secrets
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.judge.isolation.forkserver import REQUIRED
from grader.judge.isolation.sandbox import Failure, Room, SandboxError, Workshop
from grader.judge.isolation.workshops import Workshops
from grader.worker import codec

ATTEMPTS = Path(__file__).with_name("attempts.py")
ROOM = Room(memory_mb=768, cpu_seconds=5)
SECONDS, FOR_EVER = 20.0, 1.0


@dataclass(frozen=True)
class Attempt:
    """What a submission tries, and the layer that must stop it ("" for what every worker has)."""

    what: str
    layer: str
    function: str
    arguments: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Finding:
    """What became of an attempt."""

    what: str
    layer: str
    contained: bool
    said: str


@dataclass(frozen=True)
class Examination:
    """What this machine gives a submission, and what was found out about it."""

    system: str
    layers: tuple[str, ...]
    missing: tuple[str, ...]
    """Required layers that are not there."""
    findings: tuple[Finding, ...]
    problem: str = ""
    """Why nothing could be tried."""

    @property
    def holes(self) -> list[Finding]:
        """Attempts that succeeded although the layer that should stop them is there."""
        return [f for f in self.findings if not f.contained and f.layer in (*self.layers, "")]

    @property
    def safe(self) -> bool:
        """Whether hidden checks may be graded here."""
        return not (self.problem or self.missing or self.holes)


@contextlib.contextmanager
def attempts() -> Iterator[list[Attempt]]:
    """What is tried, with a file of another student and a secret of the judge to go for."""
    name, judge = f"GRADER_DOCTOR_{secrets.token_hex(4).upper()}", os.getpid()
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        other = Path(folder, "other_student.py")
        other.write_text("def softmax(Z): ...\n", encoding="utf-8")
        other.chmod(0o644)
        os.environ[name] = "secret"
        try:
            yield [
                Attempt("read another student's file", "landlock", "read_a_file", (str(other),)),
                Attempt("read the grader's own files", "landlock", "read_a_file", (str(ATTEMPTS),)),
                Attempt("list the folder of temporary files", "landlock", "list_a_folder", (tempfile.gettempdir(),)),
                Attempt("leave a file for the next student", "landlock", "write_a_file", (str(Path(folder, "left")),)),
                Attempt("change the standard library", "landlock", "change_a_library"),
                Attempt("read the memory of the judge", "landlock", "read_memory", (judge,)),
                Attempt("find out the name of a file", "scratch", "find_out_a_name", (str(other),)),
                Attempt("read the judge's environment", "", "read_the_environment", (name,)),
                Attempt("send the judge a signal", "seccomp", "send_a_signal", (judge,)),
                Attempt("trace the judge", "seccomp", "trace", (judge,)),
                Attempt("open a socket", "seccomp", "open_a_socket"),
                Attempt("start a process", "seccomp", "fork"),
                Attempt("run a program", "seccomp", "run_a_program"),
                Attempt("be the user who grades", "user", "be_the_user", (getattr(os, "getuid", int)(),)),
                Attempt("fill the disk", "limits", "fill_the_disk", (f"{name}.bytes",)),
                Attempt("use more memory than allowed", "limits", "use_much_memory"),
                Attempt("start hundreds of threads", "limits", "start_many_threads"),
                Attempt("never end", "", "never_end"),
            ]
        finally:
            del os.environ[name]


def attempted(workshop: Workshop, attempt: Attempt) -> Finding:
    """Have a fresh worker attempt something. Raises SandboxError where there is none."""
    request = {
        "name": "attempts", "file": "attempts.py", "cells": [[None, ATTEMPTS.read_text("utf-8")]], "modules": {},
        "framework": "numpy", "functions": [attempt.function], "probes": "", "substitutes": [], "seconds": SECONDS,
        "skip": [],
    }  # fmt: skip
    worker = workshop.worker(ROOM)

    def found(contained: bool, said: str) -> Finding:
        return Finding(attempt.what, attempt.layer, contained, said)

    try:
        worker.load(request, SECONDS)
        seconds = FOR_EVER if attempt.function == "never_end" else SECONDS
        worker.post(codec.CALLS, [[attempt.function, list(attempt.arguments), {}, {}]], seconds)
        outcome = worker.reply(seconds)
    except Failure as failure:
        return found(True, failure.message)
    finally:
        worker.close()
    if "error" in outcome:
        return found(True, outcome["error"]["type"])
    return found(False, "it succeeded")


def examine(watch: Callable[[Finding], None] = lambda _: None) -> Examination:
    """Start workers with all layers that this machine has, and try each layer. Reports every finding as it is made."""
    workshops, findings, problem = Workshops(weak=True), list[Finding](), ""
    try:
        workshop = workshops.get(())
        with attempts() as tried:
            for attempt in tried:
                findings.append(attempted(workshop, attempt))
                watch(findings[-1])
        layers = workshop.layers
    except SandboxError as error:
        layers, problem = (), str(error)
    finally:
        workshops.close()
    return Examination(system(), layers, tuple(sorted(REQUIRED.difference(layers))), tuple(findings), problem)


def system() -> str:
    """The machine in one line."""
    where = f"{platform.system()} {platform.release()} on {platform.machine()}"
    return f"Python {platform.python_version()}, {where}, as {getpass.getuser()}"
