"""Cartons a warehouse packs into, the sides of goods, and what a packed carton holds. Packs nothing."""

from __future__ import annotations

from dataclasses import dataclass

from oms_workflow.domain.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Sides:
    """A cuboid in whole millimetres; which side is called what means nothing, goods may be turned.

    >>> Sides(length_mm=300, width_mm=200, height_mm=150).volume_mm3
    9000000
    """

    length_mm: int
    width_mm: int
    height_mm: int

    @property
    def volume_mm3(self) -> int:
        """What it takes."""
        return self.length_mm * self.width_mm * self.height_mm

    @property
    def longest_first(self) -> tuple[int, int, int]:
        """The three sides, the longest first."""
        one, two, three = sorted((self.length_mm, self.width_mm, self.height_mm), reverse=True)
        return one, two, three

    def fits_in(self, inner: Sides) -> bool:
        """True when it goes in by itself, turned as it needs to be (by right angles only)."""
        return all(mine <= theirs for mine, theirs in zip(self.longest_first, inner.longest_first, strict=True))

    def __str__(self) -> str:
        return f"{self.length_mm}x{self.width_mm}x{self.height_mm}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Carton:
    """One kind of carton in one warehouse."""

    warehouse: str
    id: str  # its name in the warehouse
    inner: Sides
    holds_grams: int  # heaviest content
    own_grams: int  # its weight when it is empty, padding included
    cost: Money  # one piece of it
    wall_mm: int = 4  # one wall; carriers measure the outside

    @property
    def outer(self) -> Sides:
        """What a carrier measures."""
        more = 2 * self.wall_mm
        return Sides(
            length_mm=self.inner.length_mm + more,
            width_mm=self.inner.width_mm + more,
            height_mm=self.inner.height_mm + more,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What is known of one piece of a SKU besides what its order line says."""

    sku: str
    sides: Sides
    weight_grams: int | None = None  # None: what the order line says
    ships_alone: bool = False  # each piece goes in a parcel of its own


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One piece of a line that is to be packed."""

    line_id: str
    weight_grams: int  # 0 when unknown
    volume_mm3: int  # 0 when unknown
    sides: Sides | None = None  # None when unknown: then only its volume counts


@dataclass(frozen=True, slots=True, kw_only=True)
class Lump:
    """Pieces that go into one parcel whatever happens: a ship-together group, a bundle, a line, or one piece."""

    pieces: tuple[Piece, ...]
    kind: str = ""  # lumps of different kinds never share a parcel: temperature and class of dangerous goods
    alone: bool = False  # shares its parcel with nothing

    @property
    def weight_grams(self) -> int:
        """What it weighs; unknown weights count as 0."""
        return sum(piece.weight_grams for piece in self.pieces)

    @property
    def volume_mm3(self) -> int:
        """What it takes; unknown volumes count as 0."""
        return sum(piece.volume_mm3 for piece in self.pieces)

    @property
    def longest_mm(self) -> int:
        """The longest side of any piece; 0 when no side is known."""
        return max((piece.sides.longest_first[0] for piece in self.pieces if piece.sides is not None), default=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """One parcel as planned."""

    carton: Carton | None  # None: it goes as it is, because no carton holds it
    lumps: tuple[Lump, ...]

    @property
    def pieces(self) -> dict[str, int]:
        """Line id -> pieces, in order of the lumps."""
        counted: dict[str, int] = {}
        for lump in self.lumps:
            for piece in lump.pieces:
                counted[piece.line_id] = counted.get(piece.line_id, 0) + 1
        return counted

    @property
    def content_grams(self) -> int:
        """What is in it weighs so much."""
        return sum(lump.weight_grams for lump in self.lumps)

    @property
    def gross_grams(self) -> int:
        """What a scale will show, as far as weights are known."""
        return self.content_grams + (self.carton.own_grams if self.carton is not None else 0)

    @property
    def outer(self) -> Sides | None:
        """What a carrier measures; None for goods without a carton that are not one piece of known sides."""
        if self.carton is not None:
            return self.carton.outer
        pieces = [piece for lump in self.lumps for piece in lump.pieces]
        return pieces[0].sides if len(pieces) == 1 else None


@dataclass(frozen=True, slots=True, kw_only=True)
class PackingPlan:
    """How goods are to be packed, and how good that is."""

    parcels: tuple[Parcel, ...]
    least: int  # no way of packing needs fewer parcels than this
    unmeasured: int = 0  # pieces of which neither sides nor volume are known; they count as nothing

    @property
    def is_fewest(self) -> bool:
        """True when it is proven that no way of packing needs fewer parcels; False: a heuristic found it."""
        return len(self.parcels) == self.least
