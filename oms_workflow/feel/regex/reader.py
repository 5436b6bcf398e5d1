"""Reads a regular expression as XQuery and XPath write it (Functions and Operators 2.0, 7.6.1)."""

from __future__ import annotations

from oms_workflow.feel.errors import FeelLimitExceeded
from oms_workflow.feel.limits import MAX_PATTERN_SIZE
from oms_workflow.feel.regex.charset import ANY, NOT_NEWLINE, CharSet, escaped_set, named_set, variants
from oms_workflow.feel.regex.instructions import (
    BACK,
    CHAR,
    DONE,
    END,
    JUMP,
    SAVE,
    SET,
    SPLIT,
    START,
    Instruction,
    PatternError,
)

MAX_GROUP_DEPTH = 50
SINGLE = {"n": "\n", "r": "\r", "t": "\t", **{sign: sign for sign in "\\|.?*+(){}-[]^$"}}
"""What stands for one character after a backslash."""


class Reader:
    """Reads a pattern by recursive descent; each rule gives its instructions with jumps relative to their place."""

    def __init__(self, text: str, flags: str) -> None:
        self.text = text
        self.position = 0
        self.fold = "i" in flags
        self.dot = ANY if "s" in flags else NOT_NEWLINE
        self.groups = 0
        self.closed: set[int] = set()
        self.has_references = False
        self.depth = 0

    def read(self) -> list[Instruction]:
        """Give the program of the whole pattern.

        Raises:
            PatternError: When it is not valid.
            FeelLimitExceeded: When it repeats or nests too much.
        """
        program = self._alternatives()
        if self.position < len(self.text):
            raise PatternError("a ')' has no '('")
        return [*program, Instruction(DONE)]

    def _peek(self) -> str:
        return self.text[self.position : self.position + 1]

    def _next(self) -> str:
        found = self._peek()
        self.position += 1
        return found

    def _alternatives(self) -> list[Instruction]:
        program = self._branch()
        while self._peek() == "|":
            self._next()
            other = self._branch()
            skip = Instruction(JUMP, first=len(other) + 1)
            program = [Instruction(SPLIT, None, 1, len(program) + 2), *program, skip, *other]
        return program

    def _branch(self) -> list[Instruction]:
        program: list[Instruction] = []
        while self._peek() not in ("", "|", ")"):
            program += self._quantified(self._atom())
            if len(program) > MAX_PATTERN_SIZE:
                raise FeelLimitExceeded("A regular expression repeats too much.")
        return program

    def _quantified(self, atom: list[Instruction]) -> list[Instruction]:
        bounds = self._bounds()
        if bounds is None:
            return atom
        low, high = bounds
        greedy = self._peek() != "?"
        self.position += not greedy
        if atom[0].kind in (START, END):
            raise PatternError("'^' and '$' cannot be repeated")
        if len(atom) * max(low, high or 1, 1) > MAX_PATTERN_SIZE:
            raise FeelLimitExceeded("A regular expression repeats too much.")
        program = atom * low
        if high is None:
            loop = _choice(len(atom) + 2, greedy=greedy)
            return [*program, loop, *atom, Instruction(JUMP, first=-len(atom) - 1)]
        for left in range(high - low, 0, -1):
            program += [_choice(left * (len(atom) + 1), greedy=greedy), *atom]
        return program

    def _bounds(self) -> tuple[int, int | None] | None:
        sign = self._peek()
        if sign and sign in "?*+":
            self._next()
            return {"?": (0, 1), "*": (0, None), "+": (1, None)}[sign]
        if sign != "{":
            return None
        self._next()
        end = self.text.find("}", self.position)
        low, comma, high = self.text[self.position : max(end, 0)].partition(",")
        if end < 0 or not low.isdecimal() or (high and not high.isdecimal()) or len(low + high) > 8:
            raise PatternError("a quantifier is written {2}, {2,} or {2,5}")
        self.position = end + 1
        most = int(high) if high else (None if comma else int(low))
        if most is not None and most < int(low):
            raise PatternError("a quantifier has its larger number first")
        return int(low), most

    def _atom(self) -> list[Instruction]:
        found = self._next()
        if found == "(":
            return self._group()
        if found == "[":
            return [Instruction(SET, self._class())]
        if found == "\\":
            return [self._escape()]
        if found == ".":
            return [Instruction(SET, self.dot)]
        if found in "^$":
            return [Instruction(START if found == "^" else END)]
        if found in "?*+{":
            raise PatternError(f"'{found}' has nothing to repeat")
        if found in "}]":
            raise PatternError(f"'{found}' must be written '\\{found}'")
        return [self._literal(found)]

    def _group(self) -> list[Instruction]:
        self.depth += 1
        if self.depth > MAX_GROUP_DEPTH:
            raise FeelLimitExceeded("A regular expression nests too many groups.")
        if self.text.startswith("?:", self.position):
            self.position += 2
            program = self._alternatives()
        else:
            if self._peek() == "?":
                raise PatternError("a group cannot begin with '?'")
            self.groups += 1
            number = self.groups
            inner = self._alternatives()
            self.closed.add(number)
            program = [Instruction(SAVE, 2 * number), *inner, Instruction(SAVE, 2 * number + 1)]
        if self._next() != ")":
            raise PatternError("a '(' has no ')'")
        self.depth -= 1
        return program or [Instruction(JUMP, first=1)]

    def _escape(self) -> Instruction:
        if self.text[self.position : self.position + 1].isdigit():
            return self._reference()
        found = self._escaped()
        return self._literal(found) if isinstance(found, str) else Instruction(SET, found)

    def _reference(self) -> Instruction:
        digits = self.text[self.position]
        following = self.text[self.position + 1 : self.position + 2]
        if following.isdecimal() and int(digits + following) <= self.groups:
            digits += following
        self.position += len(digits)
        if int(digits) not in self.closed:
            raise PatternError(f"'\\{digits}' refers to no group that stands before it")
        self.has_references = True
        return Instruction(BACK, int(digits), first=int(self.fold))

    def _escaped(self) -> str | CharSet:
        letter = self.text[self.position : self.position + 1]
        self.position += 1
        if letter in SINGLE:
            return SINGLE[letter]
        if letter and letter in "dDsSwWiIcC":
            return escaped_set(letter)
        if letter in ("p", "P") and self.text[self.position : self.position + 1] == "{":
            end = self.text.find("}", self.position)
            found = named_set(self.text[self.position + 1 : max(end, 0)], negated=letter == "P")
            if found is not None:
                self.position = end + 1
                return found
        raise PatternError(f"there is no escape '\\{letter}'")

    def _literal(self, character: str) -> Instruction:
        if not self.fold:
            return Instruction(CHAR, character)
        ranges = tuple(sorted((ord(one), ord(one)) for one in variants(character)))
        return Instruction(SET, CharSet(ranges=ranges))

    def _class(self) -> CharSet:
        """The rest of a character class."""
        self.depth += 1
        if self.depth > MAX_GROUP_DEPTH:
            raise FeelLimitExceeded("A regular expression nests too many groups.")
        negated = self.text.startswith("^", self.position)
        self.position += negated
        ranges: list[tuple[int, int]] = []
        sets: list[CharSet] = []
        minus = None
        while not self.text.startswith("]", self.position):
            if self.text.startswith("-[", self.position) and (ranges or sets):
                self.position += 2
                minus = self._class()
                break
            low = self._class_character()
            if isinstance(low, CharSet):
                sets.append(low)
            else:
                ranges.append((ord(low), self._range_end(low)))
        if not self.text.startswith("]", self.position) or not (ranges or sets):
            raise PatternError("a character class is empty or has no ']'")
        self.position += 1
        self.depth -= 1
        return CharSet(tuple(ranges), (), tuple(sets), negated, minus, self.fold)

    def _range_end(self, low: str) -> int:
        ahead = self.text[self.position : self.position + 2]
        if ahead[:1] != "-" or ahead[1:] in ("]", "[", ""):
            return ord(low)
        self.position += 1
        high = self._class_character()
        if isinstance(high, CharSet) or high < low:
            raise PatternError("a range in a character class runs backwards")
        return ord(high)

    def _class_character(self) -> str | CharSet:
        found = self.text[self.position : self.position + 1]
        self.position += 1
        if found in ("", "["):
            raise PatternError("a character class has no ']', or a '[' that must be written '\\['")
        return self._escaped() if found == "\\" else found


def _choice(beyond: int, *, greedy: bool) -> Instruction:
    """Go on to the next instruction or skip; a greedy choice tries going on first."""
    return Instruction(SPLIT, None, 1, beyond) if greedy else Instruction(SPLIT, None, beyond, 1)
