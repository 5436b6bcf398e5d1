"""Sets of characters in regular expressions: ranges, Unicode categories and blocks, complements, differences."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from unicodedata import category

from oms_workflow.feel.regex.blocks import BLOCKS

CATEGORIES = frozenset(
    kind + sort
    for kind, sorts in {
        "L": "ultmo",
        "M": "nce",
        "N": "dlo",
        "P": "cdseifo",
        "Z": "slp",
        "S": "mcko",
        "C": "cfons",
    }.items()
    for sort in ("", *sorts)
)
NAME_START = (
    *((58, 58), (95, 95), (65, 90), (97, 122), (0xC0, 0xD6), (0xD8, 0xF6), (0xF8, 0x2FF), (0x370, 0x37D)),
    *((0x37F, 0x1FFF), (0x200C, 0x200D), (0x2070, 0x218F), (0x2C00, 0x2FEF), (0x3001, 0xD7FF)),
    *((0xF900, 0xFDCF), (0xFDF0, 0xFFFD), (0x10000, 0xEFFFF)),
)
NAME_MORE = ((45, 46), (48, 57), (0xB7, 0xB7), (0x300, 0x36F), (0x203F, 0x2040))  # XML 1.0, productions 4 and 4a


@dataclass(frozen=True, slots=True)
class CharSet:
    """Characters that match: those in a range or of a category, but for those of `minus`; all others if `negated`."""

    ranges: tuple[tuple[int, int], ...] = ()
    categories: tuple[str, ...] = ()  # `Lu`, or `L` for all of them
    sets: tuple[CharSet, ...] = ()  # sets inside the set, from escapes such as \W
    negated: bool = False
    minus: CharSet | None = None
    fold: bool = field(default=False)  # flag i: ranges match without regard to case

    def __contains__(self, character: str) -> bool:
        if self.minus is not None and character in self.minus:
            return False
        return self._listed(character) != self.negated

    def _listed(self, character: str) -> bool:
        if self.categories:
            found = category(character)
            if found in self.categories or found[0] in self.categories:
                return True
        if any(character in inner for inner in self.sets):
            return True
        codes = [ord(variant) for variant in variants(character)] if self.fold else [ord(character)]
        return any(low <= code <= high for low, high in self.ranges for code in codes)


DIGITS = CharSet(categories=("Nd",))
SPACES = CharSet(ranges=((9, 10), (13, 13), (32, 32)))
WORD = CharSet(categories=("P", "Z", "C"), negated=True)
INITIAL = CharSet(ranges=NAME_START)
NAME = CharSet(ranges=NAME_START + NAME_MORE)
ANY = CharSet(negated=True)
NOT_NEWLINE = CharSet(ranges=((10, 10),), negated=True)

ESCAPED = {"d": DIGITS, "s": SPACES, "w": WORD, "i": INITIAL, "c": NAME}
"""Escapes for sets; the capital letter is the complement."""


def escaped_set(letter: str) -> CharSet:
    """Give the set of `\\d`, `\\D` and their likes."""
    found = ESCAPED[letter.lower()]
    return CharSet(sets=(found,), negated=True) if letter.isupper() else found


def named_set(name: str, *, negated: bool) -> CharSet | None:
    """Give the set of `\\p{Lu}` or `\\p{IsBasicLatin}`; None when there is no such name."""
    if name in CATEGORIES:
        return CharSet(categories=(name,), negated=negated)
    if name.startswith("Is") and name[2:] in BLOCKS:
        return CharSet(ranges=(BLOCKS[name[2:]],), negated=negated)
    return None


@lru_cache(maxsize=4096)
def variants(character: str) -> frozenset[str]:
    """Give the characters that differ from one only in case, itself included (F&O 7.6.1.1, flag i)."""
    near = {character, character.lower(), character.upper(), character.lower().upper(), character.upper().lower()}
    for one in tuple(near):
        near.update(_one_way().get(one, ()))
    return frozenset(one for one in near if len(one) == 1)


@lru_cache(maxsize=1)
def _one_way() -> dict[str, tuple[str, ...]]:
    """Characters that case mapping leads away from but not back to, such as the Kelvin sign, by where it leads."""
    found: dict[str, tuple[str, ...]] = {}
    for code in range(0x80, 0x1E944):
        character = chr(code)
        for mapped in {character.lower(), character.upper()} - {character}:
            if character not in (mapped.lower(), mapped.upper()):
                found[mapped] = (*found.get(mapped, ()), character)
    return found
