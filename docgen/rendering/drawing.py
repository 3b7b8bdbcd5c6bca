"""Figures drawn with Matplotlib: level curves, a minimum, the path to it. Black on white, the same bytes every time.

All text is drawn as outlines, so that a page needs no font to show it. Formulas are set in Computer Modern, which comes
with Matplotlib; words in the font of the language (``figure_fonts`` of latex.toml), which comes with TeX, or in any
other font at hand that has the letters.
"""

from __future__ import annotations

import logging
import math
import re
from collections.abc import Sequence
from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

from docgen.errors import ToolError
from docgen.handouts.pictures import Contour, Pair
from docgen.rendering.pdf import installed

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: The width in inches, more where the legend needs it; the sizes of letters in points.
WIDTH: Final = 3.7
WORDS: Final = 9
SIGNS: Final = 11
#: Nothing here depends on what a user has set for Matplotlib.
_SETTINGS: Final[Any] = {
    "mathtext.fontset": "cm",
    "svg.fonttype": "path",
    "svg.hashsalt": "docgen",
    "contour.negative_linestyle": "solid",
    "axes.linewidth": 0.6,
    "axes.unicode_minus": True,
}


def draw(picture: Contour, suffix: str, fonts: Sequence[str]) -> bytes:
    """The picture as a file: ``.svg`` or ``.pdf``. ``fonts`` are files with a font for its words, the first that is
    there is taken. ToolError where Matplotlib is missing or no font has the letters."""
    try:
        logging.getLogger("matplotlib").setLevel(logging.ERROR)  # it tells when it looks for fonts
        import matplotlib
    except ImportError:
        raise ToolError(
            "Matplotlib is not installed, and figures need it", hint="Install it: pip install matplotlib"
        ) from None
    from matplotlib.backends.backend_pdf import FigureCanvasPdf
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure
    from matplotlib.font_manager import FontProperties

    words = "".join((picture.levels, picture.steps, picture.minimum))
    font = FontProperties(fname=_font(words, tuple(fonts)), size=WORDS)
    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(_SETTINGS)
        scene = picture.landscape
        high = (scene.ys[-1] - scene.ys[0]) / (scene.xs[-1] - scene.xs[0])
        figure = Figure(figsize=(WIDTH, WIDTH * high + 0.55), layout="constrained")
        axes = figure.add_subplot()
        _landscape(axes, picture)
        _axes(axes, picture)
        _legend(figure, axes, font)
        _outlines(figure)
        out = BytesIO()
        if suffix == ".svg":
            nothing = dict.fromkeys(("Date", "Creator", "Format", "Type"))
            FigureCanvasSVG(figure).print_svg(out, metadata=nothing)  # type: ignore[no-untyped-call]
            return _without_version(out.getvalue())
        nothing = dict.fromkeys(("Creator", "Producer", "CreationDate"))
        FigureCanvasPdf(figure).print_pdf(out, metadata=nothing)  # type: ignore[no-untyped-call]
        return out.getvalue()


def _landscape(axes: Axes, picture: Contour) -> None:
    """Level curves in grey, the path in black with a dot for each iterate, a star at the minimum."""
    import numpy as np

    scene = picture.landscape
    values = np.array(scene.rows)
    axes.contour(
        scene.xs, scene.ys, np.ma.masked_invalid(values), levels=scene.levels, colors="0.55", linewidths=0.6, zorder=1
    )
    axes.plot([], [], color="0.55", linewidth=0.6, label=picture.levels)
    xs, ys = zip(*scene.path, strict=True)
    if picture.steps:
        axes.plot(xs, ys, color="black", linewidth=0.9, marker="o", markersize=2.6, zorder=3, label=picture.steps)
    axes.plot(
        *scene.minimum, color="white", marker="*", markersize=10, markeredgecolor="black", markeredgewidth=0.8,
        linestyle="none", zorder=4, label=picture.minimum,
    )  # fmt: skip
    axes.set_xlim(scene.xs[0], scene.xs[-1])
    axes.set_ylim(scene.ys[0], scene.ys[-1])
    axes.set_aspect("equal")
    first, then = scene.path[0], scene.path[min(1, len(scene.path) - 1)]
    for point, other, latex in (
        (first, then, picture.start if picture.steps else ""),
        (scene.minimum, first, picture.end),
    ):
        if latex:  # on the side where no line of the path is
            axes.annotate(
                f"${_mathtext(latex)}$", point, _away(point, other), textcoords="offset points", fontsize=SIGNS,
                ha="center", va="center", zorder=5,
            )  # fmt: skip


