"""Nothing of the student's reaches a reader raw, in any format: each hostile text in every field of a report."""

import csv
import io
import json
import os
import re
import sys
import unicodedata
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import jsonschema
import msgspec
import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token
from playwright.sync_api import sync_playwright
from rich.console import Console

from grader import cli
from grader.classroom.folder import hand_ins
from grader.classroom.gradebook import Gradebook
from grader.classroom.overview import render_overview
from grader.classroom.progress import Counter
from grader.judge.session import Submission, judge
from grader.report import FORMATS, render
from grader.report.class_page import render_class
from grader.report.model import Report, from_json, to_json
from grader.report.places import without_places
from grader.report.plain import clip, one_line, visible, without_commands
from grader.report.schema import PUBLISHED
from grader.report.terminal import render_terminal
from grader.submission import Unreadable, read
from tests.judge.made_up import assignment
from tests.report import made_up
from tests.report.hostile import HONEST, TEXTS
from tests.report.test_browser import ARGUMENTS, CHROMIUM, Visit

each_text = pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
LITERALS = {"verdict", "status", "schema"}
SCHEMA = jsonschema.Draft202012Validator(json.loads(PUBLISHED.read_text(encoding="utf-8")))
PARSER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0"
    "\ufff9-\ufffb\U000e0000-\U000e0fff]"
)


@cache
def variants(text: str) -> list[Report]:
    """Reports that show, between them, all that a report may hold, the text in each place."""
    report = made_up.hostile(text)
    first, second = report.checks
    change = msgspec.structs.replace
    assert first.evidence
    unpasted = change(first, verdict="fail", diagnosis=None, evidence=change(first.evidence, snippet=None))
    part = change(first, verdict="pass", points=1.0)
    ungraded = change(first, verdict="could-not-grade")
    return [
        report,
        change(report, status="unreadable"),
        change(report, checks=[], status="could-not-grade"),
        change(report, checks=[unpasted, second], status="points-lost"),
        change(report, checks=[part, change(part, message="another", diagnosis=None), ungraded], status="points-lost"),
    ]


def assert_safe_in_a_log(text: str, ours: str = "") -> None:
    """Nothing is invisible or steers a display but what is `ours`, and no line is a command of a build log."""
    for mark in ours:
        text = text.replace(mark, "")
    assert [c for c in text if not (c.isprintable() or c == "\n")] == []
    assert INVISIBLE.findall(text) == []
    assert [line for line in text.splitlines() if line.strip().startswith("::")] == []
    assert re.findall(r"##\w*\[", text) == []


def test_every_free_text_of_the_model_is_hostile() -> None:
    def texts(value: Any) -> Iterator[str]:
        if isinstance(value, dict):
            for key, item in value.items():
                if key not in LITERALS:
                    yield from texts(item)
        elif isinstance(value, list):
            for item in value:
                yield from texts(item)
        elif isinstance(value, str):
            yield value

    report = made_up.hostile("hostile")
    assert set(texts(msgspec.to_builtins(msgspec.structs.replace(report, checks=report.checks[:1])))) == {"hostile"}


# --- HTML


