"""Class folders as learning platforms give them: whose an entry is, when it was handed in, and which attempt it is."""

import os
import tempfile
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.classroom.downloads import METADATA, DownloadError, attempts, match
from grader.classroom.folder import HandIn, hand_ins, latest
from grader.classroom.roster import Person, Roster, read_roster
from grader.handin import fingerprint
from grader.submission import read

ROSTER = """\
Student,ID,SIS User ID,SIS Login ID,Section
"Lovelace, Ada",9001,S123,adalovelace,A
"Turing, Alan",9002,S124,alan@example.edu,A
"Nguyễn, Minh Khôi",9003,S125,khoi,B
"""


def make(root: Path, *names: str) -> Path:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.mkdir() if name.endswith("/") else path.write_text("x = 1\n")
    return root


@pytest.fixture
def roster(tmp_path: Path) -> Roster:
    (tmp_path / "roster.csv").write_text(ROSTER, encoding="utf-8")
    return read_roster(tmp_path / "roster.csv")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "class").mkdir()
    return tmp_path / "class"


def found(folder: Path, roster: Roster, *others: str) -> dict[str, list[str | None]]:
    """Student -> for each attempt the path relative to the class, or the problem."""
    result: dict[str, list[str | None]] = {}
    for h in hand_ins(folder, "activations", roster, others):
        said = h.problem or (str(h.path.relative_to(folder)) if h.path else None)
        result.setdefault(h.student, []).append(said)
    return result


def unmatched(folder: Path, roster: Roster) -> list[str]:
    return [h.unmatched for h in hand_ins(folder, "activations", roster) if h.unmatched]


def test_canvas(folder: Path, roster: Roster) -> None:
    make(
        folder,
        "lovelaceada_9001_483920_activations.py",
        "turingalan_LATE_9002_483977_activations-1.ipynb",
        "nguyễnminhkhôi_9003_text.html",
    )
    assert found(folder, roster) == {
        "Ada Lovelace": ["lovelaceada_9001_483920_activations.py"],
        "Alan Turing": ["turingalan_LATE_9002_483977_activations-1.ipynb"],
        "Minh Khôi Nguyễn": ["nguyễnminhkhôi_9003_text.html"],
    }
    entries = {h.student: h for h in hand_ins(folder, "activations", roster)}
    assert [entries[p.student].person for p in roster.people] == list(roster.people)
    assert [entries[p.student].late for p in roster.people] == [False, True, False]
    assert {(h.submitted, h.attempt, h.unmatched) for h in entries.values()} == {(None, 1, "")}


def test_several_files_of_canvas(folder: Path, roster: Roster) -> None:
    make(
        folder,
        "lovelaceada_9001_1_activations.py",
        "lovelaceada_9001_2_helpers.py",
        "lovelaceada_9001_3_notes.txt",
        "lovelaceada_9001_4_backprop.py",
        "turingalan_9002_5_final.py",
        "turingalan_9002_6_report.pdf",
        "nguyễnminhkhôi_9003_7_a.py",
        "nguyễnminhkhôi_9003_8_b.py",
    )
    assert found(folder, roster, "backprop") == {
        "Ada Lovelace": ["lovelaceada_9001_1_activations.py"],
        "Alan Turing": ["turingalan_9002_5_final.py"],
        "Minh Khôi Nguyễn": [
            "nguyễnminhkhôi_9003_7_a.py and nguyễnminhkhôi_9003_8_b.py were handed in; which of them is meant? "
            "Keep one."
        ],
    }


def test_helpers_beside_a_file_come_along(folder: Path, roster: Roster) -> None:
    make(folder, "lovelaceada_9001_1_activations-2.py", "lovelaceada_9001_2_layers-1.py", "lovelaceada_9001_3_x.ipynb")
    (hand_in, *_) = hand_ins(folder, "activations", roster)
    helper = folder / "lovelaceada_9001_2_layers-1.py"
    assert hand_in.beside == (("layers.py", helper),)
    assert hand_in.path
    source = read(hand_in.path, "activations", hand_in.beside)
    assert (source.modules, source.notes) == ({"layers": "x = 1\n"}, ())
    before = fingerprint(hand_in.path, hand_in.beside)
    helper.write_text("x = 2\n")
    assert len({before, fingerprint(hand_in.path, hand_in.beside), fingerprint(hand_in.path)}) == 3


