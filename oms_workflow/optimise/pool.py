"""Plans of orders that were looked at so far, each one once, as the columns of a problem."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.sparse import csc_array, csr_array, vstack

from oms_workflow.optimise.highs import Problem

Array = Any


class Pool:
    """Plans of orders: which features each has. Variables of orders whose plans are not listed stand for themselves."""

    def __init__(self, features: int, orders: int, alone: Array, upper: Array) -> None:
        """Begin with no plan.

        Args:
            alone: Variables that stand for themselves, up to their `upper`.
        """
        self.orders, self._features, self._alone = orders, features, alone
        self._upper = upper[alone]
        # a sum of random numbers tells sets of features apart: always the same ones, so the same plans are kept
        self._signs = np.random.default_rng(0).integers(1, 2**62, size=features, dtype=np.uint64)
        self._known: set[tuple[int, int]] = set()
        self._rows: list[Array] = []
        self._columns: list[Array] = []
        self._owners: list[Array] = []
        self.count = 0

    def add(self, owners: Array, rows: Array, features: Array) -> int:
        """Add plans that are not there yet; gives how many.

        Args:
            owners: The order of each plan.
            rows: Which plan (by its place in `owners`) has the feature at the same place in `features`.
        """
        signs = np.zeros(len(owners), dtype=np.uint64)
        np.add.at(signs, rows, self._signs[features])
        fresh = np.zeros(len(owners), dtype=bool)
        for number, name in enumerate(zip(owners.tolist(), signs.tolist(), strict=True)):
            if name not in self._known:
                self._known.add(name)
                fresh[number] = True
        added = int(fresh.sum())
        mine = fresh[rows]
        self._rows.append(features[mine])
        self._columns.append((np.cumsum(fresh) - 1 + self.count)[rows[mine]])
        self._owners.append(owners[fresh])
        self.count += added
        return added

    @property
    def owners(self) -> Array:
        """The order of each plan."""
        return np.concatenate([np.zeros(0, dtype=int), *self._owners])

    def plans(self) -> Array:
        """Give the features of all plans, feature x plan, and behind them the variables that stand for themselves."""
        rows = np.concatenate([*self._rows, self._alone])
        columns = np.concatenate([*self._columns, np.arange(len(self._alone)) + self.count])
        shape = self._features, self.count + len(self._alone)
        return csc_array((np.ones(len(rows)), (rows, columns)), shape=shape)

    def problem(self, plans: Array, cost: Array, links: tuple[Array, Array, Array], *, complete: bool) -> Problem:
        """Ask for one plan of each order, or none, that together keep the links.

        Args:
            links: Rows over features, with their low and high limits.
        """
        one_each = csr_array(
            (np.ones(self.count), (self.owners, np.arange(self.count))), shape=(self.orders, plans.shape[1])
        )
        matrix, low, high = links
        return Problem(
            plans.T @ cost,
            csr_array(vstack([matrix @ plans, one_each])),
            np.concatenate([low, np.full(self.orders, 1.0 if complete else -np.inf)]),
            np.concatenate([high, np.ones(self.orders)]),
            np.concatenate([np.ones(self.count), self._upper]),
        )