class Skeleton(HTMLParser):
    """The tags of a page with their attributes, and apart from them its texts."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, tuple[str, ...]]] = []
        self.values: list[str] = []
        self.texts: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, tuple(name for name, _ in attributes)))
        self.values += [value or "" for name, value in attributes if name not in ("title", "content")]

    def handle_endtag(self, tag: str) -> None:
        self.tags.append((f"/{tag}", ()))

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    def handle_comment(self, data: str) -> None:
        self.tags.append(("comment", ()))

    def handle_pi(self, data: str) -> None:
        self.tags.append(("instruction", ()))

    def unknown_decl(self, data: str) -> None:
        self.tags.append(("declaration", ()))


def pages(text: str) -> list[str]:
    reports = variants(text)
    return [*(render(r, "html") for r in reports), render_class(reports, lambda report: report.student)]


@cache
def harmless_pages() -> list[Skeleton]:
    return [Skeleton(page) for page in pages("word")]


@each_text
def test_html_has_the_same_elements_as_with_a_harmless_word(text: str) -> None:
    for page, harmless in zip(pages(text), harmless_pages(), strict=True):
        skeleton = Skeleton(page)
        assert skeleton.tags == harmless.tags
        assert not [name for _, names in skeleton.tags for name in names if name.startswith("on") or name == "style"]
        links = [value for value in skeleton.values if ":" in value]
        assert set(links) == {"data:,"}
        assert page.count("Content-Security-Policy") == 1
        assert page.index("Content-Security-Policy") < page.index("<title>")
        assert_safe_in_a_log("".join(skeleton.texts).replace("\t", " "))


@each_text
def test_html_shows_the_text(text: str) -> None:
    texts = Skeleton(render(variants(text)[0], "html")).texts
    assert without_commands(clip(text, 4000, 40)) in texts


def test_hostile_pages_in_a_browser(tmp_path: Path) -> None:
    check = made_up.hostile("word").checks[0]
    checks = [c for text in TEXTS.values() for c in made_up.hostile(text).checks]
    path, class_path = tmp_path / "report.html", tmp_path / "index.html"
    path.write_text(render(made_up.report([*checks, check]), "html"), encoding="utf-8")
    everyone = [report for text in TEXTS.values() for report in variants(text)]
    class_path.write_text(render_class(everyone, lambda report: report.student), encoding="utf-8")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        for opened in (path, class_path):
            visit = Visit(browser, opened)
            visit.page.evaluate(
                """() => { for (const e of document.querySelectorAll("*")) {
                  if (e.tagName === "DETAILS") e.open = true;
                  for (const kind of ["mouseover", "focus", "error", "load"]) e.dispatchEvent(new Event(kind)); } }"""
            )
            count = "(s) => document.querySelectorAll(s).length"
            assert visit.page.evaluate(count, "script, style") == 2
            assert (
                visit.page.evaluate(count, "img, iframe, object, embed, form, textarea, base, [style], [srcdoc]") == 0
            )
            links = "[...document.querySelectorAll('a[href]')].map((a) => a.protocol)"
            assert set(visit.page.evaluate(links)) == {"file:"}
            assert visit.page.evaluate("document.documentElement.scrollWidth") <= 1200
            assert "alert(1)" in visit.page.inner_text("main")
            assert visit.unexpected == []
            # The policy stands: what escaping would miss would not run either.
            visit.page.evaluate(
                """() => { const s = document.createElement("script"); s.textContent = "window.owned = 1";
                document.body.append(s); document.body.setAttribute("onclick", "window.owned = 1");
                document.body.click(); }"""
            )
            assert visit.page.evaluate("window.owned === undefined")
        browser.close()


# --- Markdown


def parts(text: str) -> list[str]:
    """The structure of a Markdown text without its words."""
    found: list[str] = []
    for token in PARSER.parse(text):
        inside = [child.type for child in token.children or [] if child.type not in ("text", "text_special")]
        found += [f"{token.type} {token.tag}", *inside]
    return found


def words(tokens: list[Token]) -> str:
    """What a reader sees outside of code."""
    texts = [child.content for token in tokens for child in token.children or [] if child.type != "code_inline"]
    return "\n".join(texts)


@cache
def harmless_parts() -> list[list[str]]:
    return [parts(render(report, "markdown")) for report in variants("word")]


@each_text
def test_markdown_has_the_same_parts_as_with_a_harmless_word(text: str) -> None:
    for report, harmless in zip(variants(text), harmless_parts(), strict=True):
        rendered = render(report, "markdown")
        assert parts(rendered) == harmless
        assert_safe_in_a_log(rendered.replace("\t", " "), ours="\u200b\u200e")
        outside = words(PARSER.parse(rendered))
        for reference in (r"@[\w-]", r"#\d", r"(?i)GH-\d", r"(?i)www\.\w", r"://\w", r":[a-z+-]\w*:"):
            assert not re.search(reference, outside), reference


@each_text
def test_markdown_shows_the_text(text: str) -> None:
    tokens = PARSER.parse(render(variants(text)[0], "markdown"))
    title = next(token for token in tokens if token.type == "inline")
    shown = "".join(child.content for child in title.children or [])
    assert shown.replace("\u200b", "") == one_line(text, 1000) + ": 2 of 5 points"
    fences = [token for token in tokens if token.type == "fence"]
    assert without_commands(clip(text, 2000, 30)) + "\n" in [f.content.replace("\u200b", "") for f in fences]
    assert max(len(fence.markup) for fence in fences) < 255, "GitHub's parser counts no further"


# --- data


def within_a_line(text: str) -> str:
    """The text as it is after something else."""
    return without_commands("<" + text)[1:]


@each_text
def test_junit_holds_the_text_with_what_xml_forbids_spelled_out(text: str) -> None:
    for report in variants(text):
        rendered = render(report, "junit")
        assert_safe_in_a_log(rendered.replace("\t", " "))
        root = ElementTree.fromstring(rendered)
        tags = {element.tag for element in root.iter()}
        kinds = {"testsuites", "testsuite", "properties", "property", "testcase", "failure", "error", "skipped"}
        assert tags <= kinds | {"system-out"}
        student = root.find("testsuite/properties/property[@name='student']")
        assert student is not None
        assert student.get("value") == within_a_line(one_line(text))
    root = ElementTree.fromstring(render(variants(text)[0], "junit"))
    assert root.findtext(".//system-out") == within_a_line(clip(text))
    said = root.findtext(".//error")
    assert said
    assert said.startswith(within_a_line(clip(text, 8000, 200))[:50])


@each_text
def test_json_is_the_text_itself_in_safe_characters(text: str) -> None:
    kept = text.encode("utf-8", "backslashreplace").decode()
    for report in variants(text):
        rendered = render(report, "json")
        assert_safe_in_a_log(rendered)
        document = json.loads(rendered)
        SCHEMA.validate(document)
        assert (document["student"], document["notes"]) == (kept, [kept, kept])
        read_back = from_json(rendered.encode())
        assert read_back == (report if kept == text else from_json(to_json(read_back)))


@each_text
def test_csv_has_no_cell_that_a_spreadsheet_runs(text: str) -> None:
    rendered = render(variants(text)[0], "csv")
    assert_safe_in_a_log(rendered)
    assert len(rendered.splitlines()) == 2
    rows = list(csv.reader(io.StringIO(rendered)))
    assert [len(row) for row in rows] == [6, 6]
    elsewhere = [cell for line in rendered.splitlines() for cell in line.split(";")[1:]]
    for cell in [*rows[1], *elsewhere]:
        first = unicodedata.normalize("NFKC", cell.strip(" \"'")[:1])
        assert cell.lstrip(' "').startswith("'") or first not in ("=", "+", "-", "@", "\t", "\r", "−")


# --- terminal


@each_text
@pytest.mark.parametrize("color", [True, False])
def test_the_terminal_gets_no_escapes_but_ours(text: str, color: bool) -> None:
    for report in variants(text):
        for rendered in (render_terminal(report, 80, color), render_overview([report], 80, color)):
            plain = re.sub(r"\x1b\[[0-9;]*m", "", rendered)
            assert color or plain == rendered
            assert_safe_in_a_log(plain, ours="\u200e")


@pytest.mark.parametrize("width", [30, 50, 100])
def test_no_line_is_made_a_command_by_wrapping(width: int) -> None:
    for length in range(width):
        text = "x" * length + " ::error::x"
        assert_safe_in_a_log(render_terminal(made_up.hostile(text), width, False))


@pytest.mark.parametrize("terminal", [True, False])
def test_progress_lines(terminal: bool) -> None:
    file = io.StringIO()
    with Counter(len(TEXTS), Console(file=file, force_terminal=terminal, width=100)) as counter:
        for text in TEXTS.values():
            counter.start(text)
            counter.advance()
    # On a terminal the bar moves the cursor itself.
    assert_safe_in_a_log(re.sub(r"\x1b\[[0-9;?]*[A-Za-z]|\r", "", file.getvalue()))


def file_names() -> list[str]:
    """The texts as names that a file may have."""
    kept = (text.replace("/", "\u2215").replace("\0", "") for text in TEXTS.values())
    return [os.fsdecode(text.encode("utf-8", "surrogatepass")[:180]) for text in kept]


def test_error_messages_that_quote_the_name_of_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    names = [f"{name}.json" for name in file_names()]
    for name in names:
        Path(name).write_bytes(b"{}")
    for name in names:
        for arguments in (["report", "--", name], ["report", "--", f"not there {name}"], ["report", "a", "--", name]):
            monkeypatch.setattr(sys, "argv", ["grader", *arguments])
            with pytest.raises(SystemExit, match="2"):
                cli.main()
            out, said = capsys.readouterr()
            assert out == ""
            assert_safe_in_a_log(said.replace("\t", " "))


def test_names_in_a_class(tmp_path: Path) -> None:
    class_, out = tmp_path / "class", tmp_path / "out"
    for name in file_names():
        (class_ / name).mkdir(parents=True)
        (class_ / name / f"{name}.py").write_bytes(b"\xff")
    found = hand_ins(class_, "activations")
    assert len(found) > 0.9 * len(TEXTS)
    for hand_in in found:
        assert_safe_in_a_log(without_commands(f"grader: {hand_in.student}: {hand_in.problem}"))
    for path in class_.iterdir():
        for place in (path, path / f"{path.name}.py"):
            with pytest.raises(Unreadable) as refused:
                read(place, "activations")
            assert_safe_in_a_log(without_commands(f"grader: {refused.value}"))
    students = [*(h.student for h in found), *TEXTS.values()]
    book = Gradebook(out, ["activations"], students)
    for student in students[-len(TEXTS) :]:
        book.add(msgspec.structs.replace(made_up.perfect(), student=student))
    book.finish()
    written = {path for path in tmp_path.rglob("*") if path.is_file() and class_ not in path.parents}
    assert len(written) == 2 * len(TEXTS) + 2
    assert all(path.parent in (out, *(p for p in out.iterdir() if p.is_dir())) for path in written)
    assert all(path.name.isprintable() and not path.name.startswith((".", "-")) for path in out.iterdir())
    assert_safe_in_a_log(msgspec.json.encode(sorted(map(str, written))).decode())


# --- honest names


@pytest.mark.parametrize("name", HONEST.values(), ids=HONEST)
def test_honest_names_stay_as_they_are(name: str) -> None:
    assert visible(name) == name
    report = msgspec.structs.replace(made_up.typical(), student=name, submission=f"{name}.py")
    assert f"<h1>{name.replace(chr(39), '&#39;')}</h1>" in render(report, "html")
    assert render(report, "csv").splitlines()[1].startswith(f"{name},")
    assert json.loads(render(report, "json"))["student"] == name
    assert name in "\n".join(
        value for e in ElementTree.fromstring(render(report, "junit")).iter() for value in e.attrib.values()
    )
    assert name in words(PARSER.parse(render(report, "markdown")))
    assert name in render_overview([report], 80, False)


@pytest.mark.parametrize("name", ["دانيال", "דניאל"])
def test_names_from_right_to_left_do_not_draw_numbers_in(name: str) -> None:
    report = msgspec.structs.replace(made_up.typical(), student=name, submission="5.py")
    assert f"{name}\u200e" in render_overview([report], 80, False)
    assert f"{name}\u200e · 5\\.py" in render(report, "markdown")
    assert f"{name}</title>" in render(report, "html")


# --- a real submission

BAD = "".join(TEXTS[name] for name in ("html: script", "terminal: colours", "unicode: reversed name"))
WORDS = "\n".join([BAD, *(t for t in TEXTS.values() if len(t) < 300 and "\ud800" not in t)])
CHECKS = '''
@points(1)
def test_double_raises(student):
    """double doubles."""
    assert_close(student.double(np.ones((1, 2))), 2 * np.ones((1, 2)))

@points(1)
def test_total_text(student):
    """total is a number."""
    assert_equal(student.total(np.ones((1, 2))), 2)

@points(1)
def test_draw_keys(student):
    """draw has the right keys."""
    assert_equal(student.draw((2,), 1.0), {"a": 1.0})

@points(1)
def test_slope_type(student):
    """slope is a number."""
    assert_close(student.slope(1.0, 2.0), 1.0)

@points(1, of="Layer")
def test_layer_import(student):
    """A layer can be made."""
    assert_equal(student.Layer(3.0).scale, 3.0)
'''
SUBMISSION = """
import sys, os
import numpy as np
TEXT = {text!r}
print(TEXT, flush=True)

