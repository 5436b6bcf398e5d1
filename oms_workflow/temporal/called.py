"""Called processes of one instance: each a workflow of its own that lives on when its caller continues as new."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from datetime import timedelta

from temporalio import workflow
from temporalio.exceptions import ActivityError, ApplicationError, ChildWorkflowError, is_cancelled_exception
from temporalio.workflow import ParentClosePolicy

from oms_workflow import feel
from oms_workflow.engine import commands
from oms_workflow.temporal import border, names
from oms_workflow.temporal.clock import OrderClock
from oms_workflow.temporal.heartbeat import SILENCE
from oms_workflow.temporal.programs import bundle_of

WATCH = timedelta(days=3650)  # one attempt may watch a called process as long as that process lives


class Called:
    """The called processes in flight, by the caller's token; `ended` is told what became of one, unless it was left."""

    def __init__(
        self,
        told: border.InstanceInput,
        packed: bytes,
        clock: OrderClock,
        ended: Callable[[int, border.Ended], None],
    ) -> None:
        self.children: dict[int, str] = {}  # token -> workflow id
        self.starting: set[int] = set()  # tokens whose called process may not be there yet
        self._told = told
        self._packed = packed
        self._clock = clock
        self._ended = ended
        self._watched: set[int] = set()  # tokens whose called process an earlier run started

    def adopt(self, told: border.InstanceInput, packed: bytes) -> None:
        """Start called processes from another bundle; those that run stay as they are."""
        self._told, self._packed = told, packed

    async def run(self, command: commands.StartChild) -> None:
        """Start a called process and wait for its end."""
        if bundle_of(self._told.sha256, self._packed).find(command.process, command.version_tag) is None:
            tagged = f" with version tag {command.version_tag!r}" if command.version_tag else ""
            message = f"No process {command.process!r}{tagged} came along when this one was deployed."
            self._end(command.token, border.Ended(outcome="terminated", variables={}, message=message))
            return
        child_id = names.child_workflow(workflow.info().workflow_id, command.element, command.token, command.attempt)
        self.children[command.token] = child_id
        self.starting.add(command.token)
        try:
            # Abandoned, so that it lives on when this run continues as new; the engine ends it itself when it must end.
            handle = await workflow.start_child_workflow(
                command.process,
                args=[self._packed, self._input(command)],
                id=child_id,
                result_type=border.Ended,
                parent_close_policy=ParentClosePolicy.ABANDON,
                static_summary=command.name,
            )
            self.starting.discard(command.token)
            result: border.Ended = await handle
        except ChildWorkflowError as error:
            if command.token in self.children:
                self._end(command.token, _ended_of(error))
            return
        finally:
            self.starting.discard(command.token)
        self._end(command.token, result)

    def expect(self, token: int, child_id: str) -> None:
        """Know of a called process that an earlier run of the caller started; `watch` waits for it."""
        self.children[token] = child_id
        self._watched.add(token)

    async def watch(self, token: int) -> None:
        """Wait for the end of a called process that was to be expected."""
        child_id = self.children[token]
        try:
            ended: border.Ended = await workflow.execute_activity(
                names.AWAIT_CHILD,
                child_id,
                result_type=border.Ended,
                task_queue=names.PROCESS_QUEUE,
                start_to_close_timeout=WATCH,
                heartbeat_timeout=SILENCE,
                summary=child_id,
            )
        except ActivityError as error:
            if not is_cancelled_exception(error):
                self._end(token, border.Ended(outcome="terminated", variables={}, message=str(error.cause)))
            return
        self._end(token, ended)

    def leave(self, token: int) -> str:
        """Forget the called process of a token; gives its workflow id when `end` has to end it, else ''.

        One that this run started ends with the task that waits for it.
        """
        child = self.children.pop(token, "")
        if token not in self._watched:
            return ""
        self._watched.discard(token)
        return child

    async def end(self, child_id: str) -> None:
        """End a called process that an earlier run started: to this run it is a stranger."""
        with contextlib.suppress(ApplicationError):  # it is over already
            await workflow.get_external_workflow_handle(child_id).cancel()

    async def escalate(self, command: commands.Escalate) -> None:
        """Tell the caller of this instance, if it has one, of an escalation."""
        if not self._told.parent:
            return
        told = border.Escalation(
            token=self._told.parent_token,
            code=command.code,
            variables={name: feel.encode(value) for name, value in command.variables.items()},
            at=self._clock.now().isoformat(),
        )
        await workflow.get_external_workflow_handle(self._told.parent).signal(names.CHILD_ESCALATED, told)

    def _end(self, token: int, ended: border.Ended) -> None:
        self.children.pop(token, None)
        self._watched.discard(token)
        self._ended(token, ended)

    def _input(self, command: commands.StartChild) -> border.InstanceInput:
        return border.InstanceInput(
            process=command.process,
            version_tag=command.version_tag,
            sha256=self._told.sha256,
            variables={name: feel.encode(value) for name, value in command.variables.items()},
            business_key=self._told.business_key,
            channel=self._told.channel,
            parent=workflow.info().workflow_id,
            parent_token=command.token,
            at=self._clock.now().isoformat() if self._told.timelapse else "",
            timelapse=self._told.timelapse,
            engine=self._told.engine,
        )


def _ended_of(error: ChildWorkflowError) -> border.Ended:
    """How a failed child ended: an uncaught error it told us of, or a fault of the machinery."""
    if is_cancelled_exception(error):
        return border.Ended(outcome="terminated", variables={})
    cause = error.cause
    if isinstance(cause, ApplicationError) and cause.type == "ProcessFailed" and cause.details:
        return border.Ended(**cause.details[0])
    message = cause.message if isinstance(cause, ApplicationError) else str(cause or error)
    return border.Ended(outcome="terminated", variables={}, message=message)
