"""Rosters as platforms export them, what is wrong with the others, and who fits what is known of a hand-in."""

import codecs
import unicodedata
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from grader.classroom.roster import Person, Roster, RosterError, read_roster

CANVAS = """\
Student,ID,SIS User ID,SIS Login ID,Section,Activations (48213),Final Score
,,,,,Manual Posting,
    Points Possible,,,,,100,(read only)
"Lovelace, Ada",9001,S123,ada,DL-01,92.5,92.5
"Fernández, Lucía",9002,S124,lucia@example.edu,"DL-01 and DL-02",,
"Student, Test",9999,,8d1c,DL-01,,
"""
MOODLE = """\
First name,Surname,ID number,Institution,Department,Email address,Assignment: Activations (Real),Last downloaded
Ada,Lovelace,S123,,,ada@example.edu,-,1790000000
Minh Khôi,Nguyễn,S124,,,khoi@example.edu,,1790000000
"""
WORKSHEET = """\
Identifier,Full name,ID number,Email address,Status,Grade
Participant 1234567,Ada Lovelace,S123,ada@example.edu,Submitted for grading,
"""
GRADESCOPE = """\
First Name,Last Name,SID,Email,Role,Section
Ada,Lovelace,0012,ada@example.edu,Student,A
Grace,Hopper,,grace@example.edu,Instructor,
Alan,Turing,0013,alan@example.edu,Student,B
Tim,Lee,,tim@example.edu,TA,
"""
GITHUB = """\
"identifier","github_username","github_id","name"
"ada@example.edu","adalovelace","583231","Ada Lovelace"
"Turing, Alan","","",""
"""


def roster(folder: Path, text: str | bytes) -> Roster:
    path = folder / "roster.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_roster(path)


def people(found: Roster) -> list[tuple[str, str, str, str, str]]:
    return [(p.name, p.id, p.email, p.login, p.section) for p in found.people]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            CANVAS,
            [
                ("Ada Lovelace", "9001", "", "ada", "DL-01"),
                ("Lucía Fernández", "9002", "", "lucia@example.edu", "DL-01 and DL-02"),
            ],
        ),
        (
            "LastName,FirstName,ID,SIS Login ID,Section\n    Points Possible,,,,\nLovelace,Ada,1,ada,A\n",
            [("Ada Lovelace", "1", "", "ada", "A")],
        ),
        (
            MOODLE,
            [
                ("Ada Lovelace", "S123", "ada@example.edu", "", ""),
                ("Minh Khôi Nguyễn", "S124", "khoi@example.edu", "", ""),
            ],
        ),
        (
            "First name,Last name,Username,Email address,Groups,Roles\nAda,Lovelace,al1,a@x.edu,DL-01,Student\n"
            "Grace,Hopper,gh,g@x.edu,,Non-editing teacher\n",
            [("Ada Lovelace", "", "a@x.edu", "al1", "DL-01")],
        ),
        (WORKSHEET, [("Ada Lovelace", "S123", "ada@example.edu", "", "")]),
        (
            GRADESCOPE,
            [
                ("Ada Lovelace", "0012", "ada@example.edu", "", "A"),
                ("Alan Turing", "0013", "alan@example.edu", "", "B"),
            ],
        ),
        (
            "Full Name,Email,SID\nAda Lovelace,ada@example.edu,0012\n",
            [("Ada Lovelace", "0012", "ada@example.edu", "", "")],
        ),
        (
            GITHUB,
            [
                ("Ada Lovelace", "ada@example.edu", "", "adalovelace", ""),
                ("Alan Turing", "Turing, Alan", "", "", ""),
            ],
        ),
        ("name,id,email,login\nAda,1,a@x.edu,ada\n", [("Ada", "1", "a@x.edu", "ada", "")]),
        ("login\nada\nalan\n", [("", "", "", "ada", ""), ("", "", "", "alan", "")]),
        ('id,name\n="0012",  Ada \t Lovelace \n', [("Ada Lovelace", "0012", "", "", "")]),
        ("\n\n E-MAIL ,Full_Name\n\na@x.edu,Ada\n,,,\n\n", [("Ada", "", "a@x.edu", "", "")]),
    ],
)
def test_forms(tmp_path: Path, text: str, expected: list[tuple[str, ...]]) -> None:
    assert people(roster(tmp_path, text)) == expected


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "cp1252"])
def test_encodings_and_delimiters(tmp_path: Path, delimiter: str, newline: str, encoding: str) -> None:
    text = f"name;id{newline}Fernández, Lucía;1{newline}Søren Ångström;2{newline}".replace(";", delimiter)
    text = text.replace("Fernández, Lucía", '"Fernández, Lucía"')
    data = codecs.BOM_UTF16_BE * (encoding == "utf-16-be") + text.encode(encoding)
    assert [p.name for p in roster(tmp_path, data).people] == ["Lucía Fernández", "Søren Ångström"]


