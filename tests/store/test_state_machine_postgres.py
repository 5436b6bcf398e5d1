"""The shop lived at random, on PostgreSQL: the same lives, with row locks and triggers of another database."""

from __future__ import annotations

import pytest
from hypothesis.stateful import run_state_machine_as_test

from .conftest import fresh_postgres
from .test_state_machine import SOME, ShopMachine


@pytest.mark.postgres
def test_a_shop_lived_at_random_is_sound_on_postgresql(postgres_address: str) -> None:
    """Nothing that holds on one database may break on the other."""

    class OnPostgres(ShopMachine):
        def address(self) -> str:
            return fresh_postgres(postgres_address)

    run_state_machine_as_test(OnPostgres, settings=SOME)  # type: ignore[no-untyped-call]
