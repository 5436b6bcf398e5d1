"""Deployed versions, instances and what people see of them; fed from records, each once, in order."""

from __future__ import annotations

import random
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest

from oms_workflow.engine.records import Record, RecordKind
from oms_workflow.store.board import Board
from oms_workflow.store.database import Database
from oms_workflow.store.imports import ErrorPolicy, Imports, RowOutcome
from oms_workflow.store.instances import Instances
from oms_workflow.store.process_versions import Deployment, ProcessVersions
from oms_workflow.store.projections import apply
from oms_workflow.store.unit_of_work import UnitOfWork
from tests.domain.orders_for_tests import NOON

from .shop import Shop
from .test_same_key import rows

K = RecordKind
DUE = NOON + timedelta(hours=2)


@asynccontextmanager
async def unit_of(database: Database) -> Any:
    async with UnitOfWork(database) as unit:
        yield unit
        await unit.commit()


def told(*facts: tuple[RecordKind, str, int, dict[str, Any]], start: int = 1) -> list[Record]:
    return [
        Record(seq, NOON + timedelta(minutes=seq), kind, element, token, 1, detail)
        for seq, (kind, element, token, detail) in enumerate(facts, start=start)
    ]


STORY = told(
    (K.STARTED, "order_to_cash", 1, {"variables": []}),
    (K.FLOW_TAKEN, "f1", 0, {}),
    (K.ACTIVATED, "Audit", 2, {"milestone": "checked"}),
    (K.SLA_STARTED, "Audit", 2, {"due": DUE.isoformat(), "calendar": "24x7"}),
    (K.SLA_WARNED, "Audit", 2, {"owner": "cs"}),
    (K.SLA_BREACHED, "Audit", 2, {"owner": "cs", "on_breach": "record"}),
    (K.COMPLETED, "Audit", 2, {}),
    (K.ACTIVATED, "Reserve", 3, {}),
    (K.INCIDENT_RAISED, "Reserve", 3, {"incident": 4, "code": "job-failed", "message": "no"}),
    (K.INCIDENT_RESOLVED, "Reserve", 3, {"incident": 4, "action": "retry", "by": "ops", "reason": "mended"}),
    (K.ACTIVATED, "Reserve", 3, {}),
    (K.COMPLETED, "Reserve", 3, {}),
    (K.ACTIVATED, "Ship", 5, {}),
    (K.FINISHED, "order_to_cash", 1, {"outcome": "completed"}),
)


async def test_records_are_projected_once_whatever_order_they_come_in(database: Database) -> None:
    """Batches repeat and overtake each other after a worker crash; the result is that of the records in order."""
    seen = []
    for seed in range(3):
        chance = random.Random(seed)
        batches = [STORY[start : start + chance.randint(2, 5)] for start in range(0, len(STORY), 2)]
        batches += batches[:3]
        chance.shuffle(batches)
        for batch in batches if seed else [STORY]:
            async with unit_of(database) as unit:
                await apply(unit, f"w{seed}", batch)
        content = await rows(database)
        tables = ("records", "instances", "open_nodes", "node_visits", "incidents", "sla_items")
        mine = {name: [row[1:] for row in content[name] if row[0] == f"w{seed}"] for name in tables}
        mine["instances"] = [(row[6], row[9], row[10], row[11]) for row in content["instances"] if row[0] == f"w{seed}"]
        seen.append(mine)
    assert seen[0] == seen[1] == seen[2]
    assert len(seen[0]["records"]) == len(STORY)
    await Shop(database).sound()


