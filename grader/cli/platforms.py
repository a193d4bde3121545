"""The commands that platforms run: grader on github, gradescope, prairielearn, autolab, classroom50."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.cli.common import ALL_POINTS, FILE, NOT_GRADED, POINTS_LOST, AssignmentName, stop, weak_option

if TYPE_CHECKING:
    from grader.assignment import Assignment

FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
assignment_argument = click.argument("assignment", metavar="NAME", type=AssignmentName())
file_argument = click.argument("file", required=False, type=click.Path(path_type=Path))


@click.group()
def on() -> None:
    """Grade where a platform runs the grader, and tell it in its own format.

    Each command grades one submission. What Gradescope, PrairieLearn and Autolab need is made by grader export.

    \b
    Example:  grader on github activations
    """


@on.command()
@assignment_argument
@file_argument
@click.option(
    "-o", "--out", type=click.Path(file_okay=False, path_type=Path), default=Path("grader-report"), show_default=True,
    help="The folder for report.html, report.json and junit.xml.",
)  # fmt: skip
@weak_option
def github(assignment: "Assignment", file: Path | None, out: Path, allow_weak_isolation: bool) -> None:
    """A step of a GitHub workflow: the report in the log and the summary, annotations, outputs.

    FILE is what was handed in; NAME.py or NAME.ipynb in the current folder when left out. The outputs are score,
    max-score, status and result, which is for the reporter of GitHub Classroom.

    \b
    Example:    grader on github activations --out grader-report
    Exit code:  0 all points, 1 points lost, 2 usage, 3 something could not be graded
    """
    from grader.platforms.github import publish
    from grader.platforms.grading import graded

    path = file or _own(assignment)
    report = graded(assignment, path, os.environ.get("GITHUB_ACTOR", ""), allow_weak_isolation)
    try:
        click.echo(publish(report, path, out, os.environ), nl=False)
    except OSError as error:
        stop(f"{error.filename} cannot be read or written: {error.strerror}.")
    codes = {"full-marks": ALL_POINTS, "could-not-grade": NOT_GRADED}
    raise click.exceptions.Exit(codes.get(report.status, POINTS_LOST))


@on.command()
@assignment_argument
@click.option("--root", type=FOLDER, default=Path("/autograder"), help="What Gradescope calls /autograder.")
@click.option("--policy", type=FILE, help="The rules for late hand-ins and several attempts (TOML).")
@weak_option
def gradescope(assignment: "Assignment", root: Path, policy: Path | None, allow_weak_isolation: bool) -> None:
    """Gradescope's container: submission/ becomes results/results.json.

    Lateness goes by the time of submission and the due date, an extension included, that Gradescope says.

    \b
    Example:  grader on gradescope activations --policy policy.toml
    """
    from grader.classroom.policy import Policy, PolicyError, read_policy
    from grader.platforms.gradescope import Autograder
    from grader.report.outline import sentence

    try:
        rules = read_policy(policy) if policy else Policy()
        report = Autograder(root).run(assignment, rules, allow_weak_isolation)
    except PolicyError as problem:
        stop(str(problem))
    except OSError as error:
        stop(f"{error.filename} cannot be read or written: {error.strerror}.")
    click.echo(report.why if report.status == "could-not-grade" else sentence(report))


@on.command()
@assignment_argument
@click.option("--root", type=FOLDER, default=Path("/grade"), help="What PrairieLearn calls /grade.")
@weak_option
def prairielearn(assignment: "Assignment", root: Path, allow_weak_isolation: bool) -> None:
    """PrairieLearn's container: student/ becomes results/results.json.

    \b
    Example:  grader on prairielearn activations
    """
    from grader.platforms.grading import graded
    from grader.report import render

    report = graded(assignment, root / "student", weak_isolation=allow_weak_isolation)
    try:
        (root / "results").mkdir(exist_ok=True)
        (root / "results/results.json").write_text(render(report, "prairielearn"), encoding="utf-8")
    except OSError as error:
        stop(f"{error.filename} cannot be written: {error.strerror}.")


@on.command()
@assignment_argument
@file_argument
@weak_option
def autolab(assignment: "Assignment", file: Path | None, allow_weak_isolation: bool) -> None:
    """Autolab's instance: the report, and a last line with the points of each function.

    \b
    Example:  grader on autolab activations activations.py
    """
    from grader.platforms.grading import graded
    from grader.report import render

    report = graded(assignment, file, weak_isolation=allow_weak_isolation)
    click.echo(render(report, "terminal"))
    click.echo(render(report, "autolab"), nl=False)


@on.command()
@assignment_argument
@file_argument
@weak_option
def classroom50(assignment: "Assignment", file: Path | None, allow_weak_isolation: bool) -> None:
    """An autograder.py of Classroom 50: the current folder, a student's checkout, receives result.json and
    release-body.md.

    The scores in it are hundredths of a point, since they are whole numbers there.

    \b
    Example:  grader on classroom50 activations
    """
    from grader.platforms.github import RELEASE, summary
    from grader.platforms.grading import graded
    from grader.report.classroom50 import render_classroom50

    report = graded(assignment, file or _own(assignment), os.environ.get("USERNAME", ""), allow_weak_isolation)
    try:
        Path("result.json").write_text(render_classroom50(report, os.environ), encoding="utf-8")
        Path("release-body.md").write_text(summary(report, RELEASE), encoding="utf-8")
    except OSError as error:
        stop(f"{error.filename} cannot be written: {error.strerror}.")


def _own(assignment: "Assignment") -> Path | None:
    """The one file in the current folder for the assignment; the folder itself where it is not clear which."""
    from grader.submission import own_files

    here = own_files(assignment.name, Path())
    return here[0] if len(here) == 1 else Path.cwd() if here else None
