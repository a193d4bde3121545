"""Autolab's autoresult: the last line that an autograder prints, and the feedback in the line before it."""

from grader.report.model import Report, json_of
from grader.report.outline import groups
from grader.report.plain import one_line


def render_autolab(report: Report) -> str:
    """Two lines: what passes, by function, and the points of each function, which is a problem in Autolab.

    A function with a check that could not be graded has no score, so that Autolab keeps the one that it had.
    """
    graded = [g for g in groups(report) if all(c.verdict != "could-not-grade" for c in g.checks)]
    stages = {
        group.function: {
            one_line(check.title): {"passed": True}
            if check in group.passing
            else {"passed": False, "hint": one_line(check.diagnosis or check.message, 500)}
            for check in group.checks
        }
        for group in graded
    }
    feedback = {"_presentation": "semantic", "stages": list(stages), **stages}
    scores = {"scores": {group.function: round(group.score, 4) for group in graded}}
    return f"{json_of(feedback, 0)}\n{json_of(scores, 0)}\n"
