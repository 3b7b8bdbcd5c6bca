"""CONTRIBUTING shows each recipe as a diff; here every one is carried out on a copy of the project."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
RECIPES = dict(re.findall(r"^## (Add [^\n]+)\n(.*?)(?=^## |\Z)", TEXT, re.MULTILINE | re.DOTALL))


def test_there_are_the_four_recipes() -> None:
    assert list(RECIPES) == ["Add a rule", "Add an operator", "Add a language", "Add a problem"]


@pytest.mark.parametrize("head", RECIPES)
def test_a_recipe_works_as_it_is_written(head: str, tmp_path: Path) -> None:
    """Diffs are applied and commands run in the order of the text; ``#>`` is something that the last command prints."""
    for name in ("docgen", "templates", "problems"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    blocks = re.findall(r"```(diff|sh)\n(.*?)```", RECIPES[head], re.DOTALL)
    assert {kind for kind, _ in blocks} == {"diff", "sh"}
    printed = ""
    for kind, block in blocks:
        if kind == "diff":
            carry_out(["git", "apply", "--whitespace=nowarn", "-"], tmp_path, block)
            continue
        for line in block.splitlines():
            if line.startswith("#> "):
                assert line.removeprefix("#> ") in printed
            else:
                printed = carry_out(line.replace("docgen ", f"'{sys.executable}' -m docgen ", 1), tmp_path)


def carry_out(command: str | list[str], folder: Path, given: str | None = None) -> str:
    """What a command prints; it must succeed without a word of complaint."""
    done = subprocess.run(
        command, shell=isinstance(command, str), cwd=folder, input=given, text=True, capture_output=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, ""), command
    return done.stdout
