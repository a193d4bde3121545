"""What other systems import: read back by their own rules, and the same totals in all of them."""

import csv
import io
import json
import re
import xml.etree.ElementTree as ElementTree
import zipfile
from datetime import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from msgspec.structs import replace

from grader.classroom.exports import ExportError, export
from grader.classroom.exports.moodle import feedback
from grader.classroom.gradebook import Gradebook
from grader.classroom.policy import Entry, Late, Policy, settle
from grader.cli import cli
from grader.cli.exports import RESULTS
from grader.report import render
from grader.report.model import Check, Report, from_json, to_json
from grader.report.outline import points
from tests.classroom import judges
from tests.report import made_up
from tests.report.hostile import HONEST, TEXTS

CANVAS = """\
Student,ID,SIS User ID,SIS Login ID,Section,Notes,Activations (48213),Final Score
,,,,,,Manual Posting,
    Points Possible,,,,,,10,(read only)
"Lovelace, Ada",9001,S1,ada,DL-01,,,
"Turing, Alan",9002,S2,alan,DL-01,,,
"Hopper, Grace",9003,S3,grace,DL-02,,,
"Lin, Mei",9004,S4,mei,DL-02,,,
"Noether, Emmy",9005,S5,emmy,DL-02,,,
"Johnson, Katherine",9006,S6,kat,DL-02,,,
"Absent, Ann",9007,S7,ann,DL-02,,,
"""
MOODLE = """\
First name,Last name,ID number,Email address
Ada,Lovelace,S1,Ada@x.edu
Alan,Turing,S2,alan@x.edu
Grace,Hopper,S3,grace@x.edu
Mei,Lin,S4,mei@x.edu
Emmy,Noether,S5,emmy@x.edu
Katherine,Johnson,S6,kat@x.edu
Ann,Absent,S7,ann@x.edu
"""
WORKSHEET = (
    "\ufeffIdentifier,\"Full name\",\"Email address\",Status,Grade,\"Maximum grade\",\"Grade can be changed\","
    "\"Last modified (grade)\",\"Feedback comments\"\r\n"
    "\"Participant 11\",\"Ada  Lovelace\",Ada@x.edu,\"Submitted, late\",1.00,10.00,Yes,-,\"old \"\"one\"\"\"\r\n"
    "Participant 12,\"Alan Turing\",alan@x.edu,\"No submission\",,10.00,Yes,\"Thursday, 1 October 2026, 9:00 PM\",\r\n"
    "\"Participant 13\",\"Grace Hopper\",grace@x.edu,-,,10.00,Yes,-,\r\n"
    "\"Participant 14\",\"Mei Lin\",mei@x.edu,=1+1,5.00,10.00,Yes,-,kept\r\n"
    "\"Participant 15\",\"Emmy Noether\",emmy@x.edu,\"two\nlines\",,10.00,Yes,-,\r\n"
    "\"Participant 17\",\"Ann Absent\",ann@x.edu,-,3.00,10.00,Yes,-,\"as it was\"\r\n"
)  # fmt: skip
LATE = Policy(late={"activations": Late(datetime.fromisoformat("2026-10-01T12:00:00+00:00"))})
TWO_DAYS_LATE = datetime.fromisoformat("2026-10-03T11:00:00+00:00")


def entry(student: str, points: float, excused: bool = False) -> Entry:
    return Entry(student, "activations", points, excused, "said in class", "N.")


def class_reports() -> list[Report]:
    """Late with an adjustment, extra points, an excuse, a check without a verdict, nothing handed in, all points, and
    someone whom no roster has."""
    adjustments = [entry("Ada Lovelace", 0.3333), entry("Alan Turing", 2), entry("Grace Hopper", 0, True)]
    ungraded = Check("test_b", "relu", "It is fast.", 0, 4, "could-not-grade", "The grader failed.")
    graded = Check("test_a", "relu", "It is right.", 6, 6, "pass")
    made = [
        judges.report("Ada Lovelace", score=8.0, status="points-lost"),
        judges.report("Alan Turing"),
        judges.report("Grace Hopper", score=0.0, status="points-lost"),
        made_up.report([graded, ungraded], student="Mei Lin", title="Activations"),
        made_up.report(
            [], student="Emmy Noether", title="Activations", status="missing", max_score=10.0, why="Nothing."
        ),
        judges.report("Katherine Johnson"),
        judges.report("Stranger"),
    ]
    when = {"Ada Lovelace": TWO_DAYS_LATE}
    return [settle(r, LATE, adjustments, when.get(r.student)) for r in made]


