"""Taking an instance into another version of its process: checked, carried over on a copy, and only then taken in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from oms_workflow.engine import joins, snapshot
from oms_workflow.engine.facts import Migrated
from oms_workflow.engine.migration.atlas import Atlas
from oms_workflow.engine.migration.checking import findings
from oms_workflow.engine.migration.moving_over import carry_over
from oms_workflow.engine.program import Program
from oms_workflow.engine.records import RecordKind
from oms_workflow.engine.run import ExpressionFailed, Run
from oms_workflow.engine.state import State
from oms_workflow.errors import Diagnostic


class CannotMigrate(Exception):
    """What the instance has open has no place in the new version; `findings` says what, where, and what to do."""

    def __init__(self, found: Sequence[Diagnostic]) -> None:
        self.findings = tuple(found)
        super().__init__("; ".join(f"{one.element!r} ({one.code}): {one.message}" for one in found))


def migrated(program: Program, state: State, fact: Migrated, at: datetime, edition: int) -> Run:
    """Give the instance in its new version: a run whose state, records and commands are to be taken over.

    `state` itself is not touched. Nothing has moved yet; what the new version sets going comes of draining the run.

    Raises:
        CannotMigrate: When it has no place there.
    """
    atlas = Atlas(program, fact.program, fact.elements)
    found = findings(state, atlas)
    if found:
        raise CannotMigrate(found)
    copy = snapshot.from_json(snapshot.to_json(state))
    copy.clock = at
    run = Run(fact.program, fact.decisions, copy, at, edition)
    told = {"sha256": fact.sha256, "version": fact.version, "from_version": fact.from_version}
    root = copy.tokens[copy.root]
    run.record_token(RecordKind.MIGRATED, root, **told, by=fact.by, reason=fact.reason)
    try:
        carry_over(run, atlas)
    except ExpressionFailed as failed:
        raise CannotMigrate([_unusable(program, failed)]) from failed
    if copy.suspension is None:
        joins.look_again(run)
    return run


def _unusable(program: Program, failed: ExpressionFailed) -> Diagnostic:
    process = program.definition.process
    return Diagnostic(
        code="expression-failed",
        message=str(failed),
        file=program.definition.file,
        line=process.line or None,
        element=process.id,
        name=process.name,
        fix="Set the variables that the event of the new version reads, then migrate.",
    )
