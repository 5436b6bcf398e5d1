"""Numbers, times, texts and cities as files write them: read exactly, or not at all."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oms_workflow.connect.importing.problem import shape_of
from oms_workflow.connect.importing.values.cities import City, read_city
from oms_workflow.connect.importing.values.cleaning import STEPS, fold, title_case
from oms_workflow.connect.importing.values.numbers import NotANumber, NumberFormat, read_flag
from oms_workflow.connect.importing.values.times import NotATime, check_format, read_time

PLAIN, COMMA = NumberFormat(), NumberFormat(",", ".", ("R$", "€"))
REPEATS = "it repeats the state, the country or itself"
BRAZIL = ZoneInfo("America/Sao_Paulo")


@pytest.mark.parametrize(
    ("numbers", "text", "value"),
    [
        (PLAIN, "12.5", "12.5"),
        (PLAIN, " -3 ", "-3"),
        (PLAIN, ".5", "0.5"),
        (PLAIN, "12.5000", "12.5000"),
        (PLAIN, "１２．５", "12.5"),
        (PLAIN, "\N{MINUS SIGN}2", "-2"),
        (COMMA, "R$ 1.234,50", "1234.50"),
        (COMMA, "1234,5", "1234.5"),
        (COMMA, "1.234.567", "1234567"),
        (NumberFormat(".", ","), "1,234.50", "1234.50"),
        (NumberFormat(".", "'"), "1'234.50", "1234.50"),
    ],
)
def test_numbers_are_read_in_their_own_format(numbers: NumberFormat, text: str, value: str) -> None:
    """The mapping says which sign means what; nothing is guessed."""
    assert numbers.read(text) == Decimal(value)


@pytest.mark.parametrize(
    ("numbers", "text"),
    [
        (PLAIN, "1,5"),
        (PLAIN, "1,234"),
        (PLAIN, ""),
        (PLAIN, "1e5"),
        (PLAIN, "NaN"),
        (PLAIN, "Infinity"),
        (PLAIN, "--1"),
        (PLAIN, "1 2"),
        (PLAIN, "0x10"),
        (PLAIN, "9" * 50),
        (COMMA, "1.5"),  # groups of three digits or none: this is no fifteen
        (COMMA, "12.34,5"),
        (COMMA, "1.2345"),
    ],
)
def test_what_could_be_another_number_is_none(numbers: NumberFormat, text: str) -> None:
    """A decimal comma that is read as a group sign is a factor of a hundred."""
    with pytest.raises(NotANumber):
        numbers.read(text)


@given(
    number=st.decimals(min_value=-(10**9), max_value=10**9, places=2),
    numbers=st.sampled_from([NumberFormat(), COMMA, NumberFormat(".", ",")]),
)
def test_a_number_is_read_as_it_was_written(number: Decimal, numbers: NumberFormat) -> None:
    """With groups or without, in every format."""
    grouped = f"{number:,.2f}".replace(",", "\0").replace(".", numbers.decimal).replace("\0", numbers.thousands)
    plain = f"{number:.2f}".replace(".", numbers.decimal)
    assert numbers.read(grouped) == numbers.read(plain) == number


@pytest.mark.parametrize(("text", "value"), [("Yes", True), ("是", True), ("0", False), ("否", False), ("maybe", None)])
def test_yes_and_no_are_known_in_several_languages(text: str, value: bool | None) -> None:
    """Anything else is neither."""
    assert read_flag(text) is value


@pytest.mark.parametrize(
    ("text", "formats", "moment"),
    [
        ("2018-01-20 12:15:57", (), datetime(2018, 1, 20, 14, 15, 57, tzinfo=UTC)),
        ("2018-01-20T12:15:57+08:00", (), datetime(2018, 1, 20, 4, 15, 57, tzinfo=UTC)),
        ("20/01/2018 12:15", ("iso", "%d/%m/%Y %H:%M"), datetime(2018, 1, 20, 14, 15, tzinfo=UTC)),
        ("1516457757", ("epoch_seconds",), datetime(2018, 1, 20, 14, 15, 57, tzinfo=UTC)),
        ("1516457757123", ("epoch_milliseconds",), datetime(2018, 1, 20, 14, 15, 57, 123000, tzinfo=UTC)),
        ("2018-01-20", (), datetime(2018, 1, 20, 2, 0, tzinfo=UTC)),
    ],
)
def test_times_become_moments(text: str, formats: tuple[str, ...], moment: datetime) -> None:
    """Local time of the mapping's zone, unless the text names one; epoch times never are local."""
    assert read_time(text, formats, BRAZIL) == (moment, False)


