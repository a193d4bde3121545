"""The roster: who is in the class, from a CSV file as learning platforms export it.

Columns are known by their headers, whatever their order, case and punctuation:

    Canvas gradebook    Student (or LastName, FirstName), ID, SIS User ID, SIS Login ID, Section
                        (canvas-lms lib/gradebook_exporter.rb)
    Moodle              First name, Last name or Surname, ID number, Email address, Username; Full name and Identifier
                        in the grading worksheet (moodle grade/export, mod/assign)
    Gradescope          First Name, Last Name or Full Name, SID, Email, Role, Section (memberships.csv)
    GitHub Classroom    identifier, github_username, github_id, name (classroom_roster.csv)
    by hand             name, id, email, login; one of them is enough

Cells are separated by commas, semicolons or tabs. UTF-8 and UTF-16 are known by their byte order mark; a file without
one is UTF-8 or, where it cannot be, Windows-1252, which is what Excel writes in Europe and America.
"""

import codecs
import contextlib
import csv
import io
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from grader.handin import printable

_FIELDS = {
    "student": "name", "name": "name", "fullname": "name", "studentname": "name",
    "firstname": "given", "givenname": "given",
    "lastname": "family", "surname": "family", "familyname": "family",
    "id": "id", "idnumber": "id", "sid": "id", "studentid": "id", "sisuserid": "id", "identifier": "identifier",
    "email": "email", "emailaddress": "email",
    "login": "login", "username": "login", "sisloginid": "login", "githubusername": "login",
    "section": "section", "sections": "section", "groups": "section",
    "role": "role", "roles": "role",
}  # fmt: skip
_IDENTIFIERS = {"id": "id", "identifier": "identifier", "email": "e-mail", "login": "login"}
_CANVAS = {"Student", "SIS Login ID"}
_NAMING = {"name", "given", "family", *_IDENTIFIERS}
_STAFF = {"instructor", "ta", "reader", "observer", "teacher", "editingteacher", "noneditingteacher", "manager"}
_POINTS = "Points Possible"
_NO_STUDENT = (_POINTS, "Test Student")
"""Names in Canvas's gradebook that are nobody's."""
_PLAIN_LETTERS = str.maketrans({"ı": "i", "ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe"})


class RosterError(Exception):
    """The roster cannot be used; the text is one sentence."""


@dataclass(frozen=True)
class Person:
    """One student of the roster; what the file does not say is empty."""

    name: str = ""
    """Given name first."""
    id: str = ""
    email: str = ""
    login: str = ""
    section: str = ""
    student: str = ""
    """How results call them: the name, with id, e-mail or login where it is another's name as well."""
    cells: Mapping[str, str] = field(default_factory=dict, hash=False)
    """The row as it stands in the file: header -> cell."""


class Roster:
    """The students of a class, in the order of the file."""

    def __init__(
        self, people: Iterable[Person], headers: Iterable[str], points_possible: Mapping[str, str] | None = None
    ) -> None:
        self.people = tuple(people)
        self.headers = tuple(headers)
        """Those of the file."""
        self.points_possible = points_possible or {}
        """Canvas's row of that name: header -> cell."""
        self._names: dict[str, set[Person]] = defaultdict(set)
        self._plain_names: dict[str, set[Person]] = defaultdict(set)
        self._identifiers: dict[str, dict[str, set[Person]]] = defaultdict(lambda: defaultdict(set))
        for person in self.people:
            for name in _turns(person.name):
                self._names[_letters(name)].add(person)
                self._plain_names[_plain(name)].add(person)
            for kind, value in _identifiers(person.cells):
                self._identifiers[kind][_same(value)].add(person)
            if self.is_canvas:
                self._identifiers["canvas"][_same(_text(person.cells.get("ID", "")))].add(person)

    @property
    def is_canvas(self) -> bool:
        """Whether its column ID holds Canvas's own numbers."""
        return "SIS Login ID" in self.headers

    def find(self, clues: Mapping[str, str]) -> set[Person]:
        """Who fits what is known of a hand-in: one, nobody, or several where it does not say which of them.

        clues : kind -> text. The kinds are name, id, email, login, identifier (of Moodle's worksheet and of GitHub
        Classroom), canvas (the number that Canvas gives to a user), and any for a text that may be each but the last. A
        clue that fits nobody says nothing; clues that fit different people fit all of them.
        """
        found = [people for kind, text in clues.items() if (people := self._fitting(kind, text))]
        if not found:
            return set()
        return set.intersection(*found) or set.union(*found)

    def _fitting(self, kind: str, text: str) -> set[Person]:
        fitting: set[Person] = set()
        if kind in ("name", "any") and text.strip():
            fitting |= self._names.get(_letters(text)) or self._plain_names.get(_plain(text), set())
        for known in _IDENTIFIERS if kind == "any" else (kind,):
            fitting |= self._identifiers[known].get(_same(text), set()) if text.strip() else set()
        return fitting


