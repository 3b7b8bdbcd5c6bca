"""What a handout is made of before it has a language: problems with their solutions and numbers, and the contents.

This is the input of :func:`docgen.handouts.compose.compose`; :mod:`docgen.handouts.prepare` makes it from a spec file.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from docgen.calculus.derivation import Function, Solution
from docgen.errors import Place
from docgen.handouts.pictures import Included, Landscape

if TYPE_CHECKING:
    from docgen.handouts.cases import Case
    from docgen.handouts.proofs import Claim


class Words(Protocol):
    """A text in one or more languages."""

    def get(self, language: str, /) -> str | None:
        """The text in a language; None where there is none."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One problem. ``number`` is the same in every edition and language ("3.1"); ``space`` the room on a worksheet.

    A problem with ``parts`` has no solution of its own: ``whole`` says whether it has a function that parts share, and
    ``solution`` is that of the first such part, else of the first. Of a part ``number`` is its id, and ``goes_on`` says
    that its function is that of the problem or of an earlier part. ``others`` are the solutions for further variables,
    ``says`` what the file calls its symbols, ``reuse`` the problems whose results the solution cites. ``place`` is that
    of the problem, ``places`` those of its texts, by key.
    """

    id: str
    number: str
    solution: Solution
    title: Words | None = None
    statement: Words | None = None
    hint: Words | None = None
    remark: Words | None = None
    points: float | None = None
    bonus: bool = False
    grading: tuple[tuple[float, Words | None], ...] = ()
    space: str = "auto"
    place: Place | None = None
    places: Mapping[str, Place] = field(default_factory=dict)
    form: str = "find"
    others: tuple[Solution, ...] = ()
    cases: tuple[Case, ...] = ()
    says: Mapping[str, Words] = field(default_factory=dict)
    reuse: tuple[str, ...] = ()
    parts: tuple[Sheet, ...] = ()
    whole: bool = True
    goes_on: bool = False

    def at(self, key: str) -> Place | None:
        """Where the text of a key was typed."""
        return self.places.get(key, self.place)

    @property
    def solutions(self) -> tuple[Solution, ...]:
        """Every solution of the problem and of its parts."""
        if self.parts:
            return tuple(one for part in self.parts for one in part.solutions)
        return (self.solution, *self.others)


@dataclass(frozen=True, slots=True)
class Section:
    """A heading; ``shown`` maps an edition to what it shows of the problems below: ``solutions``,
    ``statements``, ``answers`` or ``nothing``."""

    text: Words
    shown: Mapping[str, str] = field(default_factory=dict)
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Passage:
    """An author's text."""

    text: Words
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class RuleTable:
    """A table of rules, by id; ``caption`` is docgen's own where it is None."""

    id: str
    number: str
    rules: tuple[str, ...]
    used: bool = True
    caption: Words | None = None
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class ProblemList:
    """Problems, in this order."""

    sheets: tuple[Sheet, ...]


@dataclass(frozen=True, slots=True)
class Break:
    """A new page."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """Entries of docgen's own theory, by id (:mod:`docgen.handouts.theory`)."""

    entries: tuple[str, ...]
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Chart:
    """A table: one of docgen's own, by its id, or one of functions and their derivatives
    (:mod:`docgen.handouts.tables`). ``layouts`` are the columns of the derivatives."""

    id: str
    number: str
    rows: tuple[Solution, ...] = ()
    layouts: tuple[str, ...] = ()
    caption: Words | None = None
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Plate:
    """A figure: the landscape of a function (:mod:`docgen.handouts.landscape`), or a file of the author's, read from
    ``sources``."""

    id: str
    number: str
    shows: Landscape | Included
    function: Function | None = None
    caption: Words | None = None
    place: Place | None = None
    sources: Mapping[Path, bytes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Claimed:
    """A formula of the author's, proved; ``text`` are the words before it."""

    claim: Claim
    text: Words | None = None
    place: Place | None = None


Item = Claimed | Section | Passage | RuleTable | ProblemList | Lesson | Chart | Plate | Break


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the references; ``number`` is its place in the list."""

    id: str
    number: int
    text: Words
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Handout:
    """A handout. ``name`` is the stem of its files; ``notation`` what the file chose, by setting; ``symbols`` those of
    the whole file, and whether they are vectors or matrices."""

    name: str
    title: Words
    items: tuple[Item, ...]
    course: Words | None = None
    kind: str | None = None
    number: int | None = None
    date: dt.date | None = None
    author: Words | None = None
    due: dt.date | dt.datetime | None = None
    macros: Mapping[str, str] = field(default_factory=dict)
    macros_place: Place | None = None
    paper: str = "a4"
    notation: Mapping[str, Any] = field(default_factory=dict)
    symbols: Mapping[str, bool] = field(default_factory=dict)
    references: tuple[Entry, ...] = ()

    @property
    def sheets(self) -> Sequence[Sheet]:
        """All problems, in order."""
        return [sheet for item in self.items if isinstance(item, ProblemList) for sheet in item.sheets]
