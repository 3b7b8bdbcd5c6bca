"""The project's own files: the wheel, the lock file, the two commands."""

import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

import docgen.version

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    """The wheel that `pip install .` makes, built from a copy of the sources."""
    source = tmp_path_factory.mktemp("source")
    for name in ("docgen", "templates", "problems"):
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    code = "import sys; from hatchling.build import build_wheel; print(build_wheel(sys.argv[1]))"
    made = subprocess.run(
        [sys.executable, "-c", code, str(source / "dist")], cwd=source, capture_output=True, text=True, check=True
    )
    return zipfile.ZipFile(source / "dist" / made.stdout.strip().splitlines()[-1])


def test_the_wheel_holds_every_module_template_and_problem(wheel: zipfile.ZipFile) -> None:
    inside = set(wheel.namelist())
    wanted = {path.relative_to(ROOT).as_posix() for path in (ROOT / "docgen").rglob("*.py")}
    for folder in ("templates", "problems"):
        wanted |= {
            "docgen/" + path.relative_to(ROOT).as_posix() for path in (ROOT / folder).rglob("*") if path.is_file()
        }
    assert wanted - inside == set()


def test_the_installed_wheel_works_without_the_source_tree(wheel: zipfile.ZipFile, tmp_path: Path) -> None:
    wheel.extractall(tmp_path / "site")
    code = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "import docgen, docgen.cli.main\n"
        "assert docgen.__file__.startswith(sys.argv[1]), docgen.__file__\n"
        "sys.argv = ['docgen', 'derive', 'x^T A x', '--wrt', 'x', '--shape', 'x=n', '--shape', 'A=n x n', '-f', 'md']\n"
        "docgen.cli.main.main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "site")], cwd=tmp_path, capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert r"\nabla f(x)" in done.stdout


def test_the_command_is_named_docgen() -> None:
    assert PROJECT["project"]["scripts"] == {"docgen": "docgen.cli.main:main"}


def test_the_version_is_in_the_changelog_or_not_yet_released() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert "## [Unreleased]" in changelog or f"## [{docgen.version.__version__}]" in changelog


def test_the_lock_file_pins_every_dependency_with_a_hash() -> None:
    text = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    entries = [entry for entry in re.split(r"\n(?=[a-z])", text) if not entry.startswith("#")]
    pinned = set()
    for entry in entries:
        assert "--hash=sha256:" in entry, entry
        name, version = re.match(r"([a-z0-9.-]+)==(\S+)", entry).groups()  # type: ignore[union-attr]
        assert version
        pinned.add(name)
    asked = [*PROJECT["project"]["dependencies"], *PROJECT["dependency-groups"]["dev"]]
    names = {re.match(r"[A-Za-z0-9._-]+", one).group().lower().replace(".", "-") for one in asked}  # type: ignore[union-attr]
    assert names - pinned == set()


def test_the_tex_line_is_the_same_wherever_it_is_given() -> None:
    """The script installs what the program asks for when a font or a package is missing."""
    script = (ROOT / "scripts" / "tex").read_text(encoding="utf-8")
    packages = re.search(r"packages=\(\s*([^)]*?)\s*\)", script).group(1).split()  # type: ignore[union-attr]
    given = [
        found
        for path in sorted((ROOT / "docgen").rglob("*.py"))
        for found in re.findall(r"texlive-xetex[a-z\s\"-]*?latexmk", path.read_text(encoding="utf-8").replace('"', " "))
    ]
    assert given, "no module of docgen says how TeX is installed"
    for line in given:
        assert line.split() == packages


@pytest.mark.parametrize("script", ["apt", "handouts", "lock", "page", "tex", "venv"])
def test_the_scripts_are_valid_bash(script: str) -> None:
    subprocess.run(["bash", "-n", ROOT / "scripts" / script], check=True)
