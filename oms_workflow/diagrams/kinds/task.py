"""Plain task: passes the token through; it stands for work that nobody automated or described yet."""

from __future__ import annotations

from oms_workflow.diagrams.kinds.activity import ActivityParser


class PlainTaskParser(ActivityParser):
    """Compiles a `task`."""
