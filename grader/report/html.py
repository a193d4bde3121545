"""A student's report as one self-contained HTML page."""

import base64
import hashlib
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from grader.report import outline, pictures
from grader.report.model import Report
from grader.report.plain import clip, one_line, without_commands

TEMPLATES = Path(__file__).with_name("templates")


def render_html(report: Report) -> str:
    """The page of one student."""
    share = report.score / report.max_score if report.max_score > 0 else 0.0
    return page(
        "report",
        report=report,
        groups=outline.groups(report),
        changes=outline.changes(report),
        notes=outline.notes(report),
        share=max(0.0, min(1.0, share)),
    )


def page(name: str, **context: Any) -> str:
    """A page from its template, its script if it has one, and the common style. It can load nothing and run only that
    script."""
    style = (TEMPLATES / "style.css").read_text(encoding="utf-8")
    file = TEMPLATES / f"{name}.js"
    script = file.read_text(encoding="utf-8") if file.exists() else ""
    policy = (
        f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )
    return render_template(name, style=Markup(style), script=Markup(script), policy=policy, **context)


def render_template(name: str, **context: Any) -> str:
    """A template filled in: every value is made visible, cut and escaped."""
    return _environment().get_template(f"{name}.html.j2").render(**context)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        # Every value that reaches a page is first made visible and cut; then it is escaped.
        finalize=_shown,
    )
    environment.filters |= {
        "points": outline.points,
        "duration": outline.duration,
        "place": outline.place,
        "word": outline.verdict_word,
        "sentence": outline.sentence,
        "reason": outline.reason,
        "status_word": outline.STATUS_WORDS.__getitem__,
        "arguments": outline.arguments_of,
        "hint": outline.hint_of,
        "one_line": one_line,
        "clip": clip,
        "path": lambda text: quote(text, safe="/", errors="replace"),
    }
    environment.globals |= {
        "STATUS_WORDS": outline.STATUS_WORDS,
        "plot": pictures.plot,
        "heat": pictures.heat,
        "frame": {name: getattr(pictures, name) for name in ("WIDTH", "HEIGHT", "LEFT", "RIGHT", "TOP", "BOTTOM")},
    }
    return environment


def _shown(value: Any) -> Any:
    if not isinstance(value, str) or isinstance(value, Markup):
        return value
    return without_commands(clip(value, 20_000, 400))


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
