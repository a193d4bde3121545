"""The pages that are made from the code: up to date, and with a sentence for everything."""

import json
from types import ModuleType
from typing import Any, get_args

import pytest

from docs import make_commands, make_reports
from grader.cli import cli
from grader.report import model
from grader.report.schema import schema_text


@pytest.mark.parametrize("maker", [make_commands, make_reports])
def test_a_page_is_what_the_code_makes(maker: ModuleType) -> None:
    assert maker.PAGE.read_text("utf-8") == maker.page(), f"run `python docs/{maker.__name__.rpartition('.')[2]}.py`"


def test_every_field_of_a_report_has_a_sentence() -> None:
    schema: dict[str, Any] = json.loads(schema_text())
    assert {kind.__name__ for kind, _ in make_reports.KINDS} == set(schema["$defs"])
    for name, kind in schema["$defs"].items():
        for field, about in kind["properties"].items():
            assert about.get("description", "").endswith("."), f"{name}.{field} has no sentence"


@pytest.mark.parametrize("name", ["Verdict", "Status"])
def test_every_word_has_its_meaning(name: str) -> None:
    page = make_reports.words(name)
    for word in get_args(getattr(model, name)):
        assert f"| `{word}` | " in page
    assert " |  |" not in page


def test_every_command_and_option_is_on_the_page() -> None:
    page = make_commands.page()
    for name, command in cli.commands.items():
        section = page.partition(f"## `grader {name}`\n")[2].partition("\n## ")[0]
        assert f"    grader {name}" in section
        for option in (option for found in command.params for option in found.opts if option.startswith("-")):
            assert option in section, f"{name} {option}"
