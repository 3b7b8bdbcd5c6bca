r"""The parts of a printed formula: text that knows how tightly it holds together and how tall its brackets are.

All brackets have fixed sizes (``\bigl``, never ``\left``), so that a line may be broken inside a bracket.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from fractions import Fraction


class Level(IntEnum):
    """How tightly a piece holds together, from the loosest; a piece below the level asked for is bracketed."""

    SUM = 0  # a + b
    NEGATIVE = 1  # -a
    HADAMARD = 2  # a \odot b, A \otimes B
    PRODUCT = 3  # A b
    FACTOR = 4  # a fraction, a root, dx, \sum: stands in a product, takes no exponent
    SCRIPTED = 5  # x^{T}: takes no second exponent
    ATOM = 6  # x, \sin(x), \|x\|


@dataclass(frozen=True, slots=True)
class Piece:
    """A printed part of a formula.

    ``height`` is the row of :data:`BRACKETS` that goes round it; ``open``: a factor that follows would be read as a
    part of it (``dx``, a sum over samples); ``thin``: a thin space goes before it in a product (``A\\,dx``).
    """

    text: str
    level: Level = Level.ATOM
    height: int = 0
    open: bool = False
    thin: bool = False


#: Brackets by height: plain, round plain brackets, round a fraction or big brackets, and so on.
BRACKETS = (
    ("(", ")"),
    (r"\bigl(", r"\bigr)"),
    (r"\Bigl(", r"\Bigr)"),
    (r"\biggl(", r"\biggr)"),
    (r"\Biggl(", r"\Biggr)"),
)
TALL = 2  # the height of a fraction and of a sum over samples


def bracket(piece: Piece) -> Piece:
    """The piece in round brackets of the height that it needs."""
    left, right = BRACKETS[min(piece.height, len(BRACKETS) - 1)]
    return Piece(f"{left}{piece.text}{right}", Level.ATOM, piece.height + 1)


def at_least(piece: Piece, level: Level, last: bool = True) -> Piece:
    """The piece, bracketed where it is looser than ``level`` or would swallow what follows."""
    return bracket(piece) if piece.level < level or (piece.open and not last) else piece


def call(name: str, argument: Piece) -> Piece:
    """A function with its argument, always in brackets."""
    inside = bracket(argument)
    return Piece(name + inside.text, Level.ATOM, inside.height)


def script(base: Piece, exponent: str) -> Piece:
    """The piece with an exponent; brackets where it has one already or is compound."""
    held = at_least(base, Level.ATOM)
    return Piece(f"{held.text}^{{{exponent}}}", Level.SCRIPTED, held.height)


def fraction(above: Piece, below: Piece) -> Piece:
    """``above`` over ``below``, neither in brackets."""
    height = TALL + max(0, max(above.height, below.height) - 1)
    return Piece(rf"\frac{{{above.text}}}{{{below.text}}}", Level.FACTOR, height)


def magnitude(value: Fraction) -> Piece:
    """A number that is not negative."""
    if value.denominator == 1:
        return Piece(str(value.numerator))
    return Piece(rf"\frac{{{value.numerator}}}{{{value.denominator}}}", Level.FACTOR, TALL)


def signed(piece: Piece, negative: bool) -> Piece:
    """The piece, with a minus before it if ``negative``; the piece does not need a bracket after a minus."""
    return replace(piece, text="-" + piece.text, level=Level.NEGATIVE, thin=False) if negative else piece


def join(pieces: Sequence[Piece]) -> Piece:
    """Factors side by side: a space, a thin space before a differential, a dot before a digit."""
    if len(pieces) == 1:
        return pieces[0]
    held = [at_least(p, Level.FACTOR, k == len(pieces) - 1) for k, p in enumerate(pieces)]
    parts = [held[0].text]
    for piece in held[1:]:
        parts += [r"\," if piece.thin else r" \cdot " if piece.text[0].isdigit() else " ", piece.text]
    return Piece("".join(parts), Level.PRODUCT, max(p.height for p in held), held[-1].open)


_TOKEN = re.compile(r"\\[A-Za-z]+|\\.|[(){}]| [+-] ")
_DEEP = 100  # more than any bracket: a sign in braces, in a norm or in an inner product is no place to break


def breaks(text: str) -> list[tuple[int, int]]:
    """Where a spaced ``+`` or ``-`` stands at which a line may be broken, with its depth in round brackets."""
    found, depth, bar = [], 0, False
    for token in _TOKEN.finditer(text):
        mark = token.group()
        if mark == "(":
            depth += 1
        elif mark == ")":
            depth -= 1
        elif mark in ("{", r"\langle", r"\lVert", r"\lvert"):
            depth += _DEEP
        elif mark in ("}", r"\rangle", r"\rVert", r"\rvert"):
            depth -= _DEEP
        elif mark == r"\|":
            depth, bar = depth + (-_DEEP if bar else _DEEP), not bar
        elif mark in (" + ", " - ") and depth < _DEEP:
            found.append((token.start(), depth))
    return found
