"""What a plan of one order may have, numbered: its variables in the model, each further piece, what is served at all.

The variable of a dividable block stands for its pieces together. A cut must tell the first piece from the second, so
each further piece from a warehouse (`levels`), and each piece served wherever it comes from (`totals`), is a feature
of its own. A plan has a feature or has it not; how many pieces it takes is the number of levels it has.

Prices of features come in tables of `count + 2`: behind the features one that is free, and last `NONE`, which nobody
can pay.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from scipy.sparse import csr_array

from oms_workflow.optimise.program import NONE, Model, Place

Array = Any


class Features:
    """Numbers of features, the variables of the model first."""

    def __init__(self, model: Model, places: Sequence[Place], names: Sequence[str]) -> None:
        """Number what the listed orders have beyond variables."""
        self.variables = len(model.upper)
        self._level: dict[tuple[int, int], int] = {}
        self._total: dict[tuple[int, int, int], int] = {}
        self.parent: list[int] = []  # of each further piece: the variable it belongs to
        for place in places:
            for units, taken in zip(place.units, place.taken, strict=True):
                for variable in taken:
                    if variable != NONE:
                        for level in range(1, min(units, model.upper[variable])):
                            self._level[variable, level] = self._next(variable)
        known = {name: number for number, name in enumerate(names)}
        self.short = [
            ([(known[name], block, unit) for name, block, unit in one.blocks if name in known], one)
            for one in model.short
        ]
        for blocks, _ in self.short:
            for number, block, _ in blocks:
                for level in range(places[number].units[block]):
                    if (number, block, level) not in self._total:
                        self._total[number, block, level] = self._next(NONE)
        self.count = self.variables + len(self.parent)
        self.free = self.count

    def of_variables(self, matrix: Array) -> Array:
        """Turn rows over variables into rows over features: a further piece counts as much as the first."""
        within = np.arange(self.variables)
        further = np.array(self.parent, dtype=int)
        real = np.nonzero(further != NONE)[0]
        rows, columns = np.concatenate([within, further[real]]), np.concatenate([within, real + self.variables])
        spread = csr_array((np.ones(len(rows)), (rows, columns)), shape=(self.variables, self.count))
        return csr_array(matrix @ spread)

    def _next(self, parent: int) -> int:
        self.parent.append(parent)
        return self.variables + len(self.parent) - 1

    def values(self, had: Array) -> Array:
        """Turn features into the values of variables: each further piece is added to the first."""
        values = had[: self.variables].copy()
        further = np.array(self.parent, dtype=int)
        real = np.nonzero(further != NONE)[0]
        np.add.at(values, further[real], had[real + self.variables])
        return values

    def chain(self, variable: int) -> list[int]:
        """Give the features of one, two, ... units from a warehouse."""
        found, level = [variable], 1
        while (variable, level) in self._level:
            found.append(self._level[variable, level])
            level += 1
        return found

    def chain_of_total(self, number: int, block: int) -> list[int]:
        """Give the features of one, two, ... units of a block, wherever they come from."""
        found: list[int] = []
        while (number, block, len(found)) in self._total:
            found.append(self._total[number, block, len(found)])
        return found

    def levels(self, taken: Sequence[tuple[int, ...]], units: int) -> Array:
        """Give the features of the pieces: order x warehouse x unit; NONE is missing or beyond what lies there."""
        chains = {variable: (self.chain(variable) if variable != NONE else []) for row in taken for variable in row}
        nothing = [NONE] * units
        return np.array([[(chains[variable] + nothing)[:units] for variable in row] for row in taken])

    def totals(self, blocks: Sequence[tuple[int, int]], own: Array, units: int) -> Array:
        """Give the features of what is served: order x unit; free where nobody asks, NONE beyond what is wanted."""
        rows = []
        for (number, block), wanted in zip(blocks, own.tolist(), strict=True):
            chain = self.chain_of_total(number, block) or [self.free] * wanted
            rows.append(chain + [NONE] * (units - wanted))
        return np.array(rows)