@pytest.mark.parametrize(
    ("text", "formats"),
    [
        ("", ()),
        ("0000-00-00 00:00:00", ()),
        ("1900-01-01", ()),  # what spreadsheets make of 0
        ("31/02/2018", ("%d/%m/%Y",)),
        ("01/13/2018", ("%d/%m/%Y",)),
        ("99999999999999999", ("epoch_seconds",)),
        ("1e9", ("epoch_seconds",)),
        ("9999-12-31", ()),
    ],
)
def test_what_is_no_time_is_none(text: str, formats: tuple[str, ...]) -> None:
    """A month and a day that could be swapped are not swapped."""
    with pytest.raises(NotATime):
        read_time(text, formats, BRAZIL)


def test_hours_that_happened_twice_or_never_are_told() -> None:
    """Brazil changed its clocks at midnight: a day that was written as midnight did not begin there."""
    assert read_time("2017-10-15 00:00:00", (), BRAZIL).is_doubtful  # never
    assert read_time("2018-02-17 23:30:00", (), BRAZIL).is_doubtful  # twice
    assert not read_time("2017-10-15 01:00:00", (), BRAZIL).is_doubtful


def test_a_day_written_as_midnight_can_mean_its_end() -> None:
    """Otherwise every delivery on the promised day is late."""
    moment = read_time("2018-03-01 00:00:00", (), BRAZIL, midnight="end")
    assert moment.at == datetime(2018, 3, 2, 2, 59, 59, tzinfo=UTC)
    assert read_time("2018-03-01 08:00:00", (), BRAZIL, midnight="end").at.astimezone(BRAZIL).hour == 8


@pytest.mark.parametrize("text", ["%d/%m", "%H:%M", "xx", "%Q", ""])
def test_formats_that_lose_the_day_are_refused(text: str) -> None:
    """A mapping is checked before the first row is read."""
    assert check_format(text)


@pytest.mark.parametrize("text", ["iso", "epoch_seconds", "%Y-%m-%d", "%d.%m.%y %H:%M", "%Y%m%d"])
def test_formats_that_tell_the_day_are_taken(text: str) -> None:
    """With two digits for the year, too."""
    assert check_format(text) == ""


@given(text=st.text(max_size=20), step=st.sampled_from(sorted(STEPS)))
def test_cleaning_twice_is_cleaning_once(text: str, step: str) -> None:
    """So a mended file that is imported again gives the same order."""
    once = STEPS[step][0](text)
    assert STEPS[step][0](once) == once


def test_names_get_capitals_but_for_small_words() -> None:
    """As they are written on a parcel."""
    assert [title_case(one) for one in ("RIO DE JANEIRO", "arraial d'ajuda", "são joão del rei", "de la vega")] == [
        "Rio de Janeiro",
        "Arraial d'Ajuda",
        "São João del Rei",
        "De la Vega",
    ]


def test_words_are_compared_without_case_and_accents() -> None:
    """For comparison only: nothing is stored that way."""
    assert fold(" SÃO  Paulo") == fold("sao paulo")
    assert fold("浙江") != fold("湖北")


@pytest.mark.parametrize(
    ("text", "region", "city"),
    [
        ("sao paulo", "SP", City("sao paulo")),
        ("mogi-guacu", "SP", City("mogi-guacu")),
        ("sao paulo - sp", "SP", City("sao paulo", REPEATS, True)),
        ("andira-pr", "PR", City("andira", REPEATS, True)),
        ("rio de janeiro, rio de janeiro, brasil", "RJ", City("rio de janeiro", REPEATS, True)),
        ("andira-pr", "SP", City("andira-pr", "it holds a second name")),
        ("santo andre/sao paulo", "SP", City("santo andre/sao paulo", "it holds a second name")),
        ("x (y)", "SP", City("x (y)", "it holds a second name in brackets")),
        ("sales@example.com", "SP", City("", "it holds an e-mail address")),
        ("04482255", "SP", City("", "it holds no letters")),
        ("", "SP", City("")),
    ],
)  # fmt: skip
def test_cities_hold_one_city(text: str, region: str, city: City) -> None:
    """What can only be meant one way is mended; two cities stay as they are, for a person."""
    assert read_city(text, region) == city


@given(text=st.text(max_size=50))
def test_a_shape_tells_nothing_of_its_text(text: str) -> None:
    """Reasons are logged, and rows hold personal data."""
    shape = shape_of(text)
    assert not [sign for sign in shape if sign.isalpha() and sign != "a"]
    assert not [sign for sign in shape if sign.isdigit() and sign != "9"]
    shape.encode()
