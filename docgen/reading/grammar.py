"""What both grammars share: the cursor over tokens, the errors with their place, scripts, quotients and names."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from fractions import Fraction

from docgen.errors import FormulaError, Place, UnsupportedError
from docgen.reading.characters import BRACKETS, too_deep
from docgen.reading.declarations import Declarations, family_index
from docgen.reading.names import nearest, sample_index
from docgen.reading.syntax import Spelling, Syntax, Term, number
from docgen.reading.tokens import Token
from docgen.reading.words import FUNCTIONS, INSTEAD, LETTERS, UNSUPPORTED

#: The largest exponent, up or down, and the most digits of a number.
LARGEST_EXPONENT = 100
MOST_DIGITS = 60


class Grammar(ABC):
    """A cursor over the tokens of one formula. ``known`` holds the names that are declared or otherwise given."""

    plain = False  # whether the spelling is the plain one

    def __init__(self, text: str, tokens: list[Token], declared: Declarations, variable: str | None) -> None:
        self.text = text
        self.tokens = tokens
        self.at = 0
        self.declared = declared
        self.known: frozenset[str] = declared.names | ({variable} if variable else frozenset())
        self.sizes: frozenset[str] = declared.sizes
        self.spelling = Spelling()
        self.depth = 0
        self.bound: dict[str, str] = {}  # the indices of the sums around, each with its count
        self.equation = False  # whether signs of equality may stand between formulas

    @abstractmethod
    def term(self) -> Term:
        """A product of any kind."""

    @abstractmethod
    def unexpected(self) -> FormulaError | UnsupportedError:
        """The error for a token that cannot stand where it stands."""

    def parse(self) -> Syntax:
        """The whole formula."""
        self.refuse_equation()
        root = self.sides()
        if self.token.kind != "end":
            raise self.unexpected()
        return Syntax(self.text, root, self.spelling, self.sizes, plain=self.plain)

    def expression(self) -> Term:
        """A sum of signed terms."""
        terms = []
        while True:
            start, negative = self.token.start, False
            if self.token.kind in ("+", "-"):
                negative = self.take().kind == "-"
            term = self.term()
            terms.append(Term("neg", (term,), None, start, term.end) if negative else term)
            if self.token.kind not in ("+", "-"):
                break
        return terms[0] if len(terms) == 1 else Term("add", tuple(terms), None, terms[0].start, terms[-1].end)

    # ---- the cursor --------------------------------------------------------------------------------------------

    @property
    def token(self) -> Token:
        return self.tokens[self.at]

    def take(self) -> Token:
        token = self.tokens[self.at]
        self.at += 1
        return token

    def enter(self, token: Token) -> None:
        """Go one level deeper; refuse what no reader could follow."""
        self.depth += 1
        if self.depth > BRACKETS:
            raise too_deep(self.text, token.start)

    def leave(self) -> None:
        self.depth -= 1

    # ---- errors ------------------------------------------------------------------------------------------------

    def place(self, start: int, end: int) -> Place:
        return Place(formula=self.text, start=start, end=max(end, start + 1))

    def fail(self, message: str, start: int, end: int, hint: str) -> FormulaError:
        return FormulaError(message, hint=hint, place=self.place(start, end))

    def refuse_equation(self) -> None:
        """An equality sign outside braces (the limits of a sum) makes an equation."""
        if self.equation:
            return
        depth = 0
        for token in self.tokens:
            depth += (token.kind == "{") - (token.kind == "}")
            if token.kind == "=" and depth == 0:
                raise self.fail(
                    "an equation is not a formula", token.start, token.end, "Type only the right-hand side."
                )

    def sides(self) -> Term:
        """The formula, or the sides of an equation where one is read."""
        found = [self.expression()]
        while self.equation and self.token.kind == "=":
            self.take()
            found.append(self.expression())
        if not self.equation:
            return found[0]
        if len(found) == 1:
            raise self.fail(
                "this is no equation: it has no sign =", 0, len(self.text), r"Type both sides, as in A^{-1} A = I."
            )
        return Term("equation", tuple(found), None, found[0].start, found[-1].end)

    def unsupported(self, what: str, token: Token, hint: str) -> UnsupportedError:
        return UnsupportedError(f"docgen does not read {what}", hint=hint, place=self.place(token.start, token.end))

    def unknown_command(self, token: Token) -> FormulaError | UnsupportedError:
        """The error for a command or an upright word without a meaning here."""
        word, shown = token.text, self.text[token.start : token.end]
        if word in UNSUPPORTED:
            hint = INSTEAD.get(word, "Write the formula without it; `docgen rules` lists what docgen differentiates.")
            return self.unsupported(f"{shown}, {UNSUPPORTED[word]}", token, hint)
        signs = ("frac", "sqrt", "sum", "langle", "rangle", "cdot", "odot", "otimes")
        near = nearest(word, [*FUNCTIONS, *LETTERS, *signs], 0.55)
        hint = f"Did you mean {self.typed_like(near, token)}?" if near else "Write the formula without it."
        if shown == f"\\{word}" and word.isalpha():
            hint += f" A spec file may define it: macros: {{{word}: …}}"
        return self.fail(f"{shown} is not known", token.start, token.end, hint)

    def typed_like(self, word: str, token: Token) -> str:
        """A word in the spelling that the formula uses."""
        if self.text[token.start] != "\\":
            return word
        upright = {"vec", "sum", "expm", "diag", "softmax", "adj", "relu", "sign", "sigmoid", "abs"}
        return f"\\operatorname{{{word}}}" if word in upright else f"\\{word}"

    # ---- terms -------------------------------------------------------------------------------------------------

    def numeral(self, token: Token) -> Term:
        """A number; decimal fractions are exact."""
        if len(token.text) > MOST_DIGITS:
            raise self.fail(
                f"this number has more than {MOST_DIGITS} digits",
                token.start,
                token.end,
                "Give it a name, or round it.",
            )
        value = Fraction(token.text)
        if max(abs(value.numerator), value.denominator) > 10**MOST_DIGITS:
            raise self.fail("this number is too large or too small", token.start, token.end, "Give it a name.")
        return Term("num", (), value, token.start, token.end)

    def product(self, factors: Sequence[Term]) -> Term:
        """Factors side by side."""
        if len(factors) == 1:
            return factors[0]
        return Term("mul", tuple(factors), None, factors[0].start, factors[-1].end)

    def quotient(self, over: Term, under: Term, start: int, end: int) -> Term:
        """A fraction; of two numbers it is a number."""
        above, below = number(over), number(under)
        if below == 0:
            raise self.fail("a division by zero", under.start, under.end, "Correct the denominator.")
        if above is not None and below is not None:
            return Term("num", (), above / below, start, end)
        return Term("div", (over, under), None, start, end)

    def powered(self, base: Term, op: str, exponent: Fraction, end: int) -> Term:
        """A power with a number in the exponent."""
        if max(abs(exponent), Fraction(exponent.denominator)) > LARGEST_EXPONENT:
            raise self.fail(
                f"the exponent {exponent} is too large: docgen reads exponents up to {LARGEST_EXPONENT}",
                base.end,
                end,
                "Use a smaller exponent.",
            )
        return Term(op, (base,), exponent, base.start, end)

    def symbolic_exponent(self, term: Term) -> UnsupportedError:
        """The error for an exponent that is not a number."""
        written = "exp(b*log(a))" if self.plain else r"\exp(b \log a)"
        return UnsupportedError(
            "docgen does not read a power whose exponent is not a number",
            hint=f"Put a number in the exponent, or write a^b as {written} where a and b are scalars.",
            place=self.place(term.start, term.end),
        )

    def applied(self, word: str, argument: Term, start: int, end: int) -> Term:
        """A function from the table applied to its argument."""
        op, data = FUNCTIONS[word]
        if op == "logdet":
            inside = Term("det", (argument,), None, start, end)
            return Term("fn", (inside,), "log", start, end)
        if data == "log":
            self.spelling.log = self.spelling.log or ("\\ln" if word == "ln" else "\\log")
        if data == "exp":
            self.spelling.exp = self.spelling.exp or "function"
        return Term(op, (argument,), data or None, start, end)

    def named(self, name: str, start: int, end: int) -> Term:
        """A symbol; a member of a family where its index is bound by a sum or where it was declared so."""
        index = sample_index(name)
        if index is not None and index not in self.bound:
            index = family_index(name, self.declared)
        elif index is not None and name not in self.known:
            base = self.component_of(name)
            if base is not None:
                array = Term("name", (), (base, None), start, end)
                return Term("component", (array,), (index, self.bound[index]), start, end)
            self.check_member(name, index, start, end)
        if name in self.bound:
            raise self.fail(
                f"the index {name} of the sum stands here as a value",
                start,
                end,
                f"Use {name} only as an index, as in x_{name}.",
            )
        if name == "T":
            raise self.fail(
                "T stands here as a symbol, but it is the transpose sign",
                start,
                end,
                "Name the symbol otherwise, for example S; a transpose is ^T alone, as in (A^2)^T.",
            )
        return Term("name", (), (name, index), start, end)

    def component_of(self, name: str) -> str | None:
        """The declared symbol that x_i is a component of, i being bound by a sum; None for any other name."""
        index = sample_index(name)
        base = name.removesuffix(f"_{index}")
        return base if index in self.bound and name not in self.known and base in self.known else None

    def check_member(self, name: str, index: str, start: int, end: int) -> None:
        """Refuse a member of a family that is declared under another index."""
        base = name.removesuffix(f"_{index}").removesuffix(f"^{{({index})}}")
        for other in sorted(self.known):
            at = sample_index(other)
            if at and at != index and other.removesuffix(f"_{at}").removesuffix(f"^{{({at})}}") == base:
                raise self.fail(
                    f"the family is declared by its member {other}, but this sum runs over {index}",
                    start,
                    end,
                    f"Write the sum over {at}, or declare {name}.",
                )

    def call_of_letter(self, name: str, start: int, end: int) -> FormulaError:
        """The error for an undeclared letter before a bracket: a function or a product, nobody can know."""
        product = f"{name}*(…)" if self.plain else f"{name} \\cdot (…)"
        cure = f"Declare the shape of {name}" if self.declared.shapes else f"Write {product}, or declare {name}"
        return self.fail(
            f"{name} stands before a bracket and is not declared: it may be a function or a factor",
            start,
            end,
            f"{cure}, if {name}(…) is a product; instead of a function, type its formula.",
        )