BUSY = told(
    (K.STARTED, "order_to_cash", 1, {"variables": []}),
    (K.ACTIVATED, "Audit", 2, {}),
    (K.SLA_STARTED, "Audit", 2, {"due": DUE.isoformat(), "calendar": "24x7"}),
    (K.TASK_OPENED, "Audit", 2, {"name": "Look", "kind": "user", "inputs": {}, "groups": ["cs"], "users": []}),
    (K.SLA_PAUSED, "Audit", 2, {}),
    (K.ACTIVATED, "Reserve", 3, {}),
    (K.INCIDENT_RAISED, "Reserve", 3, {"incident": 4, "code": "job-failed", "message": "no"}),
    (K.SLA_RESUMED, "Audit", 2, {"due": DUE.isoformat()}),
    (K.TASK_DONE, "Audit", 2, {"by": "mei"}),
    (K.COMPLETED, "Audit", 2, {}),
    (K.TERMINATED, "Reserve", 3, {}),
    (K.ACTIVATED, "Ship", 5, {}),
    (K.SLA_STARTED, "Ship", 5, {"due": DUE.isoformat()}),
    (K.TASK_OPENED, "Ship", 5, {"name": "Ship", "kind": "user", "inputs": {}, "groups": [], "users": []}),
    (K.INCIDENT_RAISED, "Ship", 5, {"incident": 6, "code": "job-failed", "message": "no"}),
    (K.ACTIVATED, "Tell", 7, {}),
    (K.SLA_BREACHED, "Ship", 5, {"owner": "warehouse", "on_breach": "escalate"}),
    (K.ESCALATION_THROWN, "Ship", 5, {"code": "SLA_BREACHED", "escalationLevel": 1, "escalationTo": "lead"}),
    (K.ESCALATION_THROWN, "Ship", 5, {"code": "SLA_BREACHED", "escalationLevel": 2, "escalationTo": "head"}),
    (K.FINISHED, "order_to_cash", 1, {"outcome": "completed"}),
)


async def test_a_deadline_shows_who_heard_of_its_breach_last(database: Database) -> None:
    """Whoever looks at the list need not ask whether the head knows already."""
    async with unit_of(database) as unit:
        await apply(unit, "w", BUSY)
        shown = {one.element: (one.owner, one.escalated_to) for one in await Board(unit).sla_of("w")}
    assert shown == {"Audit": ("", ""), "Ship": ("warehouse", "head")}


async def test_what_is_shown_does_not_depend_on_how_records_are_bundled(database: Database) -> None:
    """One by one, by twos, or all at once: what a batch finds stored counts like what it brings itself."""
    seen = []
    for many in (1, 2, 5, len(BUSY)):
        for start in range(0, len(BUSY), many):
            async with unit_of(database) as unit:
                await apply(unit, f"b{many}", BUSY[start : start + many])
        content = await rows(database)
        tables = ("open_nodes", "node_visits", "user_tasks", "incidents", "sla_items")
        seen.append({name: [row[1:] for row in content[name] if row[0] == f"b{many}"] for name in tables})
    assert all(one == seen[0] for one in seen)
    assert {name: len(found) for name, found in seen[0].items()} == {
        "open_nodes": 0, "node_visits": 2, "user_tasks": 2, "incidents": 2, "sla_items": 2,
    }  # fmt: skip
    assert all(row[-2] is not None for row in seen[0]["sla_items"]), "every deadline has ended"
    await Shop(database).sound()


async def test_closing_a_task_keeps_whose_it_was(database: Database) -> None:
    """A person takes a task while its instance tells of other things; the engine knows nothing of that."""
    async with unit_of(database) as unit:
        await apply(unit, "w", BUSY[:4])
        assert await Board(unit).claim_task("w", 2, "mei")
        await apply(unit, "w", BUSY[4:10])
        (task,) = await Board(unit).tasks(state="done")
        assert (task.assignee, task.closed_by, task.name) == ("mei", "mei", "Look")


async def test_a_gap_waits_until_it_is_filled(database: Database) -> None:
    """Nothing is shown that might be undone by a record that is still on its way."""
    async with unit_of(database) as unit:
        assert await apply(unit, "w", STORY[3:6]) == 0
        assert await apply(unit, "w", STORY[:2]) == 2
        assert await apply(unit, "w", STORY[2:3]) == 6
        assert await apply(unit, "w", []) == 6
        assert [one.element for one in await Instances(unit).by_node()] == ["Audit"]
        assert [one.seq for one in await Instances(unit).records("w", after=4)] == [5, 6]
    await Shop(database).sound()


async def test_people_see_where_every_order_is(database: Database) -> None:
    """Counts by node, filters by node and status, and the way from an order to its instances."""
    async with unit_of(database) as unit:
        known = Instances(unit)
        for number, many in (("1", 4), ("2", 9), ("3", 14)):
            await known.started(
                f"order:{number}",
                process_id="order_to_cash",
                version=2,
                sha256="s",
                order_id=f"shop:{number}",
                channel="shop",
                at=NOON + timedelta(minutes=int(number)),
            )
            await apply(unit, f"order:{number}", STORY[:many])
        nodes = await known.by_node("order_to_cash")
        assert [(one.element, one.instances) for one in nodes] == [("Audit", 1), ("Reserve", 1)]
        assert await known.counts() == {("order_to_cash", "running"): 2, ("order_to_cash", "completed"): 1}
        (found,) = await known.find(element="Reserve")
        assert (found.workflow_id, found.version, found.order_id) == ("order:2", 2, "shop:2")
        assert [one.workflow_id for one in await known.find(status="running")] == ["order:2", "order:1"]
        assert [one.workflow_id for one in await known.find(before=found.started_at)] == ["order:1"]
        assert [one.status for one in await known.of_order("shop:3")] == ["completed"]
        assert await known.get("nothing") is None


