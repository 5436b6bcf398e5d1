"""Reading the stories of the examples, and furnishing the shop they happen in."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from oms_workflow.connect.stories.furnishing import PORTS, furnish, read_furniture
from oms_workflow.connect.stories.reading import STOCK, WORLD, read_stories, shipped_folder
from oms_workflow.connect.world.script.reading import read_script
from oms_workflow.domain.ports.stock import Stock, Warehouses
from oms_workflow.errors import DiagramRefused
from oms_workflow.store.bindings import bind
from oms_workflow.store.database import Database
from oms_workflow.store.unit_of_work import UnitOfWork
from tests.store.conftest import sqlite_database, sqlite_template

__all__ = ["sqlite_database", "sqlite_template"]

FOLDER = shipped_folder()
BEGIN = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


def test_every_story_begins_when_it_is_told() -> None:
    """Windows and time-outs count from when an order was placed."""
    stories = read_stories(FOLDER, begin=BEGIN)
    assert len(stories) >= 20
    assert {story.orders[0].at for story in stories} == {BEGIN}
    assert all(story.about for story in stories)


def test_orders_of_one_story_keep_their_distance() -> None:
    """Who came first is what some stories are about."""
    (story,) = read_stories(FOLDER, begin=BEGIN, names=["oversold"])
    assert [(one.id, one.at - BEGIN) for one in story.orders] == [
        ("shop:1501", timedelta(0)),
        ("shop:1502", timedelta(minutes=40)),
    ]
    assert story.orders[0].order.intake.payments[0].at == BEGIN


def test_no_two_stories_share_an_order_or_a_buyer() -> None:
    """Told in one shop, stories must not meet."""
    owners: dict[str, set[str]] = {}
    for story in read_stories(FOLDER, begin=BEGIN):
        for one in story.orders:
            owners.setdefault(one.id, set()).add(story.name)
            owners.setdefault(one.order.intake.draft.buyer_id, set()).add(story.name)
    assert {name: stories for name, stories in owners.items() if len(stories) > 1} == {}


def test_every_rule_of_the_world_belongs_to_a_story() -> None:
    """A rule for an order that is gone does nothing, and nobody would notice."""
    orders = {story.name: {one.id for one in story.orders} for story in read_stories(FOLDER, begin=BEGIN)}
    for rule in read_script(FOLDER / WORLD).rules:
        assert set(rule.when.order or ()) <= orders[rule.story], rule.story


def test_a_story_nobody_wrote_is_named_with_those_there_are() -> None:
    """A slip of the pen is told from a missing folder."""
    with pytest.raises(DiagramRefused, match="plain"):
        read_stories(FOLDER, begin=BEGIN, names=["plane"])


def test_an_order_that_cannot_be_taken_in_is_refused_with_every_reason(tmp_path: Path) -> None:
    """A story with half its orders would end otherwise than it says."""
    orders = json.loads((FOLDER / "plain.json").read_text(encoding="utf-8"))
    orders[0]["lines"][0]["quantity"] = "many"
    del orders[0]["currency"]
    (tmp_path / "broken.json").write_text(json.dumps(orders), encoding="utf-8")
    with pytest.raises(DiagramRefused) as refused:
        read_stories(tmp_path, begin=BEGIN)
    assert "quantity" in str(refused.value)


def test_a_file_of_stock_names_what_is_wrong_in_it(tmp_path: Path) -> None:
    """Where it is wrong is worth more than that it is."""
    (tmp_path / "stock.json").write_text('{"warehouses": [{"id": "hz", "nam": "x", "lanes": []}]}', encoding="utf-8")
    with pytest.raises(DiagramRefused, match=r"warehouses\.0\.name"):
        read_furniture(tmp_path / "stock.json")


async def test_furnishing_twice_puts_the_goods_there_once(sqlite_database: Database) -> None:
    """A demo that is begun again does not double its stock."""
    for _ in range(2):
        async with UnitOfWork(sqlite_database) as unit:
            await furnish(read_furniture(FOLDER / STOCK), {port: bind(port, unit) for port in PORTS}, at=BEGIN)
            await unit.commit()
    async with UnitOfWork(sqlite_database) as unit:
        (lanterns,) = await bind(Stock, unit).balances(["LANTERN"])
        assert (lanterns.on_hand, lanterns.warehouse) == (4, "hz")
        assert [one.id for one in await bind(Warehouses, unit).all()] == ["gz", "hz", "jdz", "km"]