def graded(folder: Path, reports: list[Report]) -> Path:
    """A folder of results."""
    names = list(dict.fromkeys(r.assignment for r in reports))
    book = Gradebook(folder / "out", names, sorted({r.student for r in reports}))
    for report in reports:
        book.add(report)
    book.finish()
    return folder / "out"


def roster(folder: Path, text: str, name: str = "roster.csv") -> Path:
    (folder / name).write_bytes(text.encode())
    return folder / name


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cli, ["export", *map(str, arguments)])


class CanvasImport:
    """The import of Canvas's gradebook, for a course with these students and assignments.

    students : Canvas's id -> (SIS user id, SIS login id, name).  assignments : Canvas's id -> title.
    """

    def __init__(self, text: str, students: dict[int, tuple[str, str, str]], assignments: dict[int, str]) -> None:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=self.delimiter(text)))
        header = rows[0]
        assert len(header) > 3
        assert "Student" in header[0]
        assert "ID" in header[1]
        self.count = 3
        sis = login = None
        if header[2] == "SIS Login ID":
            login, self.count = 2, 4
        elif header[2:4] == ["SIS User ID", "SIS Login ID"]:
            sis, login, self.count = 2, 3, 5 + (header[4] == "Integration ID")
            self.count += header[self.count - 1] == "Root Account"
        assert "Section" in header[self.count - 1], "invalid header row"
        ignored = re.compile("(Current|Final) (Score|Points|Grade)|Override (Score|Grade|Status)")
        self.columns = {}
        self.new = []
        for title in header[self.count :]:
            if not ignored.search(title):
                found = re.fullmatch(r"(.*\S)\s*\((\d+)\)", title)
                known = int(found[2]) if found and int(found[2]) in assignments else None
                known = known or next((id for id, own in assignments.items() if own == title), None)
                self.new += [] if known else [title]
                self.columns[known or title] = header.index(title)
        self.maxima: dict[int | str, float] = {}
        self.grades: dict[tuple[int, int | str], str | float | None] = {}
        self.strangers = []
        for row in rows[1:]:
            if "Points Possible" in row[0]:
                self.maxima = {id: float(row[n]) for id, n in self.columns.items() if row[n]}
                continue
            if all(re.fullmatch(r"\s*(Muted|Manual Posting.*)?\s*", cell) for cell in row):
                continue
            matches = [id for id in students if row[1] == str(id)]
            matches += [id for id, (own, _, _) in students.items() if sis and row[sis] == own]
            matches += [id for id, (_, own, _) in students.items() if login and row[login] == own]
            matches += [id for id, (_, _, name) in students.items() if row[0] == name]
            if not matches:
                self.strangers.append(row[0])
                continue
            for id, n in self.columns.items():
                self.grades[matches[0], id] = self.grade(row[n].strip())

    @staticmethod
    def delimiter(text: str) -> str:
        counts = {}
        for separator in ";,":
            sizes = {len(next(csv.reader([line], delimiter=separator))) for line in text.splitlines()[:3]}
            counts[separator] = sizes.pop() if len(sizes) == 1 else 0
        return max(",;", key=lambda separator: counts[separator])

    @staticmethod
    def grade(cell: str) -> str | float | None:
        if cell in ("", "-"):
            return None
        if cell.upper() == "EX":
            return "EX"
        assert re.fullmatch(r"\d+(\.\d{1,2})?", cell), cell
        return float(cell)


STUDENTS = {
    int(row["ID"]): (row["SIS User ID"], row["SIS Login ID"], row["Student"])
    for row in csv.DictReader(io.StringIO(CANVAS))
    if row["ID"]
}
ADA, ALAN, GRACE, MEI, EMMY, KAT, ANN = STUDENTS


