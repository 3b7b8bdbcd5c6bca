"""``docgen diff``: what changed from one spec to another."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from docgen.handouts.compare import Change, Difference


@click.command()
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path))
def command(old: Path, new: Path) -> None:
    """Tell which statements, answers and numbers changed from the spec OLD to the spec NEW.

    Problems are the same where their ids are. The answers of both are derived and compared exactly, so that one that is
    only written otherwise is told apart from one that changed.

    \b
    Example:
      docgen diff archive/seminar-03.yaml problems/seminar-03.yaml
    """
    from docgen.handouts.compare import differences
    from docgen.handouts.load import load

    found = differences(load(old), load(new))
    click.echo("\n\n".join(map(_told, found)) if found else "no differences")


def _told(difference: Difference) -> str:
    """A difference in a few lines."""
    number = f" ({difference.number})" if difference.number else ""
    if difference.kind != "changed":
        return f"{difference.kind}: {difference.id}{number}"
    lines = [f"{difference.id}{number}"]
    for change in difference.changes:
        lines += _changed(change)
    return "\n".join(lines)


def _changed(change: Change) -> list[str]:
    """What was, marked with -, and what is, marked with +."""
    lines = [f"  {change.what}{f': {change.note}' if change.note else ''}"]
    for mark, text in (("-", change.old), ("+", change.new)):
        if text is not None:
            lines += [f"    {mark} {line}".rstrip() for line in text.strip().splitlines()]
    return lines
