r"""A document as one LaTeX file that a colleague would gladly edit and that compiles anywhere with XeLaTeX.

PyLaTeX owns the class, the packages, the preamble, the environments and the file; the definitions of the preamble are a
skeleton (``templates/formats/tex/preamble.tex``), and what depends on the language is data (``latex.toml``). Only
packages and commands that the document uses are written. All numbers are known, so one pass of TeX is enough.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from docgen.handouts.document import (
    Answer,
    Block,
    Display,
    Document,
    Fields,
    Figure,
    Heading,
    Inlines,
    Listing,
    PageBreak,
    Paragraph,
    Problem,
    Solution,
    Space,
    Strong,
    Table,
)
from docgen.handouts.pictures import Included
from docgen.rendering import displays, figures
from docgen.rendering.layout import inlines_width
from docgen.rendering.setting import Setting, setting, setting_of
from docgen.rendering.skeletons import Skeletons
from docgen.rendering.tables import table
from docgen.rendering.tex_text import escape, inlines, plain

#: The width of a line in em of the 12 pt letters, with margins of 25 mm, by paper.
LINE: Final = {"a4": 37.9, "letter": 39.3}
#: What every page needs, in this order; the packages of the language follow, then those that must come last.
FIRST: Final = (
    ("geometry", "margin=25mm", "headheight=15pt"),
    ("mathtools",),
    ("amsthm",),
    ("amssymb",),
    ("fontspec", "no-math"),
)
LAST: Final = (
    ("fancyhdr",),
    ("xcolor",),
    ("microtype",),
    ("hyperref", "unicode", "pdfpagelabels=false", "colorlinks", "allcolors=blue!50!black"),
    ("bookmark",),
)
_MACROS: Final = (
    "answer", "sized", "keepwithnext", "why", "whypart", "headnumber", "blank", "room", "figurefile", "references",
)  # fmt: skip


def render(document: Document, override: Path | None = None) -> str:
    """The LaTeX file of a document; the same document always gives the same bytes."""
    from docgen.rendering.tex_file import tex_file

    chosen = setting_of(document, override)
    writer = Writer(chosen, LINE.get(document.paper, LINE["a4"]))
    body = writer.blocks(document.blocks)
    skeletons = Skeletons("tex", override)
    title = skeletons.fill(
        "title.tex",
        title=escape(document.title),
        overline=escape(document.overline),
        subtitle=escape(document.subtitle),
        banner=escape(document.banner),
    )
    uses = {name: f"\\{name}" in body for name in _MACROS}
    uses["problem"] = "\\begin{problem}" in body
    uses["list"] = "\\item" in body
    uses["solution"], uses["remark"] = "\\begin{solution}" in body, "\\begin{remark}" in body
    uses["space"], uses["fields"] = uses.pop("room"), uses.pop("blank")
    definitions = skeletons.fill(
        "preamble.tex",
        setting=chosen,
        title=escape(document.title),
        author=escape(document.author),
        overline=escape(document.overline),
        head=escape(document.head),
        banner=escape(document.banner),
        operators=[(name, name) for name in sorted(writer.operators)],
        uses=uses,
    )
    packages: list[tuple[str, ...]] = [*FIRST]
    packages += [("bm",)] if re.search(r"\\bm\b", body) else []
    packages += [("graphicx",)] if "\\figurefile" in body else []
    packages += [("booktabs",)] if "\\toprule" in body else []
    packages += [("array",)] if "\\arraybackslash" in body else []
    packages += [("enumitem",)] if "\\item" in body else []
    packages += [("longtable",)] if "\\begin{longtable}" in body else []
    paper = "letterpaper" if document.paper == "letter" else "a4paper"
    return tex_file(("12pt", paper), [*packages, *chosen.packages, *LAST], definitions, f"{title}\n\n{body}")


def fragment(blocks: Sequence[Block], language: str, override: Path | None = None) -> str:
    """The blocks alone, as they stand between ``\\begin{document}`` and ``\\end{document}``."""
    return Writer(setting(language, override), LINE["a4"]).blocks(blocks)


class Writer:
    """Writes blocks as source and notes the operator names they use."""

    def __init__(self, chosen: Setting, line: float) -> None:
        self.setting = chosen
        self.line = line
        self.operators: set[str] = set()
        self.head = ""  # of the last answer

    def words(self, pieces: Inlines) -> str:
        return inlines(pieces, self.operators)

    def blocks(self, blocks: Sequence[Block], *, ends: bool = False) -> str:
        """Blocks one after the other; ``ends`` tells that they end a solution, whose mark needs a place."""
        source = ""
        for index, block in enumerate(blocks):
            before = blocks[index - 1] if index else None
            after = blocks[index + 1] if index + 1 < len(blocks) else None
            text = self.block(block, last=ends and after is None, goes_on=isinstance(after, Display))
            if isinstance(block, Heading) and isinstance(after, Listing) and after.ids:
                text = f"\\references{{{self.titled(block.text)}}}"
            if ends and not index and isinstance(block, Paragraph) and isinstance(after, Paragraph):
                text += "\\nopagebreak"  # the head of a solution stays with its second paragraph
            if isinstance(block, Display) and self.keeps(block, after, ends and index + 2 == len(blocks)):
                text = f"\\keepwithnext\n{text}"
            if isinstance(block, Paragraph) and not block.run_in and source:
                if block.inlines and isinstance(block.inlines[0], Strong):  # it begins with a head
                    text = f"\\smallskip\\noindent {text}"
                elif isinstance(before, Answer):  # what is said of the answer belongs to it
                    text = f"\\noindent {text}"
            goes_on = isinstance(block, Display) and isinstance(before, Paragraph)
            goes_on |= isinstance(before, Display) and isinstance(block, Paragraph) and not block.run_in
            source += ("\n" if goes_on else "\n\n") * bool(source) + text
        return source

    def keeps(self, block: Display, after: Block | None, near_end: bool) -> bool:
        """Whether a display stays with what follows: its answer, or a last line."""
        if isinstance(after, Paragraph):
            return near_end and inlines_width(after.inlines) < 1.5 * self.line
        return isinstance(after, Answer)

    def block(self, block: Block, *, last: bool = False, goes_on: bool = False) -> str:
        """One block as source; ``goes_on`` tells that a display follows in its last sentence."""
        match block:
            case Paragraph(pieces, run_in):
                if run_in and goes_on:
                    return f"\\medskip\\noindent\\textbf{{{escape(run_in)}}}\\enspace {self.words(pieces)}"
                if run_in and not last:
                    from docgen.rendering.tex_file import Remark

                    return Remark(escape(run_in), self.words(pieces)).dumps()
                return (f"\\textbf{{{escape(run_in)}}}\\enspace " if run_in else "") + self.words(pieces)
            case Display():
                shown = displays.display(block, self.line, self.setting, self.operators)
                return _mark_inside(shown) if last else shown
            case Answer():
                self.head = block.head or self.head
                return displays.answer(block, self.line, self.setting, self.operators, self.head)
            case Problem():
                return self.problem(block)
            case Solution(head, inner):
                from docgen.rendering.tex_file import SolutionText

                return SolutionText(escape(head), self.blocks(inner, ends=True)).dumps()
            case Heading():
                return self.heading(block)
            case Listing():
                return self.listing(block)
            case Table():
                return table(block, self.line, self.setting, self.operators)
            case Figure():
                return self.figure(block)
            case Space(kind, centimetres):
                size = f"{centimetres:g}cm"
                return {"box": f"\\roombox{{{size}}}", "page": "\\roompage"}.get(kind, f"\\room{{{size}}}")
            case Fields(labels):
                blanks = [f"\\blank{'[3.5cm]' if index else ''}{{{escape(x)}}}" for index, x in enumerate(labels)]
                return "\\noindent " + "\\quad ".join(blanks) + "\\par\\medskip"
            case PageBreak():
                return "\\clearpage"

    def problem(self, block: Problem) -> str:
        from docgen.rendering.tex_file import ProblemText

        head = escape(block.head)
        if plain(block.title).strip():
            before, end = self.setting.title
            ended = end == "." and plain(block.title).rstrip()[-1:] in (".", "!", "?", "…")
            head += f"{before}{self.titled(block.title)}{'' if ended else end}"
        statement = self.blocks(block.statement)
        if block.note:
            statement = f"({self.words(block.note)}) {statement}"
        return ProblemText(block.id, head, statement).dumps()

    def titled(self, pieces: Inlines) -> str:
        """Words that also go to the bookmarks: a formula comes with its plain text."""
        source = ""
        for piece in pieces:
            shown = self.words((piece,))
            source += f"\\texorpdfstring{{{shown}}}{{{escape(plain((piece,)))}}}" if "$" in shown else shown
        return source

    def figure(self, block: Figure) -> str:
        width = block.picture.width if isinstance(block.picture, Included) else None
        file = f"{block.stem}{figures.suffix(block, 'tex')}"
        shown = f"\\figurefile{f'[{width:g}cm]' if width else ''}{{{file}}}"
        caption = f"{escape(self.setting.numbered(block.number))}{self.words(block.caption)}"
        head = f"\\begin{{figure}}[!htbp]\n\\centering\\hypertarget{{{block.id}}}{{}}{shown}\\\\*[6pt]"
        return f"{head}\n{{\\small {caption.rstrip()}}}\n\\end{{figure}}"

    def heading(self, block: Heading) -> str:
        command = "section" if block.level <= 1 else "subsection"
        number = f"\\headnumber{{{escape(block.number)}}}" if block.number else ""
        return f"\\{command}{{{number}{self.titled(block.text)}}}"

    def listing(self, block: Listing) -> str:
        name = "enumerate" if block.ordered else "itemize"
        narrower, self.line = self.line, self.line - 3.0
        items = []
        for index, item in enumerate(block.items):
            text = self.blocks(item)
            target = f"\\hypertarget{{{block.ids[index]}}}{{}}" if block.ids else ""
            items.append(f"  \\item {target or '{}' * text.startswith('[')}" + text.replace("\n", "\n  "))
        self.line = narrower
        label = "[label={[\\arabic*]}]" if block.ids else ""
        return f"\\begin{{{name}}}{label}\n" + "\n".join(items) + f"\n\\end{{{name}}}"


def _mark_inside(shown: str) -> str:
    """The end mark on the last line of a display, where the display ends the solution."""
    at = shown.rindex("\n")
    return shown[:at] + " \\qedhere" + shown[at:]


__all__ = ["LINE", "Writer", "fragment", "render"]
