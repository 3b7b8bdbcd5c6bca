"""``docgen equal`` and ``docgen diff``."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from docgen.cli.main import cli

SPEC = r"""
number: 2
problems:
  - {id: linear, function: a^T x, variable: x, shapes: {x: n, a: n}}
  - id: two
    variable: x
    shapes: {x: n, A: n x n}
    parts:
      - {id: a, function: x^T A x}
      - {id: b, function: x^T x}
"""


def run(*args: object) -> Result:
    return CliRunner().invoke(cli, [str(arg) for arg in args], prog_name="docgen")


@pytest.fixture
def spec(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "small.yaml").write_text(SPEC, encoding="utf-8")
    return Path("small.yaml")


@pytest.mark.parametrize(
    ("arguments", "verdict"),
    [
        (["quadratic-form", "A x + A^T x"], "equal"),
        (["quadratic-form", "-(A+A')*x"], "wrong sign"),
        (["quadratic-form", "-A x"], "different"),
        (["quadratic-form", "x^T (A + A^T)"], "equal to the transpose"),
        (["least-squares", "X^T X w - X^T y"], "off by the factor 1/2"),
        (["least-squares", "2 X^T X"], "equal"),
        (["least-squares", "2 X^T X", "--task", "gradient"], "wrong shape"),
        (["linear", "2 a", "--path", "small.yaml"], "off by the factor 2"),
        (["two.a", "2 A x", "--path", "small.yaml"], "different"),
        (["two.b", "2 x", "--path", "small.yaml"], "equal"),
    ],
)
def test_a_verdict_is_one_line(spec: Path, arguments: list[str], verdict: str) -> None:
    result = run("equal", *arguments)
    assert (result.exit_code, result.stdout, result.stderr) == (0, f"{verdict}\n", "")


def test_sizes_that_do_not_fit_are_explained(spec: Path) -> None:
    result = run("equal", "two.b", "x x", "--path", spec)
    assert (result.exit_code, result.stdout) == (0, "wrong shape\n")
    assert result.stderr == (
        "the product of x (n x 1) and x (n x 1) does not exist\n    x x\n    ^^^\nOne of them needs a transpose.\n"
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["quadratic", "x"], "the bank has no problem `quadratic`\nDid you mean `quadratic-form`?\n"),
        (
            ["none", "x", "--path", "small.yaml"],
            "small.yaml has no problem `none`\nIt has: linear, two, two.a, two.b.\n",
        ),
        (["two", "x", "--path", "small.yaml"], "the problem `two` has parts\nName one of them: two.a, two.b.\n"),
        (
            ["linear", "b", "--path", "small.yaml"],
            "the symbol b is not declared\n    b\n    ^\nDeclare its shape, as in b: n; or did you mean a?\n",
        ),
    ],
)
def test_without_a_verdict_the_exit_code_is_one(spec: Path, arguments: list[str], message: str) -> None:
    result = run("equal", *arguments)
    assert (result.exit_code, result.stdout, result.stderr) == (1, "", message)


def test_diff_tells_what_changed(spec: Path) -> None:
    Path("next.yaml").write_text(
        SPEC.replace("x^T A x", "2 x^T A x")
        .replace("x^T x}", r"\|x\|^2}")
        .replace("id: linear", "id: line")
        .replace("a^T x", "a^T x + 1"),
        encoding="utf-8",
    )
    result = run("diff", spec, "next.yaml")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == (
        "added: line (2.1)\n"
        "\n"
        "two.a (2.2 a)\n"
        "  function\n"
        "    - x^T A x\n"
        "    + 2 x^T A x\n"
        "  answer (gradient)\n"
        "    - (A + A^{T}) x\n"
        "    + 2 (A + A^{T}) x\n"
        "\n"
        "two.b (2.2 b)\n"
        "  function: the same function\n"
        "    - x^T x\n"
        "    + \\|x\\|^2\n"
        "\n"
        "removed: linear (2.1)\n"
    )


def test_diff_of_a_file_with_itself(spec: Path) -> None:
    result = run("diff", spec, spec)
    assert (result.exit_code, result.stdout, result.stderr) == (0, "no differences\n", "")


def test_diff_says_where_a_problem_cannot_be_solved(spec: Path) -> None:
    Path("next.yaml").write_text(SPEC.replace("a^T x", "b^T x"), encoding="utf-8")
    result = run("diff", spec, "next.yaml")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("next.yaml:4: the symbol b is not declared\n")