def test_the_row_can_be_given_back(tmp_path: Path) -> None:
    found = roster(tmp_path, CANVAS)
    assert list(found.people[0].cells) == list(found.headers) == CANVAS.split("\n")[0].split(",")
    assert list(found.people[0].cells.values()) == ["Lovelace, Ada", "9001", "S123", "ada", "DL-01", "92.5", "92.5"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "roster.csv is empty; a header and a row for each student are needed."),
        (" \n\n", "roster.csv is empty; a header and a row for each student are needed."),
        ("name,id\n\n", "roster.csv has a header, but no students."),
        (
            "assignment;points\nactivations;3\n",
            "roster.csv has the columns assignment, points; one with a name, an id, an e-mail or a login is needed.",
        ),
        ("id,name,name\n1,Ada,\n", "roster.csv has two columns 'name'; rename one of them."),
        ("name,id\nAda,1\nBen,2\nCem,1\n", "roster.csv, lines 2 and 4: both have the id 1; keep one."),
        ("id,email\n1,A@x.edu\n2,a@X.edu\n", "roster.csv, lines 2 and 3: both have the e-mail a@X.edu; keep one."),
        ("login\nada\nADA\n", "roster.csv, lines 2 and 3: both have the login ADA; keep one."),
        (
            "name,id\nAda Lovelace,1\nada lovelace,\n",
            "roster.csv, lines 2 and 3: both are ada lovelace; each needs an id, an e-mail or a login.",
        ),
        ("name,id\nAda,1\nBen\n", "roster.csv, line 3: its length is 1, but that of the header 2; mend the row."),
        ("name,id\nAda,1\nBen,2,3\n", "roster.csv, line 3: its length is 3, but that of the header 2; mend the row."),
        ("name,id,note\nAda,1,\n,,late\n", "roster.csv, line 3: this row names nobody; fill it in, or take it out."),
        ('name,id\n"A\nda",1\n"Ben,2\n', "roster.csv, line 4: this row is broken, unexpected end of data; mend it."),
        ('name,id\n"Ada"x,1\n', "roster.csv, line 2: this row is broken, ',' expected after '\"'; mend it."),
        (b"PK\x03\x04", "roster.csv is a spreadsheet or a zip; save it as CSV."),
        (
            "name,id\nAda,1\n".encode("utf-16-le"),
            "roster.csv is no text in UTF-8, UTF-16 with a byte order mark or Windows-1252; save it as UTF-8.",
        ),
    ],
)
def test_what_is_wrong_is_one_sentence(tmp_path: Path, text: str | bytes, said: str) -> None:
    with pytest.raises(RosterError) as error:
        roster(tmp_path, text)
    assert str(error.value) == said


def test_no_such_file(tmp_path: Path) -> None:
    with pytest.raises(RosterError, match=r"^The roster nobody.csv cannot be read: No such file or directory\.$"):
        read_roster(tmp_path / "nobody.csv")
    with pytest.raises(RosterError, match=r"^The roster .* cannot be read: Is a directory\.$"):
        read_roster(tmp_path)


def test_namesakes_are_told_apart(tmp_path: Path) -> None:
    found = roster(tmp_path, "name,id,email\nAda Lovelace,1,\nada lovelace,,ada@x.edu\nBen,3,\n")
    assert [p.student for p in found.people] == ["Ada Lovelace (1)", "ada lovelace (ada@x.edu)", "Ben"]
    assert found.find({"any": "Ada Lovelace"}) == set(found.people[:2])
    assert found.find({"any": "1"}) == {found.people[0]}
    assert found.find({"name": "Ada Lovelace", "email": "ADA@x.edu"}) == {found.people[1]}