def test_totals_agree_everywhere(tmp_path: Path) -> None:
    """One class, graded once: what each output says of each student is one and the same."""
    reports = class_reports()
    out = graded(tmp_path, reports)
    scores = {r.student: r.score for r in reports}
    assert scores == {
        "Ada Lovelace": 6.7333, "Alan Turing": 12, "Grace Hopper": 0, "Mei Lin": 6, "Emmy Noether": 0,
        "Katherine Johnson": 10, "Stranger": 10,
    }  # fmt: skip
    shown = {student: points(score) for student, score in scores.items()}

    with (out / "grades.csv").open(encoding="utf-8") as file:
        assert {row["student"]: row["score"] for row in csv.DictReader(file)} == shown
    page = (out / "index.html").read_text("utf-8")
    of_page = re.findall(r'<a href="[^"]*">([^<]*)</a></th><td class="num"[^>]*><b>([^<]*)</b>', page)
    assert dict(of_page) == shown
    for report in reports:
        total = f'aria-label="{shown[report.student]} of {points(report.max_score)} points"'
        assert total in (out / report.student / "report.html").read_text("utf-8")
        assert json.loads(render(report, "gradescope"))["score"] == report.score

    lines = export(out, "jsonl").data.decode().splitlines()
    assert {r.student: r.score for r in map(from_json, map(str.encode, lines))} == scores
    suites = ElementTree.fromstring(export(out, "junit").data).findall("testsuite")
    values = [{p.get("name"): p.get("value") for p in s.iterfind("properties/property")} for s in suites]
    assert {own["student"]: own["score"] for own in values} == shown
    with zipfile.ZipFile(io.BytesIO(export(out, "zip").data)) as archive:
        for student, score in shown.items():
            assert f'aria-label="{score} of ' in archive.read(f"{student}.html").decode()

    # An excuse and a check without a verdict are no number; no score is rounded by more than the cent.
    expected = {"S1": 6.73, "S2": 12, "S4": None, "S5": 0, "S6": 10}
    canvas = CanvasImport(
        export(out, "canvas", roster(tmp_path, CANVAS)).data.decode(), STUDENTS, {48213: "Activations"}
    )
    by_sis = {STUDENTS[id][0]: grade for (id, _), grade in canvas.grades.items()}
    assert by_sis == {**expected, "S3": "EX", "S7": None}
    assert canvas.maxima == {48213: 10}
    moodle = list(csv.DictReader(io.StringIO(export(out, "moodle", roster(tmp_path, MOODLE)).data.decode())))
    assert {r["ID number"]: float(r["Activations"]) for r in moodle} == {k: v for k, v in expected.items() if k != "S4"}


def test_canvas_keeps_its_columns_and_names_who_is_on_one_side_only(tmp_path: Path) -> None:
    out = graded(tmp_path, class_reports())
    done = run("canvas", out, "--roster", roster(tmp_path, CANVAS))
    assert done.exit_code == 0
    assert done.stdout.splitlines() == [
        "Student,ID,SIS User ID,SIS Login ID,Section,Activations (48213)",
        "    Points Possible,,,,,10",
        '"Lovelace, Ada",9001,S1,ada,DL-01,6.73',
        '"Turing, Alan",9002,S2,alan,DL-01,12',
        '"Hopper, Grace",9003,S3,grace,DL-02,EX',
        '"Lin, Mei",9004,S4,mei,DL-02,',
        '"Noether, Emmy",9005,S5,emmy,DL-02,0',
        '"Johnson, Katherine",9006,S6,kat,DL-02,10',
        '"Absent, Ann",9007,S7,ann,DL-02,',
    ]
    assert done.stderr.splitlines() == [
        "grader: Stranger is not on the roster, so no grade of theirs is matched.",
        "grader: Ann Absent is on the roster, but has no report in activations.",
        "grader: Mei Lin could not be graded in activations, where the grade is left blank.",
    ]


def test_a_violation_is_named_and_one_without_a_verdict_has_no_grade(tmp_path: Path) -> None:
    violation = Check("test_a", "relu", "It is right.", 0, 5, "violation", "It opened a socket.")
    right = Check("test_b", "relu", "It is fast.", 5, 5, "pass")
    ungraded = replace(right, id="test_c", points=0, verdict="could-not-grade")
    out = graded(
        tmp_path,
        [
            made_up.report([violation, right], student="Ada Lovelace"),
            made_up.report([violation, right, ungraded], student="Mei Lin"),
        ],
    )
    made = export(out, "canvas", roster(tmp_path, CANVAS))
    assert '"Lovelace, Ada",9001,S1,ada,DL-01,5\n' in made.data.decode()
    assert '"Lin, Mei",9004,S4,mei,DL-02,\n' in made.data.decode()
    assert "Ada Lovelace needs a person's review in activations before the grade counts." in made.said
    assert "Mei Lin could not be graded in activations, where the grade is left blank." in made.said


