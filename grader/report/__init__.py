"""The record of a submission's grade, and everything that is rendered from it."""

from typing import Literal, get_args

from grader.report.model import Report, to_json

Format = Literal[
    "terminal", "html", "markdown", "json", "junit", "csv", "gradescope", "classroom", "prairielearn", "autolab"
]
FORMATS: tuple[Format, ...] = get_args(Format)


def render(report: Report, format: Format) -> str:
    """The report as text in one of FORMATS."""
    match format:
        case "terminal":
            from grader.report.terminal import render_terminal

            return render_terminal(report)
        case "html":
            from grader.report.html import render_html

            return render_html(report)
        case "markdown":
            from grader.report.markdown import render_markdown

            return render_markdown(report)
        case "json":
            return to_json(report).decode()
        case "junit":
            from grader.report.junit import render_junit

            return render_junit(report)
        case "csv":
            from grader.report.table import render_table

            return render_table([report])
        case "gradescope":
            from grader.report.gradescope import render_gradescope

            return render_gradescope(report)
        case "classroom":
            from grader.report.classroom import render_classroom

            return render_classroom(report)
        case "prairielearn":
            from grader.report.prairielearn import render_prairielearn

            return render_prairielearn(report)
        case "autolab":
            from grader.report.autolab import render_autolab

            return render_autolab(report)
