"""Where the files live that docgen brings along: templates and the problem bank."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from docgen.errors import LanguageError, OutputError

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
