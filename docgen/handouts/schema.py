"""The JSON Schema of spec files, for editors."""

from __future__ import annotations

from typing import Any


def json_schema() -> dict[str, Any]:
    """A JSON Schema (draft 2020-12) of spec files, with a description of every key."""
    from docgen.handouts.keys import SHAPE_SCHEMA, STRING
    from docgen.handouts.spec import File

    schema = File.model_json_schema()
    # What is shorter than its model: a page break that stands alone, a symbol given by its shape, a
    # row of a table given by its function.
    blocks = schema["properties"]["contents"]["items"]
    schema["properties"]["contents"]["items"] = {"anyOf": [blocks, {"const": "page_break"}]}
    symbol = schema["properties"]["symbols"]["additionalProperties"]
    schema["properties"]["symbols"]["additionalProperties"] = {"anyOf": [symbol, SHAPE_SCHEMA]}
    rows = schema["$defs"]["Table"]["properties"]["rows"]
    rows["items"] = {"anyOf": [rows["items"], STRING]}
    described = {"description": rows.pop("description"), "anyOf": [rows, STRING]}
    schema["$defs"]["Table"]["properties"]["rows"] = described
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **schema,
        "title": "docgen spec file",
        "description": "A handout of docgen: problems, their order and the texts between them.",
    }
