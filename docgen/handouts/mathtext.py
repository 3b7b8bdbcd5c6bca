"""Formulas in authors' texts: which LaTeX may stand between dollar signs.

A text in a spec is data from a stranger. A formula in it is passed on to LaTeX and to Markdown, so only commands that
write mathematics are let through, brackets must close, and nothing may end the formula early, define a command or
read a file.
"""

from __future__ import annotations

import re
from difflib import get_close_matches

from docgen.errors import Place, SpecError

_GREEK = """
alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu xi pi varpi rho varrho
sigma varsigma tau upsilon phi varphi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega
"""
_SIGNS = """
cdot cdots ldots dots dotsc dotsb vdots ddots times div pm mp ast star circ bullet oplus ominus otimes oslash odot
cap cup setminus wedge vee neg land lor le ge leq geq leqslant geqslant ll gg ne neq equiv sim simeq approx cong
propto prec succ preceq succeq in notin ni subset supset subseteq supseteq perp parallel mid nmid to gets mapsto
rightarrow leftarrow leftrightarrow Rightarrow Leftarrow Leftrightarrow iff implies longrightarrow Longrightarrow
longmapsto hookrightarrow uparrow downarrow forall exists nexists partial nabla infty emptyset varnothing ell hbar
Re Im aleph sum prod int iint oint lim sup inf max min arg det dim ker exp log ln lg sin cos tan cot sec csc arcsin
arccos arctan sinh cosh tanh coth gcd deg Pr limsup liminf colon langle rangle lvert rvert lVert rVert vert Vert
lfloor rfloor lceil rceil lbrace rbrace backslash prime top bot intercal dagger square triangle surd angle because
therefore
"""
_MAKERS = """
frac dfrac tfrac binom sqrt overline underline hat widehat tilde widetilde bar vec dot ddot check breve acute grave
underbrace overbrace underset overset stackrel mathbf mathrm mathit mathsf mathtt mathbb mathcal mathscr mathfrak
boldsymbol bm operatorname text textbf textit textrm left right middle bigl bigr bigm big Bigl Bigr Big biggl biggr
bigg Biggl Biggr Bigg quad qquad enspace thinspace displaystyle textstyle scriptstyle limits nolimits substack begin
end not pmod bmod mod boxed phantom tr diag rank hline
"""
#: Every command that may be used.
COMMANDS = frozenset(f"{_GREEK} {_SIGNS} {_MAKERS}".split())
ENVIRONMENTS = frozenset(
    "matrix pmatrix bmatrix Bmatrix vmatrix Vmatrix smallmatrix cases aligned gathered array".split()
)
_TOKEN = re.compile(r"\\([A-Za-z]+)|\\(.)|([{}$#%&~^])", re.DOTALL)
_ENVIRONMENT = re.compile(r"\\(begin|end)\s*(?:\{([^{}]*)\})?")


def checked_math(latex: str, place: Place | None = None) -> str:
    """The formula, where it is harmless mathematics.

    Raises SpecError with the formula and a caret under what cannot stand in it.
    """

    def wrong(message: str, start: int, end: int, hint: str = "") -> SpecError:
        error = SpecError(message, hint=hint, place=Place(formula=latex, start=start, end=end))
        return error if place is None else _at(error, place)

    open_braces: list[int] = []
    sides: list[int] = []
    for found in _TOKEN.finditer(latex):
        command, sign, mark = found.groups()
        start, end = found.span()
        if command is not None:
            if command not in COMMANDS:
                near = get_close_matches(command, COMMANDS, n=1)
                hint = f"Did you mean \\{near[0]}?" if near else "Texts may use the usual commands of mathematics."
                raise wrong(f"the command \\{command} cannot be used in a formula of a text", start, end, hint)
            if command == "left":
                sides.append(start)
            elif command == "right":
                if not sides:
                    raise wrong(r"\right without \left", start, end, r"Write both or none: \left( … \right)")
                sides.pop()
        elif mark == "{":
            open_braces.append(start)
        elif mark == "}":
            if not open_braces:
                raise wrong("this } closes nothing", start, end, "Remove it, or add the missing {.")
            open_braces.pop()
        elif mark in ("$", "#", "%", "~"):
            hint = f"Write \\{mark} for the sign itself."
            raise wrong(f"the sign {mark} cannot stand in a formula", start, end, hint)
        elif mark == "^" and latex.startswith("^^", start):
            raise wrong("the sign ^ stands twice", start, end + 1, "Remove one.")
        elif sign is not None and sign in "()[]":
            hint = "Formulas in texts stand between dollar signs."
            raise wrong(f"\\{sign} cannot stand in a formula", start, end, hint)
    if open_braces:
        raise wrong("this { is never closed", open_braces[-1], open_braces[-1] + 1, "Add the missing }.")
    if sides:
        raise wrong(r"\left without \right", sides[-1], sides[-1] + 5, r"Write both or none: \left( … \right)")
    opened: list[str] = []
    for found in _ENVIRONMENT.finditer(latex):
        kind, name = found.groups()
        if name not in ENVIRONMENTS:
            raise wrong(f"the environment {name or ''} cannot be used in a formula of a text", *found.span())
        if kind == "begin":
            opened.append(name)
        elif not opened or opened.pop() != name:
            raise wrong(rf"\end{{{name}}} without \begin{{{name}}}", *found.span())
    if opened:
        raise wrong(rf"\begin{{{opened[-1]}}} is not ended", 0, len(latex))
    return latex


def _at(error: SpecError, place: Place) -> SpecError:
    error.at(place)
    return error
