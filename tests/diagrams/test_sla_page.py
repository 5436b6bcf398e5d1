"""The twelve monitors of docs/sla.md ring when the page says, and stay silent when nothing is wrong."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from oms_workflow.bpmn.calendar import Calendar
from tests.engine.walking import Walk

PAGE = (Path(__file__).parents[2] / "docs" / "sla.md").read_text(encoding="utf-8")
SECTIONS = re.findall(r"^### (\d+)\. (.+?)\n.*?^```drawing\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
DRAWINGS = {int(number): drawing for number, _, drawing in SECTIONS}

# Monday 08:00 UTC is when a walk begins. 09:00 to 17:00 from Monday to Friday, Tuesday off, Saturday made up for it.
DAY = ((540, 1020),)
OFFICE = Calendar(
    id="office",
    weekly=(DAY,) * 5 + ((), ()),
    holidays=(date(2026, 1, 6),),
    workdays=((date(2026, 1, 10), DAY),),
)
BEGUN = datetime(2026, 1, 5, 8, tzinfo=UTC)
DATES: dict[str, Any] = {
    "order_id": "shop:1",
    "ship_by": BEGUN + timedelta(hours=10),  # Monday 18:00
    "deliver_by": BEGUN + timedelta(days=3, hours=4),  # Thursday 12:00
    "not_before": BEGUN + timedelta(days=2),  # Wednesday 08:00
    "expected_at": BEGUN + timedelta(days=1, hours=4),  # Tuesday 12:00
}

Steps = Callable[[Walk], None]


def walk(number: int) -> Walk:
    """Start one of the page's drawings as it stands there, with dates as the shop's activities give them."""
    return Walk(DRAWINGS[number], DATES, calendars={"office": OFFICE})


def entered(walk: Walk, element: str) -> list[str]:
    """Give the moments at which an element was entered."""
    return [f"{one.at:%d. %H:%M}" for one in walk.records if one.element == element and one.kind == "activated"]


def after(*steps: tuple[str, Any]) -> Steps:
    """Do steps of the walk format one after the other."""

    def does(walk: Walk) -> None:
        for name, value in steps:
            walk.step(**{name: value}, **({"correlationKey": "shop:1"} if name == "message" else {}))

    return does


def expected(moment: timedelta) -> tuple[str, Any]:
    return "set", {"expected_at": BEGUN + moment}


ARRIVES = ("message", "parcel.delivered")

RINGS: dict[int, tuple[str, Steps, list[str]]] = {
    1: ("TellLead", after(("advance", "PT5H"), ("complete", "Pick"), ("advance", "P1D")), ["05. 14:00"]),
    2: ("TellChannel", after(("advance", "P2D")), ["05. 20:00"]),
    # Monday 09:00 to 17:00 are the eight hours; the question to the buyer gives four of them back, on Wednesday.
    3: (
        "TellLead",
        after(
            ("complete", "Capture"),
            ("advance", "PT5H"),
            ("set", {"holds": ["customer_request"]}),
            ("advance", "PT20H"),
            ("set", {"holds": []}),
            ("advance", "P4D"),
        ),
        ["07. 13:00"],
    ),
    4: ("Apologise", after(("advance", "P1D"), ARRIVES), ["06. 08:00"]),
    5: ("Voucher", after(("advance", "P4D"), ARRIVES), ["09. 08:00"]),
    6: ("Claim", after(("complete", "HandOver"), ("advance", "PT49H"), ARRIVES), ["07. 09:00"]),
    # Monday 13:00; nobody works at night, on the holiday or on Sunday, and Saturday is made up for the holiday.
    7: ("TellLead", after(("advance", "P1D")), ["05. 13:00"]),
    8: ("TellBuyer", after(("advance", "P5D")), ["07. 12:00"]),
    9: ("AskCarrier", after(("advance", "P6D")), ["09. 12:00", "10. 12:00"]),
    # From Friday 16:00 one hour is left of that day, and seven are worked on the Saturday that is made up.
    10: ("AskBuyer", after(("advance", "P4DT8H"), ("complete", "Deliver"), ("advance", "P4D")), ["10. 16:00"]),
    11: ("AskBuyer", after(("advance", "PT1H"), expected(timedelta(days=4))), ["05. 09:00"]),
    12: ("ChooseExpress", after(("advance", "PT2H"), expected(timedelta(days=2, hours=5))), ["05. 10:00"]),
}

SILENT: dict[int, tuple[str, Steps]] = {
    1: ("TellLead", after(("complete", "Pick"), ("complete", "Close"), ("advance", "P1D"))),
    2: ("TellChannel", after(("advance", "PT11H"), ("complete", "Ship"), ("advance", "P1D"))),
    3: (
        "TellLead",
        after(("complete", "Capture"), ("advance", "PT8H59M"), ("complete", "Pick"), ("complete", "Close")),
    ),
    4: ("Apologise", after(("advance", "P2D"), ARRIVES)),
    5: ("Voucher", after(("advance", "P3DT4H"), ARRIVES)),
    6: ("Claim", after(("complete", "HandOver"), ("advance", "P2D"), ARRIVES)),
    7: ("TellLead", after(("advance", "PT4H59M"), ("complete", "Audit"), ("advance", "P1D"))),
    8: ("TellBuyer", after(("advance", "P2D"), ("complete", "Fulfil"), ("advance", "P3D"))),
    9: ("AskCarrier", after(("advance", "P4DT3H"), ("complete", "Fulfil"), ("advance", "P3D"))),
    10: ("AskBuyer", after(("complete", "Deliver"), ("advance", "PT8H59M"), ("message", "buyer.confirmed"))),
    11: ("AskBuyer", after(("advance", "PT1H"), expected(timedelta(days=3, hours=4)))),
    12: ("ChooseExpress", after(("advance", "PT1H"), expected(timedelta(days=2, hours=4)))),
}


def test_the_page_shows_the_twelve_monitors_in_its_table_and_drawn() -> None:
    """Whoever looks for one of them finds it by its number."""
    assert sorted(DRAWINGS) == list(range(1, 13))
    links = re.findall(r"\[(\d+)\]\(#(\S+?)\)", PAGE)
    titles = {
        number: re.sub(r"[^a-z0-9 ]", "", f"{number} {title}".lower()).replace(" ", "-")
        for number, title, _ in SECTIONS
    }
    assert dict(links) == titles


@pytest.mark.parametrize("number", sorted(RINGS))
def test_a_monitor_rings_when_the_page_says(number: int) -> None:
    """At its own time, once, in the hours of its calendar."""
    element, steps, moments = RINGS[number]
    taken = walk(number)
    steps(taken)
    assert entered(taken, element) == moments, taken
    assert taken.incidents == []


@pytest.mark.parametrize("number", sorted(SILENT))
def test_a_monitor_is_silent_when_nothing_is_wrong(number: int) -> None:
    """On the very edge of it: one minute more, and it would ring."""
    element, steps = SILENT[number]
    taken = walk(number)
    steps(taken)
    assert entered(taken, element) == [], taken
    assert taken.incidents == []


def test_a_chain_of_people_hears_one_after_the_other() -> None:
    """The manager hears half a working day after the lead, and not in the night between."""
    (drawing,) = re.findall(r"^## Who hears of it\n.*?^```drawing\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
    taken = Walk(drawing, DATES, calendars={"office": OFFICE})
    taken.advance("P4D")
    # Monday 9:00 to 17:00 are the eight hours; Tuesday is off, so four more are over on Wednesday at 13:00.
    assert entered(taken, "Tell") == ["05. 17:00", "07. 13:00"], taken
    assert taken.variables["to"] == "operations-manager"
