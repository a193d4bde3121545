"""The commands of an instructor: grade, regrade, status, similar, report."""

from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from grader.cli.common import (
    ALL_POINTS,
    FILE,
    NOT_GRADED,
    STOPPED,
    AssignmentName,
    framework_option,
    harmless,
    json_option,
    print_json,
    stop,
    weak_option,
)

if TYPE_CHECKING:
    from grader.assignment import Assignment
    from grader.classroom.gradebook import Gradebook

FORMATS = ("terminal", "html", "markdown", "json", "junit", "csv", "gradescope", "classroom", "prairielearn", "autolab")


def class_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """What both `grade` and `regrade` take."""
    options = [
        click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path)),
        click.option(
            "-a", "--assignment", "assignments", metavar="NAME", type=AssignmentName(), multiple=True, required=True,
            help="The assignment to grade; may be given several times.",
        ),
        click.option(
            "-o", "--out", type=click.Path(path_type=Path), required=True, help="The folder for the results."
        ),
        click.option("--roster", type=FILE, help="The students (CSV), as from Canvas, Moodle, Gradescope or GitHub."),
        click.option("--policy", type=FILE, help="The rules for late hand-ins and several attempts (TOML)."),
        click.option("--adjustments", type=FILE, help="Points by hand and excuses, with reason and name (CSV)."),
        click.option(
            "--jobs", type=click.IntRange(min=1), help="Judges at work at the same time; all cores when left out."
        ),
        click.option(
            "--scheduler", metavar="ADDRESS", help="Grade on the workers of a Dask cluster: tcp://HOST:8786, or tls://."
        ),
        framework_option,
        json_option,
        weak_option,
    ]  # fmt: skip
    for option in reversed(options):
        command = option(command)
    return command


@click.command()
@class_options
def grade(as_json: bool, **given: Any) -> None:
    """Grade a class.

    FOLDER holds a folder a student (STUDENT/NAME.py, .ipynb or .zip) or a file a student (STUDENT.py, .ipynb or .zip),
    or is what Canvas, Moodle, Gradescope or GitHub gave; with a roster, whose is whose follows from that. OUT receives
    grades.csv, index.html, and STUDENT/report.json and report.html (for several assignments NAME/STUDENT/report.json
    and report.html). A result that OUT has already is not made again: a run that was ended goes on where it was, and
    grader status OUT says from anywhere how far it is.

    \b
    Example:    grader grade class/ -a activations -o results
                grader grade canvas/ -a activations -o results --roster roster.csv --policy policy.toml
    Exit code:  0 everything has a grade, 2 usage, 3 something could not be graded
    """
    from grader.classroom.overview import render_overview

    book = _grade_class(**given)
    if as_json:
        print_json(book.summary())
    else:
        click.echo(render_overview(book.reports))
        click.echo(f"The class page: {book.page}")
    _end(book)


@click.command()
@click.option("--only", "again", metavar="CHECK", default="", help="Run this check again though nothing has changed.")
@class_options
def regrade(as_json: bool, again: str, **given: Any) -> None:
    """Grade a class anew after a change of its assignment, and say whose score changed.

    Of a check that has changed every result is made again, and nothing else: adjustments stay, and so do the scores
    that it has no bearing on. CHECK is a check's id, as reports and grades have it: test_hidden.test_relu_values.

    \b
    Example:    grader regrade class/ -a activations -o results
                grader regrade class/ -a activations -o results --only test_hidden.test_softmax_is_fast
    Exit code:  0 everything has a grade, 2 usage, 3 something could not be graded
    """
    from grader.classroom.grading import standing
    from grader.classroom.overview import changed_scores, render_changes

    before = standing(given["out"], [a.name for a in given["assignments"]])
    book = _grade_class(again=again, **given)
    changes = changed_scores(before, book.reports)
    if as_json:
        print_json([change._asdict() for change in changes])
    else:
        click.echo(render_changes(changes, len(book.reports)), nl=False)
    _end(book)


def _grade_class(
    folder: Path, assignments: tuple["Assignment", ...], out: Path, roster: Path | None, policy: Path | None,
    adjustments: Path | None, jobs: int | None, scheduler: str | None, framework: str | None,
    allow_weak_isolation: bool, again: str = "",
) -> "Gradebook":  # fmt: skip
    from grader.classroom.batch import CannotJudge
    from grader.classroom.downloads import DownloadError
    from grader.classroom.grading import Course, NoCheck, NoHandIns, grade_class
    from grader.classroom.journal import JournalError
    from grader.classroom.policy import Policy, PolicyError, read_adjustments, read_policy, unused
    from grader.classroom.roster import RosterError, read_roster

    if scheduler and jobs:
        stop("--jobs is for grading here; with --scheduler, the cluster's workers say how many judges they run")
    if scheduler and not find_spec("distributed"):
        stop("--scheduler needs Dask, which is not installed: pip install 'deepgrader[dask]'")
    try:
        course = Course(
            read_roster(roster) if roster else None,
            read_policy(policy) if policy else Policy(),
            read_adjustments(adjustments) if adjustments else (),
        )
        book = grade_class(
            folder, assignments, out, course, jobs, scheduler, again=again, framework=framework,
            weak_isolation=allow_weak_isolation,
        )  # fmt: skip
    except (NoHandIns, NoCheck, RosterError, PolicyError, DownloadError) as problem:
        stop(str(problem))
    except (CannotJudge, JournalError) as problem:
        stop(str(problem), NOT_GRADED)
    except OSError as error:
        stop(f"{error.filename or out} cannot be read or written: {error.strerror}.")
    except KeyboardInterrupt:
        stop(f"stopped; {out} has the reports that were ready. The same command goes on from here.", STOPPED)
    for sentence in [*book.unmatched, *unused(course.adjustments, book.reports)]:
        click.echo(f"grader: {harmless(sentence)}", err=True)
    return book