def test_hostile_names(tmp_path: Path) -> None:
    names = ["../../etc/passwd", "\u202eada", "b\x1b[2J", "x" * 300, "x" * 299 + "y", "<script>", "=cmd()", "🎉"]
    rows = "".join(f'"{name}",{n}\n' for n, name in enumerate(names))
    found = roster(tmp_path, f'name,id\n{rows}"Ada\nLovelace",99\n')
    called = [p.student for p in found.people]
    assert len(set(called)) == len(called) == 9
    assert called[:3] == ["../../etc/passwd", "\\u202eada", "b␛[2J"]
    assert called[-1] == "Ada Lovelace"
    assert all(c.isprintable() for name in called for c in name)
    for person in found.people:
        assert found.find({"any": person.name}) == {person}


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("Ada Lovelace", "Lovelace, Ada"),
        ("Ada Lovelace", "lovelace_ada"),
        ("Ada Lovelace", "AdaLovelace"),
        ("Ada King Lovelace", "lovelaceadaking"),
        ("Lucía Fernández", unicodedata.normalize("NFD", "LUCÍA FERNÁNDEZ")),
        ("Lucía Fernández", "Lucia Fernandez"),
        ("Elif Yılmaz", "yilmazelif"),
        ("Søren Æbelø", "Soren Aebelo"),
        ("Łukasz Wiśniewski", "wisniewskilukasz"),
        ("Jürgen Groß", "GROSS, JÜRGEN"),
        ("Nguyễn Minh Khôi", "Minh Khoi Nguyen"),
        ("Sinéad O’Brien-Smith", "obriensmithsinead"),
        ("Катерина Шевченко", "шевченкокатерина"),
        ("Γιώργος Παπαδόπουλος", "ΠΑΠΑΔΟΠΟΥΛΟΣ ΓΙΩΡΓΟΣ"),
        ("佐藤 花", "花 佐藤"),
        ("김 민준", unicodedata.normalize("NFD", "민준김")),
        ("محمد علي", "علي محمد"),
        ("राम कुमार", "कुमार, राम"),
        ("สมชาย ใจดี", "ใจดี สมชาย"),
        ("Ａｄａ", "ada"),
    ],
)
def test_a_name_is_known_however_it_is_written(name: str, written: str) -> None:
    person, other = Person(name, student=name), Person("Somebody Else", student="other")
    assert Roster([person, other], []).find({"any": written}) == {person}


def test_accents_tell_apart_whom_they_can() -> None:
    with_accent, without = Person("José García", student="1"), Person("Jose Garcia", student="2")
    found = Roster([with_accent, without], [])
    assert found.find({"any": "garcía, josé"}) == {with_accent}
    assert found.find({"any": "Garcia, Jose"}) == {without}


def test_nobody_is_guessed(tmp_path: Path) -> None:
    found = roster(tmp_path, "name,id,login\nMei Lin,1,lin-mei2\nLin Mei,2,a-da\nA Da,3,x\nOle,4,mei\n")
    mei, lin, da, ole = found.people
    assert found.find({"any": "Mei Lin"}) == {mei, lin}, "the order of the parts is not known"
    assert found.find({"any": "a-da"}) == {lin, da}, "a login of one, a name of another"
    assert found.find({"login": "a-da"}) == {lin}
    assert found.find({"login": "ada"}) == set(), "a login is what it is"
    assert found.find({"name": "Ole", "id": "2"}) == {ole, lin}, "clues that disagree"
    assert found.find({"name": "somebody", "id": "2"}) == {lin}
    assert found.find({"any": ""}) == found.find({"any": " ", "name": ""}) == found.find({}) == set()
    assert found.find({"canvas": "1"}) == set(), "Canvas's numbers are in Canvas's roster alone"


def test_the_numbers_of_platforms(tmp_path: Path) -> None:
    canvas = roster(tmp_path, CANVAS)
    assert [p.name for p in canvas.find({"canvas": "9001"})] == ["Ada Lovelace"]
    assert [p.name for p in canvas.find({"any": "s124"})] == ["Lucía Fernández"], "every id counts"
    worksheet = roster(tmp_path, WORKSHEET)
    assert [p.name for p in worksheet.find({"name": "Participant", "identifier": "Participant 1234567"})] == [
        "Ada Lovelace"
    ]


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=60), st.sampled_from([b"", b"name,id\n", b"name;login\n", b"\xff\xfe"]))
@example(b'"', b"name,id\n")
@example(b"a" * 200_000 + b",1", b"name,id\n")
def test_any_file_is_a_roster_or_one_sentence(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, head: bytes
) -> None:
    said = ""
    try:
        called = [p.student for p in roster(tmp_path_factory.getbasetemp(), head + data).people]
    except RosterError as error:
        called, said = ["nobody"], str(error)
    assert len(set(called)) == len(called) > 0
    assert not said or (said.endswith(".") and said.isprintable())
