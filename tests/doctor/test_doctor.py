"""`grader doctor`: on this machine, as an ordinary user, and where a layer is missing."""

import json
import os
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import msgspec
import pytest
from click.testing import CliRunner

from grader.cli import cli
from grader.doctor.attempts import __file__ as attempts_file
from grader.doctor.examination import Examination, Finding, attempts, examine
from grader.doctor.layers import LAYERS
from grader.doctor.table import render_examination
from grader.judge.isolation.forkserver import REQUIRED

CHECKOUT = Path(__file__).parents[2]
TRIED = 18


@pytest.fixture(scope="module")
def here() -> Examination:
    return examine()


def test_this_machine_contains_every_attempt(here: Examination) -> None:
    assert (here.problem, here.missing, here.holes) == ("", (), [])
    assert [f for f in here.findings if not f.contained and f.layer in REQUIRED] == []
    assert len(here.findings) == TRIED
    assert here.safe


def test_every_layer_is_tried_and_every_attempt_there_is(here: Examination) -> None:
    assert {f.layer for f in here.findings} == {*LAYERS, ""}
    with attempts() as tried:
        called = {a.function for a in tried}
    defined = {line.split("(")[0][4:] for line in Path(attempts_file).read_text().splitlines() if line[:4] == "def "}
    assert called == defined


def elsewhere(preparation: str, code: str = "print(json.dumps({**asdict(found), 'safe': found.safe}))") -> Any:
    """An examination in a process that was prepared by some code."""
    program = f"""
import ctypes, json, os, struct, sys
from dataclasses import asdict
import grader.doctor.examination as doctor
from grader.worker import lockdown
import getpass, multiprocessing.synchronize, numpy, rich
{textwrap.dedent(preparation)}
found = doctor.examine()
{code}
"""
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


# Where this Python lies in a folder that only root may enter, it is mounted into an open one first.
OPEN = """
from pathlib import Path
if os.getuid() == 0:
    python = Path(sys.base_prefix)
    closed = [p for p in reversed(python.parents) if not p.stat().st_mode & 1]
    if closed:
        lockdown.private_mounts()
        held = os.open(python, os.O_PATH)
        lockdown.mount_tmpfs(str(closed[0]), 1 << 20, 100)
        python.mkdir(parents=True)
        lockdown.bind(f"/proc/self/fd/{held}", str(python))
        os.close(held)
"""
ORDINARY = f"""{OPEN}
if os.getuid() == 0:
    os.setgroups([])
    os.setresgid(65534, 65534, 65534)
    os.setresuid(65534, 65534, 65534)
assert os.getuid() != 0
"""


def test_an_ordinary_user_is_as_safe() -> None:
    found = elsewhere(ORDINARY)
    assert found["safe"], found
    assert set(found["layers"]) >= REQUIRED
    assert "user" not in found["layers"]
    assert {f["what"] for f in found["findings"] if not f["contained"]} <= {
        "be the user who grades",
        "find out the name of a file",
    }


# What Docker leaves to root: no CAP_SYS_ADMIN, no CAP_DAC_READ_SEARCH.
CONTAINER = "lockdown.drop_capabilities((0, 1, 3, 4, 5, 6, 7, 8, 10, 13, 18, 27, 29, 31))"


@pytest.mark.skipif(os.getuid() != 0, reason="only root can give up what root has")
@pytest.mark.parametrize("preparation", ["", OPEN])
def test_root_in_a_container_without_privileges_is_as_safe(preparation: str) -> None:
    """Also where Python lies in root's own folder: then workers stay root, who may do nothing that others may not."""
    found = elsewhere(f"{preparation}\n{CONTAINER}")
    assert found["safe"], found
    assert set(found["layers"]) >= REQUIRED
    assert "scratch" not in found["layers"]
    assert "user" in found["layers"] or not preparation
    assert {f["what"] for f in found["findings"] if not f["contained"]} <= {
        "be the user who grades",
        "find out the name of a file",
    }


