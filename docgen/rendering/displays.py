"""Displays as LaTeX source: one row a line, aligned at the relation, reasons in a column of their own."""

from __future__ import annotations

from collections.abc import Sequence

from docgen.handouts.document import Answer, Display, Row
from docgen.rendering.formula import width, words_width
from docgen.rendering.layout import SetDisplay, SetRow, break_formula, lay_out, split_equation
from docgen.rendering.setting import Setting
from docgen.rendering.tex_text import escape, formula, inlines

#: A chain of more rows than this may be split between two pages, away from its ends.
UNSPLIT = 10


def display(block: Display, line: float, setting: Setting, operators: set[str]) -> str:
    """A display as source; ``line`` is the width of the line in em."""
    placed = lay_out(block.rows, line, repeat_sign=setting.repeat_sign)
    if len(placed.rows) == 1 and not placed.reasons:
        row = placed.rows[0]
        whole = " ".join(part for part in (row.left, row.right) if part)
        return f"\\[\n  {formula(whole, operators)}{_mark(row.punctuation)}\n\\]"
    name = "flalign*" if placed.wide else "align*"
    return f"\\begin{{{name}}}\n" + "\n".join(_rows(placed, setting, operators)) + f"\n\\end{{{name}}}"


def _rows(placed: SetDisplay, setting: Setting, operators: set[str]) -> list[str]:
    left = [formula(row.left, operators) for row in placed.rows]
    if placed.wide:  # the one place that sets the column of the left sides apart from the margin
        widest = max(range(len(left)), key=lambda index: width(placed.rows[index].left))
        left[widest] = f"\\quad {left[widest]}".rstrip()
    indent = max(len(text) for text in left)
    lines = []
    last = len(placed.rows) - 1
    for index, row in enumerate(placed.rows):
        text = f"  {left[index]:<{indent}} &{_right(row, operators)}".rstrip()
        if row.reason:
            text += f" && {_reason(row, setting, operators)}"
        if index < last:
            far = last > UNSPLIT and 2 < index < last - 2 and not placed.rows[index + 1].continued
            text += " \\displaybreak[0] \\\\" if far else " \\\\"
        lines.append(text)
    return lines


def _right(row: SetRow, operators: set[str]) -> str:
    shown = formula(row.right, operators) + _mark(row.punctuation)
    if row.continued:
        shown = f"\\qquad {{}}{shown}"
    return "\\mathrlap{{}" + shown + "}" if row.lapped else shown


def _reason(row: SetRow, setting: Setting, operators: set[str]) -> str:
    words = inlines(row.reason, operators)
    if row.opens and row.closes:
        return f"\\why{{{words}}}"
    return f"\\whypart{{{setting.reason[0] * row.opens}{words}{setting.reason[1] * row.closes}}}"


def _mark(punctuation: str) -> str:
    """The sign that ends a row; one that is not of mathematics stands as words."""
    return punctuation if punctuation.isascii() else f"\\text{{{punctuation}}}"


def answer(block: Answer, line: float, setting: Setting, operators: set[str], above: str = "") -> str:
    """The boxed answer; a formula too long for the line is broken inside its box. ``above`` is the head of the answer
    before it, under whose box that of an answer without a head is set."""
    room = line - words_width(block.head or above, bold=True) - 3.0
    latex = block.latex
    if width(latex) > room:
        row = split_equation(latex)
        latex = _stacked(row, room, setting)
    end = block.punctuation
    head = escape(block.head) or (f"\\hphantom{{{escape(above)}}}" if above else "")
    return f"\\answer{{{head}}}{{{formula(latex, operators)}}}{end}"


def _stacked(row: Row, room: float, setting: Setting) -> str:
    pieces = break_formula(row, room - width(row.left), repeat_sign=setting.repeat_sign)
    rows: Sequence[str] = [f"{row.left} &{pieces[0]}", *(f"&\\qquad {{}}{piece}" for piece in pieces[1:])]
    return "\\begin{aligned}" + " \\\\ ".join(rows) + "\\end{aligned}"
