"""The site is built from the pages without a warning, and looks as the reports do."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"


def test_the_site_is_built_without_a_warning(tmp_path: Path) -> None:
    """A link that leads nowhere, or a page that no list of contents names, is a warning."""
    command = [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", "-n", "-d", str(tmp_path / "trees")]
    built = subprocess.run([*command, str(DOCS), str(tmp_path / "site")], cwd=ROOT, capture_output=True, text=True)
    assert built.returncode == 0, built.stderr
    page = (tmp_path / "site" / "verdicts.html").read_text("utf-8")
    style = (ROOT / "grader" / "report" / "templates" / "style.css").read_text("utf-8")
    assert len(colours := re.findall(r"--(?:page|accent): #\w+;", style)) == 4
    assert all(colour in page for colour in colours)
    assert 'href="security.html"' in page


def test_the_theme_uses_the_names_that_the_reports_use() -> None:
    style = (ROOT / "grader" / "report" / "templates" / "style.css").read_text("utf-8")
    used = set(re.findall(r"var\((--[\w-]+)\)", (DOCS / "_static" / "site.css").read_text("utf-8")))
    assert used <= set(re.findall(r"(--[\w-]+): ", style))
    assert len(used) > 8
