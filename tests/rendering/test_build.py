"""Spec files to handouts: what is written, what is left alone, what fails."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from docgen.errors import SpecError
from docgen.rendering.build import Step, build
from docgen.rendering.stale import clean
from tests.rendering.tex import needs_tex

SPEC = """\
title: {en: A pair, ru: Пара, zh: 两题}
number: 7
problems:
  - {id: linear, function: a^T x, variable: x, shapes: {a: n, x: n}}
  - {id: form, function: x^T A x, variable: x, shapes: {x: n, A: n x n}}
"""


@pytest.fixture
def spec(tmp_path: Path) -> Path:
    """A small spec file in a folder of its own."""
    path = tmp_path / "specs" / "pair.yaml"
    path.parent.mkdir()
    path.write_text(SPEC, encoding="utf-8")
    return path


def names(folder: Path) -> list[str]:
    """The files of a folder, without the manifest."""
    return sorted(
        p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file() and ".docgen" not in p.parts
    )


def test_the_files_of_a_handout(spec: Path, tmp_path: Path) -> None:
    steps: list[Step] = []
    out = tmp_path / "out"
    report = build(spec, formats=["md", "tex"], output=out, progress=steps.append)
    assert report.failures == [] and report.exit_code == 0
    assert names(out) == sorted(
        f"{language}/pair-{edition}.{format}"
        for language in ("en", "ru", "zh")
        for edition in ("worksheet", "handout", "key")
        for format in ("md", "tex")
    )
    assert steps[-1].done == steps[-1].total == 10


def test_nothing_to_do(spec: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    first = build(spec, languages=["en"], formats=["md"], output=out)
    again = build(spec, languages=["en"], formats=["md"], output=out)
    assert (len(first.written), len(again.written), len(again.unchanged)) == (3, 0, 3)


def test_nothing_heavy_is_loaded_where_there_is_nothing_to_do(spec: Path, tmp_path: Path) -> None:
    build(spec, languages=["en"], formats=["md"], output=tmp_path / "out")
    code = (
        "import sys; from docgen.rendering.build import build; "
        f"report = build({str(spec)!r}, languages=['en'], formats=['md'], output={str(tmp_path / 'out')!r}); "
        "heavy = {'pydantic', 'ruamel', 'jinja2', 'pylatex', 'sympy', 'numpy', 'lark', 'babel'}; "
        "print(len(report.unchanged), sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=Path.cwd())
    assert done.stdout == "3 []\n"


def test_what_changed_is_built_again(spec: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    build(spec, languages=["en"], formats=["md"], output=out)
    spec.write_text(SPEC.replace("A pair", "Two problems"), encoding="utf-8")
    assert len(build(spec, languages=["en"], formats=["md"], output=out).written) == 3
    (out / "en" / "pair-key.md").unlink()
    (out / "en" / "pair-handout.md").write_text("spoilt")
    report = build(spec, languages=["en"], formats=["md"], output=out)
    assert sorted(p.name for p in report.written) == ["pair-handout.md", "pair-key.md"]


def test_builds_are_the_same_to_the_byte(spec: Path, tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    for out in (one, two):
        build(spec, formats=["md", "tex"], output=out)
    assert [(one / n).read_bytes() for n in names(one)] == [(two / n).read_bytes() for n in names(two)]


def test_a_fault_leaves_what_was_there_and_stops_no_other(spec: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    build(spec, languages=["en"], formats=["md"], output=out)
    before = {n: (out / n).read_bytes() for n in names(out)}
    spec.write_text(SPEC.replace("A x,", "A q,"), encoding="utf-8")
    (spec.parent / "second.yaml").write_text(SPEC, encoding="utf-8")
    report = build(spec.parent, languages=["en"], formats=["md"], output=out)
    assert [failure.spec for failure in report.failures] == [spec] and report.exit_code == 1
    assert {n: (out / n).read_bytes() for n in before} == before
    assert (out / "en" / "second-handout.md").exists()


def test_only(spec: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    build(spec, languages=["en"], formats=["md"], editions=["key"], output=out, only=["form"])
    assert names(out) == ["en/pair+form-key.md"]
    page = (out / "en" / "pair+form-key.md").read_text(encoding="utf-8")
    assert "7.2" in page and "7.1" not in page


def test_two_specs_of_one_name(spec: Path, tmp_path: Path) -> None:
    other = tmp_path / "others" / "pair.yaml"
    other.parent.mkdir()
    other.write_text(SPEC, encoding="utf-8")
    report = build([spec, other], languages=["en"], formats=["md"], editions=["key"], output=tmp_path / "out")
    assert [str(failure.error) for failure in report.failures] == [
        f"{other} and {spec} would both be built to en/pair-key.md\nRename one of the two files."
    ]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("missing.yaml", ": there is no such file\n`docgen new NAME` writes a spec."),
        ("a" * 300, ": the file cannot be read: File name too long\nCheck its permissions."),
    ],
)
def test_no_spec(tmp_path: Path, name: str, message: str) -> None:
    report = build(tmp_path / name, output=tmp_path / "out")
    assert [str(failure.error) for failure in report.failures] == [f"{tmp_path / name}{message}"]
    assert report.exit_code == 1


def test_a_folder_without_specs(tmp_path: Path) -> None:
    report = build(tmp_path, output=tmp_path / "out")
    assert [str(failure.error) for failure in report.failures] == [
        f"the folder {tmp_path} holds no spec file (.yaml)\nMake one: docgen new NAME"
    ]


def test_unknown_format(spec: Path) -> None:
    with pytest.raises(SpecError) as caught:
        build(spec, formats=["docx"])
    assert str(caught.value) == "there is no format 'docx'\nKnown are md, tex, pdf, ipynb, kramdown."


def test_without_tex_the_rest_is_built(spec: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    report = build(spec, languages=["en"], output=tmp_path / "out")
    assert (report.exit_code, len(report.failures), len(report.written)) == (4, 1, 6)
    assert len(build(spec, languages=["en"], output=tmp_path / "out").failures) == 1


def test_an_unwritable_folder(spec: Path, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file")
    report = build(spec, languages=["en"], formats=["md"], output=tmp_path / "out")
    assert [str(failure.error) for failure in report.failures] == [
        f"{tmp_path / 'out' / 'en'} cannot be written: Not a directory\n"
        "Choose another folder with --output, or mend its rights."
    ]
    assert report.exit_code == 1


def test_clean_removes_what_build_made_and_nothing_else(spec: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    build(spec, languages=["en", "ru"], formats=["md"], output=out)
    (out / "ru" / "notes.txt").write_text("mine")
    (out / "ru" / "pair-key.md").write_text("edited by hand")
    removed, kept = clean(out)
    assert len(removed) == 5
    assert kept == [out / "ru" / "pair-key.md"]
    assert names(out) == ["ru/notes.txt", "ru/pair-key.md"]
    assert sorted(p.name for p in out.iterdir()) == ["ru"]


def test_a_spoilt_manifest_costs_a_build_and_nothing_more(spec: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    build(spec, languages=["en"], formats=["md"], output=out)
    for text in ("{", "[]", '{"format": 1, "builds": {"a": 1}, "files": {}, "pdf": {}}'):
        (out / ".docgen" / "manifest.json").write_text(text)
        report = build(spec, languages=["en"], formats=["md"], output=out)
        assert (report.failures, len(report.unchanged)) == ([], 3)


@needs_tex
def test_pdf(spec: Path, tmp_path: Path) -> None:
    """PDF files are repeatable, without a flaw, and not made again where their LaTeX has not changed."""
    out = tmp_path / "out"
    report = build(spec, formats=["pdf"], editions=["handout"], output=out)
    assert (report.failures, report.warnings) == ([], [])
    assert names(out) == [f"{language}/pair-handout.pdf" for language in ("en", "ru", "zh")]
    first = {n: (out / n).read_bytes() for n in names(out)}
    (out / "en" / "pair-handout.pdf").unlink()
    again = build(spec, formats=["pdf"], editions=["handout"], output=out)
    assert again.written == [out / "en" / "pair-handout.pdf"]
    assert {n: (out / n).read_bytes() for n in names(out)} == first
