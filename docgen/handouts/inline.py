"""Inline markup -> inline pieces: the one parser for the catalogue's sentences and for the authors' texts.

The markup is a subset of Markdown: ``**strong**``, ``*emphasis*``, ``[words](address)``, ``$formula$``, a backslash
before a mark that is meant literally, and ``{id}`` for a reference where the caller resolves references. Unlike
CommonMark, emphasis may end between a full-width mark and a Chinese character (``**注意：**这里``).

Values are never part of the markup: each stands in it as one private character, so no data can become markup.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from typing import TypedDict, Unpack

from docgen.handouts.document import Display, Emphasis, Inline, Inlines, Link, Math, Strong, Text

#: What a value may be when it is put into a sentence.
Slot = Math | str | int | Inlines | Display
#: What a sentence becomes: inline pieces, and displays that interrupt the paragraph.
Piece = Inline | Display

_FIRST, _LAST = 0xE000, 0xF8FF
_MATH = re.compile(r"\$(?!\s)((?:[^$\\]|\\.)+?)(?<!\s)\$(?!\d)", re.DOTALL)
_WORDS = re.compile(rf"[^\\$*\[{{~{chr(_FIRST)}-{chr(_LAST)}]+")
_LINK = re.compile(r"\[([^\[\]]*)\]\(([^()\s]*)\)")
_REFERENCE = re.compile(r"\{([^\s{}$\\]+)\}")
_ESCAPED = set("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")
_BREAK = re.compile(r"[ \t]*\n[ \t]*")


def token(index: int) -> str:
    """The private character that stands for the value number ``index`` in a sentence."""
    if not 0 <= index <= _LAST - _FIRST:
        raise ValueError(f"a sentence holds at most {_LAST - _FIRST + 1} values")
    return chr(_FIRST + index)


def without_tokens(text: str) -> str:
    """An author's text with the private characters taken out, so that it cannot name a value."""
    return re.sub(f"[{chr(_FIRST)}-{chr(_LAST)}]", "", text)


def _is_wide(character: str) -> bool:
    return unicodedata.east_asian_width(character) in "WF"


def _join_lines(source: str) -> str:
    """Line ends become spaces, and nothing between two Chinese characters."""

    def joined(found: re.Match[str]) -> str:
        before, after = source[: found.start()][-1:], source[found.end() :][:1]
        return "" if before and after and _is_wide(before) and _is_wide(after) else " "

    return _BREAK.sub(joined, source.strip("\n"))


def _words_in_math(words: str) -> str:
    """Words inside a formula, every special character made harmless."""
    special = {"\\": r"\textbackslash{}", "^": r"\textasciicircum{}", "~": r"\textasciitilde{}"}
    return r"\text{" + "".join(special.get(c, "\\" + c if c in "#$%&_{}" else c) for c in words) + "}"


class Options(TypedDict, total=False):
    """How markup is read: ``tilde`` makes ``~`` a no-break space (the catalogue); ``reference`` resolves ``{id}``;
    ``formula`` and ``link`` check formulas and addresses (authors' texts) and may raise."""

    tilde: bool
    reference: Callable[[str], Inline]
    formula: Callable[[str], str]
    link: Callable[[str], str]


