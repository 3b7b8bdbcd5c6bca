"""References in texts: ``{id}`` outside formulas, and the ids that the contents and ``reuse`` name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING

from docgen.errors import SpecError
from docgen.handouts import contents
from docgen.handouts.values import Words
from docgen.handouts.yaml_text import KeyPath, Source

if TYPE_CHECKING:
    from docgen.handouts.load import SpecFile

#: Formulas and code, where braces are not references; then a reference.
_PIECE = re.compile(r"\\.|\$\$.*?\$\$|\$[^$]*\$|(`+).*?\1|\{([A-Za-z0-9_][A-Za-z0-9_-]*)\}", re.DOTALL)
_SLOTS = ("declare", "function")


def references(text: str) -> tuple[str, ...]:
    """The ids that a text refers to, in order."""
    return tuple(match[2] for match in _PIECE.finditer(text) if match[2])


def check_references(
    loaded: SpecFile, source: Source, texts: Iterable[tuple[Source, KeyPath, Words]]
) -> Sequence[SpecError]:
    """The faults of all references of a file, in the order of the file."""
    problems = [problem.id for problem in loaded.problems]
    listed = {entry.id for entry in loaded.keys.references}
    tables = {block.table for block in loaded.contents if isinstance(block, contents.Table)}
    figures = {block.figure.id for block in loaded.contents if isinstance(block, contents.Figure) and block.figure.id}
    faults = []
    for index, block in enumerate(loaded.contents):
        if isinstance(block, contents.Problems) and block.problems != ("all",):
            faults += _unknown(block.problems, problems, source, ("contents", index, "problems"))
        if isinstance(block, contents.Figure) and block.figure.subject is not None:
            at: KeyPath = ("contents", index, "figure", "of" if block.figure.of else "problem")
            faults += _unknown((block.figure.subject,), problems, source, at)
    faults += _listed_twice(loaded, source)
    for index, problem in enumerate(loaded.keys.problems):
        faults += _unknown(problem.reuse, problems, source, ("problems", index, "reuse"))
    faults += _named_twice(loaded, source)
    targets = [*problems, *sorted(listed), *sorted(tables), *sorted(figures)]
    for origin, path, words in texts:
        slots = _SLOTS if path[-1] == "statement" else ()
        for language, text in words.texts():
            unknown = [id for id in references(text) if id not in targets and id not in slots and not _is_rule(id)]
            if unknown:
                faults.append(_no_target(unknown[0], [*targets, *slots], origin, (*path, language)))
    return faults


def _unknown(ids: Sequence[str], known: Sequence[str], source: Source, path: KeyPath) -> list[SpecError]:
    """Faults for the ids that no problem has."""
    faults = []
    for index, id in enumerate(ids):
        if id not in known:
            place = source.place((*path, index) if (*path, index) in source.values else path)
            near = get_close_matches(id, list(known), n=1)
            hint = (
                f"Did you mean `{near[0]}`?"
                if near
                else f"Add it under `problems:`, or take it from the bank: - use: {id}"
            )
            faults.append(SpecError(f"there is no problem `{id}` in this file", hint=hint, place=place))
    return faults


def _listed_twice(loaded: SpecFile, source: Source) -> list[SpecError]:
    """Faults for problems that stand in the contents twice: their number would be two numbers."""
    seen: set[str] = set()
    faults = []
    for index, block in enumerate(loaded.contents):
        if not isinstance(block, contents.Problems):
            continue
        ids = tuple(p.id for p in loaded.problems) if block.problems == ("all",) else block.problems
        again = [id for id in ids if id in seen]
        if again:
            faults.append(
                SpecError(
                    f"the problem `{again[0]}` stands in the contents twice",
                    hint="A problem has one number, so it stands once; refer to it in texts by {" + again[0] + "}.",
                    place=source.place(("contents", index, "problems")),
                )
            )
        seen.update(ids)
    return faults


def _named_twice(loaded: SpecFile, source: Source) -> list[SpecError]:
    """Faults for references, tables and figures whose id is that of something else in the file."""
    named: list[tuple[str | None, KeyPath]] = []
    for index, entry in enumerate(loaded.keys.references):
        named.append((entry.id, ("references", index, "id")))
    for index, block in enumerate(loaded.contents):
        if isinstance(block, contents.Table):
            named.append((block.table, ("contents", index, "table")))
        if isinstance(block, contents.Figure):
            named.append((block.figure.id, ("contents", index, "figure", "id")))
    taken: set[str | None] = {problem.id for problem in loaded.problems}
    faults = []
    for id, path in named:
        if id in taken:
            faults.append(SpecError(f"the id `{id}` is used twice", hint="Rename one.", place=source.place(path)))
        if id is not None:
            taken.add(id)
    return faults


def _is_rule(id: str) -> bool:
    """Whether a rule of the calculus has this id."""
    from docgen.calculus.rules import RULES  # only here: most texts name no rule

    return id in RULES


def _no_target(id: str, targets: Sequence[str], origin: Source, path: KeyPath) -> SpecError:
    while path and path not in origin.values:
        path = path[:-1]
    near = get_close_matches(id, list(targets), n=1)
    hint = f"Did you mean {{{near[0]}}}?" if near else "A formula in a text stands between dollar signs: $x_{i}$"
    return SpecError(f"{{{id}}} refers to no problem, table or rule", hint=hint, place=origin.place(path))
