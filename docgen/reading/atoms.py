"""What a factor of a LaTeX formula can be, beside brackets: a number, a fraction, a root, a symbol, a function."""

from __future__ import annotations

from abc import abstractmethod
from fractions import Fraction

from docgen.errors import UnsupportedError
from docgen.reading.brackets import ROUND, Brackets
from docgen.reading.names import names_at
from docgen.reading.syntax import Term, number, postorder
from docgen.reading.tokens import Token, spell


class Atoms(Brackets):
    """Numbers, constants, fractions, roots, symbols and functions."""

    @abstractmethod
    def atom(self) -> Term:
        """What begins here."""

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
        sides: list[list[Token]] = [[]]
        for piece in self.script_tokens():
            if piece.kind == "cmd" and piece.text == "times":
                sides.append([])
            else:
                sides[-1].append(piece)
        sizes, end = tuple(self.size(spell(side)) for side in sides), self.tokens[self.at - 1].end
        if not all(sizes) or len(sizes) > 2 or "0" in sizes:
            raise self.fail(
                "this is not a size",
                start.start,
                end,
                r"A size is one symbol or one number: \mathbf{1}_n, I_n, I_3.",
            )
        return Term(op, (), sizes, token.start, end)

    def tex_argument(self) -> Term:
        """One argument of a TeX command: something in braces, or one character."""
        token = self.token
        if token.kind == "{":
            return self.group()
        if token.kind == "num" and len(token.text) > 1:  # TeX takes one digit: \frac12 is a half
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
        if first.text == "K" and "," in name:
            sizes = tuple(self.size(side) for side in name[3:-1].split(","))  # K_{m,n}
            if len(sizes) == 2 and all(sizes) and "0" not in sizes:
                self.at = after
                return Term("commutation", (), sizes, first.start, self.tokens[after - 1].end)
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
        if name == "d" and self.declared.differentials and self.starts():
            return self.differential(first)
        if name == "e" and following == "^":
            power = self.natural_power(first)
            if power is not None:
                return power
        if name == "\\sigma" and name not in self.sizes and (following == "^" or self.starts()):
            value = self.sigmoid(first)
            if value is not None:
                return value
        if name == "\\Gamma" and name not in self.sizes and following in ROUND:
            inside = self.function_argument(name, first)
            return Term("fn", (inside,), "Gamma", first.start, self.tokens[self.at - 1].end)
        if following in ROUND and name not in self.sizes and self.component_of(name) is None:
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

    def differential(self, first: Token) -> Term:
        """``dX`` or ``d(…)``: it is taken of the next symbol, bracket, function or norm."""
        self.enter(first)
        inside = self.operand() if self.token.kind in ("norm", "|") else self.atom()
        self.leave()
        end = self.tokens[self.at - 1].end
        if any(term.op in ("d", "grad") for term in postorder(inside)):
            raise UnsupportedError(
                "docgen does not read a differential of a differential",
                hint="State the second differential as a problem: task: second_differential.",
                place=self.place(first.start, end),
            )
        if self.token.kind == "^":
            at = self.at
            self.take()
            kind, _ = self.script()
            if kind != "T":
                shown, typed = self.text[first.start : end], self.text[inside.start : inside.end].strip("()")
                power = self.text[end : self.tokens[self.at - 1].end]
                raise self.fail(
                    f"{shown}{power} can be read in two ways",
                    first.start,
                    self.tokens[self.at - 1].end,
                    f"Write d({typed}{power}) or (d{typed}){power}.",
                )
            self.at = at
        return Term("d", (inside,), None, first.start, end)

    def nabla(self, first: Token) -> Term:
        """``\\nabla_x f``: the gradient of the next bracket, function or norm by the variable below."""
        if self.token.kind != "_":
            raise self.fail(
                "it is not said by which variable this gradient is taken",
                first.start,
                first.end,
                r"Write it below: \nabla_x (…).",
            )
        self.take()
        at, inside = self.at, self.script_tokens()
        name = next((found for found, after in names_at(inside + self.tokens[-2:], 0) if after == len(inside)), "")
        if not name or inside[0].kind != "let":
            self.at = at
            raise self.unexpected()
        self.enter(first)
        body = self.operand() if self.token.kind in ("norm", "|") else self.atom()
        self.leave()
        return Term("grad", (body,), (name, None), first.start, self.tokens[self.at - 1].end)

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
            if self.token.kind not in ROUND:
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
        if self.token.kind in ROUND:
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
                r"The logarithm is natural; write \frac{\log x}{\log 2} for base 2."
                if first.text in ("log", "ln")
                else "Write the function without it.",
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
                    rf"Write \frac{{1}}{{{shown} x}} for the power, or the inverse function by its name (\arctan).",
                )
            power = value
        inside = self.function_argument(shown, first)
        term = self.applied(first.text, inside, first.start, self.tokens[self.at - 1].end)
        return term if power is None else self.powered(term, "pow", power, term.end)
