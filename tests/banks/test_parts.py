"""Parts of a bank are worked on in processes of their own, which end with the one that asked for them."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from grader.assignment import available
from grader.banks.parts import in_parts

ROOT = Path(__file__).parents[2]
ASKS = """
from grader.assignment import available
from grader.banks.parts import in_parts
from tests.banks.test_parts import waits

if __name__ == "__main__":
    list(in_parts(waits, available()[:1], 1, 1))
"""


def named(assignment, part):
    return f"{assignment.name} {part}"


def waits(assignment, part):
    Path(os.environ["AT_WORK"]).write_text(str(os.getpid()))
    time.sleep(60)


def at_work(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return "Z" not in Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]


def until(true) -> bool:
    for _ in range(300):
        if true():
            return True
        time.sleep(0.1)
    return False


def test_every_part_of_every_assignment_in_order():
    some = available()[:2]
    assert [(a, parts) for a, parts in in_parts(named, some, 2, 2)] == [
        (a, [f"{a.name} 0", f"{a.name} 1"]) for a in some
    ]


def test_a_part_ends_with_the_process_that_asked_for_it(tmp_path):
    script, file = tmp_path / "asks.py", tmp_path / "process"
    script.write_text(ASKS)
    environment = {**os.environ, "AT_WORK": str(file), "PYTHONPATH": str(ROOT)}
    asking = subprocess.Popen([sys.executable, str(script)], env=environment)
    try:
        assert until(lambda: file.exists() and file.read_text())
        worker = int(file.read_text())
        asking.send_signal(signal.SIGKILL)
        asking.wait()
        assert until(lambda: not at_work(worker))
    finally:
        asking.kill()
