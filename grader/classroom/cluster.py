"""Grading a class on the workers of a Dask cluster: a task is one hand-in, judged in a process of its own as here.

A worker keeps its judges from task to task, one for each of its threads that is at work. A task whose worker dies is
done on another by Dask itself, a few times; after that the hand-in is tried once more with nothing else at work, so
that one that takes its workers down costs nobody else anything.

What is sent along is what was read of the files; what comes back is a report as JSON.
"""

import contextlib
import logging
import multiprocessing
import pickle
import threading
from collections.abc import Generator, Iterable, Iterator, Sequence
from concurrent.futures import CancelledError
from dataclasses import replace
from typing import Any

from distributed import Client, Future, KilledWorker, as_completed, get_worker
from distributed.comm.core import CommClosedError

from grader import __version__
from grader.assignment import Assignment, find
from grader.classroom.batch import CannotJudge, Judge, Judges, not_graded, with_source
from grader.classroom.folder import HandIn
from grader.report.model import Report, from_json

PATIENCE = "10s"
"""How long a scheduler may take to answer."""
AT_ONCE = 64
"""Hand-ins that are sent in one message."""


@contextlib.contextmanager
def connected(scheduler: str) -> Iterator[Client]:
    """A client of the cluster with this scheduler. Raises CannotJudge. In the end it ends the judges on the workers."""
    with _unlogged(), _client(scheduler) as client:
        try:
            yield client
        finally:
            if client.status == "running":
                client.run(rest, on_error="ignore")


def _client(scheduler: str) -> Client:
    try:
        return Client(scheduler, timeout=PATIENCE, set_as_default=False)  # type: ignore[no-untyped-call]
    except (OSError, ValueError) as error:
        raise CannotJudge(f"The scheduler {scheduler} cannot be reached: {error}") from None


@contextlib.contextmanager
def _unlogged() -> Iterator[None]:
    """Dask logs a traceback for each attempt to connect anew; what matters is raised."""
    logging.disable()
    try:
        yield
    finally:
        logging.disable(logging.NOTSET)


def grade(
    assignment: Assignment, hand_ins: Iterable[HandIn], client: Client, judge: Judge | None = None, **options: Any
) -> Generator[Report, None, None]:
    """The reports, as they come. The options go to the judge. Raises CannotJudge.

    Leaving the iterator early takes back what no worker has begun.
    """
    wanted = (__version__, assignment.name, assignment.version, pickle.dumps((judge, options)))
    suspects = []
    for hand_in, report in _reports(client, wanted, [with_source(assignment, h) for h in hand_ins]):
        if report:
            yield from_json(report)
        else:
            suspects.append(hand_in)
    for suspect in suspects:
        for hand_in, report in _reports(client, wanted, [suspect]):
            why = "The grader failed on this submission: each worker that tried it was lost."
            yield from_json(report) if report else not_graded(assignment, hand_in, why)


def _reports(
    client: Client, wanted: tuple[str, str, str, bytes], hand_ins: Sequence[HandIn]
) -> Iterator[tuple[HandIn, bytes]]:
    """Each hand-in with its report, which is empty where the workers that tried it were lost."""
    asked = [pickle.dumps(replace(hand_in, person=None)) for hand_in in hand_ins]  # nobody's e-mail leaves
    futures = client.map(report_on, asked, wanted=wanted, pure=False, batch_size=AT_ONCE)
    of = dict(zip(futures, hand_ins, strict=True))
    del futures  # a worker forgets a report when nothing here refers to it
    try:
        for future in as_completed(list(of), loop=client.loop):  # type: ignore[no-untyped-call]
            yield of.pop(future), _report(future)
    finally:
        if of and client.status == "running":
            client.cancel(list(of))  # type: ignore[no-untyped-call]


def _report(future: Future[bytes]) -> bytes:
    try:
        return bytes(future.result())
    except KilledWorker:
        return b""
    except CannotJudge:
        raise
    except (CancelledError, CommClosedError):
        raise CannotJudge("The connection to the scheduler was lost. The same command goes on from here.") from None
    except Exception as error:
        raise CannotJudge(f"A worker could not do its work ({type(error).__name__}: {error}).") from None


# --- on a worker

_judges: dict[tuple[str, str, str, bytes], Judges] = {}
_lock = threading.Lock()


def report_on(hand_in: bytes, wanted: tuple[str, str, str, bytes]) -> bytes:
    """The report on a hand-in, as JSON. Raises CannotJudge."""
    return _judges_for(wanted).report(pickle.loads(hand_in))


def _judges_for(wanted: tuple[str, str, str, bytes]) -> Judges:
    """The judges of an assignment, once it is known to be the same as where the class is; others may rest."""
    with _lock:
        if wanted not in _judges:
            grader, name, version, how = wanted
            if grader != __version__:
                raise CannotJudge(f"{_here()} has version {__version__} of grader, this machine has {grader}.")
            try:
                assignment = find(name)
            except ValueError as error:
                raise CannotJudge(f"{_here()}: {error}") from None
            if assignment.version != version:
                raise CannotJudge(
                    f"{_here()} has version {assignment.version} of {name}, this machine has {version}: "
                    "both need the same checkout."
                )
            rest()
            multiprocessing.current_process().daemon = False  # a nanny's worker is one, and could have no children
            _judges[wanted] = Judges(assignment, *pickle.loads(how))
        return _judges[wanted]


def rest() -> None:
    """Let the judges on this worker end that have nothing to do."""
    for judges in list(_judges.values()):
        judges.rest()


def _here() -> str:
    return f"The worker {get_worker().address}"
