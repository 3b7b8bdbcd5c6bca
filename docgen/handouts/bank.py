"""The bank: the problems of the YAML files in a problems folder and its folder ``bank``, by id, by tag and by level.

A problem that a file takes from the bank (``use``) is listed where it was written, not where it is used.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from docgen.errors import Place, SpecError
from docgen.handouts.load import read, read_text
from docgen.handouts.places import bank_files, data_folder, handout_files
from docgen.handouts.resolve import resolve_alone
from docgen.handouts.spec import Problem
from docgen.handouts.values import nearest
from docgen.handouts.yaml_text import KeyPath, Source


@dataclass(frozen=True)
class Entry:
    """A problem of the bank: the file it is written in, and the problem with what its file says for all."""

    problem: Problem
    path: Path
    source: Source = field(repr=False)
    where: KeyPath = field(repr=False)

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
        typed = re.compile(rf"\bid\W+(?:\w+\s+)?{re.escape(id)}(?![\w-])")  # the word between is an anchor
        unreadable: list[SpecError] = []
        for folder in self.folders:
            found: list[Entry] = []
            for path in _files_in(folder):
                try:
                    # Reading text is cheap, parsing YAML is not: a file without the id as an id is not parsed.
                    if typed.search(read_text(path)):
                        found += [entry for entry in self._entries(path) if entry.id == id]
                except SpecError as error:
                    unreadable.append(error)
            if len(found) > 1:
                names = ", ".join(str(entry.path) for entry in found)
                raise SpecError(f"the bank has more than one problem `{id}`", hint=f"Rename one: {names}", place=place)
            if found:
                return found[0]
        known = {entry.id: entry for entry in self.entries()}
        if id in known:  # an id that is an alias of YAML, or typed with escapes
            return known[id]
        if unreadable:
            raise unreadable[0]
        empty = "The bank is empty: it is made of the YAML files in the folder problems."
        hint = nearest(id, [*known], "`docgen list` shows the bank.") if known else empty
        raise SpecError(f"the bank has no problem `{id}`", hint=hint, place=place)

    def entries(self, tag: str | None = None, level: int | None = None) -> list[Entry]:
        """All problems, or those with a tag or of a level, in the order of the files; files at fault are left out
        (see :meth:`faults`)."""
        listed: dict[str, Entry] = {}
        for entry, _ in self._read():
            if entry is None or level not in (None, entry.problem.level):
                continue
            if tag is None or tag in entry.problem.tags:
                listed.setdefault(entry.id, entry)
        return list(listed.values())

    def faults(self) -> list[SpecError]:
        """What is wrong with the files that cannot be read."""
        return [fault for _, fault in self._read() if fault is not None]

    def _read(self) -> Iterator[tuple[Entry | None, SpecError | None]]:
        for folder in self.folders:
            for path in _files_in(folder):
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


def _files_in(folder: Path) -> list[Path]:
    """The files of a folder that may hold problems."""
    return [*handout_files(folder), *bank_files(folder)]


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
