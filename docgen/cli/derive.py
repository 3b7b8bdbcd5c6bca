"""``docgen derive``: one problem, solved on the terminal."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from docgen.calculus.choices import DETAILS, LAYOUTS, METHODS, TASKS
from docgen.cli.options import Name, assumptions, language_option, pairs, templates_option

if TYPE_CHECKING:
    from docgen.api import Solution
    from docgen.handouts.document import Block

FORMATS = ("text", "md", "tex", "json")


class Formula(click.Command):
    """A command whose argument is a formula, which may begin with a minus sign."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put what looks like a formula behind ``--``, where click takes it for no option."""
        options = [param for param in self.get_params(ctx) if isinstance(param, click.Option)]
        valued = {name for option in options if not option.is_flag for name in option.opts}
        letters = "".join(name[1] for option in options for name in option.opts if not name.startswith("--"))
        known = re.compile(rf"-[{letters}]([a-z]{{2,4}})?|--.*")  # -l, -lru, --language, --language=ru
        moved: list[str] = []
        kept: list[str] = []
        rest = list(args)
        while rest and rest[0] != "--":
            arg = rest.pop(0)
            if arg.startswith("-") and len(arg) > 1 and not known.fullmatch(arg):
                moved.append(arg)
            else:
                kept.append(arg)
                if arg in valued:
                    if not rest:  # the value is missing: click says so
                        return super().parse_args(ctx, kept)
                    kept.append(rest.pop(0))
        return super().parse_args(ctx, [*kept, "--", *moved, *rest[1:]])


@click.command(cls=Formula)
@click.argument("function")
@click.option("--wrt", metavar="SYMBOL", help="The variable; may be left out where there is only one symbol.")
@click.option(
    "-s",
    "--shape",
    "shapes",
    metavar="NAME=SHAPE",
    multiple=True,
    help="x=n, A='n x m', c=scalar; by custom if not given.",
)
@click.option("--assume", metavar="NAME=WHAT", multiple=True, help="A=symmetric, y='in {-1, 1}'; may be repeated.")
@click.option(
    "--task",
    type=Name("task", TASKS),
    multiple=True,
    metavar="TASK",
    help="gradient, jacobian, hessian, differential, …; repeated, one chained solution.  [default: derivative]",
)
@click.option(
    "--method",
    type=Name("method", METHODS),
    multiple=True,
    help="Repeated, several solutions.  [default: differential]",
)
@click.option("--layout", type=Name("layout", LAYOUTS), multiple=True, help="May be repeated.  [default: mixed]")
@click.option("--name", default="f", show_default=True, help="The name of the function.")
@click.option(
    "--detail", type=Name("detail", DETAILS), default="normal", show_default=True, help="How many steps are shown."
)
@click.option("--elementwise", is_flag=True, help="exp, log, … of a square matrix act entry by entry.")
@click.option("--constrained", is_flag=True, help="The gradient within the symmetric matrices.")
@language_option
@templates_option
@click.option(
    "-f", "--format", "form", type=Name("format", FORMATS), default="text", show_default=True, help="What to print."
)
def command(
    function: str,
    wrt: str | None,
    shapes: tuple[str, ...],
    assume: tuple[str, ...],
    task: tuple[str, ...],
    method: tuple[str, ...],
    layout: tuple[str, ...],
    name: str,
    detail: str,
    elementwise: bool,
    constrained: bool,
    language: str,
    templates: Path | None,
    form: str,
) -> None:
    """Differentiate FUNCTION and print the solution, every line proved.

    FUNCTION is LaTeX (x^T A x) or plain (x'*A*x). In a shell, put it in quotes.

    \b
    Example:
      docgen derive "x^T A x" --wrt x
      docgen derive "\\|y - Xw\\|^2" --wrt w --task hessian -l ru -f md
      docgen derive "\\log\\det X" --wrt X --assume X=positive_definite -f json
    """
    declared = pairs("--shape", shapes, "--shape x=n")
    assumed = assumptions(assume)

    from docgen.api import derive

    solution = derive(
        function,
        wrt=wrt,
        shapes=declared or None,
        assume=assumed or None,
        task=task or "derivative",
        method=method or "differential",
        layout=layout or "mixed",
        name=name,
        detail=detail,
        elementwise=elementwise,
        constrained=constrained,
    )
    click.echo(shown(solution, language, form, templates))


def shown(solution: Solution, language: str, form: str, templates: Path | None = None) -> str:
    """The solution in one of the formats."""
    if form == "json":
        import json

        from docgen.handouts.language import languages, load_language
        from docgen.handouts.record import to_dict

        spoken = {code: load_language(code, templates) for code in languages(templates)}
        return json.dumps(to_dict(solution.record, spoken), ensure_ascii=False, indent=2)
    blocks = composed(solution, language, templates)
    if form == "md":
        from docgen.rendering.markdown import fragment

        return fragment(blocks, language, templates)
    if form == "tex":
        return latex_file(blocks, language, templates)
    from docgen.cli.terminal import text

    return text(blocks)


def composed(solution: Solution, language: str, templates: Path | None = None) -> tuple[Block, ...]:
    """The statement and the worked solution in a language."""
    from docgen.handouts.document import Solution as Worked
    from docgen.handouts.language import load_language
    from docgen.handouts.narrate import narrate
    from docgen.handouts.statement import statement
    from docgen.handouts.wording import notation_of

    words = load_language(language, templates)
    notation = notation_of(words, solution.record.function)
    told = narrate(solution.record, words, notation, "derive")
    head = words.word("heads.solution")
    return (*statement(solution.record, words, notation, "derive"), Worked(head, told))


def latex_file(blocks: Sequence[Block], language: str, templates: Path | None = None) -> str:
    """A LaTeX file of its own."""
    from docgen.handouts.document import Document
    from docgen.handouts.language import load_language
    from docgen.rendering.latex import render

    title = load_language(language, templates).word("heads.problem_alone")
    return render(Document("problem", language, "handout", title, tuple(blocks)), templates).rstrip("\n")
