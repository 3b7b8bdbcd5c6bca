"""Imports point one way: cli -> api -> rendering -> handouts -> calculus -> reading -> algebra -> errors."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "docgen"
ORDER = ["errors", "algebra", "reading", "calculus", "handouts", "rendering", "api", "cli"]
#: The public API stands above the packages it offers, and the version below all.
SPECIAL = {"__init__", "__main__", "version"}

MODULES = sorted(PACKAGE.rglob("*.py"))


def imported(path: Path) -> Iterator[tuple[str, int]]:
    """Every module of docgen that a file imports, anywhere in it, with the line."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: a relative import"
            assert node.module is not None
            if node.module == "docgen":
                yield from ((f"docgen.{alias.name}", node.lineno) for alias in node.names)
            else:
                yield node.module, node.lineno


def part(path: Path) -> str:
    """The package a file is in, or its own name where it stands at the top."""
    inside = path.relative_to(PACKAGE)
    return inside.parts[0] if len(inside.parts) > 1 else inside.stem


@pytest.mark.parametrize("path", MODULES, ids=lambda p: p.relative_to(PACKAGE).as_posix())
def test_a_module_imports_only_what_stands_below_it(path: Path) -> None:
    own = part(path)
    if own in SPECIAL:
        return
    for name, line in imported(path):
        head, _, rest = name.partition(".")
        target = rest.split(".")[0]
        if head != "docgen" or target in SPECIAL:
            continue
        if target not in ORDER:  # a name of the public API
            assert own == "cli", f"{path}:{line}: {own} may not use the public API"
            continue
        assert ORDER.index(target) <= ORDER.index(own), f"{path}:{line}: {own} may not import {name}"


def test_every_package_has_its_place_in_the_order() -> None:
    found = {part(path) for path in MODULES} - SPECIAL
    assert found == set(ORDER)


def test_a_wrong_import_would_be_found(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.py"
    wrong.write_text("def f():\n    from docgen.cli import main\n    import docgen.rendering.build\n")
    assert list(imported(wrong)) == [("docgen.cli", 2), ("docgen.rendering.build", 3)]
