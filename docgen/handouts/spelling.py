r"""Formulas typed in texts, written in the notation of the page.

A text has its formulas as somebody typed them: ``(\nabla f)^T dx``. Here they get the sign of transposition, the d, the
bold letters, the letters of the identity and of the Jacobian matrix, the signs and the canonical form that docgen's own
formulas have on that page. What is no matter of notation stays as it was typed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from docgen.algebra.node import Node
from docgen.algebra.notation import PLAIN, Notation
from docgen.calculus.derivation import Derivation, Function
from docgen.handouts.typed import TURNED, VERBATIM, argument_end, between_digits, index, operand_end
from docgen.handouts.zeros import is_zero_array

_TOKEN = re.compile(r"\\[A-Za-z]+|\\.|\s+|.", re.DOTALL)
_FORMULA = re.compile(r"\$\$(.*?)\$\$|\$([^$]*)\$", re.DOTALL)
#: What may follow the d of a differential without a space.
_AFTER_D = re.compile(
    r"\\(?!(?:times|cdot|le|leq|leqslant|ge|geq|geqslant|in|to|ne|neq|dots|ldots|cdots|mapsto|quad|qquad|right|rangle"
    r"|rVert|rvert|rfloor|rceil)(?![A-Za-z]))[A-Za-z]+|\\\||[A-Za-z(]"
)
#: Capital letters that are matrices where nothing is said of them.
_MATRICES = frozenset("ABCEGHISUVWXYZ")
_VECTORS = frozenset("xw")
_SYMBOL = r"(\\[A-Za-z]+|[A-Za-z])((?:_(?:\{[^{}]*\}|\w))?)"
_T = r"\^(?:\{-?(?:T|\\top|\\intercal|\\mathrm\s*\{?T\}?)\}|T|\\top)"
_VECTOR_SIGNS = tuple(
    re.compile(pattern.replace("@", _SYMBOL))
    for pattern in (
        rf"@{_T}",
        r"(?:\\\||\\lVert)\s*@\s*(?:\\\||\\rVert)",
        r"\\langle\s*@\s*,",
        r",\s*@\s*\\rangle",
        r"@\s*\\odot",
        r"\\odot\s*@",
        r"\\operatorname\{diag\}\(@\)",
        r"@\s*\\in\s*\\mathbb\{R\}\^",
        r"\\nabla_@(?![A-Za-z])",
        r"\\nabla_\{@\}",
        r"\\mathbf\{1\}\s*\+\s*@",
        r"[ABCX]\s*@(?![A-Za-z])",
        rf"[a-z]{_T}\s*@(?![A-Za-z])",
        r"@\s*[-+]\s*[ABX]\s*[a-z](?![A-Za-z])",
    )
)
_SCALAR_SIGNS = tuple(
    re.compile(pattern.replace("@", _SYMBOL))
    for pattern in (
        r"'\(@\)",
        r"\\sigma\(-?@\)",
        r"\\(?:exp|log|ln|sin|cos)\(-?@\)",
        r"@\s*\\in\s*\\mathbb\{R\}(?!\^)",
        r"@\s*[<>]",
    )
)
_LOG = re.compile(r"\\log(?![A-Za-z])")
_NABLA = re.compile(r"\\nabla(\^\{?2\}?)?\s*([A-Za-z])(?:\(([A-Za-z])\))?(?![A-Za-z(])")
_INCREMENT = r"(?:\\,|\s)*d([A-Za-z])"
_TRACE_OF = re.compile(
    r"\\operatorname\{tr\}(?:\\[bB]igg?l)?\((?:\\[bB]igg?l)?\((\\nabla\s*[A-Za-z](?:\([A-Za-z]\))?)(?:\\[bB]igg?r)?\)"
    + _T + _INCREMENT + r"(?:\\[bB]igg?r)?\)"
)
_ROW_OF = re.compile(r"\((\\nabla\s*[A-Za-z](?:\([A-Za-z]\))?)\)" + _T + _INCREMENT)
_INNER_OF = re.compile(r"\\langle\s*(\\nabla\s*[A-Za-z](?:\([A-Za-z]\))?)\s*,\s*d([A-Za-z])\s*\\rangle")

#: The differential of a variable; f, g, F and Q are functions.
_OF_VARIABLE = re.compile(r"(?<![A-Za-z\\])d([A-EG-PR-Za-eh-z])(?![A-Za-z])")
#: The index of an entry.
_ENTRY = re.compile(r"[ijkl\d]{1,2}|[ijkl\d],\s*[ijkl\d]")
#: What no map is named: a number, the index of a summand, a word.
_NO_MAP = re.compile(r"[ijklmnt\d]+$|[a-z]{2,}$|\\(?:text|mathrm|operatorname)\b")
#: What is written otherwise even in plain notation: other signs of transposition and of order.
_OTHER = re.compile(r"\\top|\\intercal|\^(?:T|\\math)|\^\{-?\\math(?:rm|sf)\s*\{?T|\\[lg]eq|\\langle\s*\\nabla")
#: Settings that typed formulas have nothing to do with.
_ELSEWHERE = ("log", "exp", "step", "iterate", "update", "sizes", "repeat_sign")


class Spelling:
    """Writes typed formulas in one notation. ``symbols`` tells of the symbols that are known, by the name that they are
    typed with, whether they are vectors or matrices."""

    def __init__(self, notation: Notation, symbols: Mapping[str, bool] | None = None) -> None:
        self.notation = notation
        self.symbols = dict(symbols or {})
        self.plain = replace(notation, **{name: getattr(PLAIN, name) for name in _ELSEWHERE}) == PLAIN
        self.seen: dict[str, bool] = {}
        self.variable = ""

    def text(self, text: str) -> None:
        """Learn from the formulas of a text, which are written next, what its letters stand for."""
        self.seen, self.variable = {}, ""
        for found in _FORMULA.finditer(text):
            formula = found.group(1) or found.group(2) or ""
            self.seen |= self._evidence(formula)
            if not self.variable and (differential := _OF_VARIABLE.search(formula)):
                self.variable = differential.group(1)

    def formula(self, latex: str) -> str:
        """The formula in the notation of the page."""
        if self.notation.log != PLAIN.log:  # as the author typed the logarithm of the problem
            latex = _LOG.sub(lambda _: self.notation.log, latex)
        if self.plain and not _OTHER.search(latex):
            return latex
        told = self.seen
        self.seen = {**told, **self._evidence(latex)}
        written = self._canonical(latex)
        if self.notation.derivative == "fraction":
            written = self._fractions(written)
        shown = self._written(_TOKEN.findall(written))
        self.seen = told
        return shown

    def _evidence(self, latex: str) -> dict[str, bool]:
        """What a formula tells of its letters, where vectors and matrices are set in bold: elsewhere nobody asks."""
        return _evidence(latex) if self.notation.bold else {}

    def _canonical(self, latex: str) -> str:
        if self.notation.canonical == "inner":
            latex = _TRACE_OF.sub(r"\\langle \1, d\2\\rangle", latex)
            return _ROW_OF.sub(r"\\langle \1, d\2\\rangle", latex)

        def traced(found: re.Match[str]) -> str:
            nabla, letter = found.groups()
            row = rf"({nabla})^{{T}}"
            return rf"\operatorname{{tr}}\bigl({row}\,d{letter}\bigr)" if letter.isupper() else rf"{row} d{letter}"

        return _INNER_OF.sub(traced, latex)

    def _fractions(self, latex: str) -> str:
        """Gradients and Hessians as fractions of partial derivatives, where the variable is known."""
        differential = _OF_VARIABLE.search(latex)
        near = differential.group(1) if differential else self.variable

        def written(found: re.Match[str]) -> str:
            square, name, point = found.groups()
            x = point or near
            if not x:
                return found.group()
            if square:
                return rf"\frac{{\partial^{{2}} {name}}}{{\partial {x}\,\partial {x}^{{T}}}}"
            return rf"\frac{{\partial {name}}}{{\partial {x}}}"

        tall = re.sub(r"\((\\nabla[^()]*(?:\([A-Za-z]\))?)\)", r"\\Bigl(\1\\Bigr)", latex)
        return _NABLA.sub(written, tall if near else latex)

    # ---- token by token ------------------------------------------------------------------------------------------

    def _written(self, tokens: list[str]) -> str:
        shown: list[str] = []
        at = 0
        while at < len(tokens):
            token = tokens[at]
            if token in VERBATIM:
                end = argument_end(tokens, at + 1)
                shown.append("".join(tokens[at:end]))
            elif token == "^" and (end := argument_end(tokens, at + 1)) and self._transposition(tokens[at + 1 : end]):
                shown.append(self._transposition(tokens[at + 1 : end]))
            elif token == "_":
                end = argument_end(tokens, at + 1)
                inside = tokens[at + 1 : end]
                under = "".join(tokens[:at]).endswith(r"\nabla") or "=" in inside
                below = self._written(inside) if under else "".join(inside)
                shown.append(f"_{{{below}}}" if len(inside) == 1 and len(below) > 1 else f"_{below}")
            elif token == "d" and self._is_differential(tokens, at):
                end = at + 1
                shown.append(r"\mathrm{d}" if self.notation.d == "upright" else "d")
            elif token == r"\det" and self.notation.determinant == "bars" and (end := operand_end(tokens, at + 1)):
                inside = tokens[at + 1 : end]
                while inside and (inside[0].isspace() or inside[0] in (r"\bigl", r"\Bigl")):
                    inside = inside[1:]
                if inside[0] == "(":
                    inside = inside[1:-1]
                    inside = inside[:-1] if inside and inside[-1] in (r"\bigr", r"\Bigr") else inside
                shown.append(rf"\lvert {self._written(inside).strip()} \rvert")
            elif token == "." and self.notation.decimal != "." and between_digits(tokens, at):
                end = at + 1
                shown.append(f"{{{self.notation.decimal}}}")
            elif token == "0" and self.notation.bold and is_zero_array(tokens, at, self._is_bold_at):
                end = at + 1
                shown.append(r"\boldsymbol{0}")
            else:
                end = at + 1
                shown.append(self._symbol(tokens, at))
            at = end
        return "".join(shown)

    def _transposition(self, argument: list[str]) -> str:
        inside = "".join(argument).strip()
        if inside[:1] == "{" and inside[-1:] == "}":
            inside = inside[1:-1].strip()
        if not TURNED.fullmatch(inside):
            return ""
        return f"^{{{'-' if inside.startswith('-') else ''}{self.notation.transpose}}}"

    def _is_differential(self, tokens: list[str], at: int) -> bool:
        """Whether a d is that of a differential, and not a letter: what it stands before tells."""
        before = tokens[at - 1] if at else ""
        after = tokens[at + 1] if at + 1 < len(tokens) else ""
        if before and (before in "_^" or before.isalpha()):
            return False
        if _AFTER_D.fullmatch(after):
            return True
        if after == "^":
            end = argument_end(tokens, at + 2)
            return end < len(tokens) and (tokens[end].isalpha() or tokens[end].isspace() or tokens[end] == "(")
        if after == "}":  # \frac{d}{dx}
            return "".join(tokens[at + 2 : at + 4]) == "{d"
        further = tokens[at - 2] if before.isspace() and at > 1 else ""
        alone = before in ("", "=", "+", "-", "(", r"\,") or (further != "" and further in "=+-")
        following = tokens[at + 2] if at + 2 < len(tokens) else ""
        return after.isspace() and alone and (following.isupper() or following in (r"\operatorname", r"\det", r"\log"))

    def _symbol(self, tokens: list[str], at: int) -> str:
        """A letter in the style of what it stands for, a sign of order in that of the page."""
        token, notation = tokens[at], self.notation
        if token.startswith("\\") and len(token) > 1:
            if token in self.symbols and self._is_bold(token, index(tokens, at), tokens[at + 1 : at + 2] == ["("]):
                return rf"\boldsymbol{{{token}}}"
            return notation.relation(token)
        if not (len(token) == 1 and token.isascii() and token.isalpha()):
            return token
        low = index(tokens, at)
        if token == "J" and self._is_map(low):
            letter = notation.jacobian
            return rf"\boldsymbol{{{letter}}}" if notation.bold and letter[:1].isalpha() else letter
        letter = notation.identity if token == "I" and "I" not in self.symbols else token
        called = at + 1 < len(tokens) and tokens[at + 1] == "(" and token in "FGHPQfgh"
        return rf"\boldsymbol{{{letter}}}" if self._is_bold(token, low, called) else letter

    def _is_map(self, index: str) -> bool:
        """Whether this index of a J can be a map, whose Jacobian matrix it is then: no number, no word, no other J."""
        known = {"J", f"J_{index}", f"J_{{{index}}}"} & self.symbols.keys()
        return bool(index) and not known and not _NO_MAP.match(index)

    def _is_bold_at(self, tokens: list[str], at: int) -> bool:
        """Whether the letter at a place of a formula stands for a vector or a matrix."""
        token = tokens[at]
        if len(token) == 1 or token in self.symbols or token in self.seen:
            return self._is_bold(token, index(tokens, at), tokens[at + 1 : at + 2] == ["("])
        return False

    def _is_bold(self, letter: str, index: str, called: bool) -> bool:
        if not self.notation.bold or called:
            return False
        whole = f"{letter}_{index}" if index else letter
        for table in (self.symbols, self.seen):
            for name in (whole, f"{letter}_{{{index}}}"):
                if name in table:
                    return table[name]
        if index and letter != "I" and (_ENTRY.fullmatch(index) or (letter.islower() and index in "nmd")):
            return False
        for table in (self.symbols, self.seen):
            if letter in table:
                return table[letter]
        return letter in _MATRICES or letter in _VECTORS


def _evidence(formula: str) -> dict[str, bool]:
    """What a formula itself tells of its letters: transposed, under a norm, in an inner product they are vectors."""
    found: dict[str, bool] = {}
    for signs, bold in ((_VECTOR_SIGNS, True), (_SCALAR_SIGNS, False)):
        for sign in signs:
            for match in sign.finditer(formula):
                letter, index = match.group(1), match.group(2)
                name = letter + (f"_{index[1:].strip('{}')}" if index else "")
                if name != "s" and not (letter.isupper() and not bold):
                    found.setdefault(name, bold)
    return found


def of_function(
    function: Function, notation: Notation, derivation: Derivation | None = None, symbols: Iterable[Node] = ()
) -> Spelling:
    """The spelling of formulas about one function, about the symbols that a derivation brings in, and others."""
    introduced = () if derivation is None else derivation.introduced
    others = (*(one.symbol for one in introduced), *symbols)
    return Spelling(notation, known(function) | {symbol.data.name: not symbol.is_scalar for symbol in others})


def known(function: Function) -> dict[str, bool]:
    """The symbols of a function, and whether they are vectors or matrices; its own name with an index is neither."""
    named = {function.name: False} if "_" in function.name else {}
    return named | {symbol.data.name: not symbol.is_scalar for symbol in function.symbols}
