"""How a model is solved: as if nothing had to be whole, then over plans of whole orders, then by plain search."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from oms_workflow.optimise.program import Model, Rows

if TYPE_CHECKING:
    from oms_workflow.optimise.highs import Problem

Array = Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """How long the solver may try. The gap and the nodes decide; the clock is only there for bad days."""

    seconds: float = 60.0
    nodes: int = 100_000
    gap: float = 0.004  # relative; under 0.5 %, so that rounding cannot break the promise
    small: int = 500  # orders of which all plans are left to the search: it is quicker with a few


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the solver found. `values` is None when it found nothing; `bound` is proven, also when time was over."""

    values: list[int] | None
    bound: float  # no solution costs less
    timed_out: bool


def minimise(
    model: Model, cost: list[int], more: Rows, effort: Effort, *, offset: int = 0, start: Sequence[int] | None = None
) -> Answer:
    """Find whole values for the variables at the least cost. The same model gives the same answer.

    The relaxation goes first: what is an assignment problem is solved by it, and a thousand times faster. Then plans of
    whole orders are mixed, which is exact enough for nearly every batch (`columns`). What is left is searched.

    Args:
        offset: What to add to the objective before the gap is taken of it.
        start: Values that are possible; the answer costs no more than they do.
    """
    from oms_workflow.optimise import highs  # here, not above: a command that plans nothing should not wait for it

    if not cost:
        return Answer(values=[], bound=0.0, timed_out=False)
    begun = time.monotonic()
    problem = highs.problem_of(model, cost, more)
    relaxed = highs.relax(problem, effort.seconds)
    if relaxed is None:
        return Answer(values=None, bound=float("-inf"), timed_out=True)
    whole = highs.in_whole(relaxed.values)
    if whole is not None:
        return Answer(values=whole, bound=relaxed.cost, timed_out=False)

    def left() -> float:
        return effort.seconds - (time.monotonic() - begun)

    answer = Answer(values=None, bound=relaxed.cost, timed_out=False)
    if start is not None and len(model.places) > effort.small:
        answer = _mixed(model, problem, relaxed.duals, effort, offset, start, left, answer)
    if answer.values is not None and _near(answer, problem, effort.gap, offset):
        return answer
    return _searched(model, problem, effort, offset, left, answer)


def least(model: Model, cost: list[int], effort: Effort) -> float:
    """Give a proven lower bound of the cost, quickly."""
    from oms_workflow.optimise import highs

    found = highs.relax(highs.problem_of(model, cost, Rows()), effort.seconds) if cost else None
    return found.cost if found else 0.0 if not cost else float("-inf")


def _mixed(
    model: Model,
    problem: Problem,
    duals: Array,
    effort: Effort,
    offset: int,
    start: Sequence[int],
    left: Callable[[], float],
    known: Answer,
) -> Answer:
    from oms_workflow.optimise.columns import Columns

    columns = Columns(model, problem)
    if not columns.places:
        return known
    columns.begin(start)
    found = columns.solve(duals, gap=effort.gap, offset=offset, nodes=effort.nodes, seconds=left)
    return replace(known, values=found.values, bound=max(known.bound, found.bound), timed_out=left() <= 0)


def _near(answer: Answer, problem: Problem, gap: float, offset: int) -> bool:
    costs = float(problem.cost @ answer.values)
    return costs - answer.bound <= max(gap * abs(answer.bound + offset), 1e-6 * abs(answer.bound))


def _searched(
    model: Model, problem: Problem, effort: Effort, offset: int, left: Callable[[], float], known: Answer
) -> Answer:
    """Search which parcels go; should the pieces in them not be whole then, they are settled with these parcels."""
    import numpy as np

    from oms_workflow.optimise import highs

    gap = min(effort.gap, effort.gap * abs(known.bound + offset) / max(1.0, abs(known.bound)))
    whole = np.array(model.whole)
    found = highs.search(problem, whole, gap=gap, nodes=effort.nodes, seconds=left())
    values = None if found.values is None else highs.in_whole(found.values)
    if values is None and found.values is not None:
        values = _settled(problem, whole, found.values, left())
        if values is None:  # other rows tie lines together: search for everything
            found = highs.search(problem, np.ones(len(whole)), gap=gap, nodes=effort.nodes, seconds=left())
            values = None if found.values is None else highs.in_whole(found.values)
    if known.values is not None and (values is None or problem.cost @ known.values <= problem.cost @ values):
        values = known.values
    return Answer(values=values, bound=max(found.bound, known.bound), timed_out=found.timed_out)


def _settled(problem: Problem, whole: Array, values: Array, seconds: float) -> list[int] | None:
    import numpy as np
    from scipy.sparse import csr_array, vstack

    from oms_workflow.optimise import highs

    rounded, fixed = np.rint(values), np.nonzero(whole)[0]
    rows = csr_array((np.ones(len(fixed)), (np.arange(len(fixed)), fixed)), shape=(len(fixed), len(values)))
    held = highs.Problem(
        problem.cost,
        csr_array(vstack([problem.matrix, rows])),
        np.concatenate([problem.low, rounded[fixed]]),
        np.concatenate([problem.high, rounded[fixed]]),
        problem.upper,
    )
    found = highs.relax(held, seconds)
    return None if found is None else highs.in_whole(found.values)
