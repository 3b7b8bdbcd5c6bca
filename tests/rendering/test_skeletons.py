"""Own templates: one thing changed in a folder changes that thing on the pages, and nothing else."""

from __future__ import annotations

import difflib
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from docgen.cli.main import cli
from docgen.errors import LanguageError, OutputError
from docgen.handouts.places import templates_folder
from docgen.rendering.build import build
from docgen.rendering.skeletons import Skeletons

SPEC = """\
title: {en: A pair, ru: Пара, zh: 两题}
contents:
  - section: {en: Rules, ru: Правила, zh: 法则}
  - rules: used
  - problems: all
problems:
  - {id: linear, function: a^T x, variable: x, shapes: {a: n, x: n}}
  - {id: form, function: x^T A x, variable: x, shapes: {x: n, A: n x n}, points: 2}
"""


def pages(folder: Path, override: Path | None = None, name: str = "out") -> dict[str, str]:
    """Every Markdown and LaTeX page of the spec, by name."""
    spec = folder / "pair.yaml"
    spec.write_text(SPEC, encoding="utf-8")
    report = build(spec, formats=["md", "tex"], output=folder / name, override=override)
    assert report.failures == []
    found = (folder / name).rglob("pair-*")
    return {path.relative_to(folder / name).as_posix(): path.read_text(encoding="utf-8") for path in found}


def put(folder: Path, **files: str) -> Path:
    """A folder of own templates; in the names of files ``__`` stands for a slash."""
    for name, text in files.items():
        path = folder / name.replace("__", "/")
        path = path.with_name(path.name.replace("_", "."))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def changes(before: dict[str, str], after: dict[str, str]) -> dict[str, list[str]]:
    """The lines that came and went, by page; pages without any are left out."""
    assert before.keys() == after.keys()
    found = {}
    for name, text in before.items():
        lines = difflib.ndiff(text.split("\n"), after[name].split("\n"))
        changed = [line for line in lines if line[0] in "+-"]
        if changed:
            found[name] = changed
    return found


#: What is put into the folder; which pages it may change; every line that comes or goes holds one of these words.
CASES = {
    "a sentence": (
        {"en__phrases_toml": "[statement]\nfind = 'Work out << goals >>.'\n"},
        ("en/",),
        ("Work out", "Find", "Compute"),
    ),
    "a LaTeX block": (
        {
            "formats__tex__preamble_tex": '<% extends "docgen/preamble.tex" %>\n<% block header %>\n'
            "\\pagestyle{plain}\n<% endblock %>\n"
        },
        (".tex",),
        ("\\pagestyle", "\\fancyhead", "\\fancyfoot", "\\fancypagestyle", "headrule"),
    ),
    "a Markdown block": (
        {
            "formats__md__answer_md": '<% extends "docgen/answer.md" %>\n'
            "<% block head %>*<< head >>*\n<% endblock %>\n"
        },
        (".md",),
        ("*Answer", "*Ответ", "*答案"),
    ),
    "a whole skeleton": (
        {"formats__md__heading_md": "<< '#' * (level + 2) >> << text >> #"},
        (".md",),
        ("## ",),
    ),
    "a setting": ({"ru__latex_toml": "qed = '\\square'\n"}, ("ru/",), ("\\qedsymbol", "■", "□")),
    "a word": ({"zh__language_toml": "[heads]\nanswer = '结果：'\n"}, ("zh/",), ("结果", "答案")),
}


@pytest.mark.parametrize("case", CASES)
def test_one_thing_is_changed_and_nothing_else(tmp_path: Path, case: str) -> None:
    files, where, words = CASES[case]
    before = pages(tmp_path)
    after = pages(tmp_path, put(tmp_path / "mine", **files), "mine-out")
    found = changes(before, after)
    assert found
    for page, lines in found.items():
        assert any(part in page for part in where), page
        assert all(any(word in line for word in words) for line in lines), lines


