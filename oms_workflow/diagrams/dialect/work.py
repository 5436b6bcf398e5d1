"""Reading what an activity does: `zeebe:taskDefinition`, `ioMapping`, `script`, `calledDecision`, `calledElement`."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

from oms_workflow.bpmn.work import Binding, DecisionCall, Job, Mapping, ProcessCall, RetryPolicy, Script
from oms_workflow.catalog.declaration import Declaration
from oms_workflow.diagrams.dialect.durations import exact_duration
from oms_workflow.diagrams.dialect.fault import DialectFault
from oms_workflow.diagrams.dialect.settings import Settings
from oms_workflow.diagrams.element import Element

_POLICY_EXAMPLE = "first=PT1S factor=2 max=PT5M attempts=6 never=[OrderRefused]"
_POLICY_PART = re.compile(r"(?P<key>\w+)=(?P<value>\[[^\]]*\]|\S+)")
_MOST_ATTEMPTS = 10_000


def read_job(element: Element, settings: Settings, declared: Declaration | None) -> Job | None:
    """Give the job of an element; None when it has no `zeebe:taskDefinition`.

    Args:
        declared: The activity in the catalog, whose retries, time limit, queue and inputs become those of the job.

    Raises:
        DialectFault: When retries or retry policy cannot be meant.
    """
    task = element.extension("taskDefinition")
    if task is None:
        return None
    policy = read_retry_policy(settings, task.get("retries"), declared.retry if declared else RetryPolicy())
    if declared is None:
        return Job(activity=task.get("type"), retry=policy)
    return Job(
        activity=task.get("type"),
        retry=policy,
        timeout=declared.timeout,
        queue=declared.queue,
        accepts=tuple(declared.input.model_fields),
    )


def read_retry_policy(settings: Settings, retries: str, declared: RetryPolicy) -> RetryPolicy:
    """Give how often and how fast a failing job is tried again.

    Attempts come from header `retryPolicy`, else from `retries`, else from the activity.

    Raises:
        DialectFault: When a text cannot be meant.
    """
    policy = replace(declared, attempts=_attempts("retries", retries)) if retries else declared
    text = settings.get("retryPolicy")
    if not text:
        return policy
    if _POLICY_PART.sub("", text).strip(" ,;"):
        raise DialectFault(f"retryPolicy: cannot read {text!r}.", f"Write it like {_POLICY_EXAMPLE!r}.")
    for part in _POLICY_PART.finditer(text):
        policy = _changed(policy, part["key"], part["value"].rstrip(",;"))
    if policy.maximum < policy.first:
        raise DialectFault("retryPolicy: max is shorter than first.", "Raise max, or shorten first.")
    return policy


def _changed(policy: RetryPolicy, key: str, value: str) -> RetryPolicy:
    if key == "first":
        return replace(policy, first=_pause(key, value))
    if key == "max":
        return replace(policy, maximum=_pause(key, value))
    if key == "attempts":
        return replace(policy, attempts=_attempts(key, value))
    if key == "factor":
        return replace(policy, factor=_factor(value))
    if key == "never":
        names = (name.strip() for name in value.strip("[]").split(","))
        return replace(policy, never=tuple(name for name in names if name))
    raise DialectFault(
        f"retryPolicy: expected first, factor, max, attempts or never; found {key!r}.",
        f"Write it like {_POLICY_EXAMPLE!r}.",
    )


def _pause(key: str, text: str) -> timedelta:
    try:
        pause = exact_duration(text)
    except ValueError as error:
        raise DialectFault(f"retryPolicy {key}: {error}.", "Write a duration such as PT1S or PT5M.") from None
    if pause <= timedelta(0):
        raise DialectFault(f"retryPolicy {key}: {text!r} is no time at all.", "Write a duration above zero.")
    return pause


def _factor(text: str) -> float:
    try:
        factor = float(text)
    except ValueError:
        factor = 0.0
    if not 1.0 <= factor <= 100.0:
        raise DialectFault(f"retryPolicy factor: expected a number from 1 to 100; found {text!r}.", "Write factor=2.")
    return factor


def _attempts(key: str, text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text[:9]) <= _MOST_ATTEMPTS or len(text) > len(str(_MOST_ATTEMPTS)):
        raise DialectFault(
            f"{key}: expected a whole number of attempts from 1 to {_MOST_ATTEMPTS:,}; found {text!r}.",
            "Write the attempts in all, the first included: 1 means no second try.",
        )
    return int(text)


def read_mappings(element: Element, direction: str) -> tuple[Mapping, ...]:
    """Give the input or output mappings of an element, in XML order.

    Args:
        direction: `input` or `output`.
    """
    box = element.extension("ioMapping")
    if box is None:
        return ()
    found: tuple[Mapping, ...] = box.once(
        direction,
        lambda: tuple(
            Mapping(source=one.get("source"), target=one.get("target")) for one in box.all(f"zeebe:{direction}")
        ),
    )
    return found


def read_script(element: Element) -> Script | None:
    """Give the FEEL script of a script task."""
    script = element.extension("script")
    if script is None:
        return None
    return Script(expression=script.get("expression"), result_variable=script.get("resultVariable"))


def read_decision(element: Element) -> DecisionCall | None:
    """Give the decision that a business rule task asks."""
    called = element.extension("calledDecision")
    if called is None:
        return None
    return DecisionCall(decision=called.get("decisionId"), result_variable=called.get("resultVariable"))


def read_call(element: Element) -> ProcessCall | None:
    """Give the process that a call activity calls: of `zeebe:calledElement`, else of attribute `calledElement`."""
    called = element.extension("calledElement")
    if called is None or not called.get("processId"):
        process = element.get("calledElement")
        return ProcessCall(process=process) if process else None
    return ProcessCall(
        process=called.get("processId"),
        propagate_parent=called.is_true("propagateAllParentVariables", default=True),
        propagate_child=called.is_true("propagateAllChildVariables", default=True),
        binding=_binding(called.get("bindingType")),
        version_tag=called.get("versionTag") if called.get("bindingType") == "versionTag" else "",
    )


def _binding(text: str) -> Binding:
    return text if text in ("deployment", "versionTag") else "latest"  # type: ignore[return-value]
