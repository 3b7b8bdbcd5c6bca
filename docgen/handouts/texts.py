"""Authors' texts: Markdown -> blocks. Paragraphs, lists, emphasis, links, formulas, and ``{id}`` for a reference.

markdown-it reads the blocks; what stands inside them goes through :mod:`docgen.handouts.inline`, like every sentence of
docgen's own. Everything else that Markdown knows (HTML, images, tables, code) is plain text here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING

from docgen.algebra.notation import PLAIN
from docgen.errors import Place, SpecError
from docgen.handouts.document import Block, Display, Inline, Inlines, Listing, Paragraph, Reference, Row, Text
from docgen.handouts.inline import Piece, inlines, without_tokens
from docgen.handouts.language import Language
from docgen.handouts.macros import Macros
from docgen.handouts.mathtext import checked_math
from docgen.handouts.prose import marked
from docgen.handouts.spelling import Spelling

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_block import StateBlock
    from markdown_it.token import Token

_ADDRESS = re.compile(r"(https?://|mailto:)[^\s<>\"\\{}|^`]+", re.IGNORECASE)
_PUNCTUATION = re.compile(r"([.,;，。；])\s*$")

Refer = Callable[[str], Inline]
#: What ``{declare}`` and ``{function}`` stand for in a statement.
Slots = Mapping[str, Callable[[], Sequence[Piece]]]


class Texts:
    """Reads the texts of one page. ``refer`` gives what is printed for ``{id}``, ``spelling`` writes the formulas in
    the notation of the page, ``macros`` are the author's."""

    def __init__(
        self, language: Language, refer: Refer, spelling: Spelling | None = None, macros: Macros | None = None
    ) -> None:
        self.language, self.refer = language, refer
        self.macros = macros or Macros({})
        self.spelling = spelling or Spelling(PLAIN)

    def inline(self, text: str, place: Place | None = None) -> Inlines:
        """A text of one line: a title, a caption, a heading."""
        self.spelling.text(text)
        return self._inline(text, place, {})

    def _inline(self, text: str, place: Place | None, slots: Slots) -> Inlines:
        """A text of one line; slots stay references for :meth:`_paragraph` to fill."""
        return self.language.typeset(
            inlines(
                without_tokens(text),
                reference=lambda target: Reference(target, "") if target in slots else self.refer(target),
                formula=lambda latex: self.spelling.formula(checked_math(self.macros.expand(latex), place)),
                link=lambda url: _address(url, place),
            )
        )

    def blocks(self, text: str, place: Place | None = None, slots: Slots | None = None) -> tuple[Block, ...]:
        """A text of paragraphs, lists and displays; a display among the slots interrupts the paragraph."""
        tokens = _markdown().parse(without_tokens(text))
        self.spelling.text(text)
        return self._read(tokens, 0, place, slots or {})[0]

    def _paragraph(self, content: str, place: Place | None, slots: Slots) -> list[Block]:
        """One paragraph of the text; more blocks where a slot is a display."""
        found: list[Block] = []
        line: list[Inline] = []
        for piece in self._inline(content, place, slots):
            filled: Sequence[Piece] = (piece,)
            if isinstance(piece, Reference) and piece.target in slots:
                filled = slots[piece.target]()
            for one in filled:
                last = found[-1] if found and not line else None
                if isinstance(one, Display):
                    found += [Paragraph(self.language.typeset(line)), one]
                    line = []
                elif isinstance(one, Text) and isinstance(last, Display):
                    found[-1], rest = marked(last, one, self.language)
                    line.append(rest)
                else:
                    line.append(one)
        words = self.language.typeset(line)
        return [*found, Paragraph(words)] if words else found

    def _read(
        self, tokens: Sequence[Token], at: int, place: Place | None, slots: Slots
    ) -> tuple[tuple[Block, ...], int]:
        """The blocks from ``at`` to the end of what is open there, and the place after it."""
        found: list[Block] = []
        while at < len(tokens):
            token = tokens[at]
            if token.type in ("bullet_list_open", "ordered_list_open"):
                items: list[tuple[Block, ...]] = []
                ordered = token.type == "ordered_list_open"
                at += 1
                while tokens[at].type == "list_item_open":
                    item, at = self._read(tokens, at + 1, place, slots)
                    items.append(item)
                found.append(Listing(tuple(items), ordered))
                at += 1
            elif token.type == "inline":
                found.extend(self._paragraph(token.content, place, slots))
                at += 1
            elif token.type == "display":
                found.append(self._display(token.content, place))
                at += 1
            elif token.type == "list_item_close":
                return tuple(found), at + 1
            else:
                at += 1
        return tuple(found), at

    def _display(self, content: str, place: Place | None) -> Display:
        """A formula between double dollar signs; the mark after it goes into the display."""
        latex = " ".join(content.split())
        found = _PUNCTUATION.search(latex)
        mark = found.group(1) if found else ""
        if found:
            latex = latex[: found.start()].rstrip()
        mark = {"，": ",", "。": ".", "；": ";"}.get(mark, mark)
        written = self.spelling.formula(checked_math(self.macros.expand(latex), place))
        return Display((Row("", "", (written,), (), mark),))


def _address(url: str, place: Place | None) -> str:
    if not _ADDRESS.fullmatch(url):
        raise SpecError(
            f"the link leads to {url!r}", hint="A link starts with https://, http:// or mailto:", place=place
        )
    return url


@cache
def _markdown() -> MarkdownIt:
    """markdown-it with paragraphs, lists and displays, and nothing else."""
    from markdown_it import MarkdownIt

    parser = MarkdownIt("zero", {"maxNesting": 20}).enable(["list"])
    parser.core.ruler.enableOnly(["normalize", "block"])
    parser.block.ruler.before("list", "display", _display_rule, {"alt": ["paragraph", "list"]})
    return parser


def _display_rule(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A block from ``$$`` to ``$$``, on one line or several, with at most a mark after it."""
    first = state.src[state.bMarks[start] + state.tShift[start] : state.eMarks[start]]
    if not first.startswith("$$"):
        return False
    lines = [first[2:]]
    at = start
    while "$$" not in lines[-1]:
        at += 1
        if at >= end:
            return False
        lines.append(state.src[state.bMarks[at] + state.tShift[at] : state.eMarks[at]])
    body, _, after = "\n".join(lines).partition("$$")
    if after.strip() and not _PUNCTUATION.fullmatch(after.strip()):
        return False
    if silent:
        return True
    token = state.push("display", "math", 0)
    token.content = body + after.strip()
    token.map = [start, at + 1]
    state.line = at + 1
    return True
