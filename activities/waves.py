"""Waves: fulfilment orders of one warehouse and carrier that are submitted together."""

from __future__ import annotations

from pydantic import BaseModel, Field

from activities.refusals import may_refuse
from activities.subjects import OfFulfilment
from oms_workflow.catalog.declaration import Call, node_activity
from oms_workflow.domain.ports.waves import Waves
from oms_workflow.domain.refusals import Refusal
from oms_workflow.domain.wave import Wave, due_waves

BY_SCHEDULE = "schedule"


class WaveAnswer(BaseModel):
    """Where a fulfilment order stands."""

    waits: bool = Field(description="A wave has to be released first; message wave.released says so")
    wave: str = Field(description="Wave it went with; '' for none")


class ReleaseDue(BaseModel):
    """Which warehouses to look at."""

    warehouse: str = Field("", description="Only this one; empty: all that have waves")


class WavesReleased(BaseModel):
    """What may be submitted now."""

    waves: list[str] = Field(description="Waves that were released")
    released: list[str] = Field(description="Fulfilment orders in them")


@node_activity(
    "waves.join", title="Join the next wave", title_zh="加入波次", errors=may_refuse(Refusal.UNKNOWN_FULFILMENT)
)
async def join(cmd: OfFulfilment, waves: Waves, call: Call) -> WaveAnswer:
    """Let a fulfilment order wait for its wave, unless it is in a hurry, went with one, or there are none.

    A second call finds it waiting, or tells the wave it went with.
    """
    found = await waves.join(cmd.fulfilment_id, at=call.at)
    return WaveAnswer(waits=found.waits, wave=found.wave)


@node_activity("waves.release_due", title="Release waves that are due", title_zh="释放到期波次")
async def release_due(cmd: ReleaseDue, waves: Waves, call: Call) -> WavesReleased:
    """Release every wave whose time came, that is full, or that somebody waited too long for.

    A second call gives the same waves, and with nobody waiting none is released.
    """
    rules = await waves.rules(cmd.warehouse)
    done: list[Wave] = []
    for warehouse in dict.fromkeys(rule.warehouse for rule in rules):
        mine = [rule for rule in rules if rule.warehouse == warehouse]
        drafts = due_waves(await waves.waiting(warehouse), mine, call.at)
        key = f"{call.key}.{warehouse}"  # also when nobody waits: a second call must not find somebody new
        done += await waves.release(warehouse, drafts, by=BY_SCHEDULE, key=key, at=call.at)
    return WavesReleased(waves=[one.id for one in done], released=[name for one in done for name in one.fulfilments])
