"""What a figure shows, as data: the landscape of a loss with its words, or the author's own file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from docgen.errors import Place, SpecError

Pair = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Landscape:
    """A function of two variables in a window: ``rows[j][i]`` is its value at ``(xs[i], ys[j])``, ``levels`` are the
    values at which level curves go. ``path`` are the iterates of gradient descent with the step length ``rate``."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    rows: tuple[tuple[float, ...], ...]
    levels: tuple[float, ...]
    minimum: Pair
    path: tuple[Pair, ...]
    rate: float


@dataclass(frozen=True, slots=True)
class Contour:
    """A landscape with its words: ``axes``, ``start`` and ``end`` (beside the first iterate and the minimum) are LaTeX,
    ``levels``, ``steps`` and ``minimum`` the words of the legend, ``decimal`` the decimal mark."""

    landscape: Landscape
    axes: tuple[str, str]
    start: str
    end: str
    levels: str
    steps: str
    minimum: str
    decimal: str


@dataclass(frozen=True, slots=True)
class Included:
    """The author's own picture: its contents by suffix (``.pdf``, ``.svg``, ``.png``, ``.jpg``), what was typed, and
    the width wanted in centimetres."""

    files: tuple[tuple[str, bytes], ...]
    name: str
    width: float | None = None
    place: Place | None = None

    def choose(self, suffixes: Sequence[str], what: str) -> str:
        """The first of the suffixes that is there; SpecError where none is."""
        there = dict(self.files)
        found = next((suffix for suffix in suffixes if suffix in there), None)
        if found is None:
            stem = self.name.rpartition(".")[0]
            raise SpecError(
                f"{what} cannot show {self.name}",
                hint=f"Put {stem}{suffixes[0]} beside it, or build other formats only.",
                place=self.place,
            )
        return found


Picture = Contour | Included
