"""What a factor of a LaTeX formula can begin with: numbers, symbols, functions, brackets, bars, fractions and sums."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

from docgen.errors import FormulaError, UnsupportedError
from docgen.reading.declarations import Declarations
from docgen.reading.grammar import Grammar
from docgen.reading.names import group_end, names_at
from docgen.reading.syntax import Term, number
from docgen.reading.tokens import Token, spell

_CLOSING = {"(": ")", "[": "]", "lbrace": "rbrace", "{": "}"}
_STARTS = frozenset(
    (
        "num",
        "let",
        "fun",
        "word",
        "cmd",
        "ones",
        "zeros",
        "(",
        "[",
        "lbrace",
        "{",
        "frac",
        "sqrt",
        "total",
        "langle",
        "top",
    )
)
_ROUND = ("(", "[", "lbrace")


class Atoms(Grammar, ABC):
    """The factors; the grammar of sums, products and scripts around them is :class:`docgen.reading.latex.Latex`."""

    def __init__(self, text: str, tokens: list[Token], declared: Declarations, variable: str | None) -> None:
        super().__init__(text, tokens, declared, variable)
        self.closers: list[str] = []  # what closes each open bracket or bar, innermost last
        self.words: tuple[tuple[str, str], ...] = ()

    @abstractmethod
    def expression(self) -> Term:
        """A sum."""

    @abstractmethod
    def term(self) -> Term:
        """A product of any kind."""

    @abstractmethod
    def run(self, argument: bool = False) -> Term:
        """Factors side by side."""

    @abstractmethod
    def script(self) -> tuple[str, Fraction | Term | None]:
        """What stands in a superscript."""

    @staticmethod
    @abstractmethod
    def size(spelled: str) -> str:
        """The canonical name of a size, empty where it is not one."""

    # ---- brackets and bars -------------------------------------------------------------------------------------

    def starts(self) -> bool:
        """Whether a factor begins here; a bar does where it does not close one."""
        token = self.token
        if token.kind in ("norm", "|"):
            return token.side == "open" or (token.side == "" and not self.closes())
        return token.kind in _STARTS

    def closes(self) -> bool:
        """Whether the bar here closes the innermost open one."""
        inner = self.closers[-1] if self.closers else ""
        if inner == "||":
            return self.token.kind == "|" and self.tokens[self.at + 1].kind == "|"
        return inner == self.token.kind

    def close(self, opening: Token, closing: str) -> int:
        """Take what closes ``opening``; the end of the text up to there."""
        token, shown = self.token, self.text[opening.start : opening.end]
        if closing == "||" and token.kind == "|" and self.tokens[self.at + 1].kind == "|":
            self.take()
        elif token.kind != closing:
            wanted = {"rbrace": "\\}", "rangle": "\\rangle", "norm": "\\|"}.get(closing, closing)
            if token.kind == "end":
                raise self.fail(
                    f"this {shown} is never closed", opening.start, opening.end, f"Add the missing {wanted}."
                )
            if token.kind in (")", "]", "}", "rbrace", "rangle"):
                raise self.fail(
                    f"this {self.text[token.start : token.end]} closes a {shown}",
                    token.start,
                    token.end,
                    f"Close it by {wanted}.",
                )
            raise self.unexpected()
        self.closers.pop()
        return self.take().end

    def group(self) -> Term:
        """Something in brackets."""
        opening = self.take()
        self.enter(opening)
        self.closers.append(_CLOSING[opening.kind])
        inside = self.expression()
        end = self.close(opening, _CLOSING[opening.kind])
        self.leave()
        return replace(inside, start=opening.start, end=end)

    def bars(self) -> Term:
        """A norm, an absolute value or a determinant."""
        opening = self.take()
        closing = opening.kind
        if closing == "|" and opening.side == "" and self.token.kind == "|" and self.token.start == opening.end:
            self.take()
            closing = "||"
        self.enter(opening)
        self.closers.append(closing)
        inside = self.expression()
        end = self.close(opening, closing)
        self.leave()
        if closing == "|":
            return Term("bars", (inside,), None, opening.start, end)
        kind = self.norm_index()
        if not kind and self.token.kind == "^":  # the index may also stand after the exponent
            at = self.at
            self.take()
            exponent, value = self.script()
            kind = self.norm_index()
            if kind and isinstance(value, Fraction):
                norm = Term("norm", (inside,), kind, opening.start, self.tokens[self.at - 1].end)
                return self.powered(norm, exponent, value, norm.end)
            self.at = at
        return Term("norm", (inside,), kind, opening.start, self.tokens[self.at - 1].end)

    def norm_index(self) -> str:
        """The index of a norm, empty where there is none."""
        if self.token.kind != "_":
            return ""
        start = self.take()
        end = group_end(self.tokens, self.at) if self.token.kind == "{" else self.at
        end = self.at if end is None else end
        kind = spell(self.tokens[self.at : end + 1]).strip("{}")
        self.at = end + 1
        if kind not in ("1", "2", "F"):
            raise UnsupportedError(
                f"docgen does not read a norm with the index {kind}",
                hint=r"There are \|x\| and \|x\|_2, \|x\|_1, and \|A\|_F.",
                place=self.place(start.start, self.tokens[end].end),
            )
        return kind

    def inner(self) -> Term:
        """An inner product in angle brackets."""
        opening = self.take()
        self.enter(opening)
        self.closers.append("rangle")
        left = self.expression()
        if self.token.kind != ",":
            if self.token.kind == "rangle":
                raise self.fail(
                    "an inner product needs two values with a comma between",
                    opening.start,
                    self.token.end,
                    r"Write \langle a, b\rangle.",
                )
            self.close(opening, "rangle")
        self.take()
        right = self.expression()
        end = self.close(opening, "rangle")
        self.leave()
        return Term("inner", (left, right), None, opening.start, end)

    # ---- numbers, fractions, roots -----------------------------------------------------------------------------

    def numeral_atom(self) -> Term:
        """A number, or 1 or 0 with a size below: the all-ones and the zero vector."""
        token = self.take()
        if token.text in ("0", "1") and self.token.kind == "_":
            return self.sized("ones" if token.text == "1" else "zeros", token)
        return self.numeral(token)

    def special(self) -> Term:
        """A bold 1 or 0."""
        token = self.take()
        return self.sized(token.kind, token)

    def sized(self, op: str, token: Token) -> Term:
        """A constant with the size that may stand below it: one size, or ``m \\times n``."""
        if self.token.kind != "_":
            return Term(op, (), None, token.start, token.end)
        start = self.take()
        end = group_end(self.tokens, self.at) if self.token.kind == "{" else self.at
        inside = self.tokens[self.at : self.at + 1] if end == self.at or end is None else self.tokens[self.at + 1 : end]
        sides: list[list[Token]] = [[]]
        for piece in inside:
            if piece.kind == "cmd" and piece.text == "times":
                sides.append([])
            else:
                sides[-1].append(piece)
        sizes = tuple(self.size(spell(side)) for side in sides)
        if not all(sizes) or len(sizes) > 2 or "0" in sizes:
            raise self.fail(
                "this is not a size",
                start.start,
                self.tokens[self.at if end is None else end].end,
                r"A size is one symbol or one number: \mathbf{1}_n, I_n, I_3.",
            )
        self.at = (self.at if end is None else end) + 1
        return Term(op, (), sizes, token.start, self.tokens[self.at - 1].end)

    def tex_argument(self) -> Term:
        """One argument of a TeX command: something in braces, or one character."""
        token = self.token
        if token.kind == "{":
            return self.group()
        if token.kind == "num" and len(token.text) > 1:
            self.tokens[self.at] = Token("num", token.text[1:], token.start + 1, token.end)
            return self.numeral(Token("num", token.text[0], token.start, token.start + 1))
        if token.kind == "let":
            return self.letter(token.text, self.take(), self.at)
        if token.kind in ("num", "ones", "zeros", "frac", "sqrt"):
            return self.atom()
        raise self.unexpected()

    def fraction(self) -> Term:
        """A fraction."""
        start = self.take().start
        self.enter(self.token)
        over = self.tex_argument()
        under = self.tex_argument()
        self.leave()
        return self.quotient(over, under, start, self.tokens[self.at - 1].end)

    def root(self) -> Term:
        """A square root, or a root with its degree in square brackets."""
        start, degree = self.take().start, Fraction(2)
        if self.token.kind == "[":
            opening = self.token
            inside = self.group()
            found = number(inside)
            if found is None or found.denominator != 1 or not 2 <= found <= 100:
                raise self.fail(
                    "the degree of a root is a whole number from 2 to 100", inside.start, inside.end, "Correct it."
                )
            degree = found
            self.enter(opening)
        else:
            self.enter(self.token)
        inside = self.tex_argument()
        self.leave()
        return Term("root", (inside,), 1 / degree, start, self.tokens[self.at - 1].end)

    # ---- symbols -----------------------------------------------------------------------------------------------

    def symbol(self) -> Term:
        """A symbol by its longest declared name, a constant, or a symbol of its own."""
        first, at = self.token, self.at
        for typed, name in self.words:
            end = first.start + len(typed)
            if self.text.startswith(typed, first.start):
                while self.tokens[at].end < end:
                    at += 1
                if self.tokens[at].end == end:
                    return self.choose(first, names_at(self.tokens, self.at, name, at + 1))
                at = self.at
        return self.choose(first, names_at(self.tokens, self.at))

    def choose(self, first: Token, names: list[tuple[str, int]]) -> Term:
        """The longest declared of ``names``; where none is, or only a part of an index would be, the longest."""
        for name, after in names:
            if name in self.known and self.tokens[after].kind != "_":
                self.at = after
                return self.named(name, first.start, self.tokens[after - 1].end)
        name, after = names[0]
        if first.text == "I" and names[-1][0] == "I" and len(names) <= 2 and "^" not in name:
            self.at = names[-1][1]
            return self.sized("eye", first) if self.token.kind == "_" else Term("eye", (), None, first.start, first.end)
        self.at = after
        return self.letter(name, first, after)

    def letter(self, name: str, first: Token, after: int) -> Term:
        """A name that no longer name hides."""
        end = self.tokens[after - 1].end
        following = self.token.kind
        if name in self.known:
            return self.named(name, first.start, end)
        if name == "I":
            return Term("eye", (), None, first.start, end)
        if name == "\\pi":
            return Term("pi", (), None, first.start, end)
        if name == "e" and following == "^":
            power = self.natural_power(first)
            if power is not None:
                return power
        if name == "\\sigma" and name not in self.sizes and (following == "^" or self.starts()):
            value = self.sigmoid(first)
            if value is not None:
                return value
        if following in _ROUND and name not in self.sizes:
            raise self.call_of_letter(name, first.start, end)
        return self.named(name, first.start, end)

    def natural_power(self, first: Token) -> Term | None:
        """``e`` with an exponent is the exponential function; with a transpose sign it is a symbol."""
        at = self.at
        self.take()
        self.enter(first)
        kind, value = self.script()
        self.leave()
        if value is None or kind == "hadpow":
            self.at = at
            return None
        self.spelling.exp = self.spelling.exp or "power"
        if isinstance(value, Fraction):
            value = Term("num", (), value, self.tokens[at + 1].start, self.tokens[self.at - 1].end)
        return Term("fn", (value,), "exp", first.start, self.tokens[self.at - 1].end)

    def sigmoid(self, first: Token) -> Term | None:
        """``\\sigma`` before an argument is the logistic function, unless it is declared."""
        power: Fraction | None = None
        at = self.at
        if self.token.kind == "^":
            self.take()
            kind, value = self.script()
            if not isinstance(value, Fraction) or kind != "pow" or not self.starts():
                self.at = at
                return None
            power = value
            if self.token.kind not in _ROUND:
                raise self.fail(
                    "\\sigma may be the logistic function here, or a symbol",
                    first.start,
                    self.tokens[self.at - 1].end,
                    r"Declare \sigma if it is a symbol, or write \sigma(…) if it is the function.",
                )
        term = Term(
            "fn", (self.function_argument("\\sigma", first),), "sigma", first.start, self.tokens[self.at - 1].end
        )
        return term if power is None else self.powered(term, "pow", power, term.end)

    # ---- functions and sums ------------------------------------------------------------------------------------

    def function_argument(self, shown: str, first: Token) -> Term:
        """The argument after a function's name: a bracket, or the longest run of factors."""
        if self.token.kind in _ROUND:
            self.enter(first)
            inside = self.group()
            self.leave()
            return inside
        if not self.starts():
            raise self.fail(
                f"the argument of {shown} is missing",
                first.start,
                self.tokens[self.at - 1].end,
                f"Write {shown}(…) with its argument.",
            )
        self.enter(first)
        inside = self.run(argument=True)
        self.leave()
        return inside

    def function(self) -> Term:
        """A function by its name, maybe with a power between the name and the argument."""
        first = self.take()
        shown = self.text[first.start : first.end]
        power = None
        if self.token.kind == "_":
            raise self.unsupported(
                f"an index after {shown}",
                self.token,
                r"The logarithm is natural; write \frac{\log x}{\log 2} for base 2.",
            )
        if self.token.kind == "^":
            self.take()
            kind, value = self.script()
            end = self.tokens[self.at - 1].end
            if kind != "pow" or not isinstance(value, Fraction):
                raise self.fail(
                    f"{shown} has a superscript that is not a power",
                    first.start,
                    end,
                    "Put it after the argument, outside the brackets.",
                )
            if value < 0:
                raise self.fail(
                    f"{shown}^{{{value}}} may be the inverse function or a power",
                    first.start,
                    end,
                    rf"Write \frac{{1}}{{{shown} x}} for the power, and for the inverse function its own name (\arctan).",
                )
            power = value
        inside = self.function_argument(shown, first)
        term = self.applied(first.text, inside, first.start, self.tokens[self.at - 1].end)
        return term if power is None else self.powered(term, "pow", power, term.end)

    def total(self) -> Term:
        """A sum over samples; its body is the longest product up to a plus or minus."""
        first = self.take()
        found: dict[str, tuple[str, int]] = {}
        while self.token.kind in ("_", "^") and self.token.kind not in found:
            sign = self.take().kind
            end = group_end(self.tokens, self.at) if self.token.kind == "{" else self.at
            end = self.at if end is None else end
            found[sign] = spell(self.tokens[self.at : end + 1]).strip("{}"), self.tokens[end].end
            self.at = end + 1
        lower, end = found.get("_", ("", first.end))
        index, _, begin = lower.partition("=")
        upper = self.size(found["^"][0]) if "^" in found else ""
        if not (len(index) == 1 and index.islower()) or begin != "1" or not upper or upper == "0":
            raise self.fail(
                "the limits of this sum cannot be read",
                first.start,
                max(end, found.get("^", ("", 0))[1]),
                r"Write \sum_{i=1}^{m}: one letter from 1 to a size.",
            )
        if index in self.known or index in self.bound:
            raise self.fail(
                f"the index {index} of this sum already means something else",
                first.start,
                end,
                "Use another letter for the index.",
            )
        self.enter(first)
        self.bound.append(index)
        if not self.starts():
            raise self.unexpected()
        body = self.term()
        self.bound.pop()
        self.leave()
        return Term("total", (body,), (index, upper), first.start, body.end)

    # ---- the table of factors, and the errors ----------------------------------------------------------------------

    def atom(self) -> Term:
        """What begins here."""
        return self.reader()(self)

    def reader(self) -> Callable[[Atoms], Term]:
        """The method that reads what begins here."""
        kind = self.token.kind
        if kind in _READERS:
            return _READERS[kind]
        if kind in ("cmd", "word"):
            raise self.unknown_command(self.token)
        raise self.unexpected()

    def bad_script(self) -> FormulaError | UnsupportedError:
        """The error for a superscript without a meaning."""
        token = self.token
        if token.kind in ("*", "cmd", "top", "+", "-"):
            shown = self.text[token.start : token.end]
            return self.unsupported(
                f"the superscript {shown}",
                token,
                r"Superscripts are ^T, ^{-1}, ^{-T}, a number, and \odot with a number.",
            )
        if token.kind in ("'", "prime"):
            return self.fail("a prime stands as a superscript", token.start, token.end, "Type it after the symbol: x'.")
        return self.unexpected()

    def unexpected(self) -> FormulaError:
        """The error for a token that cannot stand where it stands."""
        token = self.token
        shown = self.text[token.start : token.end]
        message, hint = f"the sign {shown} does not fit here", "Remove it, or type what is missing beside it."
        before = self.tokens[self.at - 1].kind if self.at else ""
        if token.kind == "end":
            message, hint = (
                "the formula ends where a factor is missing",
                "Type the missing factor, or remove the sign before.",
            )
        elif token.kind in (")", "]", "}", "rbrace", "rangle"):
            if before in ("+", "-", "cdot", "/", "odot", "otimes", "oslash", "(", "[", "lbrace", "{", "langle", ","):
                message, hint = f"something is missing before {shown}", "Type the missing part."
            else:
                message, hint = f"this {shown} closes nothing", "Remove it, or add the missing bracket before."
        elif token.kind == "=":
            message, hint = "an equation is not a formula", "Type only the right-hand side."
        elif token.kind == "*":
            message = "the sign * belongs to the plain spelling, which has no backslash and no braces"
            hint = r"Write \lambda x by putting the factors side by side, or everything plain: lambda*x."
        elif token.kind == ",":
            message, hint = "a comma stands between two parts of the formula", "Write decimals with a point, 0.5."
        elif token.kind in ("<", ">"):
            message, hint = f"the sign {shown} is a relation", r"Write an inner product as \langle a, b\rangle."
        elif token.kind in ("+", "-") and before:
            message, hint = "two signs stand side by side", "Put the signed part in brackets."
        elif token.kind == "top":
            message, hint = (
                "T is the transpose sign and stands only in an exponent",
                "Write x^T; name the symbol otherwise.",
            )
        elif token.kind == "!":
            message, hint = "docgen does not read the factorial", "Write the number."
        return self.fail(message, token.start, token.end, hint)


_READERS: dict[str, Callable[[Atoms], Term]] = {
    "num": Atoms.numeral_atom,
    "let": Atoms.symbol,
    "fun": Atoms.function,
    "ones": Atoms.special,
    "zeros": Atoms.special,
    **dict.fromkeys(_CLOSING, Atoms.group),
    "frac": Atoms.fraction,
    "sqrt": Atoms.root,
    "total": Atoms.total,
    "langle": Atoms.inner,
    "norm": Atoms.bars,
    "|": Atoms.bars,
}
