"""``docgen rules``: the rules of calculus with their formulas and their sentences."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

from docgen.cli.options import languages_option, no_such, templates_option

if TYPE_CHECKING:
    from docgen.calculus.rules import Rule
    from docgen.handouts.document import Math
    from docgen.handouts.language import Language

#: A slot of a sentence, or one that a condition asks for.
_SLOT = re.compile(r"<<\s*(\w+)\s*>>|<%\s*if\s+(\w+)")


@click.command()
@click.argument("names", metavar="[RULE]...", nargs=-1)
@languages_option("Language of the sentences; may be repeated.  [default: en]")
@templates_option
def command(names: tuple[str, ...], languages: tuple[str, ...], templates: Path | None) -> None:
    """Show the rules: what each says, where it is from, and the sentence that a solution gives it.

    \b
    Example:
      docgen rules
      docgen rules scalar_trace trace_cyclic -l ru -l zh
    """
    from docgen.calculus.rules import RULES
    from docgen.handouts.language import load_language

    for name in names:
        if name not in RULES:
            raise click.BadParameter(no_such("rule", name, RULES), param_hint="RULE")
    spoken = [load_language(code, templates) for code in languages or ("en",)]
    shown = [described(name, RULES[name], spoken) for name in names or RULES]
    click.echo("\n\n".join(shown))


def described(name: str, rule: Rule, languages: list[Language]) -> str:
    """A rule in a few lines: its id, its formula with the source, and in each language its name and sentences."""
    from docgen.cli.terminal import words
    from docgen.cli.unicode import unicode_math

    lines = [name, f"    {unicode_math(rule.formula)}    [{rule.source}]"]
    for language in languages:
        lines.append(f"    {words(language.rule_name(name))}")
        texts = language.rules[name]["text"]
        texts = [texts] if isinstance(texts, str) else texts
        for turn, text in enumerate(texts):
            slots = {found for pair in _SLOT.findall(text) for found in pair if found}
            facts = {slot: placeholder(slot, rule) for slot in slots}
            lines.append(f"      {words(language.rule_text(name, facts, turn))}")
    return "\n".join(lines)


def placeholder(slot: str, rule: Rule) -> Math:
    """What stands for a formula of a sentence outside a solution: a slot is named by the letter that is usual there."""
    from docgen.handouts.document import Math

    usual = {
        "formula": rule.formula,
        "form": rule.formula,
        "condition": r"u \ne 0",
        "diag": r"\operatorname{diag}(a)",
        "g": r"\nabla f",
    }
    return Math(usual.get(slot, slot))
