"""What a mapping file may say, as it is written. What it means is worked out in `reading`."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from oms_workflow.connect.importing.codes import Treatment
from oms_workflow.connect.importing.values.cleaning import Step

Names = Annotated[tuple[str, ...], BeforeValidator(lambda value: (value,) if isinstance(value, str) else value)]


class Shape(BaseModel):
    """A table of the file: unknown keys are mistakes."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class NumberShape(Shape):
    """How numbers are written."""

    decimal: str = Field(".", min_length=1, max_length=1, description="Sign before the decimals")
    thousands: str = Field("", max_length=1, description="Sign between groups of three digits; empty: none")
    symbols: Names = Field((), description="Texts around a number that mean nothing: ['R$', 'EUR']")


class FileShape(Shape):
    """One of the files, or one of the lists inside the rows of a file."""

    name: str = Field("*", description="Pattern of the file's name, such as 'orders-*.csv'")
    format: Literal["csv", "json", "jsonl", ""] = Field("", description="Empty: by the ending of the name")
    encoding: str = Field("", description="Empty: that of the mapping; a byte order mark goes before both")
    delimiter: str = Field(",", min_length=1, max_length=1, description="Sign between fields")
    header: tuple[str, ...] = Field((), description="Names of the columns, for a file without a header row")
    path: str = Field("", description="JSON: keys that lead to the array; with `inside`: to the list in the row")
    inside: str = Field("", description="The file in whose rows these rows are a list")
    key: Names = Field((), description="Column(s) that name a row; in the file of the orders: that name an order")
    rows_of: str = Field("", description="The file whose orders these rows belong to")
    by: Names = Field((), description="Column(s) with the order's key; needed with `rows_of`")
    unique: Names = Field((), description="Column(s) that are different in all rows of one order")
    looked_up_by: Names = Field((), description="`file.column` whose values are keys of this file")
    missing: Treatment | None = Field(None, description="What a key that is not there means; else as `[checks]` says")
    many_rows: bool = Field(False, description="Several rows with one key are one order, not repetitions")
    stands_alone: bool = Field(False, description="A file of its own, for `[stock]`")
    numbers: Names = Field((), description="Columns that are numbers in FEEL expressions")
    sparse: bool = Field(False, description="Columns may be missing, all but keys; always so in JSON")
    optional: bool = Field(False, description="The import goes on without this file")
    decimal: str = Field("", max_length=1, description="Empty: that of the mapping")
    thousands: str | None = Field(None, max_length=1, description="Left away: that of the mapping")


class FieldShape(Shape):
    """Where a value comes from, and what is done to it."""

    column: str | None = Field(None, description="Column of the file, or `file.column` of a file that goes with it")
    columns: tuple[str, ...] | None = Field(None, description="Several columns, put together")
    joined_by: str = Field(" ", description="What stands between the texts of several columns")
    value: str | int | float | bool | None = Field(None, description="The same value for all")
    feel: str | None = Field(None, description="FEEL expression over the row")
    default: str | None = Field(None, description="What an empty value becomes")
    clean: tuple[Step, ...] = Field((), description="Steps of cleaning, in this order")
    table: str | None = Field(None, description="Value table that translates")
    other: Literal["keep", "empty"] | None = Field(None, description="What becomes of values not in the table")
    times: Names = Field((), description="Formats of a time, tried in this order")
    midnight: Literal["start", "end"] = Field("start", description="end: a time of 00:00:00 means the end of the day")
    decimal: str | None = Field(None, min_length=1, max_length=1, description="As in `[numbers]`")
    thousands: str | None = Field(None, max_length=1, description="As in `[numbers]`")
    empty: Names = Field((), description="Further texts that stand for nothing")
    width: int | None = Field(None, ge=1, le=20, description="Digits of a code whose leading zeros may be lost")
    expected: bool = Field(False, description="An empty value is worth a note")
    valid: str | None = Field(None, description="FEEL condition over `value`")

    @model_validator(mode="before")
    @classmethod
    def _a_text_is_a_column(cls, given: Any) -> Any:
        return {"column": given} if isinstance(given, str) else given

    @model_validator(mode="after")
    def _has_one_source(self) -> FieldShape:
        given = [name for name in ("column", "columns", "value", "feel") if getattr(self, name) is not None]
        if len(given) != 1:
            found = " and ".join(given) or "none of them"
            raise ValueError(f"expected exactly one of column, columns, value and feel, found {found}")
        return self


