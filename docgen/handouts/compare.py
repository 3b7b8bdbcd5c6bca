"""Answers beside answers: a student's formula beside those of a problem, and a spec beside its earlier edition."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from docgen.algebra.latex import latex
from docgen.algebra.node import Node, workspace
from docgen.calculus.abbreviate import names_in, written_out
from docgen.calculus.derivation import Derivation, Function, Solution
from docgen.calculus.given import read_answer
from docgen.calculus.judge import RANK, Verdict, judge_answer
from docgen.errors import DocgenError, ShapeError, UnsupportedError
from docgen.handouts.prepare import numbers, solved
from docgen.handouts.values import Words

if TYPE_CHECKING:
    from docgen.handouts.load import SpecFile
    from docgen.handouts.spec import Problem


# ---- a formula beside the answers of a problem ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Judged:
    """The verdict on a formula, the derivation whose answer it was held against, and why its own sizes do not fit."""

    verdict: Verdict
    derivation: Derivation
    why: str = ""


def judged(formula: str, solutions: Sequence[Solution], task: str | None = None) -> Judged:
    """The verdict on a formula beside the answers of a problem (``task``: beside those of this task only).

    Where there are several answers, the kindest verdict counts. Raises DocgenError where the formula cannot be read, or
    where the problem has no such task.
    """
    answers = [(derivation, solution.function) for solution in solutions for derivation in solution.derivations]
    tasks = list(dict.fromkeys(derivation.task for derivation, _ in answers))
    if task is not None and task not in tasks:
        raise DocgenError(f"the problem has no task '{task}'", hint=f"It has: {', '.join(tasks)}.")
    found: list[Judged] = []
    for derivation, function in answers:
        if task not in (None, derivation.task):
            continue
        with workspace():
            answer = written_out(derivation.answer, derivation)
            try:
                given = read_answer(formula, answer, function, names=names_in(derivation))
            except ShapeError as error:
                found.append(Judged(Verdict("shape"), derivation, str(error)))
                continue
            found.append(Judged(judge_answer(given, answer, function), derivation))
    return min(found, key=lambda one: RANK.index(one.verdict.kind))


def solutions_of(spec: SpecFile, problem: str, part: str = "") -> tuple[Solution, ...]:
    """The solutions of a problem without parts, or of a part of one: one for each variable."""
    whole = spec.problem(problem)
    place = [one.id for one in whole.parts].index(part) if part else 0
    return solved(spec, whole)[place].solutions


# ---- a spec beside an earlier one ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Change:
    """Something that is not as it was. ``what`` names it; ``old`` and ``new`` are how it is written, None where there
    was or is nothing; ``note`` says what the words do not show."""

    what: str
    old: str | None
    new: str | None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Difference:
    """What changed in one problem. ``kind`` is ``added``, ``removed`` or ``changed``; ``number`` that of the new file,
    or of the old one where the problem was removed."""

    id: str
    kind: str
    number: str
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class _Task:
    """A problem, or a part of one, with its number in its file."""

    spec: SpecFile
    problem: Problem
    number: str
    origin: str
    part: str = ""

    def solutions(self) -> tuple[Solution, ...]:
        return solutions_of(self.spec, self.origin, self.part)


def differences(old: SpecFile, new: SpecFile) -> list[Difference]:
    """The problems that were added, removed or changed, in the order of the new file, those removed at the end.

    Both answers of a changed problem are derived, and equality is proved, so that an answer that is only written
    otherwise is told apart from one that changed. A problem that bears another id, and is the same otherwise, counts as
    changed. Raises a DocgenError with its place for a problem that cannot be solved.
    """
    before, after = dict(_tasks(old)), dict(_tasks(new))
    gone = {id: task for id, task in before.items() if id not in after}
    found: list[Difference] = []
    for id, task in after.items():
        earlier = before.get(id)
        renamed: tuple[Change, ...] = ()
        if earlier is None:
            former = next((name for name, other in gone.items() if _is_same(other.problem, task.problem)), None)
            if former is None:
                found.append(Difference(id, "added", task.number))
                continue
            earlier, renamed = gone.pop(former), (Change("id", former, id),)
        changes = (*renamed, *_changes(earlier, task))
        if changes:
            found.append(Difference(id, "changed", task.number, changes))
    found += [Difference(id, "removed", task.number) for id, task in gone.items()]
    return found


def _tasks(spec: SpecFile) -> Iterator[tuple[str, _Task]]:
    """The problems and parts of a file in the order in which they are printed, by id, ``id.part`` for a part; those
    that no block of the contents shows come last and have no number."""
    shown = numbers(spec)
    hidden = [problem.id for problem in spec.problems if problem.id not in shown]
    for id in (*shown, *hidden):
        problem, number = spec.problem(id), shown.get(id, "")
        if not problem.parts:
            yield id, _Task(spec, problem, number, id)
        for part in problem.parts:
            yield f"{id}.{part.id}", _Task(spec, part, f"{number} {part.id}".strip(), id, part.id)


def _is_same(old: Problem, new: Problem) -> bool:
    return old.function is not None and all(
        getattr(old, key) == getattr(new, key) for key in ("function", "variable", "task", "shapes")
    )


#: What a statement tells beside its function, by the key of the spec.
_TOLD = ("name", "variable", "variables", "shapes", "assume", "where", "form", "constrained", "elementwise")
#: What is asked for.
_ASKED = ("task", "method", "layout")
#: The author's texts, one or one per language.
_TEXTS = ("title", "statement", "hint", "remark")
#: What an answer depends on.
_DECIDES = ("function", *_TOLD, *_ASKED, "answer")


def _changes(old: _Task, new: _Task) -> Iterator[Change]:
    if old.number != new.number:
        yield Change("number", old.number or None, new.number or None)
    for key in _TEXTS:
        yield from _texts(key, getattr(old.problem, key), getattr(new.problem, key))
    decides = [key for key in _DECIDES if getattr(old.problem, key) != getattr(new.problem, key)]
    functions = old.spec.keys.functions != new.spec.keys.functions or old.spec.keys.macros != new.spec.keys.macros
    solutions = (old.solutions(), new.solutions()) if decides or functions else None
    if solutions is not None and old.problem.function != new.problem.function:
        first, second = (found[0].function for found in solutions)
        same = first.variable.data.name == second.variable.data.name and _equal(first.formula, second.formula, first)
        note = "the same function" if same else ""
        yield Change("function", old.problem.function, new.problem.function, note)
    for key in (*_TOLD, *_ASKED, "points", "bonus"):
        before, after = getattr(old.problem, key), getattr(new.problem, key)
        if before != after:
            yield Change(key, _written(before), _written(after))
    if solutions is not None:
        yield from _answers(*solutions)


def _texts(key: str, old: Words | None, new: Words | None) -> Iterator[Change]:
    """How a text changed, language by language."""
    before, after = (dict(words.texts()) if words is not None else {} for words in (old, new))
    for code in dict.fromkeys([*before, *after]):
        if before.get(code) != after.get(code):
            yield Change(key if not code else f"{key} ({code})", before.get(code), after.get(code))


def _written(value: Any) -> str | None:
    """A value of a spec in one line; None where it says nothing."""
    if isinstance(value, Mapping):
        return ", ".join(f"{name}: {_written(item)}" for name, item in value.items()) or None
    if isinstance(value, tuple | list):
        return ", ".join(str(item) for item in value) or None
    if isinstance(value, bool):
        return "yes" if value else None
    return None if value is None else f"{value:g}" if isinstance(value, float) else str(value)


def _answers(old: Sequence[Solution], new: Sequence[Solution]) -> Iterator[Change]:
    """How the answers changed, task by task."""
    before, after = _by_task(old), _by_task(new)
    for key in dict.fromkeys([*before, *after]):
        what = f"answer ({', '.join(key)})"
        first, second = before.get(key), after.get(key)
        was, now = (None if one is None else latex(one[0], one[1].notation) for one in (first, second))
        if first is None or second is None:
            yield Change(what, was, now)
        elif was != now or first[0].shape is not second[0].shape:
            equal = _equal(first[0], second[0], second[1])
            yield Change(what, was, now, "equal, written otherwise" if equal else "")


def _by_task(solutions: Sequence[Solution]) -> dict[tuple[str, ...], tuple[Node, Function]]:
    """The answers by task, by variable where there are several, and by layout where it is not the usual one; several
    methods find one answer."""
    found: dict[tuple[str, ...], tuple[Node, Function]] = {}
    for solution in solutions:
        by = [f"by {solution.function.variable.data.name}"] if len(solutions) > 1 else []
        for d in solution.derivations:
            key = (d.task, *by, *([d.layout] if d.layout != "mixed" else []))
            found.setdefault(key, (written_out(d.answer, d), solution.function))
    return found


def _equal(first: Node, second: Node, function: Function) -> bool:
    """Whether two formulas of two solutions are equal; what cannot be proved equal counts as changed."""
    with workspace():
        try:
            return judge_answer(second, first, function).kind == "equal"
        except UnsupportedError:
            return False
