"""XeLaTeX run safely and repeatably."""

from __future__ import annotations

import re
import subprocess
import time
from pathlib import Path

import pytest

from docgen.errors import ToolError
from docgen.rendering import pdf
from docgen.rendering.latex import render
from docgen.rendering.pdf import APT, Job, Pdf, Tex
from docgen.rendering.texlog import first_error, wants_rerun, warnings
from tests.rendering.samples import sample
from tests.rendering.tex import needs_poppler, needs_tex

PAGE = render(sample("en"))


def compile_one(source: str, *, time_limit: float = 60.0, name: str = "en/one.tex") -> Pdf | ToolError:
    """The PDF or the error of one source."""
    ((_, result),) = Tex(time_limit=time_limit).compile_all([Job(name, source)])
    return result


def with_text(words: str) -> str:
    """The sample page with LaTeX source at its start."""
    return PAGE.replace("\\begin{document}\n", "\\begin{document}\n" + words + "\n", 1)


@needs_tex
def test_every_page_compiles_cleanly_in_one_pass() -> None:
    """Three languages, all editions, both papers: no missing glyph, no line too wide, no second pass."""
    jobs = [
        Job(f"{language}-{edition}-{paper}", render(sample(language, edition, paper=paper)))
        for language in ("en", "ru", "zh")
        for edition in ("worksheet", "handout", "key")
        for paper in ("a4", "letter")
        if edition == "handout" or paper == "a4"
    ]
    found = {job.name: result for job, result in Tex().compile_all(jobs)}
    problems = {n: r if isinstance(r, ToolError) else (r.warnings, r.passes) for n, r in found.items()}
    assert problems == {job.name: ((), 1) for job in jobs}


@needs_tex
def test_two_runs_give_the_same_bytes() -> None:
    first, second = compile_one(PAGE), compile_one(PAGE, name="another/name.tex")
    assert isinstance(first, Pdf) and isinstance(second, Pdf)
    assert first.data == second.data


@needs_tex
@needs_poppler
def test_metadata_and_words(tmp_path: Path) -> None:
    result = compile_one(render(sample("ru")))
    assert isinstance(result, Pdf)
    (tmp_path / "a.pdf").write_bytes(result.data)
    info = subprocess.run(["pdfinfo", "a.pdf"], cwd=tmp_path, capture_output=True, text=True, check=True).stdout
    assert re.search(r"^Title: +Матрично-векторное дифференцирование$", info, re.MULTILINE)
    assert re.search(r"^Author: +N\. N\.$", info, re.MULTILINE)
    words = subprocess.run(["pdftotext", "a.pdf", "-"], cwd=tmp_path, capture_output=True, text=True, check=True).stdout
    assert "Задача 3.1." in words and "Ответ:" in words


@needs_tex
def test_an_error_names_line_and_problem() -> None:
    source = PAGE.replace("\\begin{problem}{linear}{", "\\begin{problem}{linear}{\\nosuch ", 1)
    error = compile_one(source)
    line = source.split("\n").index(next(x for x in source.split("\n") if "nosuch" in x)) + 1
    assert str(error) == (
        f"en/one.tex:{line}: XeLaTeX stopped: Undefined control sequence \\nosuch (problem linear)\n"
        f"The line is: \\begin{{problem}}{{linear}}{{\\nosuch Problem 3.1. product rule.}}"
    )


@needs_tex
def test_tex_that_hangs_is_ended() -> None:
    start = time.monotonic()
    error = compile_one(with_text(r"\def\a{\a}\a"), time_limit=1.5)
    assert time.monotonic() - start < 10
    assert str(error) == (
        "en/one.tex: XeLaTeX did not finish within 1.5 seconds and was stopped\n"
        "Look for a formula or a macro of the spec that never ends."
    )


@needs_tex
@pytest.mark.parametrize("name", ["/etc/passwd", "../secret"])
def test_tex_reads_nothing_outside_its_folder(name: str) -> None:
    error = compile_one(with_text(rf"\input{{{name}}}"))
    assert isinstance(error, ToolError) and f"File `{name}" in error.message


@needs_tex
def test_tex_runs_no_program(tmp_path: Path) -> None:
    compile_one(with_text(rf"\immediate\write18{{touch {tmp_path}/made}}"))
    assert list(tmp_path.iterdir()) == []


@needs_tex
def test_glyphs_and_wide_lines_are_reported() -> None:
    result = compile_one(with_text(r"日\par\noindent\rule{600pt}{1pt}"))
    assert isinstance(result, Pdf)
    assert result.warnings[0] in [f"no glyph for 日 (U+65E5) in the font cmunrm.{kind}" for kind in ("otf", "ttf")]
    assert re.fullmatch(r"1\d\d\.\d+ pt too wide, line \d+", result.warnings[1])


def test_without_xelatex(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(ToolError) as caught:
        list(Tex().compile_all([Job("a.tex", "")]))
    assert str(caught.value) == (
        "PDF needs XeLaTeX, and there is no xelatex on the PATH\n"
        f"On Debian or Ubuntu: {APT}\n"
        "Elsewhere: MacTeX, MiKTeX or TeX Live with XeLaTeX. "
        "Without TeX, Markdown and LaTeX can be built: -f md -f tex"
    )
    assert caught.value.exit_code == 4


@needs_tex
def test_a_missing_font_is_named_beforehand() -> None:
    ((_, error),) = Tex().compile_all([Job("zh/a.tex", PAGE, ("NoSuchFont.otf",))])
    assert isinstance(error, ToolError)
    assert str(error).split("\n")[:2] == ["zh/a.tex: TeX lacks NoSuchFont.otf", f"On Debian or Ubuntu: {APT}"]


def test_nothing_is_checked_without_kpsewhich(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(pdf, "_known", {})
    pdf.check_files(Job("a.tex", "\\usepackage{nosuchpackage}"))


def test_the_environment_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEXMFOUTPUT", "/somewhere")
    found = pdf.environment()
    assert (found["openin_any"], found["openout_any"], found["FORCE_SOURCE_DATE"]) == ("p", "p", "1")
    assert "TEXMFOUTPUT" not in found


def test_log() -> None:
    log = "! LaTeX Error: File `a.sty' not found.\n\nType X to quit\nl.7 \\usepackage{a}\n"
    error = first_error(log)
    assert error is not None
    assert (error.message, error.line) == ("LaTeX Error: File `a.sty' not found", 7)
    assert first_error("Output written on document.pdf") is None
    assert wants_rerun("LaTeX Warning: Label(s) may have changed. Rerun to get cross-references right.")
    assert not wants_rerun("Package: rerunfilecheck 2022-07-10 v1.10 Rerun checks for auxiliary files (HO)")
    wide = "Overfull \\hbox (12.5pt too wide) in paragraph at lines 3--4\n"
    wide += "Overfull \\hbox (0.1pt too wide) detected at line 9\n"
    source = "\\begin{document}\n\\begin{problem}{one}{1}\nx\n"
    assert warnings(wide, source) == ["12.5 pt too wide, line 3, in problem one"]
