"""``docgen clean``: remove what build made."""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    default=Path("output"),
    show_default=True,
    help="Folder of the handouts.",
)
def command(output: Path) -> None:
    """Remove the files that build made, and no others; a file that was changed since then is kept.

    \b
    Example:
      docgen clean
      docgen clean -o /tmp/handouts
    """
    from docgen.rendering.stale import clean

    removed, kept = clean(output)
    for path in removed:
        click.echo(path)
    for path in kept:
        click.echo(f"kept, because it was changed after it was built: {path}", err=True)
    click.echo(f"{len(removed)} {'file' if len(removed) == 1 else 'files'} removed", err=True)