async def test_incidents_and_late_nodes_are_listed(database: Database) -> None:
    """Open ones only, with who has to act; resolved and ended ones are history."""
    async with unit_of(database) as unit:
        board = Board(unit)
        await apply(unit, "w", STORY[:6])
        (late,) = await board.late(NOON)
        assert (late.element, late.owner, late.due) == ("Audit", "cs", DUE)
        assert [one.element for one in await board.due_before(DUE, at=NOON)] == ["Audit"]
        await apply(unit, "w", STORY[6:9])
        assert await board.late(DUE) == ()
        (incident,) = await board.incidents()
        assert (incident.element, incident.code, incident.message) == ("Reserve", "job-failed", "no")
        assert await board.incident_counts() == {("order_to_cash", "Reserve", "job-failed"): 1}
        await apply(unit, "w", STORY[9:10])
        (resolved,) = await board.incidents(state="resolved")
        assert (resolved.action, resolved.by, resolved.reason) == ("retry", "ops", "mended")
        (item,) = await board.sla_of("w")
        assert item.breached_at is not None
        assert item.ended_at is not None


async def test_holds_stop_the_clock(sqlite_database: Database) -> None:
    """A paused deadline is nobody's lateness; resumed it has a new moment."""
    later = NOON + timedelta(hours=5)
    story = [
        *STORY[:4],
        *told(
            (K.SLA_PAUSED, "Audit", 2, {"holds": ["remark"]}),
            (K.SLA_RESUMED, "Audit", 2, {"due": later.isoformat()}),
            start=5,
        ),
    ]
    async with unit_of(sqlite_database) as unit:
        board = Board(unit)
        await apply(unit, "w", story[:5])
        assert await board.late(DUE + timedelta(hours=1)) == ()
        await apply(unit, "w", story)
        (late,) = await board.late(later)
        assert (late.due, late.paused) == (later, False)


def a_task(*groups: str, priority: int) -> list[Record]:
    """An instance up to a task that waits for one of these groups."""
    told_of_it = {"name": "Audit order", "kind": "userTask", "groups": list(groups), "priority": priority}
    task = told_of_it | {"assignee": "", "users": [], "owner": "cs", "form": "audit", "inputs": {"order": "shop:1"}}
    return [*STORY[:3], *told((K.TASK_OPENED, "Audit", 2, task), start=4)]


async def test_tasks_are_found_claimed_and_closed(database: Database) -> None:
    """The most urgent first; nobody takes what somebody has; the record of the node closes what is left."""
    async with unit_of(database) as unit:
        board = Board(unit)
        await apply(unit, "w", a_task("cs", priority=50))
        await apply(unit, "v", a_task("risk", priority=80))
        assert [one.instance for one in await board.tasks()] == ["v", "w"]
        assert [one.instance for one in await board.tasks(group="cs")] == ["w"]
        assert await board.claim_task("w", 2, "ann")
        assert not await board.claim_task("w", 2, "bob")
        assert [one.instance for one in await board.tasks(assignee="ann")] == ["w"]
        done = told((K.TASK_DONE, "Audit", 2, {"by": "ann"}), (K.COMPLETED, "Audit", 2, {}), start=5)
        await apply(unit, "w", [*a_task("cs", priority=50), *done])
        assert not await board.claim_task("w", 2, "")
        await apply(unit, "v", [*a_task("risk", priority=80), *told((K.TERMINATED, "Audit", 2, {}), start=5)])
        assert await board.tasks() == ()
        assert [one.instance for one in await board.tasks(state="withdrawn")] == ["v"]
        (closed,) = await board.tasks(state="done", instance="w")
        assert (closed.closed_by, closed.closed_at) == ("ann", done[1].at)
    await Shop(database).sound()


