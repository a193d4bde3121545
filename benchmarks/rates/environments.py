"""A virtual environment for each grader, outside of the checkout, made once."""

import os
import subprocess
import sys
from collections.abc import Container
from pathlib import Path


class Skipped(Exception):
    """A grader cannot be measured here; the text says why in one line."""


def environment(name: str, *packages: str) -> Path:
    """The folder of the programs of an environment that has these packages. Raises Skipped."""
    base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache", "deepgrader-bench")
    folder = base / f"{name}-{sys.version_info.major}.{sys.version_info.minor}"
    programs, made = folder / "bin", folder / "made"
    if not made.is_file():
        call([sys.executable, "-m", "venv", "--clear", str(folder)])
        call([str(programs / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *packages])
        made.touch()
    return programs


def call(command: list[str], cwd: Path | None = None, codes: Container[int] = (0,), **variables: str) -> None:
    """Run a command that must end with one of these exit codes. Raises Skipped."""
    try:
        done = subprocess.run(
            command, cwd=cwd, env={**os.environ, **variables}, capture_output=True, text=True, check=False, timeout=900
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Skipped(f"{Path(command[0]).name}: {error}") from None
    if done.returncode not in codes:
        said = [line for line in (done.stderr or done.stdout).splitlines() if line.strip()]
        raise Skipped(f"{' '.join([Path(command[0]).name, *command[1:4]])}: {said[-1] if said else 'failed'}")
