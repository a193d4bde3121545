"""The commands that make files for other systems: grader export FORMAT, of results or of an assignment."""

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from grader.cli.common import FILE, AssignmentName, harmless, stop, weak_option

if TYPE_CHECKING:
    from grader.assignment import Assignment

RESULTS = {
    "canvas": (
        "What Canvas's gradebook imports. The roster is the gradebook that it exports.",
        "canvas results --roster canvas.csv -o grades.csv",
    ),
    "moodle": (
        "What Moodle's gradebook imports. With its offline grading worksheet as the roster: that worksheet, filled in.",
        "moodle results --roster worksheet.csv -a activations -o filled.csv",
    ),
    "jsonl": ("A report a line, as JSON.", "jsonl results -o reports.jsonl"),
    "junit": ("JUnit, with a test suite for each report.", "junit results -o junit.xml"),
    "zip": ("A page (HTML) for each report, to hand back.", "zip results -o pages.zip"),
}
"""The exports of results: what each of them is, and an example."""
UNMATCHED = "Whom the roster lacks, and who has no report, is named."


@click.group()
def export() -> None:
    """Make a file for another system.

    canvas, moodle, jsonl, junit and zip take the folder of results that grader grade has made. gradescope, prairielearn
    and autolab take an assignment, and make the autograder to upload, with the hidden checks and the reference in it.

    \b
    Example:  grader export canvas results --roster canvas.csv -o grades.csv
              grader export gradescope activations -o autograder.zip
    """


def result_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """What the exports of results take."""
    options = [
        click.argument("results", metavar="OUT", type=click.Path(exists=True, file_okay=False, path_type=Path)),
        click.option("--roster", type=FILE, help="The students (CSV), as Canvas or Moodle gave them."),
        click.option(
            "-a", "--assignment", "names", metavar="NAME", multiple=True,
            help="The assignment to export, all when left out; may be given several times.",
        ),
        click.option(
            "--column", "columns", metavar="NAME=TITLE", multiple=True,
            help="The column of an assignment, where it has another.",
        ),
        click.option("-o", "--out", type=click.Path(dir_okay=False, path_type=Path), help="Write to a file."),
    ]  # fmt: skip
    for option in reversed(options):
        command = option(command)
    return command


def of_results(format: str, about: str, example: str) -> click.Command:
    """The command for one format."""

    @click.command(format, help=f"{about}\n\n{UNMATCHED}\n\n\b\nExample:  grader export {example}")
    @result_options
    def command(
        results: Path, roster: Path | None, names: tuple[str, ...], columns: tuple[str, ...], out: Path | None
    ) -> None:
        from grader.classroom.exports import ExportError
        from grader.classroom.exports import export as exported
        from grader.classroom.roster import RosterError

        if format == "zip" and not out:
            stop("a zip goes to a file; say which: -o FILE")
        try:
            made = exported(results, format, roster, names, columns)
            if out:
                out.write_bytes(made.data)
        except (ExportError, RosterError) as problem:
            stop(str(problem))
        except OSError as error:
            stop(f"{error.filename or out} cannot be read or written: {error.strerror}.")
        for sentence in made.said:
            click.echo(f"grader: {harmless(sentence)}", err=True)
        if not out:
            click.echo(made.data, nl=False)

    return command


for _format, (_about, _example) in RESULTS.items():
    export.add_command(of_results(_format, _about, _example))


def autograder_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """What all autograders take."""
    options = [
        click.argument("assignment", metavar="NAME", type=AssignmentName()),
        click.option("--torch", is_flag=True, help="Install PyTorch there, for submissions that use it."),
        weak_option,
    ]
    for option in reversed(options):
        command = option(command)
    return command


@export.command()
@autograder_options
@click.option("--policy", type=FILE, help="The rules for late hand-ins and several attempts (TOML).")
@click.option(
    "-o", "--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="The zip file to write."
)
def gradescope(
    assignment: "Assignment", torch: bool, allow_weak_isolation: bool, policy: Path | None, out: Path
) -> None:
    """Gradescope: the zip file to upload under Configure Autograder.

    \b
    Example:  grader export gradescope activations --policy policy.toml -o autograder.zip
    """
    from grader.platforms import bundle

    with _one_sentence(out):
        out.write_bytes(bundle.gradescope(assignment, torch=torch, weak=allow_weak_isolation, policy=policy))
    click.echo(f"{out} is ready to upload. It holds all checks and the reference: keep it from students.")


@export.command()
@autograder_options
@click.option("--image", required=True, help="The name of the Docker image, built from the Dockerfile in the folder.")
@click.option("-o", "--out", type=click.Path(path_type=Path), required=True, help="The question's folder.")
def prairielearn(assignment: "Assignment", torch: bool, allow_weak_isolation: bool, image: str, out: Path) -> None:
    """PrairieLearn: the folder of an externally graded question.

    \b
    Example:  grader export prairielearn activations --image ada/deepgrader -o questions/activations
    """
    from grader.platforms import bundle

    with _one_sentence(out):
        bundle.write(bundle.prairielearn(assignment, image, torch=torch, weak=allow_weak_isolation), out)
    click.echo(f"{out} is ready. Build its image: docker build -t {image} - < {out / 'Dockerfile'}")


@export.command()
@autograder_options
@click.option("-o", "--out", type=click.Path(path_type=Path), required=True, help="The folder for the two files.")
def autolab(assignment: "Assignment", torch: bool, allow_weak_isolation: bool, out: Path) -> None:
    """Autolab: autograde-Makefile and autograde.tar. Each function is a problem there.

    \b
    Example:  grader export autolab activations -o activations-lab
    """
    from grader.platforms import bundle
    from grader.report.outline import points

    with _one_sentence(out):
        bundle.write(bundle.autolab(assignment, torch=torch, weak=allow_weak_isolation), out)
    problems = ", ".join(f"{name} ({points(worth)})" for name, worth in assignment.points.items())
    click.echo(f"{out} is ready. The problems to define in Autolab, with their points: {problems}")


@contextlib.contextmanager
def _one_sentence(out: Path) -> Iterator[None]:
    """End with one sentence where an upload cannot be made."""
    from grader.classroom.policy import PolicyError
    from grader.platforms.bundle import CannotBundle

    try:
        yield
    except (CannotBundle, PolicyError) as problem:
        stop(str(problem))
    except OSError as error:
        stop(f"{error.filename or out} cannot be read or written: {error.strerror}.")
