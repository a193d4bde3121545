"""JUnit XML, in the shape that pytest writes; points are properties."""

import xml.etree.ElementTree as ElementTree
from collections.abc import Iterable
from xml.etree.ElementTree import Element, SubElement

from grader.report.model import Check, Report
from grader.report.outline import detail, is_open, points, verdict_word
from grader.report.plain import clip, one_line, without_commands


def render_junit(report: Report) -> str:
    """The report as one test suite: fail is a failure, could-not-grade is skipped, the other verdicts are errors."""
    return _document([_suite(report, report.assignment)])


def render_junit_class(reports: Iterable[Report]) -> str:
    """A test suite for each report, called after the student and the assignment."""
    return _document(_suite(r, f"{r.student}: {r.assignment}") for r in reports)


def _document(suites: Iterable[Element]) -> str:
    root = Element("testsuites", name="deepgrader")
    root.extend(suites)
    ElementTree.indent(root)
    text = without_commands(ElementTree.tostring(root, encoding="unicode"))
    return f'<?xml version="1.0" encoding="utf-8"?>\n{text}\n'


def _suite(report: Report, name: str) -> Element:
    tags = [_tag(c) for c in report.checks] or ["error"]
    suite = Element(
        "testsuite",
        name=one_line(name),
        tests=str(len(tags)),
        failures=str(tags.count("failure")),
        errors=str(tags.count("error")),
        skipped=str(tags.count("skipped")),
        time=f"{report.seconds:.3f}",
        timestamp=one_line(report.started),
    )
    _properties(
        suite,
        student=one_line(report.student),
        score=points(report.score),
        max_score=points(report.max_score),
        status=report.status,
        isolation=one_line(report.isolation),
        seed=str(report.seed),
    )
    for check in report.checks:
        _case(suite, check)
    if not report.checks:
        case = SubElement(suite, "testcase", classname=one_line(report.assignment), name="submission", time="0.000")
        SubElement(case, "error", type=report.status, message=one_line(report.why or report.status))
    return suite


def _case(suite: Element, check: Check) -> None:
    name = one_line(check.id)
    case = SubElement(suite, "testcase", classname=one_line(check.function), name=name, time=f"{check.seconds:.3f}")
    title = one_line(check.title)
    _properties(case, title=title, points=points(check.points), max_points=points(check.max_points))
    tag = _tag(check)
    if tag:
        said = one_line(check.diagnosis or check.message or verdict_word(check))
        text = "\n".join(part for part in (check.title, detail(check)) if part)
        SubElement(case, tag, type=check.verdict, message=said).text = clip(text, 8000, 200)
    if check.output:
        SubElement(case, "system-out").text = clip(check.output)


def _tag(check: Check) -> str:
    if not is_open(check):
        return ""
    if check.verdict in ("pass", "fail"):
        return "failure"
    return "skipped" if check.verdict == "could-not-grade" else "error"


def _properties(parent: Element, **values: str) -> None:
    holder = SubElement(parent, "properties")
    for name, value in values.items():
        SubElement(holder, "property", name=name, value=value)
