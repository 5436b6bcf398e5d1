"""What an engineer writes above a function to make it an activity that diagrams can ask for."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any, TypeVar, get_type_hints

from pydantic import BaseModel

from oms_workflow.bpmn.work import RetryPolicy

Function = TypeVar("Function", bound=Callable[..., Awaitable[BaseModel]])

MARK = "__node_activity__"
SHOP_QUEUE = "oms-shop"  # activities that only decide and write to our own database
OUTSIDE_QUEUE = "oms-outside"  # activities that wait for a system outside; apart, so that its outage stops nothing else


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """What an activity may know about being called; ask for it with a parameter annotated `Call`."""

    key: str  # the same for every attempt of this token here: outside systems take it as idempotency key
    at: datetime  # UTC; the time of the order, which is not always the time of the wall clock
    instance: str  # workflow id
    element: str  # id of the node
    attempt: int = 1
    headers: Mapping[str, str] = field(default_factory=dict)  # task headers of the node that are not ours


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """One activity of the catalog."""

    name: str  # "<family>.<verb>", as in `zeebe:taskDefinition type`
    title: str
    title_zh: str
    function: Callable[..., Awaitable[BaseModel]]
    input: type[BaseModel]
    output: type[BaseModel]
    ports: Mapping[str, type]  # parameter name -> port it wants
    errors: Mapping[str, str]  # code a boundary event may catch -> when it is thrown
    retry: RetryPolicy
    timeout: timedelta
    queue: str
    sla: timedelta | None  # what the palette proposes
    version: int

    @property
    def family(self) -> str:
        """The part of the name before the dot."""
        return self.name.partition(".")[0]


def node_activity(
    name: str,
    *,
    title: str,
    title_zh: str = "",
    errors: Mapping[str, str] = MappingProxyType({}),
    retry: RetryPolicy | None = None,
    timeout: timedelta = timedelta(minutes=1),
    queue: str = SHOP_QUEUE,
    sla: timedelta | None = None,
    version: int = 1,
) -> Callable[[Function], Function]:
    """Declare an activity: `async def f(cmd: Input, port: SomePort, call: Call) -> Output`.

    The first parameter is a pydantic model, filled from the node's input mappings; the answer is a pydantic model,
    whose fields the output mappings may read. Every other parameter is a port, found by its annotation.

    Args:
        name: What diagrams ask for, `<family>.<verb>`.
        errors: Codes of `OrderRefused` that the diagram may catch, each with a sentence on when.
        retry: Used by nodes without header `retryPolicy`.
        timeout: Longest time for one attempt.
        version: Raise it when input or output change in a way that old diagrams would notice.

    Raises:
        TypeError: When the function's annotations do not have this shape; the message says what is missing.
    """

    def mark(function: Function) -> Function:
        input_model, ports, output_model = _signature(name, function)
        declaration = Declaration(
            name=name,
            title=title,
            title_zh=title_zh or title,
            function=function,
            input=input_model,
            output=output_model,
            ports=MappingProxyType(ports),
            errors=MappingProxyType(dict(errors)),
            retry=retry or RetryPolicy(),
            timeout=timeout,
            queue=queue,
            sla=sla,
            version=version,
        )
        setattr(function, MARK, declaration)
        return function

    return mark


def _signature(name: str, function: Callable[..., Any]) -> tuple[type[BaseModel], dict[str, type], type[BaseModel]]:
    where = f"activity {name!r} ({function.__module__}.{function.__qualname__})"
    if "." not in name:
        raise TypeError(f"{where}: the name needs a family, as in 'allocation.reserve'")
    if not inspect.iscoroutinefunction(function):
        raise TypeError(f"{where}: write it as 'async def'")
    hints = get_type_hints(function)
    parameters = list(inspect.signature(function).parameters)
    missing = [parameter for parameter in parameters if parameter not in hints]
    if missing:
        raise TypeError(f"{where}: parameter {missing[0]!r} has no annotation")
    if not parameters or not _is_model(hints[parameters[0]]):
        raise TypeError(f"{where}: the first parameter must be a pydantic model with the inputs")
    if not _is_model(hints.get("return")):
        raise TypeError(f"{where}: the annotated answer must be a pydantic model with the outputs")
    return hints[parameters[0]], {parameter: hints[parameter] for parameter in parameters[1:]}, hints["return"]


def _is_model(hint: object) -> bool:
    return isinstance(hint, type) and issubclass(hint, BaseModel)
