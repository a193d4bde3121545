"""The commands for a course of one's own: new, starters, release."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.cli.common import AssignmentName, stop

if TYPE_CHECKING:
    from grader.assignment import Assignment


@click.command()
@click.argument("name", metavar="NAME")
@click.option("--title", help="The title in handout and reports; the name in words when left out.")
def new(name: str, title: str | None) -> None:
    """Begin an assignment of your own in the current folder, as one that already works.

    It has one function, with everything an assignment has: a handout, checks, a reference, known mistakes, right
    alternatives and a starter. Change them one by one, and validate.

    \b
    Example:  grader new similarity --title "Similarity of vectors"
              grader validate similarity
    """
    from grader.course.beginning import CannotBegin, begin
    from grader.course.writing import CannotWrite

    try:
        for path in begin(name, Path(), title):
            click.echo(path)
    except (CannotBegin, CannotWrite) as problem:
        stop(str(problem))
    click.echo(f"Now: grader validate {name}")


@click.command()
@click.argument("assignments", metavar="[NAME]...", nargs=-1, type=AssignmentName())
@click.option("--check", is_flag=True, help="Write nothing, and name what is out of date.")
def starters(assignments: tuple["Assignment", ...], check: bool) -> None:
    """Make the starters from the signatures and docstrings of the reference.

    \b
    Example:    grader starters similarity
    Exit code:  0 all are up to date now, 1 some are not, 2 usage
    """
    from grader.assignment import available
    from grader.course.starters import NoReference, outdated

    try:
        old = [found for assignment in assignments or available() for found in outdated(assignment)]
        for path, text in old:
            if not check:
                path.write_text(text, encoding="utf-8")
            click.echo(f"{path.parent.name}/{path.name}: {'out of date' if check else 'written'}")
    except (NoReference, ValueError) as problem:
        stop(str(problem))
    except OSError as error:
        stop(f"{error.filename} cannot be written: {error.strerror}.")
    raise click.exceptions.Exit(1 if old and check else 0)


@click.command()
@click.argument("assignments", metavar="NAME...", nargs=-1, required=True, type=AssignmentName())
@click.option("-o", "--out", type=click.Path(file_okay=False, path_type=Path), required=True, help="The folder for it.")
@click.option("--notebook", is_flag=True, help="Notebooks (.ipynb) to fill in, in place of .py files.")
@click.option("--torch", is_flag=True, help="For PyTorch in place of NumPy.")
@click.option("--requirement", metavar="TEXT", default="", help="What pip installs as the grader, such as a URL.")
@click.option("--force", is_flag=True, help="Overwrite files that are there.")
def release(
    assignments: tuple["Assignment", ...], out: Path, notebook: bool, torch: bool, requirement: str, force: bool
) -> None:
    """Make a student repository of some assignments: starters, handouts, public checks and a workflow.

    Nothing of the reference, the hidden checks, the known mistakes or the alternatives goes into it. Students run
    grader check NAME there, on their own machines; you grade with grader grade, here.

    \b
    Example:  grader release activations backprop -o homework-1
    """
    from grader.course.release import CannotRelease
    from grader.course.release import release as made
    from grader.course.writing import CannotWrite

    try:
        begun = made(assignments, out, notebook=notebook, torch=torch, requirement=requirement, force=force)
    except (CannotRelease, CannotWrite) as problem:
        stop(str(problem))
    click.echo(f"{out} is ready for students: {', '.join(begun)} to fill in, and README.md says how.")
