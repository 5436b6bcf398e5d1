"""Every name that Temporal and we agree on: workflow ids, queues, handlers, search attributes. No logic beyond them."""

from __future__ import annotations

from datetime import UTC, datetime

from temporalio.common import SearchAttributeKey

PROCESS_QUEUE = "oms-processes"  # workflows, and the short activities that keep the database in step
DEFAULT_ACTIVITY_QUEUE = "oms-shop"  # for jobs whose activity names no queue

NORMAL_PRIORITY, LAST_PRIORITY = 3, 5  # on Temporal's scale from 1, first, to 5

MESSAGE = "message"
SIGNAL = "signal"
TIME = "time"
CHILD_ESCALATED = "child_escalated"
ASK = "ask"
VIEW = "view"
COMPLETE = "complete"
RESOLVE_INCIDENT = "resolve_incident"
MOVE_TOKEN = "move_token"
CHOOSE = "choose"
SET_VARIABLES = "set_variables"
END = "end"
SUSPEND = "suspend"
RESUME = "resume"
SKIP = "skip"
REPEAT = "repeat"
CANCEL_BRANCH = "cancel_branch"
MIGRATE = "migrate"

SYNCHRONISE = "oms.synchronise"
AWAIT_CHILD = "oms.await_child"

Attribute = SearchAttributeKey[str] | SearchAttributeKey[bool]

PROCESS = SearchAttributeKey.for_keyword("OmsProcess")
DEFINITION = SearchAttributeKey.for_keyword("OmsDefinition")
BUSINESS_KEY = SearchAttributeKey.for_keyword("OmsBusinessKey")
CHANNEL = SearchAttributeKey.for_keyword("OmsChannel")
INCIDENT = SearchAttributeKey.for_bool("OmsIncident")
SEARCH_ATTRIBUTES: tuple[Attribute, ...] = (PROCESS, DEFINITION, BUSINESS_KEY, CHANNEL, INCIDENT)
"""SQL visibility allows ten keywords and three of each other kind in a namespace; these are all we take."""


ORDER_PROCESS = "order_to_cash"  # the process that every order runs through


def order_workflow(order_id: str) -> str:
    """Give the workflow id of an order; `order_id` is `<channel>:<number>`."""
    return f"order:{order_id}"


def instance_workflow(process: str, key: str) -> str:
    """Give the workflow id of a process that a message with this correlation key starts.

    That of orders is keyed by the order, so that an order has one instance whoever starts it.
    """
    return order_workflow(key) if process == ORDER_PROCESS else f"{process}:{key}"


def signalled_workflow(process: str, signal: str) -> str:
    """Give the workflow id of the instance that a broadcast starts: each broadcast starts one of its own."""
    return f"{process}:{signal}"


def definition(process: str, version: int, sha256: str) -> str:
    """Give the value of the search attribute that says which version an instance runs."""
    return f"{process}:{version}:{sha256[:12]}"


def process_of(instance: str) -> str:
    """Give the process of an id that `order_workflow` or `instance_workflow` gave."""
    kind = instance.partition(":")[0]
    return ORDER_PROCESS if kind == "order" else kind


def scheduled_workflow(process: str, element: str, due: datetime) -> str:
    """Give the workflow id of the instance that a timer start event starts at a due time."""
    return f"{process}:{element}-{due.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def schedule(process: str, version: int, element: str) -> str:
    """Give the id of the schedule of a timer start event."""
    return f"start:{process}:{version}:{element}"


def process_of_schedule(schedule: str) -> str:
    """Give the process of an id that `schedule` gave; '' when the schedule is none of these."""
    kind, _, rest = schedule.partition(":")
    return rest.partition(":")[0] if kind == "start" else ""


def child_workflow(parent: str, element: str, token: int, attempt: int) -> str:
    """Give the workflow id of a called process; a retried call is a new child."""
    again = f".{attempt}" if attempt > 1 else ""
    return f"{parent}/{element}:{token}{again}"


def activity_id(element: str, token: int, attempt: int) -> str:
    """Give the id under which Temporal's own UI shows an activity."""
    return f"{element}:{token}.{attempt}"


def effect_key(workflow: str, element: str, token: int) -> str:
    """Give the key under which an effect happens once, whatever is retried by whom."""
    return f"{workflow}/{element}:{token}"
