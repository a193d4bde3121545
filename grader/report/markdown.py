"""Markdown for a pull request, an issue or a build summary. Nothing of the student's is interpreted."""

import re

from grader.report.model import Check, Report
from grader.report.outline import (
    STATUS_WORDS,
    Change,
    arguments_of,
    changes,
    groups,
    hint_of,
    mark,
    notes,
    place,
    points,
    sentence,
    verdict_word,
)
from grader.report.plain import apart, clip, one_line, visible, without_commands

_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
# Hosts look for mentions, issue numbers, addresses and emoji in the finished text, where a backslash no longer helps.
_REFERENCE = re.compile(r"(@|#|://|\bwww(?=\.)|\bGH(?=-)|:(?=[a-z+-]\w*(?::|$)))", re.IGNORECASE)

_LONG_FENCE = re.compile("`{200}")  # GitHub's parser counts the backticks of a fence up to 255


def render_markdown(report: Report) -> str:
    """The whole report: points by function, then each check that lost points."""
    total = f"{points(report.score)} of {points(report.max_score)} points"
    lines = [f"# {escape(report.title)}: {total}", "", *_first(report), ""]
    names = [apart(escape(name)) for name in (report.student, report.submission or "no file")]
    lines += [f"**{STATUS_WORDS[report.status]}** · {' · '.join(names)}"]
    if report.checks:
        lines += ["", "| Function | Points | Checks that pass |", "|---|---:|---:|"]
    for group in groups(report):
        earned = f"{points(group.score)} of {points(group.max_score)}"
        lines += [f"| {escape(group.function)} | {earned} | {len(group.passing)} of {len(group.checks)} |"]
    for group in groups(report):
        for reason in group.reasons:
            lines += ["", *_reason(reason)]
    said = notes(report)
    lines += ["", "## Notes", ""] if said else []
    lines += [f"- {escape(note)}" for note in said]
    isolation = f"isolation: {escape(report.isolation)} · seed {report.seed}"
    versions = f"grader {escape(report.grader_version)} · checks {escape(report.assignment_version)}"
    lines += ["", "---", "", f"{isolation} · {versions}", ""]
    return without_commands("\n".join(lines))


def escape(text: str) -> str:
    """One line of text that Markdown shows as it is: no HTML, links, images, mentions or mathematics."""
    broken = _REFERENCE.sub("\\1\u200b", one_line(text, 1000))
    return _PUNCTUATION.sub(r"\\\1", broken)


def fenced(text: str) -> list[str]:
    """The text as a code block that its own backticks cannot close."""
    text = _LONG_FENCE.sub("\\g<0>\u200b", clip(text, 2000, 30))
    fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", text)), default=0))
    return [f"{fence}text", text, fence]


def _first(report: Report) -> list[str]:
    """What to change, before anything else."""
    todo = changes(report)
    if not todo:
        return [escape(report.why or sentence(report))]
    lines = [f"**What to change** in {escape(todo[0].function)}: {escape(todo[0].text)}"]
    if len(todo) > 1:
        lines += ["", *(f"- {escape(change.function)}: {escape(change.text)}" for change in todo[1:])]
    return lines


def _reason(reason: Change) -> list[str]:
    """The checks that fail for one reason: the clearest one, and how many more there are."""
    check = reason.check
    earned = f"{points(check.points)} of {points(check.max_points)}"
    lines = [
        f"## {mark(check)} {escape(check.function)}: {escape(check.title)}",
        "",
        f"{verdict_word(check)}, {earned} points. {reason.others}".strip(),
    ]
    if check.diagnosis:
        lines += ["", f"**What to change:** {escape(check.diagnosis)}"]
    if check.message:
        lines += ["", escape(check.message)]
    lines += _evidence(check)
    if hint := hint_of(check):
        lines += ["", f"Hint: {escape(hint)}"]
    if check.output:
        lines += ["", "Your code printed:", "", *fenced(check.output)]
    return lines


def _evidence(check: Check) -> list[str]:
    evidence = check.evidence
    if evidence is None:
        return []
    blocks = {
        "Called": "\n".join([evidence.call, *(f"{name} = {value}" for name, value in arguments_of(evidence).items())]),
        "Yours": evidence.yours,
        "Expected": evidence.expected,
        "Where they differ": evidence.where,
        "Your code": "\n".join(f"{place(frame)}:\n    {frame.text}" for frame in evidence.frames),
        "Paste this to see it": evidence.snippet,
    }
    lines: list[str] = []
    for label, text in blocks.items():
        if text and visible(text).strip():
            lines += ["", f"{label}:", "", *fenced(text)]
    return lines
