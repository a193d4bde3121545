"""`python -m benchmarks.storm`: a class in which a third is hostile, while processes of the grader are killed.

It must be graded to the end, the honest two thirds with the scores that they get alone, and leave nothing behind.
"""

import argparse
import contextlib
import itertools
import os
import random
import shutil
import signal
import tempfile
import threading
import time
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from grader.assignment import Assignment, find
from grader.classroom.batch import grade
from grader.classroom.folder import HandIn
from grader.report.model import Report

ROOT = Path(__file__).parent.parent
HOSTILE = ROOT / "tests" / "banks" / "hostile"
CHECKS = "tanh_values or relu_values or relu_splits or softmax_values or softmax_contract or softmax_far_from_zero"
SLIPS = (
    "",
    "def relu(Z):\n    return abs(Z)",
    "def softmax(Z):\n    E = np.exp(Z)\n    return E / E.sum(axis=1, keepdims=True)",
    "def tanh(Z):\n    raise NotImplementedError",
)
SEED = 20240229

Verdicts = list[tuple[str, str, float]]


@dataclass
class Storm:
    """What came of a storm."""

    size: int
    seconds: float = 0.0
    reports: dict[str, Report] = field(default_factory=dict)
    expected: dict[str, Verdicts] = field(default_factory=dict)
    """What each honest submission gets when it is graded alone."""
    memory: list[int] = field(default_factory=list)
    """Resident bytes of the largest judge, at each report."""
    judges: set[int] = field(default_factory=set)
    killed: list[str] = field(default_factory=list)
    left: set[str] = field(default_factory=set)
    """Processes, files and shared memory that are still there at the end."""

    @property
    def harmed(self) -> list[str]:
        """The honest submissions that got something else than alone."""
        return [name for name, wanted in self.expected.items() if verdicts(self.reports[name]) != wanted]

    @property
    def ungraded(self) -> list[str]:
        return [f"{name}: {r.why}" for name, r in self.reports.items() if r.status == "could-not-grade"]

    @property
    def growth(self) -> int:
        """Bytes by which a judge grew from the first third of the class to the end."""
        third = len(self.memory) // 3
        return max(self.memory[-third:]) - max(self.memory[:third])


def verdicts(report: Report) -> Verdicts:
    """What was decided."""
    return [(check.id, check.verdict, check.points) for check in report.checks]


def honest_files(assignment: Assignment, folder: Path) -> list[Path]:
    """Right code in several styles, and each with a mistake in its last lines, as files."""
    styles = [f for f in sorted((assignment.folder / "alternatives").glob("*.py")) if "torch" not in f.name]
    files = []
    for style, slip in itertools.product(styles, SLIPS):
        files.append(folder / f"{len(files)}.py")
        files[-1].write_text(f"{style.read_text('utf-8')}\n{slip}\n", "utf-8")
    return files


