"""The command `grader`."""

import io
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from grader import __version__

if TYPE_CHECKING:
    from grader.assignment import Assignment
    from grader.classroom.gradebook import Gradebook

ALL_POINTS, POINTS_LOST, USAGE, NOT_GRADED, STOPPED = 0, 1, 2, 3, 130
FORMATS = ("terminal", "html", "markdown", "json", "junit", "csv", "gradescope")
EXPORTS = ("canvas", "moodle", "jsonl", "junit", "zip")


class AssignmentName(click.ParamType):  # type: ignore[type-arg]
    """The name of an assignment, which becomes the Assignment."""

    name = "assignment"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> "Assignment":
        from grader.assignment import find

        try:
            return find(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[Any]:
        from click.shell_completion import CompletionItem

        from grader.assignment import available

        return [CompletionItem(a.name, help=a.title) for a in available() if a.name.startswith(incomplete)]


def stop(sentence: str, code: int = USAGE) -> NoReturn:
    """End with one sentence on standard error."""
    click.echo(f"grader: {_harmless(sentence)}", err=True)
    raise click.exceptions.Exit(code)


FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON for a program to read.")
framework_option = click.option(
    "--framework",
    type=click.Choice(["numpy", "torch"]),
    help="What the submission is written with, where either is allowed.",
)
weak_option = click.option(
    "--allow-weak-isolation",
    is_flag=True,
    help="Grade with hidden checks even where this system cannot keep a submission from reading files or the network.",
)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="grader")
def cli() -> None:
    """Check and grade deep learning written from scratch.

    \b
    Students:     grader start activations    then   grader check activations
    Instructors:  grader grade class/ -a activations -o results
    """


@cli.command("list")
@json_option
def list_(as_json: bool) -> None:
    """List the assignments.

    \b
    Example:  grader list
    """
    from grader.assignment import available

    try:
        found = available()
    except ValueError as error:
        stop(str(error))
    if as_json:
        rows = [
            {
                "name": a.name,
                "title": a.title,
                "order": a.order,
                "functions": a.functions,
                "points": sum(a.points.values()),
            }
            for a in found
        ]
        return _print_json(rows)
    width = max((len(a.name) for a in found), default=0)
    for a in found:
        click.echo(f"{a.order:>2}  {a.name:<{width}}  {a.title}")


@cli.command()
@click.argument("assignment", metavar="NAME", type=AssignmentName())
@click.option("--notebook", is_flag=True, help="A notebook (.ipynb) in place of a .py file.")
@click.option("--torch", is_flag=True, help="For PyTorch in place of NumPy.")
@click.option("--force", is_flag=True, help="Overwrite a file that is there.")
def start(assignment: "Assignment", notebook: bool, torch: bool, force: bool) -> None:
    """Put the starter of an assignment into the current folder.

    \b
    Example:  grader start activations --notebook
    """
    suffix = ".ipynb" if notebook else ".py"
    starter = assignment.folder / f"starter{'_torch' if torch else ''}{suffix}"
    if not starter.is_file():
        stop(f"{assignment.name} has no starter for {'PyTorch' if torch else 'NumPy'} as {suffix}.")
    target = Path(assignment.name + suffix)
    if target.exists() and not force:
        stop(f"{target} is already here; --force overwrites it.")
    try:
        shutil.copyfile(starter, target)
    except OSError as error:
        stop(f"{target} cannot be written: {error.strerror}.")
    click.echo(f"{target} is ready. Fill it in, then run: grader check {assignment.name}")


@cli.command()
@click.argument("assignment", metavar="NAME", type=AssignmentName())
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option("-k", "keyword", metavar="EXPR", help="Run the checks whose names match, as in pytest.")
@click.option("--public", is_flag=True, help="Run the public checks alone.")
@framework_option
@json_option
@weak_option
def check(
    assignment: "Assignment",
    file: Path | None,
    keyword: str | None,
    public: bool,
    framework: str | None,
    as_json: bool,
    allow_weak_isolation: bool,
) -> None:
    """Check your own work and print the report.

    FILE is a .py file, a notebook, a folder or a zip; NAME.py or NAME.ipynb in the current folder when left out.

    \b
    Example:    grader check activations
                grader check activations draft.ipynb -k softmax
    Exit code:  0 all points, 1 points lost, 2 usage, 3 something could not be graded
    """
    from grader.judge.isolation.sandbox import SandboxError
    from grader.judge.session import JudgeError, Submission, judge
    from grader.report import render
    from grader.report.model import Report
    from grader.submission import Unreadable, read

    file = file or _own_file(assignment.name)
    student = file.stem
    try:
        submission = Submission(student, read(file, assignment.name))
    except Unreadable as problem:
        submission = Submission(student, None, str(problem))
    reports: list[Report] = []
    try:
        judge(
            assignment,
            [submission],
            reports.append,
            hidden=not public,
            keyword=keyword,
            framework=framework,
            weak_isolation=allow_weak_isolation,
        )
    except (JudgeError, SandboxError) as error:
        stop(str(error), NOT_GRADED)
    report = reports[0]
    click.echo(render(report, "json" if as_json else "terminal"), nl=False)
    codes = {"full-marks": ALL_POINTS, "could-not-grade": NOT_GRADED}
    raise click.exceptions.Exit(codes.get(report.status, POINTS_LOST))


