"""A drafted plan pairs what clearly belongs together, leaves open what does not, and says what to look at."""

from __future__ import annotations

from oms_workflow.engine.instance import prepare
from oms_workflow.engine.migration.drafting import Draft, draft
from tests.engine.migrating import drawn, migrate
from tests.engine.walking import Walk

OLD = """
process p
  start S
  user Ask name="Check address"
  catch Late on=Ask timer=P1D
  service Pack type=wms.pack
  end E
  S -> Ask -> Pack -> E
  Late -> E
"""


def drafted(old: str, new: str) -> Draft:
    return draft(prepare(drawn(old)), prepare(drawn(new)))


def reasons(told: Draft) -> dict[str, tuple[str, ...]]:
    return {f"{one.old.id} -> {one.new.id}": one.reasons for one in told.guesses}


def test_renamed_nodes_are_paired_by_what_they_say_and_do_and_what_hangs_on_them_follows():
    new = OLD.replace("Ask", "VerifyAddress").replace("Late", "Reminder").replace("Pack", "Wrap")

    told = drafted(OLD, new)

    assert told.elements == {"Ask": "VerifyAddress", "Pack": "Wrap", "Late": "Reminder"}
    assert "name" in reasons(told)["Ask -> VerifyAddress"]
    assert "work" in reasons(told)["Pack -> Wrap"]
    assert {"event", "host"} <= set(reasons(told)["Late -> Reminder"])
    assert told.without == told.changed == told.flows == ()


def test_a_walk_follows_a_drafted_plan():
    new = OLD.replace("Ask", "VerifyAddress").replace("Late", "Reminder")
    walk = Walk(OLD)

    assert migrate(walk, new, drafted(OLD, new).elements) == ""

    assert (walk.open, walk.waiting) == (["VerifyAddress"], ["Reminder"]), walk


def test_what_several_could_replace_is_left_to_a_person():
    """Both do the same work behind the same gateway: a guess would be thrown."""
    old = "process p\n  start S\n  and F\n  service A type=x\n  user B\n  S -> F -> A\n  F -> B"
    new = old.replace("service A type=x", "service One type=x\n  service Two type=x").replace("F -> A", "F -> One")
    new += "\n  F -> Two"

    told = drafted(old, new)

    assert told.elements == {}
    assert [one.id for one in told.without] == ["A"]


def test_other_work_at_the_same_place_is_no_counterpart():
    new = OLD.replace("service Pack type=wms.pack", "service Send type=carrier.send").replace("Pack", "Send")
    told = drafted(OLD, new)
    assert told.elements == {}
    assert [one.id for one in told.without] == ["Pack"]


def test_what_is_inside_is_paired_once_the_scope_around_it_is():
    inside = "process p\n  start S\n  sub In name=Pack\n    start T\n    service A type=x\n    T -> A\n  S -> In"
    new = inside.replace("In", "Packing").replace("A type", "B type").replace("T -> A", "T -> B")
    assert drafted(inside, new).elements == {"In": "Packing", "A": "B"}


def test_an_id_that_means_something_else_now_is_told():
    told = drafted(OLD, OLD.replace("service Pack type=wms.pack", "user Pack"))
    (found,) = told.changed
    assert (found[0].id, found[1]) == ("Pack", "it is a serviceTask and would become a userTask")


def test_flows_at_whose_join_a_token_could_wait_without_a_counterpart_are_told():
    old = "process p\n  start S\n  and F\n  user A\n  user B\n  and J\n  S -> F -> A -> J\n  F -> B -> J"
    new = old.replace("user B", "service C type=c").replace("F -> B -> J", "F -> C -> J")
    told = drafted(old, new)
    assert [join.id for _, join in told.flows] == ["J"], told


def test_equal_versions_need_no_word():
    told = drafted(OLD, OLD)
    assert (told.elements, told.without, told.changed, told.flows) == ({}, (), (), ())
