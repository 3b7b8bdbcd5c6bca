"""Where the files are: the templates and the bank that docgen brings along, and the spec files of a folder."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from docgen.errors import LanguageError, OutputError, SpecError

_PACKAGE = Path(__file__).resolve().parent.parent


@cache
def data_folder(name: str) -> Path:
    """The folder ``name`` inside the installed package, or beside the package in a source tree.

    A wheel carries ``templates`` and ``problems`` inside the package; a source tree has them at its root.
    """
    for place in (_PACKAGE / name, _PACKAGE.parent / name):
        if place.is_dir():
            return place
    raise LanguageError(
        f"the folder {name} that comes with docgen is missing", hint="Install docgen again: pip install ."
    )


def templates_folder() -> Path:
    """The folder with one folder per language and the skeletons of the formats."""
    return data_folder("templates")


def spec_files(path: Path, *, bank: bool = False) -> list[Path]:
    """The spec files that a path stands for: itself, or the handouts of the folder, with ``bank`` its bank too.

    SpecError for a folder without any. Whether a file is there is for the reader of it to say.
    """
    if not os.path.isdir(path):  # unlike Path.is_dir it never raises
        return [path]
    found = [*handout_files(path), *(bank_files(path) if bank else ())]
    if not found:
        raise SpecError(f"the folder {path} holds no spec file (.yaml)", hint="Make one: docgen new NAME")
    return found


def handout_files(folder: Path) -> list[Path]:
    """The handouts of a folder: the YAML files right in it, sorted."""
    return sorted(
        path
        for path in folder.glob("*")
        if path.suffix in (".yaml", ".yml") and not path.name.startswith(".") and path.is_file()
    )


def bank_files(folder: Path) -> list[Path]:
    """The files of a folder that hold problems for handouts to use: the YAML files in its folder ``bank``, sorted."""
    return handout_files(folder / "bank")


def own_templates(folder: str | os.PathLike[str] | None) -> Path | None:
    """A folder of templates that go before docgen's own; OutputError where it is none."""
    if folder is None:
        return None
    path = Path(folder)
    if not path.is_dir():
        raise OutputError(
            f"there is no folder of templates {path}", hint=f"Make one to begin with: docgen new --templates {path}"
        )
    return path


def template_files(folder: Path) -> Iterator[Path]:
    """The files of a folder of own templates that docgen reads, in order."""
    for pattern in ("*/*.toml", "formats/*/*"):
        yield from sorted(path for path in folder.glob(pattern) if path.is_file() and path.name[0] != ".")


def stamp(folder: Path | None) -> str:
    """A digest of a folder of own templates, so that nothing that was read before it changed is used after."""
    if folder is None:
        return ""
    found = hashlib.blake2b(digest_size=16)
    for path in template_files(folder):
        found.update(f"{path.relative_to(folder).as_posix()}\0".encode())
        try:
            found.update(path.read_bytes())
        except OSError:  # said where the file is read
            continue
    return found.hexdigest()
