r"""A formula as NumPy source (CONTRACT section 5).

Vectors are arrays (n, 1), matrices 2-D, scalar symbols floats; the value of a scalar formula is a float or an array
(1, 1). Such a value cannot stand beside ``@``, so it multiplies by ``*``, and a product is cut wherever a piece of it
is 1 x 1. What is not carried out, d(e), is written ``D(lambda x: e)``; inside another lambda it says ``at=x``.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from fractions import Fraction

from docgen.algebra.functions import FUNCTIONS
from docgen.algebra.node import Node, product_shape, walk
from docgen.algebra.sizes import SCALAR, Shape, Size


class Level(IntEnum):
    """Python's precedence, from the loosest."""

    SUM = 0
    PRODUCT = 1  # * / @ and the unary minus
    POWER = 2
    ATOM = 3


@dataclass(frozen=True, slots=True)
class Code:
    """Source and its precedence; ``matrix``: a product with ``@``, bracketed as a factor so that it can be read."""

    text: str
    level: Level = Level.ATOM
    matrix: bool = False

    def at_least(self, level: Level) -> str:
        return self.text if self.level >= level else f"({self.text})"


#: Operators with one argument: ``{}`` stands for it, ``{atom}`` for it in brackets unless it is a name or a call.
UNARY = {
    "tr": "np.trace({})",
    "det": "np.linalg.det({})",
    "inv": "np.linalg.inv({})",
    "adj": "(lambda a: np.array([[(-1) ** (i + j) * np.linalg.det(np.delete(np.delete(a, j, 0), i, 1))"
    " for j in range(len(a))] for i in range(len(a))]))({})",
    "expm": "expm({})",
    "diag": "np.diagflat({})",
    "dg": "np.diag({}).reshape(-1, 1)",
    "vec": '{atom}.reshape(-1, 1, order="F")',
    "sum": "np.sum({})",
    "norm": "np.sqrt(np.sum({atom}**2))",
    "normsq": "np.sum({atom}**2)",
    "norm1": "np.sum(np.abs({}))",
    "softmax": "(lambda u: np.exp(u) / np.sum(np.exp(u)))({})",
}

#: The same of a scalar, where matrix functions would refuse a float.
UNARY_OF_SCALAR = UNARY | {
    "tr": "{atom}",
    "det": "{atom}",
    "inv": "(1 / {atom})",
    "adj": "1.0",
    "expm": "np.exp({})",
    "diag": "{atom}",
    "dg": "{atom}",
    "vec": "{atom}",
}

#: Names that mean something else where the source is evaluated.
RESERVED = frozenset({"np", "D", "P", "G", "J", "expm", "sum", "range", "len", "lambda"})

TERMS_IN_A_ROW = 400  # Python's compiler follows a sum term by term; longer ones are bracketed in groups


def numpy_code(node: Node, names: Mapping[str, str], variable: str | None = None) -> str:
    """NumPy source of ``node``.

    ``names`` maps each symbol as spelled to its identifier; ``variable`` is the spelling of the symbol with respect to
    which an unexpanded differential is taken (needed only where there is one).
    """
    writer = _Writer(names, variable, size_names([node]))
    for at in walk(node):
        writer.take(at)
    return writer.code(node, inside=False).text


def names(symbols: Iterable[Node], sizes: Iterable[str] = ()) -> dict[str, str]:
    r"""A Python identifier for each symbol, by its spelling: ``\lambda`` is ``lambda_``, ``\hat y`` is ``y_hat``.

    Reserved names, the names of the sizes and ``d_*`` never come out; a ``_`` is appended until a name is free.
    """
    taken = {size.lstrip("\\") for size in sizes} | RESERVED
    found: dict[str, str] = {}
    for node in symbols:
        spelled = node.data.name
        if spelled in found:
            continue
        name = identifier(spelled)
        if re.match(r"d2?_", name):
            name = name.replace("_", "", 1) + "_"
        name = _free(name, taken)
        taken.add(name)
        found[spelled] = name
    return found


