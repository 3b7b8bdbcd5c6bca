"""What a document is: blocks and inline pieces, without a format and with the words of one language already in it.

``Math`` holds LaTeX mathematics that docgen printed; ``Text`` holds words, to be escaped by each format.
"""

from __future__ import annotations

from dataclasses import dataclass

from docgen.handouts.pictures import Picture


@dataclass(frozen=True, slots=True)
class Text:
    """Words, not escaped for any format."""

    text: str


@dataclass(frozen=True, slots=True)
class Math:
    """An inline formula in LaTeX, without dollar signs."""

    latex: str


@dataclass(frozen=True, slots=True)
class Strong:
    """Bold words."""

    inlines: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Emphasis:
    """Emphasised words."""

    inlines: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """Words that lead to a web address."""

    inlines: tuple[Inline, ...]
    url: str


@dataclass(frozen=True, slots=True)
class Reference:
    """The number of a problem, table or rule, linked: ``target`` is its id, ``text`` what is printed."""

    target: str
    text: str


Inline = Text | Math | Strong | Emphasis | Link | Reference
Inlines = tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One row of an aligned display: ``left relation right``, each LaTeX, and a short reason beside it.

    ``right`` is cut where it may be broken: before each top-level ``+`` or ``-`` of a sum, so a long row can go on in
    the next line. ``punctuation`` ends the row inside the display (``,`` ``.`` ``。`` or nothing).
    """

    left: str
    relation: str
    right: tuple[str, ...]
    reason: Inlines = ()
    punctuation: str = ""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Sentences set as one paragraph. ``run_in`` is a bold head at its start ("Solution.")."""

    inlines: Inlines
    run_in: str = ""


@dataclass(frozen=True, slots=True)
class Display:
    """A display: one or more rows aligned at the relation sign. It belongs to the sentence around it."""

    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """The heading of a section; ``level`` 1 is a section, 2 a subsection."""

    text: Inlines
    level: int = 1
    number: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """A list, bulleted or numbered; each item is a sequence of blocks. ``ids`` makes its items the targets of
    references, numbered in square brackets as these print them."""

    items: tuple[tuple[Block, ...], ...]
    ordered: bool = False
    ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a caption; every cell is inline. ``align`` is one letter a column: l, c, r."""

    head: tuple[Inlines, ...]
    rows: tuple[tuple[Inlines, ...], ...]
    align: str
    caption: Inlines = ()
    id: str = ""
    number: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure with its caption. ``stem`` is the name of its file without the suffix, beside the files of the page."""

    id: str
    number: str
    stem: str
    picture: Picture
    caption: Inlines = ()


@dataclass(frozen=True, slots=True)
class Problem:
    """A problem's statement: ``head`` is the word and number in the page's language ("Problem 3.1."), ``title`` may be
    empty, ``note`` stands after it in brackets (points)."""

    id: str
    head: str
    title: Inlines
    statement: tuple[Block, ...]
    note: Inlines = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """The one boxed answer of a solution; ``head`` is the word for it, ``latex`` the formula (``left = right``)."""

    head: str
    latex: str
    punctuation: str = ""


@dataclass(frozen=True, slots=True)
class Solution:
    """A worked solution: ``head`` is the word for it; the end mark goes at its end."""

    head: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Space:
    """Room to work in: ``kind`` is ``lines`` (an amount in centimetres), ``box`` (framed) or ``page`` (rest of it)."""

    kind: str
    centimetres: float = 0.0


@dataclass(frozen=True, slots=True)
class Fields:
    """Blanks to fill in by hand at the head of a worksheet: Name ____ Group ____."""

    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PageBreak:
    """A new page."""


Block = (
    Paragraph | Display | Heading | Listing | Table | Figure | Problem | Answer | Solution | Space | Fields | PageBreak
)


@dataclass(frozen=True, slots=True)
class Document:
    """One handout in one language and edition, ready to be set.

    ``name`` is the stem of its files; ``language`` a code (ru, en, zh); ``edition`` worksheet, handout or key;
    ``overline`` the course line above the title, ``subtitle`` the line below ("5 March 2026"); ``head`` what stands in
    the running head at the right; ``author`` goes to the metadata; ``banner`` marks a key ("For instructors only").
    ``repeat_sign`` tells whether a sign comes again where a line is broken (None: the custom of the language).
    """

    name: str
    language: str
    edition: str
    title: str
    blocks: tuple[Block, ...]
    overline: str = ""
    subtitle: str = ""
    head: str = ""
    author: str = ""
    banner: str = ""
    paper: str = "a4"
    repeat_sign: bool | None = None
