"""``docgen schema``: the JSON Schema of a spec file, for editors."""

from __future__ import annotations

import json

import click


@click.command()
def command() -> None:
    """Print the JSON Schema of a spec file.

    An editor that knows it completes the keys of a spec and marks the wrong ones; with the YAML language server, write
    "# yaml-language-server: $schema=docgen.schema.json" in the first line of a spec.

    \b
    Example:
      docgen schema > docgen.schema.json
    """
    from docgen.handouts.schema import json_schema

    click.echo(json.dumps(json_schema(), indent=2, ensure_ascii=False))
