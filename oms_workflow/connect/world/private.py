"""Personal data of callbacks: it stands in the script, is never stored, and is joined when a callback is handed out."""

from __future__ import annotations

from typing import Any

from oms_workflow.connect.world.script.model import Script
from oms_workflow.connect.world.script.people import Moves, TaskAnswer, Writes


def private_part(script: Script, place: str) -> dict[str, Any]:
    """Give the personal data that travels with a callback.

    Args:
        place: Where it stands: `rules[2].buyer.moves[0]`; '' is none.

    Raises:
        ValueError: If the script has no such place (any more).
    """
    if not place:
        return {}
    try:
        value = _at(script, place)
    except (AttributeError, IndexError, TypeError):
        value = None
    match value:
        case Writes():
            return {"text": value.text}
        case Moves():
            return {"contact": value.to.model_dump()}
        case TaskAnswer() if value.contact is not None:
            return {"contact": value.contact.model_dump()}
    raise ValueError(
        f"The world's script has nothing at {place!r} any more. Keep the script of a world while its orders run."
    )


def _at(script: Script, place: str) -> Any:
    value: Any = script
    for step in place.replace("]", "").replace("[", ".").split("."):
        value = value[int(step)] if step.isdigit() else getattr(value, step)
    return value