def read_roster(path: Path) -> Roster:
    """Read a roster. Raises RosterError.

    Rows that are no student's are left out: Canvas's points possible, its test student and its row of posting policies,
    and whoever has the role of an instructor.
    """
    name = printable(path.name)
    text = _decoded(path, name)
    headers, rows = _table(text, name)
    fields = {header: _FIELDS.get(_letters(header), "") for header in headers}
    if not _NAMING & set(fields.values()):
        given = ", ".join(printable(h) for h in headers[:6])
        raise RosterError(f"{name} has the columns {given}; one with a name, an id, an e-mail or a login is needed.")
    if twice := [h for h, count in Counter(headers).items() if count > 1]:
        raise RosterError(f"{name} has two columns {printable(twice[0])!r}; rename one of them.")
    people: dict[int, Person] = {}
    points_possible: dict[str, str] = {}
    for line, row in rows:
        if any(map(_text, row[len(headers) :])) or len(row) < len(headers):
            raise RosterError(
                f"{name}, line {line}: its length is {len(row)}, but that of the header {len(headers)}; mend the row."
            )
        cells = dict(zip(headers, row, strict=False))
        if _is_staff(cells, fields):
            continue
        if person := _person(cells, fields):
            people[line] = person
        elif not _CANVAS & cells.keys():
            raise RosterError(f"{name}, line {line}: this row names nobody; fill it in, or take it out.")
        elif _POINTS in row[0]:
            points_possible = cells
    if not people:
        raise RosterError(f"{name} has a header, but no students.")
    _expect_no_doubles(people, name)
    return Roster(_called_apart(people, name), headers, points_possible)


