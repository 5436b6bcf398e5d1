"""The page says where each invariant of the field is held; what it names is there, and nothing is left out."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import CheckConstraint, PrimaryKeyConstraint, UniqueConstraint

from oms_workflow.store.checks import INVARIANTS, PARCELS
from oms_workflow.store.invariants.field_list import FIELD_LIST, Guard
from oms_workflow.store.tables.all import TRIGGERS, metadata

TESTS = Path(__file__).parents[1]


def in_the_database() -> set[str]:
    """Name every constraint as the list does."""
    found = set()
    for table in metadata.tables.values():
        for one in table.constraints:
            if isinstance(one, CheckConstraint):
                found.add(f"{table.name}.{str(one.name).removeprefix(f'ck_{table.name}_')}")
            elif isinstance(one, UniqueConstraint | PrimaryKeyConstraint):
                found.add(f"{table.name}({', '.join(column.name for column in one.columns)})")
    return found | {f"{one.table}.{one.name}" for one in TRIGGERS}


@pytest.mark.parametrize("guard", FIELD_LIST, ids=lambda one: f"invariant {one.number}")
def test_what_guards_an_invariant_is_there(guard: Guard) -> None:
    """A renamed constraint, check or test is renamed here, too."""
    assert set(guard.constraints) <= in_the_database()
    assert set(guard.checks) <= {one.name for one in (*INVARIANTS, PARCELS)}
    assert [name for name in guard.tests if not (TESTS / name).exists()] == []


def test_every_invariant_has_a_check_a_test_and_a_constraint_or_a_reason() -> None:
    """A hole says why it is one."""
    assert [one.number for one in FIELD_LIST if not one.checks or not one.tests] == []
    assert [one.number for one in FIELD_LIST if bool(one.constraints) is bool(one.why_not)] == []


def test_every_check_belongs_to_an_invariant() -> None:
    """A new check finds its place on the page."""
    listed = {name for guard in FIELD_LIST for name in guard.checks}
    assert {one.name for one in (*INVARIANTS, PARCELS)} == listed
