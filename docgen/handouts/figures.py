"""Figures of a handout: from a spec to what is shown, and from there to a block of a page with its words."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from docgen.algebra.latex import latex
from docgen.algebra.notation import Notation
from docgen.calculus.derivation import Function
from docgen.errors import DocgenError, Place, SpecError
from docgen.handouts import goals
from docgen.handouts.document import Figure, Inlines, Math
from docgen.handouts.handout import Plate
from docgen.handouts.iterates import iterates
from docgen.handouts.landscape import Wanted, constants, landscape
from docgen.handouts.language import Language
from docgen.handouts.pictures import Contour, Included, Landscape
from docgen.handouts.wording import notation_of

if TYPE_CHECKING:
    from docgen.handouts import contents

#: The largest file that is taken in, and the largest picture, in pixels.
LARGEST: Final = 20_000_000
MOST_PIXELS: Final = 100_000_000
#: What a file of each kind begins with.
BEGINNINGS: Final = {".pdf": b"%PDF-", ".png": b"\x89PNG\r\n\x1a\n", ".jpg": b"\xff\xd8\xff"}
SUFFIXES: Final = {".pdf": ".pdf", ".svg": ".svg", ".png": ".png", ".jpg": ".jpg", ".jpeg": ".jpg"}
#: What could act or load something else where a browser opens the file.
_ACTIVE: Final = re.compile(
    rb"<\s*(?:script|foreignObject|iframe|embed|object)\b|<!ENTITY|\bon\w+\s*=|javascript:"
    rb"|(?:href|src)\s*=\s*[\"']\s*(?!#|data:image/)|@import|url\(\s*(?![\"'\s]*(?:#|data:))",
    re.IGNORECASE,
)

#: The functions of the problem with an id, one for each variable.
Functions = Callable[[str], Sequence[Function]]


def plate(
    block: contents.Figure,
    number: int,
    folder: Path,
    at: Callable[..., Place],
    functions: Functions,
    near: Iterator[str],
    own: Callable[[contents.FigureKeys], Function],
) -> Plate:
    """A figure of the contents. ``folder`` is the spec's own, ``at`` gives the place of a key of the figure, ``near``
    the ids of the problems that it may be meant for where it names none, ``own`` reads a function of the figure's own.

    SpecError where the function cannot be drawn, or the file is not there or is not what its name says.
    """
    keys = block.figure
    id = keys.id or f"figure-{number}"
    if keys.file is not None:
        shows, sources = included(folder, keys.file, keys.width, at("file"))
        return Plate(id, str(number), shows, None, keys.caption, at(), sources)
    wanted = Wanted(keys.steps, keys.rate, keys.start, keys.seed)
    key = "function" if keys.function is not None else "of" if keys.of else "problem" if keys.problem else "kind"
    try:
        if keys.function is not None:
            function = own(keys)
            shown = landscape(function, wanted)
        elif keys.subject is not None:
            function = functions(keys.subject)[0]
            shown = landscape(function, wanted)
        else:
            function, shown = _nearest(near, functions, wanted)
    except DocgenError as error:
        raise error.at(at(key)) from None
    return Plate(id, str(number), shown, function, keys.caption, at())


def _nearest(near: Iterator[str], functions: Functions, wanted: Wanted) -> tuple[Function, Landscape]:
    """The first function that can be drawn."""
    for id in near:
        function = functions(id)[0]
        try:
            return function, landscape(function, wanted)
        except SpecError:
            continue
    raise SpecError(
        "no problem here has a function of two variables with a minimum",
        hint="Name one, of: ID, or give a function: {kind: contour, function: x^T x, variable: x}",
    )


# ---- files ------------------------------------------------------------------------------------------------------


def included(folder: Path, name: str, width: float | None, place: Place) -> tuple[Included, dict[Path, bytes]]:
    """The author's own picture, and the same picture in other formats that stands beside it (plot.svg by plot.pdf)."""
    stem, dot, suffix = name.rpartition(".")
    if SUFFIXES.get(f"{dot}{suffix}".lower()) is None or not stem:
        raise SpecError(
            f"docgen cannot show the file {name}", hint=f"A figure is one of: {', '.join(SUFFIXES)}.", place=place
        )
    sources = {folder / name: _read(folder, name, place)}
    files = {SUFFIXES[f".{suffix.lower()}"]: sources[folder / name]}
    for other, kind in SUFFIXES.items():
        beside = folder / f"{stem}{other}"
        if kind not in files and os.path.lexists(beside):
            sources[beside] = files[kind] = _read(folder, f"{stem}{other}", place)
    return Included(tuple(sorted(files.items())), name, width, place), sources


