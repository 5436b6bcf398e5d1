"""Variables: who sees which, and where results land."""

from __future__ import annotations

from tests.engine.walking import Walk


def test_results_without_mapping_land_in_the_nearest_scope_that_has_the_name_else_in_the_process():
    walk = Walk(
        """
        process p
          start S
          sub Inner in.total==0
            start s
            service Add type=x
            service Show type=x
            s -> Add -> Show
          S -> Inner
        """.replace("in.total==0", 'in.total="=0"')
    )
    walk.complete("Add", total=5, other=6)

    assert walk.variables == {"other": 6}, walk
    (scope,) = [one for one in walk.first.instance.state.tokens.values() if one.variables and "total" in one.variables]
    assert scope.variables == {"total": 5}


def test_only_mapped_results_leave_an_activity_that_maps():
    walk = Walk("process p\n  start S\n  service A type=x out.kept==answer.a\n  service B type=x\n  S -> A -> B")
    walk.complete("A", answer={"a": 1, "b": 2}, noise=3)

    assert walk.variables == {"kept": 1}, walk


def test_inputs_are_seen_by_the_activity_alone_and_later_ones_see_earlier_ones():
    walk = Walk(
        'process p\n  start S\n  service A type=x in.one==n in.two="=one + 1"\n  service B type=x\n  S -> A -> B',
        {"n": 1},
    )
    (token,) = [one for one in walk.first.instance.state.tokens.values() if one.parent]
    assert token.variables == {"one": 1, "two": 2}

    walk.complete("A")

    assert walk.variables == {"n": 1}, walk


def test_a_path_target_changes_one_part_of_a_context():
    walk = Walk(
        "process p\n  start S\n  service A type=x out.order.total==sum\n  service B type=x\n  S -> A -> B",
        {"order": {"id": "o1", "total": 0}},
    )
    walk.complete("A", sum=9)

    assert walk.variables == {"order": {"id": "o1", "total": 9}}, walk


def test_parallel_branches_do_not_overwrite_each_other():
    """The branch that ends last must not bring back what the other one changed."""
    walk = Walk(
        """
        process p
          start S
          and Fork
          service A type=x
          service B type=x
          and Join
          service After type=x
          S -> Fork
          Fork -> A -> Join
          Fork -> B -> Join
          Join -> After
        """,
        {"x": 0},
    )
    walk.complete("A", x=1)
    walk.complete("B")

    assert walk.variables == {"x": 1}, walk


def test_a_script_sets_its_result():
    walk = Walk(
        'process p\n  start S\n  script Sum expression="=a + b" result=c\n  end E\n  S -> Sum -> E', {"a": 1, "b": 2}
    )

    assert walk.variables == {"a": 1, "b": 2, "c": 3}, walk


def test_an_event_sub_process_has_variables_of_its_own_and_hands_out_what_it_maps():
    """Mappings stand on it as on any sub-process; without them it would look as if it mapped, and do nothing."""
    walk = Walk(
        """
        process p
          start S
          esub Watch in.total="=base + 1" out.found==total
            start s nonstop signal=look
            service Add type=x
            s -> Add
          service Main type=x
          S -> Main
        """,
        {"base": 4},
    )
    walk.step(signal="look")
    walk.complete("Add", total=9)

    assert walk.variables == {"base": 4, "found": 9}, walk