def without(call: int) -> str:
    """A system call seems not to exist, for this process and all that it starts."""
    return f"""
    program = [lockdown._load(0), lockdown._if_equal({call}, 0, 1), lockdown._answer(lockdown._ABSENT)]
    lockdown.seccomp(b"".join([*program, lockdown._answer(lockdown._ALLOW)]))
    """


def test_without_landlock_hidden_checks_are_not_safe() -> None:
    found = elsewhere(without(444))
    assert (found["missing"], found["safe"]) == (["landlock"], False)
    assert "seccomp" in found["layers"]
    possible = {f["what"] for f in found["findings"] if not f["contained"]}
    assert "change the standard library" not in possible or "user" not in found["layers"]
    assert {f["layer"] for f in found["findings"] if not f["contained"]} <= {"landlock"}


def test_without_seccomp_hidden_checks_are_not_safe() -> None:
    found = elsewhere(without(317))
    assert (found["missing"], found["safe"]) == (["seccomp"], False)
    assert "open a socket" in {f["what"] for f in found["findings"] if not f["contained"]}


def test_grading_fails_closed() -> None:
    code = """
    from pathlib import Path
    from grader.assignment import find
    from grader.judge.session import JudgeError, Submission, judge
    from grader.submission import read
    said = []
    file = Path("assignments/activations/alternatives/loops.py")
    for weak in (False, True):
        try:
            judge(find("activations"), [Submission("a", read(file, "activations"))],
                  lambda report: said.append([report.status, report.isolation]), keyword="relu_values",
                  weak_isolation=weak)
        except JudgeError as error:
            said.append(str(error))
    print(json.dumps(said))
    """
    refused, (status, isolation) = elsewhere(without(444), textwrap.dedent(code))
    assert refused.startswith("this system cannot isolate submissions: landlock is missing; grader doctor says")
    assert "--allow-weak-isolation" in refused
    assert status == "full-marks"
    assert "seccomp" in isolation
    assert "landlock" not in isolation


def test_a_system_without_lockdown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("grader.judge.isolation.workshops.sys.platform", "darwin")
    found = examine()
    assert (found.layers, set(found.missing), found.safe) == ((), set(REQUIRED), False)
    by_name = {f.what: f.contained for f in found.findings}
    assert not by_name["read another student's file"]
    assert not by_name["start a process"]
    assert by_name["read the judge's environment"]
    assert by_name["never end"]
    assert found.holes == []
    text = render_examination(found)
    assert "Hidden checks are not safe from submissions here" in text
    assert "landlock is missing. Use Linux 5.13 or later" in text


def test_the_command(monkeypatch: pytest.MonkeyPatch, here: Examination) -> None:
    monkeypatch.setattr("grader.doctor.examination.examine", lambda: here)
    done = CliRunner().invoke(cli, ["doctor"])
    assert done.exit_code == 0
    assert done.output == render_examination(here)
    assert all(f.what in done.output for f in here.findings)
    assert done.output.rstrip().endswith("Hidden checks are safe from submissions here.")
    told = json.loads(CliRunner().invoke(cli, ["doctor", "--json"]).output)
    assert told["safe"]
    assert len(told["findings"]) == TRIED


def test_a_hole_is_said_and_fails(monkeypatch: pytest.MonkeyPatch, here: Examination) -> None:
    hole = Finding("open a socket", "seccomp", False, "it succeeded")
    open_ = Examination(here.system, here.layers, (), (hole,))
    monkeypatch.setattr("grader.doctor.examination.examine", lambda: open_)
    done = CliRunner().invoke(cli, ["doctor"])
    assert done.exit_code == 1
    assert "A hole: a submission could open a socket." in done.output
    assert "SECURITY.md" in done.output


def test_what_cannot_be_tried_is_one_sentence() -> None:
    text = render_examination(Examination("here", (), ("landlock",), (), "no process could be started"))
    assert "Nothing could be tried: no process could be started." in text


def test_nothing_of_the_examination_stays(here: Examination) -> None:
    assert [name for name in os.environ if name.startswith("GRADER_DOCTOR")] == []
    assert msgspec.json.encode(here)