@pytest.mark.parametrize(
    "header",
    [
        "Student,ID,Section",
        "Student,ID,SIS Login ID,Section",
        "Student,ID,SIS User ID,SIS Login ID,Section",
        "Student,ID,SIS User ID,SIS Login ID,Integration ID,Section",
        "Student,ID,SIS User ID,SIS Login ID,Root Account,Section",
        "Student,ID,SIS User ID,SIS Login ID,Integration ID,Root Account,Section",
    ],
)
def test_every_header_of_canvas(tmp_path: Path, header: str) -> None:
    out = graded(tmp_path, [judges.report("Ada Lovelace", score=7.5)])
    row = ",".join({"Student": '"Lovelace, Ada"', "ID": "9001"}.get(h, "x") for h in header.split(","))
    text = export(out, "canvas", roster(tmp_path, f"{header}\n{row}\n")).data.decode()
    assert text.splitlines()[0] == f"{header},Activations"
    canvas = CanvasImport(text, {9001: ("S1", "ada", "")}, {})
    assert canvas.grades == {(9001, "Activations"): 7.5}
    assert canvas.new == ["Activations"]


def test_which_column_of_canvas(tmp_path: Path) -> None:
    first = replace(judges.report("Ada Lovelace", score=1), title="All about units")
    second = judges.report("Ada Lovelace", "backprop", 2)
    out = graded(tmp_path, [first, second, judges.report("Ada Lovelace", "conv", 3)])
    people = (
        "Student,ID,SIS Login ID,Section,all  about Units (7),BackProp (8),Override Score\n"
        "    Points Possible,,,,100,\"10,00\",\n\"Lovelace, Ada\",9001,ada,A,,,\n"
    )  # fmt: skip
    made = export(out, "canvas", roster(tmp_path, people))
    header, _, row = csv.reader(io.StringIO(made.data.decode()))
    assert header[4:] == ["all about Units (7)", "BackProp (8)", "Conv"]
    assert row[4:] == ["1", "2", "3"]
    assert made.said == ["all about Units (7) is worth 100 points in Canvas, but 10 here."]
    made = export(out, "canvas", roster(tmp_path, people), ["conv", "backprop"], ["conv=HW1 (48213)"])
    header, _, row = csv.reader(io.StringIO(made.data.decode()))
    assert (header[4:], row[4:]) == (["HW1 (48213)", "BackProp (8)"], ["3", "2"])


def moodle_import(text: str, identity: str) -> dict[str, dict[str, str]]:
    """The import of Moodle's gradebook: a row for each user, found by one column, which is never blank."""
    rows = list(csv.DictReader(io.StringIO(text)))
    assert all(row[identity] for row in rows)
    return {row[identity]: row for row in rows}


def test_moodle_gradebook(tmp_path: Path) -> None:
    out = graded(tmp_path, class_reports())
    done = run("moodle", out, "--roster", roster(tmp_path, MOODLE), "--column", "activations=Homework 1")
    assert done.exit_code == 0
    assert done.stdout.splitlines()[0] == "ID number,Email address,Homework 1,Homework 1 feedback"
    rows = moodle_import(done.stdout, "Email address")
    assert list(rows) == ["Ada@x.edu", "alan@x.edu", "emmy@x.edu", "kat@x.edu"], "a blank cell would delete a grade"
    assert rows["Ada@x.edu"]["Homework 1 feedback"] == (
        "6.7333 of 10 points. -1.6 points: 2 days late: 20 % off. +0.3333 points: said in class (N.). "
        "relu: relu(-1) is -1."
    )
    assert "grader: Grace Hopper is excused in activations, which Moodle's import cannot say." in done.stderr


def test_moodle_has_the_identities_that_are_whole(tmp_path: Path) -> None:
    out = graded(tmp_path, class_reports())
    gap = MOODLE.replace("S2", "")
    header = export(out, "moodle", roster(tmp_path, gap)).data.decode().splitlines()[0]
    assert header == "Email address,Activations,Activations feedback"
    with pytest.raises(ExportError, match="one of them filled in for every student"):
        export(out, "moodle", roster(tmp_path, gap.replace("kat@x.edu", "")))
    people = "Student,ID,Section\nAda Lovelace,9001,A\n"
    with pytest.raises(ExportError, match="Moodle needs a roster with ID number"):
        export(out, "moodle", roster(tmp_path, people))


