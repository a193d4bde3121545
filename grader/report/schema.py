"""The published JSON Schema of the record. `python -m grader.report.schema` writes it afresh."""

import json
from pathlib import Path

from grader.report.model import SCHEMA, json_schema

PUBLISHED = Path(__file__).with_name("report-v1.schema.json")


def schema_text() -> str:
    """The schema's file as it should be."""
    about = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": SCHEMA}
    return json.dumps({**about, **json_schema()}, indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    PUBLISHED.write_text(schema_text(), encoding="utf-8")
