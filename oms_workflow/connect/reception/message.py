"""What a reception hands on: messages for processes, by the table of `domain.messages`. Publishes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from oms_workflow.domain.messages import MESSAGES


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message to publish. Publish it in the transaction in which its content was stored, or it may be lost.

    The id is made of what became true, not of who told it: told twice, or implied by later news, it is the same
    message, and whoever publishes drops the second one.
    """

    id: str
    name: str  # a name of `domain.messages.MESSAGES`
    key: str  # what it is correlated by: the id of an order, fulfilment order, return or transaction
    variables: Mapping[str, Any]  # plain JSON, the fields that MESSAGES names; no personal data


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """What came of something that was told."""

    messages: tuple[Message, ...] = field(default=())
    remark: str = ""  # why nothing came of it, for people: it is late news, or known already


def message(name: str, key: str, about: str = "", **variables: Any) -> Message:
    """Make a message.

    Args:
        about: Tells several messages of one name and key apart; '' where there can be one only.

    Raises:
        ValueError: If the fields are not those MESSAGES names: a defect of ours.
    """
    fields = MESSAGES[name].fields
    if set(variables) != set(fields):
        raise ValueError(f"Message {name!r} has the fields {', '.join(fields)}, found {', '.join(variables)}.")
    return Message(id=f"{name}/{key}/{about}".rstrip("/"), name=name, key=key, variables=variables)
