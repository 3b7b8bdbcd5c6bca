"""What problems inherit: the file's symbols and defaults, the bank problem they use, the problem they are a part of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from docgen.errors import DocgenError, SpecError
from docgen.handouts.calls import names_in
from docgen.handouts.spec import Common, File, Problem
from docgen.handouts.yaml_text import KeyPath, Source
from docgen.reading import canonical
from docgen.reading.names import nearest

#: Where a problem's keys were typed, nearest first: its own, then those it inherits from.
Origins = tuple[tuple[Source, KeyPath], ...]

#: What a part takes from its problem, and a part with ``of`` from the part it goes on from.
_INHERITED = (
    "name",
    "function",
    "variable",
    "variables",
    "shapes",
    "assume",
    "where",
    "task",
    "method",
    "layout",
    "detail",
    "constrained",
    "elementwise",
)
_BY_SYMBOL = ("shapes", "assume", "where")


def resolve_alone(file: File, source: Source, index: int) -> Problem:
    """A problem of a bank file with what the file says for all its problems."""
    return resolved(file.problems[index], None, file, ((source, ("problems", index)),), {})


def resolved(
    typed: Problem, base: Problem | None, file: File, own: Origins, origins: dict[tuple[str, str], Origins]
) -> Problem:
    """The problem with the keys of the bank problem ``base``, the file's symbols and defaults, and its parts; enters
    the origins of it and of its parts."""
    problem = typed if base is None else _over(typed, base)
    if not problem.id:
        problem = problem.model_copy(update={"id": typed.use or ""})
    common = declared(file)
    for name, symbol in file.symbols.items():
        with suppress(DocgenError):  # a shape that cannot be read is told where the problem is read
            if not symbol.is_meant(name, problem.shapes) and name not in file.assume:
                common["assume"].pop(name, None)
    update: dict[str, Any] = {key: values | getattr(problem, key) for key, values in common.items()}
    for key in ("layout", "detail"):
        if key not in problem.model_fields_set:
            update[key] = getattr(file, key)
    problem = problem.model_copy(update=update).within(common_of(file, own[0][0]))
    if not problem.id:
        source, path = own[0]
        raise SpecError("the problem has no id", hint="Give it one: id: quadratic-form", place=source.place(path))
    origins.setdefault((problem.id, ""), own)
    return problem.model_copy(update={"parts": _resolved_parts(problem, own, origins)})


def declared(file: File) -> dict[str, dict[str, Any]]:
    """The shapes, assumptions and named parts that a file gives for all its problems, by the key of a problem."""
    return {
        "shapes": {name: symbol.shape for name, symbol in file.symbols.items() if symbol.shape is not None},
        "assume": {name: symbol.assume for name, symbol in file.symbols.items() if symbol.assume} | file.assume,
        "where": file.where,
    }


def common_of(file: File, source: Source) -> Common:
    """What a file says for all its problems, with the places of it."""
    given = [key for key in ("symbols", "functions", "macros") if getattr(file, key)]
    return Common(file.symbols, file.functions, file.macros, {key: source.place((key,), key=True) for key in given})


def _resolved_parts(problem: Problem, own: Origins, origins: dict[tuple[str, str], Origins]) -> tuple[Problem, ...]:
    """The parts with what they inherit; parts without an id are a, b, c, …"""
    parts: dict[str, Problem] = {}
    # The parts were typed in one place: the problem itself, or the bank problem it uses.
    home = next((o for o in own if o[0].line_of((*o[1], "parts")) is not None), own[0])
    for index, typed in enumerate(problem.parts):
        source, path = home[0], (*home[1], "parts", index)
        name = typed.id or chr(ord("a") + index % 26)
        if name in parts:
            raise SpecError(
                f"two parts of `{problem.id}` have the id `{name}`",
                hint="Rename one.",
                place=source.place((*path, "id")),
            )
        for key in ("use", "parts", "reuse"):
            if key in typed.model_fields_set:
                place = source.place((*path, key), key=True)
                raise SpecError(f"a part cannot have `{key}`", hint="Put it on the problem.", place=place)
        earlier, chain = problem, own
        if typed.of is not None:
            if typed.of not in parts:
                known = ", ".join(parts) or "none"
                raise SpecError(
                    f"`of: {typed.of}`: there is no such part above",
                    hint=f"Parts above: {known}.",
                    place=source.place((*path, "of")),
                )
            earlier, chain = parts[typed.of], origins[(problem.id, typed.of)]
        inherited = {key: getattr(earlier, key) for key in _INHERITED}
        part = _over(typed, Problem.model_construct(_fields_set=set(_INHERITED), **inherited))
        parts[name] = part.model_copy(update={"id": name}).within(problem.common)
        origins.setdefault((problem.id, name), ((source, path), *chain))
    return tuple(parts.values())


def _over(typed: Problem, base: Problem) -> Problem:
    """The base with the typed keys over it; shapes, assumptions and named parts are merged symbol by symbol."""
    given = {key: getattr(typed, key) for key in typed.model_fields_set}
    for key in _BY_SYMBOL:
        if key in given:
            given[key] = getattr(base, key) | given[key]
    if "variable" in given:
        given.setdefault("variables", ())
    elif "variables" in given:
        given["variable"] = None
    if "function" in given and "equals" not in given:
        given["equals"] = ()
    return base.model_copy(update=given)


def check_ids(problems: Sequence[Problem], origins: Mapping[tuple[str, str], Origins]) -> None:
    """Every id once. The origins keep the first problem of an id, so the second is found by counting."""
    seen: set[str] = set()
    for index, problem in enumerate(problems):
        if problem.id in seen:
            source, path = origins[(problem.id, "")][0]
            here: KeyPath = ("problems", index)
            key = "id" if source.line_of((*here, "id")) else "use"
            raise SpecError(
                f"the id `{problem.id}` is used twice",
                hint=f"It stands in line {source.line_of((*path, 'id')) or source.line_of(path)} already; rename one.",
                place=source.place((*here, key)),
            )
        seen.add(problem.id)


def check_function(problem: Problem, origins: Mapping[tuple[str, str], Origins]) -> None:
    """A problem has a function, or parts that all have one."""
    for candidate, part in ((p, p.id) for p in problem.parts) if problem.parts else ((problem, ""),):
        if candidate.function is None:
            source, path = origins[(problem.id, part)][0]
            name = f"part `{part}` of `{problem.id}`" if part else f"problem `{problem.id}`"
            raise SpecError(f"{name} has no function", hint="Add one: function: x^T A x", place=source.place(path))


def check_assumed(file: File, problems: Sequence[Problem], source: Source) -> None:
    """Nothing is assumed of a symbol that stands nowhere in its problem: that is a slip of the name."""
    for index, (typed, problem) in enumerate(zip(file.problems, problems, strict=True)):
        here: KeyPath = ("problems", index)
        for path, one in ((here, typed), *(((*here, "parts", k), part) for k, part in enumerate(typed.parts))):
            for name in one.assume:
                if name in problem.shapes:
                    continue
                known = _mentioned(problem, file)
                if canonical(name) in known:
                    continue
                near = nearest(canonical(name), known)
                raise SpecError(
                    f"something is assumed of {name}, which stands nowhere in `{problem.id}`",
                    hint=f"Did you mean {near}?" if near else "Leave it out.",
                    place=source.place((*path, "assume", name), key=True),
                )


def _mentioned(problem: Problem, file: File) -> set[str]:
    """Every name that may stand in the formulas of a problem, in the author's macros and among the file's symbols."""
    texts = [*file.macros.values(), *file.functions.values()]
    for one in (problem, *problem.parts):
        texts += (one.function or "", one.answer or "", *one.where, *one.where.values(), *one.equals, *one.claim)
        texts += (text for case in one.special for text in case.set.values())
        texts += (*one.shapes, one.variable or "", *one.variables)
    for name, symbol in file.symbols.items():
        texts += (name, symbol.rows or "", symbol.entries or "")
    return {name for text in texts for name in names_in(text)}
