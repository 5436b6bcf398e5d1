"""Prices that do not jump: from round to round they may leave the best known ones only so far.

Without that, prices of the first rounds swing by more than all parcels cost, and each swing brings plans nobody will
ever want (the box of Marsten, Hogan and Blankenship 1975). A link may be bought past its limit, or sold below it, at
prices a step away from the best known: no dual goes farther then.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.sparse import coo_array, csr_array, hstack

from oms_workflow.optimise.highs import Problem

Array = Any


def held(problem: Problem, prices: Array, step: float) -> Problem:
    """Let the first rows be bought and sold at `prices`, one each, give or take the step."""
    many = len(prices)
    low, high = problem.low[:many], problem.high[:many]
    above, below = prices + step, prices - step
    # the sign of a row's own limit holds its dual on that side already
    up = np.nonzero(~((low == -np.inf) & (above >= 0)))[0]
    down = np.nonzero(~((high == np.inf) & (below <= 0)))[0]
    rows = np.concatenate([up, down])
    signs = np.concatenate([np.ones(len(up)), -np.ones(len(down))])
    traded = coo_array((signs, (rows, np.arange(len(rows)))), shape=(len(problem.low), len(rows)))
    return Problem(
        np.concatenate([problem.cost, above[up], -below[down]]),
        csr_array(hstack([problem.matrix, traded])),
        problem.low,
        problem.high,
        np.concatenate([problem.upper, np.full(len(rows), np.inf)]),
    )
