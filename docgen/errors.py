"""Every error a user can cause, in one module, so that no import goes in a circle.

A message says what is wrong, where it is (file, line, the formula with a caret under the place) and the way out.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from unicodedata import combining, east_asian_width


@dataclass(frozen=True, slots=True)
class Place:
    """Where an error is: a file and a line of it, and a span of a formula.

    ``line`` counts from 1. ``start`` and ``end`` count characters of ``formula`` from 0; the caret goes under them.
    """

    file: str | None = None
    line: int | None = None
    formula: str | None = None
    start: int = 0
    end: int = 0

    def picture(self) -> str:
        """The place as text: ``file:line`` and the formula with a caret under the span."""
        rows = []
        if self.file is not None:
            rows.append(self.file if self.line is None else f"{self.file}:{self.line}")
        if self.formula is not None:
            before, shown, after = _window(self.formula, self.start)
            lead = "…" if before else ""
            first = self.start - before
            under = shown[first : max(first + 1, min(self.end - before, len(shown)))]
            rows.append(f"    {lead}{shown}{'…' if after else ''}")
            rows.append("    " + " " * (len(lead) + columns(shown[:first])) + "^" * max(1, columns(under)))
        return "\n".join(rows)


#: How many characters of a formula a message shows.
_WIDEST = 100


def columns(text: str) -> int:
    """How many columns of a terminal the text takes: two for a Chinese character, none for a combining mark."""
    return sum(0 if combining(c) else 2 if east_asian_width(c) in "WF" else 1 for c in text)


def _window(formula: str, start: int) -> tuple[int, str, bool]:
    """The part of a long formula around ``start``: its offset, its text, and whether more follows."""
    flat = "".join(" " if c.isspace() or ord(c) < 32 else c for c in formula)
    if len(flat) <= _WIDEST:
        return 0, flat, False
    offset = max(0, min(start - _WIDEST // 2, len(flat) - _WIDEST))
    return offset, flat[offset : offset + _WIDEST], offset + _WIDEST < len(flat)


class DocgenError(Exception):
    """Base of all errors that a user can cause; ``str()`` gives place, fault and way out.

    ``exit_code`` is what the command line ends with.
    """

    exit_code = 1

    def __init__(self, message: str, *, hint: str = "", place: Place | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.place = place

    def at(self, place: Place) -> DocgenError:
        """The same error with a place, or with the missing parts of its place filled in."""
        mine = self.place
        if mine is None:
            self.place = place
        else:
            self.place = replace(
                mine,
                file=mine.file if mine.file is not None else place.file,
                line=mine.line if mine.line is not None else place.line,
                formula=mine.formula if mine.formula is not None else place.formula,
            )
        return self

    def __str__(self) -> str:
        place = self.place.picture() if self.place else ""
        head, _, rest = place.partition("\n") if self.place and self.place.file else ("", "", place)
        first = f"{head}: {self.message}" if head else self.message
        return "\n".join(part for part in (first, rest, self.hint) if part)


class FormulaError(DocgenError):
    """A formula cannot be read."""


class ShapeError(FormulaError):
    """Sizes in a formula do not fit."""


class UnsupportedError(DocgenError):
    """A construct is well-formed but docgen cannot differentiate or prove it; the message names the construct."""


class SpecError(DocgenError):
    """A spec file is at fault: YAML, a key, a type, a limit."""


class LanguageError(DocgenError):
    """A language misses a sentence or a setting."""


class OutputError(DocgenError):
    """The output folder cannot be written."""


class ProofError(DocgenError):
    """A line that docgen derived is false: a defect of docgen, never of the user."""

    exit_code = 3


class ToolError(DocgenError):
    """An outside program or a font is missing or failed."""

    exit_code = 4
