"""The files of figures: which format takes which, and their bytes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from docgen.handouts.document import Document, Figure
from docgen.handouts.pictures import Included

#: The kinds of pictures that a format can show, the best first. Markdown links to a PDF file.
KINDS: Final = {"md": (".svg", ".png", ".jpg", ".pdf"), "tex": (".pdf", ".png", ".jpg")}
_PAGES: Final = {"md": "a Markdown page", "tex": "a LaTeX page"}
TYPES: Final = {".svg": "image/svg+xml", ".png": "image/png", ".jpg": "image/jpeg", ".pdf": "application/pdf"}


def suffix(figure: Figure, format: str) -> str:
    """The suffix of a figure's file for a format, ``md`` or ``tex``; SpecError where the author's cannot be shown."""
    if isinstance(figure.picture, Included):
        return figure.picture.choose(KINDS[format], _PAGES[format])
    return KINDS[format][0]


def data(figure: Figure, format: str, language: str, override: Path | None = None) -> bytes:
    """The contents of that file. ToolError where a figure is to be drawn and the font or Matplotlib is missing."""
    kind = suffix(figure, format)
    if isinstance(figure.picture, Included):
        return dict(figure.picture.files)[kind]
    from docgen.rendering.drawing import draw
    from docgen.rendering.setting import setting

    return draw(figure.picture, kind, setting(language, override).figure_fonts)


def files(document: Document, format: str, override: Path | None = None) -> Iterator[tuple[str, bytes]]:
    """Name and contents of the files of all figures of a document, for a format."""
    for block in document.blocks:
        if isinstance(block, Figure):
            yield block.stem + suffix(block, format), data(block, format, document.language, override)
