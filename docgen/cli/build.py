"""``docgen build``: spec files become handouts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from docgen.cli.options import Name, languages_option, templates_option

if TYPE_CHECKING:
    from docgen.rendering.build import BuildReport

FORMATS = ("md", "tex", "pdf", "ipynb", "kramdown")
EDITIONS = ("worksheet", "handout", "key")


@click.command()
@click.argument("paths", metavar="[PATH]...", nargs=-1, type=click.Path(path_type=Path))
@languages_option("Language; may be repeated.  [default: those of each file]")
@click.option(
    "-f",
    "--format",
    "formats",
    type=Name("format", FORMATS),
    multiple=True,
    help="Format; may be repeated.  [default: md, tex and pdf]",
)
@click.option(
    "-e",
    "--edition",
    "editions",
    type=Name("edition", EDITIONS),
    multiple=True,
    help="May be repeated.  [default: all]",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    default=Path("output"),
    show_default=True,
    help="Folder for the handouts.",
)
@click.option("--only", metavar="ID", multiple=True, help="Only the problem with this id; may be repeated.")
@templates_option
def command(
    paths: tuple[Path, ...],
    languages: tuple[str, ...],
    formats: tuple[str, ...],
    editions: tuple[str, ...],
    output: Path,
    only: tuple[str, ...],
    templates: Path | None,
) -> None:
    """Build handouts from spec files, or from the specs in a folder; by default from all of problems/.

    What has not changed since the last build is not built again. A handout that fails does not stop the others, and
    what was built before stays.

    \b
    Example:
      docgen build
      docgen build problems/seminar-03.yaml -l ru -l en -f pdf -e handout -o /tmp/handouts
    """
    from docgen.cli.progress import Progress
    from docgen.rendering.build import build

    with Progress() as progress:
        report = build(
            paths or ("problems",),
            languages=languages or None,
            formats=formats or None,
            editions=editions or None,
            output=output,
            only=only or None,
            override=templates,
            progress=lambda step: progress.step(step.done, step.total, step.text),
        )
    tell(report)
    raise click.exceptions.Exit(report.exit_code)


def tell(report: BuildReport) -> None:
    """The files written, on standard output; what went wrong and a summary, on standard error."""
    for path in report.written:
        click.echo(path)
    for warning in report.warnings:
        click.echo(f"warning: {warning}", err=True)
    for failure in report.failures:
        click.echo(str(failure.error), err=True)
    click.echo(f"{_files(len(report.written))} written, {len(report.unchanged)} up to date", err=True)


def _files(number: int) -> str:
    return f"{number} file" if number == 1 else f"{number} files"
