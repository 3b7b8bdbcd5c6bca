r"""A document as Markdown that renders on GitHub: headings, ``$$`` blocks with one row a line, tables, escaped words.

GitHub reads a formula as Markdown first, so inside formulas a backslash before a sign (``\|``, ``\,``, ``\{``) is lost,
``\operatorname`` is refused, and ``\\`` survives only at the end of a line. ``github`` spells a formula so that GitHub,
KaTeX and pandoc all read it; the mathematics is the same.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from docgen.handouts.document import (
    Answer,
    Block,
    Display,
    Document,
    Emphasis,
    Fields,
    Figure,
    Heading,
    Inline,
    Inlines,
    Link,
    Listing,
    Math,
    PageBreak,
    Paragraph,
    Problem,
    Reference,
    Solution,
    Space,
    Strong,
    Table,
    Text,
)
from docgen.handouts.pictures import Included
from docgen.rendering import figures
from docgen.rendering.flanking import flanked
from docgen.rendering.formula import tokens
from docgen.rendering.layout import break_formula, display_width
from docgen.rendering.setting import Setting, setting, setting_of
from docgen.rendering.skeletons import Skeletons
from docgen.rendering.tex_text import address, ending, plain

#: A row wider than this (in em) goes on in the next line.
WIDE: Final = 62.0
#: How many pixels of a web page are a centimetre.
PIXELS: Final = 96 / 2.54
#: What GitHub would read as Markdown or HTML in a formula, and the command that is the same.
_COMMANDS: Final = {
    "\\|": "\\Vert",
    "\\,": "\\thinspace",
    "\\:": "\\thinspace",
    "\\>": "\\thinspace",
    "\\;": "\\ ",
    "\\!": "\\negthinspace",
    "\\{": "\\lbrace",
    "\\}": "\\rbrace",
    "<": "\\lt",
    ">": "\\gt",
    "*": "\\ast",
    "|": "\\vert",
}
#: An operator, its star, its name, and the script that follows it.
_OPERATOR: Final = re.compile(r"\\operatorname(\*?)\{([^{}]*)\}(\s*[_^])?")
#: Signs of Markdown and HTML (``&`` only where it begins an entity), control characters, and line ends.
_SPECIAL: Final = re.compile(r"[\\`*_\[\]<>|~]|\$|&(?=[#\w])|[\x00-\x08\x0b-\x1f\x7f-\x9f]|[ \t]*\n\s*")
#: What begins a heading, a list, a quotation, or makes a heading of the line before.
_LINE_START: Final = re.compile(r"(?m)^(\s*)([#+-]|\d+[.)]|=+$|>)(?=\s|$)")
#: A dollar sign among words or of a display (first group), or a formula in a line (second).
_INLINE: Final = re.compile(r"(<span>\$</span>|\$\$)|\$([^$\n]+)\$")
#: The end marks that have a sign of their own; any other is a formula.
_MARKS: Final = {"\\square": "□", "\\blacksquare": "■"}


@lru_cache(maxsize=4096)  # every page and language has the same formulas
def github(latex: str, *, inline: bool) -> str:
    """A formula spelled so that nothing in it is Markdown; ``inline`` for one between single dollar signs."""

    def operator(found: re.Match[str]) -> str:
        scripts = found.group(3) or ""
        limits = "" if found.group(1) or not scripts else "\\nolimits"
        return f"\\mathop{{\\mathrm{{{found.group(2)}}}}}{limits}{scripts.strip()}"

    shown = ""
    for token in tokens(_OPERATOR.sub(operator, latex.strip())):
        if token == "\\\\":
            token = "\\cr " if inline else "\\\\\n"
        elif token.isspace():
            token = " "
        plain = _COMMANDS.get(token)
        if plain is not None:
            shown += plain + ("" if plain.endswith(" ") else " ")
        elif token == "(" and shown.endswith("]"):
            shown += " ("
        elif not (token == " " and shown[-1:].isspace()):
            shown += token
    return re.sub(r" +(?=[,.;)^_}]|$)", "", shown).strip()


def escape(text: str) -> str:
    """Words so that Markdown and HTML print exactly them."""

    def escaped(found: re.Match[str]) -> str:
        sign = found.group()
        if sign == "$":
            return "<span>$</span>"
        if sign == "&":
            return "&amp;"
        return " " if sign.isspace() or ord(sign[0]) < 32 or 127 <= ord(sign[0]) < 160 else "\\" + sign

    return _SPECIAL.sub(escaped, text)


def inlines(pieces: Inlines) -> str:
    """A run of inline pieces; a space goes between a formula and a Chinese character or a letter beside it."""
    shown = ""
    last: Inline | None = None
    for piece in pieces:
        text = _inline(piece)
        if not text:
            continue
        shown, text = flanked(shown, text, isinstance(last, Strong | Emphasis), isinstance(piece, Strong | Emphasis))
        last = piece
        if shown and text.startswith("$"):
            if shown[-1] == "\u00a0":
                shown = shown[:-1] + " "
            elif _needs_space(shown[-1]):
                shown += " "
        elif shown.endswith("$") and (text[0].isalnum() and text[0] != "$"):
            shown += " "
        shown += text
    return shown


def _needs_space(before: str) -> bool:
    """Whether a dollar sign after this character would not open a formula."""
    return before.isalnum() or before == "$" or ord(before) >= 0x2E80 or before in "“”‘’…—"


def _inline(piece: Inline) -> str:
    match piece:
        case Text(text):
            return escape(text)
        case Math(latex):
            return f"${github(latex, inline=True)}$"
        case Strong(inner):
            return _marked("**", inlines(inner))
        case Emphasis(inner):
            return _marked("*", inlines(inner))
        case Link(inner, url):
            words, target = inlines(inner), address(url)
            return f"[{words}]({target})" if target else words
        case Reference(target, text):
            return f"[{escape(text)}](#{target})"


def _marked(mark: str, words: str) -> str:
    """Emphasised words: the marks stand at the words, spaces outside."""
    inner = words.strip()
    if not inner:
        return words
    before, after = words[: len(words) - len(words.lstrip())], words[len(words.rstrip()) :]
    return f"{before}{mark}{inner}{mark}{after}"


@dataclass(frozen=True, slots=True)
class _Page:
    """What a page is set with: the settings of its language, and the skeletons."""

    setting: Setting
    skeletons: Skeletons


def render(document: Document, override: Path | None = None) -> str:
    """The Markdown file of a document; the same document always gives the same bytes."""
    page = _Page(setting_of(document, override), Skeletons("md", override))
    body = _blocks(document.blocks, page)
    return page.skeletons.fill("document.md", head=head(document, override), body=body) + "\n"


def head(document: Document, override: Path | None = None) -> str:
    """The title of a document, the line below it, and the mark of a key."""
    line = " · ".join(escape(text) for text in (document.overline, document.head, document.subtitle) if text)
    title, banner = escape(document.title), escape(document.banner)
    return Skeletons("md", override).fill("head.md", title=title, line=line, banner=banner)


def two_dollars(text: str) -> str:
    """Markdown for editors that know only ``$$`` (kramdown and its kin): the formulas in a line stand between two
    dollar signs as well. A dollar sign among words is HTML already and stays."""
    return _INLINE.sub(lambda found: found.group(1) or f"$${found.group(2)}$$", text)


def fragment(blocks: Sequence[Block], language: str, override: Path | None = None) -> str:
    """The blocks alone, without the title."""
    return _blocks(blocks, _Page(setting(language, override), Skeletons("md", override)))


def _blocks(blocks: Sequence[Block], page: _Page) -> str:
    return "\n\n".join(shown for shown in (_block(block, page) for block in blocks) if shown)


def _block(block: Block, page: _Page) -> str:
    match block:
        case Paragraph(pieces, run_in):
            head = f"**{escape(run_in)}** " if run_in else ""
            return head + _paragraph(inlines(pieces))
        case Display():
            return display(block, page.setting)
        case Answer(head, latex, punctuation):
            formula, mark = github(latex, inline=False), ending(punctuation)
            return page.skeletons.fill("answer.md", head=escape(head), formula=formula, mark=mark)
        case Problem():
            return _problem(block, page)
        case Solution(head, inner):
            return _solution(head, inner, page)
        case Heading(text, level, number):
            return page.skeletons.fill("heading.md", level=level, number=escape(number), text=inlines(text))
        case Listing(items, _, ids) if ids:
            entries = [f'<a id="{id}"></a>\\[{k}\\] {_blocks(items[k - 1], page)}' for k, id in enumerate(ids, 1)]
            return "\n\n".join(entries)
        case Listing(items, ordered):
            return "\n".join(_item(f"{k}." if ordered else "-", item, page) for k, item in enumerate(items, 1))
        case Table():
            return _table(block, page)
        case Figure():
            return _figure(block, page)
        case Space(kind, centimetres):
            return "<br>" * (12 if kind == "page" else max(1, round(centimetres / 0.7)))
        case Fields(labels):
            return " ".join(escape(label) + " " + "\\_" * (12 if k else 24) for k, label in enumerate(labels))
        case PageBreak():
            return "---"


def _paragraph(text: str) -> str:
    """A paragraph whose first sign is not read as the start of a list or a heading."""
    return _LINE_START.sub(
        lambda found: found.group(1) + re.sub(r"([#+\-.)=>])", r"\\\1", found.group(2), count=1), text
    )


def _problem(block: Problem, page: _Page) -> str:
    before, end = page.setting.title
    title = inlines(block.title)
    head = escape(block.head) + (f"{before}{title}{end if end != '.' else ''}" if title else "")
    statement = _blocks(block.statement, page)
    return page.skeletons.fill("problem.md", id=block.id, head=head, note=inlines(block.note), statement=statement)


def _solution(head: str, inner: Sequence[Block], page: _Page) -> str:
    """A solution: its head begins the first paragraph, the end mark ends the last."""
    return page.skeletons.fill(
        "solution.md",
        head=escape(head),
        text=_blocks(inner, page),
        mark=_MARKS.get(page.setting.qed) or f"${github(page.setting.qed, inline=True)}$",
        run_in=bool(inner) and isinstance(inner[0], Paragraph),
        mark_in=bool(inner) and isinstance(inner[-1], Paragraph),
    )


def _item(mark: str, item: Sequence[Block], page: _Page) -> str:
    indent = " " * (len(mark) + 1)
    return f"{mark} " + _blocks(item, page).replace("\n", f"\n{indent}").replace(f"\n{indent}\n", "\n\n")


def _table(block: Table, page: _Page) -> str:
    def row(cells: Sequence[str]) -> str:
        return "| " + " | ".join(cells) + " |"

    rules = {"l": ":--", "c": ":-:", "r": "--:"}
    lines = [row([inlines(cell) for cell in block.head]), row([rules[letter] for letter in block.align])]
    lines += [row([inlines(cell) for cell in cells]) for cells in block.rows]
    number = page.setting.numbered(escape(block.number)).rstrip() if block.number else ""
    caption = inlines(block.caption)
    return page.skeletons.fill("table.md", id=block.id, number=number, caption=caption, rows="\n".join(lines))


def _figure(block: Figure, page: _Page) -> str:
    """A figure; one that Markdown cannot show (PDF) is a link."""
    suffix = figures.suffix(block, "md")
    width = block.picture.width if isinstance(block.picture, Included) else None
    words = plain(block.caption) or block.number
    return page.skeletons.fill(
        "figure.md",
        id=block.id,
        number=page.setting.numbered(escape(block.number)).rstrip(),
        caption=inlines(block.caption),
        file=block.stem + suffix,
        shown=suffix != ".pdf",
        alt=escape(words),
        words=html.escape(words),
        width=round(width * PIXELS) if width else 0,
    )


def display(block: Display, chosen: Setting) -> str:
    """A display between double dollar signs on lines of their own."""
    rows = []
    for row in block.rows:
        head = f"{row.relation} " if row.relation else ""
        pieces = [head + "".join(row.right).strip()]
        if display_width(row) > WIDE:
            pieces = break_formula(row, WIDE, repeat_sign=chosen.repeat_sign)
        for index, piece in enumerate(pieces):
            text = github(piece, inline=False)
            rows.append([github(row.left, inline=False) if not index else "", ("\\quad " if index else "") + text, ""])
        if row.reason:
            rows[-1][2] = _reason(row.reason, chosen)
        rows[-1][1] += ending(row.punctuation)
    if len(rows) == 1 and not rows[0][2]:
        return _dollars([" ".join(part for part in rows[0][:2] if part)])
    lines = [f"{left} &{right}".lstrip() + (f" && {reason}" if reason else "") for left, right, reason in rows]
    return _dollars(["\\begin{aligned}", *(f"{line} \\\\" for line in lines[:-1]), lines[-1], "\\end{aligned}"])


def _dollars(lines: Sequence[str]) -> str:
    return "\n".join(["$$", *lines, "$$"])


def _reason(pieces: Inlines, chosen: Setting) -> str:
    r"""A reason in brackets: words in ``\text``, formulas between them (dollar signs inside would end the display)."""
    parts: list[str] = [chosen.reason[0]]
    for piece in _flat(pieces):
        if isinstance(piece, Math):
            parts += [github(piece.latex, inline=False), ""]
        else:
            parts[-1] += re.sub(r"[\\{}$%#&^_~]", "", piece.replace("\u00a0", " "))  # GitHub cannot show them in \text
    parts[-1] += chosen.reason[1]
    shown = [part if index % 2 else f"\\text{{{part}}}" for index, part in enumerate(parts) if index % 2 or part]
    return " ".join(shown)


def _flat(pieces: Inlines) -> list[str | Math]:
    flat: list[str | Math] = []
    for piece in pieces:
        if isinstance(piece, Math):
            flat.append(piece)
        elif isinstance(piece, (Text, Reference)):
            flat.append(piece.text)
        else:
            flat += _flat(piece.inlines)
    return flat
