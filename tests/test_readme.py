"""What the README shows works as it is shown."""

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

import docgen
from docgen.cli.main import COMMANDS, cli

ROOT = Path(__file__).parent.parent
TEXT = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(\w+)\n(.*?)```", TEXT, re.DOTALL)
LINES = [
    line.partition("  #")[0].strip()
    for kind, block in BLOCKS
    if kind == "sh"
    for line in block.splitlines()
    if line.startswith("docgen ")
]


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with the problems in it, and with last year's."""
    for name in ("problems", "last-year"):
        (tmp_path / name).symlink_to(ROOT / "problems")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(line: str) -> str:
    """What a command line prints; it must succeed."""
    program, *arguments = shlex.split(line.partition(" > ")[0])
    assert program == "docgen"
    result = CliRunner().invoke(cli, arguments)
    assert (result.exit_code, result.exception) == (0, None), result.stderr
    return result.stdout


def test_every_command_is_shown() -> None:
    assert {line.split()[1] for line in LINES} == set(COMMANDS)


@pytest.mark.parametrize("line", [line for line in LINES if line.split()[1] not in ("build", "new")])
def test_a_command_works(line: str) -> None:
    assert run(line) or "clean" in line


@pytest.mark.parametrize("line", [line for line in LINES if line.split()[1] == "build"])
def test_a_build_works(line: str, here: Path) -> None:
    run(line.replace("-f pdf", "-f tex"))
    assert list(here.glob("output/en/*-handout.tex"))


def test_the_new_file_is_where_the_text_says(here: Path) -> None:
    (here / "problems").unlink()
    (line,) = (line for line in LINES if line.split()[1] == "new")
    run(line)
    assert [path.name for path in (here / "problems").iterdir()] == [f"{line.split()[-1]}.yaml"]


def test_the_handout_builds_in_every_language(here: Path) -> None:
    source, _ = (block for kind, block in BLOCKS if kind == "yaml")
    (here / "week-1.yaml").write_text(source, encoding="utf-8")
    run("docgen build week-1.yaml -f md")
    for language in ("en", "ru", "zh"):
        page = (here / "output" / language / "week-1-handout.md").read_text(encoding="utf-8")
        plain = re.sub(r"\\boldsymbol\{(\w)\}", r"\1", page).replace(r"\mathrm{T}", "T")  # the Chinese custom is bold
        assert r"\boxed{\nabla f(x) = (A + A^{T}) x}" in plain
        assert r"\boxed{\nabla f(X) = X^{-T}}" in plain or r"\boxed{\nabla f(X) = X^{-1}}" in plain


def test_the_homework_builds(here: Path) -> None:
    _, source = (block for kind, block in BLOCKS if kind == "yaml")
    (here / "homework.yaml").write_text(source, encoding="utf-8")
    run("docgen build homework.yaml -l en -f md")
    page = (here / "output" / "en" / "homework-handout.md").read_text(encoding="utf-8")
    assert "4.5\u00a0points in total" in page and "$X \\in \\mathbb{R}^{m \\times n}$ is the design matrix" in page
    key = (here / "output" / "en" / "homework-key.md").read_text(encoding="utf-8")
    assert r"\boxed{\nabla f(x) = A x + A^{T} x}" in key


def test_the_python_works(here: Path) -> None:
    (source,) = (block for kind, block in BLOCKS if kind == "python")
    known: dict[str, object] = {}
    exec(source.replace('"pdf"', '"tex"'), known)
    for expression, value in re.findall(r"^(solution\.\S+|docgen\.equal\(.*\)) +# ('.*')$", source, re.MULTILINE):
        assert repr(eval(expression, known)).replace("\\\\", "\\") == value
    assert isinstance(known["solution"], docgen.Solution)
    assert len(list(here.glob("output/*/seminar-03-*.md"))) == 9


@pytest.mark.parametrize("link", re.findall(r"\]\(([^):]+)\)", TEXT))
def test_a_link_leads_somewhere(link: str) -> None:
    assert (ROOT / link).exists()


def test_every_formula_of_the_table_can_be_read() -> None:
    shapes = {"A": "n x n", "x": "n", "y": "n", "a": "n", "b": "n"}
    assumed = {"A": "invertible", "x": "positive"}
    rows = re.findall(r"^\| (?:product|transpose|entry|fraction|trace|inner)[^|].*", TEXT, re.MULTILINE)
    formulas = [found.replace(r"\|", "|") for row in rows for found in re.findall(r"`([^`]+)`", row)]
    assert (len(rows), len(formulas)) == (6, 35)
    for formula in formulas:
        docgen.derive(formula, "x", shapes, assumed, "differential")