def test_moodle_worksheet_changes_nothing_else(tmp_path: Path) -> None:
    out = graded(tmp_path, class_reports())
    made = export(out, "moodle", roster(tmp_path, WORKSHEET))
    text = made.data.decode()
    ada = '"6.73",10.00,Yes,-,"6.7333 of 10 points. -1.6 points: 2 days late: 20 % off. '
    ada += '+0.3333 points: said in class (N.). relu: relu(-1) is -1."\r\n'
    failed = "The grader failed on at least one check. That costs no points: it is left out of the total."
    assert text == (
        WORKSHEET.replace('1.00,10.00,Yes,-,"old ""one"""\r\n', ada)
        .replace(
            ',10.00,Yes,"Thursday, 1 October 2026, 9:00 PM",', ',10.00,Yes,"Thursday, 1 October 2026, 9:00 PM",ALAN'
        )
        .replace('"No submission",,', '"No submission","12",')
        .replace(
            "ALAN", '"12 of 10 points. +2 points: said in class (N.). Every check passes. There is nothing to change."'
        )
        .replace("grace@x.edu,-,,10.00,Yes,-,", 'grace@x.edu,-,,10.00,Yes,-,"Excused by N.: said in class"')
        .replace("=1+1,5.00,10.00,Yes,-,kept", f'=1+1,,10.00,Yes,-,"{failed}"')
        .replace('"two\nlines",,10.00,Yes,-,', '"two\nlines","0",10.00,Yes,-,"0 of 10 points. Nothing."')
    )
    assert "Alan Turing has 12 of 10 points, which Moodle passes over." in made.said
    assert export(out, "moodle", roster(tmp_path, text)).data == made.data, "filled in twice is filled in once"


def test_moodle_feedback_is_one_safe_line(tmp_path: Path) -> None:
    for text in TEXTS.values():
        settled = settle(judges.report("Ada Lovelace", score=4, status="points-lost"), Policy())
        said = feedback(replace(settled, why=text))
        assert said.startswith("4 of 10 points. ")
        assert said.isprintable()
        assert not re.search("<[A-Za-z/!?]", said)
        assert not re.search(r""";["\s]*[=+@-]""", said)
    assert "z < 0, z <= 1, a < b" in feedback(replace(judges.report("a", score=1), why="z < 0, z <= 1, a <b"))
    people = roster(tmp_path, WORKSHEET)
    out = graded(tmp_path, [replace(made_up.hostile(), student="Ada Lovelace", assignment="activations")])
    rows = list(csv.reader(io.StringIO(export(out, "moodle", people).data.decode())))
    assert [len(row) for row in rows] == [9] * 7


def many_names() -> dict[int, str]:
    hostile = [t for t in TEXTS.values() if len(t) < 2000 and "\0" not in t and "\ud800" not in t]
    return dict(enumerate([*HONEST.values(), *hostile, "Ada, 100 Points Possible"], 1))


def test_names_in_every_script_and_hostile_ones(tmp_path: Path) -> None:
    """Everyone's grade reaches them in Canvas, no cell is run, and an honest name is exactly as it was given."""
    file = io.StringIO()
    csv.writer(file).writerows([["Student", "ID", "SIS Login ID", "Section"]])
    csv.writer(file).writerows([name, id, f"u{id}", "A"] for id, name in many_names().items())
    people = roster(tmp_path, file.getvalue())
    reports = [judges.report(f"u{id}", score=id / 10, status="points-lost") for id in many_names()]
    out = graded(tmp_path, reports)
    made = export(out, "canvas", people)
    assert made.said == []
    text = made.data.decode()
    canvas = CanvasImport(text, {id: ("", f"u{id}", name) for id, name in many_names().items()}, {})
    assert canvas.grades == {(id, "Activations"): id / 10 for id in many_names()}
    rows = list(csv.reader(io.StringIO(text)))[2:]
    assert [row[0] for row in rows][: len(HONEST)] == list(HONEST.values())
    cells = [cell for row in rows for cell in row]
    assert [cell for cell in cells if cell.lstrip(' "')[:1] in tuple("=+-@\t\r")] == []
    assert [cell for cell in cells if not cell.isprintable() and cell not in HONEST.values()] == []


