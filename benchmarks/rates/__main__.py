"""`python -m benchmarks.rates`: submissions a minute of this grader and of others, on one class, in one run."""

import argparse
import itertools
import resource
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.rates.classmates import Classmate, classmates
from benchmarks.rates.environments import Skipped
from benchmarks.rates.graders import DeepGrader, Grader, Passed, PlainPytest, PytestEach
from benchmarks.rates.installed import Gradescope, Nbgrader, Otter
from benchmarks.rates.memory import watched

GRADERS = (DeepGrader, PlainPytest, PytestEach, Gradescope, Otter, Nbgrader)
COLUMNS = "{:<44} {:>11} {:>8} {:>9}  {:>5}  {:<8}  {:>3}   {}"


@dataclass
class Outcome:
    """What came of one grader."""

    seconds: float = 0.0
    cpu: float = 0.0
    """CPU seconds of all its processes together, which a busy machine changes less than the time that passes."""
    passed: Passed = field(default_factory=dict)
    skipped: str = ""

    @property
    def rate(self) -> float:
        """Submissions a minute."""
        return 60 * len(self.passed) / self.seconds


def cpu_of_children() -> float:
    """CPU seconds of all processes that were started from here and have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def turn(grader: Grader, files: list[Path], outcome: Outcome) -> None:
    """Let a grader grade some submissions, from nothing."""
    with tempfile.TemporaryDirectory() as folder:
        grader.receive(files, Path(folder))
        started, cpu = time.perf_counter(), cpu_of_children()
        grader.run(files, Path(folder))
        outcome.seconds += time.perf_counter() - started
        outcome.cpu += cpu_of_children() - cpu
        found = grader.passed(files, Path(folder))
        outcome.passed |= {file.stem: found.get(file.stem, 0) for file in files}


def compare(graders: list[Grader], class_: list[Classmate], rounds: int) -> dict[Grader, Outcome]:
    """Each grader's outcome on its share of the class; they take turns."""
    outcomes: dict[Grader, Outcome] = defaultdict(Outcome)
    for number, grader in itertools.product(range(rounds), graders):
        outcome = outcomes[grader]
        try:
            if number == 0:
                grader.prepare()
            if not outcome.skipped:
                files = [mate.file for mate in class_[number * grader.share : (number + 1) * grader.share]]
                turn(grader, files, outcome)
        except Skipped as why:
            outcome.skipped = str(why)
    return outcomes


def differences(outcomes: dict[Grader, Outcome], class_: list[Classmate]) -> list[str]:
    """Where a grader finds other checks passed than the mistakes in the class leave."""
    wanted = {mate.file.stem: mate.passes for mate in class_}
    return [
        f"{grader.name}: {student} passes {count} checks; it should pass {wanted[student]}"
        for grader, outcome in outcomes.items()
        for student, count in outcome.passed.items()
        if count != wanted[student]
    ]


def table(outcomes: dict[Grader, Outcome]) -> Iterator[str]:
    """A line for each grader."""
    yield COLUMNS.format("", "submissions", "CPU s", "", "", "", "", "")
    yield COLUMNS.format("", "a minute", "each", "slower", "cores", "isolated", "N", "")
    ours = next(outcome for grader, outcome in outcomes.items() if isinstance(grader, DeepGrader))
    if ours.skipped:
        raise SystemExit(ours.skipped)
    for grader, outcome in outcomes.items():
        if outcome.skipped:
            yield f"{grader.name:<44} skipped: {outcome.skipped}"
            continue
        rate, size = f"{outcome.rate:.1f}", len(outcome.passed)
        cpu = f"{outcome.cpu / size:.2f}"
        slower = f"{ours.rate / outcome.rate:.1f} x" if outcome is not ours else ""
        aim = f"aim: at least {grader.aim:.0f} x" if grader.aim else ""
        yield COLUMNS.format(grader.name, rate, cpu, slower, grader.cores, grader.isolated, size, aim)


def alone(size: int) -> None:
    """This project's grader on a large class: time, and whether the memory of its judges grows."""
    with tempfile.TemporaryDirectory() as folder:
        place, grader = Path(folder), DeepGrader()
        class_ = classmates(size, place / "class")
        command, variables = grader.command(place / "class", place)
        started = time.perf_counter()
        code, early, late = watched(command, place / "out", size // 4, **variables)
        seconds = time.perf_counter() - started
        if code:
            raise SystemExit(f"grader grade ended with exit code {code}.")
        outcome = Outcome(seconds, passed=grader.passed([], place))
    rate = f"{outcome.rate:.0f} a minute"
    print(f"{size} submissions in {seconds:.0f} s on {grader.cores} cores, {rate}   aim: at least 1000")
    print(f"the largest judge's peak memory: {early:.0f} MB after a quarter, {late:.0f} MB at the end   aim: the same")
    end({grader: outcome}, class_)


def end(outcomes: dict[Grader, Outcome], class_: list[Classmate]) -> None:
    """Say where verdicts differ, which is an error."""
    if found := differences(outcomes, class_):
        raise SystemExit("\n".join(found))


def main() -> None:
    parser = argparse.ArgumentParser(prog="benchmarks.rates", description=__doc__)
    parser.add_argument("--rounds", type=int, default=2, help="How often each grader takes its turn.")
    parser.add_argument("--class-size", type=int, help="Grade a class of so many with this grader alone.")
    options = parser.parse_args()
    if options.class_size:
        alone(options.class_size)
        return
    graders = [kind() for kind in GRADERS]
    with tempfile.TemporaryDirectory() as folder:
        class_ = classmates(options.rounds * max(g.share for g in graders), Path(folder, "class"))
        outcomes = compare(graders, class_, options.rounds)
    print(*table(outcomes), sep="\n", flush=True)
    end(outcomes, class_)


if __name__ == "__main__":
    main()
