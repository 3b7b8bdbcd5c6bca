"""docgen: worked solutions of matrix calculus problems, every line proved, set as handouts in several languages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from docgen.errors import (
    DocgenError,
    FormulaError,
    LanguageError,
    OutputError,
    ProofError,
    ShapeError,
    SpecError,
    ToolError,
    UnsupportedError,
)
from docgen.version import __version__

if TYPE_CHECKING:
    from docgen.api import Solution, derive, equal
    from docgen.rendering.build import build

__all__ = [
    "DocgenError",
    "FormulaError",
    "LanguageError",
    "OutputError",
    "ProofError",
    "ShapeError",
    "Solution",
    "SpecError",
    "ToolError",
    "UnsupportedError",
    "__version__",
    "build",
    "derive",
    "equal",
]


def __getattr__(name: str) -> Any:
    """Load the API when it is first asked for: ``docgen --version`` needs none of it."""
    if name in ("derive", "equal", "Solution"):
        from docgen import api

        return getattr(api, name)
    if name == "build":
        from docgen.rendering.build import build

        return build
    raise AttributeError(f"module 'docgen' has no attribute '{name}'")
