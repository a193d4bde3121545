"""Write docs/commands.md, every command with its options, from the commands: `python docs/make_commands.py`."""

import inspect
import re
from collections.abc import Iterator
from pathlib import Path

import click

from grader.cli import cli

PAGE = Path(__file__).with_name("commands.md")
INTRODUCTION = """# Every command

<!-- Made by `python docs/make_commands.py`. Change the commands in grader/cli, not this page. -->

What `grader COMMAND --help` says. A name of an assignment is that of its folder: it is looked for in `assignments/`
here and in the folders above, and in those that `GRADER_ASSIGNMENTS` names. `grader --version` says which version
this is."""


def usage(name: str, command: click.Command) -> str:
    """`grader check [OPTIONS] NAME [FILE]`."""
    with click.Context(command, info_name=f"grader {name}") as context:
        return " ".join([context.command_path, *command.collect_usage_pieces(context)])


def option(found: click.Option) -> str:
    """One row of the table of options."""
    with click.Context(click.Command("grader")) as context:
        written, text = found.get_help_record(context) or ("", "")
    return f"| `{written.replace('|', ' or ')}` | {text.replace('|', ' or ')} |"


def section(name: str, command: click.Command) -> str:
    """One command."""
    prose, _, rest = inspect.cleandoc(command.help or "").partition("\b\n")
    lines = [f"## `grader {name}`", "", "```text", usage(name, command), "```", "", prose.strip(), ""]
    options = [found for found in command.params if isinstance(found, click.Option)]
    if options:
        lines += ["| option | |", "|---|---|", *map(option, options), ""]
    code = re.search(r"^Exit code: *(.*(?:\n +.*)*)", rest, re.MULTILINE)
    examples = rest[: code.start()] if code else rest
    shown = [line.removeprefix("Example:").strip() for line in examples.splitlines() if line.strip()]
    lines += ["Example:" if len(shown) == 1 else "Examples:", "", *(f"    {line}" for line in shown)]
    if code:
        lines += ["", f"Exit code: {' '.join(code[1].split())}."]
    return "\n".join(lines)


def sections(group: click.Group, before: str = "") -> Iterator[str]:
    """Every command of a group, and those within it after it."""
    for name, command in group.commands.items():
        yield section(before + name, command)
        if isinstance(command, click.Group):
            yield from sections(command, f"{before}{name} ")


def page() -> str:
    """The whole page."""
    return "\n\n".join([INTRODUCTION, *sections(cli)]) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
