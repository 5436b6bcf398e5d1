"""Which refusals an activity lets a diagram catch, in the words of the domain. Refuses nothing itself."""

from __future__ import annotations

from oms_workflow.domain.refusals import WHEN, Refusal


def may_refuse(*codes: Refusal) -> dict[str, str]:
    """Give the codes with the sentence that says when each is raised, for `node_activity(errors=...)`."""
    return {code.value: WHEN[code] for code in codes}
