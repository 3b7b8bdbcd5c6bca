"""The command as a whole: help, exit codes, errors without a traceback."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from docgen.calculus.choices import TASKS
from docgen.cli.main import COMMANDS, cli
from docgen.errors import DocgenError, OutputError, Place, ProofError, SpecError, ToolError, UnsupportedError

ROOT = Path(__file__).parent.parent.parent


def run(*args: str) -> Result:
    """The command with these arguments, in this process."""
    return CliRunner().invoke(cli, args, prog_name="docgen")


def program(*args: str, env: dict[str, str] | None = None) -> "subprocess.CompletedProcess[str]":
    """The command as a process of its own."""
    command = [sys.executable, "-m", "docgen", *args]
    return subprocess.run(command, env=env, capture_output=True, text=True, encoding="utf-8", check=False)


def test_version() -> None:
    from docgen.version import __version__

    assert run("--version").output == f"docgen {__version__}\n"


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_of_every_command_shows_an_example_that_the_command_understands(name: str) -> None:
    shown = run(name, "--help")
    assert shown.exit_code == 0
    example = re.search(rf"Example:\n\s+docgen {name}\b(.*)", shown.output)
    assert example, shown.output


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_and_its_options_are_in_the_readme_or_the_help(name: str) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert f"docgen {name}" in readme
    command = cli.get_command(click.Context(cli), name)
    assert command is not None
    for param in command.params:
        if isinstance(param, click.Option):
            assert param.help, f"{name} {param.name} has no help"


@pytest.mark.parametrize("name", COMMANDS)
def test_no_command_is_imported_before_it_is_called(name: str) -> None:
    code = "import sys, docgen.cli.main; print([m for m in sys.modules if m.startswith('docgen')])"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert f"'docgen.cli.{COMMANDS[name]}'" not in loaded


HEAVY = {"sympy", "numpy", "pydantic", "ruamel.yaml", "jinja2", "pylatex", "babel", "mpmath"}


def test_the_version_needs_no_heavy_library() -> None:
    code = "import sys, docgen.cli.main; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert HEAVY & set(loaded.split()) == set()


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["derve"], "no such command: derve. Did you mean derive?"),
        (["xyz"], "no such command: xyz."),
        (["derive"], "Missing argument 'FUNCTION'."),
        (["derive", "x", "--wrt"], "Option '--wrt' requires an argument."),
        (["derive", "x", "--wrong"], "No such option '--wrong'"),
        (
            ["derive", "x", "--task", "gradent"],
            "Invalid value for '--task': no such task: gradent. Did you mean gradient? There are: "
            + ", ".join(TASKS)
            + ".",
        ),
        (
            ["derive", "x", "--method", "magic"],
            "Invalid value for '--method': no such method: magic. There are: differential, coordinates, chain, "
            "expand, implicit.",
        ),
        (
            ["derive", "x", "-l", "fr"],
            "Invalid value for '-l' / '--language': no such language: fr. There are: en, ru, zh.",
        ),
        (["derive", "x", "--shape", "x"], "Invalid value for --shape: 'x' is not NAME=VALUE, as in --shape x=n."),
        (["derive", "x", "--shape", "x=n", "--shape", "x=m"], "Invalid value for --shape: x is given twice."),
        (
            ["derive", "x", "--assume", "symmetric"],
            "Invalid value for --assume: 'symmetric' is not NAME=VALUE, as in --assume A=symmetric.",
        ),
        (
            ["build", "-f", "docx"],
            "Invalid value for '-f' / '--format': no such format: docx. There are: md, tex, pdf, ipynb, kramdown.",
        ),
        (
            ["build", "-e", "handot"],
            "Invalid value for '-e' / '--edition': no such edition: handot. Did you mean handout? There are: "
            "worksheet, handout, key.",
        ),
    ],
)
def test_a_wrong_command_line_ends_with_2(args: list[str], said: str) -> None:
    result = run(*args)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.splitlines()[-1].startswith(f"Error: {said}")


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (SpecError("no id", hint="Give one."), 1, "no id\nGive one.\n"),
        (SpecError("no id", place=Place(file="a.yaml", line=3)), 1, "a.yaml:3: no id\n"),
        (UnsupportedError("the pseudo-inverse is not supported"), 1, "the pseudo-inverse is not supported\n"),
        (OutputError("output cannot be written"), 1, "output cannot be written\n"),
        (ProofError("line 2 is false"), 3, "line 2 is false\n"),
        (ToolError("xelatex is missing"), 4, "xelatex is missing\n"),
        (PermissionError(13, "Permission denied", "x.yaml"), 1, "x.yaml: Permission denied\n"),
        (
            KeyError("x"),
            3,
            "docgen 0.1.0 has a defect: KeyError: 'x'\n"
            "It is not your fault. Please report it with the command and the formula or the spec file;\n"
            "with DOCGEN_DEBUG=1 in the environment docgen shows where it happened.\n",
        ),
        (
            RecursionError(),
            3,
            "docgen 0.1.0 has a defect: RecursionError\n"
            "It is not your fault. Please report it with the command and the formula or the spec file;\n"
            "with DOCGEN_DEBUG=1 in the environment docgen shows where it happened.\n",
        ),
    ],
)
def test_an_error_is_a_message_and_an_exit_code(
    monkeypatch: pytest.MonkeyPatch, error: Exception, code: int, said: str
) -> None:
    def fail(*args: object, **kwargs: object) -> None:
        raise error

    monkeypatch.setattr("docgen.handouts.schema.json_schema", fail)
    monkeypatch.delenv("DOCGEN_DEBUG", raising=False)
    result = run("schema")
    assert (result.exit_code, result.stdout, result.stderr) == (code, "", said)


def test_debugging_shows_the_traceback_of_a_defect(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise KeyError("x")

    monkeypatch.setattr("docgen.handouts.schema.json_schema", fail)
    monkeypatch.setenv("DOCGEN_DEBUG", "1")
    assert isinstance(run("schema").exception, KeyError)


def test_every_error_has_an_exit_code_of_the_contract() -> None:
    kinds, seen = [DocgenError], set()
    while kinds:
        kind = kinds.pop()
        seen.add(kind.exit_code)
        kinds += kind.__subclasses__()
    assert seen == {1, 3, 4}


def test_schema_is_json() -> None:
    assert json.loads(run("schema").stdout)["$schema"] == "https://json-schema.org/draft/2020-12/schema"


def test_output_is_utf_8_whatever_the_locale() -> None:
    env = {**os.environ, "PYTHONIOENCODING": "ascii", "LC_ALL": "C"}
    done = program("derive", "x^T A x", "--wrt", "x", "--shape", "x=n", "--shape", "A=n x n", "-l", "ru", env=env)
    assert (done.returncode, done.stderr) == (0, "")
    assert "∇f(x)" in done.stdout


def test_a_reader_that_goes_away_makes_no_noise() -> None:
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(
        [sys.executable, "-m", "docgen", "schema"], stdout=write, stderr=subprocess.PIPE, text=True, check=False
    )
    os.close(write)
    assert done.stderr == ""


def test_completion_names_the_commands() -> None:
    env = {**os.environ, "_DOCGEN_COMPLETE": "bash_complete", "COMP_WORDS": "docgen sch", "COMP_CWORD": "1"}
    code = "from docgen.cli.main import main; main()"
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=False)
    assert done.stdout == "plain,schema\n"
