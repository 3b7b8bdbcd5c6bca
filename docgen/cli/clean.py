"""``docgen clean``: remove what build made."""

from __future__ import annotations

from pathlib import Path

import click

from docgen.cli.options import counted, output_option
from docgen.rendering.stale import clean


@click.command()
@output_option
def command(output: Path) -> None:
    """Remove the files that build made, and no others; a file that was changed since then is kept.

    \b
    Example:
      docgen clean
      docgen clean -o /tmp/handouts
    """
    removed, kept = clean(output)
    for path in removed:
        click.echo(path)
    for path in kept:
        click.echo(f"kept, because it was changed after it was built: {path}", err=True)
    click.echo(f"{counted(len(removed), 'file')} removed", err=True)
