"""``docgen new``: a spec file or a folder of own templates to start from."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from string import Template

import click

from docgen.errors import OutputError, SpecError

#: What a new spec holds. It builds as it is.
SCAFFOLD = Template("""\
# A handout. Build it with:  docgen build $file
# What is not said has a default; `docgen schema` describes every key.

title: $name
# course: Machine learning      # stands above the title
# number: 4                     # problems are numbered 4.1, 4.2, …
# kind: seminar                 # seminar, lecture, homework, exam
# language: [ru, en, zh]        # all of them where left out

problems:
  - id: quadratic-form          # letters, digits, hyphens; names the problem in {quadratic-form} and in --only
    function: x^T A x           # LaTeX as you would write it, or plain: x'*A*x
    variable: x
    shapes: {x: n, A: n x n}    # n: a column, n x m: a matrix, 1 x n: a row, scalar
    # assume: {A: symmetric}    # symmetric, invertible, positive_definite, orthogonal, …
    # task: gradient            # or hessian, jacobian, differential, …; a list is one chained solution
    # title: {ru: Квадратичная форма, en: A quadratic form, zh: 二次型}

  - id: least-squares
    name: Q
    function: \\|y - Xw\\|^2
    variable: w
    shapes: {y: m, X: m x n, w: n}
    task: [gradient, hessian]
""")


@click.command()
@click.argument("name", required=False)
@click.option(
    "-o",
    "--output",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    default="problems",
    show_default=True,
    help="Folder for the new file.",
)
@click.option(
    "--templates",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Write a commented folder of own templates to start from.",
)
def command(name: str | None, folder: Path, templates: Path | None) -> None:
    """Write a commented spec file NAME to start from, or a folder of own templates.

    \b
    Example:
      docgen new seminar-04
      docgen build problems/seminar-04.yaml
      docgen new --templates mine
      docgen build problems/seminar-04.yaml --templates mine
    """
    if name is None and templates is None:
        raise click.UsageError("Missing argument 'NAME'.")
    texts: dict[Path, str] = {}
    if templates is not None:
        from docgen.cli.own_templates import files

        texts |= files(templates)
    if name is not None:
        path = spec_path(name, folder)
        texts[path] = SCAFFOLD.substitute(name=path.stem, file=path.as_posix())
    create(texts)
    for path in texts:
        click.echo(path)


def spec_path(name: str, folder: Path) -> Path:
    """The path of a new spec file; SpecError for a name that cannot be one."""
    stem = re.sub(r"\.ya?ml$", "", name)
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]*", stem):
        raise SpecError(
            f"the name {name!r} cannot name a handout",
            hint="A name has letters, digits, hyphens and underscores, as in seminar-04; -o names the folder.",
        )
    return folder / f"{stem}.yaml"


def create(texts: Mapping[Path, str]) -> None:
    """Write new files; OutputError where one cannot be written, or, before any is, where one is there already."""
    for path in texts:
        if os.path.lexists(path):
            raise OutputError(f"{path} exists already", hint="Choose another name, or remove the file first.")
    for path, text in texts.items():
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("x", encoding="utf-8") as file:
                file.write(text)
        except OSError as error:
            raise OutputError(f"{path} cannot be written: {error.strerror}", hint="Choose another folder.") from None
