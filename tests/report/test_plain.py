"""What cannot be seen is spelled out, and nothing else changes."""

import sys
import xml.etree.ElementTree as ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.report.plain import clip, one_line, visible, without_commands

ANY_TEXT = st.text(st.characters(min_codepoint=0, max_codepoint=sys.maxunicode, categories=None))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain é ñ 数 🙂", "plain é ñ 数 🙂"),
        ("two\nlines\tand a tab", "two\nlines\tand a tab"),
        ("\x1b[31mred", "␛[31mred"),
        ("nul\x00", "nul␀"),
        ("del\x7f", "del␡"),
        ("c1\x9b", "c1\\x9b"),
        ("dos\r\nend\rback", "dos\nend␍back"),
        ("\u202eexe", "\\u202eexe"),
        ("a\u200bb\ufeff", "a\\u200bb\\ufeff"),
        ("\ud800", "\\ud800"),
        ("\ufffe", "\\ufffe"),
        ("line\u2028end", "line\\u2028end"),
        ("no\xa0break", "no break"),
        ("\U000e0041", "\\U000e0041"),
    ],
)
def test_visible(text: str, shown: str) -> None:
    assert visible(text) == shown


@given(ANY_TEXT)
def test_visible_text_is_printable_encodable_legal_in_xml_and_stays_as_it_is(text: str) -> None:
    shown = visible(text)
    assert all(c.isprintable() or c in "\n\t\u200c\u200d" for c in shown)
    assert shown.encode().decode() == shown
    assert visible(shown) == shown
    element = ElementTree.Element("x")
    element.text = shown
    assert (ElementTree.fromstring(ElementTree.tostring(element, "utf-8")).text or "") == shown


@given(ANY_TEXT)
def test_one_line_is_one_short_line(text: str) -> None:
    line = one_line(text, 50)
    assert len(line) <= 50
    assert "\n" not in line


def test_clip_counts_what_it_leaves_out() -> None:
    assert clip("short") == "short"
    assert clip("x" * 25, characters=20) == "x" * 20 + "\n… 5 characters more"
    assert clip("a\nb\nc", lines=2) == "a\nb\n… 2 characters more"


@given(st.text(st.sampled_from(":#[] \t\n\x1b0m;x\u2003")))
def test_no_line_is_a_workflow_command(text: str) -> None:
    safe = without_commands(text)
    assert not any(line.lstrip().startswith("::") for line in safe.splitlines())
    assert "##[" not in safe


def test_commands_after_colours_are_broken_and_slices_in_code_stay() -> None:
    assert without_commands("\x1b[1m  ::error::x") == "\x1b[1m  : :error::x"
    assert without_commands("x[::2]\n  y = Z[:, ::-1]") == "x[::2]\n  y = Z[:, ::-1]"
