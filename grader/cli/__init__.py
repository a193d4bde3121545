"""The command `grader`."""

import io
import sys

import click

from grader import __version__
from grader.cli import author, course, desk, exports, platforms, student
from grader.cli.common import STOPPED, harmless


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="grader")
def cli() -> None:
    """Check and grade deep learning written from scratch.

    \b
    Students:     grader start activations    then   grader check activations
    Instructors:  grader grade class/ -a activations -o results
    """


for _command in (
    student.list_, student.start, student.check,
    desk.grade, desk.regrade, desk.status, desk.similar, desk.report,
    exports.export, platforms.on,
    course.new, course.starters, course.release,
    author.doctor, author.validate_, author.mutants_,
):  # fmt: skip
    cli.add_command(_command)


def main() -> None:
    """Run the command; what a terminal's encoding lacks is replaced, and Ctrl-C ends in one line."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]
    try:
        code = cli.main(standalone_mode=False)
    except click.ClickException as error:
        said = io.StringIO()
        error.show(said)
        click.echo(harmless(said.getvalue()), nl=False, err=True)
        code = error.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("grader: stopped.", err=True)
        code = STOPPED
    sys.exit(code)
