"""Sentences and displays on their way to become blocks."""

from __future__ import annotations

from collections.abc import Sequence

from docgen.handouts.document import Block, Display, Inline, Paragraph, Text
from docgen.handouts.inline import Piece
from docgen.handouts.language import Language


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
            else:
                self.sentences.append(piece)

    def put(self, block: Block) -> None:
        """Add a block after the paragraph so far."""
        self.end_paragraph()
        self.blocks.append(block)

    def end_paragraph(self) -> None:
        """Close the paragraph."""
        if self.sentences or self.run_in:
            self.blocks.append(Paragraph(self.language.typeset(self.sentences), self.run_in))
        self.sentences, self.run_in = [], ""