def identifier(spelled: str) -> str:
    r"""The spelling of a symbol as a Python identifier: ``x^{(i)}`` is ``x_i``, ``w'`` is ``w_prime``."""
    accented = re.sub(r"\\(hat|bar|tilde|dot|ddot|vec|check|breve)\s*\{?\s*(\\?[A-Za-z]+)\}?", r"\2_\1", spelled)
    plain = accented.replace("'", "_prime").replace("\\", "")
    words = [word for word in re.split(r"[^0-9A-Za-z]+", plain) if word]
    name = "_".join(words) or "symbol"
    return f"v{name}" if name[0].isdigit() else name


def index_name(index: str, taken: Mapping[str, str], sizes: Iterable[str] = ()) -> str:
    """The Python name of a sample index: its own, with ``_`` appended while a symbol or a size bears it."""
    used = {*taken.values(), *(size.lstrip("\\") for size in sizes)} | RESERVED
    return _free(identifier(index), used)


def _free(name: str, taken: Container[str]) -> str:
    """The name with ``_`` appended until it is neither taken nor a word of Python."""
    while name in taken or keyword.iskeyword(name):
        name += "_"
    return name


def size_names(nodes: Iterable[Node]) -> list[str]:
    """The size symbols that occur in formulas, in order of appearance."""
    found: dict[str, None] = {}
    for node in (at for whole in nodes for at in walk(whole)):
        for side in (node.shape.rows, node.shape.cols, *([node.data.count] if node.op == "total" else [])):
            found.update(dict.fromkeys(side.symbols))
    return list(found)


