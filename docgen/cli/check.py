"""``docgen check``: read, derive and prove everything, write nothing."""

from __future__ import annotations

from pathlib import Path

import click

from docgen.cli.options import counted, templates_option
from docgen.cli.progress import progress_bar
from docgen.errors import DocgenError, SpecError
from docgen.handouts import EDITIONS
from docgen.handouts.places import spec_files
from docgen.rendering.build import exit_code


@click.command()
@click.argument("paths", metavar="[PATH]...", nargs=-1, type=click.Path(path_type=Path))
@templates_option
def command(paths: tuple[Path, ...], templates: Path | None) -> None:
    """Read, derive and prove every problem of the spec files, compose every page, and write nothing.

    A folder stands for the handouts in it and the problems in its folder bank; the default is problems/.

    \b
    Example:
      docgen check
      docgen check problems/seminar-03.yaml
    """
    errors: list[DocgenError] = []
    files: list[Path] = []
    for path in paths or (Path("problems"),):
        try:
            files += spec_files(path, bank=True)
        except SpecError as error:
            errors.append(error)
    said = []
    with progress_bar() as step:
        for done, path in enumerate(files, 1):
            summary, found = checked(path, templates)
            said.append(summary)
            errors += found
            step(done, len(files), path.name)
    for line in filter(None, said):
        click.echo(line)
    for fault in errors:
        click.echo(str(fault), err=True)
    raise click.exceptions.Exit(exit_code(errors))


def checked(path: Path, templates: Path | None = None) -> tuple[str, list[DocgenError]]:
    """What to say of a spec file that is right, and everything that is wrong with it otherwise."""
    from docgen.handouts.compose import compose
    from docgen.handouts.handout import ProblemList
    from docgen.handouts.language import languages
    from docgen.handouts.load import load
    from docgen.handouts.prepare import prepare, solved

    try:
        spec = load(path)
        codes = spec.languages or languages(templates)
        spec.require(codes, languages(templates))
    except DocgenError as error:
        return "", [error]
    try:
        handout = prepare(spec)
        for code in codes:
            for edition in EDITIONS:
                compose(handout, code, edition, templates)
    except DocgenError as first:
        # The first fault stops a handout; the other problems are tried one by one, so that all faults are seen.
        errors = {str(first): first}
        for problem in spec.problems:
            try:
                solved(spec, problem)
            except DocgenError as error:
                errors.setdefault(str(error), error)
        return "", list(errors.values())
    sheets = [sheet for item in handout.items if isinstance(item, ProblemList) for sheet in item.sheets]
    checks = [d.check for sheet in sheets for solution in sheet.solutions for d in solution.derivations]
    lines, exact = sum(check.lines for check in checks), sum(check.lines for check in checks if check.exact)
    how = "exactly" if exact == lines else f"{exact} of them exactly, the others to high precision"
    return f"{path}: {counted(len(sheets), 'problem')}, {counted(lines, 'line')} proved {how}", []
