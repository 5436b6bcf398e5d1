"""Service task: an activity of the catalog does the work (BPMN 2.0.2, 13.3.3)."""

from __future__ import annotations

from oms_workflow.engine.nodes.jobs import JobTask


class ServiceTask(JobTask):
    """Runs its job and waits for the answer."""
