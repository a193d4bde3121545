"""Files from the templates beside this module; a template's path is that of the file, NAME standing for a name."""

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

TEMPLATES = Path(__file__).with_name("templates")


def rendered(kind: str, **context: Any) -> dict[str, str]:
    """The files of one kind of template by their paths. What is put in stands in [= =], and blocks in [% %]."""
    files = {}
    for template in _environment().list_templates(extensions=["j2"]):
        folder, _, path = template.removesuffix(".j2").partition("/")
        if folder == kind:
            files[path.replace("NAME", context.get("name", ""))] = _environment().get_template(template).render(context)
    return files


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=False,
        undefined=StrictUndefined,
        variable_start_string="[=",
        variable_end_string="=]",
        block_start_string="[%",
        block_end_string="%]",
        comment_start_string="[#",
        comment_end_string="#]",
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
