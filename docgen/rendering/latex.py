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
from docgen.rendering.tex_file import environment, tex_file
from docgen.rendering.tex_text import escape, inlines, plain

#: The width of a line in em of the 12 pt letters, with margins of 25 mm, by paper.
LINE: Final = {"a4": 37.9, "letter": 39.3}
#: The parts of a statement of at most so many lines stay on one page.
TIED: Final = 20
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
#: The packages of single commands and environments.
PACKAGES: Final = {
    "bm": "bm",
    "figurefile": "graphicx",
    "toprule": "booktabs",
    "arraybackslash": "array",
    "item": "enumitem",
    "longtable": "longtable",
}
#: What the skeleton of the preamble defines or sets up if a page uses it: commands and environments.
DEFINED: Final = (
    "problem", "solution", "remark", "answer", "sized", "keepwithnext", "maysplit", "splits", "why", "whypart",
    "headnumber", "blank", "room", "roombox", "roompage", "figurefile", "references", "item",
)  # fmt: skip
#: Blocks that stand by themselves, whatever is before and after them.
Apart = Answer | Problem | Solution | Heading | Listing | Table | Figure | Space | Fields | PageBreak
#: The name of a command, or of the environment that it begins; of no other control sequence.
_COMMAND: Final = re.compile(r"\\(?:begin\{)?([A-Za-z]+)|\\[^A-Za-z]")


def render(document: Document, override: Path | None = None) -> str:
    """The LaTeX file of a document; the same document always gives the same bytes."""
    chosen = setting_of(document, override)
    writer = Writer(chosen, LINE[document.paper])
    body = writer.blocks(document.blocks)
    skeletons = Skeletons("tex", override)
    title = skeletons.fill(
        "title.tex",
        title=escape(document.title),
        overline=escape(document.overline),
        subtitle=escape(document.subtitle),
        banner=escape(document.banner),
    )
    used = set(_COMMAND.findall(body))
    definitions = skeletons.fill(
        "preamble.tex",
        setting=chosen,
        title=escape(document.title),
        author=escape(document.author),
        overline=escape(document.overline),
        head=escape(document.head),
        banner=escape(document.banner),
        operators=sorted(writer.operators),
        uses={name: name in used for name in DEFINED},
    )
    packages = [*FIRST, *((package,) for name, package in PACKAGES.items() if name in used), *chosen.packages, *LAST]
    return tex_file(("12pt", f"{document.paper}paper"), packages, definitions, f"{title}\n\n{body}")


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

    def blocks(self, blocks: Sequence[Block], *, ends: bool = False, tied: bool = False) -> str:
        """Blocks one after the other; ``ends`` tells that they end a solution, whose mark needs a place, ``tied`` that
        paragraphs with heads stay on one page with what is before them."""
        source = ""
        for index, block in enumerate(blocks):
            before = blocks[index - 1] if index else None
            after = blocks[index + 1] if index + 1 < len(blocks) else None
            last = ends and after is None
            match block:
                case Paragraph(run_in=""):
                    text = _lead(block, before) + self.words(block.inlines)
                case Paragraph():
                    text = self.headed(block, after, last=last, tied=tied)
                case Display():
                    text = self.display(block, after, last=last, near_end=ends and index + 2 == len(blocks))
                case Heading() if isinstance(after, Listing) and after.ids:
                    text = f"\\references{{{self.titled(block.text)}}}"
                case _:
                    text = self.block(block)
            if ends and not index and isinstance(block, Paragraph) and isinstance(after, Paragraph):
                text += "\\nopagebreak"  # the head of a solution stays with its second paragraph
            source += ("\n" if _goes_on(block, before) else "\n\n") * bool(source) + text
        return source

    def headed(self, block: Paragraph, after: Block | None, *, last: bool, tied: bool) -> str:
        """A paragraph with a head; ``tied`` to what is before it. The head stays with what follows: a display in the
        last sentence, room to work in, whatever a head alone is the head of."""
        head, words = f"\\textbf{{{escape(block.run_in)}}}{self.setting.gap} ", self.words(block.inlines)
        alone = not block.inlines and after is not None
        tie = "\\par\\nopagebreak"
        if tied or alone or isinstance(after, Display | Space):
            return f"{tie * tied}\\medskip\\noindent{head}{words}{tie * alone}"
        return head + words if last else environment("remark", (escape(block.run_in),), words)

    def display(self, block: Display, after: Block | None, *, last: bool, near_end: bool) -> str:
        """A display; it stays with what follows where this is its answer or, ``near_end``, a last line."""
        shown = displays.display(block, self.line, self.setting, self.operators)
        short = isinstance(after, Paragraph) and near_end and inlines_width(after.inlines) < 1.5 * self.line
        kept = "\\keepwithnext\n" * (short or isinstance(after, Answer))
        return kept + (_mark_inside(shown) if last else shown)

    def block(self, block: Apart) -> str:
        """One block that stands by itself."""
        match block:
            case Answer():
                self.head = block.head or self.head
                return displays.answer(block, self.line, self.setting, self.operators, self.head)
            case Problem():
                return self.problem(block)
            case Solution(head, inner):
                return environment("solution", (escape(head),), self.blocks(inner, ends=True))
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
        head = escape(block.head)
        if plain(block.title).strip():
            before, end = self.setting.title
            ended = end == "." and plain(block.title).rstrip()[-1:] in (".", "!", "?", "…")
            head += f"{before}{self.titled(block.title)}{'' if ended else end}"
        lines = sum(self.lines(one) for one in block.statement)
        statement = self.blocks(block.statement, tied=lines <= TIED)
        if block.note:
            statement = f"({self.words(block.note)}) {statement}"
        return environment("problem", (block.id, head), statement)

    def lines(self, block: Block) -> int:
        """About how many lines a block of a statement takes; too many to count where it is no text."""
        if isinstance(block, Paragraph):
            return 1 + int(inlines_width(block.inlines) / self.line)
        return 4 * len(block.rows) if isinstance(block, Display) else TIED + 1

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


def _begins_with_head(block: Paragraph) -> bool:
    return bool(block.inlines) and isinstance(block.inlines[0], Strong)


def _lead(block: Paragraph, before: Block | None) -> str:
    """What stands before the words of a paragraph: one with a head in it is set apart, and what is said of the answer
    belongs to it."""
    if before is not None and _begins_with_head(block):
        return "\\smallskip\\noindent "
    return "\\noindent " if isinstance(before, Answer) else ""


def _goes_on(block: Block, before: Block | None) -> bool:
    """Whether a block goes on in the paragraph of the one before: a display in a sentence, words after a display."""
    if isinstance(block, Paragraph):
        return isinstance(before, Display) and not block.run_in and not _begins_with_head(block)
    return isinstance(block, Display) and isinstance(before, Paragraph)


def _mark_inside(shown: str) -> str:
    """The end mark on the last line of a display, where the display ends the solution."""
    at = shown.rindex("\n")
    return shown[:at] + " \\qedhere" + shown[at:]


__all__ = ["LINE", "Writer", "fragment", "render"]
