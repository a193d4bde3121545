"""A class folder as a learning platform gives it: which entry is whose, and when it was handed in.

Whose an entry is follows from the roster alone. One that fits nobody, or several people, stays an entry of its own.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from grader import handin
from grader.classroom.roster import Person, Roster
from grader.handin import LIMITS, printable

METADATA = "submission_metadata.yml"

_CANVAS = re.compile(
    r"(?P<name>.+?)(?P<late>_LATE)?_(?P<user>\d+)_(?:(?P<number>\d+)_(?P<file>.+)|(?P<page>text|link)\.html)", re.DOTALL
)
_MOODLE = re.compile(r"(?P<name>.+)_(?P<number>\d+)_assignsubmission_(?P<kind>[a-z]+)(?:_(?P<file>.*))?", re.DOTALL)
_TIME = re.compile(r"(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d(?:\.\d{1,6})?)\d*\s*(Z|[+-]\d\d:?\d\d)?")
_ESCAPE = re.compile(r"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(.))", re.DOTALL)
_ESCAPED = {"n": "\n", "t": "\t", "r": "\r", "0": "\0", "e": "\x1b", "_": "\xa0", "N": "\x85"}


class DownloadError(Exception):
    """The class folder cannot be understood; the text is one sentence."""


@dataclass(frozen=True)
class Attempt:
    """One entry of a class folder."""

    path: Path
    submitters: tuple[Mapping[str, str], ...]
    """What is known of each of them, as clues for `Roster.find`. A group's hand-in has several."""
    file: str = ""
    """The student's own name for it, where the platform put more in front of it."""
    of_one_assignment: bool = False
    """Whether the platform keeps it for one assignment, whatever the student called the files."""
    submitted: datetime | None = None
    """When it was handed in, from the platform's data."""
    late: bool | None = None
    """None where the platform does not say."""
    number: int | None = None
    """Counts up from one attempt of a student to the next."""


@dataclass(frozen=True)
class Matches:
    """The entries of a class folder by whose they are."""

    of: dict[Person, list[Attempt]]
    """Those on the roster who handed something in."""
    unmatched: dict[Path, tuple[Attempt, str]]
    """The others, each with the sentence that says why."""


def attempts(folder: Path, assignment: str, others: Sequence[str] = ()) -> list[Attempt]:
    """Every entry of a class folder, without what repositories of the other assignments hold.

    Raises DownloadError, and OSError for no folder.
    """
    metadata = _gradescope(folder / METADATA)
    found = (_attempt(p, assignment, others, metadata) for p in sorted(folder.iterdir()) if _is_hand_in(p))
    return [attempt for attempt in found if attempt]


def match(found: Iterable[Attempt], roster: Roster) -> Matches:
    """Whose each of them is. No attempt is lost, and none that one student handed in is given to two."""
    of: dict[Person, list[Attempt]] = defaultdict(list)
    unmatched: dict[Path, tuple[Attempt, str]] = {}
    for attempt in found:
        for clues in attempt.submitters:
            people = roster.find(clues)
            if len(people) != 1:
                unmatched.setdefault(attempt.path, (attempt, _why(attempt, clues, people)))
            elif attempt not in (own := of[people.pop()]):
                own.append(attempt)
    return Matches(dict(of), unmatched)


def _why(attempt: Attempt, clues: Mapping[str, str], people: set[Person]) -> str:
    name = printable(attempt.path.name)
    said = [text for text in clues.values() if text and not any(t in attempt.path.name for t in clues.values())]
    shown = f"{name} ({', '.join(map(printable, said))})" if said else name
    if not people:
        return f"{shown} belongs to nobody on the roster."
    several = sorted(person.student for person in people)
    return f"{shown} may belong to {', '.join(several[:-1])} or {several[-1]}; name it after an id, e-mail or login."


def _is_hand_in(path: Path) -> bool:
    if handin.is_ignored(path.name):
        return False
    return path.is_dir() or path.suffix.lower() in LIMITS or bool(_of_platform(path))


def _of_platform(path: Path) -> re.Match[str] | None:
    """The parts of a name that Canvas or Moodle put together.

    Canvas: `lovelaceada_LATE_9001_483920_activations-1.py` is the sortable name without punctuation, LATE where it was,
    the user's id, the id of the attachment, and the file; a text typed into the page is `lovelaceada_9001_text.html`
    (canvas-lms lib/content_zipper.rb, get_filename and add_upload_submission).

    Moodle: `Ada Lovelace_1234567_assignsubmission_file_/activations.py`, or without the last underscore; before 3.1 and
    where folders are switched off `Ada Lovelace_1234567_assignsubmission_file_activations.py`. They begin with the full
    name and the participant's number (moodle mod/assign/classes/downloader.php, get_student_prefix).
    """
    return _MOODLE.fullmatch(path.name) or (None if path.is_dir() else _CANVAS.fullmatch(path.name))


