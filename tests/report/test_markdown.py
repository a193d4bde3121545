"""Markdown in which nothing of the student's is interpreted."""

import re

from markdown_it import MarkdownIt

from grader.report.markdown import escape, fenced, render_markdown
from tests.report import made_up

PARSER = MarkdownIt("commonmark", {"html": True}).enable("table")


def kinds(text: str) -> set[str]:
    tokens = PARSER.parse(text)
    return {t.type for token in tokens for t in [token, *(token.children or [])]}


def test_the_parser_would_see_what_is_not_escaped() -> None:
    assert {"html_inline", "link_open", "image"} <= kinds("a <b>x</b> [a](http://x) ![i](http://x)")


def test_hostile_text_makes_no_html_link_or_image() -> None:
    text = render_markdown(made_up.hostile())
    assert not kinds(text) & {"html_inline", "html_block", "link_open", "image"}
    outside = "".join(
        child.content
        for token in PARSER.parse(text)
        for child in token.children or []
        if child.type in ("text", "text_special")
    )
    for reference in (r"@\w", r"#\d", r"GH-\d", r"www\.\w", r"://\w"):
        assert not re.search(reference, outside), reference
    assert not any(line.lstrip().startswith("::") for line in text.splitlines())


def test_hostile_text_is_still_there_to_read() -> None:
    html = PARSER.render(escape("<script>alert(1)</script> a|b *c* _d_ `e` $f$"))
    assert html == "<p>&lt;script&gt;alert(1)&lt;/script&gt; a|b *c* _d_ `e` $f$</p>\n"


def test_a_fence_is_longer_than_any_in_the_text() -> None:
    assert fenced("````\n# out") == ["`````text", "````\n# out", "`````"]


def test_it_says_what_matters() -> None:
    text = render_markdown(made_up.typical())
    assert text.startswith("# Activations and their gradients: 9 of 19 points\n")
    assert "| softmax\\_backward | 2 of 6 | 1 of 3 |" in text
    assert text.splitlines()[2].startswith("**What to change** in softmax: You normalise each row\\.")
    assert "from activations import softmax" in text
    assert "seed 20260901" in text
    assert "3 hidden checks are shown without their cases" in text
    assert "handed in" in render_markdown(made_up.missing())
