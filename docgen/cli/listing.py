"""``docgen list``: the problem bank."""

from __future__ import annotations

import click

from docgen.cli.options import language_option


@click.command()
@click.option("-t", "--tag", "tags", multiple=True, help="Only problems with this tag; repeated, with all of them.")
@click.option("--level", type=click.IntRange(1, 5), help="Only problems of this level.")
@language_option
def command(tags: tuple[str, ...], level: int | None, language: str) -> None:
    """List the problems of the bank: id, level, function, title, tags.

    The bank is every problem in the YAML files of the folder "problems" here, and of docgen's own. Another spec takes
    one over with "use: ID".

    \b
    Example:
      docgen list --tag trace --level 2 -l en
    """
    from docgen.cli.terminal import table
    from docgen.cli.unicode import unicode_math
    from docgen.handouts.bank import default_bank

    bank = default_bank()
    rows = []
    for entry in bank.entries(level=level):
        problem = entry.problem
        if set(tags) <= set(problem.tags):
            title = problem.title.get(language) if problem.title else None
            function = f"{problem.name} = {unicode_math(problem.function)}" if problem.function else ""
            rows.append((problem.id, str(problem.level or ""), function, title or "", ", ".join(problem.tags)))
    for fault in bank.faults():
        click.echo(str(fault), err=True)
    if rows:
        click.echo(table([("id", "level", "function", "title", "tags"), *rows]))
    else:
        known = sorted({tag for entry in bank.entries() for tag in entry.problem.tags})
        click.echo("no such problem in the bank; its tags are: " + (", ".join(known) or "none"), err=True)
    if bank.faults():
        raise click.exceptions.Exit(1)
