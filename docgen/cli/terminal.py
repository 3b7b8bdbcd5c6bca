"""A document as plain text for a terminal: the same blocks as Markdown and LaTeX get, formulas in Unicode."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from docgen.cli.unicode import unicode_lines, unicode_math
from docgen.errors import columns
from docgen.handouts import document as d

#: How many columns a line of words may take.
WIDTH = 96


def padded(text: str, width: int) -> str:
    """The text, filled with blanks up to ``width`` columns."""
    return text + " " * (width - columns(text))


def words(inlines: Sequence[d.Inline]) -> str:
    """Inline pieces as text."""
    parts = []
    for piece in inlines:
        match piece:
            case d.Text(text) | d.Reference(_, text):
                parts.append(text)
            case d.Math(latex):
                parts.append(unicode_math(latex))
            case d.Strong(inside) | d.Emphasis(inside):
                parts.append(words(inside))
            case d.Link(inside, url):
                parts.append(f"{words(inside)} ({url})")
    return "".join(parts)


def text(blocks: Sequence[d.Block]) -> str:
    """Blocks as text, an empty line between two of them."""
    return "\n\n".join(part for part in map(_block, blocks) if part)


def _block(block: d.Block) -> str:
    match block:
        case d.Paragraph(inlines, run_in):
            return _wrapped(" ".join(filter(None, (run_in, words(inlines)))))
        case d.Display(rows):
            return "\n".join(_rows(rows))
        case d.Heading(inlines, _, number):
            return " ".join(filter(None, (number, words(inlines))))
        case d.Listing(items, ordered):
            marks = (f"{k}. " if ordered else "- " for k in range(1, len(items) + 1))
            return "\n".join(_hung(mark, text(item)) for mark, item in zip(marks, items, strict=True))
        case d.Table():
            return table([[words(c) for c in block.head], *([words(c) for c in row] for row in block.rows)])
        case d.Problem():
            head = " ".join(filter(None, (block.head, words(block.title), words(block.note))))
            return "\n\n".join(filter(None, (head, text(block.statement))))
        case d.Answer(head, latex, _):
            return "\n".join(filter(None, (head, f"    {unicode_math(latex)}")))
        case d.Solution(head, inside):
            return "\n\n".join(filter(None, (head, text(inside))))
        case _:  # room to work in, a page break: nothing on a terminal
            return ""


def _wrapped(paragraph: str) -> str:
    if columns(paragraph) != len(paragraph):  # Chinese breaks anywhere: the terminal does that by itself
        return paragraph
    return textwrap.fill(paragraph, WIDTH, break_long_words=False, break_on_hyphens=False)


def _hung(mark: str, inside: str) -> str:
    return mark + inside.replace("\n", "\n" + " " * len(mark))


def _rows(rows: Sequence[d.Row]) -> Iterator[str]:
    """The rows of a display, aligned at the relation, the reasons in a column of their own where they fit."""
    left = [unicode_math(row.left) for row in rows]
    right = [unicode_lines(" ".join(row.right)) for row in rows]
    wide = max(map(columns, left))
    far = max(columns(above + row.punctuation) for row, (above, _) in zip(rows, right, strict=True))
    for row, before, (above, below) in zip(rows, left, right, strict=True):
        relation = unicode_math(row.relation)
        head = f"    {' ' * (wide - columns(before))}{before} {relation} " if before or relation else "    "
        line = head + padded(above + row.punctuation, far) + (f"    {words(row.reason)}" if row.reason else "")
        yield line.rstrip()
        if below:
            yield " " * columns(head) + below


def table(rows: Sequence[Sequence[str]]) -> str:
    """Rows as a table: columns padded to the same width, two blanks between them."""
    if not rows:
        return ""
    widths = [max(columns(row[k]) for row in rows) for k in range(len(rows[0]))]
    return "\n".join(
        "  ".join(padded(cell, width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )
