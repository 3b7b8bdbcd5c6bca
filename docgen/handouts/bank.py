"""The bank: the problems of the YAML files in a problems folder and its folder ``bank``, by id, by tag and by level.

A problem that a file takes from the bank (``use``) is listed where it was written, not where it is used.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from docgen.errors import Place, SpecError
from docgen.handouts.load import read, read_text
from docgen.handouts.places import data_folder
from docgen.handouts.resolve import resolve_alone
from docgen.handouts.spec import Problem
from docgen.handouts.values import nearest
from docgen.handouts.yaml_text import Path_, Source


@dataclass(frozen=True)
class Entry:
    """A problem of the bank: the file it is written in, and the problem with what its file says for all."""

    problem: Problem
    path: Path
    source: Source = field(repr=False)
    where: Path_ = field(repr=False)

    @property
    def id(self) -> str:
        return self.problem.id


@dataclass
class Bank:
    """The problems of some folders, read when they are asked for; of two with one id, that of the earlier folder."""

    folders: Sequence[Path]
    _files: dict[Path, tuple[Entry, ...]] = field(default_factory=dict, repr=False)

    def find(self, id: str, place: Place | None = None) -> Entry:
        """The problem with this id; :class:`SpecError` at ``place`` where there is none, or more than one."""
        unreadable: list[SpecError] = []
        for folder in self.folders:
            found: list[Entry] = []
            for path in (*handout_files(folder), *bank_files(folder)):
                try:
                    # Reading text is cheap, parsing YAML is not: a file without the id in it is not parsed.
                    if id in read_text(path):
                        found += [entry for entry in self._entries(path) if entry.id == id]
                except SpecError as error:
                    unreadable.append(error)
            if len(found) > 1:
                names = ", ".join(str(entry.path) for entry in found)
                raise SpecError(f"the bank has more than one problem `{id}`", hint=f"Rename one: {names}", place=place)
            if found:
                return found[0]
        if unreadable:
            raise unreadable[0]
        known = [entry.id for entry in self.entries()]
        hint = (
            nearest(id, known) if known else "The bank is empty: it is made of the YAML files in the folder problems."
        )
        raise SpecError(f"the bank has no problem `{id}`", hint=hint, place=place)

    def entries(self, tag: str | None = None, level: int | None = None) -> list[Entry]:
        """All problems, or those with a tag or of a level, in the order of the files; files at fault are left out
        (see :meth:`faults`)."""
        listed: dict[str, Entry] = {}
        for entry, _ in self._read():
            if (
                entry is not None
                and (tag is None or tag in entry.problem.tags)
                and level in (None, entry.problem.level)
            ):
                listed.setdefault(entry.id, entry)
        return list(listed.values())

    def faults(self) -> list[SpecError]:
        """What is wrong with the files that cannot be read."""
        return [fault for _, fault in self._read() if fault is not None]

    def _read(self) -> Iterator[tuple[Entry | None, SpecError | None]]:
        for folder in self.folders:
            for path in (*handout_files(folder), *bank_files(folder)):
                try:
                    for entry in self._entries(path):
                        yield entry, None
                except SpecError as fault:
                    yield None, fault

    def _entries(self, path: Path) -> tuple[Entry, ...]:
        """The problems written in a file."""
        if path not in self._files:
            file, source = read(path)
            self._files[path] = tuple(
                Entry(resolve_alone(file, source, index), path, source, ("problems", index))
                for index, problem in enumerate(file.problems)
                if problem.use is None
            )
        return self._files[path]


def default_bank(beside: Path | None = None) -> Bank:
    """The bank of a spec in the folder ``beside``: that folder, ``problems`` in the working folder, docgen's own."""
    folders: list[Path] = []
    for folder in (beside, Path("problems"), problems_folder()):
        if folder is not None and folder.is_dir() and not any(folder.resolve() == f.resolve() for f in folders):
            folders.append(folder)
    return Bank(folders)


def problems_folder() -> Path:
    """The problems that come with docgen: inside the installed package, or beside it in the source tree."""
    return data_folder("problems")


def handout_files(folder: Path) -> list[Path]:
    """The handouts of a folder: the YAML files right in it, sorted."""
    return sorted(path for path in folder.glob("*") if _is_spec(path))


def bank_files(folder: Path) -> list[Path]:
    """The files of a folder that hold problems for handouts to use: the YAML files in its folder ``bank``, sorted."""
    return handout_files(folder / "bank")


def _is_spec(path: Path) -> bool:
    return path.suffix in (".yaml", ".yml") and not path.name.startswith(".") and path.is_file()