class SectionShape(Shape):
    """Settings of a section, and the fields it fills: every key that is no setting."""

    fields: dict[str, FieldShape] = Field(default_factory=dict)

    @model_validator(mode="before")
    @classmethod
    def _other_keys_are_fields(cls, given: Any) -> Any:
        if not isinstance(given, dict):
            return given
        settings = {field.alias or name for name, field in cls.model_fields.items()} - {"fields"}
        inside = {key: value for key, value in given.items() if key not in settings}
        return {key: value for key, value in given.items() if key in settings} | {"fields": inside}


class LinesShape(SectionShape):
    """Where the lines of an order come from."""

    rows: str = Field("", alias="from", description="File whose rows are lines; empty: that of the orders")
    gather: bool = Field(False, description="Rows that differ in nothing but their id are one line")


class AmountsShape(SectionShape):
    """Where payments or refunds come from."""

    rows: str = Field("", alias="from", description="File whose rows are payments; empty: that of the orders")
    when: str | None = Field(None, description="FEEL condition over the row: only then is there a payment")
    record: bool = Field(True, description="Write payments into the ledger, so that the order counts as paid")
    required: bool = Field(False, description="Every order has a payment")
    tolerance: str = Field("0", description="Difference between payments and total that is worth no note")


class HistoryShape(SectionShape):
    """What is known of the order's past; kept beside it for comparison, never acted on."""

    statuses: tuple[str, ...] = Field((), description="Statuses that are known; empty: all are")
    times: dict[str, FieldShape] = Field(default_factory=dict, description="Steps, in the order in which they happen")
    expects: dict[str, Names] = Field(default_factory=dict, description="Status -> steps that must have a time")
    contradicts: dict[str, Names] = Field(default_factory=dict, description="Status -> steps that must have none")
    facts: dict[str, FieldShape] = Field(default_factory=dict, description="Anything else worth keeping, by name")


class LaneShape(Shape):
    """What a parcel takes on a way."""

    cost: str = Field("0", description="Price of a parcel, in the mapping's currency")
    km: int = Field(0, ge=0, description="Distance")
    days: float | None = Field(None, ge=0, description="Time on the way")


class StockShape(SectionShape):
    """Warehouses and opening stock."""

    rows: str = Field("", alias="from", description="File with stock; empty: what the lines ask for")
    factor: float = Field(1.0, gt=0, le=1000, description="Pieces in stock for each piece ordered")
    minimum: int = Field(0, ge=0, description="Pieces of every SKU at least")
    restrict_to_sellers: bool = Field(False, description="A warehouse ships only the goods of its sellers")
    same_region: LaneShape = Field(default_factory=LaneShape, description="Ways within the warehouse's own region")
    elsewhere: LaneShape = Field(default_factory=LaneShape, description="All other ways")
    countries: Names = Field((), description="Where lanes lead; empty: the mapping's country")


class SkipShape(Shape):
    """Orders that are left out."""

    when: str = Field(description="FEEL condition over the order's row")
    reason: str = Field(min_length=1, description="Why, for the report")


class MappingShape(Shape):
    """A whole mapping file."""

    title: str = Field("", description="What it is for")
    channel: str = Field("", description="Sales channel of all orders; or a field of [order]")
    shop: str = Field("", description="Scope within which orders may be merged; empty: the channel")
    currency: str = Field("", description="ISO 4217 code of all amounts; or a field of [order]")
    time_zone: str = Field("UTC", description="IANA zone of times without one")
    country: str = Field("", description="ISO 3166-1 alpha-2 code; or a field of [contact]")
    encoding: str = Field("utf-8", description="Of files that do not say another one")
    empty: Names = Field((), description="Texts that stand for nothing in every column")
    numbers: NumberShape = Field(default_factory=NumberShape, description="How numbers are written")
    files: dict[str, FileShape] = Field(description="The files that belong together, by a name of your own")
    order: SectionShape = Field(description="Fields of the order")
    contact: SectionShape = Field(default_factory=SectionShape, description="Who receives it")
    lines: LinesShape = Field(description="What was ordered")
    payments: AmountsShape | None = Field(None, description="What was paid")
    refunds: AmountsShape | None = Field(None, description="What was given back")
    history: HistoryShape = Field(default_factory=HistoryShape, description="What is known of the past")
    stock: StockShape | None = Field(None, description="Warehouses and opening stock, for trying things out")
    tables: dict[str, dict[str, str]] = Field(default_factory=dict, description="Value tables: from -> to")
    checks: dict[str, Treatment] = Field(default_factory=dict, description="What is done about a kind of finding")
    skip: tuple[SkipShape, ...] = Field((), description="Orders that are left out")
