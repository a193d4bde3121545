"""The checks graded by mutants: which slips in the reference cost no point?"""

import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial

from grader.assignment import Assignment
from grader.banks.bank import from_reference, reference_file, spread
from grader.banks.parts import in_parts
from grader.judge.session import JudgeError, judge
from grader.mutation.mutants import Mutant, mutants_of
from grader.report.model import Report

ENOUGH = 0.97
"""The share of the mutants that must lose points, without those that are equivalent to the reference."""
LIST = "equivalent.toml"


@dataclass
class Graded:
    """What the mutants of one assignment say of its checks."""

    assignment: str
    mutants: int = 0
    killed: int = 0
    equivalent: int = 0
    """Survivors that are listed, with a reason, as equivalent to the reference."""
    survivors: list[Mutant] = field(default_factory=list)
    """Those that cost nothing and are not listed."""
    mistaken: list[str] = field(default_factory=list)
    """What is wrong with the list."""
    problem: str = ""
    """Why nothing could be graded."""

    @property
    def share(self) -> float:
        """The share that loses points of those that should."""
        should = self.killed + len(self.survivors)
        return self.killed / should if should else 1.0

    @property
    def enough(self) -> bool:
        """Whether nothing is left to mend."""
        return not self.problem and not self.mistaken and self.share >= ENOUGH


def grade_mutants(
    assignments: Iterable[Assignment], jobs: int = 1, seed: int | None = None, sample: int | None = None,
    keyword: str = "",
) -> Iterator[Graded]:  # fmt: skip
    """Grade the mutants of each assignment in `jobs` processes, and yield what they say in the order given.

    With `keyword` those whose id contains it, and with `sample` so many of them, evenly spread.
    """
    work = partial(_part, of=jobs, seed=seed, sample=sample, keyword=keyword)
    for assignment, parts in in_parts(work, assignments, jobs, jobs):
        problem = next((problem for problem, _ in parts if problem), "")
        killed = {id: lost for _, part in parts for id, lost in part.items()}
        yield Graded(assignment.name, problem=problem) if problem else _summary(assignment, killed)


def _part(
    assignment: Assignment, part: int, of: int, seed: int | None, sample: int | None, keyword: str
) -> tuple[str, dict[str, bool]]:
    """Whether each mutant of one part lost points, or why that cannot be said."""
    killed: dict[str, bool] = {}

    def take(report: Report) -> None:
        if report.status == "could-not-grade":
            raise JudgeError(f"{report.student}: {report.why}")
        killed[report.student] = report.score < report.max_score

    try:
        listed_equivalent(assignment)
        mutants = spread([m for m in mutants_of(assignment) if keyword in m.id], sample)[part::of]
        submissions = [from_reference(assignment, m.text, m.id) for m in mutants]
        framework = reference_file(assignment).parent.name.removeprefix("with_")
        changed = {m.id: m.changed for m in mutants}
        if mutants:
            judge(assignment, submissions, take, framework=framework, seed=seed, changed=changed)
    except (JudgeError, ValueError, OSError, SyntaxError) as error:
        return f"{type(error).__name__}: {error}", {}
    return "", killed


def _summary(assignment: Assignment, killed: dict[str, bool]) -> Graded:
    """Hold what survived against the list of equivalent mutants."""
    known = {m.id: m for m in mutants_of(assignment)}
    listed = listed_equivalent(assignment)
    survivors = [known[id] for id, lost in killed.items() if not lost]
    mistaken = [f"there is no such mutant any more: {id}" for id in listed if id not in known]
    mistaken += [f"listed as equivalent, but it loses points: {id}" for id in listed if killed.get(id)]
    return Graded(
        assignment.name,
        mutants=len(killed),
        killed=sum(killed.values()),
        equivalent=sum(m.id in listed for m in survivors),
        survivors=[m for m in survivors if m.id not in listed],
        mistaken=mistaken,
    )


def listed_equivalent(assignment: Assignment) -> dict[str, str]:
    """The mutants that no check should tell from the reference: id -> reason. Raises ValueError for a wrong list."""
    file = assignment.folder / LIST
    if not file.is_file():
        return {}
    try:
        entries = tomllib.loads(file.read_text("utf-8"))["equivalent"]
        reasons = [(id, entry["reason"]) for entry in entries for id in entry["mutants"]]
    except (tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        raise ValueError(f"{file}: each [[equivalent]] has a reason and a list of mutants ({error})") from None
    if twice := [id for i, (id, _) in enumerate(reasons) if id in dict(reasons[:i])]:
        raise ValueError(f"{file}: listed twice: {twice[0]}")
    if unexplained := [id for id, reason in reasons if not reason.strip()]:
        raise ValueError(f"{file}: without a reason: {unexplained[0]}")
    return dict(reasons)
