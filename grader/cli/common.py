"""What the commands share: exit codes, options, the names of assignments, and how they end."""

from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

if TYPE_CHECKING:
    from grader.assignment import Assignment

ALL_POINTS, POINTS_LOST, USAGE, NOT_GRADED, STOPPED = 0, 1, 2, 3, 130


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
    click.echo(f"grader: {harmless(sentence)}", err=True)
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


def print_json(value: object) -> None:
    from grader.report.model import json_of

    click.echo(json_of(value))


def harmless(text: str) -> str:
    """What may quote the name of a file, which may be a student's."""
    from grader.report.plain import visible, without_commands

    return without_commands(visible(text))
