"""The published JSON Schema of the record. `python -m grader.report.schema` writes it afresh."""

import ast
import inspect
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from grader.report import model

PUBLISHED = Path(__file__).with_name("report-v1.schema.json")


def schema_text() -> str:
    """The schema's file as it should be: every field with the sentence that stands below it in the model."""
    about = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": model.SCHEMA}
    schema: dict[str, Any] = model.json_schema()
    for kind, field, sentence in sentences():
        schema["$defs"][kind]["properties"][field]["description"] = sentence
    return json.dumps({**about, **schema}, indent=2, ensure_ascii=False) + "\n"


def sentences() -> Iterator[tuple[str, str, str]]:
    """What the model says of its fields: (class, field, sentence)."""
    for kind in ast.parse(inspect.getsource(model)).body:
        if not isinstance(kind, ast.ClassDef):
            continue
        for field, below in zip(kind.body, kind.body[1:], strict=False):
            match field, below:
                case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(text))):
                    yield kind.name, name, " ".join(text.split())


if __name__ == "__main__":
    PUBLISHED.write_text(schema_text(), encoding="utf-8")
