"""CONTRIBUTING shows each recipe as a diff; here every one is applied to a copy of the project and tried."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
SECTIONS = dict(re.findall(r"^## (Add [^\n]+)\n(.*?)(?=^## |\Z)", TEXT, re.MULTILINE | re.DOTALL))


def recipe(head: str, kind: str) -> str:
    """The fenced blocks of one kind in a section, one after the other."""
    return "".join(re.findall(rf"```{kind}\n(.*?)```", SECTIONS[head], re.DOTALL))


@pytest.mark.parametrize("head", SECTIONS)
def test_the_diff_of_a_recipe_applies_and_what_it_adds_works(head: str, tmp_path: Path) -> None:
    for name in ("docgen", "templates", "problems"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    diff = recipe(head, "diff")
    applied = subprocess.run(
        ["git", "apply", "--unidiff-zero", "--whitespace=nowarn", "-"],
        cwd=tmp_path,
        input=diff,
        text=True,
        capture_output=True,
    )
    assert applied.returncode == 0, applied.stderr
    for line in recipe(head, "sh").splitlines():
        arguments = re.match(r"docgen (.*)", line)
        if arguments is None:
            continue
        tried = subprocess.run(
            f"'{sys.executable}' -m docgen {arguments.group(1)}",
            shell=True,
            cwd=tmp_path,
            capture_output=True,
            text=True,
        )
        assert tried.returncode == 0, f"{line}\n{tried.stderr}"
    for wanted in re.findall(r"^#> (.*)$", recipe(head, "sh"), re.MULTILINE):
        assert wanted in tried.stdout


def test_there_are_the_four_recipes() -> None:
    assert list(SECTIONS) == ["Add a rule", "Add an operator", "Add a language", "Add a problem"]
