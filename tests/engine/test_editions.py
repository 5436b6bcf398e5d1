"""What the engine does otherwise since an edition, and that orders of the one before go on by their rules."""

from __future__ import annotations

import pytest

from tests.engine.walking import Walk

CONDITIONS = """
process p
  start S
  service Check type=x
  service A type=x
  service B type=x
  end E
  S -> Check
  Check -> A if "=a"
  Check -> B if "=b"
  A -> E
  B -> E
"""


def test_an_activity_behind_which_no_condition_holds_stops_there():
    """The order would end halfway, and look done."""
    walk = Walk(CONDITIONS, {"a": False, "b": False})
    walk.complete("Check")

    ((code, message),) = walk.incidents
    assert code == "no-way-on", walk
    assert "'Check'" in message
    walk.resolve()
    assert [code for code, _ in walk.incidents] == ["no-way-on"]

    walk.step(set={"b": True})
    walk.resolve()

    assert walk.open == ["B"], walk


def test_a_loop_behind_which_no_condition_holds_stops_there():
    walk = Walk(CONDITIONS.replace("Check type=x", "Check type=x each==[1,2]"), {"a": False, "b": False})
    walk.complete("Check")
    walk.complete("Check")

    assert [code for code, _ in walk.incidents] == ["no-way-on"], walk
    walk.step(set={"a": True})
    walk.resolve()
    assert walk.open == ["A"], walk


def test_in_the_edition_before_such_a_path_just_ended():
    walk = Walk(CONDITIONS, {"a": False, "b": False}, edition=2)
    walk.complete("Check")

    assert walk.status == "completed", walk


ONE = """
process p
  start S
  service Work type=x in.total==amount
  end E
  S -> Work -> E
"""


@pytest.mark.parametrize(("edition", "total"), [(3, 1), (2, 5)])
def test_a_result_lands_in_the_activity_itself_when_a_mapped_input_has_its_name(edition: int, total: int):
    """As in Camunda 8: what is mapped in is a variable of the activity, and results begin their way there."""
    walk = Walk(ONE, {"amount": 9, "total": 1}, edition=edition)
    walk.complete("Work", total=5, other=6)

    assert walk.variables == {"amount": 9, "total": total, "other": 6}, walk


EACH = """
process p
  start S
  sub Pack each==[1,2] item=line gather=packed element==weight
    start s
    service Weigh type=x
    service Label type=x
    end e
    s -> Weigh -> Label -> e
  end E
  S -> Pack -> E
"""


@pytest.mark.parametrize(("edition", "packed"), [(3, [10, 20]), (2, [20, 20])])
def test_items_side_by_side_do_not_overwrite_what_is_gathered_of_each_other(edition: int, packed: list[int]):
    """Both weigh before either is done; the weight of the second must not become that of the first."""
    walk = Walk(EACH, edition=edition)
    walk.complete("Weigh", weight=10)
    walk.complete("Weigh", weight=20)
    walk.complete("Label")
    walk.complete("Label")

    assert walk.variables["packed"] == packed, walk
    assert ("weight" in walk.variables) is (edition == 2)


def test_a_called_process_hands_nothing_back_into_the_variables_of_a_loop():
    walk = Walk(
        """
        process p
          start S
          call Ask process=q each==[1,2] item=line gather=out element==answer in.x==line
          end E
          S -> Ask -> E
        process q
          start s
          script Double expression="=x * 2" result=answer
          end e
          s -> Double -> e
        """
    )

    assert walk.variables == {"out": [2, 4]}, walk


FAILING = """
process p
  start S
  call Ask process=q each==[1,2] item=line in.x==line
  catch Refused on=Ask error=NO
  service After type=x
  end E
  end F
  S -> Ask -> E
  Refused -> After -> F
process q
  start s
  script Look expression="=x + 1" result=seen
  end e error=NO
  s -> Look -> e
"""


@pytest.mark.parametrize(("edition", "variables"), [(3, {"seen"}), (2, {"seen", "x", "line", "loopCounter"})])
def test_an_error_of_a_called_process_brings_back_only_what_is_not_the_callers_own(edition: int, variables: set[str]):
    walk = Walk(FAILING, edition=edition)

    assert walk.open == ["After"], walk
    assert variables <= walk.variables.keys()
    assert edition == 2 or walk.variables == {"seen": 2}


@pytest.mark.parametrize(("edition", "open_after"), [(3, []), (2, ["T"])])
def test_a_completion_condition_may_ask_how_many_items_are_active(edition: int, open_after: list[str]):
    """BPMN 2.0.2, table 10.30; the edition before did not know the name, which was an incident."""
    until = '"=numberOfActiveInstances + numberOfTerminatedInstances < 2"'
    walk = Walk(
        f"process p\n  start S\n  service T type=x each==[1,2,3] until={until}\n  end E\n  S -> T -> E", edition=edition
    )
    walk.complete("T")
    walk.complete("T")

    assert walk.open == open_after, walk
    assert walk.status == ("completed" if edition == 3 else "incident")


BESIDE = """
process p
  start S
  service Work type=x undo=UndoWork
  service UndoWork type=x compensates
  service Next type=x
  throw Undo compensation
  end E
  S -> Work -> Next -> Undo -> E
  esub Beside
    start heard message=more key==k nonstop
    service Extra type=x undo=UndoExtra
    service UndoExtra type=x compensates
    end done
    heard -> Extra -> done
"""


def compensated(edition: int) -> Walk:
    walk = Walk(BESIDE, {"k": "k"}, edition=edition)
    walk.complete("Work")
    walk.message("more", "k")
    walk.complete("Extra")
    walk.complete("Next")
    return walk


def test_what_a_completed_event_sub_process_did_is_undone_with_the_rest_last_one_first():
    """BPMN 2.0.2, 10.5.6: compensation goes to all completed activities of the process."""
    walk = compensated(edition=3)
    assert walk.open == ["UndoExtra"], walk
    walk.complete("UndoExtra")
    assert walk.open == ["UndoWork"], walk
    walk.complete("UndoWork")

    assert walk.status == "completed", walk


def test_in_the_edition_before_it_was_forgotten():
    assert compensated(edition=2).open == ["UndoWork"]


def test_an_event_sub_process_with_an_undoing_of_its_own_is_undone_by_that():
    own = "    esub Own\n      start asked compensation\n      service TakeBack type=x\n      end over\n"
    walk = Walk(BESIDE + own + "      asked -> TakeBack -> over\n", {"k": "k"})
    walk.complete("Work")
    walk.message("more", "k")
    walk.complete("Extra")
    walk.complete("Next")
    assert walk.open == ["TakeBack"], walk
    walk.complete("TakeBack")
    walk.complete("UndoWork")

    assert walk.status == "completed", walk


def test_a_sub_process_that_an_event_sub_process_took_over_is_undone_with_what_both_did():
    walk = Walk(
        """
        process p
          start S
          sub Sale
            start s
            service Reserve type=x undo=Release
            service Release type=x compensates
            service Pay type=x
            end e
            s -> Reserve -> Pay -> e
            esub Instead
              start failed error=REFUSED
              service Invoice type=x undo=Cancel
              service Cancel type=x compensates
              end done
              failed -> Invoice -> done
          throw Undo compensation
          S -> Sale -> Undo
        """
    )
    walk.complete("Reserve")
    walk.step(error="Pay", code="REFUSED")
    walk.complete("Invoice")
    assert walk.open == ["Cancel"], walk
    walk.complete("Cancel")

    assert walk.open == ["Release"], walk