def _read(folder: Path, name: str, place: Place) -> bytes:
    """A file of the spec's folder; SpecError where it lies elsewhere, is too large, or is not what its name says."""
    path = folder / name
    try:
        real, root = path.resolve(strict=True), folder.resolve(strict=True)
        if root not in real.parents:
            raise SpecError(
                f"the file {name} leads out of the spec's folder",
                hint="Put the file itself into the spec's folder.",
                place=place,
            )
        status = os.stat(real)
        if not stat.S_ISREG(status.st_mode):
            raise SpecError(f"{name} is not an ordinary file", hint="Name a picture.", place=place)
        if status.st_size > LARGEST:
            raise SpecError(
                f"the file {name} has {status.st_size / 1e6:.1f} MB; a figure has at most {LARGEST // 1_000_000} MB",
                hint="Make it smaller.",
                place=place,
            )
        with open(real, "rb") as stream:
            data = stream.read(LARGEST + 1)
    except FileNotFoundError:
        raise SpecError(
            f"there is no file {name} in the spec's folder",
            hint=f"It is looked for in {folder.resolve()}.",
            place=place,
        ) from None
    except (OSError, ValueError, RuntimeError) as error:
        said = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise SpecError(f"the file {name} cannot be read: {said}", place=place) from None
    fault = _fault(SUFFIXES[path.suffix.lower()], data)
    if fault:
        raise SpecError(f"the file {name} {fault}", hint="Save the figure anew.", place=place)
    return data


def _fault(kind: str, data: bytes) -> str:
    """What is wrong with the contents of a picture; empty where nothing is."""
    if kind == ".svg":
        if b"<svg" not in data[:4000] or b"\0" in data:
            return "is no SVG picture"
        return "does more than show a picture: it holds a script or a link" if _ACTIVE.search(data) else ""
    if not data.startswith(BEGINNINGS[kind]):
        return f"is no {kind[1:].upper()} picture"
    if kind == ".png":
        across, down = int.from_bytes(data[16:20], "big"), int.from_bytes(data[20:24], "big")
        if across * down > MOST_PIXELS:
            return f"has {across} x {down} pixels, which is too many"
    return ""


# ---- on a page --------------------------------------------------------------------------------------------------


def figure(plate: Plate, stem: str, language: Language, chosen: Mapping[str, Any], caption: Inlines) -> Figure:
    """The figure in a language and notation. ``stem`` is the name of the page's files, ``caption`` the author's."""
    number = language.word("figures.number").replace("#", plate.number)
    name = f"{stem}-figure-{plate.number}"
    function, shown = plate.function, plate.shows
    if isinstance(shown, Included):
        return Figure(plate.id, number, name, shown, caption)
    assert function is not None  # a landscape has its function
    notation = notation_of(language, function, chosen)
    start, end = _marks(function, notation)
    picture = Contour(
        shown,
        _axes(function, notation),
        start,
        end,
        language.word("figures.levels"),
        language.word("figures.descent") if shown.rate and len(shown.path) > 1 else "",
        language.word("figures.minimum"),
        _decimal_mark(language),
    )
    return Figure(plate.id, number, name, picture, caption or _caption(function, shown, language, notation))


def _axes(function: Function, notation: Notation) -> tuple[str, str]:
    """What the axes are called: the entries of the variable, or the two variables."""
    if len(function.arguments) == 2:
        first, second = (latex(one, notation) for one in function.arguments)
        return first, second
    name: str = function.variable.data.name
    head, low, tail = name.partition("_")
    inside = f"{tail.strip('{}')}," if low else ""
    return f"{head}_{{{inside}1}}", f"{head}_{{{inside}2}}"


def _marks(function: Function, notation: Notation) -> tuple[str, str]:
    """What stands beside the first iterate and the minimum; nothing where two variables have no name together."""
    if len(function.arguments) == 2:
        return "", ""
    x = latex(function.variable, notation)
    new, old = iterates(function, notation)
    base = _base(new)
    start = base + re.sub(r"(?<![A-Za-z\\])[tk](?![A-Za-z])", "0", new[len(base) :]) if new != old else ""
    return start, "" if "^" in x else f"{x}^{{*}}"


def _base(iterate: str) -> str:
    """The variable of an iterate, without what counts the steps."""
    depth = 0
    for place in range(len(iterate) - 1, -1, -1):
        depth += {"}": 1, "{": -1}.get(iterate[place], 0)
        if iterate[place] in "_^" and depth == 0:
            return iterate[:place]
    return iterate


def _caption(function: Function, shown: Landscape, language: Language, notation: Notation) -> Inlines:
    """What docgen says of its own figure."""
    drawn = [(Math(latex(symbol, notation)),) for symbol in constants(function)]
    letter = _letter(function, notation)
    mark = _decimal_mark(language)
    brace = mark if mark == "." else f"{{{mark}}}"

    def written(value: float) -> str:
        return f"{value:g}".replace(".", brace)

    point = "; ".join(written(c) for c in shown.path[0]) if mark == "," else ", ".join(map(written, shown.path[0]))
    return language.typeset(
        language.phrase(
            "figure.contour",
            f=Math(goals.at_point(function, notation)),
            drawn=language.join(drawn) if drawn else "",
            steps=language.count("steps", len(shown.path) - 1) if len(shown.path) > 1 else "",
            gamma=Math(f"{letter} = {written(shown.rate)}"),
            start=Math(f"({point})"),
        )
    )


def _decimal_mark(language: Language) -> str:
    return language.number(0.5).strip("05")


def _letter(function: Function, notation: Notation) -> str:
    """The letter of the step length: the file's choice, or γ, or another that the function leaves free."""
    used = {name for node in (function.formula, *function.symbols) for name in node.free}
    letters = (notation.step, r"\gamma", r"\eta", r"\alpha", r"\tau")
    return next(letter for letter in letters if letter and letter not in used)
