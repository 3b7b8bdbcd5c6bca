"""Spec files from disk: read within limits, checked key by key, and resolved (symbols, ``use``, parts, defaults).

:func:`load` is the way in. Every fault is a :class:`SpecError` with file, line, the line itself and the way out; where
a file has several, the first comes with the others below it.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ValidationError

from docgen.errors import Place, SpecError
from docgen.handouts import spec
from docgen.handouts.contents import BLOCKS, Block, Problems
from docgen.handouts.references import check_references
from docgen.handouts.resolve import Origins, check_assumed, check_function, check_ids, common_of, resolved
from docgen.handouts.spec import Common, File, Problem
from docgen.handouts.values import Words, nearest
from docgen.handouts.yaml_text import KeyPath, Source, parse

if TYPE_CHECKING:
    from docgen.handouts.bank import Bank

MAX_BYTES = 1_000_000
_MOST_FAULTS = 8


@dataclass(frozen=True)
class SpecFile:
    """A spec file, resolved.

    ``name`` is the stem of the files made of it; ``keys`` the file's own keys; ``problems`` in order, each with all it
    inherits; ``contents`` never empty; ``sources`` every file that was read for it, the spec first.
    """

    path: Path
    name: str
    title: Words
    keys: File
    problems: tuple[Problem, ...]
    contents: tuple[Block, ...]
    sources: tuple[Path, ...]
    _source: Source = field(repr=False)
    _origins: Mapping[tuple[str, str], Origins] = field(repr=False)

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages that the file names; empty: all."""
        return self.keys.language

    def problem(self, problem: str, part: str = "") -> Problem:
        """The problem with this id, or one of its parts; KeyError where there is none."""
        found = next((p for p in self.problems if p.id == problem), None)
        if found is not None and part:
            found = next((p for p in found.parts if p.id == part), None)
        if found is None:
            raise KeyError((problem, part))
        return found

    def place_of(self, problem: str, *keys: str | int, part: str = "") -> Place:
        """File and line where a problem's key was typed, be it in the bank; the problem's line where it was not."""
        origins = self._origins[(problem, part)]
        while keys:
            for source, path in origins:
                line = source.line_of((*path, *keys))
                if line is not None:
                    return Place(file=source.file, line=line)
            keys = keys[:-1]  # an item of a list that was typed without a dash stands at the key
        return Place(file=origins[0][0].file, line=origins[0][0].line_of(origins[0][1]))

    @property
    def common(self) -> Common:
        """What the file says for all its problems."""
        return common_of(self.keys, self._source)

    def place(self, *keys: str | int) -> Place:
        """File and line of a key of the file, such as ``place("contents", 3, "claim")``."""
        path: KeyPath = keys
        while path and self._source.line_of(path) is None:
            path = path[:-1]
        return Place(file=self._source.file, line=self._source.line_of(path))

    def require(self, languages: Sequence[str], known: Sequence[str] = ()) -> None:
        """:class:`SpecError` where a text is missing in one of the languages, or the file names one that is not among
        those ``known``."""
        for code in languages:
            if known and code not in known and code in self.languages:
                place = self._source.place(("language",))
                raise SpecError(f"there is no language `{code}`", hint=nearest(code, known), place=place)
        faults = []
        for source, path, text in self._texts():
            missing = [code for code in languages if text.get(code) is None]
            if missing:
                given = ", ".join(code for code, _ in text.texts())
                there = not known or any(code in known for code, _ in text.texts())
                faults.append(
                    SpecError(
                        f"`{path[-1]}` has no text in the language {', '.join(missing)} (it has {given})",
                        hint="Add it, or build only the languages that are there: language: " + _listed(text)
                        if there
                        else f"Add it: {{{missing[0]}: …}}",
                        place=source.place(path, key=True),
                    )
                )
        _raise_first(faults)

    def _texts(self) -> Iterator[tuple[Source, KeyPath, Words]]:
        """Every text of the handout and the place where it was typed."""
        for path, text in _words_of(self.keys, ()):
            if path[0] != "problems":
                yield self._source, path, text
        for problem in self.problems:
            for path, text in _words_of(problem, ()):
                for source, base in self._origins[(problem.id, "")]:
                    if source.line_of((*base, *path)) is not None:
                        yield source, (*base, *path), text
                        break


def load(path: Path | str, bank: Bank | None = None) -> SpecFile:
    """The spec file at ``path``. ``bank`` is where ``use`` finds problems; by default the spec's own folder, the
    folder ``problems`` of the working folder, and the bank that comes with docgen."""
    path = Path(path)
    file, source = read(path)
    origins: dict[tuple[str, str], Origins] = {}
    sources = [path]
    problems = []
    for index, typed in enumerate(file.problems):
        where: KeyPath = ("problems", index)
        own: Origins = ((source, where),)
        base: Problem | None = None
        if typed.use is not None:
            if bank is None:
                from docgen.handouts.bank import default_bank

                bank = default_bank(path.parent)
            entry = bank.find(typed.use, source.place((*where, "use")))
            base, own = entry.problem, (*own, (entry.source, entry.where))
            if entry.path not in sources:
                sources.append(entry.path)
        problems.append(resolved(typed, base, file, own, origins))
    check_ids(problems, origins)
    for problem in problems:
        check_function(problem, origins)
    check_assumed(file, problems, source)
    if not problems and not file.contents:
        raise SpecError(
            "the file holds neither problems nor contents",
            hint="A complete file:\nproblems:\n  - id: quadratic-form\n    function: x^T A x\n    variable: x",
            place=source.at_top(),
        )
    contents = file.contents or (Problems(problems=("all",)),)
    loaded = SpecFile(
        path, _file_stem(path), file.title or _title_of(path), file, tuple(problems), contents, tuple(sources),
        source, origins,
    )  # fmt: skip
    _raise_first(check_references(loaded, source, loaded._texts()))
    if file.language:
        loaded.require(file.language)
    return loaded


