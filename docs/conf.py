"""The site of these pages: `make docs`. Its colours and fonts are those of the reports."""

import re
from pathlib import Path

from sphinx.application import Sphinx

from grader import __version__

STYLE = Path(__file__).parents[1] / "grader" / "report" / "templates" / "style.css"


def variables() -> list[dict[str, str]]:
    """What the reports' style calls its colours and fonts, in light and in dark."""
    blocks = re.findall(r":root \{(.*?)\}", STYLE.read_text("utf-8"), re.DOTALL)
    return [dict(re.findall(r"--([\w-]+): ([^;]+);", block)) for block in blocks]


project = "DeepGrader"
author = "the DeepGrader contributors"
version = release = __version__
extensions = ["myst_parser"]
exclude_patterns = ["_build"]
myst_heading_anchors = 3
highlight_language = "none"
html_theme = "furo"
html_title = "DeepGrader"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_copy_source = False
html_show_sphinx = False
html_show_copyright = False
html_theme_options = dict(zip(("light_css_variables", "dark_css_variables"), variables(), strict=True))


def setup(app: Sphinx) -> None:
    """On GitHub pages link to SECURITY.md beside this folder; here it is a page."""
    app.connect(
        "source-read", lambda app, name, text: text.insert(0, text.pop().replace("(../SECURITY.md", "(security.md"))
    )
