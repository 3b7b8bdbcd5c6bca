"""A solution as a NumPy program: random values of the symbols, the function, the answer, and a check by finite
differences that a reader can run without docgen."""

from __future__ import annotations

from itertools import chain, count

from docgen.algebra.node import Node, walk
from docgen.algebra.numpy_code import names, numpy_code, size_names
from docgen.algebra.sizes import Shape
from docgen.calculus.abbreviate import written_out
from docgen.calculus.derivation import Derivation, Function, Solution
from docgen.calculus.naming import parts_of
from docgen.handouts.record import samples

#: Numbers for the first sizes, before 10, 11, …: pairwise different and never 1, so that no shape fits by accident.
NUMBERS = (3, 4, 2, 5, 6, 7, 8, 9)

#: Central differences of fourth order in every entry, as columns of a matrix: the Jacobian of vec, column by column.
DIFFERENCES = '''\
def differences(f, at, h=1e-3):
    at = np.asarray(at, dtype=float)
    columns = []
    for k in range(at.size):
        e = np.zeros(at.size)
        e[k] = h
        e = e.reshape(at.shape, order="F")
        column = (8 * (f(at + e) - f(at - e)) - (f(at + 2 * e) - f(at - 2 * e))) / (12 * h)
        columns.append(np.asarray(column, dtype=float).reshape(-1, order="F"))
    return np.stack(columns, axis=1)


def agree(a, b):
    return bool(np.allclose(np.ravel(a, order="F"), np.ravel(b, order="F"), rtol=1e-5, atol=1e-7))'''

#: Tasks whose answer is a derivative that differences can check.
CHECKED = frozenset({"gradient", "jacobian", "hessian"})


def preamble() -> str:
    """The cell that every notebook begins with."""
    return f"import numpy as np\n\nrng = np.random.default_rng(0)\n\n\n{DIFFERENCES}"


def sizes_of(function: Function) -> list[str]:
    """The size symbols of a function, in order of appearance."""
    return list(dict.fromkeys(name.lstrip("\\") for name in size_names([*function.symbols, function.formula])))


def counts_of(function: Function) -> dict[str, str]:
    """For each family, the Python expression of the number of its members."""
    found: dict[str, str] = {}
    for node in walk(function.formula):
        if node.op == "total":
            for inside in walk(node.args[0]):
                if inside.op == "sym" and inside.data.index == node.data.index:
                    found[inside.data.name] = str(node.data.count)
    return found


def values(function: Function) -> str:
    """Random values of all symbols that keep the assumptions."""
    sizes, counts = sizes_of(function), counts_of(function)
    known = names(function.symbols, sizes)
    rows = [f"{name} = {number}" for name, number in zip(sizes, chain(NUMBERS, count(10)), strict=False)]
    for symbol in function.symbols:
        rows += _draw(symbol, known[symbol.data.name], counts.get(symbol.data.name))
    return "\n".join(rows)


def _draw(symbol: Node, name: str, members: str | None) -> list[str]:
    """The lines that draw a symbol, or so many ``members`` of a family."""
    said, shape = symbol.data.assumptions, symbol.shape
    pair = _pair(shape)
    if members is not None:
        size = f"({members},)" if symbol.is_scalar else f"({members}, {pair[1:]}"
        if symbol.data.values:
            return [f"{name} = rng.choice({_list(symbol)}, size={size})"]
        return [f"{name} = rng.normal(size={size})"]
    if symbol.data.values:
        return [f"{name} = rng.choice({_list(symbol)}{'' if symbol.is_scalar else f', size={pair}'})"]
    if symbol.is_scalar:
        return [f"{name} = rng.uniform(0.5, 1.5)" if "positive" in said else f"{name} = rng.normal()"]
    order = str(shape.rows)
    if "positive_definite" in said:
        return [f"{name} = rng.normal(size={pair})", f"{name} = {name} @ {name}.T + np.eye({order})"]
    if "orthogonal" in said:
        return [f"{name} = np.linalg.qr(rng.normal(size={pair}))[0]"]
    if "diagonal" in said:
        return [f"{name} = np.diag(rng.uniform(0.5, 1.5, size={order}))"]
    if "one_hot" in said:
        return [f"{name} = np.eye({order})[:, :1]"]
    if "positive" in said:
        return [f"{name} = rng.uniform(0.5, 1.5, size={pair})"]
    rows = [f"{name} = rng.normal(size={pair})"]
    if "symmetric" in said:
        rows.append(f"{name} = ({name} + {name}.T) / 2")
    return rows


