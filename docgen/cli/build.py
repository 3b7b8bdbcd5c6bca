"""``docgen build``: spec files become handouts."""

from __future__ import annotations

from pathlib import Path

import click

from docgen.cli.options import Name, counted, languages_option, output_option, templates_option
from docgen.cli.progress import progress_bar
from docgen.handouts import EDITIONS
from docgen.rendering.build import FORMATS, BuildReport, build


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
@output_option
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
    with progress_bar() as step:
        report = build(
            paths or ("problems",),
            languages=languages or None,
            formats=formats or None,
            editions=editions or None,
            output=output,
            only=only or None,
            override=templates,
            progress=lambda made: step(made.done, made.total, made.text),
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
    click.echo(f"{counted(len(report.written), 'file')} written, {len(report.unchanged)} up to date", err=True)
