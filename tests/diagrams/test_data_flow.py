"""Data objects, properties, inputs and outputs of BPMN carry data between activities (BPMN 2.0.2, 10.4)."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from oms_workflow.play import PlayResult, play
from tests.diagrams.fragments import file_of, read

TASK = '<bpmn:serviceTask id="{id}">{work}{inside}</bpmn:serviceTask>'
WORK = '<bpmn:extensionElements><zeebe:taskDefinition type="do"/></bpmn:extensionElements>'


def declared(inputs: str = "", outputs: str = "") -> str:
    """Give an ioSpecification with inputs and outputs by name."""
    ins, outs = _data("Input", "in", inputs), _data("Output", "out", outputs)
    return f"<bpmn:ioSpecification>{ins[0]}{outs[0]}{ins[1]}{outs[1]}</bpmn:ioSpecification>"


def _data(side: str, begin: str, names: str) -> tuple[str, str]:
    data = "".join(f'<bpmn:data{side} id="{begin}_{one}" name="{one}"/>' for one in names.split())
    listed = "".join(f"<bpmn:data{side}Refs>{begin}_{one}</bpmn:data{side}Refs>" for one in names.split())
    return data, f"<bpmn:{side.lower()}Set>{listed}</bpmn:{side.lower()}Set>"


def into(source: str, target: str, more: str = "") -> str:
    """Draw data into an activity."""
    return _line("dataInputAssociation", source, target, more)


def out_of(source: str, target: str, more: str = "") -> str:
    """Draw data out of an activity."""
    return _line("dataOutputAssociation", source, target, more)


def _line(kind: str, source: str, target: str, more: str) -> str:
    drawn = f"<bpmn:sourceRef>{source}</bpmn:sourceRef>" if source else ""
    return f"<bpmn:{kind}>{drawn}<bpmn:targetRef>{target}</bpmn:targetRef>{more}</bpmn:{kind}>"


def row(*nodes: str, data: str = "", inside: str = "") -> str:
    """Draw nodes one after the other; each is its XML, begun with its id and a bar. `inside` names a scope."""
    begin, end = f"{inside}begin", f"{inside}end"
    named = [(begin, f'<bpmn:startEvent id="{begin}"/>')]
    named += [(one.partition("|")[0], one.partition("|")[2]) for one in nodes]
    named.append((end, f'<bpmn:endEvent id="{end}"/>'))
    flows = "".join(
        f'<bpmn:sequenceFlow id="{one}_{two}" sourceRef="{one}" targetRef="{two}"/>'
        for (one, _), (two, _) in pairwise(named)
    )
    return data + "".join(xml for _, xml in named) + flows


def task(name: str, inside: str = "") -> str:
    """Draw a service task."""
    return f"{name}|" + TASK.format(id=name, work=WORK, inside=inside)


def told(tmp_path: Any, drawn: str, *steps: dict[str, Any], variables: dict[str, Any] | None = None) -> PlayResult:
    """Play a process."""
    file = tmp_path / "shop.bpmn"
    file.write_bytes(file_of(drawn))
    return play([file], {"start": {"variables": variables or {}}, "steps": list(steps)})


def codes(drawn: str) -> list[tuple[str, str]]:
    """Give what the linter finds, with how bad it is."""
    return [(one.code, one.severity.value) for one in read(drawn).diagnostics]


BOX = (
    '<bpmn:dataObject id="box" name="parcel"/><bpmn:dataObjectReference id="shown" dataObjectRef="box" name="parcel"/>'
)


def test_a_data_object_carries_the_output_of_one_activity_to_the_input_of_another(tmp_path):
    """The name inside an activity is its own affair; the data object stands between them."""
    pack = task("pack", declared(outputs="result") + out_of("out_result", "shown"))
    send = task("send", declared(inputs="goods") + into("shown", "in_goods"))

    result = told(tmp_path, row(pack, send, data=BOX), {"complete": "pack", "variables": {"result": 7, "noise": 1}})

    assert result.variables == {"parcel": 7}, "what is not carried stays inside the activity"
    assert [one for one in result.open if one["element"] == "send"]
    assert told(tmp_path, row(pack, send, data=BOX), {"complete": "pack"}, {"complete": "send"}).status == "completed"


def test_data_is_transformed_and_assigned_on_its_way(tmp_path):
    """A transformation makes one value of several; an assignment sets a part."""
    two = '<bpmn:dataObject id="net" name="net"/><bpmn:dataObject id="tax" name="tax"/>'
    sources = "<bpmn:sourceRef>tax</bpmn:sourceRef>"
    formal = 'xsi:type="bpmn:tFormalExpression"'
    gross = (
        "<bpmn:dataInputAssociation><bpmn:sourceRef>net</bpmn:sourceRef>" + sources
        + "<bpmn:targetRef>in_gross</bpmn:targetRef>"
        + f"<bpmn:transformation {formal}>=net + tax</bpmn:transformation>"
        + f"<bpmn:assignment><bpmn:from {formal}>=net</bpmn:from>"
        + f"<bpmn:to {formal}>detail.net</bpmn:to></bpmn:assignment>"
        + "</bpmn:dataInputAssociation>"
    )  # fmt: skip
    out = out_of("out_seen", "net", f"<bpmn:transformation {formal}>=[gross, detail.net]</bpmn:transformation>")
    drawn = row(task("look", declared("gross", "seen") + gross + out), data=two)

    result = told(tmp_path, drawn, {"complete": "look"}, variables={"net": 10, "tax": 2})

    assert result.variables == {"net": [12, 10], "tax": 2}


def test_a_data_object_of_a_sub_process_ends_with_it(tmp_path):
    """Nobody outside sees it, and one of the same name outside is another one (10.4.1)."""
    inner = task("pack", declared(outputs="result") + out_of("out_result", "box"))
    within = row(inner, data='<bpmn:dataObject id="box" name="parcel"/>', inside="sub_")
    sub = f'sub|<bpmn:subProcess id="sub">{within}</bpmn:subProcess>'

    result = told(
        tmp_path, row(sub, task("after")), {"complete": "pack", "variables": {"result": 7}}, variables={"parcel": 1}
    )

    assert result.variables == {"parcel": 1}
    assert [one["element"] for one in result.open] == ["after"]


def test_a_loop_runs_over_data_and_gathers_data_in_the_order_of_its_input(tmp_path):
    """loopDataInputRef and loopDataOutputRef say by data what zeebe:loopCharacteristics says by names (10.3.8)."""
    data = '<bpmn:dataObject id="lines" name="lines"/><bpmn:dataObject id="labels" name="labels"/>'
    loop = (
        "<bpmn:multiInstanceLoopCharacteristics><bpmn:loopDataInputRef>in_all</bpmn:loopDataInputRef>"
        "<bpmn:loopDataOutputRef>out_all</bpmn:loopDataOutputRef>"
        '<bpmn:inputDataItem id="line" name="line"/><bpmn:outputDataItem id="label" name="label"/>'
        "</bpmn:multiInstanceLoopCharacteristics>"
    )
    carried = (
        into("lines", "in_all") + into("line", "in_one") + out_of("out_all", "labels") + out_of("out_made", "label")
    )
    drawn = row(task("make", declared("all one", "all made") + carried + loop), data=data)
    last_first = [
        {"complete": "make", "index": 1, "variables": {"made": "B"}},
        {"complete": "make", "variables": {"made": "A"}},
    ]

    result = told(tmp_path, drawn, *last_first, variables={"lines": ["a", "b"]})

    assert result.status == "completed"
    assert result.variables["labels"] == ["A", "B"]


def test_lines_that_a_modeler_draws_to_nothing_declared_only_show(tmp_path):
    """Camunda Modeler connects data to a placeholder; carrying it would make variables that nobody named."""
    shown = '<bpmn:property id="spot" name="__targetRef_placeholder"/>' + into("shown", "spot")

    drawn = row(task("pack", shown), data=BOX)

    assert ("data-association", "info") in codes(drawn)
    assert told(tmp_path, drawn, {"complete": "pack"}, variables={"parcel": 3}).variables == {"parcel": 3}


def test_data_in_a_store_is_not_carried():
    """A store outlives the order; what is in it is read and written by activities."""
    store = '<bpmn:dataStoreReference id="ledger" name="ledger"/>'

    found = codes(row(task("pack", declared(inputs="goods") + into("ledger", "in_goods")), data=store))

    assert ("data-association", "error") in found


def test_data_whose_name_feel_cannot_say_is_known_by_its_id(tmp_path):
    """Names are for people, and may hold blanks; the id never does."""
    data = '<bpmn:dataObject id="box" name="The parcel - packed"/>'
    pack = task("pack", declared(outputs="result") + out_of("out_result", "box"))

    assert told(tmp_path, row(pack, data=data), {"complete": "pack", "variables": {"result": 7}}).variables == {
        "box": 7
    }
    assert ("data-association", "error") in codes(
        row(pack.replace(">box<", ">a-box<"), data=data.replace('"box"', '"a-box"'))
    )
