"""What a check in a notebook returns: something that shows itself."""

import html

from grader.report.card import render_card
from grader.report.model import Report
from grader.report.terminal import render_terminal


class Answer:
    """A report: a card in a notebook, text elsewhere."""

    def __init__(self, report: Report) -> None:
        self.report = report

    def __repr__(self) -> str:
        return render_terminal(self.report, width=80, color=False).rstrip("\n")

    def _repr_html_(self) -> str:
        return render_card(self.report)


class Said:
    """One sentence in place of a report."""

    def __init__(self, sentence: str) -> None:
        self.sentence = sentence

    def __repr__(self) -> str:
        return self.sentence

    def _repr_html_(self) -> str:
        return f"<p>{html.escape(self.sentence, quote=False)}</p>"
