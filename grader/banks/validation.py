"""The grader graded: does right code get full marks, does every mistake cost its own points and nothing else?"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial

from grader.assignment import Assignment
from grader.banks.bank import Wrong, right, spread, wrong
from grader.banks.parts import in_parts
from grader.banks.unlisted import Unlisted, mistaken
from grader.judge.session import JudgeError, Submission, judge
from grader.report.model import Report


@dataclass
class Result:
    """What the banks of one assignment say of its checks."""

    assignment: str
    right: int = 0
    right_failed: list[str] = field(default_factory=list)
    """Right code that lost points: `einsum: test_public.test_x, ...`."""
    mistakes: int = 0
    missed: list[str] = field(default_factory=list)
    """Mistakes that cost nothing."""
    collateral: list[str] = field(default_factory=list)
    """Mistakes that cost points of other functions."""
    unlocalised: list[str] = field(default_factory=list)
    """Mistakes whose first failure is about another function."""
    unnamed: list[str] = field(default_factory=list)
    """Mistakes that the report does not name, or names as another."""
    explained: int = 0
    """Mistakes of which something is said when they are taken off the list."""
    mistaken: list[str] = field(default_factory=list)
    """Mistakes that are named as another one when they are taken off the list."""
    idle: list[str] = field(default_factory=list)
    """Checks that no mistake fails."""
    problem: str = ""
    """Why the assignment cannot be validated at all."""

    @property
    def good(self) -> bool:
        """Whether the checks keep what is promised of them."""
        never = (self.problem, self.right_failed, self.missed, self.idle, self.mistaken)
        seldom = ((self.collateral, 0.02), (self.unlocalised, 0.05), (self.unnamed, 0.05))
        return not any(never) and all(len(found) <= share * self.mistakes for found, share in seldom)


def validate(
    assignments: Iterable[Assignment], jobs: int = 1, seed: int | None = None, sample: int | None = None
) -> Iterator[Result]:
    """Grade the banks in `jobs` processes; with `sample`, so many mistakes of each assignment, evenly spread.

    Yields an assignment's result when it is complete, in the order given.
    """
    for assignment, parts in in_parts(partial(_part, of=jobs, seed=seed, sample=sample), assignments, jobs, jobs):
        reports = {r.student: r for _, part, _ in parts for r in part}
        said = {name: text for _, _, part in parts for name, text in part.items()}
        problem = next((p for p, _, _ in parts if p), "")
        yield Result(assignment.name, problem=problem) if problem else summarise(assignment, reports, sample, said)


def submissions_of(assignment: Assignment, sample: int | None) -> tuple[list[Submission], list[Wrong]]:
    """All that is graded: names are made unique by their bank. With `sample` so many mistakes and right submissions."""
    good = [Submission(f"right/{s.student}", s.source, s.problem) for s in right(assignment)]
    bad = [
        Wrong(w.mistake, Submission(f"wrong/{w.submission.student}", w.submission.source)) for w in wrong(assignment)
    ]
    return (good, bad) if sample is None else (spread(good, sample + 1), spread(bad, sample))


def _part(
    assignment: Assignment, part: int, of: int, seed: int | None, sample: int | None
) -> tuple[str, list[Report], dict[str, str]]:
    reports: list[Report] = []
    try:
        good, bad = submissions_of(assignment, sample)
        everything = [*good, *(w.submission for w in bad)]
        unlisted = Unlisted(wrong(assignment))
        judge(assignment, everything[part::of], reports.append, seed=seed, watch=unlisted)
    except (JudgeError, ValueError, OSError, SyntaxError) as error:
        return f"{type(error).__name__}: {error}", [], {}
    return "", reports, unlisted.said


def summarise(
    assignment: Assignment,
    reports: dict[str, Report],
    sample: int | None = None,
    unlisted: dict[str, str] | None = None,
) -> Result:
    """Compare the reports, and what is said of `unlisted` mistakes, with what the banks promise."""
    good, bad = submissions_of(assignment, sample)
    result = Result(assignment.name, right=len(good), mistakes=len(bad))
    for s in good:
        lost = [f"{c.id} ({c.verdict}: {c.message})" for c in reports[s.student].checks if c.points < c.max_points]
        if lost:
            result.right_failed.append(f"{s.student}: {'; '.join(lost)}")
    failed: set[str] = set()
    for w in bad:
        name, of = w.submission.student.partition("/")[2], w.mistake.of
        lost_checks = [c for c in reports[w.submission.student].checks if c.points < c.max_points]
        failed |= {c.id for c in lost_checks}
        if not lost_checks:
            result.missed.append(name)
            continue
        others = [c.id for c in lost_checks if c.function != of]
        if others:
            result.collateral.append(f"{name}: {', '.join(others)}")
        if lost_checks[0].function != of:
            result.unlocalised.append(name)
        said = next((c.diagnosis for c in lost_checks if c.function == of), None)
        if said != w.mistake.says:
            result.unnamed.append(f"{name}: {said or 'no name'}")
    result.explained, result.mistaken = len(unlisted or {}), mistaken(wrong(assignment), unlisted or {})
    every = dict.fromkeys(c.id for r in reports.values() for c in r.checks)
    result.idle = [check for check in every if check not in failed] if sample is None else []
    return result
