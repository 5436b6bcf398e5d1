"""One object that gives client, worker and replayer the same converter and runner; nothing is wired twice."""

from __future__ import annotations

from collections.abc import Mapping

from temporalio.plugin import SimplePlugin
from temporalio.worker import UnsandboxedWorkflowRunner

from oms_workflow.temporal.codec import data_converter


def oms_plugin(keys: Mapping[str, bytes] | None = None) -> SimplePlugin:
    """Give the plugin.

    The engine runs outside the SDK's sandbox: it is pure by construction, which stored histories prove at every
    change, and the sandbox would cost half as much again as the workflow itself.

    Args:
        keys: Payload keys by id, the one that encrypts first; None or empty leaves payloads readable.
    """
    return SimplePlugin(
        "oms_workflow",
        data_converter=data_converter(keys),
        workflow_runner=UnsandboxedWorkflowRunner(),
    )
