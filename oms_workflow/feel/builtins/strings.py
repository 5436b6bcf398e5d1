"""String functions (DMN 1.5, 10.3.4.3) and those Camunda 8 adds. Positions count code points from 1."""

from __future__ import annotations

from base64 import b64decode, b64encode
from decimal import Decimal

from oms_workflow.feel import numbers
from oms_workflow.feel.budget import Budget
from oms_workflow.feel.builtins.signature import builtin
from oms_workflow.feel.values import Value, kind_of


@builtin("substring(string: text, start position: number, length?: number)")
def substring(budget: Budget, string: str, start: Decimal, length: Decimal | None = None) -> Value:
    """Give part of a text; a length that reaches beyond the end ends there, as in every engine."""
    position = numbers.to_integer(start)
    if position is None or not 0 < abs(position) <= len(string):
        return budget.null("substring: the start position lies outside the text")
    if length is not None and length < 1:
        return budget.null("substring: the length must be at least 1")
    begin = position - 1 if position > 0 else len(string) + position
    end = len(string) if length is None or length > len(string) else begin + int(length)
    return string[begin:end]


@builtin("string length(string: text)")
def string_length(budget: Budget, string: str) -> Value:
    """Count the characters."""
    return Decimal(len(string))


@builtin("upper case(string: text)")
def upper_case(budget: Budget, string: str) -> Value:
    """Give the text in capitals."""
    return string.upper()


@builtin("lower case(string: text)")
def lower_case(budget: Budget, string: str) -> Value:
    """Give the text in small letters."""
    return string.lower()


@builtin("substring before(string: text, match: text)")
def substring_before(budget: Budget, string: str, match: str) -> Value:
    """Give what stands before the first match; empty when there is none."""
    before, found, _ = string.partition(match) if match else ("", "", "")
    return before if found else ""


@builtin("substring after(string: text, match: text)")
def substring_after(budget: Budget, string: str, match: str) -> Value:
    """Give what stands after the first match; empty when there is none."""
    return string.partition(match)[2] if match else string


@builtin("contains(string: text, match: text)")
def contains(budget: Budget, string: str, match: str) -> Value:
    """Say whether a text holds another."""
    return match in string


@builtin("starts with(string: text, match: text)")
def starts_with(budget: Budget, string: str, match: str) -> Value:
    """Say whether a text begins with another."""
    return string.startswith(match)


@builtin("ends with(string: text, match: text)")
def ends_with(budget: Budget, string: str, match: str) -> Value:
    """Say whether a text ends with another."""
    return string.endswith(match)


@builtin("string join(list: list, delimiter?: text)")
def string_join(budget: Budget, values: list[Value], delimiter: str | None = None) -> Value:
    """Join the texts of a list; nulls are left out."""
    for value in values:
        if value is not None and not isinstance(value, str):
            return budget.null("string join: the list holds {} beside texts", kind_of(value))
    kept = [value for value in values if value is not None]
    between = delimiter or ""
    budget.characters(sum(map(len, kept)) + len(between) * len(kept))
    return between.join(kept)


@builtin("string join(list: list, delimiter: text, prefix: text, suffix: text)")
def string_join_around(budget: Budget, values: list[Value], delimiter: str, prefix: str, suffix: str) -> Value:
    """Join the texts of a list, with something before and after (Camunda 8)."""
    joined = string_join(budget, values, delimiter)
    return None if joined is None else prefix + joined + suffix


@builtin("trim(string: text)")
def trim(budget: Budget, string: str) -> Value:
    """Give the text without blanks at its ends (Camunda 8)."""
    return string.strip()


@builtin("is blank(string: text)")
def is_blank(budget: Budget, string: str) -> Value:
    """Say whether a text is empty or all blanks (Camunda 8)."""
    return not string.strip()


@builtin("to base64(value: text)")
def to_base64(budget: Budget, value: str) -> Value:
    """Give the text as Base64 of its UTF-8 bytes (Camunda 8)."""
    return b64encode(value.encode("utf-8", "surrogatepass")).decode("ascii")


@builtin("from base64(value: text)")
def from_base64(budget: Budget, value: str) -> Value:
    """Give the text whose UTF-8 bytes are written as Base64 (Camunda 8)."""
    try:
        return b64decode(value, validate=True).decode("utf-8")
    except ValueError:  # also of the decoding; characters beyond ASCII are one, too
        return budget.null("from base64: the text is no Base64 of UTF-8")
