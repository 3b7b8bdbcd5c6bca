"""Where a formula of a sentence may be broken between two lines."""

from __future__ import annotations

from itertools import pairwise
from typing import Final

from docgen.rendering.formula import RELATIONS, TEXT, nested, width
from docgen.rendering.layout import breaks

#: A formula that is no wider than this, in em, stays on one line.
WHOLE: Final = 8.0
#: A side of a relation that is wider than this may be broken at its signs too.
WIDE: Final = 12.0
_SIGNS: Final = {"=", "<", ">"} | {f"\\{name}" for name in RELATIONS - {"colon", "mid", "parallel", "in", "notin"}}


def breakable(latex: str) -> str:
    r"""A formula with ``\splits{=}`` for each sign after which the line may end: in a long one its relations outside
    all brackets, and the ``+`` and ``-`` of a long side. A short one is never broken."""
    if width(latex, style=TEXT) <= WHOLE:
        return latex
    signs = _relations(latex)
    ends = [0, *(at for at, _ in signs), len(latex)]
    wide = [(a, b) for a, b in pairwise(ends) if width(latex[a:b], style=TEXT) > WIDE]
    signs += [(at, 1) for at, depth in breaks(latex) if not depth and any(a < at < b for a, b in wide)]
    for at, length in sorted(signs, reverse=True):
        latex = f"{latex[:at]}\\splits{{{latex[at : at + length]}}}{latex[at + length :]}"
    return latex


def _relations(latex: str) -> list[tuple[int, int]]:
    """The relations outside all brackets, between two sides, as (position, length)."""
    found: list[tuple[int, int]] = []
    before = ""
    for at, token, groups, brackets in nested(latex):
        inside = groups or brackets or not latex[at + len(token) :].strip()
        if token in _SIGNS and before not in ("", "\\not") and not inside:
            found.append((at - 1, 2) if before == ":" and latex[at - 1] == ":" else (at, len(token)))
        before = before if token.isspace() else token
    return found


__all__ = ["breakable"]
