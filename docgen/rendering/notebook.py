"""A document as a Jupyter notebook: the text of the Markdown pages, and behind each problem cells that define its
function and check the answer by finite differences."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from docgen.calculus.derivation import Solution as Solved
from docgen.handouts import program
from docgen.handouts.document import Answer, Block, Document, Problem, Solution
from docgen.rendering import figures, markdown


def render(document: Document, solved: Mapping[str, Solved], override: Path | None = None) -> str:
    """The notebook as JSON. ``solved`` has the solutions by the id of their problem; where the page shows no solution,
    the cells define the function only."""
    import nbformat  # only here: it takes a tenth of a second

    sources: list[tuple[str, str]] = [("markdown", markdown.head(document, override)), ("code", program.preamble())]
    for part in _parts(document.blocks):
        text = markdown.fragment(part, document.language, override).strip()
        if text:
            sources.append(("markdown", text))
        problem = next((block for block in part if isinstance(block, Problem)), None)
        if problem is None or problem.id not in solved:
            continue
        shown = any(isinstance(block, (Solution, Answer)) for block in part)
        code = program.cells if shown else program.statement_cells
        sources += [("code", cell) for cell in code(solved[problem.id])]
    attached = _pictures(document, override)
    cells = [_cell(number, kind, source, attached) for number, (kind, source) in enumerate(sources) if source]
    notebook: Any = nbformat.from_dict(  # type: ignore[no-untyped-call]
        {
            "cells": cells,
            "metadata": {
                "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
                "language_info": {"name": "python"},
                "title": document.title,
            },
            "nbformat": 4,
            "nbformat_minor": 5,
        }
    )
    nbformat.validate(notebook)
    return str(nbformat.writes(notebook)) + "\n"  # type: ignore[no-untyped-call]


def _pictures(document: Document, override: Path | None) -> dict[str, dict[str, str]]:
    """The figures, to go into the cells that show them: a notebook is one file."""
    found = {}
    for name, data in figures.files(document, "md", override):
        found[name] = {figures.TYPES[Path(name).suffix]: b64encode(data).decode("ascii")}
    return found


def _cell(number: int, kind: str, source: str, attached: Mapping[str, dict[str, str]]) -> dict[str, Any]:
    """A cell whose id depends on its place alone, so that two builds are the same."""
    mine = {name: data for name, data in attached.items() if kind == "markdown" and name in source}
    for name in mine:
        for before, after in (("](", ")"), ('src="', '"')):
            source = source.replace(f"{before}{name}{after}", f"{before}attachment:{name}{after}")
    cell: dict[str, Any] = {"cell_type": kind, "id": f"cell-{number}", "metadata": {}, "source": source}
    if kind == "code":
        cell |= {"execution_count": None, "outputs": []}
    return cell | {"attachments": mine} if mine else cell


def _parts(blocks: Sequence[Block]) -> list[list[Block]]:
    """The blocks cut before each problem, and after what belongs to it."""
    parts: list[list[Block]] = [[]]
    inside = False
    for block in blocks:
        belongs = inside and isinstance(block, (Solution, Answer))
        if isinstance(block, Problem) or (inside and not belongs):
            parts.append([])
        inside = isinstance(block, Problem) or belongs
        parts[-1].append(block)
    return [part for part in parts if part]