def _pair(shape: Shape) -> str:
    return f"({shape.rows}, {shape.cols})"


def _list(symbol: Node) -> str:
    return "[" + ", ".join(str(float(value)) for value in symbol.data.values) + "]"


def definition(function: Function) -> str:
    """The function as a Python function of its variable."""
    known = names(function.symbols, sizes_of(function))
    variable = known[function.variable.data.name]
    code = numpy_code(function.formula, known, function.variable.data.name)
    source = f"def {function_name(function)}({variable}):\n    return {code}"
    return f"from scipy.linalg import expm\n\n\n{source}" if "expm(" in code else source


def function_name(function: Function) -> str:
    """A Python name for the function that no symbol has."""
    known = set(names(function.symbols, sizes_of(function)).values())
    name = function.name if function.name.isidentifier() else "f"
    while name in known or name in ("np", "rng", "differences", "agree"):
        name += "_"
    return name


def answer(function: Function, derivation: Derivation) -> str:
    """The answer as a Python function, and the check that compares it with differences."""
    variable, code, parts = _coded(function, derivation)
    f = function_name(function)
    name = f"{derivation.task}_of_{f}"
    rows = [f"def {name}({variable}):", *(f"    {row}" for row in parts), f"    return {code}"]
    return "\n".join([*rows, "", "", _check(derivation, f, name, variable)])


def _coded(function: Function, derivation: Derivation) -> tuple[str, str, list[str]]:
    """The variable, the answer, and the assignments of the named parts that the answer needs, in Python."""
    known = _all_names(function, derivation)
    spelled = function.variable.data.name
    code = numpy_code(written_out(derivation.answer, derivation), known, spelled)
    return known[spelled], code, _parts(function, derivation.answer, known)


def _all_names(function: Function, derivation: Derivation) -> dict[str, str]:
    """The Python names of the symbols, of the author's named parts and of what a derivation makes of samples."""
    known = names((*function.symbols, *(name for name, _ in parts_of(function))), sizes_of(function))
    return known | samples(derivation, known)


def _parts(function: Function, formula: Node, known: dict[str, str]) -> list[str]:
    """An assignment for each named part that a formula needs, after those that it is made of."""
    needed, rows = set(formula.free), list[str]()
    for name, meaning in reversed(parts_of(function)):
        if name.data.name in needed:
            needed |= meaning.free
            rows.append(f"{known[name.data.name]} = {numpy_code(meaning, known, function.variable.data.name)}")
    return rows[::-1]


def _check(derivation: Derivation, f: str, name: str, variable: str) -> str:
    """The line that compares the derivative ``name`` of ``f`` with differences, in the layout of the derivation."""
    task, layout = derivation.task, derivation.layout
    transposed = (task == "gradient" and layout == "numerator") or (task == "jacobian" and layout == "denominator")
    got = f"np.asarray({name}({variable}), dtype=float)" + (".T" if transposed else "")
    if task == "hessian":
        gradient = f"lambda {variable}: differences({f}, {variable})"
        return f"agree({got}, differences({gradient}, {variable}))"
    if any(line.rule == "constrained_symmetric" for line in derivation.lines):
        return f"agree({got}, differences(lambda {variable}: {f}(({variable} + {variable}.T) / 2), {variable}))"
    return f"agree({got}, differences({f}, {variable}))"


def cells(solution: Solution) -> list[str]:
    """The code cells of a problem: the values and the function, then each answer with its check."""
    function = solution.function
    found = statement_cells(solution)
    for derivation in solution.derivations:
        if derivation.task in CHECKED:
            found.append(answer(function, derivation))
        elif derivation.task == "differential":
            found.append(differential_cell(function, derivation))
    return list(dict.fromkeys(found))  # several methods find one answer


def differential_cell(function: Function, derivation: Derivation) -> str:
    """The differential along a random increment against differences."""
    variable, code, parts = _coded(function, derivation)
    step = f"d_{variable}"
    slope = f'differences({function_name(function)}, {variable}) @ np.ravel({step}, order="F")'
    return "\n".join([f"{step} = rng.normal(size=np.shape({variable}))", *parts, f"agree({code}, {slope})"])


def statement_cells(solution: Solution) -> list[str]:
    """The code cell of a problem that is not solved on the page: the values and the function."""
    return [f"{values(solution.function)}\n\n\n{definition(solution.function)}"]