def _away(point: Pair, other: Pair, points: float = 13.0) -> Pair:
    """The offset of a label from a point, away from the other."""
    x, y = point[0] - other[0], point[1] - other[1]
    length = math.hypot(x, y)
    return (points * x / length, points * y / length) if length else (0.0, points)


def _axes(axes: Axes, picture: Contour) -> None:
    """The names of the axes and the numbers on them, with the decimal mark of the language."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    mark = picture.decimal if picture.decimal == "." else f"{{{picture.decimal}}}"
    form = FuncFormatter(lambda value, _: f"${f'{value:.6g}'.replace('.', mark)}$")
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter(form)
        axis.set_major_locator(MaxNLocator(6, steps=[1, 2, 5, 10]))
    axes.tick_params(width=0.6, length=3, labelsize=WORDS)
    axes.set_xlabel(f"${_mathtext(picture.axes[0])}$", fontsize=SIGNS)
    axes.set_ylabel(f"${_mathtext(picture.axes[1])}$", fontsize=SIGNS, rotation=0, labelpad=8)


def _legend(figure: Any, axes: Axes, font: Any) -> None:
    """What the lines and signs are, in one row below; the picture is widened where the words need it."""
    legend = figure.legend(
        *axes.get_legend_handles_labels(), loc="outside lower center", ncols=3, frameon=False, prop=font,
        handlelength=1.8, columnspacing=1.6,
    )  # fmt: skip
    figure.draw_without_rendering()  # only now the words have a width
    figure.set_figwidth(max(WIDTH, legend.get_window_extent().width / figure.dpi))


def _outlines(figure: Any) -> None:
    """Let all text be drawn as outlines, with white behind what stands among the lines."""
    from matplotlib.patheffects import Normal, withStroke
    from matplotlib.text import Annotation, Text

    figure.draw_without_rendering()  # the numbers on the axes are made only now
    for text in figure.findobj(Text):
        white = withStroke(linewidth=2.5, foreground="white")
        text.set_path_effects([white if isinstance(text, Annotation) else Normal()])


def _mathtext(latex: str) -> str:
    """A symbol in the part of LaTeX that Matplotlib sets."""
    return re.sub(r"\\bm\b", r"\\boldsymbol", latex)


def _without_version(svg: bytes) -> bytes:
    """The picture without the comment that names the version of Matplotlib."""
    return re.sub(rb"<!-- Created with matplotlib[^>]*-->\n?", b"", svg)


# ---- fonts ------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=64)
def _font(words: str, names: tuple[str, ...]) -> str:
    """The file of a font that has the letters of the words."""
    from matplotlib.font_manager import findfont, fontManager

    letters = sorted({ord(c) for c in words if not c.isspace()})
    there = installed(names)
    fonts = [there[name] for name in names if name in there]
    fonts += [findfont("DejaVu Serif"), *sorted({str(entry.fname) for entry in fontManager.ttflist})]
    for path in fonts:
        if _has(path, letters):
            return path
    raise ToolError(
        f"the font {names[0] if names else 'DejaVu Serif'} is missing, and no other font has the letters of “{words}”",
        hint="Figures need a font with these letters; it comes with TeX: apt-get install texlive-lang-chinese",
    )


def _has(path: str, letters: Sequence[int]) -> bool:
    from matplotlib.ft2font import FT2Font

    try:
        font = FT2Font(path)
        return all(font.get_char_index(letter) for letter in letters)
    except (OSError, RuntimeError, ValueError):
        return False
