"""Tables as LaTeX source: booktabs, where it stands in the text, columns of words narrowed until the table fits."""

from __future__ import annotations

from docgen.handouts.document import Inline, Inlines, Table, Text
from docgen.rendering.layout import inlines_width
from docgen.rendering.setting import Setting
from docgen.rendering.tex_text import escape, inlines

#: A table of more rows than this may go on over the page.
LONG = 25
#: One of more rows than this is set a size smaller, so that it finds its place on the page.
TALL = 8
#: The space between two columns, in em.
GAP = 1.0


def table(block: Table, line: float, setting: Setting, operators: set[str]) -> str:
    """A table with its caption above it."""
    columns = _columns(block, line)
    name = "longtable" if len(block.rows) > LONG else "tabular"
    head = _row(block.head, operators)
    rows = [f"  {_row(row, operators)}\\\\" for row in block.rows]
    for at in range(len(rows) - 1, 0, -1):  # tall formulas must not touch those of the next row
        if "\\frac" in rows[at - 1] or "\\frac" in rows[at]:
            rows.insert(at, "  \\addlinespace")
    caption = _caption(block, setting, operators)
    target = f"\\hypertarget{{{block.id}}}{{}}" if block.id else ""
    body = "\n".join(
        ["  \\toprule"]
        + ([f"  {head}\\\\", "  \\midrule"] if any(block.head) else [])
        + (["  \\endhead"] if name == "longtable" else [])
        + rows
        + ["  \\bottomrule"]
    )
    small = "\\small " if len(block.rows) > TALL and name == "tabular" else ""
    shown = f"{small}\\begin{{{name}}}{{@{{}}{columns}@{{}}}}\n{body}\n\\end{{{name}}}"
    above = f"{target}{caption}"
    if name == "longtable":
        return (f"\\begin{{center}}\n{above}\n\\end{{center}}\n\\nopagebreak\n" if above else "") + shown
    return "\\begin{center}\n" + (f"{above}\\\\*[6pt]\n" if caption else above) + shown + "\n\\end{center}"


def _caption(block: Table, setting: Setting, operators: set[str]) -> str:
    if not block.caption and not block.number:
        return ""
    number = escape(setting.numbered(block.number)) if block.number else ""
    return f"{{\\small {number}{inlines(block.caption, operators)}}}"


def _row(cells: tuple[Inlines, ...], operators: set[str]) -> str:
    shown = " & ".join(inlines(cell, operators) for cell in cells)
    return "{}" + shown if shown.startswith("[") else shown


def _columns(block: Table, line: float) -> str:
    """The columns: as wide as they are, or those of words narrowed to share what is left of the line."""
    letters = list(block.align) or ["l"] * len(block.head)
    rows = [block.head, *block.rows]
    natural = [max((inlines_width(row[k]) for row in rows if k < len(row)), default=0.0) for k in range(len(letters))]
    room = line - GAP * (len(letters) - 1) - 0.5
    if sum(natural) <= room:
        return "".join(letters)
    wordy = [any(_breaks(piece) for row in rows if k < len(row) for piece in row[k]) for k in range(len(letters))]
    wordy = wordy if any(wordy) else [True] * len(letters)
    fixed = sum(w for w, breaks in zip(natural, wordy, strict=True) if not breaks)
    share = max(room - fixed, 6.0) / sum(w for w, breaks in zip(natural, wordy, strict=True) if breaks)
    return "".join(
        f">{{\\raggedright\\arraybackslash}}p{{{natural[k] * min(share, 1.0):.1f}em}}" if wordy[k] else letter
        for k, letter in enumerate(letters)
    )


def _breaks(piece: Inline) -> bool:
    """Whether words may go on in the next line: a space, or Chinese."""
    return isinstance(piece, Text) and (" " in piece.text.strip() or any(c >= "\u2e80" for c in piece.text))
