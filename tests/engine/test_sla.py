"""Per-node deadlines: warned, breached, paused, escalated."""

from __future__ import annotations

from datetime import date

from oms_workflow.bpmn.calendar import Calendar
from tests.engine.walking import Walk

NODE = """
process p
  start S
  service Work type=x sla=PT4H slaWarn=75% owner=warehouse {more}
  catch Heard on=Work escalation=SLA_BREACHED nonstop
  service Lead type=x
  end E
  S -> Work -> E
  Heard -> Lead -> E
"""


def times(walk: Walk, *kinds: str) -> list[str]:
    return [f"{one.at:%d. %H:%M} {one.kind.value}" for one in walk.records if one.kind.value in kinds]


def test_a_node_warns_at_its_point_and_breaches_at_its_limit_and_goes_on():
    walk = Walk(NODE.format(more=""))
    walk.advance("PT5H")

    assert times(walk, "sla_warned", "sla_breached") == ["05. 11:00 sla_warned", "05. 12:00 sla_breached"]
    assert walk.open == ["Work"], walk
    assert walk.detail("sla_breached") == [{"owner": "warehouse", "on_breach": "record"}]


def test_a_node_done_in_time_neither_warns_nor_breaches():
    walk = Walk(NODE.format(more=""))
    walk.complete("Work")
    walk.advance("P2D")

    assert times(walk, "sla_warned", "sla_breached") == []


def test_a_breach_may_escalate_along_the_diagram():
    walk = Walk(NODE.format(more="slaOnBreach=escalate"))
    walk.advance("PT4H")

    assert walk.open == ["Lead", "Work"], walk


def test_a_breach_may_raise_an_incident_while_the_work_goes_on():
    walk = Walk(NODE.format(more="slaOnBreach=incident"))
    walk.advance("PT4H")
    assert [code for code, _ in walk.incidents] == ["sla-breached"]
    assert walk.open == ["Work"], walk

    walk.complete("Work")

    assert walk.status == "completed", walk


def test_a_hold_that_stops_the_clock_gives_the_time_back():
    walk = Walk(NODE.format(more="slaPauseOn=customer_question"))
    walk.advance("PT1H")
    walk.step(set={"holds": ["customer_question"]})
    walk.advance("PT10H")
    walk.step(set={"holds": []})
    walk.advance("PT3H")

    told = times(walk, "sla_paused", "sla_resumed", "sla_warned", "sla_breached")
    assert told == [
        "05. 09:00 sla_paused",
        "05. 19:00 sla_resumed",
        "05. 21:00 sla_warned",
        "05. 22:00 sla_breached",
    ], walk


def test_another_hold_does_not_stop_the_clock():
    walk = Walk(NODE.format(more="slaPauseOn=customer_question"), {"holds": ["fraud"]})
    walk.advance("PT4H")

    assert times(walk, "sla_breached") == ["05. 12:00 sla_breached"]


def test_a_deadline_counts_the_hours_of_its_calendar():
    office = Calendar(id="office", weekly=(((540, 1020),),) * 5 + ((), ()), holidays=(date(2026, 1, 6),))
    walk = Walk(NODE.format(more="slaCalendar=office").replace("PT4H", "PT10H"), calendars={"office": office})
    walk.advance("P4D")

    # Monday from 09:00 gives eight hours, Tuesday is a holiday, Wednesday gives the other two.
    assert times(walk, "sla_breached") == ["07. 11:00 sla_breached"], walk


def test_a_process_has_a_deadline_of_its_own():
    walk = Walk("process p sla=P3D owner=sales\n  start S\n  service Work type=x\n  S -> Work")
    walk.advance("P3D")

    assert [record.element for record in walk.records if record.kind == "sla_breached"] == ["p"], walk


def test_a_loop_has_one_deadline_for_all_its_items():
    walk = Walk(
        "process p\n  start S\n  service Work type=x each==lines sla=PT1H owner=w\n  S -> Work", {"lines": [1, 2, 3]}
    )
    walk.advance("PT2H")

    assert len(walk.detail("sla_breached")) == 1, walk
