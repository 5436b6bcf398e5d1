"""Random FEEL values and random well-formed FEEL expressions."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

from hypothesis import strategies as st

from oms_workflow.feel import Range, YearsMonths
from oms_workflow.feel.numbers import rounded
from oms_workflow.feel.wide import WideDate, WideDateTime, WideTime
from oms_workflow.feel.zones import named_zone

ZONES = [
    None,
    UTC,
    timezone(timedelta(hours=8)),
    timezone(-timedelta(hours=3, minutes=30)),
    named_zone("Europe/Berlin"),
]

numbers = (
    st.one_of(
        st.integers(-(10**40), 10**40).map(Decimal),
        st.decimals(allow_nan=False, allow_infinity=False, places=4),
        st.decimals(allow_nan=False, allow_infinity=False),
    )
    .map(rounded)
    .filter(lambda number: number is not None)
)
small_numbers = st.decimals(-1000, 1000, allow_nan=False, places=2)
texts = st.text(max_size=12)
zones = st.sampled_from(ZONES)
dates = st.dates()
times = st.builds(lambda moment, zone: moment.replace(tzinfo=zone), st.times(), zones)
moments = st.builds(lambda moment, zone: moment.replace(tzinfo=zone), st.datetimes(), zones)
wide_dates = st.builds(WideDate, st.integers(10_000, 999_999_999), st.integers(1, 12), st.integers(1, 28))
wide_times = st.builds(
    WideTime,
    st.integers(0, 23),
    st.integers(0, 59),
    st.integers(0, 59),
    st.integers(0, 999_999).map(lambda n: n * 1000 + 1),
    zones,
)
wide_moments = st.builds(
    WideDateTime,
    st.integers(-999_999_999, 0),
    st.integers(1, 12),
    st.integers(1, 28),
    st.integers(0, 23),
    st.integers(0, 59),
    st.integers(0, 59),
    st.integers(0, 999_999_999),
    zones,
)
durations = st.one_of(st.timedeltas(), st.builds(YearsMonths, st.integers(-(10**9), 10**9)))
scalars = st.one_of(
    st.none(),
    st.booleans(),
    numbers,
    texts,
    dates,
    times,
    moments,
    wide_dates,
    wide_times,
    wide_moments,
    durations,
)
ranges = st.builds(Range, small_numbers, st.booleans(), small_numbers, st.booleans())
keys = st.one_of(texts, st.just("$feel"))
values = st.recursive(
    st.one_of(scalars, ranges),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(keys, inner, max_size=4)),
    max_leaves=12,
)
truths = st.sampled_from([True, False, None])

LEAVES = st.sampled_from(
    (
        "1", "0", "2.5", "-3", '"a"', '""', "null", "true", "false", "x", "y", "item", "[]", "{}", "[1,2,3]",
        '["b","a"]', "{a: 1, b: [2]}", '@"2026-01-31"', '@"PT2H"', '@"P3M"', '@"2026-01-31T08:00:00Z"',
        '@"08:00:00"', "[1..5]", "(< 3)", "?", "unknown name", "function(a, b) a < b",
        "9999999999999999999999999999999999", "1e6000",
    )
)  # fmt: skip
CALLS = (
    "abs({0})", "string({0})", "count({0})", "sum({0})", "min({0}, {1})", "substring({0}, {1})", "split({0}, {1})",
    "matches({0}, {1})", "replace({0}, {1}, {0})", "sort({0}, function(a, b) a < b)", "flatten([{0}, [{1}]])",
    "get value({0}, {1})", "context put({0}, \"k\", {1})", "date({0})", "date and time({0}, {1})", "duration({0})",
    "sublist({0}, {1})", "index of({0}, {1})", "distinct values({0})", "is({0}, {1})", "before({0}, {1})",
    "decimal({0}, {1})", "modulo({0}, {1})", "number({0})", "range({0})", "partition({0}, {1})", "to json({0})",
    "from json({0})", "week of year({0})", "day of week({0})", "time({0})", "stddev({0})", "mode({0})", "exp({0})",
    "list replace({0}, {1}, 1)", "string join({0}, {1})", "years and months duration({0}, {1})", "now()",
)  # fmt: skip
SHAPES = (
    "({0} + {1})", "({0} - {1})", "({0} * {1})", "({0} / {1})", "({0} ** {1})", "-{0}", "({0} = {1})", "({0} < {1})",
    "({0} >= {1})", "({0} and {1})", "({0} or {1})", "not({0})", "if {0} then {1} else {0}", "[{0}, {1}]",
    "{{a: {0}, b: a, c: {1}}}", "{0}[{1}]", "{0}[item > {1}]", "({0}).a", "({0}).year", "({0}).start included",
    "for i in {0} return {1}", "for i in {0}..{1} return partial", "some i in {0} satisfies i = {1}",
    "every i in {0}, j in {1} satisfies i < j", "({0} in {1})", "({0} in ({1}, < {0}))", "({0} in [{1}..{0}])",
    "({0} between {1} and {0})", "({0} instance of list<number>)", "({0} instance of context<a: string>)",
    "(function(p) {0})({1})", "({0})({1})", "[{0}..{1})",
)  # fmt: skip
expressions = st.recursive(
    LEAVES,
    lambda inner: st.builds(lambda shape, a, b: shape.format(a, b), st.sampled_from(CALLS + SHAPES), inner, inner),
    max_leaves=12,
)
FIXED_MOMENT = datetime(2026, 1, 31, 8, tzinfo=UTC)
