"""A report as a card for a notebook: a piece of HTML that keeps its style to itself and has no script."""

from markupsafe import Markup

from grader.report import outline
from grader.report.html import TEMPLATES, render_template
from grader.report.model import Report


def render_card(report: Report) -> str:
    """The card."""
    colors, _, _ = (TEMPLATES / "style.css").read_text(encoding="utf-8").partition("\n*")
    style = colors.replace(":root", ".grader-card") + (TEMPLATES / "card.css").read_text(encoding="utf-8")
    return render_template(
        "card",
        style=Markup(style),
        report=report,
        changes=outline.changes(report),
        notes=outline.notes(report),
        passing=[check for check in report.checks if not outline.is_open(check)],
        share=max(0.0, min(1.0, report.score / report.max_score)) if report.max_score > 0 else 0.0,
    )
