"""What the tests of the reader share: symbols with shapes, and a formula read into a line of text."""

from __future__ import annotations

from collections.abc import Mapping

from docgen.algebra.node import workspace
from docgen.errors import DocgenError
from docgen.reading import Reading, declare, read

SHAPES: dict[str, object] = {
    "x": "n", "y": "n", "w": "n", "a": "n", "b": "m", "A": "n x n", "B": "n x n", "X": "m x n", "W": "n x m",
    "s": "scalar", "t": "scalar", r"\lambda": "scalar", r"\theta": "n", "x_i": "n", "y_i": "scalar", "r": "1 x n",
    r"\hat y": "n", "w_0": "scalar",
}  # fmt: skip


def reading(
    text: str,
    variable: str | None = "x",
    shapes: Mapping[str, object] | None = SHAPES,
    assume: Mapping[str, object] | None = None,
    elementwise: bool = False,
) -> Reading:
    """The formula read in a workspace of its own."""
    with workspace():
        return read(text, variable, declare(shapes, assume), elementwise=elementwise)


def node(text: str, **options: object) -> str:
    """The node that a formula is read as, written out."""
    return repr(reading(text, **options).formula)  # type: ignore[arg-type]


def error(text: str, **options: object) -> str:
    """The whole text of the error that a formula is refused with."""
    try:
        found = reading(text, **options)  # type: ignore[arg-type]
    except DocgenError as refusal:
        return str(refusal)
    raise AssertionError(f"{text} was read as {found.formula}")
