"""Handouts for the tests, made of the solved problems, and what they say as plain text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache

from docgen.calculus.derivation import Solution
from docgen.handouts.document import (
    Answer,
    Block,
    Display,
    Emphasis,
    Inlines,
    Link,
    Listing,
    Math,
    Paragraph,
    Problem,
    Strong,
    Table,
)
from docgen.handouts.document import Solution as Worked
from docgen.handouts.handout import Handout, Item, ProblemList, Sheet
from tests.handouts.solved import solved


class Words(dict[str, str]):
    """A text per language."""


@cache
def solution(name: str) -> Solution:
    """The solution of a problem, made once."""
    return solved(name)


def everywhere(text: str) -> Words:
    """The same text in the three languages and a made-up one."""
    return Words(en=text, ru=text, zh=text, qq=text)


def handout(*names: str, items: Iterable[Item] = (), title: str = "Title") -> Handout:
    """A handout number 3 with these problems."""
    sheets = tuple(Sheet(name, f"3.{k}", solution(name), everywhere(name)) for k, name in enumerate(names, 1))
    return Handout("test", everywhere(title), (*items, ProblemList(sheets)), kind="seminar", number=3)


def formulas(blocks: Iterable[Block]) -> Iterator[str]:
    """Every formula of the blocks, in order; rows of a display one by one."""
    for block in blocks:
        match block:
            case Paragraph(inlines, _):
                yield from _inline(inlines)
            case Display(rows):
                for row in rows:
                    yield f"{row.left} {row.relation} {''.join(row.right)}".strip()
            case Answer(_, latex, _):
                yield latex
            case Problem(_, _, title, statement, _):
                yield from _inline(title)
                yield from formulas(statement)
            case Worked(_, inside):
                yield from formulas(inside)
            case Listing(items, _):
                for item in items:
                    yield from formulas(item)
            case Table(head, rows, _, _, _, _):
                for cells in (head, *rows):
                    for cell in cells:
                        yield from _inline(cell)
            case _:
                pass


def _inline(given: Inlines) -> Iterator[str]:
    for piece in given:
        match piece:
            case Math(latex):
                yield latex
            case Strong(inside) | Emphasis(inside) | Link(inside, _):
                yield from _inline(inside)
            case _:
                pass
