"""When running orders will probably be through, from where their tokens are. Reads only, decides nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from oms_workflow.bpmn.forecast import Forecaster, Pace, Stop
from oms_workflow.engine.bundle import unpack
from oms_workflow.store.instances import InstanceRow
from oms_workflow.store.process_versions import ProcessVersions
from oms_workflow.store.standing import OpenNode
from oms_workflow.store.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """What lies ahead of a token, or of everything in an instance."""

    end: datetime
    stops: tuple[Stop, ...] = ()
    milestones: Mapping[str, datetime]  # when each is passed; of several parts the last one counts

    def then(self, more: Forecast) -> Forecast:
        """Give both, one after the other: what is reached twice is reached with the first."""
        return Forecast(end=more.end, stops=self.stops + more.stops, milestones={**more.milestones, **self.milestones})


class Forecasts:
    """Forecasts of instances, over one reading of the past."""

    def __init__(
        self,
        instances: Sequence[InstanceRow],
        nodes: Mapping[str, Sequence[OpenNode]],
        forecasters: Mapping[str, Forecaster],
        *,
        at: datetime,
    ) -> None:
        self._nodes = nodes
        self._forecasters = forecasters
        self._at = at
        self._called: dict[tuple[str, str], list[InstanceRow]] = defaultdict(list)
        for one in instances:
            if one.parent and one.status == "running":
                self._called[one.parent, one.process_id].append(one)

    def of(self, instance: InstanceRow) -> Forecast | None:
        """Look ahead for an instance; None when its diagram or its tokens are not known."""
        tokens = self._nodes.get(instance.workflow_id, ())
        ahead = self._forecasters.get(instance.sha256)
        if ahead is None or not tokens or not ahead.knows(instance.process_id, [one.element for one in tokens]):
            return None
        inside = {token.token for token in tokens}
        return _together([self._onward(instance, one, tokens) for one in tokens if one.scope not in inside])

    def _onward(self, instance: InstanceRow, token: OpenNode, tokens: Sequence[OpenNode]) -> Forecast:
        here = self._here(instance, token, tokens)
        way = self._forecasters[instance.sha256].after(instance.process_id, token.element, here.end)
        reached = {one.milestone: way.reaches(one.milestone) or here.end for one in way.stops if one.milestone}
        return here.then(Forecast(end=way.end, stops=way.stops, milestones=reached))

    def _here(self, instance: InstanceRow, token: OpenNode, tokens: Sequence[OpenNode]) -> Forecast:
        """Say when a token leaves its node: with what is in it, with the process it called, or by its usual time."""
        inside = [one for one in tokens if one.scope == token.token and one is not token]
        if inside:
            items = [one for one in inside if one.element == token.element]  # of a loop: nothing follows but the loop
            parts = [self._here(instance, one, tokens) for one in items]
            parts += [self._onward(instance, one, tokens) for one in inside if one.element != token.element]
            return _together(parts)
        stop = self._forecasters[instance.sha256].left(instance.process_id, token.element, token.since, self._at)
        own = Forecast(
            end=stop.left_at, stops=(stop,), milestones={stop.milestone: stop.left_at} if stop.milestone else {}
        )
        called = self._forecasters[instance.sha256].calls(instance.process_id, token.element)
        children = [self.of(one) for one in self._called.get((instance.workflow_id, called), ())]
        known = [one for one in children if one is not None]
        return _together(known) if known else own


def _together(parts: Sequence[Forecast]) -> Forecast:
    """Give parts that go side by side: all is over when the last of them is."""
    reached: dict[str, datetime] = {}
    for part in parts:
        for milestone, moment in part.milestones.items():
            reached[milestone] = max(moment, reached.get(milestone, moment))
    return Forecast(
        end=max(part.end for part in parts),
        stops=tuple(stop for part in parts for stop in part.stops),
        milestones=reached,
    )


async def forecasters_of(unit: UnitOfWork, hashes: set[str], pace: Pace) -> dict[str, Forecaster]:
    """Give what looks ahead in each version that is known, by its hash."""
    versions = ProcessVersions(unit)
    found = {}
    for one in await versions.all():
        packed = await versions.bundle(one.process_id, one.version) if one.sha256 in hashes else None
        if packed is not None:
            bundle = unpack(packed)
            calendars = {calendar.id: calendar for calendar in bundle.calendars}
            found[one.sha256] = Forecaster(bundle.definitions, pace, calendars)
    return found