def _end(book: "Gradebook") -> NoReturn:
    ungraded = any(report.status == "could-not-grade" for report in book.reports)
    raise click.exceptions.Exit(NOT_GRADED if ungraded else ALL_POINTS)


@click.command()
@click.argument("out", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--watch", is_flag=True, help="Say it every two seconds until the run ends.")
@json_option
def status(out: Path, watch: bool, as_json: bool) -> None:
    """Say how far the grading into the folder OUT is.

    \b
    Example:    grader status results --watch
    Exit code:  0 ended, 1 at work, 2 usage, 3 stopped before its end
    """
    import time

    from grader.classroom.journal import JournalError, at_work, progress
    from grader.classroom.progress import said

    while True:
        try:
            found, working = progress(out), at_work(out)
        except JournalError as problem:
            stop(str(problem), NOT_GRADED)
        if found is None:
            stop(f"{out} has no results of grader grade.")
        if as_json:
            print_json({**found._asdict(), "at_work": working})
        else:
            click.echo(said(found, working))
        if not (watch and working):
            break
        time.sleep(2)
    raise click.exceptions.Exit(1 if working else 0 if found.ended and found.done == found.total else NOT_GRADED)


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "-a", "--assignment", metavar="NAME", type=AssignmentName(), required=True, help="The assignment to compare."
)
@click.option(
    "-o", "--out", type=click.Path(file_okay=False, path_type=Path), required=True, help="The folder for the page."
)
@click.option("--roster", type=FILE, help="The students (CSV), as from Canvas, Moodle, Gradescope or GitHub.")
@click.option(
    "--least", type=click.IntRange(1, 100), default=70, show_default=True, metavar="PERCENT",
    help="How much of two submissions must be the same.",
)  # fmt: skip
@json_option
def similar(folder: Path, assignment: "Assignment", out: Path, roster: Path | None, least: int, as_json: bool) -> None:
    """Find submissions that are suspiciously alike: a hint and not a proof.

    FOLDER is a class as for grader grade. The starter and the obligatory formulas are taken out first; other names,
    comments and another order of the functions hide nothing. OUT receives similarity.html, which shows each pair side
    by side, and similarity.csv.

    \b
    Example:    grader similar class/ -a activations -o results
    Exit code:  0 compared, 2 usage
    """
    from grader.classroom.downloads import DownloadError
    from grader.classroom.grading import NoHandIns
    from grader.classroom.roster import RosterError, read_roster
    from grader.report.similarity import render_csv, render_page, render_terminal

    try:
        from grader.classroom.similarity import similar as compared
    except ModuleNotFoundError as missing:
        stop(f"{missing.name} is needed to compare submissions: pip install 'deepgrader[similar]'")
    try:
        found = compared(folder, assignment, read_roster(roster) if roster else None, least / 100)
        out.mkdir(parents=True, exist_ok=True)
        page = out / "similarity.html"
        page.write_text(render_page(found), encoding="utf-8")
        (out / "similarity.csv").write_text(render_csv(found), encoding="utf-8")
    except (NoHandIns, RosterError, DownloadError) as problem:
        stop(str(problem))
    except OSError as error:
        stop(f"{error.filename or out} cannot be read or written: {error.strerror}.")
    if as_json:
        print_json(found.summary())
    else:
        click.echo(render_terminal(found), nl=False)
        click.echo(f"Side by side: {page}")


@click.command()
@click.argument("file", metavar="FILE.json", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--format", "format_", type=click.Choice(FORMATS), default="terminal", show_default=True)
@click.option("-o", "--out", type=click.Path(dir_okay=False, path_type=Path), help="Write to a file.")
def report(file: Path, format_: Any, out: Path | None) -> None:
    """Show a report in another format.

    \b
    Example:  grader report results/ada/report.json --format markdown -o ada.md
    """
    from grader.report import render
    from grader.report.model import from_json

    try:
        text = render(from_json(file.read_bytes()), format_)
        if out:
            out.write_text(text, encoding="utf-8")
    except ValueError as error:
        stop(f"{file}: {error}")
    except OSError as error:
        stop(f"{error.filename} cannot be read or written: {error.strerror}.")
    if not out:
        click.echo(text, nl=False)
