"""Looking ahead in a diagram: along the path that most took, by what nodes usually take, else by their deadlines."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

from oms_workflow.bpmn.calendar import Calendar
from oms_workflow.bpmn.forecast import Forecaster, Pace
from oms_workflow.diagrams.reading import Source, read_diagrams
from tests.drawing import bpmn

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)  # a Monday
OFFICE = Calendar(id="office", weekly=(((540, 1020),),) * 5 + ((), ()), holidays=(date(2026, 1, 6),))

SHIPPING = """
process order
  start S
  user Pick sla=PT4H
  receive Pack message=packed key==order_id sla=PT2H milestone=shipped
  S -> Pick -> Pack
"""


def forecaster(
    drawing: str, usual: Mapping[str, int] | None = None, visits: Mapping[str, int] | None = None
) -> Forecaster:
    """Read a drawing; what nodes usually take is told in minutes."""
    calendars = {"office": OFFICE}
    definitions = read_diagrams([Source(name="drawn.bpmn", raw=bpmn(drawing))], calendars=calendars).require()
    first = definitions[0].id
    pace = Pace(
        usual={(first, node): timedelta(minutes=minutes) for node, minutes in (usual or {}).items()},
        visits={(first, node): count for node, count in (visits or {}).items()},
    )
    return Forecaster(definitions, pace, calendars)


def hours(ahead: Forecaster, element: str = "S") -> float:
    return (ahead.after("order", element, NOON).end - NOON) / timedelta(hours=1)


def test_what_lies_ahead_is_what_nodes_usually_take_and_else_their_limits() -> None:
    """A limit of four hours says little about work that takes ten minutes."""
    assert hours(forecaster(SHIPPING)) == 6
    assert hours(forecaster(SHIPPING, usual={"Pick": 60})) == 3
    assert hours(forecaster(SHIPPING, usual={"Pick": 60}), "Pick") == 2


def test_a_milestone_is_passed_when_its_node_is_left() -> None:
    """The promise to ship is kept by the moment the parcel is gone, not by that at which somebody begins to pack."""
    way = forecaster(SHIPPING, usual={"Pick": 60, "Pack": 30}).after("order", "S", NOON)
    assert way.reaches("shipped") == NOON + timedelta(minutes=90)
    assert way.reaches("delivered") is None
    assert [(one.element, one.basis) for one in way.stops if one.basis != "nothing"] == [
        ("Pick", "past"), ("Pack", "past"),
    ]  # fmt: skip


def test_a_limit_is_counted_in_its_calendar() -> None:
    """From Monday noon: five hours that day, none on the holiday, the other three on Wednesday."""
    way = forecaster("process order\n  start S\n  user Check sla=PT8H slaCalendar=office\n  S -> Check")
    assert way.after("order", "S", NOON).end == datetime(2026, 1, 7, 12, tzinfo=UTC)


CHOICE = """
process order
  start S
  xor Good
  user Manual sla=PT9H
  service Quick type=x sla=PT1H
  end E
  S -> Good
  Good -> Manual if "=risk > 70"
  Good -> Quick default
  Manual -> E
  Quick -> E
"""


def test_at_a_choice_the_path_that_most_took_is_expected() -> None:
    """Without a past the drawn default; with one, what happens in fact."""
    assert hours(forecaster(CHOICE)) == 1
    assert hours(forecaster(CHOICE, visits={"Manual": 9, "Quick": 1})) == 9


def test_paths_side_by_side_end_with_the_slowest() -> None:
    """Packing waits for the label and for the goods."""
    drawing = """
process order
  start S
  and Fork
  user Goods sla=PT5H
  service Label type=x sla=PT1H
  and Join
  user Pack sla=PT2H
  S -> Fork
  Fork -> Goods -> Join
  Fork -> Label -> Join
  Join -> Pack
"""
    assert hours(forecaster(drawing)) == 7
    assert hours(forecaster(drawing), "Goods") == 2


def test_what_a_sub_process_and_a_called_process_hold_is_looked_through() -> None:
    """A milestone inside them is a milestone of the order."""
    drawing = """
process order
  start S
  sub Prepare
    start Begun
    user Pick sla=PT3H
    Begun -> Pick
  call Send process=send
  S -> Prepare -> Send
process send
  start S2
  receive Ship message=left key==order_id sla=PT1H milestone=shipped
  receive Follow message=came key==order_id sla=P2D milestone=delivered
  S2 -> Ship -> Follow
"""
    way = forecaster(drawing).after("order", "S", NOON)
    assert way.reaches("shipped") == NOON + timedelta(hours=4)
    assert way.reaches("delivered") == way.end == NOON + timedelta(hours=52)


def test_a_loop_in_the_drawing_is_gone_through_once() -> None:
    """What is tried again now and then must not make every order late, nor the forecast endless."""
    drawing = """
process order
  start S
  user Try sla=PT1H
  xor Worked
  user Mend sla=PT1H
  end E
  S -> Try -> Worked
  Worked -> Mend if "=not(ok)"
  Worked -> E default
  Mend -> Try
"""
    assert hours(forecaster(drawing)) == 1
    assert hours(forecaster(drawing, visits={"Mend": 10})) == 2


def test_a_process_that_calls_itself_is_looked_through_once() -> None:
    """An order for an exchange may be followed by another one."""
    drawing = """
process order
  start S
  user Work sla=PT1H
  xor More
  call Again process=order
  end E
  S -> Work -> More
  More -> Again if "=more"
  More -> E default
  Again -> E
"""
    assert hours(forecaster(drawing, visits={"Again": 5})) == 1


def test_a_node_that_overstays_is_left_now_at_the_earliest() -> None:
    """The past cannot be promised."""
    ahead = forecaster(SHIPPING, usual={"Pick": 60})
    assert ahead.left("order", "Pick", NOON - timedelta(minutes=20), NOON).left_at == NOON + timedelta(minutes=40)
    assert ahead.left("order", "Pick", NOON - timedelta(hours=9), NOON).left_at == NOON
