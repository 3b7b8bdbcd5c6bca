"""Tables as LaTeX source: booktabs, where it stands in the text, columns of words narrowed until the table fits."""

from __future__ import annotations

from collections.abc import Sequence

from docgen.handouts.document import Inline, Inlines, Math, Table, Text
from docgen.rendering.formula import words_width
from docgen.rendering.layout import inlines_width
from docgen.rendering.setting import Setting
from docgen.rendering.tex_text import escape, inlines

#: A table of more rows than this may go on over the page.
LONG = 25
#: So many of its rows stay together at its end.
LAST = 4
#: One of more rows than this is set a size smaller, so that it finds its place on the page.
TALL = 8
#: The space between two columns, in em.
GAP = 1.0


def table(block: Table, line: float, setting: Setting, operators: set[str]) -> str:
    """A table with its caption above it."""
    body_rows = [tuple(_displayed(cell) for cell in row) for row in block.rows]
    columns = _columns([block.head, *body_rows], block.align, line)
    name = "longtable" if len(block.rows) > LONG else "tabular"
    head = _row(block.head, operators)
    rows = [f"  {_row(row, operators)}\\\\" for row in body_rows]
    if name == "longtable":  # no row stands alone on the last page
        rows[-LAST:-1] = [f"{row}*" for row in rows[-LAST:-1]]
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
        return (
            f"\\medskip{{\\centering {above}\\par}}\\nopagebreak\\setlength{{\\LTpre}}{{6pt}}\n" if above else ""
        ) + shown
    return "\\begin{center}\n" + (f"{above}\\\\*[6pt]\n" if caption else above) + shown + "\n\\end{center}"


def _caption(block: Table, setting: Setting, operators: set[str]) -> str:
    if not block.caption and not block.number:
        return ""
    number = escape(setting.numbered(block.number)) if block.number else ""
    return f"{{\\small {number}{inlines(block.caption, operators)}}}"


def _displayed(cell: Inlines) -> Inlines:
    """A cell with its fractions as large as in a display: they are what the table is read for."""
    return tuple(Math(f"\\displaystyle {x.latex}") if isinstance(x, Math) and "\\frac" in x.latex else x for x in cell)


def _row(cells: tuple[Inlines, ...], operators: set[str]) -> str:
    shown = " & ".join(inlines(cell, operators) for cell in cells)
    return "{}" + shown if shown.startswith("[") else shown


def _columns(rows: Sequence[tuple[Inlines, ...]], align: str, line: float) -> str:
    """The columns: as wide as they are, or those of words narrowed to share what is left of the line."""
    letters = list(align) or ["l"] * len(rows[0])
    natural, least = _widths(rows, len(letters)), _widths(rows[1:], len(letters))
    room = line - GAP * (len(letters) - 1) - 0.5
    if sum(natural) <= room:
        return "".join(letters)
    wordy = [any(_breaks(piece) for row in rows if k < len(row) for piece in row[k]) for k in range(len(letters))]
    wordy = wordy if any(wordy) else [True] * len(letters)
    for k, cell in enumerate(rows[0]):  # a head alone may take two lines before the words below it do
        least[k] = max(least[k], _widest(cell)) if wordy[k] else natural[k]
    if sum(least) <= room:
        spare = (room - sum(least)) / (sum(natural) - sum(least))
        chosen = [low + (full - low) * spare for low, full in zip(least, natural, strict=True)]
    else:
        fixed = sum(w for w, breaks in zip(natural, wordy, strict=True) if not breaks)
        share = max(room - fixed, 6.0) / sum(w for w, breaks in zip(natural, wordy, strict=True) if breaks)
        chosen = [full * min(share, 1.0) for full in natural]
    return "".join(
        f">{{\\raggedright\\arraybackslash}}p{{{chosen[k]:.1f}em}}" if wordy[k] else letter
        for k, letter in enumerate(letters)
    )


def _widths(rows: Sequence[tuple[Inlines, ...]], columns: int) -> list[float]:
    return [max((inlines_width(row[k]) for row in rows if k < len(row)), default=0.0) for k in range(columns)]


def _widest(cell: Inlines) -> float:
    """The width of the widest word or formula of a cell."""
    words = [words_width(word) for piece in cell if isinstance(piece, Text) for word in piece.text.split()]
    return max([*words, *(inlines_width((piece,)) for piece in cell if not isinstance(piece, Text))], default=0.0)


def _breaks(piece: Inline) -> bool:
    """Whether words may go on in the next line: a space, or Chinese."""
    return isinstance(piece, Text) and (" " in piece.text.strip() or any(c >= "\u2e80" for c in piece.text))
