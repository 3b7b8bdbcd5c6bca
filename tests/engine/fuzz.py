"""Random formulas by the thousand, each derived and judged by numbers: ``python -m tests.engine.fuzz 100000``.

Every line of the report names the seed, so ``python -m tests.engine.fuzz --only SEED`` shows the problem again.
"""

from __future__ import annotations

import argparse
import sys
import time
import traceback
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from multiprocessing import Pool

from docgen.algebra.latex import latex
from docgen.algebra.node import workspace
from docgen.calculus.abbreviate import give_names, written_out
from docgen.calculus.derive import derive_all
from docgen.calculus.request import Request
from docgen.errors import DocgenError, ProofError, UnsupportedError
from tests.engine.problems import random_problem
from tests.engine.verdict import judge

#: A refusal of these is right: the formula has no value or no derivative anywhere.
NOWHERE = "the formula is defined nowhere"
BATCH = 50


@dataclass(frozen=True)
class Outcome:
    """What became of one seed: ``right``, ``wrong``, ``crash``, ``refused``, ``nowhere`` (the formula is defined
    nowhere, and docgen says so), ``undefined`` (the numbers cannot judge it) or ``constant`` (nothing was drawn)."""

    seed: int
    word: str
    detail: str = ""


def trial(seed: int, method: str = "differential", detail: str = "normal") -> Outcome:
    """Draw, derive, judge."""
    with workspace():
        problem = random_problem(seed)
        if problem is None:
            return Outcome(seed, "constant")
        function, task = problem.function, problem.task
        asked = f"{task} of {latex(function.formula)} by {function.variable.data.name}"
        try:
            found = give_names(derive_all(function, Request((task,), (method,), detail=detail)), function)[0]
            answer = written_out(found.answer, found)
        except ProofError as error:
            return Outcome(seed, "crash", f"{asked}: ProofError {error}")
        except UnsupportedError as error:
            word = "nowhere" if NOWHERE in str(error) else "refused"
            return Outcome(seed, word, f"{asked}: {error}")
        except DocgenError as error:
            return Outcome(seed, "crash", f"{asked}: {error}")
        except Exception:
            return Outcome(seed, "crash", f"{asked}: {' | '.join(traceback.format_exc().splitlines()[-3:])}")
        verdict = judge(function, task, answer, seed)
        detail = f"{asked}: {latex(found.answer)} is {verdict.detail}" if verdict.word == "wrong" else asked
        return Outcome(seed, verdict.word, detail)


def batch(seeds: range, method: str = "differential", detail: str = "normal") -> list[Outcome]:
    """Several trials; what is right is reported by its word alone."""
    outcomes = (trial(seed, method, detail) for seed in seeds)
    return [o if o.word not in ("right", "constant") else Outcome(o.seed, o.word) for o in outcomes]


def run(count: int, start: int, workers: int, method: str, detail: str) -> Iterable[list[Outcome]]:
    """The outcomes, in order, from several processes."""
    batches = [range(at, min(at + BATCH, start + count)) for at in range(start, start + count, BATCH)]
    work = partial(batch, method=method, detail=detail)
    if workers < 2:
        yield from map(work, batches)
        return
    with Pool(workers) as pool:
        yield from pool.imap(work, batches)


def shortened(text: str, most: int = 400) -> str:
    return text if len(text) <= most else f"{text[: most - 150]} … {text[-150:]}"


def report(outcomes: Iterable[list[Outcome]], count: int, shown: int) -> Counter[str]:
    """Count the outcomes, showing progress and the first of each bad kind."""
    totals: Counter[str] = Counter()
    start = time.perf_counter()
    for several in outcomes:
        for outcome in several:
            totals[outcome.word] += 1
            if outcome.word in ("wrong", "crash", "refused") and totals[outcome.word] <= shown:
                print(f"{outcome.word} {outcome.seed}: {shortened(outcome.detail)}", flush=True)
        done = totals.total()
        rate = done / (time.perf_counter() - start)
        words = ", ".join(f"{word} {n}" for word, n in totals.most_common())
        print(f"\r{done} of {count} ({rate:.0f} a second): {words}   ", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    return totals


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", nargs="?", type=int, default=1000, help="how many formulas")
    parser.add_argument("--start", type=int, default=0, help="the first seed")
    parser.add_argument("--workers", type=int, default=2, help="how many processes")
    parser.add_argument("--shown", type=int, default=20, help="how many of each bad kind are printed")
    parser.add_argument("--only", type=int, help="one seed, in full")
    parser.add_argument("--method", default="differential", help="another method refuses what is not its own")
    parser.add_argument("--detail", default="normal", help="brief, normal or full")
    options = parser.parse_args()
    if options.only is not None:
        outcome = trial(options.only, options.method, options.detail)
        print(f"{outcome.word}: {outcome.detail}")
        return 0
    outcomes = run(options.count, options.start, options.workers, options.method, options.detail)
    totals = report(outcomes, options.count, options.shown)
    asked = totals.total() - totals["constant"]
    share = totals["refused"] / max(1, asked)
    print(", ".join(f"{word} {n}" for word, n in totals.most_common()), f"(refused {share:.2%})")
    few = share < 0.02 or options.method != "differential"
    return 0 if few and not totals["wrong"] and not totals["crash"] else 1


if __name__ == "__main__":
    sys.exit(main())
