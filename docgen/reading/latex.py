"""The LaTeX grammar: sums, then Hadamard and Kronecker products, then products by juxtaposition and quotients, then
scripts. What a letter or a bar means depends on what is declared and on the brackets around it."""

from __future__ import annotations

import re
from fractions import Fraction

from docgen.errors import DocgenError
from docgen.reading.characters import BRACKETS, too_deep
from docgen.reading.declarations import Declarations, size_name
from docgen.reading.factors import Factors
from docgen.reading.syntax import Term, number
from docgen.reading.tokens import spell, tokenize

_BRACES = frozenset(("add", "neg", "had", "kron"))
#: What shows that no index was typed after the sign _.
_AFTER_NO_INDEX = frozenset(("end", "+", "-", "=", ",", ")", "]", "}"))


class Latex(Factors):
    """A parser of precedence over LaTeX tokens; what begins a factor is read in :mod:`docgen.reading.factors`."""

    def __init__(self, text: str, declared: Declarations, variable: str | None) -> None:
        super().__init__(text, tokenize(text), declared, variable)
        self.sizes |= self.limits()
        self.words = self.declared_words()

    def declared_words(self) -> tuple[tuple[str, str], ...]:
        """Declared names of several characters, as they are typed, with the canonical name; longest first."""
        words = {name.lstrip("\\"): name for name in self.known}  # \theta may also be typed theta
        words |= {self.declared.spelled.get(name, name): name for name in self.known}
        plain = [(typed, name) for typed, name in words.items() if re.fullmatch(r"[A-Za-z][A-Za-z0-9]+", typed)]
        return tuple(sorted(plain, key=lambda pair: -len(pair[0])))

    def limits(self) -> frozenset[str]:
        """The size symbols that bound the sums of the formula."""
        found = set()
        for at, token in enumerate(self.tokens):
            self.at = at + 1
            while token.kind == "total" and self.token.kind in ("_", "^"):
                sign, spelled = self.take().kind, spell(self.script_tokens())
                if sign == "^":
                    found.add(self.size(spelled))
        self.at = 0
        return frozenset(name for name in found if name and not name.isdigit())

    @staticmethod
    def size(spelled: str) -> str:
        """The canonical name of a size, empty where it is not one."""
        if spelled.isdigit():
            return spelled
        try:
            return size_name(spelled)
        except DocgenError:
            return ""

    # ---- sums and products -------------------------------------------------------------------------------------

    def term(self) -> Term:
        """Hadamard and Kronecker products, which bind weaker than juxtaposition."""
        first = self.run()
        if self.token.kind not in ("odot", "oslash", "otimes"):
            return first
        factors, flags = [first], [False]
        kronecker = self.token.kind == "otimes"
        while self.token.kind in ("odot", "oslash", "otimes"):
            sign = self.take()
            if (sign.kind == "otimes") != kronecker:
                raise self.fail(
                    "\\odot and \\otimes stand side by side without brackets",
                    sign.start,
                    sign.end,
                    "Put the inner one in brackets.",
                )
            factors.append(self.run())
            flags.append(sign.kind == "oslash")
        return Term(
            "kron" if kronecker else "had",
            tuple(factors),
            None if kronecker else tuple(flags),
            first.start,
            factors[-1].end,
        )

    def run(self, argument: bool = False) -> Term:
        """Factors side by side, with ``\\cdot`` and quotients; as the ``argument`` of a function without brackets it
        ends at those and at the next function name."""
        factors: list[Term] = []
        divided = False  # whether a quotient of more than numbers stands last: what follows it would be ambiguous
        while True:
            token = self.token
            if factors and divided:
                raise self.fail(
                    "a factor after a quotient with / can be read in two ways",
                    factors[-1].start,
                    token.end,
                    r"Write \frac{a}{b} c or \frac{a}{b c}, or use brackets.",
                )
            if token.kind == "num" and factors and self.ends_in_digits(factors[-1]):
                raise self.fail(
                    "two numbers stand side by side", factors[-1].start, token.end, r"Write their product with \cdot."
                )
            factor = self.operand()
            if token.kind == "{" and factor.op in _BRACES and (factors or self.starts()):
                raise self.fail(
                    "a sum in braces stands beside a factor, and braces are not printed",
                    factor.start,
                    factor.end,
                    "Use round brackets.",
                )
            if token.kind == "{" and factor.op == "mul":
                factors.extend(factor.args)
            else:
                factors.append(factor)
            while self.token.kind in ("cdot", "/") and not argument:
                if self.take().kind == "cdot":
                    divided = False
                    factors.append(self.operand())
                    continue
                over, under = self.product(factors), self.operand()
                factors = [self.quotient(over, under, over.start, under.end)]
                divided = factors[0].op != "num"
            if not self.starts() or (argument and self.token.kind in ("fun", "total")):
                return self.product(factors)

    def ends_in_digits(self, factor: Term) -> bool:
        """Whether a factor is a number typed as digits, which other digits would run together with."""
        return factor.op == "num" and self.text[factor.end - 1 : factor.end].isdigit()

    # ---- scripts -----------------------------------------------------------------------------------------------

    def operand(self) -> Term:
        """A factor with its scripts."""
        term = self.reader()(self)
        count = 0
        while self.token.kind in ("^", "_", "'"):
            count += 1
            if count > BRACKETS:
                raise too_deep(self.text, self.token.start)
            if self.token.kind == "'":
                raise self.fail(
                    "a prime stands after something that is not a symbol",
                    self.token.start,
                    self.token.end,
                    "In LaTeX type a transpose as ^T; in the plain spelling, where ' transposes, write * for products.",
                )
            if self.token.kind == "_":
                if self.tokens[self.at + 1].kind in _AFTER_NO_INDEX:
                    raise self.fail("an index is missing here", self.token.start, self.token.end, "Type it, as in x_i.")
                raise self.fail(
                    "an index stands here without a symbol right before it",
                    self.token.start,
                    self.token.end,
                    "Type it right after the symbol, before other scripts, and two in braces: x_i^T, a_{ij}.",
                )
            self.take()
            kind, value = self.script()
            term = self.scripted(term, kind, value)
        return term

    def scripted(self, term: Term, kind: str, value: Fraction | Term | None) -> Term:
        """A factor with one superscript."""
        end = self.tokens[self.at - 1].end
        if kind == "T":
            return Term("T", (term,), None, term.start, end)
        if kind == "inverse transpose":
            return Term("T", (Term("pow", (term,), Fraction(-1), term.start, end),), None, term.start, end)
        if isinstance(value, Term):
            raise self.symbolic_exponent(value)
        assert value is not None
        return self.powered(term, kind, value, end)

    def script(self) -> tuple[str, Fraction | Term | None]:
        """What stands in a superscript: ``T``, ``inverse transpose``, ``pow`` or ``hadpow`` with a number, or ``pow``
        with a term that is not a number. The ``^`` has been taken."""
        token = self.token
        kinds = [t.kind if t.text != "T" else "top" for t in self.tokens[self.at : self.at + 4]]
        if kinds[0] == "top":
            self.take()
            return "T", None
        if kinds[:2] == ["{", "top"] and kinds[2] in ("}", "end"):
            self.at += 2
            self.closers.append("}")
            self.close(token, "}")
            return "T", None
        if kinds == ["{", "-", "top", "}"]:
            self.at += 4
            return "inverse transpose", None
        if token.kind == "{":
            return self.braced_script()
        if token.kind == "num":
            if len(token.text) > 1:
                raise self.fail(
                    f"TeX raises only the first digit of {token.text}",
                    token.start,
                    token.end,
                    f"Write ^{{{token.text}}}, with braces.",
                )
            return "pow", self.numeral(self.take()).data
        if token.kind in ("-", "+", "("):
            raise self.fail(
                f"TeX raises only the {token.text} here",
                token.start,
                token.end,
                "Put the whole exponent in braces: ^{-1}.",
            )
        if token.kind in ("frac", "let"):
            term = self.atom()
            value = number(term)
            return "pow", term if value is None else value
        raise self.bad_script()

    def braced_script(self) -> tuple[str, Fraction | Term | None]:
        """A superscript in braces that is not a transpose."""
        opening = self.take()
        kind = "pow"
        token = self.token
        if token.kind == "odot" or (token.kind == "cmd" and token.text == "circ"):
            self.take()
            kind = "hadpow"
        elif token.kind in ("*", "top", "'", "prime", "cmd") or (
            token.kind in ("+", "-") and self.tokens[self.at + 1].kind == "}"
        ):
            raise self.bad_script()
        self.enter(opening)
        self.closers.append("}")
        term = self.expression()
        self.close(opening, "}")
        self.leave()
        value = number(term)
        if kind == "hadpow" and value is None:
            raise self.symbolic_exponent(term)
        return kind, term if value is None else value
