"""What may be asked of a function: tasks, methods, layouts and depths, each with the module that does it.

The command line and the spec files offer the same names, so nothing is imported here.
"""

from __future__ import annotations

#: The module of each method. It has ``first_order(context, task)`` and ``second_order(context, gradient)``.
METHODS = {
    "differential": "docgen.calculus.by_differentials",
    "coordinates": "docgen.calculus.coordinates",
    "chain": "docgen.calculus.chain",
    "expand": "docgen.calculus.expand",
    "implicit": "docgen.calculus.implicit",
}

#: The tasks that every method can do.
DERIVATIVES = ("derivative", "gradient", "jacobian", "hessian", "differential")

#: The module of each further task. It has a function of the task's name: ``task(context) -> Derivation``.
STUDIES: dict[str, str] = {
    "second_differential": "docgen.calculus.study_second",
    "stationary_point": "docgen.calculus.study_point",
    "definiteness": "docgen.calculus.study_sign",
    "gradient_step": "docgen.calculus.study_steps",
    "sgd_step": "docgen.calculus.study_steps",
    "newton_step": "docgen.calculus.study_steps",
    "matrix_form": "docgen.calculus.samples",
}

TASKS = (*DERIVATIVES, *STUDIES)
LAYOUTS = ("mixed", "numerator", "denominator")
DETAILS = ("brief", "normal", "full")