def test_a_safe_cell_is_kept_with_its_spaces(tmp_path: Path) -> None:
    out = graded(tmp_path, [judges.report("Ada Lovelace")])
    text = export(out, "canvas", roster(tmp_path, "Student,ID,Section\n Ada  Lovelace ,1,A & B \n")).data.decode()
    assert text.splitlines()[2] == " Ada  Lovelace ,1,A & B ,10"


@pytest.mark.parametrize("called", ["ada", "S1", "ada lovelace", "Lovelace, Ada", "Ada Lovelace"])
def test_results_without_a_roster_are_matched_by_any_name(tmp_path: Path, called: str) -> None:
    out = graded(tmp_path, [judges.report(called, score=3)])
    assert ",DL-01,3\n" in export(out, "canvas", roster(tmp_path, CANVAS)).data.decode()


def test_whoever_fits_several_is_named(tmp_path: Path) -> None:
    out = graded(tmp_path, [judges.report("Ada Lovelace")])
    made = export(out, "jsonl", roster(tmp_path, "name,id\nAda Lovelace,1\nAda Lovelace,2\n"))
    assert made.said[0] == "Ada Lovelace fits several people on the roster, so no grade of theirs is matched."
    assert len(made.said) == 3
    assert made.data


def test_json_lines(tmp_path: Path) -> None:
    reports = [
        judges.report("b"),
        made_up.hostile("x\u2028y\n::error::z"),
        judges.report("a"),
        judges.report("a", "backprop"),
    ]
    out = graded(tmp_path, reports)
    lines = export(out, "jsonl").data.decode().split("\n")
    assert lines.pop() == ""
    assert [(r["assignment"], r["student"]) for r in map(json.loads, lines)][:3] == [
        ("activations", "a"), ("activations", "b"), ("backprop", "a"),
    ]  # fmt: skip
    files = [json.loads(to_json(r)) for r in reports]
    assert sorted(map(json.loads, lines), key=str) == sorted(files, key=str)
    assert all(len(line.splitlines()) == 1 for line in lines)


def test_junit_has_a_suite_for_each_student(tmp_path: Path) -> None:
    out = graded(tmp_path, class_reports())
    root = ElementTree.fromstring(export(out, "junit").data)
    assert [s.get("name") for s in root][:2] == ["Ada Lovelace: activations", "Alan Turing: activations"]
    single = ElementTree.fromstring(render(class_reports()[0], "junit"))[0]
    assert [e.attrib for e in root[0].iter()][1:] == [e.attrib for e in single.iter()][1:]


def test_zip_to_hand_back(tmp_path: Path) -> None:
    reports = [judges.report(name) for name in ("Zoë", "ada", "../../up", "a/b", "con", *HONEST.values())]
    out = graded(tmp_path, reports)
    made = export(out, "zip").data
    (out / "Zoë" / "report.json").touch()
    assert export(out, "zip").data == made, "the same bytes"
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        names = archive.namelist()
        assert names == sorted(names)
        assert len(names) == len(reports)
        honest = [name for name in HONEST.values() if name.isprintable()]
        assert {"Zoë.html", "ada.html", "_con.html", *(f"{name}.html" for name in honest)} < set(names)
        assert not [name for name in names if "/" in name or name.startswith(".")]
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert archive.read("ada.html").decode() == render(reports[1], "html")
    (tmp_path / "two").mkdir()
    both = graded(tmp_path / "two", [judges.report("ada"), judges.report("ada", "backprop")])
    with zipfile.ZipFile(io.BytesIO(export(both, "zip").data)) as archive:
        assert archive.namelist() == ["activations/ada.html", "backprop/ada.html"]


def test_to_a_file(tmp_path: Path) -> None:
    out, people = graded(tmp_path, class_reports()), {"canvas": CANVAS, "moodle": MOODLE}
    for format in RESULTS:
        file = tmp_path / f"{format}.out"
        given = ["--roster", roster(tmp_path, people[format])] if format in people else []
        done = run(format, out, *given, "-o", file)
        assert (done.exit_code, done.stdout) == (0, ""), format
        assert file.read_bytes() == export(out, format, given[1] if given else None).data
    assert run("jsonl", out).stdout_bytes == (tmp_path / "jsonl.out").read_bytes()