def _decoded(path: Path, name: str) -> str:
    try:
        data = path.read_bytes()
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise RosterError(f"The roster {name} cannot be read: {why}.") from None
    if data.startswith(b"PK"):
        raise RosterError(f"{name} is a spreadsheet or a zip; save it as CSV.")
    marks = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
    marked = [encoding for mark, encoding in marks.items() if data.startswith(mark)]
    for encoding in marked or ("utf-8", "cp1252"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise RosterError(f"{name} is no text in UTF-8, UTF-16 with a byte order mark or Windows-1252; save it as UTF-8.")


def _table(text: str, name: str) -> tuple[list[str], Iterator[tuple[int, list[str]]]]:
    """The header and the rows that are not blank, each with its line. The delimiter is the one that finds most."""
    tables = []
    for delimiter in ",;\t":
        rows = _rows(text, delimiter, name)
        with contextlib.suppress(StopIteration, RosterError):
            headers = [" ".join(_text(cell).split()) for cell in next(rows)[1]]
            while not headers[-1]:
                headers.pop()
            tables.append((sum(_letters(h) in _FIELDS for h in headers), len(headers), headers, rows))
    if not tables:
        raise RosterError(f"{name} is empty; a header and a row for each student are needed.")
    return max(tables, key=lambda table: table[:2])[2:]


def _rows(text: str, delimiter: str, name: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    try:
        for row in reader:
            if any(_text(cell) for cell in row):
                yield line, row
            line = reader.line_num + 1
    except csv.Error as error:
        raise RosterError(f"{name}, line {line}: this row is broken, {error}; mend it.") from None


def _is_staff(cells: Mapping[str, str], fields: Mapping[str, str]) -> bool:
    return any(fields[header] == "role" and _letters(cell) in _STAFF for header, cell in cells.items())


def _person(cells: dict[str, str], fields: Mapping[str, str]) -> Person | None:
    """The student of a row, None where it is nobody's."""
    first: dict[str, str] = {}
    for header, cell in cells.items():
        if text := " ".join(_text(cell).split()):
            first.setdefault(fields[header], text)
    identifier = first.get("identifier", "")
    name = first.get("name", "") or f"{first.get('given', '')} {first.get('family', '')}".strip()
    name = _given_first(name or identifier)
    if not (name or first.keys() & _IDENTIFIERS.keys()) or (_CANVAS & cells.keys() and name in _NO_STUDENT):
        return None
    id = first.get("id", identifier)
    own = {key: first.get(key, "") for key in ("email", "login", "section")}
    return Person(unicodedata.normalize("NFC", name), id, **own, cells=cells)


def _expect_no_doubles(people: Mapping[int, Person], name: str) -> None:
    seen: dict[tuple[str, str], int] = {}
    for line, person in people.items():
        for header, cell in person.cells.items():
            kind = _FIELDS.get(_letters(header), "")
            if kind not in _IDENTIFIERS or not (value := _text(cell)):
                continue
            before = seen.setdefault((header, _same(value)), line)
            if before != line:
                what = f"{_IDENTIFIERS[kind]} {printable(value)}"
                raise RosterError(f"{name}, lines {before} and {line}: both have the {what}; keep one.")


def _called_apart(people: Mapping[int, Person], name: str) -> Iterator[Person]:
    """Each person with a name of their own for the results."""
    namesakes = Counter(_letters(p.name) for p in people.values() if p.name)
    taken: dict[str, int] = {}
    for line, person in people.items():
        identifier = person.id or person.email or person.login
        student = printable(person.name or identifier)
        if namesakes[_letters(person.name)] > 1 and identifier:
            student = f"{student} ({printable(identifier)})"
        elif namesakes[_letters(person.name)] > 1:
            lines = [n for n, p in people.items() if _letters(p.name) == _letters(person.name)]
            where = f"{name}, lines {lines[0]} and {lines[1]}"
            raise RosterError(f"{where}: both are {student}; each needs an id, an e-mail or a login.")
        if taken.setdefault(student, line) != line:
            raise RosterError(f"{name}, lines {taken[student]} and {line}: both would be called {student}; rename one.")
        yield replace(person, student=student)


def _identifiers(cells: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for header, cell in cells.items():
        kind = _FIELDS.get(_letters(header), "")
        if kind in _IDENTIFIERS and (text := _text(cell)):
            yield kind, text


def _text(cell: str) -> str:
    """What a cell says: Excel's ="0012" is 0012."""
    cell = cell.strip()
    return cell[2:-1].strip() if cell.startswith('="') and cell.endswith('"') else cell


def _given_first(name: str) -> str:
    family, comma, given = name.partition(",")
    return f"{given.strip()} {family.strip()}".strip() if comma else name


def _turns(name: str) -> Iterator[str]:
    """A name with the family name last, first, and wherever else it may begin."""
    words = name.split()
    for start in range(len(words)):
        yield " ".join(words[start:] + words[:start])


def _same(text: str) -> str:
    """A text without differences of case, width and Unicode form."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text.strip()).casefold())


def _letters(text: str) -> str:
    """The letters, digits and accents of a text; all of it where there are none."""
    same = _same(text)
    return "".join(c for c in same if unicodedata.category(c)[0] in "LNM") or same


def _plain(text: str) -> str:
    """The letters and digits without their accents."""
    parts = unicodedata.normalize("NFKD", _letters(text))
    return "".join(c for c in parts if unicodedata.category(c)[0] != "M").translate(_PLAIN_LETTERS)
