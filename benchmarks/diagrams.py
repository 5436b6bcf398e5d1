"""Diagrams of any size to measure with, in the dialect of the product."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"
             id="Measured" targetNamespace="https://example.org/measured">
  <process id="{process}" isExecutable="true">
"""
TAIL = """  </process>
</definitions>
"""
TASK = """    <serviceTask id="{id}" name="{id}">
      <extensionElements>
        <zeebe:taskDefinition type="{activity}" retries="3"/>{headers}
      </extensionElements>
    </serviceTask>
"""
SERVICE_LEVEL = """
        <zeebe:taskHeaders><zeebe:header key="owner" value="nobody"/><zeebe:header key="sla" value="PT2H"/>\
</zeebe:taskHeaders>"""


def chain(length: int, *, process: str = "chain", activity: str = "measured.nothing", sla: bool = True) -> bytes:
    """Give a process of service tasks in a row."""
    nodes = ["Begin", *(f"Task{number}" for number in range(length)), "End"]
    text = HEAD.format(process=process) + '    <startEvent id="Begin"/>\n'
    headers = SERVICE_LEVEL if sla else ""
    text += "".join(TASK.format(id=node, activity=activity, headers=headers) for node in nodes[1:-1])
    return (text + '    <endEvent id="End"/>\n' + _flows(nodes) + TAIL).encode()


def _flows(nodes: Sequence[str]) -> str:
    return "".join(
        f'    <sequenceFlow id="f{number}" sourceRef="{one}" targetRef="{other}"/>\n'
        for number, (one, other) in enumerate(pairwise(nodes))
    )