def read(path: Path) -> tuple[File, Source]:
    """The keys of a spec file as typed, and the places of them."""
    source = parse(read_text(path), str(path), spec.all_keys())
    if source.data is None:
        raise SpecError(
            "the file is empty", hint="`docgen new NAME` writes a spec to begin with.", place=source.at_top()
        )
    try:
        return File.model_validate(source.data), source
    except ValidationError as error:
        faults = [_fault(dict(found), source) for found in error.errors(include_url=False)]
        faults.sort(key=lambda fault: (fault.place.line or 0) if fault.place else 0)
        raise _first(faults) from None


def read_text(path: Path) -> str:
    """The text of a spec file; :class:`SpecError` where it is no readable UTF-8 file of a sensible size."""
    here = Place(file=str(path))
    try:
        status = os.stat(path)
        if stat.S_ISDIR(status.st_mode):
            raise SpecError(
                "this is a folder, not a spec file", hint=f"Name a file: {path / 'seminar.yaml'}", place=here
            )
        if not stat.S_ISREG(status.st_mode):
            raise SpecError("this is not an ordinary file", hint="Name a spec file.", place=here)
        if status.st_size > MAX_BYTES:
            raise _too_large(status.st_size, here)
        with path.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise SpecError("there is no such file", hint="`docgen new NAME` writes a spec.", place=here) from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise SpecError(f"the file cannot be read: {reason}", hint="Check its permissions.", place=here) from None
    if len(data) > MAX_BYTES:
        raise _too_large(len(data), here)
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise SpecError(
            "the file is not UTF-8 text",
            hint="Save it in the encoding UTF-8 (in many editors: Save as, Encoding).",
            place=Place(file=str(path), line=line),
        ) from None


def _too_large(size: int, here: Place) -> SpecError:
    return SpecError(
        f"the file has {size / 1e6:.1f} MB; a spec has at most {MAX_BYTES // 1_000_000} MB",
        hint="Split it into several files.",
        place=here,
    )


def _file_stem(path: Path) -> str:
    """The stem of the files made of a spec: that of the spec, with nothing in it that could lead elsewhere."""
    stem = "".join(c if c.isalnum() or c in "-_." else "-" for c in path.stem).lstrip(".-")
    return stem or "handout"


def _title_of(path: Path) -> Words:
    stem = " ".join(path.stem.replace("-", " ").replace("_", " ").split())
    return Words(stem[:1].upper() + stem[1:] or "Handout")


def _words_of(model: BaseModel, path: KeyPath) -> Iterator[tuple[KeyPath, Words]]:
    """Every text in a model with its path."""
    for key in type(model).model_fields:
        yield from _words_in(getattr(model, key), (*path, key))


def _words_in(value: Any, path: KeyPath) -> Iterator[tuple[KeyPath, Words]]:
    if isinstance(value, Words):
        yield path, value
    elif isinstance(value, BaseModel):
        yield from _words_of(value, path)
    elif isinstance(value, tuple):
        for index, item in enumerate(value):
            yield from _words_in(item, (*path, index))
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _words_in(item, (*path, key))


# --- faults ------------------------------------------------------------------------------------------------------


def _fault(found: dict[str, Any], source: Source) -> SpecError:
    """One of pydantic's errors as a message with its place."""
    context = found.get("ctx", {})
    path = _path_of((*found["loc"], *context.get("at", ())), source)
    if found["type"] != "docgen":
        key = found["loc"][-1] if found["loc"] else "the file"
        return SpecError(f"`{key}`: {found['msg'][:1].lower()}{found['msg'][1:]}", place=source.place(path))
    what = context["message"]
    name = next((step for step in reversed(path) if isinstance(step, str)), "")
    if name and not context["key"] and what.startswith(("expected", "the formula", "the text")):
        what = f"`{name}`: {what}"
    return SpecError(what, hint=context["hint"], place=source.place(path, key=context["key"]))


def _path_of(location: KeyPath, source: Source) -> KeyPath:
    """Where pydantic's location leads in the file; in the contents it also names the kind of the block."""
    if location[:1] == ("contents",) and len(location) > 3 and location[2] in BLOCKS:
        location = (*location[:2], *location[3:])
    path: KeyPath = ()
    for step in location:
        if (*path, step) not in source.values:
            break
        path = (*path, step)
    return path


def _first(faults: Sequence[SpecError]) -> SpecError:
    """The first fault, with the others below it."""
    first, *others = faults
    if others:
        more = [str(fault) for fault in others[:_MOST_FAULTS]]
        if len(others) > _MOST_FAULTS:
            more.append(f"… and {len(others) - _MOST_FAULTS} more")
        first.hint = "\n".join(part for part in (first.hint, *more) if part)
    return first


def _raise_first(faults: Sequence[SpecError]) -> None:
    if faults:
        raise _first(faults)


def _listed(text: Words) -> str:
    codes = [code for code, _ in text.texts()]
    return codes[0] if len(codes) == 1 else f"[{', '.join(codes)}]"
