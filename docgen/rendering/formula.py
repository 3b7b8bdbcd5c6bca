r"""A formula in LaTeX, read just far enough to set it: its tokens, its width, the places where it may be broken.

The width follows the rules of TeX for classic Computer Modern (fonts, styles, the space between atoms), so that a page
is planned without running TeX. Unknown commands count as one wide letter: an estimate is never an error.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from docgen.rendering import widths

TOKEN: Final = re.compile(r"\\[A-Za-z]+\*?|\\.|\s+|.", re.DOTALL)

#: Size of the letters in display, text, script and scriptscript style.
SCALE: Final = (1.0, 1.0, 0.72, 0.64)
DISPLAY, TEXT, SCRIPT, SCRIPTSCRIPT = range(4)

SPACES: Final = {
    "\\,": 0.167,
    "\\thinspace": 0.167,
    "\\:": 0.222,
    "\\>": 0.222,
    "\\;": 0.278,
    "\\!": -0.167,
    "\\negthinspace": -0.167,
    "\\ ": 0.333,
    "~": 0.333,
    "\\quad": 1.0,
    "\\qquad": 2.0,
    "\\enspace": 0.5,
}
RELATIONS: Final = frozenset(
    "leq geq leqslant geqslant le ge ne neq approx equiv sim simeq cong propto in notin subset subseteq to rightarrow "
    "Rightarrow Leftrightarrow iff implies mapsto longmapsto succ succeq prec preceq perp mid parallel gg ll colon "
    "triangleq coloneqq Longrightarrow leftarrow Leftarrow longrightarrow".split()
)
#: The classes of signs and of control words; any other is an ordinary symbol.
KINDS: Final = {
    **dict.fromkeys("+-*", "bin"),
    **dict.fromkeys("=<>:", "rel"),
    **dict.fromkeys(("(", "[", "\\{"), "open"),
    **dict.fromkeys((")", "]", "\\}"), "close"),
    **dict.fromkeys(",;", "punct"),
    **dict.fromkeys(RELATIONS, "rel"),
    **dict.fromkeys(
        "cdot times odot otimes oplus oslash pm mp circ bullet setminus cap cup wedge vee star ast div".split(), "bin"
    ),
    **dict.fromkeys("langle lvert lVert lbrace lfloor lceil".split(), "open"),
    **dict.fromkeys("rangle rvert rVert rbrace rfloor rceil".split(), "close"),
}
NAMES: Final = frozenset(
    "log ln lg exp sin cos tan cot sec csc sinh cosh tanh coth arcsin arccos arctan det dim ker max min sup inf lim "
    "arg deg gcd Pr tr diag rank sign softmax adj expm relu Tr abs".split()
)
#: Operators that take their limits above and below in a display.
LIMITS: Final = frozenset("sum prod bigcup bigcap max min sup inf lim".split())
_GROUP: Final = frozenset(("{", "\\left", "\\begin"))
_GROUP_END: Final = frozenset(("}", "\\right", "\\end"))
_BRACKET: Final = frozenset(("(", "[", "\\{", "\\langle", "\\lVert", "\\lvert"))
_BRACKET_END: Final = frozenset((")", "]", "\\}", "\\rangle", "\\rVert", "\\rvert"))
ALIASES: Final = {"le": "leq", "ge": "geq", "ne": "neq", "top": "perp", "intercal": "perp", "tfrac": "frac"}
ACCENTS: Final = frozenset("hat bar tilde vec dot ddot widehat widetilde overline underline check breve".split())
FONTS: Final = {
    "mathbb": widths.BLACKBOARD,
    "mathcal": widths.CALLIGRAPHIC,
    "mathbf": widths.BOLD,
    "boldsymbol": widths.BOLD_ITALIC,
    "bm": widths.BOLD_ITALIC,
    "mathrm": widths.WORDS,
    "mathsf": widths.WORDS,
    "operatorname": widths.WORDS,
    "operatorname*": widths.WORDS,
}
#: How much wider a bracket is than the plain one, by the command before it.
GROWTH: Final = {"big": 1.2, "Big": 1.6, "bigg": 2.0, "Bigg": 2.3}


@dataclass(frozen=True, slots=True)
class Atom:
    """One thing on the line: its class (``ord op bin rel open close punct space``) and its width in em."""

    kind: str
    width: float
    tall: bool = False


def tokens(latex: str) -> list[str]:
    """The tokens of a formula; white space is one token."""
    return TOKEN.findall(latex)


def nested(latex: str) -> Iterator[tuple[int, str, int, int]]:
    r"""Each token with its position and how deep it stands: in how many groups, in how many brackets outside groups.

    A group is what cannot be broken: ``{…}``, ``\left … \right``, a matrix.
    """
    at = groups = brackets = 0
    previous = ""
    for token in tokens(latex):
        groups += (token in _GROUP) - (token in _GROUP_END)
        if not groups and previous != "\\right":
            brackets += (token in _BRACKET) - (token in _BRACKET_END)
        yield at, token, groups, brackets
        at += len(token)
        previous = token


@lru_cache(maxsize=4096)  # every page and language has the same formulas
def width(latex: str, *, style: int = DISPLAY) -> float:
    """The width of a formula in em of the text size; relations, fractions and limits as in a display."""
    return _Reader(tokens(latex)).width(style)


def words_width(text: str, *, bold: bool = False) -> float:
    """The width of words in em; a Chinese character is one em, an unknown one a wide letter."""
    table = widths.WORDS_BOLD if bold else widths.WORDS
    total = 0
    for char in text:
        if char in table:
            total += table[char]
        elif char.isspace():
            total += 33
        else:
            total += 100 if ord(char) >= 0x2E80 else 60
    return total / 100


class _Reader:
    """Reads tokens to atoms; every method leaves ``at`` behind what it has read."""

    def __init__(self, items: list[str]) -> None:
        self.items = items
        self.at = 0

    def width(self, style: int) -> float:
        return _sum(self.atoms(style), style)

    def skip_space(self) -> None:
        while self.at < len(self.items) and self.items[self.at].isspace():
            self.at += 1

    def argument(self) -> list[str]:
        """The tokens of one argument: a group without its braces, or one token."""
        self.skip_space()
        if self.at >= len(self.items):
            return []
        if self.items[self.at] != "{":
            self.at += 1
            return [self.items[self.at - 1]]
        depth, start = 0, self.at + 1
        while self.at < len(self.items):
            depth += {"{": 1, "}": -1}.get(self.items[self.at], 0)
            self.at += 1
            if depth == 0:
                return self.items[start : self.at - 1]
        return self.items[start:]

    def option(self) -> None:
        """Skip an optional argument in square brackets."""
        if self.at < len(self.items) and self.items[self.at] == "[":
            while self.at < len(self.items) and self.items[self.at] != "]":
                self.at += 1
            self.at += 1

    def inner(self, style: int) -> tuple[float, bool]:
        atoms = _Reader(self.argument()).atoms(style)
        return _sum(atoms, style), any(atom.tall for atom in atoms)

    def atoms(self, style: int, until: str = "") -> list[Atom]:
        found: list[Atom] = []
        while self.at < len(self.items):
            token = self.items[self.at]
            if until and token == until:
                return found
            if token in ("^", "_"):
                found.append(self.scripts(found.pop() if found else Atom("ord", 0), "", style))
                continue
            self.at += 1
            if token in ("\\displaystyle", "\\textstyle"):
                style = DISPLAY if token == "\\displaystyle" else TEXT
                continue
            if token.isspace() or token in ("&", "\\limits", "\\nolimits", "}"):
                continue
            atom = self.one(token, style)
            name = token.lstrip("\\")
            self.skip_space()
            if self.at < len(self.items) and self.items[self.at] in ("^", "_", "'"):
                atom = self.scripts(atom, name, style)
            found.append(atom)
        return found

    def scripts(self, base: Atom, name: str, style: int) -> Atom:
        small, over, under = min(style + 2, SCRIPTSCRIPT) if style < SCRIPT else SCRIPTSCRIPT, 0.0, 0.0
        while self.at < len(self.items) and self.items[self.at] in ("^", "_", "'"):
            sign = self.items[self.at]
            self.at += 1
            if sign == "'":
                over += 0.27
            else:
                wide, _ = self.inner(small)
                over, under = (over + wide, under) if sign == "^" else (over, under + wide)
            self.skip_space()
        if (name in LIMITS and style == DISPLAY) or name in ("underbrace", "overbrace"):
            return Atom(base.kind, max(base.width, over, under), tall=True)
        return Atom(base.kind, base.width + max(over, under) + 0.04, base.tall)

    def one(self, token: str, style: int) -> Atom:
        """The atom that begins with a token which has been read."""
        scale = SCALE[style]
        if token in SPACES:
            return Atom("space", SPACES[token] * scale)
        if token == "{":
            self.at -= 1
            wide, tall = self.inner(style)
            return Atom("ord", wide, tall)
        if len(token) > 1 and token[1].isalpha():
            return self.command(ALIASES.get(token[1:], token[1:]), style)
        wide = widths.LETTERS.get(token, 100 if ord(token) >= 0x2E80 else 60) if len(token) == 1 else 50
        return Atom(KINDS.get(token, "ord"), scale * wide / 100)

    def command(self, name: str, style: int) -> Atom:
        scale = SCALE[style]
        if name in widths.SYMBOLS:
            return Atom(KINDS.get(name, "ord"), scale * widths.SYMBOLS[name] / 100)
        if name in widths.LARGE_TEXT:
            table = widths.LARGE_DISPLAY if style == DISPLAY else widths.LARGE_TEXT
            return Atom("op", scale * table[name] / 100, tall=True)
        if name in ("frac", "dfrac", "binom", "tbinom", "dbinom"):
            below = TEXT if name == "dfrac" else min(style + 1, SCRIPTSCRIPT)
            around = 1.3 if name.endswith("binom") else 0.2
            return Atom("inner", max(self.inner(below)[0], self.inner(below)[0]) + around, tall=True)
        if name == "sqrt":
            self.option()
            wide, tall = self.inner(style)
            return Atom("ord", wide + (1.0 if tall else 0.83) * scale, tall)
        if name in ("underset", "overset", "stackrel"):
            small = SCRIPT if style < SCRIPT else SCRIPTSCRIPT
            note, (wide, _) = self.inner(small)[0], self.inner(style)
            return Atom("rel" if name == "stackrel" else "ord", max(note, wide), tall=True)
        if name in ("text", "textrm", "textbf", "mbox", "textit"):
            return Atom("ord", scale * mixed_width("".join(self.argument()), bold=name == "textbf"))
        if name in FONTS:
            letters, body = FONTS[name], self.argument()
            wide = sum(letters[c] / 100 if c in letters else SPACES.get(c, 0.6) for c in body if not c.isspace())
            return Atom("op" if name.startswith("operatorname") else "ord", scale * wide)
        if name in NAMES:
            return Atom("op", scale * words_width(name))
        if name in ("left", "right", "middle") or name.rstrip("lrm") in GROWTH:
            return self.bracket(name, style)
        if name in ("mathrlap", "mathllap", "mathclap", "phantom", "vphantom", "hphantom"):
            wide, _ = self.inner(style)
            return Atom("ord", wide if name in ("phantom", "hphantom") else 0.0)
        if name in ("underbrace", "overbrace", *ACCENTS):
            wide, tall = self.inner(style)
            return Atom("ord", wide, tall or name.endswith("brace"))
        if name == "boxed":
            return Atom("ord", self.inner(DISPLAY)[0] + 0.6, tall=True)
        if name == "begin":
            return self.array(style)
        return Atom("ord", 0.7 * scale)

    def bracket(self, name: str, style: int) -> Atom:
        sign = "".join(self.argument())
        plain = (
            0.0 if sign == "." else widths.SYMBOLS.get(sign[1:], 50) if len(sign) > 1 else widths.LETTERS.get(sign, 39)
        )
        kind = "close" if name == "right" or name.endswith("r") else "open"
        if name != "left":
            growth = GROWTH.get(name.rstrip("lrm"), 1.0)
            return Atom(kind, SCALE[style] * plain * growth / 100)
        inside = self.atoms(style, until="\\right")
        tall = any(atom.tall for atom in inside)
        growth = (1.9 if style == DISPLAY else 1.3) if tall else 1.0
        wide = _sum(inside, style) + SCALE[style] * plain * growth / 100
        if self.at < len(self.items):
            self.at += 1
            self.argument()
            wide += SCALE[style] * plain * growth / 100
        return Atom("inner", wide, tall)

    def array(self, style: int) -> Atom:
        name = "".join(self.argument())
        if name == "array":
            self.argument()
        body: list[str] = []
        depth = 1
        while self.at < len(self.items):
            token = self.items[self.at]
            depth += {"\\begin": 1, "\\end": -1}.get(token, 0)
            self.at += 1
            if depth == 0:
                self.argument()
                break
            body.append(token)
        rows = "\0".join("".join(body).split("\\\\")).split("\0")
        cells = [[width(cell, style=TEXT) for cell in row.split("&")] for row in rows]
        columns = max(len(row) for row in cells)
        total = sum(max((row[k] for row in cells if k < len(row)), default=0.0) for k in range(columns))
        gaps = 0.0 if name in ("aligned", "split") else 0.83 * (columns - 1)
        return Atom("inner", total + gaps + (1.6 if name.endswith("matrix") or name == "cases" else 0.2), tall=True)


def mixed_width(text: str, *, bold: bool = False) -> float:
    """The width of words with formulas between dollar signs, as in ``\\text``."""
    pieces = text.split("$")
    return sum(
        width(piece, style=TEXT) if index % 2 else words_width(piece.replace("\\", "").replace("~", " "), bold=bold)
        for index, piece in enumerate(pieces)
    )


def _sum(atoms: list[Atom], style: int) -> float:
    """The atoms on one line with the space TeX puts between them."""
    total = 0.0
    before = "start"
    for index, atom in enumerate(atoms):
        total += atom.width
        if atom.kind == "space":
            continue
        kind = atom.kind
        after = next((item.kind for item in atoms[index + 1 :] if item.kind != "space"), "end")
        if kind == "bin" and (
            before in ("start", "bin", "rel", "open", "op", "punct") or after in ("rel", "close", "punct", "end")
        ):
            kind = "ord"
        total += _gap(before, kind, style)
        before = kind
    return total


def _gap(left: str, right: str, style: int) -> float:
    """The space between two atoms in em (TeXbook, chapter 18): thick, medium and thin."""
    if left == "start":
        return 0.0
    pair = {left, right}
    if style < SCRIPT:
        if "rel" in pair:
            return 0.0 if left == right or left == "open" or right in ("close", "punct") else 0.278
        if "bin" in pair:
            return 0.222
        if left == "punct" or ("inner" in pair and not (left == "open" or right in ("close", "punct"))):
            return 0.167
    if (right == "op" and left in ("ord", "op", "close")) or (left == "op" and right in ("ord", "op")):
        return 0.167
    return 0.0