class _Writer:
    """Writes nodes from the leaves up. A node that holds a differential has two spellings, outside and inside a
    lambda; all others have one."""

    def __init__(self, names: Mapping[str, str], variable: str | None, sizes: Sequence[str]) -> None:
        self.names = names
        self.variable = variable
        self.sizes = sizes
        self.outside: dict[int, Code] = {}
        self.inside: dict[int, Code] = {}

    def take(self, node: Node) -> None:
        """Write a node whose arguments are written."""
        self.outside[id(node)] = self._write(node, inside=False)
        if node.op in ("d", "grad", "jac") or any(id(a) in self.inside for a in node.args):
            self.inside[id(node)] = self._write(node, inside=True)

    def code(self, node: Node, inside: bool) -> Code:
        found = self.inside.get(id(node)) if inside else None
        return found or self.outside[id(node)]

    def _write(self, node: Node, inside: bool) -> Code:
        args = [self.code(a, inside) for a in node.args]
        if node.op in UNARY:
            row = UNARY_OF_SCALAR if node.args[0].is_scalar else UNARY
            return _filled(row[node.op], args[0])
        match node.op:
            case "sym":
                return self._symbol(node)
            case "num":
                return _number(node.data)
            case "const":
                return Code("np.pi" if node.data == "pi" else "np.e")
            case "dim":
                return Code(str(node.data), Level.PRODUCT if "*" in str(node.data) else Level.ATOM)
            case "eye":
                return Code(f"np.eye({node.shape.rows})")
            case "zeros" | "ones":
                return Code(f"np.{node.op}({_pair(node.shape)})")
            case "commutation":
                return _commutation(*node.data)
            case "add":
                return _sum(args)
            case "mul":
                return self._product(node, inside)
            case "had":
                return self._hadamard(node, inside)
            case "kron":
                return Code(f"np.kron({args[0].text}, {args[1].text})")
            case "T":
                return args[0] if node.is_scalar else Code(f"{args[0].at_least(Level.ATOM)}.T")
            case "unvec":
                rows, cols = node.shape.rows, node.shape.cols
                return Code(f'{args[0].at_least(Level.ATOM)}.reshape({rows}, {cols}, order="F")')
            case "inner":
                return _inner(node.args[0].shape, *args)
            case "fn":
                return _filled(FUNCTIONS[node.data].numpy, args[0])
            case "pow":
                return _power(args[0], node.data)
            case "mpow":
                return _matrix_power(node, args[0])
            case "total":
                return self._total(node, args[0])
            case "d":
                return self._differential(node, inside)
            case "entry":
                place = ", ".join("0" if index is None else index for index in node.data[:2])  # a vector has a 0 across
                return Code(f"{args[0].at_least(Level.ATOM)}[{place}]")
            case "delta":
                return Code(f"({node.data[0]} == {node.data[1]})")
            case "alternating":
                return Code(f"(-1)**({node.data[0]} + {node.data[1]})", Level.POWER)
            case "minor":
                row, col, _ = node.data
                return Code(f"np.linalg.det(np.delete(np.delete({args[0].text}, {row}, 0), {col}, 1))")
            case "partial":
                return self._partial(node, inside)
            case "grad" | "jac":
                name = self.names[node.data.data.name]
                helper, at = "G" if node.op == "grad" else "J", f", at={name}" if inside else ""
                return Code(f"{helper}(lambda {name}: {self.code(node.args[0], inside=True).text}{at})")
        raise ValueError(f"no NumPy source for the operator {node.op}")

    def _symbol(self, node: Node) -> Code:
        name = self.names[node.data.name]
        if node.data.index is None:
            return Code(name)
        return Code(f"{name}[{index_name(node.data.index, self.names, self.sizes)}]")

    def _total(self, node: Node, body: Code) -> Code:
        index = index_name(node.data.index, self.names, self.sizes)
        return Code(f"sum({body.text} for {index} in range({node.data.count}))")

    def _partial(self, node: Node, inside: bool) -> Code:
        body, by = node.args
        name = self.names[by.args[0].data.name]
        where = ", ".join(index for index in by.data[:2] if index is not None)
        at = f", at={name}" if inside else ""
        return Code(f"P(lambda {name}: {self.code(body, inside=True).text}, {where}{at})")

    def _product(self, node: Node, inside: bool) -> Code:
        """Numbers and scalars by ``*`` in front, then the chain by ``@``, then what it is divided by.

        The product is read from left to right, and a piece of it that is 1 x 1 is a scalar.
        """
        number, scalars, below = Fraction(1), [], []
        chain: list[Node] = []
        for factor in node.args:
            if not factor.is_scalar:
                chain.append(factor)
                if product_shape(chain) is SCALAR:
                    scalars.append(self._chain(chain, inside))
                    chain = []
            elif factor.is_number:
                number *= factor.data
            elif factor.op == "pow" and factor.data < 0:
                below.append(_power(self.code(factor.args[0], inside), -factor.data))
            else:
                scalars.append(self.code(factor, inside))
        if chain:
            scalars.append(self._chain(chain, inside))
        return _quotient(number, scalars, below)

    def _chain(self, factors: Sequence[Node], inside: bool) -> Code:
        codes = [self.code(f, inside) for f in factors]
        if len(codes) == 1:
            return codes[0]
        parts = [c.at_least(Level.PRODUCT if k == 0 else Level.POWER) for k, c in enumerate(codes)]
        return Code(" @ ".join(parts), Level.PRODUCT, matrix=True)

    def _hadamard(self, node: Node, inside: bool) -> Code:
        above: list[Code] = []
        below: list[Code] = []
        for factor in node.args:
            divides = factor.op == "pow" and factor.data < 0
            code = self.code(factor.args[0] if divides else factor, inside)
            (below if divides else above).append(_power(code, -factor.data) if divides else code)
        text = " * ".join(c.at_least(Level.POWER) for c in above) or "1"
        return Code(text + "".join(f" / {c.at_least(Level.POWER)}" for c in below), Level.PRODUCT)

    def _differential(self, node: Node, inside: bool) -> Code:
        arg, second = node.args[0], node.data == 2
        if arg.op == "sym" and (self.variable is None or arg.data.name == self.variable):
            return Code(("d2_" if second else "d_") + self.names[arg.data.name])
        if self.variable is None:
            raise ValueError("a differential that is not carried out needs its variable")
        name = self.names[self.variable]
        function = f"lambda {name}: {self.code(arg, inside=True).text}"
        at = f", at={name}" if inside else ""
        if not second:
            return Code(f"D({function}{at})")
        # D goes along the first increment; the second goes through the Jacobian of vec.
        product = f'J({function}{at}) @ np.reshape(d2_{name}, (-1, 1), order="F")'
        return Code(f'({product}).reshape({_pair(arg.shape)}, order="F")')