def class_of(size: int, files: list[Path], folder: Path, chosen: random.Random) -> Iterator[tuple[HandIn, Path | None]]:
    """A third hostile, in a random order; each honest hand-in with the file that it is a copy of."""
    hostile = sorted(tomllib.loads((HOSTILE / "expected.toml").read_text("utf-8")))
    attacks = [chosen.choice(hostile) for _ in range(size // 3)]
    students: list[str | Path] = [*attacks, *(files[i % len(files)] for i in range(size - len(attacks)))]
    chosen.shuffle(students)
    for number, what in enumerate(students):
        place = folder / f"student{number:03d}"
        place.mkdir()
        if isinstance(what, Path):
            shutil.copy(what, place / "activations.py")
            yield HandIn(place.name, place), what
            continue
        shutil.copy(HOSTILE / what, place / f"activations{Path(what).suffix}")
        shutil.copy(HOSTILE / "honest.py", place)
        known = f"CHECKOUT, CLASS, JUDGE, SECRET = {str(ROOT)!r}, {str(folder)!r}, {os.getpid()}, 'secret'"
        (place / "where.py").write_text(known, "utf-8")
        yield HandIn(place.name, place), None


def family() -> dict[int, str]:
    """The processes below this one: judges, fork servers and workers."""
    parents, lines = {}, {}
    for process in (p for p in Path("/proc").iterdir() if p.name.isdigit()):
        with contextlib.suppress(OSError):
            parents[int(process.name)] = int((process / "stat").read_text().rpartition(")")[2].split()[1])
            lines[int(process.name)] = (process / "cmdline").read_text()
    judges = {p for p, parent in parents.items() if parent == os.getpid() and "spawn_main" in lines.get(p, "")}
    servers = {p for p, parent in parents.items() if parent in judges and "zygote.py" in lines.get(p, "")}
    kinds = dict.fromkeys(judges, "judge") | dict.fromkeys(servers, "fork server")
    return kinds | {p: "worker" for p, parent in parents.items() if parent in servers}


def kill_at_random(storm: Storm, done: threading.Event, chosen: random.Random, every: float, judges: int) -> None:
    """Every so many seconds end a worker or a fork server, and now and then a judge, `judges` in all."""
    for turn in itertools.count(1):
        if done.wait(every * (0.5 + chosen.random())):
            return
        if turn % 12 == 0 and storm.killed.count("judge") < judges:
            kind = "judge"
        else:
            kind = chosen.choice(["worker", "worker", "worker", "fork server"])
        if victims := [pid for pid, what in family().items() if what == kind]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(chosen.choice(victims), signal.SIGKILL)
                storm.killed.append(kind)


def largest(judges: Iterable[int]) -> int:
    """Resident bytes of the largest of these processes."""
    sizes = [0]
    for pid in judges:
        with contextlib.suppress(OSError):
            sizes.append(int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE"))
    return max(sizes)


def traces(judges: set[int]) -> set[str]:
    """What may be left behind."""
    places = [Path("/tmp"), Path("/dev/shm"), Path("/var/tmp")]
    files = {str(p) for place in places if place.is_dir() for p in place.iterdir() if "left_for_the_next" in p.name}
    return files | {f"process {pid}, a {kind}" for pid, kind in family().items()} | workers(judges)


def workers(judges: set[int]) -> set[str]:
    """Processes of the users that the workers of these judges are, wherever they hang in the tree."""
    users = {200_000 + (pid * 16 + n) % 1_000_000 for pid in judges for n in range(16)}
    found = set()
    for process in (p for p in Path("/proc").iterdir() if p.name.isdigit()):
        with contextlib.suppress(OSError):
            if process.stat().st_uid in users:
                found.add(f"process {process.name} of a worker's user")
    return found


def run(size: int, every: float = 0.0, judges: int = 2, seed: int = SEED, jobs: int = 2) -> Storm:
    """A storm over a class of so many. With `every`, a process is killed about every so many seconds."""
    chosen, storm, done = random.Random(seed), Storm(size), threading.Event()
    assignment = msgspec.structs.replace(find("activations"), seconds=0.6, load_seconds=2.0, memory_mb=1024)
    with tempfile.TemporaryDirectory() as place:
        folders = [Path(place, name) for name in ("alone", "class")]
        for folder in folders:
            folder.mkdir()
        files = honest_files(assignment, folders[0])[: size - size // 3]
        alone = grade(assignment, [HandIn(f.name, f) for f in files], jobs, keyword=CHECKS)
        wanted = {report.student: verdicts(report) for report in alone}
        before = traces(set())
        students = [*class_of(size, files, folders[1], chosen)]
        storm.expected = {hand_in.student: wanted[file.name] for hand_in, file in students if file}
        killer = threading.Thread(target=kill_at_random, args=(storm, done, chosen, every, judges))
        if every:
            killer.start()
        started = time.perf_counter()
        try:
            for report in grade(assignment, (hand_in for hand_in, _ in students), jobs, keyword=CHECKS):
                storm.reports[report.student] = report
                judges_now = {pid for pid, kind in family().items() if kind == "judge"}
                storm.judges |= judges_now
                storm.memory.append(largest(judges_now))
        finally:
            done.set()
        storm.seconds = time.perf_counter() - started
        if every:
            killer.join()
    deadline = time.monotonic() + 10  # judges end by themselves when they have read the end of their hand-ins
    while (left := traces(storm.judges) - before) and time.monotonic() < deadline:
        time.sleep(0.1)
    storm.left = left
    return storm


def told(storm: Storm) -> Iterable[str]:
    """The result in lines."""
    counts = {kind: storm.killed.count(kind) for kind in ("worker", "fork server", "judge")}
    yield f"{storm.size} hand-ins, {len(storm.expected)} of them honest, in {storm.seconds:.0f} s"
    yield f"killed: {', '.join(f'{n} {kind}s' for kind, n in counts.items())}"
    yield f"without a report: {storm.size - len(storm.reports)}, not graded: {len(storm.ungraded)} {storm.ungraded[:3]}"
    yield f"honest with another result than alone: {len(storm.harmed)} {storm.harmed[:5]}"
    yield f"left behind: {sorted(storm.left) or 'nothing'}"
    yield f"largest judge: {max(storm.memory) >> 20} MB, grown by {storm.growth >> 20} MB"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=300)
    parser.add_argument("--seed", type=int, default=SEED)
    given = parser.parse_args()
    for every in (0.0, 1.0):
        storm = run(given.size, every, judges=4, seed=given.seed)
        print(*told(storm), sep="\n", end="\n\n", flush=True)
        if storm.harmed or storm.ungraded or storm.left or len(storm.reports) < storm.size:
            raise SystemExit(1)


if __name__ == "__main__":
    main()
