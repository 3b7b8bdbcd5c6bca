"""Displays as LaTeX source: one row a line, aligned at the relation, reasons in a column of their own."""

from __future__ import annotations

from collections.abc import Sequence

from docgen.handouts.document import Answer, Display, Row
from docgen.rendering.formula import width, words_width
from docgen.rendering.layout import SetDisplay, SetRow, break_formula, lay_out, split_equation
from docgen.rendering.setting import Setting
from docgen.rendering.tex_text import ending, escape, formula, inlines

#: A chain of more rows than this may be split between two pages wherever there are three of them on either; a shorter
#: one, between two rows and two, where much of the page would be empty otherwise.
UNSPLIT = 10


def display(block: Display, line: float, setting: Setting, operators: set[str]) -> str:
    """A display as source; ``line`` is the width of the line in em."""
    placed = lay_out(block.rows, line, repeat_sign=setting.repeat_sign)
    if len(placed.rows) == 1 and not placed.reasons:
        row = placed.rows[0]
        whole = " ".join(part for part in (row.left, row.right) if part)
        return f"\\[\n  {formula(whole, operators)}{ending(row.punctuation)}\n\\]"
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
            text += _end(placed.rows, index)
        lines.append(text)
    return lines


def _end(rows: Sequence[SetRow], index: int) -> str:
    """What ends a row that others follow: whether the page may end there too."""
    last, after = len(rows) - 1, rows[index + 1]
    if after.continued or not after.right:  # it belongs to this one
        return " \\\\"
    if last > UNSPLIT:
        return " \\displaybreak[0] \\\\" if 2 < index < last - 2 else " \\\\"
    return " \\\\ \\maysplit" if 0 < index < last - 1 else " \\\\"


def _right(row: SetRow, operators: set[str]) -> str:
    shown = formula(row.right, operators) + ending(row.punctuation)
    if row.continued:
        shown = f"\\qquad {{}}{shown}"
    return "\\mathrlap{{}" + shown + "}" if row.lapped else shown


def _reason(row: SetRow, setting: Setting, operators: set[str]) -> str:
    words = inlines(row.reason, operators)
    if row.opens and row.closes:
        return f"\\why{{{words}}}"
    return f"\\whypart{{{setting.reason[0] * row.opens}{words}{setting.reason[1] * row.closes}}}"


def answer(block: Answer, line: float, setting: Setting, operators: set[str], above: str = "") -> str:
    """The boxed answer; a formula too long for the line is broken inside its box.

    ``above`` is the head of the answer before it, under whose box that of an answer without a head is set.
    """
    room = line - words_width(block.head or above, bold=True) - 3.0
    latex = block.latex if width(block.latex) <= room else _stacked(split_equation(block.latex), room, setting)
    head = escape(block.head) or (f"\\hphantom{{{escape(above)}}}" if above else "")
    return f"\\answer{{{head}}}{{{formula(latex, operators)}}}{block.punctuation}"


def _stacked(row: Row, room: float, setting: Setting) -> str:
    pieces = break_formula(row, room - width(row.left), repeat_sign=setting.repeat_sign)
    rows = [f"{row.left} &{pieces[0]}", *(f"&\\qquad {{}}{piece}" for piece in pieces[1:])]
    return "\\begin{aligned}" + " \\\\ ".join(rows) + "\\end{aligned}"
