"""A batch solved over whole plans of its orders, with a proof of how good the answer is.

Which plans are worth looking at is told by prices of goods that are short (Dantzig and Wolfe 1960): every order chooses
its best plan at these prices, the best mixture of all plans seen so far gives the next prices. For any prices at all
the plans that are cheapest at them, less what the goods would fetch, cost no more than the best answer there is
(Lagrange): this is the proof, and it trusts no solver. What a mixture gets wrong about goods that lie in small numbers
is cut off (`halving`). In the end one plan of each order is searched among the few that are good at the last prices.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse import csr_array, vstack

from oms_workflow.optimise.features import Features
from oms_workflow.optimise.halving import Cut, Halving, Limit
from oms_workflow.optimise.highs import Problem, relax, search
from oms_workflow.optimise.patterns import Family, can_be_listed, families
from oms_workflow.optimise.pool import Pool
from oms_workflow.optimise.program import Model
from oms_workflow.optimise.steady import held

ROUNDS = 40  # of prices; a batch of 1,000 takes about ten
PLANS_A_ROUND = 8  # of one order, at most
WINDOW = 0.35  # of the cost of a usual parcel: plans that cost so much more than the best are looked at
STEP = 0.25  # of the cost of a usual parcel: so far prices go from the best ones in a round

Array = Any


@dataclass(frozen=True, slots=True)
class Found:
    """The best mixture of plans as whole values of the model's variables; None when there is none."""

    values: list[int] | None
    bound: float


@dataclass(slots=True)
class _Prices:
    """What one more of each link is worth, and what that proves."""

    duals: Array
    bound: float = float("-inf")


