"""What has not changed is not built again: a manifest in ``output/.docgen/`` and the question whether it still holds.

For every spec and every choice of languages, formats, editions and problems the manifest keeps the digests of all that
was read and all that was written, and one of docgen's own sources and templates. Contents decide, times do not. This
module imports nothing heavy, so that a build with nothing to do is quick.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final

from docgen.errors import OutputError
from docgen.handouts.places import data_folder, stamp

MANIFEST: Final = ".docgen/manifest.json"
_FORMAT: Final = 1
_ENTRY: Final = {"version", "inputs", "outputs"}


def digest(path: Path) -> str | None:
    """A digest of a file's contents; None where it cannot be read."""
    try:
        return hashlib.blake2b(path.read_bytes(), digest_size=16).hexdigest()
    except OSError:
        return None


def digest_of(data: bytes) -> str:
    """The digest that :func:`digest` gives for a file with these bytes."""
    return hashlib.blake2b(data, digest_size=16).hexdigest()


def machinery(override: Path | None = None) -> str:
    """One digest of everything of docgen that an output depends on: its sources, its templates, those in front."""
    return f"{_own()} {stamp(override)}".strip()


@cache
def _own() -> str:
    package = Path(__file__).resolve().parent.parent
    found = hashlib.blake2b(digest_size=16)
    for root, kind in ((package, "*.py"), (data_folder("templates"), "*.*")):
        for path in sorted(root.rglob(kind)):
            if path.is_file():
                found.update(f"{path.relative_to(root)}\0".encode())
                found.update(path.read_bytes())
    return found.hexdigest()


class Manifest:
    """What build has made in one output folder."""

    def __init__(self, output: Path) -> None:
        self.output = output
        self._table = _read(output / MANIFEST)

    def current(self, spec: Path, request: Mapping[str, Any], version: str) -> list[Path] | None:
        """The outputs of this request where nothing has changed since they were made; None where something has."""
        entry = self._table["builds"].get(self._key(spec, request))
        if not entry or entry["version"] != version:
            return None
        for name, known in entry["inputs"].items():
            if digest(self.output / name) != known:
                return None
        made = []
        for name in entry["outputs"]:
            if not _inside(name) or digest(self.output / name) != self._table["files"].get(name):
                return None
            made.append(self.output / name)
        return made

    def note(
        self,
        spec: Path,
        request: Mapping[str, Any],
        version: str,
        inputs: Mapping[Path, str | None],
        outputs: Sequence[str],
    ) -> None:
        """Remember a build that has succeeded; ``inputs`` are the digests at the time when they were read."""
        self._table["builds"][self._key(spec, request)] = {
            "version": version,
            "inputs": {self._relative(path): found for path, found in sorted(inputs.items())},
            "outputs": list(outputs),
        }

    def wrote(self, name: str, data: bytes) -> None:
        """Remember a file that build has put into the folder."""
        self._table["files"][name] = digest_of(data)

    def made_pdf(self, name: str, material: str) -> None:
        """Remember the digest of what a PDF was made of: the LaTeX file and its figures."""
        self._table["pdf"][name] = material

    def pdf_is_of(self, name: str, material: str) -> bool:
        """Whether the PDF in the folder is the one made of the material with this digest."""
        known = self._table["files"].get(name)
        return self._table["pdf"].get(name) == material and known is not None and digest(self.output / name) == known

    def files(self) -> dict[str, str]:
        """Every file that build has made, with its digest; names that would leave the folder are left out."""
        return {name: known for name, known in self._table["files"].items() if _inside(name)}

    def save(self) -> None:
        """Write the manifest; OutputError where that fails."""
        from docgen.rendering.files import target, write

        text = json.dumps({"format": _FORMAT, **self._table}, indent=1, sort_keys=True, ensure_ascii=False)
        write(target(self.output, MANIFEST), text.encode())

    def _key(self, spec: Path, request: Mapping[str, Any]) -> str:
        return f"{self._relative(spec)} {json.dumps(request, sort_keys=True)}"

    def _relative(self, path: Path) -> str:
        return Path(os.path.relpath(path, self.output)).as_posix()


def _read(path: Path) -> dict[str, Any]:
    """The manifest, or an empty one where there is none or it cannot be used."""
    try:
        table = json.loads(path.read_bytes())
        kept = {name: dict(table[name]) for name in ("builds", "files", "pdf")}
        if table["format"] == _FORMAT and all(entry.keys() >= _ENTRY for entry in kept["builds"].values()):
            return kept
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        pass
    return {"builds": {}, "files": {}, "pdf": {}}


def _inside(name: str) -> bool:
    path = Path(name)
    return not path.is_absolute() and ".." not in path.parts


def clean(output: Path) -> tuple[list[Path], list[Path]]:
    """Remove what build has made in the folder: the files removed, and those kept because somebody has changed them.

    OutputError where a file cannot be removed.
    """
    manifest = Manifest(output)
    removed, kept = [], []
    for name, known in sorted(manifest.files().items()):
        path = output / name
        found = None if path.is_symlink() else digest(path)
        if found is None:
            continue
        if found != known or not path.parent.resolve().is_relative_to(output.resolve()):
            kept.append(path)
            continue
        try:
            path.unlink()
        except OSError as error:
            raise OutputError(f"{path} cannot be removed: {error.strerror}") from None
        removed.append(path)
    (output / MANIFEST).unlink(missing_ok=True)
    _remove_empty({output / MANIFEST, *removed}, output)
    return removed, kept


def _remove_empty(paths: Iterable[Path], output: Path) -> None:
    """Remove the folders that are empty now, up to the output folder itself, which stays."""
    for folder in sorted({path.parent for path in paths}, reverse=True):
        if folder != output and folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()
