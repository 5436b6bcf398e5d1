"""What a kind of node does, as the engine asks it. One subclass per kind, in a file of its own; `table.py` names them.

Behaviours hold no state: everything that differs between two tokens stands on the token.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from oms_workflow.engine.lifecycle import TokenState

if TYPE_CHECKING:
    from oms_workflow.engine.program import Step
    from oms_workflow.engine.run import Run
    from oms_workflow.engine.state import Token


class Behaviour:
    """The questions a kind of node must be able to answer; a kind overrides those that can be asked of it."""

    joins = False  # True: tokens on several incoming flows are gathered before the node is entered
    instant = False  # True: an activity that never waits, so only its completion is recorded

    def enter(self, run: Run, token: Token, step: Step) -> None:
        """A fresh token has come to the node."""
        raise AssertionError(f"no token can enter a {step.node.kind}")

    def work(self, run: Run, token: Token, step: Step) -> None:
        """An activity is active: begin its work. May raise ExpressionFailed."""
        raise AssertionError(f"a {step.node.kind} has no work")

    def happened(self, run: Run, token: Token, step: Step, variables: Mapping[str, Any]) -> None:
        """The event that the node itself waits for has happened."""
        raise AssertionError(f"a {step.node.kind} waits for no event")

    def answered(self, run: Run, token: Token, step: Step, variables: Mapping[str, Any]) -> None:
        """The work of the node is done."""
        raise AssertionError(f"a {step.node.kind} has no work")

    def begin(self, run: Run, token: Token, step: Step) -> None:
        """Do the work once more, after an incident."""
        raise AssertionError(f"a {step.node.kind} has no work")

    def completed_by_hand(self, run: Run, token: Token, step: Step, variables: Mapping[str, Any]) -> None:
        """A person declares the node done, with these results."""
        self.happened(run, token, step, variables)

    def again(self, run: Run, token: Token, step: Step) -> None:
        """Leave the node once more, after what stopped it was mended. May raise ExpressionFailed."""
        raise AssertionError(f"a {step.node.kind} does not stop on its way out")

    def next_turn(self, run: Run, token: Token, step: Step) -> None:
        """The token is the body of a loop: start what comes next."""
        raise AssertionError(f"a {step.node.kind} has no loop")

    def undo_next(self, run: Run, token: Token, step: Step) -> None:
        """The token asked for compensation, or is a scope being undone: go on with it."""
        raise AssertionError(f"a {step.node.kind} undoes nothing")

    def gather(self, run: Run, scope: Token, step: Step, waiting: Mapping[int, int]) -> None:
        """One more token waits at a node with a threshold; `waiting` says how many do on each flow."""
        raise AssertionError(f"a {step.node.kind} gathers no tokens")

    def at_rest(self, run: Run, scope: Token, step: Step) -> bool:
        """Nothing moves, and tokens were gathered here; True when that made something move."""
        raise AssertionError(f"a {step.node.kind} gathers no tokens")

    def withdraw(self, run: Run, token: Token, step: Step, was: TokenState) -> None:
        """The token is taken away while in state `was`: take back what the host was asked for."""
