"""``docgen equal``: is a student's answer right?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from docgen.calculus.choices import TASKS
from docgen.cli.derive import Formula
from docgen.cli.options import Name

if TYPE_CHECKING:
    from docgen.calculus.derivation import Solution
    from docgen.handouts.load import SpecFile


@click.command(cls=Formula)
@click.argument("id")
@click.argument("formula")
@click.option("--path", type=click.Path(path_type=Path), help="The spec file of the problem; the bank by default.")
@click.option(
    "--task",
    type=Name("task", TASKS),
    metavar="TASK",
    help="The task whose answer is meant, where the problem has several; by default the answer that fits best.",
)
def command(id: str, formula: str, path: Path | None, task: str | None) -> None:
    """Judge FORMULA beside the answer of the problem ID.

    One line is printed: equal, equal to the transpose, wrong sign, off by the factor 2 (FORMULA is twice the answer),
    wrong shape, or different. FORMULA is LaTeX or plain, in any form. A part of a problem is named by ID.PART. Any
    verdict ends with the exit code 0; 1 means that there is no verdict.

    \b
    Example:
      docgen equal quadratic-form "A x + A^T x"
      docgen equal least-squares "2*X'*(X*w - y)" --task gradient
      docgen equal ridge "2 X^T (X w - y)" --path problems/homework-2.yaml
    """
    from docgen.handouts.compare import judged

    found = judged(formula, solutions(id, path), task)
    click.echo(str(found.verdict))
    if found.why:
        click.echo(found.why, err=True)


def solutions(id: str, path: Path | None) -> tuple[Solution, ...]:
    """The solutions, one for each variable, of a problem, or of a part of one, of a spec file or of the bank."""
    from docgen.errors import SpecError
    from docgen.handouts.bank import default_bank
    from docgen.handouts.compare import solutions_of
    from docgen.handouts.load import load

    problem, _, part = id.partition(".")
    spec: SpecFile = load(default_bank().find(problem).path if path is None else path)
    try:
        found = spec.problem(problem, part)
    except KeyError:
        known = [p.id for p in spec.problems] + [f"{p.id}.{inside.id}" for p in spec.problems for inside in p.parts]
        raise SpecError(f"{spec.path} has no problem `{id}`", hint=f"It has: {', '.join(known)}.") from None
    if found.parts:
        names = ", ".join(f"{id}.{inside.id}" for inside in found.parts)
        raise SpecError(f"the problem `{id}` has parts", hint=f"Name one of them: {names}.")
    return solutions_of(spec, problem, part)
