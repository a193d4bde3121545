"""The commands of a student: list, start, check."""

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from grader.cli.common import (
    ALL_POINTS,
    NOT_GRADED,
    POINTS_LOST,
    STOPPED,
    AssignmentName,
    framework_option,
    json_option,
    print_json,
    stop,
    weak_option,
)

if TYPE_CHECKING:
    from grader.assignment import Assignment
    from grader.report.model import Report


@click.command("list")
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
        return print_json(rows)
    width = max((len(a.name) for a in found), default=0)
    for a in found:
        click.echo(f"{a.order:>2}  {a.name:<{width}}  {a.title}")


@click.command()
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


@click.command()
@click.argument("assignment", metavar="NAME", type=AssignmentName())
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option("-k", "keyword", metavar="EXPR", help="Run the checks whose names match, as in pytest.")
@click.option("--public", is_flag=True, help="Run the public checks alone.")
@click.option("--watch", "watching", is_flag=True, help="Check again whenever the file is saved, until Ctrl-C.")
@framework_option
@json_option
@weak_option
def check(
    assignment: "Assignment",
    file: Path | None,
    keyword: str | None,
    public: bool,
    watching: bool,
    framework: str | None,
    as_json: bool,
    allow_weak_isolation: bool,
) -> None:
    """Check your own work and print the report.

    FILE is a .py file, a notebook, a folder or a zip; NAME.py or NAME.ipynb in the current folder when left out. With
    --watch only those checks are run again that a change may bear on; with --json as well, each report is one line.

    \b
    Example:    grader check activations
                grader check activations draft.ipynb -k softmax
                grader check activations --watch
    Exit code:  0 all points, 1 points lost, 2 usage, 3 something could not be graded
    """
    from grader.judge.isolation.sandbox import SandboxError
    from grader.judge.session import JudgeError, Submission, judge
    from grader.report import render
    from grader.submission import Unreadable, read

    file = file or _own_file(assignment.name)
    nothing_hidden = not (assignment.folder / "test_hidden.py").is_file()
    options: dict[str, Any] = {
        "hidden": not public, "keyword": keyword, "framework": framework,
        "weak_isolation": allow_weak_isolation or nothing_hidden,
    }  # fmt: skip
    try:
        if watching:
            from grader.cli.watch import watch

            _end(watch(assignment, file, as_json, **options))
        try:
            submission = Submission(file.stem, read(file, assignment.name))
        except Unreadable as problem:
            submission = Submission(file.stem, None, str(problem))
        reports: list[Report] = []
        judge(assignment, [submission], reports.append, **options)
    except (JudgeError, SandboxError) as error:
        stop(str(error), NOT_GRADED)
    click.echo(render(reports[0], "json" if as_json else "terminal"), nl=False)
    _end(reports[0])


def _end(report: "Report | None") -> NoReturn:
    codes = {"full-marks": ALL_POINTS, "could-not-grade": NOT_GRADED}
    raise click.exceptions.Exit(codes.get(report.status, POINTS_LOST) if report else STOPPED)


def _own_file(name: str) -> Path:
    from grader.submission import own_files

    here = own_files(name, Path())
    if len(here) > 1:
        stop(f"both {here[0]} and {here[1]} are here; say which: grader check {name} {here[0]}")
    if not here:
        stop(f"there is no {name}.py or {name}.ipynb here; grader start {name} makes one.")
    return here[0]
