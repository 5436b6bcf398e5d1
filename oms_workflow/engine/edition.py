"""What the engine does otherwise since which edition. An instance keeps the edition it began with (`Instance`).

Orders that run were decided by the rules of then, and their histories replay by them. A rule that changes gets a line
here and asks `run.edition >= THAT_LINE`; it is never just changed.
"""

from __future__ import annotations

from oms_workflow.feel.edition import NEWEST

NO_WAY_ON = 3
"""Behind an activity, too, it is an incident that no condition holds; the token vanished before."""

RESULTS_START_AT_HOME = 3
"""Results land in the activity's own scope when it has the name; before, they began in the scope around it.
An item of a loop has the variable its output is read from."""

LOOP_COUNTS = 3
"""Completion conditions know how many other items are active or terminated."""

EVENT_SUB_PROCESSES_UNDONE = 3
"""A completed event sub-process is remembered for compensation outside transactions, too."""

STARVED_JOINS = 3
"""A parallel join that nobody can complete any more is an incident; it waited without a word before."""

MISSED_TURNS = 3
"""A cycle whose start lies in the past begins with its next turn; it made up for all missed ones before."""

TIMER_FORMS = 3
"""Timers read months together with days, and times without seconds."""

__all__ = [
    "EVENT_SUB_PROCESSES_UNDONE",
    "LOOP_COUNTS",
    "MISSED_TURNS",
    "NEWEST",
    "NO_WAY_ON",
    "RESULTS_START_AT_HOME",
    "STARVED_JOINS",
    "TIMER_FORMS",
]