async def test_a_finished_instance_leaves_nothing_open(database: Database) -> None:
    """Also what was open in branches the last record did not name."""
    async with unit_of(database) as unit:
        await apply(unit, "w", STORY)
        board = Board(unit)
        assert await Instances(unit).by_node() == ()
        assert (await board.incidents(), await board.late(DUE)) == ((), ())
    await Shop(database).sound()


async def test_a_wedged_or_killed_workflow_is_shown_as_such(sqlite_database: Database) -> None:
    """It tells no record; somebody else has to say it. What ended stays as it ended."""
    async with unit_of(sqlite_database) as unit:
        known = Instances(unit)
        await apply(unit, "w", STORY[:3])
        for status in ("wedged", "running", "terminated", "running"):
            await known.ended_outside("w", status, at=NOON)
        found = await known.get("w")
        assert found is not None
        assert found.status == "terminated"
        assert await known.by_node() == ()


def deployment(sha: str, **more: Any) -> Deployment:
    values = {"process_id": "order_to_cash", "name": "Order", "version_tag": "", "file": "o.bpmn", "starts": ()} | more
    return Deployment(sha256=sha, bundle=b"bundle " + sha.encode(), source=b"<xml/>", **values)


async def test_deploying_makes_the_next_version(database: Database) -> None:
    """The same content is the same version; old versions stay what they were."""
    async with unit_of(database) as unit:
        versions = ProcessVersions(unit)
        start = ({"message": "order.received", "element": "Start"},)
        assert await versions.latest("order_to_cash") is None
        one = await versions.deploy(deployment("a", starts=start), by="ann", at=NOON)
        two = await versions.deploy(deployment("b"), by="bob", at=NOON)
        same = await versions.deploy(deployment("a", name="other", starts=start), by="eve", at=NOON)
        assert (one.version, two.version, same) == (1, 2, one)
        assert await versions.latest("order_to_cash") == two
        assert await versions.bundle("order_to_cash", 1) == b"bundle a"
        assert await versions.source("order_to_cash", 9) is None
        assert await versions.started_by("order.received") == ()
        await versions.deploy(deployment("c", starts=start), by="ann", at=NOON)
        assert [found.version for found in await versions.started_by("order.received")] == [3]
        assert len(await versions.all("order_to_cash")) == 3


async def test_what_starts_a_version_is_noted_anew_when_it_is_deployed_again(database: Database) -> None:
    """A release that learns to start by signals must find them in diagrams that did not change."""
    begins = {"signal": "shop.opened", "element": "Start"}
    async with unit_of(database) as unit:
        versions = ProcessVersions(unit)
        await versions.deploy(deployment("a"), by="ann", at=NOON)
        again = await versions.deploy(deployment("a", starts=(begins,)), by="bob", at=NOON)

        assert (again.version, again.deployed_by, again.starts) == (1, "ann", (begins,))
        assert await versions.started_by("shop.opened", "signal") == (again,)
        assert await versions.started_by("shop.opened") == ()


async def test_an_import_keeps_account_of_every_row(database: Database) -> None:
    """A file of thousands: what came in, what was known, what waits for a person and why."""
    async with unit_of(database) as unit:
        imports = Imports(unit)
        batch = await imports.begin("b1", source="file.csv", policy=ErrorPolicy.REJECT_FAILED_ROWS, by="ann", at=NOON)
        assert await imports.begin("b1", source="x", policy=ErrorPolicy.IGNORE_FAILED, by="x", at=NOON) == batch
        await imports.put("b1", 1, outcome=RowOutcome.ACCEPTED, order_id="shop:1")
        await imports.put("b1", 2, outcome=RowOutcome.DUPLICATE, order_id="shop:1")
        problem = {"field": "phone", "code": "invalid"}
        for row in (3, 4):
            await imports.put("b1", row, outcome=RowOutcome.QUARANTINED, problems=[problem], content={"phone": "1"})
        assert await imports.resolve("b1", 4, order_id="shop:4", by="ann", at=NOON)
        assert not await imports.resolve("b1", 4, order_id="shop:4", by="ann", at=NOON)
        done = await imports.finish("b1", at=NOON)
        assert (done.rows, done.accepted, done.duplicates, done.refused, done.state) == (4, 2, 1, 1, "done")
        (waiting,) = await imports.rows("b1", RowOutcome.QUARANTINED)
        assert (waiting.row, waiting.problems, waiting.content) == (3, (problem,), {"phone": "1"})
        assert len(await imports.rows("b1")) == 4
        with pytest.raises(KeyError):
            await imports.get("b2")
