"""A step of a GitHub workflow: the report and annotations in its log, a summary, outputs, and files to keep."""

import base64
import re
import secrets
from collections.abc import Mapping
from pathlib import Path

from grader.report import Format, render
from grader.report.annotations import Place, render_annotations
from grader.report.model import Frame, Report
from grader.report.outline import points

SUMMARY = 1 << 20
"""Bytes that GitHub takes as the summary of a step; of a longer one it shows nothing."""
RELEASE = 100_000
"""Bytes, less than the characters that GitHub takes as the text of a release."""
CUT = "\n\n*The rest did not fit here: it is among the files of this run.*\n"
FILES: dict[str, Format] = {"report.html": "html", "report.json": "json", "junit.xml": "junit"}


def publish(report: Report, path: Path | None, out: Path, environment: Mapping[str, str]) -> str:
    """Tell GitHub of a report; returns what the step is to print.

    path : what was graded.  out : the folder for the files.  environment : the step's, with GITHUB_*.
    """
    out.mkdir(parents=True, exist_ok=True)
    for name, format in FILES.items():
        (out / name).write_text(render(report, format), encoding="utf-8")
    _append(environment, "GITHUB_STEP_SUMMARY", summary(report))
    _append(environment, "GITHUB_OUTPUT", "".join(f"{name}={value}\n" for name, value in outputs(report).items()))
    workspace = Path(environment.get("GITHUB_WORKSPACE") or Path.cwd())
    file = path / report.submission if path and path.is_dir() else path
    return bracketed(render(report, "terminal")) + render_annotations(report, placing(file, workspace))


def summary(report: Report, most: int = SUMMARY) -> str:
    """The report in Markdown, as much of it as GitHub shows: whole sections, the first ones."""
    text = render(report, "markdown")
    while len(text.encode()) > most:
        text = (text.removesuffix(CUT).rpartition("\n## ")[0] or text[: most // 8]) + CUT
    return text


def outputs(report: Report) -> dict[str, str]:
    """The step's outputs, none of which has a student's text in it. `result` is for the classroom's reporter."""
    return {
        "score": points(report.score),
        "max-score": points(report.max_score),
        "status": report.status,
        "result": base64.b64encode(render(report, "classroom").encode()).decode(),
    }


def bracketed(text: str) -> str:
    """Text for a log in which nothing is a command."""
    token = secrets.token_hex(16)
    return f"::stop-commands::{token}\n{text}\n::{token}::\n"


def placing(path: Path | None, workspace: Path) -> Place:
    """Where GitHub shows an annotation: at the line that failed, else where the function is defined.

    path : the file that was graded. A notebook has no lines there, and a zip no files.
    """

    def place(function: str, frame: Frame | None) -> tuple[str, int | None]:
        if path is None:
            return "", None
        beside = path.parent.iterdir() if path.parent.is_dir() else ()
        file = next((f for f in beside if frame and f.name == frame.file), path)
        line = frame.line if frame and frame.file in ("", file.name) else _definition(function, file)
        try:
            return file.resolve().relative_to(workspace.resolve()).as_posix(), line
        except ValueError:
            return "", None

    return place


def _definition(function: str, file: Path) -> int | None:
    """The line of a .py file that defines a function, by its looks: a student's text is not parsed here."""
    if file.suffix != ".py" or not file.is_file() or not function:
        return None
    text = file.read_text("utf-8", errors="replace")
    name = re.escape(function)
    found = re.search(rf"^[ \t]*(?:async[ \t]+)?(?:def|class)[ \t]+{name}\b|^{name}[ \t]*[:=]", text, re.MULTILINE)
    return text.count("\n", 0, found.start()) + 1 if found else None


def _append(environment: Mapping[str, str], variable: str, text: str) -> None:
    """Add text to one of the files by which a step talks to GitHub, where there is one."""
    if place := environment.get(variable):
        with Path(place).open("a", encoding="utf-8") as file:
            file.write(text)