def double(Z):
    raise type(TEXT.replace("\\0", ""), (ValueError,), {{}})(TEXT)  # <script>alert(1)</script> \u202e ::error::x

def total(Z):
    print(TEXT, flush=True)
    return TEXT

def draw(shape, rng):
    return {{TEXT: 1.0, "a": [TEXT, np.dtype([("x", "f8")])]}}

def slope(f, x):
    return type(TEXT.replace("\\0", ""), (), {{"__repr__": lambda self: TEXT}})()

class Layer:
    def __init__(self, scale):
        from numpy import nonsense

raise type(TEXT.replace("\\0", ""), (Exception,), {{}})(TEXT, sys.path, np)
"""


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> list[Report]:
    root = tmp_path_factory.mktemp("hostile")
    tiny = assignment(root, CHECKS)
    name = "<img src=x>\u202e::error::\x1b[2J@team"
    code = SUBMISSION.format(text=WORDS)
    cells = [["%magic " + BAD + "\n", code], [f"!{BAD}"], ["x = 1 # " + BAD]]
    notebook = {"cells": [{"cell_type": "code", "source": "\n".join(c), "outputs": [{"text": BAD}]} for c in cells]}
    (root / f"{name}.py").write_text(code, encoding="utf-8")
    (root / f"{name}.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    found: list[Report] = []
    handed_in = [read(root / f"{name}{suffix}", "tiny") for suffix in (".py", ".ipynb")]
    judge(tiny, [Submission(name, source) for source in handed_in], found.append, weak_isolation=True)
    return found


def test_a_real_submission_is_hostile_in_every_way(graded: list[Report]) -> None:
    for report in graded:
        document = json.dumps(msgspec.to_builtins(report), ensure_ascii=False)
        assert {c.verdict for c in report.checks} == {"error", "fail"}
        assert document.count("<script>alert(1)</script>") > 4
        assert any("\x1b[31m" in c.output for c in report.checks)
        frames = [frame for c in report.checks if c.evidence for frame in c.evidence.frames]
        assert any("\u202e" in frame.text for frame in frames)
        assert {frame.file for frame in frames} <= {report.submission, "cell 1"}


def test_a_real_report_is_safe_in_every_format(graded: list[Report]) -> None:
    for report in graded:
        for format in FORMATS:
            text = render(report, format).replace("\t", " ")
            assert_safe_in_a_log(text, ours="\u200b\u200e" if format == "markdown" else "")
            assert format not in ("html", "junit") or "<script>alert" not in text
        page = Skeleton(render(report, "html"))
        assert not {"img", "b", "iframe", "form"} & {tag for tag, _ in page.tags}
        kinds = " ".join(parts(render(report, "markdown")))
        assert not re.search("html|link|image|blockquote|code_inline", kinds)
        ElementTree.fromstring(render(report, "junit"))
        assert from_json(render(report, "json").encode()) == report
        assert len(render(report, "csv").splitlines()) == 2


def test_no_path_of_this_machine_is_in_a_report(graded: list[Report]) -> None:
    for report in graded:
        document = render(report, "json")
        layer = next(c for c in report.checks if c.function == "Layer")
        assert "cannot import name 'nonsense' from 'numpy' (numpy/__init__.py)" in layer.message
        for place in {*sys.path, sys.prefix, sys.base_prefix, str(Path.cwd()), str(Path(made_up.__file__).parent)}:
            assert len(place) < 2 or not re.search(re.escape(place) + r"(?![\w.-])", document), place


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("(/opt/made-up/python/numpy/x.py)", "(numpy/x.py)"),
        ("\\\\opt\\\\made-up\\\\x.py", "x.py"),
        ("'/opt/made-up'", "'.'"),
        ("/opt/made-up2/x, ../opt/made-up/x", "/opt/made-up2/x, ../opt/made-up/x"),
        ("/data/x.csv, 2 / 3", "/data/x.csv, 2 / 3"),
    ],
)
def test_paths_begin_where_they_mean_something_to_a_student(
    monkeypatch: pytest.MonkeyPatch, text: str, shown: str
) -> None:
    monkeypatch.setattr(sys, "path", ["/opt/made-up", "/opt/made-up/python"])
    assert without_places(made_up.hostile(text)).why == shown
