"""A formula as a Python function of NumPy arrays: its NumPy source, compiled."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from docgen.algebra.node import Node, walk
from docgen.algebra.numpy_code import numpy_code, size_names
from docgen.algebra.sizes import ONE, SCALAR, Size
from docgen.errors import DocgenError, ToolError


def numpy_function(node: Node, symbols: Sequence[Node], names: Mapping[str, str], variable: Node) -> Callable[..., Any]:
    r"""The formula as a function.

    It takes an array for each symbol, in the order of ``symbols`` or by name (``lambda_`` or ``\lambda``), the
    increment of the variable last, as ``d_x``, where the formula is a differential. A column may be given as an array
    of one dimension. What the formula does not need may be left out. Sizes are read off the arrays; one that no array
    shows is given by its name. The value is an array of two dimensions, or a float where the formula is a scalar.
    Raises DocgenError for a missing or unknown argument and for sizes that do not fit, ToolError without NumPy.
    """
    return _Compiled(node, symbols, names, variable)


class _Compiled:
    """What :func:`numpy_function` returns; ``source`` is the NumPy source."""

    def __init__(self, node: Node, symbols: Sequence[Node], names: Mapping[str, str], variable: Node) -> None:
        self.source = numpy_code(node, names, variable.data.name)
        self._node = node
        self._names = [names[symbol.data.name] for symbol in symbols]
        self._known = {name: (symbol, symbol.data.name) for name, symbol in zip(self._names, symbols, strict=True)}
        if any(at.op == "d" for at in walk(node)):
            increment = "d_" + names[variable.data.name]
            self._names.append(increment)
            self._known[increment] = variable, "d" + variable.data.name
        self._needed = {names[at.data.name] for at in walk(node) if at.op == "sym"} | set(self._names[len(symbols) :])
        self._counts = {at.data.index: at.data.count for at in walk(node) if at.op == "total"}
        self._sizes = [name.lstrip("\\") for name in size_names([node])]
        self._code = compile(self.source, "<docgen>", "eval")
        self.__doc__ = f"{', '.join(self._names)} -> {self.source}"

    def __call__(self, *arrays: Any, **named: Any) -> Any:
        np = _numpy()
        if len(arrays) > len(self._names):
            raise DocgenError(
                f"{len(arrays)} arrays were given, but the function takes {len(self._names)}",
                hint=f"In this order: {', '.join(self._names)}.",
            )
        given = dict(zip(self._names, arrays, strict=False))
        sizes: dict[str, int] = {}
        spelled = {said: name for name, (_, said) in self._known.items()}
        for name, value in named.items():
            if name in self._sizes and name not in self._known:
                sizes[name] = int(value)
                continue
            own = name if name in self._known else spelled.get(name)
            if own is None:
                takes = ", ".join([*self._names, *self._sizes])
                raise DocgenError(f"the function has no argument {name}", hint=f"It takes: {takes}.")
            given[own] = value
        missing = [name for name in self._names if name in self._needed and name not in given]
        if missing:
            raise DocgenError(f"the argument {missing[0]} is missing", hint=f"Give {', '.join(missing)} an array each.")
        space: dict[str, Any] = {name: self._array(np, name, value, sizes) for name, value in given.items()}
        unknown = [name for name in self._sizes if name not in sizes]
        if unknown:
            raise DocgenError(f"no array shows the size {unknown[0]}", hint=f"Give it by name: {unknown[0]}=3.")
        if "expm(" in self.source:
            space["expm"] = _expm()
        value = eval(self._code, {"np": np, **sizes, **space})  # source that docgen wrote itself
        return float(np.asarray(value).item()) if self._node.is_scalar else np.asarray(value)

    def _array(self, np: Any, name: str, value: Any, sizes: dict[str, int]) -> Any:
        """An argument in the form that the source needs; notes the sizes that it shows."""
        symbol = self._known[name][0]
        array = np.asarray(value, dtype=float)
        index = symbol.data.index
        if index is None:
            if symbol.shape is SCALAR:
                if array.size != 1:
                    raise self._misfit(name, symbol, array)
                return float(array.item())
            return self._fitted(array, name, symbol, sizes)
        if index in self._counts and array.ndim:
            self._note(self._counts[index], array.shape[0], name, sizes)
        if symbol.shape is SCALAR:
            return array.reshape(-1)
        return np.stack([self._fitted(one, name, symbol, sizes) for one in array])

    def _fitted(self, array: Any, name: str, symbol: Node, sizes: dict[str, int]) -> Any:
        if array.ndim == 1:
            array = array.reshape((1, -1) if symbol.shape.rows is ONE else (-1, 1))
        if array.ndim != 2:
            raise self._misfit(name, symbol, array)
        for side, found in zip((symbol.shape.rows, symbol.shape.cols), array.shape, strict=True):
            if not side.symbols and side.number != found:
                raise self._misfit(name, symbol, array)
            self._note(side, found, name, sizes)
        return array

    def _note(self, side: Size, found: int, name: str, sizes: dict[str, int]) -> None:
        """Note the number that a size stands for, where it is one symbol."""
        if len(side.symbols) != 1 or side.number != 1:
            return
        letter = side.symbols[0].lstrip("\\")
        if sizes.setdefault(letter, found) != found:
            raise DocgenError(
                f"the size {letter} is {sizes[letter]} elsewhere, but {found} in {name}",
                hint="Arrays that share a size must have it alike.",
            )

    def _misfit(self, name: str, symbol: Node, array: Any) -> DocgenError:
        shown = " x ".join(map(str, array.shape)) or "a number"
        return DocgenError(f"{name} is {symbol.shape}, but the array is {shown}", hint="Give an array of this shape.")


def _numpy() -> Any:
    try:
        import numpy
    except ImportError:
        raise ToolError("NumPy is not installed", hint="Install it: pip install numpy") from None
    return numpy


def _expm() -> Any:
    try:
        from scipy.linalg import expm  # type: ignore[import-untyped]
    except ImportError:
        raise ToolError(
            "SciPy is not installed, and the matrix exponential needs it", hint="Install it: pip install scipy"
        ) from None
    return expm
