"""Write docs/reports.md, every field of a report, from the model: `python docs/make_reports.py`."""

import inspect
import json
import re
from pathlib import Path
from typing import Any

import msgspec

from grader.report import model
from grader.report.schema import schema_text

PAGE = Path(__file__).with_name("reports.md")
INTRODUCTION = """# Every field of a report

<!-- Made by `python docs/make_reports.py`. Change the docstrings of grader/report/model.py, not this page. -->

`report.json` is the record of one student in one assignment. All other formats are made from it, by `grader report`.
This page is for programs; [for people](student.md#read-the-report) the report explains itself.

- Its [schema](../grader/report/report-v1.schema.json) is published as JSON Schema. A field may be added; where one
  changes its meaning, `schema` has another name.
- A field that is not **always** there has the value in the last column where it is left out.
- Texts are plain: what a student's code printed or raised is in them as it was. Escape them for where you show them."""
KINDS = [
    (model.Report, "The report"),
    (model.Check, "A check"),
    (model.Evidence, "Evidence"),
    (model.Frame, "A frame"),
    (model.Curve, "A curve"),
    (model.HeatMap, "A heat map"),
    (model.Adjustment, "An adjustment"),
]


def type_of(field: dict[str, Any]) -> str:
    """A field's type, in a word or two."""
    if "anyOf" in field:
        return " or ".join(type_of(one) for one in field["anyOf"])
    if "$ref" in field:
        kind = field["$ref"].rpartition("/")[2]
        title = next(title for known, title in KINDS if known.__name__ == kind)
        return f"[{title.lower()}](#{title.lower().replace(' ', '-')})"
    if "enum" in field:
        return "word"
    if field["type"] == "array":
        return f"list of {type_of(field['items'])}"
    if field["type"] == "object":
        return "texts by name"
    return {"string": "text", "boolean": "true or false", "integer": "whole number"}.get(field["type"], field["type"])


def section(kind: type[msgspec.Struct], title: str, schema: dict[str, Any]) -> str:
    """One class of the model as a table."""
    about = schema["$defs"][kind.__name__]
    rows = ["| field | type | what it is | if left out |", "|---|---|---|---|"]
    for name, field in about["properties"].items():
        default = "**always there**" if name in about["required"] else f"`{json.dumps(field['default'])}`"
        rows.append(f"| `{name}` | {type_of(field)} | {field['description']} | {default} |")
    return f"## {title}\n\n{' '.join(inspect.getdoc(kind).split())}\n\n" + "\n".join(rows)


def words(name: str) -> str:
    """The words that a verdict or a status may be, as the sentence below them in the model explains them."""
    text = re.search(rf'^{name} = [^\n]*\n"""(.*?)\."""', inspect.getsource(model), re.MULTILINE | re.DOTALL)
    assert text is not None
    rows = [f"| `{word}` | {means} |" for word, _, means in (part.partition(": ") for part in _parts(text[1]))]
    return "\n".join([f"## The words of a {name.lower()}\n", "| word | means |", "|---|---|", *rows])


def _parts(text: str) -> list[str]:
    return " ".join(text.split()).split("; ")


def page() -> str:
    """The whole page."""
    schema = json.loads(schema_text())
    sections = [section(kind, title, schema) for kind, title in KINDS]
    return "\n\n".join([INTRODUCTION, *sections, words("Verdict"), words("Status")]) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