def _own_file(name: str) -> Path:
    here = [path for path in (Path(f"{name}.py"), Path(f"{name}.ipynb")) if path.exists()]
    if len(here) == 2:
        stop(f"both {here[0]} and {here[1]} are here; say which: grader check {name} {here[0]}")
    if not here:
        stop(f"there is no {name}.py or {name}.ipynb here; grader start {name} makes one.")
    return here[0]


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
        framework_option,
        json_option,
        weak_option,
    ]  # fmt: skip
    for option in reversed(options):
        command = option(command)
    return command


@cli.command()
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
        _print_json(book.summary())
    else:
        click.echo(render_overview(book.reports))
        click.echo(f"The class page: {book.page}")
    _end(book)


@cli.command()
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
        _print_json([change._asdict() for change in changes])
    else:
        click.echo(render_changes(changes, len(book.reports)), nl=False)
    _end(book)


def _grade_class(
    folder: Path, assignments: tuple["Assignment", ...], out: Path, roster: Path | None, policy: Path | None,
    adjustments: Path | None, jobs: int | None, framework: str | None, allow_weak_isolation: bool, again: str = "",
) -> "Gradebook":  # fmt: skip
    from grader.classroom.batch import CannotJudge
    from grader.classroom.downloads import DownloadError
    from grader.classroom.grading import Course, NoCheck, NoHandIns, grade_class
    from grader.classroom.journal import JournalError
    from grader.classroom.policy import Policy, PolicyError, read_adjustments, read_policy, unused
    from grader.classroom.roster import RosterError, read_roster

    try:
        course = Course(
            read_roster(roster) if roster else None,
            read_policy(policy) if policy else Policy(),
            read_adjustments(adjustments) if adjustments else (),
        )
        book = grade_class(
            folder, assignments, out, course, jobs, again=again, framework=framework,
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
        click.echo(f"grader: {sentence}", err=True)
    return book


def _end(book: "Gradebook") -> NoReturn:
    ungraded = any(report.status == "could-not-grade" for report in book.reports)
    raise click.exceptions.Exit(NOT_GRADED if ungraded else ALL_POINTS)


@cli.command()
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
            _print_json({**found._asdict(), "at_work": working})
        else:
            click.echo(said(found, working))
        if not (watch and working):
            break
        time.sleep(2)
    raise click.exceptions.Exit(1 if working else 0 if found.ended and found.done == found.total else NOT_GRADED)


@cli.command()
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


@cli.command()
@click.argument("results", metavar="OUT", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--format", "format_", type=click.Choice(EXPORTS), required=True)
@click.option("--roster", type=FILE, help="The students (CSV), as Canvas or Moodle gave them; these two need it.")
@click.option(
    "-a", "--assignment", "names", metavar="NAME", multiple=True,
    help="The assignment to export, all when left out; may be given several times.",
)  # fmt: skip
@click.option(
    "--column",
    "columns",
    metavar="NAME=TITLE",
    multiple=True,
    help="The column of an assignment, where it has another.",
)
@click.option("-o", "--out", type=click.Path(dir_okay=False, path_type=Path), help="Write to a file.")
def export(
    results: Path, format_: str, roster: Path | None, names: tuple[str, ...], columns: tuple[str, ...], out: Path | None
) -> None:
    """Write the results in the folder OUT for another system.

    canvas and moodle are what their gradebooks import; with Moodle's offline grading worksheet as the roster, moodle is
    that worksheet filled in. jsonl is a report a line, junit a test suite for each, zip a page (HTML) for each to hand
    back. Whom the roster lacks, and who has no report, is named.

    \b
    Example:  grader export results --format canvas --roster canvas.csv -o grades.csv
              grader export results --format moodle --roster worksheet.csv -a activations -o filled.csv
              grader export results --format zip -o pages.zip
    """
    from grader.classroom.exports import ExportError
    from grader.classroom.exports import export as exported
    from grader.classroom.roster import RosterError

    if format_ == "zip" and not out:
        stop("a zip goes to a file; say which: -o FILE")
    try:
        made = exported(results, format_, roster, names, columns)
        if out:
            out.write_bytes(made.data)
    except (ExportError, RosterError) as problem:
        stop(str(problem))
    except OSError as error:
        stop(f"{error.filename or out} cannot be read or written: {error.strerror}.")
    for sentence in made.said:
        click.echo(f"grader: {_harmless(sentence)}", err=True)
    if not out:
        click.echo(made.data, nl=False)


@cli.command()
@json_option
def doctor(as_json: bool) -> None:
    """Say how submissions are isolated on this machine, having tried each layer for real.

    \b
    Example:    grader doctor
    Exit code:  0 hidden checks are safe here, 1 they are not
    """
    from dataclasses import asdict

    from grader.doctor.examination import examine
    from grader.doctor.table import render_examination

    found = examine()
    if as_json:
        _print_json({**asdict(found), "safe": found.safe})
    else:
        click.echo(render_examination(found, colour=True), nl=False)
    raise click.exceptions.Exit(0 if found.safe else 1)


@cli.command("validate")
@click.argument("assignments", metavar="[NAME]...", nargs=-1, type=AssignmentName())
@click.option("--jobs", type=click.IntRange(min=1), help="Judges at work at the same time; all cores when left out.")
@click.option("--seed", type=int, help="Draw the cases from another seed.")
@click.option("--sample", type=click.IntRange(min=1), metavar="N", help="Grade N mistakes and N + 1 right ones.")
@click.option("--seeds", type=click.IntRange(min=1), metavar="N", help="Grade right code alone, with N seeds.")
@json_option
def validate_(
    assignments: tuple["Assignment", ...],
    jobs: int | None,
    seed: int | None,
    sample: int | None,
    seeds: int | None,
    as_json: bool,
) -> None:
    """Grade the banks: right code must get full marks, each known mistake lose its own points and be named.

    Right code never loses points and mistakes always do, at most 2 % of them elsewhere; at least 95 % are named.

    \b
    Example:    grader validate activations
                grader validate --seeds 200
    Exit code:  0 the checks keep this, 1 something to mend, 2 usage
    """
    import os
    from dataclasses import asdict

    from grader.assignment import available
    from grader.banks.seeds import validate_seeds
    from grader.banks.table import render_steadiness, render_validation
    from grader.banks.validation import validate

    chosen, jobs = assignments or available(), jobs or os.cpu_count() or 1
    if seeds:
        steady = []
        for found in validate_seeds(chosen, seeds, jobs, seed):
            steady.append(found)
            if not as_json:
                click.echo(render_steadiness(found), nl=False)
        if as_json:
            _print_json([asdict(found) for found in steady])
        raise click.exceptions.Exit(1 if any(found.lost for found in steady) else 0)
    results = []
    for result in validate(chosen, jobs, seed, sample):
        results.append(result)
        click.echo(f"{result.assignment}: {'good' if result.good else 'something to mend'}", err=True)
    if as_json:
        _print_json([asdict(result) for result in results])
    else:
        click.echo(render_validation(results), nl=False)
    raise click.exceptions.Exit(0 if all(result.good for result in results) else 1)


@cli.command("mutants")
@click.argument("assignments", metavar="[NAME]...", nargs=-1, type=AssignmentName())
@click.option("--jobs", type=click.IntRange(min=1), help="Judges at work at the same time; all cores when left out.")
@click.option("--seed", type=int, help="Draw the cases from another seed.")
@click.option("--sample", type=click.IntRange(min=1), metavar="N", help="Grade only N mutants of each assignment.")
@click.option("-k", "keyword", metavar="TEXT", default="", help="Grade the mutants whose id contains TEXT.")
@json_option
def mutants_(
    assignments: tuple["Assignment", ...],
    jobs: int | None,
    seed: int | None,
    sample: int | None,
    keyword: str,
    as_json: bool,
) -> None:
    """Grade the checks: the reference with one small slip in it must lose points, at least 97 % of the time.

    Slips that change nothing which a check may judge are listed with the reason in the assignment's equivalent.toml.

    \b
    Example:    grader mutants activations
    Exit code:  0 enough slips lose points, 1 something to mend, 2 usage
    """
    import os
    from dataclasses import asdict

    from grader.assignment import available
    from grader.mutation.grading import grade_mutants
    from grader.mutation.table import render_mutants

    results = []
    for result in grade_mutants(assignments or available(), jobs or os.cpu_count() or 1, seed, sample, keyword):
        results.append(result)
        click.echo(f"{result.assignment}: {'enough' if result.enough else 'something to mend'}", err=True)
    if as_json:
        _print_json([asdict(result) for result in results])
    else:
        click.echo(render_mutants(results), nl=False)
    raise click.exceptions.Exit(0 if all(result.enough for result in results) else 1)


def _print_json(value: object) -> None:
    from grader.report.model import json_of

    click.echo(json_of(value))


def _harmless(text: str) -> str:
    """What may quote the name of a file, which may be a student's."""
    from grader.report.plain import visible, without_commands

    return without_commands(visible(text))


def main() -> None:
    """Run the command; what a terminal's encoding lacks is replaced, and Ctrl-C ends in one line."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]
    try:
        code = cli.main(standalone_mode=False)
    except click.ClickException as error:
        said = io.StringIO()
        error.show(said)
        click.echo(_harmless(said.getvalue()), nl=False, err=True)
        code = error.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("grader: stopped.", err=True)
        code = STOPPED
    sys.exit(code)


if __name__ == "__main__":
    main()
