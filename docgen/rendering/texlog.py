"""What a log of TeX says: the first real error, missing glyphs, lines that are too wide, a wish to run again."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

#: Lines wider than the page by less than this many points cannot be seen.
VISIBLE: Final = 0.5

_LINE: Final = re.compile(r"^l\.(\d+)", re.MULTILINE)
_GLYPH: Final = re.compile(r"^Missing character: There is no (.) (?:\(U\+[0-9A-F]+\) )?in font (.+?)!?$", re.MULTILINE)
_OVERFULL: Final = re.compile(
    r"^Overfull \\[hv]box \(([\d.]+)pt too (?:wide|high)\)"
    r"(?: (?:in (?:paragraph|alignment)|detected) at lines? (\d+))?",
    re.MULTILINE,
)
_RERUN: Final = re.compile(r"rerun to get|rerun LaTeX|Label\(s\) may have changed", re.IGNORECASE)
_PROBLEM: Final = re.compile(r"\\begin\{problem\}\{([^{}]*)\}")


@dataclass(frozen=True, slots=True)
class TexError:
    """The first error of a run: what TeX says, and the line of the source (None: not known)."""

    message: str
    line: int | None


def first_error(log: str) -> TexError | None:
    """The first error of the log, or None."""
    # Its line begins with "!"; a long message goes on in up to two more, until the place, an empty line or advice.
    start = re.search(r"^! ?(.+(?:\n(?!l\.|\s*$|See |Type ).{0,200}){0,2})", log, re.MULTILINE)
    if start is None:
        return None
    line = _LINE.search(log, start.start())
    message = " ".join(start.group(1).split())
    if "Undefined control sequence" in message:
        # The command is the last one on the line of the log that shows how far TeX has read.
        context = log[start.start() : line.end() + 400 if line else start.end() + 400]
        names = re.findall(r"(\\[A-Za-z@]+)\s*$", "\n".join(context.splitlines()[1:3]), re.MULTILINE)
        message = f"Undefined control sequence {names[0]}" if names else "Undefined control sequence"
    return TexError(message.rstrip("."), int(line.group(1)) if line else None)


def warnings(log: str, source: str) -> list[str]:
    """What a reader would see on the page: missing glyphs and lines that are too wide, each with its problem."""
    found = []
    for sign, font in dict.fromkeys(_GLYPH.findall(log)):
        found.append(f"no glyph for {sign} (U+{ord(sign):04X}) in the font {_font(font)}")
    for points, number in dict.fromkeys(_OVERFULL.findall(log)):
        if float(points) > VISIBLE:
            line = int(number) if number else None
            place = f", line {line}{_in_problem(source, line)}" if line else ""
            found.append(f"{points} pt too wide{place}")
    return found


def wants_rerun(log: str) -> bool:
    """Whether TeX asks for another pass."""
    return _RERUN.search(log) is not None


def problem_at(source: str, line: int | None) -> str:
    """The id of the problem that a line of the source belongs to; empty where there is none."""
    if line is None:
        return ""
    before = "\n".join(source.split("\n")[:line])
    names = _PROBLEM.findall(before.partition("\\begin{document}")[2])
    return names[-1] if names else ""


def _in_problem(source: str, line: int) -> str:
    problem = problem_at(source, line)
    return f", in problem {problem}" if problem else ""


def _font(name: str) -> str:
    """The file name in what XeTeX calls a font: ``[cmunrm.ttf]/OT:mapping=tex-text``."""
    return re.sub(r"^\[|[\]/:].*$", "", name)
