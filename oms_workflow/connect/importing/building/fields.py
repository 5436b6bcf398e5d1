"""From a row to a value of the right kind. What cannot be read is reported, and gives None."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import ROUND_CEILING, ROUND_HALF_EVEN, Decimal
from typing import Any

from oms_workflow.connect.importing.mapping.model import ImportMapping, Source
from oms_workflow.connect.importing.mapping.targets import Kind
from oms_workflow.connect.importing.problem import Report, shape_of
from oms_workflow.connect.importing.scope import Scope
from oms_workflow.connect.importing.values.cleaning import STEPS, fold
from oms_workflow.connect.importing.values.numbers import NotANumber, read_flag
from oms_workflow.connect.importing.values.times import NotATime, read_time
from oms_workflow.domain.currencies import decimals_of
from oms_workflow.domain.money import Money
from oms_workflow.feel import Expression, FeelLimitExceeded, to_plain

LARGEST_COUNT = 10**9  # pieces, grams and versions fit a 32-bit column


class Fields:
    """Reads the fields of one section from one row."""

    def __init__(self, mapping: ImportMapping, section: Mapping[str, Source], scope: Scope, report: Report) -> None:
        self._mapping = mapping
        self._section = section
        self._scope = scope
        self._report = report

    @property
    def names(self) -> frozenset[str]:
        """The fields that are filled."""
        return frozenset(self._section)

    def text(self, name: str, default: str = "") -> str:
        """Give a text; the default when there is none."""
        source = self._section.get(name)
        value = self.value_of(source) if source else None
        return default if value is None else value if isinstance(value, str) else plain_text(value)

    def amount(self, name: str, currency: str) -> Money | None:
        """Give an amount; None when there is none, or it cannot be read."""
        source = self._section.get(name)
        number = self._number(source) if source else None
        if source is None or number is None:
            return None
        if number < 0 and source.target.kind is Kind.AMOUNT:
            self.found("negative-amount", "expected an amount of at least 0", source)
            return None
        return self._money(number, currency, source)

    def count(self, name: str) -> int | None:
        """Give a whole number; None when there is none, or it cannot be read. Fractions of grams are rounded up."""
        source = self._section.get(name)
        number = self._number(source) if source else None
        if source is None or number is None:
            return None
        if number < 0:
            self.found("negative-amount", "expected a number of at least 0", source)
            return None
        whole = number.to_integral_value(ROUND_CEILING) if name in ("weight_grams", "volume_cm3") else number
        if whole != whole.to_integral_value() or whole > LARGEST_COUNT:
            self.found("bad-number", f"expected a whole number up to {LARGEST_COUNT:,}", source)
            return None
        return int(whole)

    def time(self, name: str) -> datetime | None:
        """Give a moment in UTC; None when there is none, or it cannot be read."""
        source = self._section.get(name)
        return self.time_of(source) if source else None

    def time_of(self, source: Source) -> datetime | None:
        """Give a moment in UTC; None when there is none, or it cannot be read."""
        value = self.value_of(source)
        if value is None:
            return None
        text = value if isinstance(value, str) else plain_text(value)
        try:
            moment = read_time(text, source.times, self._mapping.zone, midnight=source.midnight)
        except NotATime as problem:
            self.found("bad-date", f"{problem}, found the shape {shape_of(text)!r}", source)
            return None
        if moment.is_doubtful:
            fixed = self._report.may_fix("doubtful-time")
            message = "this local time happened twice or never, because clocks were changed"
            said = f"{message}{'; the first is taken' if fixed else ''}"
            self.found("doubtful-time", said, source, fixed=fixed, vital=False)
        return moment.at

    def flag(self, name: str) -> bool:
        """Say whether a yes or no says yes; False when there is none, or it is neither."""
        source = self._section.get(name)
        value = self.value_of(source) if source else None
        if source is None or value is None or isinstance(value, bool):
            return bool(value)
        found = read_flag(value if isinstance(value, str) else plain_text(value))
        if found is None:
            self.found("bad-value", "expected yes or no", source)
        return bool(found)

    def word(self, name: str, default: str) -> str:
        """Give one of the words a field knows; the default when there is none, or it is none of them."""
        source = self._section.get(name)
        text = self.text(name).casefold() if source else ""
        if source is None or not text:
            return default
        if text not in source.target.words:
            self.found("bad-value", f"expected one of {', '.join(source.target.words)}", source)
            return default
        return text

    def value_of(self, source: Source) -> Any:
        """Give the cleaned value: a text, or what an expression gave; None when there is none."""
        value = self._raw(source)
        if isinstance(value, str):
            value = self._cleaned(value, source) or None
        if value is None and source.default:
            value = source.default
        if value is None:
            self._missing(source)
        elif source.valid is not None and not self._is_valid(value, source.valid):
            self.found("bad-value", "the mapping's condition `valid` does not hold", source)
            return None
        return value

    def holds(self, condition: Expression) -> bool:
        """Say whether a condition over the row is true; null is not."""
        return self._evaluate(condition, self._scope.context(self._mapping, self._report)) is True

    def found(self, code: str, message: str, source: Source, *, fixed: bool = False, vital: bool | None = None) -> None:
        """Report something about a field of this row; vital is what the field says unless told otherwise."""
        self._report.found(
            code,
            message,
            place=self._scope.place_of(source),
            column=source.shown,
            field=source.target.path,
            fixed=fixed,
            vital=(source.target.vital or source.target.required) if vital is None else vital,
        )

    def note(self, code: str, message: str, name: str) -> None:
        """Report something about a field by its name; no order is lost by it."""
        self.found(code, message, self._section[name], vital=False)

    def _raw(self, source: Source) -> Any:
        if source.expression is not None:
            return self._evaluate(source.expression, self._scope.context(self._mapping, self._report))
        if source.constant is not None:
            return source.constant
        texts = [self._scope.text(column) for column in source.columns]
        return source.joined_by.join(text for text in texts if text and text not in source.empty)

    def _evaluate(self, expression: Expression, context: Mapping[str, Any]) -> Any:
        try:
            return expression.evaluate(context)
        except FeelLimitExceeded as problem:
            place = self._scope.row.place
            self._report.found("expression-failed", f"an expression was stopped: {problem}", place=place)
            return None

    def _cleaned(self, text: str, source: Source) -> str:
        for step in source.clean:
            text = STEPS[step][0](text)
        text = text.strip()
        if text in source.empty:
            return ""
        if source.table is not None and text:
            return self._translated(text, source)
        return self._padded(text, source) if source.width and text else text

    def _translated(self, text: str, source: Source) -> str:
        assert source.table is not None
        found = source.table.get(fold(text))
        if found is not None:
            return found
        if source.other is None:
            message = f"the table {source.table_name!r} has no such value, which has the shape {shape_of(text)!r}"
            self.found("unknown-word", message, source)
        return text if source.other == "keep" else ""

    def _padded(self, text: str, source: Source) -> str:
        assert source.width is not None
        if len(text) == source.width and text.isdecimal():
            return text
        can = text.isdecimal() and len(text) < source.width and self._report.may_fix("bad-postcode")
        said = "leading zeros were put back" if can else "expected"
        message = f"{said}: {source.width} digits, found the shape {shape_of(text)!r}"
        self.found("bad-postcode", message, source, fixed=can, vital=False)
        return text.zfill(source.width) if can else text

    def _missing(self, source: Source) -> None:
        if source.target.required:
            self.found("missing-field", "expected a value, found nothing", source)
        elif source.expected:
            self.found("empty-field", "expected a value, found nothing", source, vital=False)

    def _is_valid(self, value: Any, valid: Expression) -> bool:
        context = self._scope.context(self._mapping, self._report) | {"value": value}
        return self._evaluate(valid, context) is True

    def _number(self, source: Source) -> Decimal | None:
        value = self.value_of(source)
        if value is None or isinstance(value, Decimal):
            return value
        if isinstance(value, int) and not isinstance(value, bool):
            return Decimal(value)
        text = value if isinstance(value, str) else plain_text(value)
        try:
            return source.numbers.read(text)
        except NotANumber as problem:
            self.found("bad-number", f"{problem}, found the shape {shape_of(text)!r}", source)
            return None

    def _money(self, number: Decimal, currency: str, source: Source) -> Money | None:
        try:
            return Money(number, currency)
        except ValueError:
            pass
        try:
            rounded = Money(number.quantize(Decimal(1).scaleb(-decimals_of(currency)), ROUND_HALF_EVEN), currency)
        except (ValueError, ArithmeticError):
            self.found("bad-number", "the amount is too large", source)
            return None
        fixed = self._report.may_fix("too-many-decimals")
        message = f"{currency} has {decimals_of(currency)} decimals{f'; rounded to {rounded}' if fixed else ''}"
        self.found("too-many-decimals", message, source, fixed=fixed, vital=True)
        return rounded if fixed else None


def plain_text(value: Any) -> str:
    """Write what an expression gave as text: numbers without exponent, times as ISO 8601, yes and no as true, false."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    shown = to_plain(value)
    return shown if isinstance(shown, str) else str(shown)
