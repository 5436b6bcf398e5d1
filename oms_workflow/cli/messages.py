"""`oms messages`: tells a process something by hand, as an outside system would."""

from __future__ import annotations

import uuid
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from oms_workflow.cli.asking import ask_house, ask_store, now
from oms_workflow.cli.failing import Unusable
from oms_workflow.cli.language import say
from oms_workflow.cli.screen import AsJson, as_json, err, out
from oms_workflow.cli.wording import unknown

if TYPE_CHECKING:
    from oms_workflow.store.unit_of_work import UnitOfWork

LONGEST = timedelta(days=3650)  # a message nobody wanted for ten years


def register(app: typer.Typer) -> None:
    """Add the group."""
    group = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
    group.callback()(lambda: None)
    group.command("publish", help=say("messages.publish.help"))(publish)
    app.add_typer(group, name="messages", help=say("messages.help"))


def publish(
    name: Annotated[str, typer.Argument(metavar="NAME", help=say("messages.name"))],
    key: Annotated[str, typer.Option(help=say("messages.key"))],
    id_: Annotated[str, typer.Option("--id", help=say("messages.id"))] = "",
    data: Annotated[Path | None, typer.Option(metavar="FILE", help=say("data.help"))] = None,
    values: Annotated[list[str] | None, typer.Option("--set", metavar="NAME=VALUE", help=say("set.help"))] = None,
    ttl: Annotated[str, typer.Option(metavar="DURATION", help=say("messages.ttl"))] = "P30D",
    json: AsJson = False,
) -> None:
    """Publish one message; the same id twice is one message."""
    from oms_workflow import feel
    from oms_workflow.cli.answering import read_values

    given = read_values(values or [], data)
    keep = _duration(ttl)
    known = ask_store(known_messages)
    if name not in known:
        raise Unusable(unknown("messages.unknown", name, known), code="unknown-message")
    _warn_of_missing(name, given)
    message_id = id_ or f"cli-{uuid.uuid4().hex}"  # noqa: TID251 - without an id, each call is a message of its own
    encoded = {variable: feel.encode(feel.normalise(value)) for variable, value in given.items()}
    sent: Any = ask_house(
        lambda house: house.house.dispatcher.publish(message_id, name, key, encoded, at=now(), keep=keep)
    )
    told = {"id": message_id, "name": name, "key": key, "is_new": sent.is_new, "instance": sent.instance}
    if json:
        as_json(told)
        return
    outcome = "taken" if sent.instance else "waits" if sent.is_new else "known"
    out.print(say(f"messages.{outcome}", name=name, id=message_id, instance=sent.instance, about=key), markup=False)


async def known_messages(unit: UnitOfWork) -> list[str]:
    """Give the names of messages that the shop or a deployed diagram knows."""
    from oms_workflow.bpmn.events import MessageEvent
    from oms_workflow.domain.messages import MESSAGES
    from oms_workflow.engine.bundle import unpack
    from oms_workflow.store.process_versions import ProcessVersions

    versions = ProcessVersions(unit)
    found = set(MESSAGES)
    for version in await versions.all():
        packed = await versions.bundle(version.process_id, version.version)
        nodes = [node for one in unpack(packed).definitions for node in one.nodes] if packed else []
        found |= {event.name for node in nodes for event in node.events if isinstance(event, MessageEvent)}
    return sorted(found)


def _warn_of_missing(name: str, given: dict[str, Any]) -> None:
    from oms_workflow.domain.messages import MESSAGES

    wanted = MESSAGES[name].fields if name in MESSAGES else ()
    missing = [field for field in wanted if field not in given]
    if missing:
        err.print(say("messages.missing", name=name, fields=", ".join(missing)), style="yellow", markup=False)


def _duration(text: str) -> timedelta:
    from oms_workflow import feel

    try:
        found = feel.parse_duration(text)
    except ValueError:
        found = None
    if not isinstance(found, timedelta) or not timedelta(0) < found <= LONGEST:
        raise Unusable(say("messages.bad_ttl", text=repr(text), most=LONGEST.days), code="bad-duration")
    return found
