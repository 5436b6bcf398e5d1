"""Deadlines that differ from order to order, and chains of those who hear of a breach."""

from __future__ import annotations

from datetime import date

import pytest

from oms_workflow.bpmn.calendar import Calendar
from tests.engine.walking import Walk

OFFICE = Calendar(id="office", weekly=(((540, 1020),),) * 5 + ((), ()), holidays=(date(2026, 1, 6),))
NIGHT = Calendar(id="night", weekly=(((0, 360),),) * 7)
CALENDARS = {"office": OFFICE, "night": NIGHT}

NODE = """
process p
  start S
  user Work owner=warehouse {sla}
  catch Heard on=Work escalation=SLA_BREACHED nonstop out.to==escalationTo out.level==escalationLevel
  user Tell in.to==to in.level==level
  end E
  S -> Work -> E
  Heard -> Tell -> E
"""
CHAIN = 'sla=PT4H slaOnBreach=escalate "slaChain=lead, head after PT4H, board after P1D"'


def walk(sla: str, **variables: object) -> Walk:
    return Walk(NODE.format(sla=sla), variables, calendars=CALENDARS)


def heard(walk: Walk) -> list[str]:
    """When who was named by the escalation."""
    return [
        f"{one.at:%d. %H:%M} {one.detail.get('escalationLevel')} {one.detail.get('escalationTo')}"
        for one in walk.records
        if one.kind == "escalation_thrown"
    ]


def times(walk: Walk, *kinds: str) -> list[str]:
    return [f"{one.at:%d. %H:%M} {one.kind.value}" for one in walk.records if one.kind.value in kinds]


def test_a_breach_goes_up_the_chain_until_somebody_acts():
    """Whoever was told first may be ill; the next one hears of it, and nobody after the work is done."""
    late = walk(CHAIN)
    late.advance("PT9H")
    assert heard(late) == ["05. 12:00 1 lead", "05. 16:00 2 head"], late
    late.complete("Work")
    late.advance("P3D")

    assert len(heard(late)) == 2, late
    assert times(late, "sla_breached") == ["05. 12:00 sla_breached"]


def test_a_chain_ends_with_its_last_one():
    """Nobody is told twice."""
    late = walk(CHAIN)
    late.advance("P9D")

    assert heard(late) == ["05. 12:00 1 lead", "05. 16:00 2 head", "06. 12:00 3 board"], late
    assert late.open.count("Tell") == 3


def test_a_chain_counts_the_hours_of_the_calendar_and_stops_for_holds():
    """A head who is told at night, or while the buyer is asked, learns not to listen."""
    late = walk(CHAIN + " slaCalendar=office slaPauseOn=customer_request")
    late.advance("PT6H")  # Monday 14:00: 9:00 to 13:00 were the four hours
    late.step(set={"holds": ["customer_request"]})
    late.advance("P2D")  # Wednesday 14:00; three of the head's four hours are left
    late.step(set={"holds": []})
    late.advance("PT2H")
    assert heard(late) == ["05. 13:00 1 lead"], late
    late.advance("PT1H")

    assert heard(late) == ["05. 13:00 1 lead", "07. 17:00 2 head"], late


def test_a_chain_that_nobody_in_the_process_catches_goes_up_to_the_caller():
    """The names travel with it."""
    late = Walk(
        f"""
process p
  start S
  call Sub process=q
  catch Heard on=Sub escalation=SLA_BREACHED nonstop out.to==escalationTo
  user Tell in.to==to
  end E
  S -> Sub -> E
  Heard -> Tell -> E

process q
  start B
  user Work owner=warehouse {CHAIN}
  B -> Work
"""
    )
    late.advance("PT9H")

    assert late.open == ["Tell", "Tell", "Work"], late
    assert late.variables["to"] == "head"


def test_limit_warning_calendar_and_chain_may_be_asked_when_the_node_is_entered():
    """What a table answers for this very order; what changes later moves no running deadline."""
    asked = "sla==clock.limit slaWarn==clock.warn slaCalendar==clock.hours slaChain==clock.chain slaOnBreach=escalate"
    clock = {
        "limit": "PT2H",
        "warn": "PT1H",
        "hours": "office",
        "chain": [{"role": "risk"}, {"role": "risk-lead", "after": "PT1H"}],
    }
    late = walk(asked, clock=clock)
    late.step(set={"clock": {"limit": "P9D", "hours": "night", "chain": []}})
    late.advance("PT6H")

    assert times(late, "sla_warned", "sla_breached") == ["05. 10:00 sla_warned", "05. 11:00 sla_breached"], late
    assert heard(late) == ["05. 11:00 1 risk", "05. 12:00 2 risk-lead"]
    assert late.detail("sla_started")[0]["calendar"] == "office"


def test_a_percentage_warns_before_a_limit_that_is_asked():
    """The table need not know it."""
    late = walk("sla==limit slaWarn=50%", limit="PT8H")
    late.advance("PT9H")

    assert times(late, "sla_warned", "sla_breached") == ["05. 12:00 sla_warned", "05. 16:00 sla_breached"], late


@pytest.mark.parametrize(
    ("sla", "value", "key"),
    [
        ("sla==it", None, "sla"),
        ("sla==it", "P1M", "sla"),
        ("sla=PT4H slaWarn==it", "PT5H", "slaWarn"),
        ("sla=PT4H slaCalendar==it", "moon", "slaCalendar"),
        ("sla=PT4H slaOnBreach=escalate slaChain==it", [{"role": "a", "after": "PT1H"}], "slaChain"),
        ("sla=PT4H slaOnBreach=escalate slaChain==it", [{"role": "a"}, {"role": "b"}], "slaChain"),
        ("sla=PT4H slaOnBreach=escalate slaChain==it", "lead", "slaChain"),
    ],
)
def test_a_deadline_that_cannot_be_told_is_an_incident_and_the_work_goes_on(sla: str, value: object, key: str):
    """A wrong table must not stop the order, and must not go unseen either."""
    lost = walk(sla, it=value)
    assert [code for code, _ in lost.incidents] == ["deadline-unknown"], lost
    assert lost.incidents[0][1].startswith(f"{key} of the node")
    assert lost.open == ["Work"]

    lost.complete("Work")

    assert (lost.status, lost.incidents) == ("completed", []), lost


def test_a_retry_asks_for_the_deadline_again():
    """Once the variables are mended, the clock runs from then on."""
    lost = walk("sla==limit", limit=None)
    lost.advance("PT1H")
    lost.step(set={"limit": "PT2H"})
    lost.resolve("retry")
    lost.advance("PT3H")

    assert lost.incidents == []
    assert times(lost, "sla_started", "sla_breached") == ["05. 09:00 sla_started", "05. 11:00 sla_breached"], lost