def test_the_folder_to_begin_with_changes_nothing(tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    result = CliRunner().invoke(cli, ["new", "--templates", str(mine)])
    assert result.exit_code == 0
    made = sorted(path.relative_to(mine).as_posix() for path in mine.rglob("*") if path.is_file())
    assert made == [
        "en/phrases.toml",
        "formats/md/answer.md",
        "formats/tex/preamble.tex",
        "ru/phrases.toml",
        "zh/phrases.toml",
    ]
    assert sorted(result.output.split()) == [str(mine / name) for name in made]
    assert '# find = ["Find << goals >>.", "Compute << goals >>."]' in (mine / "en/phrases.toml").read_text()
    assert changes(pages(tmp_path), pages(tmp_path, mine, "mine-out")) == {}
    again = CliRunner().invoke(cli, ["new", "--templates", str(mine)])
    assert (again.exit_code, again.output) == (
        1,
        f"{mine / 'en/phrases.toml'} exists already\nChoose another name, or remove the file first.\n",
    )


@pytest.mark.parametrize("code", ["en", "ru", "zh"])
def test_the_sentence_to_begin_with_is_docgens_own(tmp_path: Path, code: str) -> None:
    """With the comment signs taken away it is the sentence that is there."""
    mine = tmp_path / "mine"
    CliRunner().invoke(cli, ["new", "--templates", str(mine)])
    file = mine / code / "phrases.toml"
    lines = file.read_text(encoding="utf-8").split("\n")
    kept = [line.removeprefix("# ") for line in lines if line.startswith(("# [", "# find"))]
    file.write_text("\n".join(kept), encoding="utf-8")
    assert changes(pages(tmp_path), pages(tmp_path, mine, "mine-out")) == {}


def test_a_build_follows_the_folder(tmp_path: Path) -> None:
    """What was built with other templates is not up to date."""
    mine = put(tmp_path / "mine", en__language_toml="[heads]\nanswer = 'Result:'\n")
    first = pages(tmp_path, mine)
    assert "Result:" in first["en/pair-handout.md"]
    put(mine, en__language_toml="[heads]\nanswer = 'Outcome:'\n")
    assert "Outcome:" in pages(tmp_path, mine)["en/pair-handout.md"]
    assert "Answer:" in pages(tmp_path)["en/pair-handout.md"]


FAULTS = {
    '<% extends "docgen/answer.md" %>\n<% block head %>\n\n<< hed >>\n<% endblock %>': (
        ":4: the template asks for a value that is not there: 'hed' is undefined\nIts values are: formula, head, mark."
    ),
    "\n<% if %>": ":2: the template cannot be read: Expected an expression, got 'end of statement block'",
    "a\nb\n<< head.__class__ >>": (
        ":3: the template cannot be filled: access to attribute '__class__' of 'str' object is unsafe."
    ),
    "<< 1 / 0 >>": ":1: the template cannot be filled: ZeroDivisionError: division by zero",
    '<% extends "docgen/answr.md" %>': (
        ":1: there is no template docgen/answr.md\ndocgen's own are answer.md, document.md, figure.md, head.md, "
        "heading.md, problem.md, solution.md, table.md, each with docgen/ in front."
    ),
    '<% include "../tex/title.tex" %>': (
        ":1: there is no template ../tex/title.tex\ndocgen's own are answer.md, document.md, figure.md, head.md, "
        "heading.md, problem.md, solution.md, table.md, each with docgen/ in front."
    ),
}


@pytest.mark.parametrize("text", FAULTS)
def test_a_template_at_fault(tmp_path: Path, text: str) -> None:
    put(tmp_path, formats__md__answer_md=text)
    with pytest.raises(LanguageError) as caught:
        Skeletons("md", tmp_path).fill("answer.md", head="Answer:", formula="x", mark="")
    assert str(caught.value) == f"{tmp_path / 'formats/md/answer.md'}{FAULTS[text]}"


def test_a_template_that_is_not_text(tmp_path: Path) -> None:
    put(tmp_path, formats__md__answer_md="")
    (tmp_path / "formats/md/answer.md").write_bytes(b"\xff\xfe")
    with pytest.raises(LanguageError) as caught:
        Skeletons("md", tmp_path).fill("answer.md", head="Answer:", formula="x", mark="")
    assert str(caught.value) == f"{tmp_path / 'formats/md/answer.md'}: the template is not UTF-8 text"


def test_a_template_at_fault_fails_the_handout_alone(tmp_path: Path) -> None:
    mine = put(tmp_path / "mine", formats__tex__title_tex="<< titel >>")
    spec = tmp_path / "pair.yaml"
    spec.write_text(SPEC, encoding="utf-8")
    report = build(spec, languages=["en"], formats=["tex"], output=tmp_path / "out", override=mine)
    assert [str(failure.error) for failure in report.failures] == [
        f"{mine / 'formats/tex/title.tex'}:1: the template asks for a value that is not there: 'titel' is undefined\n"
        "Its values are: banner, overline, subtitle, title."
    ]
    assert report.exit_code == 1


def test_no_such_folder(tmp_path: Path) -> None:
    with pytest.raises(OutputError) as caught:
        build(tmp_path, override=tmp_path / "none")
    assert str(caught.value) == (
        f"there is no folder of templates {tmp_path / 'none'}\n"
        f"Make one to begin with: docgen new --templates {tmp_path / 'none'}"
    )


@pytest.mark.parametrize("format", ["md", "tex"])
def test_every_skeleton_says_what_it_is(format: str) -> None:
    folder = templates_folder() / "formats" / format
    for name in Skeletons(format).names():
        text = (folder / name).read_text(encoding="utf-8")
        assert text.startswith("<# ") and "<% block " in text, name


@pytest.mark.parametrize(
    "command",
    [
        ("derive", "x^T x", "--wrt", "x", "-l", "qq"),
        ("derive", "x^T x", "--wrt", "x", "-l", "qq", "-f", "md"),
        ("derive", "x^T x", "--wrt", "x", "-l", "qq", "-f", "tex"),
        ("derive", "x^T x", "--wrt", "x", "-l", "qq", "-f", "json"),
        ("rules", "product", "-l", "qq"),
        ("build", "pair.yaml", "-f", "md", "-e", "key", "-l", "qq"),
        ("check", "pair.yaml"),
    ],
    ids=lambda command: " ".join(command),
)
def test_every_command_takes_the_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    """A language of one's own is a language to each of them."""
    monkeypatch.chdir(tmp_path)
    shutil.copytree(templates_folder() / "en", tmp_path / "mine" / "qq")
    (tmp_path / "pair.yaml").write_text(SPEC.replace("en: ", "qq: ") + "language: qq\n", encoding="utf-8")
    without = CliRunner().invoke(cli, command, prog_name="docgen")
    with_it = CliRunner().invoke(cli, [*command, "--templates", "mine"], prog_name="docgen")
    assert (without.exit_code != 0, with_it.exit_code) == (True, 0), with_it.output
