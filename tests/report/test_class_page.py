"""What the page of a class counts."""

import re

from grader.report.class_page import alike, failing, mistakes, render_class, seconds, section
from grader.report.model import Check, Report
from tests.report import made_up


def href(report: object) -> str:
    return f"{report.student}/report.html"  # type: ignore[attr-defined]


def test_failure_rates_leave_out_who_did_not_run_and_what_could_not_be_graded() -> None:
    reports = [made_up.typical(), made_up.typical(), made_up.missing(), made_up.unreadable(), made_up.every_verdict()]
    rows = {row.title: (row.failed, row.graded) for row in failing(reports)}
    assert rows["The probabilities of each example sum to one."] == (2, 2)
    assert rows["Check with the verdict fail."] == (1, 1)
    assert "Check with the verdict could-not-grade." not in rows
    assert "tanh agrees with the reference everywhere." not in rows


def test_the_most_frequent_failure_comes_first() -> None:
    rates = [row.rate for row in failing(made_up.classroom(40))]
    assert rates == sorted(rates, reverse=True)
    assert len(rates) > 2


def test_a_mistake_counts_once_a_student() -> None:
    report = made_up.typical()
    twice = made_up.report([*report.checks, *report.checks])
    found = mistakes([twice, report, made_up.perfect()])
    assert [(m.function, m.count) for m in found] == [("softmax", 2)]


def graded(student: str, *passed: bool) -> Report:
    checks = [
        Check(f"c{n}", f"f{n}", f"Check {n}.", float(good), 1.0, "pass" if good else "fail")
        for n, good in enumerate(passed)
    ]
    return made_up.report(checks, student=student)


def test_a_check_discriminates_when_those_pass_it_who_know_more() -> None:
    reports = [graded("a", True, True, True, False, True), graded("b", True, True, True, False, True),
               graded("c", False, False, False, True, True), graded("d", False, True, False, True, True)]  # fmt: skip
    found = {row.function: row.discrimination for row in failing(reports)}
    assert found["f0"] is not None
    assert found["f0"] > 0.5
    assert found["f3"] is not None
    assert found["f3"] < -0.5
    assert "f4" not in found
    assert failing([graded("a", False, True)])[0].discrimination is None


def test_submissions_that_fail_alike_are_listed_together() -> None:
    reports = [graded("a", False, False, True), graded("b", False, False, True), graded("c", False, False, False),
               graded("d", False, True, True), graded("e", False, True, True), graded("f", True, True, True),
               graded("g", True, True, True), made_up.missing()]  # fmt: skip
    (group,) = alike(reports)
    assert ([r.student for r in group.reports], group.checks, group.functions) == (["a", "b"], 2, ["f0", "f1"])
    text = render_class(reports, href)
    assert "Submissions that fail alike" in text


def test_a_section_counts_its_reports() -> None:
    part = section([made_up.typical(), made_up.perfect(), made_up.missing()])
    assert sum(bar.count for bar in part.bars) == 3
    assert part.ran == 2
    assert part.median == 4


def test_the_page_lists_everyone_and_links_to_their_reports() -> None:
    reports = made_up.classroom(25, ("activations", "backprop"))
    text = render_class(reports, href)
    assert len(re.findall('<th scope="row">', text)) == 50
    assert 'href="' + href(reports[0]).replace(" ", "%20") in text
    assert "Activations, Backprop" in text
    assert "The submission tried to open a socket." in text


def test_a_link_is_a_path_and_nothing_else() -> None:
    text = render_class([made_up.typical()], lambda report: 'javascript:alert(1)" onclick="x')
    assert 'href="javascript%3Aalert%281%29%22%20onclick%3D%22x"' in text


def test_an_empty_class_has_a_page() -> None:
    assert "No submissions" in render_class([], href)


def test_time_stands_against_size_for_those_that_ran() -> None:
    reports = made_up.classroom(40)
    part = section(reports)
    assert part.times is not None
    assert len(part.times.dots) == sum(r.status != "missing" for r in reports) < 40
    assert [r.student for r in part.slowest] == [r.student for r in sorted(reports, key=seconds)[:-4:-1]]
    text = render_class(reports, href)
    assert "Time against size" in text
    assert part.times.sentence in text
    assert "Time against size" not in render_class([made_up.typical(), made_up.missing()], href)
