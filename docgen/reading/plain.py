"""The plain grammar, the habit from matrixcalculus.org: ``x'*A*x``, ``norm2(A*x-b)^2``, ``sum(exp(-y.*(X*w)))``."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction

from docgen.errors import FormulaError, UnsupportedError
from docgen.reading.characters import BRACKETS, strange, too_deep
from docgen.reading.declarations import Declarations
from docgen.reading.grammar import Grammar
from docgen.reading.names import identifier, nearest
from docgen.reading.syntax import Term, number
from docgen.reading.tokens import LOOKAHEAD, Token
from docgen.reading.words import FUNCTIONS, GREEK, LETTERS, PLAIN_ONLY, UNICODE

_PIECE = re.compile(
    r"\s*(?:(?P<num>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|(?P<name>[A-Za-z][A-Za-z0-9]*(?:_[A-Za-z0-9]+)*)"
    r"|(?P<sign>\*\*|\.\*|\./|\.\^|\.'|[-+−*/^'(),=\[\]|<>;:@!]))",
    re.ASCII,
)
_BOTH = "Write every product with *, as in x'*A*x, or type the formula in LaTeX, as in x^T A x."
_INSTEAD = {"**": "Write a power with ^.", "@": "Write a product with *."}
#: What to type instead of a function that the plain spelling does not have, where a like name would mislead.
_CALLS = {
    **dict.fromkeys(("log2", "log_2"), "The logarithm is natural; write log(x)/log(2) for base 2."),
    **dict.fromkeys(("log10", "log_10"), "The logarithm is natural; write log(x)/log(10) for base 10."),
    "max": "For max(0, x) write relu(x).",
    "norm": "The norm of a vector or the Frobenius norm of a matrix is norm2(x).",
    "dot": "Write an inner product as inner(a, b).",
    "transpose": "Write a transpose as x'.",
    "ones": "Write the vector of ones as vector(1).",
}


def tokenize(text: str) -> list[Token]:
    """The tokens of a plain formula, closed by some of kind ``end``."""
    tokens, at, end = [], 0, len(text.rstrip())
    while at < end:
        found = _PIECE.match(text, at)
        if found is None:
            while text[at].isspace():
                at += 1
            if UNICODE.get(text[at]) in LETTERS:
                tokens.append(Token("name", UNICODE[text[at]], at, at + 1))
                at += 1
                continue
            raise strange(text, at)
        kind = found.lastgroup or ""
        piece, start = found[kind], found.start(kind)
        sign = {"−": "-", ".'": "'"}.get(piece, piece)
        tokens.append(Token(sign if kind == "sign" else kind, piece, start, found.end()))
        at = found.end()
    return [*tokens, *[Token("end", "", end, end + 1)] * LOOKAHEAD]


class Plain(Grammar):
    """A parser of precedence: sums, then products and quotients from left to right, then transposes and powers."""

    plain = True

    def __init__(self, text: str, declared: Declarations, variable: str | None) -> None:
        super().__init__(text, tokenize(text), declared, variable)

    def term(self) -> Term:
        """Products and quotients, all of one precedence, from left to right."""
        items, flags, op = [self.operand()], [False], "mul"
        while self.token.kind in ("*", "/", ".*", "./"):
            sign = self.take().kind
            entrywise = sign[0] == "."
            if sign == "/" or (entrywise and op == "mul" and len(items) > 1) or (not entrywise and op == "had"):
                items, flags, op = [self.closed(op, items, flags)], [False], "mul"
            following = self.operand()
            if sign == "/":
                items = [self.quotient(items[0], following, items[0].start, following.end)]
                continue
            op = "had" if entrywise else "mul"
            items.append(following)
            flags.append(sign == "./")
        return self.closed(op, items, flags)

    def closed(self, op: str, items: list[Term], flags: list[bool]) -> Term:
        """The factors read so far as one term."""
        if op == "mul" or len(items) == 1:
            return self.product(items)
        return Term("had", tuple(items), tuple(flags), items[0].start, items[-1].end)

    def operand(self) -> Term:
        """A signed atom with its transposes and powers."""
        signs = []
        while self.token.kind in ("+", "-"):
            signs.append(self.take())
            if len(signs) > BRACKETS:
                raise too_deep(self.text, signs[-1].start)
        term = self.postfix(self.atom())
        for sign in reversed(signs):
            if sign.kind == "-":
                term = Term("neg", (term,), None, sign.start, term.end)
        if self.token.kind in ("num", "name", "("):
            before, here = self.tokens[self.at - 1], self.token
            what = "after a transpose ' comes a factor" if before.kind == "'" else "two factors stand side by side"
            raise self.fail(f"{what} without a *", before.start, here.end, _BOTH)
        return term

    def postfix(self, term: Term) -> Term:
        """Transposes and powers after an atom."""
        count = 0
        while self.token.kind in ("'", "^", ".^"):
            token, count = self.take(), count + 1
            if count > BRACKETS:
                raise too_deep(self.text, token.start)
            if token.kind == "'":
                term = Term("T", (term,), None, term.start, token.end)
            elif token.kind == "^" and self.token.text == "T":
                term = Term("T", (term,), None, term.start, self.take().end)
            else:
                exponent = self.exponent()
                end = self.tokens[self.at - 1].end
                term = self.powered(term, "pow" if token.kind == "^" else "hadpow", exponent, end)
        return term

    def exponent(self) -> Fraction:
        """A number, maybe with a sign or in brackets."""
        negative = False
        if self.token.kind in ("+", "-"):
            negative = self.take().kind == "-"
        term = self.atom()
        value = number(term)
        if value is None:
            raise self.symbolic_exponent(term)
        return -value if negative else value

    def atom(self) -> Term:
        """A number, a symbol, a function with its arguments, or a bracket."""
        token = self.take()
        if token.kind == "num":
            if len(token.text.lower().partition("e")[2]) > 3:  # such a power of ten takes long to write out
                raise self.fail("this number is too large or too small", token.start, token.end, "Give it a name.")
            return self.numeral(token)
        if token.kind == "(":
            (inside,) = self.bracketed(token, 1, "")
            return replace(inside, start=token.start, end=self.tokens[self.at - 1].end)
        if token.kind == "name":
            return self.name(token)
        self.at -= 1
        raise self.unexpected()

    def bracketed(self, opening: Token, count: int, word: str) -> list[Term]:
        """``count`` expressions between commas, up to the bracket that closes ``opening``."""
        self.enter(opening)
        found = [self.expression()]
        while self.token.kind == "," and word:
            self.take()
            found.append(self.expression())
        if self.token.kind == "end":
            raise self.fail("this ( is never closed", opening.start, opening.end, "Add the missing ).")
        if self.token.kind != ")":
            raise self.unexpected()
        end = self.take().end
        self.leave()
        if len(found) != count:
            needs = "one argument" if count == 1 else f"{count} arguments"
            shown = f"{word}(…)" if count == 1 else f"{word}(a, b)"
            raise self.fail(f"{word} takes {needs}, not {len(found)}", opening.start, end, f"Write {shown}.")
        return found

    def name(self, token: Token) -> Term:
        """A symbol, a constant or a function."""
        word, name = token.text, identifier(token.text)
        call = self.token.kind == "("
        if name in self.known:
            return self.named(name, token.start, token.end)
        if call and (word in FUNCTIONS or word in ("sigma", "gamma", *PLAIN_ONLY)):
            return self.function(token)
        if word == "eye" or name == "I":
            return Term(
                "eye",
                (),
                (self.order(),) if call and word == "eye" else None,
                token.start,
                self.tokens[self.at - 1].end,
            )
        if name == "\\pi":
            return Term("pi", (), None, token.start, token.end)
        if name in self.sizes:
            return self.named(name, token.start, token.end)
        if word in FUNCTIONS or word in PLAIN_ONLY:
            raise self.fail(f"the argument of {word} is missing", token.start, token.end, f"Write {word}(…).")
        if call and len(word) > 1 and word not in GREEK:
            near = nearest(word, [*FUNCTIONS, *PLAIN_ONLY, "eye"], 0.55)
            hint = _CALLS.get(word, f"Did you mean {near}?" if near else "Write the formula without it.")
            raise self.fail(f"there is no function {word}", token.start, token.end, hint)
        if call:
            raise self.call_of_letter(name, token.start, token.end)
        if (
            not self.declared.shapes
            and not re.fullmatch(r"[A-Za-z]\d*(_\w+)?", word)
            and word.partition("_")[0] not in LETTERS
        ):
            raise self.fail(
                f"{word} is not declared, and a name of several letters needs it",
                token.start,
                token.end,
                f"Write a product with *, as in {'*'.join(word[:3])}, or declare the shape of {word}.",
            )
        return self.named(name, token.start, token.end)

    def order(self) -> str:
        """The order in ``eye(n)``."""
        opening = self.take()
        token = self.take()
        if token.kind not in ("name", "num") or self.token.kind != ")":
            raise self.fail("eye takes one size", opening.start, token.end, "Write eye, or eye(n).")
        self.take()
        return identifier(token.text)

    def function(self, token: Token) -> Term:
        """A function with its arguments in brackets."""
        word = {"sigma": "sigmoid", "gamma": "tgamma"}.get(token.text, token.text)
        found = self.bracketed(self.take(), PLAIN_ONLY.get(word, 1), word)
        end = self.tokens[self.at - 1].end
        if word == "vector":
            value = number(found[0])
            if value not in (0, 1):
                raise self.fail(
                    "vector takes the number 1 or 0",
                    token.start,
                    end,
                    "Write c*vector(1) for the vector of equal entries c.",
                )
            return Term("ones" if value else "zeros", (), None, token.start, end)
        if word in FUNCTIONS:
            return self.applied(word, found[0], token.start, end)
        op, data = {
            "inv": ("pow", Fraction(-1)),
            "sqrt": ("root", Fraction(1, 2)),
            "norm1": ("norm", "1"),
            "norm2": ("norm", ""),
            "inner": ("inner", None),
            "kron": ("kron", None),
        }[word]
        return Term(op, tuple(found), data, token.start, end)

    def unexpected(self) -> FormulaError | UnsupportedError:
        """The error for a token that cannot stand where it stands."""
        token = self.token
        if token.kind == "*" and self.at and self.tokens[self.at - 1].kind == "^":
            return self.unsupported("the superscript *", token, "For real matrices write the transpose, A' or A^T.")
        if token.kind == "end":
            return self.fail(
                "the formula ends where a part of it is missing",
                token.start,
                token.end,
                "Type the missing part, or remove the sign before it.",
            )
        if token.kind == ")":
            before = self.tokens[self.at - 1].kind if self.at else ""
            if before in ("(", ",", "+", "-", "*", "/", ".*", "./", "^", ".^"):
                return self.fail(
                    f"something is missing before {token.text}", token.start, token.end, "Type the missing part."
                )
            return self.fail("this ) closes nothing", token.start, token.end, "Remove it, or add the missing (.")
        if token.kind == ",":
            return self.fail(
                "a comma stands between two parts of the formula",
                token.start,
                token.end,
                "Only inner(a, b) and kron(A, B) have a comma; write decimals with a point, 0.5.",
            )
        hint = _INSTEAD.get(token.kind, "The signs of the plain spelling are + - * / .* ./ ' ^ .^ and round brackets.")
        return self.fail(f"the sign {token.text} does not fit here", token.start, token.end, hint)