def _filled(row: str, argument: Code) -> Code:
    """The row with its argument: bracketed for ``{atom}``, as it is for ``{}``."""
    return Code(row.replace("{atom}", argument.at_least(Level.ATOM)).replace("{}", argument.text))


def _number(value: Fraction) -> Code:
    if value.denominator == 1:
        return Code(str(value.numerator), Level.ATOM if value >= 0 else Level.PRODUCT)
    return Code(f"{value.numerator} / {value.denominator}", Level.PRODUCT)


def _pair(given: Shape) -> str:
    return f"({given.rows}, {given.cols})"


def _commutation(rows: Size, cols: Size) -> Code:
    """The identity with its rows in the order in which vec of the transpose takes the entries of X: row by row."""
    grid = f'np.arange({rows}*{cols}).reshape(({rows}, {cols}), order="F")'
    return Code(f"np.eye({rows}*{cols})[{grid}.ravel()]")


def _sum(terms: Sequence[Code]) -> Code:
    while len(terms) > TERMS_IN_A_ROW:
        groups = [terms[k : k + TERMS_IN_A_ROW] for k in range(0, len(terms), TERMS_IN_A_ROW)]
        terms = [Code(f"({_sum(group).text})") for group in groups]
    parts = [terms[0].text]
    for term in terms[1:]:
        text = term.at_least(Level.PRODUCT)
        parts.append(f" - {text[1:]}" if text.startswith("-") else f" + {text}")
    return Code("".join(parts), Level.SUM)


def _quotient(number: Fraction, factors: list[Code], below: list[Code]) -> Code:
    """``-2 * s * A @ x / t``: every operator has one precedence and goes from left to right."""
    sign = "-" if number < 0 else ""
    above: list[str] = []
    size = abs(number)
    if size != 1 or not factors:
        above.append(str(size.numerator))
        if size.denominator != 1:
            above[0] += f" / {size.denominator}"
    for k, factor in enumerate(factors):
        # A product may stand bare in front, and one with @ at the end: 2 * x.T @ A @ x.
        only, first, last = len(factors) == 1, not above, k == len(factors) - 1
        bare = (only and not below) or (last and not below if factor.matrix else first)
        signed = factor.text.startswith("-") and (sign or above)
        above.append(factor.at_least(Level.PRODUCT if bare and not signed else Level.POWER))
    text = sign + " * ".join(above) + "".join(f" / {c.at_least(Level.POWER)}" for c in below)
    return Code(text, Level.PRODUCT, matrix=bool(factors) and factors[-1].matrix)


def _inner(given: Shape, left: Code, right: Code) -> Code:
    if given.kind == "vector":
        return Code(f"{left.at_least(Level.ATOM)}.T @ {right.at_least(Level.POWER)}", Level.PRODUCT, matrix=True)
    product = f"{left.at_least(Level.POWER)} * {right.at_least(Level.POWER)}"
    return Code(product, Level.PRODUCT) if given is SCALAR else Code(f"np.sum({product})")


def _power(base: Code, exponent: Fraction) -> Code:
    if exponent < 0:
        return Code(f"1 / {_power(base, -exponent).at_least(Level.POWER)}", Level.PRODUCT)
    if exponent == 1:
        return base
    if exponent == Fraction(1, 2):
        return Code(f"np.sqrt({base.text})")
    above = str(exponent.numerator) if exponent.denominator == 1 else f"({exponent.numerator} / {exponent.denominator})"
    return Code(f"{base.at_least(Level.ATOM)}**{above}", Level.POWER)


def _matrix_power(node: Node, base: Code) -> Code:
    if node.is_scalar:
        return _power(base, Fraction(node.data))
    return Code(f"np.linalg.matrix_power({base.text}, {node.data})")
