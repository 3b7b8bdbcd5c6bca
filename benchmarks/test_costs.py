"""What the common commands cost, as ratios to imports that everybody knows. Run with `make bench`."""

from __future__ import annotations

import compileall
import shutil
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from benchmarks.clock import Ratio, process, ratio

ROOT = Path(__file__).parent.parent
SPEC = ROOT / "problems" / "seminar-03.yaml"
LANGUAGES = ("en", "ru", "zh")
DOCGEN = Path(sys.executable).parent / "docgen"

import_click = process([sys.executable, "-c", "import click"])
import_sympy = process([sys.executable, "-c", "import sympy"])

# pip compiles what it installs, sympy and click among it; an editable installation is compiled by its first command, or
# never, where PYTHONDONTWRITEBYTECODE is set.
compileall.compile_dir(ROOT / "docgen", quiet=1)


def within(benchmark: Any, limit: float, found: Ratio) -> None:
    """Record a ratio and refuse it where it is above the limit."""
    benchmark.extra_info["ratio"] = round(found.value, 3)
    benchmark.extra_info["limit"] = limit
    print(f"\n  {benchmark.name}: {found}, at most {limit}")
    assert found.value <= limit, str(found)


def test_version(benchmark: Any) -> None:
    call = process([DOCGEN, "--version"])
    benchmark.pedantic(call, rounds=5)
    within(benchmark, 2, ratio(call, import_click))


def test_derive(benchmark: Any) -> None:
    call = process([DOCGEN, "derive", "x^T A x", "--wrt", "x"])
    benchmark.pedantic(call, rounds=5)
    within(benchmark, 1, ratio(call, import_sympy))


def test_build_with_nothing_to_do(benchmark: Any, tmp_path: Path) -> None:
    call = process([DOCGEN, "build", SPEC, "-f", "md", "-f", "tex", "-o", tmp_path])
    call()
    benchmark.pedantic(call, rounds=5)
    within(benchmark, 4, ratio(call, import_click))


def test_trilingual_markdown(benchmark: Any, tmp_path: Path) -> None:
    build = process([DOCGEN, "build", SPEC, "-f", "md", "-o", tmp_path / "output"])

    def call() -> None:
        shutil.rmtree(tmp_path / "output", ignore_errors=True)
        build()

    benchmark.pedantic(call, rounds=5)
    within(benchmark, 3, ratio(call, import_sympy))


def test_pdf(benchmark: Any, tmp_path: Path) -> None:
    """The PDF stage against XeLaTeX alone: the same files, as many passes, as many at a time."""
    from docgen.rendering.pdf import Job, Tex, environment

    program = shutil.which("xelatex")
    if program is None:
        pytest.skip("there is no xelatex on the path")
    built = tmp_path / "output"
    process([DOCGEN, "build", SPEC, "-f", "tex", "-o", built])()
    jobs = [
        Job("-".join(path.relative_to(built).parts), path.read_text(encoding="utf-8"))
        for path in sorted(built.rglob("*.tex"))
    ]
    tex = Tex(workers=2)
    passes = {job.name: found.passes for job, found in tex.compile_all(jobs) if not isinstance(found, Exception)}
    assert len(passes) == len(jobs)

    def ours() -> None:
        assert all(not isinstance(found, Exception) for _, found in tex.compile_all(jobs))

    def bare(job: Job) -> None:
        folder = tmp_path / job.name
        shutil.rmtree(folder, ignore_errors=True)  # an .aux file of the last round would cost time to read
        folder.mkdir()
        (folder / "document.tex").write_text(job.source, encoding="utf-8")
        run = process(
            [program, "-no-shell-escape", "-interaction=batchmode", "document.tex"], cwd=folder, env=environment()
        )
        for _ in range(passes[job.name]):
            run()

    def theirs() -> None:
        with ThreadPoolExecutor(tex.workers) as pool:
            list(pool.map(bare, jobs))

    benchmark.pedantic(ours, rounds=1)
    within(benchmark, 1.15, ratio(ours, theirs, rounds=5))
