"""What each command prints and leaves behind."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import docgen
from docgen.cli.main import cli
from docgen.cli.new import SCAFFOLD

SPEC = """\
title: T
problems:
  - id: quadratic
    function: x^T A x
    variable: x
    shapes: {x: n, A: n x n}
"""


def run(*args: object, **options: object) -> Result:
    """The command with these arguments, in this process."""
    return CliRunner().invoke(cli, [str(arg) for arg in args], prog_name="docgen", **options)  # type: ignore[arg-type]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def spec(here: Path) -> Path:
    """A small spec file in the working folder."""
    path = here / "small.yaml"
    path.write_text(SPEC, encoding="utf-8")
    return path


# ---- derive ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "head", "answer"),
    [("en", "Solution.", "Answer:"), ("ru", "Решение.", "Ответ:"), ("zh", "解", "答案：")],
)
def test_derive_prints_the_solution_in_a_language(language: str, head: str, answer: str) -> None:
    result = run("derive", "x^T A x", "--wrt", "x", "-l", language)
    assert (result.exit_code, result.stderr) == (0, "")
    lines = result.stdout.splitlines()
    assert head in lines
    assert lines[lines.index(answer) + 1] == "    ∇f(x) = (A + Aᵀ) x"


@pytest.mark.parametrize(
    ("arguments", "answer"),
    [
        (["x^T A x", "--wrt", "x"], "∇f(x) = (A + Aᵀ) x"),
        (["x'*A*x", "--wrt", "x"], "∇f(x) = (A + Aᵀ) x"),
        (["-x^T A x", "--wrt", "x"], "∇f(x) = -(A + Aᵀ) x"),
        (["--wrt", "x", "--", "-x^T A x"], "∇f(x) = -(A + Aᵀ) x"),
        (["--wrt", "x", "-l", "en", "-a^T x"], "∇f(x) = -a"),
        (["-u", "--wrt", "u", "--shape", "u=scalar"], "f'(u) = -1"),
        (["x^T A x", "--wrt", "x", "--assume", "A=symmetric"], "∇f(x) = 2 A x"),
        (["x^T A x", "--wrt", "x", "--task", "hessian"], "∇²f(x) = A + Aᵀ"),
        (["x^T A x", "--wrt", "x", "--name", "Q"], "∇Q(x) = (A + Aᵀ) x"),
        (["a^T x", "--wrt", "x", "--shape", "a=k", "-s", "x=k"], "∇f(x) = a"),
        (["a^T x", "--wrt", "x", "--layout", "numerator"], "∂f/∂x = aᵀ"),
    ],
)
def test_derive_takes_its_options(arguments: list[str], answer: str) -> None:
    result = run("derive", *arguments)
    assert (result.exit_code, result.stderr) == (0, "")
    assert f"    {answer}" in result.stdout.splitlines()


def test_derive_prints_json() -> None:
    result = run("derive", "x^T A x", "--wrt", "x", "-s", "x=n", "-s", "A=n x n", "-f", "json")
    solution = json.loads(result.stdout)
    assert solution["shapes"] == {"x": ["n", 1], "A": ["n", "n"]}
    assert [d["answer"]["latex"] for d in solution["derivations"]] == ["(A + A^{T}) x"]
    assert set(solution["derivations"][0]["lines"][0]["text"]) == {"en", "ru", "zh"}


def test_derive_prints_markdown() -> None:
    result = run("derive", "x^T A x", "--wrt", "x", "-f", "md")
    assert "$$\n\\boxed{\\nabla f(x) = (A + A^{T}) x}\n$$" in result.stdout


def test_derive_prints_a_whole_latex_file() -> None:
    result = run("derive", "x^T A x", "--wrt", "x", "-f", "tex", "-l", "ru")
    assert "\\documentclass" in result.stdout
    assert result.stdout.endswith("\\end{document}\n")


@pytest.mark.parametrize(
    ("function", "wrt", "shapes", "assume"),
    [
        ("x^T B x", "x", {"x": "n", "A": "n x n"}, {}),
        ("", "x", {}, {}),
        ("(x^T A x", "x", {}, {}),
        ("x'Ax", "x", {}, {}),
        ("x^T A x", "x", {"A": "n x"}, {}),
        ("x^T A x", "x", {"x": "n", "A": "m x n"}, {}),
        (r"\det A", "A", {"A": "n x m"}, {}),
        (r"\log(-1)", "x", {}, {}),
        ("\theta^T x", "x", {}, {}),
        ("(" * 1000 + "x" + ")" * 1000, "x", {}, {}),
        (r"\int x", "x", {}, {}),
        ("x^T A x", "x", {}, {"A": "symetric"}),
        ("x^T A x", None, {}, {}),
        (r"\exp(A)", "A", {"A": "n x n"}, {}),
        ("\x00\x1b[31mx", "x", {}, {}),
        ("\udc80 x", "x", {}, {}),
    ],
)
def test_a_formula_at_fault_ends_with_1_and_the_message_of_the_error(
    function: str, wrt: str | None, shapes: dict[str, str], assume: dict[str, str]
) -> None:
    with pytest.raises(docgen.DocgenError) as caught:
        docgen.derive(function, wrt=wrt, shapes=shapes, assume=assume)
    options = [part for name, value in shapes.items() for part in ("--shape", f"{name}={value}")]
    options += [part for name, value in assume.items() for part in ("--assume", f"{name}={value}")]
    result = run("derive", function, *(["--wrt", wrt] if wrt else []), *options)
    message = str(caught.value)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == message.encode(errors="backslashreplace").decode() + "\n"
    assert all(c == "\n" or c.isprintable() or ord(c) > 0xD7FF for c in message)


# ---- build, check, clean -----------------------------------------------------------------------------------------


def test_build_names_the_files_it_wrote(spec: Path) -> None:
    result = run("build", spec, "-l", "en", "-l", "zh", "-f", "md", "-e", "handout")
    assert result.exit_code == 0, result.stderr
    assert result.stdout.splitlines() == ["output/en/small-handout.md", "output/zh/small-handout.md"]
    assert result.stderr == "2 files written, 0 up to date\n"


def test_a_second_build_has_nothing_to_do(spec: Path) -> None:
    run("build", spec, "-l", "en", "-f", "md")
    result = run("build", spec, "-l", "en", "-f", "md")
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == "0 files written, 3 up to date\n"


def test_build_takes_all_of_problems_and_clean_takes_it_away(spec: Path, here: Path) -> None:
    (here / "problems").mkdir()
    spec.rename(here / "problems" / "small.yaml")
    assert run("build", "-l", "en", "-f", "md", "-o", "made").exit_code == 0
    (here / "made" / "mine.txt").write_text("mine")
    (here / "made" / "en" / "small-key.md").write_text("edited")
    result = run("clean", "-o", "made")
    assert result.exit_code == 0
    assert sorted(result.stdout.splitlines()) == ["made/en/small-handout.md", "made/en/small-worksheet.md"]
    assert result.stderr == ("kept, because it was changed after it was built: made/en/small-key.md\n2 files removed\n")
    assert {p.name for p in (here / "made").rglob("*") if p.is_file()} == {"mine.txt", "small-key.md"}


def test_one_spec_at_fault_does_not_stop_the_others(spec: Path, here: Path) -> None:
    bad = here / "bad.yaml"
    bad.write_text("problems:\n  - id: a\n    functoin: x\n")
    result = run("build", bad, spec, "-l", "en", "-f", "md", "-e", "key")
    assert result.exit_code == 1
    assert result.stdout == "output/en/small-key.md\n"
    assert "bad.yaml:3: unknown key `functoin` in a problem" in result.stderr
    assert "Did you mean `function`?" in result.stderr


def test_without_xelatex_the_other_formats_are_built_and_the_exit_code_is_4(
    spec: Path, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(here))
    result = run("build", spec, "-l", "en", "-e", "key")
    assert result.exit_code == 4
    assert result.stdout.splitlines() == ["output/en/small-key.md", "output/en/small-key.tex"]
    assert "PDF needs XeLaTeX, and there is no xelatex on the PATH" in result.stderr
    assert "apt-get install -y --no-install-recommends texlive-xetex" in result.stderr


def test_a_failed_proof_wins_over_a_spec_at_fault(spec: Path, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from docgen.errors import ProofError

    bad = here / "bad.yaml"
    bad.write_text("problems: 3\n")

    def refuse(*args: object, **kwargs: object) -> None:
        raise ProofError("line 1 is false")

    monkeypatch.setattr("docgen.handouts.solving.derive_all", refuse)
    for command in (["build", bad, spec, "-f", "md"], ["check", bad, spec]):
        result = run(*command)
        assert result.exit_code == 3
        assert "line 1 is false" in result.stderr


def test_the_progress_bar_is_for_a_terminal_only(spec: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    from docgen.cli.progress import progress_bar

    plain = run("build", spec, "-l", "en", "-f", "md", "-e", "key")
    assert "\r" not in plain.output

    class Terminal:
        encoding = "utf-8"

        def __init__(self) -> None:
            self.shown = ""

        def write(self, text: str) -> int:
            self.shown += text
            return len(text)

        def flush(self) -> None: ...

        def isatty(self) -> bool:
            return True

    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    with progress_bar() as step:
        step(1, 2, "en/small-key")
        step(4, 4, "zh/small-key")
    assert "en/small-key" in terminal.shown
    assert "100%" in terminal.shown


def test_an_output_folder_that_is_a_file(spec: Path, here: Path) -> None:
    (here / "output").write_text("not a folder")
    result = run("build", spec, "-l", "en", "-f", "md")
    assert result.exit_code == 1
    assert "output" in result.stderr
    assert (here / "output").read_text() == "not a folder"


def test_only_an_unknown_problem(spec: Path) -> None:
    result = run("build", spec, "-f", "md", "--only", "cubic")
    assert result.exit_code == 1
    assert "small shows no problem 'cubic'\nIts problems are: quadratic." in result.stderr


def test_check_proves_and_writes_nothing(spec: Path, here: Path) -> None:
    result = run("check", spec)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.startswith(f"{spec}: 1 problem, ")
    assert result.stdout.endswith(" lines proved exactly\n")
    assert [p.name for p in here.iterdir()] == ["small.yaml"]


def test_check_shows_every_fault_of_a_file(here: Path) -> None:
    path = here / "two.yaml"
    path.write_text(
        "problems:\n"
        "  - {id: a, function: x^T B x, variable: x, shapes: {x: n, A: n x n}}\n"
        "  - {id: b, function: x^T A x, variable: x, shapes: {x: n, A: n x n}}\n"
        "  - {id: c, function: '\\det A', variable: A, shapes: {A: n x m}}\n"
    )
    result = run("check", path)
    assert (result.exit_code, result.stdout) == (1, "")
    assert f"{path}:2: " in result.stderr
    assert f"{path}:4: " in result.stderr


def test_check_of_a_folder_without_specs(here: Path) -> None:
    (here / "problems").mkdir()
    result = run("check")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == "the folder problems holds no spec file (.yaml)\nMake one: docgen new NAME\n"


# ---- new, list, rules, schema ------------------------------------------------------------------------------------


def test_a_new_spec_builds_as_it_is_and_is_not_replaced(here: Path) -> None:
    assert run("new", "week-1").stdout == "problems/week-1.yaml\n"
    built = run("build", "problems/week-1.yaml", "-f", "md")
    assert (built.exit_code, built.stderr) == (0, "9 files written, 0 up to date\n")
    assert run("new", "PROFILE").exit_code == 0
    assert "title: PROFILE\n" in (here / "problems" / "PROFILE.yaml").read_text(encoding="utf-8")
    again = run("new", "week-1.yaml")
    assert again.exit_code == 1
    assert again.stderr == "problems/week-1.yaml exists already\nChoose another name, or remove the file first.\n"


def test_every_key_of_the_scaffold_that_is_commented_out_is_right(here: Path) -> None:
    text = SCAFFOLD.substitute(name="T", file="t.yaml")
    head, rest = text.split("\ntitle:")
    lines = []
    for line in ("title:" + rest).splitlines():
        at = line.find("# ")
        lines.append(line[:at] + line[at + 2 :] if at >= 0 and not line[:at].strip() else line)
    (here / "all.yaml").write_text("\n".join(lines), encoding="utf-8")
    result = run("check", "all.yaml")
    assert (result.exit_code, result.stderr) == (0, "")
    assert "course:" in lines[1]
    assert head.startswith("# ")


@pytest.mark.parametrize("name", ["../evil", "/tmp/evil", "a b", "", ".hidden", "a/b"])
def test_a_new_spec_stays_in_its_folder(name: str, here: Path) -> None:
    result = run("new", name)
    assert result.exit_code == 1
    assert result.stderr == (
        f"the name {name!r} cannot name a handout\n"
        "A name has letters, digits, hyphens and underscores, as in seminar-04; -o names the folder.\n"
    )
    assert list(here.iterdir()) == []


def test_list_filters_by_tag_and_level(spec: Path, here: Path) -> None:
    (here / "problems").mkdir()
    (here / "problems" / "a.yaml").write_text(
        "problems:\n"
        "  - {id: mine, function: a^T x, variable: x, level: 5, tags: [odd], title: {en: Mine, ru: Моя}}\n"
        "  - {id: other, function: a^T x, variable: x, level: 5, tags: [even, odd]}\n"
    )
    assert run("list", "--level", "5", "-l", "ru").stdout.splitlines() == [
        "id     level  function  title  tags",
        "mine   5      f = aᵀ x  Моя    odd",
        "other  5      f = aᵀ x         even, odd",
    ]
    assert [line.split()[0] for line in run("list", "-t", "odd", "-t", "even").stdout.splitlines()] == ["id", "other"]
    nothing = run("list", "--tag", "no-such")
    assert (nothing.exit_code, nothing.stdout) == (0, "")
    assert nothing.stderr.startswith("no such problem in the bank; its tags are: ")


def test_rules_shows_formula_source_and_sentences() -> None:
    lines = run("rules", "scalar_transpose", "-l", "en", "-l", "ru").stdout.splitlines()
    assert lines[0] == "scalar_transpose"
    assert lines[1] == "    sᵀ = s    [MN 1.5]"
    assert len(lines) > 4


def test_rules_shows_all_of_them_in_every_language() -> None:
    from docgen.calculus.rules import RULES

    result = run("rules", "-l", "en", "-l", "ru", "-l", "zh")
    assert (result.exit_code, result.stderr) == (0, "")
    assert [line for line in result.stdout.splitlines() if line and line[0] != " "] == list(RULES)


def test_an_unknown_rule() -> None:
    result = run("rules", "scalar_transpse")
    assert result.exit_code == 2
    assert result.stderr.splitlines()[-1] == (
        "Error: Invalid value for RULE: no such rule: scalar_transpse. Did you mean scalar_transpose?"
    )


# ---- spec files at fault -----------------------------------------------------------------------------------------

BOMB = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 10)}]\n" for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "problems: [",
        "problems:\n  - id: a\n    function: x\n    variable：x\n",
        'problems:\n  - {id: a, function: "\\theta^T x", variable: x}\n',
        "problems:\n  - {id: a, function: a^T x, points: 1,5}\n",
        "problems:\n  - {id: a, function: a^T x}\n  - {id: a, function: b^T x}\n",
        "problems:\n  - {id: a, function: a^T x, variable: x, task: gradent}\n",
        "problems:\n  - {id: ../../evil, function: a^T x}\n",
        "problems:\n  - {id: a, function: a^T x, variable: [x, y]}\n",
        "problems:\n  - {id: a, function: '', variable: x}\n",
        "problems:\n  - {id: a, function: x^T A, variable: x, shapes: {x: n, A: m x n}}\n",
        "problems:\n  - {id: a, function: '" + "(" * 1000 + "x', variable: x}\n",
        "title: {ru: Только по-русски}\nlanguage: [ru, en]\nproblems:\n  - {id: a, function: a^T x, variable: x}\n",
        "!!python/object/apply:os.system ['touch evil']\n",
        BOMB,
        "#" * 10_000_000,
    ],
    ids=range(16),
)
def test_a_spec_at_fault_ends_with_1_and_a_message_with_its_place(text: str, here: Path) -> None:
    path = here / "bad.yaml"
    path.write_text(text, encoding="utf-8")
    for command in (["check", "bad.yaml"], ["build", "bad.yaml", "-f", "md"]):
        result = run(*command)
        assert (result.exit_code, result.stdout) == (1, "")
        assert result.stderr.startswith("bad.yaml:")
        assert "Traceback" not in result.stderr
        assert "defect" not in result.stderr
    assert [p.name for p in here.iterdir()] == ["bad.yaml"]


@pytest.mark.parametrize("command", ["check", "build"])
def test_a_spec_that_is_no_text_file(command: str, here: Path) -> None:
    (here / "binary.yaml").write_bytes(b"problems: \xff\xfe")
    (here / "folder.yaml").mkdir()
    for name in ("binary.yaml", "folder.yaml", "missing.yaml"):
        result = run(command, name)
        assert (result.exit_code, result.stdout) == (1, "")
        assert name in result.stderr
        assert "Traceback" not in result.stderr
