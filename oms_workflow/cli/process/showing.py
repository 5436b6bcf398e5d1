"""`oms process show`: one version of a process: its nodes with owners and deadlines, or its diagram's XML."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from oms_workflow.cli.asking import ask_store
from oms_workflow.cli.failing import Unusable
from oms_workflow.cli.language import say
from oms_workflow.cli.process.listing import entry
from oms_workflow.cli.screen import AsJson, as_facts, as_json, as_table, heading, out, titles
from oms_workflow.cli.wording import in_language, moment, span, unknown
from oms_workflow.errors import OrderRefused

if TYPE_CHECKING:
    from oms_workflow.bpmn.model import Node
    from oms_workflow.engine.bundle import Bundle
    from oms_workflow.store.process_versions import ProcessVersions

PASSING = ("Gateway", "Event", "process")


def register(group: typer.Typer) -> None:
    """Add the command."""
    group.command("show", help=say("process.show.help"))(show)


def show(
    process: Annotated[str, typer.Argument(metavar="PROCESS", help=say("process.id"))],
    version: Annotated[int, typer.Option(min=0, max=2**31 - 1, help=say("process.version"))] = 0,
    xml: Annotated[bool, typer.Option("--xml", help=say("process.show.xml"))] = False,
    json: AsJson = False,
) -> None:
    """Show one version of a process."""
    if xml and json:
        raise Unusable(say("process.show.either"), code="usage")

    one, versions, packed, source, counts = _ask(process, version)
    if xml:
        sys.stdout.buffer.write(source)
        sys.stdout.buffer.flush()
        return
    from oms_workflow.engine.bundle import unpack

    bundle = unpack(packed)
    told = entry(one, counts) | {"versions": [each.version for each in versions]} | _drawn(one, bundle)
    if json:
        as_json(told)
    else:
        _print(one, told, bundle.definition.nodes)


def _ask(process: str, version: int) -> Any:
    """Give a version and all there are, its bundle and its source, and how many instances are in which status."""

    async def asked(unit: Any) -> Any:
        from oms_workflow.store.instances import Instances
        from oms_workflow.store.process_versions import ProcessVersions

        store = ProcessVersions(unit)
        one, versions = await _version_of(store, process, version)
        counts = await Instances(unit).counts()
        return one, versions, await store.bundle(process, one.version), await store.source(process, one.version), counts

    return ask_store(asked)


async def _version_of(store: ProcessVersions, process: str, version: int) -> tuple[Any, Any]:
    """Give a version, the latest for 0, and all there are."""
    versions = await store.all(process)
    if not versions:
        names = dict.fromkeys(one.process_id for one in await store.all())
        said = unknown("process.unknown", process, names) if names else say("process.list.nothing")
        raise OrderRefused(said, code="UNKNOWN_PROCESS")
    one = next((each for each in versions if each.version == (version or versions[-1].version)), None)
    if one is None:
        told = say("process.no_version", process=process, version=version, last=versions[-1].version)
        raise OrderRefused(told, code="UNKNOWN_VERSION")
    return one, versions


def _drawn(one: Any, bundle: Bundle) -> dict[str, Any]:
    """Give what is in the diagram, and what goes along with it."""
    return {
        "starts": list(one.starts),
        "calls": sorted(each.id for each in bundle.definitions if each.id != one.process_id),
        "decisions": sorted(each.id for model in bundle.decisions for each in model.decisions),
        "calendars": sorted(each.id for each in bundle.calendars),
        "nodes": [_node(node) for node in bundle.definition.nodes],
    }


def _node(node: Node) -> dict[str, Any]:
    from oms_workflow import feel

    sla = node.sla
    return {
        "element": node.id,
        "name": node.name,
        "kind": node.kind.value,
        "owner": node.owner,
        "milestone": node.milestone,
        "activity": node.job.activity if node.job else "",
        "form": node.human.form if node.human else "",
        "calls": node.call.process if node.call else "",
        "decision": node.decision.decision if node.decision else "",
        "sla": None if sla is None else sla.limit_by or feel.format_duration(sla.limit),
        "sla_calendar": None if sla is None else sla.calendar_by or sla.calendar,
        "sla_on_breach": None if sla is None else sla.on_breach,
    }


def _version(one: Any, last: int) -> str:
    tag = f"  ({one.version_tag})" if one.version_tag not in ("", str(one.version)) else ""
    return f"{one.version} / {last}{tag}"


def _print(one: Any, told: dict[str, Any], nodes: Any) -> None:
    out.print(f"{one.process_id}  {in_language(one.name)}", style="bold", markup=False)
    counts = ", ".join(f"{count} {status}" for status, count in told["instances"].items() if count)
    as_facts(
        [
            (say("column.version"), _version(one, told["versions"][-1])),
            (say("column.deployed"), f"{moment(one.deployed_at)}  {one.deployed_by}"),
            (say("process.show.instances"), counts),
            (say("process.show.starts"), ", ".join(start.get("message", "") or "timer" for start in one.starts)),
            (say("process.show.calls"), ", ".join(told["calls"])),
            (say("process.show.decisions"), ", ".join(told["decisions"])),
            (say("process.show.calendars"), ", ".join(told["calendars"])),
            ("sha256", one.sha256[:16]),
        ]
    )
    heading(say("process.show.nodes"))
    rows = [
        [node.id, in_language(node.name), node.owner, (node.sla.limit_by or span(node.sla.limit)) if node.sla else ""]
        for node in nodes
        if not node.kind.value.endswith(PASSING)
    ]
    as_table(titles("node", "name", "owner", "sla"), rows)
