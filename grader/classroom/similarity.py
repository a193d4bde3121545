"""Which submissions of a class are suspiciously alike, once the starter and the obligatory formulas are taken out.

Each is compared by the fingerprints of its code in which every name is one letter, so that new names, another order of
the functions and other comments hide nothing: Schleimer, Wilkerson, Aiken (2003), "Winnowing: local algorithms for
document fingerprinting", SIGMOD.
"""

import io
import itertools
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from copydetect import CodeFingerprint, compare_files
from copydetect.utils import get_token_coverage

from grader.assignment import Assignment, available
from grader.classroom.folder import HandIn, hand_ins
from grader.classroom.grading import NoHandIns
from grader.classroom.roster import Roster
from grader.handin import Unreadable
from grader.report.similarity import Pair, Side, Similarity
from grader.submission import Source, read

PASSAGE = 20
"""The shortest passage that is compared, in characters of code in which every name is one letter."""
LEAST = 3 * PASSAGE
"""Two that share less than this are not alike, however little else they have."""
LONGEST = 200_000
FEW = 5
"""In a small class so many may share a passage before it is everyone's."""


@dataclass(frozen=True)
class Work:
    """One submission, and the passages that tell it from others."""

    students: frozenset[str]
    """Several for the hand-in of a group."""
    file: str
    text: str
    passages: CodeFingerprint

    def without(self, everyones: set[int]) -> "Work":
        """The same without some passages."""
        # The library's own way of leaving passages out takes those for boilerplate, too, that come twice in one file.
        kept = {h: places for h, places in self.passages.hash_idx.items() if h not in everyones}
        self.passages.hash_idx, self.passages.hashes = kept, set(kept)
        self.passages.token_coverage = get_token_coverage(kept, PASSAGE, len(self.passages.filtered_code))
        return self


def similar(folder: Path, assignment: Assignment, roster: Roster | None = None, least: float = 0.7) -> Similarity:
    """The pairs in a class folder whose score is at least that. Attempts of one student are not compared with each
    other; of two students' attempts the most similar two count.

    Raises NoHandIns, DownloadError, and OSError for no folder.
    """
    others = {a.name for a in available()}
    works: list[Work] = []
    skipped: list[tuple[str, str]] = []
    for students, hand_in in _handed_in(hand_ins(folder, assignment.name, roster)):
        try:
            if hand_in.path is None:
                raise Unreadable(hand_in.problem)
            works.append(_work(students, read(hand_in.path, assignment.name, hand_in.beside), others))
        except Unreadable as problem:
            skipped += [(student, str(problem)) for student in sorted(students)]
    if not works and not skipped:
        raise NoHandIns(f"{folder} holds no submissions for {assignment.name}.")
    everyones = _obligatory(assignment, others) | _common(works)
    pairs = _pairs([work.without(everyones) for work in works], least)
    return Similarity(assignment.name, assignment.title, len(works), least, pairs, skipped)


def _handed_in(entries: Iterable[HandIn]) -> Iterator[tuple[frozenset[str], HandIn]]:
    """Each hand-in once, with all whose it is."""
    found: dict[Path | str, list[HandIn]] = {}
    for entry in entries:
        if entry.path or entry.problem:
            found.setdefault(entry.path or entry.student, []).append(entry)
    for same in found.values():
        yield frozenset(entry.student for entry in same), same[0]


def _work(students: frozenset[str], source: Source, others: set[str]) -> Work:
    """A submission, with its modules but for those that are handed in for another assignment."""
    modules = [text for name, text in source.modules.items() if name not in others]
    texts = [text.strip("\n") for text in (*(cell.text for cell in source.cells), *modules)]
    text = "\n\n".join(texts)
    if len(text) > LONGEST:
        raise Unreadable(f"{source.name} is too long to be compared: {len(text):,} characters.")
    return Work(students, source.name, text, CodeFingerprint("code.py", PASSAGE, 1, fp=io.StringIO(text)))


def _obligatory(assignment: Assignment, others: set[str]) -> set[int]:
    """The passages of the starters, and those that right solutions in two styles have in common."""
    given = _passages(assignment.folder.glob("starter*"), assignment.name, others)
    right = Counter(h for own in _passages((assignment.folder / "alternatives").glob("*.py"), "", others) for h in own)
    return set().union(*given) | {h for h, styles in right.items() if styles > 1}


def _passages(files: Iterable[Path], name: str, others: set[str]) -> Iterator[set[int]]:
    for file in files:
        try:
            yield _work(frozenset(), read(file, name), others).passages.hashes
        except Unreadable:
            continue


def _common(works: Iterable[Work]) -> set[int]:
    """The passages of more than a quarter of the class."""
    by_students: dict[frozenset[str], set[int]] = {}
    for work in works:
        by_students.setdefault(work.students, set()).update(work.passages.hashes)
    counts = Counter(h for own in by_students.values() for h in own)
    return {h for h, students in counts.items() if students > max(FEW, len(by_students) / 4)}


def _pairs(works: list[Work], least: float) -> list[Pair]:
    best: dict[frozenset[frozenset[str]], Pair] = {}
    for a, b in itertools.combinations(works, 2):
        mine, theirs = a.passages.hashes, b.passages.hashes
        if a.students & b.students or 8 * len(mine & theirs) < least * (len(mine) + len(theirs)):
            continue  # what they share in characters is at most a few times what they share in passages
        pair, who = _compared(a, b), frozenset((a.students, b.students))
        if pair and pair.score >= least and (who not in best or pair.score > best[who].score):
            best[who] = pair
    return sorted(best.values(), key=lambda p: (-p.score, p.first.students, p.second.students))


def _compared(a: Work, b: Work) -> Pair | None:
    shared, shares, spans = compare_files(a.passages, b.passages)
    if shared < LEAST:
        return None
    sizes = [work.passages.token_coverage for work in (a, b)]
    score = sum(share * size for share, size in zip(shares, sizes, strict=True)) / sum(sizes)
    first, second = (
        Side(
            ", ".join(sorted(work.students)),
            work.file,
            work.text,
            float(share),
            [(int(start), int(end)) for start, end in own.T],
        )
        for work, share, own in zip((a, b), shares, spans, strict=True)
    )
    return Pair(float(score), first, second)