def test_attempts_of_canvas(folder: Path, roster: Roster) -> None:
    make(
        folder,
        "lovelaceada_LATE_9001_1001_activations-1.py",
        "lovelaceada_9001_999_activations.py",
        "turingalan_9002_5_activations.py",
        "turingalan_9002_6_activations.ipynb",
    )
    entries = hand_ins(folder, "activations", roster)
    assert [(h.attempt, h.late, h.path and h.path.name) for h in entries if h.student == "Ada Lovelace"] == [
        (1, False, "lovelaceada_9001_999_activations.py"),
        (2, True, "lovelaceada_LATE_9001_1001_activations-1.py"),
    ]
    assert [h.attempt for h in entries if h.student == "Alan Turing"] == [0, 0]
    last = {h.student: h for h in latest(entries)}
    assert len(last) == 3
    assert (last["Ada Lovelace"].attempt, last["Ada Lovelace"].late) == (2, True)
    assert last["Alan Turing"].path is None
    assert last["Alan Turing"].problem == (
        "turingalan_9002_5_activations.py and turingalan_9002_6_activations.ipynb are all of one student; "
        "keep one of them."
    )
    assert last["Minh Khôi Nguyễn"] == HandIn("Minh Khôi Nguyễn", None, person=roster.people[2])


def test_the_number_of_canvas_tells_namesakes_apart(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "roster.csv").write_text('Student,ID,SIS Login ID,Section\n"Lin, Mei",1,a,\n"Lin, Mei",2,b,\n')
    roster = read_roster(tmp_path / "roster.csv")
    make(folder, "linmei_2_77_activations.py", "group7_1_78_activations.py")
    assert found(folder, roster) == {
        "Mei Lin (1)": ["group7_1_78_activations.py"],
        "Mei Lin (2)": ["linmei_2_77_activations.py"],
    }


def test_moodle(folder: Path, roster: Roster) -> None:
    make(
        folder,
        "Ada Lovelace_1234567_assignsubmission_file_/activations.py",
        "Ada Lovelace_1234567_assignsubmission_onlinetext_/onlinetext.html",
        "Turing Alan_1234568_assignsubmission_file_/final version.py",
        "Minh Khôi Nguyễn_1234569_assignsubmission_file/hw.zip",
        "Participant_1234570_assignsubmission_file_/activations.py",
    )
    assert found(folder, roster, "backprop") == {
        "Ada Lovelace": [
            "Ada Lovelace_1234567_assignsubmission_file_",
        ],
        "Alan Turing": ["Turing Alan_1234568_assignsubmission_file_"],
        "Minh Khôi Nguyễn": ["Minh Khôi Nguyễn_1234569_assignsubmission_file/hw.zip"],
        "Participant_1234570_assignsubmission_file_": ["Participant_1234570_assignsubmission_file_"],
    }
    assert unmatched(folder, roster) == [
        "Participant_1234570_assignsubmission_file_ belongs to nobody on the roster.",
    ]
    path = hand_ins(folder, "activations", roster)[1].path
    assert path
    assert read(path, "activations").notes == (
        "final version.py was read: there is no activations.py or activations.ipynb.",
    )


def test_moodle_flat(folder: Path, roster: Roster) -> None:
    make(
        folder,
        "Ada Lovelace_1234567_assignsubmission_file_activations.py",
        "Alan Turing_1234568_assignsubmission_file_hw_1_2.docx",
        "Minh Khôi Nguyễn_1234569_assignsubmission_file_backprop.py",
    )
    assert found(folder, roster, "backprop") == {
        "Ada Lovelace": ["Ada Lovelace_1234567_assignsubmission_file_activations.py"],
        "Alan Turing": ["Alan Turing_1234568_assignsubmission_file_hw_1_2.docx"],
        "Minh Khôi Nguyễn": [None],
    }


def test_blind_marking_of_moodle(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "roster.csv").write_text("Identifier,Full name,Email address\nParticipant 77,Ada Lovelace,a@x.edu\n")
    make(folder, "Participant_77_assignsubmission_file_/activations.py")
    assert list(found(folder, read_roster(tmp_path / "roster.csv"))) == ["Ada Lovelace"]


EXPORT = """\
---
submission_101:
  :submitters:
  - :name: Ada Lovelace
    :sid: 'S123'
    :email: ada@example.edu
  :created_at: 2026-10-01 09:30:00.123456000 Z
  :score: 7.5
  :status: processed
  :results:
    tests:
    - output: |-
        submission_999:
          :submitters:
          - :name: Alan Turing
      name: |2
         :created_at: 2020-01-01 00:00:00 Z
  :history:
  - :id: 99
    :created_at: 2026-09-30 09:30:00.000000000 Z
    :score: 5.0
submission_102:
  :submitters:
  - :name: Ada Lovelace
    :sid: S123
    :email: ada@example.edu
  :created_at: 2026-10-01 01:00:00.5 -07:00
submission_103:
  :submitters:
  - :name: "Nguy\\u1EC5n Minh Kh\\xF4i"
    :sid:
    :email: khoi@example.edu
  - :name: Alan
      Turing
    :sid: 'S124'
    :email: alan@example.edu
  :created_at: soon
submission_104:
  :submitters:
  - :name: 'Grace O''Hara'
    :email: grace@example.edu
submission_105:
  :submitters: []
"""