class Columns:
    """The orders of a model whose plans are listed, and the links between all orders."""

    def __init__(self, model: Model, problem: Problem) -> None:
        self.model, self.problem = model, problem
        listed = {name: place for name, place in model.places.items() if can_be_listed(place)}
        self.places = list(listed.values())
        self.features = Features(model, self.places, list(listed))
        self.families = list(families(self.places, self.features, complete=model.complete))
        inside = np.zeros(len(problem.low), dtype=bool)
        alone = np.ones(len(problem.cost), dtype=bool)
        for place in self.places:
            inside[place.rows.start : place.rows.stop] = True
            alone[place.variables.start : place.variables.stop] = False
        self.outside, self.alone = np.nonzero(~inside)[0], np.nonzero(alone)[0]
        self.matrix = self.features.of_variables(problem.matrix[self.outside])
        self.low, self.high = problem.low[self.outside], problem.high[self.outside]
        self.cost = self.features.of_variables(csr_array(problem.cost[None, :])).toarray()[0]
        self.pool = Pool(self.features.count, len(self.places), self.alone, problem.upper)
        self.known = 0
        parcels = [place.parcels[0] for place in self.places]
        self.parcel = float(np.median(np.abs(problem.cost[parcels]))) if parcels else 0.0
        self.window = WINDOW * self.parcel
        self.halving = Halving(self._limits())

    def _limits(self) -> list[Limit]:
        """Find what can be halved: rows over whole numbers of pieces, and goods that are short in all."""
        matrix = self.problem.matrix[self.outside]
        standing = set(self.alone.tolist())
        found = []
        for row, high in enumerate(self.high):
            here = slice(matrix.indptr[row], matrix.indptr[row + 1])
            terms = list(zip(matrix.indices[here].tolist(), matrix.data[here].tolist(), strict=True))
            if np.isfinite(high) and not np.isfinite(self.low[row]) and all(many > 0 for _, many in terms):
                chains = tuple((tuple(self.features.chain(one)), int(many)) for one, many in terms
                               if one not in standing)  # fmt: skip
                others = tuple((one, int(many)) for one, many in terms if one in standing)
                found.append(Limit(chains, others, int(high)))
        for blocks, one in self.features.short:
            if len(blocks) == len(one.blocks):
                chains = tuple((tuple(self.features.chain_of_total(number, block)), unit)
                               for number, block, unit in blocks)  # fmt: skip
                found.append(Limit(chains, (), one.held))
        return found

    def begin(self, start: Sequence[int]) -> None:
        """Add the plans of an answer that is known: there is one of each order, and they fit together."""
        rows: list[int] = []
        features: list[int] = []
        owners: list[int] = []
        for number in range(len(self.places)):
            mine = self._features_of(number, start)
            if mine:
                rows += [len(owners)] * len(mine)
                features += mine
                owners.append(number)
        self.pool.add(np.array(owners, dtype=int), np.array(rows, dtype=int), np.array(features, dtype=int))
        self.known = self.pool.count

    def _features_of(self, number: int, start: Sequence[int]) -> list[int]:
        place, found = self.places[number], []
        for block, taken in enumerate(place.taken):
            many = 0
            for variable in taken:
                if variable >= 0 and start[variable]:
                    found += self.features.chain(variable)[: start[variable]]
                    many += start[variable]
            found += self.features.chain_of_total(number, block)[:many]
        return found + [one for one in place.parcels if place.apart and start[one]]

    def _cut(self, found: Sequence[Cut]) -> None:
        rows = np.repeat(np.arange(len(found)), [len(cut.terms) for cut in found])
        columns = np.array([one for cut in found for one, _ in cut.terms])
        values = np.array([many for cut in found for _, many in cut.terms], dtype=float)
        more = csr_array((values, (rows, columns)), shape=(len(found), self.features.count))
        self.matrix = csr_array(vstack([self.matrix, more]))
        self.low = np.append(self.low, np.full(len(found), -np.inf))
        self.high = np.append(self.high, [float(cut.most) for cut in found])

    def _priced(self, duals: Array) -> tuple[Array, list[Array], float]:
        """Price every plan there is; gives prices of features, a table of each family, and what is proven by it."""
        prices = np.append(self.cost - self.matrix.T @ duals, [0.0, np.inf])
        limit = np.where(duals < 0, self.high, self.low)
        bound = float((duals[duals != 0] * limit[duals != 0]).sum())
        bound += float(np.minimum(prices[self.alone] * self.problem.upper[self.alone], 0.0).sum())
        tables = []
        for family in self.families:
            table = family.price(prices)
            tables.append(table)
            bound += float(self._best(table).sum())
        return prices, tables, bound

    def _best(self, table: Array) -> Array:
        best = table.min(axis=1)
        return best if self.model.complete else np.minimum(best, 0.0)

    def _look(self, prices: Array, family: Family, table: Array, most: int) -> int:
        """Add the best plans of the orders of a family, as far as they are in the window."""
        best = self._best(table)[:, None]
        if most < table.shape[1]:
            sets = np.argpartition(table, most - 1, axis=1)[:, :most]
            costs = np.take_along_axis(table, sets, axis=1)
            orders, chosen = np.nonzero((costs <= best + self.window) & np.isfinite(costs))
            sets = sets[orders, chosen]
        else:
            orders, sets = np.nonzero((table <= best + self.window) & np.isfinite(table))
        if not len(orders):
            return 0
        return self.pool.add(family.numbers[orders], *family.plans(prices, orders, sets))

    def solve(self, duals: Array, *, gap: float, offset: float, nodes: int, seconds: Callable[[], float]) -> Found:
        """Find a good answer and its proof.

        Args:
            duals: Prices to begin with, one for each row of the model.
            gap: How far the answer may be from the proof, as a share of the cost with `offset`.
            seconds: What is left of the time.
        """
        best, trial = _Prices(duals[self.outside]), duals[self.outside]
        reserve = seconds() / 3  # of the time, for the search in the end
        for turn in range(ROUNDS):
            prices, tables, bound = self._priced(trial)
            if bound > best.bound:
                best = _Prices(trial, bound)
            for family, table in zip(self.families, tables, strict=True):
                self._look(prices, family, table, PLANS_A_ROUND)
            plans = self.pool.plans()
            mixed = relax(held(self._master(plans), best.duals, STEP * self.parcel), seconds() - reserve)
            if mixed is None:
                break
            # the first prices are not worth a cut
            found = list(self.halving.cuts((plans @ mixed.values[: plans.shape[1]]).tolist())) if turn else []
            if not found and mixed.cost - best.bound <= gap / 2 * abs(best.bound + offset):
                break
            trial = mixed.duals[: len(self.low)]
            if found:
                self._cut(found)
                free = np.zeros(len(found))
                trial, best.duals = np.append(trial, free), np.append(best.duals, free)
        values = self._searched(best, gap / 4, offset, nodes, seconds())
        return Found(values, best.bound)

    def _master(self, plans: Array) -> Problem:
        links = self.matrix, self.low, self.high
        return self.pool.problem(plans, self.cost, links, complete=self.model.complete)

    def _searched(self, best: _Prices, gap: float, offset: float, nodes: int, seconds: float) -> list[int] | None:
        """Search one plan of each order among those that are good at the best prices, and those known at the start."""
        prices, tables, bound = self._priced(best.duals)
        least = np.zeros(len(self.places))
        for family, table in zip(self.families, tables, strict=True):
            self._look(prices, family, table, table.shape[1])
            least[family.numbers] = self._best(table)
        plans = self.pool.plans()
        costs = plans[:, : self.pool.count].T @ prices[: self.features.count]
        good = np.ones(plans.shape[1], dtype=bool)
        good[: self.pool.count] = costs <= least[self.pool.owners] + self.window
        good[: self.known] = True
        chosen, whole = np.nonzero(good)[0], self._master(plans)
        some = Problem(whole.cost[chosen], whole.matrix[:, chosen], whole.low, whole.high, whole.upper[chosen])
        allowed = gap * abs(bound + offset) / max(1.0, abs(bound))
        answer = search(some, np.ones(len(chosen)), gap=allowed, nodes=nodes, seconds=seconds)
        if answer.values is None:
            return None
        had = np.rint(plans[:, chosen] @ np.rint(answer.values)).astype(int)
        values: list[int] = self.features.values(had).tolist()
        return values
