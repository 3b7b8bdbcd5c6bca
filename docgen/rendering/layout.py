"""Where the rows of a display go: which reason stands beside its formula, which below, and where a long sum is broken.

All lengths are in em of the text size. The widths are estimates (``docgen.rendering.formula``), good to a few per cent.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from docgen.handouts.document import Emphasis, Inline, Inlines, Link, Math, Reference, Row, Strong, Text
from docgen.rendering.formula import DISPLAY, TEXT, nested, width, words_width

#: Reasons are set a size smaller.
REASON_SCALE: Final = 0.915
#: No reason takes more of the line than this unless there is room; a longer one goes on below itself.
REASON_SHARE: Final = 0.42
#: The least free space on a line that holds a formula and a reason, and on one that holds a formula only.
BESIDE_SLACK: Final = 2.4
ALONE_SLACK: Final = 1.0
#: A word with the spaces after it, or one Chinese character.
_WORD: Final = re.compile(r"[\u2e80-\uffef]|[^ \u2e80-\uffef]+ *| +")
#: A sign after one of these is that of a term and does not stand between two.
_NO_TERM: Final = frozenset(("", "(", "[", "\\langle", "=", ",", "+", "-", "\\cdot", "\\odot"))
#: How far a continued sum is moved to the right.
CONTINUED: Final = 2.0


@dataclass(frozen=True, slots=True)
class SetRow:
    """One line of a display as it is set.

    ``right`` is what follows the alignment point, with its relation. ``lapped`` tells that it runs on over the column
    of the reasons; ``continued`` that it goes on with the sum of the line before. A long reason is on several lines:
    ``opens`` and ``closes`` tell whether its first and its last word are on this one.
    """

    left: str
    right: str
    reason: Inlines = ()
    punctuation: str = ""
    lapped: bool = False
    continued: bool = False
    opens: bool = True
    closes: bool = True


@dataclass(frozen=True, slots=True)
class SetDisplay:
    """A display as it is set; ``wide`` where a formula needs the width of the page, so that nothing is centred."""

    rows: tuple[SetRow, ...]
    wide: bool = False
    reasons: bool = False


def inlines_width(inlines: Inlines) -> float:
    """The width of words and formulas on one line."""
    total = 0.0
    for inline in inlines:
        match inline:
            case Text(text) | Reference(_, text):
                total += words_width(text)
            case Math(latex):
                total += width(latex, style=TEXT)
            case Strong(inner) | Emphasis(inner) | Link(inner, _):
                total += inlines_width(inner) * (1.1 if isinstance(inline, Strong) else 1.0)
    return total


def lay_out(rows: Sequence[Row], line: float, *, repeat_sign: bool = False) -> SetDisplay:
    """Set the rows of a display on lines of the width ``line``."""
    left = max((width(row.left) for row in rows), default=0.0)
    formulas = [(row.relation + " " if row.relation else "") + "".join(row.right).strip() for row in rows]
    longest = max((width(formula) for formula in formulas), default=0.0)
    room = max(line * REASON_SHARE, line - left - longest - BESIDE_SLACK)
    reasons = [_reason_lines(row.reason, room) for row in rows]
    column = max((_reason_width(part) for parts in reasons for part in parts), default=0.0)
    beside = line - left - column - BESIDE_SLACK
    alone = line - left - ALONE_SLACK
    done: list[SetRow] = []
    wide = False
    for row, formula, parts in zip(rows, formulas, reasons, strict=True):
        pieces = [formula] if width(formula) <= alone else break_formula(row, alone, repeat_sign=repeat_sign)
        for index, piece in enumerate(pieces):
            lapped = column > 0 and width(piece) + CONTINUED * (index > 0) > beside
            wide |= lapped
            done.append(SetRow(row.left if index == 0 else "", piece, lapped=lapped, continued=index > 0))
        done[-1] = replace(done[-1], punctuation=row.punctuation)  # it belongs to the formula, not to the reason
        if parts and done[-1].lapped:
            done.append(SetRow("", ""))
        for index, part in enumerate(parts):
            if index:
                done.append(SetRow("", ""))
            done[-1] = replace(done[-1], reason=part, opens=index == 0, closes=index == len(parts) - 1)
    return SetDisplay(tuple(done), wide=wide, reasons=column > 0)


def _reason_width(reason: Inlines) -> float:
    return (inlines_width(reason) + 0.8) * REASON_SCALE


def _reason_lines(reason: Inlines, limit: float) -> list[Inlines]:
    """A reason on as few lines as fit, cut at spaces of its words (or between Chinese characters)."""
    if not reason:
        return []
    if _reason_width(reason) <= limit:
        return [reason]
    parts: list[Inline] = []
    for inline in reason:
        if isinstance(inline, Text):
            parts.extend(Text(piece) for piece in _WORD.findall(inline.text))
        else:
            parts.append(inline)
    count = int(_reason_width(reason) / limit) + 1
    goal = _reason_width(reason) / count
    lines: list[Inlines] = []
    current: Inlines = ()
    for part in parts:
        longer: Inlines = (*current, part)
        full = _reason_width(longer) > limit or (len(lines) < count - 1 and _reason_width(current) >= goal)
        if current and full:
            lines.append(_merged(current))
            longer = (part,)
        current = longer
    return [*lines, _merged(current)]


def _merged(inlines: Inlines) -> Inlines:
    """Neighbouring pieces of words as one, without a space at either end."""
    merged: list[Inline] = []
    for inline in inlines:
        last = merged[-1] if merged else None
        if isinstance(inline, Text) and isinstance(last, Text):
            merged[-1] = Text(last.text + inline.text)
        else:
            merged.append(inline)
    if merged and isinstance(merged[0], Text):
        merged[0] = Text(merged[0].text.lstrip(" "))
    if merged and isinstance(merged[-1], Text):
        merged[-1] = Text(merged[-1].text.rstrip(" "))
    return tuple(merged)


def break_formula(row: Row, limit: float, *, repeat_sign: bool) -> list[str]:
    """The right side of a row on several lines: cut before a sign, at the least depth of brackets that will do.

    With ``repeat_sign`` the sign also ends the line before, as Russian typography has it.
    """
    head = row.relation + " " if row.relation else ""
    whole = "".join(row.right)
    offset = len(whole) - len(whole.lstrip())
    cuts = {at: depth + 1 for at, depth in breaks(whole)}  # where, and how bad it is: best is what the row itself says
    at = 0
    for piece in row.right[:-1]:
        at += len(piece)
        cuts[at + len(whole[at:]) - len(whole[at:].lstrip())] = 0
    pieces: list[str] = []
    start = offset
    while True:
        rest = whole[start:].strip()
        prefix = head if not pieces else ""
        room = limit if not pieces else limit - CONTINUED
        if width(prefix + rest) <= room:
            break
        fitting = [(p, d) for p, d in sorted(cuts.items()) if p > start and width(prefix + whole[start:p]) <= room]
        if not fitting:  # nothing fits: cut as early as possible, so that the rest has a chance
            fitting = [(p, d) for p, d in sorted(cuts.items()) if p > start][:1]
        if not fitting:
            break
        good = [(p, d) for p, d in fitting if width(prefix + whole[start:p]) >= 0.4 * room] or fitting
        depth = min(d for _, d in good)
        cut = max(p for p, d in good if d == depth)
        sign = whole[cut] if repeat_sign and whole[cut] in "+-" else ""
        pieces.append(prefix + whole[start:cut].strip() + (f" {sign} {{}}" if sign else ""))
        start = cut
    return [*pieces, (head if not pieces else "") + whole[start:].strip()]


def breaks(latex: str) -> list[tuple[int, int]]:
    r"""Each ``+`` or ``-`` where a line may be broken, as (position, depth of round and square brackets).

    Nothing inside braces, between ``\left`` and ``\right`` or in a matrix counts, and no sign before the first term.
    """
    found: list[tuple[int, int]] = []
    before = ""
    for at, token, groups, brackets in nested(latex):
        if token in ("+", "-") and not groups and before not in _NO_TERM:
            found.append((at, brackets))
        before = before if token.isspace() else token
    return found


def split_equation(latex: str) -> Row:
    """An equation as a row: cut at its first relation outside all brackets and braces."""
    for at, token, groups, brackets in nested(latex):
        if not groups and not brackets and token in ("=", "\\in", "\\approx"):
            return Row(latex[:at].strip(), token, (latex[at + len(token) :].strip(),))
    return Row("", "", (latex,))


def display_width(row: Row) -> float:
    """The width of a row without its reason."""
    return width(f"{row.left} {row.relation} {''.join(row.right)}", style=DISPLAY)
