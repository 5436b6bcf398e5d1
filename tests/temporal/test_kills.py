"""Workers die in the midst of their work, and the server too: every order ends, and every effect happens once."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.temporal.killing import run

ORDERS = int(os.environ.get("OMS_TEST_KILL_ORDERS", "12"))
KILLS = int(os.environ.get("OMS_TEST_KILLS", "4"))


@pytest.mark.server
@pytest.mark.slow
async def test_orders_end_rightly_whatever_is_killed(tmp_path: Path):
    """Parcels sent twice and money taken twice are what a crash costs a shop that is not built for it."""
    ran = await run(tmp_path, orders=ORDERS, kills=KILLS)

    assert ran.statuses == {"completed, completed": ORDERS}, ran.to_json()
    assert ran.audit is not None
    assert ran.audit.is_clean, ran.audit.contradictions
    assert not ran.broken, ran.broken
    assert (ran.kills, ran.restarts) == (KILLS, 1)
