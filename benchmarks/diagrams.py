"""Diagrams of any size to measure with, in the dialect of the product."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"
             id="Measured" targetNamespace="https://example.org/measured">
  <process id="{process}" isExecutable="true">
    <startEvent id="Begin"/>
    <endEvent id="End"/>
"""
TAIL = """  </process>
</definitions>
"""
TASK = """    <serviceTask id="{id}" name="{id}">
      <extensionElements>
        <zeebe:taskDefinition type="{activity}" retries="3"/>{headers}
      </extensionElements>{loop}
    </serviceTask>
"""
SERVICE_LEVEL = """
        <zeebe:taskHeaders><zeebe:header key="owner" value="nobody"/><zeebe:header key="sla" value="PT2H"/>\
</zeebe:taskHeaders>"""
ITEMS = """
      <multiInstanceLoopCharacteristics>
        <extensionElements>
          <zeebe:loopCharacteristics inputCollection="= for number in 1..{count} return number" inputElement="item"/>
        </extensionElements>
      </multiInstanceLoopCharacteristics>"""
GATEWAY = """    <parallelGateway id="{id}"/>
"""

Flow = tuple[str, str]


def chain(length: int, *, process: str = "chain", activity: str = "measured.nothing", sla: bool = True) -> bytes:
    """Give a process of service tasks in a row."""
    tasks = _names(length)
    drawn = "".join(_task(task, activity, sla=sla) for task in tasks)
    return _document(process, drawn, _row(["Begin", *tasks, "End"]))


def fan(width: int, *, process: str = "fan", activity: str = "measured.nothing", sla: bool = True) -> bytes:
    """Give a process of service tasks side by side."""
    tasks = _names(width)
    drawn = "".join(GATEWAY.format(id=gateway) for gateway in ("Fork", "Join"))
    drawn += "".join(_task(task, activity, sla=sla) for task in tasks)
    flows = [("Begin", "Fork"), *(("Fork", task) for task in tasks), *((task, "Join") for task in tasks)]
    return _document(process, drawn, [*flows, ("Join", "End")])


def items(count: int, *, process: str = "items", activity: str = "measured.nothing") -> bytes:
    """Give a process of one service task that runs once for each number up to a count, all side by side."""
    drawn = _task("Task0", activity, sla=False, loop=ITEMS.format(count=count))
    return _document(process, drawn, _row(["Begin", "Task0", "End"]))


def _names(count: int) -> list[str]:
    return [f"Task{number}" for number in range(count)]


def _task(name: str, activity: str, *, sla: bool, loop: str = "") -> str:
    return TASK.format(id=name, activity=activity, headers=SERVICE_LEVEL if sla else "", loop=loop)


def _row(nodes: Sequence[str]) -> Iterable[Flow]:
    return pairwise(nodes)


def _document(process: str, drawn: str, flows: Iterable[Flow]) -> bytes:
    text = HEAD.format(process=process) + drawn
    text += "".join(
        f'    <sequenceFlow id="f{number}" sourceRef="{one}" targetRef="{other}"/>\n'
        for number, (one, other) in enumerate(flows)
    )
    return (text + TAIL).encode()
