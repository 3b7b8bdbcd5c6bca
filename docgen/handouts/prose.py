"""Sentences and displays on their way to become blocks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from docgen.handouts.document import Block, Display, Inline, Inlines, Paragraph, Strong, Text
from docgen.handouts.inline import Piece
from docgen.handouts.language import Language

_MARK = re.compile(r"\s*([,.，。])\s*")


def marked(display: Display, words: Text, language: Language) -> tuple[Display, Text]:
    """A display and the words after it; a mark at the beginning of the words stands in the display, as the language
    has it there."""
    found = _MARK.match(words.text)
    if found is None:
        return display, words
    mark = language.word("display.comma" if found.group(1) in ",，" else "display.stop")
    last = replace(display.rows[-1], punctuation=mark)
    return Display((*display.rows[:-1], last)), Text(words.text[found.end() :])


def headed(head: Inlines, blocks: Sequence[Block], language: Language) -> list[Block]:
    """Blocks with a bold head at the start of the first paragraph; as they are where there is no head or paragraph."""
    first, *rest = blocks
    if not head or not isinstance(first, Paragraph):
        return list(blocks)
    between = Text(language.word("typography.between") or "\u3000")
    return [Paragraph((Strong(head), between, *first.inlines)), *rest]


class Prose:
    """Blocks being written: sentences gather in a paragraph until a display interrupts it."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self.blocks: list[Block] = []
        self.sentences: list[Inline] = []
        self.run_in = ""

    def say(self, pieces: Sequence[Piece]) -> None:
        """Add a sentence; a display in it ends the paragraph."""
        if not pieces:
            return
        if self.sentences and not isinstance(pieces[0], Display):
            self.sentences.append(Text(self.language.word("typography.between")))
        for piece in pieces:
            if isinstance(piece, Display):
                self.put(piece)
            elif isinstance(piece, Text) and not self.sentences and self.blocks:
                self.sentences.append(self.after_display(piece))
            else:
                self.sentences.append(piece)

    def after_display(self, words: Text) -> Text:
        """The words after a display, without a mark at their beginning: it goes into the display."""
        display = self.blocks[-1]
        if not isinstance(display, Display):
            return words
        self.blocks[-1], rest = marked(display, words, self.language)
        return rest

    def put(self, block: Block) -> None:
        """Add a block after the paragraph so far."""
        self.end_paragraph()
        self.blocks.append(block)

    def end_paragraph(self) -> None:
        """Close the paragraph."""
        words = self.language.typeset(self.sentences)
        if words or self.run_in:
            self.blocks.append(Paragraph(words, self.run_in))
        self.sentences, self.run_in = [], ""
