r"""Words and formulas as LaTeX source: escaping, links, and mathematics that may stand in a document.

Words are data, so every character TeX gives a meaning is written as the command that prints it. PyLaTeX's own
``escape_latex`` also rewrites hyphens, brackets and line ends, which makes the source hard to edit; this table writes
only what TeX needs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final
from urllib.parse import quote

from docgen.handouts.document import Emphasis, Inline, Inlines, Link, Math, Reference, Strong, Text
from docgen.rendering.splits import breakable

_ESCAPES: Final = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "%": r"\%",
    "_": r"\_",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    "`": r"\textasciigrave{}",
    "\u00a0": "~",
    "\u2009": r"\,",
    "\u202f": r"\,",
    "\u00ad": r"\-",
}
#: What cannot stand as it is: the characters above, signs that TeX would join to one, white space, control characters.
_SPECIAL: Final = re.compile("[" + re.escape("".join(_ESCAPES)) + "]|--+|''|[<>]{2}|,,|\\s+|[\x00-\x1f\x7f-\x9f]")
#: Operator names that get a command of their own in the preamble; every other one stays as \operatorname.
OPERATORS: Final = frozenset("tr Tr diag rank sign softmax adj relu expm abs".split())
#: A size under a factor, up to the beginning of the factor: ``\underset{[n \times 1]}{``.
_SIZE: Final = re.compile(r"\\underset\{\[([^\[\]{}]*)\]\}\{")
_BRACE: Final = "\\underbrace{"
_MATRIX: Final = re.compile(r"(\\begin\{[pb]matrix\})(.*?)(\\end\{[pb]matrix\})", re.DOTALL)
#: An operator and the character after it, which must not run into the shorter command if it is a letter.
_OPERATOR: Final = re.compile(r"\\operatorname\{([A-Za-z]+)\}(?=(.?))", re.DOTALL)
#: The signs that stay as they are in a web address; round brackets would end a link of Markdown.
_URL: Final = "/:?=&;,@!*'+$%#[]"


def escape(text: str) -> str:
    """Words as LaTeX source that prints exactly them; control characters and line ends become spaces."""
    return _SPECIAL.sub(_escaped, text)


def _escaped(found: re.Match[str]) -> str:
    piece = found.group()
    if piece in _ESCAPES:
        return _ESCAPES[piece]
    if piece.isspace():
        return "".join("\u3000" if c == "\u3000" else _ESCAPES.get(c, "") for c in piece) or " "
    if len(piece) > 1:  # two or more signs that TeX would join to one: a dash, a quotation mark
        return "{}".join(piece)
    return " "


def formula(latex: str, operators: set[str]) -> str:
    r"""A formula with ``\tr`` for ``\operatorname{tr}``; the names used are added to ``operators``."""

    def short(found: re.Match[str]) -> str:
        name = found.group(1)
        if name not in OPERATORS:
            return found.group()
        operators.add(name)
        return f"\\{name} " if found.group(2).isalpha() else f"\\{name}"

    return _braces(_sizes(_MATRIX.sub(_derivatives, _OPERATOR.sub(short, latex.strip()))))


def _derivatives(found: re.Match[str]) -> str:
    """A matrix of partial derivatives: they are as large as in a display, its rows further apart."""
    if "\\frac{\\partial" not in found.group(2):
        return found.group()
    body = found.group(2).replace("\\frac{\\partial", "\\dfrac{\\partial").replace("\\\\", "\\\\[9pt]")
    return f"{found.group(1)}{body}{found.group(3)}"


def ending(punctuation: str) -> str:
    """The sign that ends a row of a display; one that is not of mathematics stands as words."""
    return punctuation if punctuation.isascii() else f"\\text{{{punctuation}}}"


def _group_end(latex: str, start: int) -> int:
    """The place after the brace that closes the group whose contents begin at ``start``."""
    depth, end = 1, start
    while end < len(latex) and depth:
        if latex[end] == "\\":
            end += 1
        elif latex[end] in "{}":
            depth += 1 if latex[end] == "{" else -1
        end += 1
    return end


def _sizes(latex: str) -> str:
    r"""``\sized{x}{n \times 1}`` for a size under a factor: the command of the preamble puts all sizes on one line."""
    done = ""
    while found := _SIZE.search(latex):
        end = _group_end(latex, found.end())
        factor = _sizes(latex[found.end() : end - 1])
        done += f"{latex[: found.start()]}\\sized{{{factor}}}{{{found.group(1)}}}"
        latex = re.sub(r"^ (?:\\, )?(?=\\underset)", " ", latex[end:])
    return done + latex


def _braces(latex: str) -> str:
    r"""A label under a brace as ``\mathclap``, so that a wide one does not push its neighbours away."""
    done = ""
    while (at := latex.find(_BRACE)) >= 0:
        end = label = _group_end(latex, at + len(_BRACE))
        done += latex[:label]
        if latex.startswith("_{", label):
            end = _group_end(latex, label + 2)
            done += f"_{{\\mathclap{{{latex[label + 2 : end - 1]}}}}}"
        latex = latex[end:]
    return done + latex


def inline(piece: Inline, operators: set[str]) -> str:
    """One inline piece as LaTeX source."""
    match piece:
        case Text(text):
            return escape(text)
        case Math(latex):
            return f"${formula(breakable(latex), operators)}$"
        case Strong(inner):
            return f"\\textbf{{{inlines(inner, operators)}}}"
        case Emphasis(inner):
            return f"\\emph{{{inlines(inner, operators)}}}"
        case Link(inner, url):
            words, target = inlines(inner, operators), re.sub(r"[%#&$]", r"\\\g<0>", address(url))
            return f"\\href{{{target}}}{{{words}}}" if target else words
        case Reference(target, text):
            return f"\\hyperlink{{{target}}}{{{escape(text)}}}"


def inlines(pieces: Iterable[Inline], operators: set[str]) -> str:
    """A run of inline pieces as LaTeX source."""
    return "".join(inline(piece, operators) for piece in pieces)


def address(url: str) -> str:
    """A web address, percent-encoded; empty for anything but http, https and mailto (hyperref can run programs)."""
    return quote(url, safe=_URL) if re.match(r"(?:https?://|mailto:)", url, re.IGNORECASE) else ""


def plain(pieces: Inlines) -> str:
    """The words of inline pieces without any markup, for metadata and bookmarks."""
    shown = ""
    for piece in pieces:
        match piece:
            case Text(text) | Reference(_, text):
                shown += text
            case Math(latex):
                shown += re.sub(r"\\(?:mathrm|mathbf|operatorname|text)(?=\{)|[\\{}$]", "", latex)
            case Strong(inner) | Emphasis(inner) | Link(inner, _):
                shown += plain(inner)
    return shown