class _Reader:
    """One pass over the markup with a stack of open emphases; marks that stay open are printed as they are."""

    def __init__(
        self,
        source: str,
        slots: Sequence[Slot],
        *,
        tilde: bool = False,
        reference: Callable[[str], Inline] | None = None,
        formula: Callable[[str], str] = str,
        link: Callable[[str], str] = str,
    ) -> None:
        self.source, self.slots, self.tilde = source, slots, tilde
        self.reference, self.formula, self.link = reference, formula, link
        self.frames: list[tuple[str, list[Piece]]] = [("", [])]

    def put(self, piece: Piece) -> None:
        """Append a piece, joining neighbouring words."""
        pieces = self.frames[-1][1]
        last = pieces[-1] if pieces else None
        if isinstance(piece, Text) and isinstance(last, Text):
            pieces[-1] = Text(last.text + piece.text)
        elif not (isinstance(piece, Text) and not piece.text):
            pieces.append(piece)

    def value(self, character: str) -> None:
        """The value that a private character stands for."""
        index = ord(character) - _FIRST
        if index >= len(self.slots):
            return
        slot = self.slots[index]
        if isinstance(slot, (str, int)):
            self.put(Text(str(slot)))
        elif isinstance(slot, tuple):
            for piece in slot:
                self.put(piece)
        else:
            self.put(slot)

    def in_math(self, latex: str) -> str:
        """A formula of the markup with the values in it written out."""

        def written(found: re.Match[str]) -> str:
            index = ord(found.group()) - _FIRST
            slot: Slot = self.slots[index] if index < len(self.slots) else ""
            if isinstance(slot, Math):
                return slot.latex
            return _words_in_math(str(slot)) if isinstance(slot, (str, int)) else ""

        return re.sub(f"[{chr(_FIRST)}-{chr(_LAST)}]", written, self.formula(latex))

    def emphasis(self, at: int) -> int:
        """A run of one or two stars at ``at``; gives the place after it."""
        source = self.source
        mark = "**" if source.startswith("**", at) else "*"
        end = at + len(mark)
        before, after = source[at - 1 : at], source[end : end + 1]
        kinds = [kind for kind, _ in self.frames]
        if mark in kinds and before and not before.isspace():
            while self.frames[-1][0] != mark:
                self.flatten()
            _, pieces = self.frames.pop()
            inside = tuple(p for p in pieces if not isinstance(p, Display))
            self.put(Strong(inside) if mark == "**" else Emphasis(inside))
        elif after and not after.isspace() and mark not in kinds:
            self.frames.append((mark, []))
        else:
            self.put(Text(mark))
        return end

    def flatten(self) -> None:
        """Give up an emphasis that was not closed: its mark is printed."""
        mark, pieces = self.frames.pop()
        self.put(Text(mark))
        for piece in pieces:
            self.put(piece)

    def read(self) -> tuple[Piece, ...]:
        source, at, size = self.source, 0, len(self.source)
        while at < size:
            c = source[at]
            if found := _WORDS.match(source, at):
                self.put(Text(found.group()))
                at = found.end()
            elif c == "\\" and source[at + 1 : at + 2] in _ESCAPED and at + 1 < size:
                self.put(Text(source[at + 1]))
                at += 2
            elif c == "$" and (found := _MATH.match(source, at)):
                self.put(Math(self.in_math(found.group(1))))
                at = found.end()
            elif c == "*":
                at = self.emphasis(at)
            elif c == "[" and (found := _LINK.match(source, at)):
                words = inlines(found.group(1), self.slots, tilde=self.tilde, formula=self.formula)
                self.put(Link(words, self.link(found.group(2))))
                at = found.end()
            elif c == "{" and self.reference is not None and (found := _REFERENCE.match(source, at)):
                self.put(self.reference(found.group(1)))
                at = found.end()
            elif _FIRST <= ord(c) <= _LAST:
                self.value(c)
                at += 1
            else:
                self.put(Text("\u00a0" if c == "~" and self.tilde else c))
                at += 1
        while len(self.frames) > 1:
            self.flatten()
        return tuple(self.frames[0][1])


def pieces(source: str, slots: Sequence[Slot] = (), **options: Unpack[Options]) -> tuple[Piece, ...]:
    """The markup as pieces, with ``slots`` for its private characters."""
    return _Reader(_join_lines(source), slots, **options).read()


def inlines(source: str, slots: Sequence[Slot] = (), **options: Unpack[Options]) -> Inlines:
    """As :func:`pieces`, for places where no display can stand; displays become inline formulas."""
    read = pieces(source, slots, **options)
    return tuple(p for piece in read for p in (_in_line(piece) if isinstance(piece, Display) else (piece,)))


def _in_line(display: Display) -> Inlines:
    return tuple(Math(f"{r.left} {r.relation} {''.join(r.right)}".strip()) for r in display.rows)


def plain(given: Sequence[Piece]) -> str:
    """Pieces as one string, formulas between dollar signs: the sentences of the JSON."""
    out = []
    for piece in given:
        match piece:
            case Text(text):
                out.append(text)
            case Math(latex):
                out.append(f"${latex}$")
            case Strong(inside) | Emphasis(inside) | Link(inside, _):
                out.append(plain(inside))
            case Display():
                out.append(plain(_in_line(piece)))
            case _:
                out.append(piece.text)
    return "".join(out)