JSON, CANVAS_OUT, MOODLE_OUT = ([format, "out"] for format in ("jsonl", "canvas", "moodle"))
HEAD, ONE = "Student,ID,Section", "Student,ID,Section\nada,1,A\n"
BOTH = "activations and backprop both fit the "
OTHER = "column Activations; give one of them another with --column."


@pytest.mark.parametrize(
    ("arguments", "people", "said"),
    [
        (["jsonl", "empty"], "", "empty has no results of grader grade."),
        ([*JSON, "-a", "conv"], "", "out has no results in conv; there are: activations, backprop."),
        (CANVAS_OUT, "", "canvas needs the students as it knows them: --roster FILE"),
        (MOODLE_OUT, "", "moodle needs the students as it knows them: --roster FILE"),
        (CANVAS_OUT, "name,id\nAda,1\n", "The roster is no gradebook of Canvas, which begins with"),
        (CANVAS_OUT, "Student,ID,SIS User ID,Section\nAda,1,2,A\n", "The roster is no gradebook of Canvas"),
        (CANVAS_OUT, "Student,Section,ID\nAda,A,1\n", "The roster is no gradebook of Canvas"),
        (CANVAS_OUT, "a,b\n1,2\n", "roster.csv has the columns a, b; one with a name"),
        (
            CANVAS_OUT,
            f"{HEAD},activations (1),Activations (2)\nAda,1,A,,\n",
            "activations fits the columns activations (1) and Activations (2); say --column activations='activations",
        ),
        ([*CANVAS_OUT, "--column", "backprop=Activations"], ONE, BOTH + OTHER),
        ([*MOODLE_OUT, "--column", "backprop=Activations"], "name,email\nada,a@x.edu\n", BOTH + OTHER),
        ([*CANVAS_OUT, "--column", "backprop=Final Score"], ONE, "Canvas takes no column Final Score for an"),
        ([*CANVAS_OUT, "--column", "conv=X"], ONE, "--column conv=X is no NAME=TITLE of an assignment here;"),
        ([*CANVAS_OUT, "--column", "backprop="], ONE, "--column backprop= is no NAME=TITLE"),
        (MOODLE_OUT, "name\nada\n", "Moodle needs a roster with ID number, Email address or Username"),
        (MOODLE_OUT, WORKSHEET, BOTH + "one column of the worksheet, Grade; say with -a which is meant."),
        ([*MOODLE_OUT, "-a", "backprop"], WORKSHEET.replace("Grade,", "Note,"), "The worksheet has no column Grade,"),
        (
            [*MOODLE_OUT, "-a", "backprop"],
            WORKSHEET.replace("Last modified (grade)", "Modified"),
            "The worksheet has no column Last modified (grade), without which Moodle reads none of it.",
        ),
        (["zip", "out"], "", "a zip goes to a file; say which: -o FILE"),
        ([*JSON, "-o", "nowhere/file"], "", "nowhere/file cannot be read or written: No such file"),
        ([*JSON, "-o", "roster.csv/file"], ONE, "roster.csv/file cannot be read or written: Not a directory."),
    ],
)
def test_errors_are_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], people: str, said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty").mkdir()
    graded(tmp_path, [judges.report("ada"), judges.report("ada", "backprop")])
    done = run(*arguments, *(["--roster", roster(tmp_path, people)] if people else []))
    assert done.exit_code == 2
    assert done.stderr.startswith(f"grader: {said}")
    assert done.stderr.count("\n") == 1
    assert done.stdout == ""


def test_a_worksheet_in_another_encoding(tmp_path: Path) -> None:
    out = graded(tmp_path, [judges.report("Ada Lovelace")])
    (tmp_path / "sheet.csv").write_bytes(WORKSHEET.replace("old", "é").removeprefix("\ufeff").encode("cp1252"))
    with pytest.raises(ExportError, match=r"^The worksheet is not in UTF-8"):
        export(out, "moodle", tmp_path / "sheet.csv")


def test_two_results_of_one_student(tmp_path: Path) -> None:
    out = graded(tmp_path, [judges.report("ada"), judges.report("Ada Lovelace")])
    with pytest.raises(ExportError) as caught:
        export(out, "canvas", roster(tmp_path, CANVAS))
    assert (
        str(caught.value) == "ada and Ada Lovelace are both Ada Lovelace in activations; take one out of the results."
    )