def test_gradescope(folder: Path, roster: Roster) -> None:
    make(folder, *(f"submission_{n}/activations.py" for n in range(101, 107)))
    (folder / METADATA).write_text(EXPORT, encoding="utf-8")
    assert found(folder, roster) == {
        "Ada Lovelace": ["submission_102", "submission_101"],
        "Alan Turing": ["submission_103"],
        "Minh Khôi Nguyễn": ["submission_103"],
        "submission_104": ["submission_104"],
        "submission_105": ["submission_105"],
        "submission_106": ["submission_106"],
    }
    ada = [h for h in hand_ins(folder, "activations", roster) if h.student == "Ada Lovelace"]
    assert [h.attempt for h in ada] == [1, 2]
    assert [h.submitted for h in ada] == [
        datetime(2026, 10, 1, 1, 0, 0, 500000, timezone(timedelta(hours=-7))),
        datetime(2026, 10, 1, 9, 30, 0, 123456, UTC),
    ]
    assert unmatched(folder, roster) == [
        "submission_104 (Grace O'Hara, grace@example.edu) belongs to nobody on the roster.",
        "submission_105 belongs to nobody on the roster.",
        "submission_106 belongs to nobody on the roster.",
    ]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\xff\xfe\x00", "submission_metadata.yml cannot be read: not UTF-8."),
        (b"", "submission_metadata.yml lists no submissions; export them again, or take the file away."),
    ],
)
def test_broken_metadata_is_one_sentence(folder: Path, roster: Roster, content: bytes, said: str) -> None:
    make(folder, "submission_1/activations.py")
    (folder / METADATA).write_bytes(content)
    with pytest.raises(DownloadError) as error:
        hand_ins(folder, "activations", roster)
    assert str(error.value) == said


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from([*EXPORT.split("\n"), "&a", "!!python/object/apply:os.system ['true']"]), max_size=12))
def test_no_metadata_breaks_the_class(lines: list[str]) -> None:
    with tempfile.TemporaryDirectory() as place:
        make(Path(place), "submission_101/activations.py", "submission_102/activations.py")
        (Path(place) / METADATA).write_text("submission_101:\n" + "\n".join(lines), encoding="utf-8")
        entries = attempts(Path(place), "activations")
        assert [a.path.name for a in entries] == ["submission_101", "submission_102"]
        assert all(a.submitters for a in entries)


def test_github(folder: Path, roster: Roster) -> None:
    make(
        folder,
        "activations-adalovelace/activations.py",
        "Activations-khoi/main.py",
        "backprop-khoi/backprop.py",
        "activations-ada-lovelace/activations.py",
        "activations-team-1/activations.py",
    )
    assert found(folder, roster, "backprop") == {
        "Ada Lovelace": ["activations-adalovelace"],
        "Alan Turing": [None],
        "Minh Khôi Nguyễn": ["Activations-khoi"],
        "activations-ada-lovelace": ["activations-ada-lovelace"],
        "activations-team-1": ["activations-team-1"],
    }


def test_plain_names(folder: Path, roster: Roster) -> None:
    make(
        folder,
        "Lovelace, ADA/activations.py",
        "alan@example.edu.ipynb",
        "s125/backprop.py",
        "Grace Hopper/activations.py",
        "Grace Hopper.zip",
        "roster.csv",
        ".DS_Store",
    )
    assert found(folder, roster) == {
        "Ada Lovelace": ["Lovelace, ADA"],
        "Alan Turing": ["alan@example.edu.ipynb"],
        "Grace Hopper": ["Grace Hopper/ and Grace Hopper.zip are all of one student; keep one of them."],
        "Minh Khôi Nguyễn": [None],
    }


def test_a_hand_in_that_may_be_of_two(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "roster.csv").write_text("name,id\nMei Lin,1\nLin Mei,2\nBen,3\n")
    roster = read_roster(tmp_path / "roster.csv")
    make(folder, "Mei Lin/activations.py", "2.py")
    assert found(folder, roster) == {
        "Ben": [None],
        "Lin Mei": ["2.py"],
        "Mei Lin": [None],
        "Mei Lin (unmatched)": ["Mei Lin"],
    }
    assert unmatched(folder, roster) == [
        "Mei Lin may belong to Lin Mei or Mei Lin; name it after an id, e-mail or login."
    ]