def _attempt(
    path: Path, assignment: str, others: Sequence[str], metadata: Mapping[str, tuple[list[dict[str, str]], str]]
) -> Attempt | None:
    """An entry, None for the repository of another assignment.

    GitHub Classroom names a repository `activations-adalovelace`, by assignment and login (docs.github.com, "Create an
    individual assignment").
    """
    if path.name in metadata and path.is_dir():
        submitters, created = metadata[path.name]
        return Attempt(path, tuple(submitters), of_one_assignment=True, submitted=_time(created))
    if parts := _of_platform(path):
        return _of_moodle(path, parts) if parts.re is _MOODLE else _of_canvas(path, parts)
    name = path.name if path.is_dir() else path.stem
    begins = [n for n in (assignment, *others) if name.lower().startswith(f"{n.lower()}-")]
    if begins and path.is_dir():
        prefix = max(begins, key=len)
        login = {"login": name[len(prefix) + 1 :], "any": name}
        return Attempt(path, (login,), of_one_assignment=True) if prefix == assignment else None
    return Attempt(path, ({"any": name},))


def _of_canvas(path: Path, parts: re.Match[str]) -> Attempt:
    clues = {"name": parts["name"], "canvas": parts["user"]}
    number = int(parts["number"]) if parts["number"] else None
    file = parts["file"] or f"{parts['page']}.html"
    return Attempt(path, (clues,), file, of_one_assignment=True, late=bool(parts["late"]), number=number)


def _of_moodle(path: Path, parts: re.Match[str]) -> Attempt:
    clues = {"name": parts["name"], "identifier": f"Participant {parts['number']}"}
    file = "" if path.is_dir() else parts["file"] or path.name
    return Attempt(path, (clues,), file, of_one_assignment=parts["kind"] == "file")


def _gradescope(file: Path) -> dict[str, tuple[list[dict[str, str]], str]]:
    """Gradescope's bulk export: folder -> its submitters as clues, and when it was submitted.

    Ruby's Psych writes the file, so that what is needed always has the same indentation, and what is not (the results,
    with whatever the student printed) a deeper one:

        submission_12345:
          :submitters:
          - :name: Ada Lovelace
            :sid: '0012'
            :email: ada@example.edu
          :created_at: 2026-10-01 09:30:00.123456000 Z

    Seen in fixtures and readers of such exports (yaml.safe_load(...)[folder][':submitters'][0][':sid']).
    """
    try:
        text = file.read_bytes().decode().replace("\r\n", "\n")
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as error:
        raise DownloadError(f"{METADATA} cannot be read: {getattr(error, 'strerror', None) or 'not UTF-8'}.") from None
    found = {}
    for block in re.split(r"^(?=\S)", text, flags=re.MULTILINE):
        if not (head := re.match(r"(.+):[ \t]*\n", block)):
            continue
        submitters = re.search(r"^  :submitters:[ \t]*\n((?:  [- ] .*\n?)*)", block, re.MULTILINE)
        people = re.split(r"^  - ", submitters[1], flags=re.MULTILINE)[1:] if submitters else []
        created = re.search(r"^  :created_at: (.*)", block, re.MULTILINE)
        found[_scalar(head[1])] = [_submitter(p) for p in people] or [{}], created[1] if created else ""
    if not found:
        raise DownloadError(f"{METADATA} lists no submissions; export them again, or take the file away.")
    return found


def _submitter(item: str) -> dict[str, str]:
    said = dict(re.findall(r"^ *:(\w+): *(.*(?:\n {5,}.*)*)", item, re.MULTILINE))
    clues = {"name": "name", "email": "email", "sid": "id"}
    return {kind: _scalar(said[key]) for key, kind in clues.items() if key in said}


def _scalar(text: str) -> str:
    """A YAML scalar on one or several lines; empty where it is a null or of another kind."""
    text = " ".join(line.strip() for line in text.splitlines())
    if text.startswith("'"):
        return text[1:-1].replace("''", "'")
    if text.startswith('"'):
        return _ESCAPE.sub(_unescaped, text[1:-1])
    return "" if text.startswith(("|", ">", "!", "&", "*", "~")) or text == "null" else text


def _unescaped(found: re.Match[str]) -> str:
    code = int(found[1] or found[2] or found[3] or "0", 16)
    if found[4]:
        return _ESCAPED.get(found[4], found[4])
    return chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd"


def _time(text: str) -> datetime | None:
    """A timestamp of YAML, which is in UTC where it names no zone."""
    if not (parts := _TIME.search(text)):
        return None
    try:
        moment = datetime.fromisoformat(f"{parts[1]}T{parts[2]}{parts[3] or ''}")
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
