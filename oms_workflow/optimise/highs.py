"""The one place that calls HiGHS. Numbers come in whole and leave whole; in between the solver may use floats."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import csr_array, vstack

from oms_workflow.optimise.program import Model, Rows

WHOLE = 1e-6  # how far a value may be from a whole number, to HiGHS (mip_feasibility_tolerance)

Array = Any  # numpy has no types that say more here


@dataclass(frozen=True, slots=True)
class Problem:
    """Least cost of variables from 0 to `upper`, with low <= matrix @ variables <= high."""

    cost: Array
    matrix: Array
    low: Array  # -inf is no limit
    high: Array  # inf is no limit
    upper: Array


@dataclass(frozen=True, slots=True)
class Relaxed:
    """The best when nothing need be whole."""

    cost: float
    values: Array
    duals: Array  # of each row: what one more of its limit changes; not below 0 for a low limit, not above for a high


@dataclass(frozen=True, slots=True)
class Searched:
    """The best that was found where some have to be whole. `values` is None when nothing was found."""

    values: Array | None
    bound: float  # no solution costs less
    timed_out: bool


def problem_of(model: Model, cost: list[int], more: Rows) -> Problem:
    """Write a model down in arrays, with further rows."""
    terms = [*model.rows.terms, *more.terms]
    starts = np.cumsum([0, *(len(row) for row in terms)])
    columns = np.array([variable for row in terms for variable, _ in row], dtype=np.int32)
    values = np.array([many for row in terms for _, many in row], dtype=float)
    matrix = csr_array((values, columns, starts), shape=(len(terms), len(model.upper)))
    low = np.array([-np.inf if one is None else one for one in (*model.rows.low, *more.low)], dtype=float)
    high = np.array([np.inf if one is None else one for one in (*model.rows.high, *more.high)], dtype=float)
    return Problem(np.array(cost, dtype=float), matrix, low, high, np.array(model.upper, dtype=float))


def relax(problem: Problem, seconds: float) -> Relaxed | None:
    """Solve without asking for whole values; None when that cannot be done, or not in time."""
    if not len(problem.cost):
        return Relaxed(0.0, problem.cost, np.zeros(len(problem.low)))
    equal = problem.low == problem.high
    most, least = ~equal & np.isfinite(problem.high), ~equal & np.isfinite(problem.low)
    rows: dict[str, Array] = {}
    if most.any() or least.any():
        rows["A_ub"] = vstack([problem.matrix[most], -problem.matrix[least]])
        rows["b_ub"] = np.concatenate([problem.high[most], -problem.low[least]])
    if equal.any():
        rows |= {"A_eq": problem.matrix[equal], "b_eq": problem.low[equal]}
    bounds = np.column_stack([np.zeros(len(problem.cost)), problem.upper])
    found = linprog(problem.cost, **rows, bounds=bounds, method="highs-ds", options={"time_limit": max(seconds, 0.01)})
    if found.status != 0:
        return None
    duals = np.zeros(len(problem.low))
    if "A_ub" in rows:
        limits = np.minimum(found.ineqlin.marginals, 0.0)
        duals[most] += limits[: most.sum()]
        duals[least] -= limits[most.sum() :]
    if equal.any():
        duals[equal] = found.eqlin.marginals
    return Relaxed(float(found.fun), found.x, duals)


def search(problem: Problem, whole: Array, *, gap: float, nodes: int, seconds: float) -> Searched:
    """Solve with whole values where they are asked for. The same problem gives the same answer, but for the clock."""
    if not len(problem.cost):
        return Searched(problem.cost, 0.0, False)
    found = milp(
        problem.cost,
        integrality=whole,
        bounds=Bounds(0, problem.upper),
        constraints=[LinearConstraint(problem.matrix, problem.low, problem.high)] if problem.low.size else [],
        options={"time_limit": max(seconds, 0.01), "node_limit": nodes, "mip_rel_gap": gap},
    )
    bound = float("-inf") if found.mip_dual_bound is None else float(found.mip_dual_bound)
    return Searched(found.x, bound, found.status == 1)


def in_whole(values: Array) -> list[int] | None:
    """Give values as whole numbers; None when some are not."""
    rounded = np.rint(values)
    return [int(one) for one in rounded] if np.abs(values - rounded).max(initial=0.0) <= WHOLE else None