def test_two_things_that_cannot_be_told_apart(folder: Path, roster: Roster) -> None:
    make(folder, "Ada Lovelace_1_assignsubmission_file_/activations.py", "lovelaceada_9001_7_a.py")
    make(folder, "lovelaceada_9001_8_b.py", "S123/activations.py")
    entries = hand_ins(folder, "activations", roster)
    assert [h.attempt for h in entries if h.student == "Ada Lovelace"] == [0, 0, 0]
    last = latest(entries)[0]
    assert (last.student, last.path, last.person) == ("Ada Lovelace", None, roster.people[0])
    assert last.problem == "lovelaceada_9001_7_a.py and lovelaceada_9001_8_b.py were handed in; " + (
        "which of them is meant? Keep one."
    )


def test_times_of_files_count_where_asked(folder: Path, roster: Roster) -> None:
    make(folder, "Ada Lovelace/activations.py", "Ada Lovelace/backprop.py", "S123.py", "alan turing.py")
    for name, time in [("Ada Lovelace/activations.py", 300), ("Ada Lovelace/backprop.py", 900), ("S123.py", 200)]:
        os.utime(folder / name, (time, time))
    own = [h for h in hand_ins(folder, "activations", roster) if h.student == "Ada Lovelace"]
    assert [(h.submitted, h.attempt) for h in own] == [(None, 0), (None, 0)]
    own = [h for h in hand_ins(folder, "activations", roster, by_mtime=True) if h.student == "Ada Lovelace"]
    assert [(h.submitted, h.path and h.path.name) for h in own] == [
        (datetime.fromtimestamp(200, UTC), "S123.py"),
        (datetime.fromtimestamp(300, UTC), "Ada Lovelace"),
    ]
    assert all(h.submitted for h in hand_ins(folder, "activations", by_mtime=True))


def test_hostile_names(folder: Path, roster: Roster) -> None:
    names = ["%2e%2e%2fetc", "a\nb", "\u202eada", "ada\x1b[2J", "x" * 240, "_1_2_", "_LATE_1_2_x", "-nobody", "~"]
    make(folder, *(f"{name}.py" for name in names), "x_9001_1_..py", "activations-/x.py", "_1_assignsubmission_file_/x")
    (folder / METADATA).write_text("../../etc/passwd:\n  :submitters:\n  - :name: Ada Lovelace\n")
    entries = hand_ins(folder, "activations", roster)
    assert len({h.student for h in entries}) == len(entries)
    assert all(h.student.isprintable() and h.unmatched.isprintable() for h in entries)
    paths = [h.path for h in entries if h.path]
    assert all(path.parent == folder for path in paths)
    assert sum(path.suffix == ".py" for path in paths) == len(names) + 1


def test_without_a_roster_names_stay(folder: Path) -> None:
    make(folder, "lovelaceada_9001_1_activations.py", "lovelaceada_9001_2_notes.txt", "activations-ada/activations.py")
    assert [h.student for h in hand_ins(folder, "activations")] == [
        "activations-ada",
        "lovelaceada_9001_1_activations",
    ]


WORDS = st.sampled_from(["ada", "lin", "mei", "José", "Jose", "ø", "花", "1", "2", "a-b"])
ROWS = st.lists(
    st.tuples(st.lists(WORDS, min_size=1, max_size=3).map(" ".join), WORDS, WORDS),
    max_size=6,
)
NAMES = st.lists(WORDS, min_size=1, max_size=3).flatmap(
    lambda words: st.sampled_from(
        [
            f"{' '.join(words)}.py",
            f"{''.join(words)}_{len(words)}_7_activations.py",
            f"{' '.join(words)}_{len(words)}_assignsubmission_file_activations.py",
            f"activations-{words[0]}.zip",
            f"{', '.join(words)}.ipynb",
        ]
    )
)


@settings(max_examples=100, deadline=None)
@given(ROWS, st.sets(NAMES, max_size=8))
def test_nothing_is_lost_and_nothing_is_given_to_two(rows: list[tuple[str, str, str]], names: set[str]) -> None:
    headers = ["name", "id", "login"]
    people = [Person(row[0], student=f"p{n}", cells=dict(zip(headers, row, strict=True))) for n, row in enumerate(rows)]
    with tempfile.TemporaryDirectory() as place:
        folder = make(Path(place), *names)
        roster = Roster(people, headers)
        matches = match(attempts(folder, "activations"), roster)
        given_out = [a.path for own in matches.of.values() for a in own] + list(matches.unmatched)
        assert sorted(given_out) == sorted(folder / name for name in names)
        assert set(matches.of) <= set(people)
        entries = hand_ins(folder, "activations", roster)
        assert {p.student for p in people} <= {h.student for h in entries}
        assert all((h.person is None) == bool(h.unmatched) for h in entries)
        shown = {h.path for h in entries} | {folder / n for n in names if any(n in h.problem for h in entries)}
        assert shown >= {folder / name for name in names}
