"""What travels with an order: packed small, known by its content, the same when it comes back."""

from __future__ import annotations

import json
import subprocess
import sys
import zlib
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from oms_workflow.bpmn.calendar import Calendar
from oms_workflow.bpmn.events import CompensationEvent, MessageEvent, TerminateEvent, TimerEvent
from oms_workflow.bpmn.kinds import NodeKind
from oms_workflow.bpmn.model import Definition, Flow, Node
from oms_workflow.bpmn.sla import Sla
from oms_workflow.bpmn.work import HumanTask, Job, Mapping, MultiInstance, RetryPolicy, StandardLoop
from oms_workflow.dmn.expressions import BoxedList, LiteralExpression
from oms_workflow.dmn.model import Decision, DecisionModel, InputData
from oms_workflow.engine import bundle as bundle_module
from oms_workflow.engine.bundle import Bundle, pack, sha256, travelling, unpack

FULL = Bundle(
    process_id="shop",
    decisions=(
        DecisionModel(
            id="risk",
            name="Risk",
            namespace="http://example.com/risk",
            inputs=(InputData(id="total", name="total", type="number"),),
            decisions=(
                Decision(id="risk", name="risk", logic=LiteralExpression(text="total > 1000"), information=("#total",)),
                Decision(
                    id="all",
                    name="all",
                    logic=BoxedList(items=(LiteralExpression(text="1"), LiteralExpression(text="2"))),
                ),
            ),
        ),
    ),
    definitions=(
        Definition(
            id="shop",
            name="店铺 Shop",
            nodes=(
                Node(id="shop", kind=NodeKind.PROCESS, children=(1, 2, 3, 4)),
                Node(
                    id="reserve",
                    kind=NodeKind.SERVICE_TASK,
                    job=Job(activity="stock.reserve", retry=RetryPolicy(factor=1.5), accepts=("order_id",)),
                    inputs=(Mapping(source="=order.id", target="order_id"),),
                    loop=MultiInstance(collection="=lines", item="line"),
                    sla=Sla(limit=timedelta(hours=2), warn_after=timedelta(minutes=90), calendar="office"),
                    headers=(("lane", "fast"),),
                ),
                Node(id="again", kind=NodeKind.USER_TASK, loop=StandardLoop(maximum=3), human=HumanTask(form="f")),
                Node(
                    id="wait",
                    kind=NodeKind.CATCH_EVENT,
                    events=(
                        MessageEvent(name="paid", correlation_key="=orderId"),
                        TimerEvent(measure="duration", value="PT1H"),
                    ),
                ),
                Node(id="end", kind=NodeKind.END_EVENT, events=(TerminateEvent(), CompensationEvent(activity="a"))),
            ),
            flows=(Flow(id="f", source=1, target=2, condition="=a > 1"),),
        ),
    ),
    calendars=(
        Calendar(
            id="office",
            weekly=(((540, 1080),),) * 5 + ((), ()),
            holidays=(date(2026, 1, 1),),
            workdays=((date(2026, 1, 4), ((540, 720),)),),
            offsets=((datetime(2026, 1, 1, tzinfo=UTC), 480),),
            final_until=date(2026, 12, 31),
        ),
    ),
)


def test_what_is_unpacked_is_what_was_packed():
    """A running order must mean exactly what was deployed."""
    assert unpack(pack(FULL)) == FULL


def test_defaults_are_not_written_but_tags_are():
    """Small, because it stands in every history; tagged, because events are told apart by their kind."""
    text = zlib.decompress(pack(FULL)).decode()

    assert '"kind":"terminate"' in text
    assert '"kind":"standard_loop"' in text
    assert "start_quantity" not in text
    assert "店铺" in text


def test_the_hash_is_that_of_the_content():
    """Two files that say the same are the same; any change is another process."""
    process = FULL.definitions[0]
    changed = replace(FULL, definitions=(replace(process, name="Other"),))

    assert sha256(FULL) == sha256(unpack(pack(FULL)))
    assert sha256(FULL) != sha256(changed)
    assert len(sha256(FULL)) == 64


def test_the_hash_does_not_depend_on_the_process_or_its_hash_seed():
    """A worker on another machine looks the bundle up by it."""
    code = (
        "from tests.engine.test_bundle import FULL; from oms_workflow.engine.bundle import sha256; print(sha256(FULL))"
    )
    seen = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": "."},
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
        for seed in ("1", "2")
    }

    assert seen == {sha256(FULL)}


def test_fields_added_later_do_not_break_what_was_packed_before():
    """Histories are kept for ever: a field that this version does not know is passed over."""
    old = json.loads(zlib.decompress(pack(FULL)))
    old["added_later"] = 1
    old["definitions"][0]["nodes"][1]["added_later"] = {"x": 1}

    assert unpack(zlib.compress(json.dumps(old).encode())) == FULL


@pytest.mark.parametrize("wrong", [b"", b"nothing", b"\x78\x9c"])
def test_bytes_that_are_no_bundle_are_refused(wrong):
    """A damaged history must say so, not run something else."""
    with pytest.raises(ValueError, match=r"no packed bundle|JSON"):
        unpack(wrong)


def test_a_bomb_is_not_unpacked(monkeypatch):
    """A few kilobytes can hold gigabytes of zeros."""
    monkeypatch.setattr(bundle_module, "LARGEST", 1_000_000)

    with pytest.raises(ValueError, match="more than"):
        unpack(zlib.compress(b"0" * 10_000_000))


def test_the_definition_of_the_bundle_is_that_of_its_process():
    """Called processes travel in the same bundle."""
    child = Definition(id="child", nodes=(Node(id="child", kind=NodeKind.PROCESS),), flows=())
    bundle = replace(FULL, definitions=(child, *FULL.definitions))

    assert bundle.definition.id == "shop"


def test_what_only_readers_of_the_diagram_need_does_not_travel():
    """It stands in the history of every order; a bilingual text for each node would be half of it."""
    (definition,) = FULL.definitions
    told = replace(
        definition,
        file="shop.bpmn",
        nodes=tuple(replace(node, documentation=f"Why {node.id}", line=7) for node in definition.nodes),
        flows=tuple(replace(flow, name="Yes", line=8) for flow in definition.flows),
    )
    unnamed = replace(
        definition,
        file="",
        nodes=tuple(replace(node, documentation="", line=0) for node in definition.nodes),
        flows=tuple(replace(flow, name="", line=0) for flow in definition.flows),
    )

    assert unpack(travelling(pack(replace(FULL, definitions=(told,))))) == replace(FULL, definitions=(unnamed,))
