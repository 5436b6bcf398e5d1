"""The one place that calls HiGHS. Numbers come in whole and leave whole; in between the solver may use floats."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from oms_workflow.optimise.model import Model, Rows

WHOLE = 1e-6  # how far a value may be from a whole number, to HiGHS (mip_feasibility_tolerance)


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """How long the solver may try. The gap and the nodes decide; the clock is only there for bad days."""

    seconds: float = 60.0
    nodes: int = 100_000
    gap: float = 0.004  # relative; under 0.5 %, so that rounding cannot break the promise


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the solver found. `values` is None when it found nothing; `bound` is proven, also when time was over."""

    values: list[int] | None
    bound: float  # no solution costs less
    timed_out: bool
    parcels: dict[int, int] | None = None  # what is whole in an answer that is not whole all over


def minimise(model: Model, cost: list[int], more: Rows, effort: Effort, *, offset: int = 0) -> Answer:
    """Find whole values for the variables at the least cost. The same model gives the same answer.

    The relaxation goes first: what is an assignment problem is solved by it, and a thousand times faster. Then the
    search settles which parcels go; should the pieces in them not be whole then, they are settled with these parcels.

    Args:
        offset: What to add to the objective before the gap is taken of it.
    """
    relaxed = _solve(model, cost, more, effort, [0] * len(cost))
    if relaxed.values is not None or relaxed.timed_out:
        return relaxed
    gap = effort.gap * abs(relaxed.bound + offset) / max(1.0, abs(relaxed.bound))
    found = _solve(model, cost, more, replace(effort, gap=min(gap, effort.gap)), model.whole)
    if found.values is None and found.parcels is not None:
        fixed = Rows()
        for variable, value in found.parcels.items():
            fixed.add([(variable, 1)], low=value, high=value)
        fixed.append(more)
        settled = _solve(model, cost, fixed, effort, [0] * len(cost))
        if settled.values is None:  # other rows tie lines together: search for everything
            found = _solve(model, cost, more, replace(effort, gap=min(gap, effort.gap)), [1] * len(cost))
        else:
            found = replace(found, values=settled.values)
    return replace(found, bound=max(found.bound, relaxed.bound))


def least(model: Model, cost: list[int], effort: Effort) -> float:
    """Give a proven lower bound of the cost, quickly."""
    return _solve(model, cost, Rows(), effort, [0] * len(cost)).bound


def _solve(model: Model, cost: list[int], more: Rows, effort: Effort, whole: list[int]) -> Answer:
    """Solve with whole values where they are asked for. Values that are not whole all over are not given."""
    import numpy as np  # here, not above: a command that plans nothing should not wait for it
    from scipy.optimize import Bounds, LinearConstraint, milp

    if not cost:
        return Answer(values=[], bound=0.0, timed_out=False)
    matrix, low, high = _matrix(model, more)
    options: dict[str, Any] = {"time_limit": effort.seconds}
    found = milp(
        np.array(cost, dtype=float),
        integrality=np.array(whole),
        bounds=Bounds(0, np.array(model.upper, dtype=float)),
        constraints=[LinearConstraint(matrix, low, high)] if low.size else [],
        options=options | ({"node_limit": effort.nodes, "mip_rel_gap": effort.gap} if any(whole) else {}),
    )
    bound = found.mip_dual_bound if any(whole) else (found.fun if found.status == 0 else None)
    answer = Answer(values=None, bound=float("-inf") if bound is None else float(bound), timed_out=found.status == 1)
    if found.x is None:
        return answer
    values = np.rint(found.x)
    rounded = [int(value) for value in values]
    if np.abs(found.x - values).max() <= WHOLE:
        return replace(answer, values=rounded)
    return replace(answer, parcels={number: rounded[number] for number, one in enumerate(whole) if one} or None)


def _matrix(model: Model, more: Rows) -> tuple[Any, Any, Any]:
    import numpy as np
    from scipy.sparse import csr_array

    terms = [*model.rows.terms, *more.terms]
    starts = np.cumsum([0, *(len(row) for row in terms)])
    columns = np.array([variable for row in terms for variable, _ in row], dtype=np.int32)
    values = np.array([many for row in terms for _, many in row], dtype=float)
    matrix = csr_array((values, columns, starts), shape=(len(terms), len(model.upper)))
    low = np.array([-np.inf if one is None else one for one in (*model.rows.low, *more.low)], dtype=float)
    high = np.array([np.inf if one is None else one for one in (*model.rows.high, *more.high)], dtype=float)
    return matrix, low, high
